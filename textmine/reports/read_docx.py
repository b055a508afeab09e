"""A Word file (DOCX) becomes a Report: paragraphs by typed or automatic numbers, notes where their marks stand."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from textmine.errors import SourceError
from textmine.reports.assemble import Assembler, tell_language
from textmine.reports.docx_blocks import Block, BlockReader, read_notes
from textmine.reports.docx_headings import DocxHeadings, is_heading
from textmine.reports.docx_numbering import Numbering
from textmine.reports.docx_package import Package
from textmine.reports.docx_styles import Styles
from textmine.reports.front import AUTHOR, SUMMARY_TITLES, FrontMatter, find_symbols, read_front, read_session
from textmine.reports.headings import HeadingLine
from textmine.reports.layout import FootnoteBlock, Layout
from textmine.reports.lines import Line
from textmine.reports.markers import Marker
from textmine.reports.model import ReadWarning, Report
from textmine.reports.numbering import read_label
from textmine.reports.source import SourceText
from textmine.reports.starts import find_paragraph_starts
from textmine.reports.unwrap import Fragment, join_fragments

_TYPED = re.compile(r"(\d{1,3})[.．]?(?=\s)")
_DIGITS = re.compile(r"(\d{1,4})\s*[.．、)]?")
_CONTENTS_TITLES = ("contents", "目录", "目次", "目錄")
#: Characters of a left-out text that a warning quotes.
_QUOTED = 60
#: So far back a join of two Word paragraphs looks.
_LOOK_BACK = 100

_SAID = {
    "deleted": ("tracked-change", "tracked deletions left out: the final text is read"),
    "inserted": ("tracked-change", "tracked insertions taken in: the final text is read"),
    "hidden": ("hidden-text", "pieces of hidden text left out"),
    "symbol": ("symbol-font", "characters of a symbol font left out"),
    "note without a number": ("unnumbered-note", "notes with a mark of their own (such as *) left out"),
    "field without an end": ("field", "fields without an end; what follows their beginning may be lost"),
    "embedded document": ("embedded", "embedded documents not read"),
}


def parse_docx(data: bytes, name: str, *, lang: str | None = None, year: int | None = None) -> Report:
    """Read a report from the bytes of a Word file.

    Run it by :func:`textmine.reports.sandbox.parse_in_child`, which limits what it may use.

    Parameters
    ----------
    data : bytes
    name : str
        The file's name, for messages and for the symbol that it may spell.
    lang : {'zh', 'en'}, optional
        Told from the script where left out.
    year : int, optional
        Year of the edition, where neither its cover nor its file name says it.

    Returns
    -------
    Report
        A “line” is a paragraph of the Word file, counted from 1. What was left out is in its ``warnings``.

    Raises
    ------
    SourceError
        When the file is damaged, encrypted or a bomb, or isn't a report of the series.
    """
    parts = _read_parts(Package(data, name))
    text = "\n".join(block.text for block in parts.blocks)
    if not text.strip():
        raise SourceError(f"{name}: no text in this Word file; if its pages are pictures, run OCR first")
    source = SourceText(name, text, hashlib.sha256(data).hexdigest(), "docx")
    return _Reader(source, parts, lang=lang or tell_language(text), year=year).read()


@dataclass(slots=True)
class _Parts:
    """What a Word file holds: blocks, text of the notes by key, heads of pages, and what was left out."""

    blocks: list[Block]
    notes: dict[str, str]
    heads: list[str]
    left_out: Counter[str]
    boxes: list[tuple[int, str]] = field(default_factory=list)


def _read_parts(package: Package) -> _Parts:
    styles = Styles(package.part("styles"))
    reader = BlockReader(styles, Numbering(package.part("numbering"), styles))
    blocks = reader.read(package.document)
    others = BlockReader(styles, Numbering(None, styles))
    notes = read_notes(package.part("footnotes"), "footnote", others)
    notes |= read_notes(package.part("endnotes"), "endnote", others)
    heads = [block.text for part in package.parts["header"] for block in others.read(part) if block.text]
    return _Parts(blocks, notes, heads, reader.left_out + others.left_out, reader.boxes)


class _Reader:
    """Sorts the blocks into a layout and has the report assembled."""

    def __init__(self, source: SourceText, parts: _Parts, *, lang: str, year: int | None) -> None:
        self.source = source
        self.parts = parts
        self.lang = lang
        self.year = year
        self.warnings: list[ReadWarning] = []
        self.markers: dict[int, list[Marker]] = {}
        self.layout = Layout()

    def read(self) -> Report:
        filled = [block for block in self.parts.blocks if block.text]
        kept = self._without_contents(filled)
        structured = any(is_heading(block) and block.table is None for block in kept)
        starts = self._find_starts(kept)
        first = min(starts)
        self._number_notes(kept)
        front = [block for block in kept if block.line < first]
        self.layout.front = [self._line(block) for block in front]
        self.layout.pages = [([self._line(block) for block in self._body(kept, starts, structured=structured)], [])]
        self.layout.starts = starts
        self._warn()
        rules = DocxHeadings({block.line: block for block in kept}, structured=structured)
        assembler = _Assembler(self.source, self.layout, self.markers, rules, lang=self.lang, year=self.year)
        assembler.set_front(front, self.parts.heads)
        assembler.warnings += self.warnings
        return assembler.read()

    def _without_contents(self, blocks: Sequence[Block]) -> list[Block]:
        """Leave out the table of contents: by its style, or the table that its title stands in or above."""
        tables = {
            table
            for block, following in zip(blocks, [*blocks[1:], None], strict=False)
            if block.text.strip().lower() in _CONTENTS_TITLES
            for table in (block.table, following.table if following is not None else None)
            if table is not None
        }
        contents = [block for block in blocks if block.contents or block.table in tables]
        contents += [b for b in blocks if b.text.strip().lower() in _CONTENTS_TITLES and b not in contents]
        if contents:
            self._say("contents", f"table of contents left out ({len(contents)} lines)", contents)
        lines = {block.line for block in contents}
        return [block for block in blocks if block.line not in lines]

    def _find_starts(self, blocks: Sequence[Block]) -> dict[int, int]:
        """Map the line of each block that opens a numbered paragraph to its number."""
        able = [block for block in blocks if block.table is None and not (block.heading or block.outline)]
        lines = [Line(block.line, _printed(block), indented=False, after_blank=True) for block in able]
        places, unplaced = find_paragraph_starts(lines)
        self.layout.unplaced = unplaced
        if not places:
            raise SourceError(
                f"{self.source.name}: no numbered paragraph found (such as “1. The present report ...”, typed or "
                "numbered by Word); this doesn't look like a report of the series"
            )
        return {lines[place].number: number for place, number in places.items()}

    def _body(self, blocks: Sequence[Block], starts: Mapping[int, int], *, structured: bool) -> Iterator[Block]:
        """Yield the blocks that make up paragraphs and headings; tables and text below a heading are told of."""
        lost: list[Block] = []
        below_heading = False
        for block in (block for block in blocks if block.line >= min(starts)):
            heading = structured and block.line not in starts and is_heading(block)
            if block.table is None and (block.line in starts or heading or not below_heading):
                below_heading = heading
                self._tell_lost(lost)
                lost = []
                yield block
                continue
            if lost and lost[-1].table != block.table:
                self._tell_lost(lost)
                lost = []
            lost.append(block)
        self._tell_lost(lost)

    def _tell_lost(self, blocks: Sequence[Block]) -> None:
        if blocks:
            text = " ".join(block.text for block in blocks)
            what = "table" if blocks[0].table is not None else "unnumbered-text"
            said = "table not read" if what == "table" else "text without a number below a heading not read"
            self._say(what, f"{said} ({len(text):,} characters): {text[:_QUOTED]!r}", blocks)

    def _number_notes(self, blocks: Sequence[Block]) -> None:
        """Give the notes their numbers in the order of their marks, as Word does, and each mark its place."""
        keys = [key for block in blocks for key, _ in block.notes]
        kind = "footnote" if any(key.startswith("footnote:") for key in keys) else "endnote"
        numbers: dict[str, int] = {}
        for block in blocks:
            for key, offset in block.notes:
                if not key.startswith(f"{kind}:") or key in numbers:
                    continue
                numbers[key] = number = len(numbers) + 1
                at = offset + len(_printed(block)) - len(block.text)
                self.markers.setdefault(block.line, []).append(Marker(number, block.line, at, at))
                text = self.parts.notes.get(key, "")
                if not text:
                    self._say("empty-footnote", f"footnote {number} has no text", [block])
                line = Line(block.line, f"{number} {text}", indented=False, after_blank=True)
                self.layout.footnotes.append(FootnoteBlock(number, [line]))
        unmarked = [key for key, text in self.parts.notes.items() if key not in numbers and text]
        if unmarked:
            quoted = self.parts.notes[unmarked[0]][:_QUOTED]
            self._say("unmarked-note", f"{len(unmarked)} notes without a mark not read: {quoted!r} ...", blocks[:1])

    def _line(self, block: Block) -> Line:
        return Line(block.line, _printed(block), indented=False, after_blank=True)

    def _warn(self) -> None:
        for what, count in sorted(self.parts.left_out.items()):
            if count:
                kind, message = _SAID[what]
                self.warnings.append(ReadWarning(kind, f"{count} {message}", 1, 1))
        for line, text in self.parts.boxes:
            message = f"text box not read ({len(text):,} characters): {text[:_QUOTED]!r}"
            self.warnings.append(ReadWarning("text-box", message, line, line))
        for one in self.layout.unplaced:
            message = f"{one.what} {one.number} doesn't continue the numbers after {one.after}; left in the text"
            self.warnings.append(ReadWarning(f"unplaced-{one.what}", message, one.line.number, one.line.number))

    def _say(self, kind: str, message: str, blocks: Sequence[Block]) -> None:
        self.warnings.append(ReadWarning(kind, message, blocks[0].line, blocks[-1].line))


class _Assembler(Assembler):
    """Assembles a report from blocks, whose white space is as their author set it."""

    def set_front(self, front: Sequence[Block], heads: Sequence[str]) -> None:
        """Take the blocks before the first paragraph, and the heads of pages, where the symbol may stand."""
        self._front = list(front)
        self._heads = list(heads)

    def _read_front(self) -> FrontMatter:
        lines = [HeadingLine(i, _printed(block), block.line, after_blank=True) for i, block in enumerate(self._front)]
        end = max(self.rules.split(lines), _end_of_cover(self._front))
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
        text, markers = "", []
        for i, line in enumerate(lines):
            start = cut if i == 0 else 0
            piece = line.text[start:]
            if text and piece:
                tail = text[-_LOOK_BACK:].lstrip()
                joined, _ = join_fragments([Fragment(tail), Fragment(piece)], self.style)
                text += joined[len(tail) : len(joined) - len(piece)]
            markers += [(m.number, len(text) + m.start - start) for m in self.markers.get(line.number, ())]
            text += piece
        return text, markers


def _end_of_cover(blocks: Sequence[Block]) -> int:
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
        if block.heading or block.outline is not None or read_label(_printed(block)):
            return i
    return len(blocks)


def _printed(block: Block) -> str:
    """Return a block's text behind its number as printed; a paragraph's number gets the form “12. ”."""
    label = block.label.strip()
    if label:
        digits = _DIGITS.fullmatch(label)
        return f"{digits[1]}. {block.text}" if digits and "(" not in label else f"{label} {block.text}"
    typed = _TYPED.match(block.text)
    if typed and block.tabbed:
        return f"{typed[1]}. {block.text[typed.end() :].lstrip()}"
    return block.text
