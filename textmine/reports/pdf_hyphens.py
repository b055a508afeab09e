"""Hyphens at the ends of lines: PDFium marks all of them alike, the words of the document say which are its own."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import simplemma

from textmine.reports.layout import Layout
from textmine.reports.lines import Line
from textmine.reports.pdf_glyphs import SOFT_HYPHEN

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_HEAD = re.compile(r"([^\W\d_]+)-$")
#: No typesetter leaves fewer characters of a broken word on a line.
_SHORTEST = 2
#: Shorter words of a word list are too often parts of others.
_LONG = 4
_TAIL = re.compile(r"[^\W\d_]+")


def settle_hyphens(layout: Layout) -> None:
    """Leave a soft hyphen where a line breaks a word, and a hyphen where the word has one of its own.

    The document's unbroken words decide, by the form that it has more often; of a word that it has nowhere else, a
    word list does (simplemma's), and the parts: where both stand alone (``high-income``), the hyphen is the word's own.
    """
    body = [line for page, _ in layout.pages for line in page]
    texts: list[Sequence[Line]] = [layout.front, body, *(block.lines for block in layout.footnotes)]
    words = Counter(word.lower() for lines in texts for line in lines for word in _unbroken(line.text))
    parts = {part for word in words for part in word.split("-")}
    for lines in texts:
        for line, following in zip(lines, [*lines[1:], None], strict=False):
            if line.text.endswith(SOFT_HYPHEN):
                head = line.text[: -len(SOFT_HYPHEN)] + "-"
                own = following is None or _keeps(head, following.text, words, parts)
                line.text = head if own else line.text
            line.text = line.text[:-1].replace(SOFT_HYPHEN, "-") + line.text[-1:]


def _unbroken(text: str) -> Iterator[str]:
    """Yield the words of a line, without one broken at its end or its beginning."""
    for match in _WORD.finditer(text):
        if match.start() > 0 and text[match.end() : match.end() + 1] not in (SOFT_HYPHEN, ""):
            yield match[0]


def _keeps(head: str, following: str, words: Counter[str], parts: set[str]) -> bool:
    """Tell whether the hyphen at the end of a line is the word's own."""
    left, right = _HEAD.search(head), _TAIL.match(following)
    if left is None or right is None:
        return True
    a, b = left[1].lower(), right[0].lower()
    if min(len(a), len(b)) < _SHORTEST:
        return True
    if words[a + b] or words[f"{a}-{b}"]:
        return words[f"{a}-{b}"] >= words[a + b]
    if right[0][0].isupper():
        return True
    if simplemma.is_known(a + b, "en"):
        return False
    return all(part in parts or f"{part}s" in parts or _is_long_word(part) for part in (a, b))


def _is_long_word(part: str) -> bool:
    return len(part) >= _LONG and simplemma.is_known(part, "en")
