"""How many topics: held-out fit by cross-validation, and the one-standard-error rule."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from textmine.measure.factors import Floats, Matrix, factorize, fit_lda, fold_in, normalize, solve_terms

#: Rows that LDA's number of topics is chosen by, at most, so that larger corpora take no longer to choose. NMF is
#: quicker and takes all: fewer tell the numbers apart less, and each that is as good as the best is fitted 21 times.
CHOICE_ROWS: Final = 5_000


def measure_fit(
    matrix: Matrix,
    clusters: NDArray[np.int64],
    grid: Sequence[int],
    *,
    method: str,
    n_folds: int,
    seed: int,
    say: Callable[[str], None],
) -> Floats:
    r"""Measure how badly numbers of topics fit text that they haven't seen.

    Each fold leaves out some clusters of rows, and of those rows half of the text, which is told from the other half.

    - NMF: bi-cross-validation (Owen and Perry 2009). With held-out rows and a random half of the terms held out,
      topics are fitted to the rest; weights of the held-out rows come from the terms kept, term weights of the
      held-out terms from the rows kept; the error is :math:`\lVert A - \hat A \rVert^2 / \lVert A \rVert^2` in the
      block that neither saw.
    - LDA: document completion (Wallach, Murray, Salakhutdinov and Mimno 2009). The occurrences of each held-out
      row are halved; the topic shares come from one half, the error is the mean of minus the logarithm of the
      probability of an occurrence in the other. Its exponential is the perplexity. Of more than ``CHOICE_ROWS`` rows
      whole clusters are taken at random, as many as stay within.

    Parameters
    ----------
    matrix : scipy.sparse.csr_array of float, shape (n_rows, n_terms)
        Weighted.
    clusters : numpy.ndarray of int, shape (n_rows,)
        Rows of a cluster are in the same fold; numbered from 0.
    grid : sequence of int
        Numbers of topics.
    method : {'nmf', 'lda'}
    n_folds, seed : int
    say : callable
        Told what is being done.

    Returns
    -------
    numpy.ndarray of float, shape (len(grid), n_folds)
    """
    rng = np.random.default_rng([seed, 3])
    if method == "lda" and len(clusters) > CHOICE_ROWS:
        n_rows = len(clusters)
        matrix, clusters = _sample_clusters(matrix, clusters, n_folds, rng)
        say(f"choosing the number of topics by {len(clusters)} of {n_rows} paragraphs")
    folds = rng.permutation(np.arange(int(clusters.max()) + 1) % n_folds)[clusters]
    errors = np.empty((len(grid), n_folds))
    for fold in range(n_folds):
        out = folds == fold
        halves: tuple[Any, Any] = (
            _halve_terms(matrix, out, rng) if method == "nmf" else _halve_occurrences(matrix[out], rng)
        )
        for i, n_topics in enumerate(grid):
            say(f"{n_topics} topics, fold {fold + 1} of {n_folds}")
            if method == "nmf":
                errors[i, fold] = _error_of_block(matrix, out, halves, n_topics, seed)
            else:
                errors[i, fold] = _error_of_completion(matrix[~out], halves, n_topics, seed)
    return errors


def within_one_standard_error(errors: Floats) -> tuple[NDArray[np.bool_], Floats, Floats]:
    """Tell which choices fit no worse than the best by more than one standard error.

    The rule is that of Breiman et al. (1984) with the error of the difference to the best choice, fold by fold: folds
    differ much more from each other than choices do, in the same way for all.

    Parameters
    ----------
    errors : numpy.ndarray of float, shape (n_choices, n_folds)

    Returns
    -------
    within : numpy.ndarray of bool, shape (n_choices,)
    excess, se : numpy.ndarray of float, shape (n_choices,)
        Mean difference to the best and its standard error.

    Examples
    --------
    The second is best; the first is worse by 0.1 ± 0.1, the third by 0.2 ± 0.

    >>> within, excess, se = within_one_standard_error(np.array([[0.5, 0.7], [0.5, 0.5], [0.7, 0.7]]))
    >>> within.tolist(), excess.round(3).tolist(), se.round(3).tolist()
    ([True, True, False], [0.1, 0.0, 0.2], [0.1, 0.0, 0.0])
    """
    best = int(np.argmin(errors.mean(axis=1)))
    differences = errors - errors[best]
    excess = differences.mean(axis=1)
    se = differences.std(axis=1, ddof=1) / np.sqrt(errors.shape[1])
    return excess <= se + 1e-12, excess, se


def _sample_clusters(
    matrix: Matrix, clusters: NDArray[np.int64], least: int, rng: np.random.Generator
) -> tuple[Matrix, NDArray[np.int64]]:
    """Return the rows of random clusters within ``CHOICE_ROWS`` (``least`` clusters anyway), and their new numbers."""
    sizes = np.bincount(clusters)
    order = rng.permutation(len(sizes))
    chosen = order[: max(least, np.searchsorted(sizes[order].cumsum(), CHOICE_ROWS, side="right"))]
    kept = np.isin(clusters, chosen)
    return matrix[kept], np.unique(clusters[kept], return_inverse=True)[1]


def _halve_terms(
    matrix: Matrix, out: NDArray[np.bool_], rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return columns to keep and to hold out; terms that only held-out rows have are neither."""
    seen = np.flatnonzero(np.asarray(matrix[~out].sum(axis=0)).ravel() > 0)
    order = rng.permutation(seen)
    half = len(order) // 2
    return np.sort(order[:half]), np.sort(order[half:])


def _error_of_block(
    matrix: Matrix,
    out: NDArray[np.bool_],
    halves: tuple[NDArray[np.int64], NDArray[np.int64]],
    n_topics: int,
    seed: int,
) -> float:
    kept, held = halves
    rest = sparse.csr_array(matrix[~out])
    fit = factorize(sparse.csr_array(rest[:, kept]), n_topics, method="nmf", seed=seed)
    block = sparse.csr_array(matrix[out])
    weights = fit.fold_in(sparse.csr_array(block[:, kept]))
    terms = solve_terms(sparse.csr_array(rest[:, held]), fit.weights)
    target: Matrix = sparse.csr_array(block[:, held])
    size = float((target.data**2).sum())
    shared = float(((target @ terms.T) * weights).sum())
    own = float(((weights.T @ weights) * (terms @ terms.T)).sum())
    return 1 + (own - 2 * shared) / size if size else 0.0


def _halve_occurrences(block: Matrix, rng: np.random.Generator) -> tuple[Matrix, Matrix]:
    block = sparse.csr_array(block)
    first = rng.binomial(block.data.astype(np.int64), 0.5).astype(np.float64)
    parts = (first, block.data - first)
    one, other = (sparse.csr_array((data, block.indices, block.indptr), block.shape) for data in parts)
    return one, other


def _error_of_completion(rest: Matrix, halves: tuple[Matrix, Matrix], n_topics: int, seed: int) -> float:
    given, target = halves
    model = fit_lda(sparse.csr_array(rest), n_topics, seed)
    terms, shares = normalize(model.components_), normalize(fold_in(model, given))
    coo = target.tocoo()
    chances = np.einsum("ik,ki->i", shares[coo.row], terms[:, coo.col])
    used = coo.data > 0
    return float(-(coo.data[used] * np.log(chances[used])).sum() / coo.data.sum())
