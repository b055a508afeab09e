import numpy as np
import polars as pl
import pytest

from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.prevalence import measure_shares
from textmine.measure.reuse import choose_drop, find_reuse, list_recycled
from textmine.measure.reuse_share import NONE_EARLIER, measure_reuse
from textmine.measure.subset import drop_paragraphs
from textmine.reports.corpus import load_corpus
from textmine.reports.tables import tabulate_reports
from textmine.schema import TABLES

from .corpora import make_tags

MANDATE = "The office reviews every year how countries carry out what was agreed in Tunis about access for all."
SECOND = "It also collects figures on prices and on the use of networks in schools and public libraries."
FRESH = "Nothing like this was ever written before about satellites, coral reefs, violins or the price of tea."
OTHER = "A quite different sentence speaks of farms, rivers and engines that nobody had yet considered at length."
BANDS = "频谱管理部门每年审查各国如何落实关于普遍接入的商定事项，并向会议报告进展。"
NEW_ZH = "卫星、珊瑚礁、小提琴和茶叶价格从未在此前任何文件中以这种方式写到过。"


def corpus(*texts, lang="en", section="1"):
    """Paragraphs of (edition, number, text)."""
    blank = {"heading_path": [], "action_line": [], "n_chars": 0, "first_line": 1, "last_line": 1, "symbol": ""}
    source = {"corpus": "toy", "source_sha256": ""}
    rows = [
        {"edition": edition, "lang": lang, "number": number, "section": section, "text": text, **blank, **source}
        for edition, number, text in texts
    ]
    return pl.DataFrame(rows, schema=TABLES["paragraphs"])


@pytest.fixture(scope="module")
def sample():
    return tabulate_reports(load_corpus("sample"))["paragraphs"]


@pytest.fixture(scope="module")
def early(sample):
    return sample.filter(pl.col("edition") < 2013)


def wholes(reuse):
    columns = ("edition", "paragraph", "source", "source_paragraph", "kind")
    return reuse.filter(pl.col("unit") == "paragraph").select(columns).rows()


def test_a_paragraph_word_for_word_by_hand():
    paragraphs = corpus((2010, 4, MANDATE), (2010, 5, FRESH), (2012, 7, MANDATE.upper()), (2012, 8, OTHER))
    reuse = find_reuse(paragraphs)
    expected = {
        "edition": 2012, "lang": "en", "paragraph": 7, "start": 0, "end": len(MANDATE), "source": 2010,
        "source_paragraph": 4, "source_start": 0, "source_end": len(MANDATE), "similarity": 1.0, "kind": "exact",
        "share": 1.0,
    }  # fmt: skip
    assert reuse.to_dicts() == [expected | {"unit": unit} for unit in ("paragraph", "sentence")]


def test_one_word_changed_by_hand():
    """18 words have 16 shingles; a change in the middle spoils 3: 13 of 19 in common, and one word new."""
    changed = MANDATE.replace("agreed", "decided")
    row = find_reuse(corpus((2010, 1, MANDATE), (2011, 1, changed))).row(0, named=True)
    assert (row["kind"], row["similarity"]) == ("near", pytest.approx(13 / 19))
    assert row["share"] == pytest.approx(17 / 18)


def test_one_sentence_taken_over_makes_a_partial_paragraph():
    text = f"{FRESH} {MANDATE}  {OTHER}"
    reuse = find_reuse(corpus((2010, 3, f"{MANDATE} {SECOND}"), (2011, 9, text)))
    paragraph, sentence = reuse.to_dicts()
    assert (paragraph["kind"], paragraph["source_paragraph"]) == ("partial", 3)
    assert paragraph["share"] == pytest.approx(18 / (18 + 17 + 17))
    assert text[sentence["start"] : sentence["end"]] == MANDATE
    assert (sentence["kind"], sentence["source_start"], sentence["source_end"]) == ("exact", 0, len(MANDATE))
    assert 0 < paragraph["similarity"] < 0.5


def test_sentences_of_two_sources_count_together():
    sources = (2009, 1, MANDATE), (2010, 5, SECOND)
    reuse = find_reuse(corpus(*sources, (2011, 2, f"{SECOND} {FRESH} {MANDATE}")))
    row = reuse.row(0, named=True)
    assert (row["kind"], row["share"]) == ("partial", pytest.approx((18 + 17) / (18 + 17 + 17)))
    assert (row["source"], row["source_paragraph"]) == (2009, 1)  # it gives 18 words, the other 17


def test_only_earlier_editions_in_the_same_language_are_sources():
    paragraphs = corpus((2010, 1, MANDATE), (2010, 2, MANDATE))
    assert find_reuse(paragraphs).is_empty()
    other = corpus((2011, 1, MANDATE), lang="zh")
    assert find_reuse(pl.concat([paragraphs, other])).is_empty()


def test_the_most_similar_source_wins_then_the_latest_then_the_first():
    near = MANDATE.replace("agreed", "decided")
    paragraphs = corpus((2008, 1, MANDATE), (2009, 1, near), (2009, 3, FRESH), (2010, 6, MANDATE), (2010, 4, MANDATE))
    assert wholes(find_reuse(pl.concat([paragraphs, corpus((2011, 1, MANDATE))])))[-1] == (2011, 1, 2010, 4, "exact")
    assert wholes(find_reuse(pl.concat([paragraphs, corpus((2011, 1, near))])))[-1] == (2011, 1, 2009, 1, "exact")


def test_of_sources_equally_similar_in_other_words_the_latest_counts():
    first, second = MANDATE.replace("agreed", "decided"), MANDATE.replace("agreed", "promised")
    for order in ((first, second), (second, first)):
        paragraphs = corpus((2008, 1, order[0]), (2009, 2, order[1]), (2011, 1, MANDATE))
        assert wholes(find_reuse(paragraphs))[-1] == (2011, 1, 2009, 2, "near")


def test_chinese_counts_characters():
    changed = BANDS.replace("会议", "大会")
    paragraphs = corpus((2010, 1, BANDS), (2010, 2, NEW_ZH), (2012, 1, changed), lang="zh")
    paragraph, sentence = find_reuse(paragraphs).to_dicts()
    assert paragraph["similarity"] == pytest.approx((32 - 5) / (32 + 5))  # 35 characters; two changed spoil 5 shingles
    assert paragraph["share"] == pytest.approx(33 / 35)
    assert sentence["kind"] == "near"


def test_traditional_characters_and_full_width_are_the_same_words():
    other = BANDS.replace("频", "頻").replace("门", "門").replace("，", ",")
    assert wholes(find_reuse(corpus((2010, 1, BANDS), (2012, 1, other), lang="zh"))) == [(2012, 1, 2010, 1, "exact")]


def test_formulas_are_too_short_to_be_reuse():
    assert find_reuse(
        corpus((2010, 1, "We took note of this report."), (2011, 1, "We took note of this report."))
    ).is_empty()


def test_order_of_rows_and_more_editions_change_nothing(early):
    paragraphs = early
    reuse = find_reuse(paragraphs)
    shuffled = paragraphs.sample(fraction=1, shuffle=True, seed=1)
    assert find_reuse(shuffled).equals(reuse)
    assert find_reuse(paragraphs.filter(pl.col("edition") < 2012)).equals(reuse.filter(pl.col("edition") < 2012))
    text = {(row["edition"], row["lang"], row["number"]): row["text"] for row in paragraphs.iter_rows(named=True)}
    for row in reuse.filter(pl.col("kind") == "exact").iter_rows(named=True):
        surface = text[row["edition"], row["lang"], row["paragraph"]][row["start"] : row["end"]]
        source = text[row["source"], row["lang"], row["source_paragraph"]][row["source_start"] : row["source_end"]]
        assert surface.lower() == source.lower()
    assert reuse["share"].is_between(0, 1).all()


def test_the_two_languages_of_the_sample_recycle_the_same_paragraphs(sample):
    """Translations of each other: what is recycled in one is in the other; the threshold wasn't tuned on this."""
    recycled = list_recycled(find_reuse(sample))
    zh, en = (
        set(recycled.filter(pl.col("lang") == lang).select("edition", "paragraph").rows()) for lang in ("zh", "en")
    )
    assert len(zh & en) >= 55
    assert len(zh & en) / len(zh | en) > 0.9


def test_seeds_agree_on_what_is_plainly_reused():
    paragraphs = corpus(*((2010 + i, 1, MANDATE.replace("Tunis", f"city{i}")) for i in range(5)))
    found = [wholes(find_reuse(paragraphs, seed=seed)) for seed in range(5)]
    assert all(rows == found[0] for rows in found)
    assert len(found[0]) == 4


def test_list_recycled_takes_those_with_enough():
    text = f"{MANDATE} {FRESH} {OTHER}"
    reuse = find_reuse(corpus((2010, 1, MANDATE), (2011, 1, text), (2011, 2, MANDATE)))
    assert list_recycled(reuse).rows() == [(2011, "en", 2)]
    assert list_recycled(reuse, min_share=0.3).rows() == [(2011, "en", 1), (2011, "en", 2)]
    with pytest.raises(UnknownOptionError, match="min_share"):
        list_recycled(reuse, min_share=0)


def test_any_measure_keeps_or_drops():
    paragraphs = corpus((2010, 1, MANDATE), (2010, 2, FRESH), (2011, 1, MANDATE), (2011, 2, OTHER))
    tags = pl.concat([make_tags([(1, "broadband")], edition=year, lang="en") for year in (2010, 2011)])
    assert choose_drop(paragraphs, "keep") is None
    drop = choose_drop(paragraphs, "drop")
    kept, dropped = (
        measure_shares(paragraphs, tags, scheme="trend", drop=choice)["share"].to_list() for choice in (None, drop)
    )
    assert (kept, dropped) == ([0.5, 0.5], [0.5, 0.0])
    assert drop_paragraphs(paragraphs, drop).height == 3
    with pytest.raises(UnknownOptionError, match="keep, drop"):
        choose_drop(paragraphs, "skip")


def test_tables_without_text_are_refused():
    with pytest.raises(ContractError, match="features"):
        find_reuse(corpus((2010, 1, MANDATE)).drop("text"))
    with pytest.raises(UnknownOptionError, match="language"):
        find_reuse(corpus((2010, 1, MANDATE)), langs=["fr"])
    with pytest.raises(UnknownOptionError, match="threshold"):
        find_reuse(corpus((2010, 1, MANDATE)), threshold=0)
    assert find_reuse(corpus()).is_empty()


def test_shares_by_hand():
    """18 of 35 words of 2011 are taken over; the first edition has nothing to take from."""
    paragraphs = pl.concat(
        [corpus((2010, 1, MANDATE)), corpus((2011, 1, MANDATE), section="1"), corpus((2011, 2, FRESH), section="2")]
    )
    table = measure_reuse(paragraphs, find_reuse(paragraphs))
    first, second = table.to_dicts()
    assert (first["share"], first["method"], first["n_words"]) == (None, NONE_EARLIER, 18)
    assert second["share"] == pytest.approx(18 / 35)
    assert (second["n_words_reused"], second["n_recycled"], second["n_sections"]) == (18, 1, 2)
    assert (second["low"], second["high"]) == (0, 1)  # two sections, all or nothing


def test_shares_by_section_add_up(early):
    paragraphs = early
    reuse = find_reuse(paragraphs)
    whole, parts = measure_reuse(paragraphs, reuse), measure_reuse(paragraphs, reuse, by="section", depth=2)
    sums = parts.group_by("edition", "lang", maintain_order=True).agg(pl.col("n_words", "n_paragraphs").sum())
    assert sums.select("n_words", "n_paragraphs").equals(whole.select("n_words", "n_paragraphs"))
    known = whole.drop_nulls("share")
    assert ((known["low"] <= known["share"]) & (known["share"] <= known["high"])).all()
    weighted = parts.with_columns(part=pl.col("share") * pl.col("n_words")).group_by(
        "edition", "lang", maintain_order=True
    )
    again = weighted.agg(pl.col("part").sum() / pl.col("n_words").sum())["part"].to_numpy()
    expected = whole["share"].fill_null(0).to_numpy()
    np.testing.assert_allclose(again, expected, atol=1e-12)


def test_a_single_section_has_wilsons_interval():
    paragraphs = corpus((2010, 1, MANDATE), (2011, 1, MANDATE), (2011, 2, FRESH))
    row = measure_reuse(paragraphs, find_reuse(paragraphs)).row(1, named=True)
    assert row["method"] == "Wilson score"
    assert 0 < row["low"] < row["share"] < row["high"] < 1


def test_unusable_options_of_shares_are_refused():
    paragraphs = corpus((2010, 1, MANDATE), (2011, 1, MANDATE))
    reuse = find_reuse(paragraphs)
    for options in ({"by": "region"}, {"depth": 0}, {"confidence": 1.0}, {"n_resamples": 0}):
        with pytest.raises(UnknownOptionError):
            measure_reuse(paragraphs, reuse, **options)
    with pytest.raises(ContractError, match="paragraph 1 of 2011 en"):
        measure_reuse(paragraphs.head(1), reuse)
