"""How much of each edition is recycled: the share of its text that an earlier edition has already."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from textmine.errors import ContractError
from textmine.measure.reuse_share import measure_reuse
from textmine.publish.figure import DisplayFigure, figure_style
from textmine.publish.figures.parts import write_title
from textmine.publish.plot import SERIES
from textmine.publish.recipe import Measured, Recipe, View
from textmine.publish.study import Study
from textmine.publish.words import word

UNIT = "share of words recycled"
#: The series of the share; the other marks are paragraphs, at their share each.
SHARE = "edition"
_CAPTION = {
    "en": "Recycled text, {first} to {last}. Above: share of the words of an edition that stand in paragraphs or "
    "sentences which an earlier edition has already, word for word or nearly; bars: {confidence} % interval, "
    "percentile bootstrap over sections ({resamples} resamples). Below: each paragraph in its order, darker the "
    "more of it is recycled ({text}). The first edition has nothing to take from.",
    "zh": "重复文本，{first} 年至 {last} 年。上图：报告中在更早报告里已有（逐字或近似）的段落或句子所占字词比例；线"
    "段为 {confidence}% 区间，按章节重抽样的百分位自助法（{resamples} 次）。下图：各段落按顺序排列，颜色越深重复越"
    "多（{text}）。首份报告无更早文本可循。",
}
_TITLE = {"en": "Recycled text", "zh": "重复文本"}
_AXIS = {"en": "Share of words (%)", "zh": "占字词的百分比（%）"}
_NUMBER = {"en": "Paragraph", "zh": "段落"}


def _measure(study: Study, parameters: Mapping[str, Any]) -> Measured:
    options = {name: parameters[name] for name in ("confidence", "n_resamples", "seed")}
    shares = measure_reuse(study.paragraphs, study.reuse, **options).filter(pl.col("share").is_not_null())
    if shares.height == 0:
        raise ContractError(f"{study.name} has no edition with an earlier one to take from")
    common = {"unit": pl.lit(UNIT)}
    editions = shares.select(
        "lang", "low", "high", "n_recycled", series=pl.lit(SHARE), x=pl.col("edition").cast(pl.String), value="share",
        n="n_paragraphs", **common,
    )  # fmt: skip
    reused = study.reuse.filter(unit="paragraph").group_by("edition", "lang", "paragraph").agg(pl.col("share").max())
    each = (
        study.paragraphs.select("edition", "lang", paragraph="number")
        .join(shares.select("edition", "lang"), on=["edition", "lang"], how="semi")
        .join(reused, on=["edition", "lang", "paragraph"], how="left")
        .with_columns(x=pl.col("edition").cast(pl.String), series=pl.format("para. {}", "paragraph"))
        .with_columns(pl.col("share").fill_null(0.0))
        .sort("edition", "lang", "paragraph")
    )
    none = pl.lit(None, dtype=pl.Float64)
    paragraphs = each.select(
        "lang", "series", "x", value="share", low=none, high=none, n=pl.lit(1),
        n_recycled=pl.lit(None, dtype=pl.Int32), **common,
    )  # fmt: skip
    data = pl.concat(
        [editions.select(sorted(editions.columns)), paragraphs.select(sorted(editions.columns))], how="vertical_relaxed"
    )
    return Measured(data, _places(study, editions))


def _places(study: Study, editions: pl.DataFrame) -> pl.DataFrame:
    """Return what is recycled, behind the paragraph and behind the edition."""
    spans = study.reuse.with_columns(x=pl.col("edition").cast(pl.String), text_lang="lang").join(
        editions.select("x", "lang"), on=["x", "lang"], how="semi"
    )
    own = spans.with_columns(series=pl.format("para. {}", "paragraph"))
    return pl.concat([spans.with_columns(series=pl.lit(SHARE)), own])


def _draw(data: pl.DataFrame, view: View) -> Figure:
    shares = data.filter(series=SHARE)
    lang = next(name for name in SERIES if name in set(shares["lang"]))
    with figure_style():
        figure = DisplayFigure(figsize=(view.width, 4.4))
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=[2, 3])
        for i, name in enumerate(sorted(set(shares["lang"]))):
            part, (colour, marker) = shares.filter(lang=name).sort("x"), SERIES[name]
            years = [int(year) + 0.16 * (2 * i - 1) for year in part["x"]]
            value, low, high = (100 * part[column].to_numpy() for column in ("value", "low", "high"))
            above.vlines(years, low, high, color=colour, linewidth=0.9, alpha=0.4)
            above.plot(years, value, marker=marker, markersize=3, linewidth=0.9, color=colour,
                       label=word(f"text_{name}", view.lang))  # fmt: skip
        above.set_ylim(0, 100)
        above.set_ylabel(_AXIS[view.lang])
        above.grid(axis="y")
        above.legend(loc="upper left", ncols=2)
        each = data.filter(pl.col("series") != SHARE, lang=lang)
        cells = each.select(
            pl.col("x").cast(pl.Int32), number=pl.col("series").str.extract(r"(\d+)").cast(pl.Int32), share="value"
        )
        drawn = below.scatter(
            cells["x"], cells["number"], c=100 * cells["share"].to_numpy(), cmap="Blues", vmin=0, vmax=100, marker="s",
            s=14 if view.width > 5 else 6, linewidths=0.2, edgecolors="#BBBBBB",
        )  # fmt: skip
        below.invert_yaxis()
        below.set_ylabel(f"{_NUMBER[view.lang]} ({word(f'text_{lang}', view.lang)})")
        below.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=9 if view.width > 5 else 5))
        below.grid(visible=False)
        figure.colorbar(drawn, ax=below, pad=0.01, aspect=24).set_label(_AXIS[view.lang])
        write_title(figure, view, _TITLE[view.lang])
        figure.draw_without_rendering()
    return figure


def _describe(data: pl.DataFrame, view: View) -> str:
    years = data["x"].unique().sort()
    lang = next(name for name in SERIES if name in set(data["lang"]))
    return _CAPTION[view.lang].format(
        first=years[0],
        last=years[-1],
        confidence=f"{100 * view.parameters['confidence']:g}",
        resamples=view.parameters["n_resamples"],
        text=word(f"text_{lang}", view.lang),
    )


RECIPE = Recipe("reuse-strip", {"confidence": 0.95, "n_resamples": 2000, "seed": 0}, _measure, _draw, _describe)
