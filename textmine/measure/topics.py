"""Topics of a corpus, with what vouches for each: how often it comes back, and whether its terms keep together."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.counts import Counts
from textmine.measure.factors import METHODS, Factors, Floats, Weighting, factorize, normalize
from textmine.measure.topic_choice import measure_fit, within_one_standard_error
from textmine.measure.topic_input import arrange_rows, as_counts, number_clusters
from textmine.measure.topic_match import Run, match_runs, run_halves
from textmine.measure.topic_tables import describe_topics

AUTO = "auto"
GRID = (5, 10, 15, 20, 30, 40)


class TopicModel(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    r"""Find topics and say which of them can be relied upon.

    The model is NMF of TF-IDF, or LDA that starts from it, both scikit-learn's
    (:func:`~textmine.measure.factors.factorize`). A topic is *stable* when it passes two tests:

    - **It comes back.** The model is fitted again to random halves of the sections (both halves of each split; Shah
      and Samworth 2013), each time from another random start. Topics are paired with those of the whole by the
      Hungarian method on the cosine of their term weights; ``recovery`` is the share of fits in which the partner
      reaches ``min_similarity``, and has to reach ``min_recovery``.
    - **Its terms keep together where it wasn't made.** Any factorisation makes "topics" of text without any, around
      frequent terms, and they come back too. So the strongest terms of each fit's topic are tested for co-occurrence
      in the half that the fit has not seen (:class:`~textmine.measure.topic_quality.CoOccurrence`); the p-values of
      the fits are joined and adjusted for the number of topics (Holm), and ``p`` has to reach ``level``.

    With ``n_topics="auto"`` the number is chosen in two steps. Every number of ``grid`` is fitted to part of the text
    and judged by the rest (:func:`~textmine.measure.topic_choice.measure_fit`; with LDA and more than 5,000
    paragraphs, on whole clusters of as many); those whose error isn't above the smallest by more than one standard
    error of the difference are as good as can be told. Of these the one with the highest mean recovery is taken, the
    smallest of equals.

    Parameters
    ----------
    n_topics : int or 'auto'
    method : {'nmf', 'lda'}
        NMF is the default: quicker (``benchmarks/topics.md``), and by TF-IDF, so that terms of every paragraph weigh
        less; LDA is by counts.
    grid : sequence of int
        Numbers that ``'auto'`` chooses from; those above a quarter of the paragraphs or terms are left out.
    n_runs : int
        Fits to halves; even.
    min_recovery, min_similarity, level : float
        When a topic is stable.
    n_folds : int
        Of the cross-validation.
    n_top : int
        How many terms stand for a topic: in the tests, coherence, diversity, exclusivity.
    cluster : sequence of str
        Columns of the rows that tell which paragraphs are left out together. A corpus of one edition has few sections,
        and topics that live in a single one can't come back; ``("paragraph",)`` asks less.
    seed : int
        The same seed gives the same result, whatever the order of the rows and the number of threads.

    Attributes
    ----------
    topics_ : Topics
        All tables.
    components_ : numpy.ndarray of float, shape (n_topics, n_terms)
        Term weights, each row summing to 1, in the order of ``topics_``.

    Examples
    --------
    >>> rows = pl.DataFrame({"edition": 2011, "lang": "en", "paragraph": range(1, 41), "section": ["1", "2"] * 20})
    >>> matrix = sparse.csr_array([[2, 1, 0, 0], [0, 0, 1, 2]] * 20)
    >>> counts = Counts(matrix, rows, ("cloud", "data", "health", "mobile"))
    >>> topics = TopicModel(2, cluster=("paragraph",), n_top=2).fit(counts).topics_
    >>> topics.terms.filter(pl.col("rank") == 1).select("topic", "term").rows()
    [(1, 'cloud'), (2, 'mobile')]
    """

    def __init__(
        self,
        n_topics: int | str = AUTO,
        *,
        method: str = "nmf",
        grid: Sequence[int] = GRID,
        n_runs: int = 20,
        min_recovery: float = 0.8,
        min_similarity: float = 0.7,
        level: float = 0.05,
        n_folds: int = 5,
        n_top: int = 10,
        cluster: Sequence[str] = ("edition", "section"),
        seed: int = 0,
    ) -> None:
        self.n_topics = n_topics
        self.method = method
        self.grid = grid
        self.n_runs = n_runs
        self.min_recovery = min_recovery
        self.min_similarity = min_similarity
        self.level = level
        self.n_folds = n_folds
        self.n_top = n_top
        self.cluster = cluster
        self.seed = seed

    def fit(
        self,
        X: Any,  # noqa: N803 - scikit-learn's name
        y: object = None,  # noqa: ARG002
        *,
        drop: pl.DataFrame | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> "TopicModel":
        """Find the topics.

        Parameters
        ----------
        X : Counts, or matrix of shape (n_paragraphs, n_terms)
            Counts of one language, or of both (:func:`~textmine.measure.topic_langs.pair_languages`). A bare matrix
            (of :class:`~textmine.measure.vectorize.TokenVectorizer`, in a pipeline) has no sections: each row is left
            out on its own, and terms are named by their column.
        y
            Not used.
        drop : polars.DataFrame, optional
            Paragraphs to leave out (recycled ones, say); with Counts only.
        progress : callable, optional
            Told what is being done.

        Raises
        ------
        ContractError
            When rows lack a column, languages are mixed, or there is too little text.
        UnknownOptionError
            For an unknown value of an option.
        """
        self._check_options()
        counts, cluster = as_counts(X, self.cluster)
        counts = arrange_rows(counts.without(drop), cluster)
        say = progress or (lambda _: None)
        clusters = number_clusters(counts.rows, cluster)
        weighting = Weighting(counts.matrix, self.method)
        matrix = weighting.apply(counts.matrix)
        n_topics, choice, fit, runs = self._choose(matrix, clusters, say)
        say(f"describing {n_topics} topics")
        self.topics_, order = describe_topics(
            counts,
            fit,
            runs,
            choice,
            method=self.method,
            n_top=self.n_top,
            limits=(self.min_recovery, self.min_similarity, self.level),
        )
        self._order, self._fit, self._weighting, self._terms = order, fit, weighting, counts.terms
        self.components_ = self.topics_.components
        self.n_features_in_ = len(counts.terms)
        return self

    def transform(self, X: Any) -> Floats:  # noqa: N803
        """Return the topic shares of other paragraphs, shape (n_paragraphs, n_topics).

        Parameters
        ----------
        X : Counts or matrix
            Counts may have other terms: those that the topics know count. A row without any gets shares of 0.
        """
        check_is_fitted(self, "topics_")
        if isinstance(X, Counts):
            place = {term: i for i, term in enumerate(X.terms)}
            known = [(place[term], column) for column, term in enumerate(self._terms) if term in place]
            here, there = np.array(known, dtype=np.int64).reshape(-1, 2).T
            pick: Any = sparse.csr_array((np.ones(len(known)), (here, there)), (len(X.terms), len(self._terms)))
            matrix: Any = X.matrix @ pick
        else:
            matrix = sparse.csr_array(X)
        if matrix.shape[1] != len(self._terms):
            raise ContractError(f"{matrix.shape[1]} columns, but the topics have {len(self._terms)} terms")
        shares = normalize(self._fit.fold_in(self._weighting.apply(matrix))[:, self._order])
        shares[np.asarray(matrix.sum(axis=1)).ravel() == 0] = 0
        return shares

    def _choose(
        self, matrix: Any, clusters: NDArray[np.int64], say: Callable[[str], None]
    ) -> tuple[int, list[dict[str, object]], Factors, list[Run]]:
        """Return the number of topics, how it was chosen, the fit, and the fits to halves."""
        if self.n_topics != AUTO:
            n_topics = int(self.n_topics)
            fit, runs = self._fit_all(matrix, clusters, n_topics, say)
            return n_topics, [], fit, runs
        grid = [number for number in sorted(set(self.grid)) if number <= min(matrix.shape) / 4]
        n_folds = min(self.n_folds, int(clusters.max()) + 1)
        if not grid:
            raise ContractError(
                f"{matrix.shape[0]} paragraphs with {matrix.shape[1]} terms are too few for {min(self.grid)} topics"
            )
        errors = measure_fit(matrix, clusters, grid, method=self.method, n_folds=n_folds, seed=self.seed, say=say)
        within, excess, se = within_one_standard_error(errors)
        fits = {k: self._fit_all(matrix, clusters, k, say) for k, near in zip(grid, within, strict=True) if near}
        recovery = {k: self._recovery(fit, runs) for k, (fit, runs) in fits.items()}
        chosen = max(recovery, key=lambda k: (round(recovery[k], 9), -k))
        choice: list[dict[str, object]] = [
            {
                "n_topics": k,
                "error": float(errors[i].mean()),
                "excess": float(excess[i]),
                "se": float(se[i]),
                "within": bool(within[i]),
                "recovery": recovery.get(k),
                "chosen": k == chosen,
            }
            for i, k in enumerate(grid)
        ]
        return chosen, choice, *fits[chosen]

    def _fit_all(
        self, matrix: Any, clusters: NDArray[np.int64], n_topics: int, say: Callable[[str], None]
    ) -> tuple[Factors, list[Run]]:
        say(f"{n_topics} topics")
        fit = factorize(matrix, n_topics, method=self.method, seed=self.seed)
        runs = run_halves(matrix, clusters, n_topics, method=self.method, n_runs=self.n_runs, seed=self.seed, say=say)
        return fit, runs

    def _recovery(self, fit: Factors, runs: list[Run]) -> float:
        _, similarity = match_runs(fit.terms, runs)
        return float((similarity >= self.min_similarity).mean())

    def _check_options(self) -> None:
        if self.method not in METHODS:
            raise UnknownOptionError("method", self.method, METHODS)
        if self.n_topics != AUTO and (not isinstance(self.n_topics, int | np.integer) or self.n_topics < 1):
            raise UnknownOptionError("n_topics", self.n_topics, f"{AUTO!r} or a number from 1")
        if not self.grid or min(self.grid) < 1:
            raise UnknownOptionError("grid", self.grid, "numbers from 1")
        if self.n_runs < 2 or self.n_runs % 2:
            raise UnknownOptionError("n_runs", self.n_runs, "an even number from 2")
        for name, low in (("n_folds", 2), ("n_top", 2)):
            if getattr(self, name) < low:
                raise UnknownOptionError(name, getattr(self, name), f"a number from {low}")
        for name in ("min_recovery", "min_similarity", "level"):
            if not 0 <= getattr(self, name) <= 1:
                raise UnknownOptionError(name, getattr(self, name), "a number from 0 to 1")
