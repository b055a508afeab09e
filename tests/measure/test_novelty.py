import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.novelty import measure_novelty, smooth_distributions

from .matrices import counts_of

YEARS = list(range(2010, 2017))


def shares_of(seed, n=7, k=5):
    return np.random.default_rng(seed).dirichlet(np.ones(k), size=n)


def test_by_hand():
    """(1/2, 1/2) and (3/4, 1/4): 3/4 log2 3/2 + 1/4 log2 1/2 bits one way, 1/2 log2 2/3 + 1/2 log2 2 the other."""
    one, other = [0.5, 0.5], [0.75, 0.25]
    table = measure_novelty([one, other, one], editions=[2009, 2010, 2012], lang="zh")
    there = 0.75 * np.log2(1.5) - 0.25
    assert table["novelty"].to_list() == [None, pytest.approx(there), pytest.approx(0.5 * np.log2(2 / 3) + 0.5)]
    assert table["transience"].to_list() == [pytest.approx(0.5 * np.log2(2 / 3) + 0.5), pytest.approx(there), None]
    assert table["resonance"].to_list() == [None, pytest.approx(0), None]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1000), st.integers(1, 3))
def test_same_as_scipys_entropy(seed, window):
    shares = shares_of(seed)
    table = measure_novelty(shares, editions=YEARS, lang="en", window=window)
    for j, row in enumerate(table.iter_rows(named=True)):
        back = [stats.entropy(shares[j], shares[j - d], base=2) for d in range(1, window + 1) if j - d >= 0]
        ahead = [stats.entropy(shares[j], shares[j + d], base=2) for d in range(1, window + 1) if j + d < 7]
        assert row["novelty"] == (pytest.approx(np.mean(back)) if len(back) == window else None)
        assert row["transience"] == (pytest.approx(np.mean(ahead)) if len(ahead) == window else None)
        if None not in (row["novelty"], row["transience"]):
            assert row["resonance"] == pytest.approx(row["novelty"] - row["transience"])


def test_turning_the_series_round_swaps_novelty_and_transience():
    shares = shares_of(1)
    here = measure_novelty(shares, editions=YEARS, lang="en", window=2)
    there = measure_novelty(shares[::-1], editions=YEARS, lang="en", window=2)
    np.testing.assert_allclose(here["novelty"].to_numpy(), there["transience"].to_numpy()[::-1])


def test_order_of_features_does_not_matter_and_splitting_one_evenly_neither():
    shares = shares_of(2)
    split = np.column_stack([shares[:, ::-1], shares[:, 0] / 2])
    split[:, -2] /= 2
    here, there = (measure_novelty(values, editions=YEARS, lang="en") for values in (shares, split))
    np.testing.assert_allclose(here["novelty"].to_numpy(), there["novelty"].to_numpy())


def test_what_stays_resonates_and_what_passes_does_not():
    old, new = [0.9, 0.05, 0.05], [0.05, 0.9, 0.05]
    lasting = measure_novelty([old] * 3 + [new] * 4, editions=YEARS, lang="en", window=2)
    passing = measure_novelty([old] * 3 + [new] + [old] * 3, editions=YEARS, lang="en", window=2)
    assert lasting["resonance"][3] > 3
    assert passing["resonance"][3] == pytest.approx(0)


def test_smoothing_by_hand():
    counts = counts_of([[8, 0, 0], [1, 1, 0]], editions=[2009, 2010])
    # the prior: 9/10 and 1/10, worth half of an average row of 5
    np.testing.assert_allclose(smooth_distributions(counts), [[8.45 / 8.5, 0.05 / 8.5, 0], [1.45 / 2.5, 1.05 / 2.5, 0]])
    np.testing.assert_allclose(smooth_distributions(counts, alpha0=1e9), [[0.9, 0.1, 0]] * 2, atol=1e-6)
    table = measure_novelty(smooth_distributions(counts), editions=[2009, 2010], lang="en")
    assert table["novelty"][1] > 0


@pytest.mark.parametrize(
    ("shares", "editions", "message"),
    [
        ([[0.5, 0.5], [1.0, 0.0]], [2009, 2010], "2009 has something that 2010 has none of"),
        ([[0.5, 0.4], [0.5, 0.5]], [2009, 2010], "isn't one"),
        ([[0.5, 0.5], [0.5, 0.5]], [2010, 2009], "order"),
        ([[0.5, 0.5]], [2009, 2010], "2 editions"),
    ],
)
def test_what_has_no_divergence_is_refused(shares, editions, message):
    with pytest.raises(ContractError, match=message):
        measure_novelty(shares, editions=editions, lang="en")


def test_other_unusable_input():
    with pytest.raises(UnknownOptionError, match="window"):
        measure_novelty([[1.0]], editions=[2009], lang="en", window=0)
    with pytest.raises(UnknownOptionError, match="alpha0"):
        smooth_distributions(counts_of([[1]]), alpha0=-1)
    with pytest.raises(ContractError, match="empty"):
        smooth_distributions(counts_of([[0]]))
    assert measure_novelty([[1.0]], editions=[2009], lang="en")["novelty"].to_list() == [None]
