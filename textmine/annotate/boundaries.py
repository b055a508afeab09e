"""Where words of scripts that write spaces between words begin and end: there a Latin form must stand."""


def stands_alone(folded: str, start: int, end: int) -> bool:
    """Tell whether no Latin letter or digit continues ``folded[start:end]`` on either side.

    Examples
    --------
    >>> stands_alone("the cloud", 4, 9), stands_alone("clouds", 0, 5), stands_alone("用cloud的", 1, 6)
    (True, False, True)
    """
    before = folded[start - 1] if start else " "
    after = folded[end] if end < len(folded) else " "
    return not (_is_word(folded[start]) and _is_word(before)) and not (_is_word(folded[end - 1]) and _is_word(after))


def _is_word(character: str) -> bool:
    """Tell whether a character is of a script that writes words with spaces between them.

    Footnote and list marks (², ①) are digits that belong to no word.
    """
    if character.isdigit() and not character.isdecimal():
        return False
    return character.isalnum() and not (
        "\u2e80" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff" or character >= "\U00020000"
    )
