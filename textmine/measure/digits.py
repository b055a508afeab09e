"""How many digits of a measured number machines agree upon: each has its own way with logarithms and sums."""

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

#: Significant digits; in which digits machines differ is in ``benchmarks/machines.md``.
DIGITS: Final = 10

#: Rounds the floats of a frame.
ROUND_FLOATS: Final = pl.col(pl.Float64).round_sig_figs(DIGITS)


def round_digits(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round to :data:`DIGITS` significant digits: before a comparison, that it comes out alike on every machine.

    Examples
    --------
    A p-value of one in twenty, as two processors may have it.

    >>> (round_digits(np.array([[0.05000000000000002, 0.049999999999999996]])) <= 0.05).tolist()
    [[True, True]]
    """
    rounded = pl.Series(values.ravel()).round_sig_figs(DIGITS).to_numpy()
    return rounded.reshape(values.shape)
