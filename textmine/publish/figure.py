"""One style for all figures, and figures as files: PDF, SVG, PNG and the data, the same bytes every time."""

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from pathlib import Path

import matplotlib as mpl
import polars as pl
from matplotlib import font_manager
from matplotlib.figure import Figure

from textmine.atomic import write_bytes
from textmine.publish.tables import write_csv

STYLE = Path(__file__).with_name("textmine.mplstyle")
#: Journal column widths in inches.
ONE_COLUMN, TWO_COLUMNS = 3.35, 6.9
#: Narrower figures are for one column.
NARROW = 5.0
# Characters of a title that fit into an inch at its size.
_PER_INCH = {"en": 16.5, "zh": 8.5}

# Without these the files carry the time and the versions that made them.
_METADATA: dict[str, dict[str, str | None]] = {
    "pdf": {"CreationDate": None, "ModDate": None, "Producer": None, "Creator": None},
    "svg": {"Date": None, "Creator": None},
    "png": {"Software": None},
}


class DisplayFigure(Figure):
    """A figure that shows itself in a notebook without pyplot, whose global state no library should touch."""

    def _repr_png_(self) -> bytes:
        buffer = BytesIO()
        with figure_style():
            self.savefig(buffer, format="png", dpi=mpl.rcParams["figure.dpi"], metadata=_METADATA["png"])
        return buffer.getvalue()


@contextmanager
def figure_style() -> Iterator[None]:
    """Draw in textmine's style, with its Chinese face, and leave matplotlib as it was.

    Examples
    --------
    >>> with figure_style():
    ...     mpl.rcParams["font.family"]
    ['Noto Sans SC', 'DejaVu Sans']
    """
    _register_font()
    with mpl.rc_context(fname=STYLE):
        yield


def save_figure(figure: Figure, data: pl.DataFrame, path: str | Path) -> list[Path]:
    """Save a figure as PDF, SVG and PNG with its data beside it.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Drawn within :func:`figure_style`.
    data : polars.DataFrame
        What the figure shows, one row per mark.
    path : str or Path
        Without suffix, or with one that is replaced.

    Returns
    -------
    list of Path
        The files written: ``.pdf``, ``.svg``, ``.png``, ``.csv``.
    """
    path = Path(path)
    return [*save_pictures(figure, path), write_csv(data, path.with_suffix(".csv"))]


def save_pictures(figure: Figure, path: str | Path) -> list[Path]:
    """Save a figure as PDF, SVG and PNG and return the files; see :func:`save_figure`."""
    path = Path(path)
    written = []
    with figure_style():
        for kind, metadata in _METADATA.items():
            # In memory first: where a device is full, matplotlib would leave the file open that it writes to.
            buffer = BytesIO()
            figure.savefig(buffer, format=kind, metadata=metadata)
            written.append(write_bytes(path.with_suffix(f".{kind}"), buffer.getvalue()))
    return written


def room_for(width: float, lang: str) -> int:
    """Return how many characters of a title fit into a figure of a width in inches."""
    return int(_PER_INCH[lang] * width)


def wrap_text(text: str, room: int, lang: str) -> str:
    r"""Break a line where it may break: English between words, Chinese after any character but before punctuation.

    Examples
    --------
    >>> wrap_text("甲乙，丙丁", 2, "zh")
    '甲乙，\n丙丁'
    """
    if lang == "en":
        return "\n".join(textwrap.wrap(text, room))
    lines: list[str] = [""]
    for character in text:
        if len(lines[-1]) >= room and character not in "，。；：）、":
            lines.append("")
        lines[-1] += character
    return "\n".join(lines)


@cache
def _register_font() -> None:
    """Make the CJK face that ships with the install known to matplotlib."""
    import pylopdf_fonts_zh_cn

    folder = Path(pylopdf_fonts_zh_cn.__file__).parent
    font_manager.fontManager.addfont(folder / "NotoSansSC-Regular.otf")
