"""The tables that pass between the rooms: their columns and types, in one place.

Offsets everywhere are code points, half-open, into the paragraph's text: ``text[start:end]`` is the surface.
"""

from typing import Final

import polars as pl

from textmine import languages
from textmine.errors import ContractError, UnknownOptionError

LANGUAGES: Final = languages.LANGUAGES

#: Columns that say which paragraph a row speaks of; the table ``paragraphs`` calls the last one ``number``.
PARAGRAPH_KEY: Final = ("edition", "lang", "paragraph")

#: Columns that say which concept's shares, in the order of the editions, a row speaks of.
SERIES_KEY: Final = ("lang", "scheme", "concept", "evidence", "unit", "by", "group")

_KEY: Final = {"edition": pl.Int32, "lang": pl.String}
_SPAN: Final = {"start": pl.Int32, "end": pl.Int32, "surface": pl.String}
_SERIES: Final = dict.fromkeys(SERIES_KEY, pl.String)
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
    "judgements": {
        **_KEY,
        "paragraph": pl.Int32,
        "scheme": pl.String,
        "concept": pl.String,
        "start": pl.Int32,
        "end": pl.Int32,
        "agreed": pl.String,
        "note": pl.String,
    },
    "corrections": {
        **_KEY,
        "paragraph": pl.Int32,
        "scheme": pl.String,
        "concept": pl.String,
        **_SPAN,
        "change": pl.String,
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
    "cooccurrence": {
        "lang": pl.String,
        "span": pl.String,
        "unit": pl.String,
        "scheme": pl.String,
        "concept": pl.String,
        "other_scheme": pl.String,
        "other": pl.String,
        "n": pl.Int32,
        "n_concept": pl.Int32,
        "n_other": pl.Int32,
        "n_both": pl.Int32,
        "expected": pl.Float64,
        "lift": pl.Float64,
        "lift_low": pl.Float64,
        "lift_high": pl.Float64,
        "pmi": pl.Float64,
        "odds_ratio": pl.Float64,
        "odds_ratio_low": pl.Float64,
        "odds_ratio_high": pl.Float64,
        "phi": pl.Float64,
        "phi_low": pl.Float64,
        "phi_high": pl.Float64,
        "p": pl.Float64,
        "q": pl.Float64,
        "confidence": pl.Float64,
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
    "topics": {
        "lang": pl.String,
        "method": pl.String,
        "topic": pl.Int32,
        "share": pl.Float64,
        "n_paragraphs": pl.Int32,
        "stable": pl.Boolean,
        "n_runs": pl.Int32,
        "recovery": pl.Float64,
        "similarity": pl.Float64,
        "p": pl.Float64,
        "npmi": pl.Float64,
        "diversity": pl.Float64,
        "exclusivity": pl.Float64,
    },
    "topic_terms": {
        "lang": pl.String,
        "method": pl.String,
        "topic": pl.Int32,
        "rank": pl.Int32,
        "term": pl.String,
        "weight": pl.Float64,
        "frex": pl.Float64,
    },
    "topic_paragraphs": {
        **_KEY,
        "paragraph": pl.Int32,
        "topic": pl.Int32,
        "rank": pl.Int32,
        "weight": pl.Float64,
        "share": pl.Float64,
    },
    "topic_choice": {
        "lang": pl.String,
        "method": pl.String,
        "n_topics": pl.Int32,
        "error": pl.Float64,
        "excess": pl.Float64,
        "se": pl.Float64,
        "within": pl.Boolean,
        "recovery": pl.Float64,
        "chosen": pl.Boolean,
    },
    "topic_shares": {
        **_KEY,
        "method": pl.String,
        "topic": pl.Int32,
        "n_paragraphs": pl.Int32,
        "n_sections": pl.Int32,
        "share": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "confidence": pl.Float64,
        "interval": pl.String,
    },
    "topic_alignment": {
        "topic_zh": pl.Int32,
        "topic_en": pl.Int32,
        "stable_zh": pl.Boolean,
        "stable_en": pl.Boolean,
        "n_paragraphs": pl.Int32,
        "correlation": pl.Float64,
        "p": pl.Float64,
    },
    "taxonomy_findings": {
        "level": pl.String,
        "kind": pl.String,
        "scheme": pl.String,
        "concept": pl.String,
        "lang": pl.String,
        "phrase": pl.String,
        "other": pl.String,
    },
    "uncovered": {
        "lang": pl.String,
        "term": pl.String,
        "n": pl.Int32,
        "paragraphs": pl.Int32,
        "editions": pl.Int32,
        "first": pl.Int32,
        "last": pl.Int32,
        "c_value": pl.Float64,
    },
    "segmentations": {
        **_SERIES,
        "n_editions": pl.Int32,
        "missing": pl.List(pl.Int32),
        "cost": pl.String,
        "score": pl.Float64,
        "dispersion": pl.Float64,
        "n_breaks": pl.Int32,
        "p": pl.Float64,
        "q": pl.Float64,
        "exact": pl.Boolean,
    },
    "breaks": {
        **_SERIES,
        "edition": pl.Int32,
        "previous": pl.Int32,
        "likely": pl.List(pl.Int32),
        "share_before": pl.Float64,
        "share_after": pl.Float64,
        "change": pl.Float64,
        "p": pl.Float64,
        "q": pl.Float64,
        "confidence": pl.Float64,
    },
    "bursts": {
        **_SERIES,
        "first": pl.Int32,
        "last": pl.Int32,
        "n_editions": pl.Int32,
        "n_paragraphs": pl.Float64,
        "n_tagged": pl.Float64,
        "share": pl.Float64,
        "share_all": pl.Float64,
        "weight": pl.Float64,
        "design_effect": pl.Float64,
        "p": pl.Float64,
        "q": pl.Float64,
    },
    "trends": {
        **_SERIES,
        "n_editions": pl.Int32,
        "s": pl.Int32,
        "tau": pl.Float64,
        "expected": pl.Float64,
        "z": pl.Float64,
        "p": pl.Float64,
        "q": pl.Float64,
        "slope": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "confidence": pl.Float64,
        "autocorrelation": pl.Float64,
        "p_autocorrelation": pl.Float64,
        "q_autocorrelation": pl.Float64,
        "p_mann_kendall": pl.Float64,
    },
    "lifetimes": {
        **_SERIES,
        "n_editions": pl.Int32,
        "n_present": pl.Int32,
        "first": pl.Int32,
        "last": pl.Int32,
        "peak": pl.Int32,
        "peak_share": pl.Float64,
        "peak_low": pl.Float64,
        "peak_high": pl.Float64,
        "rivals": pl.List(pl.Int32),
        "rise": pl.Int32,
        "half_life": pl.Int32,
        "recovers": pl.Boolean,
        "lasts": pl.Boolean,
    },
    "detectable": {
        **_SERIES,
        "n_editions": pl.Int32,
        "n_paragraphs": pl.Int32,
        "share": pl.Float64,
        "design_effect": pl.Float64,
        "edition": pl.Int32,
        "increase": pl.Float64,
        "decrease": pl.Float64,
        "power": pl.Float64,
        "level": pl.Float64,
        "n_simulations": pl.Int32,
    },
    "agreement": {
        "scheme": pl.String,
        "concept": pl.String,
        "evidence": pl.String,
        "n_paragraphs": pl.Int32,
        "n_zh": pl.Int32,
        "n_en": pl.Int32,
        "n_both": pl.Int32,
        "kappa": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "confidence": pl.Float64,
        "correlation": pl.Float64,
        "n_editions": pl.Int32,
        "in_macro": pl.Boolean,
    },
    "disagreements": {
        "edition": pl.Int32,
        "paragraph": pl.Int32,
        "scheme": pl.String,
        "concept": pl.String,
        "lang": pl.String,
        "start": pl.Int32,
        "end": pl.Int32,
        "surface": pl.String,
        "cause": pl.String,
    },
    "terms": {**_KEY, "paragraph": pl.Int32, "term": pl.String, "count": pl.Int32},
    "concordance": {
        **_KEY,
        "paragraph": pl.Int32,
        "start": pl.Int32,
        "end": pl.Int32,
        "left": pl.String,
        "node": pl.String,
        "right": pl.String,
    },
}


def empty_table(name: str) -> pl.DataFrame:
    """Return the named table without rows."""
    return pl.DataFrame(schema=_columns(name))


def make_table(name: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    """Build the named table from rows; a missing or surplus key raises.

    Raises
    ------
    ContractError
        When a row's keys aren't exactly the table's columns, or a value isn't of its column's type.
    """
    columns = _columns(name)
    for row in rows:
        if row.keys() != columns.keys():
            raise ContractError(f"table {name!r}: row has columns {sorted(row)}, contract says {sorted(columns)}")
    return pl.DataFrame([_make_column(name, column, dtype, rows) for column, dtype in columns.items()])


def _make_column(
    table: str, column: str, dtype: pl.DataType | type[pl.DataType], rows: list[dict[str, object]]
) -> pl.Series:
    try:
        return pl.Series(column, [row[column] for row in rows], dtype=dtype, strict=True)
    except (TypeError, ValueError, OverflowError, pl.exceptions.PolarsError) as error:
        raise ContractError(f"table {table!r}: column {column!r} is {dtype}, and a value isn't ({error})") from error


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
