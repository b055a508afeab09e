"""Which line of an extracted page is what: body, paragraph start, footnote block or page furniture.

PDF extraction leaves lines, indents and blank lines, and nothing else. The numbers decide: paragraphs run 1..n and
footnotes 1..m without gaps, so a line is a paragraph start or a footnote when it continues that chain.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from textmine.reports.numbering import Link, chain_numbers

SENTENCE_END = re.compile(r"[。！？!?…；;：:.][\"'”’»」』）)\]》]*$")
#: Characters that follow a number in running text (2010 年, 18 个国家, 90%) and never a footnote marker.
MEASURE = "年月日个名项种次份家人万亿多%％‰倍段号届岁"

_PARAGRAPH = re.compile(r"(\d{1,3})[.．]\s+(?=\S)")
_FOOTNOTE = re.compile(r"(\d{1,3})(?:\s+|(?=[^\s\d.,%/:)\]–-]))(?=\S)")
_SYMBOL = r"[AES]/(?:CN\.\d+/|RES/|C\.\d+/)?[\w.]+/\d+\*{0,2}"
_FURNITURE = re.compile(
    rf"(?:\d{{1,3}} )?{_SYMBOL}(?: ?[–—-]? ?{_SYMBOL})*(?: \d{{1,3}})?"  # document symbols, with a page number
    r"|(?:\d{1,3} )?(?:GE\.\d\d-\d{4,6}\b.*|\d\d-\d{5}\b(?: ?\([ACEFRS]\))?.*)"  # job numbers, likewise
    r"|\d{1,3}/\d{1,3}|[Pp]age\s+\d+(?:\s+of\s+\d+)?|第\s*\d+\s*页"  # page numbers
)
_LONE_NUMBER = re.compile(r"\d{1,3}")
#: Running heads and feet are short.
_FURNITURE_LENGTH = 120


@dataclass(slots=True)
class Line:
    """A line of the source: its number (from 1), its text without outer white space, how it is set off."""

    number: int
    text: str
    indented: bool
    after_blank: bool


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


def ends_sentence(text: str) -> bool:
    """Tell whether a line ends where a sentence may end.

    Examples
    --------
    >>> ends_sentence("目标已经实现。”"), ends_sentence("A. Mobile access")
    (True, False)
    """
    return SENTENCE_END.search(text.rstrip()) is not None


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
    lines: list[Line] = []
    for line in _read_lines(text):
        (layout.furniture if _is_furniture(line.text) else lines).append(line)
    page_numbers = {id(line) for line in _find_page_numbers(lines)}
    layout.furniture += [line for line in lines if id(line) in page_numbers]
    lines = [line for line in lines if id(line) not in page_numbers]

    starts = _find_paragraph_starts(lines)
    layout.starts = {lines[place].number: number for place, number in starts.items()}
    opens = _find_footnote_starts(lines, starts)
    first = min(starts, default=len(lines))
    layout.front = lines[:first]
    _split_pages(layout, lines, first, starts, opens)
    return layout


def _is_furniture(text: str) -> bool:
    return len(text) <= _FURNITURE_LENGTH and _FURNITURE.fullmatch(" ".join(text.split())) is not None


def _read_lines(text: str) -> Iterator[Line]:
    blank = True
    for number, raw in enumerate(text.split("\n"), start=1):
        stripped = raw.strip()
        if stripped:
            yield Line(number, stripped, indented=raw[0].isspace(), after_blank=blank)
        blank = not stripped


def _find_page_numbers(lines: Sequence[Line]) -> list[Line]:
    """Lone numbers between blank lines that count up page by page (a lone marker follows its text directly)."""
    candidates = [line for line in lines if line.after_blank and _LONE_NUMBER.fullmatch(line.text)]
    chain = chain_numbers(Link(int(line.text), i, 1.0) for i, line in enumerate(candidates))
    return [candidates[link.place] for link in chain] if len(chain) >= 3 else []


def _find_paragraph_starts(lines: Sequence[Line]) -> dict[int, int]:
    """Map the place of each line that opens a numbered paragraph to the paragraph's number."""
    places = [(i, match) for i, line in enumerate(lines) if (match := _PARAGRAPH.match(line.text))]
    links = []
    for (i, match), following in zip(
        places, [*(place for place, _ in places[1:]), len(lines)][: len(places)], strict=True
    ):
        # A heading ("3. Western Asia") has no sentence in it before the next number; a paragraph has.
        has_sentence = any(ends_sentence(line.text) for line in lines[i:following])
        links.append(Link(int(match[1]), i, 1.0 if has_sentence else 0.1))
    return {link.place: link.number for link in chain_numbers(links)}


def _find_footnote_starts(lines: Sequence[Line], starts: dict[int, int]) -> dict[int, int]:
    """Map the place of each line that opens a footnote's text to the footnote's number."""
    first = min(starts, default=len(lines))
    # Where wrapped lines have blank lines between them, only a superscript follows its text without one.
    spaced = sum(line.after_blank for line in lines) > 0.5 * len(lines)
    links = []
    for i, line in enumerate(lines):
        match = _FOOTNOTE.match(line.text)
        set_off = line.after_blank if spaced else line.indented or line.after_blank
        if i <= first or i in starts or match is None or not set_off:
            continue
        score = 0.5 + 0.5 * line.indented
        if line.text[match.end()] in MEASURE:
            score -= 0.75
        links.append(Link(int(match[1]), i, score))
    chain = chain_numbers(links)
    if sum(link.score for link in chain) < 0.5 * len(chain):
        return {}
    return {link.place: link.number for link in chain if link.score > 0}


def _split_pages(
    layout: Layout, lines: Sequence[Line], first: int, starts: dict[int, int], opens: dict[int, int]
) -> None:
    """Fill pages and footnotes: a footnote block ends where the body is resumed."""
    resumed_by_indent = _resumes_with_indent(lines, starts, opens)
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
            complete = ends_sentence(layout.footnotes[-1].lines[-1].text)
            resumes = line.indented if resumed_by_indent else complete
            if i not in starts and not resumes:
                layout.footnotes[-1].lines.append(line)
                continue
            layout.pages.append((body, numbers))
            body, numbers, inside = [], [], False
        body.append(line)
    layout.pages.append((body, numbers))


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
