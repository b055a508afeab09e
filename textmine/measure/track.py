"""Concepts tracked over the editions: shares, breaks, bursts, trends, lives, and the smallest shift that could show."""

from collections.abc import Mapping, Sequence

import polars as pl

from textmine.annotate.concepts import Taxonomy
from textmine.annotate.taxonomy import load_taxonomy
from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.breaks import find_breaks
from textmine.measure.bursts import find_bursts
from textmine.measure.detectable import measure_detectable
from textmine.measure.lifetime import measure_lifetimes
from textmine.measure.prevalence import POOLED, measure_prevalence
from textmine.measure.rollup import EVIDENCE
from textmine.measure.trend import measure_trends
from textmine.schema import LANGUAGES

#: The tables that tracking returns, in the order in which one reads them.
TRACKS = ("prevalence", "lifetimes", "trends", "segmentations", "breaks", "bursts", "detectable")


def track_concepts(
    tables: Mapping[str, pl.DataFrame],
    concepts: Sequence[str],
    *,
    taxonomy: Taxonomy | None = None,
    langs: Sequence[str] | None = None,
    evidence: str = "any",
    unit: str = "paragraphs",
    error: pl.DataFrame | None = None,
    drop: pl.DataFrame | None = None,
    confidence: float = 0.95,
    level: float = 0.05,
    power: float = 0.8,
    n_draws: int = 1999,
    seed: int = 0,
) -> dict[str, pl.DataFrame]:
    """Track concepts over the editions: what changed, since when, and how sure.

    Parameters
    ----------
    tables : mapping of str to polars.DataFrame
        ``paragraphs`` and ``tags`` (and ``tokens`` for ``unit="tokens"``), from
        :func:`textmine.annotate.annotate.annotate_reports`.
    concepts : sequence of str
        Ids of the taxonomy, or ``scheme:id`` where several schemes have one. False discoveries are controlled over
        the concepts tracked together: name all that you look at.
    taxonomy : Taxonomy, optional
        That the tags are of; default: the one that ships with textmine.
    langs : sequence of str, optional
        ``zh``, ``en``, or ``zh+en`` for both together; default: the languages that the paragraphs are in.
    evidence : {'any', 'text', 'heading', 'classifier'}
        Which tags count.
    unit : {'paragraphs', 'tokens'}
        Shares of paragraphs or of the running text.
    error : polars.DataFrame, optional
        Table ``tagging_error``: shares are corrected by it.
    drop : polars.DataFrame, optional
        Paragraphs to leave out, such as :func:`textmine.measure.reuse.choose_drop` gives.
    confidence : float
        Of the intervals.
    level, power : float
        Of the smallest shift that could show.
    n_draws : int
        Orders tried, series simulated.
    seed : int

    Returns
    -------
    dict of str to polars.DataFrame
        ``prevalence``, ``lifetimes``, ``trends``, ``segmentations``, ``breaks``, ``bursts``, ``detectable``: see
        :func:`~textmine.measure.prevalence.measure_prevalence`, :func:`~textmine.measure.lifetime.measure_lifetimes`,
        :func:`~textmine.measure.trend.measure_trends`, :func:`~textmine.measure.breaks.find_breaks`,
        :func:`~textmine.measure.bursts.find_bursts`, :func:`~textmine.measure.detectable.measure_detectable`.

    Raises
    ------
    UnknownOptionError
        For an unknown concept (the message names the nearest) or language.
    ContractError
        When a language that was asked for has no paragraph.
    """
    taxonomy = taxonomy if taxonomy is not None else load_taxonomy()
    check_request(concepts, taxonomy=taxonomy, langs=langs, evidence=evidence)
    schemes = _choose_concepts(concepts, taxonomy)
    parts = [
        measure_prevalence(
            tables["paragraphs"].filter(pl.col("lang").is_in(lang.split("+"))),
            tables["tags"].filter(pl.col("lang").is_in(lang.split("+"))),
            scheme=scheme,
            concepts=names,
            parents=parents,
            evidence=evidence,
            unit=unit,
            tokens=tables.get("tokens"),
            pooled=lang == POOLED,
            error=error,
            drop=drop,
            confidence=confidence,
            seed=seed,
        )
        for lang in _choose_languages(tables["paragraphs"], langs)
        for scheme, (names, parents) in schemes.items()
    ]
    prevalence = pl.concat(parts)
    segmentations, breaks = find_breaks(prevalence, confidence=confidence, n_permutations=n_draws, seed=seed)
    return {
        "prevalence": prevalence,
        "lifetimes": measure_lifetimes(prevalence),
        "trends": measure_trends(prevalence, confidence=confidence),
        "segmentations": segmentations,
        "breaks": breaks,
        "bursts": find_bursts(prevalence, n_simulations=n_draws, seed=seed),
        "detectable": measure_detectable(prevalence, level=level, power=power, seed=seed),
    }


def check_request(
    concepts: Sequence[str], *, taxonomy: Taxonomy, langs: Sequence[str] | None = None, evidence: str = "any"
) -> None:
    """Raise for an unknown concept, language or kind of evidence, before long work."""
    _choose_concepts(concepts, taxonomy)
    for lang in langs or ():
        if lang not in (*LANGUAGES, POOLED):
            raise UnknownOptionError("language", lang, (*LANGUAGES, POOLED))
    if evidence not in EVIDENCE:
        raise UnknownOptionError("evidence", evidence, EVIDENCE)


def _choose_concepts(concepts: Sequence[str], taxonomy: Taxonomy) -> dict[str, tuple[list[str], dict[str, str]]]:
    """Return the concepts of each scheme, in the order asked for, and the scheme's parents."""
    if isinstance(concepts, str) or not concepts:
        raise UnknownOptionError("concepts", concepts, "a list of ids, such as ['cloud']")
    chosen: dict[str, tuple[list[str], dict[str, str]]] = {}
    for name in concepts:
        concept = taxonomy.find(name)
        names, _ = chosen.setdefault(concept.scheme, ([], taxonomy.scheme(concept.scheme).parents))
        if concept.id not in names:
            names.append(concept.id)
    return chosen


def _choose_languages(paragraphs: pl.DataFrame, langs: Sequence[str] | None) -> list[str]:
    have = set(paragraphs["lang"].unique())
    if langs is None:
        langs = [lang for lang in LANGUAGES if lang in have]
    for lang in langs:
        if not have.issuperset(lang.split("+")):
            raise ContractError(f"no paragraph in {lang}; there are {', '.join(sorted(have)) or 'none at all'}")
    if not langs:
        raise ContractError("no paragraph in any language; read some reports first")
    return list(dict.fromkeys(langs))
