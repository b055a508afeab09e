"""Offsets for the browser, which counts UTF-16 code units where textmine counts code points."""

from bisect import bisect_left
from itertools import accumulate

from textmine.errors import UnknownOptionError

_LAST_OF_ONE_UNIT = "\uffff"


class BrowserOffsets:
    """What each offset of a text is in UTF-16 code units, and back.

    A character beyond the Basic Multilingual Plane (an emoji, Han of Extension B) is one code point and two units; a
    lone surrogate is one of either.

    Parameters
    ----------
    text : str

    Examples
    --------
    >>> offsets = BrowserOffsets("𠮷野家")
    >>> offsets.to_units(1), offsets.to_points(2)
    (2, 1)
    """

    def __init__(self, text: str) -> None:
        # Most texts have no such character, and their offsets are the same.
        plain = not text or max(text) <= _LAST_OF_ONE_UNIT
        self._units = (
            range(len(text) + 1)
            if plain
            else list(accumulate((1 + (character > _LAST_OF_ONE_UNIT) for character in text), initial=0))
        )

    def to_units(self, point: int) -> int:
        """Return an offset in code points as one in UTF-16 code units; one outside the text raises."""
        if not 0 <= point < len(self._units):
            raise UnknownOptionError("offset", point, f"0 to {len(self._units) - 1}")
        return self._units[point]

    def to_points(self, unit: int) -> int:
        """Return an offset in UTF-16 code units as one in code points; one inside a character raises."""
        point = bisect_left(self._units, unit)
        if point == len(self._units) or self._units[point] != unit:
            raise UnknownOptionError("offset in UTF-16", unit, "a place between two characters of the text")
        return point
