"""The tables of a study as CSV, Parquet and JSON Lines: one file for each table."""

from pathlib import Path

from textmine.atomic import write_file
from textmine.publish.export.exported import Exported
from textmine.publish.study import Study
from textmine.publish.tables import write_csv, write_tables


def export_csv(study: Study, out: Path) -> Exported:
    """Write ``TABLE.csv`` as a spreadsheet opens it: see :func:`textmine.publish.tables.write_csv`."""
    files = [write_csv(frame, out / f"{name}.csv") for name, frame in sorted(study.tables.items())]
    return Exported(tuple(files), ("lists are joined by ' | ', and a ' stands before text that looks like a formula",))


def export_parquet(study: Study, out: Path) -> Exported:
    """Write ``TABLE.parquet``, with the types of the tables."""
    return Exported(tuple(write_tables(study.tables, out)))


def export_jsonl(study: Study, out: Path) -> Exported:
    """Write ``TABLE.jsonl``: a JSON object in each line, UTF-8."""
    files = [write_file(out / f"{name}.jsonl", frame.write_ndjson) for name, frame in sorted(study.tables.items())]
    return Exported(tuple(files))
