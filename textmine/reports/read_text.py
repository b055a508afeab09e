"""Plain text as PDF extraction leaves it becomes a Report."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import quantiles

from textmine.errors import SourceError
from textmine.reports.addresses import find_urls
from textmine.reports.cover_edition import read_edition
from textmine.reports.front import FrontMatter, read_front
from textmine.reports.headings import (
    MAX_LENGTH,
    HeadingLine,
    Outline,
    group_headings,
    split_headings,
    warn_of_split_headings,
)
from textmine.reports.layout import FootnoteBlock, Layout, split_layout
from textmine.reports.lines import Line
from textmine.reports.markers import Marker, find_markers
from textmine.reports.model import Anchor, Footnote, FootnoteRef, Paragraph, ReadWarning, Report, Source
from textmine.reports.reader_warnings import warn_of_furniture, warn_of_gaps, warn_of_unplaced
from textmine.reports.source import SourceText
from textmine.reports.unwrap import Fragment, Style, join_fragments, learn_style

_NUMBER = re.compile(r"\d{1,4}[.．]?\s*")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LONE_NUMBER = re.compile(r"\d{1,3}(?=\s|$)")


@dataclass(slots=True)
class _Body:
    """The body lines in reading order, with the markers found in each."""

    lines: list[Line] = field(default_factory=list)
    markers: dict[int, list[Marker]] = field(default_factory=dict)  # place of the line -> its markers

    def text(self, place: int) -> str:
        """Return a line's text without its markers."""
        return "".join(fragment.text for fragment in self.fragments(place)).strip()

    def fragments(self, place: int, cut: int = 0) -> Iterator[Fragment]:
        """Yield a line in pieces, each with the marker before it; the first `cut` characters left out."""
        text, at, number = self.lines[place].text, cut, None
        for marker in self.markers.get(place, ()):
            if text[at : marker.start] or number is not None:
                yield Fragment(text[at : marker.start], number)
            at, number = marker.end, marker.number
        yield Fragment(text[at:], number)


def parse_text(source: SourceText, *, lang: str | None = None, year: int | None = None) -> Report:
    """Read a report from plain text as PDF extraction leaves it.

    Parameters
    ----------
    source : SourceText
        As :func:`textmine.reports.source.load_text` gives it.
    lang : {'zh', 'en'}, optional
        Told from the script where left out.
    year : int, optional
        Year of the edition, where neither its cover nor its file name says it.

    Returns
    -------
    Report
        What could not be placed is in its ``warnings``, with line numbers.

    Raises
    ------
    SourceError
        When the text has no numbered paragraph, or its year is unknown.
    """
    layout = split_layout(source.text)
    if not layout.starts:
        raise SourceError(
            f"{source.name}: no numbered paragraph found (a line such as “1. The present report ...”); "
            "this doesn't look like a report of the series"
        )
    return _Reader(source, layout, lang, year).read()


class _Reader:
    """One reading of one text; every step adds to the report's parts and warnings."""

    def __init__(self, source: SourceText, layout: Layout, lang: str | None, year: int | None) -> None:
        self.source = source
        self.layout = layout
        self.lang = lang or ("zh" if len(_HAN.findall(source.text)) > 0.1 * len(source.text) else "en")
        self.year = year
        self.style: Style = learn_style(source.text)
        self.outline = Outline()
        self.warnings: list[ReadWarning] = []
        self.anchors: dict[int, Anchor] = {}
        self.body = _Body()
        lengths = [len(line.text) for page, _ in layout.pages for line in page] or [80]
        self.width = int(quantiles(lengths, n=10)[-1]) if len(lengths) > 10 else max(lengths)

    def read(self) -> Report:
        self._collect_body()
        front = self._read_front()
        paragraphs = self._read_paragraphs()
        footnotes = tuple(self._read_footnote(block) for block in self.layout.footnotes)
        title = join_fragments([Fragment(line.text) for line in front.title], self.style)[0]
        edition, doubts = read_edition(self.source, front, self.layout.furniture, title, lang=self.lang, year=self.year)
        warnings = [
            *self.warnings,
            *self.outline.warnings,
            *doubts,
            *warn_of_gaps("paragraph", [(p.number, p.first_line, p.last_line) for p in paragraphs]),
            *warn_of_gaps("footnote", [(f.number, f.line, f.line) for f in footnotes]),
            *warn_of_unplaced(self.layout.unplaced),
            *warn_of_furniture([*front.foot, *self.layout.furniture]),
        ]
        warnings.sort(key=lambda item: (item.first_line, item.kind))
        return Report(
            edition=edition,
            summary=join_fragments([Fragment(line.text) for line in front.summary], self.style)[0],
            headings=tuple(self.outline.headings),
            paragraphs=tuple(paragraphs),
            footnotes=footnotes,
            source=Source(self.source.name, self.source.sha256, self.source.encoding, self.source.text.count("\n") + 1),
            warnings=tuple(warnings),
        )

    def _collect_body(self) -> None:
        for page, numbers in self.layout.pages:
            offset = len(self.body.lines)
            self.body.lines += page
            for marker in find_markers(page, numbers):
                self.body.markers.setdefault(offset + marker.line, []).append(marker)
        for place, line in enumerate(self.body.lines):
            stray = _LONE_NUMBER.match(line.text)
            if stray and place not in self.body.markers and self._looks_like_marker(place, line, stray):
                message = f"number {stray[0]} stands like a footnote marker but no footnote of this page has it"
                self.warnings.append(ReadWarning("stray-number", message, line.number, line.number))

    def _looks_like_marker(self, place: int, line: Line, stray: re.Match[str]) -> bool:
        if line.after_blank or line.indented:
            return False
        rest = line.text[stray.end() :].lstrip()
        before = self.body.lines[place - 1].text if place else ""
        return line.number not in self.layout.starts and (not rest or before.endswith(("。", "，", ".", ",", "”")))

    def _read_front(self) -> FrontMatter:
        lines = [HeadingLine(i, line.text, line.number, line.after_blank) for i, line in enumerate(self.layout.front)]
        n_headings = len(lines) - split_headings(lines, self.width, front=True)
        front = read_front(self.layout.front, n_headings)
        self._add_headings([HeadingLine(-1, line.text, line.number, line.after_blank) for line in front.headings])
        if not front.summary:
            cover = self.layout.front[: len(self.layout.front) - n_headings]
            first, last = (cover[0].number, cover[-1].number) if cover else (1, 1)
            message = "no summary found before paragraph 1" + (
                "; these lines were taken for the cover" if cover else ""
            )
            self.warnings.append(ReadWarning("summary", message, first, last))
        return front

    def _read_paragraphs(self) -> list[Paragraph]:
        places = [i for i, line in enumerate(self.body.lines) if line.number in self.layout.starts]
        paragraphs = []
        for start, end in zip(places, [*places[1:], len(self.body.lines)], strict=True):
            lines = [
                HeadingLine(i, self.body.text(i), self.body.lines[i].number, self.body.lines[i].after_blank)
                for i in range(start, end)
            ]
            split = split_headings([line for line in lines if line.text], self.width)
            kept = [line for line in lines if line.text][:split]
            last = kept[-1].place + 1
            while last < end and not self.body.text(last):  # a marker alone on its line still belongs to the text
                last += 1
            paragraphs.append(self._read_paragraph(start, last))
            self._add_headings([line for line in lines if line.place >= last])
        return paragraphs

    def _read_paragraph(self, start: int, end: int) -> Paragraph:
        first, last = self.body.lines[start], self.body.lines[end - 1]
        number = self.layout.starts[first.number]
        cut = _NUMBER.match(first.text)
        fragments = [
            fragment
            for i in range(start, end)
            for fragment in self.body.fragments(i, cut.end() if cut and i == start else 0)
        ]
        text, markers = join_fragments(fragments, self.style)
        for marker, offset in markers:
            self.anchors[marker] = Anchor("paragraph", number, offset)
        refs = tuple(FootnoteRef(marker, offset) for marker, offset in markers)
        return Paragraph(number, text, self.outline.current, refs, first.number, last.number)

    def _add_headings(self, lines: Sequence[HeadingLine]) -> None:
        groups = group_headings([line for line in lines if line.text], self.width)
        self.warnings += warn_of_split_headings(groups)
        for group in groups:
            fragments: list[Fragment] = []
            for line in group:
                fragments += self.body.fragments(line.place) if line.place >= 0 else [Fragment(line.text)]
            text, markers = join_fragments(fragments, self.style)
            heading = self.outline.add(text, group[0].line)
            for marker, offset in markers:
                self.anchors[marker] = Anchor(
                    "heading", heading.number, max(0, offset - (len(text) - len(heading.title)))
                )
            if len(text) > MAX_LENGTH:
                message = f"heading of {len(text)} characters; it may be text whose number was lost"
                self.warnings.append(ReadWarning("long-heading", message, group[0].line, group[-1].line))

    def _read_footnote(self, block: FootnoteBlock) -> Footnote:
        texts = [line.text for line in block.lines]
        match = _NUMBER.match(texts[0])
        texts[0] = texts[0][match.end() :] if match else texts[0]
        text, _ = join_fragments([Fragment(piece) for piece in texts], self.style)
        anchor = self.anchors.get(block.number, Anchor("none"))
        first, last = block.lines[0].number, block.lines[-1].number
        if anchor.kind == "none":
            message = f"footnote {block.number} has no marker in the text of its page; left unanchored"
            self.warnings.append(ReadWarning("unanchored-footnote", message, first, last))
        return Footnote(block.number, text, find_urls(text), anchor, first)
