"""A report written in Markdown (the built-in sample) becomes a Report: headings, ``12.`` paragraphs, ``[^3]`` notes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from textmine.errors import SourceError
from textmine.reports.addresses import find_urls
from textmine.reports.front import SUMMARY_TITLES
from textmine.reports.headings import Outline
from textmine.reports.model import Anchor, Edition, Footnote, FootnoteRef, Paragraph, ReadWarning, Report, Source
from textmine.reports.reader_warnings import warn_of_gaps
from textmine.reports.source import SourceText
from textmine.schema import LANGUAGES

#: Years an edition can have.
YEARS = range(1945, 2101)
REQUIRED = ("year", "lang", "title")
_LEFT_OVER_NOTE = re.compile(r"\[\^[^\]]*\]")
_CODE = {"fence", "code_block"}


def parse_markdown(source: SourceText) -> Report:
    """Read a report in Markdown with YAML front matter.

    Parameters
    ----------
    source : SourceText
        Front matter with ``year``, ``lang`` and ``title``; then headings, numbered paragraphs, footnotes.

    Returns
    -------
    Report

    Raises
    ------
    SourceError
        When the front matter is missing or wrong, a footnote is undefined, empty, or defined or marked twice, a
        paragraph has no number or a number out of order, or there is a code block; the message names file and line.
        A footnote that nothing marks, and footnote numbers with gaps or out of order, are warned of.
    """
    parser = MarkdownIt("commonmark", {"html": False}).use(front_matter_plugin).use(footnote_plugin, move_to_end=False)
    tokens = parser.parse(source.text)
    return _Reader(source, tokens).read()


@dataclass(slots=True)
class _Note:
    """A footnote's definition: its label, the line where it stands, its paragraphs."""

    label: str
    line: int
    texts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Reader:
    source: SourceText
    tokens: Sequence[Token]
    outline: Outline = field(default_factory=Outline)
    paragraphs: list[Paragraph] = field(default_factory=list)
    notes: dict[int, _Note] = field(default_factory=dict)
    anchors: dict[str, Anchor] = field(default_factory=dict)
    summary: list[str] = field(default_factory=list)

    def read(self) -> Report:
        meta = self._read_meta()
        in_summary = False
        number: int | None = None
        note: _Note | None = None
        for i, token in enumerate(self.tokens):
            if token.type in _CODE:
                raise self._error(token, "a code block; indent by fewer than four blanks, and leave ``` and ~~~ out")
            if token.type == "heading_open":
                if note is not None:
                    raise self._error(token, f"a heading inside footnote [^{note.label}]")
                content = self.tokens[i + 1]
                text, refs = self._inline(content)
                in_summary = text.strip().lower() in SUMMARY_TITLES
                if not in_summary:
                    heading = self.outline.add(text, self._line(token), level=int(token.tag[1:]))
                    for label, offset in refs:
                        shift = len(text) - len(heading.title)
                        self._anchor(label, Anchor("heading", heading.number, max(0, offset - shift)), token)
            elif token.type == "list_item_open":
                number = int(token.info) if token.info.isdigit() else None
            elif token.type == "list_item_close":
                number = None
            elif token.type == "footnote_reference_open":
                note = self._open_note(token, self.tokens[i + 1])
            elif token.type == "footnote_reference_close":
                note = None
            elif token.type == "paragraph_open":
                self._read_block(self.tokens[i + 1], token, number, note, in_summary)
        self._check_numbers()
        footnotes = self._read_notes()
        return Report(
            edition=meta,
            summary=" ".join(self.summary),
            headings=tuple(self.outline.headings),
            paragraphs=tuple(self.paragraphs),
            footnotes=footnotes,
            source=Source(self.source.name, self.source.sha256, self.source.encoding, self.source.text.count("\n") + 1),
            warnings=tuple(self._warnings(footnotes)),
        )

    def _read_block(
        self, inline: Token, token: Token, number: int | None, note: _Note | None, in_summary: bool
    ) -> None:
        text, refs = self._inline(inline)
        if note is not None:
            note.texts.append(text)
        elif in_summary:
            self.summary.append(text)
        elif number is None:
            raise self._error(token, "a paragraph without a number; write “12. ...”, or put it under a Summary heading")
        else:
            first, last = (token.map[0] + 1, token.map[1]) if token.map else (1, 1)
            for label, offset in refs:
                self._anchor(label, Anchor("paragraph", number, offset), token)
            kept = tuple(FootnoteRef(self._note_number(label, token), offset) for label, offset in refs)
            self.paragraphs.append(Paragraph(number, text, self.outline.current, kept, first, last))

    def _open_note(self, token: Token, content: Token) -> _Note:
        label = str(token.meta["label"])
        number = self._note_number(label, content)
        if number in self.notes:
            first = self.notes[number].line
            raise self._error(content, f"footnote [^{label}] is defined a second time, first in line {first}")
        self.notes[number] = _Note(label, self._line(content))
        return self.notes[number]

    def _read_notes(self) -> tuple[Footnote, ...]:
        footnotes = []
        for number, note in sorted(self.notes.items()):
            text = " ".join(note.texts)
            if not text:
                raise SourceError(f"{self.source.name}: footnote [^{note.label}] has no text")
            footnotes.append(
                Footnote(number, text, find_urls(text), self.anchors.get(note.label, Anchor("none")), note.line)
            )
        return tuple(footnotes)

    def _inline(self, token: Token) -> tuple[str, list[tuple[str, int]]]:
        """Text of a block, and label and offset of each footnote mark in it."""
        text, refs = "", []
        for child in token.children or ():
            if child.type == "footnote_ref":
                refs.append((self._label(child, token), len(text)))
            elif child.type in ("softbreak", "hardbreak"):
                text += " "
            elif child.type not in ("footnote_anchor",):
                text += child.content
        undefined = _LEFT_OVER_NOTE.search(text)
        if undefined:
            raise self._error(token, f"footnote mark {undefined[0]} has no definition “{undefined[0]}: ...”")
        kept, cut = text.strip(), len(text) - len(text.lstrip())
        return kept, [(label, min(max(0, offset - cut), len(kept))) for label, offset in refs]

    def _label(self, token: Token, inside: Token | None = None) -> str:
        if "label" not in token.meta:
            raise self._error(
                inside or token, "a footnote inside the text, ^[...]; give it a number: [^1] and [^1]: ..."
            )
        return str(token.meta["label"])

    def _anchor(self, label: str, anchor: Anchor, token: Token) -> None:
        if label in self.anchors:
            raise self._error(token, f"footnote [^{label}] is marked a second time; each mark needs its own footnote")
        self.anchors[label] = anchor

    def _note_number(self, label: str, token: Token) -> int:
        if not (label.isascii() and label.isdigit()):
            raise self._error(token, f"footnote [^{label}] isn't a number")
        return int(label)

    def _read_meta(self) -> Edition:
        if not self.tokens or self.tokens[0].type != "front_matter":
            raise SourceError(
                f"{self.source.name}: line 1: no YAML front matter (--- ... ---) with {', '.join(REQUIRED)}"
            )
        try:
            meta = yaml.safe_load(self.tokens[0].content)
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            raise self._error(self.tokens[0], f"front matter isn't YAML ({error})") from error
        if not isinstance(meta, dict) or any(key not in meta for key in REQUIRED):
            raise self._error(self.tokens[0], f"front matter needs {', '.join(REQUIRED)}")
        year, session, title = meta["year"], meta.get("session"), meta["title"]
        numbers = [item for item in (year, session) if item is not None]
        if meta["lang"] not in LANGUAGES or any(type(item) is not int for item in numbers):
            raise self._error(self.tokens[0], f"front matter: year is a number, lang one of {', '.join(LANGUAGES)}")
        if not isinstance(title, str) or not title or year not in YEARS:
            raise self._error(self.tokens[0], f"front matter: title is text, year from {YEARS[0]} to {YEARS[-1]}")
        return Edition(
            year=year,
            lang=meta["lang"],
            ga_symbol=str(meta.get("ga_symbol", "")),
            ecosoc_symbol=str(meta.get("ecosoc_symbol", "")),
            session=session,
            title=title,
            issued=str(meta.get("issued", "")),
            sha256=self.source.sha256,
            corpus=str(meta.get("kind", "markdown")),
        )

    def _check_numbers(self) -> None:
        if not self.paragraphs:
            raise SourceError(f"{self.source.name}: no numbered paragraph (“1. ...”)")
        for expected, paragraph in enumerate(self.paragraphs, start=1):
            if paragraph.number != expected:
                raise SourceError(
                    f"{self.source.name}: line {paragraph.first_line}: paragraph {paragraph.number} "
                    f"where {expected} was due; number paragraphs 1, 2, 3, ..."
                )

    def _warnings(self, footnotes: Sequence[Footnote]) -> list[ReadWarning]:
        warnings = [
            ReadWarning("unanchored-footnote", f"footnote {note.number} has no mark", note.line, note.line)
            for note in footnotes
            if note.anchor.kind == "none"
        ]
        warnings += warn_of_gaps("footnote", [(note.number, note.line, note.line) for note in footnotes])
        for before, number in pairwise(int(label) for label in self.anchors):
            if number < before:
                line = self.notes[number].line
                message = f"footnote {number} is marked after footnote {before}"
                warnings.append(ReadWarning("footnote-order", message, line, line))
        return sorted([*warnings, *self.outline.warnings], key=lambda item: (item.first_line, item.kind))

    def _line(self, token: Token) -> int:
        return token.map[0] + 1 if token.map else 1

    def _error(self, token: Token, message: str) -> SourceError:
        return SourceError(f"{self.source.name}: line {self._line(token)}: {message}")
