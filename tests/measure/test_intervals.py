import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from textmine.measure import intervals
from textmine.measure.intervals import draw_shares, percentile_bounds, wilson_bounds

HITS = np.array([0, 2, 2, 1, 0, 5])
SIZES = np.array([3, 5, 2, 8, 4, 6])


@given(n=st.integers(1, 400), part=st.floats(0, 1), confidence=st.sampled_from([0.5, 0.9, 0.95, 0.99]))
@settings(max_examples=50, deadline=None)
def test_wilson_agrees_with_scipy(n: int, part: float, confidence: float) -> None:
    k = round(part * n)
    theirs = stats.binomtest(k, n).proportion_ci(confidence, method="wilson")
    assert tuple(map(float, wilson_bounds(k / n, n, confidence))) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_none_and_all_are_exact_bounds() -> None:
    low, high = wilson_bounds([0.0, 1.0], 36)
    assert (low[0], high[1]) == (0, 1)
    assert 0 < high[0] == pytest.approx(1 - low[1])


def test_memory_blocks_change_no_draw(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = draw_shares(HITS[:, None], SIZES, n_resamples=500)
    monkeypatch.setattr(intervals, "_BLOCK", 70)
    assert np.array_equal(draw_shares(HITS[:, None], SIZES, n_resamples=500), whole)


def test_languages_side_by_side_share_the_resamples() -> None:
    both = draw_shares(np.stack([HITS[:, None], SIZES[:, None] - HITS[:, None]], axis=2), np.stack([SIZES] * 2, axis=1))
    assert np.allclose(both.sum(axis=2), 1)
    assert np.array_equal(both[:, :, 0], draw_shares(HITS[:, None], SIZES))


def test_a_resample_without_anything_to_count_is_left_out() -> None:
    draws = draw_shares(np.array([[1], [0]]), np.array([2, 0]), n_resamples=200)
    assert np.isnan(draws).any()
    assert [float(bound[0]) for bound in percentile_bounds(draws, 0.95)] == [0.5, 0.5]
