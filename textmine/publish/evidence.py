"""The paragraphs behind a number, with the spans marked and a citation."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rich.text import Text

from textmine.annotate.match import Span
from textmine.annotate.tag import Tagger
from textmine.annotate.taxonomy import Concept
from textmine.errors import UnknownOptionError
from textmine.publish.controls import show_controls
from textmine.reports.model import Paragraph, Report

#: Marks around a span, so that it shows without colour too.
OPEN, CLOSE = "⟦", "⟧"

_YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?")


class Evidence(NamedTuple):
    """A paragraph that speaks of a concept: where it says so, its citation, its text with the spans marked."""

    paragraph: Paragraph
    spans: tuple[Span, ...]
    citation: str
    marked: Text


def find_evidence(report: Report, concept: Concept, tagger: Tagger) -> Iterator[Evidence]:
    """Yield the paragraphs of a report that name a concept, or one below it, in their text or a heading.

    Parameters
    ----------
    report : Report
    concept : Concept
    tagger : Tagger
        Of the taxonomy that holds the concept.
    """
    taxonomy = tagger.matcher.taxonomy

    def counts(span: Span) -> bool:
        return span.scheme == concept.scheme and (
            span.concept == concept.id or concept.id in taxonomy.ancestors(span.scheme, span.concept)
        )

    headed = {heading.number for heading in report.headings if any(map(counts, tagger.tag_heading(heading)))}
    for paragraph in report.paragraphs:
        spans = tuple(filter(counts, tagger.tag_text(paragraph.text)))
        above = [heading for heading in report.heading_path(paragraph) if heading.number in headed]
        if spans or above:
            cited = cite_paragraph(report, paragraph)
            if above:
                cited += f" (heading: {above[-1]})"
            marked = mark_spans(paragraph.text, [(span.start, span.end) for span in spans])
            yield Evidence(paragraph, spans, cited, marked)


def cite_paragraph(report: Report, paragraph: Paragraph) -> str:
    """Return a citation of a paragraph in the UN's manner: symbol and paragraph number.

    The sample has no symbol and is cited as what it is.
    """
    edition = report.edition
    of_the_sample = edition.corpus == "sample"
    source = edition.symbol if edition.symbol and not of_the_sample else f"textmine {edition.corpus} {edition.year}"
    return f"{source} [{edition.lang}], para. {paragraph.number}"


def mark_spans(text: str, spans: Iterable[tuple[int, int]]) -> Text:
    """Return a text with its spans in brackets and colour, control characters shown.

    Overlapping spans are marked as one.

    Examples
    --------
    >>> mark_spans("云计算和5G", [(0, 3), (4, 6)]).plain
    '⟦云计算⟧和⟦5G⟧'
    """
    marked, at = Text(), 0
    merged: list[list[int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1][1] = max(end, merged[-1][1])
        else:
            merged.append([start, end])
    for start, end in merged:
        marked.append(show_controls(text[at:start]))
        marked.append(OPEN + show_controls(text[start:end]) + CLOSE, style="bold magenta")
        at = end
    marked.append(show_controls(text[at:]))
    return marked


def parse_years(years: str) -> range:
    """Return the years that ``2011`` or ``2009-2012`` means.

    Examples
    --------
    >>> list(parse_years("2009-2011"))
    [2009, 2010, 2011]
    """
    match = _YEARS.fullmatch(years.strip())
    if match is None or (match[2] and match[2] < match[1]):
        raise UnknownOptionError("years", years, "a year (2011) or a span (2009-2012)")
    return range(int(match[1]), int(match[2] or match[1]) + 1)
