"""Intervals of a share: whole sections resampled, or Wilson's where resampling says nothing."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

BOOTSTRAP = "percentile bootstrap over sections"
WILSON = "Wilson score"
#: Resampled sections held in memory at once.
_BLOCK = 4_000_000
#: Draws of at most this many resampled sections are kept for the next time (1.6 MB each).
_KEPT = 200_000

Floats = NDArray[np.float64]


def resample_shares(
    hits: NDArray[np.generic],
    sizes: NDArray[np.generic],
    *,
    confidence: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> tuple[Floats, Floats]:
    """Return percentile bounds of shares under resampling of sections.

    Parameters
    ----------
    hits : numpy.ndarray, shape (n_sections, n_concepts)
        Tagged paragraphs of each section.
    sizes : numpy.ndarray, shape (n_sections,)
        Paragraphs of each section, all above 0.
    confidence : float
    n_resamples : int
    seed : int

    Returns
    -------
    low, high : numpy.ndarray of float, shape (n_concepts,)

    Examples
    --------
    Two sections of equal size, all of one tagged: a resample has 0, 1/2 or all of its paragraphs tagged.

    >>> low, high = resample_shares(np.array([[2], [0]]), np.array([2, 2]))
    >>> float(low[0]), float(high[0])
    (0.0, 1.0)
    """
    shares = draw_shares(hits, sizes, n_resamples=n_resamples, seed=seed)
    return percentile_bounds(shares, confidence)


def draw_shares(
    hits: NDArray[np.generic], sizes: NDArray[np.generic], *, n_resamples: int = 2000, seed: int = 0
) -> Floats:
    """Draw shares by resampling whole sections with replacement (Davison and Hinkley 1997, section 3.8).

    Parameters
    ----------
    hits : numpy.ndarray, shape (n_sections, n_concepts) or (n_sections, n_concepts, n_languages)
        Tagged paragraphs (or words in them) of each section.
    sizes : numpy.ndarray, shape (n_sections,) or (n_sections, n_languages)
        All paragraphs (or words). Languages share the resampled sections.
    n_resamples : int
    seed : int

    Returns
    -------
    numpy.ndarray of float, shape (n_resamples, n_concepts) or (n_resamples, n_concepts, n_languages)
        NaN where a resample has nothing to count.
    """
    n_sections = len(sizes)
    tall = np.asarray(hits, dtype=np.float64).reshape(n_sections, -1)
    below = np.asarray(sizes, dtype=np.float64).reshape(n_sections, -1)
    above, under = [], []
    for draws in _draw_sections(n_sections, n_resamples, seed):
        above.append(draws @ tall)
        under.append(draws @ below)
    hit = np.concatenate(above).reshape(n_resamples, *hits.shape[1:])
    size = np.concatenate(under).reshape(n_resamples, *sizes.shape[1:])[:, None]
    shares: Floats = np.divide(hit, size, out=np.full(hit.shape, np.nan), where=size > 0)
    return shares


def _draw_sections(n_sections: int, n_resamples: int, seed: int) -> Iterable[Floats]:
    """Yield how often each resample has each section, in blocks."""
    if n_sections * n_resamples <= _KEPT:
        return (_keep_draws(n_sections, n_resamples, seed),)
    return _draw_blocks(n_sections, n_resamples, seed)


def _draw_blocks(n_sections: int, n_resamples: int, seed: int) -> Iterator[Floats]:
    rng = np.random.default_rng(seed)
    chances = np.full(n_sections, 1 / n_sections)
    block = max(1, _BLOCK // n_sections)
    for start in range(0, n_resamples, block):  # the same draws whatever the size of the block
        yield rng.multinomial(n_sections, chances, size=min(block, n_resamples - start)).astype(np.float64)


@lru_cache(maxsize=64)
def _keep_draws(n_sections: int, n_resamples: int, seed: int) -> Floats:
    """Draw once for all editions of as many sections, and for the next table; drawing is half of a measure's time."""
    draws = np.concatenate(list(_draw_blocks(n_sections, n_resamples, seed)))
    draws.setflags(write=False)
    return draws


def percentile_bounds(draws: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Return the bounds that leave half of ``1 - confidence`` of the draws outside on each side, by column."""
    tail = (1 - confidence) / 2
    low, high = np.nanquantile(draws, [tail, 1 - tail], axis=0)
    return low, high


def wilson_bounds(share: ArrayLike, n: ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats]:
    r"""Return the score interval of a share (Wilson 1927).

    .. math:: \frac{p + z^2/2n \pm z\sqrt{p(1-p)/n + z^2/4n^2}}{1 + z^2/n}

    Parameters
    ----------
    share : float or array of float
        Between 0 and 1; needn't be a whole number of ``n``.
    n : int or array of int
    confidence : float

    Examples
    --------
    >>> [round(float(bound), 4) for bound in wilson_bounds(0.2, 10)]
    [0.0567, 0.5098]
    """
    p, n = np.asarray(share, dtype=np.float64), np.asarray(n, dtype=np.float64)
    z = special.ndtri((1 + confidence) / 2)
    middle = p + z**2 / (2 * n)
    half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    low, high = (middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)
    # None and all are exact bounds; rounding would put them beyond.
    return np.where(p <= 0, 0.0, low), np.where(p >= 1, 1.0, high)
