"""Figures in a text of either language: value, unit, kind, what is counted and the year it refers to.

Years, dates, ordinals and the numbers of paragraphs, resolutions, documents, sessions and action lines are left out,
and so are spelled-out numbers below eleven that count no statistic (``two objectives``, 三项举措).
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from textmine.annotate.counted import Clauses, Spans, concept_of, counted_noun
from textmine.annotate.fold import fold_text
from textmine.annotate.number_reading import Number, fold_digits, join_numbers, read_numbers
from textmine.annotate.qualifiers import qualify
from textmine.annotate.rates import Rates
from textmine.errors import UnknownOptionError
from textmine.schema import LANGUAGES

# A small number in words is a statistic where it counts countries or people.
_STATISTIC = re.compile(
    r"(?:个|名|位|户|家)? ?(?:(?:african|arab|asian|european|developing|developed|member|least developed|other)[ ]"
    r"|非洲|阿拉伯|发展中|发达|最不发达|成员|会员|其他){0,2}"
    r"(?: ?(?:countries|states|economies|people|persons|users|households|inhabitants)\b"
    r"|国家|会员国|成员国|经济体|人(?!权)|用户|居民|住户)"
)
#: Numbers in words up to this one count only where they are a statistic.
SMALL = 10


class Quantity(NamedTuple):
    """A figure; columns of the table ``quantities`` behind its key.

    ``unit`` is ``%``, ``‰``, ``×``, a currency sign, ``per 100`` or empty; ``low`` and ``high`` are the ends of the
    range that it is an end of; ``counted`` is the text of what is counted (or empty); ``year`` the year it refers to.
    """

    start: int
    end: int
    surface: str
    value: float
    unit: str
    kind: str
    qualifier: str
    low: float | None
    high: float | None
    counted: str
    year: int | None


def find_quantities(text: str, *, lang: str) -> list[Quantity]:
    """Return the figures in a text, in order.

    Numerals of both languages are read in every text; ``lang`` says on which side of a figure its noun and its year
    stand. Time is linear in the length of the text.

    Parameters
    ----------
    text : str
    lang : {'zh', 'en'}

    Returns
    -------
    list of Quantity
        ``kind`` is ``percent``, ``fraction``, ``rate`` (per 100 people, per 1,000 or ‰), ``money``, ``multiple`` (10
        倍, doubled) or ``count``.

    Examples
    --------
    >>> [(q.value, q.kind, q.qualifier, q.year) for q in find_quantities("2010 年底已接近 53 亿，占 90%。", lang="zh")]
    [(5300000000.0, 'count', 'nearly', 2010), (90.0, 'percent', '', 2010)]
    >>> [(q.value, q.kind, q.counted) for q in find_quantities("over 2.5 billion users, half of the women", lang="en")]
    [(2500000000.0, 'count', 'users'), (0.5, 'fraction', 'women')]
    """
    if lang not in LANGUAGES:
        raise UnknownOptionError("language", lang, LANGUAGES)
    folded = fold_digits(text)
    rates = Rates(folded)
    numbers = [number for number in read_numbers(text, folded) if not rates.is_base(number.start)]
    years = [(number.start, int(number.value)) for number in numbers if number.kind == "year"]
    numbers = join_numbers(folded, numbers)
    kept = [number for number in numbers if not number.reference and not _is_idle(folded, number)]
    units = rates.units([(number.start, number.end, number.value) for number in kept])
    clauses = Clauses(folded, years, lang=lang)
    starts = [number.start for number in kept] + [len(text)]
    found: list[Quantity] = []
    for number, rate, following in zip(kept, units, starts[1:], strict=True):
        is_rate = number.kind == "count" and bool(rate)
        start, end, qualifier = qualify(folded, number.start, number.end, more=number.more)
        start = max(start, found[-1].end) if found else start
        quantity = Quantity(
            start=start,
            end=end,
            surface=text[start:end],
            value=number.value,
            unit=rate if is_rate else number.unit,
            kind="rate" if is_rate else number.kind,
            qualifier=qualifier,
            low=number.low,
            high=number.high,
            counted=counted_noun(text, folded, end, following, lang=lang),
            year=clauses.year_of(number.start, number.end, following),
        )
        found.append(quantity)
    return found


def name_concepts(
    text: str, quantities: list[Quantity], places: list[tuple[int, int, str]]
) -> Iterator[tuple[Quantity, str]]:
    """Give each figure of a text the concept that its clause names (empty without one).

    Parameters
    ----------
    text : str
    quantities : list of Quantity
    places : list of tuple
        Start, end and concept of what the text names.
    """
    spans, folded = Spans(places), fold_text(text)
    return ((quantity, concept_of(folded, quantity.start, quantity.end, spans)) for quantity in quantities)


def _is_idle(folded: str, number: Number) -> bool:
    """Tell whether a number in words is too small to be a statistic."""
    if not number.spelled or number.kind not in ("count", "rate") or number.scale != 1.0 or number.value > SMALL:
        return False
    return number.value < 2 or not _STATISTIC.match(folded, number.end)
