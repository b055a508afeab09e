"""Headings: which lines after a paragraph are one, how they nest, and a code for each that no language changes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from textmine.reports.lines import ends_sentence
from textmine.reports.model import Heading, ReadWarning
from textmine.reports.numbering import read_label

UNNUMBERED_LEVEL = 6
#: No heading of the series is longer than this many characters; what is longer is text.
MAX_LENGTH = 240
# A footnote marker may stand behind the stop, and stays there where its footnote was lost.
_MARKED_SENTENCE_END = re.compile(r"(?:[^\W\d_][.!?]|[。！？])[\"'”’)）」』]*\d{1,3}$")
_ITEM_LEVELS = (3, 4, 5)  # 1. / (a) / (i) / (一)
_SENTENCE_INSIDE = re.compile(r"[。！？；]|[a-z][.!?]\s+[A-Z]")


@dataclass(frozen=True, slots=True)
class HeadingLine:
    """A line that may belong to a heading: its place among the body lines, its text, its line in the source."""

    place: int
    text: str
    line: int
    after_blank: bool


def split_headings(lines: Sequence[HeadingLine], width: int, *, front: bool = False) -> int:
    """Return how many of the lines after a paragraph number belong to the paragraph; the rest are headings.

    A heading follows the end of a sentence, has no sentence in it, and runs up to the next number. A line that
    ends like a sentence belongs to the paragraph unless it has a heading's label.

    Parameters
    ----------
    lines : sequence of HeadingLine
        From a paragraph's first line to the line before the next number.
    width : int
        Length of a full line in characters: a heading line without a label is shorter.
    front : bool
        Whether these are the lines before paragraph 1, the first of which may be a heading when it has a label.
    """
    split = len(lines)
    for i in range(len(lines) - 1, _end_of_list(lines) - 1, -1):
        text = lines[i].text
        labelled = read_label(text) is not None
        if _SENTENCE_INSIDE.search(text.rstrip("。！？；")) or (ends_sentence(text) and not labelled):
            break
        if text.endswith((";", "；")) or (ends_sentence(text) and len(text) > width * 0.8):
            break
        if _ends_text(lines[i - 1].text) and (labelled or len(text) < width * 0.8):
            split = i
    else:
        if front and lines and read_label(lines[0].text):
            split = 0
    return split


def _ends_text(text: str) -> bool:
    return ends_sentence(text) or _MARKED_SENTENCE_END.search(text) is not None


def _end_of_list(lines: Sequence[HeadingLine]) -> int:
    """Return how many lines at least belong to the paragraph: up to the last item of a list that a colon opens."""
    end = 1
    level, ordinal = 0, 0  # of the last item of the list that is open
    for i in range(1, len(lines)):
        label = read_label(lines[i].text, {level: ordinal})
        if label is None or label.level not in _ITEM_LEVELS:
            continue
        opens = label.ordinal == 1 and lines[i - 1].text.endswith((":", "："))
        if opens or (label.level == level and label.ordinal == ordinal + 1):
            level, ordinal = label.level, label.ordinal
            end = i + 1
    while 1 < end < len(lines) and not ends_sentence(lines[end - 1].text):
        if read_label(lines[end].text):
            break
        end += 1  # the last item runs on
    return end


def group_headings(lines: Sequence[HeadingLine], width: int) -> list[list[HeadingLine]]:
    """Group heading lines into headings: a label begins a new one, and so does a line that is set off from a short one.

    Headings are set narrower than text, so a short line may be continued: by a line in lower case, or by one without
    a blank line above it where the headings have one.
    """
    groups: list[list[HeadingLine]] = []
    for line in lines:
        wrapped = bool(groups) and (
            len(groups[-1][-1].text) >= width * 0.75
            or line.text[0].islower()
            or (groups[-1][0].after_blank and not line.after_blank)
        )
        if groups and wrapped and read_label(line.text) is None:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


class Outline:
    """The tree of headings as it grows, one heading after the other."""

    def __init__(self) -> None:
        self.headings: list[Heading] = []
        self.warnings: list[ReadWarning] = []
        self._open: list[Heading] = []
        self._n_unnumbered_parts = 0
        self._ordinals: dict[int, int] = {}  # level -> ordinal of the last heading of that level that is still open

    @property
    def current(self) -> int | None:
        """Number of the innermost open heading."""
        return self._open[-1].number if self._open else None

    def add(self, text: str, line: int, *, level: int | None = None) -> Heading:
        """Add a heading below those that are open and close what it ends.

        Parameters
        ----------
        text : str
            The heading on one line, label included, marker removed.
        line : int
            Where it stands in the source.
        level : int, optional
            Its level where the source says it (Markdown); else the label decides.
        """
        label = read_label(text, self._ordinals)
        title = label.title if label else text.strip()
        if level is None:
            level = label.level if label else (UNNUMBERED_LEVEL if self._open and self._open[0].label else 1)
        while self._open and self._open[-1].level >= level:
            self._open.pop()
        ordinal = label.ordinal if label else self._ordinals.get(level, 0) + 1
        expected = self._ordinals.get(level, 0) + 1
        if label and ordinal != expected:
            message = f"heading {text!r}: number {ordinal} where {expected} was due"
            self.warnings.append(ReadWarning("heading-number", message, line, line))
        self._ordinals = {key: value for key, value in self._ordinals.items() if key < level}
        if label or level > 1:
            self._ordinals[level] = ordinal
        if not label and level == 1:
            ordinal = self._n_unnumbered_parts
            self._n_unnumbered_parts += 1
        heading = Heading(
            number=len(self.headings) + 1,
            level=level,
            label=label.text if label else "",
            title=title,
            section=".".join([*(part for part in [self._section()] if part), _code(level, ordinal, bool(label))]),
            parent=self.current,
            line=line,
        )
        self.headings.append(heading)
        self._open.append(heading)
        return heading

    def _section(self) -> str:
        return self._open[-1].section if self._open else ""


def _code(level: int, ordinal: int, labelled: bool) -> str:
    """Return the code of one heading: ``2``, ``B``, ``6``, ``a``; without a label ``u1``, at the top ``0``, ``0u1``."""
    if not labelled:
        return f"u{ordinal}" if level > 1 else f"0u{ordinal}" if ordinal else "0"
    if level in (2, 4) and 1 <= ordinal <= 26:
        return chr(ord("A" if level == 2 else "a") + ordinal - 1)
    return str(ordinal)
