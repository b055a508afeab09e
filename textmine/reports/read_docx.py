"""A Word file (DOCX) becomes a Report: paragraphs by typed or automatic numbers, notes where their marks stand."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from textmine.errors import SourceError
from textmine.reports.assemble import tell_language
from textmine.reports.docx_assembly import DocxAssembler, end_of_cover, print_block
from textmine.reports.docx_blocks import Block, BlockReader, read_notes
from textmine.reports.docx_headings import DocxHeadings, is_heading
from textmine.reports.docx_numbering import Numbering
from textmine.reports.docx_package import Package
from textmine.reports.docx_styles import Styles
from textmine.reports.layout import FootnoteBlock, Layout
from textmine.reports.lines import Line
from textmine.reports.markers import Marker
from textmine.reports.model import ReadWarning, Report
from textmine.reports.source import SourceText
from textmine.reports.starts import find_paragraph_starts

#: So many paragraphs in a row that end with a tab and a number are a table of contents.
_MIN_ENTRIES = 3
_CONTENTS_TITLES = ("contents", "目录", "目次", "目錄")
#: Characters of a left-out text that a warning quotes.
_QUOTED = 60
_SAID = {
    "deleted": ("tracked-change", "tracked deletions left out: the final text is read"),
    "inserted": ("tracked-change", "tracked insertions taken in: the final text is read"),
    "hidden": ("hidden-text", "pieces of hidden text left out"),
    "symbol": ("symbol-font", "characters of a symbol font left out"),
    "note without a number": ("unnumbered-note", "notes with a mark of their own (such as *) left out"),
    "field without an end": ("field", "fields without an end; what follows their beginning may be lost"),
    "number field": ("field", "numbers that only Word can count (AUTONUM, LISTNUM) left out"),
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
        self.left: list[Block] = []  # what is in no paragraph, heading, cover or summary

    def read(self) -> Report:
        filled = [block for block in self.parts.blocks if block.text]
        kept = self._without_contents(filled)
        starts = self._find_starts(kept)
        front = [block for block in kept if block.line < min(starts)]
        inside = kept[end_of_cover(front) :]
        structured = any(is_heading(block) and block.table is None and block.line not in starts for block in inside)
        self._number_notes(kept)
        self.layout.front = [self._line(block) for block in front]
        self.layout.pages = [([self._line(block) for block in self._body(kept, starts, structured=structured)], [])]
        self.layout.starts = starts
        self._warn()
        self.warnings.append(self._coverage(front))
        rules = DocxHeadings({block.line: block for block in kept}, structured=structured)
        assembler = DocxAssembler(self.source, self.layout, self.markers, rules, lang=self.lang, year=self.year)
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
        titles = {block.line for block in blocks if block.text.strip().lower() in _CONTENTS_TITLES}
        for leads, run in groupby(blocks, key=lambda block: block.leads):
            entries = list(run)
            if leads and len(entries) >= _MIN_ENTRIES:
                titles |= {block.line for block in entries}
        contents = [block for block in blocks if block.contents or block.table in tables or block.line in titles]
        self.left += contents
        if contents:
            self._say("contents", f"table of contents left out ({len(contents)} lines)", contents)
        lines = {block.line for block in contents}
        return [block for block in blocks if block.line not in lines]

    def _find_starts(self, blocks: Sequence[Block]) -> dict[int, int]:
        """Map the line of each block that opens a numbered paragraph to its number."""
        able = [block for block in blocks if block.table is None and not (block.heading or block.outline)]
        lines = [Line(block.line, print_block(block), indented=False, after_blank=True) for block in able]
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
        self.left += blocks
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
                at = offset + len(print_block(block)) - len(block.text)
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
        return Line(block.line, print_block(block), indented=False, after_blank=True)

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
            self.warnings.append(ReadWarning("unplaced-number", message, one.line.number, one.line.number))

    def _coverage(self, front: Sequence[Block]) -> ReadWarning:
        """Say how many characters went where, and how many footnotes have a marker."""
        body = [line.text for page, _ in self.layout.pages for line in page]
        counts = {
            "in paragraphs and headings": _n_characters(body),
            "in footnotes": _n_characters(self.parts.notes.values()),
            "on the cover and in the summary": _n_characters(block.text for block in front),
            "in page heads": _n_characters(self.parts.heads),
            "in none of these": _n_characters([*(b.text for b in self.left), *(text for _, text in self.parts.boxes)]),
        }
        spelled = ", ".join(f"{count:,} {part}" for part, count in counts.items())
        message = (
            f"{sum(counts.values()):,} characters: {spelled}; {len(self.parts.notes)} footnotes found, "
            f"{len(self.layout.footnotes)} numbered, {sum(map(len, self.markers.values()))} linked"
        )
        return ReadWarning("coverage", message, 1, self.parts.blocks[-1].line)

    def _say(self, kind: str, message: str, blocks: Sequence[Block]) -> None:
        self.warnings.append(ReadWarning(kind, message, blocks[0].line, blocks[-1].line))


def _n_characters(texts: Iterable[str]) -> int:
    return sum(not character.isspace() for text in texts for character in text)
