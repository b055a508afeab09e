"""Where a sentence ends, for rules that look from a figure to the words around it."""

import re
from bisect import bisect_left

_BREAK = re.compile(r"[。；;!?！？\n]|\.(?= |$)")
#: Behind the end of any text.
_FAR = 1 << 60


class SentenceBreaks:
    """The places in a text where a sentence ends.

    Parameters
    ----------
    folded : str

    Examples
    --------
    >>> SentenceBreaks("一。二三。").around(3)
    (1, 4)
    """

    def __init__(self, folded: str) -> None:
        self._places = [match.start() for match in _BREAK.finditer(folded)]

    def around(self, place: int) -> tuple[int, int]:
        """Return the last break before a place (or -1) and the first from it on (or one behind the end)."""
        i = bisect_left(self._places, place)
        return self._places[i - 1] if i else -1, self._places[i] if i < len(self._places) else _FAR
