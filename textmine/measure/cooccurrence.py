"""What goes with what in the same paragraphs: concept by concept, organisation by action line, span by span."""

from collections.abc import Mapping, Sequence
from itertools import combinations

import polars as pl
from scipy.stats import false_discovery_control

from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.compare import span_of
from textmine.measure.counts import Counts, from_long
from textmine.measure.pairs import Drawing, measure_pairs
from textmine.measure.rollup import tag_paragraphs
from textmine.measure.subset import drop_paragraphs
from textmine.schema import LANGUAGES, check_table, empty_table, make_table

UNITS = ("paragraphs", "sections")


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
    (Benjamini and Hochberg 1995), and corrected for what sections do: two concepts that come by sections meet in
    several paragraphs at once, and the design effect of that, taken from how alike the paragraphs of a section are in
    each concept by itself, widens the test (:mod:`textmine.measure.clusters`). Where paragraphs don't resemble each
    other, or ``unit="sections"`` counts whole sections, it is 1; so it is where every edition is a single section,
    which tells nothing of it.

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
    draw = Drawing(confidence, n_resamples, seed)
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
            rows = measure_pairs(one, other, pairs, draw)
            q = false_discovery_control([row["p"] for row in rows]).tolist()
            named |= {"confidence": confidence}
            parts.append(
                make_table("cooccurrence", [named | row | {"q": value} for row, value in zip(rows, q, strict=True)])
            )
    return check_table(pl.concat(parts), "cooccurrence")


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
