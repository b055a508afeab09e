import itertools
import math

import numpy as np
import pytest
import ruptures
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from textmine.errors import UnknownOptionError
from textmine.measure.segmentation import MAX_BREAKS, MIN_SIZE, score_series, segment_series

RISE = np.array([1.0, 2, 1, 1, 2, 1, 8, 9, 8, 7])
SIZES = np.array([40.0, 30, 50, 40, 40, 60, 30, 40, 40, 40])


def deviance(hits: np.ndarray, sizes: np.ndarray, cost: str) -> float:
    """Misfit of one segment, from the formula of each edition."""
    if cost == "gaussian":
        weights, shares = sizes / 1.0, hits / sizes
        return float((weights * (shares - np.average(shares, weights=weights)) ** 2).sum())
    share = hits.sum() / sizes.sum()
    above = special.xlogy(hits, hits / (sizes * share)) if share else np.zeros(len(hits))
    below = special.xlogy(sizes - hits, (sizes - hits) / (sizes * (1 - share))) if share < 1 else np.zeros(len(hits))
    return float(2 * (above + below).sum())


def search_by_hand(hits: np.ndarray, sizes: np.ndarray, cost: str) -> tuple[float, tuple[int, ...]]:
    """Try every segmentation there is."""
    n = len(hits)
    weights = sizes if cost == "binomial" else sizes / sizes.mean()
    scale = weights / sizes  # gaussian costs have weights of mean 1

    def fit(cuts: tuple[int, ...]) -> float:
        edges = [0, *cuts, n]
        parts = [slice(a, b) for a, b in itertools.pairwise(edges)]
        total = sum(deviance(hits[part] * scale[part], weights[part], cost) for part in parts)
        phi = max(total / (n - len(cuts) - 1), 1.0 if cost == "binomial" else 1e-50)
        return n * math.log(phi) + total / phi + 3 * len(cuts) * math.log(n)

    found = []
    for m in range(1, MAX_BREAKS + 1):
        for cuts in itertools.combinations(range(1, n), m):
            edges = [0, *cuts, n]
            if min(b - a for a, b in itertools.pairwise(edges)) >= MIN_SIZE:
                found.append((fit(()) - fit(cuts), cuts))
    return max(found, key=lambda item: item[0])


def test_a_step_by_hand() -> None:
    # Shares 1/4 and 3/4 in eight paragraphs each: D0 = 2 * 4 * [2 ln(1/2) + 6 ln(3/2)], D1 = 0, T = 4.
    d0 = 8 * (2 * math.log(0.5) + 6 * math.log(1.5))
    phi = d0 / 3
    expected = 4 * math.log(phi) + 3 - 3 * math.log(4)
    hits, sizes = np.array([2.0, 2, 6, 6]), np.full(4, 8.0)
    assert phi > 1
    assert score_series(hits[:, None], sizes[:, None])[0] == pytest.approx(expected)
    # Of the six ways to place two high editions among four, two break cleanly in the middle: exact p = 1/3.
    found = segment_series(hits, sizes)
    assert found.exact
    assert found.p == pytest.approx(1 / 3)


@pytest.mark.parametrize("cost", ["binomial", "gaussian"])
@given(data=st.data())
@settings(max_examples=15, deadline=None)
def test_the_search_is_exact(cost: str, data: st.DataObject) -> None:
    n = data.draw(st.integers(4, 10))
    sizes = np.array(data.draw(st.lists(st.integers(5, 60), min_size=n, max_size=n)), dtype=float)
    hits = np.array([float(data.draw(st.integers(0, int(size)))) for size in sizes])
    score, _ = search_by_hand(hits, sizes, cost)
    if score < 60:  # rounding decides about the score of a perfect fit
        assert score_series(hits[:, None], sizes[:, None], cost=cost)[0] == pytest.approx(score, abs=1e-6)


def test_places_are_those_of_ruptures() -> None:
    rng = np.random.default_rng(4)
    for seed in range(20):
        levels = np.repeat(rng.uniform(0.1, 0.9, 3), [6, 5, 7])
        hits = rng.binomial(400, levels).astype(float)
        found = segment_series(hits, np.full(18, 400.0), cost="gaussian", n_permutations=1, seed=seed)
        n_breaks = len(found.breaks)
        if n_breaks:
            theirs = ruptures.Dynp(model="l2", min_size=MIN_SIZE, jump=1).fit(hits / 400).predict(n_bkps=n_breaks)
            kernel = ruptures.KernelCPD(kernel="linear", min_size=MIN_SIZE).fit(hits / 400).predict(n_bkps=n_breaks)
            assert [each.position for each in found.breaks] == theirs[:-1] == kernel[:-1]


def test_all_orders_give_the_exact_p_of_a_short_series() -> None:
    hits, sizes = np.array([1.0, 1, 2, 7, 8, 6]), np.full(6, 20.0)
    observed = score_series(hits[:, None], sizes[:, None])[0]
    scores = [score_series(hits[list(order), None], sizes[:, None])[0] for order in itertools.permutations(range(6))]
    assert segment_series(hits, sizes).p == pytest.approx(np.mean(np.array(scores) >= observed - 1e-9))


def test_reversed_relabelled_and_multiplied() -> None:
    found = segment_series(RISE, SIZES)
    back = segment_series(RISE[::-1].copy(), SIZES[::-1].copy())
    assert [each.position for each in found.breaks] == [6]
    assert [10 - each.position for each in back.breaks] == [6]
    assert back.score == pytest.approx(found.score)
    assert sorted(10 - place for place in back.breaks[0].likely) == sorted(found.breaks[0].likely)
    # Untagged paragraphs are the tagged ones of the opposite concept.
    opposite = segment_series(SIZES - RISE, SIZES)
    assert (opposite.score, opposite.p) == (pytest.approx(found.score), found.p)
    # Ten times the paragraphs, the same shares: surer.
    assert segment_series(RISE * 10, SIZES * 10).score > found.score


def test_two_runs_agree_and_another_seed_gives_about_the_same() -> None:
    one, two, other = (segment_series(RISE, SIZES, seed=seed) for seed in (0, 0, 1))
    assert one == two
    assert other.p == pytest.approx(one.p, abs=0.01)


def test_the_likely_years_are_those_within_hansens_bound() -> None:
    hits, sizes = np.array([4.0, 3, 3, 4, 3, 10, 10, 13, 6, 10]), np.full(10, 40.0)  # one place is just within
    found = segment_series(hits, sizes)
    (only,) = found.breaks
    own = [deviance(hits[:k], sizes[:k], "binomial") + deviance(hits[k:], sizes[k:], "binomial") for k in range(2, 9)]
    bound = min(own) / found.dispersion + 7.3522
    assert only.likely == tuple(
        k for k, value in zip(range(2, 9), own, strict=True) if value / found.dispersion <= bound
    )
    assert only.position in only.likely
    assert set(segment_series(hits, sizes, confidence=0.5).breaks[0].likely) < set(only.likely)


def test_lengths_that_change_give_no_alarms() -> None:
    rng = np.random.default_rng(0)
    sizes = np.array([160.0] * 5 + [25.0] * 9)
    alarms = [
        segment_series(rng.binomial(sizes.astype(int), 0.05).astype(float), sizes, n_permutations=99).p <= 0.05
        for _ in range(200)
    ]
    assert stats.binomtest(sum(alarms), 200, 0.05, alternative="greater").pvalue > 0.01


def test_constant_none_and_all() -> None:
    for hits in (np.zeros(12), np.full(12, 40.0), np.full(12, 10.0)):
        found = segment_series(hits, np.full(12, 40.0))
        assert (found.breaks, found.p) == ((), 1.0)
    assert segment_series(np.array([1.0, 5, 9]), np.full(3, 10.0)).p == 1.0


@pytest.mark.parametrize(
    "options", [{"cost": "poisson"}, {"min_size": 0}, {"max_breaks": 0}, {"n_permutations": 0}, {"confidence": 1.0}]
)
def test_unknown_options(options: dict[str, object]) -> None:
    with pytest.raises(UnknownOptionError, match=next(iter(options))):
        segment_series(RISE, SIZES, **options)
