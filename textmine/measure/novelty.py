"""Novelty, transience and resonance: how far an edition is from those before it, and from those after it."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray
from scipy import special

from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.counts import Counts
from textmine.schema import TABLES, check_table

Floats = NDArray[np.float64]


def measure_novelty(distributions: ArrayLike, *, editions: Sequence[int], lang: str, window: int = 1) -> pl.DataFrame:
    r"""Measure novelty, transience and resonance of each edition (Barron, Huang, Spang and DeDeo 2018).

    With the distributions :math:`s_j` of the editions in order and the Kullback-Leibler divergence
    :math:`D(s \| t) = \sum_i s_i \log_2 (s_i / t_i)` in bits,

    .. math:: N_w(j) = \frac{1}{w} \sum_{d=1}^{w} D(s_j \| s_{j-d}), \qquad
        T_w(j) = \frac{1}{w} \sum_{d=1}^{w} D(s_j \| s_{j+d}), \qquad R_w(j) = N_w(j) - T_w(j).

    An edition with high novelty and low transience, hence high resonance, brought what those after it kept.
    Neighbours are the editions next in the series, whatever years lie between. A short edition is far from all others
    by chance alone; that raises its novelty and its transience alike and leaves its resonance nearly unmoved. Whether
    two editions differ by more than chance: :func:`textmine.measure.divergence.measure_divergence`.

    Parameters
    ----------
    distributions : array_like of float, shape (n_editions, n_features)
        Shares of topics, concepts or terms, each row summing to 1. Where a row has a share of 0 that a neighbour
        lacks the divergence is infinite: smooth first (:func:`smooth_distributions`).
    editions : sequence of int, length n_editions
        Years, in order.
    lang : {'zh', 'en'}
        Written to the table.
    window : int
        :math:`w`, editions looked back and ahead.

    Returns
    -------
    polars.DataFrame
        Table ``novelty``, in bits. Editions with fewer than ``window`` before them have no novelty (null), those with
        fewer after them no transience; resonance needs both.

    Raises
    ------
    ContractError
        When rows aren't distributions, editions out of order, or a divergence is infinite.

    Examples
    --------
    >>> shares = [[0.5, 0.5], [0.75, 0.25], [0.75, 0.25]]
    >>> measure_novelty(shares, editions=[2009, 2010, 2011], lang="en").select(pl.col(pl.Float64).round(4)).rows()
    [(None, 0.2075, None), (0.1887, 0.0, 0.1887), (0.0, None, None)]
    """
    shares = np.asarray(distributions, dtype=np.float64)
    if window < 1:
        raise UnknownOptionError("window", window, "a number from 1")
    if shares.ndim != 2 or len(shares) != len(editions):
        raise ContractError(f"{len(editions)} editions, but distributions of shape {shares.shape}")
    if list(editions) != sorted(set(editions)):
        raise ContractError("editions aren't in ascending order, each once; sort both by year")
    if (shares < 0).any() or not np.allclose(shares.sum(axis=1), 1):
        raise ContractError("a row of the distributions isn't one: shares are from 0 and sum to 1")
    n = len(shares)
    novelty, transience = np.full(n, np.nan), np.full(n, np.nan)
    for j in range(n):
        if j >= window:
            novelty[j] = np.mean([_divergence(shares, j, j - d, editions) for d in range(1, window + 1)])
        if j + window < n:
            transience[j] = np.mean([_divergence(shares, j, j + d, editions) for d in range(1, window + 1)])
    frame = pl.DataFrame(
        {
            "edition": list(editions),
            "lang": [lang] * n,
            "window": [window] * n,
            "novelty": novelty,
            "transience": transience,
            "resonance": novelty - transience,
        },
        schema=pl.Schema(TABLES["novelty"]),
    )
    return check_table(frame.with_columns(pl.col(pl.Float64).fill_nan(None)), "novelty")


def smooth_distributions(counts: Counts, *, alpha0: float | None = None) -> Floats:
    r"""Return the term shares of each row, drawn towards those of all rows so that none is 0.

    :math:`(y_{iw} + \alpha_0 y_w / y) / (y_i + \alpha_0)`: the posterior mean under a Dirichlet prior whose shares
    are those of all rows together.

    Parameters
    ----------
    counts : Counts
        One row for each edition: ``counts.by("edition")``.
    alpha0 : float, optional
        Occurrences the prior is worth; default: a tenth of those in an average row. Larger gives smaller divergences:
        compare only what was smoothed alike.

    Returns
    -------
    numpy.ndarray of float, shape (n_rows, n_terms)

    Examples
    --------
    >>> from scipy import sparse
    >>> counts = Counts(sparse.csr_array([[4, 0], [2, 2]]), pl.DataFrame({"edition": [2009, 2010]}), ("a", "b"))
    >>> smooth_distributions(counts, alpha0=4).tolist()
    [[0.875, 0.125], [0.625, 0.375]]
    """
    if alpha0 is not None and not alpha0 > 0:
        raise UnknownOptionError("alpha0", alpha0, "a number above 0")
    frequencies = counts.frequencies
    total = int(frequencies.sum())
    if not total:
        raise ContractError("the counts are empty; there is nothing to take shares of")
    if alpha0 is None:
        alpha0 = total / counts.rows.height / 10
    there = frequencies > 0
    smooth = np.zeros(counts.matrix.shape)
    smooth[:, there] = counts.matrix[:, np.flatnonzero(there)].toarray() + alpha0 * frequencies[there] / total
    shares: Floats = smooth / (counts.totals + alpha0)[:, None]
    return shares


def _divergence(shares: Floats, one: int, other: int, editions: Sequence[int]) -> float:
    bits = float(special.rel_entr(shares[one], shares[other]).sum() / np.log(2))
    if not np.isfinite(bits):
        raise ContractError(
            f"{editions[one]} has something that {editions[other]} has none of, so their divergence is infinite; "
            "smooth the distributions first (smooth_distributions)"
        )
    return bits
