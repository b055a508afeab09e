from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.utils.estimator_checks import parametrize_with_checks

from textmine.annotate.line_scorer import LineScorer, fit_sigmoid, fit_weights, score_rows


# Skipped by scikit-learn itself: array API input (off by default) and pandas objects where pandas isn't installed.
@parametrize_with_checks([LineScorer()])
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
@pytest.mark.filterwarnings("ignore:.*check_.*:UserWarning")
def test_estimator_checks(estimator: Any, check: Any) -> None:
    check(estimator)


@pytest.fixture
def cases() -> tuple[Any, Any]:
    rng = np.random.default_rng(3)
    X = rng.normal(size=(80, 5))  # noqa: N806
    return X, (X[:, :3] + rng.normal(scale=0.8, size=(80, 3)) > 0.4).astype(int)


def test_weights_are_those_of_another_solver(cases: tuple[Any, Any]) -> None:
    X, y = cases  # noqa: N806
    coef, intercept = fit_weights(X, y, 10.0)
    for k in range(3):
        # liblinear penalizes the constant; as a column of ones it is penalized here too
        ones = np.column_stack([X, np.ones(len(X))])
        other = LogisticRegression(C=10.0, class_weight="balanced", fit_intercept=False, tol=1e-10, max_iter=5000)
        other.fit(ones, y[:, k])
        np.testing.assert_allclose([*coef[k], intercept[k]], other.coef_[0], atol=2e-3)


def test_sigmoid_is_that_of_platt() -> None:
    scores, marks = np.array([[-2.0], [-1.0], [0.5], [-0.2], [1.0], [3.0]]), np.array([[0], [0], [0], [1], [1], [1]])
    target = np.where(marks == 1, 4 / 5, 1 / 5)  # (3 + 1) / (3 + 2) and 1 / (3 + 2)

    def loss(parameters: Any) -> float:
        p = expit(parameters[0] * scores + parameters[1])
        return float(-(target * np.log(p) + (1 - target) * np.log(1 - p)).sum())

    best = minimize(loss, [0.0, 0.0], tol=1e-12).x
    np.testing.assert_allclose(fit_sigmoid(scores, marks), best, atol=1e-4)


def test_sigmoid_leaves_out_what_was_not_scored() -> None:
    scores, marks = np.array([[-1.0, 0.3], [1.0, np.nan]]), np.array([[0, 1], [1, 0]])
    assert fit_sigmoid(scores, marks) == fit_sigmoid(np.array([[-1.0], [0.3], [1.0]]), np.array([[0], [1], [1]]))


def test_probabilities_by_hand(cases: tuple[Any, Any]) -> None:
    X, y = cases  # noqa: N806
    scorer = LineScorer().fit(X, y)
    score = X[7] @ scorer.coef_[1] + scorer.intercept_[1]
    by_hand = 1 / (1 + np.exp(-(scorer.slope_ * score + scorer.offset_)))
    assert scorer.predict_proba(X)[7, 1] == pytest.approx(by_hand)


def test_calibration_is_on_cases_held_out(cases: tuple[Any, Any]) -> None:
    X, _ = cases  # noqa: N806
    noise = np.random.default_rng(5).integers(0, 2, size=(80, 2))
    wide = np.column_stack([X, np.random.default_rng(6).normal(size=(80, 200))])
    own = score_rows(wide, *fit_weights(wide, noise, 10.0))
    assert ((own > 0) == noise).all()  # so many columns fit anything
    assert abs(LineScorer().fit(wide, noise).slope_) < 0.5  # what was learnt is worth nothing, and is said to be


def test_label_permutation_permutes_answers(cases: tuple[Any, Any]) -> None:
    X, y = cases  # noqa: N806
    order = [2, 0, 1]
    straight, turned = LineScorer().fit(X, y), LineScorer().fit(X, y[:, order])
    np.testing.assert_allclose(straight.predict_proba(X)[:, order], turned.predict_proba(X), atol=1e-5)


def test_label_without_cases_is_refused(cases: tuple[Any, Any]) -> None:
    X, y = cases  # noqa: N806
    y = y.copy()
    y[:, 0] = 0
    with pytest.raises(ValueError, match="each label needs cases"):
        LineScorer().fit(X, y)
