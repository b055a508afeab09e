"""What the figures of concept shares have in common: the measure, the places behind it, their titles."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from textmine.annotate.tag import ACTION_LINE
from textmine.annotate.taxonomy import Scheme
from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.prevalence import measure_prevalence
from textmine.measure.rollup import lift_tags
from textmine.measure.subset import drop_paragraphs
from textmine.publish.recipe import Measured, View
from textmine.publish.study import Study
from textmine.publish.words import word
from textmine.schema import LANGUAGES

UNIT = "share of paragraphs"
#: Options of every figure of shares.
PARAMETERS: dict[str, Any] = {
    "scheme": "trend",
    "evidence": "any",
    "reuse": "keep",
    "confidence": 0.95,
    "n_resamples": 2000,
    "seed": 0,
}


def measure_concepts(study: Study, parameters: Mapping[str, Any], *, occurring: bool = True) -> pl.DataFrame:
    """Return the table ``prevalence`` of a scheme; where ``occurring``, only concepts that some paragraph speaks of."""
    scheme = study.taxonomy.scheme(parameters["scheme"])
    shares = measure_prevalence(
        study.paragraphs,
        study.table("tags"),
        parents=scheme.parents,
        drop=study.choose_drop(parameters["reuse"]),
        **{name: parameters[name] for name in PARAMETERS if name != "reuse"},
    )
    if not occurring:
        return shares
    found = shares.filter(pl.col("n_tagged") > 0)["concept"].unique()
    return shares.filter(pl.col("concept").is_in(found.implode()))


def choose_language(study: Study, lang: str | None) -> str:
    """Return the language of the texts that a figure of one language draws from; default: Chinese, if it is there."""
    if lang is None:
        return next(name for name in LANGUAGES if name in study.langs)
    if lang not in study.langs:
        raise UnknownOptionError(f"language of the texts in {study.name}", lang, study.langs)
    return lang


def claim_shares(study: Study, shares: pl.DataFrame, parameters: Mapping[str, Any]) -> Measured:
    """Return shares as marks, each with the tags that it counts."""
    if shares.height == 0:
        raise ContractError(f"{study.name} has nothing to draw of the scheme {parameters['scheme']!r}")
    mark = {"series": pl.col("concept"), "x": pl.col("edition").cast(pl.String)}
    data = shares.select(
        "lang", "low", "high", pl.col("n_tagged").cast(pl.Int32), "n_sections", "evidence", "confidence", "method",
        **mark, value="share", n="n_paragraphs", unit=pl.lit(UNIT),
    )  # fmt: skip
    parents = study.taxonomy.scheme(parameters["scheme"]).parents
    kept = drop_paragraphs(study.table("tags"), study.choose_drop(parameters["reuse"]))
    tags = lift_tags(kept, scheme=parameters["scheme"], evidence=parameters["evidence"], parents=parents)
    drawn = shares.select("edition", "lang", "concept").unique()
    evidence = tags.join(drawn, on=["edition", "lang", "concept"], how="semi").with_columns(
        **mark, text_lang=pl.col("lang")
    )
    return Measured(data, evidence)


def restore_shares(data: pl.DataFrame, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """Return the table ``shares`` that marks were made from."""
    return data.with_columns(
        concept="series",
        edition=pl.col("x").cast(pl.Int32),
        share="value",
        n_paragraphs=pl.col("n").cast(pl.Int32),
        scheme=pl.lit(parameters["scheme"]),
    )


def figure_labels(scheme: Scheme, lang: str) -> dict[str, str]:
    """Return what figures write for each concept of a scheme; an action line is led by its code.

    Examples
    --------
    >>> from textmine.annotate.taxonomy import load_taxonomy
    >>> figure_labels(load_taxonomy().scheme("action_line"), "en")["C3"]
    'C3 Access to knowledge'
    """
    labels = {}
    for concept in scheme.concepts:
        label = concept.short_labels[lang]
        label = label[:1].upper() + label[1:]
        labels[concept.id] = f"{concept.id.split('.')[0]} {label}" if scheme.name == ACTION_LINE else label
    return labels


def title_scheme(view: View) -> str:
    """Return the title of a figure of a scheme: its name, and by which evidence where not by any."""
    title = word(f"scheme_{view.parameters['scheme']}", view.lang)
    if view.parameters["evidence"] != "any":
        title += word(f"evidence_{view.parameters['evidence']}", view.lang)
    if view.parameters["reuse"] != "keep":
        title += word("without_reuse", view.lang)
    return title


def describe_editions(data: pl.DataFrame) -> dict[str, object]:
    """Return what a caption says of the editions: how many, first and last, fewest and most paragraphs."""
    years = data["x"].unique().sort()
    return {
        "editions": len(years),
        "first": years[0],
        "last": years[-1],
        "low": data["n"].min(),
        "high": data["n"].max(),
    }


def describe_interval(view: View) -> str:
    """Say in a caption what the interval of shares is, and what it means for a census."""
    return word("caption_interval", view.lang).format(
        confidence=f"{100 * view.parameters['confidence']:g}", resamples=view.parameters["n_resamples"]
    )


def join_title(view: View, *parts: str) -> str:
    """Join the parts of a title and say which corpora the figure draws from."""
    return (", " if view.lang == "en" else "，").join(part for part in (*parts, view.name_corpora()) if part)
