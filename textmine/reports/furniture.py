"""Page furniture: running heads and feet, page numbers, job numbers, rules and bar codes, which are no text."""

import re
from collections.abc import Sequence

from textmine.reports.lines import Line, is_rule
from textmine.reports.numbering import Link, chain_numbers

_SYMBOL = r"[AES]/(?:CN\.\d+/|RES/|C\.\d+/)?[\w.]+/\d+\*{0,2}"
_JOB = r"(?:GE\.\d\d-\d{4,6}\b.*|\d\d-\d{5}\b(?: ?\([ACEFRS]\))?.*)"
_FURNITURE = re.compile(
    rf"(?:\d{{1,3}} )?{_SYMBOL}(?: ?[–—-]? ?{_SYMBOL})*(?: \d{{1,3}})?"  # document symbols, with a page number
    rf"|(?:\d{{1,3}}(?:/\d{{1,3}})? )?{_JOB}"  # job numbers, likewise
    r"|\d{1,3}/\d{1,3}|[–—-] ?\d{1,3} ?[–—-]|[Pp]age\s+\d+(?:\s+of\s+\d+)?|第\s*\d+\s*页"  # page numbers
    r"|\*\d{6,9}\*"  # bar codes, as their text
)
_LONE_NUMBER = re.compile(r"\d{1,3}")
#: Running heads and feet are short.
_MAX_LENGTH = 120


def is_furniture(text: str) -> bool:
    """Tell whether a line is page furniture by what it says.

    Examples
    --------
    >>> is_furniture("A/66/64–E/2011/77"), is_furniture("3/18 12-26004"), is_furniture("see A/66/64")
    (True, True, False)
    """
    return is_rule(text) or (len(text) <= _MAX_LENGTH and _FURNITURE.fullmatch(" ".join(text.split())) is not None)


def find_page_numbers(lines: Sequence[Line]) -> list[Line]:
    """Find lone numbers between blank lines that count up page by page (a lone marker follows its text directly)."""
    candidates = [line for line in lines if line.after_blank and _LONE_NUMBER.fullmatch(line.text)]
    chain = chain_numbers(Link(int(line.text), i, 1.0) for i, line in enumerate(candidates))
    return [candidates[link.place] for link in chain] if len(chain) >= 3 else []
