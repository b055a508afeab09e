"""Concepts by editions: how much of each edition each concept has, as a map of cells."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from matplotlib.figure import Figure

from textmine.publish.figure import NARROW, DisplayFigure, figure_style
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

_CAPTION = {
    "en": "{scheme}: share of numbered paragraphs that speak of each, in per cent, {text}, {editions} editions, "
    "{first} to {last}, {low} to {high} paragraphs an edition. Empty cells: no paragraph. The data file has the "
    "interval of each cell.",
    "zh": "{scheme}：提及各项的编号段落所占百分比，{text}，{first} 年至 {last} 年共 {editions} 份报告，每份 {low} "
    "至 {high} 个段落。空格表示没有段落。各格的区间见数据文件。",
}
_DARK = 0.6  # of the scale, from which numbers are written in white


def _measure(study: Study, parameters: Mapping[str, Any]) -> Measured:
    shares = measure_concepts(study, parameters)
    return claim_shares(study, shares.filter(lang=choose_language(study, parameters["text_lang"])), parameters)


def _draw(data: pl.DataFrame, view: View) -> Figure:
    scheme = view.taxonomy.scheme(view.parameters["scheme"])
    drawn = set(data["series"])
    concepts = [concept.id for concept in scheme.concepts if concept.id in drawn]
    years = data["x"].unique().sort().to_list()
    at = {(row[0], row[1]): 100 * row[2] for row in data.select("series", "x", "value").iter_rows()}
    cells = np.array([[at.get((concept, year), 0.0) for year in years] for concept in concepts])
    labels = figure_labels(scheme, view.lang)
    with figure_style():
        figure = DisplayFigure(figsize=(view.width, 0.8 + 0.2 * len(concepts)))
        ax = figure.add_subplot()
        shown = np.ma.masked_equal(cells, 0)
        image = ax.imshow(shown, aspect="auto", cmap="Blues", vmin=0, vmax=max(cells.max(), 1))
        if view.width >= NARROW:
            for i, j in zip(*np.nonzero(cells), strict=True):
                colour = "white" if cells[i, j] > _DARK * cells.max() else "#222222"
                ax.text(j, i, f"{cells[i, j]:.0f}", ha="center", va="center", fontsize=6, color=colour)
        step = 1 if view.width >= NARROW else 3
        ax.set_xticks(range(0, len(years), step), years[::step], rotation=45 if view.width >= NARROW else 0)
        ax.set_yticks(range(len(concepts)), [labels[concept] for concept in concepts])
        ax.tick_params(length=0)
        ax.grid(visible=False)
        ax.spines[:].set_visible(False)
        bar = figure.colorbar(image, ax=ax, pad=0.01, aspect=30)
        bar.set_label(word("share_axis", view.lang))
        bar.outline.set_visible(False)
        write_title(figure, view, title_scheme(view), word(f"text_{data['lang'][0]}", view.lang))
        figure.draw_without_rendering()
    return figure


def _describe(data: pl.DataFrame, view: View) -> str:
    return _CAPTION[view.lang].format(
        scheme=title_scheme(view), text=word(f"text_{data['lang'][0]}", view.lang), **describe_editions(data)
    )


RECIPE = Recipe("share-heat-map", {**PARAMETERS, "text_lang": None}, _measure, _draw, _describe)
