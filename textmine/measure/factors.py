"""Factorisations of a matrix of counts into topics: NMF of TF-IDF and LDA, each a thin cover of scikit-learn's."""

import warnings
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.decomposition import NMF, LatentDirichletAllocation, non_negative_factorization
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfTransformer
from threadpoolctl import threadpool_limits

METHODS: Final = ("nmf", "lda")
#: Passes over the data at most. NMF stops by itself long before, once it no longer gains 1e-4 of its first step.
MAX_ITER: Final = {"nmf": 400, "lda": 20}
#: Weights are rounded to so many decimals, below what machines and thread counts can agree upon.
DECIMALS: Final = 8

Floats = NDArray[np.float64]
#: A scipy.sparse.csr_array; its published types lose track of the shape.
Matrix = Any


class Factors(NamedTuple):
    """A fitted factorisation: ``terms`` are shares of terms by topic, ``weights`` amounts of topics by row."""

    terms: Floats
    weights: Floats
    model: Any

    def fold_in(self, matrix: Matrix) -> Floats:
        """Return the amounts of the topics in rows that were not in the fit, the topics as they are."""
        with threadpool_limits(1), warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            weights = self.model.transform(matrix)
        return _scale(weights, self.model)


class Weighting:
    """TF-IDF with a logarithm of the count and unit rows for NMF (its idf kept for new rows); plain counts for LDA."""

    def __init__(self, matrix: Matrix, method: str) -> None:
        self._transformer = None
        if method == "nmf":  # unsmoothed, so that repeating every paragraph changes nothing
            self._transformer = TfidfTransformer(sublinear_tf=True, smooth_idf=False)
            with np.errstate(divide="ignore"):  # a term without a paragraph has no idf and no cell either
                self._transformer.fit(matrix)

    def apply(self, matrix: Matrix) -> Matrix:
        """Return the weighted matrix."""
        if self._transformer is None:
            return sparse.csr_array(matrix, dtype=np.float64)
        return sparse.csr_array(self._transformer.transform(matrix))


def factorize(matrix: Matrix, n_topics: int, *, method: str, seed: int, random_start: bool = False) -> Factors:
    """Factorise a weighted matrix; the same seed gives the same result, whatever the number of threads.

    Parameters
    ----------
    matrix : scipy.sparse.csr_array of float, shape (n_rows, n_terms)
        From :class:`Weighting`.
    n_topics : int
    method : {'nmf', 'lda'}
        NMF by coordinate descent (Cichocki and Phan 2009), squared error; LDA by variational Bayes in batches of
        all rows (Hoffman, Blei and Bach 2010).
    seed : int
    random_start : bool
        Start NMF at random instead of from the singular vectors (NNDSVDa; Boutsidis and Gallopoulos 2008); LDA
        always starts at random.
    """
    if method == "nmf":
        small = n_topics > min(matrix.shape)  # singular vectors don't suffice
        start = "random" if random_start or small else "nndsvda"
        model = NMF(n_topics, init=start, solver="cd", max_iter=MAX_ITER["nmf"], random_state=seed)
    else:
        model = LatentDirichletAllocation(
            n_topics, learning_method="batch", max_iter=MAX_ITER["lda"], random_state=seed, n_jobs=1
        )
    # An exact fit's error may come out below 0 by rounding, and scikit-learn takes its root.
    with threadpool_limits(1), warnings.catch_warnings(), np.errstate(invalid="ignore"):
        warnings.simplefilter("ignore", ConvergenceWarning)  # a topic that isn't there has no one place to end
        weights = model.fit_transform(matrix)
    components = model.components_
    totals = components.sum(axis=1, keepdims=True)
    terms = np.divide(components, totals, out=np.zeros_like(components), where=totals > 0)
    return Factors(terms, _scale(weights, model), model)


def solve_terms(matrix: Matrix, weights: Floats) -> Floats:
    """Return the non-negative term weights that come nearest to a matrix, the rows' weights as they are."""
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        solved, _, _ = non_negative_factorization(
            sparse.csr_array(matrix.T),
            H=np.ascontiguousarray(weights.T),
            n_components=weights.shape[1],
            init=None,
            update_H=False,
            solver="cd",
            max_iter=MAX_ITER["nmf"],
        )
    return np.asarray(solved, dtype=np.float64).T


def normalize(weights: Floats) -> Floats:
    """Return each row's shares; a row without any weight stays 0."""
    totals = weights.sum(axis=1, keepdims=True)
    shares: Floats = np.divide(weights, totals, out=np.zeros_like(weights), where=totals > 0)
    return shares


def _scale(weights: Floats, model: Any) -> Floats:
    """Amounts for topics whose term weights sum to 1; LDA's are shares already."""
    if isinstance(model, NMF):
        return np.asarray(weights * model.components_.sum(axis=1), dtype=np.float64)
    return np.asarray(weights, dtype=np.float64)
