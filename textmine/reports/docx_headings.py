"""Headings of a Word file: by style or outline level, or as they are set; their level by label or outline."""

import re
from collections.abc import Iterable, Mapping, Sequence

from textmine.reports.docx_blocks import Block
from textmine.reports.headings import MAX_LENGTH, HeadingLine
from textmine.reports.lines import ends_sentence
from textmine.reports.model import Heading, Paragraph, ReadWarning
from textmine.reports.numbering import read_label

_SENTENCE_INSIDE = re.compile(r"[。！？；]|[a-z][.!?]\s+[A-Z]")
_MAX_LEVEL = 6


def is_heading(block: Block) -> bool:
    """Tell whether a block is set as a heading: by its style, or set off, short, and no sentence."""
    return block.heading or block.outline is not None or (block.set_off and _reads_like_heading(block))


def _reads_like_heading(block: Block) -> bool:
    sentence = ends_sentence(block.text) or _SENTENCE_INSIDE.search(block.text)
    return len(block.text) <= MAX_LENGTH and not sentence


class DocxHeadings:
    """How the headings of one Word file are told, for the assembler.

    Parameters
    ----------
    blocks : mapping of int to Block
        By line.
    structured : bool
        Whether any heading is set as one; else a short Word paragraph that is no sentence is one.
    """

    def __init__(self, blocks: Mapping[int, Block], *, structured: bool) -> None:
        self._blocks = blocks
        self._structured = structured
        self._by_outline = structured and _outline_is_finer(blocks)

    def split(self, lines: Sequence[HeadingLine]) -> int:
        """Return how many of the lines after a paragraph number belong to the paragraph; the rest are headings."""
        split = len(lines)
        for i in range(len(lines) - 1, -1, -1):
            block = self._blocks[lines[i].line]
            if block.table is not None or not (is_heading(block) if self._structured else _reads_like_heading(block)):
                break
            split = i
        return split

    def group(self, lines: Sequence[HeadingLine]) -> list[list[HeadingLine]]:
        """Return each line as a heading of its own: a Word paragraph isn't wrapped."""
        return [[line] for line in lines]

    def warn(self, headings: Sequence[Heading], paragraphs: Sequence[Paragraph]) -> Iterable[ReadWarning]:  # noqa: ARG002
        """Return nothing: the setting shows where a heading ends."""
        return ()

    def level(self, lines: Sequence[HeadingLine]) -> int | None:
        """Return a heading's level by its outline level, or None where its label decides."""
        outline = self._blocks[lines[0].line].outline
        return min(outline, _MAX_LEVEL) if outline is not None and self._by_outline else None


def _outline_is_finer(blocks: Mapping[int, Block]) -> bool:
    """Tell whether outline levels part the headings at least as finely as their labels do.

    Where one outline level holds labels of several kinds (``I.`` and ``A.``), it says less than the labels.
    """
    kinds: dict[int, set[int]] = {}
    for block in blocks.values():
        label = read_label(f"{block.label} {block.text}" if block.label else block.text)
        if block.outline is not None and label is not None:
            kinds.setdefault(block.outline, set()).add(label.level)
    return all(len(found) == 1 for found in kinds.values())
