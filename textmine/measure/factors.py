"""Factorisations of a matrix of counts into topics: NMF of TF-IDF and LDA, each a thin cover of scikit-learn's."""

import warnings
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import digamma
from sklearn.decomposition import NMF, LatentDirichletAllocation, non_negative_factorization
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfTransformer
from threadpoolctl import threadpool_limits

METHODS: Final = ("nmf", "lda")
#: Passes of NMF over the data at most; it stops by itself long before, once it gains less than 1e-4 of its first step.
NMF_PASSES: Final = 400
#: Passes of the NMF that LDA starts from, at most; then passes of LDA, and steps towards a row's topics in each. More
#: of any fit unseen text no better (``benchmarks/topics.py --parts lda``).
START_PASSES: Final = 30
LDA_PASSES: Final = 3
LDA_STEPS: Final = 4
#: Dirichlet priors of LDA: of the topics in a row, and of the terms in a topic.
TOPIC_PRIOR: Final = 0.1
TERM_PRIOR: Final = 0.05
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
        return fold_in(self.model, matrix)


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


def factorize(matrix: Matrix, n_topics: int, *, method: str, seed: int) -> Factors:
    """Factorise a weighted matrix; the same seed gives the same result, whatever the number of threads.

    NMF is by coordinate descent (Cichocki and Phan 2009) with squared error, from the singular vectors (NNDSVDa;
    Boutsidis and Gallopoulos 2008). LDA is by variational Bayes in passes over all rows (Blei, Ng and Jordan 2003;
    Hoffman, Blei and Bach 2010), from the topics of NMF of the same rows: its likelihood has many local maxima, and
    from a random start it ends in poor ones (Roberts, Stewart and Tingley 2016 start from a factorisation too).

    Parameters
    ----------
    matrix : scipy.sparse.csr_array of float, shape (n_rows, n_terms)
        From :class:`Weighting`.
    n_topics : int
    method : {'nmf', 'lda'}
    seed : int
    """
    if method == "nmf":
        model, weights = _fit_nmf(matrix, n_topics, seed)
        return Factors(normalize(model.components_), _scale(weights, model), model)
    model = fit_lda(matrix, n_topics, seed)
    return Factors(normalize(model.components_), fold_in(model, matrix), model)


def fit_terms(matrix: Matrix, n_topics: int, *, method: str, seed: int) -> Floats:
    """Return the topics' shares of terms, of a fit like :func:`factorize`'s but with NMF from a random start."""
    if method == "nmf":
        model, _ = _fit_nmf(matrix, n_topics, seed, start="random")
    else:
        model = fit_lda(matrix, n_topics, seed, start="random")
    return normalize(model.components_)


def _fit_nmf(
    matrix: Matrix, n_topics: int, seed: int, *, start: str = "nndsvda", passes: int = NMF_PASSES
) -> tuple[NMF, Floats]:
    if n_topics > min(matrix.shape):  # singular vectors don't suffice
        start = "random"
    model = NMF(n_topics, init=start, solver="cd", max_iter=passes, random_state=seed)
    # An exact fit's error may come out below 0 by rounding, and scikit-learn takes its root.
    with threadpool_limits(1), warnings.catch_warnings(), np.errstate(invalid="ignore"):
        warnings.simplefilter("ignore", ConvergenceWarning)  # a topic that isn't there has no one place to end
        weights = model.fit_transform(matrix)
    return model, weights


def fold_in(model: Any, matrix: Matrix) -> Floats:
    """Return the amounts of a fitted model's topics in rows, shape (n_rows, n_topics)."""
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return _scale(model.transform(matrix), model)


def fit_lda(matrix: Matrix, n_topics: int, seed: int, start: str = "nndsvda") -> LatentDirichletAllocation:
    """Fit LDA from the topics of NMF, as :func:`factorize` does, without the topics of the rows."""
    weighted = Weighting(matrix, "nmf").apply(matrix)
    nmf, weights = _fit_nmf(weighted, n_topics, seed, start=start, passes=START_PASSES)
    shares = normalize(_scale(weights, nmf))
    n_rows = matrix.shape[0]
    model = LatentDirichletAllocation(
        n_topics,
        doc_topic_prior=TOPIC_PRIOR,
        topic_word_prior=TERM_PRIOR,
        learning_decay=0,  # a pass replaces what the one before has learned, as in batches of all rows
        batch_size=n_rows,
        total_samples=n_rows,
        max_doc_update_iter=LDA_STEPS,
        random_state=seed,
    )
    with threadpool_limits(1):
        model.partial_fit(matrix[:1])  # makes the attributes that are set next
        model.components_ = TERM_PRIOR + (matrix.T @ shares).T
        totals = model.components_.sum(axis=1, keepdims=True)
        model.exp_dirichlet_component_ = np.exp(digamma(model.components_) - digamma(totals))
        for _ in range(LDA_PASSES):
            model.partial_fit(matrix)
    return model.set_params(max_doc_update_iter=100)  # topics of rows, once the terms are settled


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
            max_iter=NMF_PASSES,
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
