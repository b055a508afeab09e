"""A paragraph with its tags marked, to be read in a terminal or a notebook."""

from collections.abc import Sequence
from html import escape
from itertools import pairwise
from typing import NamedTuple

from textmine.annotate.match import Matcher, Span, default_matcher
from textmine.annotate.scheme_colors import OTHER_COLOR, SCHEME_COLORS
from textmine.annotate.tag import Tagger
from textmine.errors import UnknownOptionError
from textmine.publish.controls import show_controls
from textmine.publish.evidence import CLOSE, OPEN, cite_paragraph
from textmine.reports.model import Heading, Paragraph, Report


class Named(NamedTuple):
    """A concept of the legend: its number, scheme, id and label."""

    number: int
    scheme: str
    concept: str
    label: str

    def __str__(self) -> str:
        return f"{self.number} {self.scheme}: {self.label} ({self.concept})"


class TaggedParagraph:
    """A paragraph, what its text is tagged with and where, and what the headings above it say.

    ``print`` shows spans in brackets, each with the numbers of its concepts in the legend below; a notebook shows them
    in the colour of their scheme too. All text is escaped, and control characters are made visible.

    Parameters
    ----------
    report : Report
    paragraph : Paragraph
    tagger : Tagger
    """

    def __init__(self, report: Report, paragraph: Paragraph, tagger: Tagger) -> None:
        self.paragraph = paragraph
        self.citation = cite_paragraph(report, paragraph)
        self.lang = report.edition.lang
        self.spans: tuple[Span, ...] = tuple(tagger.tag_text(paragraph.text))
        self.headings: tuple[Heading, ...] = report.heading_path(paragraph)
        above = [(span.scheme, span.concept) for heading in self.headings for span in tagger.tag_heading(heading)]
        named = dict.fromkeys((span.scheme, span.concept) for span in self.spans)
        self.legend = tuple(
            Named(number, scheme, concept, tagger.matcher.taxonomy.concept(scheme, concept).labels[self.lang])
            for number, (scheme, concept) in enumerate(dict.fromkeys((*named, *above)), start=1)
        )
        self._numbers = {(item.scheme, item.concept): item.number for item in self.legend}
        self.by_heading = tuple(sorted({self._numbers[key] for key in above}))

    def __repr__(self) -> str:
        return f"TaggedParagraph({self.citation!r}, {len(self.spans)} spans, {len(self.legend)} concepts)"

    def __str__(self) -> str:
        """Return citation, headings, the text with numbered brackets, and the legend."""
        text, at = "", 0
        for group in self._groups():
            start, end = group[0].start, max(span.end for span in group)
            text += show_controls(self.paragraph.text[at:start])
            text += f"{OPEN}{show_controls(self.paragraph.text[start:end])}{CLOSE}[{self._number(group)}]"
            at = end
        text += show_controls(self.paragraph.text[at:])
        lines = [show_controls(line) for line in (self.citation, *map(str, self.headings))]
        return "\n".join([*lines, text, *(show_controls(f"  {item}{self._origin(item)}") for item in self.legend)])

    def _repr_html_(self) -> str:
        text, at = "", 0
        for group in self._groups():
            start, end = group[0].start, max(span.end for span in group)
            text += _escape(self.paragraph.text[at:start])
            edges = sorted({edge for span in group for edge in (span.start, span.end)})
            text += "".join(self._mark(group, first, last) for first, last in pairwise(edges))
            text += f"<sup>{self._number(group)}</sup>"
            at = end
        text += _escape(self.paragraph.text[at:])
        above = " &gt; ".join(_escape(str(heading)) for heading in self.headings)
        items = "".join(
            f"<li style='color:#1a1a1a'><b>{item.number}</b> <span style='{_style(item.scheme)}'>{_escape(item.scheme)}"
            f"</span> {_escape(item.label)} <code>{_escape(item.concept)}</code>{_escape(self._origin(item))}</li>"
            for item in self.legend
        )
        return (
            "<div style='background:#fff;color:#1a1a1a;padding:4px 8px;line-height:1.7;overflow-wrap:anywhere'>"
            f"<p><b>{_escape(self.citation)}</b><br>{above}</p><p lang='{_escape(self.lang)}'>{text}</p>"
            f"<ul style='list-style:none;padding:0' aria-label='Legend'>{items}</ul></div>"
        )

    def _groups(self) -> list[list[Span]]:
        """Return the spans in order, those that overlap together."""
        groups: list[list[Span]] = []
        end = 0
        for span in self.spans:
            if groups and span.start < end:
                groups[-1].append(span)
            else:
                groups.append([span])
            end = max(end, span.end)
        return groups

    def _mark(self, group: Sequence[Span], start: int, end: int) -> str:
        """Return a piece of text in the colour of the shortest span over it, with what it says when pointed at."""
        over = [span for span in group if span.start <= start and end <= span.end]
        if not over:
            return _escape(self.paragraph.text[start:end])
        scheme = min(over, key=lambda span: (span.end - span.start, span.scheme)).scheme
        said = "; ".join(sorted({f"{span.scheme}: {span.concept}" for span in over}))
        return (
            f"<mark style='{_style(scheme)}' title='{_escape(said)}'>{_escape(self.paragraph.text[start:end])}</mark>"
        )

    def _number(self, group: Sequence[Span]) -> str:
        return ",".join(map(str, sorted({self._numbers[span.scheme, span.concept] for span in group})))

    def _origin(self, item: Named) -> str:
        return ", by heading" if item.number in self.by_heading else ""


def show_paragraph(report: Report, number: int, *, matcher: Matcher | None = None) -> TaggedParagraph:
    """Return a paragraph with its tags marked; a notebook shows it in colour, ``print`` in brackets.

    Parameters
    ----------
    report : Report
    number : int
        As printed.
    matcher : Matcher, optional
        Of a taxonomy of one's own; default: the one that ships with textmine.

    Raises
    ------
    UnknownOptionError
        When the report has no such paragraph.

    Examples
    --------
    >>> from textmine.reports.corpus import load_corpus
    >>> report = load_corpus("sample")[0]
    >>> show_paragraph(report, 3)
    TaggedParagraph('textmine sample 2008 [en], para. 3', 8 spans, 3 concepts)
    """
    for paragraph in report.paragraphs:
        if paragraph.number == number:
            return TaggedParagraph(report, paragraph, Tagger(matcher if matcher is not None else default_matcher()))
    numbers = [paragraph.number for paragraph in report.paragraphs]
    known = f"{numbers[0]} to {numbers[-1]}" if numbers else "none"
    raise UnknownOptionError("paragraph", number, known)


def _style(scheme: str) -> str:
    return f"background:{SCHEME_COLORS.get(scheme, OTHER_COLOR)};color:#1a1a1a"


def _escape(text: str) -> str:
    return escape(show_controls(text), quote=True)
