"""Does a concept's share rise or fall over the years at all: Mann-Kendall's test, Sen's slope."""

from typing import NamedTuple

import numpy as np
import polars as pl
from scipy import stats

from textmine.measure.series import Floats, adjust_p, check_fractions, iterate_series
from textmine.schema import make_table

MIN_EDITIONS = 3
#: Shares less likely than this are left out of the sums over an edition's possible shares.
_RARE = 1e-12


class Trend(NamedTuple):
    """Of one series: the statistic, its test, the slope a year with interval, and the tests under other assumptions.

    ``expected`` is the mean of ``s`` where the share stays, ``p_autocorrelation`` allows for neighbours that resemble
    each other, ``p_mann_kendall`` takes all editions for equally precise.
    """

    s: int
    tau: float
    expected: float
    z: float
    p: float
    slope: float
    low: float
    high: float
    autocorrelation: float
    p_autocorrelation: float
    p_mann_kendall: float


class Steady(NamedTuple):
    """Mean and variance of Kendall's S where a share stays."""

    mean: float
    variance: float


def measure_trends(prevalence: pl.DataFrame, *, confidence: float = 0.95) -> pl.DataFrame:
    """Test whether shares of concepts rise or fall over the years, steadily or not; see :func:`trend_series`.

    Parameters
    ----------
    prevalence : polars.DataFrame
        Table ``prevalence``. Editions count alike in the statistic and in the slope, whatever their length; the
        p-values allow for lengths that differ and for paragraphs of a section that resemble each other, so that a
        share that stays gives no more false alarms than the level says (``benchmarks/shifts_simulation.md``). Shares
        of words are taken to vary as those of the paragraphs that they stand in.
    confidence : float
        Of the interval of the slope.

    Returns
    -------
    polars.DataFrame
        Table ``trends``, a row a series; null where there are fewer than three editions. ``slope`` is the change of
        the share in a year, 0.01 being one point of a hundred. ``autocorrelation`` is the factor by which it widens
        the variance, and ``p_autocorrelation`` the p-value with it; ``p_mann_kendall`` is the textbook's, too small
        where lengths differ much. q-values are over the series of each language.
    """
    check_fractions(confidence=confidence)
    rows: list[dict[str, object]] = []
    for series in iterate_series(prevalence):
        values: dict[str, object] = dict.fromkeys(Trend._fields)
        if len(series.editions) >= MIN_EDITIONS:
            steady = expect_trend(series.tagged, series.sizes, series.design_effect)
            years = series.editions.astype(np.float64)
            values = trend_series(years, series.shares, steady=steady, confidence=confidence)._asdict()
        rows.append({**series.key, "n_editions": len(series.editions), "confidence": confidence, **values})
    adjust_p(rows, "p", "q")
    adjust_p(rows, "p_autocorrelation", "q_autocorrelation")
    return make_table("trends", rows)


def trend_series(years: Floats, shares: Floats, *, steady: Steady | None = None, confidence: float = 0.95) -> Trend:
    r"""Test one series for a monotone trend.

    The statistic is Mann's (1945) :math:`S = \sum_{i<j} \operatorname{sign}(x_j - x_i)`, with Kendall's tau-b for its
    size and the median of all pairs' slopes, with the interval of ranks (Sen 1968).

    The textbook's test (Mann 1945, Kendall 1975; ``p_mann_kendall``) has the mean 0 and the variance

    .. math:: V = \frac{T(T-1)(2T+5) - \sum_k t_k(t_k-1)(2t_k+5)}{18}

    over groups of :math:`t_k` equal shares, which hold where all orders of the shares are equally likely. They
    aren't where some editions are much shorter: the shares of these vary more, and as they are skewed, mostly lie
    below the others. So mean and variance of :math:`S` are those that :func:`expect_trend` gives a share that stays,
    and :math:`z` is the distance of :math:`S` from that mean, less one, in standard deviations, taken to be normal.
    Where editions are equally long, both tests agree but for the number of ties.

    Editions that resemble their neighbours make a trend look surer than it is. With :math:`r_i` the autocorrelation
    at lag :math:`i` of the ranks of what the slope leaves, as far as it is significant at 5 %, the variance is
    multiplied by (Hamed and Rao 1998)

    .. math:: 1 + \frac{2}{T(T-1)(T-2)} \sum_{i=1}^{T-1} (T-i)(T-i-1)(T-i-2) r_i,

    here never below 1: in twenty points a negative autocorrelation is too uncertain to make a trend surer. Lags count
    editions, not years. In eighteen editions an autocorrelation is hard to see, and most of the false alarms that
    it gives remain (``benchmarks/shifts_simulation.md``): a trend alone is weak evidence.

    Parameters
    ----------
    years : numpy.ndarray of float, shape (n_editions,)
        In order.
    shares : numpy.ndarray of float, shape (n_editions,)
        Fractions of 1.
    steady : Steady, optional
        What :math:`S` does where the share stays; default: as in the textbook.
    confidence : float
        Of the interval of the slope.

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
    textbook = float(n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18
    if textbook == 0:
        return Trend(0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0)
    tau = float(stats.kendalltau(years, ranks).statistic)
    slope, _, low, high = stats.theilslopes(shares, years, alpha=confidence)
    factor = widen_variance(shares - slope * (years - years[0]))
    steady = steady if steady is not None else Steady(0.0, textbook)
    z = _standardise(s - steady.mean, steady.variance)
    return Trend(
        s,
        tau,
        steady.mean,
        z,
        _two_sided(z),
        float(slope),
        float(low),
        float(high),
        factor,
        _two_sided(z / np.sqrt(factor)),
        _two_sided(_standardise(s, textbook)),
    )


def expect_trend(tagged: Floats, sizes: Floats, design_effect: float) -> Steady:
    r"""Say what :math:`S` does where the share stays, editions differ in length and paragraphs cluster.

    Each edition's number of tagged paragraphs is beta-binomial (Skellam 1948) around the common share
    :math:`p = \sum_t x_t / \sum_t n_t`, so that the variance of its share is

    .. math:: p(1-p)\,\Bigl(\frac{d}{n_t} + v\Bigr), \qquad
        v = \max\Bigl(0, \frac{Q - d(T-1)}{\sum n_t - \sum n_t^2/\sum n_t}\Bigr), \qquad
        Q = \sum_t \frac{(x_t-n_t p)^2}{n_t\,p(1-p)}

    with the design effect :math:`d` and what editions vary beyond it, :math:`v` (DerSimonian and Laird 1986). The
    moments are exact: with :math:`g_t(x)` the mean of the signs of edition :math:`t`'s pairs, given its share
    :math:`x`, the variance is that of all :math:`g_t` and, for each pair, of what these leave (Hoeffding 1948).

    Parameters
    ----------
    tagged, sizes : numpy.ndarray of float, shape (n_editions,)
        Tagged paragraphs of each edition, and all. Tagged ones also where shares are corrected: a correction leaves
        their order, which is all that S sees, but for shares that it cuts to 0 or 1, or means of two languages.
    design_effect : float
        How much more a share varies than that of as many independent paragraphs.

    Examples
    --------
    >>> steady = expect_trend(np.array([2.0, 3, 20, 20]), np.array([20.0, 20, 150, 150]), 2.0)
    >>> round(steady.mean, 2), round(steady.variance, 1)
    (0.48, 8.8)
    """
    editions = np.arange(len(sizes))
    n = np.maximum(np.round(sizes), 1).astype(np.int64)
    share = float(tagged.sum() / n.sum())
    if not 0 < share < 1:
        return Steady(0.0, 0.0)
    misfit = float(((tagged - n * share) ** 2 / n).sum() / (share * (1 - share)))
    beyond = max(0.0, (misfit - design_effect * (len(n) - 1)) / (n.sum() - n @ n / n.sum()))
    correlation = np.clip((design_effect - 1 + beyond * n) / np.maximum(n - 1, 1), 0, 0.99)

    chances = [_list_chances(int(size), share, float(rho)) for size, rho in zip(n, correlation, strict=True)]
    upto = [np.concatenate([[0.0], np.cumsum(chance)]) for chance in chances]
    chance = np.concatenate(chances)
    owner = np.repeat(editions, n + 1)
    values = np.concatenate([np.arange(size + 1) / size for size in n])  # that an edition's share can have
    kept = chance > _RARE
    chance, owner, values = chance[kept], owner[kept], values[kept]

    # Chances that another edition's share is at most, and below, each of the values; shape (n_editions, n_values).
    most = np.stack([upto[t][np.floor(values * n[t] + 1e-9).astype(np.int64) + 1] for t in editions])
    below = np.stack([upto[t][np.ceil(values * n[t] - 1e-9).astype(np.int64)] for t in editions])
    signs = (1 - most - below) * np.sign(editions[:, None] - owner)
    starts = np.searchsorted(owner, editions)

    def average(of: Floats) -> Floats:
        return np.add.reduceat(of * chance, starts, axis=-1)

    whole = signs.sum(axis=0)
    means, pairs = average(signs), editions[:, None] != editions  # each pair twice
    left = (1 - average(most - below) - means**2)[pairs].sum() / 2 - (average(signs**2) - means**2)[pairs].sum()
    variance = (average(whole**2) - average(whole) ** 2).sum() + left
    return Steady(round(float(means[pairs].sum() / 2), 9) + 0.0, float(variance))  # no -0, no rounding left


def _list_chances(n: int, share: float, correlation: float) -> Floats:
    """Return the beta-binomial chances of 0 to n, from the ratios of neighbours, which hold for no correlation too."""
    k = np.arange(n)
    more = correlation / (1 - correlation)
    ratios = (n - k) / (k + 1) * (share + k * more) / (1 - share + (n - k - 1) * more)
    logs = np.concatenate([[0.0], np.cumsum(np.log(ratios))])
    chances = np.exp(logs - logs.max())
    return np.asarray(chances / chances.sum())


def _standardise(distance: float, variance: float) -> float:
    """Return a distance of S from its mean in standard deviations, less one for the step from one S to the next."""
    return float(np.sign(distance) * max(abs(distance) - 1, 0) / np.sqrt(variance)) + 0.0  # no -0


def _two_sided(z: float) -> float:
    return float(2 * stats.norm.sf(abs(z)))


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
