"""Reports become tables: paragraphs, headings, footnotes."""

from collections.abc import Iterable

import polars as pl

from textmine.reports.model import Heading, Report
from textmine.schema import make_table


def tabulate_reports(reports: Iterable[Report]) -> dict[str, pl.DataFrame]:
    """Return the tables ``paragraphs``, ``headings`` and ``footnotes`` of some reports.

    Parameters
    ----------
    reports : iterable of Report

    Returns
    -------
    dict of str to polars.DataFrame
        Columns as in :data:`textmine.schema.TABLES`, sorted by edition, language and number. The column
        ``action_line`` is empty until the annotation fills it.
    """
    rows: dict[str, list[dict[str, object]]] = {"paragraphs": [], "headings": [], "footnotes": []}
    for report in sorted(reports, key=lambda item: (item.edition.year, item.edition.lang)):
        rows["paragraphs"] += _paragraph_rows(report)
        rows["headings"] += _heading_rows(report)
        rows["footnotes"] += _footnote_rows(report)
    return {name: make_table(name, table) for name, table in rows.items()}


def _key(report: Report) -> dict[str, object]:
    return {"edition": report.edition.year, "lang": report.edition.lang}


def _paragraph_rows(report: Report) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for paragraph in report.paragraphs:
        path = report.heading_path(paragraph)
        rows.append(
            {
                **_key(report),
                "number": paragraph.number,
                "section": path[-1].section if path else "",
                "heading_path": [str(heading) for heading in path],
                "action_line": [],
                "text": paragraph.text,
                "n_chars": len(paragraph.text),
                "first_line": paragraph.first_line,
                "last_line": paragraph.last_line,
                "symbol": report.edition.symbol,
                "corpus": report.edition.corpus,
                "source_sha256": report.source.sha256,
            }
        )
    return rows


def _heading_rows(report: Report) -> list[dict[str, object]]:
    first: dict[int, int] = {}
    for paragraph in report.paragraphs:
        for heading in report.heading_path(paragraph):
            first.setdefault(heading.number, paragraph.number)
    return [_heading_row(report, heading, first.get(heading.number)) for heading in report.headings]


def _heading_row(report: Report, heading: Heading, first_paragraph: int | None) -> dict[str, object]:
    return {
        **_key(report),
        "number": heading.number,
        "level": heading.level,
        "label": heading.label,
        "title": heading.title,
        "section": heading.section,
        "first_paragraph": first_paragraph,
        "line": heading.line,
    }


def _footnote_rows(report: Report) -> list[dict[str, object]]:
    return [
        {
            **_key(report),
            "number": footnote.number,
            "text": footnote.text,
            "urls": list(footnote.urls),
            "anchor_kind": footnote.anchor.kind,
            "anchor_number": footnote.anchor.number,
            "anchor_offset": footnote.anchor.offset,
        }
        for footnote in report.footnotes
    ]
