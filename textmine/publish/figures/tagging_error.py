"""How often the tagger is right, by the gold labels: what it misses and what it sees where nothing is."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from matplotlib.figure import Figure
from scipy import stats

from textmine.errors import ContractError
from textmine.measure.rollup import lift_tags
from textmine.measure.tagging_error import measure_tagging_error
from textmine.publish.figure import DisplayFigure, figure_style
from textmine.publish.figures.concept_shares import choose_language, figure_labels, title_scheme
from textmine.publish.figures.parts import INK, name_rows, plot_dots, write_title
from textmine.publish.recipe import Measured, Recipe, View
from textmine.publish.study import Study
from textmine.publish.words import word
from textmine.reports.labels import NONE, load_labels
from textmine.schema import PARAGRAPH_KEY

MEASURES = ("sensitivity", "specificity")
_CAPTION = {
    "en": "How often the tagger is right: {scheme}, {text}, against the settled labels of {n} paragraphs, {first} "
    "to {last}. Sensitivity: of the paragraphs with the label, those tagged; specificity: of those without, those "
    "not tagged. {confidence} % credible intervals (Beta; Jeffreys' prior and two paragraphs at the rate of all "
    "concepts). Concepts with at least {fewest} labelled paragraphs. The labels were made by language models and "
    "are provisional.",
    "zh": "标注的准确程度：{scheme}，{text}，以 {first} 年至 {last} 年 {n} 个段落的定稿标签为准。灵敏度：应标段落中"
    "标出的比例；特异度：不应标段落中未标的比例。{confidence}% 可信区间（Beta 分布；Jeffreys 先验加全部概念比率下的"
    "两个段落）。只列至少有 {fewest} 个标签段落的概念。标签由语言模型读者作出，尚属暂定。",
}
_TITLE = {"en": "How often the tagger is right", "zh": "标注的准确程度"}
_AXIS = {
    "sensitivity": {"en": "Sensitivity (%)", "zh": "灵敏度（%）"},
    "specificity": {"en": "Specificity (%)", "zh": "特异度（%）"},
}


def _measure(study: Study, parameters: Mapping[str, Any]) -> Measured:
    scheme, lang = parameters["scheme"], choose_language(study, parameters["text_lang"])
    years = pl.col("edition").is_between(parameters["first"] or 0, parameters["last"] or 9999)
    labels = load_labels(parameters["labels"].format(scheme=scheme)).filter(years, lang=lang)
    known = study.paragraphs.select("edition", "lang", paragraph="number")
    labels = labels.join(known, on=["edition", "lang"], how="semi")
    of_the_sample = parameters["labels"].startswith("sample.")
    if (
        of_the_sample != (study.corpora == ["sample"])
        or labels.join(known, on=PARAGRAPH_KEY, how="anti").height
        or labels.height == 0
    ):
        raise ContractError(f"the labels {parameters['labels']!r} aren't those of {study.name}")
    parents = study.taxonomy.scheme(scheme).parents
    tags = study.table("tags")
    error = measure_tagging_error(tags, labels, evidence=parameters["evidence"], parents=parents)
    error = error.filter(pl.col("n_present") >= parameters["min_labelled"])
    tail = (1 - parameters["confidence"]) / 2
    n, (low_year, high_year) = (
        labels.select(PARAGRAPH_KEY).n_unique(),
        (labels["edition"].min(), labels["edition"].max()),
    )
    rows = [
        {
            "series": row["concept"], "x": name, "lang": lang, "value": row[name],
            "low": float(stats.beta.ppf(tail, row[f"{name}_a"], row[f"{name}_b"])),
            "high": float(stats.beta.ppf(1 - tail, row[f"{name}_a"], row[f"{name}_b"])),
            "unit": name, "n": row["n_present"] if name == "sensitivity" else row["n_absent"],
            "n_labelled": n, "first": low_year, "last": high_year,
        }
        for row in error.iter_rows(named=True)
        for name in MEASURES
    ]  # fmt: skip
    return Measured(pl.DataFrame(rows), _places(tags, labels, parameters, parents))


def _places(
    tags: pl.DataFrame, labels: pl.DataFrame, parameters: Mapping[str, Any], parents: Mapping[str, str]
) -> pl.DataFrame:
    """Return the errors: paragraphs missed (whole) for sensitivity, spans wrongly tagged for specificity."""
    read = labels.select(PARAGRAPH_KEY).unique()
    marked = labels.filter(pl.col("concept") != NONE).with_columns(
        evidence=pl.lit("any"), start=pl.lit(None), end=pl.lit(None)
    )
    present = lift_tags(marked, scheme=parameters["scheme"], evidence="any", parents=parents)
    found = lift_tags(tags, scheme=parameters["scheme"], evidence=parameters["evidence"], parents=parents)
    found = found.join(read, on=PARAGRAPH_KEY, how="semi")
    key = [*PARAGRAPH_KEY, "concept"]
    often = present.select(key).unique().group_by("concept").len().filter(pl.col("len") >= parameters["min_labelled"])
    parts = (
        (present.join(found, on=key, how="anti"), "sensitivity"),
        (found.join(present, on=key, how="anti"), "specificity"),
    )
    return pl.concat(
        part.join(often, on="concept", how="semi").select(
            *PARAGRAPH_KEY,
            pl.col("start", "end").cast(pl.Int32),
            series="concept",
            x=pl.lit(name),
            text_lang="lang",
        )
        for part, name in parts
    )


def _draw(data: pl.DataFrame, view: View) -> Figure:
    labels = figure_labels(view.taxonomy.scheme(view.parameters["scheme"]), view.lang)
    order = data.filter(x="sensitivity").sort(["value", "series"], descending=[True, False])["series"].to_list()
    with figure_style():
        figure = DisplayFigure(figsize=(view.width, 1.0 + 0.17 * len(order)))
        axes = figure.subplots(1, len(MEASURES), sharey=True)
        for ax, name in zip(axes, MEASURES, strict=True):
            at = {row[0]: row[1:] for row in data.filter(x=name).select("series", "value", "low", "high").iter_rows()}
            plot_dots(ax, [tuple(100 * number for number in at[concept]) for concept in order], colour=INK)
            ax.set_xlabel(_AXIS[name][view.lang])
            ax.set_xlim(right=100.5)
        name_rows(axes[0], [labels[concept] for concept in order])
        write_title(figure, view, _TITLE[view.lang], title_scheme(view), word(f"text_{data['lang'][0]}", view.lang))
        figure.draw_without_rendering()
    return figure


def _describe(data: pl.DataFrame, view: View) -> str:
    return _CAPTION[view.lang].format(
        scheme=title_scheme(view),
        text=word(f"text_{data['lang'][0]}", view.lang),
        n=data["n_labelled"][0],
        first=data["first"][0],
        last=data["last"][0],
        confidence=f"{100 * view.parameters['confidence']:g}",
        fewest=view.parameters["min_labelled"],
    )


RECIPE = Recipe(
    "tagging-error",
    {
        "scheme": "trend", "evidence": "text", "reuse": "keep", "labels": "sample.{scheme}", "text_lang": None,
        "first": None, "last": None, "min_labelled": 5, "confidence": 0.95,
    },
    _measure,
    _draw,
    _describe,
)  # fmt: skip
