"""Which line of a PDF is what, by its size, font and place: heading, paragraph's start, footnote, text or furniture."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from textmine.reports.layout import FootnoteBlock, Layout
from textmine.reports.lines import Line
from textmine.reports.markers import Marker
from textmine.reports.numbering import Link, chain_numbers
from textmine.reports.pdf_columns import find_gutter, order_lines
from textmine.reports.pdf_furniture import split_furniture
from textmine.reports.pdf_glyphs import Glyph, PageGlyphs
from textmine.reports.pdf_headings import OTHER_SIZE, SetHeadings, find_headings
from textmine.reports.pdf_lines import SMALL, PageLine, PlacedLine, find_runs
from textmine.reports.pdf_spacing import is_wide, learn_spacing
from textmine.reports.starts import find_paragraph_starts

#: Footnotes are set in at most this share of the body's size.
_FOOTNOTE_SIZE = 0.95
#: A heading is set in another font, or in more than this times the body's size.
_HEADING_SIZE = 1.04
#: Share of a line's characters that must be set so.
_MOST = 0.7
#: A line is set off from the line above when its distance is more than this many usual ones.
_SET_OFF = 1.2
#: Small print this many times its size below a footnote's line does not go on with it.
_FAR = 2.5
_MOST_DIGITS = 3
_NUMBERED_NOTE = re.compile(r"(\d{1,3})(?:\s|(?=[^\s\d.,%/:)\]–-]))")


@dataclass(slots=True)
class PdfLayout:
    """A PDF's lines, taken apart; lines are numbered page by page, ``per_page`` numbers each."""

    layout: Layout
    markers: dict[int, list[Marker]]  # number of a line -> markers in it
    headings: SetHeadings
    stray: list[tuple[Line, int]] = field(default_factory=list)  # raised numbers without a footnote
    unnumbered: list[Line] = field(default_factory=list)  # text below a heading, without a number
    left_out: list[Line] = field(default_factory=list)  # small print that belongs to nothing
    per_page: int = 1000

    def page_of(self, line: int) -> int:
        """Return the page of a line, from its number."""
        return line // self.per_page


def lay_out(pages: Sequence[PageGlyphs]) -> PdfLayout:
    """Take a PDF's characters apart into the parts of a report.

    Parameters
    ----------
    pages : sequence of PageGlyphs
        As :func:`textmine.reports.pdf_glyphs.read_glyphs` gives them.

    Returns
    -------
    PdfLayout
        Every line is in exactly one of its parts.
    """
    runs = [find_runs(page) for page in pages]
    furniture = split_furniture(pages, runs)
    gutter = find_gutter(pages, runs)
    spacing = learn_spacing(pages)
    per_page = 1000
    placed: list[PlacedLine] = []
    out: list[Line] = []
    for page, present, gone in zip(pages, runs, furniture, strict=True):
        out += [
            Line(page.number * per_page, origin.text, indented=False, after_blank=True)
            for origin in order_lines(page, gone, None, spacing=spacing)
        ]
        placed += _number_lines(order_lines(page, present, gutter, spacing=spacing), page.number, per_page)
    return _Sorter(placed, out, per_page).sort()


def _number_lines(origins: Sequence[PageLine], page: int, per_page: int) -> Iterator[PlacedLine]:
    """Give a page's lines numbers that leave some out where a gap is wide or the size changes, as blank lines would."""
    extents: dict[int, tuple[float, float]] = {}
    for origin in origins:
        left, right = extents.get(origin.region, (origin.x0, origin.x1))
        extents[origin.region] = min(left, origin.x0), max(right, origin.x1)
    number = page * per_page
    for i, origin in enumerate(origins):
        above = origins[i - 1] if i else None
        number += 1
        if above is not None and origin.y < above.y:
            number += min(3, max(0, round((above.y - origin.y) / (1.35 * max(origin.size, above.size))) - 1))
            number += 3 * (abs(above.size - origin.size) > OTHER_SIZE * origin.size)
        number = min(number, (page + 1) * per_page - len(origins) + i)
        first = above is None or above.region != origin.region
        left, right = extents[origin.region]
        line = Line(number, origin.text, indented=False, after_blank=first)
        yield PlacedLine(line, origin, left=left, width=right - left, first=first)


class _Sorter:
    """Sorts the lines of one document into the parts of a layout."""

    def __init__(self, placed: list[PlacedLine], furniture: list[Line], per_page: int) -> None:
        self.placed = placed
        self.result = PdfLayout(Layout(furniture=furniture), {}, SetHeadings(frozenset()), per_page=per_page)
        glyphs = [glyph for item in placed for glyph in item.origin.glyphs if not glyph.text.isspace()]
        sizes = Counter(round(glyph.size * 4) / 4 for glyph in glyphs)
        self.size = max(sizes, key=lambda size: (sizes[size], size), default=10.0)
        fonts = Counter((is_wide(g.text), g.font) for g in glyphs if abs(g.size - self.size) < 0.3)
        self.fonts = {
            wide: max((font for w, font in fonts if w == wide), key=lambda font: (fonts[wide, font], font), default="")
            for wide in (False, True)
        }
        steps = [
            a.origin.y - b.origin.y
            for a, b in pairwise(placed)
            if not b.first and abs(a.origin.size - self.size) < 0.3 and abs(b.origin.size - self.size) < 0.3
        ]
        self.step = median(steps) if steps else 1.3 * self.size

    def sort(self) -> PdfLayout:
        """Return the layout."""
        for above, item in zip([None, *self.placed], self.placed, strict=False):
            item.distinct = self._is_distinct(item.origin)
            if above is not None and not item.first:
                step = self.step * max(1.0, item.origin.size / self.size)
                item.line.after_blank = above.origin.y - item.origin.y > _SET_OFF * step
        body = self._take_footnotes()
        self._find_starts(body)
        self.result.headings = find_headings(body, frozenset(self.result.layout.starts))
        self._find_unnumbered(body)
        self._find_markers(body)
        return self.result

    def _is_distinct(self, origin: PageLine) -> bool:
        glyphs = [g for g in origin.glyphs if not g.text.isspace() and g.size >= SMALL * origin.size]
        marked = sum(self._differs(glyph) for glyph in glyphs)
        if glyphs and glyphs[0].text.isdigit() and not self._differs(glyphs[0]):  # a paragraph that begins in bold
            return False
        return origin.size > _FOOTNOTE_SIZE * self.size and marked > _MOST * len(glyphs)

    def _differs(self, glyph: Glyph) -> bool:
        return glyph.size > _HEADING_SIZE * self.size or glyph.font != self.fonts[is_wide(glyph.text)]

    def _take_footnotes(self) -> list[PlacedLine]:
        """Take the blocks of small print at the foot of each column out and sort them into footnotes."""
        blocks: list[list[PlacedLine]] = []
        body: list[PlacedLine] = []
        columns: list[list[PlacedLine]] = []
        for item in self.placed:
            if item.first:
                columns.append([])
            columns[-1].append(item)
        for column in columns:
            foot = len(column)
            while foot and column[foot - 1].origin.size < _FOOTNOTE_SIZE * self.size:
                foot -= 1
            if foot < len(column) and self._is_above_text(column[foot]):
                foot = len(column)
            body += column[:foot]
            blocks.append(column[foot:])
        small = [item for block in blocks for item in block]
        found = [(i, start) for i, item in enumerate(small) if (start := _note_start(item))]
        starts = {link.place: link.number for link in chain_numbers(Link(n, i, score) for i, (n, score) in found)}
        notes = self.result.layout.footnotes
        for i, (above, item) in enumerate(zip([None, *small], small, strict=False)):
            gap = above.origin.y - item.origin.y if above and not item.first else 0.0
            if i in starts:
                notes.append(FootnoteBlock(starts[i], [item.line]))
            elif notes and not item.line.text.startswith("*") and gap <= _FAR * item.origin.size:
                notes[-1].lines.append(item.line)
            else:
                self.result.left_out.append(item.line)
        return body

    def _is_above_text(self, item: PlacedLine) -> bool:
        """Tell whether larger print stands below a line on its page: then the line is not at the foot."""
        top = item.origin
        return any(
            other.origin.page == top.page
            and other.origin.y < top.y
            and other.origin.size >= _FOOTNOTE_SIZE * self.size
            and other.origin.x0 < top.x1
            and other.origin.x1 > top.x0
            for other in self.placed
        )

    def _find_starts(self, body: Sequence[PlacedLine]) -> None:
        plain = [item.line for item in body if not item.distinct]
        starts, self.result.layout.unplaced = find_paragraph_starts(plain)
        layout = self.result.layout
        layout.starts = {plain[place].number: number for place, number in starts.items()}
        first = next((i for i, item in enumerate(body) if item.line.number in layout.starts), len(body))
        layout.front = [item.line for item in body[:first]]
        layout.pages = [([item.line for item in body[first:]], [])]

    def _find_unnumbered(self, body: Sequence[PlacedLine]) -> None:
        """Find the lines that follow a heading and no number: they belong to no paragraph."""
        started = below = False
        for item in body:
            number = item.line.number
            started |= number in self.result.layout.starts
            below = number not in self.result.layout.starts and (below or number in self.result.headings.headings)
            if started and below and number not in self.result.headings.headings:
                self.result.unnumbered.append(item.line)

    def _find_markers(self, body: Sequence[PlacedLine]) -> None:
        """Find the markers: raised numbers that rise one by one."""
        notes = {block.number for block in self.result.layout.footnotes}
        spans = [(item, *span) for item in body for span in item.origin.raised]
        links = []
        for i, (item, start, end) in enumerate(spans):
            digits = item.line.text[start:end]
            links += [Link(int(digits), i, 1.0)] if len(digits) <= _MOST_DIGITS else []
        chain = {link.place: link.number for link in chain_numbers(links) if link.number in notes}
        for i, (item, start, end) in enumerate(spans):
            if i in chain:
                found = self.result.markers.setdefault(item.line.number, [])
                found.append(Marker(chain[i], item.line.number, start, end))
            else:
                self.result.stray.append((item.line, int(item.line.text[start:end])))


def _note_start(item: PlacedLine) -> tuple[int, float] | None:
    """Return the number that a line of small print begins with, and how much speaks for a footnote's start."""
    if item.origin.raised and item.origin.raised[0][0] == 0:
        digits = item.line.text[: item.origin.raised[0][1]]
        return (int(digits), 1.0) if len(digits) <= _MOST_DIGITS else None
    match = _NUMBERED_NOTE.match(item.line.text)
    return (int(match[1]), 0.4) if match else None
