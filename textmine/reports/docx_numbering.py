"""Numbers that Word prints but doesn't store: each paragraph's label is counted again from the numbering part."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from textmine.reports.docx_package import child_of, tag_of, value_of
from textmine.reports.docx_styles import Styles, is_on, style_key

_PLACE = re.compile(r"%([1-9])")
_MAX_NUMBER = 10_000
_HAN = "零一二三四五六七八九"
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def format_roman(number: int) -> str:
    """Return a number in small Roman numerals.

    Examples
    --------
    >>> format_roman(14)
    'xiv'
    """
    text = ""
    for value, numeral in _ROMAN:
        text += numeral * (number // value)
        number %= value
    return text


def format_letters(number: int) -> str:
    """Return a number as Word's letters: a to z, then aa, bb, ...

    Examples
    --------
    >>> format_letters(2), format_letters(28)
    ('b', 'bb')
    """
    turns, letter = divmod(number - 1, 26)
    return chr(ord("a") + letter) * (turns + 1)


def format_han(number: int) -> str:
    """Return a number below 100 in Chinese numerals, else in digits.

    Examples
    --------
    >>> format_han(7), format_han(10), format_han(12), format_han(30)
    ('七', '十', '十二', '三十')
    """
    tens, ones = divmod(number, 10)
    if not 0 < number < 100:
        return str(number)
    return ("" if tens == 0 else "十" if tens == 1 else f"{_HAN[tens]}十") + (_HAN[ones] if ones else "")


_FORMATS: dict[str, Callable[[int], str]] = {
    "bullet": lambda _: "",
    "none": lambda _: "",
    "decimalZero": lambda number: f"{number:02}",
    "upperRoman": lambda number: format_roman(number).upper(),
    "lowerRoman": format_roman,
    "upperLetter": lambda number: format_letters(number).upper(),
    "lowerLetter": format_letters,
} | dict.fromkeys(
    ("chineseCounting", "chineseCountingThousand", "ideographDigital", "japaneseCounting", "taiwaneseCounting",
     "taiwaneseCountingThousand", "ideographTraditional"), format_han,
)  # fmt: skip


@dataclass(slots=True)
class _Level:
    start: int = 1
    kind: str = "decimal"
    text: str = ""
    legal: bool = False
    style: str | None = None

    def format(self, number: int) -> str:
        return _FORMATS.get(self.kind, str)(number)


@dataclass(slots=True)
class _List:
    """A list (a Word ``num``): its levels, and the counters that it shares with other lists of the same design."""

    levels: dict[int, _Level]
    counters: dict[int, int]
    restarts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts the automatic numbers of a document's paragraphs, in reading order.

    Parameters
    ----------
    root : lxml element, optional
        Of the numbering part.
    styles : Styles
        Where a paragraph's list may be named.
    """

    def __init__(self, root: Any, styles: Styles) -> None:
        self._styles = styles
        self._lists: dict[str, _List] = {}
        designs: dict[str, tuple[dict[int, _Level], dict[int, int]]] = {}
        for element in root if root is not None else ():
            if tag_of(element) == "abstractNum":
                designs[value_of(element, "abstractNumId") or ""] = (_read_levels(element), {})
        for element in root if root is not None else ():
            if tag_of(element) == "num":
                self._add_list(element, designs)

    def _add_list(self, element: Any, designs: dict[str, tuple[dict[int, _Level], dict[int, int]]]) -> None:
        design = child_of(element, "abstractNumId")
        levels, counters = designs.get(value_of(design) or "" if design is not None else "", ({}, {}))
        one = _List(dict(levels), counters)
        for override in element:
            place = _number(value_of(override, "ilvl"))
            if tag_of(override) != "lvlOverride" or place is None:
                continue
            one.levels |= _read_levels(override)
            start = child_of(override, "startOverride")
            if start is not None and (value := _number(value_of(start))) is not None:
                one.restarts[place] = value
        self._lists[value_of(element, "numId") or ""] = one

    def label(self, properties: Any) -> str:
        """Return the number printed before a paragraph, such as ``12.`` or ``(a)``; empty where there is none."""
        one, place = self._find(properties)
        level = one.levels.get(place) if one is not None else None
        if one is None or level is None:
            return ""
        if place in one.restarts:
            one.counters[place] = one.restarts.pop(place)
        else:
            one.counters[place] = min(one.counters.get(place, level.start - 1) + 1, _MAX_NUMBER)
        for deeper in [key for key in one.counters if key > place]:
            del one.counters[deeper]

        def fill(match: re.Match[str]) -> str:
            other = int(match[1]) - 1
            design = one.levels.get(other, _Level())
            number = one.counters.setdefault(other, design.start)
            return str(number) if level.legal else design.format(number)

        return _PLACE.sub(fill, level.text) if level.kind not in ("bullet", "none") else ""

    def _find(self, properties: Any) -> tuple[_List | None, int]:
        """Return the list of a paragraph and its level in it."""
        named = self._styles.find(properties, "numPr", "numId")
        one = self._lists.get(value_of(named) or "") if named is not None else None
        if one is None:
            return None, 0
        place = self._styles.find(properties, "numPr", "ilvl")
        own = child_of(properties, "numPr", "numId") if properties is not None else None
        if own is None:  # a list that a style names: the level is the one that names the style
            key = style_key(properties)
            linked = next((i for i, level in one.levels.items() if key is not None and level.style == key), None)
            if linked is not None:
                return one, linked
        return one, _number(value_of(place)) or 0 if place is not None else 0


def _read_levels(element: Any) -> dict[int, _Level]:
    levels = {}
    for child in element:
        place = _number(value_of(child, "ilvl"))
        if tag_of(child) != "lvl" or place is None:
            continue
        level = _Level()
        for item in child:
            value = value_of(item) or ""
            match tag_of(item):
                case "start":
                    level.start = _number(value) or 0
                case "numFmt":
                    level.kind = value
                case "lvlText":
                    level.text = value
                case "isLgl":
                    level.legal = is_on(item)
                case "pStyle":
                    level.style = value
        levels[place] = level
    return levels


def _number(value: str | None) -> int | None:
    return int(value) if value is not None and value.isdecimal() and len(value) < 6 else None
