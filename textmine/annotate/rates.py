"""Rates: so many per 100 inhabitants, 每 100 人; the base is no figure of its own, the figure gets it as unit."""

import re
from bisect import bisect_left, bisect_right

from textmine.annotate.numerals import parse_numeral
from textmine.annotate.sentence_breaks import SentenceBreaks

_RATE = re.compile(
    r"(?:每|(?<![a-z])(?:per|for every|out of every|for each) ) ?"
    r"(?P<base>\d{1,3}(?:,\d{3}){1,3}|\d{2,9}|[一二两]?(?:十[万亿]|[百千万亿]{1,2})"
    r"|(?:a |one |ten )?(?:hundred|thousand|million))"
    r"(?P<scale> ?(?:万|百万|million))?"
    r"(?= ?(?:个|名|位|户)? ?(?:人|居民|住户|家庭|用户|名|户"
    r"|inhabitants|people|persons|households|users|population|[,，]))"
)
#: Further away than this a number has nothing to do with a rate behind it.
_REACH = 60
_MILLION = {"万": 10**4, "百万": 10**6, "million": 10**6}
_BARE = {"百": 100, "千": 1000, "万": 10**4, "百万": 10**6, "千万": 10**7, "十万": 10**5, "亿": 10**8}


class Rates:
    """The rates of a text.

    Parameters
    ----------
    folded : str

    Examples
    --------
    >>> Rates("每100人有53户").units([(6, 8, 53.0)])
    ['per 100']
    """

    def __init__(self, folded: str) -> None:
        found = [(match.start(), match.end(), _base(match)) for match in _RATE.finditer(folded)]
        self._starts = [start for start, _, _ in found]
        self._ends = [end for _, end, _ in found]
        self._bases = [base for _, _, base in found]
        self._breaks = SentenceBreaks(folded)

    def is_base(self, at: int) -> bool:
        """Tell whether a place lies in the words of a rate."""
        i = bisect_right(self._starts, at) - 1
        return i >= 0 and at < self._ends[i]

    def units(self, numbers: list[tuple[int, int, float]]) -> list[str]:
        """Return the unit of each figure (start, end, value): ``per 100``, or empty when it is no rate.

        A rate behind the nearest figure of its sentence is that figure's (25 per 100); one before all figures of
        its sentence (每 100 人) is that of those behind it.
        """
        units = [""] * len(numbers)
        starts = [start for start, _, _ in numbers]
        for i, begin in enumerate(self._starts):
            last = bisect_left(starts, begin) - 1  # the figure before the rate
            left, right = self._breaks.around(begin)
            if i + 1 < len(self._starts):
                right = min(right, self._starts[i + 1])
            unit = f"per {self._bases[i]:.0f}"
            if last >= 0 and left < starts[last] and begin - numbers[last][1] <= _REACH and not units[last]:
                while last >= 0 and left < starts[last] and begin - numbers[last][1] <= 2 * _REACH and not units[last]:
                    units[last] = unit if numbers[last][2] < self._bases[i] * 100 else ""
                    if numbers[last][2] == int(numbers[last][2]):
                        break  # a whole number further away is more likely a count
                    last -= 1
                continue
            place = last + 1
            while place < len(starts) and starts[place] < right and not units[place]:
                units[place] = unit
                place += 1
        return units


def _base(match: re.Match[str]) -> float:
    written = match["base"]
    value = _BARE[written] if written in _BARE else parse_numeral(written)
    return (value or 100) * _MILLION.get((match["scale"] or "").strip(), 1)
