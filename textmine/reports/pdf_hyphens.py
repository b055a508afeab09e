"""Hyphens at the ends of lines: PDFium marks all of them alike, the words of the document say which are its own."""

import re
from collections.abc import Iterator, Sequence

from textmine.reports.layout import Layout
from textmine.reports.lines import Line
from textmine.reports.pdf_glyphs import SOFT_HYPHEN

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_HEAD = re.compile(r"([^\W\d_]+)-$")
_TAIL = re.compile(r"[^\W\d_]+")


def settle_hyphens(layout: Layout) -> None:
    """Leave a soft hyphen where a line breaks a word, and a hyphen where the word has one of its own.

    The document's unbroken words decide; of a word that it has nowhere else, the parts do: where both stand alone
    elsewhere (``high-income``), the hyphen is the word's own.
    """
    body = [line for page, _ in layout.pages for line in page]
    texts: list[Sequence[Line]] = [layout.front, body, *(block.lines for block in layout.footnotes)]
    words = {word.lower() for lines in texts for line in lines for word in _unbroken(line.text)}
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


def _keeps(head: str, following: str, words: set[str], parts: set[str]) -> bool:
    """Tell whether the hyphen at the end of a line is the word's own."""
    left, right = _HEAD.search(head), _TAIL.match(following)
    if left is None or right is None:
        return True
    a, b = left[1].lower(), right[0].lower()
    if a + b in words:
        return False
    if f"{a}-{b}" in words:
        return True
    return right[0][0].isupper() or (a in parts and b in parts)
