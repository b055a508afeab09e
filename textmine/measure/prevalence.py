"""How much of an edition speaks of a concept: the share of its paragraphs, with an interval."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from scipy import stats

from textmine.errors import ContractError, UnknownOptionError
from textmine.schema import check_table, make_table

BOOTSTRAP = "percentile bootstrap over sections"
WILSON = "Wilson score"
EVIDENCE = ("any", "text", "heading")


def measure_shares(
    paragraphs: pl.DataFrame,
    tags: pl.DataFrame,
    *,
    scheme: str,
    evidence: str = "any",
    concepts: Sequence[str] | None = None,
    parents: Mapping[str, str] | None = None,
    confidence: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> pl.DataFrame:
    r"""Measure the share of paragraphs tagged with each concept of a scheme, by edition and language.

    The share is :math:`p = \sum_s t_s / \sum_s n_s` over the sections :math:`s` of an edition, with :math:`t_s`
    tagged paragraphs of :math:`n_s`. Paragraphs of a section resemble each other, so the interval resamples whole
    sections with replacement and takes percentiles (cluster bootstrap; Davison and Hinkley 1997, section 3.8). Where
    resampling says nothing (no paragraph tagged, or all; a single section; evidence of headings, where the section
    is the concept itself) the interval is Wilson's (1927) over paragraphs. An edition is a census of its own text:
    the interval says how far the share depends on which sections the edition happens to have, not how far it is from
    an unseen population.

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
    confidence : float
        Of the interval, between 0 and 1.
    n_resamples : int
        Number of bootstrap resamples.
    seed : int
        Of the resampling; the same seed gives the same bytes, whatever the order of the rows.

    Returns
    -------
    polars.DataFrame
        Table ``shares``, sorted by edition, language and concept; shares and bounds are fractions of 1.

    Raises
    ------
    ContractError
        When a table lacks a column, or a tag refers to a paragraph that isn't there.
    UnknownOptionError
        For an unknown kind of evidence.
    """
    check_table(paragraphs, "paragraphs", without=("text", "heading_path"))
    check_table(tags, "tags", without=("surface",))
    if evidence not in EVIDENCE:
        raise UnknownOptionError("evidence", evidence, EVIDENCE)
    if not 0 < confidence < 1:
        raise UnknownOptionError("confidence", confidence, "a number between 0 and 1")
    if n_resamples < 1:
        raise UnknownOptionError("n_resamples", n_resamples, "a number from 1")
    tagged = _tagged(tags, scheme, evidence, parents or {})
    missing = tagged.join(
        paragraphs, left_on=["edition", "lang", "paragraph"], right_on=["edition", "lang", "number"], how="anti"
    )
    if missing.height:
        row = missing.sort("edition", "lang", "paragraph").row(0, named=True)
        raise ContractError(
            f"a tag refers to paragraph {row['paragraph']} of {row['edition']} {row['lang']}, which isn't there"
        )
    names = list(concepts) if concepts is not None else sorted(tagged["concept"].unique())
    rows: list[dict[str, object]] = []
    for (edition, lang), part in paragraphs.sort("edition", "lang", "number").group_by(
        ["edition", "lang"], maintain_order=True
    ):
        mine = tagged.filter((pl.col("edition") == edition) & (pl.col("lang") == lang))
        hits, sizes = _count_by_section(part, mine, names)
        low, high = resample_shares(hits, sizes, confidence=confidence, n_resamples=n_resamples, seed=seed)
        total = int(sizes.sum())
        for i, concept in enumerate(names):
            n_tagged = int(hits[:, i].sum())
            method, bounds = BOOTSTRAP, (float(low[i]), float(high[i]))
            if evidence == "heading" or n_tagged in (0, total) or len(sizes) == 1:
                interval = stats.binomtest(n_tagged, total).proportion_ci(confidence, method="wilson")
                method, bounds = WILSON, (float(interval.low), float(interval.high))
            rows.append(
                {
                    "edition": edition,
                    "lang": lang,
                    "scheme": scheme,
                    "concept": concept,
                    "evidence": evidence,
                    "n_paragraphs": total,
                    "n_tagged": n_tagged,
                    "n_sections": len(sizes),
                    "share": n_tagged / total,
                    "low": bounds[0],
                    "high": bounds[1],
                    "confidence": confidence,
                    "method": method,
                }
            )
    return make_table("shares", rows)


def resample_shares(
    hits: np.ndarray, sizes: np.ndarray, *, confidence: float = 0.95, n_resamples: int = 2000, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Return percentile bounds of shares under resampling of sections.

    Parameters
    ----------
    hits : numpy.ndarray of int, shape (n_sections, n_concepts)
        Tagged paragraphs of each section.
    sizes : numpy.ndarray of int, shape (n_sections,)
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
    n_sections = len(sizes)
    draws = np.random.default_rng(seed).multinomial(n_sections, np.full(n_sections, 1 / n_sections), size=n_resamples)
    shares = (draws @ hits) / (draws @ sizes)[:, None]
    tail = (1 - confidence) / 2
    low, high = np.quantile(shares, [tail, 1 - tail], axis=0)
    return low, high


def _tagged(tags: pl.DataFrame, scheme: str, evidence: str, parents: Mapping[str, str]) -> pl.DataFrame:
    """One row for each paragraph and concept, concepts above included."""
    chosen = tags.filter(pl.col("scheme") == scheme)
    if evidence != "any":
        chosen = chosen.filter(pl.col("evidence") == evidence)
    chosen = chosen.select("edition", "lang", "paragraph", "concept").unique()
    level = chosen
    while level.height and parents:
        level = level.with_columns(pl.col("concept").replace_strict(parents, default=None)).drop_nulls("concept")
        chosen = pl.concat([chosen, level])
    return chosen.unique()


def _count_by_section(
    paragraphs: pl.DataFrame, tagged: pl.DataFrame, concepts: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    sections = sorted(paragraphs["section"].unique())
    place = {section: i for i, section in enumerate(sections)}
    column = {concept: i for i, concept in enumerate(concepts)}
    section_of = dict(zip(paragraphs["number"], paragraphs["section"], strict=True))
    sizes = np.zeros(len(sections), dtype=np.int64)
    hits = np.zeros((len(sections), len(concepts)), dtype=np.int64)
    for section in section_of.values():
        sizes[place[section]] += 1
    for number, concept in tagged.select("paragraph", "concept").iter_rows():
        if concept in column:
            hits[place[section_of[number]], column[concept]] += 1
    return hits, sizes
