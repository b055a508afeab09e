import numpy as np
import pytest
from scipy import special

from textmine.measure import deviance
from textmine.measure.deviance import sum_segments

HITS = np.array([[3.0, 0.0], [1.0, 5.0], [4.0, 2.0], [7.0, 7.0]])
SIZES = np.array([[10.0, 9.0], [8.0, 9.0], [12.0, 6.0], [7.0, 7.0]])


def test_one_segment_by_hand() -> None:
    # 1 of 4 and 3 of 4: together 4 of 8, 2 (8 ln 8 - 4 ln 4 - 4 ln 4) = 16 ln 2.
    of = sum_segments(np.array([[1.0], [3.0]]), np.array([[4.0], [4.0]]), "binomial")
    assert of(2, slice(0, 1))[0, 0] == pytest.approx(16 * np.log(2))
    # Shares 0.25 and 0.75 with weights 1: each 0.25 from 0.5.
    of = sum_segments(np.array([[1.0], [3.0]]), np.array([[4.0], [4.0]]), "gaussian")
    assert of(2, slice(0, 1))[0, 0] == pytest.approx(0.125)


@pytest.mark.parametrize("end", [1, 3, 4])
def test_it_is_the_entropy_of_the_share(end: int) -> None:
    found = sum_segments(HITS, SIZES, "binomial")(end, slice(0, end))
    for start in range(end):
        x, n = HITS[start:end].sum(axis=0), SIZES[start:end].sum(axis=0)
        expected = 2 * n * (special.entr(x / n) + special.entr(1 - x / n))
        assert found[start] == pytest.approx(expected, abs=1e-12)


def test_looking_up_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up = sum_segments(HITS, SIZES, "binomial")(4, slice(0, 4))
    nearly = sum_segments(HITS / SIZES * SIZES, SIZES, "binomial")(4, slice(0, 4))
    monkeypatch.setattr(deviance, "_MAX_TABLE", 0)
    computed = sum_segments(HITS, SIZES, "binomial")(4, slice(0, 4))
    assert np.array_equal(looked_up, computed)
    assert np.array_equal(looked_up, nearly)


@pytest.mark.parametrize("cost", ["binomial", "gaussian"])
def test_one_column_of_sizes_stands_for_all(cost: str) -> None:
    sizes = SIZES[:, :1]
    hits = np.minimum(HITS, sizes)
    alone = sum_segments(hits, sizes, cost)(4, slice(0, 4))
    assert np.array_equal(alone, sum_segments(hits, np.repeat(sizes, 2, axis=1), cost)(4, slice(0, 4)))


def test_twice_the_paragraphs_twice_the_deviance_and_fractions_count() -> None:
    once = sum_segments(HITS, SIZES, "binomial")(4, slice(0, 4))
    assert sum_segments(HITS * 2, SIZES * 2, "binomial")(4, slice(0, 4)) == pytest.approx(once * 2)
    assert sum_segments(HITS / 8, SIZES / 8, "binomial")(4, slice(0, 4)) == pytest.approx(once / 8)
