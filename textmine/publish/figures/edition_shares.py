"""One edition at a glance: the share of its paragraphs that speak of each concept of a scheme."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from matplotlib.figure import Figure

from textmine.errors import UnknownOptionError
from textmine.publish.figures.concept_shares import (
    PARAMETERS,
    claim_shares,
    describe_interval,
    figure_labels,
    join_title,
    measure_concepts,
    restore_shares,
    title_scheme,
)
from textmine.publish.plot import draw_shares
from textmine.publish.recipe import Measured, Recipe, View
from textmine.publish.study import Study
from textmine.publish.words import word

_CAPTION = {
    "en": "{scheme}: share of the {n} numbered paragraphs of the {edition} edition ({text}) that speak of each, "
    "with the number of paragraphs. ",
    "zh": "{scheme}：{edition} 年报告（{text}）{n} 个编号段落中提及各项的比例，并注明段落数。",
}


def _measure(study: Study, parameters: Mapping[str, Any]) -> Measured:
    shares = measure_concepts(study, parameters)
    for column, name in (("edition", "edition"), ("lang", "text_lang")):
        present = sorted(shares[column].unique())
        wanted = parameters[name]
        if wanted is None and present:
            wanted = present[-1]  # the latest edition; Chinese, the language of record here, after English
        if present and wanted not in present:
            raise UnknownOptionError(name, wanted, present)
        shares = shares.filter(pl.col(column) == wanted)
    measured = claim_shares(study, shares.filter(pl.col("n_tagged") > 0), parameters)
    symbols = {(str(source.edition), source.lang): source.symbol for source in study.sources}
    symbol = [symbols[row] for row in measured.data.select("x", "lang").iter_rows()]
    return measured._replace(data=measured.data.with_columns(pl.Series("symbol", symbol, dtype=pl.String)))


def _draw(data: pl.DataFrame, view: View) -> Figure:
    return draw_shares(
        restore_shares(data, view.parameters),
        labels=figure_labels(view.taxonomy.scheme(view.parameters["scheme"]), view.lang),
        title=join_title(
            view, title_scheme(view), data["x"][0], data["symbol"][0], word("text_" + data["lang"][0], view.lang)
        ),
        lang=view.lang,
        width=view.width,
    )


def _describe(data: pl.DataFrame, view: View) -> str:
    return _CAPTION[view.lang].format(
        scheme=title_scheme(view),
        edition=" ".join(filter(None, (data["x"][0], data["symbol"][0]))),
        text=word("text_" + data["lang"][0], view.lang),
        n=data["n"][0],
    ) + describe_interval(view)


RECIPE = Recipe("edition-shares", {**PARAMETERS, "edition": None, "text_lang": None}, _measure, _draw, _describe)
