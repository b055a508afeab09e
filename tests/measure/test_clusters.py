import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse, stats

from textmine.measure.clusters import Layout, correlate_sections, effect_of_sections, number_sections, widen_tail

SIZES = st.lists(st.integers(1, 6), min_size=2, max_size=12)
SHARE = st.floats(0, 0.99)


def correlate(columns, section, stratum=None, **options):
    matrix = sparse.csr_array(np.array(columns).T)
    section = np.asarray(section)
    return correlate_sections(matrix, section, np.zeros_like(section) if stratum is None else stratum, **options)


def test_alike_by_hand():
    """Sections of two: both, both, one, none, none of the rows; B = 2 (0.5^2 * 4 + 0) / 4, W = 0.5 / 5."""
    between = 2 * (0.5**2 * 2 + 0.5**2 * 2 + 0) / 4
    within = 0.5 / 5
    found = correlate([[1, 1, 1, 1, 1, 0, 0, 0, 0, 0]], np.repeat(np.arange(5), 2))
    assert found[0] == pytest.approx((between - within) / (between + within))


def test_alike_is_what_scipys_analysis_of_variance_has():
    rng = np.random.default_rng(0)
    section = np.repeat(np.arange(30), 4)
    chance = rng.beta(0.5, 1.5, (20, 30))[:, section]
    has = (rng.random((20, 120)) < chance).astype(int)
    f = stats.f_oneway(*np.split(has.T, 30)).statistic
    np.testing.assert_allclose(correlate(has, section), np.maximum((f - 1) / (f + 3), 0))


def test_what_editions_have_more_or_less_of_is_taken_out():
    """All of one edition, none of the other: alike by section, not once editions are strata."""
    section, edition = np.repeat(np.arange(10), 3), np.repeat([0, 1], 15)
    has = [edition]
    assert correlate(has, section)[0] == 1
    assert correlate(has, section, edition)[0] == 0


def test_it_finds_what_was_drawn_whatever_the_sizes():
    rng = np.random.default_rng(1)
    sizes = np.tile([1, 2, 3, 5, 8], 400)
    section = np.repeat(np.arange(len(sizes)), sizes)
    edition = section % 4
    for alike in (0.0, 0.2, 0.6):
        rest = (1 - alike) / max(alike, 1e-6)
        shares = np.array([0.1, 0.2, 0.3, 0.4])[np.arange(len(sizes)) % 4]
        has = rng.random(len(section)) < rng.beta(shares * rest, (1 - shares) * rest)[section]
        assert correlate([has.astype(int)], section, edition)[0] == pytest.approx(alike, abs=0.03)


def test_shared_is_what_all_together_have_and_more_stays():
    section = np.repeat(np.arange(6), 2)
    columns = [[1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0], [1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0]]
    apart, shared = correlate(columns, section), correlate(columns, section, shared=True)
    assert (apart[0], apart[1]) == (1, 0)
    assert shared[0] == 1
    assert 0 < shared[1] < 1


def test_nothing_tells_in_sections_of_one_or_a_single_one():
    assert correlate([[1, 0, 1]], [0, 1, 2]).tolist() == [0]
    assert correlate([[1, 0, 1]], [0, 0, 0]).tolist() == [0]
    assert correlate([[1, 1, 1, 1], [0, 0, 0, 0]], [0, 0, 1, 1]).tolist() == [0, 0]


@settings(deadline=None)
@given(SIZES, SHARE, SHARE)
def test_the_effect_is_that_of_the_matrices_written_out(sizes, first, second):
    section = np.repeat(np.arange(len(sizes)), sizes)
    n = len(section)
    centre = np.eye(n) - 1 / n
    same = (section[:, None] == section).astype(float)
    one, other = (centre @ ((1 - alike) * np.eye(n) + alike * same) for alike in (first, second))
    expected = np.trace(one @ other) * (n - 1) / (np.trace(one) * np.trace(other))
    assert float(effect_of_sections(first, second, Layout.of(np.array(sizes)))) == pytest.approx(max(expected, 1))
    assert expected >= 1 - 1e-9


def test_the_effect_is_how_much_more_the_number_with_both_varies():
    """Two things that a third of sections have, each at random: their paragraphs in common, shuffled whole or apart."""
    rng = np.random.default_rng(2)
    section = np.repeat(np.arange(30), 4)
    first, second = np.arange(30) < 10, np.arange(30) < 12
    whole = [(first & rng.permutation(second))[section].sum() for _ in range(20_000)]
    apart = [(first[section] & rng.permutation(second[section])).sum() for _ in range(20_000)]
    effect = float(effect_of_sections(1.0, 1.0, Layout.of(np.full(30, 4))))
    assert np.var(whole) / np.var(apart) == pytest.approx(effect, rel=0.05)


def test_one_that_comes_paragraph_by_paragraph_widens_nothing():
    layout = Layout.of(np.array([5, 3, 1, 1]))
    assert effect_of_sections(np.array([0.0, 0.5]), np.array([0.9, 0.0]), layout).tolist() == [1, 1]
    assert effect_of_sections(1.0, 1.0, Layout.of(np.ones(7, dtype=int))) == pytest.approx(1)


def test_tails_are_those_of_a_wider_normal_and_never_vanish():
    tail = stats.norm.sf(3.0)
    assert widen_tail(np.array([tail]), np.array([2.25]))[0] == pytest.approx(stats.norm.sf(2.0))
    assert widen_tail(np.array([0.0]), np.array([100.0]))[0] == pytest.approx(stats.norm.sf(3.75), rel=0.01)
    assert widen_tail(np.array([0.0, 0.3]), np.ones(2)).tolist() == [0.0, 0.3]


def test_sections_are_of_an_edition_and_language():
    rows = pl.DataFrame(
        {"edition": [2010, 2010, 2011, 2010], "lang": ["en", "zh", "en", "en"], "section": list("aaaa")}
    )
    assert number_sections(rows).tolist() == [0, 1, 2, 0]
    assert number_sections(rows.drop("section")).tolist() == [0, 1, 2, 3]
