"""Topics: the share of each stable one over the editions, with its strongest terms."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from textmine.errors import ContractError
from textmine.measure.topic_corpus import find_topics
from textmine.measure.topic_shares import measure_topic_shares
from textmine.publish.figure import NARROW, DisplayFigure, figure_style, wrap_text
from textmine.publish.figures.concept_shares import choose_language
from textmine.publish.figures.parts import whole_paragraphs, write_title
from textmine.publish.plot import SERIES
from textmine.publish.recipe import Measured, Recipe, View
from textmine.publish.study import Study
from textmine.publish.words import word

UNIT = "share of text"
_CAPTION = {
    "en": "Topics of {method}, {text}, {first} to {last}{reuse}: mean share of each edition's paragraphs, with "
    "{confidence} % interval (sections resampled {resamples} times, topics taken as given). Only stable topics are "
    "drawn: {stable} of {all}, recovered in at least 80 % of the fits to halves of the text. R: share of fits that "
    "recover the topic.",
    "zh": "{method} 主题，{text}，{first} 年至 {last} 年{reuse}：各份报告段落的平均份额及 {confidence}% 区间（章节"
    "重抽样 {resamples} 次，主题视为给定）。只画稳定的主题：{all} 个中的 {stable} 个，即在对半抽取文本的拟合中至少 "
    "80% 重现。R：重现该主题的拟合所占比例。",
}
_TITLE = {"en": "Stable topics", "zh": "稳定的主题"}
_TOPIC = {"en": "Topic", "zh": "主题"}
_AXIS = {"en": "Share of text (%)", "zh": "占文本的百分比（%）"}
_MIN_SHARE = 0.1  # a paragraph is evidence of a topic from this share on


def _measure(study: Study, parameters: Mapping[str, Any]) -> Measured:
    lang = choose_language(study, parameters["text_lang"])
    drop = study.choose_drop(parameters["reuse"])
    tables = {name: study.table(name) for name in ("paragraphs", "tokens")}
    topics = find_topics(
        tables, langs=[lang], n_topics=parameters["n_topics"], method=parameters["method"], drop=drop,
        seed=parameters["seed"],
    )[lang]  # fmt: skip
    if not topics.stable:
        raise ContractError(f"{study.name} has no stable topic of {parameters['method']}; there is nothing to draw")
    options = {name: parameters[name] for name in ("confidence", "n_resamples", "seed")}
    shares = measure_topic_shares(topics, **options)
    terms = topics.terms.filter(pl.col("rank") <= parameters["top"]).sort("topic", "rank")
    named = terms.group_by("topic", maintain_order=True).agg(
        terms=pl.col("term").str.join("、" if lang == "zh" else ", ")
    )
    about = topics.topics.select("topic", "recovery").join(named, on="topic")
    series = pl.format("topic {}", "topic")
    data = shares.join(about, on="topic", how="left", maintain_order="left").select(
        "lang", "low", "high", "recovery", "terms", series=series, x=pl.col("edition").cast(pl.String), value="share",
        unit=pl.lit(UNIT), n="n_paragraphs", n_topics=pl.lit(topics.topics.height),
    )  # fmt: skip
    behind = topics.paragraphs.filter(pl.col("share") >= _MIN_SHARE).with_columns(
        series=series, x=pl.col("edition").cast(pl.String), lang=pl.lit(lang)
    )
    behind = behind.join(data.select("series", "x"), on=["series", "x"], how="semi")
    return Measured(data.sort("series", "x"), whole_paragraphs(behind))


def _draw(data: pl.DataFrame, view: View) -> Figure:
    names = sorted(set(data["series"]), key=lambda name: int(name.split()[1]))
    n_columns = 2 if view.width < NARROW else 4
    n_rows = -(-len(names) // n_columns)
    lang = data["lang"][0]
    colour, marker = SERIES.get(lang, SERIES["en"])
    room = int((6.5 if lang == "zh" else 13) * view.width / n_columns)
    with figure_style():
        figure = DisplayFigure(figsize=(view.width, 0.8 + 1.5 * n_rows))
        axes = figure.subplots(n_rows, n_columns, sharex=True, sharey=True, squeeze=False)
        for ax, name in zip(axes.flat, names, strict=False):
            part = data.filter(series=name).sort("x")
            years = part["x"].cast(pl.Int32).to_numpy()
            value, low, high = (100 * part[column].to_numpy() for column in ("value", "low", "high"))
            ax.vlines(years, low, high, color=colour, linewidth=0.9, alpha=0.4)
            ax.plot(years, value, marker=marker, markersize=2.6, linewidth=0.9, color=colour)
            heading = wrap_text(part["terms"][0], room, "zh" if lang == "zh" else "en").split("\n")[:3]
            measure = f"{_TOPIC[view.lang]} {name.split()[1]}, R = {part['recovery'][0]:.2f}"
            ax.set_title("\n".join([measure, *heading]), fontsize=6.5)
            ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=3))
            ax.grid(axis="y")
        for ax in axes.flat[len(names) :]:
            ax.set_axis_off()
        for ax in axes.flat[max(0, len(names) - n_columns) : len(names)]:  # the last of each column
            ax.tick_params(labelbottom=True)
        axes[0, 0].set_ylim(bottom=0)
        figure.supylabel(_AXIS[view.lang], fontsize=8)
        write_title(figure, view, _TITLE[view.lang], word(f"text_{lang}", view.lang))
        figure.draw_without_rendering()
    return figure


def _describe(data: pl.DataFrame, view: View) -> str:
    years = data["x"].unique().sort()
    return _CAPTION[view.lang].format(
        method=str(view.parameters["method"]).upper(),
        text=word(f"text_{data['lang'][0]}", view.lang),
        first=years[0],
        last=years[-1],
        reuse=word("without_reuse", view.lang) if view.parameters["reuse"] != "keep" else "",
        confidence=f"{100 * view.parameters['confidence']:g}",
        resamples=view.parameters["n_resamples"],
        stable=data["series"].n_unique(),
        all=data["n_topics"][0],
    )


RECIPE = Recipe(
    "topic-panels",
    {
        "method": "nmf", "n_topics": "auto", "text_lang": None, "reuse": "keep", "top": 6, "confidence": 0.95,
        "n_resamples": 2000, "seed": 0,
    },
    _measure,
    _draw,
    _describe,
)  # fmt: skip
