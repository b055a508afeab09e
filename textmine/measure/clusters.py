r"""Paragraphs of a section resemble each other: by how much that widens a test that takes them for independent.

Two things that come by sections meet in whole sections or not at all, so that the number of paragraphs with both varies
more than chance over single paragraphs has it. If the one has the intraclass correlation :math:`\rho` and the other
:math:`\rho'`, the variance grows by about :math:`1 + (m - 1) \rho \rho'` for sections of :math:`m` paragraphs (Scott
and Holt 1982; Moulton 1986): not at all where either comes paragraph by paragraph. Tests are corrected by that design
effect, as Rao and Scott (1981) correct chi-squared.
"""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse, special

from textmine.measure.digits import round_digits

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_LEAST = np.finfo(np.float64).tiny
_SECTION = ("edition", "lang", "section")


class Layout(NamedTuple):
    """How some paragraphs lie in sections.

    With :math:`C` the matrix that takes the mean out and :math:`B` that of ones where two paragraphs share a section:
    the number of paragraphs, the trace of :math:`CB`, and that of :math:`CBCB`.
    """

    n: float
    once: float
    twice: float

    @classmethod
    def of(cls, sizes: NDArray[np.integer]) -> "Layout":
        """Lay out sections of so many paragraphs each."""
        n, squares, cubes = (float((sizes.astype(np.float64) ** k).sum()) for k in (1, 2, 3))
        return cls(n, n - squares / n, squares - 2 * cubes / n + (squares / n) ** 2) if n else cls(0.0, 0.0, 0.0)


def number_groups(rows: pl.DataFrame, columns: tuple[str, ...]) -> tuple[pl.DataFrame, Integers]:
    """Return the different values of some columns, sorted, and which of them each row has."""
    groups = rows.select(columns).unique().sort(columns)
    placed = rows.select(columns).join(
        groups.with_row_index("group"), on=columns, how="left", maintain_order="left", nulls_equal=True
    )
    return groups, placed["group"].to_numpy().astype(np.int64)


def number_sections(rows: pl.DataFrame) -> Integers:
    """Return the section of each row, by number; each row is one of its own where rows have no ``section``."""
    if "section" not in rows.columns:
        return np.arange(rows.height)
    return number_groups(rows, tuple(name for name in _SECTION if name in rows.columns))[1]


def correlate_sections(
    matrix: sparse.csr_array, section: Integers, stratum: Integers, *, shared: bool = False
) -> Floats:
    r"""Return how alike paragraphs of a section are in having each term: the intraclass correlation, at least 0.

    From the mean squares between and within sections, strata (editions, groups) taken out,
    :math:`(B - W) / (B + (m_0 - 1) W)`, with :math:`m_0` the size of a typical section (Fisher 1925; Donner 1986).

    Parameters
    ----------
    matrix : scipy.sparse.csr_array, shape (n_rows, n_terms)
        Above 0 where a row has a term.
    section, stratum : numpy.ndarray of int, shape (n_rows,)
        A section that lies in several strata is one in each.
    shared : bool
        Take no term for less alike than all together are. A few paragraphs say little of how alike a rare term's are,
        and of thousands of tests those come out that happened to look least alike.

    Returns
    -------
    numpy.ndarray of float, shape (n_terms,)
        0 where nothing tells: sections of one row each, or strata of one section each.

    Examples
    --------
    Three sections of two; the first term has whole sections, the second one row of each.

    >>> matrix = sparse.csr_array([[1, 1], [1, 0], [0, 1], [0, 0], [0, 1], [0, 0]])
    >>> correlate_sections(matrix, np.array([0, 0, 1, 1, 2, 2]), np.zeros(6, dtype=int)).tolist()
    [1.0, 0.0]
    """
    here = sparse.csr_array((np.ones(matrix.nnz), matrix.indices, matrix.indptr), matrix.shape)
    first, cell = np.unique(np.stack([stratum, section]), axis=1, return_index=True, return_inverse=True)[1:]
    sizes, totals = np.bincount(cell), np.bincount(stratum)
    n, n_cells, n_strata = len(section), len(sizes), int((totals > 0).sum())
    if n_cells in (n, n_strata):
        return np.zeros(matrix.shape[1])
    by_cell, by_stratum = _sum_squares(here, cell, sizes), _sum_squares(here, stratum, totals)
    within = (np.bincount(here.indices, minlength=matrix.shape[1]) - by_cell) / (n - n_cells)
    between = (by_cell - by_stratum) / (n_cells - n_strata)
    typical = (n - float((sizes**2 / totals[stratum[first]]).sum())) / (n_cells - n_strata)
    above, whole = between - within, between + (typical - 1) * within
    least = above.sum() / whole.sum() if shared and whole.sum() > _LEAST else 0.0
    alike = np.divide(above, whole, out=np.zeros_like(whole), where=whole > _LEAST)
    return np.clip(alike, max(least, 0.0), 1.0)


def _sum_squares(matrix: sparse.csr_array, place: Integers, sizes: Integers) -> Floats:
    """Sum, over the groups of rows, the squared number of rows with each term over the number of rows."""
    merge = sparse.csr_array((np.ones(len(place)), (place, np.arange(len(place)))), (len(sizes), len(place)))
    sums = (merge @ matrix).tocoo()
    squares = sums.data**2 / sizes[sums.row]
    return np.bincount(sums.col, weights=squares, minlength=matrix.shape[1]).astype(np.float64)


def effect_of_sections(first: Floats | float, second: Floats | float, layout: Layout) -> Floats:
    r"""Return the design effect of sections on how often two things meet in a paragraph, at least 1.

    If both are alike within sections, by :math:`\rho` and :math:`\rho'`, and independent of each other, their
    covariance has the variance :math:`\mathrm{tr}(C \Sigma C \Sigma')` with
    :math:`\Sigma = (1 - \rho) I + \rho B`; the design effect is that over
    :math:`\mathrm{tr}(C \Sigma) \, \mathrm{tr}(C \Sigma') / (n - 1)`, which shuffling paragraphs has.

    Parameters
    ----------
    first, second : numpy.ndarray of float
        Intraclass correlations, from :func:`correlate_sections`. That of editions is 1, in which sections lie whole.
    layout : Layout
        Of the sections.

    Examples
    --------
    Ten sections of three paragraphs that say the same: the variance is that of ten.

    >>> layout = Layout.of(np.full(10, 3))
    >>> round(float(effect_of_sections(1.0, 1.0, layout)), 4), float(effect_of_sections(1.0, 0.0, layout))
    (3.2222, 1.0)
    """
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    rest = layout.n - 1
    both = (1 - a) * (1 - b) * rest + (a + b - 2 * a * b) * layout.once + a * b * layout.twice
    shuffled = ((1 - a) * rest + a * layout.once) * ((1 - b) * rest + b * layout.once)
    effect: Floats = np.divide(both * rest, shuffled, out=np.ones_like(both), where=shuffled > _LEAST)
    return np.maximum(effect, 1.0)


def widen_tail(tail: Floats, effect: Floats) -> Floats:
    r"""Return one-sided p-values corrected for a design effect: :math:`\Phi(\Phi^{-1}(p) / \sqrt{d})`.

    Examples
    --------
    >>> widen_tail(np.array([0.025, 0.025]), np.array([1.0, 4.0])).round(3).tolist()
    [0.025, 0.164]
    """
    inside = np.clip(tail, _LEAST, 1.0)  # what a double can't tell from 0 is that small at most
    return round_digits(np.where(effect > 1, special.ndtr(special.ndtri(inside) / np.sqrt(effect)), tail))
