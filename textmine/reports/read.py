"""Any supported file becomes a Report: what the file holds decides who reads it."""

from pathlib import Path

from textmine.errors import SourceError, UnknownOptionError
from textmine.reports.kind import detect_kind
from textmine.reports.model import Report
from textmine.reports.read_markdown import parse_markdown
from textmine.reports.read_text import parse_text
from textmine.reports.sandbox import parse_in_child
from textmine.reports.sandbox_child import PARSERS
from textmine.reports.source import MAX_BYTES, decode_text, read_bytes
from textmine.schema import LANGUAGES

MARKDOWN = {".md", ".markdown"}


def read_report(
    path: str | Path, *, lang: str | None = None, year: int | None = None, max_bytes: int = MAX_BYTES
) -> Report:
    """Read one report.

    Parameters
    ----------
    path : str or Path
        PDF or Word (DOCX), read in a process of its own under limits on memory and time; plain text as PDF
        extraction leaves it; or Markdown in the form of the built-in sample.
    lang : {'zh', 'en'}, optional
        Told from the script where left out; Markdown says it itself.
    year : int, optional
        Told from the cover or the file name where left out; Markdown says it itself.
    max_bytes : int
        Largest file accepted.

    Returns
    -------
    Report

    Raises
    ------
    SourceError
        When the file can't be read or isn't a report.

    Examples
    --------
    >>> from textmine.resources import resource_path
    >>> report = read_report(resource_path("sample", "2011.en.md"))
    >>> report.edition.year, report.paragraphs[0].number
    (2011, 1)
    """
    if lang is not None and lang not in LANGUAGES:
        raise UnknownOptionError("language", lang, LANGUAGES)
    path = Path(path)
    data = read_bytes(path, max_bytes)
    try:
        kind = detect_kind(data) if data.strip() else "txt"
    except SourceError as error:
        raise SourceError(f"{path}: this is {error}") from error
    if kind in PARSERS:
        return parse_in_child(kind, data, path.name, lang=lang, year=year)
    source = decode_text(path, data)
    if path.suffix.lower() in MARKDOWN:
        return parse_markdown(source)
    return parse_text(source, lang=lang, year=year)
