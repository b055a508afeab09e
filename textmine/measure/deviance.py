"""What segments of a series leave unexplained: binomial deviance or squares, of many series at once."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textmine.measure.series import Floats

#: Whole numbers below which x ln x is looked up, which is quicker than a logarithm.
_MAX_TABLE = 100_000
_TINY = np.finfo(float).tiny


def sum_segments(hits: Floats, sizes: Floats, cost: str) -> Callable[[int | slice, slice], Floats]:
    r"""Return a function that gives the deviance of segments: from starts to an end, or to as many ends.

    Binomial: :math:`2[n\ln n - x\ln x - (n-x)\ln(n-x)]` of a segment's :math:`x` tagged of :math:`n` paragraphs,
    twice the negative logarithm of its likelihood with one share (McCullagh and Nelder 1989, section 4.4.2).
    Gaussian: squared deviations from the segment's share, weighted by sizes over their mean.

    Parameters
    ----------
    hits, sizes : numpy.ndarray of float, shape (n_editions, n_series)
        One column of ``sizes`` may stand for all series.
    cost : {'binomial', 'gaussian'}

    Returns
    -------
    callable
        Takes an end (or a slice of ends) and a slice of starts; returns shape (n_starts, n_series).

    Examples
    --------
    >>> deviance = sum_segments(np.array([[1.0], [3.0]]), np.array([[4.0], [4.0]]), "binomial")
    >>> deviance(2, slice(0, 2)).round(4).ravel().tolist()
    [11.0904, 4.4987]
    """
    if not np.ptp(sizes, axis=1).any():
        sizes = sizes[:, :1]  # the same in all series
    if cost == "gaussian":
        weights = sizes / sizes.mean(axis=0)
        shares = hits / sizes
        summed, weight, square = (_cumulate(part) for part in (weights * shares, weights, weights * shares**2))

        def gaussian(end: int | slice, start: slice) -> Floats:
            deviance: Floats = square[end] - square[start]
            deviance -= (summed[end] - summed[start]) ** 2 / (weight[end] - weight[start])
            return np.maximum(deviance, 0)

        return gaussian

    table = None
    if _are_whole(hits) and _are_whole(sizes) and sizes.sum(axis=0).max() < _MAX_TABLE:
        hits, sizes = np.rint(hits).astype(np.int64), np.rint(sizes).astype(np.int64)
        table = _times_log(np.arange(sizes.sum(axis=0).max() + 1.0))
    tagged, total = _cumulate(hits), _cumulate(sizes)

    def binomial(end: int | slice, start: slice) -> Floats:
        n = total[end] - total[start]
        x = tagged[end] - tagged[start]
        if table is None:
            x = np.clip(x, 0, n)  # rounding of the sums
            deviance: Floats = 2 * (_times_log(n) - _times_log(x) - _times_log(n - x))
        else:
            deviance = 2 * (table[n] - table[x] - table[n - x])
        return np.maximum(deviance, 0)

    return binomial


def _are_whole(values: Floats) -> bool:
    """Tell whether values are whole numbers, but for the rounding of a share times a size."""
    return bool((np.abs(values - np.rint(values)) < 1e-9).all())


def _cumulate(values: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate([np.zeros((1, values.shape[1]), dtype=values.dtype), np.cumsum(values, axis=0)])


def _times_log(values: Floats) -> Floats:
    """Return x ln x, 0 for 0: numpy's logarithm is quicker than scipy.special.xlogy."""
    return values * np.log(np.maximum(values, _TINY))
