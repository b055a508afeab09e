import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon

from textmine.errors import ContractError, UnknownOptionError
from textmine.measure import divergence
from textmine.measure.divergence import jensen_shannon, measure_divergence

from .matrices import counts_of


def two_editions(seed, *, n_sections=20, n_terms=30, shift=0.0, common=True, length=60):
    """Two editions of one text with sections of their own topics; the second turned towards its first terms."""
    rng = np.random.default_rng(seed)
    base = 1 / np.arange(1, n_terms + 1)
    base /= base.sum()
    topics = rng.dirichlet(base * 30, size=n_sections)
    turned = np.where(np.arange(n_terms) < n_terms // 2, 1 + shift, 1.0)
    rows = [rng.multinomial(length, topic) for topic in topics]
    rows += [rng.multinomial(length, topic * turned / (topic * turned).sum()) for topic in topics]
    names = [f"{i:02}" for i in range(n_sections)]
    other = names if common else [f"x{name}" for name in names]
    return counts_of(rows, editions=[2010] * n_sections + [2011] * n_sections, sections=names + other)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=20))
def test_same_as_scipy(pairs):
    p, q = np.array([*pairs, (1, 1)], dtype=float).T
    assert np.sqrt(jensen_shannon(p, q)) == pytest.approx(jensenshannon(p, q, base=2), abs=1e-7)
    table = measure_divergence(counts_of([p, q], editions=[2010, 2012], sections=["a", "a"]), n_resamples=3)
    assert table["distance"][0] == pytest.approx(jensenshannon(p, q, base=2), abs=1e-7)


def test_by_hand():
    """Nothing in common: 1. Half in common: H(1/2, 1/4, 1/4) - 1 = 1/2 bit."""
    assert jensen_shannon(np.array([4.0, 0]), np.array([0, 9.0])) == pytest.approx(1)
    assert jensen_shannon(np.array([2.0, 2, 0]), np.array([3.0, 0, 3])) == pytest.approx(0.5)


def test_order_of_rows_names_of_terms_and_repetition_do_not_matter():
    counts = two_editions(1)
    table = measure_divergence(counts, n_resamples=50)
    order = np.random.default_rng(0).permutation(40)
    shuffled = type(counts)(counts.matrix[order], counts.rows[order.tolist()], counts.terms)
    assert measure_divergence(shuffled, n_resamples=50).equals(table)
    assert measure_divergence(counts, n_resamples=50).equals(table)
    fivefold = type(counts)(counts.matrix * 5, counts.rows, counts.terms)
    other = measure_divergence(fivefold, n_resamples=50)
    for column in ("distance", "corrected", "low", "high", "null_mean", "split_half", "p"):
        np.testing.assert_allclose(other[column], table[column])


def test_swapping_the_editions_leaves_the_distance_alone():
    counts = two_editions(2, shift=1)
    swapped = type(counts)(
        counts.matrix, counts.rows.with_columns(edition=2011 - pl.col("edition") + 2010), counts.terms
    )
    here, there = (measure_divergence(part, n_resamples=400) for part in (counts, swapped))
    assert here["distance"][0] == pytest.approx(there["distance"][0])
    assert here["null_mean"][0] == pytest.approx(there["null_mean"][0], rel=0.02)


@pytest.mark.parametrize("common", [True, False])
def test_a_turn_is_told_from_chance(common):
    same = measure_divergence(two_editions(3, common=common))
    turned = measure_divergence(two_editions(3, shift=4.0, common=common))
    assert same["p"][0] > 0.05
    assert same["distance"][0] < same["null_high"][0]
    assert turned["p"][0] < 0.01
    assert turned["distance"][0] > turned["null_high"][0]
    assert 0 < turned["low"][0] < turned["corrected"][0] < turned["high"][0]


def test_the_correction_takes_most_of_the_bias_out():
    """Two samples of one text are some way apart, and less so once corrected."""
    tables = [measure_divergence(two_editions(seed), n_resamples=100) for seed in range(20)]
    raw, corrected = (np.mean([table[name][0] ** 2 for table in tables]) for name in ("distance", "corrected"))
    assert raw > 0.003
    assert corrected < raw / 4


@pytest.mark.parametrize("common", [True, False])
def test_few_sections_do_not_take_the_distance_away(common):
    """Sections all alike: whatever shuffling leaves of the distance is given back."""
    for n_sections in (2, 3, 8):
        rows = [[800, 200]] * n_sections + [[500, 500]] * n_sections
        names = [f"{i}" for i in range(n_sections)]
        other = names if common else [f"x{name}" for name in names]
        counts = counts_of(rows, editions=[2010] * n_sections + [2011] * n_sections, sections=names + other)
        row = measure_divergence(counts, n_resamples=2000).row(0, named=True)
        assert row["corrected"] == pytest.approx(row["distance"], rel=0.03)


def test_p_values_of_noise_are_no_smaller_than_they_should_be():
    p = np.array([measure_divergence(two_editions(seed, n_sections=12), n_resamples=99)["p"][0] for seed in range(80)])
    assert (p <= 0.1).mean() <= 0.2
    assert 0.35 < p.mean() < 0.65


def test_identical_editions_are_not_apart():
    counts = two_editions(4)
    half = counts.keep(pl.col("edition") == 2010)
    twice = counts_of(
        np.concatenate([half.matrix.toarray()] * 2),
        editions=[2010] * 20 + [2011] * 20,
        sections=half.rows["section"].to_list() * 2,
    )
    row = measure_divergence(twice, n_resamples=50).row(0, named=True)
    assert (row["distance"], row["corrected"], row["high"]) == (0, 0, 0)
    assert row["p"] == 1
    assert row["split_half"] > 0.1


def test_languages_are_apart_and_editions_follow_each_other():
    parts = [two_editions(seed) for seed in (5, 6)]
    rows = pl.concat(
        [parts[0].rows, parts[1].rows.with_columns(lang=pl.lit("zh"), edition=(pl.col("edition") + 3).cast(pl.Int32))]
    )
    matrix = np.concatenate([part.matrix.toarray() for part in parts])
    counts = type(parts[0])(parts[0].matrix.__class__(matrix), rows, parts[0].terms)
    table = measure_divergence(counts, n_resamples=20)
    assert table.select("edition", "lang", "previous").rows() == [(2011, "en", 2010), (2014, "zh", 2013)]
    alone = measure_divergence(parts[0], n_resamples=20)
    assert table.head(1).equals(alone)


def test_dropped_paragraphs_are_out():
    counts = two_editions(7)
    drop = pl.DataFrame({"edition": [2011] * 5, "lang": ["en"] * 5, "paragraph": [1, 2, 3, 4, 5]})
    assert measure_divergence(counts, drop=drop, n_resamples=10)["n_sections"].to_list() == [15]


def test_memory_is_bounded_by_pieces(monkeypatch):
    counts = two_editions(8)
    whole = measure_divergence(counts, n_resamples=30)
    monkeypatch.setattr(divergence, "CHUNK", 100)
    np.testing.assert_allclose(
        measure_divergence(counts, n_resamples=30).select(pl.col(pl.Float64)).to_numpy(),
        whole.select(pl.col(pl.Float64)).to_numpy(),
    )


def test_one_section_has_no_interval():
    row = measure_divergence(counts_of([[3, 1], [1, 3]], editions=[2010, 2011], sections=["a", "b"])).row(0, named=True)
    assert (row["corrected"], row["low"], row["high"], row["split_half"]) == (None, None, None, None)
    assert row["p"] == 1


def test_too_little_or_unusable():
    assert measure_divergence(counts_of([[1, 2]])).height == 0
    assert measure_divergence(counts_of(np.zeros((2, 0)), editions=[2010, 2011])).height == 0
    with pytest.raises(UnknownOptionError, match="confidence"):
        measure_divergence(counts_of([[1]]), confidence=1)
    with pytest.raises(UnknownOptionError, match="n_resamples"):
        measure_divergence(counts_of([[1]]), n_resamples=0)
    bare = counts_of([[1]])
    with pytest.raises(ContractError, match="section"):
        measure_divergence(type(bare)(bare.matrix, bare.rows.drop("section"), bare.terms))
