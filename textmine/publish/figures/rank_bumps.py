"""How concepts overtake each other: their rank by share in each edition."""

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

UNIT = "rank by share of paragraphs"
_CAPTION = {
    "en": "{scheme}: rank by share of paragraphs in each edition, {text}, {editions} editions, {first} to {last}, "
    "{low} to {high} paragraphs an edition; those that rank among the first {top} somewhere and highest on average "
    "are drawn. Equal shares share their mean rank; without a paragraph there is no rank. Ranks hide how close "
    "shares are: see the panels with intervals.",
    "zh": "{scheme}：各份报告中按段落比例的排名，{text}，{first} 年至 {last} 年共 {editions} 份报告，每份 {low} 至 "
    "{high} 个段落；只画曾进入前 {top} 名且平均排名最高的各项。比例相同者取平均名次；未提及则无名次。排名不反映比例"
    "差距，参见带区间的分图。",
}
_AXIS = {"en": "Rank", "zh": "排名"}
_STYLES = (
    ("#0072B2", "o"), ("#D55E00", "s"), ("#009E73", "^"), ("#CC79A7", "D"), ("#E69F00", "v"), ("#56B4E9", "P"),
    ("#000000", "X"), ("#7F7F7F", "h"),
)  # fmt: skip


def _measure(study: Study, parameters: Mapping[str, Any]) -> Measured:
    shares = measure_concepts(study, parameters).filter(lang=choose_language(study, parameters["text_lang"]))
    present = shares.filter(pl.col("n_tagged") > 0)
    ranked = present.with_columns(rank=pl.col("share").rank("average", descending=True).over("edition"))
    first = ranked.filter(pl.col("rank").min().over("concept") <= parameters["top"])
    absent = ranked["concept"].n_unique() + 1  # what an edition without the concept counts as, for the choice alone
    n_editions = shares["edition"].n_unique()
    mean = (pl.col("rank").sum() + absent * (n_editions - pl.len())) / n_editions
    chosen = (
        first.group_by("concept").agg(mean=mean).sort("mean", "concept").head(parameters["top"])["concept"].to_list()
    )
    drawn = ranked.filter(pl.col("concept").is_in(chosen)).sort("edition")
    claimed = claim_shares(study, drawn, parameters)
    rank = drawn.select("concept", pl.col("edition").cast(pl.String), "rank").rename(
        {"concept": "series", "edition": "x"}
    )
    data = claimed.data.join(rank, on=["series", "x"], how="left", maintain_order="left").with_columns(
        value="rank", share="value", low=pl.lit(None), high=pl.lit(None), unit=pl.lit(UNIT)
    )
    at = {name: i for i, name in enumerate(chosen)}
    return Measured(data.sort(pl.col("series").replace_strict(at), "x").drop("rank"), claimed.evidence)


def _draw(data: pl.DataFrame, view: View) -> Figure:
    labels = figure_labels(view.taxonomy.scheme(view.parameters["scheme"]), view.lang)
    years = [int(year) for year in data["x"].unique().sort()]
    lowest = max(data["value"].to_list())
    with figure_style():
        figure = DisplayFigure(figsize=(view.width, 3.4))
        ax = figure.add_subplot()
        ends: list[tuple[float, str, str]] = []
        for i, name in enumerate(data["series"].unique(maintain_order=True)):
            part = data.filter(series=name)
            at = {int(year): rank for year, rank in part.select("x", "value").iter_rows()}
            colour, marker = _STYLES[i % len(_STYLES)]
            line = [at.get(year, float("nan")) for year in years]
            ax.plot(years, line, color=colour, marker=marker, linewidth=1.4, markersize=4.5, markeredgecolor="white",
                    markeredgewidth=0.4)  # fmt: skip
            ends.append((at[max(at)], labels[name], colour))
        ax.set_ylim(lowest + 0.7, 0.3)
        _write_ends(ax, ends, x=years[-1], span=lowest)
        ax.set_ylabel(_AXIS[view.lang])
        ax.set_xticks(years[:: 1 if view.width > 5 else 3])
        ax.tick_params(axis="x", rotation=45)
        ax.set_xlim(years[0] - 0.4, years[-1] + 0.3)
        ax.grid(axis="y")
        write_title(figure, view, title_scheme(view), word(f"text_{data['lang'][0]}", view.lang))
        figure.draw_without_rendering()
    return figure


def _write_ends(ax: Any, ends: list[tuple[float, str, str]], *, x: float, span: float) -> None:
    """Write each line's name at its end, moved down where two would overlap."""
    gap, at = span / 17, float("-inf")
    for rank, label, colour in sorted(ends):
        at = max(rank, at + gap)
        ax.annotate(label, (x, at), xytext=(7, 0), textcoords="offset points", va="center", fontsize=7, color=colour,
                    annotation_clip=False)  # fmt: skip


def _describe(data: pl.DataFrame, view: View) -> str:
    return _CAPTION[view.lang].format(
        scheme=title_scheme(view),
        text=word(f"text_{data['lang'][0]}", view.lang),
        top=view.parameters["top"],
        **describe_editions(data),
    )


RECIPE = Recipe("rank-bumps", {**PARAMETERS, "text_lang": None, "top": 8}, _measure, _draw, _describe)
