"""How much of an edition speaks of a concept: the share of its paragraphs or words, with an interval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import special

from textmine.errors import UnknownOptionError
from textmine.measure.counts import from_long
from textmine.measure.intervals import (
    BOOTSTRAP,
    WILSON,
    draw_shares,
    percentile_bounds,
    resample_shares,
    wilson_bounds,
)
from textmine.measure.rollup import tag_paragraphs
from textmine.measure.strata import SECTION, Stratum, count_words, group_rows, iterate_strata
from textmine.measure.subset import drop_paragraphs
from textmine.measure.tagging_error import CORRECTED, correct_draws, correct_share, draw_errors
from textmine.schema import LANGUAGES, TABLES, check_table, make_table

__all__ = ["BOOTSTRAP", "POOLED", "WILSON", "measure_prevalence", "measure_shares", "resample_shares"]

#: ``lang`` of the two languages taken together.
POOLED = "+".join(LANGUAGES)
JEFFREYS = "Jeffreys posterior over paragraphs"
UNITS = ("paragraphs", "tokens")


def measure_shares(
    paragraphs: pl.DataFrame,
    tags: pl.DataFrame,
    *,
    scheme: str,
    evidence: str = "any",
    concepts: Sequence[str] | None = None,
    parents: Mapping[str, str] | None = None,
    drop: pl.DataFrame | None = None,
    confidence: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> pl.DataFrame:
    """Measure the share of paragraphs tagged with each concept of a scheme, by edition and language.

    The plain case of :func:`measure_prevalence`, which explains the interval and the parameters, and measures words,
    both languages together, regions and sections, and takes out tagging error.

    Returns
    -------
    polars.DataFrame
        Table ``shares``, sorted by edition and language; shares and bounds are fractions of 1.
    """
    prevalence = measure_prevalence(
        paragraphs,
        tags,
        scheme=scheme,
        evidence=evidence,
        concepts=concepts,
        parents=parents,
        drop=drop,
        confidence=confidence,
        n_resamples=n_resamples,
        seed=seed,
    )
    return prevalence.select(pl.col(name).cast(dtype) for name, dtype in TABLES["shares"].items())


def measure_prevalence(
    paragraphs: pl.DataFrame,
    tags: pl.DataFrame,
    *,
    scheme: str,
    evidence: str = "any",
    concepts: Sequence[str] | None = None,
    parents: Mapping[str, str] | None = None,
    unit: str = "paragraphs",
    tokens: pl.DataFrame | None = None,
    pooled: bool = False,
    by: str | None = None,
    depth: int = 1,
    error: pl.DataFrame | None = None,
    drop: pl.DataFrame | None = None,
    confidence: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> pl.DataFrame:
    r"""Measure the share of an edition that speaks of each concept of a scheme.

    The share is :math:`p = \sum_s t_s / \sum_s n_s` over the sections :math:`s` of an edition, with :math:`t_s`
    tagged paragraphs (or words in them) of :math:`n_s`: a fraction, so that editions of different length compare.
    Paragraphs of a section resemble each other, so the interval resamples whole sections with replacement and takes
    percentiles (cluster bootstrap; Davison and Hinkley 1997, section 3.8). Where resampling says nothing (no
    paragraph tagged, or all; a single section; evidence of headings, where the section is the concept itself) the
    interval is Wilson's (1927) over paragraphs. An edition is a census of its own text: the interval says how far the
    share depends on which sections the edition happens to have, not how far it is from an unseen population.

    Given the tagger's error, each resample's share is corrected by a draw of sensitivity and specificity (Rogan and
    Gladen 1978), so that the interval holds both uncertainties; the same draws serve all editions, as the tagger is
    the same. Where resampling says nothing, the share tagged is drawn from its posterior under Jeffreys' prior.

    Parameters
    ----------
    paragraphs : polars.DataFrame, shape (n_paragraphs, ...)
        Table ``paragraphs``; the column ``text`` isn't needed.
    tags : polars.DataFrame, shape (n_tags, ...)
        Table ``tags``.
    scheme : str
        Which scheme's concepts to measure.
    evidence : {'any', 'text', 'heading'}
        Which tags count.
    concepts : sequence of str, optional
        Which concepts to list, in this order; default: those that occur, sorted.
    parents : mapping of str to str, optional
        Parent of a concept: a paragraph tagged with the concept counts for the parent too.
    unit : {'paragraphs', 'tokens'}
        With ``tokens``, a paragraph counts as many times as it has words: the share of the running text.
    tokens : polars.DataFrame, optional
        Table ``tokens``, for ``unit="tokens"``.
    pooled : bool
        Take both languages together: paragraphs are paired by number, and the share is the mean of the two
        languages' shares, the same sections resampled in both. Editions in one language only have no row, and
        paragraphs that only one language has don't count.
    by : str, optional
        Measure within groups of paragraphs: ``section`` (the first ``depth`` parts of the section's code) or a
        scheme, such as ``region``: the paragraphs tagged with each of its concepts (a paragraph may be in several
        groups). A group without paragraphs in an edition has no row.
    depth : int
        Of ``by="section"``.
    error : polars.DataFrame, optional
        Table ``tagging_error``, of :func:`~textmine.measure.tagging_error.measure_tagging_error`. For
        ``unit="tokens"`` it is taken that errors don't depend on a paragraph's length.
    drop : polars.DataFrame, optional
        Paragraphs to leave out: columns ``edition``, ``lang``, ``paragraph`` (recycled ones, say).
    confidence : float
        Of the interval, between 0 and 1.
    n_resamples : int
        Number of bootstrap resamples.
    seed : int
        Of the resampling; the same seed gives the same bytes, whatever the order of the rows.

    Returns
    -------
    polars.DataFrame
        Table ``prevalence``, sorted by edition, language and group. ``tagged`` is the share tagged; ``share`` is
        that, or what remains of it after correction. ``n_tagged`` counts half a paragraph where one of two pooled
        languages has the tag. ``design_effect`` is the variance of the resampled share over that of as many
        independent paragraphs (Kish 1965), null where nothing was resampled.

    Raises
    ------
    ContractError
        When a table lacks a column, a tag refers to a paragraph that isn't there, or the error of a concept isn't
        known.
    UnknownOptionError
        For an unknown value of an option.
    """
    check_table(paragraphs, "paragraphs", without=("text", "heading_path"))
    check_table(tags, "tags", without=("surface",))
    _check_options(
        unit=unit,
        by=by,
        depth=depth,
        concepts=concepts,
        confidence=confidence,
        n_resamples=n_resamples,
        schemes=sorted(tags["scheme"].unique()),
    )
    paragraphs, tags = drop_paragraphs(paragraphs, drop), drop_paragraphs(tags, drop)
    tagged = tag_paragraphs(tags, scheme=scheme, evidence=evidence, parents=parents or {})
    counts = from_long(tagged.rename({"concept": "term"}).with_columns(count=pl.lit(1)), paragraphs)
    names = list(concepts) if concepts is not None else list(counts.terms)
    if not names:
        return make_table("prevalence", [])
    weights = count_words(tokens, counts, drop) if unit == "tokens" else np.ones(counts.rows.height)
    groups = group_rows(counts, tags, by, depth)
    draw = _Drawing(scheme, evidence, tuple(names), confidence, n_resamples, seed, error)
    rows: list[dict[str, object]] = []
    for cell in iterate_strata(counts, weights, groups, names, pooled=pooled):
        result = _measure_cell(cell, draw)
        for i, concept in enumerate(names):
            rows.append(
                {
                    "edition": cell.edition,
                    "lang": "+".join(cell.langs),
                    "scheme": scheme,
                    "concept": concept,
                    "evidence": evidence,
                    "unit": unit,
                    "by": by or "",
                    "group": cell.group,
                    "n_paragraphs": cell.n_paragraphs,
                    "n_tagged": float(cell.tagged[i].mean()),
                    "n_sections": len(cell.sizes),
                    **{name: values[i] for name, values in result.items()},
                    "confidence": confidence,
                }
            )
    return make_table("prevalence", rows)


@dataclass(frozen=True, slots=True)
class _Drawing:
    scheme: str
    evidence: str
    concepts: tuple[str, ...]
    confidence: float
    n_resamples: int
    seed: int
    error: pl.DataFrame | None


def _measure_cell(cell: Stratum, draw: _Drawing) -> dict[str, list[object]]:
    """Return ``tagged``, ``share``, ``low``, ``high``, ``design_effect`` and ``method`` of each concept."""
    by_lang = cell.hits.sum(axis=0) / cell.sizes.sum(axis=0)  # (n_concepts, n_languages)
    tagged = by_lang.mean(axis=1)
    plain = (tagged == 0) | (tagged == 1) | (len(cell.sizes) == 1) | (draw.evidence == "heading")
    shares = draw_shares(cell.hits, cell.sizes, n_resamples=draw.n_resamples, seed=draw.seed)
    spread = np.nanvar(shares.mean(axis=2), axis=0)
    independent = tagged * (1 - tagged) / cell.n_paragraphs
    effect = np.divide(spread, independent, out=np.full(len(tagged), np.nan), where=~plain & (independent > 0))
    point, method = tagged, np.where(plain, WILSON, BOOTSTRAP)
    if draw.error is None:
        low, high = percentile_bounds(shares.mean(axis=2), draw.confidence)
        narrow, wide = wilson_bounds(tagged, cell.n_paragraphs, draw.confidence)
        low, high = np.where(plain, narrow, low), np.where(plain, wide, high)
    else:
        shares[:, plain] = _draw_jeffreys(by_lang[plain], cell.n_paragraphs, draw)
        points = np.empty_like(by_lang)
        for k, lang in enumerate(cell.langs):
            sens, spec, *drawn = draw_errors(
                draw.error, lang, draw.concepts, scheme=draw.scheme, n_draws=draw.n_resamples, seed=draw.seed
            )
            points[:, k] = correct_share(by_lang[:, k], sens, spec)
            shares[:, :, k] = correct_draws(shares[:, :, k], *drawn, seed=draw.seed)
        point = points.mean(axis=1)
        low, high = percentile_bounds(shares.mean(axis=2), draw.confidence)
        method = np.array([f"{JEFFREYS if one else BOOTSTRAP}, {CORRECTED}" for one in plain], dtype=object)
    return {
        "tagged": tagged.tolist(),
        "share": [None if np.isnan(value) else value for value in point.tolist()],
        "low": low.tolist(),
        "high": high.tolist(),
        "design_effect": [None if np.isnan(value) else value for value in effect.tolist()],
        "method": method.tolist(),
    }


def _draw_jeffreys(shares: NDArray[np.float64], n: int, draw: _Drawing) -> NDArray[np.float64]:
    """Draw shares where nothing was resampled, shape (n_resamples, n_concepts, n_languages)."""
    k = shares * n
    rng = np.random.default_rng([draw.seed, 2])
    uniform = rng.random(draw.n_resamples)  # one draw for all, so that no concept depends on another
    return np.asarray(special.betaincinv(k + 0.5, n - k + 0.5, uniform[:, None, None]))


def _check_options(
    *,
    unit: str,
    by: str | None,
    depth: int,
    concepts: Sequence[str] | None,
    confidence: float,
    n_resamples: int,
    schemes: list[str],
) -> None:
    if unit not in UNITS:
        raise UnknownOptionError("unit", unit, UNITS)
    if by is not None and by not in (SECTION, *schemes):
        raise UnknownOptionError("by", by, [SECTION, *schemes])
    if depth < 1:
        raise UnknownOptionError("depth", depth, "a number from 1")
    if isinstance(concepts, str):
        raise UnknownOptionError("concepts", concepts, f"a list, such as [{concepts!r}]")
    if concepts is not None and len(set(concepts)) < len(concepts):
        raise UnknownOptionError("concepts", list(concepts), "each once")
    if not 0 < confidence < 1:
        raise UnknownOptionError("confidence", confidence, "a number between 0 and 1")
    if n_resamples < 1:
        raise UnknownOptionError("n_resamples", n_resamples, "a number from 1")
