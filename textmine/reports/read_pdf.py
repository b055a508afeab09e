"""A PDF becomes a Report: font size, weight and position tell furniture, footnotes, markers and headings from text."""

import hashlib
import unicodedata
from collections.abc import Iterator, Sequence

from textmine.errors import SourceError
from textmine.reports.assemble import Assembler
from textmine.reports.lines import Line
from textmine.reports.model import ReadWarning, Report
from textmine.reports.pdf_glyphs import MAX_PAGES, PageGlyphs, read_glyphs
from textmine.reports.pdf_hyphens import settle_hyphens
from textmine.reports.pdf_layout import PdfLayout, lay_out
from textmine.reports.source import SourceText

#: So many characters of a line that was left out are shown.
_EXCERPT = 60


def parse_pdf(
    data: bytes,
    name: str = "report.pdf",
    *,
    lang: str | None = None,
    year: int | None = None,
    max_pages: int = MAX_PAGES,
) -> Report:
    """Read a report from a PDF with a text layer.

    Runs PDFium in this process; for a file of unknown origin use :func:`textmine.reports.read.read_report`, which
    calls it in a child process under limits.

    Parameters
    ----------
    data : bytes
        The file.
    name : str
        Its name: for messages, and for the symbol that it may spell.
    lang : {'zh', 'en'}, optional
        Told from the script where left out.
    year : int, optional
        Year of the edition, where neither its cover nor its name says it.
    max_pages : int
        Most pages accepted.

    Returns
    -------
    Report
        Lines are numbered page by page: 3012 is page 3, line 12. What was read and what was not is in its
        ``warnings``.

    Raises
    ------
    SourceError
        When it can't be opened, has pages without a text layer, no numbered paragraph, or its year is unknown.
    """
    pages = read_glyphs(data, name=name, max_pages=max_pages)
    found = lay_out(pages)
    if not found.layout.starts:
        raise SourceError(
            f"{name}: no numbered paragraph found on its {len(pages)} pages (such as “1. The present report ...”); "
            "this doesn't look like a report of the series"
        )
    settle_hyphens(found.layout)
    lines = [*found.layout.front, *(line for page, _ in found.layout.pages for line in page)]
    lines += [line for block in found.layout.footnotes for line in block.lines]
    text = unicodedata.normalize("NFC", "\n".join(line.text for line in lines))
    source = SourceText(name, text, hashlib.sha256(data).hexdigest(), "pdf")
    assembler = Assembler(source, found.layout, found.markers, found.headings, lang=lang, year=year)
    assembler.warnings += [*_warnings(pages, found), _coverage(pages, found)]
    return assembler.read()


def _warnings(pages: Sequence[PageGlyphs], found: PdfLayout) -> Iterator[ReadWarning]:
    """Say what could not be decoded, placed or linked."""
    for line, number in found.stray:
        message = f"raised number {number} is no marker of a footnote that was found; left in the text"
        yield ReadWarning("stray-number", message, line.number, line.number)
    for line in found.left_out:
        message = f"small print left out (page {found.page_of(line.number)}): {_excerpt(line.text)}"
        yield ReadWarning("small-print", message, line.number, line.number)
    for item in found.layout.unplaced:
        message = f"a line begins with {item.number} like a {item.what}, after {item.after}; left in the text"
        yield ReadWarning("unplaced-number", message, item.line.number, item.line.number)
    for line in found.unnumbered:
        message = f"text without a number below a heading left out: {_excerpt(line.text)}"
        yield ReadWarning("unnumbered-text", message, line.number, line.number)
    for page in pages:
        at = page.number * found.per_page
        if page.n_undecoded:
            message = f"{page.n_undecoded} characters of page {page.number} can't be decoded; they stand as U+FFFD"
            yield ReadWarning("undecoded", message, at, at)
        if page.n_rotated:
            message = f"{page.n_rotated} characters of page {page.number} don't stand upright; left out"
            yield ReadWarning("rotated", message, at, at)
        if not page.glyphs:
            yield ReadWarning("blank-page", f"page {page.number} has no text", at, at)


def _coverage(pages: Sequence[PageGlyphs], found: PdfLayout) -> ReadWarning:
    """Say how many characters went where, and how many footnotes have a marker."""
    body = [line for page, _ in found.layout.pages for line in page]
    front = list(found.layout.front)
    above_first: list[Line] = []
    while front and front[-1].number in found.headings.headings:
        above_first.append(front.pop())
    nowhere = {line.number for line in (*found.unnumbered, *found.left_out)}
    parts = {
        "in paragraphs": [line for line in body if line.number not in {*found.headings.headings, *nowhere}],
        "in headings": above_first + [line for line in body if line.number in found.headings.headings],
        "in footnotes": [line for block in found.layout.footnotes for line in block.lines],
        "on the cover and in the summary": front,
        "in running heads and feet": found.layout.furniture,
        "in none of these": [*found.unnumbered, *found.left_out],
    }
    counts = {part: sum(map(_n_characters, lines)) for part, lines in parts.items()}
    spelled = ", ".join(f"{count:,} {part}" for part, count in counts.items())
    n_markers = sum(map(len, found.markers.values()))
    n_rotated = sum(page.n_rotated for page in pages)
    message = (
        f"{len(pages)} pages, {sum(counts.values()):,} characters: {spelled}; {n_rotated:,} more not upright, "
        f"{sum(page.n_undecoded for page in pages):,} not decoded; "
        f"{len(found.layout.footnotes)} footnotes found, "
        f"{n_markers + len(found.stray)} raised numbers, {n_markers} linked"
    )
    return ReadWarning("coverage", message, found.per_page, (len(pages) + 1) * found.per_page - 1)


def _n_characters(line: Line) -> int:
    return sum(not character.isspace() for character in line.text)


def _excerpt(text: str) -> str:
    return repr(text if len(text) <= _EXCERPT else f"{text[:_EXCERPT]}...")
