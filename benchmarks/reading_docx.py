"""What comes back of the sample from Word files: `python benchmarks/reading_docx.py`, a table in reading_docx.md.

Each edition of the built-in sample is made a Word file in several shapes (tests/reports/word_documents.py) and read
back; beside textmine's reader, the text that python-docx gives, read as plain text.
"""

import io
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import docx

import textmine
from textmine.errors import SourceError
from textmine.reports.corpus import read_files
from textmine.reports.model import Report
from textmine.reports.read_docx import parse_docx
from textmine.reports.read_text import parse_text
from textmine.reports.source import SourceText

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from reports.word_documents import SHAPES, make_document  # noqa: E402

ABOUT = """
Made by `python benchmarks/reading_docx.py`. All editions of the built-in sample as Word files in the shape of the
United Nations' documents, made by us with python-docx and raw XML (`tests/reports/word_documents.py`), read back and
compared with what went in. No official Word file was at hand: how true the shapes are to the official ones is untested.
A number is found where the paragraph behind it begins with the right 20 characters; a heading path is right where level
and text of every heading above the paragraph are; a link where the marker of the footnote stands behind the same text;
texts are compared without white space. `failed`: files refused. `python-docx`: the paragraphs' text as python-docx
gives it, read by textmine's reader of plain text.
"""


@dataclass(slots=True)
class Tally:
    """Counts over editions, from which the measures are taken."""

    found: int = 0
    wanted: int = 0
    right: int = 0
    paths: int = 0
    texts: int = 0
    notes: int = 0
    note_texts: int = 0
    links: int = 0
    links_found: int = 0
    links_wanted: int = 0
    failed: int = 0
    seconds: list[float] = field(default_factory=list)

    def add(self, report: Report, back: Report | None) -> None:
        """Compare what was read with what was written."""
        self.wanted += len(report.paragraphs)
        self.notes += len(report.footnotes)
        links = find_links(report)
        self.links_wanted += len(links)
        if back is None:
            self.failed += 1
            return
        read = {paragraph.number: paragraph for paragraph in back.paragraphs}
        self.found += len(back.paragraphs)
        found = find_links(back)
        self.links_found += len(found)
        self.links += len(links & found)
        notes = {note.number: squeeze(note.text) for note in back.footnotes}
        self.note_texts += sum(notes.get(note.number) == squeeze(note.text) for note in report.footnotes)
        for paragraph in report.paragraphs:
            other = read.get(paragraph.number)
            if other is not None:
                # A number counts as found where the paragraph behind it is the right one.
                self.right += squeeze(other.text)[:20] == squeeze(paragraph.text)[:20]
                self.texts += squeeze(other.text) == squeeze(paragraph.text)
                self.paths += path_of(back, other) == path_of(report, paragraph)

    def cells(self) -> list[str]:
        """Return the measures as the table prints them."""
        shares = (
            f1(self.right, self.found, self.wanted),
            self.paths / self.wanted,
            f1(self.links, self.links_found, self.links_wanted),
            self.texts / self.wanted,
            self.note_texts / self.notes,
        )
        return [*(f"{share:.4f}" for share in shares), str(self.failed)]


def f1(right: int, found: int, wanted: int) -> float:
    """Return the harmonic mean of precision and recall."""
    return 2 * right / (found + wanted) if found + wanted else 0.0


def squeeze(text: str) -> str:
    """Return a text without white space."""
    return "".join(text.split())


def path_of(report: Report, paragraph: object) -> list[tuple[int, str]]:
    """Return level and text of the headings above a paragraph."""
    return [(heading.level, squeeze(str(heading))) for heading in report.heading_path(paragraph)]


def find_links(report: Report) -> set[tuple[int, str, int | None, str]]:
    """Return each footnote with the place of its marker: the text before it, white space aside."""
    places = {("paragraph", paragraph.number): paragraph.text for paragraph in report.paragraphs}
    places |= {("heading", heading.number): heading.title for heading in report.headings}
    return {
        (note.number, note.anchor.kind, note.anchor.number, squeeze(places[key][: note.anchor.offset]))
        for note in report.footnotes
        if (key := (note.anchor.kind, note.anchor.number)) in places
    }


def read_by_python_docx(data: bytes, name: str) -> Report:
    """Read the text that python-docx gives of a Word file, footnotes and numbers not being part of it."""
    text = "\n\n".join(paragraph.text.replace("\t", " ") for paragraph in docx.Document(io.BytesIO(data)).paragraphs)
    return parse_text(SourceText(name, text, "0" * 64, "docx"))


def measure(read: Callable[[bytes, str], Report], files: Sequence[tuple[Report, bytes]]) -> Tally:
    """Read every file and compare."""
    tally = Tally()
    for report, data in files:
        start = time.process_time()
        try:
            back = read(data, f"{report.edition.year}.docx")
        except SourceError:
            back = None
        tally.seconds.append(time.process_time() - start)
        tally.add(report, back)
    return tally


def main() -> None:
    """Measure and write the table."""
    reports = textmine.load_corpus("sample")
    lines = [
        "# Reading Word files",
        "",
        *textwrap.wrap(ABOUT.strip(), 118),
        "",
        "| reader | shape | lang | files | number F1 | heading path | link F1 | text equal | footnote text | failed |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    seconds: list[float] = []
    for shape_name, shape in SHAPES.items():
        for lang in ("en", "zh"):
            files = [(report, make_document(report, shape)) for report in reports if report.edition.lang == lang]
            for reader, read in (("textmine", parse_docx), ("python-docx", read_by_python_docx)):
                tally = measure(read, files)
                if reader == "textmine":
                    seconds += tally.seconds
                row = [reader, shape_name, lang, str(len(files)), *tally.cells()]
                lines.append(f"| {' | '.join(row)} |")
                print(lines[-1], flush=True)
    lines += ["", *time_processes(reports, seconds)]
    Path(__file__).with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def time_processes(reports: Sequence[Report], seconds: Sequence[float]) -> list[str]:
    """Return lines that say what reading takes, in this process and each file in its own."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for report in reports:
            paths.append(Path(folder, f"{report.edition.year}.{report.edition.lang}.docx"))
            paths[-1].write_bytes(make_document(report))
        start = time.perf_counter()
        back, errors = read_files(paths)
        took = time.perf_counter() - start
    median = sorted(seconds)[len(seconds) // 2]
    return [
        f"Processor time a file, in one process: median {median:.2f} s. {len(paths)} files by `read_files`, each in a",
        f"process of its own, several at a time: {took:.0f} s on 2 cores that others used too, {len(back)} read and",
        f"{len(errors)} refused.",
    ]


if __name__ == "__main__":
    main()
