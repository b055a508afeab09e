"""Plain text as PDF extraction leaves it becomes a Report."""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain
from statistics import quantiles

from textmine.errors import SourceError
from textmine.reports.assemble import Assembler
from textmine.reports.headings import HeadingLine, group_headings, split_headings
from textmine.reports.layout import Layout, split_layout
from textmine.reports.lines import Line
from textmine.reports.markers import Marker, find_markers
from textmine.reports.model import Heading, Paragraph, ReadWarning, Report
from textmine.reports.reader_warnings import warn_of_lone_headings
from textmine.reports.source import SourceText

_LONE_NUMBER = re.compile(r"\d{1,3}(?=\s|$)")


@dataclass(frozen=True, slots=True)
class TextHeadings:
    """Headings as plain text shows them: by labels, by the ends of sentences and by lines that are not full."""

    width: int
    starts: AbstractSet[int]  # lines on which paragraphs begin

    def split(self, lines: Sequence[HeadingLine]) -> int:
        """Return how many of the lines after a paragraph number belong to the paragraph; the rest are headings."""
        front = bool(lines) and lines[0].line not in self.starts
        return split_headings(lines, self.width, front=front)

    def group(self, lines: Sequence[HeadingLine]) -> list[list[HeadingLine]]:
        """Group heading lines into headings."""
        return group_headings(lines, self.width)

    def warn(self, headings: Sequence[Heading], paragraphs: Sequence[Paragraph]) -> Iterator[ReadWarning]:
        """Yield a warning for each heading that may be a part of another."""
        return warn_of_lone_headings(headings, {paragraph.heading for paragraph in paragraphs})

    def level(self, lines: Sequence[HeadingLine]) -> int | None:  # noqa: ARG002
        """Return None: the label decides."""
        return None


def parse_text(source: SourceText, *, lang: str | None = None, year: int | None = None) -> Report:
    """Read a report from plain text as PDF extraction leaves it.

    Parameters
    ----------
    source : SourceText
        As :func:`textmine.reports.source.load_text` gives it.
    lang : {'zh', 'en'}, optional
        Told from the script where left out.
    year : int, optional
        Year of the edition, where neither its cover nor its file name says it.

    Returns
    -------
    Report
        What could not be placed is in its ``warnings``, with line numbers.

    Raises
    ------
    SourceError
        When the text has no numbered paragraph, or its year is unknown.
    """
    layout = split_layout(source.text)
    if not layout.starts:
        raise SourceError(
            f"{source.name}: no numbered paragraph found (a line such as “1. The present report ...”); "
            "this doesn't look like a report of the series"
        )
    markers: dict[int, list[Marker]] = {}
    for page, numbers in layout.pages:
        for marker in find_markers(page, numbers):
            markers.setdefault(page[marker.line].number, []).append(marker)
    assembler = Assembler(
        source, layout, markers, TextHeadings(_full_width(layout), layout.starts.keys()), lang=lang, year=year
    )
    assembler.warnings += _find_stray_numbers(layout, markers)
    return assembler.read()


def _full_width(layout: Layout) -> int:
    """Return the length of a full line: the ninth decile."""
    lengths = [len(line.text) for page, _ in layout.pages for line in page] or [80]
    return int(quantiles(lengths, n=10)[-1]) if len(lengths) > 10 else max(lengths)


def _find_stray_numbers(layout: Layout, markers: dict[int, list[Marker]]) -> Iterator[ReadWarning]:
    """Yield a warning for each lone number that stands like a marker although no footnote of its page has it."""
    before: Line | None = None
    for line in chain.from_iterable(page for page, _ in layout.pages):
        stray = _LONE_NUMBER.match(line.text)
        if stray and line.number not in markers and _looks_like_marker(layout, line, stray, before):
            message = f"number {stray[0]} stands like a footnote marker but no footnote of this page has it"
            yield ReadWarning("stray-number", message, line.number, line.number)
        before = line


def _looks_like_marker(layout: Layout, line: Line, stray: re.Match[str], before: Line | None) -> bool:
    if line.after_blank or line.indented:
        return False
    rest = line.text[stray.end() :].lstrip()
    follows = before is not None and before.text.endswith(("。", "，", ".", ",", "”"))
    return line.number not in layout.starts and (not rest or follows)
