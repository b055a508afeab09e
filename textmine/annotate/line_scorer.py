"""Calibrated scores of several labels from a matrix of features: the classifier's inner estimator."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold
from sklearn.utils import column_or_1d
from sklearn.utils.multiclass import check_classification_targets, type_of_target, unique_labels
from sklearn.utils.validation import check_is_fitted, validate_data
from threadpoolctl import threadpool_limits

Floats = NDArray[np.float64]
#: Weights are kept to so many decimals, so that the last bits of a sum don't reach the model file.
DECIMALS = 6
_MULTILABEL = "multilabel-indicator"


class LineScorer(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    r"""Logistic regression for each label on its own, with scores turned into probabilities on held-out cases.

    The score of a label, :math:`f = w \cdot x + b`, becomes :math:`1 / (1 + e^{-(af + c)})` (Platt 1999). One ``a``
    and ``c`` serve all labels, since each label alone has too few cases; the targets are smoothed as Platt does.

    Parameters
    ----------
    C : float
        Inverse strength of the penalty.
    n_splits : int
        Folds by which held-out scores are made, where ``fit`` isn't given any.

    Attributes
    ----------
    classes_ : numpy.ndarray
        The classes, or the numbers of the columns of ``y`` where it is an indicator matrix.
    coef_, intercept_ : numpy.ndarray, shape (n_labels, n_features) and (n_labels,)
    slope_, offset_ : float
        ``a`` and ``c``.

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [2.0], [3.0], [0.2], [2.8]])
    >>> LineScorer(n_splits=3).fit(X, [0, 0, 1, 1, 0, 1]).predict([[0.1], [2.9]]).tolist()
    [0, 1]
    """

    def __init__(self, *, C: float = 10.0, n_splits: int = 5) -> None:  # noqa: N803
        self.C = C
        self.n_splits = n_splits

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.classifier_tags.multi_label = True
        return tags

    def fit(self, X: Any, y: Any, held_out_scores: Floats | None = None) -> "LineScorer":  # noqa: N803
        """Learn weights, and how scores become probabilities.

        Parameters
        ----------
        X : array or sparse matrix, shape (n_cases, n_features)
        y : array, shape (n_cases,) of classes or (n_cases, n_labels) of 0 and 1
        held_out_scores : numpy.ndarray, shape (n_cases, n_labels), optional
            Score of each case by a model that didn't see it; NaN where there is none. Default: from ``n_splits`` folds
            of the cases in their order.
        """
        X, y = validate_data(self, X, y, accept_sparse="csr", multi_output=True, dtype=np.float64)  # noqa: N806
        check_classification_targets(y)
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        self.multilabel_ = type_of_target(y) == _MULTILABEL
        self.classes_ = np.arange(y.shape[1]) if self.multilabel_ else unique_labels(y)
        if len(self.classes_) < 2:
            raise ValueError("LineScorer needs at least 2 classes or labels; y has 1 class")
        marks = np.asarray(y if self.multilabel_ else y[:, None] == self.classes_, dtype=np.int64)
        with threadpool_limits(limits=1):
            self.coef_, self.intercept_ = fit_weights(X, marks, self.C)
            if np.isnan(self.intercept_).any():
                raise ValueError("each label needs cases with it and cases without it; leave out the others")
            scores = self._hold_out(X, marks) if held_out_scores is None else held_out_scores
            self.slope_, self.offset_ = fit_sigmoid(scores, marks)
        return self

    def _hold_out(self, X: Any, marks: NDArray[np.int64]) -> Floats:  # noqa: N803
        scores = np.full(marks.shape, np.nan)
        for train, test in self._folds(len(marks)):
            scores[test] = score_rows(X[test], *fit_weights(X[train], marks[train], self.C))
        return scores

    def _folds(self, n: int) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        yield from KFold(min(self.n_splits, n), shuffle=True, random_state=0).split(np.empty(n))

    def decision_function(self, X: Any) -> Floats:  # noqa: N803
        """Return the log-odds of each label; of the second class alone where there are two classes."""
        logits = self._logits(X)
        if not self.multilabel_ and len(self.classes_) == 2:
            logits = (logits[:, 1] - logits[:, 0]) / 2
        return logits

    def predict_proba(self, X: Any) -> Floats:  # noqa: N803
        """Return the probability of each label; those of classes sum to 1, those of an indicator matrix needn't."""
        logits = self._logits(X)
        if self.multilabel_:
            return expit(logits)
        if len(self.classes_) == 2:
            second = expit((logits[:, 1] - logits[:, 0]) / 2)
            return np.column_stack([1 - second, second])
        share: Floats = expit(logits)
        share /= share.sum(axis=1, keepdims=True)
        return share

    def predict(self, X: Any) -> NDArray[Any]:  # noqa: N803
        """Return the likeliest class, or 1 for each label that is likelier than not."""
        logits = self._logits(X)
        if self.multilabel_:
            return (logits > 0).astype(np.int64)
        return self.classes_[logits.argmax(axis=1)]  # type: ignore[no-any-return]

    def _logits(self, X: Any) -> Floats:  # noqa: N803
        check_is_fitted(self)
        X = validate_data(self, X, accept_sparse="csr", dtype=np.float64, reset=False)  # noqa: N806
        return self.slope_ * score_rows(X, self.coef_, self.intercept_) + self.offset_


def fit_weights(X: Any, marks: NDArray[np.int64], C: float) -> tuple[Floats, Floats]:  # noqa: N803
    """Return coefficients and intercepts of one logistic regression per column of ``marks``, cases balanced.

    A label that all cases have, or none, gets no weights and the intercept NaN: nothing is known of it.
    """
    coef, intercept = np.zeros((marks.shape[1], X.shape[1])), np.full(marks.shape[1], np.nan)
    for k, mark in enumerate(marks.T):
        if 0 < mark.sum() < len(mark):
            model = LogisticRegression(C=C, class_weight="balanced", solver="liblinear", tol=1e-6, max_iter=1000)
            model.fit(X, mark)
            coef[k] = np.round(model.coef_[0], DECIMALS)
            intercept[k] = np.round(model.intercept_[0], DECIMALS)
    return coef + 0.0, intercept + 0.0  # no negative zeros


def score_rows(X: Any, coef: Floats, intercept: Floats) -> Floats:  # noqa: N803
    """Return the score of each label, shape (n_cases, n_labels)."""
    return np.asarray(X @ coef.T) + intercept


def fit_sigmoid(scores: Floats, marks: NDArray[np.int64]) -> tuple[float, float]:
    """Return slope and offset of the sigmoid through held-out scores of all labels (Platt 1999); NaN is left out.

    Examples
    --------
    Scores without worth give every case the same probability: half of them are right.

    >>> slope, offset = fit_sigmoid(np.zeros((4, 1)), np.array([[0], [1], [0], [1]]))
    >>> round(float(expit(offset)), 3)
    0.5
    """
    known = ~np.isnan(scores)
    score, mark = scores[known], marks[known]
    n_yes, n_no = int(mark.sum()), int((1 - mark).sum())
    if not (n_yes and n_no):
        raise ValueError("calibration needs held-out cases with and without a label; give more cases of each class")
    target = np.where(mark == 1, (n_yes + 1) / (n_yes + 2), 1 / (n_no + 2))
    model = LogisticRegression(C=1e6, tol=1e-10, max_iter=1000)
    twice = np.concatenate([score, score])[:, None]
    sides = np.repeat([1, 0], len(score))
    model.fit(twice, sides, sample_weight=np.concatenate([target, 1 - target]))
    return float(np.round(model.coef_[0, 0], DECIMALS)), float(np.round(model.intercept_[0], DECIMALS))
