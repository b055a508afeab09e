"""A report is assembled from the blocks of a Word file: its cover, and texts whose white space is its author's."""

import re
from collections.abc import Sequence

from textmine.reports.assemble import Assembler
from textmine.reports.docx_blocks import Block
from textmine.reports.front import AUTHOR, SUMMARY_TITLES, FrontMatter, find_symbols, read_front, read_session
from textmine.reports.headings import HeadingLine
from textmine.reports.lines import Line
from textmine.reports.model import ReadWarning
from textmine.reports.numbering import read_label
from textmine.reports.unwrap import Fragment, join_fragments

_TYPED = re.compile(r"(\d{1,3})[.．]?(?=\s)")
_DIGITS = re.compile(r"(\d{1,4})\s*[.．、)]?")
#: So far back a join of two Word paragraphs looks.
_LOOK_BACK = 100


def print_block(block: Block) -> str:
    """Return a block's text behind its number as printed; a paragraph's number gets the form “12. ”."""
    label = block.label.strip()
    if label:
        digits = _DIGITS.fullmatch(label)
        return f"{digits[1]}. {block.text}" if digits and "(" not in label else f"{label} {block.text}"
    typed = _TYPED.match(block.text)
    if typed and block.tabbed:
        return f"{typed[1]}. {block.text[typed.end() :].lstrip()}"
    return block.text


class DocxAssembler(Assembler):
    """Assembles a report from blocks, whose white space is as their author set it."""

    def set_front(self, front: Sequence[Block], heads: Sequence[str]) -> None:
        """Take the blocks before the first paragraph, and the heads of pages, where the symbol may stand."""
        self._front = list(front)
        self._heads = list(heads)

    def _read_front(self) -> FrontMatter:
        lines = [
            HeadingLine(i, print_block(block), block.line, after_blank=True) for i, block in enumerate(self._front)
        ]
        end = max(self.rules.split(lines), end_of_cover(self._front))
        body = self._front[:end]
        at = next((i for i, block in enumerate(body) if block.text.strip().lower() in SUMMARY_TITLES), len(body))
        # Set apart widely, each line of the cover counts as a block of its own.
        cover = [Line(10 * block.line, block.text, indented=False, after_blank=True) for block in body[:at]]
        heads = [Line(0, head, indented=False, after_blank=True) for head in self._heads]
        front = read_front(cover, 0)
        if not front.symbols:
            front.symbols = read_front(heads, 0).symbols
        front.summary = [
            Line(block.line, block.text, indented=False, after_blank=True)
            for block in body[at + 1 :]
            if block.table == body[at].table
        ]
        self._add_headings(self.layout.front[end:])
        if not front.summary:
            line = self._front[0].line if self._front else 1
            self.warnings.append(ReadWarning("summary", "no summary found before paragraph 1", line, line))
        return front

    def _join(self, lines: Sequence[Line], cut: int = 0) -> tuple[str, list[tuple[int, int]]]:
        pieces: list[str] = []
        markers: list[tuple[int, int]] = []
        length, tail = 0, ""  # of what is joined so far: its length, and its end as far as a join looks back
        for i, line in enumerate(lines):
            start = cut if i == 0 else 0
            piece = line.text[start:]
            if tail and piece:
                joined, _ = join_fragments([Fragment(tail), Fragment(piece)], self.style)
                pieces.append(joined[len(tail) : len(joined) - len(piece)])
                length += len(pieces[-1])
            markers += [(marker.number, length + marker.start - start) for marker in self.markers.get(line.number, ())]
            pieces.append(piece)
            length += len(piece)
            tail = (tail + piece)[-_LOOK_BACK:].lstrip()
        return "".join(pieces), markers


def end_of_cover(blocks: Sequence[Block]) -> int:
    """Return how many blocks the cover has at least: what stands out on it is no heading of the text.

    It ends with a table (the summary's box), the summary, the author's line, a symbol or a session; without any of
    them only what has a label or a heading's style isn't cover.
    """
    for i in range(len(blocks) - 1, -1, -1):
        text = blocks[i].text
        summary = i > 0 and blocks[i - 1].text.strip().lower() in SUMMARY_TITLES
        if blocks[i].table is not None or summary or AUTHOR.fullmatch(text) or find_symbols(text) or read_session(text):
            return i + 1
    for i, block in enumerate(blocks):
        if block.heading or block.outline is not None or read_label(print_block(block)):
            return i
    return len(blocks)
