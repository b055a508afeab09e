"""Which line of an extracted page is what: body, paragraph start, footnote block or page furniture.

PDF extraction leaves lines, indents and blank lines, and nothing else; the numbers decide (:mod:`.starts`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from textmine.reports.furniture import find_page_numbers, is_furniture
from textmine.reports.lines import Line, ends_sentence, ends_with_address, read_lines
from textmine.reports.starts import Unplaced, find_footnote_starts, find_paragraph_starts, is_spaced

# The rest of an address that was broken at a line's end: one word, or a word with an address's characters inside.
_REST_OF_ADDRESS = re.compile(r"\S*[./=&?_%~-]\S|\S+$")


@dataclass(slots=True)
class FootnoteBlock:
    """The lines of one footnote at a page's foot."""

    number: int
    lines: list[Line]


@dataclass(slots=True)
class Layout:
    """A text taken apart. ``pages`` holds the body lines between two footnote blocks and the numbers of the second."""

    front: list[Line] = field(default_factory=list)
    pages: list[tuple[list[Line], list[int]]] = field(default_factory=list)
    starts: dict[int, int] = field(default_factory=dict)  # line number -> paragraph number
    footnotes: list[FootnoteBlock] = field(default_factory=list)
    furniture: list[Line] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)


def split_layout(text: str) -> Layout:
    r"""Take an extracted text apart into front matter, body pages, footnote blocks and furniture.

    Parameters
    ----------
    text : str
        The whole text, lines ended by ``\\n``.

    Returns
    -------
    Layout
        Every line that isn't blank is in exactly one of its parts.
    """
    layout = Layout()
    lines = list(read_lines(text))
    lines = _leave_out(layout, lines, [line for line in lines if is_furniture(line.text)])
    lines = _leave_out(layout, lines, find_page_numbers(lines))

    starts, unplaced_paragraphs = find_paragraph_starts(lines)
    layout.starts = {lines[place].number: number for place, number in starts.items()}
    opens, unplaced_footnotes = find_footnote_starts(lines, starts)
    layout.unplaced = [*unplaced_paragraphs, *unplaced_footnotes]
    first = min(starts, default=len(lines))
    layout.front = lines[:first]
    _split_pages(layout, lines, first, starts, opens)
    return layout


def _leave_out(layout: Layout, lines: Sequence[Line], furniture: Sequence[Line]) -> list[Line]:
    layout.furniture += furniture
    numbers = {line.number for line in furniture}
    kept, ended = [], False
    for line in lines:
        if line.number in numbers:
            ended = True
        else:
            line.after_furniture |= ended
            kept.append(line)
            ended = False
    return kept


def _split_pages(
    layout: Layout, lines: Sequence[Line], first: int, starts: dict[int, int], opens: dict[int, int]
) -> None:
    """Fill pages and footnotes: a footnote block ends where the body is resumed."""
    resumed_by_indent = _resumes_with_indent(lines, starts, opens)
    spaced = is_spaced(lines)
    body: list[Line] = []
    numbers: list[int] = []
    inside = False
    for i in range(first, len(lines)):
        line = lines[i]
        if i in opens:
            layout.footnotes.append(FootnoteBlock(opens[i], [line]))
            numbers.append(opens[i])
            inside = True
            continue
        if inside:
            complete = _is_complete(layout.footnotes[-1].lines[-1], line, spaced)
            resumes = line.indented if resumed_by_indent else complete
            if i not in starts and not resumes:
                layout.footnotes[-1].lines.append(line)
                continue
            layout.pages.append((body, numbers))
            body, numbers, inside = [], [], False
        body.append(line)
    layout.pages.append((body, numbers))


def _is_complete(last: Line, following: Line, spaced: bool) -> bool:
    """Tell whether a footnote ends with its last line so far, seen from the line after it."""
    if ends_sentence(last.text):
        return True
    if not following.after_blank:
        return False
    if not spaced and not following.after_furniture:  # set solid, a footnote goes on over a blank line at a page only
        return True
    return ends_with_address(last.text) and _REST_OF_ADDRESS.match(following.text) is None


def _resumes_with_indent(lines: Sequence[Line], starts: dict[int, int], opens: dict[int, int]) -> bool:
    """Learn whether a page's first line is indented, from the pages where a paragraph number shows its start.

    Where wrapped lines are flush and the first line after a footnote block is always indented, an unindented line
    still belongs to the footnote, even after a full stop.
    """
    body = [line for i, line in enumerate(lines) if i not in opens]
    if not body or sum(line.indented for line in body) > 0.5 * len(body):
        return False
    seen = []
    for i in opens:
        following = next((j for j in range(i + 1, len(lines)) if j in opens or j in starts), None)
        # Only a number right behind the footnote's lines shows how a page begins; a heading has an indent of its own.
        if following is None or following not in starts or following > i + 4:
            continue
        between = lines[i + 1 : following]
        if ends_sentence(lines[following - 1].text) and not any(line.indented for line in between):
            seen.append(lines[following].indented)
    return bool(seen) and all(seen)
