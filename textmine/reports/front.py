"""Front matter: what the cover of a report says about itself, and its summary."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from textmine.reports.lines import Line
from textmine.reports.numbering import read_han_numeral

#: The session that opens in autumn of a year: the 66th in 2011.
SESSION_OFFSET = 1945

SUMMARY_TITLES = ("内容提要", "摘要", "概要", "executive summary", "summary")

_SYMBOL = re.compile(r"(?<![\w/])([AE])/((?:CN\.\d+/)?\d{2,4}/\d+)(?![\w/])")
_SYMBOL_IN_NAME = re.compile(r"(?<![A-Za-z0-9])([AE])[-_/](\d{2,4})[-_/](\d{1,3})(?!\d)")
_SESSION_ZH = re.compile(r"第([一二三四五六七八九十]{1,3})届会议")
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SESSION_EN = re.compile(rf"\b(?:({'|'.join(_TENS)})\s*[\s‐‑–-]\s*)?([a-z]+)\s+session\b", re.IGNORECASE)
# Sessions on a cover are those of the organ named last before them; a commission counts its own.
_ORGAN = re.compile(r"(general assembly|大会)|commission|committee|委员会", re.IGNORECASE)
_ITEM = re.compile(r"(?:项目|\b[Ii]tems?)\s*(\d{1,3}\s*(?:\([a-z]\))?)")
_DATE_ZH = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日(?!\s*至)")
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
# Not the end of a span of days (2-27 July, 4 to 29 July), as of a session.
_DATE_EN = re.compile(rf"(?<![-–—‐])(?<![-–—‐] )(?<!\bto )(?<!\band )\b(\d{{1,2}}) ({'|'.join(_MONTHS)}) (\d{{4}})\b")
_FOOT = re.compile(r"\*{1,3}\s*[AES]/\S+|\*\d{6,9}\*|please recycle.*|请回收.*", re.IGNORECASE)
#: The line below a report's title.
AUTHOR = re.compile(r"秘书长的报告|report of the secretary-general", re.IGNORECASE)
_UNITS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
]
_TENTHS = ("twentieth", "thirtieth", "fortieth", "fiftieth", "sixtieth", "seventieth", "eightieth", "ninetieth")


@dataclass(slots=True)
class FrontMatter:
    """What the cover says: symbols, session of the General Assembly, agenda items, title, date; and the summary."""

    symbols: list[str] = field(default_factory=list)
    session: int | None = None
    items: list[str] = field(default_factory=list)
    title: list[Line] = field(default_factory=list)
    issued: str = ""
    summary: list[Line] = field(default_factory=list)
    foot: list[Line] = field(default_factory=list)  # notes to asterisks and the like, at the first page's foot
    headings: list[Line] = field(default_factory=list)


def read_front(lines: Sequence[Line], n_headings: int) -> FrontMatter:
    """Read the lines before the first paragraph.

    Parameters
    ----------
    lines : sequence of Line
        Everything before paragraph 1.
    n_headings : int
        How many lines at their end are the headings of paragraph 1.
    """
    body, headings = lines[: len(lines) - n_headings], lines[len(lines) - n_headings :]
    front = FrontMatter(headings=list(headings))
    at = next((i for i, line in enumerate(body) if _is_summary_title(line.text)), len(body))
    cover = body[:at]
    front.foot = [line for line in body[at + 1 :] if _FOOT.fullmatch(line.text)]
    front.summary = [line for line in body[at + 1 :] if not _FOOT.fullmatch(line.text)]
    text = "\n".join(line.text for line in cover)
    front.symbols = find_symbols(text)
    front.session = read_session(text)
    front.items = [re.sub(r"\s", "", item) for item in _ITEM.findall(text)]
    front.issued = _read_date(text)
    front.title = _find_title(cover)
    return front


def read_session(text: str) -> int | None:
    """Return the General Assembly session a text names, in Chinese or English.

    Examples
    --------
    >>> read_session("第六十六届会议"), read_session("Seventy-first session"), read_session("2011 session")
    (66, 71, None)
    """
    for match in _SESSION_ZH.finditer(text):
        if _is_of_assembly(text[: match.start()]):
            return read_han_numeral(match[1])
    for match in _SESSION_EN.finditer(text):
        number = _read_ordinal((match[1] or "").lower(), match[2].lower())
        if number and _is_of_assembly(text[: match.start()]):
            return number
    return None


def _is_of_assembly(before: str) -> bool:
    organs = _ORGAN.findall(before)
    return not organs or organs[-1] != ""


def find_symbols(text: str) -> list[str]:
    """Return the document symbols in a text, each once.

    Examples
    --------
    >>> find_symbols("A/66/64–E/2011/77")
    ['A/66/64', 'E/2011/77']
    """
    return list(dict.fromkeys(f"{organ}/{rest}" for organ, rest in _SYMBOL.findall(text)))


def symbols_in_name(name: str) -> list[str]:
    """Return the document symbol that a file name spells, if any.

    Examples
    --------
    >>> symbols_in_name("A-66-64.zh.txt"), symbols_in_name("report.txt")
    (['A/66/64'], [])
    """
    return [f"{organ}/{first}/{second}" for organ, first, second in _SYMBOL_IN_NAME.findall(name)]


def year_of(session: int | None, symbols: Sequence[str]) -> int | None:
    """Return the year of an edition from its session or its symbols.

    Examples
    --------
    >>> year_of(66, []), year_of(None, ["A/71/67"]), year_of(None, ["E/2013/11"]), year_of(None, [])
    (2011, 2016, 2013, None)
    """
    for symbol in symbols:
        organ, number = symbol.split("/")[:2]
        if organ == "A" and number.isdigit():
            session = session or int(number)
        elif number.isdigit() and session is None:
            return int(number)
    return session + SESSION_OFFSET if session is not None else None


def _is_summary_title(text: str) -> bool:
    return text.strip().lower() in SUMMARY_TITLES


def _read_ordinal(tens: str, unit: str) -> int | None:
    if not tens:
        if unit in _UNITS:
            return _UNITS.index(unit) + 1
        return 10 * (_TENTHS.index(unit) + 2) if unit in _TENTHS else None
    return 10 * (_TENS.index(tens) + 2) + _UNITS.index(unit) + 1 if unit in _UNITS[:9] else None


def _read_date(text: str) -> str:
    """Return the first full date on the cover (not a session's span of days) as ISO 8601, or an empty string."""
    found = [(int(match[1]), int(match[2]), int(match[3])) for match in _DATE_ZH.finditer(text)]
    found += [(int(match[3]), _MONTHS.index(match[2]) + 1, int(match[1])) for match in _DATE_EN.finditer(text)]
    for year, month, day in found:
        with suppress(ValueError):  # a day that no calendar has
            return date(year, month, day).isoformat()
    return ""


def _find_title(cover: Sequence[Line]) -> list[Line]:
    """Return the lines directly above “Report of the Secretary-General”, back to an agenda item or a wide gap."""
    end = next((i for i, line in enumerate(cover) if AUTHOR.fullmatch(line.text)), None)
    if end is None:
        return []
    start = end
    while start > 0:
        gap = cover[start].number - cover[start - 1].number if start < end else 0
        if gap > 2 or (start < end - 1 and gap > cover[start + 1].number - cover[start].number):
            break
        if any(_ITEM.search(line.text) or line.text.endswith(("：", ":")) for line in _block_of(cover, start - 1)):
            break
        start -= 1
    return list(cover[start:end])


def _block_of(lines: Sequence[Line], at: int) -> Sequence[Line]:
    """Return a line with those directly above it, without a blank line between."""
    start = at
    while start > 0 and lines[start].number == lines[start - 1].number + 1:
        start -= 1
    return lines[start : at + 1]
