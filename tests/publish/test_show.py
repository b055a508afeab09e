"""A figure published and shown in one call, and the paragraphs behind a mark as a table."""

from pathlib import Path

import polars as pl
import pytest

from textmine.errors import UnknownOptionError
from textmine.publish.behind import list_evidence
from textmine.publish.ledger import read_ledger
from textmine.publish.produce import ShownFigure, show_figure
from textmine.publish.study import Study, open_study

TEXT = "---\nyear: 2010\nlang: {lang}\ntitle: t\n---\n\n# {part}\n\n1. {first}\n\n2. {second}\n"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("texts")
    zh = TEXT.format(lang="zh", part="一. 趋势", first="发展云计算。", second="别的事情。")
    en = TEXT.format(lang="en", part="I. Trends", first="Cloud computing grows.", second="Other matters.")
    (folder / "2010.zh.md").write_text(zh, encoding="utf-8")
    (folder / "2010.en.md").write_text(en, encoding="utf-8")
    return open_study(folder)


@pytest.fixture(scope="module")
def shown(study: Study, tmp_path_factory: pytest.TempPathFactory) -> ShownFigure:
    parameters = {"n_resamples": 20, "text_lang": "zh"}
    return show_figure(study, "edition-shares", tmp_path_factory.mktemp("out"), name="x", parameters=parameters)


def test_what_is_shown_is_what_is_saved(study: Study, tmp_path: Path) -> None:
    shown = show_figure(study, "edition-shares", tmp_path, name="x", lang="zh", parameters={"n_resamples": 20})
    assert read_ledger(tmp_path / "x.json") == shown.ledger
    saved = pl.read_csv(tmp_path / "x.csv")
    assert saved["value"].to_list() == shown.data["value"].to_list()
    assert {"x-zh.png", "x-en.png"} <= {path.name for path in tmp_path.iterdir()}
    assert shown.figure._repr_png_()[:4] == b"\x89PNG"


def test_an_unknown_language_is_refused_before_anything_is_written(study: Study, tmp_path: Path) -> None:
    with pytest.raises(UnknownOptionError, match="fr"):
        show_figure(study, "edition-shares", tmp_path / "out", lang="fr")
    assert not (tmp_path / "out").exists()


def test_paragraphs_behind_a_mark_with_the_other_language_beside(study: Study, shown: ShownFigure) -> None:
    found = list_evidence(shown.ledger, study, series="cloud", x="2010")
    assert found.select("lang", "paragraph", "text", "is_evidence").rows() == [
        ("en", 1, "Cloud computing grows.", False),
        ("zh", 1, "发展⟦云计算⟧。", True),
    ]
    assert list_evidence(shown.ledger, study, series="cloud", lang="zh")["lang"].to_list() == ["zh"]
    with pytest.raises(UnknownOptionError, match="cloud"):
        list_evidence(shown.ledger, study, series="clowd")
