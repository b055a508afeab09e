"""Does a concept's share rise or fall over the years at all: Mann-Kendall's test, Sen's slope."""

from typing import NamedTuple

import numpy as np
import polars as pl
from scipy import stats

from textmine.measure.series import Floats, adjust_p, check_fractions, iterate_series
from textmine.schema import make_table

MIN_EDITIONS = 3


class Trend(NamedTuple):
    """Of one series: the statistic, its test, the slope a year with interval, and the test with autocorrelation."""

    s: int
    tau: float
    z: float
    p: float
    slope: float
    low: float
    high: float
    autocorrelation: float
    p_autocorrelation: float


def measure_trends(prevalence: pl.DataFrame, *, confidence: float = 0.95) -> pl.DataFrame:
    """Test whether shares of concepts rise or fall over the years, steadily or not; see :func:`trend_series`.

    Parameters
    ----------
    prevalence : polars.DataFrame
        Table ``prevalence``. Editions count alike, whatever their length: where lengths change much over the years
        and few paragraphs are tagged, the skewed shares of the short editions make false alarms more frequent than
        the level says (``benchmarks/shifts_simulation.md``).
    confidence : float
        Of the interval of the slope.

    Returns
    -------
    polars.DataFrame
        Table ``trends``, a row a series; null where there are fewer than three editions. ``slope`` is the change of
        the share in a year, 0.01 being one point of a hundred. ``autocorrelation`` is the factor by which it widens
        the variance, and ``p_autocorrelation`` the p-value with it; q-values are over the series of each language.
    """
    check_fractions(confidence=confidence)
    rows: list[dict[str, object]] = []
    for series in iterate_series(prevalence):
        values: dict[str, object] = dict.fromkeys(Trend._fields)
        if len(series.editions) >= MIN_EDITIONS:
            values = trend_series(series.editions.astype(np.float64), series.shares, confidence=confidence)._asdict()
        rows.append({**series.key, "n_editions": len(series.editions), "confidence": confidence, **values})
    adjust_p(rows, "p", "q")
    adjust_p(rows, "p_autocorrelation", "q_autocorrelation")
    return make_table("trends", rows)


def trend_series(years: Floats, shares: Floats, *, confidence: float = 0.95) -> Trend:
    r"""Test one series for a monotone trend.

    :math:`S = \sum_{i<j} \operatorname{sign}(x_j - x_i)` with :math:`z = (S - \operatorname{sign} S)/\sqrt{V}` and

    .. math:: V = \frac{T(T-1)(2T+5) - \sum_k t_k(t_k-1)(2t_k+5)}{18}

    over groups of :math:`t_k` equal shares (Mann 1945, Kendall 1975); ``tau`` is Kendall's tau-b. The slope is the
    median of all pairs' slopes, with the interval of ranks (Sen 1968).

    Editions that resemble their neighbours make a trend look surer than it is. With :math:`r_i` the autocorrelation
    at lag :math:`i` of the ranks of what the slope leaves, as far as it is significant at 5 %, the variance is
    multiplied by (Hamed and Rao 1998)

    .. math:: 1 + \frac{2}{T(T-1)(T-2)} \sum_{i=1}^{T-1} (T-i)(T-i-1)(T-i-2) r_i,

    here never below 1: in twenty points a negative autocorrelation is too uncertain to make a trend surer. Lags count
    editions, not years. In eighteen editions an autocorrelation is hard to see, and most of the false alarms that
    it gives remain (``benchmarks/shifts_simulation.md``): a trend alone is weak evidence.

    Examples
    --------
    >>> found = trend_series(np.arange(2010.0, 2015), np.array([0.1, 0.2, 0.3, 0.4, 0.6]))
    >>> found.s, round(found.z, 3), round(found.slope, 3)
    (10, 2.205, 0.1)
    """
    n = len(shares)
    pairs = np.sign(np.round(shares[None, :] - shares[:, None], 12))  # equal shares of other sums differ by rounding
    s = int(pairs[np.triu_indices(n, 1)].sum())
    ranks = stats.rankdata(np.round(shares, 12))
    ties = np.unique(ranks, return_counts=True)[1]
    variance = float(n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18
    if variance == 0:
        return Trend(0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0)
    tau = float(stats.kendalltau(years, ranks).statistic)
    slope, _, low, high = stats.theilslopes(shares, years, alpha=confidence)
    factor = widen_variance(shares - slope * (years - years[0]))
    z = (s - np.sign(s)) / np.sqrt(variance)
    p, p_wide = (float(min(1.0, 2 * stats.norm.sf(abs(value)))) for value in (z, z / np.sqrt(factor)))
    return Trend(s, tau, float(z), p, float(slope), float(low), float(high), factor, p_wide)


def widen_variance(left: Floats) -> float:
    """Return Hamed and Rao's factor for what the slope leaves of a series, not below 1."""
    n = len(left)
    ranks = stats.rankdata(np.round(left, 12))
    centred = ranks - ranks.mean()
    power = float(centred @ centred)
    if power == 0:
        return 1.0
    lags = np.arange(1, n)
    correlations = np.array([centred[: n - lag] @ centred[lag:] for lag in lags]) / power
    correlations[np.abs(correlations) <= stats.norm.ppf(0.975) / np.sqrt(n)] = 0.0
    weights = (n - lags) * (n - lags - 1) * (n - lags - 2)
    return max(1.0, float(1 + 2 / (n * (n - 1) * (n - 2)) * (weights @ correlations)))
