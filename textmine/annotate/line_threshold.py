"""The probability below which the answer is none."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def choose_threshold(probabilities: Floats, marks: NDArray[np.int64]) -> float:
    """Return the threshold under which ``none`` is most often right on held-out paragraphs.

    Of the thresholds that get as many first answers right, the middle of the range that holds the one nearest to 0.5
    is taken.

    Examples
    --------
    >>> choose_threshold(np.array([[0.9, 0.1], [0.2, 0.1], [0.3, 0.6]]), np.array([[1, 0], [0, 0], [0, 1]]))
    0.4
    """
    best = probabilities.max(axis=1)
    hit = marks[np.arange(len(marks)), probabilities.argmax(axis=1)] == 1
    nothing = marks.sum(axis=1) == 0
    ranges = list(_ranges(sorted({0.0, 1.0, *best.tolist()})))
    right = [int((hit & (best >= middle)).sum() + (nothing & (best < middle)).sum()) for _, _, middle in ranges]
    most = max(right)
    joined: list[tuple[float, float]] = []
    for i, (low, high, _) in enumerate(ranges):
        if right[i] == most:
            if joined and joined[-1][1] == low:
                joined[-1] = joined[-1][0], high
            else:
                joined.append((low, high))
    low, high = min(joined, key=lambda item: (max(item[0] - 0.5, 0.5 - item[1], 0.0), item))
    return round((low + high) / 2, 6)


def _ranges(places: list[float]) -> Iterator[tuple[float, float, float]]:
    for low, high in pairwise(places):
        yield low, high, (low + high) / 2
