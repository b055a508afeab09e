"""Which texts resemble each other: candidates by hashing, each then verified on the shingles themselves."""

import math
from typing import NamedTuple

import numpy as np
import rensa  # type: ignore[import-untyped]
from numpy.typing import NDArray

from textmine.errors import UnknownOptionError
from textmine.measure.shingles import Integers, Shingles, mix_bits

#: Hash values of a text at most; more cost time and memory and find little more.
MOST = 512
#: Texts hashed, and pairs verified, at once.
BLOCK, PAIRS = 4_000, 200_000
#: Probability of finding a pair that is exactly as similar as the threshold; more similar ones are found more surely.
RECALL = 0.99


class Bands(NamedTuple):
    """Hash values of a text are compared in ``n_bands`` groups of ``n_rows``: one equal group makes a candidate."""

    n_bands: int
    n_rows: int


class SimilarPairs(NamedTuple):
    """Pairs of texts, ``first < second``, sorted, and the Jaccard similarity of each."""

    first: Integers
    second: Integers
    similarity: NDArray[np.float64]


def choose_bands(threshold: float, recall: float = RECALL) -> Bands:
    r"""Return the longest bands that still find a pair at the threshold with a given probability.

    MinHash values of two texts are equal with the probability of their Jaccard similarity :math:`s` (Broder 1997), so
    :math:`b` bands of :math:`r` values find a pair with :math:`1 - (1 - s^r)^b` (Leskovec, Rajaraman and Ullman 2020,
    section 3.4.2). Longer bands bring fewer pairs that aren't similar.

    Parameters
    ----------
    threshold : float
        Jaccard similarity, above 0 and at most 1.
    recall : float
        Below 1.

    Examples
    --------
    >>> choose_bands(0.5)
    Bands(n_bands=72, n_rows=4)
    >>> round(found_with(0.5, choose_bands(0.5)), 4), round(found_with(0.7, choose_bands(0.5)), 8)
    (0.9904, 1.0)
    """
    if not 0 < threshold <= 1:
        raise UnknownOptionError("threshold", threshold, "a similarity above 0 and at most 1")
    if not 0 < recall < 1:
        raise UnknownOptionError("recall", recall, "a number between 0 and 1")
    best = None
    for n_rows in range(1, MOST + 1):
        chance = threshold**n_rows
        n_bands = 1 if chance >= recall else math.ceil(math.log1p(-recall) / math.log1p(-chance))
        if n_bands * n_rows > MOST:
            break
        best = Bands(n_bands, n_rows)
    if best is None:
        raise UnknownOptionError("threshold", threshold, f"a similarity that {MOST} hash values can find")
    return best


def found_with(similarity: float, bands: Bands) -> float:
    """Return the probability that a pair of some similarity becomes a candidate."""
    return float(1 - (1 - similarity**bands.n_rows) ** bands.n_bands)


def find_similar(shingles: Shingles, *, threshold: float, seed: int = 0, recall: float = RECALL) -> SimilarPairs:
    r"""Return the pairs of texts whose sets of shingles :math:`A, B` have :math:`|A \cap B| / |A \cup B|` of at least
    the threshold.

    The similarity is counted on the shingles, not estimated: hashing decides only which pairs are looked at. Whether
    a pair is found depends on its two texts and the seed, not on the other texts.

    Parameters
    ----------
    shingles : Shingles
        Of texts that differ from each other; equal ones are better put together first.
    threshold : float
    seed : int
    recall : float
        See :func:`choose_bands`.
    """
    bands = choose_bands(threshold, recall)
    first, second = _candidates(_band_keys(shingles, bands, seed))
    matrix = shingles.incidence()
    sizes = np.diff(matrix.indptr).astype(np.int64)
    shared = np.zeros(len(first), dtype=np.int64)
    for start in range(0, len(first), PAIRS):
        part = slice(start, start + PAIRS)
        shared[part] = np.asarray(matrix[first[part]].multiply(matrix[second[part]]).sum(axis=1)).ravel()
    similarity = shared / np.maximum(sizes[first] + sizes[second] - shared, 1)
    keep = similarity >= threshold
    return SimilarPairs(first[keep], second[keep], similarity[keep])


def _band_keys(shingles: Shingles, bands: Bands, seed: int) -> NDArray[np.uint64]:
    """Return one number for each text and band, shape (n_texts, n_bands); texts without shingles have their own."""
    n, width = len(shingles.words), bands.n_bands * bands.n_rows
    keys = np.empty((n, bands.n_bands), dtype=np.uint64)
    for start in range(0, n, BLOCK):
        stop = min(start + BLOCK, n)
        offsets = (shingles.begins[start : stop + 1] - shingles.begins[start]).astype(np.uint64)
        hashes = shingles.hashes[shingles.begins[start] : shingles.begins[stop]]
        digests = rensa.RMinHash.digest_matrix_from_flat_token_hashes(hashes, offsets, width, seed)
        values = np.array(digests.to_rows(), dtype=np.uint64).reshape(stop - start, bands.n_bands, bands.n_rows)
        key = np.zeros((stop - start, bands.n_bands), dtype=np.uint64)
        for row in range(bands.n_rows):
            key = mix_bits(key + values[:, :, row])
        keys[start:stop] = key
    empty = np.flatnonzero(np.diff(shingles.begins) == 0)
    keys[empty] = empty[:, None].astype(np.uint64)
    return keys


def _candidates(keys: NDArray[np.uint64]) -> tuple[Integers, Integers]:
    """Return the pairs of texts with an equal key in any band, each once, sorted."""
    n = len(keys)
    found = np.empty(0, dtype=np.int64)
    for band in range(keys.shape[1]):
        order = np.argsort(keys[:, band], kind="stable")
        ranked = keys[order, band]
        at, parts = np.arange(n - 1), [found]
        for step in range(1, n):
            at = at[at + step < n]
            at = at[ranked[at] == ranked[at + step]]
            if not len(at):
                break
            parts.append(order[at] * n + order[at + step])  # stable order: the first is the lower
        found = np.unique(np.concatenate(parts))
    return found // max(n, 1), found % max(n, 1)
