"""The clickable trend: a small widget of our own on anywidget, everything it needs in it, nothing from a network."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import polars as pl
import traitlets

_HERE = Path(__file__).parent


class TrendChart(anywidget.AnyWidget):
    """Lines with intervals; ``picked`` is the point that was clicked: ``concept`` and ``year``, or empty."""

    _esm: ClassVar[str] = (_HERE / "chart.js").read_text(encoding="utf-8")
    _css: ClassVar[str] = (_HERE / "chart.css").read_text(encoding="utf-8")
    series: traitlets.List[Any] = traitlets.List().tag(sync=True)
    years = traitlets.List([2000, 2001]).tag(sync=True)
    title = traitlets.Unicode("").tag(sync=True)
    picked = traitlets.Dict().tag(sync=True)

    def draw(self, shares: pl.DataFrame, labels: Mapping[str, str], years: Sequence[int]) -> None:
        """Draw a table ``shares`` with what to write for each concept, from the first year to the last."""
        n = shares["concept"].n_unique()
        with self.hold_sync():
            self.years = list(years)
            self.title = f"Share of paragraphs, {n} concept{'s' if n != 1 else ''}; each point opens its paragraphs"
            self.series = chart_series(shares, labels)


def chart_series(shares: pl.DataFrame, labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what the chart draws of a table ``shares``: a line for each concept and language.

    Parameters
    ----------
    shares : polars.DataFrame
    labels : mapping of str to str
        What to write for each concept.
    """
    series: list[dict[str, Any]] = []
    lines = shares.partition_by("concept", "lang", as_dict=True, maintain_order=True)
    for (concept, lang), part in lines.items():
        name = f"{labels.get(concept, concept)}, {lang}"
        points = [
            {
                "year": row["edition"],
                "share": row["share"],
                "low": row["low"],
                "high": row["high"],
                "label": f"{name}, {row['edition']}: {row['share']:.1%} ({row['low']:.1%} to {row['high']:.1%}), "
                f"{row['n_tagged']} of {row['n_paragraphs']} paragraphs",
            }
            for row in part.sort("edition").iter_rows(named=True)
        ]
        series.append({"concept": concept, "lang": lang, "label": name, "points": points})
    return series
