"""Any supported file becomes a Report: the type of the file decides who reads it."""

from pathlib import Path

from textmine.errors import UnknownOptionError
from textmine.reports.model import Report
from textmine.reports.read_markdown import parse_markdown
from textmine.reports.read_text import parse_text
from textmine.reports.source import MAX_BYTES, load_text
from textmine.schema import LANGUAGES

MARKDOWN = {".md", ".markdown"}


def read_report(
    path: str | Path, *, lang: str | None = None, year: int | None = None, max_bytes: int = MAX_BYTES
) -> Report:
    """Read one report.

    Parameters
    ----------
    path : str or Path
        Plain text as PDF extraction leaves it, or Markdown in the form of the built-in sample.
    lang : {'zh', 'en'}, optional
        For plain text; told from the script where left out.
    year : int, optional
        For plain text; told from the cover or the file name where left out.
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
    source = load_text(path, max_bytes=max_bytes)
    if Path(path).suffix.lower() in MARKDOWN:
        return parse_markdown(source)
    return parse_text(source, lang=lang, year=year)
