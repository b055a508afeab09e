from functools import cache

import numpy as np
import polars as pl
import pytest

from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.counts import Counts
from textmine.measure.topic_langs import align_topics, pair_languages
from textmine.measure.topic_shares import measure_topic_shares
from textmine.measure.topics import TopicModel
from textmine.schema import check_table

from .planted import plant, scatter

QUICK = {"n_runs": 4, "n_top": 6}


@cache
def both():
    zh, en = plant(1, lang="zh")[0], plant(2, lang="en")[0]
    return TopicModel(3, **QUICK).fit(zh).topics_, TopicModel(3, **QUICK).fit(en).topics_


def first_letters(topics):
    return topics.terms.filter(pl.col("rank") == 1).sort("topic")["term"].str.slice(0, 1).to_list()


def test_topics_of_two_languages_are_paired_by_their_paragraphs():
    zh, en = both()
    table = check_table(align_topics(zh, en), "topic_alignment")
    names = first_letters(zh), first_letters(en)
    pairs = [(names[0][a - 1], names[1][b - 1]) for a, b in table.select("topic_zh", "topic_en").rows()]
    assert sorted(pairs) == [("0", "0"), ("1", "1"), ("2", "2")]
    assert (table["correlation"] > 0.9).all()
    assert (table["p"] < 0.05).all()
    assert table["stable_zh"].all()


def test_correlation_is_pearsons():
    zh, en = both()
    row = align_topics(zh, en).row(1, named=True)
    one, other = zh.shares[:, row["topic_zh"] - 1], en.shares[:, row["topic_en"] - 1]
    assert row["correlation"] == pytest.approx(np.corrcoef(one, other)[0, 1])
    assert row["n_paragraphs"] == 64


def test_topics_that_have_nothing_to_do_with_each_other():
    """p of unrelated runs of paragraphs isn't small, though neighbours are alike."""
    small = 0
    for seed in range(12):
        rng = np.random.default_rng(seed)
        models = []
        for lang in ("zh", "en"):
            counts = plant(seed, lang=lang, n_sections=12)[0]
            sections = [f"{i:02}" for i in rng.permutation(12)]
            order = np.concatenate(
                [
                    np.flatnonzero((counts.rows["section"] == s).to_numpy()[:48]) + 48 * e
                    for e in (0, 1)
                    for s in sections
                ]
            )
            matrix = counts.matrix[order]
            models.append(TopicModel(3, n_runs=2).fit(Counts(matrix, counts.rows, counts.terms)).topics_)
        small += align_topics(*models, n_permutations=99)["p"].min() <= 0.05
    assert small <= 3


def test_only_common_paragraphs_count_and_seeds_repeat():
    zh, _ = both()
    part = plant(2, lang="en")[0].keep(pl.col("paragraph") > 4)
    en = TopicModel(2, **QUICK).fit(part).topics_
    table = align_topics(zh, en, seed=3)
    assert table["n_paragraphs"].to_list() == [56, 56]
    assert table.equals(align_topics(zh, en, seed=3))


def test_joint_model():
    zh, en = plant(1, lang="zh")[0], plant(2, lang="en")[0].keep(pl.col("paragraph") > 2)
    en = en.prune(terms=en.terms[1:])  # the languages differ in how many terms they have
    paired = pair_languages(zh, en)
    assert paired.rows["lang"].unique().to_list() == ["zh+en"]
    assert paired.rows.height == 60
    assert list(paired.terms) == sorted(paired.terms)
    column = paired.terms.index("zh:13")
    expected = zh.keep(pl.col("paragraph") > 2).matrix[:, [zh.terms.index("13")]].toarray().ravel()
    assert paired.matrix[:, [column]].toarray().ravel().tolist() == expected.tolist()
    assert paired.totals.sum() == zh.keep(pl.col("paragraph") > 2).totals.sum() + en.totals.sum()
    topics = TopicModel(3, n_runs=4, n_top=14).fit(paired).topics_
    terms = topics.terms.with_columns(planted=pl.col("term").str.slice(3, 1))
    assert terms.group_by("topic").agg(pl.col("planted").n_unique())["planted"].to_list() == [1, 1, 1]
    assert topics.terms["term"].str.slice(0, 2).n_unique() == 2


def test_mistakes():
    zh, en = both()
    with pytest.raises(ContractError, match="zh comes first"):
        align_topics(en, zh)
    with pytest.raises(UnknownOptionError, match="n_permutations"):
        align_topics(zh, en, n_permutations=0)
    other = plant(2, lang="en", editions=(1999, 2000))[0]
    with pytest.raises(ContractError, match="same number"):
        pair_languages(plant(1, lang="zh")[0], other)


def test_share_by_year_by_hand():
    _, en = both()
    table = check_table(measure_topic_shares(en), "topic_shares")
    assert table.height == 6
    for row in table.iter_rows(named=True):
        inside = (en.rows["edition"] == row["edition"]).to_numpy()
        assert row["share"] == pytest.approx(en.shares[inside, row["topic"] - 1].mean())
        assert row["low"] <= row["share"] <= row["high"]
        assert (row["n_paragraphs"], row["n_sections"]) == (32, 8)
    by_year = table.group_by("edition").agg(pl.col("share").sum())
    assert by_year["share"].to_list() == pytest.approx([1, 1], abs=1e-6)


def test_interval_covers_and_matches_a_bootstrap_of_ones_own():
    _, en = both()
    row = measure_topic_shares(en, confidence=0.9, n_resamples=4000).row(0, named=True)
    inside = (en.rows["edition"] == row["edition"]).to_numpy()
    shares = en.shares[inside, row["topic"] - 1].reshape(8, 4)  # eight sections of four paragraphs
    rng = np.random.default_rng(5)
    drawn = [shares[rng.integers(0, 8, 8)].mean() for _ in range(4000)]
    assert [row["low"], row["high"]] == pytest.approx(np.quantile(drawn, [0.05, 0.95]), abs=0.03)


def test_shares_without_some_paragraphs_or_with_one_section_or_none_stable():
    _, en = both()
    one = measure_topic_shares(en, drop=en.rows.filter(pl.col("section") != "00"))
    assert one["n_paragraphs"].to_list() == [4] * 6
    assert set(one["interval"]) == {"Wilson score"}
    unstable = TopicModel(2, **QUICK).fit(scatter(0)).topics_
    assert measure_topic_shares(unstable).height == 0
    assert measure_topic_shares(unstable, only_stable=False).height == 2
    with pytest.raises(UnknownOptionError, match="confidence"):
        measure_topic_shares(en, confidence=1)
    with pytest.raises(UnknownOptionError, match="n_resamples"):
        measure_topic_shares(en, n_resamples=0)
