"""A Frictionless data package: the tables as plain CSV, and ``datapackage.json`` that says what each column means.

The descriptor keeps to the tabular data package, version 1 (Walsh and Pollock 2017). Unlike the format ``csv``, cells
are as they are: no byte-order mark, nothing put before what a spreadsheet takes for a formula; lists are JSON arrays.
"""

import hashlib
import json
from importlib.metadata import version
from pathlib import Path

import polars as pl

from textmine.atomic import write_bytes
from textmine.publish.export.column_meanings import describe_columns, describe_table
from textmine.publish.export.exported import Exported
from textmine.publish.study import Study
from textmine.publish.words import name_corpora
from textmine.schema import PARAGRAPH_KEY, TABLES

DESCRIPTOR = "datapackage.json"
#: What stands for null in a CSV, with as many ``_`` behind it as no cell of the table is the same.
NULL = "NA"
_NUMBERED = ("paragraphs", "headings")
_TYPES = {pl.Int32: "integer", pl.Float64: "number", pl.String: "string", pl.Boolean: "boolean"}


def export_data_package(study: Study, out: Path) -> Exported:
    """Write ``data/TABLE.csv`` for each table, then ``datapackage.json``."""
    written, resources = [], []
    for name, frame in sorted(study.tables.items()):
        null = choose_null(frame)
        data = _to_csv(frame, null)
        written.append(write_bytes(out / "data" / f"{name}.csv", data))
        resources.append(
            {
                "name": name,
                "title": describe_table(name),
                "profile": "tabular-data-resource",
                "path": f"data/{name}.csv",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(data),
                "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
                "schema": describe_schema(name, frame, null=null, keyed="paragraphs" in study.tables),
            }
        )
    files = sorted(set(study.paragraphs["source_sha256"]))
    descriptor = {
        "profile": "tabular-data-package",
        "name": "textmine-tables",
        "title": f"Tables of {', '.join(name_corpora(study.corpora, 'en'))}",
        "description": f"Made by textmine {version('textmine')} with the taxonomy of SHA-256 {study.taxonomy.sha256} "
        "from files of these SHA-256. Offsets are code points, half-open.",
        "keywords": ["text mining", "WSIS", "United Nations"],
        "sources": [{"title": f"sha256:{digest}"} for digest in files],
        "resources": resources,
    }
    text = (json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "backslashreplace")
    written.append(write_bytes(out / DESCRIPTOR, text))
    return Exported(tuple(written))


def choose_null(frame: pl.DataFrame) -> str:
    """Return what stands for null in a table: nothing that a cell says.

    Examples
    --------
    >>> choose_null(pl.DataFrame({"text": ["NA", None]}))
    'NA_'
    """
    null = NULL
    while any((frame[name] == null).any() for name, dtype in frame.schema.items() if dtype == pl.String):
        null += "_"
    return null


def describe_schema(name: str, frame: pl.DataFrame, *, null: str = NULL, keyed: bool = False) -> dict[str, object]:
    """Return the Table Schema of a table.

    Parameters
    ----------
    name : str
        A key of :data:`textmine.schema.TABLES`.
    frame : polars.DataFrame
        Of its columns, those that are present are described.
    null : str
        What stands for null.
    keyed : bool
        Whether the package has the table ``paragraphs``, at which the keys can point.
    """
    meanings = describe_columns(name)
    fields = [
        {"name": column, "type": _type_of(TABLES[name][column]), "description": meanings[column]}
        for column in frame.columns
    ]
    schema: dict[str, object] = {"fields": fields, "missingValues": [null]}
    if name in _NUMBERED:
        schema["primaryKey"] = ["edition", "lang", "number"]
    elif keyed and set(PARAGRAPH_KEY) <= set(frame.columns):
        target = {"resource": "paragraphs", "fields": ["edition", "lang", "number"]}
        schema["foreignKeys"] = [{"fields": list(PARAGRAPH_KEY), "reference": target}]
    return schema


def _type_of(dtype: object) -> str:
    return "array" if isinstance(dtype, pl.List) else _TYPES[dtype]  # type: ignore[index]


def _to_csv(frame: pl.DataFrame, null: str) -> bytes:
    lists = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.List)]
    flat = frame.with_columns(
        pl.Series(name, [None if cell is None else json.dumps(list(cell), ensure_ascii=False) for cell in frame[name]])
        for name in lists
    )
    return flat.write_csv(quote_style="non_numeric", null_value=null).encode("utf-8", "surrogatepass")
