"""Topics matched between fits, and how often each comes back when half the sections are left out."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from textmine.measure.factors import Floats, Matrix, fit_terms

Say = Callable[[str], None]


class Run(NamedTuple):
    """A fit to half of the clusters: which rows it saw, and its topics' term weights."""

    seen: NDArray[np.bool_]
    terms: Floats


def match_topics(one: Floats, other: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Pair each topic of one fit with one of another so that the cosines of their term weights sum to the most.

    The assignment is the Hungarian method's (Kuhn 1955), as in Greene, O'Callaghan and Cunningham (2014).

    Parameters
    ----------
    one : numpy.ndarray of float, shape (n_topics, n_terms)
    other : numpy.ndarray of float, shape (n_others, n_terms)
        At least as many topics.

    Returns
    -------
    partner : numpy.ndarray of int, shape (n_topics,)
    similarity : numpy.ndarray of float, shape (n_topics,)

    Examples
    --------
    >>> partner, similarity = match_topics(np.array([[1.0, 0], [0, 1]]), np.array([[0.0, 2], [3, 4]]))
    >>> partner.tolist(), similarity.tolist()
    ([1, 0], [0.6, 1.0])
    """
    cosines = _unit(one) @ _unit(other).T
    rows, columns = linear_sum_assignment(cosines, maximize=True)
    partner = np.empty(len(one), dtype=np.int64)
    partner[rows] = columns
    return partner, cosines[np.arange(len(one)), partner]


def run_halves(
    matrix: Matrix,
    clusters: NDArray[np.int64],
    n_topics: int,
    *,
    method: str,
    n_runs: int,
    seed: int,
    say: Say,
) -> list[Run]:
    """Fit to random halves of the clusters, in complementary pairs (Shah and Samworth 2013).

    Each run starts at random from a seed of its own, so that what comes back doesn't depend on the start either.

    Parameters
    ----------
    matrix : scipy.sparse.csr_array of float, shape (n_rows, n_terms)
        Weighted.
    clusters : numpy.ndarray of int, shape (n_rows,)
        Rows of a cluster are seen together or not at all; numbered from 0.
    n_runs : int
        Even: two for each halving.
    """
    rng = np.random.default_rng([seed, 1])
    n_clusters = int(clusters.max()) + 1
    runs = []
    for pair in range(n_runs // 2):
        first = np.zeros(n_clusters, dtype=bool)
        first[rng.permutation(n_clusters)[: n_clusters // 2]] = True
        for side, chosen in enumerate((first, ~first)):
            number = 2 * pair + side
            say(f"{n_topics} topics, half-sample {number + 1} of {n_runs}")
            seen = chosen[clusters]
            start = int(np.random.default_rng([seed, 2, number]).integers(2**31))
            runs.append(Run(seen, fit_terms(matrix[seen], n_topics, method=method, seed=start)))
    return runs


def match_runs(terms: Floats, runs: list[Run]) -> tuple[NDArray[np.int64], Floats]:
    """Return each run's partner of each topic, and their similarity: two arrays of shape (n_runs, n_topics)."""
    matched = [match_topics(terms, run.terms) for run in runs]
    return np.stack([partner for partner, _ in matched]), np.stack([similarity for _, similarity in matched])


def _unit(rows: Floats) -> Floats:
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Floats = np.divide(rows, norms, out=np.zeros_like(rows), where=norms > 0)
    return unit
