import math

import numpy as np
import polars as pl
import pytest
from scipy import sparse, stats
from scipy.stats import ecdf

from textmine.measure.counts import Counts
from textmine.measure.topic_match import match_topics, run_halves
from textmine.measure.topic_quality import (
    CoOccurrence,
    adjust_holm,
    join_p_values,
    measure_coherence,
    measure_diversity,
    measure_frex,
    rank_terms,
)

from .planted import plant, scatter


def counts_of(matrix):
    matrix = np.asarray(matrix)
    rows = pl.DataFrame({"paragraph": range(len(matrix))})
    return Counts(sparse.csr_array(matrix), rows, tuple(f"t{i:02}" for i in range(matrix.shape[1])))


def test_coherence_by_hand():
    """Of 8 paragraphs 4 have a, 2 have b, 2 both: ln((1/4) / (1/2 · 1/4)) / -ln(1/4) = 1/2; c never meets them."""
    counts = counts_of([[1, 5, 0], [2, 1, 0], [1, 0, 0], [3, 0, 0], *[[0, 0, 1]] * 3, [0, 0, 0]])
    assert measure_coherence(counts, np.array([[0, 1], [0, 2], [1, 2]])).tolist() == pytest.approx([0.5, -1, -1])
    assert measure_coherence(counts, np.array([[0, 1, 2]]))[0] == pytest.approx((0.5 - 1 - 1) / 3)
    same = counts_of([[1, 1], [1, 1], [0, 0]])
    assert measure_coherence(same, np.array([[0, 1]]))[0] == pytest.approx(1)
    assert measure_coherence(counts_of([[1, 1], [1, 1]]), np.array([[0, 1]]))[0] == 0


def test_coherence_as_gensims():
    corpora = pytest.importorskip("gensim.corpora", reason="gensim is of the group bench")
    from gensim.models import CoherenceModel

    counts = scatter(4, n_rows=80, n_terms=12)
    texts = [
        [term for term, n in zip(counts.terms, row, strict=True) for _ in range(n)] for row in counts.matrix.toarray()
    ]
    top = np.array([[0, 3, 5, 7], [1, 2, 4, 6]])
    topics = [[counts.terms[i] for i in row] for row in top]
    # A window longer than any text makes gensim's windows our paragraphs.
    model = CoherenceModel(
        topics=topics,
        texts=texts,
        dictionary=corpora.Dictionary(texts),
        coherence="c_npmi",
        window_size=1000,
        processes=1,
    )
    assert measure_coherence(counts, top).tolist() == pytest.approx(model.get_coherence_per_topic(), abs=1e-9)


def test_coherence_and_the_order_or_repetition_of_paragraphs():
    counts, top = scatter(1), np.array([[0, 1, 2], [3, 4, 5]])
    value = measure_coherence(counts, top)
    assert measure_coherence(counts_of(counts.matrix.toarray()[::-1]), top) == pytest.approx(value)
    assert measure_coherence(counts_of(np.repeat(counts.matrix.toarray(), 2, axis=0)), top) == pytest.approx(value)
    assert measure_coherence(counts, top[:, ::-1]) == pytest.approx(value)


def test_diversity_is_the_share_of_different_terms():
    top = np.array([[0, 1, 2], [2, 3, 4], [2, 5, 0]])
    own = measure_diversity(top)
    assert own.tolist() == pytest.approx([(0.5 + 1 + 1 / 3) / 3, (1 / 3 + 1 + 1) / 3, (1 / 3 + 1 + 0.5) / 3])
    assert own.mean() == pytest.approx(len(np.unique(top)) / top.size)


def test_frex_by_hand_and_by_scipys_distribution():
    """Exclusivity of topic 0: 1, 1/2, 1/4; frequency 4/8, 3/8, 1/8: ranks 3, 2, 1 of 3 in both."""
    terms = np.array([[4, 3, 1], [0, 3, 3]]) / [[8], [6]]
    terms[1] = [0, 3 / 8, 3 / 8]
    assert measure_frex(terms)[0].tolist() == pytest.approx([1, 2 / 3, 1 / 3])
    terms = np.random.default_rng(0).dirichlet(np.ones(20), 3)
    exclusive = terms / terms.sum(axis=0)
    for k in range(3):
        by = [ecdf(values[k]).cdf.evaluate(values[k]) for values in (exclusive, terms)]
        assert measure_frex(terms)[k] == pytest.approx(1 / (0.7 / by[0] + 0.3 / by[1]))


def test_ties_by_term():
    assert rank_terms(np.array([[1.0, 3, 3, 1]]), 3)[0].tolist() == [1, 2, 0]


def test_terms_without_weight_are_none():
    """Lists differ in length: a topic has no term that it gives nothing."""
    assert [top.tolist() for top in rank_terms(np.array([[0.0, 3, 0], [1, 2, 3], [0, 0, 0]]), 5)] == [
        [1],
        [2, 1, 0],
        [],
    ]
    top = rank_terms(np.array([[0.0, 3, 0], [1, 2, 0], [0, 0, 0]]), 5)
    counts = counts_of([[1, 1, 0], [0, 1, 1], [1, 1, 1], [0, 0, 1]])
    assert measure_coherence(counts, top).tolist() == pytest.approx([0, np.log(4 / 3) / np.log(2), 0])
    assert measure_diversity(top).tolist() == [0.5, 0.75, 0]
    assert CoOccurrence(counts.matrix).test(np.ones(4, dtype=bool), top)[[0, 2]].tolist() == [1, 1]


def test_co_occurrence_by_hand():
    """One band: 4 paragraphs, a in 2, b in 2, 2 meetings; expected 2 · 2 / 4 = 1; P(X >= 2) = 1 - 2/e."""
    matrix = sparse.csr_array([[1, 1, 0, 0], [2, 1, 0, 0], [0, 0, 1, 1], [0, 0, 1, 3]])
    p = CoOccurrence(matrix).test(np.ones(4, dtype=bool), np.array([[0, 1], [0, 2]]))
    assert p.tolist() == pytest.approx([1 - 2 / math.e, 1])


def test_co_occurrence_expects_what_shuffling_gives():
    """Mean of the meetings over shuffles within bands of length, and a p no smaller than theirs."""
    counts, columns = scatter(2), np.array([0, 1, 4, 9, 15])
    test = CoOccurrence(counts.matrix)
    present = counts.matrix.toarray() > 0
    lengths = present.sum(axis=1)
    edges = np.unique(np.quantile(lengths, np.linspace(0, 1, 11)[1:-1]))
    bands = np.searchsorted(edges, lengths, side="right")
    rng = np.random.default_rng(0)
    met = []
    for _ in range(400):
        drawn = np.zeros((len(bands), len(columns)))
        for band in np.unique(bands):
            inside = np.flatnonzero(bands == band)
            for j, column in enumerate(columns):
                drawn[inside, j] = rng.permutation(present[inside, column])
        m = drawn.sum(axis=1)
        met.append((m * (m - 1) / 2).sum())
    m = present[:, columns].sum(axis=1)
    observed = (m * (m - 1) / 2).sum()
    p = test.test(np.ones(len(bands), dtype=bool), columns[None])[0]
    expected = next(mu for mu in np.arange(1, 2000, 0.05) if stats.poisson.sf(observed - 1, mu) >= p - 1e-12)
    assert expected == pytest.approx(np.mean(met), rel=0.02)
    assert p >= (np.array(met) >= observed).mean() - 0.05


def test_co_occurrence_of_chance_has_no_small_p():
    rng = np.random.default_rng(0)
    p = []
    for seed in range(20):
        counts = scatter(seed)
        top = np.stack([rng.choice(60, 6, replace=False) for _ in range(5)])
        p += CoOccurrence(counts.matrix).test(rng.random(150) < 0.5, top).tolist()
    assert np.mean(np.array(p) <= 0.05) <= 0.05


def test_p_values_joined_and_adjusted():
    assert join_p_values(np.array([[0.01, 0.9], [0.02, 0.8], [0.5, 0.7]])).tolist() == pytest.approx([0.04, 1])
    p = np.random.default_rng(0).random(20) ** 3
    slow = [max(min(1, p[j] * (p >= p[j]).sum()) for j in range(20) if p[j] <= p[i]) for i in range(20)]
    assert adjust_holm(p) == pytest.approx(slow)


def test_matching_finds_a_permutation_and_beats_the_greedy():
    rng = np.random.default_rng(0)
    terms = rng.dirichlet(np.ones(30) * 0.1, 6)
    order = rng.permutation(6)
    partner, similarity = match_topics(terms, terms[order] * 3)
    assert order[partner].tolist() == list(range(6))
    assert similarity == pytest.approx(1)
    one = np.array([[1.0, 1, 0], [1, 0, 0]])
    other = np.array([[1.0, 0.9, 0], [0, 1, 0]])  # the greedy would give the first its best and leave the second 0
    partner, similarity = match_topics(one, other)
    assert partner.tolist() == [1, 0]
    assert similarity.sum() == pytest.approx(math.sqrt(0.5) + 1 / math.sqrt(1.81))


def test_halves_are_complementary_and_keep_clusters_whole():
    counts = plant(0)[0]
    clusters = np.arange(counts.rows.height) // 4
    runs = run_halves(counts.matrix.astype(float), clusters, 2, method="nmf", n_runs=4, seed=0, say=lambda _: None)
    for one, other in zip(runs[::2], runs[1::2], strict=True):
        assert (one.seen ^ other.seen).all()
        assert set(clusters[one.seen]).isdisjoint(clusters[other.seen])
    assert (runs[0].seen != runs[2].seen).any()
