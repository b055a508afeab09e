"""Numbers in a text, with scale, unit and sign; what names instead of counting is marked; ends of ranges are joined."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from textmine.annotate.fold import fold_text
from textmine.annotate.numerals import EN_NUMERAL, SCALES, ZH_NUMERAL, parse_chinese, parse_digits, parse_english
from textmine.annotate.proportions import PROPORTIONS, read_proportion
from textmine.annotate.references import continues_list, counts_by_its_neighbours, is_year, names_something

# What may be a number, tried in this order at each place. A chunk is Latin letters and digits joined by marks: all of
# it is a number or none of it is (A/66/64, IPv6, 10:30).
_LATIN = "a-z0-9\u00c0-\u024f"
_CANDIDATE = re.compile(
    "|".join(
        [
            *PROPORTIONS,
            rf"(?P<en>{EN_NUMERAL})",
            rf"(?P<zh>{ZH_NUMERAL})",
            rf"(?P<spaced>(?<![{_LATIN}.,/+-])\d{{1,3}}(?: \d{{3}}){{1,5}}(?![{_LATIN}]|[.,/:-][{_LATIN}]))",
            rf"(?P<chunk>[{_LATIN}]+(?:(?:[./:_+'’-]|,(?=\d))[{_LATIN}]+)*)",
        ]
    )
)
_PLAIN = r"\d{1,3}(?:,\d{3}){1,6}(?:\.\d+)?|\d+(?:\.\d+)?"
_CHUNK = re.compile(rf"({_PLAIN})(?:-({_PLAIN}))?(?:-?(hundred|thousand|million|billion|trillion|bn|tn))?")
_SCALE = re.compile(
    r" ?(?P<more>[多余]? ?)(?P<scale>万亿|千亿|百亿|十亿|千万|百万(?!富)|十万|亿|万(?!维)"
    r"|千(?![米克瓦兆字比])|百(?!分)|[- ]?(?:hundred|thousand|million|billion|trillion|bn)\b)"
)
_UNIT = re.compile(
    r"(?P<percent> ?%| ?-?per[ -]?cent\b| ?个百分点| percentage points?\b)|(?P<mille> ?‰)"
    r"|(?P<times> ?倍| times\b(?! of\b))|(?P<dollar> ?美元| (?:u\.?s\.? |united states )?dollars\b)"
    r"|(?P<euro> ?欧元| euros?\b)|(?P<pound> ?英镑| pounds\b)"
)
_MORE = re.compile(r" ?[多余](?![数年种元媒])")
_MONEY_BEFORE = re.compile(r"([$€£¥]) ?$")
_MONEY = {"dollar": "$", "euro": "€", "pound": "£"}
_GROWN_BY = re.compile(r"(?:增长|增加|提高|扩大|上升|增)(?:了)? ?$")
_VAGUE = ("数", "几", "上", "成")
_BARE_BEFORE = re.compile(r"(?:next|first|last|another) $")
_RANGE = re.compile(r" ?(?:-|~|至|到| to ) ?")
_JOINED = re.compile(r" ?(?:,|、|和|与|或|and|or) ?(?:and |or )?")


@dataclass(frozen=True, slots=True)
class Number:
    """A number on its way to a quantity: ``end`` is behind its unit; ``scale``, ``unit`` as far as they are known."""

    start: int
    end: int
    value: float
    kind: str = "count"
    unit: str = ""
    scale: float = 1.0
    more: bool = False
    spelled: bool = False
    reference: bool = False
    low: float | None = None
    high: float | None = None


def read_numbers(text: str, folded: str) -> Iterator[Number]:
    """Return the numbers in a text, in order, without overlap, before ranges are joined.

    Parameters
    ----------
    text, folded : str
        The same text as it is, and of :func:`fold_digits`.

    Examples
    --------
    >>> [(number.value, number.unit, number.reference) for number in read_numbers("占90%，第5段", "占90%，第5段")]
    [(90.0, '%', False), (5.0, '', True)]
    """
    taken = 0
    for number in _candidates(text, folded):
        if number.start >= taken:
            taken = number.end
            yield number


def fold_digits(text: str) -> str:
    """Fold a text, but what only looks like a digit (list marks ①, markers ², other scripts) becomes a blank."""
    folded = fold_text(text)
    if text.isascii():
        return folded
    return "".join(" " if new.isdigit() and not new.isascii() else new for old, new in zip(text, folded, strict=True))


def _candidates(text: str, folded: str) -> Iterator[Number]:
    for match in _CANDIDATE.finditer(folded):
        group = match.lastgroup or ""
        if group == "chunk":
            yield from _read_chunk(text, folded, match)
        elif group == "spaced":
            yield from _read_plain(text, folded, match, parse_digits(match[0]), spelled=False)
        elif group in ("en", "zh"):
            before = folded[max(0, match.start() - 8) : match.start()]
            if group == "zh":
                value = None if before.endswith(_VAGUE) else parse_chinese(match[0])
            else:
                is_bare = match[0] in SCALES and not _BARE_BEFORE.search(before)  # several hundred
                value = None if is_bare else parse_english(match[0])
            yield from _read_plain(text, folded, match, value, spelled=True)
        else:
            share = read_proportion(match)
            if share is not None:
                unit = {"percent": "%", "multiple": "×"}.get(share.kind, "")
                yield Number(*match.span(), share.value, share.kind, unit)


def _read_plain(
    text: str, folded: str, match: re.Match[str], value: float | None, *, spelled: bool
) -> Iterator[Number]:
    if value is not None:
        yield _measure(text, folded, *match.span(), value, spelled=spelled)


def _read_chunk(text: str, folded: str, match: re.Match[str]) -> Iterator[Number]:
    """Read a chunk: one number, a range of two, or a name."""
    if not any(character.isdigit() for character in match[0]):
        return
    parts = _CHUNK.fullmatch(match[0])
    if parts is None:
        start, end = match.span()
        yield Number(start, end, 0.0, reference=True)
        return
    for i in (1, 2):
        value = parse_digits(parts[i]) if parts[i] else None
        if value is None:
            continue
        start, end = match.start() + parts.start(i), match.start() + parts.end(i)
        yield _measure(text, folded, start, end, value, spelled=False)


def _measure(text: str, folded: str, start: int, end: int, value: float, *, spelled: bool) -> Number:
    """Read scale and unit behind a number, a sign or currency before it, and whether it names instead of counting."""
    written = folded[start:end]
    number = Number(start, end, value, spelled=spelled)
    if scale := _SCALE.match(folded, end):
        factor = SCALES[scale["scale"].strip(" -")]
        number = replace(number, end=scale.end(), scale=factor, value=value * factor, more=bool(scale["more"].strip()))
    more = _MORE.match(folded, number.end)
    unit = _UNIT.match(folded, more.end() if more else number.end)
    if money := _MONEY_BEFORE.search(folded[max(0, start - 2) : start]):
        number = replace(number, start=start - len(money[0]), kind="money", unit=money[1])
    if unit and (kind := unit.lastgroup):
        known = {"percent": ("percent", "%"), "mille": ("rate", "‰"), "times": ("multiple", "×")}
        name, sign = known.get(kind, ("money", _MONEY.get(kind, "")))
        number = replace(number, end=unit.end(), kind=name, unit=sign)
    if number.kind == "multiple" and _GROWN_BY.search(folded[max(0, start - 6) : start]):
        number = replace(number, value=number.value + 1)  # 增长了两倍: tripled
    if more:
        number = replace(number, end=max(number.end, more.end()), more=True)
    if _is_negative(folded, start) and not spelled:
        return replace(number, start=start - 1, value=-number.value)
    if number.kind == "count" and number.scale == 1.0:
        if is_year(value, written) and not counts_by_its_neighbours(folded, start, end):
            return replace(number, kind="year", reference=True)
        if names_something(text, folded, start, end):
            return replace(number, reference=True)
    elif folded[max(0, start - 2) : start].rstrip().endswith("第"):
        return replace(number, reference=True)
    return number


def _is_negative(folded: str, start: int) -> bool:
    before = folded[max(0, start - 2) : start]
    return before.endswith("-") and not re.match(r"[a-z0-9%)年月日号届-]", before) and len(before) >= 1


def join_numbers(folded: str, numbers: list[Number]) -> list[Number]:
    """Let the ends of a range share what is behind it, and the members of a list their unit or their being names."""
    joined = list(numbers)
    for i in range(len(joined) - 2, -1, -1):
        one, two = joined[i], joined[i + 1]
        between = folded[one.end : two.start] if two.start - one.end <= 12 else "\n"
        if one.reference or one.kind != "count" or one.spelled:
            if one.kind == two.kind == "percent" and _RANGE.fullmatch(between) and one.value < two.value:
                joined[i], joined[i + 1] = _as_range(one, two)
            continue
        if two.reference:
            if two.kind != "year" and _RANGE.fullmatch(between) and one.scale == 1.0:
                joined[i] = replace(one, reference=True)
            continue
        ranged = bool(_RANGE.fullmatch(between)) or (
            between == " and " and folded[max(0, one.start - 8) : one.start] == "between "
        )
        if ranged and one.scale == 1.0 and one.value < abs(two.value):
            factor = two.scale if one.value < two.value / two.scale else 1.0
            one = replace(one, value=one.value * factor, scale=factor, kind=two.kind, unit=two.unit)
            joined[i], joined[i + 1] = _as_range(one, two)
        elif two.kind == "percent" and _JOINED.fullmatch(between) and one.scale == 1.0:
            joined[i] = replace(one, kind=two.kind, unit=two.unit)
    for i, (one, two) in enumerate(pairwise(list(joined)), start=1):
        plain = two.kind == "count" and two.scale == 1.0 and not two.reference
        named = one.reference and one.kind == "count"
        if (
            named
            and plain
            and continues_list(folded[one.end : two.start])
            and not counts_by_its_neighbours(folded, two.start, two.end)
        ):
            joined[i] = replace(two, reference=True)
    return joined


def _as_range(one: Number, two: Number) -> tuple[Number, Number]:
    high = two.value if two.high is None else two.high
    return replace(one, low=one.value, high=high), replace(two, low=one.value, high=high)
