"""What goes with what in the same paragraphs: concept by concept, organisation by action line, span by span."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse
from scipy.stats import false_discovery_control

from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.association import Association, Tally, associate, exact_p, tally_edition
from textmine.measure.compare import span_of
from textmine.measure.counts import Counts, from_long
from textmine.measure.rollup import tag_paragraphs
from textmine.measure.subset import drop_paragraphs
from textmine.schema import LANGUAGES, check_table, empty_table, make_table

UNITS = ("paragraphs", "sections")
#: Numbers held in memory at once for one quantity (8 bytes each, about ten of them).
_BLOCK = 500_000

Floats = NDArray[np.float64]


def measure_cooccurrence(
    tables: Mapping[str, pl.DataFrame],
    first: str,
    second: str,
    *,
    evidence: tuple[str, str] = ("any", "any"),
    parents: Mapping[str, Mapping[str, str]] | None = None,
    langs: Sequence[str] | None = None,
    spans: Sequence[range] | None = None,
    unit: str = "paragraphs",
    min_paragraphs: int = 3,
    drop: pl.DataFrame | None = None,
    confidence: float = 0.95,
    n_resamples: int = 1000,
    seed: int = 0,
) -> pl.DataFrame:
    """Measure which concepts of two schemes, or of one, stand in the same paragraphs more often than chance puts them.

    Chance is that of each edition by itself, so that concepts of the same years don't seem to belong together for
    that alone; :func:`textmine.measure.association.associate` has the formulas. Intervals resample the sections of
    each edition with replacement (Davison and Hinkley 1997, section 3.8) and take percentiles. P-values are exact
    (:func:`textmine.measure.association.exact_p`), with false discoveries controlled within each language and span
    (Benjamini and Hochberg 1995). They take paragraphs for independent; where a section's paragraphs resemble each
    other, ``unit="sections"`` tests whole sections.

    Parameters
    ----------
    tables : mapping of str to polars.DataFrame
        ``paragraphs`` and ``tags``.
    first, second : str
        Schemes, such as ``organisation`` and ``action_line``; the same twice for the concepts of one scheme.
    evidence : tuple of {'any', 'text', 'heading'}
        Which tags of each count. A heading gives all its paragraphs the same concept.
    parents : mapping of str to mapping, optional
        For each scheme, the parent of a concept: a paragraph that has the concept has the parent too. A concept and
        one above it make no pair.
    langs : sequence of str, optional
        Default: those that occur.
    spans : sequence of range, optional
        Years to measure apart; default: all editions at once.
    unit : {'paragraphs', 'sections'}
    min_paragraphs : int
        Leave out concepts in fewer paragraphs (sections) of the span.
    drop : polars.DataFrame, optional
        Paragraphs to leave out.
    confidence : float
    n_resamples : int
    seed : int

    Returns
    -------
    polars.DataFrame
        Table ``cooccurrence``, sorted by language, span and concepts, pairs that never meet included. ``pmi`` is null
        for those; an odds ratio, or a bound of it, is null where it has no finite value (neither concept is ever
        without the other).

    Raises
    ------
    ContractError
        When a table lacks a column or a span has no edition.
    UnknownOptionError
        For an unknown value of an option.
    """
    paragraphs = drop_paragraphs(
        check_table(tables["paragraphs"], "paragraphs", without=("text", "heading_path")), drop
    )
    tags = drop_paragraphs(check_table(tables["tags"], "tags", without=("surface",)), drop)
    known = sorted(tags["scheme"].unique())
    for scheme in (first, second):
        if scheme not in known:
            raise UnknownOptionError("scheme", scheme, known)
    if unit not in UNITS:
        raise UnknownOptionError("unit", unit, UNITS)
    if not 0 < confidence < 1:
        raise UnknownOptionError("confidence", confidence, "a number between 0 and 1")
    if n_resamples < 1 or min_paragraphs < 1:
        raise UnknownOptionError("n_resamples and min_paragraphs", (n_resamples, min_paragraphs), "numbers from 1")
    above = parents or {}
    sides = [
        _mark_rows((paragraphs, tags), scheme, kind, above.get(scheme, {}), unit)
        for scheme, kind in zip((first, second), evidence, strict=True)
    ]
    draw = _Drawing(confidence, n_resamples, seed)
    parts = [empty_table("cooccurrence")]
    for lang in sorted(paragraphs["lang"].unique()) if langs is None else langs:
        if lang not in LANGUAGES:
            raise UnknownOptionError("language", lang, LANGUAGES)
        for span in _choose_spans(paragraphs, lang, spans):
            inside = (pl.col("lang") == lang) & pl.col("edition").is_in(list(span))
            one, other = (side.keep(inside).prune(min_rows=min_paragraphs) for side in sides)
            pairs = _choose_pairs(one.terms, other.terms, above.get(first, {}) if first == second else None)
            if not pairs:
                continue
            named = {"lang": lang, "span": span_of(span), "unit": unit, "scheme": first, "other_scheme": second}
            parts.append(_measure_span(named, one, other, pairs, draw))
    return check_table(pl.concat(parts), "cooccurrence")


class _Drawing(NamedTuple):
    confidence: float
    n_resamples: int
    seed: int


class _Edition(NamedTuple):
    """One edition's rows, what sums them by section, and how often each resample takes each section."""

    rows: NDArray[np.int64]
    merge: sparse.csr_array
    weights: Floats  # (n_resamples, n_sections)


class _Side(NamedTuple):
    """The concepts that some pairs have on one side, and the column of each pair's."""

    matrix: sparse.csr_array
    place: NDArray[np.int64]

    @classmethod
    def of(cls, counts: Counts, columns: NDArray[np.int64]) -> "_Side":
        used, place = np.unique(columns, return_inverse=True)
        return cls(counts.matrix[:, used], place)


def _mark_rows(
    tables: tuple[pl.DataFrame, pl.DataFrame], scheme: str, evidence: str, parents: Mapping[str, str], unit: str
) -> Counts:
    """Return 1 where a paragraph, or any paragraph of a section, has a concept."""
    paragraphs, tags = tables
    tagged = tag_paragraphs(tags, scheme=scheme, evidence=evidence, parents=parents)
    counts = from_long(tagged.rename({"concept": "term"}).with_columns(count=pl.lit(1)), paragraphs)
    if unit == "paragraphs":
        return counts
    counts = counts.by("edition", "lang", "section")
    matrix = counts.matrix.copy()
    matrix.data[:] = 1
    return Counts(matrix, counts.rows, counts.terms)


def _choose_spans(paragraphs: pl.DataFrame, lang: str, spans: Sequence[range] | None) -> list[range]:
    editions = sorted(paragraphs.filter(pl.col("lang") == lang)["edition"].unique())
    if not editions:
        raise ContractError(f"no paragraph in {lang}")
    if spans is None:
        return [range(editions[0], editions[-1] + 1)]
    for span in spans:
        if not set(span) & set(editions):
            raise ContractError(f"no edition of {span_of(span)} in {lang}; there are {', '.join(map(str, editions))}")
    return list(spans)


def _choose_pairs(one: Sequence[str], other: Sequence[str], parents: Mapping[str, str] | None) -> list[tuple[int, int]]:
    """Return the pairs to measure, as columns; within one scheme each once, and none of a concept and one above it."""
    if parents is None:
        return [(i, j) for i in range(len(one)) for j in range(len(other))]
    place = {term: j for j, term in enumerate(other)}
    return [
        (i, place[second])
        for (i, first), (_, second) in combinations(enumerate(one), 2)
        if second in place and not (_is_above(first, second, parents) or _is_above(second, first, parents))
    ]


def _is_above(concept: str, other: str, parents: Mapping[str, str]) -> bool:
    at = parents.get(other)
    while at is not None and at != concept:
        at = parents.get(at)
    return at == concept


def _measure_span(
    named: dict[str, str], one: Counts, other: Counts, pairs: list[tuple[int, int]], draw: _Drawing
) -> pl.DataFrame:
    editions = _draw_editions(one.rows, draw)
    size = max(1, _BLOCK // max(draw.n_resamples, *(edition.merge.shape[0] for edition in editions)))
    rows: list[dict[str, object]] = []
    for start in range(0, len(pairs), size):
        columns = np.array(pairs[start : start + size]).T
        sides = [_Side.of(counts, chosen) for counts, chosen in zip((one, other), columns, strict=True)]
        terms = [(one.terms[i], other.terms[j]) for i, j in columns.T]
        rows += [named | row for row in _measure_pairs(sides, terms, editions, draw)]
    q = false_discovery_control([float(str(row["p"])) for row in rows])
    return make_table("cooccurrence", [row | {"q": value} for row, value in zip(rows, q.tolist(), strict=True)])


def _draw_editions(rows: pl.DataFrame, draw: _Drawing) -> list[_Edition]:
    result = []
    rng = np.random.default_rng(draw.seed)
    for _, part in rows.with_row_index("row").group_by(["edition"], maintain_order=True):
        names = sorted(part["section"].unique())
        place = {name: i for i, name in enumerate(names)}
        where = np.array([place[name] for name in part["section"]])
        merge = sparse.csr_array((np.ones(len(where)), (where, np.arange(len(where)))), (len(names), len(where)))
        weights = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=draw.n_resamples)
        result.append(_Edition(part["row"].to_numpy().astype(np.int64), merge, weights.astype(np.float64)))
    return result


def _measure_pairs(
    sides: Sequence[_Side],
    terms: list[tuple[str, str]],
    editions: list[_Edition],
    draw: _Drawing,
) -> list[dict[str, object]]:
    """Measure pairs of concepts."""
    counts = np.zeros((4, len(editions), len(terms)), dtype=np.int64)  # paragraphs, with the one, the other, both
    point: Tally | None = None
    drawn: Tally | None = None
    for e, edition in enumerate(editions):
        a, b = (side.matrix[edition.rows] for side in sides)
        both = a[:, sides[0].place].multiply(b[:, sides[1].place])
        by_section = [edition.merge @ np.ones((len(edition.rows), 1))]
        by_section += [np.asarray((edition.merge @ matrix).toarray()) for matrix in (a, b, both)]
        sums = _spread([part.sum(axis=0) for part in by_section], sides)
        counts[:, e] = np.broadcast_to(np.rint(sums[0]), len(terms)), *map(np.rint, sums[1:])
        here = tally_edition(*sums)
        point = here if point is None else point.plus(here)
        there = tally_edition(*_spread([edition.weights @ part for part in by_section], sides))
        drawn = there if drawn is None else drawn.plus(there)
    if point is None or drawn is None:
        return []
    found, resampled = associate(point), associate(drawn)
    bounds = {name: _bounds(getattr(resampled, name), draw.confidence) for name in ("lift", "odds_ratio", "phi")}
    return [
        _row(terms[k], counts[:, :, k], found, bounds, k) | {"confidence": draw.confidence} for k in range(len(terms))
    ]


def _spread(sums: list[Floats], sides: Sequence[_Side]) -> list[Floats]:
    """Give each pair the sums of its concepts; paragraphs, and those with both, stay as they are."""
    return [sums[0], sums[1][..., sides[0].place], sums[2][..., sides[1].place], sums[3]]


def _row(
    terms: tuple[str, str],
    counts: NDArray[np.int64],
    found: Association,
    bounds: dict[str, tuple[Floats, Floats]],
    k: int,
) -> dict[str, object]:
    n, first, second, both = counts.sum(axis=1).tolist()
    row: dict[str, object] = {"concept": terms[0], "other": terms[1]}
    row |= {"n": n, "n_concept": first, "n_other": second, "n_both": both, "expected": float(found.expected[k])}
    for name, (low, high) in bounds.items():
        for suffix, values in (("", getattr(found, name)), ("_low", low), ("_high", high)):
            row[name + suffix] = float(values[k]) if np.isfinite(values[k]) else None
    lift = float(found.lift[k])
    row["pmi"] = float(np.log2(lift)) if lift > 0 else None
    row["p"] = exact_p(counts[0], counts[1], counts[2], both)
    return row


def _bounds(draws: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Return percentiles that are themselves draws, since a draw may be infinite; undefined ones don't count."""
    tail = (1 - confidence) / 2
    ranked = np.sort(draws, axis=0)  # NaN last
    known = (~np.isnan(ranked)).sum(axis=0)
    columns = np.arange(draws.shape[1])
    places = (np.floor(tail * (known - 1)), np.ceil((1 - tail) * (known - 1)))
    low, high = (ranked[np.maximum(place, 0).astype(np.int64), columns] for place in places)
    return low, high
