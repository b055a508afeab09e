"""Wrapped lines become running text: what stands between two line ends, a space or nothing."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_HAN = re.compile(r"[\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
# CJK punctuation, full-width forms, and the quotation marks and dashes that Chinese shares with Latin.
_WIDE_MARK = re.compile(r"[\u3000-\u3004\u3008-\u303f\uff00-\uffef·—―…“”‘’]")
_SHARED_MARKS = "·—―…“”‘’"
_SPACE = re.compile(r"\s+")
_URL_AT_END = re.compile(r"(?:https?://|www\.)[!-~]*$|[\w.-]+\.(?:org|net|int|com|info)/[!-~]*$")
_URL_CHARACTER = re.compile(r"[!-~]")
_HYPHENATED = re.compile(r"([A-Za-z]+)-$")
_SOFT_HYPHEN = "\u00ad"
#: No URL or word is longer than this; joining looks no further back.
_LOOK_BACK = 400


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a wrapped text: one line or part of it, and the number of the marker printed before it, if any."""

    text: str
    marker: int | None = None


@dataclass(frozen=True, slots=True)
class Style:
    """What the document itself shows of its setting: a space between digits and Han, and its hyphenated words."""

    spaced_han: bool
    words: frozenset[str]
    chinese: bool = True


def learn_style(text: str) -> Style:
    """Learn from a document's unbroken lines whether it sets a space between Han and Latin, and which words it has.

    Examples
    --------
    >>> learn_style("2010 年有 19 个组织").spaced_han
    True
    """
    han = _HAN.pattern
    spaced = len(re.findall(rf"{han}[ \t]+[0-9A-Za-z]|[0-9A-Za-z][ \t]+{han}", text))
    tight = len(re.findall(rf"{han}[0-9A-Za-z]|[0-9A-Za-z]{han}", text))
    words = frozenset(word.lower() for word in re.findall(r"[A-Za-z]+(?:-[A-Za-z]+)*", text))
    chinese = len(_HAN.findall(text)) > 0.1 * len(text)
    return Style(spaced_han=spaced >= tight, words=words, chinese=chinese)


def join_fragments(fragments: Iterable[Fragment], style: Style) -> tuple[str, list[tuple[int, int]]]:
    """Join wrapped fragments into one text.

    Parameters
    ----------
    fragments : iterable of Fragment
        In reading order; white space at their edges is not significant.
    style : Style
        As :func:`learn_style` gives it.

    Returns
    -------
    text : str
        Without line breaks; runs of white space inside a fragment become one space.
    markers : list of (int, int)
        Number of each marker and its offset in ``text``.

    Examples
    --------
    >>> style = learn_style("2010 年")
    >>> pieces = [Fragment("信通技"), Fragment("术的发展。"), Fragment("2010", marker=5), Fragment("年底")]
    >>> join_fragments(pieces, style)
    ('信通技术的发展。2010 年底', [(5, 8)])
    """
    pieces: list[str] = []
    length, tail = 0, ""  # of what is joined so far: its length, and its end as far as a join looks back
    markers: list[tuple[int, int]] = []
    soft = False  # whether the piece before ends with a soft hyphen
    for fragment in fragments:
        if fragment.marker is not None:
            markers.append((fragment.marker, length))
        raw = fragment.text.rstrip()
        piece = _SPACE.sub(" ", raw.replace(_SOFT_HYPHEN, "")).strip()
        if not piece:
            continue
        glued, soft = soft, raw.endswith(_SOFT_HYPHEN)
        broken = _HYPHENATED.search(tail)
        if broken and _drops_hyphen(broken[1], piece, style):
            pieces[-1] = pieces[-1][:-1]
            length -= 1
        elif tail and not glued:
            piece = _gap(tail, piece, style) + piece
        pieces.append(piece)
        length += len(piece)
        tail = (tail + piece)[-_LOOK_BACK:]
    return _compose("".join(pieces), [(number, min(offset, length)) for number, offset in markers])


def _compose(text: str, markers: list[tuple[int, int]]) -> tuple[str, list[tuple[int, int]]]:
    """Return a text in NFC: joining may have brought a mark to its letter."""
    if unicodedata.is_normalized("NFC", text):
        return text, markers
    composed = unicodedata.normalize("NFC", text)
    offsets = [len(unicodedata.normalize("NFC", text[:offset])) for _, offset in markers]
    return composed, [(marker[0], min(at, len(composed))) for marker, at in zip(markers, offsets, strict=True)]


def _gap(left: str, right: str, style: Style) -> str:
    """Return what stands between two lines' texts: a space or nothing."""
    a, b = left[-1], right[0]
    if a == "–" and b.isdigit() and left[-2:-1].isdigit():  # a span of years
        return ""
    if not style.chinese and (a in _SHARED_MARKS or b in _SHARED_MARKS):
        return "" if a in "“‘" or b in "”’…" else " "
    if _WIDE_MARK.match(a) or _WIDE_MARK.match(b):
        return ""
    if _HAN.match(a) or _HAN.match(b):
        other = b if _HAN.match(a) else a
        if _HAN.match(other):
            return ""
        return " " if style.spaced_han and other.isalnum() else ""
    inside_address = _URL_AT_END.search(left) and _URL_CHARACTER.match(b) and not _ends_address(a, b)
    return "" if inside_address or a in "/-([" or b in "/)],.;:%" else " "


def _ends_address(a: str, b: str) -> bool:
    """Tell whether an address ends with its line: after a semicolon, or after a stop before a capital."""
    return a in ";," or (a == "." and b.isupper())


def _drops_hyphen(head: str, piece: str, style: Style) -> bool:
    """Tell whether a hyphen at a line's end is the typesetter's: the document knows the word without it only."""
    tail = re.match(r"[a-z]+", piece)
    if tail is None:
        return False
    word, compound = f"{head}{tail[0]}".lower(), f"{head}-{tail[0]}".lower()
    return word in style.words and compound not in style.words
