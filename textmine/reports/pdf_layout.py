"""Which line of a PDF is what, by its size, font and place: heading, paragraph's start, footnote, text or furniture."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from textmine.reports.headings import HeadingLine
from textmine.reports.layout import FootnoteBlock, Layout
from textmine.reports.lines import Line, ends_sentence
from textmine.reports.markers import Marker
from textmine.reports.numbering import Link, chain_numbers, read_label
from textmine.reports.pdf_furniture import split_furniture
from textmine.reports.pdf_glyphs import Glyph, PageGlyphs
from textmine.reports.pdf_lines import SMALL, PageLine, find_gutter, find_runs, has_spaces, is_wide, order_lines
from textmine.reports.starts import find_paragraph_starts

#: Footnotes are set in at most this share of the body's size.
_FOOTNOTE_SIZE = 0.95
#: A heading is set in another font, or in more than this times the body's size.
_HEADING_SIZE = 1.04
#: Share of a line's characters that must be set so.
_MOST = 0.7
#: A line is set off from the line above when its distance is more than this many usual ones.
_SET_OFF = 1.2
#: Lines whose sizes differ by more than this share are set in two sizes.
_OTHER_SIZE = 0.08
_NUMBERED_NOTE = re.compile(r"(\d{1,3})(?:\s|(?=[^\s\d.,%/:)\]–-]))")


@dataclass(slots=True)
class PdfLayout:
    """A PDF's lines, taken apart; lines are numbered page by page, ``per_page`` numbers each."""

    layout: Layout
    markers: dict[int, list[Marker]]  # number of a line -> markers in it
    headings: dict[int, int]  # number of a heading line -> heading it belongs to
    levels: dict[int, int]  # heading -> level, where its setting shows it
    stray: list[tuple[Line, int]] = field(default_factory=list)  # raised numbers without a footnote
    left_out: list[Line] = field(default_factory=list)  # small print that belongs to nothing
    per_page: int = 1000

    def page_of(self, line: int) -> int:
        """Return the page of a line, from its number."""
        return line // self.per_page


@dataclass(slots=True)
class _Placed:
    """A line as set and as the assembly reads it."""

    line: Line
    origin: PageLine
    distinct: bool = False  # in another font than the body's, or larger
    first: bool = False  # of its column


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
    spaced = has_spaces(pages)
    per_page = 1000
    placed: list[_Placed] = []
    out: list[Line] = []
    for page, present, gone in zip(pages, runs, furniture, strict=True):
        out += [
            Line(page.number * per_page, origin.text, indented=False, after_blank=True)
            for origin in order_lines(page, gone, None, spaced=spaced)
        ]
        placed += _number_lines(order_lines(page, present, gutter, spaced=spaced), page.number, per_page)
    return _Sorter(placed, out, per_page).sort()


def _number_lines(origins: Sequence[PageLine], page: int, per_page: int) -> Iterator[_Placed]:
    """Give a page's lines numbers that leave some out where a gap is wide or the size changes, as blank lines would."""
    number = page * per_page
    for i, origin in enumerate(origins):
        above = origins[i - 1] if i else None
        number += 1
        if above is not None and origin.y < above.y:
            number += min(3, max(0, round((above.y - origin.y) / (1.35 * max(origin.size, above.size))) - 1))
            number += 3 * (abs(above.size - origin.size) > _OTHER_SIZE * origin.size)
        number = min(number, (page + 1) * per_page - len(origins) + i)
        first = above is None or above.region != origin.region
        yield _Placed(Line(number, origin.text, indented=False, after_blank=first), origin, first=first)


class _Sorter:
    """Sorts the lines of one document into the parts of a layout."""

    def __init__(self, placed: list[_Placed], furniture: list[Line], per_page: int) -> None:
        self.placed = placed
        self.result = PdfLayout(Layout(furniture=furniture), {}, {}, {}, per_page=per_page)
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
        for above, item in zip([None, *self.placed[:-1]], self.placed, strict=True):
            item.distinct = self._is_distinct(item.origin)
            if above is not None and not item.first:
                step = self.step * max(1.0, item.origin.size / self.size)
                item.line.after_blank = above.origin.y - item.origin.y > _SET_OFF * step
        body = self._take_footnotes()
        self._find_starts(body)
        self._find_headings(body)
        self._find_markers(body)
        return self.result

    def _is_distinct(self, origin: PageLine) -> bool:
        glyphs = [g for g in origin.glyphs if not g.text.isspace() and g.size >= SMALL * origin.size]
        marked = sum(self._differs(glyph) for glyph in glyphs)
        return origin.size > _FOOTNOTE_SIZE * self.size and marked > _MOST * len(glyphs)

    def _differs(self, glyph: Glyph) -> bool:
        return glyph.size > _HEADING_SIZE * self.size or glyph.font != self.fonts[is_wide(glyph.text)]

    def _take_footnotes(self) -> list[_Placed]:
        """Take the blocks of small print at the foot of each column out and sort them into footnotes."""
        blocks: list[list[_Placed]] = []
        body: list[_Placed] = []
        columns: list[list[_Placed]] = []
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
        links = [
            Link(int(match[1]), i, score)
            for i, item in enumerate(item for block in blocks for item in block)
            for match, score in _note_starts(item)
        ]
        starts = {link.place: link.number for link in chain_numbers(links)}
        notes = self.result.layout.footnotes
        for i, item in enumerate(item for block in blocks for item in block):
            if i in starts:
                notes.append(FootnoteBlock(starts[i], [item.line]))
            elif notes and not item.line.text.startswith("*"):
                notes[-1].lines.append(item.line)
            else:
                self.result.left_out.append(item.line)
        return body

    def _is_above_text(self, item: _Placed) -> bool:
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

    def _find_starts(self, body: Sequence[_Placed]) -> None:
        plain = [item.line for item in body if not item.distinct]
        starts, self.result.layout.unplaced = find_paragraph_starts(plain)
        layout = self.result.layout
        layout.starts = {plain[place].number: number for place, number in starts.items()}
        first = next((i for i, item in enumerate(body) if item.line.number in layout.starts), len(body))
        layout.front = [item.line for item in body[:first]]
        layout.pages = [([item.line for item in body[first:]], [])]

    def _find_headings(self, body: Sequence[_Placed]) -> None:
        """Find the headings: lines set apart by font or size, each run of one style one heading."""
        styles: dict[int, tuple[float, str, int]] = {}
        labels: dict[int, str] = {}
        above: _Placed | None = None
        for item in body:
            number = item.line.number
            follows = above is not None and above.line.number in self.result.headings
            opens = item.line.after_blank or follows or above is None or read_label(item.line.text) is not None
            if item.first and above is not None and not follows:
                opens = ends_sentence(above.line.text)
            if item.distinct and number not in self.result.layout.starts and opens:
                style = self._style(item.origin)
                heading = self.result.headings[above.line.number] if follows and above else 0
                if not heading or item.line.after_blank or styles[heading] != style or read_label(item.line.text):
                    heading = len(styles) + 1
                    styles[heading] = style
                    labels[heading] = item.line.text
                self.result.headings[number] = heading
            above = item
        self._find_levels(styles, labels)

    def _find_levels(self, styles: dict[int, tuple[float, str, int]], labels: dict[int, str]) -> None:
        """Give a heading without a label the level of the labelled headings that are set like it."""
        levels: dict[tuple[float, str, int], set[int]] = {}
        last: dict[int, int] = {}
        for heading, style in styles.items():
            label = read_label(labels[heading], last)
            if label:
                last = {level: ordinal for level, ordinal in last.items() if level < label.level}
                last[label.level] = label.ordinal
                levels.setdefault(style, set()).add(label.level)
        for heading, style in styles.items():
            if read_label(labels[heading]) is None and len(levels.get(style, ())) == 1:
                (self.result.levels[heading],) = levels[style]

    def _style(self, origin: PageLine) -> tuple[float, str, int]:
        """Size, font and indent: what tells one level of headings from another."""
        fonts = Counter(glyph.font for glyph in origin.glyphs if not glyph.text.isspace())
        left = min(
            item.origin.x0
            for item in self.placed
            if (item.origin.page, item.origin.region) == (origin.page, origin.region)
        )
        return round(origin.size * 2) / 2, max(fonts, key=lambda font: (fonts[font], font)), round(origin.x0 - left)

    def _find_markers(self, body: Sequence[_Placed]) -> None:
        """Find the markers: raised numbers that rise one by one."""
        notes = {block.number for block in self.result.layout.footnotes}
        spans = [(item, *span) for item in body for span in item.origin.raised]
        links = []
        for i, (item, start, end) in enumerate(spans):
            digits = item.line.text[start:end]
            links += [Link(int(digits), i, 1.0)] if len(digits) <= 3 else []
        chain = {link.place: link.number for link in chain_numbers(links) if link.number in notes}
        for i, (item, start, end) in enumerate(spans):
            if i in chain:
                found = self.result.markers.setdefault(item.line.number, [])
                found.append(Marker(chain[i], item.line.number, start, end))
            else:
                self.result.stray.append((item.line, int(item.line.text[start:end])))


def _note_starts(item: _Placed) -> Iterator[tuple[re.Match[str], float]]:
    match = _NUMBERED_NOTE.match(item.line.text)
    if match:
        raised = bool(item.origin.raised) and item.origin.raised[0] == match.span(1)
        yield match, 1.0 if raised else 0.4


@dataclass(frozen=True, slots=True)
class SetHeadings:
    """Headings as they are set in a PDF; see :class:`textmine.reports.assemble.HeadingRules`."""

    headings: dict[int, int]
    levels: dict[int, int]

    def split(self, lines: Sequence[HeadingLine]) -> int:
        """Return how many of the lines after a paragraph number belong to the paragraph."""
        split = len(lines)
        while split and lines[split - 1].line in self.headings:
            split -= 1
        return split

    def group(self, lines: Sequence[HeadingLine]) -> list[list[HeadingLine]]:
        """Group heading lines into headings."""
        groups: dict[int, list[HeadingLine]] = {}
        for line in lines:
            groups.setdefault(self.headings[line.line], []).append(line)
        return list(groups.values())

    def level(self, lines: Sequence[HeadingLine]) -> int | None:
        """Return the level that a heading's setting shows, or None where its label decides."""
        return self.levels.get(self.headings[lines[0].line])
