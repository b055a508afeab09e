"""The paragraphs of a Word file in reading order: their final text, their note marks, and how each is set."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from textmine.reports.docx_numbering import Numbering
from textmine.reports.docx_package import child_of, tag_of, value_of
from textmine.reports.docx_styles import Styles

_WRAPPERS = {"hyperlink", "ins", "moveTo", "smartTag", "customXml", "fldSimple", "sdtContent", "dir", "bdo", "oMath"}
_REMOVED = {"del", "moveFrom"}
_BOXES = {"drawing", "pict", "object", "AlternateContent"}
_NOT_PRINTED = {"instrText", "delText", "delInstrText", "rPr"}
_REFERENCES = {"footnoteReference": "footnote", "endnoteReference": "endnote"}
_SPACES = {"br": " ", "cr": " ", "tab": "\t", "ptab": "\t", "noBreakHyphen": "-"}
_SPACE = re.compile(r"\s+")
_TABBED = re.compile(r"\S+[^\S\t]*\t")
_LEADS = re.compile(r"\t\s*\d{1,3}$")
_TAIL = 20
#: Fields whose number Word counts anew each time and doesn't store.
_NUMBER_FIELD = re.compile(r"\b(?:AUTONUM|AUTONUMLGL|AUTONUMOUT|LISTNUM)\b")
_SOFT_HYPHEN = "\u00ad"


@dataclass(slots=True)
class Block:
    """A paragraph of the file.

    ``line`` is its place in the file, from 1; ``label`` its automatic number; ``notes`` are key and offset of each
    note mark; ``table`` counts the tables from 1; ``tabbed`` says that a tab follows the first word, ``leads`` that a
    tab leads to a page number at its end, as in a table of contents.
    """

    line: int
    text: str = ""
    label: str = ""
    notes: list[tuple[str, int]] = field(default_factory=list)
    outline: int | None = None
    heading: bool = False
    set_off: bool = False
    contents: bool = False
    table: int | None = None
    tabbed: bool = False
    leads: bool = False


@dataclass(slots=True)
class _Text:
    """The text of one paragraph as it grows: each piece as stored, with the marks between them."""

    pieces: list[str] = field(default_factory=list)
    notes: list[tuple[str, int]] = field(default_factory=list)  # key, number of pieces before it
    set_off: bool = True

    def finish(self) -> tuple[str, list[tuple[str, int]]]:
        """Return the text in NFC, runs of white space as one space, and the offsets of the marks in it."""
        text = _clean("".join(self.pieces))
        before = [_clean("".join(self.pieces[:n]), whole=False) for _, n in self.notes]
        return text, [(key, min(len(one), len(text))) for (key, _), one in zip(self.notes, before, strict=True)]


def _clean(text: str, *, whole: bool = True) -> str:
    text = _SPACE.sub(" ", unicodedata.normalize("NFC", text.replace(_SOFT_HYPHEN, ""))).lstrip(" ")
    return text.rstrip(" ") if whole else text


class BlockReader:
    """Reads the paragraphs of a part; what it leaves out is counted and kept to be told.

    Parameters
    ----------
    styles : Styles
    numbering : Numbering

    Attributes
    ----------
    left_out : Counter of str
        How often something was left out, by what it was (``inserted`` was not, but is not everyone's text).
    boxes : list of (int, str)
        Line and text of each text box.
    """

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self._styles = styles
        self._numbering = numbering
        self.left_out: Counter[str] = Counter()
        self.boxes: list[tuple[int, str]] = []
        self.n_tables = 0
        self._line = 0
        self._codes: list[bool] = []  # per open field: whether its code, which isn't printed, is being read
        self._pending: _Text | None = None

    def read(self, root: Any) -> list[Block]:
        """Return the paragraphs below an element."""
        blocks = list(self._read_children(root, None, contents=False))
        self.left_out["field without an end"] += len(self._codes)
        return blocks

    def _read_children(self, root: Any, table: int | None, *, contents: bool) -> Iterator[Block]:
        for child in root:
            match tag_of(child):
                case "p":
                    yield from self._read_paragraph(child, table, contents=contents)
                case "tbl":
                    if table is None:
                        self.n_tables += 1
                    yield from self._read_children(child, table or self.n_tables, contents=contents)
                case "tr" | "tc" | "body" | "ins" | "moveTo" | "customXml" | "sdtContent":
                    yield from self._read_children(child, table, contents=contents)
                case "sdt":
                    gallery = child_of(child, "sdtPr", "docPartObj", "docPartGallery")
                    is_contents = gallery is not None and value_of(gallery) == "Table of Contents"
                    yield from self._read_children(child, table, contents=contents or is_contents)
                case "altChunk":
                    self.left_out["embedded document"] += 1
                case _:
                    pass

    def _read_paragraph(self, element: Any, table: int | None, *, contents: bool) -> Iterator[Block]:
        self._line += 1
        properties = child_of(element, "pPr")
        text, self._pending = self._pending or _Text(), None
        self._read_runs(element, properties, text)
        if properties is not None and child_of(properties, "rPr", "del") is not None:
            self._pending = text  # the end of this paragraph was deleted: it goes on in the next
            return
        clean, notes = text.finish()
        raw = "".join(text.pieces).strip()
        label = self._numbering.label(properties) if clean or notes else ""
        heading = self._styles.is_heading(properties)
        yield Block(
            self._line,
            clean,
            label,
            notes,
            outline=self._styles.outline(properties),
            heading=heading,
            set_off=bool(clean) and (text.set_off or self._styles.is_centred(properties)),
            contents=contents or self._styles.is_contents(properties),
            table=table,
            tabbed=_TABBED.match(raw) is not None,
            leads=_LEADS.search(raw[-_TAIL:]) is not None,
        )

    def _read_runs(self, element: Any, properties: Any, text: _Text) -> None:
        for child in element:
            tag = tag_of(child)
            if tag == "r":
                self._read_run(child, properties, text)
            elif tag in _WRAPPERS:
                self.left_out["inserted"] += tag in ("ins", "moveTo")
                self._read_runs(child, properties, text)
            elif tag in _REMOVED:
                self.left_out["deleted"] += 1
            elif tag == "sdt":
                content = child_of(child, "sdtContent")
                if content is not None:
                    self._read_runs(content, properties, text)
            elif tag in _BOXES:
                self._read_box(child)

    def _read_run(self, run: Any, properties: Any, text: _Text) -> None:
        n_before = len(text.pieces)
        hidden = self._styles.is_hidden(run, properties)
        for child in run:
            tag = tag_of(child)
            if tag == "fldChar":
                self._follow_field(value_of(child, "fldCharType"))
            elif any(self._codes) or tag in _NOT_PRINTED:
                is_number = tag == "instrText" and _NUMBER_FIELD.search(child.text or "") is not None
                self.left_out["number field"] += is_number
            elif hidden:
                self.left_out["hidden"] += tag == "t"
            elif tag in _REFERENCES and is_on_attribute(child, "customMarkFollows"):
                self.left_out["note without a number"] += 1
                break  # what follows in this run is its mark, such as an asterisk
            else:
                self._read_piece(child, tag, properties, text)
        if "".join(text.pieces[n_before:]).strip():
            text.set_off &= self._styles.is_set_off(run, properties)

    def _read_piece(self, child: Any, tag: str, properties: Any, text: _Text) -> None:
        if tag == "t":
            text.pieces.append(child.text or "")
        elif tag in _SPACES:
            text.pieces.append(_SPACES[tag])
        elif tag in _REFERENCES:
            text.notes.append((f"{_REFERENCES[tag]}:{value_of(child, 'id')}", len(text.pieces)))
        elif tag == "sym":
            self.left_out["symbol"] += 1
        elif tag in _BOXES:
            self._read_box(child)
        elif tag == "ruby" and (base := child_of(child, "rubyBase")) is not None:
            self._read_runs(base, properties, text)

    def _follow_field(self, kind: str | None) -> None:
        if kind == "begin":
            self._codes.append(True)
        elif self._codes and kind == "separate":
            self._codes[-1] = False
        elif self._codes and kind == "end":
            self._codes.pop()

    def _read_box(self, element: Any) -> None:
        """Keep the text of the text boxes below an element; of alternatives the first one counts."""
        for child in element:
            tag = tag_of(child)
            if tag == "txbxContent":
                inner = BlockReader(self._styles, Numbering(None, self._styles))
                blocks = [block.text for block in inner.read(child) if block.text]
                self.boxes += [(self._line, " ".join(blocks))] if blocks else []
            elif tag != "Fallback":
                self._read_box(child)


def is_on_attribute(element: Any, name: str) -> bool:
    """Tell whether an attribute is there and switched on."""
    return value_of(element, name) not in (None, "0", "false", "off")


def read_notes(part: Any, kind: str, reader: BlockReader) -> dict[str, str]:
    """Return the text of each note of a part by its key (``footnote:3``); separators are no notes.

    Parameters
    ----------
    part : lxml element or None
        Of the footnotes or endnotes.
    kind : {'footnote', 'endnote'}
    reader : BlockReader
        Of its own: what it leaves out is counted there.
    """
    notes = {}
    for element in part if part is not None else ():
        if tag_of(element) == kind and value_of(element, "type") in (None, "normal"):
            texts = [block.text for block in reader.read(element)]
            notes[f"{kind}:{value_of(element, 'id')}"] = " ".join(text for text in texts if text)
    return notes
