"""Every kind of figure on a few editions of the sample: marks, evidence, drawing in both languages and widths."""

import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats

from textmine.errors import ContractError, UnknownOptionError
from textmine.publish.figure import ONE_COLUMN, TWO_COLUMNS, save_pictures, wrap_text
from textmine.publish.figures.mention_stack import OTHER
from textmine.publish.gallery import GALLERY, choose_gallery
from textmine.publish.ledger import Place, make_claims
from textmine.publish.produce import caption_figure
from textmine.publish.recipe import RECIPES, Measured, View, find_recipe
from textmine.publish.study import Study, open_study
from textmine.reports.corpus import corpus_files
from textmine.schema import LANGUAGES

YEARS = ("2008", "2009", "2010", "2019", "2020", "2021", "2022")
# What a quick run, or so short a series, needs otherwise.
QUICK: dict[str, dict[str, Any]] = {
    "keyness-dots": {"first": "2008-2010", "second": "2020-2022"},
    "novelty-lines": {"n_resamples": 20, "window": 1},
    "topic-panels": {"n_topics": 12, "n_resamples": 50},
    "tagging-error": {"min_labelled": 1},
    "who-does-what": {"n_resamples": 20, "min_paragraphs": 3},
}
NAMES = sorted(RECIPES)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("sample")
    for path in corpus_files("sample"):
        if path.name[:4] in YEARS:
            shutil.copy(path, folder)
    return open_study(folder)


@pytest.fixture(scope="module")
def measured(study: Study) -> dict[str, tuple[Measured, dict[str, Any]]]:
    found = {}
    for name in NAMES:
        recipe = find_recipe(name)
        options = {"n_resamples": 50} if "n_resamples" in recipe.parameters else {}
        parameters = recipe.complete({**options, **QUICK.get(name, {})})
        found[name] = recipe.run(study, parameters), parameters
    return found


@pytest.fixture(scope="module")
def texts(study: Study) -> dict[tuple[int, str, int], str]:
    return {row[:3]: row[3] for row in study.paragraphs.select("edition", "lang", "number", "text").iter_rows()}


@pytest.mark.parametrize("name", NAMES)
def test_every_mark_stands_once_and_its_evidence_lies_in_the_texts(
    name: str, measured: dict[str, tuple[Measured, dict[str, Any]]], texts: dict[tuple[int, str, int], str]
) -> None:
    claims = make_claims(*measured[name][0])

    def lies_in_the_text(place: Place) -> bool:
        size = len(texts[place.edition, place.lang, place.paragraph])
        return (place.start is None and place.end is None) or 0 <= place.start < place.end <= size  # type: ignore[operator]

    assert claims
    assert all(lies_in_the_text(place) for claim in claims for place in claim.evidence)
    assert any(claim.evidence for claim in claims)
    assert all(claim.unit for claim in claims)


@pytest.mark.parametrize("name", NAMES)
def test_an_interval_holds_its_value(name: str, measured: dict[str, tuple[Measured, dict[str, Any]]]) -> None:
    data = measured[name][0].data.filter(pl.col("low").is_not_null())
    outside = data.filter((pl.col("low") > pl.col("value") + 1e-9) | (pl.col("high") < pl.col("value") - 1e-9))
    # A bootstrap of few resamples may miss a share by a little, but never by much.
    assert outside.height <= 0.05 * data.height


@pytest.mark.parametrize(("lang", "width"), [("en", ONE_COLUMN), ("zh", TWO_COLUMNS)])
@pytest.mark.parametrize("name", NAMES)
def test_every_figure_is_drawn_with_every_glyph(
    name: str, lang: str, width: float, measured: dict[str, tuple[Measured, dict[str, Any]]], study: Study
) -> None:
    (data, _), parameters = measured[name]
    view = View(lang, width, study.taxonomy, tuple(study.corpora), parameters)
    figure = find_recipe(name).draw(data, view)  # a missing glyph warns, and warnings are errors here
    assert figure.get_size_inches()[0] == pytest.approx(width)
    assert sum(len(ax.get_children()) for ax in figure.axes) > 0
    said = " ".join(text.get_text() for text in figure.findobj(lambda artist: hasattr(artist, "get_text")))
    assert re.search("textmine (authors|作者)", said.replace("\n", " " if lang == "en" else ""))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_captions_are_filled_in_and_name_the_sample(
    name: str, lang: str, measured: dict[str, tuple[Measured, dict[str, Any]]], study: Study
) -> None:
    (data, _), parameters = measured[name]
    view = View(lang, TWO_COLUMNS, study.taxonomy, tuple(study.corpora), parameters)
    caption = caption_figure(find_recipe(name), data, view)
    assert not re.search(r"[{}]|None|\bnan\b", caption)
    assert re.search("textmine (authors|作者)", caption)
    assert caption[-1] in ".。"


@pytest.mark.parametrize("name", NAMES)
def test_measuring_again_gives_the_same(
    name: str, measured: dict[str, tuple[Measured, dict[str, Any]]], study: Study
) -> None:
    if name == "topic-panels":
        pytest.skip("takes long; the model's own tests repeat it")
    first, parameters = measured[name]
    again = find_recipe(name).run(study, parameters)
    assert again.data.equals(first.data)
    assert make_claims(*again) == make_claims(*first)


def test_the_same_figure_is_the_same_bytes(
    measured: dict[str, tuple[Measured, dict[str, Any]]], study: Study, tmp_path: Path
) -> None:
    (data, _), parameters = measured["share-heat-map"]
    view = View("zh", TWO_COLUMNS, study.taxonomy, tuple(study.corpora), parameters)
    for folder in ("a", "b"):
        save_pictures(find_recipe("share-heat-map").draw(data, view), tmp_path / folder / "x")
    assert all(path.read_bytes() == (tmp_path / "b" / path.name).read_bytes() for path in (tmp_path / "a").iterdir())


# --- what single kinds measure


def test_stacked_mentions_add_up(measured: dict[str, tuple[Measured, dict[str, Any]]]) -> None:
    data = measured["mention-stack"][0].data
    assert data.group_by("x").agg(pl.col("value").sum())["value"].to_list() == pytest.approx([1.0] * len(YEARS))
    assert data["series"].unique(maintain_order=True).to_list()[-1] == OTHER


def test_ranks_are_those_of_scipy(study: Study, measured: dict[str, tuple[Measured, dict[str, Any]]]) -> None:
    data = measured["rank-bumps"][0].data
    shares = measured["share-heat-map"][1] | {"scheme": "trend", "evidence": "any"}
    every = find_recipe("share-heat-map").run(study, shares).data.filter(pl.col("value") > 0)
    for (year,), part in every.group_by("x"):
        ranks = dict(zip(part["series"], stats.rankdata(-part["value"].to_numpy()), strict=True))
        drawn = data.filter(x=year)
        assert drawn["value"].to_list() == [ranks[name] for name in drawn["series"]]


def test_dropping_recycled_paragraphs_leaves_fewer(study: Study) -> None:
    recipe = find_recipe("share-trends")
    sizes = {
        reuse: recipe.run(study, recipe.complete({"reuse": reuse, "n_resamples": 20})) for reuse in ("keep", "drop")
    }
    n = {reuse: found.data.filter(lang="zh").group_by("x").agg(pl.col("n").first()).sort("x")["n"].to_numpy()
         for reuse, found in sizes.items()}  # fmt: skip
    assert (n["drop"] <= n["keep"]).all()
    assert (n["drop"] < n["keep"]).any()
    recycled = study.choose_drop("drop")
    assert recycled is not None
    left = (
        sizes["drop"]
        .evidence.rename({"text_lang": "own"})
        .join(recycled, left_on=["edition", "own", "paragraph"], right_on=["edition", "lang", "paragraph"], how="semi")
    )
    assert left.height == 0


def test_keyness_evidence_counts_what_the_figure_counts(measured: dict[str, tuple[Measured, dict[str, Any]]]) -> None:
    data, evidence = measured["keyness-dots"][0]
    counted = dict(evidence.group_by("series").len().iter_rows())
    assert {row["series"]: row["n"] for row in data.iter_rows(named=True)} == counted


def test_errors_of_the_tagger_are_as_many_as_counted(measured: dict[str, tuple[Measured, dict[str, Any]]]) -> None:
    data, evidence = measured["tagging-error"][0]
    missed = evidence.filter(x="sensitivity").group_by("series").len()
    worst = data.filter(x="sensitivity").sort("value")["series"][0]
    assert missed.filter(series=worst).height == 1
    perfect = data.filter(x="sensitivity").join(missed, on="series", how="anti")
    assert perfect.height == 0 or perfect["value"].min() > data.filter(series=worst, x="sensitivity")["value"][0]  # type: ignore[operator]


@pytest.mark.parametrize(
    ("name", "parameters", "named"),
    [
        ("share-trends", {"concepts": ["clowd"]}, "cloud"),
        ("share-heat-map", {"text_lang": "fr"}, "zh"),
        ("edition-shares", {"edition": 1999}, "2008"),
        ("share-trends", {"reuse": "maybe"}, "keep"),
        ("share-trends", {"scheme": "trends"}, "trend"),
        ("keyness-dots", {"first": "2008-2010", "second": "2010-2012"}, "2010"),
    ],
)
def test_wrong_parameters_are_refused_and_the_valid_ones_listed(
    study: Study, name: str, parameters: dict[str, Any], named: str
) -> None:
    recipe = find_recipe(name)
    with pytest.raises(UnknownOptionError, match=named):
        recipe.run(study, recipe.complete(parameters))


def test_labels_of_another_corpus_are_refused(tmp_path: Path) -> None:
    (tmp_path / "2011.zh.md").write_text("---\nyear: 2011\nlang: zh\ntitle: t\n---\n\n1. 云计算。\n", encoding="utf-8")
    recipe = find_recipe("tagging-error")
    with pytest.raises(ContractError, match="labels"):
        recipe.run(open_study(tmp_path), recipe.complete({}))


# --- gallery, words


@pytest.mark.parametrize("figure", GALLERY, ids=lambda figure: figure.name)
def test_the_gallery_asks_for_what_recipes_offer(figure: Any) -> None:
    recipe = find_recipe(figure.recipe)
    assert recipe.complete(figure.parameters).keys() == recipe.parameters.keys()


def test_every_kind_of_figure_is_in_the_gallery_once_by_name() -> None:
    made_by_exploring = {"chosen-shares"}
    assert {figure.recipe for figure in GALLERY} == set(RECIPES) - made_by_exploring
    assert len({figure.name for figure in GALLERY}) == len(GALLERY)
    with pytest.raises(UnknownOptionError, match="trends"):
        choose_gallery(["pie"])


@pytest.mark.parametrize(("text", "room", "lang"), [("one two three", 7, "en"), ("甲乙丙，丁戊", 3, "zh")])
def test_a_title_is_broken_without_losing_a_character(text: str, room: int, lang: str) -> None:
    lines = wrap_text(text, room, lang).split("\n")
    assert (" " if lang == "en" else "").join(lines) == text
    assert not any(line.startswith("，") for line in lines)
    assert np.max([len(line) for line in lines]) <= room + 1
