"""What a run found, in a few lines a person can read."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import polars as pl

from textmine.reports.model import Report

TOP = 5
MOST_WARNINGS = 20
Justify = Literal["left", "right"]

_COLUMNS: tuple[tuple[str, Justify], ...] = (
    ("edition", "left"),
    ("lang", "left"),
    ("source", "left"),
    ("paragraphs", "right"),
    ("footnotes (linked)", "right"),
    ("warnings", "right"),
)


class Summary(NamedTuple):
    """A small table (columns with their alignment, rows) and lines below it."""

    columns: tuple[tuple[str, Justify], ...]
    rows: list[list[str]]
    lines: list[str]


def summarize_run(reports: Sequence[Report], tables: Mapping[str, pl.DataFrame]) -> Summary:
    """Summarize a run: one row per report, then the most frequent trends and the warnings.

    Parameters
    ----------
    reports : sequence of Report
    tables : mapping of str to polars.DataFrame
        As :func:`textmine.publish.run.run_analysis` returns them.
    """
    lines = ["", f"corpus: {', '.join(sorted({report.edition.corpus for report in reports}))}"]
    shares = tables["shares"]
    trends = shares.filter((pl.col("scheme") == "trend") & (pl.col("evidence") == "any") & (pl.col("n_tagged") > 0))
    pooled = (
        trends.group_by("concept")
        .agg(pl.col("n_tagged").sum())
        .sort(["n_tagged", "concept"], descending=[True, False])
        .head(TOP)
    )
    if pooled.height:
        total = tables["paragraphs"].height
        found = ", ".join(f"{concept} {count}" for concept, count in pooled.iter_rows())
        lines.append(f"most frequent trends (of {total} paragraphs): {found}")
    warnings = [f"! {report.source.name}: {warning}" for report in reports for warning in report.warnings]
    lines += warnings[:MOST_WARNINGS]
    if len(warnings) > MOST_WARNINGS:
        lines.append(f"! and {len(warnings) - MOST_WARNINGS} more warnings, all in run.json")
    if any(report.edition.corpus == "sample" for report in reports):
        lines.append("the sample is written by the textmine authors; its shares say nothing about the United Nations")
    return Summary(_COLUMNS, [_row(report) for report in reports], lines)


def _row(report: Report) -> list[str]:
    linked = sum(note.anchor.kind != "none" for note in report.footnotes)
    return [
        str(report.edition.year),
        report.edition.lang,
        report.edition.symbol or report.source.name,
        str(len(report.paragraphs)),
        f"{len(report.footnotes)} ({linked})",
        str(len(report.warnings)),
    ]
