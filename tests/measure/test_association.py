import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.stats import contingency

from textmine.measure.association import Meeting, associate, exact_p, tally_editions


def over_editions(tables):
    """Tables are (n, first, second, both) of each edition."""
    one, place = np.ones((1, 1)), np.array([0])
    editions = [
        Meeting(n * one[0], a * one, b * one, place[: both > 0], both * one[: both > 0]) for n, a, b, both in tables
    ]
    result = associate(tally_editions(editions, place, place, 1))
    return type(result)(*(values[0, 0] for values in result))


@st.composite
def two_by_two(draw):
    n = draw(st.integers(1, 40))
    first, second = draw(st.integers(0, n)), draw(st.integers(0, n))
    both = draw(st.integers(max(0, first + second - n), min(first, second)))
    return n, first, second, both


def cells(n, first, second, both):
    return [[both, first - both], [second - both, n - first - second + both]]


@settings(deadline=None)  # how long it takes is no part of the test
@given(two_by_two())
def test_one_edition_is_fishers_exact_test(table):
    n, first, second, both = table
    ours = exact_p(np.array([n]), np.array([first]), np.array([second]), both)
    assert ours == pytest.approx(stats.fisher_exact(cells(*table)).pvalue, abs=1e-9)


@settings(deadline=None)  # how long it takes is no part of the test
@given(two_by_two())
def test_one_edition_has_scipys_numbers(table):
    result = over_editions([table])
    square = np.array(cells(*table))
    if (square > 0).all():
        odds = contingency.odds_ratio(square, kind="sample").statistic
        assert float(result.odds_ratio) == pytest.approx(odds)
    if (square.sum(axis=0) > 0).all() and (square.sum(axis=1) > 0).all():
        expected = contingency.expected_freq(square)[0, 0]
        assert float(result.expected) == pytest.approx(expected)
        assert abs(float(result.phi)) == pytest.approx(contingency.association(square), abs=1e-9)
        assert float(result.lift) == pytest.approx(table[3] / expected)


def test_mantel_haenszel_by_hand():
    """(3*4/10 + 2*2/6) / (1*2/10 + 1*1/6)."""
    result = over_editions([(10, 4, 5, 3), (6, 3, 3, 2)])
    assert float(result.odds_ratio) == pytest.approx((12 / 10 + 4 / 6) / (2 / 10 + 1 / 6))
    assert float(result.expected) == pytest.approx(4 * 5 / 10 + 3 * 3 / 6)
    assert float(result.lift) == pytest.approx(5 / 3.5)


def test_phi_is_the_partial_correlation():
    """Phi is the correlation of what is left once each edition's means are taken out."""
    rng = np.random.default_rng(0)
    editions = np.repeat([0, 1, 2], [20, 30, 15])
    first, second = rng.random(65) < 0.2 + 0.2 * editions, rng.random(65) < 0.1 + 0.3 * editions
    tables = [
        (int(here.sum()), int((first & here).sum()), int((second & here).sum()), int((first & second & here).sum()))
        for here in (editions == e for e in range(3))
    ]
    means = [np.array([values[editions == e].mean() for e in editions]) for values in (first, second)]
    expected = np.corrcoef(first - means[0], second - means[1])[0, 1]
    assert float(over_editions(tables).phi) == pytest.approx(expected)


def test_editions_are_strata():
    """Two concepts of the same years, independent within each: no association, where a single table sees one."""
    split = [(20, 0, 0, 0), (20, 10, 10, 5)]
    assert [float(value) for value in over_editions(split)] == pytest.approx([5, 1, 1, 0])
    assert float(over_editions([(40, 10, 10, 5)]).odds_ratio) == pytest.approx(5)
    n, first, second = (np.array([table[i] for table in split]) for i in range(3))
    assert exact_p(n, first, second, 5) == pytest.approx(1)


def test_the_p_value_over_editions_is_what_shuffling_gives():
    rng = np.random.default_rng(1)
    n, first, second, both = np.array([12, 20]), np.array([5, 8]), np.array([6, 7]), 9
    sums = sum(rng.hypergeometric(a, size - a, b, 200_000) for size, a, b in zip(n, first, second, strict=True))
    chances = np.bincount(sums) / len(sums)
    simulated = chances[chances <= chances[both] * 1.02].sum()
    assert exact_p(n, first, second, both) == pytest.approx(simulated, abs=0.004)


@given(two_by_two(), two_by_two())
def test_the_order_of_editions_and_concepts_changes_nothing(one, other):
    here, there = over_editions([one, other]), over_editions([other, one])
    swapped = over_editions([(n, b, a, c) for n, a, b, c in (one, other)])
    for name in here._fields:
        values = [float(getattr(result, name)) for result in (here, there, swapped)]
        assert values == pytest.approx([values[0]] * 3, nan_ok=True)
    n, first, second = (np.array([one[i], other[i]]) for i in range(3))
    both = one[3] + other[3]
    assert exact_p(n, first, second, both) == pytest.approx(exact_p(n[::-1], second[::-1], first[::-1], both))


def test_what_has_no_value_is_nan_and_never_alone_is_infinite():
    assert np.isinf(over_editions([(10, 3, 5, 3)]).odds_ratio)
    assert np.isnan(over_editions([(10, 0, 5, 0)]).lift)
    assert np.isnan(over_editions([(0, 0, 0, 0)]).phi)
