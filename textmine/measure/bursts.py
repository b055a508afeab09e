"""Bursts of a concept: runs of editions that speak of it so much more that it pays to say so (Kleinberg 2002)."""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import special

from textmine.measure.series import (
    Floats,
    Series,
    adjust_p,
    check_numbers,
    draw_clustered,
    iterate_series,
    permutation_p,
)
from textmine.schema import make_table


class Burst(NamedTuple):
    """Editions ``start`` up to ``stop`` (not included), and what calling them a burst saves."""

    start: int
    stop: int
    weight: float


def find_bursts(
    prevalence: pl.DataFrame,
    *,
    ratio: float = 2.0,
    gamma: float = 1.0,
    n_simulations: int = 1999,
    seed: int = 0,
) -> pl.DataFrame:
    r"""Find runs of editions in which concepts burst, by Kleinberg's (2002, section 5) two states for batches.

    An edition of :math:`n_t` paragraphs, :math:`x_t` of them tagged, is in a base state with the share
    :math:`p_0 = \sum x_t/\sum n_t`, or in a burst with :math:`p_1 = s p_0`; being in state :math:`i` costs
    :math:`-\ln[\binom{n_t}{x_t} p_i^{x_t}(1-p_i)^{n_t-x_t}]`, and going up costs :math:`\gamma\ln T` with :math:`T`
    editions. The cheapest sequence of states is found exactly (Viterbi 1967). A burst's weight is what it saves
    against the base state. Where :math:`p_1` would be above 1 (a concept in more than half of all paragraphs, for
    :math:`s = 2`) there is no burst.

    Kleinberg's method has no p-value; ours is the share of simulated series with a burst of at least this weight,
    all editions having the share :math:`p_0` and their paragraphs clustering as the series' design effect says
    (beta-binomial). It speaks of single editions too, which orders of the editions can't. False discoveries are
    controlled over the series of each language.

    Parameters
    ----------
    prevalence : polars.DataFrame
        Table ``prevalence``.
    ratio : float
        :math:`s`, above 1.
    gamma : float
        Above 0; the larger, the fewer bursts.
    n_simulations : int
    seed : int

    Returns
    -------
    polars.DataFrame
        Table ``bursts``, a row a burst, significant or not. ``share`` is that of the burst's paragraphs, ``share_all``
        that of all; ``q`` is the larger of ``p`` and the q-value of the series' strongest burst.
    """
    check_numbers(ratio=(ratio, 1 + 1e-9), gamma=(gamma, 1e-9), n_simulations=(n_simulations, 1))
    tests: list[dict[str, object]] = []
    found: list[tuple[Series, list[tuple[Burst, float]], dict[str, object]]] = []
    for series in iterate_series(prevalence):
        bursts = burst_series(series.hits, series.sizes, ratio=ratio, gamma=gamma)
        scored = [
            (
                burst,
                simulate_p(series, burst.weight, ratio=ratio, gamma=gamma, n_simulations=n_simulations, seed=seed),
            )
            for burst in bursts
        ]
        test: dict[str, object] = {**series.key, "p": min([1.0, *(p for _, p in scored)])}
        tests.append(test)
        found.append((series, scored, test))
    adjust_p(tests, "p", "q")
    rows: list[dict[str, object]] = []
    for series, scored, test in found:
        for burst, p in scored:
            inside = slice(burst.start, burst.stop)
            hits, size = float(series.hits[inside].sum()), float(series.sizes[inside].sum())
            rows.append(
                {
                    **series.key,
                    "first": int(series.editions[burst.start]),
                    "last": int(series.editions[burst.stop - 1]),
                    "n_editions": burst.stop - burst.start,
                    "n_paragraphs": size,
                    "n_tagged": float(series.tagged[inside].sum()),
                    "share": hits / size,
                    "share_all": float(series.hits.sum() / series.sizes.sum()),
                    "weight": burst.weight,
                    "design_effect": series.design_effect,
                    "p": p,
                    "q": max(p, float(str(test["q"]))),
                }
            )
    return make_table("bursts", rows)


def burst_series(hits: Floats, sizes: Floats, *, ratio: float = 2.0, gamma: float = 1.0) -> list[Burst]:
    """Return the bursts of one series in order; see :func:`find_bursts`.

    Examples
    --------
    >>> [burst[:2] for burst in burst_series(np.array([1.0, 1, 9, 9, 1, 1]), np.full(6, 20.0))]
    [(2, 4)]
    """
    gains, states = _decode(hits[:, None], sizes[:, None], ratio, gamma)
    inside = np.concatenate([[False], states[:, 0], [False]])
    starts, stops = (np.flatnonzero(edge) for edge in (~inside[:-1] & inside[1:], inside[:-1] & ~inside[1:]))
    return [
        Burst(int(start), int(stop), float(gains[start:stop, 0].sum()))
        for start, stop in zip(starts, stops, strict=True)
    ]


def simulate_p(
    series: Series, weight: float, *, ratio: float, gamma: float, n_simulations: int, seed: int = 0
) -> float:
    """Return how often a series of constant share has a burst of at least this weight."""
    rng = np.random.default_rng([seed, 3])
    share = np.full(len(series.sizes), series.hits.sum() / series.sizes.sum())

    def heaviest(part: slice) -> Floats:
        n = part.stop - part.start
        hits = draw_clustered(rng, share, series.sizes, series.design_effect, n)
        sizes = np.repeat(np.maximum(np.round(series.sizes), 1)[:, None], n, axis=1)
        gains, states = _decode(hits, sizes, ratio, gamma)
        run, best = np.zeros(n), np.zeros(n)
        for gain, state in zip(gains, states, strict=True):
            # A run of the burst state ends above zero, and no part of it saves more than the whole: its largest sum.
            run = np.where(state, run + gain, 0.0)
            best = np.maximum(best, run)
        return best

    return permutation_p(weight, heaviest, n_simulations)


def _decode(hits: Floats, sizes: Floats, ratio: float, gamma: float) -> tuple[Floats, NDArray[np.bool_]]:
    """Return what the burst state saves in each edition, and the editions in it; shape (n_editions, n_series)."""
    n, n_series = hits.shape
    base = hits.sum(axis=0) / sizes.sum(axis=0)
    burst = ratio * base
    possible = (burst < 1) & (base > 0)
    base, burst = np.where(possible, base, 0.25), np.where(possible, burst, 0.5)
    gains: Floats = (
        hits * np.log(burst / base) + special.xlog1py(sizes - hits, -burst) - special.xlog1py(sizes - hits, -base)
    )
    gains = np.where(possible, gains, -np.inf)
    up = gamma * np.log(n)
    low, high = np.zeros(n_series), np.full(n_series, np.inf)  # costs of being in a state, less that of the base
    from_burst, stayed = np.zeros((n, n_series), dtype=bool), np.zeros((n, n_series), dtype=bool)
    for t in range(n):
        from_burst[t] = high < low  # going down is free
        stayed[t] = high <= low + up
        low, high = np.minimum(low, high), np.minimum(low + up, high) - gains[t]
    states = np.zeros((n, n_series), dtype=bool)
    state = high < low
    for t in range(n - 1, -1, -1):
        states[t] = state
        state = np.where(state, stayed[t], from_burst[t])
    return gains, states
