"""Figures of the corpus itself: how much there is of each edition, and how well its Chinese is cut into words."""

from pathlib import Path

import polars as pl
import pytest
from sklearn.metrics import f1_score

from textmine.annotate.segment import Segmenter
from textmine.errors import ContractError
from textmine.measure.cut_score import load_cut_words
from textmine.publish.figures.corpus_sizes import ABSENT
from textmine.publish.figures.word_cuts import ALL, CHARACTERS, DICTIONARY, TERMS
from textmine.publish.recipe import Measured, find_recipe
from textmine.publish.study import Study, open_study
from textmine.reports.catalogue import load_catalogue

TEXT = (
    "---\nyear: {year}\nlang: zh\ntitle: t\n---\n\n# 一. 趋势\n\n1. 云计算。\n\n2. 宽带。\n\n# 二. 区域\n\n3. 非洲。\n"
)


@pytest.fixture(scope="module")
def sample() -> Study:
    return open_study("sample")


@pytest.fixture(scope="module")
def cuts(sample: Study) -> Measured:
    recipe = find_recipe("word-cuts")
    return recipe.run(sample, recipe.complete({"n_resamples": 50}))


def test_sizes_by_hand_and_the_gaps_of_the_catalogue(tmp_path: Path) -> None:
    for year in (2010, 2012):
        (tmp_path / f"{year}.zh.md").write_text(TEXT.format(year=year), encoding="utf-8")
    recipe = find_recipe("corpus-sizes")
    data, evidence = recipe.run(open_study(tmp_path), recipe.complete({}))
    counted = data.filter(pl.col("series") != ABSENT).select("series", "x", "lang", "value", "n").rows()
    assert counted == [
        (part, year, "zh", count, 3) for part, count in (("1", 2), ("2", 1)) for year in ("2010", "2012")
    ]
    gaps = data.filter(series=ABSENT)
    assert gaps["x"].to_list() == [str(year) for year in load_catalogue()["year"] if year not in (2010, 2012)]
    assert evidence.filter(x="2010", series="1")["paragraph"].to_list() == [1, 2]


def test_parts_add_up_to_the_edition(sample: Study) -> None:
    recipe = find_recipe("corpus-sizes")
    data = recipe.run(sample, recipe.complete({})).data.filter(pl.col("series") != ABSENT)
    totals = data.group_by("x", "lang").agg(pl.col("value").sum(), pl.col("n").first())
    assert totals.filter(pl.col("value") != pl.col("n")).height == 0
    assert totals["value"].sum() == sample.paragraphs.height


def test_cuts_score_as_scikit_learn_says(cuts: Measured) -> None:
    segmenter, truth, found = Segmenter(), [], []
    for item in load_cut_words():
        starts = {start for start, _ in item.spans[1:]}
        mine = {token.start for token in segmenter.cut(item.text, lang="zh")[1:]}
        truth += [at in starts for at in range(len(item.text))]
        found += [at in mine for at in range(len(item.text))]
    row = cuts.data.filter(series=TERMS, x=ALL).row(0, named=True)
    assert row["value"] == pytest.approx(f1_score(truth, found))


def test_terms_stay_whole_where_they_come_first_and_single_characters_find_every_cut(cuts: Measured) -> None:
    at = {row["series"]: row for row in cuts.data.filter(x=ALL).iter_rows(named=True)}
    assert at[TERMS]["n_whole"] == at[TERMS]["n_terms"] > at[DICTIONARY]["n_whole"] > at[CHARACTERS]["n_whole"]
    assert at[CHARACTERS]["recall"] == 1.0
    groups = cuts.data.filter(series=TERMS)
    assert groups.filter(x=ALL)["n"][0] == groups.filter(pl.col("x") != ALL)["n"].sum()


def test_sentences_cut_by_hand_are_refused_for_other_texts(tmp_path: Path) -> None:
    (tmp_path / "2011.zh.md").write_text(TEXT.format(year=2011), encoding="utf-8")
    recipe = find_recipe("word-cuts")
    for study in (open_study(tmp_path), open_study("features/2011.zh")):
        with pytest.raises(ContractError, match="cut by hand"):
            recipe.run(study, recipe.complete({}))
