"""Parts that figures of different kinds share: the title, places behind a mark, dots with intervals."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import polars as pl
from matplotlib.figure import Figure

from textmine.publish.figure import room_for, wrap_text
from textmine.publish.recipe import View

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, QUIET = "#0072B2", "#8A8A8A"


def write_title(figure: Figure, view: View, *parts: str) -> None:
    """Write the title of a figure, and below it which corpora it draws from, in lines that fit its width."""
    comma = ", " if view.lang == "en" else "，"
    lines = [comma.join(part for part in parts if part), view.name_corpora()]
    lines = [line[:1].upper() + line[1:] for line in lines if line]
    room = room_for(view.width, view.lang)
    text = "\n".join(wrap_text(line, room, view.lang) for line in lines)
    figure.suptitle(text, x=0.01, ha="left", fontsize=8.5, linespacing=1.4)


def whole_paragraphs(frame: pl.DataFrame) -> pl.DataFrame:
    """Return evidence that is whole paragraphs: with ``text_lang`` from ``lang`` where it lacks, no start and end."""
    text_lang = "text_lang" if "text_lang" in frame.columns else "lang"
    return frame.with_columns(text_lang=pl.col(text_lang), start=pl.lit(None), end=pl.lit(None))


def plot_dots(
    ax: "Axes",
    rows: Sequence[tuple[float, float | None, float | None]],
    *,
    colour: str = INK,
    marker: str = "o",
    shift: float = 0.0,
    label: str | None = None,
) -> None:
    """Draw a dot with its interval for each row (value, low, high), the first at the top."""
    for i, (_, low, high) in enumerate(rows):
        if low is not None and high is not None:
            ax.plot([low, high], [-i + shift] * 2, color=QUIET, linewidth=1.4, solid_capstyle="butt", zorder=1)
    ax.plot(
        [value for value, _, _ in rows], [-i + shift for i in range(len(rows))], marker=marker, color=colour,
        linestyle="none", zorder=2, label=label,
    )  # fmt: skip


def name_rows(ax: "Axes", labels: Sequence[str]) -> None:
    """Name the rows that :func:`plot_dots` drew."""
    ax.set_yticks([-i for i in range(len(labels))], labels)
    ax.set_ylim(-len(labels) + 0.4, 0.6)
    ax.tick_params(axis="y", length=0)
