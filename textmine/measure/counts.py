"""Counts: sparse term-paragraph matrices, built once from tokens or tags and shared by all measures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.clusters import number_groups
from textmine.measure.grams import list_grams
from textmine.measure.rollup import lift_tags
from textmine.measure.subset import drop_paragraphs
from textmine.schema import LANGUAGES, PARAGRAPH_KEY, TABLES, check_table


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each term stands in each row.

    Attributes
    ----------
    matrix : scipy.sparse.csr_array of int64, shape (n_rows, n_terms)
    rows : polars.DataFrame, shape (n_rows, ...)
        What the rows are: ``edition``, ``lang``, ``paragraph`` and whatever else the paragraphs table gave
        (``section``, ``corpus``), or the columns that :meth:`by` grouped by. In the order of the matrix.
    terms : tuple of str, length n_terms
        Sorted by code point, without repetition.
    """

    matrix: sparse.csr_array
    rows: pl.DataFrame
    terms: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.matrix.shape != (self.rows.height, len(self.terms)):
            raise ContractError(
                f"counts: matrix {self.matrix.shape}, {self.rows.height} rows and {len(self.terms)} terms don't fit"
            )

    @property
    def totals(self) -> NDArray[np.int64]:
        """Occurrences of all terms in each row, shape (n_rows,)."""
        return np.asarray(self.matrix.sum(axis=1), dtype=np.int64).ravel()

    @property
    def frequencies(self) -> NDArray[np.int64]:
        """Occurrences of each term in all rows, shape (n_terms,)."""
        return np.asarray(self.matrix.sum(axis=0), dtype=np.int64).ravel()

    @property
    def spread(self) -> NDArray[np.int64]:
        """Rows in which each term stands at least once, shape (n_terms,)."""
        return np.bincount(self.matrix.indices, minlength=len(self.terms)).astype(np.int64)

    def keep(self, condition: pl.Expr | NDArray[np.bool_]) -> "Counts":
        """Return the rows that meet a condition on :attr:`rows`; all terms stay."""
        mask = self.find(condition)
        return Counts(self.matrix[mask], self.rows.filter(pl.Series(mask)), self.terms)

    def find(self, group: pl.Expr | NDArray[np.bool_] | pl.DataFrame) -> NDArray[np.bool_]:
        """Tell which rows belong to a group, shape (n_rows,).

        Parameters
        ----------
        group : polars.Expr, numpy.ndarray of bool, or polars.DataFrame
            A condition on :attr:`rows`; a mask; or the paragraphs themselves (columns ``edition``, ``lang``,
            ``paragraph``, such as the tags of a concept).
        """
        if isinstance(group, np.ndarray):
            return np.asarray(group, dtype=bool)
        if isinstance(group, pl.DataFrame):
            numbered = self.rows.with_row_index("row")
            return ~np.isin(np.arange(self.rows.height), drop_paragraphs(numbered, group)["row"].to_numpy())
        return self.rows.select(group.fill_null(value=False)).to_series().to_numpy().astype(bool)

    def without(self, drop: pl.DataFrame | None) -> "Counts":
        """Return the counts without some paragraphs, see :func:`textmine.measure.subset.drop_paragraphs`."""
        return self if drop is None else self.keep(~self.find(drop))

    def by(self, *columns: str) -> "Counts":
        """Return the counts summed over rows with equal values in some columns, sorted by them."""
        for column in columns:
            if column not in self.rows.columns:
                raise UnknownOptionError("column", column, self.rows.columns)
        groups, place = number_groups(self.rows, columns)
        n = self.rows.height
        merge = sparse.csr_array((np.ones(n, dtype=np.int64), (place, np.arange(n))), (groups.height, n))
        return Counts(_canonical(merge @ self.matrix), groups, self.terms)

    def prune(self, *, min_rows: int = 1, max_share: float = 1.0, terms: Sequence[str] | None = None) -> "Counts":
        """Return the counts of the terms in at least ``min_rows`` rows and at most ``max_share`` of them.

        Parameters
        ----------
        min_rows : int
        max_share : float
            Fraction of the rows.
        terms : sequence of str, optional
            Keep only these; the others are gone also where they are frequent.
        """
        spread = self.spread
        keep = (spread >= min_rows) & (spread <= max_share * self.rows.height)
        if terms is not None:
            wanted = frozenset(terms)
            keep &= np.fromiter((term in wanted for term in self.terms), dtype=bool, count=len(self.terms))
        columns = np.flatnonzero(keep)
        return Counts(_canonical(self.matrix[:, columns]), self.rows, tuple(self.terms[i] for i in columns))

    def frame(self) -> pl.DataFrame:
        """Return the non-zero counts as the table ``terms``, sorted by its columns."""
        for column in PARAGRAPH_KEY:
            if column not in self.rows.columns:
                raise ContractError(f"counts by {self.rows.columns} have no {column!r}; the table `terms` needs it")
        coo = self.matrix.tocoo()
        rows = self.rows.select(PARAGRAPH_KEY)[coo.row.astype(np.int64)]
        terms = pl.Series("term", np.asarray(self.terms, dtype=object)[coo.col].tolist(), dtype=pl.String)
        frame = rows.with_columns(terms, pl.Series("count", coo.data)).cast(pl.Schema(TABLES["terms"]))
        return check_table(frame.sort(*PARAGRAPH_KEY, "term"), "terms")


def count_terms(
    tokens: pl.DataFrame,
    paragraphs: pl.DataFrame,
    *,
    lang: str,
    ngrams: tuple[int, int] = (1, 1),
    stop_words: bool = False,
) -> Counts:
    """Count the terms of one language in each paragraph.

    A term is a token's norm, or an n-gram of adjacent norms of one sentence joined by a space. Punctuation and
    numbers are no terms. An n-gram neither begins nor ends with a stop word, and may hold one inside
    (``confidence and security``).

    Parameters
    ----------
    tokens : polars.DataFrame
        Table ``tokens``.
    paragraphs : polars.DataFrame
        Table ``paragraphs`` (``text`` isn't needed): its rows of the language are the rows of the counts, also those
        without a term.
    lang : {'zh', 'en'}
    ngrams : tuple of int
        Shortest and longest n-gram.
    stop_words : bool
        Count stop words too.

    Returns
    -------
    Counts

    Raises
    ------
    ContractError
        When a table lacks a column or a token refers to a paragraph that isn't there.
    UnknownOptionError
        For an unknown language or an empty range of n-grams.
    """
    check_table(tokens, "tokens", without=("text", "start", "end"))
    if lang not in LANGUAGES:
        raise UnknownOptionError("language", lang, LANGUAGES)
    shortest, longest = ngrams
    if not 1 <= shortest <= longest:
        raise UnknownOptionError("ngrams", ngrams, "two whole numbers from 1, the second not below the first")
    rows, mine = _place(tokens.filter(pl.col("lang") == lang), paragraphs.filter(pl.col("lang") == lang))
    if longest > 1:
        order = ["row", "sentence"] + (["start"] if "start" in mine.columns else [])
        mine = mine.sort(order, maintain_order=True)
    starts, columns, terms = list_grams(mine, ngrams, stop_words=stop_words)
    return _fill(np.ones(len(starts), dtype=np.int64), (mine["row"].to_numpy()[starts], columns), rows, terms)


def count_concepts(
    tags: pl.DataFrame, paragraphs: pl.DataFrame, *, scheme: str, evidence: str = "any", binary: bool = True
) -> Counts:
    """Count the concepts of a scheme in each paragraph of both languages.

    Parameters
    ----------
    tags, paragraphs : polars.DataFrame
        Tables ``tags`` and ``paragraphs``.
    scheme : str
    evidence : {'any', 'text', 'heading', 'classifier'}
        Which tags count.
    binary : bool
        1 for a paragraph that has the concept at all, instead of the number of its spans.

    Returns
    -------
    Counts
        ``terms`` are concept ids.
    """
    check_table(tags, "tags", without=("surface",))
    chosen = lift_tags(tags, scheme=scheme, evidence=evidence, parents={})
    counted = chosen.group_by(*PARAGRAPH_KEY, term=pl.col("concept")).len("count")
    if binary:
        counted = counted.with_columns(count=pl.lit(1))
    return from_long(counted, paragraphs)


def from_long(counted: pl.DataFrame, paragraphs: pl.DataFrame) -> Counts:
    """Return counts from a long table ``edition, lang, paragraph, term, count`` and the paragraphs it counts in.

    Raises
    ------
    ContractError
        When a row refers to a paragraph that isn't there.
    """
    terms = counted["term"].unique().sort()
    rows, placed = _place(counted, paragraphs)
    columns = placed["term"].cast(pl.Enum(terms)).to_physical().to_numpy()
    return _fill(placed["count"].cast(pl.Int64).to_numpy(), (placed["row"].to_numpy(), columns), rows, terms)


def _place(frame: pl.DataFrame, paragraphs: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows of counts in these paragraphs, and a table with the row of each paragraph."""
    key = list(PARAGRAPH_KEY)
    kept = [name for name in ("section", "action_line", "corpus") if name in paragraphs.columns]
    rows = paragraphs.sort("edition", "lang", "number").select("edition", "lang", pl.col("number").alias(key[2]), *kept)
    placed = frame.join(rows.select(key).with_row_index("row"), on=key, how="left", maintain_order="left")
    if placed["row"].null_count():
        lost = placed.filter(pl.col("row").is_null()).sort(key).row(0, named=True)
        raise ContractError(
            f"a term refers to paragraph {lost['paragraph']} of {lost['edition']} {lost['lang']}, which isn't there"
        )
    return rows, placed


def _fill(
    values: NDArray[np.int64], places: tuple[NDArray[Any], NDArray[Any]], rows: pl.DataFrame, terms: pl.Series
) -> Counts:
    where = tuple(place.astype(np.int64) for place in places)
    matrix = _canonical(sparse.csr_array((values, where), (rows.height, len(terms))))
    return Counts(matrix, rows, tuple(terms.to_list()))


def _canonical(matrix: Any) -> sparse.csr_array:
    """Sorted indices, no duplicates, no stored zeros: the same bytes whatever the way it was built."""
    result = sparse.csr_array(matrix, dtype=np.int64)
    result.sum_duplicates()
    result.eliminate_zeros()
    result.sort_indices()
    return result
