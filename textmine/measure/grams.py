"""Words and runs of adjacent words among tokens: which there are, and where."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

#: What stands between the words of an n-gram, in both languages.
JOINER = " "

Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]


def is_word(norm: pl.Expr) -> pl.Expr:
    """Tell which norms are words: they hold a letter (Han included)."""
    return norm.str.contains(r"\p{L}")


def list_grams(
    tokens: pl.DataFrame, ngrams: tuple[int, int], *, stop_words: bool
) -> tuple[Integers, Integers, pl.Series]:
    """List the n-grams of tokens, as :func:`textmine.measure.counts.count_terms` defines them.

    Norms are handled by number: only different n-grams are ever spelled.

    Parameters
    ----------
    tokens : polars.DataFrame
        Columns ``row`` (of the paragraph), ``sentence``, ``norm`` and ``is_stop``; in the order of the text, which
        plays no part where n-grams are single words.
    ngrams : tuple of int
    stop_words : bool

    Returns
    -------
    starts : numpy.ndarray of int, shape (n_found,)
        The first token of each n-gram.
    columns : numpy.ndarray of int, shape (n_found,)
        Which term it is.
    terms : polars.Series of str
        The n-grams that occur, sorted.
    """
    norms = tokens["norm"].unique().sort()
    words = tokens["norm"].cast(pl.Enum(norms)).to_physical().to_numpy().astype(np.int64)
    inner = norms.to_frame().select(is_word(pl.col("norm"))).to_series().to_numpy()[words]
    edge = inner if stop_words else inner & ~tokens["is_stop"].to_numpy()
    sentences = tokens.select(pl.struct("row", "sentence").rle_id()).to_series().to_numpy()
    spelled = norms.str.replace_all(r"\s+", JOINER)
    starts, kinds, names = [], [], []
    for n in range(ngrams[0], ngrams[1] + 1):
        start, kind, examples = find_grams(words, sentences, inner, edge, n)
        parts = [spelled.gather(words[examples + i]) for i in range(n)]
        starts.append(start)
        kinds.append(kind)
        names.append(pl.select(pl.concat_str(parts, separator=JOINER)).to_series())
    terms = pl.concat(names).unique().sort()
    places = [name.cast(pl.Enum(terms)).to_physical().to_numpy()[kind] for name, kind in zip(names, kinds, strict=True)]
    return np.concatenate(starts), np.concatenate(places).astype(np.int64), terms


def find_grams(
    words: Integers, sentences: Integers, inner: Mask, edge: Mask, n: int
) -> tuple[Integers, Integers, Integers]:
    """Find the runs of ``n`` tokens of one sentence that begin and end with an edge and have only inner ones between.

    Parameters
    ----------
    words : numpy.ndarray of int, shape (n_tokens,)
        The word of each token, by number; tokens in the order of the text.
    sentences : numpy.ndarray of int, shape (n_tokens,)
        The sentence of each token, by number; those of a sentence stand together. For runs of 1 order plays no part.
    inner, edge : numpy.ndarray of bool, shape (n_tokens,)
        Which tokens may stand within a run, and at its ends.
    n : int

    Returns
    -------
    starts : numpy.ndarray of int, shape (n_found,)
        The first token of each run.
    kinds : numpy.ndarray of int, shape (n_found,)
        The number of each run's words, the same for the same words.
    examples : numpy.ndarray of int, shape (n_kinds,)
        The first token of the first run with these words.

    Examples
    --------
    >>> words, edge = np.array([3, 5, 3, 5, 7]), np.array([True, True, True, True, False])
    >>> find_grams(words, np.zeros(5, dtype=np.int64), edge, edge, 2)
    (array([0, 1, 2]), array([0, 1, 0]), array([0, 1]))
    """
    last = max(len(words) - n + 1, 0)
    ok = edge[:last] & edge[n - 1 :] & (sentences[:last] == sentences[n - 1 :])
    for i in range(1, n - 1):
        ok &= inner[i : i + last]
    starts = np.flatnonzero(ok)
    kinds = words[starts]
    for i in range(1, n):  # kinds that occur are numbered anew with each word: the product stays small
        kinds = np.unique(kinds * (words.max(initial=0) + 1) + words[starts + i], return_inverse=True)[1]
    example = np.full(kinds.max(initial=-1) + 1, -1)
    example[kinds[::-1]] = starts[::-1]
    number = np.cumsum(example >= 0) - 1
    return starts, number[kinds], example[example >= 0]
