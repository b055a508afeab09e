"""A report as nested sections: headings with their paragraphs and sub-sections, and the notes with their ids."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from textmine.reports.model import Footnote, Heading, Paragraph, Report


@dataclass(slots=True)
class Section:
    """A heading, the paragraphs right under it, then the sections below.

    ``continued`` marks paragraphs of a heading that stand behind a section below it: a section of their own, without
    heading, at the end.
    """

    heading: Heading | None = None
    continued: bool = False
    paragraphs: list[Paragraph] = field(default_factory=list)
    sections: list["Section"] = field(default_factory=list)


def nest_sections(report: Report) -> Section:
    """Return the report as a section without heading that holds all others, each paragraph and heading once."""
    root = Section()
    sections: dict[int | None, Section] = {None: root}
    waiting = list(report.headings)

    def open_sections(last: int) -> None:
        while waiting and waiting[0].number <= last:
            heading = waiting.pop(0)
            sections[heading.number] = Section(heading)
            sections[heading.parent].sections.append(sections[heading.number])

    for paragraph in report.paragraphs:
        if paragraph.heading is not None:
            open_sections(paragraph.heading)
        section = sections[paragraph.heading]
        if section.sections:
            if not section.sections[-1].continued:
                section.sections.append(Section(section.heading, continued=True))
            section = section.sections[-1]
        section.paragraphs.append(paragraph)
    if waiting:
        open_sections(waiting[-1].number)
    return root


class Note(NamedTuple):
    """A footnote under an id; ``footnote`` is None where only its marker is in the text."""

    id: str
    number: int
    footnote: Footnote | None


class Notes:
    """The footnotes of a report, each under an id of its own, and the markers that lead to them.

    Parameters
    ----------
    report : Report
    prefix : str
        What ids begin with.
    """

    def __init__(self, report: Report, prefix: str) -> None:
        self._all: list[Note] = []
        self._first: dict[int, str] = {}
        self._at: dict[tuple[str, int | None, int | None, int], str] = {}
        taken: set[str] = set()
        for footnote in report.footnotes:
            name, again = f"{prefix}{footnote.number}", 1
            while name in taken:
                again += 1
                name = f"{prefix}{footnote.number}.{again}"
            taken.add(name)
            self._first.setdefault(footnote.number, name)
            anchor = footnote.anchor
            self._at.setdefault((anchor.kind, anchor.number, anchor.offset, footnote.number), name)
            self._all.append(Note(name, footnote.number, footnote))
        marked = sorted({ref.number for paragraph in report.paragraphs for ref in paragraph.refs})
        for number in marked:
            if number not in self._first:
                self._first[number] = f"{prefix}{number}"
                self._all.append(Note(self._first[number], number, None))
        self._in_headings: dict[int, list[tuple[int, Note]]] = {}
        for note in self._all:
            if note.footnote and note.footnote.anchor.kind == "heading" and note.footnote.anchor.number is not None:
                place = note.footnote.anchor.offset or 0, note
                self._in_headings.setdefault(note.footnote.anchor.number, []).append(place)

    def __iter__(self) -> Iterator[Note]:
        return iter(self._all)

    def in_paragraph(self, paragraph: Paragraph) -> list[tuple[int, str, int]]:
        """Return offset, note id and number of the markers in a paragraph, in order."""
        found = []
        for ref in paragraph.refs:
            key = ("paragraph", paragraph.number, ref.offset, ref.number)
            found.append((ref.offset, self._at.get(key, self._first[ref.number]), ref.number))
        return sorted(found, key=lambda item: item[0])

    def in_heading(self, heading: Heading) -> list[tuple[int, str, int]]:
        """Return offset in the title, note id and number of the markers in a heading, in order."""
        places = self._in_headings.get(heading.number, [])
        return sorted(((offset, note.id, note.number) for offset, note in places), key=lambda item: item[0])
