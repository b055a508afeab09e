import numpy as np
import polars as pl
import pytest
from scipy import stats

from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.cooccurrence import measure_cooccurrence
from textmine.publish.features import load_features

from .corpora import make_paragraphs, make_tags

# Ten paragraphs; itu in 1-4, C2 in 2-6: three in common.
ORGANISATIONS = [(i, "itu") for i in (1, 2, 3, 4)] + [(i, "unesco") for i in (8, 9, 10)]
LINES = (
    [(i, "C2") for i in (2, 3, 4, 5, 6)] + [(i, "C7") for i in (8, 9, 10)] + [(i, "C7.e-health") for i in (8, 9, 10)]
)
OPTIONS = {"n_resamples": 200}


def tables_of(editions=(2011,), sections=None):
    sections = sections or {f"s{i}": 1 for i in range(10)}
    paragraphs = [make_paragraphs(sections, edition=edition) for edition in editions]
    tags = [
        make_tags(rows, edition=edition, scheme=scheme)
        for edition in editions
        for scheme, rows in (("organisation", ORGANISATIONS), ("action_line", LINES))
    ]
    return {"paragraphs": pl.concat(paragraphs), "tags": pl.concat(tags)}


def measure(tables, first="organisation", second="action_line", **options):
    return measure_cooccurrence(tables, first, second, **(OPTIONS | options))


def row_of(table, concept, other):
    return table.filter((pl.col("concept") == concept) & (pl.col("other") == other)).row(0, named=True)


def test_a_pair_by_hand():
    row = row_of(measure(tables_of()), "itu", "C2")
    assert (row["n"], row["n_concept"], row["n_other"], row["n_both"], row["expected"]) == (10, 4, 5, 3, 2)
    assert (row["lift"], row["odds_ratio"]) == pytest.approx((1.5, 6))
    assert row["pmi"] == pytest.approx(np.log2(1.5))
    assert row["phi"] == pytest.approx(1 / np.sqrt(4 * 0.6 * 5 * 0.5))
    assert row["p"] == pytest.approx(stats.fisher_exact([[3, 1], [2, 4]]).pvalue)
    assert (row["span"], row["lang"], row["scheme"]) == ("2011", "zh", "organisation")


def test_pairs_that_never_meet_and_those_never_apart():
    table = measure(tables_of())
    never, always = row_of(table, "itu", "C7"), row_of(table, "unesco", "C7")
    assert (never["n_both"], never["lift"], never["pmi"], never["odds_ratio"]) == (0, 0, None, 0)
    assert (always["odds_ratio"], always["odds_ratio_high"]) == (None, None)
    assert always["phi"] == pytest.approx(1)


def test_false_discoveries_are_controlled_over_all_pairs():
    table = measure(tables_of())
    assert table.height == 6
    np.testing.assert_allclose(table["q"], stats.false_discovery_control(table["p"]))


def test_intervals_are_those_of_a_bootstrap_written_out():
    table = measure(tables_of(sections={"a": 4, "b": 3, "c": 3}), n_resamples=4000)
    row = row_of(table, "itu", "C2")
    first, second = (np.isin(np.arange(1, 11), numbers) for numbers in ((1, 2, 3, 4), (2, 3, 4, 5, 6)))
    parts = [np.arange(0, 4), np.arange(4, 7), np.arange(7, 10)]
    rng, lifts = np.random.default_rng(9), []
    for _ in range(4000):
        chosen = np.concatenate([parts[i] for i in rng.integers(0, 3, 3)])
        a, b = first[chosen], second[chosen]
        if a.any() and b.any():
            lifts.append((a & b).mean() / (a.mean() * b.mean()))
    assert (row["lift_low"], row["lift_high"]) == pytest.approx(np.quantile(lifts, [0.025, 0.975]), abs=0.1)
    assert row["lift_low"] <= row["lift"] <= row["lift_high"]


def test_two_editions_alike_say_the_same_more_surely():
    one, two = (row_of(measure(tables_of(editions)), "itu", "C2") for editions in ((2011,), (2011, 2012)))
    for name in ("lift", "phi", "odds_ratio"):
        assert two[name] == pytest.approx(one[name])
    assert two["n_both"] == 2 * one["n_both"]
    assert two["p"] < one["p"]
    assert two["span"] == "2011-2012"


def test_spans_are_measured_apart():
    tables = tables_of((2011, 2012, 2013))
    table = measure(tables, spans=[range(2011, 2013), range(2013, 2014)])
    assert table["span"].unique(maintain_order=True).to_list() == ["2011-2012", "2013"]
    alone = measure({name: frame.filter(pl.col("edition") == 2013) for name, frame in tables.items()})
    assert table.filter(pl.col("span") == "2013").equals(alone)
    with pytest.raises(ContractError, match="no edition of 1999 in zh; there are 2011"):
        measure(tables, spans=[range(1999, 2000)])


def test_within_one_scheme_each_pair_comes_once_and_none_with_what_is_above():
    parents = {"action_line": {"C7.e-health": "C7"}}
    table = measure(tables_of(), "action_line", "action_line", parents=parents)
    assert table.select("concept", "other").rows() == [("C2", "C7"), ("C2", "C7.e-health")]


def test_order_of_rows_changes_nothing():
    tables = tables_of((2011, 2012))
    shuffled = {name: frame.sample(fraction=1, shuffle=True, seed=3) for name, frame in tables.items()}
    assert measure(shuffled).equals(measure(tables))


def test_swapping_the_schemes_swaps_the_pair():
    here, there = measure(tables_of()), measure(tables_of(), "action_line", "organisation")
    swapped = there.sort("other", "concept")
    for name in ("n_both", "phi", "p", "lift"):
        assert here.sort("concept", "other")[name].to_list() == pytest.approx(swapped[name].to_list())


def test_sections_as_units():
    """Sections of two paragraphs: itu in the first two of five, C2 in the first three."""
    row = row_of(
        measure(tables_of(sections={f"s{i}": 2 for i in range(5)}), unit="sections", min_paragraphs=1), "itu", "C2"
    )
    assert (row["n"], row["n_concept"], row["n_other"], row["n_both"]) == (5, 2, 3, 2)


def test_whole_sections_in_common_are_not_so_many_paragraphs():
    """Ten sections of three; each concept has whole ones, so the variance is 3 (30 - 1) / (30 - 3) times as large."""
    paragraphs = make_paragraphs({f"s{i}": 3 for i in range(10)})
    tags = [
        make_tags([(i + 1, concept) for i in range(30) if i // 3 in sections], scheme=scheme)
        for scheme, concept, sections in (("organisation", "itu", (0, 1, 2, 3)), ("action_line", "C2", (0, 1, 2, 9)))
    ]
    tables = {"paragraphs": paragraphs, "tags": pl.concat(tags)}
    row = row_of(measure(tables), "itu", "C2")
    assert (row["n"], row["n_concept"], row["n_other"], row["n_both"]) == (30, 12, 12, 9)
    exact = stats.fisher_exact([[9, 3], [3, 15]]).pvalue
    assert row["p"] == pytest.approx(2 * stats.norm.sf(stats.norm.isf(exact / 2) / np.sqrt(3 * 29 / 27)))
    single = tables | {"paragraphs": make_paragraphs({f"s{i}": 1 for i in range(30)})}
    assert row_of(measure(single), "itu", "C2")["p"] == pytest.approx(exact)


def test_noise_in_sections_rarely_goes_together():
    """Thirty corpora of concepts by sections of four: a full simulation is in benchmarks/."""
    rng = np.random.default_rng(1)
    alarms = {4: 0, 1: 0}
    for _ in range(30):
        has = np.repeat(rng.random((30, 8)) < 0.25, 4, axis=0)
        tagged = [(int(i) + 1, f"c{k}") for i, k in zip(*np.nonzero(has), strict=True)]
        tags = [make_tags([x for x in tagged if (x[1] < "c4") == early], scheme=f"s{early}") for early in (True, False)]
        for size in alarms:
            paragraphs = make_paragraphs({f"s{i}": size for i in range(120 // size)})
            table = measure({"paragraphs": paragraphs, "tags": pl.concat(tags)}, "sTrue", "sFalse", n_resamples=1)
            alarms[size] += (table["q"] <= 0.05).any()
    assert alarms[4] <= 4
    assert alarms[1] >= 20


def test_evidence_rare_concepts_and_dropped_paragraphs():
    tables = tables_of()
    assert measure(tables, min_paragraphs=4).select("concept", "other").rows() == [("itu", "C2")]
    heading = measure(tables, evidence=("text", "heading"))
    assert heading.is_empty()
    drop = pl.DataFrame({"edition": [2011], "lang": ["zh"], "paragraph": [2]})
    assert row_of(measure(tables, drop=drop), "itu", "C2")["n_both"] == 2


def test_blocks_of_pairs_change_nothing(monkeypatch):
    tables = tables_of((2011, 2012))
    whole = measure(tables)
    monkeypatch.setattr("textmine.measure.pairs._BLOCK", 1)
    assert measure(tables).equals(whole)


@pytest.mark.parametrize(
    "options",
    [{"unit": "words"}, {"confidence": 0}, {"n_resamples": 0}, {"langs": ["fr"]}, {"evidence": ("any", "guess")}],
)
def test_unusable_options_are_refused(options):
    with pytest.raises(UnknownOptionError):
        measure(tables_of(), **options)


def test_an_unknown_scheme_is_refused():
    with pytest.raises(UnknownOptionError, match="action_line, organisation"):
        measure(tables_of(), "organization")


def test_features_are_enough() -> None:
    features = load_features("2011.zh")
    found = measure_cooccurrence(features, "organisation", "action_line", n_resamples=10)
    key = ["edition", "lang", "paragraph"]
    sides = [features["tags"].filter(scheme=name) for name in ("organisation", "action_line")]
    both = sides[0].join(sides[1], on=key, suffix="_other").select(*key, "concept", "concept_other").unique()
    expected = {(a, b): n for a, b, n in both.group_by("concept", "concept_other").len().iter_rows()}
    assert found.filter(pl.col("n_both") > 0).height > 0
    for concept, other, n in found.filter(pl.col("n_both") > 0).select("concept", "other", "n_both").iter_rows():
        assert expected[concept, other] == n
