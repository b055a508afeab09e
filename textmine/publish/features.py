"""Derived data of a report that may be published where its text may not: counts, tags, codes, figures, links.

No table holds running text: terms are counted per paragraph and sorted, so their order is lost (as in HathiTrust's
Extracted Features; Capitanu et al. 2016).
"""

from pathlib import Path

import polars as pl

from textmine.annotate.annotate import annotate_reports
from textmine.atomic import check_folder
from textmine.errors import SourceError
from textmine.publish.tables import drop_guard, write_csv
from textmine.reports.model import Report
from textmine.resources import resource_path
from textmine.schema import TABLES, check_table

#: Columns left out of each table because they hold text of the report.
_TEXT_COLUMNS = {
    "paragraphs": ["text", "heading_path"],
    "headings": ["title"],
    "footnotes": ["text"],
    "tags": ["surface"],
    "quantities": ["surface", "counted"],
}


def derive_features(report: Report) -> dict[str, pl.DataFrame]:
    """Return the features of a report.

    Parameters
    ----------
    report : Report

    Returns
    -------
    dict of str to polars.DataFrame
        ``paragraphs``, ``headings``, ``footnotes``, ``tags``, ``quantities`` without their text columns (of a
        footnote's ``urls`` the hosts stay: an address can be as long as a sentence), and
        ``terms``: how often each norm occurs in each paragraph, sorted by paragraph and term.
    """
    tables = annotate_reports([report])
    features = {name: tables[name].drop(columns) for name, columns in _TEXT_COLUMNS.items()}
    hosts = pl.col("urls").list.eval(pl.element().str.extract(r"^(?:\w+://)?([^/]+)", 1))
    features["footnotes"] = features["footnotes"].with_columns(hosts)
    words = tables["tokens"].filter(pl.col("norm").str.contains(r"[\p{L}\p{N}]"))
    key = ["edition", "lang", "paragraph", pl.col("norm").alias("term")]
    terms = words.group_by(key).agg(pl.len().cast(pl.Int32).alias("count"))
    features["terms"] = check_table(terms.sort("edition", "lang", "paragraph", "term"), "terms")
    return features


def write_features(report: Report, folder: str | Path) -> Path:
    """Write a report's features as CSV to ``FOLDER/YEAR.LANG/`` and return that folder.

    Raises
    ------
    OutputError
        When the folder can't be written to.
    """
    target = check_folder(Path(folder) / f"{report.edition.year}.{report.edition.lang}")
    for name, frame in derive_features(report).items():
        write_csv(frame, target / f"{name}.csv")
    return target


def load_features(name: str = "2011.zh") -> dict[str, pl.DataFrame]:
    """Load features that ship with textmine, or from a folder that :func:`write_features` made.

    Parameters
    ----------
    name : str
        ``YEAR.LANG`` of shipped features, or the path of a folder.

    Returns
    -------
    dict of str to polars.DataFrame
        As :func:`derive_features` returns them.

    Raises
    ------
    SourceError
        When a table is missing or has other columns.

    Examples
    --------
    >>> load_features("2011.zh")["paragraphs"].height
    167
    """
    folder = Path(name) if Path(name).is_dir() else resource_path("features", name)
    return {table: _load_table(folder / f"{table}.csv", table) for table in (*_TEXT_COLUMNS, "terms")}


def _load_table(path: Path, name: str) -> pl.DataFrame:
    columns = {column: dtype for column, dtype in TABLES[name].items() if column not in _TEXT_COLUMNS.get(name, ())}
    flat = {column: pl.String if isinstance(dtype, pl.List) else dtype for column, dtype in columns.items()}
    try:
        frame = pl.read_csv(path, schema_overrides=flat)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise SourceError(f"{path}: not a table of features ({error})") from error
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise SourceError(f"{path}: not the table {name!r} of features; it lacks {', '.join(missing)}")
    frame = frame.with_columns(drop_guard(column) for column, dtype in flat.items() if dtype == pl.String)
    lists = [column for column, dtype in columns.items() if isinstance(dtype, pl.List)]
    frame = frame.with_columns(
        pl.when(pl.col(column).is_null() | (pl.col(column) == ""))
        .then(pl.lit([], dtype=pl.List(pl.String)))
        .otherwise(pl.col(column).str.split(" | "))
        .alias(column)
        for column in lists
    )
    texts = [column for column, dtype in columns.items() if dtype == pl.String]
    frame = frame.with_columns(pl.col(column).fill_null("") for column in texts)
    return check_table(frame, name, without=tuple(_TEXT_COLUMNS.get(name, ())))
