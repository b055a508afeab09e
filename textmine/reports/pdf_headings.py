"""Headings as they are set in a PDF: by font, size and distance, and as a short line of their own before a number."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from textmine.reports.headings import HeadingLine
from textmine.reports.lines import ends_sentence
from textmine.reports.model import Heading, Paragraph, ReadWarning
from textmine.reports.numbering import read_label
from textmine.reports.pdf_lines import PlacedLine
from textmine.reports.pdf_spacing import is_wide

#: A heading without a font of its own is no longer than this share of its column.
_SHORT = 0.75
#: Sizes that differ by more than this share are two.
OTHER_SIZE = 0.08

Style = tuple[float, str, int]


@dataclass(slots=True)
class SetHeadings:
    """Which lines are headings; see :class:`textmine.reports.assemble.HeadingRules`."""

    starts: frozenset[int]  # numbers of the lines that open a paragraph
    headings: dict[int, int] = field(default_factory=dict)  # number of a line -> heading it belongs to
    levels: dict[int, int] = field(default_factory=dict)  # heading -> level, where its setting shows it

    def split(self, lines: Sequence[HeadingLine]) -> int:
        """Return how many of the lines after a paragraph number belong to the paragraph.

        What follows a heading without a number belongs to no paragraph; before the first one, to the cover.
        """
        if lines[0].line in self.starts:
            return next((i for i, line in enumerate(lines) if line.line in self.headings), len(lines))
        split = len(lines)
        while split and lines[split - 1].line in self.headings:
            split -= 1
        return split

    def group(self, lines: Sequence[HeadingLine]) -> list[list[HeadingLine]]:
        """Group heading lines into headings; lines that are none are left out."""
        groups: dict[int, list[HeadingLine]] = {}
        for line in lines:
            if line.line in self.headings:
                groups.setdefault(self.headings[line.line], []).append(line)
        return list(groups.values())

    def warn(self, headings: Sequence[Heading], paragraphs: Sequence[Paragraph]) -> Iterable[ReadWarning]:  # noqa: ARG002
        """Return nothing: the setting shows where a heading ends."""
        return ()

    def level(self, lines: Sequence[HeadingLine]) -> int | None:
        """Return the level that a heading's setting shows, or None where its label decides."""
        return self.levels.get(self.headings[lines[0].line])


def find_headings(body: Sequence[PlacedLine], starts: frozenset[int]) -> SetHeadings:
    """Find the headings among a document's body lines.

    Parameters
    ----------
    body : sequence of PlacedLine
        In reading order.
    starts : frozenset of int
        Numbers of the lines that open a numbered paragraph.
    """
    plain = _find_plain(body, starts)
    found = SetHeadings(starts)
    styles: dict[int, Style] = {}
    labels: dict[int, str] = {}
    above: PlacedLine | None = None
    for item in body:
        number = item.line.number
        open_heading = found.headings.get(above.line.number, 0) if above else 0
        labelled = read_label(item.line.text) is not None
        if number in plain or (item.distinct and number not in starts and _opens(item, above, open_heading, labelled)):
            style = _style(item)
            if open_heading and above and not labelled and _goes_on(item, above, style, styles[open_heading]):
                found.headings[number] = open_heading
            else:
                heading = len(styles) + 1
                found.headings[number], styles[heading], labels[heading] = heading, style, item.line.text
        above = item
    _find_levels(found, styles, labels)
    return found


def _opens(item: PlacedLine, above: PlacedLine | None, open_heading: int, labelled: bool) -> bool:
    """Tell whether a line in a font of its own can be a heading: not in the middle of a paragraph."""
    if above is None or open_heading:
        return True
    if item.first:
        return ends_sentence(above.without_last_marker())
    if item.line.after_blank or labelled:
        return True
    alone = item.origin.size > above.origin.size * (1 + OTHER_SIZE) or item.origin.x1 - item.left < _SHORT * item.width
    return alone and ends_sentence(above.without_last_marker())


def _goes_on(item: PlacedLine, above: PlacedLine, style: Style, before: Style) -> bool:
    """Tell whether a line goes on with the heading above: at its distance and size, its first word had no room there.

    Centred lines are broken where they balance; they go on in the same font.
    """
    if item.line.after_blank or abs(before[0] - style[0]) > OTHER_SIZE * style[0]:
        return False
    room = above.left + above.width - above.origin.x1
    return room < _first_word(item) or (before[1] == style[1] and _is_centred(above) and _is_centred(item))


def _first_word(item: PlacedLine) -> float:
    """Return the width of a line's first word, of its first character in Chinese, and of the space before it."""
    start = item.origin.x0
    for glyph in item.origin.glyphs:
        if glyph.text.isspace():
            return glyph.x1 - start
        if is_wide(glyph.text):
            return glyph.x1 - start + 0.5 * item.origin.size
    return item.origin.x1 - start + 0.5 * item.origin.size


def _is_centred(item: PlacedLine) -> bool:
    before, after = item.origin.x0 - item.left, item.left + item.width - item.origin.x1
    return before > 0.1 * item.width and abs(before - after) < 0.05 * item.width


def _find_plain(body: Sequence[PlacedLine], starts: frozenset[int]) -> set[int]:
    """Find headings in the body's own font: short lines set off above and below, before a number or a heading."""
    plain: set[int] = set()
    run: list[PlacedLine] = []
    for above, item, below in zip([None, *body], body, [*body[1:], None], strict=False):
        if below is None:
            break
        likely = (
            item.line.number not in starts
            and item.line.after_blank
            and (below.line.after_blank or below.first)
            and item.origin.x1 - item.left < _SHORT * item.width
            and not ends_sentence(item.without_last_marker())
        )
        if likely and (run or (above is not None and (above.distinct or ends_sentence(above.without_last_marker())))):
            run.append(item)
        elif not likely:
            run = []
        if run and (below.line.number in starts or (below.distinct and below.line.after_blank)):
            plain |= {one.line.number for one in run}
            run = []
    return plain


def _find_levels(found: SetHeadings, styles: dict[int, Style], labels: dict[int, str]) -> None:
    """Give a heading without a label the level of the labelled headings that are set like it."""
    levels: dict[Style, set[int]] = {}
    last: dict[int, int] = {}
    for heading, style in styles.items():
        label = read_label(labels[heading], last)
        if label:
            last = {level: ordinal for level, ordinal in last.items() if level < label.level}
            last[label.level] = label.ordinal
            levels.setdefault(style, set()).add(label.level)
    for heading, style in styles.items():
        if read_label(labels[heading]) is None and len(levels.get(style, ())) == 1:
            (found.levels[heading],) = levels[style]


def _style(item: PlacedLine) -> Style:
    """Size, font and indent: what tells one level of headings from another."""
    fonts = Counter(glyph.font for glyph in item.origin.glyphs if not glyph.text.isspace())
    font = max(fonts, key=lambda font: (fonts[font], font))
    return round(item.origin.size * 2) / 2, font, round(item.origin.x0 - item.left)
