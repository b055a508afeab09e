"""Who does what: organisations by action line, or any two schemes, in the same paragraphs."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from matplotlib.figure import Figure

from textmine.errors import ContractError
from textmine.measure.cooccurrence import measure_cooccurrence
from textmine.measure.rollup import lift_tags
from textmine.measure.subset import drop_paragraphs
from textmine.publish.figure import NARROW, DisplayFigure, figure_style
from textmine.publish.figures.concept_shares import choose_language, figure_labels
from textmine.publish.figures.parts import INK, write_title
from textmine.publish.recipe import Measured, Recipe, View
from textmine.publish.study import Study
from textmine.publish.words import word
from textmine.schema import PARAGRAPH_KEY

UNIT = "paragraphs with both"
_CAPTION = {
    "en": "{first} by {second}, {text}: dots are as large as the number of paragraphs that have both; filled where "
    "they meet more often than chance within each edition puts them (exact test that allows for paragraphs of a "
    "section being alike, false-discovery rate at most {level}, Benjamini and Hochberg 1995), hollow elsewhere. {n} "
    "paragraphs; the {top} most frequent in rows. The data file has lift and phi with {confidence} % intervals.",
    "zh": "{first}与{second}，{text}：圆点大小为两者同现的段落数；实心表示同现多于各份报告内的偶然水平（"
    "考虑同一章节段落相似的精确检验，错误发现率不高于 {level}，Benjamini 和 Hochberg，1995），空心表示不多于。"
    "共 {n} 个段落；行中为最常见的 {top} 项。数据文件列有提升度与 φ 及其 {confidence}% 区间。",
}
_TITLE = {"en": "Who does what", "zh": "各组织与各行动方针"}


def _measure(study: Study, parameters: Mapping[str, Any]) -> Measured:
    lang = choose_language(study, parameters["text_lang"])
    first, second = parameters["first"], parameters["second"]
    kinds = parameters["first_evidence"], parameters["second_evidence"]
    parents = {name: study.taxonomy.scheme(name).parents for name in {first, second}}
    drop = study.choose_drop(parameters["reuse"])
    tables = {name: study.table(name) for name in ("paragraphs", "tags")}
    options = {name: parameters[name] for name in ("min_paragraphs", "confidence", "n_resamples", "seed")}
    found = measure_cooccurrence(
        tables, first, second, evidence=kinds, parents=parents, langs=[lang], drop=drop, **options
    ).filter(~pl.col("other").str.contains(".", literal=True))
    if found.height == 0:
        raise ContractError(f"{study.name} has too little of {first} and {second} together")
    often = (
        found.group_by("concept")
        .agg(pl.col("n_concept").max())
        .sort(["n_concept", "concept"], descending=[True, False])
    )
    top = often["concept"].head(parameters["top"]).to_list()
    data = found.filter(pl.col("concept").is_in(top), pl.col("n_both") > 0).select(
        "lang", "n_concept", "n_other", "lift", "lift_low", "lift_high", "phi", "phi_low", "phi_high", "p", "q",
        series="concept", x="other", value=pl.col("n_both").cast(pl.Float64), n="n",
        low=pl.lit(None), high=pl.lit(None), unit=pl.lit(UNIT),
    )  # fmt: skip
    tags = drop_paragraphs(tables["tags"].filter(lang=lang), drop)
    sides = [
        lift_tags(tags, scheme=name, evidence=kind, parents=parents[name])
        for name, kind in zip((first, second), kinds, strict=True)
    ]
    key = list(PARAGRAPH_KEY)
    both = sides[0].join(sides[1].select(*key, x="concept").unique(), on=key, how="inner")
    evidence = both.with_columns(series="concept", text_lang="lang")
    return Measured(data, evidence.join(data.select("series", "x", "lang"), on=["series", "x", "lang"], how="semi"))


def _draw(data: pl.DataFrame, view: View) -> Figure:
    rows_scheme, columns_scheme = (view.taxonomy.scheme(view.parameters[name]) for name in ("first", "second"))
    size = dict(data.select("series", "n_concept").iter_rows())
    rows = sorted(size, key=lambda name: (-size[name], name))
    seen = set(data["x"])
    columns = [concept.id for concept in columns_scheme.concepts if concept.id in seen]
    labels, heads = figure_labels(rows_scheme, view.lang), figure_labels(columns_scheme, view.lang)
    narrow = view.width < NARROW
    scale = (60 if narrow else 150) / max(data["value"].to_list())
    with figure_style():
        figure = DisplayFigure(figsize=(view.width, 1.9 + 0.2 * len(rows)))
        ax = figure.add_subplot()
        for is_key, colour in ((True, INK), (False, "none")):
            q = pl.col("q") <= view.parameters["level"]
            part = data.filter(q & (pl.col("lift") > 1) if is_key else ~(q & (pl.col("lift") > 1)))
            ax.scatter(
                [columns.index(name) for name in part["x"]], [rows.index(name) for name in part["series"]],
                s=scale * part["value"].to_numpy(), facecolors=colour, edgecolors=INK, linewidths=0.7,
            )  # fmt: skip
        ax.set_yticks(range(len(rows)), [labels[name] for name in rows])
        ax.set_xticks(range(len(columns)), [heads[name].split(" ")[0] if narrow else heads[name] for name in columns],
                      rotation=90 if narrow else 40, ha="center" if narrow else "right")  # fmt: skip
        ax.set_ylim(len(rows) - 0.4, -0.6)
        ax.set_xlim(-0.6, len(columns) - 0.4)
        ax.tick_params(length=0)
        ax.grid(axis="both")
        write_title(figure, view, _TITLE[view.lang], word(f"text_{data['lang'][0]}", view.lang))
        figure.draw_without_rendering()
    return figure


def _describe(data: pl.DataFrame, view: View) -> str:
    return _CAPTION[view.lang].format(
        first=word(f"scheme_{view.parameters['first']}", view.lang),
        second=word(f"scheme_{view.parameters['second']}", view.lang),
        text=word(f"text_{data['lang'][0]}", view.lang),
        level=view.parameters["level"],
        n=data["n"][0],
        top=data["series"].n_unique(),
        confidence=f"{100 * view.parameters['confidence']:g}",
    )


RECIPE = Recipe(
    "who-does-what",
    {
        "first": "organisation", "second": "action_line", "first_evidence": "text", "second_evidence": "heading",
        "text_lang": None, "reuse": "keep", "top": 20, "min_paragraphs": 5, "level": 0.05, "confidence": 0.95,
        "n_resamples": 1000, "seed": 0,
    },
    _measure,
    _draw,
    _describe,
)  # fmt: skip
