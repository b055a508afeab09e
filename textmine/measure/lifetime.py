"""The life of a concept in the editions: when it is first seen, is at its peak, has halved, and is seen last."""

import numpy as np
import polars as pl

from textmine.measure.series import Series, iterate_series
from textmine.schema import make_table


def measure_lifetimes(prevalence: pl.DataFrame) -> pl.DataFrame:
    """Measure the life of each concept: first and last edition, peak, rise and half-life.

    Parameters
    ----------
    prevalence : polars.DataFrame
        Table ``prevalence``.

    Returns
    -------
    polars.DataFrame
        Table ``lifetimes``, a row a series; years are null where no edition has the concept.

        ``first`` and ``last`` are editions with at least one tagged paragraph: what a single paragraph decides. A
        concept whose ``first`` is the first edition there is may be older, and one whose ``last`` is the last edition
        (``lasts``) may go on. ``peak`` is the first edition of the largest share, and ``rivals`` the others that may
        be the peak, as their interval reaches into the peak's. ``rise`` is the number of years from ``first`` to
        ``peak``, ``half_life`` that from the peak to the first edition after it with at most half its share; null
        where there is none: the half-life is then longer than the editions tell. ``recovers`` says that a later
        edition is above half again.
    """
    return make_table("lifetimes", [{**series.key, **_describe(series)} for series in iterate_series(prevalence)])


def _describe(series: Series) -> dict[str, object]:
    years, shares = series.editions, series.shares
    present = np.flatnonzero(series.tagged > 0)
    row: dict[str, object] = dict.fromkeys(
        ("first", "last", "peak", "peak_share", "peak_low", "peak_high", "rise", "half_life", "recovers", "lasts")
    )
    row |= {"n_editions": len(years), "n_present": len(present), "rivals": []}
    if not len(present):
        return row
    peak = int(np.argmax(np.round(shares, 12)))
    rivals = [int(years[i]) for i in np.flatnonzero(series.high >= series.low[peak]) if i != peak]
    below = peak + 1 + np.flatnonzero(shares[peak + 1 :] <= shares[peak] / 2 + 1e-12)
    row |= {
        "first": int(years[present[0]]),
        "last": int(years[present[-1]]),
        "peak": int(years[peak]),
        "peak_share": float(shares[peak]),
        "peak_low": float(series.low[peak]),
        "peak_high": float(series.high[peak]),
        "rivals": rivals,
        "rise": int(years[peak] - years[present[0]]),
        "lasts": bool(present[-1] == len(years) - 1),
    }
    if len(below):
        row |= {
            "half_life": int(years[below[0]] - years[peak]),
            "recovers": bool(len(below) < len(years) - below[0]),
        }
    return row
