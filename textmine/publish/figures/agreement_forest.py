"""Do both languages get the same tags? Kappa of each concept with its interval."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from matplotlib.figure import Figure

from textmine.measure.agreement import MACRO, measure_agreement
from textmine.measure.prevalence import POOLED
from textmine.measure.rollup import lift_tags
from textmine.publish.figure import DisplayFigure, figure_style
from textmine.publish.figures.concept_shares import figure_labels, title_scheme
from textmine.publish.figures.parts import INK, name_rows, plot_dots, write_title
from textmine.publish.recipe import Measured, Recipe, View
from textmine.publish.study import Study

UNIT = "Cohen's kappa"
ALL = "all"
_CAPTION = {
    "en": "Agreement of the tags of the Chinese and the English text of the same {n} paragraphs, {first} to "
    "{last}: {scheme}. Cohen's kappa with {confidence} % interval, percentile bootstrap over the sections of each "
    "edition ({resamples} resamples). Concepts tagged in at least {fewest} paragraphs; the diamond is their mean.",
    "zh": "相同的 {n} 个段落（{first} 年至 {last} 年）中英文标注的一致性：{scheme}。Cohen κ 及 {confidence}% 区间，"
    "按各份报告的章节重抽样的百分位自助法（{resamples} 次）。只列至少在 {fewest} 个段落中标注的概念；菱形为其平均值"
    "。",
}
_AXIS = {"en": "Cohen's kappa", "zh": "Cohen κ"}
_TITLE = {"en": "Agreement of Chinese and English tags", "zh": "中英文标注的一致性"}
_MEAN = {"en": "Mean", "zh": "平均"}


def _measure(study: Study, parameters: Mapping[str, Any]) -> Measured:
    first, last = parameters["first"], parameters["last"]
    years = pl.col("edition").is_between(first or 0, last or 9999)
    paragraphs, tags = (study.table(name).filter(years) for name in ("paragraphs", "tags"))
    parents = study.taxonomy.scheme(parameters["scheme"]).parents
    kappas = measure_agreement(
        paragraphs,
        tags,
        parents=parents,
        drop=study.choose_drop(parameters["reuse"]),
        **{
            name: parameters[name] for name in ("scheme", "evidence", "min_tagged", "confidence", "n_resamples", "seed")
        },
    )
    drawn = kappas.filter(pl.col("in_macro") | (pl.col("concept") == MACRO)).filter(pl.col("kappa").is_not_null())
    mark = {"x": pl.lit(ALL), "lang": pl.lit(POOLED)}
    data = drawn.select(
        "low", "high", "n_zh", "n_en", "n_both", "correlation", "confidence",
        series="concept", value="kappa", unit=pl.lit(UNIT), n="n_paragraphs",
        first=pl.lit(int(paragraphs["edition"].min())), last=pl.lit(int(paragraphs["edition"].max())),  # type: ignore[arg-type]
        **mark,
    )  # fmt: skip
    places = lift_tags(tags, scheme=parameters["scheme"], evidence=parameters["evidence"], parents=parents)
    named = places.filter(pl.col("concept").is_in(drawn["concept"].implode()))
    return Measured(data, named.with_columns(series="concept", text_lang="lang").with_columns(**mark))


def _draw(data: pl.DataFrame, view: View) -> Figure:
    labels = figure_labels(view.taxonomy.scheme(view.parameters["scheme"]), view.lang)
    mean = data.filter(series=MACRO)
    each = data.filter(pl.col("series") != MACRO).sort(["value", "series"], descending=[True, False])
    with figure_style():
        figure = DisplayFigure(figsize=(view.width, 1.0 + 0.17 * data.height))
        ax = figure.add_subplot()
        rows = [*each.select("value", "low", "high").iter_rows(), *mean.select("value", "low", "high").iter_rows()]
        plot_dots(ax, rows, colour=INK)
        ax.plot([mean["value"][0]], [-each.height], marker="D", markersize=7, color="black", zorder=3)
        name_rows(ax, [*(labels[name] for name in each["series"]), _MEAN[view.lang]])
        ax.axvline(mean["value"][0], color="black", linewidth=0.6, linestyle=":")
        ax.set_xlim(max(-1.0, min(0.0, *(row[0] for row in rows))), 1.02)
        ax.set_xlabel(_AXIS[view.lang])
        write_title(figure, view, _TITLE[view.lang], title_scheme(view))
        figure.draw_without_rendering()
    return figure


def _describe(data: pl.DataFrame, view: View) -> str:
    return _CAPTION[view.lang].format(
        n=data["n"][0],
        first=data["first"][0],
        last=data["last"][0],
        scheme=title_scheme(view),
        confidence=f"{100 * view.parameters['confidence']:g}",
        resamples=view.parameters["n_resamples"],
        fewest=view.parameters["min_tagged"],
    )


RECIPE = Recipe(
    "agreement-forest",
    {
        "scheme": "trend", "evidence": "text", "reuse": "keep", "first": None, "last": None, "min_tagged": 5,
        "confidence": 0.95, "n_resamples": 2000, "seed": 0,
    },
    _measure,
    _draw,
    _describe,
)  # fmt: skip
