"""The widget without a browser: what its controls and points do to what it shows."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from textmine.annotate.annotate import annotate_reports
from textmine.annotate.corrections import load_corrections
from textmine.annotate.taxonomy import load_taxonomy
from textmine.publish.explore.exploration import Exploration
from textmine.publish.study import Study
from textmine.reports.read import read_report

pytest.importorskip("ipywidgets", reason="the widget needs the extra lab")

from textmine.publish.explore.widget import Explorer, explore


@pytest.fixture
def explorer(study: Study, tmp_path: Path) -> Explorer:
    return explore(study, corrections=tmp_path / "corrections.jsonl", concepts=["cloud"])


def pick(explorer: Explorer, concept: str, year: int) -> str:
    explorer.chart.picked = {"concept": concept, "year": year}
    shown: str = explorer.panels.shown["read"].value
    return shown


def test_chart_draws_the_trend(explorer: Explorer) -> None:
    shares = explorer.look.trend()
    drawn = {
        (line["concept"], line["lang"], point["year"]): (point["share"], point["low"], point["high"])
        for line in explorer.chart.series
        for point in line["points"]
    }
    columns = ("concept", "lang", "edition", "share", "low", "high")
    assert drawn == {row[:3]: row[3:] for row in shares.select(columns).iter_rows()}


def test_a_click_shows_the_paragraphs(explorer: Explorer, study: Study) -> None:
    shown = pick(explorer, "cloud", 2011)
    texts = study.paragraphs.filter(edition=2011)
    numbers = study.tables["tags"].filter(scheme="trend", concept="cloud", edition=2011)["paragraph"].unique()
    assert f"{len(numbers)} paragraphs" in shown
    for number in numbers:
        assert texts.filter(number=number, lang="zh")["text"].item()[:6] in shown
    assert "<mark>云计算</mark>" in shown


def test_every_control_changes_the_choice(explorer: Explorer) -> None:
    controls = explorer.controls
    controls.concepts.value = ("cloud", "broadband")
    assert {line["concept"] for line in explorer.chart.series} == {"cloud", "broadband"}
    controls.langs.value = ("zh",)
    assert {line["lang"] for line in explorer.chart.series} == {"zh"}
    controls.first.value = 2010
    assert explorer.look.choice.years == (2010, 2011)
    controls.region.value = "africa"
    controls.reuse.value = True
    assert (explorer.look.choice.region, explorer.look.choice.reuse) == ("africa", "drop")
    controls.scheme.value = "region"
    assert explorer.look.choice.concepts == explorer.look.concepts("region")[:1] == tuple(controls.concepts.value)
    assert explorer.panels.status.value == ""


def test_a_choice_without_paragraphs_is_said_and_can_be_left(explorer: Explorer) -> None:
    explorer.controls.last.value = 2009
    explorer.controls.first.value = 2011
    assert "unknown years" in explorer.panels.status.value
    explorer.controls.last.value = 2011
    assert explorer.panels.status.value == ""


def test_code_is_printed_and_is_that_of_the_exploration(explorer: Explorer) -> None:
    explorer.panels.buttons["code"].click()
    assert explorer.panels.printed.outputs[0]["text"] == explorer.code()


def test_search_compare_topics(explorer: Explorer) -> None:
    explorer.panels.text.value = "云计算|cloud"
    explorer.panels.regex.value = True
    explorer.panels.buttons["search"].click()
    assert "<mark>云计算</mark>" in explorer.panels.shown["search"].value
    explorer.panels.text.value = "("
    explorer.panels.buttons["search"].click()
    assert "regular expression" in explorer.panels.status.value
    explorer.panels.forms.value = "cloud"
    explorer.panels.buttons["search"].click()
    assert explorer.panels.status.value == ""
    explorer.panels.buttons["compare"].click()
    assert "<b>2009</b>" in explorer.panels.shown["compare"].value
    explorer.controls.langs.value = ("en",)
    explorer.panels.buttons["topics"].click()
    explorer.finding.join()
    assert "<caption>12 topics" in explorer.panels.shown["topics"].value


def test_a_rejected_tag_leaves_trend_and_file_and_comes_back(explorer: Explorer) -> None:
    before = explorer.look.trend()
    assert "Click a point first" not in pick(explorer, "cloud", 2011)
    spans = len(explorer.panels.tag.options)
    for _ in range(spans):
        explorer.panels.buttons["reject"].click()
        explorer.panels.tag.index = 0 if explorer.panels.tag.options else None
    path = explorer.panels.corrections
    assert len(load_corrections(path)) == len(explorer.look.corrections) > 0
    assert explorer.look.trend()["n_tagged"].sum() < before["n_tagged"].sum()
    again = explore(explorer.look.study, corrections=path, concepts=["cloud"])
    assert_frame_equal(again.look.trend(), explorer.look.trend())


def test_a_form_is_added_to_a_taxonomy_of_ones_own(explorer: Explorer, tmp_path: Path) -> None:
    panels, own = explorer.panels, tmp_path / "own"
    panels.taxonomy.value, panels.form_lang.value, panels.form.value = str(own), "en", "sky computing"
    panels.buttons["add"].click()
    assert str(own / "trend.toml") in panels.status.value
    assert load_taxonomy(own).concept("trend", "cloud").forms["en"][0] == "sky computing"
    kept = (own / "trend.toml").read_bytes()
    panels.form.value = "broadband"
    panels.buttons["add"].click()
    assert "is a form of concept" in panels.status.value
    assert (own / "trend.toml").read_bytes() == kept
    study = explorer.look.study
    explorer.look.study = Study(study.tables, load_taxonomy(own), name=study.name, reports=study.reports)
    panels.form.value = "fog computing"
    panels.buttons["add"].click()
    assert "another taxonomy" in panels.status.value
    assert (own / "trend.toml").read_bytes() == kept


def test_save_saves_to_the_folder(explorer: Explorer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = []

    def publish(study: Study, recipe: str, folder: Path, **options: Any) -> SimpleNamespace:
        saved.append((study, recipe, folder, options["parameters"]["concepts"]))
        return SimpleNamespace(files={"a": "b"}, figure="exploration")

    monkeypatch.setattr("textmine.publish.explore.exploration.publish_figure", publish)
    explorer.panels.folder.value = str(tmp_path / "out")
    explorer.panels.buttons["save"].click()
    assert saved == [(explorer.look.study, "chosen-shares", tmp_path / "out", ["cloud"])]
    assert str(tmp_path / "out") in explorer.panels.printed.outputs[0]["text"]


def test_a_corpus_that_is_not_there_leaves_what_is_open(explorer: Explorer, monkeypatch: pytest.MonkeyPatch) -> None:
    name = explorer.look.study.name
    monkeypatch.setattr("textmine.publish.explore.widget.Exploration", _fail)
    explorer.controls.corpus.value = "official"
    assert "no such corpus" in explorer.panels.status.value
    assert explorer.controls.corpus.value == explorer.look.study.name == name


def _fail(*_: Any) -> Exploration:
    from textmine.errors import SourceError

    raise SourceError("no such corpus")


def test_html_in_a_report_is_shown_as_text(tmp_path: Path) -> None:
    evil = '<script>alert(1)</script><img src=x onerror=alert(2)> & "云计算"'
    for lang, title in (("en", "Sample"), ("zh", "样本")):
        (tmp_path / f"2011.{lang}.md").write_text(
            f"---\nkind: sample\nyear: 2011\nlang: {lang}\ntitle: {title}\n---\n\n# I. Part <b>bold</b>\n\n"
            f'1. Cloud computing `{evil}` and text.[^1]\n\n[^1]: "><script>alert(3)</script>\n',
            encoding="utf-8",
        )
    reports = [read_report(path) for path in sorted(tmp_path.iterdir())]
    study = Study(annotate_reports(reports), load_taxonomy(), name="", reports=reports)
    explorer = explore(study, corrections=tmp_path / "c.jsonl", concepts=["cloud"])
    explorer.panels.text.value = "script"
    explorer.panels.buttons["search"].click()
    for shown in (pick(explorer, "cloud", 2011), explorer.panels.shown["search"].value):
        assert "script" in shown
        assert "<script" not in shown
        assert "<img" not in shown
        assert "<b>" not in shown


def test_plain_form_is_stable_and_holds_no_address(explorer: Explorer) -> None:
    bundle = explorer._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/plain"] == repr(explorer)
    assert "0x" not in repr(explorer)


def test_only_a_page_goes_to_the_browser(explorer: Explorer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("textmine.publish.explore.widget.PAGE", 1)
    shown = pick(explorer, "cloud", 2011)
    assert shown.count("class='passage'") == 1
    assert "the first 1 shown" in shown
    assert isinstance(explorer.look.tables()["paragraphs"], pl.DataFrame)
