from unittest.mock import patch

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import nnls
from sklearn.decomposition import NMF

from textmine.measure import topic_choice
from textmine.measure.factors import Weighting, factorize, normalize, solve_terms
from textmine.measure.topic_choice import (
    _error_of_block,
    _error_of_completion,
    _halve_occurrences,
    _sample_clusters,
    measure_fit,
    within_one_standard_error,
)

from .planted import plant, scatter


def silent(_):
    pass


def fit_errors(counts, grid, method="nmf", n_folds=4):
    matrix = Weighting(counts.matrix, method).apply(counts.matrix)
    clusters = np.arange(counts.rows.height) // 4
    return measure_fit(matrix, clusters, grid, method=method, n_folds=n_folds, seed=0, say=silent)


def test_held_out_text_prefers_the_planted_number_of_lda():
    errors = fit_errors(plant(0)[0], (1, 3), "lda", n_folds=2)
    assert (errors[0] > errors[1]).all()


def test_held_out_text_prefers_the_planted_number():
    errors = fit_errors(plant(0, n_sections=12)[0], (1, 2, 3, 8)).mean(axis=1)
    assert errors.argmin() in (2, 3)
    assert errors[0] > errors[1] > errors[2]
    assert abs(errors[3] - errors[2]) < (errors[1] - errors[2])


def test_noise_is_fitted_best_by_few():
    errors = fit_errors(scatter(0), (1, 4, 12))
    assert errors.mean(axis=1).argmin() == 0


def test_a_sample_is_of_whole_clusters():
    clusters = np.array([0, 0, 0, 1, 2, 2, 3, 3, 3, 3, 4])
    matrix = sparse.csr_array(np.arange(11.0)[:, None])
    with patch.object(topic_choice, "CHOICE_ROWS", 6):
        samples = [_sample_clusters(matrix, clusters, 2, np.random.default_rng(seed)) for seed in range(20)]
    for rows, numbers in samples:
        taken = rows.toarray().ravel().astype(int)
        assert taken.tolist() == np.flatnonzero(np.isin(clusters, clusters[taken])).tolist()
        assert numbers.tolist() == np.unique(clusters[taken], return_inverse=True)[1].tolist()
        assert len(taken) <= 6 or len(np.unique(numbers)) == 2
    assert {cluster for rows, _ in samples for cluster in clusters[rows.toarray().ravel().astype(int)]} == set(range(5))


def test_folds_need_their_clusters_however_large():
    clusters = np.repeat(np.arange(5), 10)
    with patch.object(topic_choice, "CHOICE_ROWS", 6):
        rows, numbers = _sample_clusters(sparse.csr_array(np.eye(50)), clusters, 4, np.random.default_rng(0))
    assert rows.shape[0] == 40
    assert numbers.tolist() == np.repeat(np.arange(4), 10).tolist()


def test_a_sample_prefers_the_planted_number_of_lda_too():
    counts = plant(0, n_sections=24)[0]
    whole = {method: fit_errors(counts, (1, 3), method) for method in ("nmf", "lda")}
    with patch.object(topic_choice, "CHOICE_ROWS", counts.rows.height // 2):
        part = {method: fit_errors(counts, (1, 3), method) for method in whole}
    assert part["nmf"].tolist() == whole["nmf"].tolist()
    assert part["lda"].tolist() != whole["lda"].tolist()
    assert part["lda"][0].mean() > part["lda"][1].mean()


def test_error_of_a_block_by_hand():
    """As Owen and Perry have it, with scipy's non-negative least squares instead of coordinate descent."""
    matrix = Weighting(plant(0)[0].matrix, "nmf").apply(plant(0)[0].matrix)
    rng = np.random.default_rng(0)
    out = np.arange(matrix.shape[0]) < 16
    columns = rng.permutation(matrix.shape[1])
    kept, held = np.sort(columns[:32]), np.sort(columns[32:])
    dense = matrix.toarray()
    model = NMF(3, init="nndsvda", max_iter=400, random_state=0).fit(dense[~out][:, kept])
    left = model.transform(dense[~out][:, kept])
    weights = np.array([nnls(model.components_.T, row)[0] for row in dense[out][:, kept]])
    terms = np.array([nnls(left, column)[0] for column in dense[~out][:, held].T]).T
    target = dense[out][:, held]
    expected = ((target - weights @ terms) ** 2).sum() / (target**2).sum()
    assert _error_of_block(matrix, out, (kept, held), 3, 0) == pytest.approx(expected, rel=0.02)


def test_document_completion_by_hand():
    counts = plant(0)[0]
    matrix = sparse.csr_array(counts.matrix, dtype=float)
    given, target = _halve_occurrences(matrix[:10], np.random.default_rng(0))
    assert (given + target - matrix[:10]).nnz == 0
    model = factorize(matrix[10:], 3, method="lda", seed=0).model
    shares = model.transform(given)
    words = model.components_ / model.components_.sum(axis=1, keepdims=True)
    dense = target.toarray()
    expected = -(dense * np.log(shares @ words)).sum() / dense.sum()
    assert _error_of_completion(matrix[10:], (given, target), 3, 0) == pytest.approx(expected)


def test_one_standard_error():
    errors = np.array([[1.0, 2, 3], [0.9, 1.9, 3.05], [0.5, 1.5, 2.5], [0.55, 1.45, 2.56]])
    within, excess, se = within_one_standard_error(errors)
    assert within.tolist() == [False, False, True, True]
    difference = errors[3] - errors[2]
    assert excess[3] == pytest.approx(difference.mean())
    assert se[3] == pytest.approx(difference.std(ddof=1) / np.sqrt(3))
    shifted, *_ = within_one_standard_error(
        errors + np.array([5, -2, 7])
    )  # what all choices have in common doesn't count
    assert shifted.tolist() == within.tolist()


def test_terms_solved_are_least_squares():
    rng = np.random.default_rng(1)
    weights = rng.random((30, 3))
    matrix = sparse.csr_array(rng.random((30, 5)))
    expected = np.array([nnls(weights, column)[0] for column in matrix.toarray().T]).T
    assert solve_terms(matrix, weights) == pytest.approx(expected, abs=0.01)


def test_normalize_leaves_nothing_alone():
    assert normalize(np.array([[1.0, 3], [0, 0]])).tolist() == [[0.25, 0.75], [0, 0]]


def test_more_topics_than_terms_start_at_random():
    fit = factorize(sparse.csr_array(np.eye(4)), 6, method="nmf", seed=0)
    assert fit.terms.shape == (6, 4)
