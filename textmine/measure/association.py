"""How strongly two things go together in the same paragraphs: formulas over two-by-two tables, one for each edition.

Editions are strata: two concepts that both came late share paragraphs more often than chance over the whole series has
it, without going together in any edition. With one edition every formula is the usual one for a single table.
"""

import functools
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from textmine.measure.digits import round_digits

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: Points as probable as the one observed, but for rounding, count with it (as in scipy's ``fisher_exact``).
_ROUNDING = 1 + 1e-7
#: Sums of products of counts over counts below this are 0 but for rounding.
_TINY = 1e-9


class Association(NamedTuple):
    """Association of each pair: NaN where a table leaves it open, infinite odds where neither is ever alone."""

    expected: Floats
    lift: Floats
    odds_ratio: Floats
    phi: Floats


class Meeting(NamedTuple):
    """One edition in several draws: paragraphs, those with each concept, and those with both of the pairs that meet.

    Attributes
    ----------
    n : numpy.ndarray of float, shape (n_draws,)
    first, second : numpy.ndarray of float, shape (n_concepts, n_draws)
        Of the concepts on either side.
    pairs : numpy.ndarray of int, shape (n_met,)
        The pairs that meet in the edition at all.
    both : numpy.ndarray of float, shape (n_met, n_draws)
    """

    n: Floats
    first: Floats
    second: Floats
    pairs: Integers
    both: Floats


class Tally(NamedTuple):
    """What editions summed give to the association of each pair in each draw, shape (n_pairs, n_draws)."""

    both: Floats
    expected: Floats
    apart: Floats
    spread_first: Floats
    spread_second: Floats


def tally_editions(editions: Iterable[Meeting], first: Integers, second: Integers, n_draws: int) -> Tally:
    r"""Sum what the editions give: with :math:`n` paragraphs of which :math:`a`, :math:`b` and :math:`c` have the one,
    the other and both, :math:`c`, :math:`ab/n`, :math:`(a - c)(b - c)/n`, :math:`a(1 - a/n)`, :math:`b(1 - b/n)`.

    Parameters
    ----------
    editions : iterable of Meeting
        One without paragraphs gives nothing.
    first, second : numpy.ndarray of int, shape (n_pairs,)
        The concept of each pair on either side.
    n_draws : int
    """
    both, expected, met = (np.zeros((len(first), n_draws)) for _ in range(3))
    spreads = [np.zeros((int(place.max()) + 1, n_draws)) for place in (first, second)]
    for part in editions:
        n = np.where(part.n > 0, part.n, 1.0)
        shares = part.first / n, part.second / n  # exactly 1 of a concept that all have
        chance = shares[0][first]
        chance *= part.second[second]
        expected += chance
        # (a - c)(b - c) / n is ab / n for all pairs that don't meet
        rest = shares[0][first[part.pairs]] + shares[1][second[part.pairs]] - part.both / n
        met[part.pairs] += part.both * rest
        both[part.pairs] += part.both
        for i, size in enumerate((part.first, part.second)):
            spreads[i] += size * (1 - shares[i])
    return Tally(both, expected, expected - met, spreads[0][first], spreads[1][second])


def associate(tally: Tally) -> Association:
    r"""Return how two things go together, editions taken as strata.

    - Lift: :math:`\sum_e c_e / E` with the number expected, :math:`E = \sum_e a_e b_e / n_e`; its logarithm to base 2
      is the pointwise mutual information (Church and Hanks 1990);
    - odds ratio of Mantel and Haenszel (1959): :math:`\sum_e c_e d_e / n_e` over
      :math:`\sum_e (a_e - c_e)(b_e - c_e) / n_e`, with :math:`d_e = n_e - a_e - b_e + c_e`; the former is the latter
      plus :math:`\sum_e c_e - E`;
    - phi: the correlation of having the one and having the other once each edition's means are taken out,
      :math:`(\sum_e c_e - E) / \sqrt{\sum_e a_e (1 - a_e / n_e) \sum_e b_e (1 - b_e / n_e)}`.

    Examples
    --------
    Of ten paragraphs four have the one, five the other, three both; two were expected.

    >>> one, place = np.ones((1, 1)), np.array([0])
    >>> result = associate(tally_editions([Meeting(10 * one[0], 4 * one, 5 * one, place, 3 * one)], place, place, 1))
    >>> [round(value.item(), 4) for value in result]
    [2.0, 1.5, 6.0, 0.4082]
    """
    surplus = tally.both - tally.expected
    spread = np.sqrt(tally.spread_first * tally.spread_second)
    together = np.maximum(tally.apart + surplus, 0.0)  # not below 0 for rounding
    with np.errstate(divide="ignore", invalid="ignore"):
        return Association(
            tally.expected,
            tally.both / tally.expected,
            np.where(tally.apart > _TINY, together / tally.apart, np.where(together > _TINY, np.inf, np.nan)),
            np.where(spread > 0, surplus / spread, np.nan),
        )


def exact_p(n: Integers, first: Integers, second: Integers, both: int) -> float:
    r"""Return the two-sided p-value of the number of paragraphs with both, given how many have each in each edition.

    Without association that number is a sum of hypergeometric ones, one for each edition; the p-value is the
    probability of all sums that are no more probable than the one observed (the exact conditional test of Mehta, Patel
    and Gray 1985, here by convolution). For one edition it is Fisher's exact test.

    Parameters
    ----------
    n, first, second : numpy.ndarray of int, shape (n_editions,)
    both : int
        Over all editions.

    Examples
    --------
    >>> round(exact_p(np.array([10]), np.array([4]), np.array([5]), 3), 4)
    0.5238
    """
    least, chances = 0, np.ones(1)
    for size, a, b in zip(n.tolist(), first.tolist(), second.tolist(), strict=True):
        low, high = max(0, a + b - size), min(a, b)
        if high > low:
            chances = np.convolve(chances, _hypergeometric(size, a, b, low, high))
        least += low
    seen = chances[both - least]
    return float(min(round_digits(chances[chances <= seen * _ROUNDING].sum(keepdims=True))[0], 1.0))


def _hypergeometric(size: int, a: int, b: int, low: int, high: int) -> Floats:
    """Return the probabilities of ``low`` to ``high`` common members of groups of ``a`` and ``b`` out of ``size``."""
    logs = _log_factorials(1 << size.bit_length())
    first, second = logs[a - high : a - low + 1][::-1], logs[b - high : b - low + 1][::-1]
    neither = size - a - b
    weight = -(logs[low : high + 1] + first + second + logs[neither + low : neither + high + 1])
    weight = np.exp(weight - weight.max())
    chances: Floats = weight / weight.sum()
    return chances


@functools.lru_cache(maxsize=32)
def _log_factorials(n: int) -> Floats:
    """Return the logarithms of 0! to n!."""
    logs: Floats = special.gammaln(np.arange(n + 1) + 1.0)
    return logs
