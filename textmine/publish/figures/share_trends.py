"""How the share of paragraphs that speak of each concept moves over the editions, a panel for each concept."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from matplotlib.figure import Figure

from textmine.errors import UnknownOptionError
from textmine.publish.figures.concept_shares import (
    PARAMETERS,
    claim_shares,
    describe_editions,
    describe_interval,
    figure_labels,
    join_title,
    measure_concepts,
    restore_shares,
    title_scheme,
)
from textmine.publish.plot import draw_share_trends
from textmine.publish.recipe import Measured, Recipe, View
from textmine.publish.study import Study

_CAPTION = {
    "en": "{scheme}: share of numbered paragraphs that speak of each, {editions} editions, {first} to {last}, "
    "{low} to {high} paragraphs an edition. ",
    "zh": "{scheme}：提及各项的编号段落所占比例，{first} 年至 {last} 年共 {editions} 份报告，每份 {low} 至 {high} "
    "个段落。",
}


def _measure(study: Study, parameters: Mapping[str, Any]) -> Measured:
    shares = measure_concepts(study, parameters)
    wanted = parameters["concepts"]
    if wanted is not None:
        known = sorted(shares["concept"].unique())
        for concept in wanted:
            if concept not in known:
                raise UnknownOptionError(f"concept of {study.name}", concept, known)
        shares = shares.filter(pl.col("concept").is_in(wanted))
    return claim_shares(study, shares, parameters)


def _draw(data: pl.DataFrame, view: View) -> Figure:
    scheme = view.taxonomy.scheme(view.parameters["scheme"])
    drawn = set(data["series"])
    order = view.parameters["concepts"] or [concept.id for concept in scheme.concepts]
    one_column = view.width < 5
    return draw_share_trends(
        restore_shares(data, view.parameters),
        concepts=[concept for concept in order if concept in drawn],
        labels=figure_labels(scheme, view.lang),
        title=join_title(view, title_scheme(view)),
        lang=view.lang,
        width=view.width,
        n_columns=2 if one_column else 4,
    )


def _describe(data: pl.DataFrame, view: View) -> str:
    return _CAPTION[view.lang].format(scheme=title_scheme(view), **describe_editions(data)) + describe_interval(view)


RECIPE = Recipe("share-trends", {**PARAMETERS, "concepts": None}, _measure, _draw, _describe)
