"""Series of shares made by hand, as the tables that the tests of change take."""

from collections.abc import Sequence

import polars as pl

from textmine.measure.intervals import WILSON, wilson_bounds
from textmine.schema import make_table


def make_prevalence(
    hits: Sequence[float],
    sizes: Sequence[int] | int = 40,
    *,
    concept: str = "cloud",
    lang: str = "en",
    first: int = 2008,
    years: Sequence[int] | None = None,
    effect: float | None = None,
) -> pl.DataFrame:
    """Return the shares of one concept, an edition a year."""
    each = [sizes] * len(hits) if isinstance(sizes, int) else sizes
    when = years if years is not None else range(first, first + len(hits))
    rows = []
    for year, hit, size in zip(when, hits, each, strict=True):
        low, high = wilson_bounds(hit / size, size)
        rows.append(
            {
                "edition": year,
                "lang": lang,
                "scheme": "trend",
                "concept": concept,
                "evidence": "any",
                "unit": "paragraphs",
                "by": "",
                "group": "",
                "n_paragraphs": size,
                "n_tagged": float(hit),
                "n_sections": 5,
                "tagged": hit / size,
                "share": hit / size,
                "low": float(low),
                "high": float(high),
                "confidence": 0.95,
                "design_effect": effect,
                "method": WILSON,
            }
        )
    return make_table("prevalence", rows)
