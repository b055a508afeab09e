"""Counts: sparse term-paragraph matrices, built once from tokens or tags and shared by all measures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.subset import drop_paragraphs
from textmine.schema import LANGUAGES, PARAGRAPH_KEY, TABLES, check_table

#: What stands between the words of an n-gram, in both languages.
JOINER = " "


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
        mask = condition if isinstance(condition, np.ndarray) else self.rows.select(condition).to_series().to_numpy()
        mask = np.asarray(mask, dtype=bool)
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
            others = set(drop_paragraphs(numbered, group)["row"].to_list())
            return np.array([row not in others for row in range(self.rows.height)], dtype=bool)
        return self.rows.select(group.fill_null(value=False)).to_series().to_numpy().astype(bool)

    def without(self, drop: pl.DataFrame | None) -> "Counts":
        """Return the counts without some paragraphs, see :func:`textmine.measure.subset.drop_paragraphs`."""
        return self if drop is None else self.keep(~self.find(drop))

    def by(self, *columns: str) -> "Counts":
        """Return the counts summed over rows with equal values in some columns, sorted by them."""
        for column in columns:
            if column not in self.rows.columns:
                raise UnknownOptionError("column", column, self.rows.columns)
        groups = self.rows.select(columns).unique().sort(columns)
        place = self.rows.select(columns).join(
            groups.with_row_index("group"), on=columns, how="left", maintain_order="left", nulls_equal=True
        )["group"]
        n = self.rows.height
        merge = sparse.csr_array((np.ones(n, dtype=np.int64), (place.to_numpy(), np.arange(n))), (groups.height, n))
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
    order = [*PARAGRAPH_KEY, "sentence"] + (["start"] if "start" in tokens.columns else [])
    mine = tokens.filter(pl.col("lang") == lang).sort(order, maintain_order=True)
    word = is_word(pl.col("norm"))
    mine = mine.select(
        *PARAGRAPH_KEY, "sentence", "norm", word=word, edge=word & (pl.lit(stop_words) | ~pl.col("is_stop"))
    ).with_columns(norm=pl.col("norm").str.replace_all(r"\s+", JOINER))
    sentence = [*PARAGRAPH_KEY, "sentence"]
    parts = []
    for n in range(shortest, longest + 1):
        shifted = {i: pl.col("norm").shift(-i).over(sentence) for i in range(n)}
        ok = pl.col("edge") & pl.col("edge").shift(-(n - 1)).over(sentence).fill_null(value=False)
        for i in range(1, n - 1):
            ok &= pl.col("word").shift(-i).over(sentence).fill_null(value=False)
        grams = mine.select(*PARAGRAPH_KEY, term=pl.concat_str(*shifted.values(), separator=JOINER), ok=ok)
        parts.append(grams.filter("ok").drop("ok"))
    counted = pl.concat(parts).group_by(*PARAGRAPH_KEY, "term").len("count")
    return from_long(counted, paragraphs.filter(pl.col("lang") == lang))


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
    valid = ("any", "text", "heading", "classifier")
    if evidence not in valid:
        raise UnknownOptionError("evidence", evidence, valid)
    chosen = tags.filter(pl.col("scheme") == scheme)
    if evidence != "any":
        chosen = chosen.filter(pl.col("evidence") == evidence)
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
    kept = [name for name in ("section", "action_line", "corpus") if name in paragraphs.columns]
    rows = paragraphs.sort("edition", "lang", "number").select(
        "edition", "lang", pl.col("number").alias("paragraph"), *kept
    )
    terms = counted["term"].unique().sort()
    placed = counted.join(rows.select(PARAGRAPH_KEY).with_row_index("row"), on=PARAGRAPH_KEY, how="left")
    if placed["row"].null_count():
        row = placed.filter(pl.col("row").is_null()).sort(PARAGRAPH_KEY).row(0, named=True)
        raise ContractError(
            f"a term refers to paragraph {row['paragraph']} of {row['edition']} {row['lang']}, which isn't there"
        )
    placed = placed.join(terms.to_frame().with_row_index("column"), on="term", how="left").sort("row", "column")
    data = placed["count"].cast(pl.Int64).to_numpy()
    places = (placed["row"].to_numpy(), placed["column"].to_numpy())
    return Counts(_canonical(sparse.csr_array((data, places), (rows.height, len(terms)))), rows, tuple(terms.to_list()))


def is_word(norm: pl.Expr) -> pl.Expr:
    """Tell which norms are words: they hold a letter (Han included)."""
    return norm.str.contains(r"\p{L}")


def _canonical(matrix: Any) -> sparse.csr_array:
    """Sorted indices, no duplicates, no stored zeros: the same bytes whatever the way it was built."""
    result = sparse.csr_array(matrix, dtype=np.int64)
    result.sum_duplicates()
    result.eliminate_zeros()
    result.sort_indices()
    return result
