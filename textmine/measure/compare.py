"""Two spans of years side by side: the terms, or the concepts, that set them apart, in each language."""

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.counts import Counts, count_terms, from_long
from textmine.measure.keyness import score_keyness
from textmine.measure.rollup import tag_paragraphs
from textmine.measure.subset import drop_paragraphs
from textmine.schema import LANGUAGES, PARAGRAPH_KEY, check_table, empty_table

WAYS = ("terms", "concepts")


def compare_years(
    tables: Mapping[str, pl.DataFrame],
    first: range,
    second: range,
    *,
    by: str = "terms",
    langs: Sequence[str] | None = None,
    section: str | None = None,
    parents: Mapping[str, Mapping[str, str]] | None = None,
    min_paragraphs: int = 3,
    drop: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Score the keyness of terms or concepts in a second span of years against a first.

    Parameters
    ----------
    tables : mapping of str to polars.DataFrame
        ``paragraphs``, and ``tokens`` (for terms) or ``tags`` (for concepts), from
        :func:`textmine.annotate.annotate.annotate_reports`.
    first, second : range
        Years; the second span is the target of :func:`textmine.measure.keyness.score_keyness`, the first its
        reference.
    by : {'terms', 'concepts'}
        Terms count occurrences; concepts count paragraphs that have them.
    langs : sequence of str, optional
        Default: the languages that have both spans.
    section : str, optional
        Only this section and those below it, by its code (``2.B``).
    parents : mapping of str to mapping, optional
        For each scheme, the parent of a concept: a paragraph that has the concept has the parent too.
    min_paragraphs : int
        Leave out what fewer paragraphs have.
    drop : polars.DataFrame, optional
        Paragraphs to leave out.

    Returns
    -------
    polars.DataFrame
        Table ``comparison``: the table ``keyness`` for each language and, by concepts, each scheme (``by``: ``terms``
        or the scheme), one after the other. False discoveries are controlled within each. Shares of the prior are
        those of the whole corpus in that language (and section).

    Raises
    ------
    ContractError
        When no language has paragraphs of both spans, or one that was asked for doesn't.
    UnknownOptionError
        For an unknown way or language, and for spans that share a year or hold none.
    """
    _check_spans(first, second)
    counted = count_languages(tables, by=by, langs=langs, section=section, parents=parents, drop=drop)
    return compare_counts(counted, first, second, by=by, langs=langs, min_paragraphs=min_paragraphs)


def count_languages(
    tables: Mapping[str, pl.DataFrame],
    *,
    by: str = "terms",
    langs: Sequence[str] | None = None,
    section: str | None = None,
    parents: Mapping[str, Mapping[str, str]] | None = None,
    drop: pl.DataFrame | None = None,
) -> dict[tuple[str, str], Counts]:
    """Count the terms or concepts that :func:`compare_years` compares, of all years, for any spans of them.

    Parameters are those of :func:`compare_years`.

    Returns
    -------
    dict of (str, str) to Counts
        By language and ``terms`` or scheme.
    """
    if by not in WAYS:
        raise UnknownOptionError("by", by, WAYS)
    paragraphs = drop_paragraphs(tables["paragraphs"], drop)
    if section is not None:
        paragraphs = _below(paragraphs, section)
    counted: dict[tuple[str, str], Counts] = {}
    for lang in LANGUAGES if langs is None else langs:
        if lang not in LANGUAGES:
            raise UnknownOptionError("language", lang, LANGUAGES)
        mine = paragraphs.filter(pl.col("lang") == lang)
        counted |= {(lang, name): counts for name, counts in _count(tables, mine, lang, by, parents or {})}
    return counted


def compare_counts(
    counted: Mapping[tuple[str, str], Counts],
    first: range,
    second: range,
    *,
    by: str = "terms",
    langs: Sequence[str] | None = None,
    min_paragraphs: int = 3,
) -> pl.DataFrame:
    """Return what :func:`compare_years` returns, of counts made before (:func:`count_languages`).

    Parameters
    ----------
    counted : mapping of (str, str) to Counts
    first, second, by, langs, min_paragraphs
        As there.
    """
    _check_spans(first, second)
    chosen = _choose_languages(counted, first, second, langs)
    parts = [empty_table("comparison")]
    for (lang, name), counts in counted.items():
        if lang not in chosen:
            continue
        keyness = score_keyness(
            counts,
            pl.col("edition").is_in(list(second)),
            pl.col("edition").is_in(list(first)),
            unit="occurrences" if by == "terms" else "paragraphs",
            min_paragraphs=min_paragraphs,
        )
        parts.append(
            keyness.select(
                pl.lit(lang).alias("lang"),
                pl.lit(name).alias("by"),
                pl.lit(span_of(second)).alias("target"),
                pl.lit(span_of(first)).alias("reference"),
                pl.all(),
            )
        )
    return check_table(pl.concat(parts), "comparison")


def span_of(years: range) -> str:
    """Write a span of years as one types it.

    Examples
    --------
    >>> span_of(range(2009, 2013)), span_of(range(2011, 2012))
    ('2009-2012', '2011')
    """
    return f"{years[0]}-{years[-1]}" if len(years) > 1 else str(years[0])


def _below(paragraphs: pl.DataFrame, section: str) -> pl.DataFrame:
    inside = (pl.col("section") == section) | pl.col("section").str.starts_with(section + ".")
    chosen = paragraphs.filter(inside)
    if not chosen.height:
        raise UnknownOptionError("section", section, sorted(paragraphs["section"].unique()))
    return chosen


def _check_spans(first: range, second: range) -> None:
    for span in (first, second):
        if not span:
            raise UnknownOptionError("years", f"{span.start}-{span.stop - 1}", "the earlier one first")
    if both := sorted(set(first) & set(second)):
        raise UnknownOptionError(
            "years", f"{span_of(first)} and {span_of(second)}", f"spans that don't share {both[0]}"
        )


def _choose_languages(
    counted: Mapping[tuple[str, str], Counts], first: range, second: range, langs: Sequence[str] | None
) -> set[str]:
    """Return the languages to compare, each with paragraphs on both sides."""
    editions: dict[str, set[int]] = {lang: set() for lang in langs or ()}
    for (lang, _), counts in counted.items():
        if langs is None or lang in langs:
            editions.setdefault(lang, set()).update(counts.rows["edition"])
    chosen = set()
    for lang, there in editions.items():
        missing = [span_of(span) for span in (first, second) if not there & set(span)]
        if not missing:
            chosen.add(lang)
        elif langs is not None:
            raise ContractError(f"no paragraph of {' or '.join(missing)} in {lang}; {_editions(there)}")
    if not chosen:
        raise ContractError(
            f"no language has paragraphs of both {span_of(first)} and {span_of(second)}; "
            + _editions(set().union(*editions.values()))
        )
    return chosen


def _editions(editions: set[int]) -> str:
    return f"there are {', '.join(map(str, sorted(editions)))}" if editions else "there are none at all"


def _count(
    tables: Mapping[str, pl.DataFrame],
    paragraphs: pl.DataFrame,
    lang: str,
    by: str,
    parents: Mapping[str, Mapping[str, str]],
) -> Iterator[tuple[str, Counts]]:
    """Yield what is compared under its name: terms, or the concepts of each scheme."""
    rows = paragraphs.select("edition", "lang", paragraph="number")
    if by == "terms":
        yield by, count_terms(tables["tokens"].join(rows, on=PARAGRAPH_KEY, how="semi"), paragraphs, lang=lang)
        return
    tags = tables["tags"].join(rows, on=PARAGRAPH_KEY, how="semi")
    # Without any tag there is nothing to compare, yet the rows tell which editions there are.
    for scheme in sorted(tags["scheme"].unique()) or [by]:
        tagged = tag_paragraphs(tags, scheme=scheme, evidence="any", parents=parents.get(scheme, {}))
        yield scheme, from_long(tagged.select(*PARAGRAPH_KEY, term="concept", count=1), paragraphs)
