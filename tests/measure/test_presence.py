import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from textmine.measure import presence
from textmine.measure.presence import presence_odds, presence_tails


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.data())
def test_with_even_odds_it_is_fishers_exact_test(n, m, data):
    spread = data.draw(st.integers(0, n + m))
    found = data.draw(st.integers(max(0, spread - m), min(n, spread)))
    less, greater, least = (
        values[0] for values in presence_tails(np.array([found]), np.array([spread]), n, m, np.ones(1))
    )
    table = [[found, spread - found], [n - found, m - spread + found]]
    assert less == pytest.approx(stats.fisher_exact(table, alternative="less").pvalue, rel=1e-9)
    assert greater == pytest.approx(stats.fisher_exact(table, alternative="greater").pvalue, rel=1e-9)
    assert least == pytest.approx(stats.hypergeom.pmf(min(n, spread), n + m, spread, n), rel=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 30), st.integers(1, 30), st.floats(0.1, 10), st.data())
def test_with_other_odds_it_is_scipys_noncentral_hypergeometric(n, m, odds, data):
    spread = data.draw(st.integers(1, n + m))
    found = data.draw(st.integers(max(0, spread - m), min(n, spread)))
    less, greater, _ = (values[0] for values in presence_tails(np.array([found]), np.array([spread]), n, m, [odds]))
    theirs = stats.nchypergeom_fisher(n + m, spread, n, odds)
    points = np.arange(max(0, spread - m), min(n, spread) + 1)
    weights = theirs.pmf(points)
    assert less == pytest.approx(weights[points <= found].sum(), rel=1e-6)
    assert greater == pytest.approx(weights[points >= found].sum(), rel=1e-6)


def test_many_terms_at_once_are_each_as_alone(monkeypatch):
    rng = np.random.default_rng(0)
    spread = rng.integers(0, 50, 40)
    found = np.minimum(spread, rng.integers(0, 20, 40))
    odds = rng.uniform(0.5, 2, 40)
    whole = presence_tails(found, spread, 30, 60, odds)
    monkeypatch.setattr(presence, "CHUNK", 7)
    np.testing.assert_allclose(presence_tails(found, spread, 30, 60, odds), whole)
    assert all(len(values) == 0 for values in presence_tails(found[:0], spread[:0], 30, 60, odds[:0]))


def test_far_tails_do_not_vanish():
    _, greater, _ = presence_tails(np.array([100]), np.array([100]), 100, 10_000, np.ones(1))
    assert np.log(greater[0]) == pytest.approx(stats.hypergeom.logpmf(100, 10_100, 100, 100), rel=1e-9)


def test_odds_by_hand():
    """One word a paragraph against two: 1 - e^-x of them has the term, or 1 - e^-2x; together one of two."""
    odds = presence_odds(np.array([1, 2]), np.array([False, True]), np.array([1]))[0]
    share = 1 - (np.sqrt(5) - 1) / 2  # e^-x + e^-2x = 1, so e^-x is the golden section
    other = 1 - share
    assert odds == pytest.approx((other / (1 - other)) / (share / (1 - share)))


def test_equal_lengths_give_even_odds():
    odds = presence_odds(np.full(30, 12), np.arange(30) < 9, np.arange(31))
    np.testing.assert_allclose(odds, 1)


def test_longer_target_paragraphs_are_allowed_for():
    """Paragraphs three times as long, the same words: few p-values below 5 %, where Fisher's test has most."""
    rng = np.random.default_rng(1)
    is_target = np.arange(200) < 100
    lengths = np.where(is_target, 90, 30)
    present = rng.random((200, 400)) < -np.expm1(-rng.uniform(0.001, 0.02, 400) * lengths[:, None])
    found, spread = present[is_target].sum(axis=0), present.sum(axis=0)
    _, plain, _ = presence_tails(found, spread, 100, 100, np.ones(400))
    _, fair, _ = presence_tails(found, spread, 100, 100, presence_odds(lengths, is_target, spread))
    assert (plain < 0.05).mean() > 0.7
    assert (fair < 0.05).mean() < 0.06


def test_one_in_twenty_is_at_most_five_percent():
    """The only paragraph with a term is the only one of the target, of twenty: 1/20, on every machine."""
    _, greater, least = presence_tails(np.array([1]), np.array([1]), 1, 19, np.ones(1))
    assert greater[0] == least[0] == 0.05
