"""The widget without a browser: what its controls and points do to what it shows."""

from base64 import b64decode
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from textmine.annotate import taxonomy_edit
from textmine.annotate.annotate import annotate_reports
from textmine.annotate.corrections import load_corrections
from textmine.annotate.taxonomy import load_taxonomy
from textmine.publish.explore.exploration import Exploration
from textmine.publish.study import Study, open_study
from textmine.reports.read import read_report

pytest.importorskip("ipywidgets", reason="the widget needs the extra lab")

from textmine.publish.explore.widget import Explorer, explore


@pytest.fixture
def explorer(study: Study, tmp_path: Path) -> Explorer:
    explorer = explore(study, corrections=tmp_path / "corrections.jsonl", concepts=["cloud"])
    explorer.preparing.join()
    return explorer


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
    explorer.waiting.join()
    assert "<caption>12 topics" in explorer.panels.shown["topics"].value


def test_a_span_of_years_backwards_is_said(explorer: Explorer) -> None:
    explorer.panels.edges[0].value, explorer.panels.edges[1].value = 2010, 2009
    explorer.panels.buttons["compare"].click()
    assert "'2010-2009'; valid: the earlier one first" in explorer.panels.said


def test_features_have_no_words_for_topics(tmp_path: Path) -> None:
    explorer = explore("features/2011.zh", corrections=tmp_path / "corrections.jsonl")
    explorer.panels.buttons["topics"].click()
    explorer.waiting.join()
    assert "has no table 'tokens' (features hold no running text)" in explorer.panels.said
    assert explorer.panels.shown["topics"].value == ""


def test_a_rejected_tag_leaves_the_trend_and_is_in_the_file(explorer: Explorer) -> None:
    before = explorer.look.trend()
    explorer.panels.buttons["reject"].click()
    assert "Click a point first" in explorer.panels.status.value
    pick(explorer, "cloud", 2011)
    explorer.panels.buttons["reject"].click()
    assert "Choose a tag first" in explorer.panels.status.value
    explorer.panels.tag.index = 0
    for _ in explorer.panels.tag.options:
        explorer.panels.buttons["reject"].click()
        explorer.panels.tag.index = 0
    path = explorer.panels.corrections
    assert len(load_corrections(path)) == len(explorer.look.corrections) > 0
    assert explorer.look.trend()["n_tagged"].sum() < before["n_tagged"].sum()
    again = explore(explorer.look.study, corrections=path, concepts=["cloud"])
    assert_frame_equal(again.look.trend(), explorer.look.trend())


def test_a_rejection_is_taken_back(explorer: Explorer) -> None:
    before = explorer.look.trend()
    pick(explorer, "cloud", 2011)
    name, tag = explorer.panels.tag.options[0]
    explorer.panels.tag.value = tag
    explorer.panels.buttons["reject"].click()
    assert [item.verdict for item in load_corrections(explorer.panels.corrections)] == ["reject"]
    rejected = dict(explorer.panels.tag.options)
    assert name not in rejected
    explorer.panels.tag.value = rejected[f"{name} (rejected)"]
    explorer.panels.buttons["accept"].click()
    assert load_corrections(explorer.panels.corrections) == [tag]
    assert name in dict(explorer.panels.tag.options)
    assert_frame_equal(explorer.look.trend(), before)


def reject_first(explorer: Explorer, concept: str, year: int) -> None:
    pick(explorer, concept, year)
    explorer.panels.tag.index = 0
    explorer.panels.buttons["reject"].click()


def add_form(explorer: Explorer, lang: str, form: str) -> str:
    """Press the button, wait until the texts are tagged, and return what is said."""
    explorer.panels.form_lang.value, explorer.panels.form.value = lang, form
    explorer.panels.buttons["add"].click()
    if explorer.corrector.tagging is not None:
        explorer.corrector.tagging.join()
    assert not explorer.panels.buttons["add"].disabled
    said: str = explorer.panels.status.value
    return said


def drawn_shares(explorer: Explorer) -> list[tuple[str, int, float]]:
    return [(line["lang"], point["year"], point["share"]) for line in explorer.chart.series for point in line["points"]]


def test_a_form_needs_a_folder_to_be_written_to(
    explorer: Explorer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    explorer.panels.form.value, explorer.panels.taxonomy.value = "sky computing", " "
    explorer.panels.buttons["add"].click()
    assert "Name the folder" in explorer.panels.status.value
    assert list(tmp_path.glob("*.toml")) == []


def test_a_form_is_added_to_a_taxonomy_of_ones_own(explorer: Explorer, tmp_path: Path) -> None:
    panels, own = explorer.panels, tmp_path / "own"
    panels.taxonomy.value = str(own)
    assert str(own / "trend.toml") in add_form(explorer, "en", "sky computing")
    assert load_taxonomy(own).concept("trend", "cloud").forms["en"][0] == "sky computing"
    kept = (own / "trend.toml").read_bytes()
    assert "is a form of concept" in add_form(explorer, "en", "broadband")
    assert (own / "trend.toml").read_bytes() == kept
    study = explorer.look.study
    explorer.look.study = Study(study.tables, load_taxonomy(), name=study.name, reports=study.reports)
    assert "another taxonomy" in add_form(explorer, "en", "fog computing")
    assert (own / "trend.toml").read_bytes() == kept


@pytest.mark.parametrize("named", [True, False])
def test_a_new_form_tags_the_texts_shown_and_moves_the_trend(study: Study, tmp_path: Path, *, named: bool) -> None:
    form = "the"  # not a form that anyone would add, but in every paragraph's text
    source = study if named else Study(study.tables, study.taxonomy, name="", reports=study.reports)
    path = tmp_path / "c.jsonl"
    explorer = explore(source, corrections=path, concepts=["cloud", "ai"], years=(2010, 2011), seed=3)
    reject_first(explorer, "cloud", 2011)
    rejected = explorer.look.corrections
    before, choice, panels = drawn_shares(explorer), explorer.look.choice, explorer.panels
    panels.taxonomy.value = str(tmp_path / "own")
    assert "tagged with it" in add_form(explorer, "en", form)

    opened = open_study(study.name, taxonomy=tmp_path / "own")
    assert_frame_equal(explorer.look.study.table("tags"), opened.table("tags"))
    assert (explorer.look.choice, explorer.look.corrections, explorer.panels) == (choice, rejected, panels)
    assert_frame_equal(
        explorer.look.trend(), Exploration(opened, corrections=rejected).choose(**asdict(choice)).trend()
    )
    after = drawn_shares(explorer)
    moved = {(lang, year) for (lang, year, old), (_, _, new) in zip(before, after, strict=True) if new > old}
    assert moved == {("en", 2010), ("en", 2011)}
    assert "<mark>the</mark>" in panels.shown["read"].value.lower()
    code = explorer.code()
    assert ("own" in code) is named
    assert repr(str(path)) in code

    assert "tagged with it" in add_form(explorer, "en", "a")  # a second one, in the same folder
    assert load_taxonomy(tmp_path / "own").concept("trend", "cloud").forms["en"][:2] == ("a", form)


def test_features_have_no_text_for_a_new_form(tmp_path: Path) -> None:
    explorer = explore("features/2011.zh", corrections=tmp_path / "c.jsonl", concepts=["cloud"])
    explorer.panels.taxonomy.value = str(tmp_path / "own")
    before = explorer.look
    assert "no text to tag" in add_form(explorer, "zh", "云端计算服务")
    assert explorer.look is before


def test_another_corpus_keeps_the_taxonomy_and_has_verdicts_of_its_own(
    corpus: Path, study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own"
    taxonomy_edit.add_form("trend:cloud", "en", "the", path=own)
    monkeypatch.setattr("textmine.reports.corpus.find_official", lambda: corpus)
    path = tmp_path / "c.jsonl"
    explorer = explore(study.name, corrections=path, taxonomy=own, concepts=["cloud"])
    first = explorer.look.trend()
    reject_first(explorer, "cloud", 2011)
    explorer.controls.corpus.value = "official"
    explorer.controls.concepts.value = ("cloud",)
    assert explorer.look.study.name == "official"
    assert explorer.look.study.taxonomy.sha256 == load_taxonomy(own).sha256
    assert_frame_equal(explorer.look.trend(), first)  # the same texts here, and no verdict on them
    assert f"taxonomy={str(own)!r}" in explorer.code()
    reject_first(explorer, "cloud", 2010)
    files = path, tmp_path / "c-official.jsonl"
    assert [[item.edition for item in load_corrections(file)] for file in files] == [[2011], [2010]]
    explorer.controls.corpus.value = study.name
    assert [item.edition for item in explorer.look.corrections] == [2011]
    explorer.controls.corpus.value = "official"
    assert [item.edition for item in explorer.look.corrections] == [2010]


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


def _fail(*_: Any, **__: Any) -> Exploration:
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


def read_still(explorer: Explorer) -> bytes:
    still: bytes = b64decode(explorer._repr_mimebundle_()["image/png"], validate=True)
    return still


def test_a_still_of_the_trend_goes_with_the_widget(explorer: Explorer) -> None:
    """For nbconvert and other places where no widget runs."""
    first = read_still(explorer)
    assert first[:8] == b"\x89PNG\r\n\x1a\n"
    assert read_still(explorer) == first
    explorer.panels.text.value = "cloud"
    explorer.panels.buttons["search"].click()
    code = explorer.code()
    read_still(explorer)
    assert explorer.code() == code  # looking at it changes nothing
    explorer.controls.concepts.value = explorer.look.concepts("trend")[:6]
    assert read_still(explorer) != first
    explorer.controls.last.value = 2009
    assert "image/png" in explorer._repr_mimebundle_()
    explorer.controls.region.value = "africa"
    explorer.controls.action_line.value = "C11"
    assert "no paragraph is left" in explorer.panels.status.value
    assert "image/png" not in explorer._repr_mimebundle_()


def test_nbconvert_shows_the_still(explorer: Explorer) -> None:
    nbformat = pytest.importorskip("nbformat")
    nbconvert = pytest.importorskip("nbconvert")
    bundle = explorer._repr_mimebundle_()
    output = nbformat.v4.new_output("execute_result", data=bundle, execution_count=1)
    cell = nbformat.v4.new_code_cell("explorer", outputs=[output], execution_count=1)
    notebook = nbformat.v4.new_notebook(cells=[cell])
    nbformat.validate(notebook)
    page, _ = nbconvert.HTMLExporter().from_notebook_node(notebook)
    assert f"data:image/png;base64,{bundle['image/png']}" in page


def test_only_a_page_goes_to_the_browser(explorer: Explorer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("textmine.publish.explore.widget.PAGE", 1)
    shown = pick(explorer, "cloud", 2011)
    assert shown.count("class='passage'") == 1
    assert "the first 1 shown" in shown
    assert isinstance(explorer.look.tables()["paragraphs"], pl.DataFrame)
