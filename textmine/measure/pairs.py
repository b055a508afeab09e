"""Pairs of concepts of one language and span: counts, association, intervals and p-values."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from textmine.measure.association import Association, Tally, associate, exact_p, tally_edition
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
    """One edition's rows, what sums them by section, how they lie, and how often each resample takes each section."""

    rows: Integers
    merge: sparse.csr_array
    layout: Layout
    weights: Floats  # (n_resamples, n_sections)


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
        weights = rng.multinomial(n, np.full(n, 1 / n), size=draw.n_resamples).astype(np.float64)
        result.append(_Edition(rows, merge, Layout.of(sizes), weights))
    return result


def _measure_block(
    sides: tuple[_Side, _Side], editions: list[_Edition], draw: Drawing
) -> dict[str, list[int] | list[float | None]]:
    """Measure some pairs: a list of each number."""
    n_pairs = len(sides[0].place)
    counts = np.zeros((4, len(editions), n_pairs), dtype=np.int64)  # paragraphs, with the one, the other, both
    tallies: list[Tally | None] = [None, None]  # as it is, and resampled
    for e, edition in enumerate(editions):
        a, b = (side.matrix[edition.rows] for side in sides)
        both = a[:, sides[0].place].multiply(b[:, sides[1].place])
        by_section = [edition.merge @ np.ones((len(edition.rows), 1))]
        by_section += [np.asarray((edition.merge @ matrix).toarray()) for matrix in (a, b, both)]
        sums = _spread([part.sum(axis=0) for part in by_section], sides)
        counts[:, e] = np.broadcast_to(np.rint(sums[0]), n_pairs), *map(np.rint, sums[1:])
        drawn = _spread([edition.weights @ part for part in by_section], sides)
        for i, values in enumerate((sums, drawn)):
            here, before = tally_edition(*values), tallies[i]
            tallies[i] = here if before is None else before.plus(here)
    found, resampled = (associate(tally) for tally in tallies if tally is not None)
    return _collect(counts, found, resampled, _widen(counts, sides, editions), draw.confidence)


def _spread(sums: list[Floats], sides: tuple[_Side, _Side]) -> list[Floats]:
    """Give each pair the sums of its concepts; paragraphs, and those with both, stay as they are."""
    return [sums[0], sums[1][..., sides[0].place], sums[2][..., sides[1].place], sums[3]]


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
    counts: Integers, found: Association, resampled: Association, effects: Floats, confidence: float
) -> dict[str, list[int] | list[float | None]]:
    sums = counts.sum(axis=1)
    columns: dict[str, list[int] | list[float | None]] = {
        name: sums[i].tolist() for i, name in enumerate(("n", "n_concept", "n_other", "n_both"))
    }
    columns["expected"] = found.expected.tolist()
    for name in ("lift", "odds_ratio", "phi"):
        low, high = _bounds(getattr(resampled, name), confidence)
        for suffix, values in (("", getattr(found, name)), ("_low", low), ("_high", high)):
            columns[name + suffix] = [value if np.isfinite(value) else None for value in values.tolist()]
    columns["pmi"] = [float(np.log2(lift)) if lift > 0 else None for lift in found.lift.tolist()]
    n, first, second = counts[:3]
    exact = [exact_p(n[:, k], first[:, k], second[:, k], both) for k, both in enumerate(sums[3].tolist())]
    columns["p"] = np.minimum(2 * widen_tail(np.array(exact) / 2, effects), 1.0).tolist()
    return columns


def _bounds(draws: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Return percentiles that are themselves draws, since a draw may be infinite; undefined ones don't count."""
    tail = (1 - confidence) / 2
    ranked = np.sort(draws, axis=0)  # NaN last
    known = (~np.isnan(ranked)).sum(axis=0)
    columns = np.arange(draws.shape[1])
    places = (np.floor(tail * (known - 1)), np.ceil((1 - tail) * (known - 1)))
    low, high = (ranked[np.maximum(place, 0).astype(np.int64), columns] for place in places)
    return low, high
