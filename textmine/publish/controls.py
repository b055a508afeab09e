"""Characters of a document that don't show, made visible."""

import unicodedata


def show_controls(text: str) -> str:
    r"""Make control and direction characters visible, so that a document can't steer a terminal or break a figure.

    Examples
    --------
    >>> show_controls("red\x1b[31m")
    'red\\x1b[31m'
    """
    return "".join(
        character.encode("unicode_escape", "surrogatepass").decode("ascii") if _is_control(character) else character
        for character in text
    )


def _is_control(character: str) -> bool:
    if character == "\n":
        return False
    point = ord(character)
    # The last two of each plane, and 32 in the Arabic block, are no characters: XML has no place for them.
    return (
        unicodedata.category(character) in ("Cc", "Cf", "Cs") or point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF
    )
