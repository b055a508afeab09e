import numpy as np
import polars as pl
import pymannkendall
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from textmine.errors import UnknownOptionError
from textmine.measure.trend import measure_trends, trend_series
from textmine.schema import check_table

from .trails import make_prevalence

YEARS = np.arange(2008.0, 2026)


def test_a_trend_by_hand() -> None:
    # 1 2 2 4: five pairs rise, one ties; V = (4*3*13 - 2*1*9) / 18 = 23/3.
    found = trend_series(np.arange(4.0), np.array([0.1, 0.2, 0.2, 0.4]))
    assert found.s == 5
    assert found.z == pytest.approx(4 / np.sqrt(23 / 3))
    assert found.p == pytest.approx(2 * stats.norm.sf(4 / np.sqrt(23 / 3)))
    # Slopes of pairs: .1 .05 .1 0 .1 .2; their median is .1.
    assert found.slope == pytest.approx(0.1)
    assert found.tau == pytest.approx(5 / np.sqrt(6 * 5))


@given(st.lists(st.integers(0, 12), min_size=10, max_size=25))
@settings(max_examples=60, deadline=None)
def test_like_pymannkendall(values: list[int]) -> None:
    shares = np.array(values) / 40
    found = trend_series(np.arange(float(len(values))), shares)
    if len(set(values)) == 1:
        assert (found.s, found.p, found.slope) == (0, 1.0, 0.0)
        return
    theirs = pymannkendall.original_test(shares)
    assert (found.s, found.z, found.p) == pytest.approx((theirs.s, theirs.z, theirs.p))
    assert found.slope == pytest.approx(theirs.slope)
    assert found.tau == pytest.approx(stats.kendalltau(np.arange(len(values)), values).statistic)


def test_autocorrelation_like_pymannkendall_where_it_widens() -> None:
    rng = np.random.default_rng(3)
    compared = 0
    for _ in range(60):
        noise = rng.standard_normal(18)
        for t in range(1, 18):
            noise[t] += 0.6 * noise[t - 1]
        shares = 0.3 + 0.02 * noise
        found = trend_series(YEARS, shares)
        theirs = pymannkendall.hamed_rao_modification_test(shares)
        plain = pymannkendall.original_test(shares)
        assert found.p_autocorrelation >= found.p - 1e-12
        if theirs.var_s > plain.var_s:
            assert found.p_autocorrelation == pytest.approx(theirs.p)
            assert found.autocorrelation == pytest.approx(theirs.var_s / plain.var_s)
            compared += 1
        else:
            assert found.autocorrelation == 1.0
    assert compared > 10


def test_reversed_scaled_and_with_years_missing() -> None:
    shares = np.array([0.02, 0.03, 0.02, 0.05, 0.06, 0.04, 0.08, 0.09])
    years = np.arange(2010.0, 2018)
    found, back, double = (
        trend_series(years, shares),
        trend_series(years, shares[::-1].copy()),
        trend_series(years, shares * 2),
    )
    assert (back.s, back.p, back.slope) == (-found.s, pytest.approx(found.p), pytest.approx(-found.slope))
    assert (double.s, double.slope, double.high) == (
        found.s,
        pytest.approx(2 * found.slope),
        pytest.approx(2 * found.high),
    )
    # Twice as many years between editions: the same test, half the slope.
    far = trend_series(years * 2, shares)
    assert (far.p, far.slope) == (found.p, pytest.approx(found.slope / 2))


def test_the_table() -> None:
    tables = [
        make_prevalence([1, 2, 3, 4, 6, 8, 9, 10], concept="cloud"),
        make_prevalence([5, 4, 5, 5, 4, 5, 4, 5], concept="ai"),
        make_prevalence([5, 9], concept="iot"),
    ]
    table = measure_trends(pl.concat(tables))
    check_table(table, "trends")
    ai, cloud, iot = table.iter_rows(named=True)
    assert cloud["slope"] == pytest.approx(stats.theilslopes(np.array([1, 2, 3, 4, 6, 8, 9, 10]) / 40).slope)
    assert cloud["low"] <= cloud["slope"] <= cloud["high"]
    assert (cloud["q"], ai["q"]) == (pytest.approx(2 * cloud["p"]), pytest.approx(ai["p"]))
    assert (iot["p"], iot["q"], iot["slope"], iot["n_editions"]) == (None, None, None, 2)


def test_unknown_options() -> None:
    with pytest.raises(UnknownOptionError, match="confidence"):
        measure_trends(make_prevalence([1, 2, 3]), confidence=0)
