"""How the share of paragraphs that speak of each concept moves over the editions, a panel for each concept."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from matplotlib.figure import Figure

from textmine.errors import UnknownOptionError
from textmine.measure.breaks import find_breaks
from textmine.publish.figure import NARROW
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

_BREAKS = {
    "en": "Dotted lines: first edition of a new level, by exact segmentation with a permutation test ({draws} orders), "
    "false-discovery rate at most {level}.",
    "zh": "点线：新水平的首份报告，由精确分段及置换检验（{draws} 次排列）得出，错误发现率不高于 {level}。",
}
#: A series of fewer has too few orders to tell a break.
FEWEST_EDITIONS = 6


def _measure(study: Study, parameters: Mapping[str, Any]) -> Measured:
    shares = measure_concepts(study, parameters)
    wanted = parameters["concepts"]
    if wanted is not None:
        known = sorted(shares["concept"].unique())
        for concept in wanted:
            if concept not in known:
                raise UnknownOptionError(f"concept of {study.name}", concept, known)
        shares = shares.filter(pl.col("concept").is_in(wanted))
    measured = claim_shares(study, shares, parameters)
    n_editions = shares["edition"].n_unique()
    if not parameters["breaks"] or n_editions < FEWEST_EDITIONS:
        return measured._replace(data=measured.data.with_columns(new_level=pl.lit(None, dtype=pl.Boolean)))
    _, breaks = find_breaks(shares, n_permutations=parameters["n_permutations"], seed=parameters["seed"])
    kept = breaks.filter(pl.col("q") <= parameters["level"]).select(
        "lang", series="concept", x=pl.col("edition").cast(pl.String), new_level=pl.lit(value=True)
    )
    data = measured.data.join(kept, on=["lang", "series", "x"], how="left", maintain_order="left")
    return measured._replace(data=data.with_columns(pl.col("new_level").fill_null(value=False)))


def _draw(data: pl.DataFrame, view: View) -> Figure:
    scheme = view.taxonomy.scheme(view.parameters["scheme"])
    drawn = set(data["series"])
    order = view.parameters["concepts"] or [concept.id for concept in scheme.concepts]
    one_column = view.width < NARROW
    return draw_share_trends(
        restore_shares(data, view.parameters),
        concepts=[concept for concept in order if concept in drawn],
        labels=figure_labels(scheme, view.lang),
        title=join_title(view, title_scheme(view)),
        lang=view.lang,
        width=view.width,
        n_columns=min(len(drawn), 2 if one_column else 4),
        breaks={
            str(name): [(lang, int(year)) for lang, year in part.select("lang", "x").iter_rows()]
            for (name,), part in data.filter(pl.col("new_level")).group_by(["series"], maintain_order=True)
        },
    )


def _describe(data: pl.DataFrame, view: View) -> str:
    said = _CAPTION[view.lang].format(scheme=title_scheme(view), **describe_editions(data)) + describe_interval(view)
    if data["new_level"].null_count():
        return said
    stop = " " if view.lang == "en" else ""
    return (
        said + stop + _BREAKS[view.lang].format(level=view.parameters["level"], draws=view.parameters["n_permutations"])
    )


RECIPE = Recipe(
    "share-trends",
    {**PARAMETERS, "concepts": None, "breaks": True, "level": 0.05, "n_permutations": 1999},
    _measure,
    _draw,
    _describe,
)
