"""Where numbered paragraphs and footnotes begin: the lines whose numbers continue a chain.

Paragraphs run 1..n and footnotes 1..m without gaps, so a line is a paragraph's first or a footnote's first when its
number continues that chain. What looks like one and does not is named, never passed over.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from textmine.reports.lines import MEASURE, Line, ends_sentence, ends_with_address
from textmine.reports.numbering import MAX_GAP, Link, chain_numbers

#: Paragraph numbers stand apart more clearly than footnote numbers, so a lost one costs less.
PARAGRAPH_GAP_COST = 0.9
_CLEAR = 1.0
_UNLIKELY = 0.1

# A full stop needs white space after it ("1.5"), but not before Han; a full-width one needs none.
_PARAGRAPH = re.compile(r"(\d{1,4})(?:\.\s+|．\s*(?!\d)|\.(?=[\u3400-\u9fff]))(?=\S)")
_LONE_PARAGRAPH = re.compile(r"(\d{1,4})[.．]")
_FOOTNOTE = re.compile(r"(\d{1,3})(?:\s+|(?=[^\s\d.,%/:)\]–-]))(?=\S)")


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A line that begins like a numbered paragraph or a footnote, but whose number does not continue the chain."""

    what: str
    number: int
    after: int
    line: Line


def find_paragraph_starts(lines: Sequence[Line]) -> tuple[dict[int, int], list[Unplaced]]:
    """Map the place of each line that opens a numbered paragraph to the paragraph's number.

    Returns
    -------
    starts : dict
        Place in `lines` -> number.
    unplaced : list of Unplaced
        What begins like a paragraph and was left in another.
    """
    found = list(_paragraph_matches(lines))
    items = _find_list_items(lines, [(i, int(match[1])) for i, match in found])
    links = []
    for (i, match), following in zip(found, [*(i for i, _ in found[1:]), len(lines)][: len(found)], strict=True):
        # A heading ("3. Western Asia") has no sentence in it before the next number; a paragraph has.
        texts = (lines[j].text if j > i else lines[i].text[match.end() :] for j in range(i, following))
        clear = i not in items and any(map(ends_sentence, texts))
        links.append(Link(int(match[1]), i, _CLEAR if clear else _UNLIKELY))
    chain = chain_numbers(links, gap_cost=PARAGRAPH_GAP_COST)
    return {link.place: link.number for link in chain}, list(_unplaced("paragraph", lines, links, chain))


def find_footnote_starts(lines: Sequence[Line], starts: dict[int, int]) -> tuple[dict[int, int], list[Unplaced]]:
    """Map the place of each line that opens a footnote's text to the footnote's number, as for paragraphs."""
    first = min(starts, default=len(lines))
    spaced = is_spaced(lines)
    links = []
    above: int | None = None  # number of the last footnote in the same block of lines
    for i, line in enumerate(lines):
        if line.after_blank or i in starts:
            above = None
        match = _FOOTNOTE.match(line.text)
        if i <= first or i in starts or match is None:
            continue
        number, rest = int(match[1]), line.text[match.end() :]
        set_off = line.after_blank if spaced else line.indented or line.after_blank
        below = above is not None and number == above + 1 and _ends_footnote(lines[i - 1].text, rest)
        if not set_off and not below:
            continue
        above = number
        score = 0.5 + 0.5 * line.indented
        links.append(Link(number, i, score - 0.75 if rest[0] in MEASURE else score))
    chain = chain_numbers(links)
    if sum(link.score for link in chain) < 0.5 * len(chain):
        return {}, []
    kept = [link for link in chain if link.score > 0]
    return {link.place: link.number for link in kept}, list(_unplaced("footnote", lines, links, kept))


def is_spaced(lines: Sequence[Line]) -> bool:
    """Tell whether wrapped lines have blank lines between them: then only a superscript follows without one."""
    return sum(line.after_blank for line in lines) > 0.5 * len(lines)


def _paragraph_matches(lines: Sequence[Line]) -> Iterator[tuple[int, re.Match[str]]]:
    for i, line in enumerate(lines):
        match = _PARAGRAPH.match(line.text)
        if match is None and i + 1 < len(lines):
            # Where the gap after a number is wide, extraction leaves the number alone on its line.
            following = lines[i + 1].text
            if not _LONE_PARAGRAPH.fullmatch(following) and not _PARAGRAPH.match(following):
                match = _LONE_PARAGRAPH.fullmatch(line.text)
        if match:
            yield i, match


def _find_list_items(lines: Sequence[Line], found: Sequence[tuple[int, int]]) -> set[int]:
    """Places of numbered lines that are items of a list inside a paragraph: after a colon, counting from 1."""
    items: set[int] = set()
    item, paragraph = 0, 0  # last number of the list that is open, last number outside of lists
    for k, (i, number) in enumerate(found):
        opens = number == 1 and paragraph > 0 and lines[i - 1].text.endswith((":", "："))
        continues = item > 0 and number == item + 1 and (number != paragraph + 1 or _comes_again(found, k))
        if opens or continues:
            items.add(i)
            item = number
        else:
            item, paragraph = 0, number
    return items


def _comes_again(found: Sequence[tuple[int, int]], k: int) -> bool:
    """Tell whether the same number follows the run of numbers that begins here: the run then is of a list."""
    number = found[k][1]
    while k + 1 < len(found) and found[k + 1][1] == found[k][1] + 1:
        k += 1
    return k + 1 < len(found) and found[k + 1][1] == number


def _ends_footnote(above: str, rest: str) -> bool:
    """Tell whether a footnote may end with the line above one that begins with a number and `rest`."""
    return ends_sentence(above) or ends_with_address(above) or rest[0].isupper()


def _unplaced(what: str, lines: Sequence[Line], links: Iterable[Link], chain: Sequence[Link]) -> Iterator[Unplaced]:
    numbers = {link.number for link in chain}
    places = {link.place for link in chain}
    after = 0
    for link in links:
        if link.place in places:
            after = link.number
        elif (
            link.score >= _CLEAR
            and after <= link.number <= after + MAX_GAP
            and (link.number == after or link.number not in numbers)
        ):
            yield Unplaced(what, link.number, after, lines[link.place])
