"""What sets two spans of years apart: the terms, or concepts, most characteristic of each."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from matplotlib.figure import Figure

from textmine.measure.compare import compare_years, span_of
from textmine.publish.evidence import parse_years
from textmine.publish.figure import DisplayFigure, figure_style
from textmine.publish.figures.concept_shares import choose_language
from textmine.publish.figures.parts import name_rows, plot_dots, write_title
from textmine.publish.recipe import Measured, Recipe, View
from textmine.publish.study import Study
from textmine.publish.words import word
from textmine.schema import PARAGRAPH_KEY

UNIT = "z of the weighted log-odds"
_COLOURS = (("#0072B2", "o"), ("#D55E00", "s"))
_CAPTION = {
    "en": "Terms that set {second} (right) apart from {first} (left), {text}: weighted log-odds ratio with a "
    "Dirichlet prior, as z (Monroe, Colaresi and Quinn 2008); the {top} strongest on each side of those with a "
    "false-discovery rate of at most {level} (Benjamini and Hochberg 1995){reuse}. In brackets: occurrences in "
    "{second} and {first}. Dotted: z = ±1.96.",
    "zh": "区分 {second} 年（右）与 {first} 年（左）的词语，{text}：以 Dirichlet 先验加权的对数优势比，取 z 值（"
    "Monroe、Colaresi 和 Quinn，2008）；两侧各取错误发现率不高于 {level}（Benjamini 和 Hochberg，1995）的最强 "
    "{top} 个{reuse}。括号内为在 {second} 年和 {first} 年出现的次数。虚线：z = ±1.96。",
}
_TITLE = {"en": "{second} against {first}", "zh": "{second} 年与 {first} 年相比"}
_AXIS = {"en": "z of the weighted log-odds", "zh": "加权对数优势比的 z 值"}


def _measure(study: Study, parameters: Mapping[str, Any]) -> Measured:
    lang = choose_language(study, parameters["text_lang"])
    first, second = (parse_years(parameters[name]) for name in ("first", "second"))
    tables = {name: study.table(name) for name in ("paragraphs", "tokens", "tags")}
    drop = study.choose_drop(parameters["reuse"])
    table = compare_years(tables, first, second, langs=[lang], min_paragraphs=parameters["min_paragraphs"], drop=drop)
    key = table.filter(pl.col("q") <= parameters["level"])
    sides = [
        key.filter(sign * pl.col("z") > 0)
        .sort(pl.col("z").abs(), "term", descending=[True, False])
        .head(parameters["top"])
        for sign in (1, -1)
    ]
    spans = (span_of(second), span_of(first))
    data = pl.concat(sides).select(
        "lang", "n_target", "n_reference", "log_odds", "log_ratio", "q", "target", "reference",
        series="term",
        x=pl.when(pl.col("z") > 0).then(pl.lit(spans[0])).otherwise(pl.lit(spans[1])),
        value="z", low=pl.lit(None), high=pl.lit(None), unit=pl.lit(UNIT), n=pl.col("n_target") + pl.col("n_reference"),
    )  # fmt: skip
    tokens = tables["tokens"].filter(pl.col("edition").is_in([*first, *second]), lang=lang)
    if drop is not None:
        tokens = tokens.join(drop, on=PARAGRAPH_KEY, how="anti")
    evidence = tokens.join(data.select("series", "x"), left_on="norm", right_on="series", how="inner")
    return Measured(data, evidence.with_columns(series="norm", text_lang="lang"))


def _draw(data: pl.DataFrame, view: View) -> Figure:
    rows = data.sort(["value", "series"], descending=[True, False]).to_dicts()
    spans = _spans(view)
    with figure_style():
        figure = DisplayFigure(figsize=(view.width, 1.0 + 0.16 * max(1, len(rows))))
        ax = figure.add_subplot()
        for span, (colour, marker) in zip((spans["second"], spans["first"]), _COLOURS, strict=True):
            part = [
                (row["value"], 0.0, row["value"]) if row["x"] == span else (float("nan"), None, None) for row in rows
            ]
            plot_dots(ax, part, colour=colour, marker=marker)
        name_rows(ax, [f"{row['series']} ({row['n_target']}, {row['n_reference']})" for row in rows])
        for z in (-1.96, 1.96):
            ax.axvline(z, color="#555555", linewidth=0.6, linestyle=":")
        ax.axvline(0, color="black", linewidth=0.6)
        ax.set_xlabel(_AXIS[view.lang])
        title = _TITLE[view.lang].format(**spans)
        write_title(figure, view, title, word(f"text_{data['lang'][0]}", view.lang) if rows else "")
        figure.draw_without_rendering()
    return figure


def _spans(view: View) -> dict[str, str]:
    return {name: span_of(parse_years(view.parameters[name])) for name in ("first", "second")}


def _describe(data: pl.DataFrame, view: View) -> str:
    return _CAPTION[view.lang].format(
        **_spans(view),
        text=word(f"text_{data['lang'][0]}", view.lang) if data.height else "",
        top=view.parameters["top"],
        level=view.parameters["level"],
        reuse=word("without_reuse", view.lang) if view.parameters["reuse"] != "keep" else "",
    )


RECIPE = Recipe(
    "keyness-dots",
    {
        "first": "2008-2013", "second": "2020-2025", "text_lang": None, "reuse": "keep", "top": 15, "level": 0.05,
        "min_paragraphs": 3,
    },
    _measure,
    _draw,
    _describe,
)  # fmt: skip
