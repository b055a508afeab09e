"""Pairs of concepts of one language and span: counts, association, intervals and p-values."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from textmine.measure.association import Association, Meeting, associate, exact_p, tally_editions
from textmine.measure.clusters import (
    Layout,
    correlate_sections,
    effect_of_sections,
    number_groups,
    number_sections,
    widen_tail,
)
from textmine.measure.counts import Counts

#: Numbers held in memory at once for one quantity (8 bytes each, about ten of them).
_BLOCK = 500_000

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Drawing(NamedTuple):
    """How intervals are drawn."""

    confidence: float
    n_resamples: int
    seed: int


class _Edition(NamedTuple):
    """One edition's rows, what sums them by section, how they lie, and how often each draw takes each section.

    The first draw takes each section once: it is the edition itself.
    """

    rows: Integers
    merge: sparse.csr_array
    layout: Layout
    weights: Floats  # (n_sections, n_draws)


class _Side(NamedTuple):
    """The concepts that some pairs have on one side, how alike sections are in each, and the column of each pair's."""

    matrix: sparse.csr_array
    alike: Floats
    place: Integers

    @classmethod
    def of(cls, matrix: sparse.csr_array, alike: Floats, columns: Integers) -> "_Side":
        used, place = np.unique(columns, return_inverse=True)
        return cls(matrix[:, used], alike[used], place)


def measure_pairs(
    one: Counts, other: Counts, pairs: list[tuple[int, int]], draw: Drawing
) -> list[dict[str, str | int | float | None]]:
    """Measure pairs of concepts, each a column of the one counts and one of the other; rows of both are the same.

    Returns
    -------
    list of dict
        Columns of the table ``cooccurrence``, from ``concept`` to ``p``.
    """
    section, edition = number_sections(one.rows), number_groups(one.rows, ("edition",))[1]
    editions = _draw_editions(edition, section, draw)
    alike = [correlate_sections(counts.matrix, section, edition) for counts in (one, other)]
    size = max(1, _BLOCK // max(draw.n_resamples, *(edition.merge.shape[0] for edition in editions)))
    result: list[dict[str, str | int | float | None]] = []
    for start in range(0, len(pairs), size):
        columns = np.array(pairs[start : start + size]).T
        sides = (_Side.of(one.matrix, alike[0], columns[0]), _Side.of(other.matrix, alike[1], columns[1]))
        terms = [{"concept": one.terms[i], "other": other.terms[j]} for i, j in columns.T]
        numbers = _measure_block(sides, editions, draw)
        result += [
            names | dict(zip(numbers, row, strict=True))
            for names, row in zip(terms, zip(*numbers.values(), strict=True), strict=True)
        ]
    return result


def _draw_editions(edition: Integers, section: Integers, draw: Drawing) -> list[_Edition]:
    result = []
    rng = np.random.default_rng(draw.seed)
    for number in range(int(edition.max()) + 1):
        rows = np.flatnonzero(edition == number)
        _, where, sizes = np.unique(section[rows], return_inverse=True, return_counts=True)
        n = len(sizes)
        merge = sparse.csr_array((np.ones(len(rows)), (where, np.arange(len(rows)))), (n, len(rows)))
        drawn = rng.multinomial(n, np.full(n, 1 / n), size=draw.n_resamples)
        weights = np.concatenate([np.ones((1, n)), drawn]).T
        result.append(_Edition(rows, merge, Layout.of(sizes), weights))
    return result


def _measure_block(
    sides: tuple[_Side, _Side], editions: list[_Edition], draw: Drawing
) -> dict[str, list[int] | list[float | None]]:
    """Measure some pairs: a list of each number."""
    places = sides[0].place, sides[1].place
    counts = np.zeros((4, len(editions), len(places[0])), dtype=np.int64)  # paragraphs, with the one, the other, both

    def meet() -> Iterator[Meeting]:
        for e, edition in enumerate(editions):
            a, b = (side.matrix[edition.rows] for side in sides)
            both = edition.merge @ a[:, places[0]].multiply(b[:, places[1]])
            pairs = np.unique(both.indices)
            sizes = edition.merge.sum(axis=1)[None, :]
            sums = (sizes, *((edition.merge @ part).toarray().T for part in (a, b)), both[:, pairs].toarray().T)
            n, first, second, met = (part @ edition.weights for part in sums)
            counts[0, e], counts[1, e], counts[2, e] = n[0, 0], first[places[0], 0], second[places[1], 0]
            counts[3, e, pairs] = met[:, 0]
            yield Meeting(n[0], first, second, pairs, met)

    found = associate(tally_editions(meet(), *places, draw.n_resamples + 1))
    return _collect(counts, found, _widen(counts, sides, editions), draw.confidence)


def _widen(counts: Integers, sides: tuple[_Side, _Side], editions: list[_Edition]) -> Floats:
    """Return the design effect of each pair: its editions' own, weighted by the variance that each has by chance."""
    n, first, second = counts[:3].astype(np.float64)
    chance = first * (n - first) * second * (n - second) / (n**2 * np.maximum(n - 1, 1))
    alike = [side.alike[side.place] for side in sides]
    effects = np.array([effect_of_sections(alike[0], alike[1], edition.layout) for edition in editions])
    total = chance.sum(axis=0)
    effect: Floats = np.divide((chance * effects).sum(axis=0), total, out=np.ones_like(total), where=total > 0)
    return effect


def _collect(
    counts: Integers, found: Association, effects: Floats, confidence: float
) -> dict[str, list[int] | list[float | None]]:
    sums = counts.sum(axis=1)
    columns: dict[str, list[int] | list[float | None]] = {
        name: sums[i].tolist() for i, name in enumerate(("n", "n_concept", "n_other", "n_both"))
    }
    columns["expected"] = found.expected[:, 0].tolist()
    for name in ("lift", "odds_ratio", "phi"):
        draws = getattr(found, name)
        low, high = _bounds(draws[:, 1:], confidence)
        for suffix, values in (("", draws[:, 0]), ("_low", low), ("_high", high)):
            columns[name + suffix] = [value if np.isfinite(value) else None for value in values.tolist()]
    columns["pmi"] = [float(np.log2(lift)) if lift > 0 else None for lift in found.lift[:, 0].tolist()]
    n, first, second = counts[:3]
    exact = [exact_p(n[:, k], first[:, k], second[:, k], both) for k, both in enumerate(sums[3].tolist())]
    columns["p"] = np.minimum(2 * widen_tail(np.array(exact) / 2, effects), 1.0).tolist()
    return columns


def _bounds(draws: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Return percentiles that are themselves draws, since a draw may be infinite; undefined ones don't count."""
    tail = (1 - confidence) / 2
    known = (~np.isnan(draws)).sum(axis=1)
    places = np.stack([np.floor(tail * (known - 1)), np.ceil((1 - tail) * (known - 1))]).astype(np.int64)
    bounds = np.full(places.shape, np.nan)
    for n in np.unique(known[known > 0]).tolist():  # mostly one: all draws are defined
        here = np.flatnonzero(known == n)
        at = places[:, here[0]]
        bounds[:, here] = np.partition(draws[here], at, axis=1)[:, at].T  # NaN last
    return bounds[0], bounds[1]
