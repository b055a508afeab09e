"""The smallest shift that a series could show at all: what its editions and their lengths allow."""

import numpy as np
import polars as pl
from scipy import stats

from textmine.measure.segmentation import MIN_SIZE, score_series
from textmine.measure.series import Floats, Series, check_fractions, check_numbers, draw_clustered, iterate_series
from textmine.schema import make_table

#: Halvings of the range in which the smallest shift is looked for.
_STEPS = 6


def measure_detectable(
    prevalence: pl.DataFrame,
    *,
    power: float = 0.8,
    level: float = 0.05,
    n_simulations: int = 400,
    seed: int = 0,
) -> pl.DataFrame:
    r"""Measure the smallest lasting shift of each concept's share that the search for breaks would find.

    Simulated: the series' own editions with their numbers of paragraphs; up to the middle of them the share that the
    concept has in all, from there on that share and a shift; paragraphs cluster as the series' design effect says
    (beta-binomial). A shift is found where the score of the best segmentation
    (:func:`textmine.measure.segmentation.segment_series`) is above what a share of ``level`` of the same simulated
    series reach with their editions in a random order: the permutation test, its critical value that of all series
    of this shift together. The smallest shift found in a share of ``power`` of the series is looked for by halving. A
    shift nearer to either end must be larger.

    It is what a year is not found to have changed by that this is good for: a series without a break may have
    shifted by less than this.

    Parameters
    ----------
    prevalence : polars.DataFrame
        Table ``prevalence``.
    power : float
        Share of shifts that are found.
    level : float
        Share of false alarms, for one series (not corrected for the number of series).
    n_simulations : int
        For each shift tried.
    seed : int

    Returns
    -------
    polars.DataFrame
        Table ``detectable``, a row a series: ``increase`` and ``decrease`` of the share (fractions of 1) from
        ``edition`` on; null where no shift is large enough (a rare concept can't fall by much).
    """
    check_fractions(power=power, level=level)
    check_numbers(n_simulations=(n_simulations, 1))
    rows: list[dict[str, object]] = []
    for series in iterate_series(prevalence):
        middle = len(series.editions) // 2
        up, down = find_detectable(series, power=power, level=level, n_simulations=n_simulations, seed=seed)
        rows.append(
            {
                **series.key,
                "n_editions": len(series.editions),
                "n_paragraphs": int(series.sizes.sum()),
                "share": float(series.hits.sum() / series.sizes.sum()),
                "design_effect": series.design_effect,
                "edition": int(series.editions[middle]),
                "increase": up,
                "decrease": down,
                "power": power,
                "level": level,
                "n_simulations": n_simulations,
            }
        )
    return make_table("detectable", rows)


def find_detectable(
    series: Series, *, power: float, level: float, n_simulations: int, seed: int = 0
) -> tuple[float | None, float | None]:
    """Return the smallest increase and decrease from the middle edition on that are found so often."""
    n = len(series.sizes)
    if n < 2 * MIN_SIZE:
        return None, None
    share = float(series.hits.sum() / series.sizes.sum())
    # A concept that no edition has is simulated with the share of half a paragraph.
    share = min(max(share, 0.5 / float(series.sizes.sum())), 1 - 0.5 / float(series.sizes.sum()))

    def found(shift: float) -> float:
        ordered, shuffled = _scores(series, share, shift, n_simulations, seed)
        return float((ordered > np.quantile(shuffled, 1 - level, method="higher")).mean())

    shifts: list[float | None] = []
    for sign, limit in ((1, 1 - share), (-1, share)):
        low, high = 0.0, min(limit, 2 * _guess(series, share, power))
        if found(sign * high) < power:
            low, high = high, limit
            if found(sign * high) < power:
                shifts.append(None)
                continue
        for _ in range(_STEPS):
            middle = (low + high) / 2
            low, high = (low, middle) if found(sign * middle) >= power else (middle, high)
        shifts.append(high)
    return shifts[0], shifts[1]


def _guess(series: Series, share: float, power: float) -> float:
    """Return the shift that would take the deviance to what a break costs, and so often beyond: where to begin."""
    halves = (half.sum() for half in np.split(series.sizes, [len(series.sizes) // 2]))
    needed = np.sqrt(3 * np.log(len(series.sizes))) + stats.norm.ppf(power)
    return float(needed * np.sqrt(series.design_effect * share * (1 - share) * sum(1 / half for half in halves)))


def _scores(series: Series, share: float, shift: float, n_draws: int, seed: int) -> tuple[Floats, Floats]:
    """Score simulated series as they are and in random orders; the same seed for all shifts."""
    n = len(series.sizes)
    shares = np.where(np.arange(n) < n // 2, share, np.clip(share + shift, 0, 1))
    rng = np.random.default_rng([seed, 4])
    hits = draw_clustered(rng, shares, series.sizes, series.design_effect, n_draws)
    sizes = np.repeat(np.maximum(np.round(series.sizes), 1)[:, None], n_draws, axis=1)
    orders = rng.permuted(np.tile(np.arange(n)[:, None], (1, n_draws)), axis=0)
    shuffled = (np.take_along_axis(part, orders, axis=0) for part in (hits, sizes))
    return score_series(hits, sizes), score_series(*shuffled)
