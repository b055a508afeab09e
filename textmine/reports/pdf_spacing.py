"""The text of a line from its characters: where a space stands, and which digits are raised."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from textmine.reports.pdf_glyphs import Glyph, PageGlyphs
from textmine.reports.pdf_lines import SMALL, PageLine

#: A gap of this many ems between Latin characters is a space where the file has no space characters.
_WORD_GAP = 0.17
#: A gap of this many ems is a space wherever it stands, but between Han characters.
_TAB = 0.5
#: Han and Latin set apart by less than this touch.
_HAN_GAP = 0.12
_FIRST_WIDE = "\u2e80"
_WIDE = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]")


@dataclass(frozen=True, slots=True)
class Spacing:
    """Whether a document has space characters, and whether it writes one between Han and Latin or digits.

    Typesetters set Han and Latin a little apart whether a space is written or not, and some drop the written one. In a
    file without any space character the gaps decide.
    """

    characters: bool
    han: bool


def learn_spacing(pages: Sequence[PageGlyphs]) -> Spacing:
    """Learn how a document sets its spaces, from its characters in the order of the file."""
    n_glyphs = sum(len(page.glyphs) for page in pages)
    n_spaces = sum(glyph.text.isspace() for page in pages for glyph in page.glyphs)
    written = bare = 0
    for page in pages:
        for before, glyph in pairwise(page.glyphs):
            if is_wide(before.text) and before.text.isalpha() and abs(glyph.y - before.y) < 0.1 * glyph.size:
                written += glyph.text.isspace()
                bare += glyph.text.isalnum() and not is_wide(glyph.text)
    return Spacing(characters=n_spaces > 0.01 * n_glyphs, han=written > bare or n_spaces == 0)


def is_wide(text: str) -> bool:
    """Tell whether a character is Han, full-width or the like."""
    return text >= _FIRST_WIDE and _WIDE.match(text) is not None


def spell(line: PageLine, *, spacing: Spacing) -> None:
    """Set a line's text and the spans of its raised digits; a space is where the file has one or a gap shows one."""
    pieces: list[str] = []
    length, before, space = 0, None, False
    reach, stretch = 0.0, _find_stretch(line.glyphs)
    for glyph in line.glyphs:
        if glyph.text.isspace():
            space = True
            continue
        ems = (glyph.x0 - reach) / glyph.size
        if before is not None and _parted(before, glyph, ems, space=space, spacing=spacing, stretch=stretch):
            pieces.append(" ")
            length += 1
        text = glyph.text
        if _is_raised(glyph, line) and text.isdigit():
            joined = bool(line.raised) and line.raised[-1][1] == length
            if joined:
                line.raised[-1] = (line.raised[-1][0], length + len(text))
            else:
                line.raised.append((length, length + len(text)))
        pieces.append(text)
        length += len(text)
        # The letters of a ligature share its box.
        before, space, reach = glyph, False, max(reach, glyph.x1)
    line.text = "".join(pieces)


def _is_raised(glyph: Glyph, line: PageLine) -> bool:
    return glyph.size < SMALL * line.size and glyph.y - line.y > 0.1 * line.size


def _find_stretch(glyphs: Sequence[Glyph]) -> float:
    """Return the ems by which a justified line sets its Han characters apart."""
    gaps = [
        (glyph.x0 - before.x1) / glyph.size
        for before, glyph in pairwise(glyphs)
        if is_wide(before.text) and is_wide(glyph.text) and before.text.isalpha() and glyph.text.isalpha()
    ]
    return max(0.0, median(gaps)) if gaps else 0.0


def _parted(before: Glyph, glyph: Glyph, ems: float, *, space: bool, spacing: Spacing, stretch: float) -> bool:
    """Tell whether a space stands between two characters; between two Han characters never, whatever the gap."""
    a, b = is_wide(before.text[-1:]), is_wide(glyph.text[:1])
    if a and b:
        return False
    if space:
        return True
    if a or b:
        other = glyph.text if a else before.text
        apart = spacing.han and ems - stretch > _HAN_GAP
        return ems > _TAB or (apart and (other[:1].isalnum() or (not spacing.characters and before.text == ".")))
    return ems > (_TAB if spacing.characters else _WORD_GAP)
