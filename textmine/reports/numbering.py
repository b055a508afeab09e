"""What a printed number can be: the label of a heading, or a link in the chain of paragraph or footnote numbers."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_HAN_DIGITS = {digit: value for value, digit in enumerate("一二三四五六七八九", start=1)}
_HAN = "一二三四五六七八九十"
_ROMAN = re.compile(r"(?=[IVX])(X{0,3})(IX|IV|V?I{0,3})", re.IGNORECASE)

# Level, pattern of the label as printed at the start of a heading. Levels as in UN documents.
_LABELS = (
    (1, re.compile(rf"([{_HAN}]{{1,3}})[.、．]\s*")),
    (5, re.compile(rf"[（(]([{_HAN}]{{1,3}})[)）]\s*")),
    (3, re.compile(r"(\d{1,2})[.．]\s+")),
    (2, re.compile(r"([A-Z]{1,5})[.．]\s+")),
    (4, re.compile(r"[（(]([a-z]{1,5})[)）]\s*")),
)
_ROMAN_LEVEL = {2: 1, 4: 5}  # "I." is a part, "(i)" a fifth-level heading, unless the letters before say otherwise

#: A jump in a chain of numbers costs as much as this many well-placed links.
GAP_COST = 1.5
MAX_GAP = 25


@dataclass(frozen=True, slots=True)
class Label:
    """A heading's numbering: its level, the label as printed without punctuation, its ordinal, the title after it."""

    level: int
    text: str
    ordinal: int
    title: str


@dataclass(frozen=True, slots=True)
class Link:
    """A place where a number of a chain may stand: the number, an index of the caller's, how much speaks for it."""

    number: int
    place: int
    score: float


def read_han_numeral(text: str) -> int:
    """Return the value of a Chinese numeral from 1 to 99.

    Examples
    --------
    >>> [read_han_numeral(numeral) for numeral in ("一", "十", "十一", "六十六")]
    [1, 10, 11, 66]
    """
    tens, ten, ones = text.rpartition("十")
    value = _HAN_DIGITS[ones] if ones else 0
    if ten:
        value += 10 * (_HAN_DIGITS[tens] if tens else 1)
    return value


def read_roman_numeral(text: str) -> int | None:
    """Return the value of a Roman numeral from I to XXXIX in either case, or None.

    Examples
    --------
    >>> read_roman_numeral("XIV"), read_roman_numeral("viii"), read_roman_numeral("A")
    (14, 8, None)
    """
    match = _ROMAN.fullmatch(text)
    if match is None:
        return None
    units = {"": 0, "I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9}
    return 10 * len(match[1]) + units[match[2].upper()]


def read_label(line: str, last: dict[int, int] | None = None) -> Label | None:
    """Split a heading into its label and its title, or return None where it has no label.

    Parameters
    ----------
    line : str
        The heading as printed, on one line.
    last : dict, optional
        Ordinal of the last heading of each level that is still open: it decides whether ``I.`` follows ``H.``
        (a letter) or opens a part (a Roman numeral), and likewise ``(i)``.

    Examples
    --------
    >>> read_label("(十一) 国际和区域合作")
    Label(level=5, text='(十一)', ordinal=11, title='国际和区域合作')
    >>> read_label("I. Key trends").level, read_label("I. Annex", {2: 8}).level
    (1, 2)
    """
    line = line.strip()
    last = last or {}
    for level, pattern in _LABELS:
        match = pattern.match(line)
        if match is None:
            continue
        label, title = match[1], line[match.end() :].strip()
        text = f"({label})" if level in (4, 5) else label
        if label[0] in _HAN:
            return Label(level, text, read_han_numeral(label), title)
        if label.isdigit():
            return Label(level, text, int(label), title)
        letter = ord(label.lower()) - ord("a") + 1 if len(label) == 1 else None
        roman = read_roman_numeral(label)
        if roman is not None and not (letter is not None and last.get(level) == letter - 1):
            return Label(_ROMAN_LEVEL[level], text, roman, title)
        if letter is not None:
            return Label(level, text, letter, title)
    return None


def chain_numbers(links: Iterable[Link], *, gap_cost: float = GAP_COST) -> list[Link]:
    """Choose the links that together make the most convincing rising chain of numbers, in the order given.

    Numbers of paragraphs and footnotes run without gaps, so the chain decides what a number is: a link that
    continues the chain counts its score, a gap costs `gap_cost` per missing number, at most :data:`MAX_GAP` of
    them in a row. Dynamic programming over the last number, linear in the number of links.

    Examples
    --------
    >>> found = chain_numbers([Link(1, 0, 1), Link(7, 1, 1), Link(2, 2, 1), Link(1, 3, 0.5), Link(3, 4, 1)])
    >>> [(link.number, link.place) for link in found]
    [(1, 0), (2, 2), (3, 4)]
    """
    chosen: Sequence[Link] = list(links)
    best: list[float] = []
    before: list[int | None] = []
    ending: dict[int, int] = {}  # number -> index of the best chain so far that ends with it
    for i, link in enumerate(chosen):
        missing = min(link.number - 1, MAX_GAP)
        total, previous = -gap_cost * missing, None
        for gap in range(MAX_GAP + 1):
            candidate = ending.get(link.number - 1 - gap)
            if candidate is not None and best[candidate] - gap_cost * gap > total:
                total, previous = best[candidate] - gap_cost * gap, candidate
        best.append(total + link.score)
        before.append(previous)
        rival = ending.get(link.number)
        if rival is None or best[i] > best[rival]:
            ending[link.number] = i
    if not best:
        return []
    at: int | None = max(range(len(best)), key=lambda index: (best[index], -index))
    chain = []
    while at is not None:
        chain.append(chosen[at])
        at = before[at]
    return chain[::-1]
