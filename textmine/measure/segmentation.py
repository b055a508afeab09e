"""Where a series breaks: every segmentation searched, the breaks paid for, the search paid for."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from textmine.errors import UnknownOptionError
from textmine.measure.deviance import sum_segments
from textmine.measure.series import Floats, check_fractions, check_numbers, draw_orders, permutation_p

COSTS = ("binomial", "gaussian")
#: A segment has at least so many editions: one that stands out alone is a burst, not a break.
MIN_SIZE = 2
MAX_BREAKS = 4
_TINY = np.finfo(float).tiny


class Break(NamedTuple):
    """A break before the edition at ``position``, which may be any of ``likely``."""

    position: int
    p: float
    likely: tuple[int, ...]


class Segmentation(NamedTuple):
    """Where a series breaks: ``p`` is that of any break at all, ``breaks`` are those that the penalty keeps."""

    breaks: tuple[Break, ...]
    p: float
    score: float
    dispersion: float
    exact: bool


def segment_series(
    hits: Floats,
    sizes: Floats,
    *,
    cost: str = "binomial",
    max_breaks: int = MAX_BREAKS,
    min_size: int = MIN_SIZE,
    confidence: float = 0.95,
    n_permutations: int = 1999,
    seed: int = 0,
) -> Segmentation:
    r"""Find the breaks of a series of shares, exactly, with permutation p-values.

    For each number of breaks :math:`m` up to ``max_breaks``, dynamic programming finds the least deviance :math:`D_m`
    of segments' shares over all segmentations (Jackson et al. 2005), and of these the largest score

    .. math:: Q_0 - Q_m - 3m\ln T, \qquad Q_m = T\ln\varphi_m + D_m/\varphi_m,
        \qquad \varphi_m = \max(1, D_m/(T-m-1))

    over :math:`T` editions. :math:`Q` is the extended quasi-likelihood (Nelder and Pregibon 1987): editions vary
    beyond chance draws of paragraphs, by the dispersion :math:`\varphi`, because paragraphs cluster; without it each
    varied stretch would break. The penalty is that of the modified BIC (Zhang and Siegmund 2007) without its term in
    the segments' lengths, which would favour short ones: a break costs :math:`\ln T` for the level and
    :math:`2\ln T` for its place, which is searched for; BIC, made for what is known to be there, finds too many.
    Breaks are kept where the score is above 0.

    The p-value of any break at all is the share of the orders of the editions that reach the score, with number and
    places of breaks searched anew in each: the search is paid for. Where editions differ in length, it is the larger
    of two: each edition keeps its length (so that varied editions are not taken for short ones), and each place keeps
    its length, the editions' deviations from the common share :math:`(x_t-n_t p)/\sqrt{n_t}` changing places (so that
    lengths that change over the years don't give alarms). A break's own p-value is that of a break between its
    neighbouring breaks, and never below the series'. Orders are equally likely where editions don't depend on each
    other: a slow drift also gives small p-values, and the test can't tell it from steps.

    The places that a break may have, the others staying, are those whose deviance divided by :math:`\varphi_m` is
    within :math:`-2\ln(1-\sqrt{1-\alpha})` of the least (Hansen 2000): 7.35 for 95 %.

    Parameters
    ----------
    hits : numpy.ndarray of float, shape (n_editions,)
        Tagged paragraphs of each edition, in order.
    sizes : numpy.ndarray of float, shape (n_editions,)
        All paragraphs.
    cost : {'binomial', 'gaussian'}
        Binomial deviance, or squares of the shares weighted by ``sizes``.
    max_breaks : int
    min_size : int
        Editions of a segment, at least.
    confidence : float
        Of the set of places.
    n_permutations : int
        Orders drawn where not all are tried (up to six editions).
    seed : int

    Returns
    -------
    Segmentation

    Examples
    --------
    >>> found = segment_series(np.array([1.0] * 8 + [9.0] * 8), np.full(16, 40.0))
    >>> [each.position for each in found.breaks], found.p < 0.01
    ([8], True)
    """
    if cost not in COSTS:
        raise UnknownOptionError("cost", cost, COSTS)
    check_numbers(max_breaks=(max_breaks, 1), min_size=(min_size, 1), n_permutations=(n_permutations, 1))
    check_fractions(confidence=confidence)
    n = len(sizes)
    if n < 2 * min_size:
        return Segmentation((), 1.0, -np.inf, 1.0, exact=True)
    options = _Options(cost, max_breaks, min_size, n_permutations, seed)
    search = search_segmentations(hits[:, None], sizes[:, None], options)
    scores, n_breaks, dispersion = choose_number(search, n, cost)
    score, phi = float(scores[0]), float(dispersion[0])
    p, exact = _test(hits, sizes, score, options)
    positions = search.trace(int(n_breaks[0])) if score > 0 else []
    edges, alone = [0, *positions, n], options._replace(max_breaks=1)
    breaks = []
    for before, at, after in zip(edges, edges[1:], edges[2:], strict=False):
        inside = slice(before, after)
        own = p
        if len(edges) > 3:
            here = float(_score(hits[inside, None], sizes[inside, None], alone)[0])
            own, _ = _test(hits[inside], sizes[inside], here, alone)
        one = search_segmentations(hits[inside, None], sizes[inside, None], alone)
        misfit = one.single[:, 0] / phi
        places = np.arange(before + min_size, after - min_size + 1)
        near = misfit <= misfit[places == at] - 2 * np.log1p(-np.sqrt(confidence))
        breaks.append(Break(at, max(p, own), tuple(int(place) for place in places[near])))
    return Segmentation(tuple(breaks), p, score, phi, exact)


class _Options(NamedTuple):
    cost: str
    max_breaks: int
    min_size: int
    n_permutations: int
    seed: int


def _test(hits: Floats, sizes: Floats, score: float, options: _Options) -> tuple[float, bool]:
    """Return the permutation p-value of a score, and whether it is exact."""
    orders, exact = draw_orders(len(sizes), options.n_permutations, options.seed)
    share = hits.sum() / sizes.sum()
    deviations = (hits - sizes * share) / np.sqrt(sizes)

    def scores(part: slice) -> Floats:
        order = orders[part].T
        nulls = [_score(hits[order], sizes[order], options)]
        if np.ptp(sizes) > 0:
            still = np.repeat(sizes[:, None], order.shape[1], axis=1)
            moved = np.clip(still * share + np.sqrt(still) * deviations[order], 0, still)
            nulls.append(_score(moved, still, options))
        return np.stack(nulls)

    return permutation_p(score, scores, len(orders), exact=exact), exact


def score_series(
    hits: Floats, sizes: Floats, *, cost: str = "binomial", max_breaks: int = MAX_BREAKS, min_size: int = MIN_SIZE
) -> Floats:
    """Score the best segmentation, with at least one break, of many series; see :func:`segment_series`.

    Parameters
    ----------
    hits, sizes : numpy.ndarray of float, shape (n_editions, n_series)
        At least ``2 * min_size`` editions.

    Returns
    -------
    numpy.ndarray of float, shape (n_series,)
    """
    return _score(hits, sizes, _Options(cost, max_breaks, min_size, 0, 0))


def _score(hits: Floats, sizes: Floats, options: _Options) -> Floats:
    return choose_number(search_segmentations(hits, sizes, options, trace=False), len(hits), options.cost)[0]


class _Search(NamedTuple):
    """The least deviance for each number of breaks, shape (max_breaks + 1, n_series), and where they are.

    ``last[m][j]`` is the last of m breaks of the first j editions, shape (n_editions + 1, n_series); ``single`` the
    deviance with one break at each place that it can have, shape (n_places, n_series).
    """

    deviance: Floats
    single: Floats
    last: list[NDArray[np.int64]]

    def trace(self, n_breaks: int) -> list[int]:
        """Return the breaks of the first series, in order."""
        positions, at = [], len(self.last[0]) - 1
        for m in range(n_breaks, 0, -1):
            at = int(self.last[m][at, 0])
            positions.append(at)
        return positions[::-1]


def search_segmentations(hits: Floats, sizes: Floats, options: _Options, *, trace: bool = True) -> _Search:
    """Find the segmentations of least deviance of many series, the first among equals.

    Parameters
    ----------
    hits, sizes : numpy.ndarray of float, shape (n_editions, n_series)
    options : _Options
    trace : bool
        Also tell where the breaks are.
    """
    n, n_series = hits.shape
    shortest = options.min_size
    deviance_of = sum_segments(hits, sizes, options.cost)
    costs: dict[int, Floats] = {}  # of the segments that end at j and start at 0, 1, ...
    for j in range(shortest, n + 1):
        costs[j] = deviance_of(j, slice(0, j - shortest + 1))
    least = np.full((n + 1, n_series), np.inf)
    for j, cost in costs.items():
        least[j] = cost[0]
    deviance, lasts = [least[n]], [np.zeros((n + 1, n_series), dtype=np.int64)]
    single = np.empty((0, n_series))
    for m in range(1, min(options.max_breaks, n // shortest - 1) + 1):
        now, last = np.full_like(least, np.inf), np.zeros_like(lasts[0])
        for j in range((m + 1) * shortest, n + 1):
            first = m * shortest
            total = least[first : j - shortest + 1] + costs[j][first:]
            now[j] = total.min(axis=0)
            if trace:
                last[j] = first + total.argmin(axis=0)
        single = total if m == 1 else single
        least = now
        deviance.append(least[n])
        lasts.append(last)
    # Deviance counts from the model in which each edition has its own share.
    own = deviance_of(slice(1, n + 1), slice(0, n)).sum(axis=0)
    return _Search(np.maximum(np.stack(deviance) - own, 0), single, lasts)


def choose_number(search: _Search, n: int, cost: str) -> tuple[Floats, NDArray[np.int64], Floats]:
    """Return the best score of each series, its number of breaks (at least one), and the dispersion left."""
    n_breaks = np.arange(len(search.deviance))[:, None]
    floor = 1.0 if cost == "binomial" else _TINY**0.25
    dispersion = np.maximum(search.deviance / (n - n_breaks - 1), floor)
    fit = n * np.log(dispersion) + search.deviance / dispersion + 3 * n_breaks * np.log(n)
    best = 1 + fit[1:].argmin(axis=0)
    series = np.arange(fit.shape[1])
    return fit[0] - fit[best, series], best, dispersion[best, series]
