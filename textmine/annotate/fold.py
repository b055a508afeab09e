"""One character becomes one character: what matching ignores, with every offset kept.

Case, full width, Traditional Chinese, the kinds of dash and the kinds of space are folded away. A character whose
folded form would be longer or shorter stays as it is, so that folded and raw text share their offsets.
"""

import unicodedata
from collections.abc import Iterable
from functools import cache

import opencc

_REPLACEMENT = "\ufffd"
_PLANES = 0x40000  # of Unicode; those above hold no characters of text
_DASHES = "\u002d\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"


class _FoldTable(dict[int, str]):
    """A table for ``str.translate`` that works out each character once, when it is first met."""

    def __init__(self, *, lower: bool) -> None:
        super().__init__()
        self.lower = lower

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code), lower=self.lower)
        self[code] = folded
        return folded


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _fold_character(character: str, *, lower: bool) -> str:
    if character.isspace():
        return " "
    if 0xD800 <= ord(character) <= 0xDFFF:
        return _REPLACEMENT  # half a surrogate pair is no character: engines in Rust and C refuse it
    if character.isdigit() and not character.isdecimal():
        return character  # a footnote or list mark (², ①) is no digit of the text
    folded = unicodedata.normalize("NFKC", character)
    if folded in _DASHES:
        return "-"
    if len(folded) != 1:
        folded = character
    if lower and len(folded.lower()) == 1:
        folded = folded.lower()
    if "CJK" in unicodedata.name(folded, ""):
        folded = _simplify(folded)
    return folded


def _simplify(character: str) -> str:
    """Convert until nothing changes: some simplified forms (苧 of 薴) have one of their own."""
    simplified = _simplifier().convert(character)
    return character if simplified == character or len(simplified) != 1 else _simplify(simplified)


_LOWER = _FoldTable(lower=True)
_CASED = _FoldTable(lower=False)


def fold_text(text: str, *, lower: bool = True) -> str:
    """Fold a text character by character; its length never changes.

    Parameters
    ----------
    text : str
        Any Unicode text.
    lower : bool
        Fold case too (default).

    Examples
    --------
    >>> fold_text("ＩＣＴ—雲計算")
    'ict-云计算'
    >>> fold_text("Straße ﬁ") == "straße ﬁ"
    True
    """
    return text.translate(_LOWER if lower else _CASED)


def list_folded(texts: Iterable[str]) -> dict[str, str]:
    """Return the characters, case kept, that stand for another one of the texts when folded, in Unicode's order.

    Parameters
    ----------
    texts : iterable of str

    Returns
    -------
    dict of str to str
        For who can't fold: a query with these replaced is found in the texts as :func:`fold_text` would have it.

    Examples
    --------
    >>> list_folded(["云计算"])
    {'計': '计', '雲': '云'}
    """
    held = set().union(*texts) - {_REPLACEMENT}
    return {
        character: folded
        for character in map(chr, range(_PLANES))
        if (folded := _fold_character(character, lower=False)) in held and folded != character
    }
