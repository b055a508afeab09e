"""Numbers that count nothing: years, dates, ordinals, and those of resolutions, documents, sessions, action lines."""

import re
from typing import Final

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
#: How far before and after a number its meaning is looked for.
WINDOW: Final = 32

# A number behind one of these names something; weak ones only where no measure word follows.
_NAMED = re.compile(
    r"(?:第|决议|附件|脚注|行动方针|行动纲领|行动路线|§|电子拉加|工业|版本|\+"
    r"|(?<![a-z])(?:c|nos?\.?|paras?\.?|paragraphs?|resolutions?|decisions?|articles?|items?|chapters?|chap\.|parts?"
    r"|action lines?|sub-lines?|web|volumes?|vol\.|tables?|figures?|fig\.|box|boxes|annex|sections?|pages?|pp?\.|goals?"
    r"|targets?|sdgs?|recommendations?|phase|version|release|footnotes?|notes?|rules?|principles?|group of|agenda"
    r"|industry|horizon|cop|iso|windows|g)) ?$"
)
_NAMED_WEAKLY = re.compile(r"(?:目标|议程|图|表|框|阶段|原则|注|页|步骤)\s?$")
_NAMES_AFTER = re.compile(
    r"\s?(?:号|届|段|世纪|日|月(?!活)|国集团|版|年(?![轻青龄])|个月|个?(?:星期|工作日)|天|周(?!边))"
)
_DURATION = re.compile(r" ?-?(?:calendar |working |full |more )?(?:years?|months?|weeks?|days?|decades?)\b")
_MONTH_BEFORE = re.compile(rf"(?<![a-z])(?P<month>{_MONTHS}) ?$")
_MONTH_AFTER = re.compile(rf"(?:(?: ?(?:-|to|and|,) ?)\d{{1,2}}){{0,3}} ?(?:of )?(?P<month>{_MONTHS})\b")
_LISTED = re.compile(r" ?(?:,|、|和|及|与|至|到|或|-|to|and|or|through)(?: and| or)? ?(?:第 ?)?")
_MEASURE_WORD = re.compile(
    r" ?(?:多|余)? ?(?:个|名|位|人|所|家|项|种|户|份|条|次|处|件|台|部|座|间|篇|场|类|起|门|亿|万|千|百|倍|%|per ?cent)"
)
_MORE_BEFORE = re.compile(r"(?:more than|fewer than|less than|at least|up to) $")


def is_year(value: float, written: str) -> bool:
    """Tell whether a number could be a year of the Common Era that reports speak of: four digits, 1900 to 2099."""
    return len(written) == 4 and written.isdigit() and 1900 <= value <= 2099


def counts_by_its_neighbours(folded: str, start: int, end: int) -> bool:
    """Tell whether what stands around a number that looks like a year makes it a count."""
    return bool(_MEASURE_WORD.match(folded, end) or _MORE_BEFORE.search(folded[max(0, start - 12) : start]))


def names_something(text: str, folded: str, start: int, end: int) -> bool:
    """Tell whether a number names a thing or a time instead of counting: paragraph 5, 第 5 号, 14 March.

    Parameters
    ----------
    text, folded : str
        The same text as it is and folded: ``May`` is a month, ``may`` is not.
    start, end : int
        Of the number.

    Examples
    --------
    >>> names_something("para. 12", "para. 12", 6, 8), names_something("12 schools", "12 schools", 0, 2)
    (True, False)
    """
    before = folded[max(0, start - WINDOW) : start]
    if _NAMED.search(before) or _NAMES_AFTER.match(folded, end) or _DURATION.match(folded, end):
        return True
    if _NAMED_WEAKLY.search(before) and not _MEASURE_WORD.match(folded, end):
        return True
    if before.endswith("(") and folded.startswith(")", end) and end - start <= 2:
        return True
    month = _MONTH_BEFORE.search(before)
    if month and text[start - len(before) + month.start("month")].isupper():
        return True
    month = _MONTH_AFTER.match(folded, end)
    return bool(month and text[month.start("month")].isupper())


def continues_list(between: str) -> bool:
    """Tell whether the text between two numbers joins them: paragraphs 5 **and** 6."""
    return len(between) <= 12 and bool(_LISTED.fullmatch(between))
