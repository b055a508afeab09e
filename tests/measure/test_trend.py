from itertools import product

import numpy as np
import polars as pl
import pymannkendall
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from textmine.errors import UnknownOptionError
from textmine.measure.trend import expect_trend, measure_trends, trend_series
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
    assert found.p_mann_kendall == found.p
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


def test_a_steady_share_by_hand() -> None:
    # Half of one paragraph, one of two: shares 0, 1 against 0, 1/2, 1 (1/4, 1/2, 1/4); a tie in a quarter of cases.
    assert expect_trend(np.array([0.5, 1.0]), np.array([1.0, 2.0]), 1.0) == pytest.approx((0, 3 / 4), abs=1e-9)
    # Three of one paragraph: S is 2 (x3 - x1) with variances 1/4.
    assert expect_trend(np.full(3, 0.5), np.ones(3), 1.0) == pytest.approx((0, 2), abs=1e-9)


@pytest.mark.parametrize("design_effect", [1.0, 1.8])
@pytest.mark.parametrize(("sizes", "share"), [((1, 2, 3, 7), 0.2), ((6, 4, 4, 2), 0.6), ((5, 5, 5), 0.1)])
def test_a_steady_share_like_all_outcomes(sizes: tuple[int, ...], share: float, design_effect: float) -> None:
    mean = square = 0.0
    for hits in product(*(range(n + 1) for n in sizes)):
        chance = 1.0
        for k, n in zip(hits, sizes, strict=True):
            rho = min((design_effect - 1) / max(n - 1, 1), 0.99)
            weight = 1 / rho - 1 if rho else np.inf
            one = (
                stats.betabinom.pmf(k, n, share * weight, (1 - share) * weight) if rho else stats.binom.pmf(k, n, share)
            )
            chance *= float(one)
        shares = [k / n for k, n in zip(hits, sizes, strict=True)]
        s = sum(np.sign(round(b - a, 9)) for i, a in enumerate(shares) for b in shares[i + 1 :])
        mean, square = mean + chance * s, square + chance * s**2
    found = expect_trend(share * np.array(sizes), np.array(sizes, dtype=float), design_effect)
    assert found == (pytest.approx(mean, abs=1e-8), pytest.approx(square - mean**2, abs=1e-8))
    assert abs(found.mean) > 0.05 or len(set(sizes)) == 1


def test_long_editions_of_one_length_are_the_textbook() -> None:
    # Hardly any ties: 18 * 17 * 41 / 18.
    assert expect_trend(np.full(18, 1500.0), np.full(18, 3000.0), 2.0) == pytest.approx((0, 697), rel=2e-3, abs=1e-9)


def test_editions_that_vary_beyond_chance_count_alike() -> None:
    # Short ones first: their shares vary most, but that is little where all editions differ.
    sizes = np.array([20.0] * 6 + [2000.0] * 6)
    alike, varied = (expect_trend(sizes * np.array(shares * 6), sizes, 1.0) for shares in ([0.1, 0.1], [0.02, 0.4]))
    assert alike.variance > 1.05 * 12 * 11 * 29 / 18
    assert varied.variance == pytest.approx(12 * 11 * 29 / 18, rel=0.01)


def test_untagged_and_reversed_mirror_the_test() -> None:
    hits, sizes = np.array([1.0, 0, 3, 4, 9, 20]), np.array([20.0, 20, 30, 60, 90, 160])
    plain = expect_trend(hits, sizes, 2.0)
    for mirrored in (expect_trend(sizes - hits, sizes, 2.0), expect_trend(hits[::-1], sizes[::-1], 2.0)):
        assert mirrored == pytest.approx((-plain.mean, plain.variance))


@pytest.mark.parametrize("tagged", [[1.0, 5, 3, 20], [20.0, 3, 5, 1]])
def test_less_than_a_step_from_the_mean_is_zero_without_a_sign(tagged: list[float]) -> None:
    sizes = np.sort([10.0, 20, 30, 100])[:: 1 if tagged[0] == 1 else -1]
    found = trend_series(np.arange(4.0), np.array(tagged) / sizes, steady=expect_trend(np.array(tagged), sizes, 1.5))
    assert (abs(found.s - found.expected) < 1, str(found.z), found.p) == (True, "0.0", 1)


def test_a_share_that_stays_gives_alarms_as_the_level_says() -> None:
    sizes, share, rho = np.linspace(20, 160, 18).round().astype(int), 0.1, 0.3
    rng = np.random.default_rng(11)
    parts = []
    for i in range(500):
        of_sections = [rng.beta(share * (1 / rho - 1), (1 - share) * (1 / rho - 1), -(-n // 5)) for n in sizes]
        hits = [int((rng.random(n) < np.repeat(p, 5)[:n]).sum()) for n, p in zip(sizes, of_sections, strict=True)]
        # 1 + 4 rho, of which resampling five sections gives four fifths
        parts.append(make_prevalence(hits, sizes.tolist(), concept=f"c{i:03}", effect=(1 + 4 * rho) * 4 / 5))
    table = measure_trends(pl.concat(parts))

    def test(column: str) -> float:
        alarms = int((table[column] <= 0.05).sum())
        return float(stats.binomtest(alarms, 500, 0.05, alternative="greater").pvalue)

    assert test("p") > 0.05
    assert test("p_autocorrelation") > 0.05
    assert test("p_mann_kendall") < 0.02


def test_the_table_takes_rows_in_any_order_and_corrected_shares() -> None:
    table = make_prevalence([1, 2, 5, 4, 6, 9, 9, 30], [20, 30, 40, 40, 60, 60, 80, 90], effect=2.0)
    found = measure_trends(table)
    steady = expect_trend(*table.select("n_tagged", "n_paragraphs").cast(pl.Float64).to_numpy().T, 2.0 * 5 / 4)
    assert found["expected"].item() == steady.mean > 0.5
    assert found["z"].item() == pytest.approx((found["s"].item() - steady.mean - 1) / np.sqrt(steady.variance))
    assert measure_trends(table.sample(fraction=1.0, shuffle=True, seed=1)).equals(found)
    corrected = measure_trends(table.with_columns(share=pl.col("tagged") * 0.8 - 0.01))
    assert corrected["s"].item() == found["s"].item()
    assert corrected["p"].item() == pytest.approx(found["p"].item(), rel=0.1)
    theirs = pymannkendall.original_test(table["share"].to_numpy())
    assert found["p_mann_kendall"].item() == pytest.approx(theirs.p)
    assert found["p"].item() != pytest.approx(theirs.p, rel=0.01)


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
