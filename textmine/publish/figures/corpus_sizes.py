"""What there is: paragraphs of each edition by the report's parts, and the editions of the catalogue that lack."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from textmine.publish.figure import NARROW, DisplayFigure, figure_style
from textmine.publish.figures.parts import whole_paragraphs, write_title
from textmine.publish.recipe import Measured, Recipe, View
from textmine.publish.study import Study
from textmine.publish.words import word
from textmine.reports.catalogue import load_catalogue

UNIT = "paragraphs"
#: The series of editions that the catalogue knows and the texts lack.
ABSENT = "no text"
_CAPTION = {
    "en": "Numbered paragraphs of each edition by part of the report, {editions} editions, {first} to {last}. Crosses: "
    "editions of the catalogue ({low} to {high}) of which this corpus has no text in that language ({absent}). Counts "
    "of what is there, so without interval.",
    "zh": "各份报告按部分统计的编号段落数，{first} 年至 {last} 年共 {editions} 份报告。叉号：目录（{low} 年至 {high} 年"
    "）所列、但本语料没有该语种文本的报告（{absent} 份）。数字为现有文本的计数，故无区间。",
}
_TITLE = {"en": "The corpus and its gaps", "zh": "语料与缺口"}
_AXIS = {"en": "Paragraphs", "zh": "段落数"}
_PART = {"en": "Part {}", "zh": "第 {} 部分"}
_OPENING = {"en": "Opening", "zh": "引言"}
_NO_TEXT = {"en": "No text", "zh": "无文本"}
# Colours by Okabe and Ito (2008), light and dark in turn; hatches tell them apart in greyscale.
_FILLS = (("#FFFFFF", "...."), ("#56B4E9", ""), ("#0072B2", ""), ("#E69F00", "////"), ("#009E73", "xxxx"))


def _measure(study: Study, parameters: Mapping[str, Any]) -> Measured:  # noqa: ARG001
    part = pl.col("section").str.extract(r"^([^.]+)").fill_null("0").alias("series")
    x = pl.col("edition").cast(pl.String).alias("x")
    paragraphs = study.paragraphs.select("edition", "lang", x, part, paragraph="number")
    counted = (
        paragraphs.with_columns(n=pl.len().over("x", "lang"))
        .group_by("series", "x", "lang", "n")
        .agg(value=pl.len())
        .sort("lang", "series", "x")
    )
    years = sorted({str(year) for year in load_catalogue()["year"]})
    there = set(paragraphs.select("x", "lang").unique().rows())
    gaps = [(ABSENT, year, lang, 0, 0) for lang in study.langs for year in years if (year, lang) not in there]
    schema = dict.fromkeys(("series", "x", "lang"), pl.String) | dict.fromkeys(("n", "value"), pl.Int64)
    counts = counted.select(pl.col(name).cast(dtype) for name, dtype in schema.items())
    none = pl.lit(None, dtype=pl.Float64)
    data = pl.concat([counts, pl.DataFrame(gaps, schema=schema, orient="row")])
    return Measured(data.with_columns(low=none, high=none, unit=pl.lit(UNIT)), whole_paragraphs(paragraphs))


def _draw(data: pl.DataFrame, view: View) -> Figure:
    langs = sorted(set(data["lang"]))
    years = [str(year) for year in range(int(data["x"].min()), int(data["x"].max()) + 1)]  # type: ignore[arg-type]
    parts = sorted(set(data["series"]) - {ABSENT})
    with figure_style():
        figure = DisplayFigure(figsize=(view.width, 0.8 + 1.5 * len(langs)))
        axes = figure.subplots(len(langs), 1, sharex=True, sharey=True, squeeze=False)[:, 0]
        for ax, lang in zip(axes, langs, strict=True):
            below = dict.fromkeys(years, 0.0)
            for i, part in enumerate(parts):
                found = dict(data.filter(series=part, lang=lang).select("x", "value").iter_rows())
                heights = [found.get(year, 0.0) for year in years]
                colour, hatch = _FILLS[i % len(_FILLS)]
                label = _OPENING[view.lang] if part == "0" else _PART[view.lang].format(part)
                ax.bar(
                    years, heights, bottom=list(below.values()), width=0.8, color=colour, hatch=hatch,
                    edgecolor="#444444", linewidth=0.4, label=label,
                )  # fmt: skip
                below = {year: below[year] + height for year, height in zip(years, heights, strict=True)}
            gaps = data.filter(series=ABSENT, lang=lang)["x"].to_list()
            top = max(below.values())
            ax.plot(gaps, [0.06 * top] * len(gaps), "x", color="#D55E00", markersize=5, label=_NO_TEXT[view.lang])
            ax.set_ylabel(f"{_AXIS[view.lang]}\n{word(f'text_{lang}', view.lang)}")
            ax.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
            ax.grid(axis="y")
            ax.grid(visible=False, axis="x")
            ax.margins(x=0.01)
        axes[-1].set_xticks(years[:: 1 if view.width >= NARROW else 3])
        axes[-1].tick_params(axis="x", rotation=45)
        handles, labels = axes[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=3 if view.width < NARROW else 6)
        write_title(figure, view, _TITLE[view.lang])
        figure.draw_without_rendering()
    return figure


def _describe(data: pl.DataFrame, view: View) -> str:
    there = data.filter(pl.col("series") != ABSENT)["x"].unique().sort()
    years = load_catalogue()["year"]
    return _CAPTION[view.lang].format(
        editions=len(there),
        first=there[0],
        last=there[-1],
        low=years.min(),
        high=years.max(),
        absent=data.filter(series=ABSENT).height,
    )


RECIPE = Recipe("corpus-sizes", {}, _measure, _draw, _describe)
