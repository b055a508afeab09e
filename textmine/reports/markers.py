"""Footnote markers in running text: which bare number is one, and where it stands."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from textmine.reports.lines import MEASURE, Line

#: Least score of a place that can hold a marker.
THRESHOLD = 1.0

_AT_START = re.compile(r"(\d{1,3})(?=\s|$|[^\d\s.,%/:)A-Za-z–-])")
# After a full stop only where a word, a closing mark or a year stands before it: not in 2.5.
_INLINE = re.compile(
    r"(?:(?<=[^\d\s.(/§$€£-])|(?<=[^\W\d_]\.)|(?<=[)\]”’\"]\.)|(?<=\d{4}\.))(\d{1,3})(?=\s|$|[，。、；：,;)）“])"
)
# What a number belongs to: G8, C7, Web2, A/66/64/Add.1, No.5, para.5.
_NUMBERED = re.compile(
    r"(?<![A-Za-z])(?:[A-Z]|Web|Windows|IPv|MP"
    r"|(?:Add|Amend|Corr|Rev|[Nn]os?|[Vv]ols?|[Pp]aras?|pp?|[Aa]rts?|[Cc]hap|L|CN|INF|Conf|Sub|WG|SR|PV)\.)$"
)
#: No word of :data:`_NUMBERED` is longer.
_LOOK_BACK = 10
_CLOSING = "。，、；：！？”’）)》」』.,;:!?"


@dataclass(frozen=True, slots=True)
class Marker:
    """A marker: its number, the line it stands in, and its span in that line's text."""

    number: int
    line: int
    start: int
    end: int


def find_markers(lines: Sequence[Line], numbers: Sequence[int]) -> list[Marker]:
    """Find the markers of one page's footnotes among the numbers in its body.

    Extraction sets a superscript on a line of its own, directly after the text it follows (no blank line between),
    or leaves it in the line, directly after the text. The markers of a page stand in the order of its footnotes;
    the most convincing such choice of places is taken (dynamic programming), and a number without a convincing place
    has no marker.

    Parameters
    ----------
    lines : sequence of Line
        The body lines of the page, headings included.
    numbers : sequence of int
        The numbers of the footnotes at its foot, rising.

    Returns
    -------
    list of Marker
        In reading order.
    """
    wanted = {number: i for i, number in enumerate(numbers)}
    if not wanted:
        return []
    # best[i]: score and markers of the best choice so far for the first i numbers, some of them left out
    best: list[tuple[float, tuple[Marker, ...]]] = [(0.0, ())] * (len(numbers) + 1)
    for score, marker in _candidates(lines, wanted):
        i = wanted[marker.number]
        total = best[i][0] + score
        if total > best[i + 1][0]:
            best[i + 1] = (total, (*best[i][1], marker))
            for j in range(i + 2, len(best)):
                if best[j][0] < total:
                    best[j] = best[i + 1]
    return list(best[-1][1])


def _candidates(lines: Sequence[Line], wanted: dict[int, int]) -> list[tuple[float, Marker]]:
    found = []
    for at, line in enumerate(lines):
        matches = [match for match in (_AT_START.match(line.text), *_INLINE.finditer(line.text)) if match]
        for match in matches:
            number = int(match[1])
            named = _NUMBERED.search(line.text[max(0, match.start(1) - _LOOK_BACK) : match.start(1)])
            if number in wanted and not named:
                score = _score(line, match, lines[at - 1].text if at else "")
                if score >= THRESHOLD:
                    found.append((score, Marker(number, at, match.start(1), match.end(1))))
    return found


def _score(line: Line, match: re.Match[str], above: str) -> float:
    """Weigh what speaks for a marker: its place first, then what follows it.

    A number at a line's start before a word in lower case (or a measure word) rather is a count: there are
    “7 workshops”. It can be a marker only behind punctuation, directly below it.
    """
    following = line.text[match.end() :].lstrip()[:1]
    if match.start() == 0:
        score = 1.0 if line.after_blank else 3.0
        counts = following.islower() and (line.after_blank or not above.endswith(tuple(_CLOSING + "”\"'")))
        measured = following != "" and following in MEASURE and match.end() < len(line.text)
    else:
        score = 2.0 if line.text[match.start() - 1] in _CLOSING else 1.0
        counts = False
        measured = following != "" and line.text[match.end()] in MEASURE
    return score - 3.0 * counts - 2.0 * measured
