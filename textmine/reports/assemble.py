"""The parts of a layout become a Report: paragraphs with their headings and markers, footnotes, front matter."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from textmine.reports.addresses import find_urls
from textmine.reports.edition import settle_edition
from textmine.reports.front import FrontMatter, read_front
from textmine.reports.headings import MAX_LENGTH, HeadingLine, Outline
from textmine.reports.layout import FootnoteBlock, Layout
from textmine.reports.lines import Line
from textmine.reports.markers import Marker
from textmine.reports.model import (
    Anchor,
    Edition,
    Footnote,
    FootnoteRef,
    Heading,
    Paragraph,
    ReadWarning,
    Report,
    Source,
)
from textmine.reports.reader_warnings import warn_of_furniture, warn_of_gaps, warn_of_unplaced
from textmine.reports.source import SourceText
from textmine.reports.unwrap import Fragment, Style, join_fragments, learn_style

_HAN = re.compile(r"[\u4e00-\u9fff]")


class HeadingRules(Protocol):
    """What the source shows of its headings."""

    def split(self, lines: Sequence[HeadingLine]) -> int:
        """Return how many of the lines after a paragraph number belong to the paragraph; the rest are headings."""

    def group(self, lines: Sequence[HeadingLine]) -> list[list[HeadingLine]]:
        """Group heading lines into headings."""

    def warn(self, headings: Sequence[Heading], paragraphs: Sequence[Paragraph]) -> Iterable[ReadWarning]:
        """Return a warning for each heading that may be a part of another."""

    def level(self, lines: Sequence[HeadingLine]) -> int | None:
        """Return the level of a heading, or None where its label decides."""


def tell_language(text: str) -> str:
    """Return the language of a text, told from its script.

    Examples
    --------
    >>> tell_language("报告 A/66/64"), tell_language("Report A/66/64")
    ('zh', 'en')
    """
    return "zh" if len(_HAN.findall(text)) > 0.1 * len(text) else "en"


class Assembler:
    """One reading of one source; every step adds to the report's parts and warnings.

    Parameters
    ----------
    source : SourceText
        Name, hash and the whole text, from which language and style of setting are learned.
    layout : Layout
        Which line is what.
    markers : mapping of int to sequence of Marker
        Number of a line -> the footnote markers in it.
    rules : HeadingRules
        How headings are told from text.
    lang, year : optional
        Told from the text where left out.
    """

    def __init__(
        self,
        source: SourceText,
        layout: Layout,
        markers: Mapping[int, Sequence[Marker]],
        rules: HeadingRules,
        *,
        lang: str | None,
        year: int | None,
    ) -> None:
        self.source = source
        self.layout = layout
        self.markers = markers
        self.rules = rules
        self.lang = lang or tell_language(source.text)
        self.year = year
        self.style: Style = learn_style(source.text)
        self.outline = Outline()
        self.warnings: list[ReadWarning] = []
        self.anchors: dict[int, Anchor] = {}
        self.body = [line for page, _ in layout.pages for line in page]

    def read(self) -> Report:
        """Return the report."""
        front = self._read_front()
        paragraphs = self._read_paragraphs()
        footnotes = tuple(self._read_footnote(block) for block in self.layout.footnotes)
        self.warnings += warn_of_gaps("paragraph", [(p.number, p.first_line, p.last_line) for p in paragraphs])
        self.warnings += warn_of_gaps("footnote", [(f.number, f.line, f.line) for f in footnotes])
        self.warnings += self.rules.warn(self.outline.headings, paragraphs)
        self.warnings += warn_of_unplaced(self.layout.unplaced)
        self.warnings += warn_of_furniture([*front.foot, *self.layout.furniture])
        edition = self._edition(front)
        warnings = sorted([*self.warnings, *self.outline.warnings], key=lambda item: (item.first_line, item.kind))
        return Report(
            edition=edition,
            summary=join_fragments([Fragment(line.text) for line in front.summary], self.style)[0],
            headings=tuple(self.outline.headings),
            paragraphs=tuple(paragraphs),
            footnotes=footnotes,
            source=Source(self.source.name, self.source.sha256, self.source.encoding, self.source.text.count("\n") + 1),
            warnings=tuple(warnings),
        )

    def _join(self, lines: Sequence[Line], cut: int = 0) -> tuple[str, list[tuple[int, int]]]:
        """Join lines into one text, the first `cut` characters left out; return number and offset of its markers."""
        return join_fragments(
            (fragment for i, line in enumerate(lines) for fragment in self._fragments(line, cut if i == 0 else 0)),
            self.style,
        )

    def _fragments(self, line: Line, cut: int = 0) -> Iterator[Fragment]:
        """Yield a line in pieces, each with the marker before it; the first `cut` characters left out."""
        at, number = cut, None
        for marker in self.markers.get(line.number, ()):
            if line.text[at : marker.start] or number is not None:
                yield Fragment(line.text[at : marker.start], number)
            at, number = marker.end, marker.number
        yield Fragment(line.text[at:], number)

    def _without_markers(self, line: Line) -> str:
        return "".join(fragment.text for fragment in self._fragments(line)).strip()

    def _read_front(self) -> FrontMatter:
        lines = [HeadingLine(i, line.text, line.number, line.after_blank) for i, line in enumerate(self.layout.front)]
        n_headings = len(lines) - self.rules.split(lines) if lines else 0
        front = read_front(self.layout.front, n_headings)
        self._add_headings(front.headings)
        if not front.summary:
            cover = self.layout.front[: len(self.layout.front) - n_headings]
            first, last = (cover[0].number, cover[-1].number) if cover else (1, 1)
            message = "no summary found before paragraph 1" + (
                "; these lines were taken for the cover" if cover else ""
            )
            self.warnings.append(ReadWarning("summary", message, first, last))
        return front

    def _read_paragraphs(self) -> list[Paragraph]:
        places = [i for i, line in enumerate(self.body) if line.number in self.layout.starts]
        paragraphs = []
        for start, end in zip(places, [*places[1:], len(self.body)], strict=True):
            lines = [
                HeadingLine(i, self._without_markers(self.body[i]), self.body[i].number, self.body[i].after_blank)
                for i in range(start, end)
            ]
            kept = [line for line in lines if line.text]
            last = kept[self.rules.split(kept) - 1].place + 1
            while last < end and not lines[last - start].text:  # a marker alone on its line still belongs to the text
                last += 1
            paragraphs.append(self._read_paragraph(self.body[start:last]))
            self._add_headings(self.body[last:end])
        return paragraphs

    def _read_paragraph(self, lines: Sequence[Line]) -> Paragraph:
        number = self.layout.starts[lines[0].number]
        cut = _match_number(lines[0].text, number)
        text, markers = self._join(lines, cut.end() if cut else 0)
        for marker, offset in markers:
            self.anchors[marker] = Anchor("paragraph", number, offset)
        refs = tuple(FootnoteRef(marker, offset) for marker, offset in markers)
        return Paragraph(number, text, self.outline.current, refs, lines[0].number, lines[-1].number)

    def _add_headings(self, lines: Sequence[Line]) -> None:
        found = [
            HeadingLine(i, self._without_markers(line), line.number, line.after_blank) for i, line in enumerate(lines)
        ]
        for group in self.rules.group([line for line in found if line.text]):
            text, markers = self._join([lines[line.place] for line in group])
            heading = self.outline.add(text, group[0].line, level=self.rules.level(group))
            for marker, offset in markers:
                self.anchors[marker] = Anchor(
                    "heading", heading.number, max(0, offset - (len(text) - len(heading.title)))
                )
            if len(text) > MAX_LENGTH:
                message = f"heading of {len(text)} characters; it may be text whose number was lost"
                self.warnings.append(ReadWarning("long-heading", message, group[0].line, group[-1].line))

    def _read_footnote(self, block: FootnoteBlock) -> Footnote:
        texts = [line.text for line in block.lines]
        match = _match_number(texts[0], block.number)
        texts[0] = texts[0][match.end() :] if match else texts[0]
        text, _ = join_fragments([Fragment(piece) for piece in texts], self.style)
        anchor = self.anchors.get(block.number, Anchor("none"))
        first, last = block.lines[0].number, block.lines[-1].number
        if anchor.kind == "none":
            message = f"footnote {block.number} has no marker in the text of its page; left unanchored"
            self.warnings.append(ReadWarning("unanchored-footnote", message, first, last))
        return Footnote(block.number, text, find_urls(text), anchor, first)

    def _edition(self, front: FrontMatter) -> Edition:
        edition, warnings = settle_edition(
            front,
            name=self.source.name,
            sha256=self.source.sha256,
            lang=self.lang,
            year=self.year,
            title=join_fragments([Fragment(line.text) for line in front.title], self.style)[0],
            running_heads="\n".join(line.text for line in self.layout.furniture),
        )
        self.warnings += warnings
        return edition


def _match_number(text: str, number: int) -> re.Match[str] | None:
    """Match a printed number at the beginning of a text, with the stop and the white space after it."""
    match = re.match(rf"(\d{{{len(str(number))}}})[.．]?\s*", text)  # full-width digits too
    return match if match and int(match[1]) == number else None
