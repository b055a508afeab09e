"""Is a term in more paragraphs of one group than chance puts there? An exact test, allowing for their lengths.

Counts of occurrences can't answer that: words come in bursts, and a paragraph that says a word thirty times is one
paragraph (Church 2000; Lijffijt et al. 2016). So the unit is the paragraph that has the term at all.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import special

from textmine.measure.digits import round_digits

#: Points of the distributions held in memory at once (8 bytes each, a dozen arrays).
CHUNK = 500_000
#: Halvings of the interval that holds a term's density: enough for all digits of a double.
HALVINGS = 80

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def presence_odds(lengths: Integers, is_target: NDArray[np.bool_], spread: Integers) -> Floats:
    r"""Return by how much longer paragraphs alone raise the odds that a target paragraph has a term.

    A term that is spread evenly over the running text is in a paragraph of :math:`l` words with probability
    :math:`1 - e^{-\lambda l}`; :math:`\lambda` is such that the expected number of paragraphs with the term is the
    one observed. The result is the ratio of the odds of the mean probabilities in the two groups: 1 where their
    paragraphs are alike.

    Parameters
    ----------
    lengths : numpy.ndarray of int, shape (n_rows,)
        Occurrences of all terms in each row of the two groups, above 0.
    is_target : numpy.ndarray of bool, shape (n_rows,)
    spread : numpy.ndarray of int, shape (n_terms,)
        Rows of the two groups that have the term.

    Returns
    -------
    numpy.ndarray of float, shape (n_terms,)

    Examples
    --------
    Target paragraphs twice as long: a rare term has about twice the odds, a common one far more.

    >>> lengths, is_target = np.array([20, 20, 10, 10]), np.array([True, True, False, False])
    >>> presence_odds(lengths, is_target, np.array([1, 3])).round(2).tolist()
    [2.22, 3.73]
    """
    sizes, place = np.unique(lengths, return_inverse=True)
    groups = [np.bincount(place[chosen], minlength=len(sizes)) for chosen in (is_target, ~is_target)]
    wanted, back = np.unique(spread, return_inverse=True)
    n_rows = len(lengths)
    open_ = (wanted > 0) & (wanted < n_rows)  # a term in no row or in all has no density, and needs none
    share = (wanted[open_] / n_rows)[:, None]
    low = np.log(-np.log1p(-share) / sizes.max())
    high = np.log(-np.log1p(-share) / sizes.min())
    both = groups[0] + groups[1]
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        expected = (-np.expm1(-np.exp(middle) * sizes) * both).sum(axis=1)  # not @: BLAS sums as its threads go
        too_many = expected[:, None] > wanted[open_][:, None]
        low, high = np.where(too_many, low, middle), np.where(too_many, middle, high)
    chance = -np.expm1(-np.exp((low + high) / 2) * sizes)
    target, reference = ((chance * group).sum(axis=1) / group.sum() for group in groups)
    odds = np.ones(len(wanted))
    odds[open_] = target * (1 - reference) / (reference * (1 - target))
    return odds[back]


def presence_tails(found: Integers, spread: Integers, n: int, m: int, odds: Floats) -> tuple[Floats, Floats, Floats]:
    r"""Return the exact one-sided p-values of the number of target paragraphs that have a term.

    Given how many paragraphs of both groups have the term (:math:`k`), the number of those in the target has Fisher's
    noncentral hypergeometric distribution, :math:`P(x) \propto \binom{n}{x} \binom{m}{k - x} \omega^x`
    (Fisher 1935); with odds :math:`\omega = 1` this is Fisher's exact test.

    Parameters
    ----------
    found : numpy.ndarray of int, shape (n_terms,)
        Target rows that have the term.
    spread : numpy.ndarray of int, shape (n_terms,)
        Rows of both groups that have it.
    n, m : int
        Rows of the target and of the reference.
    odds : numpy.ndarray of float, shape (n_terms,)
        From :func:`presence_odds`, or ones.

    Returns
    -------
    less, greater : numpy.ndarray of float, shape (n_terms,)
        P(X <= found) and P(X >= found).
    least : numpy.ndarray of float, shape (n_terms,)
        The smallest value that ``greater`` could have had: the term in as many target rows as possible.

    Examples
    --------
    Three of three paragraphs with the term are target, of 10 and 10: 10/20 * 9/19 * 8/18.

    >>> less, greater, least = presence_tails(np.array([3]), np.array([3]), 10, 10, np.ones(1))
    >>> round(float(greater[0]), 4), round(float(least[0]), 4), round(float(less[0]), 4)
    (0.1053, 0.1053, 1.0)
    """
    first = np.maximum(0, spread - m)
    sizes = np.minimum(spread, n) - first + 1
    results = [np.ones((3, 0))]
    start = 0
    ends = np.cumsum(sizes)
    while start < len(spread):
        before = ends[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, before + CHUNK, side="right")))
        part = slice(start, stop)
        places = (found[part], spread[part], first[part], sizes[part])
        results.append(_tails(places, n, m, np.log(odds[part])))
        start = stop
    less, greater, least = np.concatenate(results, axis=1)
    return less, greater, least


def _tails(places: tuple[Integers, Integers, Integers, Integers], n: int, m: int, log_odds: Floats) -> Floats:
    """All points of all distributions in one row, each distribution a stretch of it."""
    found, spread, first, sizes = places
    begins = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    term = np.repeat(np.arange(len(sizes)), sizes)
    x = np.arange(len(term)) - begins[term] + first[term]
    y = spread[term] - x
    weight = x * log_odds[term] - sum(special.gammaln(z + 1.0) for z in (x, n - x, y, m - y))
    weight = np.exp(weight - np.maximum.reduceat(weight, begins)[term])
    total = np.add.reduceat(weight, begins)
    at = found[term]
    less = np.add.reduceat(np.where(x <= at, weight, 0.0), begins)
    greater = np.add.reduceat(np.where(x >= at, weight, 0.0), begins)
    return np.minimum(round_digits(np.stack([less, greater, weight[begins + sizes - 1]]) / total), 1.0)
