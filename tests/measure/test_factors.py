import numpy as np
import pytest
from scipy import sparse
from scipy.special import digamma
from sklearn.decomposition import NMF, LatentDirichletAllocation
from sklearn.feature_extraction.text import TfidfTransformer
from threadpoolctl import threadpool_limits

from textmine.measure import factors
from textmine.measure.factors import factorize, fit_terms
from textmine.measure.topic_match import match_topics

from .planted import plant


def many(seed=1):
    """Counts with eight planted topics, and which columns each owns."""
    counts, _ = plant(seed, n_topics=8, n_sections=24)
    own = np.array([[term.startswith(str(k)) for term in counts.terms] for k in range(8)], dtype=float)
    return sparse.csr_array(counts.matrix, dtype=float), own


def infer_by_hand(counts, terms, prior):
    """The variational posterior of one row (Blei, Ng and Jordan 2003, figure 6): its topics, and terms by topic."""
    gamma = np.ones(len(terms))
    for _ in range(500):
        phi = terms * np.exp(digamma(gamma))[:, None]
        phi /= phi.sum(axis=0)
        gamma = prior + phi @ counts
    return gamma, phi * counts


def test_lda_by_hand(monkeypatch):
    monkeypatch.setattr(factors, "LDA_STEPS", 500)
    matrix = sparse.csr_array(plant(1)[0].matrix, dtype=float)
    weighted = TfidfTransformer(sublinear_tf=True, smooth_idf=False).fit_transform(matrix)
    nmf = NMF(3, init="nndsvda", random_state=0, max_iter=400)
    amounts = nmf.fit_transform(weighted) * nmf.components_.sum(axis=1)
    dense = matrix.toarray()
    lam = factors.TERM_PRIOR + (amounts / amounts.sum(axis=1, keepdims=True)).T @ dense
    for _ in range(factors.LDA_PASSES):
        beta = np.exp(digamma(lam) - digamma(lam.sum(axis=1, keepdims=True)))
        lam = factors.TERM_PRIOR + sum(infer_by_hand(row, beta, factors.TOPIC_PRIOR)[1] for row in dense)
    fit = factorize(matrix, 3, method="lda", seed=0)
    assert fit.terms == pytest.approx(lam / lam.sum(axis=1, keepdims=True), abs=1e-4)
    beta = np.exp(digamma(lam) - digamma(lam.sum(axis=1, keepdims=True)))
    gamma = np.array([infer_by_hand(row, beta, factors.TOPIC_PRIOR)[0] for row in dense])
    assert fit.weights == pytest.approx(gamma / gamma.sum(axis=1, keepdims=True), abs=1e-3)


@pytest.mark.parametrize("method", ["nmf", "lda"])
@pytest.mark.parametrize("seed", range(4))
def test_planted_topics_are_found_from_every_start(method, seed):
    matrix, own = many()
    weighted = factors.Weighting(matrix, method).apply(matrix)
    assert match_topics(own, fit_terms(weighted, 8, method=method, seed=seed))[1].min() > 0.7


def test_lda_fits_unseen_text_better_than_from_a_random_start():
    matrix, _ = many()
    unseen, _ = many(2)
    mine = factorize(matrix, 8, method="lda", seed=0).model
    priors = {"doc_topic_prior": factors.TOPIC_PRIOR, "topic_word_prior": factors.TERM_PRIOR}
    for seed in range(2):
        other = LatentDirichletAllocation(8, max_iter=20, random_state=seed, **priors).fit(matrix)
        assert mine.perplexity(unseen) < other.perplexity(unseen)


@pytest.mark.parametrize("method", ["nmf", "lda"])
def test_same_bytes_whatever_the_threads(method):
    matrix, _ = many()
    weighted = factors.Weighting(matrix, method).apply(matrix)
    one = factorize(weighted, 8, method=method, seed=3)
    with threadpool_limits(2):
        other = factorize(weighted, 8, method=method, seed=3)
    assert one.terms.tobytes() == other.terms.tobytes()
    assert one.weights.tobytes() == other.weights.tobytes()


def test_lda_of_rows_and_terms_without_text():
    matrix, _ = many()
    none = sparse.csr_array((2, matrix.shape[1]))
    padded = sparse.csr_array(sparse.vstack([none, matrix]))
    fit = factorize(padded, 8, method="lda", seed=0)
    assert fit.weights[:2] == pytest.approx(1 / 8)
    assert np.isfinite(fit.terms).all()
    wider = sparse.csr_array(sparse.hstack([matrix, sparse.csr_array((matrix.shape[0], 3))]))
    assert factorize(wider, 8, method="lda", seed=0).terms[:, -3:].max() < 1e-3


def test_lda_of_more_topics_than_terms():
    fit = factorize(sparse.csr_array(np.eye(4) * 3), 6, method="lda", seed=0)
    assert fit.terms.sum(axis=1) == pytest.approx(1)
