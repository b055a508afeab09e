import warnings
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from textmine.annotate.taxonomy import load_taxonomy
from textmine.errors import ContractError, UnknownOptionError
from textmine.publish.figure import figure_style, save_figure
from textmine.publish.figures.concept_shares import figure_labels
from textmine.publish.plot import (
    SERIES,
    describe_shares,
    draw_share_trends,
    draw_shares,
    plot_share_trend,
    plot_shares,
)
from textmine.publish.words import word

from .conftest import Shares

LABELS = {"a": "甲_1", "b": "乙 $x$", "c": "丙"}
BOOTSTRAP, WILSON = "percentile bootstrap over sections", "Wilson score"


@pytest.fixture
def ax() -> Axes:
    with figure_style():
        return Figure().add_subplot()


@pytest.fixture(scope="module")
def shares(make_shares: Shares) -> pl.DataFrame:
    return make_shares({"b": 4, "a": 20, "c": 1})


@pytest.fixture(scope="module")
def series(make_shares: Shares) -> pl.DataFrame:
    """Three editions in two languages of two concepts."""
    counts = {("zh", 2010): (1, 4), ("zh", 2011): (2, 5), ("zh", 2012): (0, 6)}
    counts |= {("en", year): (b, a) for (_, year), (a, b) in counts.items()}
    return pl.concat(make_shares({"a": a, "b": b}, edition=year, lang=lang) for (lang, year), (a, b) in counts.items())


def drawn_intervals(ax: Axes) -> list[tuple[float, float]]:
    return [tuple(line.get_xdata()) for line in ax.get_lines() if len(line.get_xdata()) == 2]


def drawn_points(ax: Axes) -> list[float]:
    return [float(line.get_xdata()[0]) for line in ax.get_lines() if len(line.get_xdata()) == 1]


# --- one edition


def test_returns_the_axes_it_was_given(shares: pl.DataFrame, ax: Axes) -> None:
    assert plot_shares(shares, ax=ax, labels=LABELS) is ax


def test_points_are_the_shares_in_percent_smallest_first(shares: pl.DataFrame, ax: Axes) -> None:
    plot_shares(shares, ax=ax, labels=LABELS)
    assert drawn_points(ax) == pytest.approx([50.0, 10.0, 2.5]) or drawn_points(ax) == pytest.approx([2.5, 10.0, 50.0])


def test_the_largest_share_is_at_the_top(shares: pl.DataFrame, ax: Axes) -> None:
    plot_shares(shares, ax=ax, labels=LABELS)
    by_height = sorted(
        (line.get_ydata()[0], line.get_xdata()[0]) for line in ax.get_lines() if len(line.get_xdata()) == 1
    )
    assert by_height[-1][1] == pytest.approx(50.0)


def test_each_label_stands_at_its_own_point(shares: pl.DataFrame, ax: Axes) -> None:
    plot_shares(shares, ax=ax, labels=LABELS)
    at = {line.get_ydata()[0]: line.get_xdata()[0] for line in ax.get_lines() if len(line.get_xdata()) == 1}
    labelled = {label.get_text(): at[label.get_position()[1]] for label in ax.get_yticklabels()}
    assert labelled == pytest.approx({"甲_1": 50.0, "乙 $x$": 10.0, "丙": 2.5})


def test_numbers_beside_the_points_are_share_and_count(shares: pl.DataFrame, ax: Axes) -> None:
    plot_shares(shares, ax=ax, labels=LABELS)
    assert {text.get_text() for text in ax.texts} == {"50.0  (20)", "10.0  (4)", "2.5  (1)"}


def test_what_is_drawn_is_what_the_data_file_holds(shares: pl.DataFrame, tmp_path: Path) -> None:
    figure = draw_shares(shares, labels=LABELS)
    data = pl.read_csv(save_figure(figure, shares, tmp_path / "f")[3])
    ax = figure.axes[0]
    assert sorted(drawn_points(ax)) == pytest.approx(sorted((100 * data["share"]).to_list()))
    bounds = (100 * data.select("low", "high")).rows()
    assert np.allclose(sorted(drawn_intervals(ax)), sorted(bounds))


def test_row_order_does_not_matter(make_shares: Shares) -> None:
    counts = {"a": 3, "b": 3, "c": 3, "d": 7}
    drawn = []
    for order in (list(counts), list(reversed(counts))):
        ax = draw_shares(make_shares({concept: counts[concept] for concept in order}), labels={}).axes[0]
        drawn.append([label.get_text() for label in ax.get_yticklabels()])
    assert drawn[0] == drawn[1]


def test_frame_stays_as_it_was(shares: pl.DataFrame, ax: Axes) -> None:
    before = shares.clone()
    plot_shares(shares, ax=ax, labels=LABELS)
    assert shares.equals(before)


def test_a_concept_without_a_label_is_called_by_its_id(shares: pl.DataFrame, ax: Axes) -> None:
    plot_shares(shares, ax=ax, labels={})
    assert sorted(label.get_text() for label in ax.get_yticklabels()) == ["a", "b", "c"]


def test_axis_of_shares_starts_at_zero_and_holds_every_interval(shares: pl.DataFrame, ax: Axes) -> None:
    plot_shares(shares, ax=ax, labels=LABELS)
    left, right = ax.get_xlim()
    assert left == 0
    assert right > max(high for _, high in drawn_intervals(ax))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_axis_says_unit_n_confidence_and_method(shares: pl.DataFrame, ax: Axes, lang: str) -> None:
    plot_shares(shares, ax=ax, labels=LABELS, lang=lang)
    said = ax.get_xlabel()
    assert all(part in said for part in (word("share_axis", lang), "40", "95", word(BOOTSTRAP, lang)))


def test_description_gives_the_range_of_n_and_every_method(make_shares: Shares) -> None:
    mixed = pl.concat([make_shares({"a": 1}, n_paragraphs=33, method=WILSON), make_shares({"b": 1}, n_paragraphs=41)])
    said = describe_shares(mixed, "en")
    assert all(part in said for part in ("33–41", BOOTSTRAP, WILSON))


@pytest.mark.parametrize(
    "changed", [{"edition": 2012}, {"lang": "en"}, {"edition": 2012, "lang": "en"}], ids=["edition", "language", "both"]
)
def test_mixed_editions_or_languages_are_refused(
    shares: pl.DataFrame, make_shares: Shares, ax: Axes, changed: dict[str, object]
) -> None:
    with pytest.raises(ContractError, match="one edition in one language"):
        plot_shares(pl.concat([shares, make_shares({"d": 2}, **changed)]), ax=ax, labels=LABELS)


@pytest.mark.parametrize(
    "changed",
    [{"evidence": "text"}, {"scheme": "region"}, {"confidence": 0.5}],
    ids=["evidence", "scheme", "confidence"],
)
def test_a_concept_twice_is_refused(
    shares: pl.DataFrame, make_shares: Shares, ax: Axes, changed: dict[str, object]
) -> None:
    with pytest.raises(ContractError):
        plot_shares(pl.concat([shares, make_shares({"a": 2}, **changed)]), ax=ax, labels=LABELS)


def test_no_row_is_refused(shares: pl.DataFrame, ax: Axes) -> None:
    with pytest.raises(ContractError, match="one edition"):
        plot_shares(shares.clear(), ax=ax, labels=LABELS)


@pytest.mark.parametrize("column", ["share", "low", "high", "n_paragraphs", "method"])
def test_a_frame_without_a_column_is_refused(shares: pl.DataFrame, ax: Axes, column: str) -> None:
    with pytest.raises(ContractError, match=column):
        plot_shares(shares.drop(column), ax=ax, labels=LABELS)


def test_an_unknown_language_is_refused(shares: pl.DataFrame) -> None:
    with pytest.raises(UnknownOptionError, match="zh, en"):
        draw_shares(shares, labels=LABELS, lang="fr")


# --- several editions


def test_trend_lines_are_the_shares_by_year(series: pl.DataFrame, ax: Axes) -> None:
    plot_share_trend(series.filter(pl.col("concept") == "a"), ax=ax)
    drawn = {line.get_label(): (np.rint(line.get_xdata()).tolist(), list(line.get_ydata())) for line in ax.get_lines()}
    assert drawn == {
        "zh": ([2010, 2011, 2012], pytest.approx([2.5, 5.0, 0.0])),
        "en": ([2010, 2011, 2012], pytest.approx([10.0, 12.5, 15.0])),
    }


def test_trend_bars_are_the_intervals(series: pl.DataFrame, ax: Axes) -> None:
    one = series.filter(pl.col("concept") == "a")
    plot_share_trend(one, ax=ax)
    bars = [
        segment[:, 1].tolist()
        for collection in ax.collections
        if isinstance(collection, LineCollection)
        for segment in collection.get_segments()
    ]
    assert np.allclose(sorted(bars), sorted((100 * one.select("low", "high")).rows()))


def test_two_languages_do_not_hide_each_other(series: pl.DataFrame, ax: Axes) -> None:
    plot_share_trend(series.filter(pl.col("concept") == "a"), ax=ax)
    first, second = (line.get_xdata() for line in ax.get_lines())
    assert np.all(np.abs(np.asarray(first) - np.asarray(second)) > 0.1)


def test_languages_differ_in_marker_as_well_as_colour() -> None:
    assert (
        len({marker for _, marker in SERIES.values()}) == len({colour for colour, _ in SERIES.values()}) == len(SERIES)
    )


@pytest.mark.parametrize("changed", [{"concept": "b"}, {"scheme": "region"}], ids=["concept", "scheme"])
def test_a_trend_of_two_things_is_refused(make_shares: Shares, ax: Axes, changed: dict[str, object]) -> None:
    one = make_shares({"a": 1})
    with pytest.raises(ContractError, match="one concept"):
        plot_share_trend(pl.concat([one, one.with_columns(**{k: pl.lit(v) for k, v in changed.items()})]), ax=ax)


def test_a_trend_of_nothing_is_refused(series: pl.DataFrame, ax: Axes) -> None:
    with pytest.raises(ContractError, match="one concept"):
        plot_share_trend(series.clear(), ax=ax)


def test_a_trend_of_two_kinds_of_evidence_is_refused(make_shares: Shares, ax: Axes) -> None:
    with pytest.raises(ContractError):
        plot_share_trend(pl.concat([make_shares({"a": 1}), make_shares({"a": 2}, evidence="text")]), ax=ax)


def test_series_figure_draws_what_its_data_file_holds(series: pl.DataFrame, tmp_path: Path) -> None:
    figure = draw_share_trends(series, concepts=["b", "a"], labels=LABELS)
    data = pl.read_csv(save_figure(figure, series, tmp_path / "f")[3])
    for ax, concept in zip(figure.axes, ["b", "a"], strict=False):
        for line in ax.get_lines():
            rows = data.filter((pl.col("concept") == concept) & (pl.col("lang") == line.get_label())).sort("edition")
            assert list(line.get_ydata()) == pytest.approx((100 * rows["share"]).to_list())


@pytest.mark.parametrize("n", [1, 3, 4, 5, 9])
def test_series_figure_has_a_panel_for_each_concept_in_order(make_shares: Shares, n: int) -> None:
    concepts = [f"k{i}" for i in range(n)]
    shares = pl.concat(make_shares(dict.fromkeys(concepts, 3), edition=year) for year in (2010, 2011))
    figure = draw_share_trends(shares, concepts=concepts, labels={}, title="标题")
    assert [ax.get_title() or ax.get_title(loc="left") for ax in figure.axes if ax.axison] == concepts


def test_panels_share_a_scale_that_holds_every_interval(series: pl.DataFrame) -> None:
    figure = draw_share_trends(series, concepts=["a", "b"], labels=LABELS)
    limits = {ax.get_ylim() for ax in figure.axes if ax.axison}
    assert len(limits) == 1
    bottom, top = limits.pop()
    assert bottom == 0
    assert top > 100 * max(series["high"])


def test_legend_names_each_language_beside_its_line(series: pl.DataFrame) -> None:
    legend = draw_share_trends(series, concepts=["a", "b"], labels=LABELS).legends[0]
    named = {
        text.get_text(): line.get_color() for text, line in zip(legend.get_texts(), legend.get_lines(), strict=True)
    }
    assert named == {word(f"text_{lang}", "en"): SERIES[lang][0] for lang in ("en", "zh")}


def test_legend_is_right_where_the_first_panel_lacks_a_language(series: pl.DataFrame) -> None:
    partial = series.filter((pl.col("concept") == "b") | (pl.col("lang") == "zh"))
    legend = draw_share_trends(partial, concepts=["a", "b"], labels=LABELS).legends[0]
    named = {
        text.get_text(): line.get_color() for text, line in zip(legend.get_texts(), legend.get_lines(), strict=True)
    }
    assert named == {word(f"text_{lang}", "en"): SERIES[lang][0] for lang in ("en", "zh")}


def test_series_figure_of_an_unknown_concept_is_refused(series: pl.DataFrame) -> None:
    with pytest.raises(ContractError):
        draw_share_trends(series, concepts=["nothing"], labels=LABELS)


def test_series_figure_without_a_concept_is_refused(series: pl.DataFrame) -> None:
    with pytest.raises(ContractError):
        draw_share_trends(series, concepts=[], labels=LABELS)


def test_series_figure_in_an_unknown_language_is_refused(series: pl.DataFrame) -> None:
    with pytest.raises(UnknownOptionError, match="zh, en"):
        draw_share_trends(series, concepts=["a"], labels=LABELS, lang="fr")


# --- every figure a run can make has room for its axes


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("n", [1, 2, 3, 8, 30])
def test_every_concept_has_the_height_of_its_label(make_shares: Shares, n: int, lang: str) -> None:
    labels = figure_labels(load_taxonomy().scheme("trend"), lang)
    title = f"{word('scheme_trend', lang)}, {word('sample', lang)}"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = draw_shares(make_shares(dict.fromkeys(list(labels)[:n], 3)), labels=labels, title=title, lang=lang)
    height = figure.axes[0].get_position().height * figure.get_size_inches()[1]
    assert height / n > 7.5 / 72  # the size of tick labels in points


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("n", [1, 2, 30])
def test_a_series_of_any_number_of_concepts_has_room(make_shares: Shares, n: int, lang: str) -> None:
    scheme = load_taxonomy().scheme("trend")
    labels = figure_labels(scheme, lang)
    concepts = list(labels)[:n]
    shares = pl.concat(make_shares(dict.fromkeys(concepts, 3), edition=year) for year in (2010, 2025))
    title = f"{word('scheme_trend', lang)}, {word('sample', lang)}"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = draw_share_trends(shares, concepts=concepts, labels=labels, title=title, lang=lang)
    assert min(ax.get_position().height for ax in figure.axes) > 0.02
