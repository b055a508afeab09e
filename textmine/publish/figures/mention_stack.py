"""How the mentions of each edition divide among the concepts of a scheme, stacked."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from matplotlib.figure import Figure

from textmine.publish.figure import DisplayFigure, figure_style
from textmine.publish.figures.concept_shares import (
    PARAMETERS,
    choose_language,
    claim_shares,
    describe_editions,
    figure_labels,
    measure_concepts,
    title_scheme,
)
from textmine.publish.figures.parts import write_title
from textmine.publish.recipe import Measured, Recipe, View
from textmine.publish.study import Study
from textmine.publish.words import word

UNIT = "share of mentions"
#: The series of all concepts that aren't drawn by themselves.
OTHER = "(other)"
_CAPTION = {
    "en": "{scheme}: how the mentions of each edition divide among them, {text}, {editions} editions, {first} to "
    "{last}, {low} to {high} mentions an edition. A paragraph counts once for each that it speaks of. The shares "
    "add up to 100 %, so that one can grow because others shrink.",
    "zh": "{scheme}：各份报告的提及在各项之间的分布，{text}，{first} 年至 {last} 年共 {editions} 份报告，每份 "
    "{low} 至 {high} 次提及。段落提及几项即计几次。比例合计为 100%，一项上升可能只是因为其他项下降。",
}
_AXIS = {"en": "Share of mentions (%)", "zh": "占提及次数的百分比（%）"}
# Colours by Okabe and Ito (2008), light and dark in turn; hatches tell them apart in greyscale.
_FILLS = (
    ("#0072B2", ""), ("#E69F00", "////"), ("#009E73", ""), ("#F0E442", "...."), ("#56B4E9", "\\\\\\\\"),
    ("#D55E00", ""), ("#CC79A7", "xxxx"), ("#999999", "----"),
)  # fmt: skip


def _measure(study: Study, parameters: Mapping[str, Any]) -> Measured:
    shares = measure_concepts(study, parameters).filter(lang=choose_language(study, parameters["text_lang"]))
    often = shares.group_by("concept").agg(pl.col("share").mean()).sort(["share", "concept"], descending=[True, False])
    top = often["concept"].head(parameters["top"]).to_list()
    claimed = claim_shares(study, shares, parameters)
    series = pl.when(pl.col("series").is_in(top)).then("series").otherwise(pl.lit(OTHER)).alias("series")
    total = pl.col("n_tagged").sum().over("x")
    data = (
        claimed.data.with_columns(series, n=total)
        .group_by("series", "x", "lang", "n")
        .agg(pl.col("n_tagged").sum())
        .filter(pl.col("n") > 0)
        .with_columns(
            value=pl.col("n_tagged") / pl.col("n"), low=pl.lit(None), high=pl.lit(None), unit=pl.lit(UNIT),
            order=pl.col("series").replace_strict({name: i for i, name in enumerate([*top, OTHER])}),
        )
        .sort("order", "x")
        .drop("order")
    )  # fmt: skip
    return Measured(data, claimed.evidence.with_columns(series))


def _draw(data: pl.DataFrame, view: View) -> Figure:
    labels = {
        **figure_labels(view.taxonomy.scheme(view.parameters["scheme"]), view.lang),
        OTHER: word("other", view.lang),
    }
    years = data["x"].unique().sort().to_list()
    with figure_style():
        figure = DisplayFigure(figsize=(view.width, 3.4))
        ax = figure.add_subplot()
        below = dict.fromkeys(years, 0.0)
        for i, name in enumerate(data["series"].unique(maintain_order=True)):
            part = dict(data.filter(series=name).select("x", "value").iter_rows())
            heights = [100 * part.get(year, 0.0) for year in years]
            colour, hatch = ("#FFFFFF", "") if name == OTHER else _FILLS[i % len(_FILLS)]
            ax.bar(
                years, heights, bottom=list(below.values()), width=0.86, color=colour, hatch=hatch,
                edgecolor="#444444", linewidth=0.3, label=labels.get(name, name),
            )  # fmt: skip
            below = {year: below[year] + height for year, height in zip(years, heights, strict=True)}
        ax.set_ylim(0, 100)
        ax.set_ylabel(_AXIS[view.lang])
        ax.grid(visible=False)
        ax.tick_params(axis="x", rotation=45, length=0)
        ax.margins(x=0.01)
        write_title(figure, view, title_scheme(view), word(f"text_{data['lang'][0]}", view.lang))
        figure.legend(loc="outside lower center", ncols=3 if view.width > 5 else 2, handlelength=1.4)
        figure.draw_without_rendering()
    return figure


def _describe(data: pl.DataFrame, view: View) -> str:
    return _CAPTION[view.lang].format(
        scheme=title_scheme(view), text=word(f"text_{data['lang'][0]}", view.lang), **describe_editions(data)
    )


RECIPE = Recipe("mention-stack", {**PARAMETERS, "text_lang": None, "top": 8}, _measure, _draw, _describe)
