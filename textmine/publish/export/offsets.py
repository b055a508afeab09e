"""Offsets in code points, which Python counts, and in UTF-16 code units, which browsers count."""

from itertools import accumulate

from textmine.errors import SourceError


def to_utf16(text: str, offset: int) -> int:
    """Return the UTF-16 position of a code point offset.

    Examples
    --------
    >>> to_utf16("𠀀和", 1)
    2
    """
    if not 0 <= offset <= len(text):
        raise SourceError(f"no offset {offset} in a text of {len(text)} characters")
    return offset + sum(character > "\uffff" for character in text[:offset])


def from_utf16(text: str, position: int) -> int:
    """Return the code point offset of a UTF-16 position.

    Raises
    ------
    SourceError
        When it lies outside the text, or inside a character.

    Examples
    --------
    >>> from_utf16("𠀀和", 2)
    1
    """
    units = accumulate((2 if character > "\uffff" else 1 for character in text), initial=0)
    for offset, unit in enumerate(units):
        if unit == position:
            return offset
    raise SourceError(f"UTF-16 position {position} lies outside the text or inside a character")
