"""Figures in a text: their value, unit and kind; dates, document numbers and ordinals left out.

A first cut: digits with their units in both languages, percentages, simple fractions. Counted nouns, ranges and
spelled-out numbers are not read yet.
"""

import re
from typing import NamedTuple

from textmine.annotate.fold import fold_text
from textmine.errors import UnknownOptionError
from textmine.schema import LANGUAGES

_SCALES = {
    "万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8, "万亿": 1e12,
    "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
}  # fmt: skip
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九十")} | {"两": 2}
_EN_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5}
_EN_COUNTS = {"one": 1, "a": 1, "two": 2, "three": 3, "four": 4}
_QUALIFIERS = {
    "nearly": r"近|接近|将近|nearly |almost |close to ",
    "about": r"约|大约|约为|估计|about |approximately |around |some |an estimated ",
    "over": r"超过|逾|超出|over |more than |above ",
    "at least": r"至少|at least ",
    "under": r"不到|不足|低于|under |less than |fewer than |below |just under ",
}
_BEFORE = "|".join(f"(?P<q{i}>{pattern})" for i, pattern in enumerate(_QUALIFIERS.values()))
_NUMBER = re.compile(
    rf"(?:{_BEFORE})?\s*"
    r"(?<![\d./a-z-])(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\d/]|[.,]\d|-\d|\.[a-z])"
    r"(?:\s*(?P<percent>%|per ?cent\b|个百分点|percentage points?\b)"
    r"|\s*(?P<scale>万亿|千万|百万|亿|万|thousand\b|million\b|billion\b|trillion\b))?"
    r"(?P<more>\s*多)?"
)
_FRACTION_ZH = re.compile(r"(?P<below>[二三四五六七八九十])分之(?P<above>[一二三四五六七八九十])")
_FRACTION_EN = re.compile(
    r"\b(?P<above>one|a|two|three|four)[ -](?P<below>half|third|quarter|fifth)s?\b(?= of| in|,|\.)", re.IGNORECASE
)
_RATE = re.compile(r"(?:每|per )\s*(?P<base>100|1,000|1000)\s*(?:人|名|居民|inhabitants|people|persons)")
# What makes a bare number a date, an ordinal or a reference instead of a quantity: the text before or after it.
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_NOT_BEFORE = re.compile(
    r"(?:第|决议|附件|脚注|行动方针|§|(?<![a-z])c|\bno\.|\bnos\.|paras?\.|paragraphs?|resolutions?|articles?|items?"
    rf"|chapter|part|action lines?|(?<![a-z])web|volume|vol\.|{_MONTHS}) ?$"
)
_NOT_AFTER = re.compile(rf"\s*(?:年|月|日|号|届|段|世纪|{_MONTHS})")
_YEAR = re.compile(r"(?:19|20)\d\d$")


class Quantity(NamedTuple):
    """A figure: its span, its surface, its value and unit (``%``, ``per 100``, or empty), kind and qualifier."""

    start: int
    end: int
    surface: str
    value: float
    unit: str
    kind: str
    qualifier: str


def find_quantities(text: str, *, lang: str) -> list[Quantity]:
    """Return the figures in a text, in order.

    Parameters
    ----------
    text : str
    lang : {'zh', 'en'}

    Returns
    -------
    list of Quantity
        ``kind`` is ``percent``, ``fraction``, ``rate`` (per 100 or 1,000 people) or ``count``.

    Examples
    --------
    >>> [(q.value, q.kind, q.qualifier) for q in find_quantities("2010 年底已接近 53 亿，占 90%。", lang="zh")]
    [(5300000000.0, 'count', 'nearly'), (90.0, 'percent', '')]
    >>> [(q.value, q.kind) for q in find_quantities("over 2.5 billion users, three quarters of them", lang="en")]
    [(2500000000.0, 'count'), (0.75, 'fraction')]
    """
    if lang not in LANGUAGES:
        raise UnknownOptionError("language", lang, LANGUAGES)
    folded = fold_text(text)
    rates = list(_RATE.finditer(folded))
    found = []
    for match in _NUMBER.finditer(folded):
        quantity = _read_number(text, folded, match, rates)
        if quantity is not None:
            found.append(quantity)
    for pattern in (_FRACTION_ZH, _FRACTION_EN):
        for match in pattern.finditer(folded):
            above, below = match["above"].lower(), match["below"].lower()
            value = (_DIGITS.get(above) or _EN_COUNTS[above]) / (_DIGITS.get(below) or _EN_PARTS[below])
            found.append(Quantity(*match.span(), text[match.start() : match.end()], value, "", "fraction", ""))
    return sorted(found)


def _read_number(text: str, folded: str, match: re.Match[str], rates: list[re.Match[str]]) -> Quantity | None:
    start = match.start("number")
    if any(rate.start() <= start < rate.end() for rate in rates):
        return None
    qualifier = next((name for i, name in enumerate(_QUALIFIERS) if match[f"q{i}"]), "over" if match["more"] else "")
    if match["percent"] is None and match["scale"] is None and _is_reference(folded, match):
        return None
    value = float(match["number"].replace(",", "")) * _SCALES.get(match["scale"] or "", 1.0)
    unit, kind = "", "count"
    if match["percent"]:
        unit, kind = "%", "percent"
    elif any(0 <= start - rate.end() < 40 or 0 <= rate.start() - match.end() < 25 for rate in rates) and value < 1000:
        unit, kind = f"per {rates[0]['base']}", "rate"
    begin = match.start() + len(match[0]) - len(match[0].lstrip())
    return Quantity(begin, match.end(), text[begin : match.end()], value, unit, kind, qualifier)


def _is_reference(folded: str, match: re.Match[str]) -> bool:
    """Tell whether a bare number is a year, part of a date, an ordinal or the number of a document."""
    start, end = match.span("number")
    if _YEAR.fullmatch(match["number"]) and not match["more"]:
        return True
    return bool(_NOT_BEFORE.search(folded[max(0, start - 16) : start]) or _NOT_AFTER.match(folded, end))
