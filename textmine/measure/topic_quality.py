"""What makes a topic a good one: coherent terms, terms of its own, and terms that keep together in unseen text."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse, stats

from textmine.measure.counts import Counts
from textmine.measure.factors import Floats, Matrix

#: Bands of paragraph length within which co-occurrence is left to chance.
N_BANDS = 10

Ints = NDArray[np.int64]


def rank_terms(terms: Floats, n_top: int) -> list[Ints]:
    """Return the columns of each topic's strongest terms; ties in the order of columns, which is that of terms.

    A topic with fewer terms of any weight has a shorter list.
    """
    order = np.argsort(-terms, axis=1, kind="stable")[:, :n_top]
    return [columns[row[columns] > 0].astype(np.int64) for row, columns in zip(terms, order, strict=True)]


def measure_coherence(counts: Counts, top: Sequence[Ints]) -> Floats:
    r"""Measure the mean normalised pointwise mutual information of each topic's terms (Bouma 2009; Röder et al. 2015).

    .. math:: \frac{\ln \frac{p_{ij}}{p_i p_j}}{-\ln p_{ij}}

    over all pairs of terms, with the shares :math:`p` of paragraphs that have a term, or both: -1 for terms that never
    meet, 0 for independent ones, 1 for terms that come only together. A pair that every paragraph has counts 0.

    Parameters
    ----------
    counts : Counts
        Paragraphs by terms.
    top : sequence of numpy.ndarray of int
        Columns of each topic's terms. A topic of a single term scores 0.

    Returns
    -------
    numpy.ndarray of float, shape (n_topics,)

    Examples
    --------
    Of 4 paragraphs 2 have each term and 1 has both: ln((1/4) / (1/2 · 1/2)) = 0.

    >>> import polars as pl
    >>> rows = pl.DataFrame({"paragraph": [1, 2, 3, 4]})
    >>> counts = Counts(sparse.csr_array([[1, 1], [1, 0], [0, 1], [0, 0]]), rows, ("a", "b"))
    >>> measure_coherence(counts, np.array([[0, 1]])).tolist()
    [0.0]
    """
    n = counts.rows.height
    present = _binary(counts.matrix)
    scores = np.zeros(len(top))
    for topic, columns in enumerate(top):
        block = present[:, columns]
        together = np.asarray((block.T @ block).toarray(), dtype=np.float64) / n
        alone = together.diagonal()
        i, j = np.triu_indices(len(columns), 1)
        both = together[i, j]
        values = np.full(len(i), -1.0)
        inner = (both > 0) & (both < 1)
        values[inner] = np.log(both[inner] / (alone[i] * alone[j])[inner]) / -np.log(both[inner])
        values[both == 1] = 0.0
        scores[topic] = values.mean() if len(values) else 0.0
    return scores


def measure_diversity(top: Sequence[Ints]) -> Floats:
    """Measure how far each topic's terms are its own: the mean, over its terms, of 1 / topics that list the term.

    The mean over topics of equally many terms is the share of different terms among all listed, the diversity of Dieng,
    Ruiz and Blei (2020).

    Examples
    --------
    >>> measure_diversity(np.array([[0, 1], [0, 2]])).tolist()
    [0.75, 0.75]
    """
    listed = np.bincount(np.concatenate(list(top)))
    return np.array([(1 / listed[columns]).mean() if len(columns) else 0.0 for columns in top])


def measure_frex(terms: Floats, *, weight: float = 0.7) -> Floats:
    r"""Measure each term's FREX in each topic: frequent there and exclusive to it (Bischof and Airoldi 2012).

    .. math:: \left( \frac{\omega}{F(\beta_{kv} / \sum_j \beta_{jv})} + \frac{1 - \omega}{F(\beta_{kv})} \right)^{-1}

    with the empirical distribution :math:`F` over the topic's terms; :math:`\omega` is 0.7 as in Roberts et al. (2014).

    Parameters
    ----------
    terms : numpy.ndarray of float, shape (n_topics, n_terms)
    weight : float
        Of exclusivity, between 0 and 1.

    Returns
    -------
    numpy.ndarray of float, shape (n_topics, n_terms)
    """
    totals = terms.sum(axis=0)
    exclusive = np.divide(terms, totals, out=np.zeros_like(terms), where=totals > 0)
    ranks = [stats.rankdata(np.round(part, 12), method="max", axis=1) for part in (exclusive, terms)]
    by_exclusivity, by_frequency = (rank / terms.shape[1] for rank in ranks)
    return np.asarray(1 / (weight / by_exclusivity + (1 - weight) / by_frequency), dtype=np.float64)


class CoOccurrence:
    r"""A test of whether some terms meet in the same paragraphs more often than chance makes them.

    The statistic is the number of meetings :math:`S = \sum_{i<j} n_{ij}`, with the paragraphs :math:`n_{ij}` that have
    both terms. Under chance each term's paragraphs are any of those of like length (bands of the number of different
    terms, by deciles), so that :math:`E = \sum_{i<j} \sum_b n_{ib} n_{jb} / N_b`. Each :math:`n_{ij}` is then a sum of
    hypergeometric counts, whose upper tail is no heavier than Poisson's (Hoeffding 1956); p is Poisson's
    :math:`P(X \ge S)`, which errs on the side of caution with frequent terms, and with a topic whose paragraphs are all
    of one length: those it is compared with are then its own.

    Parameters
    ----------
    matrix : scipy.sparse.csr_array, shape (n_rows, n_terms)
        Counts.
    """

    def __init__(self, matrix: Matrix) -> None:
        self._present = _binary(matrix)
        lengths = np.asarray(self._present.sum(axis=1)).ravel()
        edges = np.unique(np.quantile(lengths, np.linspace(0, 1, N_BANDS + 1)[1:-1]))
        self._bands = np.searchsorted(edges, lengths, side="right")

    def test(self, rows: NDArray[np.bool_], top: Sequence[Ints]) -> Floats:
        """Return p of each topic's terms in some of the rows.

        Parameters
        ----------
        rows : numpy.ndarray of bool, shape (n_rows,)
        top : sequence of numpy.ndarray of int
            Columns of each topic's terms.
        """
        present, bands = self._present[rows], self._bands[rows]
        n_bands = int(bands.max()) + 1 if len(bands) else 0
        merge: Matrix = sparse.csr_array((np.ones(len(bands)), (bands, np.arange(len(bands)))), (n_bands, len(bands)))
        sizes = np.bincount(bands, minlength=n_bands)
        used = sizes > 0
        p = np.ones(len(top))
        for topic, columns in enumerate(top):
            block = present[:, columns]
            met = np.asarray(block.sum(axis=1)).ravel()
            observed = float((met * (met - 1) / 2).sum())
            by_band = np.asarray((merge @ block).toarray())[used]
            pairs = (by_band.sum(axis=1) ** 2 - (by_band**2).sum(axis=1)) / 2
            p[topic] = stats.poisson.sf(observed - 1, (pairs / sizes[used]).sum()) if observed else 1.0
        return p


def join_p_values(p: Floats, axis: int = 0) -> Floats:
    """Return one p-value for several of the same hypothesis, whatever their dependence.

    Twice the median (Meinshausen, Meier and Bühlmann 2009, for repeated halvings).
    """
    return np.asarray(np.minimum(1, 2 * np.median(p, axis=axis)), dtype=np.float64)


def adjust_holm(p: Floats) -> Floats:
    """Return p-values adjusted for their number (Holm 1979).

    Examples
    --------
    >>> adjust_holm(np.array([0.01, 0.04, 0.03])).round(3).tolist()
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(p, kind="stable")
    factors = len(p) - np.arange(len(p))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(1, np.maximum.accumulate(p[order] * factors))
    return adjusted


def _binary(matrix: Matrix) -> Matrix:
    present: Matrix = sparse.csr_array(matrix, dtype=np.float64, copy=True)
    present.data = np.ones_like(present.data)
    return present
