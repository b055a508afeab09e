"""How new each edition is, how much of it stays, and how far it stands from the one before."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from textmine.measure.counts import count_terms
from textmine.measure.divergence import measure_divergence
from textmine.measure.novelty import measure_novelty, smooth_distributions
from textmine.measure.subset import drop_paragraphs
from textmine.publish.figure import NARROW, DisplayFigure, figure_style
from textmine.publish.figures.parts import whole_paragraphs, write_title
from textmine.publish.plot import SERIES
from textmine.publish.recipe import Measured, Recipe, View
from textmine.publish.study import Study
from textmine.publish.words import word

PANELS = ("novelty", "transience", "resonance", "distance")
_UNITS = {"novelty": "bits", "transience": "bits", "resonance": "bits", "distance": "Jensen-Shannon distance"}
_NAMES = {
    "novelty": {"en": "Novelty (bits)", "zh": "新颖度（比特）"},
    "transience": {"en": "Transience (bits)", "zh": "短暂度（比特）"},
    "resonance": {"en": "Resonance (bits)", "zh": "共振度（比特）"},
    "distance": {"en": "Distance to the edition before", "zh": "与上一份报告的距离"},
}
_CAPTION = {
    "en": "Novelty, transience and resonance of the terms of each edition against the {window} before and after it "
    "(Barron et al. 2018), and corrected Jensen-Shannon distance to the edition before with {confidence} % "
    "interval (sections resampled {resamples} times; the part that chance gives is taken out), {first} to "
    "{last}{reuse}. Novelty, transience and resonance have no interval; editions at the ends lack neighbours and "
    "have no value.",
    "zh": "各份报告词语相对于前后各 {window} 份报告的新颖度、短暂度与共振度（Barron 等，2018），以及与上一份报告的"
    "校正 Jensen-Shannon 距离及其 {confidence}% 区间（章节重抽样 {resamples} 次；已扣除偶然造成的部分），{first} 年"
    "至 {last} 年{reuse}。前三项没有区间；两端的报告缺少相邻报告，故无数值。",
}
_TITLE = {"en": "What is new, and what stays", "zh": "新内容与留存"}


def _measure(study: Study, parameters: Mapping[str, Any]) -> Measured:
    drop = study.choose_drop(parameters["reuse"])
    paragraphs = drop_paragraphs(study.paragraphs, drop)
    tokens = drop_paragraphs(study.table("tokens"), drop)
    options = {name: parameters[name] for name in ("confidence", "n_resamples", "seed")}
    parts = []
    for lang in study.langs:
        counts = count_terms(tokens, paragraphs, lang=lang)
        yearly = counts.by("edition")
        editions = yearly.rows["edition"].to_list()
        found = measure_novelty(smooth_distributions(yearly), editions=editions, lang=lang, window=parameters["window"])
        wide = found.unpivot(list(PANELS[:3]), index=["edition", "lang"], variable_name="series", value_name="value")
        none = pl.lit(None, dtype=pl.Float64)
        parts.append(wide.with_columns(low=none, high=none))
        distance = measure_divergence(counts, **options)
        parts.append(
            distance.select("edition", "lang", "low", "high", series=pl.lit("distance"), value="corrected").select(
                parts[0].columns
            )
        )
    size = paragraphs.group_by("edition", "lang").len("n")
    unit = pl.col("series").replace_strict(_UNITS)
    data = (
        pl.concat(parts)
        .filter(pl.col("value").is_not_null())
        .join(size, on=["edition", "lang"], how="left")
        .with_columns(x=pl.col("edition").cast(pl.String), unit=unit)
        .sort("series", "x", "lang")
    )
    read = paragraphs.select("edition", "lang", paragraph="number")
    evidence = whole_paragraphs(data.select("series", "x", "lang", "edition").join(read, on=["edition", "lang"]))
    return Measured(data.drop("edition"), evidence)


def _draw(data: pl.DataFrame, view: View) -> Figure:
    narrow = view.width < NARROW
    with figure_style():
        figure = DisplayFigure(figsize=(view.width, 5.6 if narrow else 3.8))
        axes = figure.subplots(4 if narrow else 2, 1 if narrow else 2, sharex=True, squeeze=False)
        for ax, panel in zip(axes.flat, PANELS, strict=True):
            for lang, (colour, marker) in SERIES.items():
                part = data.filter(series=panel, lang=lang).sort("x")
                if part.height == 0:
                    continue
                years = part["x"].cast(pl.Int32).to_numpy() + (0.12 if lang == "en" else -0.12)
                if panel == "distance":
                    low, high = (part[name].to_numpy() for name in ("low", "high"))
                    seen = ~np.isnan(low.astype(float))
                    ax.vlines(years[seen], low[seen], high[seen], color=colour, linewidth=0.9, alpha=0.4)
                ax.plot(years, part["value"], marker=marker, markersize=2.8, linewidth=0.9, color=colour,
                        label=word(f"text_{lang}", view.lang))  # fmt: skip
            ax.set_title(_NAMES[panel][view.lang])
            ax.grid(axis="y")
            ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))
            if panel == "resonance":
                ax.axhline(0, color="black", linewidth=0.6)
            elif panel == "distance":
                ax.set_ylim(bottom=0)
        handles, labels = axes.flat[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=2)
        write_title(figure, view, _TITLE[view.lang])
        figure.draw_without_rendering()
    return figure


def _describe(data: pl.DataFrame, view: View) -> str:
    years = data["x"].unique().sort()
    return _CAPTION[view.lang].format(
        window=view.parameters["window"],
        confidence=f"{100 * view.parameters['confidence']:g}",
        resamples=view.parameters["n_resamples"],
        first=years[0],
        last=years[-1],
        reuse=word("without_reuse", view.lang) if view.parameters["reuse"] != "keep" else "",
    )


RECIPE = Recipe(
    "novelty-lines",
    {"window": 3, "reuse": "keep", "confidence": 0.95, "n_resamples": 500, "seed": 0},
    _measure,
    _draw,
    _describe,
)
