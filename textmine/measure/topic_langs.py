"""Topics of two languages: apart and aligned through paragraph numbers, or of both at once."""

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linear_sum_assignment

from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.counts import Counts
from textmine.measure.factors import Floats
from textmine.measure.prevalence import POOLED
from textmine.measure.topic_tables import Topics
from textmine.schema import LANGUAGES, make_table

#: What stands between language and term where both languages are counted together.
SEPARATOR = ":"


def pair_languages(zh: Counts, en: Counts) -> Counts:
    """Return counts of both languages side by side, for a joint model: one row for each pair of paragraphs.

    Paragraphs are paired by edition and number; those that only one language has are left out. The row's section and
    whatever else is known of it is that of the Chinese paragraph.

    Parameters
    ----------
    zh, en : Counts
        Of the same editions.

    Returns
    -------
    Counts
        ``lang`` is ``zh+en``; terms are ``zh:云计算`` and ``en:cloud computing``.

    Raises
    ------
    ContractError
        When no edition has paragraphs of the same number in both.
    """
    places = _pair_rows(zh.rows, en.rows)
    sides = [counts.matrix[place] for counts, place in zip((zh, en), places, strict=True)]
    named = [
        f"{lang}{SEPARATOR}{term}" for lang, counts in zip(LANGUAGES, (zh, en), strict=True) for term in counts.terms
    ]
    order = np.argsort(np.array(named, dtype=object), kind="stable")
    stacked = sparse.csr_array(sparse.hstack(sides, format="csr")[:, order])
    stacked.sort_indices()
    rows = zh.rows[places[0].tolist()].with_columns(lang=pl.lit(POOLED))
    return Counts(stacked, rows, tuple(named[i] for i in order))


def align_topics(zh: Topics, en: Topics, *, n_permutations: int = 999, seed: int = 0) -> pl.DataFrame:
    r"""Pair the topics of two languages by the paragraphs that they are in.

    The two languages of a paragraph say the same, so topics that are the same have their shares in the same
    paragraphs: pairs are those whose correlations of shares sum to the most (Hungarian method).

    ``p`` tells how often chance gives any two topics a correlation as large: in each edition the paragraphs of one
    language are turned round by a random number of places, so that neighbours stay neighbours (topics come in runs of
    paragraphs, and shuffling these would make every p too small); the largest correlation of each turn is the
    measure, so that p holds for all pairs at once (Westfall and Young 1993). A turn has no more positions than the
    edition has paragraphs; with one short edition p can't be small.

    Parameters
    ----------
    zh, en : Topics
        Of models of the same editions.
    n_permutations, seed : int

    Returns
    -------
    polars.DataFrame
        Table ``topic_alignment``, most alike first. Where one language has more topics some of them have no row.

    Raises
    ------
    ContractError
        When there are no paragraphs of the same number, or fewer than 3.
    UnknownOptionError
        For no permutation at all.
    """
    if n_permutations < 1:
        raise UnknownOptionError("n_permutations", n_permutations, "a number from 1")
    places = _pair_rows(zh.rows, en.rows)
    n = len(places[0])
    if n < 3:
        raise ContractError(f"{n} paragraphs are in both languages; too few to align topics by")
    one, other = (_standardize(topics.shares[place]) for topics, place in zip((zh, en), places, strict=True))
    observed = np.round(one.T @ other / n, 12)
    rows, columns = linear_sum_assignment(observed, maximize=True)
    editions = zh.rows["edition"].to_numpy()[places[0]]
    starts = np.flatnonzero(np.r_[True, editions[1:] != editions[:-1]])
    sizes = np.diff(np.r_[starts, n])
    rng = np.random.default_rng(seed)
    largest = np.array([(one.T @ other[_turn(starts, sizes, rng)] / n).max() for _ in range(n_permutations)])
    stable = set(zh.stable), set(en.stable)
    table: list[dict[str, object]] = []
    for row, column in zip(rows, columns, strict=True):
        value = float(observed[row, column])
        table.append(
            {
                "topic_zh": int(row) + 1,
                "topic_en": int(column) + 1,
                "stable_zh": int(row) + 1 in stable[0],
                "stable_en": int(column) + 1 in stable[1],
                "n_paragraphs": n,
                "correlation": value,
                "p": float((1 + (largest >= value - 1e-9).sum()) / (1 + n_permutations)),
            }
        )
    return make_table("topic_alignment", table).sort("correlation", "topic_zh", descending=[True, False])


def _pair_rows(zh: pl.DataFrame, en: pl.DataFrame) -> list[NDArray[np.int64]]:
    """Return the row numbers of paragraphs that are in both, by edition and number."""
    for lang, rows in zip(LANGUAGES, (zh, en), strict=True):
        if rows["lang"].unique().to_list() != [lang]:
            raise ContractError(f"expected {lang}, found {', '.join(rows['lang'].unique().sort())}; zh comes first")
    sides = [rows.select("edition", "paragraph").with_row_index("row") for rows in (zh, en)]
    pairs = sides[0].join(sides[1], on=["edition", "paragraph"], suffix="_en").sort("edition", "paragraph")
    if not pairs.height:
        raise ContractError("no edition has paragraphs of the same number in both languages")
    return [pairs[name].to_numpy().astype(np.int64) for name in ("row", "row_en")]


def _standardize(shares: Floats) -> Floats:
    """Centre and scale columns, so that products are correlations; a column without spread stays 0."""
    centred = shares - shares.mean(axis=0)
    spread = shares.std(axis=0)
    scaled: Floats = np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 1e-12)
    return scaled


def _turn(starts: NDArray[np.int64], sizes: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    shifts = rng.integers(1, np.maximum(sizes, 2))
    return np.concatenate(
        [start + (np.arange(size) + shift) % size for start, size, shift in zip(starts, sizes, shifts, strict=True)]
    )
