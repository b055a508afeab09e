from math import comb

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.emerging import choose_tests, find_emerging

from .matrices import counts_of, noise

YEARS = [year for year in range(2010, 2018) for _ in range(30)]


def planted():
    """Noise, a word that comes in 2014 and stays, and one that is last seen in 2013."""
    matrix = noise(np.random.default_rng(7), 240, 40, editions=YEARS).matrix.toarray()
    new, old = np.zeros((2, 240), dtype=int)
    new[120:240:3] = 2
    old[0:120:4] = 1
    return counts_of(
        np.column_stack([matrix, new, old]), editions=YEARS, terms=[*(f"t{i:02}" for i in range(40)), "new", "old"]
    )


def test_what_was_planted_is_found_in_its_year():
    table = find_emerging(planted())
    rows = {(item["edition"], item["change"], item["term"]): item for item in table.iter_rows(named=True)}
    new, old = rows[2014, "emerging", "new"], rows[2013, "vanishing", "old"]
    assert (new["first"], new["last"], new["n_target"], new["n_reference"]) == (2014, 2017, 20, 0)
    assert (old["first"], old["last"], old["n_target"], old["paragraphs_reference"]) == (2010, 2013, 0, 30)
    assert {term for _, _, term in rows} == {"new", "old"}


def test_probabilities_by_hand():
    """All paragraphs alike: 10 of the 30 of 2014 and none of the 120 before; all 30 of the 120 of 240 up to 2013."""
    table = find_emerging(planted(), unit="paragraphs")
    new = table.filter((pl.col("term") == "new") & (pl.col("edition") == 2014)).row(0, named=True)
    assert new["p"] == pytest.approx(comb(30, 10) / comb(150, 10))
    old = table.filter(pl.col("term") == "old").row(0, named=True)
    assert old["p"] == pytest.approx(comb(120, 30) / comb(240, 30))
    assert old["log_ratio"] == pytest.approx(np.log2((0.5 / 120) / (30 / 120)))


def test_a_year_is_compared_with_those_before_it_only():
    """Fisher's exact test, one-sided, of the year against all earlier paragraphs; the future plays no part."""
    counts = noise(np.random.default_rng(8), 240, 30, editions=YEARS)
    past = counts.keep(pl.col("edition") <= 2013)
    found = {}
    for name, part in (("all", counts), ("past", past)):
        table = find_emerging(part, unit="paragraphs", level=0.999)
        kept = table.filter((pl.col("edition") == 2013) & (pl.col("change") == "emerging"))
        found[name] = {item["term"]: item for item in kept.iter_rows(named=True)}
    assert len(found["all"].keys() & found["past"].keys()) > 5
    for term in found["all"].keys() & found["past"].keys():
        item = found["all"][term]
        a, b = item["paragraphs_target"], item["paragraphs_reference"]
        expected = stats.fisher_exact([[a, b], [30 - a, 90 - b]], alternative="greater").pvalue
        assert item["p"] == pytest.approx(expected)
        assert found["past"][term]["p"] == pytest.approx(expected)


def test_last_sightings_of_noise_are_spread_evenly():
    """p <= alpha in no more than alpha of the terms of noise, though the year is chosen by the data."""
    rng = np.random.default_rng(9)
    present = np.zeros((240, 3000), dtype=int)
    for term in range(3000):
        present[rng.choice(240, size=rng.integers(3, 9), replace=False), term] = 1
    counts = counts_of(present, editions=YEARS)
    table = find_emerging(counts, unit="paragraphs", level=0.999999).filter(pl.col("change") == "vanishing")
    for alpha in (0.01, 0.05, 0.2):
        n_below = (table["p"] <= alpha).sum()
        assert stats.binomtest(n_below, 3000, alpha, alternative="greater").pvalue > 0.01


def test_order_and_repetition_inside_paragraphs_do_not_matter():
    counts = planted()
    order = np.random.default_rng(1).permutation(240)
    editions = [YEARS[i] for i in order]
    shuffled = counts_of(counts.matrix.toarray()[order], editions=editions, terms=counts.terms)
    assert find_emerging(shuffled).equals(find_emerging(counts))
    twice = counts_of(counts.matrix.toarray() * 2, editions=YEARS, terms=counts.terms)
    here, there = find_emerging(counts), find_emerging(twice)
    assert here.select("term", "edition").equals(there.select("term", "edition"))
    np.testing.assert_allclose(here["p"], there["p"], rtol=1e-9)


def test_paragraphs_can_be_dropped():
    drop = pl.DataFrame({"edition": [2014] * 30, "lang": ["en"] * 30, "paragraph": list(range(1, 31))})
    table = find_emerging(planted(), drop=drop)
    assert table.filter(pl.col("term") == "new")["first"].to_list()[0] == 2015


def test_noise_brings_few_false_alarms():
    """At most 5 % of noise series with any discovery at level 5 % (a full simulation: benchmarks/)."""
    rng = np.random.default_rng(10)
    years = [year for year in range(2010, 2018) for _ in range(12)]
    alarms = [find_emerging(noise(rng, 96, 60, editions=years)).height > 0 for _ in range(60)]
    assert np.mean(alarms) <= 0.1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(1e-6, 1), min_size=1, max_size=30), st.floats(0.01, 0.3))
def test_tests_are_chosen_as_gilbert_says(least, level):
    """By its definition, K by K: the first K that no more than K tests can meet."""
    values = np.array(least)
    k = next(k for k in range(1, len(values) + 1) if (values <= level / k).sum() <= k)
    np.testing.assert_array_equal(choose_tests(values, level=level), values <= level / k)


@pytest.mark.parametrize("n_rows", [0, 1, 5])
def test_one_edition_has_nothing_before_it(n_rows):
    table = find_emerging(counts_of(np.ones((n_rows, 2), dtype=int), editions=[2011] * n_rows))
    assert table.height == 0
    assert table.columns[:2] == ["edition", "lang"]


def test_unusable_input_is_refused():
    counts = planted()
    mixed = type(counts)(counts.matrix, counts.rows.with_columns(lang=pl.Series(["zh", "en"] * 120)), counts.terms)
    with pytest.raises(ContractError, match="several languages"):
        find_emerging(mixed)
    with pytest.raises(UnknownOptionError, match="level"):
        find_emerging(counts, level=0)
    with pytest.raises(UnknownOptionError, match="unit"):
        find_emerging(counts, unit="pages")


def test_sections_that_say_the_same_are_allowed_for():
    """A word in all paragraphs of two sections of six of 2012, and nowhere in the two years before."""
    editions = [year for year in (2010, 2011, 2012) for _ in range(36)]
    matrix = np.ones((108, 2), dtype=int)
    matrix[:, 1] = 0
    matrix[72:84, 1] = 1
    counts = counts_of(matrix, editions, sections=[f"{i // 6:02}" for i in range(108)], terms=("all", "new"))
    single = counts_of(matrix, editions, terms=("all", "new"))
    found, alone = (find_emerging(given, unit="paragraphs") for given in (counts, single))
    exact = comb(36, 12) / comb(108, 12)
    assert alone["p"].to_list() == [pytest.approx(exact)]
    # all alike: 6 (108 - 1) / (108 - 6) times the variance
    assert found["p"].to_list() == [pytest.approx(stats.norm.sf(stats.norm.isf(exact) / np.sqrt(6 * 107 / 102)))]
