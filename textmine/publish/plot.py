"""Figures of shares: one edition at a glance, and how shares move over the editions.

A ``plot_*`` function draws a frame into axes and computes nothing; a ``draw_*`` function lays out a whole figure.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import polars as pl
from matplotlib.ticker import MaxNLocator

from textmine.errors import ContractError, UnknownOptionError
from textmine.publish.controls import show_controls
from textmine.publish.figure import NARROW, TWO_COLUMNS, DisplayFigure, figure_style, room_for, wrap_text
from textmine.publish.words import word
from textmine.schema import LANGUAGES, check_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARK = "#0072B2"
QUIET = "#8A8A8A"
#: Colour and marker per language of the text, told apart in greyscale by the marker.
SERIES = {"zh": ("#D55E00", "o"), "en": ("#0072B2", "s")}
MAX_YEAR_TICKS = 4
#: Inches that a figure of shares needs for its title and the text of its axis, and a line or two of concepts.
MIN_HEIGHT = 1.25


def plot_shares(shares: pl.DataFrame, *, ax: "Axes", labels: Mapping[str, str], lang: str = "en") -> "Axes":
    """Draw the shares of one edition as dots with intervals, the largest at the top.

    Parameters
    ----------
    shares : polars.DataFrame, shape (n_concepts, ...)
        Table ``shares`` of one edition in one language.
    ax : matplotlib.axes.Axes
    labels : mapping of str to str
        What to write for each concept id.
    lang : {'en', 'zh'}
        Language of the axis.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ContractError
        When the frame holds no row, more than one edition, language, scheme, kind of evidence or confidence, or a
        concept twice.
    """
    check_table(shares, "shares")
    if shares.height == 0 or shares.select("edition", "lang").n_unique() != 1:
        raise ContractError("plot_shares draws one edition in one language; filter the shares first")
    _check_one_kind(shares, "plot_shares", each=["concept"])
    rows = shares.sort(["share", "concept"], descending=[False, True]).to_dicts()
    for y, row in enumerate(rows):
        low, share, high = (100 * float(row[key]) for key in ("low", "share", "high"))
        ax.plot([low, high], [y, y], color=QUIET, linewidth=1.6, solid_capstyle="butt", zorder=1)
        ax.plot([share], [y], marker="o", color=MARK, linestyle="none", zorder=2)
        ax.annotate(
            f"{share:.1f}  ({row['n_tagged']})",
            (high, y), xytext=(4, 0), textcoords="offset points", va="center", fontsize=7, color="#333333",
        )  # fmt: skip
    ax.set_yticks(range(len(rows)), [show_controls(labels.get(row["concept"], row["concept"])) for row in rows])
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_xlim(0, max(100 * float(row["high"]) for row in rows) * 1.14)
    ax.tick_params(axis="y", length=0)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True, steps=[1, 2, 5, 10]))
    ax.set_xlabel(f"{describe_shares(shares, lang)}{word('count_note', lang)}", linespacing=1.5)
    return ax


def describe_shares(shares: pl.DataFrame, lang: str) -> str:
    """Say what an axis of shares shows: unit, number of paragraphs, interval and method."""
    n = shares["n_paragraphs"].to_list()
    methods = [word(method, lang) for method in shares["method"].unique().sort()]
    return (
        word("share_axis", lang)
        + "\n"
        + word("share_note", lang).format(
            n=f"{min(n)}" if min(n) == max(n) else f"{min(n)}–{max(n)}",
            confidence=f"{100 * max(shares['confidence'].to_list()):g}",
            methods=word("method_join", lang).join(methods),
        )
    )


def plot_share_trend(
    shares: pl.DataFrame, *, ax: "Axes", title: str = "", breaks: Sequence[tuple[str, int]] = ()
) -> "Axes":
    """Draw one concept's share over the editions, one line for each language of the text, intervals as bars.

    Parameters
    ----------
    shares : polars.DataFrame
        Table ``shares`` of one concept; one row per edition and language.
    ax : matplotlib.axes.Axes
    title : str
    breaks : sequence of (str, int)
        Language of the text and first edition of a new level: a dotted line before it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ContractError
        When the frame holds no row, more than one concept, scheme, kind of evidence or confidence, or an edition in
        one language twice.
    """
    check_table(shares, "shares")
    if shares.select("scheme", "concept").n_unique() != 1:
        raise ContractError("plot_share_trend draws one concept; filter the shares first")
    _check_one_kind(shares, "plot_share_trend", each=["edition", "lang"])
    languages = sorted(shares["lang"].unique())
    for i, text_lang in enumerate(languages):
        part = shares.filter(pl.col("lang") == text_lang).sort("edition")
        colour, marker = SERIES[text_lang]
        shift = 0.24 * (i - (len(languages) - 1) / 2)  # so that the intervals of two languages don't hide each other
        years = [year + shift for year in part["edition"]]
        share, low, high = (100 * part[key].to_numpy() for key in ("share", "low", "high"))
        ax.vlines(years, low, high, color=colour, linewidth=0.9, alpha=0.35)
        ax.plot(years, share, marker=marker, markersize=2.6, linewidth=0.9, color=colour, label=text_lang)
    for text_lang, edition in breaks:
        shift = 0.12 if text_lang == languages[-1] else -0.12
        ax.axvline(edition - 0.5 + shift, color=SERIES[text_lang][0], linewidth=0.9, linestyle=":")
    ax.set_title(show_controls(title))
    ax.xaxis.set_major_locator(MaxNLocator(nbins=MAX_YEAR_TICKS, integer=True))
    ax.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True, steps=[1, 2, 5, 10]))
    ax.grid(axis="y")
    return ax


def draw_shares(
    shares: pl.DataFrame, *, labels: Mapping[str, str], title: str = "", lang: str = "en", width: float = TWO_COLUMNS
) -> DisplayFigure:
    """Return a figure of one edition's shares; see :func:`plot_shares`."""
    _check_language(lang)
    with figure_style():
        height = max(MIN_HEIGHT, (0.55 if width >= NARROW else 1.5) + 0.185 * shares.height)
        figure = DisplayFigure(figsize=(width, height))
        ax = plot_shares(shares, ax=figure.add_subplot(), labels=labels, lang=lang)
        ax.set_title(show_controls(title))
        if width < NARROW:  # what is said below and above has the whole width, in lines that fit
            room = room_for(width, lang)
            figure.supxlabel(wrap_text(ax.get_xlabel().replace("\n", " "), room + 6, lang), fontsize=7, linespacing=1.4)
            figure.suptitle(wrap_text(show_controls(title), room, lang), x=0.01, ha="left", fontsize=8.5)
            ax.set(xlabel="", title="")
        figure.draw_without_rendering()
    return figure


def draw_share_trends(
    shares: pl.DataFrame,
    *,
    concepts: Sequence[str],
    labels: Mapping[str, str],
    title: str = "",
    lang: str = "en",
    width: float = TWO_COLUMNS,
    n_columns: int = 4,
    breaks: Mapping[str, Sequence[tuple[str, int]]] | None = None,
) -> DisplayFigure:
    """Return a figure with a panel for each concept; the panels of a row have the same scale.

    Parameters
    ----------
    shares : polars.DataFrame
        Table ``shares`` of one scheme over several editions.
    concepts : sequence of str
        Panels in reading order.
    labels : mapping of str to str
        Panel title for each concept id.
    title : str
    lang : {'en', 'zh'}
        Language of titles and axes.
    width : float
        In inches.
    n_columns : int
    breaks : mapping of str to sequence of (str, int), optional
        For each concept the language of the text and the first edition of a new level, which a dotted line marks.

    Raises
    ------
    ContractError
        When no concept is given, or as :func:`plot_share_trend` does.
    """
    _check_language(lang)
    if not concepts:
        raise ContractError("draw_share_trends needs at least one concept")
    with figure_style():
        n_rows = -(-len(concepts) // n_columns)
        heading = wrap_text(show_controls(title), room_for(width, lang), lang)
        figure = DisplayFigure(figsize=(width, 0.95 + 1.15 * n_rows + 0.3 * heading.count("\n")))
        axes = figure.subplots(n_rows, n_columns, sharex=True, sharey="row", squeeze=False)
        for ax, concept in zip(axes.flat, concepts, strict=False):
            own = shares.filter(pl.col("concept") == concept)
            plot_share_trend(own, ax=ax, title=labels.get(concept, concept), breaks=(breaks or {}).get(concept, ()))
        for ax in axes.flat[len(concepts) :]:
            ax.set_axis_off()
        for ax in axes.flat[max(0, len(concepts) - n_columns) : len(concepts)]:
            ax.tick_params(labelbottom=True)
        for i, row in enumerate(axes):
            drawn = shares.filter(pl.col("concept").is_in(concepts[i * n_columns : (i + 1) * n_columns]))
            row[0].set_ylim(0, 105 * max(drawn["high"].to_list()))
        handles = {str(line.get_label()): line for ax in axes.flat for line in ax.get_lines()}
        names = [name for name in sorted(handles) if name in SERIES]  # marks of breaks have no name
        figure.legend(
            [handles[name] for name in names],
            [word(f"text_{name}", lang) for name in names],
            title=heading or None,
            title_fontsize=8.5,
            alignment="left",
            loc="outside upper left",
            ncols=len(names),
        )
        note = describe_shares(shares, lang).split("\n")[1] + (word("row_note", lang) if n_rows > 1 else "")
        note = wrap_text(note, int(1.12 * room_for(width, lang)), lang)
        figure.supxlabel(f"{word('edition_axis', lang)}\n{note}", fontsize=7.5, linespacing=1.5)
        figure.supylabel(word("share_axis", lang), fontsize=8)
        figure.draw_without_rendering()
    return figure


def _check_one_kind(shares: pl.DataFrame, function: str, *, each: Sequence[str]) -> None:
    """Refuse shares that can't be told apart once they are drawn."""
    for column in ("scheme", "evidence", "confidence"):
        values = shares[column].unique().sort().to_list()
        if len(values) > 1:
            found = ", ".join(map(str, values))
            raise ContractError(f"{function} draws one {column}, and there are {found}; filter the shares first")
    twice = shares.filter(shares.select(each).is_duplicated())
    if twice.height:
        raise ContractError(f"{function}: {' '.join(map(str, twice.select(each).row(0)))} is there more than once")


def _check_language(lang: str) -> None:
    if lang not in LANGUAGES:
        raise UnknownOptionError("language", lang, LANGUAGES)
