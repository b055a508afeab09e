"""Paragraphs get tags: what their text names, and what the headings above them say; the evidence is told apart."""

import re
from collections.abc import Iterable

from textmine.annotate.fold import fold_text
from textmine.annotate.match import Matcher, Span, default_matcher
from textmine.reports.model import Heading, Report

#: An action line's code, as in headings (``(C7)``) and text (行动方针 C4, action line C4, 行动方针 7).
#: A dash joins it to another code only (C7-C9): elsewhere it is part of a document's symbol.
_CODE = re.compile(
    r"(?:(?<![A-Za-z0-9./-])|(?<=[^A-Za-z0-9./-]C\d-)|(?<=^C\d-)|(?<=C1[01]-))"
    r"C(1[01]|[1-9])(?![A-Za-z0-9/]|-(?!C(?:1[01]|[1-9])(?![A-Za-z0-9/-])))"
)
_LINE = r"(1[01]|[1-9])(?![0-9])(?!\s*[年月日个项次名位])"
_NUMBERED = re.compile(rf"(?:行动方针|行动纲领|\baction lines?)\s*{_LINE}", re.IGNORECASE)
#: A further number of a list: 行动方针 2、3 和 4.
_FURTHER = re.compile(rf"\s*(?:、|,|和|及|与|至|到|或|-|\band\b|\bor\b|\bto\b)\s*{_LINE}")
ACTION_LINE = "action_line"


class Tagger:
    """Tag texts and reports with the concepts of a taxonomy.

    Parameters
    ----------
    matcher : Matcher, optional
        Default: that of the taxonomy which ships with textmine.

    Examples
    --------
    >>> [(span.scheme, span.concept) for span in Tagger().tag_text("C9 is about 云计算 too.")]
    [('action_line', 'C9'), ('trend', 'cloud')]
    """

    def __init__(self, matcher: Matcher | None = None) -> None:
        self.matcher = matcher if matcher is not None else default_matcher()
        self._headed = {scheme.name for scheme in self.matcher.taxonomy.schemes if scheme.heading_evidence}
        self._codes = self._action_line_codes()

    def tag_text(self, text: str) -> list[Span]:
        """Return the spans of all concepts that a text names, in the order of :meth:`Matcher.find`."""
        spans = self.matcher.find(text) + self._code_spans(text)
        folded = fold_text(text, lower=False)
        for match in _NUMBERED.finditer(folded):
            number: re.Match[str] | None = match
            while number:
                spans += self._code_span(number.start(1), number.end(1), f"C{number[1]}")
                number = _FURTHER.match(folded, number.end())
        return sorted(set(spans), key=lambda span: (span.start, -span.end, span.scheme, span.concept))

    def tag_heading(self, heading: Heading) -> list[Span]:
        """Return what a heading says of the paragraphs below it.

        Only schemes with ``heading_evidence`` count. Codes settle the action lines, whatever words stand beside them.
        """
        spans = [span for span in self.tag_text(heading.title) if span.scheme in self._headed]
        # A code in the label has no place in the title; one in both is that of the title.
        coded = {span.concept: Span(0, 0, *span[2:]) for span in self._code_spans(heading.label)}
        coded |= {span.concept: span for span in reversed(self._code_spans(heading.title))}
        if coded and ACTION_LINE in self._headed:
            parts = tuple(f"{code}." for code in coded)
            spans = [span for span in spans if span.scheme != ACTION_LINE or span.concept.startswith(parts)]
            spans += coded.values()
        return spans

    def tag_report(self, report: Report) -> list[dict[str, object]]:
        """Return the rows of the table ``tags`` for one report.

        ``evidence`` is ``text`` (``start`` and ``end`` are offsets in the paragraph) or ``heading`` (no offsets;
        ``surface`` is the heading). Rows are sorted by paragraph, scheme, evidence, start, concept.
        """
        key = {"edition": report.edition.year, "lang": report.edition.lang}
        headed = {heading.number: self.tag_heading(heading) for heading in report.headings}
        rows: list[dict[str, object]] = []
        for paragraph in report.paragraphs:
            said: dict[tuple[str, str], str] = {}
            for heading in report.heading_path(paragraph):
                for span in headed[heading.number]:
                    said.setdefault((span.scheme, span.concept), str(heading))
            found: list[tuple[str, str, int, str, dict[str, object]]] = [
                (scheme, "heading", -1, concept, {"start": None, "end": None, "surface": surface})
                for (scheme, concept), surface in said.items()
            ]
            found += [
                (span.scheme, "text", span.start, span.concept, _place(span, paragraph.text))
                for span in self.tag_text(paragraph.text)
            ]
            rows += [
                {
                    **key,
                    "paragraph": paragraph.number,
                    "scheme": scheme,
                    "concept": concept,
                    **place,
                    "evidence": evidence,
                    "score": 1.0,
                }
                for scheme, evidence, _, concept, place in sorted(found, key=lambda item: item[:4])
            ]
        return rows

    def _action_line_codes(self) -> frozenset[str]:
        schemes = {scheme.name: scheme for scheme in self.matcher.taxonomy.schemes}
        if ACTION_LINE not in schemes:
            return frozenset()
        return frozenset(concept.id for concept in schemes[ACTION_LINE].concepts)

    def _code_spans(self, text: str) -> list[Span]:
        """Return the codes of action lines that the taxonomy has, in a text of any width of letters."""
        found: list[Span] = []
        for match in _CODE.finditer(fold_text(text, lower=False)):
            found += self._code_span(match.start(), match.end(), f"C{match[1]}")
        return found

    def _code_span(self, start: int, end: int, code: str) -> list[Span]:
        return [Span(start, end, ACTION_LINE, code)] if code in self._codes else []


def action_lines(rows: Iterable[dict[str, object]]) -> dict[int, list[str]]:
    """Return the action lines that headings give each paragraph, the most specific last.

    Parameters
    ----------
    rows : iterable of dict
        Rows of the table ``tags`` of one report.
    """
    found: dict[int, set[str]] = {}
    for row in rows:
        if row["scheme"] == ACTION_LINE and row["evidence"] == "heading":
            found.setdefault(int(str(row["paragraph"])), set()).add(str(row["concept"]))
    return {number: sorted(concepts, key=line_order) for number, concepts in found.items()}


def line_order(concept: str) -> tuple[int, str]:
    """Sort key that puts C2 before C10 and C7 before C7.e-health.

    Examples
    --------
    >>> sorted(["C10", "C7.e-health", "C2", "C7"], key=line_order)
    ['C2', 'C7', 'C7.e-health', 'C10']
    """
    line, _, sub = concept.partition(".")
    return int(line[1:]) if line[1:].isdecimal() else 99, sub


def _place(span: Span, text: str) -> dict[str, object]:
    return {"start": span.start, "end": span.end, "surface": text[span.start : span.end]}
