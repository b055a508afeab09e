"""The share of chosen concepts over chosen years, within a region or action line: what an exploration shows."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from matplotlib.figure import Figure

from textmine.annotate.corrections import Correction
from textmine.annotate.tag import ACTION_LINE
from textmine.errors import ContractError
from textmine.measure.prevalence import measure_shares
from textmine.measure.rollup import lift_tags
from textmine.publish.explore.narrow import REGION, narrow_tables
from textmine.publish.figures.concept_shares import (
    PARAMETERS,
    UNIT,
    describe_editions,
    describe_interval,
    figure_labels,
    join_title,
    restore_shares,
    title_scheme,
)
from textmine.publish.plot import draw_share_trends
from textmine.publish.recipe import Measured, Recipe, View
from textmine.publish.study import Study

_WITHIN = {"en": ", in paragraphs on {name}", "zh": "（限于涉及{name}的段落）"}
_CORRECTED = {"en": ", tags corrected by a reader in {n} places", "zh": "（标注经读者更正 {n} 处）"}
_CAPTION = {
    "en": "{scheme}: share of numbered paragraphs that speak of each, {editions} editions, {first} to {last}, "
    "{low} to {high} paragraphs an edition. ",
    "zh": "{scheme}：提及各项的编号段落所占比例，{first} 年至 {last} 年共 {editions} 份报告，每份 {low} 至 {high} "
    "个段落。",
}


def _measure(study: Study, parameters: Mapping[str, Any]) -> Measured:
    name, concepts = parameters["scheme"], parameters["concepts"]
    scheme = study.taxonomy.scheme(name)
    concepts = list(concepts) if concepts is not None else [concept.id for concept in scheme.concepts]
    for concept in concepts:
        study.taxonomy.concept(name, concept)
    tables = narrow_tables(
        study,
        langs=parameters["langs"],
        years=None if parameters["years"] is None else (parameters["years"][0], parameters["years"][1]),
        region=parameters["region"],
        action_line=parameters["action_line"],
        reuse=parameters["reuse"],
        corrections=[Correction(**row) for row in parameters["corrections"]],
    )
    shares = measure_shares(
        tables["paragraphs"],
        tables["tags"],
        concepts=concepts,
        parents=scheme.parents,
        **{key: parameters[key] for key in PARAMETERS if key != "reuse"},
    )
    if not shares.height:
        raise ContractError(f"{study.name} has nothing to draw of the scheme {name!r}")
    mark = {"series": pl.col("concept"), "x": pl.col("edition").cast(pl.String)}
    data = shares.select(
        "lang", "low", "high", "n_tagged", "n_sections", "evidence", "confidence", "method",
        **mark, value="share", n="n_paragraphs", unit=pl.lit(UNIT),
    )  # fmt: skip
    tags = lift_tags(tables["tags"], scheme=name, evidence=parameters["evidence"], parents=scheme.parents)
    evidence = tags.filter(pl.col("concept").is_in(concepts)).with_columns(**mark, text_lang=pl.col("lang"))
    return Measured(data, evidence)


def _draw(data: pl.DataFrame, view: View) -> Figure:
    drawn = list(dict.fromkeys(data["series"]))
    return draw_share_trends(
        restore_shares(data, view.parameters),
        concepts=drawn,
        labels=figure_labels(view.taxonomy.scheme(view.parameters["scheme"]), view.lang),
        title=join_title(view, _title(view)),
        lang=view.lang,
        width=view.width,
        n_columns=min(len(drawn), 2 if view.width < 5 else 4),
    )


def _title(view: View) -> str:
    title = title_scheme(view)
    for scheme, key in ((REGION, "region"), (ACTION_LINE, "action_line")):
        if view.parameters[key] is not None:
            label = view.taxonomy.concept(scheme, view.parameters[key]).labels[view.lang]
            title += _WITHIN[view.lang].format(name=label)
    if view.parameters["corrections"]:
        title += _CORRECTED[view.lang].format(n=len(view.parameters["corrections"]))
    return title


def _describe(data: pl.DataFrame, view: View) -> str:
    return _CAPTION[view.lang].format(scheme=_title(view), **describe_editions(data)) + describe_interval(view)


RECIPE = Recipe(
    "chosen-shares",
    {
        **PARAMETERS, "concepts": None, "langs": None, "years": None, "region": None, "action_line": None,
        "corrections": [],
    },
    _measure,
    _draw,
    _describe,
)  # fmt: skip
