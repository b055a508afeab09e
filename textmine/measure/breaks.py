"""Breaks in the shares of concepts over the editions: which, how sure, and in which year."""

import numpy as np
import polars as pl

from textmine.measure.segmentation import MIN_SIZE, segment_series
from textmine.measure.series import adjust_p, iterate_series
from textmine.schema import make_table


def find_breaks(
    prevalence: pl.DataFrame,
    *,
    cost: str = "binomial",
    min_size: int = MIN_SIZE,
    confidence: float = 0.95,
    n_permutations: int = 1999,
    seed: int = 0,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Find the years in which shares of concepts go to another level.

    Method and formula: :func:`textmine.measure.segmentation.segment_series`. False discoveries are controlled over
    the series of each language (Benjamini and Hochberg 1995).

    Parameters
    ----------
    prevalence : polars.DataFrame
        Table ``prevalence``, of :func:`textmine.measure.prevalence.measure_prevalence`.
    cost : {'binomial', 'gaussian'}
    min_size : int
        Editions on each side of a break, at least.
    confidence : float
        Of the set of years.
    n_permutations : int
        The smallest p-value is one of so many and one: more series ask for more.
    seed : int

    Returns
    -------
    segmentations : polars.DataFrame
        Table ``segmentations``, a row a series: ``p`` of any break at all; ``missing`` years without an edition
        between the first and the last; ``dispersion`` is what editions vary beyond chance draws.
    breaks : polars.DataFrame
        Table ``breaks``, a row a break that the penalty keeps, significant or not: ``edition`` is the first of the
        new level and ``previous`` the one before it, ``likely`` the editions that may be the first of the new level.
        ``q`` is the larger of ``p`` and the series' q.
    """
    series_rows: list[dict[str, object]] = []
    found = []
    for series in iterate_series(prevalence):
        result = segment_series(
            series.hits,
            series.sizes,
            cost=cost,
            min_size=min_size,
            confidence=confidence,
            n_permutations=n_permutations,
            seed=seed,
        )
        years = series.editions.tolist()
        row: dict[str, object] = {
            **series.key,
            "n_editions": len(years),
            "missing": sorted(set(range(years[0], years[-1])) - set(years)),
            "cost": cost,
            "score": result.score if np.isfinite(result.score) else None,
            "dispersion": result.dispersion,
            "n_breaks": len(result.breaks),
            "p": result.p,
            "exact": result.exact,
        }
        series_rows.append(row)
        found.append((series, result, row))
    adjust_p(series_rows, "p", "q")
    break_rows: list[dict[str, object]] = []
    for series, result, row in found:
        edges = [0, *(each.position for each in result.breaks), len(series.editions)]
        levels = np.add.reduceat(series.hits, edges[:-1]) / np.add.reduceat(series.sizes, edges[:-1])
        for i, each in enumerate(result.breaks):
            break_rows.append(
                {
                    **series.key,
                    "edition": int(series.editions[each.position]),
                    "previous": int(series.editions[each.position - 1]),
                    "likely": [int(series.editions[place]) for place in each.likely],
                    "share_before": float(levels[i]),
                    "share_after": float(levels[i + 1]),
                    "change": float(levels[i + 1] - levels[i]),
                    "p": each.p,
                    "q": max(each.p, float(str(row["q"]))),
                    "confidence": confidence,
                }
            )
    return make_table("segmentations", series_rows), make_table("breaks", break_rows)
