"""Formulas of keyness: what a two-by-two table of counts says about a term in one group against another.

Every function takes arrays over terms: ``a`` and ``b`` are the term's counts in the target and in the reference, ``n``
and ``m`` the totals of the two groups; so the table of a term is ``a, b`` over ``n - a, m - b``.
"""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from textmine.errors import UnknownOptionError

Correction = Literal["none", "yates", "williams"]
CORRECTIONS: tuple[Correction, ...] = ("none", "yates", "williams")

#: What a count of zero is taken for where a ratio would have no value (Hardie 2014): half an occurrence.
ZERO = 0.5
#: Below this expected count the approximation by chi-squared is taken to need Yates's correction, as in quanteda.
FEW = 5.0

Floats = NDArray[np.float64]


def score_g2(a: ArrayLike, b: ArrayLike, n: float, m: float, *, correction: Correction = "none") -> Floats:
    r"""Return the signed log-likelihood ratio G² of each term.

    :math:`G^2 = 2 \sum_{ij} O_{ij} \ln (O_{ij} / E_{ij})` over all four cells (Dunning 1993), natural logarithm,
    above 0 where the term is more frequent in the target than expected, else below. The conventions are those of
    ``quanteda.textstats::textstat_keyness(measure = "lr")``: ``yates`` moves each cell by 1/2 towards its expectation,
    and only where an expected count is below 5 and the difference is large enough not to change its sign;
    ``williams`` divides by :math:`q = 1 + (N/n + N/m - 1)(N/r + N/s - 1) / 6N` with the totals :math:`r, s` of the
    term and of all others (Williams 1976), and leaves tables with an empty cell alone. quanteda adds 1e-9 inside its
    logarithms; we don't.

    Examples
    --------
    >>> round(float(score_g2([3], [7], 10, 9)[0]), 4)
    -4.5349
    """
    cells, sign = _cells(a, b, n, m)
    q = _williams(cells) if correction == "williams" else 1.0
    if correction == "yates":
        cells = cells - _yates(cells) * _direction(cells)
    _check(correction)
    expected = _expected(cells)
    signed: Floats = sign * 2 * np.maximum(special.rel_entr(cells, expected).sum(axis=0), 0.0) / q
    return signed


def score_chi2(a: ArrayLike, b: ArrayLike, n: float, m: float, *, correction: Correction = "none") -> Floats:
    r"""Return Pearson's chi-squared of each term, signed and corrected like :func:`score_g2`.

    quanteda multiplies by Williams's :math:`q` where it should divide (its own test of that value is commented out);
    we divide, for G² and chi-squared alike.

    Examples
    --------
    >>> round(float(score_chi2([3], [7], 10, 9, correction="williams")[0]), 6)
    -4.017626
    """
    cells, sign = _cells(a, b, n, m)
    _check(correction)
    q = _williams(cells) if correction == "williams" else 1.0
    expected = _expected(cells)
    distance = np.abs(cells - expected)
    if correction == "yates":
        distance = distance - _yates(cells)
    with np.errstate(invalid="ignore", divide="ignore"):
        parts = np.where(expected > 0, distance**2 / expected, 0.0)
    signed: Floats = sign * parts.sum(axis=0) / q
    return signed


def log10_p(statistic: ArrayLike) -> Floats:
    r"""Return the decimal logarithm of the p-value of a (signed) chi-squared statistic with one degree of freedom.

    :math:`P(\chi^2_1 > x) = 2 \Phi(-\sqrt{x})`, taken as a logarithm from the start: the p-value itself is 0 to a
    computer from about 1,500 on.

    Examples
    --------
    >>> [round(float(value), 3) for value in log10_p([3.841459, 4000.0])]
    [-1.301, -870.488]
    """
    size = np.sqrt(np.abs(np.asarray(statistic, dtype=np.float64)))
    logarithm: Floats = np.minimum((np.log(2.0) + special.log_ndtr(-size)) / np.log(10.0), 0.0)
    return logarithm


def score_log_ratio(a: ArrayLike, b: ArrayLike, n: float, m: float) -> Floats:
    r"""Return Hardie's (2014) log ratio, :math:`\log_2 \frac{a/n}{b/m}`: 1 means twice as frequent.

    A count of 0 on one side is taken for :data:`ZERO` occurrences; on both sides the ratio is NaN.

    Examples
    --------
    >>> score_log_ratio([4, 2], [1, 0], 100, 100).tolist()
    [2.0, 2.0]
    """
    x, y = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    ratio = np.log2(np.where(x > 0, x, ZERO) / n) - np.log2(np.where(y > 0, y, ZERO) / m)
    return np.where((x > 0) | (y > 0), ratio, np.nan)


def score_percent_diff(a: ArrayLike, b: ArrayLike, n: float, m: float) -> Floats:
    r"""Return %DIFF (Gabrielatos and Marchi 2011): :math:`100 (a/n - b/m) / (b/m)`.

    A reference count of 0 is taken for :data:`ZERO` occurrences, as in :func:`score_log_ratio`, where Gabrielatos
    takes 1e-18; with neither count it is NaN.

    Examples
    --------
    >>> score_percent_diff([4, 0, 1], [2, 2, 0], 100, 100).tolist()
    [100.0, -100.0, 100.0]
    """
    x, y = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    rate = np.where(y > 0, y, ZERO) / m
    return np.where((x > 0) | (y > 0), 100 * (x / n - rate) / rate, np.nan)


def score_log_odds(
    a: ArrayLike, b: ArrayLike, n: float, m: float, *, prior: ArrayLike, alpha0: float
) -> tuple[Floats, Floats]:
    r"""Return the weighted log-odds ratio of each term and its z score (Monroe, Colaresi and Quinn 2008).

    With the prior counts :math:`\alpha_w` and their sum :math:`\alpha_0`,

    .. math:: \delta_w = \ln \frac{a_w + \alpha_w}{n + \alpha_0 - a_w - \alpha_w}
        - \ln \frac{b_w + \alpha_w}{m + \alpha_0 - b_w - \alpha_w}, \qquad
        z_w = \delta_w \Big/ \sqrt{\frac{1}{a_w + \alpha_w} + \frac{1}{b_w + \alpha_w}}

    (their equations 16, 20 and 22; natural logarithm).

    Parameters
    ----------
    prior : array_like of float
        :math:`\alpha_w` of each term, above 0.
    alpha0 : float
        Their sum over all terms, those that aren't asked about included.

    Examples
    --------
    >>> delta, z = score_log_odds([8], [2], 100, 100, prior=[1.0], alpha0=20.0)
    >>> round(float(delta[0]), 4), round(float(z[0]), 4)
    (1.1513, 1.7269)
    """
    x, y = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    alpha = np.asarray(prior, dtype=np.float64)
    x, y = x + alpha, y + alpha
    # A single term that is all there is has infinite odds on both sides: no difference.
    rest_x, rest_y = (np.maximum(size + alpha0 - part, np.finfo(float).tiny) for size, part in ((n, x), (m, y)))
    delta = np.log(x) - np.log(rest_x) - np.log(y) + np.log(rest_y)
    return delta, delta / np.sqrt(1 / x + 1 / y)


def _check(correction: str) -> None:
    if correction not in CORRECTIONS:
        raise UnknownOptionError("correction", correction, CORRECTIONS)


def _cells(a: ArrayLike, b: ArrayLike, n: float, m: float) -> tuple[Floats, Floats]:
    x, y = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    cells = np.stack([x, y, n - x, m - y])
    return cells, np.where(x > _expected(cells)[0], 1.0, -1.0)


def _expected(cells: Floats) -> Floats:
    a, b, c, d = cells
    total = a + b + c + d
    products = np.stack([(a + b) * (a + c), (a + b) * (b + d), (c + d) * (a + c), (c + d) * (b + d)])
    expected: Floats = products / total
    return expected


def _direction(cells: Floats) -> Floats:
    """1 where a cell is above its expectation, -1 below, 0 on it."""
    difference = np.sign(cells[0] * cells[3] - cells[1] * cells[2])
    directions: Floats = difference * np.array([1.0, -1.0, -1.0, 1.0])[:, None]
    return directions


def _yates(cells: Floats) -> Floats:
    a, b, c, d = cells
    wide = np.abs(a * d - b * c) >= (a + b + c + d) / 2
    return np.where(wide & (_expected(cells) < FEW).any(axis=0), 0.5, 0.0)


def _williams(cells: Floats) -> Floats:
    a, b, c, d = cells
    total = a + b + c + d
    full = (cells > 0).all(axis=0)
    rows, columns = (a + b, c + d), (a + c, b + d)
    with np.errstate(divide="ignore", invalid="ignore"):
        inner = (total / rows[0] + total / rows[1] - 1) * (total / columns[0] + total / columns[1] - 1)
    return np.where(full, 1 + inner / (6 * total), 1.0)
