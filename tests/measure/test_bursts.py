import itertools
import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from textmine.errors import UnknownOptionError
from textmine.measure.bursts import burst_series, find_bursts
from textmine.schema import check_table

from .trails import make_prevalence

HITS, SIZES = [1, 2, 1, 9, 8, 1, 2, 1, 1, 1], 40


def cost_of(states: tuple[int, ...], hits: np.ndarray, sizes: np.ndarray, ratio: float, gamma: float) -> float:
    """Kleinberg's cost of a sequence of states, from the binomial distribution itself."""
    base = hits.sum() / sizes.sum()
    total, before = 0.0, 0
    for state, hit, size in zip(states, hits, sizes, strict=True):
        total -= stats.binom.logpmf(hit, size, base * ratio**state)
        total += gamma * math.log(len(hits)) if state > before else 0
        before = state
    return total


def test_a_burst_by_hand() -> None:
    # Shares of 1/20 and 9/20, four and two editions: p0 = 22/120, p1 = 44/120.
    hits, sizes = np.array([1.0, 1, 9, 9, 1, 1]), np.full(6, 20.0)
    (burst,) = burst_series(hits, sizes)
    gain = 9 * math.log(2) + 11 * math.log((1 - 44 / 120) / (1 - 22 / 120))
    assert burst == (2, 4, pytest.approx(2 * gain))
    # Going up costs ln 6: with a larger gamma it doesn't pay.
    assert burst_series(hits, sizes, gamma=2 * gain / math.log(6) - 0.01)
    assert not burst_series(hits, sizes, gamma=2 * gain / math.log(6) + 0.01)


@given(data=st.data(), ratio=st.sampled_from([1.5, 2.0, 3.0]), gamma=st.sampled_from([0.3, 1.0]))
@settings(max_examples=40, deadline=None)
def test_the_states_are_the_cheapest_of_all(data: st.DataObject, ratio: float, gamma: float) -> None:
    n = data.draw(st.integers(2, 8))
    sizes = np.array(data.draw(st.lists(st.integers(3, 50), min_size=n, max_size=n)), dtype=float)
    hits = np.array([float(data.draw(st.integers(0, int(size)))) for size in sizes])
    found = burst_series(hits, sizes, ratio=ratio, gamma=gamma)
    base = hits.sum() / sizes.sum()
    if not 0 < base < 1 / ratio:
        assert not found
        return
    costs = {states: cost_of(states, hits, sizes, ratio, gamma) for states in itertools.product((0, 1), repeat=n)}
    mine = tuple(int(any(burst.start <= t < burst.stop for burst in found)) for t in range(n))
    assert costs[mine] == pytest.approx(min(costs.values()), abs=1e-8)
    saved = costs[(0,) * n] - costs[mine] + len(found) * gamma * math.log(n)
    assert sum(burst.weight for burst in found) == pytest.approx(saved, abs=1e-8)


def test_reversed_and_relabelled() -> None:
    hits, sizes = np.array(HITS, dtype=float), np.full(len(HITS), 40.0)
    (burst,) = burst_series(hits, sizes)
    (back,) = burst_series(hits[::-1].copy(), sizes)
    assert (burst.start, burst.stop) == (3, 5) == (10 - back.stop, 10 - back.start)
    assert back.weight == pytest.approx(burst.weight)


def test_the_table() -> None:
    table = find_bursts(pl.concat([make_prevalence(HITS), make_prevalence([2] * 10, concept="ai")]))
    check_table(table, "bursts")
    row = table.row(0, named=True)
    assert table.height == 1
    assert (row["concept"], row["first"], row["last"], row["n_editions"]) == ("cloud", 2011, 2012, 2)
    assert (row["n_paragraphs"], row["n_tagged"], row["share"]) == (80, 17, pytest.approx(17 / 80))
    assert row["share_all"] == pytest.approx(27 / 400)
    assert row["p"] < 0.01
    # Two series: one without a burst has p = 1.
    assert row["q"] == pytest.approx(2 * row["p"])


def test_paragraphs_that_cluster_make_a_burst_less_sure() -> None:
    plain, clustered = (find_bursts(make_prevalence(HITS, effect=effect))["p"][0] for effect in (None, 5.0))
    assert plain < 0.01 < clustered


def test_none_all_and_too_frequent() -> None:
    for hits in ([0] * 6, [40] * 6, [25, 25, 39, 39, 25, 25]):
        assert find_bursts(make_prevalence(hits)).height == 0


def test_two_runs_give_the_same() -> None:
    assert find_bursts(make_prevalence(HITS)).equals(find_bursts(make_prevalence(HITS).reverse()))


@pytest.mark.parametrize("options", [{"ratio": 1.0}, {"gamma": 0.0}, {"n_simulations": 0}])
def test_unknown_options(options: dict[str, float]) -> None:
    with pytest.raises(UnknownOptionError, match=next(iter(options))):
        find_bursts(make_prevalence(HITS), **options)
