"""The smallest shift that a series could show at all: what its editions and their lengths allow."""

from typing import NamedTuple

import numpy as np
import polars as pl
from scipy import special, stats

from textmine.measure.segmentation import MIN_SIZE, score_series
from textmine.measure.series import (
    Floats,
    Series,
    check_fractions,
    check_numbers,
    draw_clustered,
    iterate_series,
)
from textmine.schema import make_table

#: Halvings of the range in which the smallest shift is looked for.
_STEPS = 6
#: Series of the same lengths whose logarithms of the odds, and of the design effect, round to the same are simulated
#: together.
_SHARE_STEP = 0.1
_EFFECT_STEP = 0.2

Shifts = tuple[float | None, float | None]


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

    Like series are simulated together: of the same lengths, odds of the share within a twentieth of a round value,
    design effect within a tenth. The shift found for these is stated for each in its own standard errors, by which it
    differs from that of a simulation of its own by less than simulations do with another seed.

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
    known: dict[_Kind, Shifts] = {}
    rows: list[dict[str, object]] = []
    for series in iterate_series(prevalence):
        middle = len(series.editions) // 2
        kind = _Kind.of(series)
        if kind not in known:
            known[kind] = find_detectable(kind, power=power, level=level, n_simulations=n_simulations, seed=seed)
        up, down = _rescale(known[kind], kind, series)
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


class _Kind(NamedTuple):
    """Series that are simulated together."""

    sizes: tuple[float, ...]
    share: float
    design_effect: float

    @classmethod
    def of(cls, series: Series) -> "_Kind":
        sizes = np.maximum(np.round(series.sizes), 1)
        log_odds = special.logit(_bound_share(series))
        return cls(
            tuple(sizes.tolist()),
            float(special.expit(_SHARE_STEP * np.round(log_odds / _SHARE_STEP))),
            float(np.exp(_EFFECT_STEP * np.round(np.log(series.design_effect) / _EFFECT_STEP))),
        )

    def error(self, share: float, effect: float) -> float:
        """Return the standard error of the difference between the shares of the two halves."""
        middle = len(self.sizes) // 2
        halves = 1 / sum(self.sizes[:middle]) + 1 / sum(self.sizes[middle:])
        return float(np.sqrt(effect * share * (1 - share) * halves))


def _bound_share(series: Series) -> float:
    """Return the share in all editions; that of half a paragraph for a concept that none has, or all have."""
    least = 0.5 / float(series.sizes.sum())
    return float(np.clip(series.hits.sum() / series.sizes.sum(), least, 1 - least))


def _rescale(shifts: Shifts, kind: _Kind, series: Series) -> Shifts:
    """Return the shifts of a kind in standard errors of one series, and no larger than can be."""
    if shifts == (None, None):
        return shifts
    share = _bound_share(series)
    ratio = kind.error(share, series.design_effect) / kind.error(kind.share, kind.design_effect)
    up, down = (None if shift is None else shift * ratio for shift in shifts)
    return up and min(up, 1 - share), down and min(down, share)


def find_detectable(kind: _Kind, *, power: float, level: float, n_simulations: int, seed: int) -> Shifts:
    """Return the smallest increase and decrease from the middle edition on that are found so often."""
    n = len(kind.sizes)
    if n < 2 * MIN_SIZE:
        return None, None
    simulation = _Simulation(kind, n_simulations, seed)

    def found(shift: float) -> float:
        ordered, shuffled = simulation.score(shift)
        return float((ordered > np.quantile(shuffled, 1 - level, method="higher")).mean())

    # The shift that would take the deviance to what a break costs, and so often beyond.
    guess = float(np.sqrt(3 * np.log(n)) + stats.norm.ppf(power)) * kind.error(kind.share, kind.design_effect)
    shifts: list[float | None] = []
    for sign, limit in ((1, 1 - kind.share), (-1, kind.share)):
        low, high = 0.0, min(limit, 2 * guess)
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


class _Simulation:
    """Simulated series of one kind, in order and in random orders; the same draws for all shifts."""

    def __init__(self, kind: _Kind, n_draws: int, seed: int) -> None:
        n = len(kind.sizes)
        self.kind, self.n_draws, self.seed = kind, n_draws, seed
        self.sizes = np.array(kind.sizes)[:, None]
        self.orders = np.random.default_rng([seed, 4]).permuted(np.tile(np.arange(n)[:, None], (1, n_draws)), axis=0)
        self.before = self._draw(slice(0, n // 2), kind.share)

    def _draw(self, part: slice, share: float) -> Floats:
        sizes = self.sizes[part, 0]
        rng = np.random.default_rng([self.seed, 4, part.start])
        return draw_clustered(rng, np.full(len(sizes), share), sizes, self.kind.design_effect, self.n_draws)

    def score(self, shift: float) -> tuple[Floats, Floats]:
        """Score the series with a shift, in order and in random orders."""
        n = len(self.sizes)
        after = self._draw(slice(n // 2, n), float(np.clip(self.kind.share + shift, 0, 1)))
        hits = np.concatenate([self.before, after])
        mixed = np.take_along_axis(hits, self.orders, axis=0)
        return score_series(hits, self.sizes), score_series(mixed, self.sizes[self.orders, 0])
