"""The tables that pass between the rooms: their columns and types, in one place.

Offsets everywhere are code points, half-open, into the paragraph's text: ``text[start:end]`` is the surface.
"""

from typing import Final

import polars as pl

from textmine.errors import ContractError, UnknownOptionError

LANGUAGES: Final = ("zh", "en")

#: Columns that say which paragraph a row speaks of; the table ``paragraphs`` calls the last one ``number``.
PARAGRAPH_KEY: Final = ("edition", "lang", "paragraph")

_KEY: Final = {"edition": pl.Int32, "lang": pl.String}
_SPAN: Final = {"start": pl.Int32, "end": pl.Int32, "surface": pl.String}
# Rates are per 1,000; logarithms of effects are natural for log-odds, to base 2 for the log ratio.
_KEYNESS: Final = {
    "term": pl.String,
    "n_target": pl.Int32,
    "n_reference": pl.Int32,
    "rate_target": pl.Float64,
    "rate_reference": pl.Float64,
    "paragraphs_target": pl.Int32,
    "paragraphs_reference": pl.Int32,
    "log_odds": pl.Float64,
    "z": pl.Float64,
    "log_ratio": pl.Float64,
    "percent_diff": pl.Float64,
    "g2": pl.Float64,
    "chi2": pl.Float64,
    "log10_p_g2": pl.Float64,
    "q_g2": pl.Float64,
    "dispersion": pl.Float64,
    "p": pl.Float64,
    "q": pl.Float64,
}

#: Column names and types of every table. ``edition`` is the year of the edition, ``section`` the language-free
#: code of the innermost heading (``2.B.6.a.7.1``: part, letter, number, letter, numeral, unnumbered sub-heading).
TABLES: Final[dict[str, dict[str, pl.DataType | type[pl.DataType]]]] = {
    "paragraphs": {
        **_KEY,
        "number": pl.Int32,
        "section": pl.String,
        "heading_path": pl.List(pl.String),
        "action_line": pl.List(pl.String),
        "text": pl.String,
        "n_chars": pl.Int32,
        "first_line": pl.Int32,
        "last_line": pl.Int32,
        "symbol": pl.String,
        "corpus": pl.String,
        "source_sha256": pl.String,
    },
    "headings": {
        **_KEY,
        "number": pl.Int32,
        "level": pl.Int32,
        "label": pl.String,
        "title": pl.String,
        "section": pl.String,
        "first_paragraph": pl.Int32,
        "line": pl.Int32,
    },
    "footnotes": {
        **_KEY,
        "number": pl.Int32,
        "text": pl.String,
        "urls": pl.List(pl.String),
        "anchor_kind": pl.String,
        "anchor_number": pl.Int32,
        "anchor_offset": pl.Int32,
    },
    "tokens": {
        **_KEY,
        "paragraph": pl.Int32,
        "sentence": pl.Int32,
        "start": pl.Int32,
        "end": pl.Int32,
        "text": pl.String,
        "norm": pl.String,
        "is_stop": pl.Boolean,
    },
    "tags": {
        **_KEY,
        "paragraph": pl.Int32,
        "scheme": pl.String,
        "concept": pl.String,
        **_SPAN,
        "evidence": pl.String,
        "score": pl.Float64,
    },
    "quantities": {
        **_KEY,
        "paragraph": pl.Int32,
        **_SPAN,
        "value": pl.Float64,
        "unit": pl.String,
        "kind": pl.String,
        "qualifier": pl.String,
        "low": pl.Float64,
        "high": pl.Float64,
        "counted": pl.String,
        "concept": pl.String,
        "year": pl.Int32,
    },
    "shares": {
        **_KEY,
        "scheme": pl.String,
        "concept": pl.String,
        "evidence": pl.String,
        "n_paragraphs": pl.Int32,
        "n_tagged": pl.Int32,
        "n_sections": pl.Int32,
        "share": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "confidence": pl.Float64,
        "method": pl.String,
    },
    "prevalence": {
        **_KEY,
        "scheme": pl.String,
        "concept": pl.String,
        "evidence": pl.String,
        "unit": pl.String,
        "by": pl.String,
        "group": pl.String,
        "n_paragraphs": pl.Int32,
        "n_tagged": pl.Float64,
        "n_sections": pl.Int32,
        "tagged": pl.Float64,
        "share": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "confidence": pl.Float64,
        "design_effect": pl.Float64,
        "method": pl.String,
    },
    "tagging_error": {
        "lang": pl.String,
        "scheme": pl.String,
        "concept": pl.String,
        "n_present": pl.Int32,
        "n_present_tagged": pl.Int32,
        "n_absent": pl.Int32,
        "n_absent_tagged": pl.Int32,
        "sensitivity": pl.Float64,
        "sensitivity_a": pl.Float64,
        "sensitivity_b": pl.Float64,
        "specificity": pl.Float64,
        "specificity_a": pl.Float64,
        "specificity_b": pl.Float64,
    },
    "labels": {
        **_KEY,
        "paragraph": pl.Int32,
        "scheme": pl.String,
        "concept": pl.String,
        "reader": pl.String,
    },
    "keyness": {**_KEYNESS},
    "comparison": {"lang": pl.String, "by": pl.String, "target": pl.String, "reference": pl.String, **_KEYNESS},
    "emerging": {
        **_KEY,
        "change": pl.String,
        "term": pl.String,
        "n_target": pl.Int32,
        "n_reference": pl.Int32,
        "paragraphs_target": pl.Int32,
        "paragraphs_reference": pl.Int32,
        "log_ratio": pl.Float64,
        "first": pl.Int32,
        "last": pl.Int32,
        "p": pl.Float64,
        "q": pl.Float64,
    },
    "novelty": {
        **_KEY,
        "window": pl.Int32,
        "novelty": pl.Float64,
        "transience": pl.Float64,
        "resonance": pl.Float64,
    },
    "divergence": {
        **_KEY,
        "previous": pl.Int32,
        "n_sections": pl.Int32,
        "n_sections_previous": pl.Int32,
        "distance": pl.Float64,
        "corrected": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "confidence": pl.Float64,
        "null_mean": pl.Float64,
        "null_high": pl.Float64,
        "p": pl.Float64,
        "split_half": pl.Float64,
    },
    "reuse": {
        **_KEY,
        "paragraph": pl.Int32,
        "unit": pl.String,
        "start": pl.Int32,
        "end": pl.Int32,
        "source": pl.Int32,
        "source_paragraph": pl.Int32,
        "source_start": pl.Int32,
        "source_end": pl.Int32,
        "similarity": pl.Float64,
        "kind": pl.String,
        "share": pl.Float64,
    },
    "reuse_shares": {
        **_KEY,
        "by": pl.String,
        "group": pl.String,
        "n_paragraphs": pl.Int32,
        "n_recycled": pl.Int32,
        "n_words": pl.Int32,
        "n_words_reused": pl.Int32,
        "n_sections": pl.Int32,
        "share": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "confidence": pl.Float64,
        "method": pl.String,
    },
    "terms": {**_KEY, "paragraph": pl.Int32, "term": pl.String, "count": pl.Int32},
}


def empty_table(name: str) -> pl.DataFrame:
    """Return the named table without rows."""
    return pl.DataFrame(schema=_columns(name))


def make_table(name: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    """Build the named table from rows; a missing or surplus key raises.

    Raises
    ------
    ContractError
        When a row's keys aren't exactly the table's columns.
    """
    columns = _columns(name)
    for row in rows:
        if row.keys() != columns.keys():
            raise ContractError(f"table {name!r}: row has columns {sorted(row)}, contract says {sorted(columns)}")
    return pl.DataFrame(rows, schema=columns, orient="row")


def check_table(frame: pl.DataFrame, name: str, *, without: tuple[str, ...] = ()) -> pl.DataFrame:
    """Check that a frame keeps the contract of the named table, and return it unchanged.

    Parameters
    ----------
    frame : polars.DataFrame
        Any number of rows; surplus columns are allowed.
    name : str
        A key of :data:`TABLES`.
    without : tuple of str
        Columns that may be missing (derived features carry no ``text``).

    Raises
    ------
    ContractError
        When a column is missing or has another type.

    Examples
    --------
    >>> check_table(empty_table("tags"), "tags").height
    0
    """
    found = dict(frame.schema)
    for column, dtype in _columns(name).items():
        if column in without and column not in found:
            continue
        if column not in found:
            raise ContractError(f"table {name!r} lacks column {column!r}; it has {sorted(found)}")
        if found[column] != dtype:
            raise ContractError(f"table {name!r}: column {column!r} is {found[column]}, contract says {dtype}")
    return frame


def _columns(name: str) -> dict[str, pl.DataType | type[pl.DataType]]:
    if name not in TABLES:
        raise UnknownOptionError("table", name, list(TABLES))
    return TABLES[name]
