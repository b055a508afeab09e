"""A PDF becomes a Report: font size, weight and position tell furniture, footnotes, markers and headings from text."""

import hashlib
import unicodedata
from collections.abc import Iterator, Sequence

from textmine.errors import SourceError
from textmine.reports.assemble import Assembler
from textmine.reports.model import ReadWarning, Report
from textmine.reports.pdf_glyphs import MAX_PAGES, PageGlyphs, read_glyphs
from textmine.reports.pdf_hyphens import settle_hyphens
from textmine.reports.pdf_layout import PdfLayout, SetHeadings, lay_out
from textmine.reports.source import SourceText


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
    rules = SetHeadings(found.headings, found.levels)
    assembler = Assembler(source, found.layout, found.markers, rules, lang=lang, year=year)
    assembler.warnings += _warnings(pages, found)
    return assembler.read()


def _warnings(pages: Sequence[PageGlyphs], found: PdfLayout) -> Iterator[ReadWarning]:
    """Say what was read and what was left out."""
    for line, number in found.stray:
        message = f"raised number {number} is no marker of a footnote that was found; left in the text"
        yield ReadWarning("stray-number", message, line.number, line.number)
    for line in found.left_out:
        message = f"small print left out (page {found.page_of(line.number)}): {line.text[:60]!r}"
        yield ReadWarning("small-print", message, line.number, line.number)
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
