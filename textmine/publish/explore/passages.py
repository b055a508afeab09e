"""A paragraph number of an edition as one reads it: both languages, spans of tags, footnotes, headings, citation."""

from dataclasses import dataclass

import polars as pl

from textmine.errors import ContractError
from textmine.publish.controls import show_controls
from textmine.publish.evidence import cite_paragraph, mark_spans
from textmine.publish.explore.markup import show_passages
from textmine.publish.study import Study
from textmine.reports.model import Footnote, Paragraph, Report
from textmine.schema import PARAGRAPH_KEY


@dataclass(frozen=True, slots=True)
class PassageText:
    """One language of a passage.

    ``spans`` are those of the concept asked for; ``tags`` the paragraph's rows of the table ``tags``; ``by_heading``
    says that a heading gives it the concept.
    """

    report: Report
    paragraph: Paragraph
    spans: tuple[tuple[int, int], ...]
    tags: pl.DataFrame
    by_heading: bool

    @property
    def citation(self) -> str:
        """The paragraph in the UN's manner."""
        return cite_paragraph(self.report, self.paragraph)

    @property
    def footnotes(self) -> tuple[Footnote, ...]:
        """Footnotes whose markers stand in the paragraph, in their order there."""
        wanted = [ref.number for ref in self.paragraph.refs]
        notes = {note.number: note for note in self.report.footnotes}
        return tuple(notes[number] for number in wanted if number in notes)

    @property
    def headings(self) -> tuple[str, ...]:
        """Headings above the paragraph, outermost first."""
        return tuple(map(str, self.report.heading_path(self.paragraph)))

    @property
    def is_evidence(self) -> bool:
        """Whether this language speaks of the concept."""
        return bool(self.spans) or self.by_heading


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph number of an edition in each language that there is."""

    edition: int
    number: int
    texts: dict[str, PassageText]

    def __repr__(self) -> str:
        return f"Passage({self.edition}, {self.number}, {'+'.join(self.texts)})"

    def _repr_html_(self) -> str:
        return show_passages([self])

    def __str__(self) -> str:
        """Return citations and texts in plain text, spans in brackets, footnotes below."""
        lines = []
        for text in self.texts.values():
            note = "" if text.is_evidence else " (not tagged in this language)"
            above = " > ".join(text.headings)
            lines += [show_controls(text.citation + (f", under: {above}" if above else "")) + note]
            lines += [mark_spans(text.paragraph.text, text.spans).plain]
            lines += [mark_spans(f"[{note.number}] {note.text}", ()).plain for note in text.footnotes]
        return "\n".join(lines)


class PassageFinder:
    """Find passages of a study quickly: reports are indexed once, editions when first asked for."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self._reports = {(report.edition.year, report.edition.lang): report for report in study.reports}
        self._paragraphs: dict[tuple[int, str], dict[int, Paragraph]] = {}

    def find(self, tags: pl.DataFrame, shown: pl.DataFrame) -> list[Passage]:
        """Return the passages of some tags, by edition and number.

        Parameters
        ----------
        tags : polars.DataFrame
            Table ``tags``: those asked for, of few paragraphs.
        shown : polars.DataFrame
            Table ``tags`` of the same paragraphs, all of them.

        Raises
        ------
        ContractError
            When the study has no running text.
        """
        if not self._reports:
            raise ContractError(f"{self.study.name} holds no running text, so there is no paragraph to read")
        asked = tags.partition_by(*PARAGRAPH_KEY, as_dict=True)
        every = shown.partition_by(*PARAGRAPH_KEY, as_dict=True)
        passages = []
        for edition, number in sorted({(key[0], key[2]) for key in asked}):
            texts = {}
            for lang in self.study.langs:
                paragraph = self._paragraph(edition, lang, number)
                if paragraph is None:
                    continue
                key = edition, lang, number
                mine = asked[key] if key in asked else tags.clear()
                spans = mine.filter(pl.col("start").is_not_null()).select("start", "end").unique().sort("start", "end")
                texts[lang] = PassageText(
                    self._reports[edition, lang],
                    paragraph,
                    tuple(spans.rows()),
                    every[key] if key in every else shown.clear(),
                    by_heading=mine["start"].null_count() > 0,
                )
            passages.append(Passage(edition, number, texts))
        return passages

    def _paragraph(self, edition: int, lang: str, number: int) -> Paragraph | None:
        if (edition, lang) not in self._reports:
            return None
        if (edition, lang) not in self._paragraphs:
            report = self._reports[edition, lang]
            self._paragraphs[edition, lang] = {paragraph.number: paragraph for paragraph in report.paragraphs}
        return self._paragraphs[edition, lang].get(number)
