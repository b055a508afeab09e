"""What takes a while is done aside: the other controls of the widget answer meanwhile."""

from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import polars as pl
import pytest

from textmine.measure.reuse import find_reuse
from textmine.on_demand import TablesOnDemand
from textmine.publish.explore.exploration import Exploration
from textmine.publish.study import Study, open_study

pytest.importorskip("ipywidgets", reason="the widget needs the extra lab")

from textmine.publish.explore.widget import Explorer, explore


def delayed(study: Study, release: Event) -> Study:
    """Return a study whose words and recycled text are there only once released."""

    def cut() -> pl.DataFrame:
        assert release.wait(60)
        return study.tables["tokens"]

    tables = TablesOnDemand({**{name: partial(study.tables.__getitem__, name) for name in study.tables}, "tokens": cut})
    return Study(tables, study.taxonomy, name="", reports=study.reports)


def test_comparing_waits_aside_for_the_words(study: Study, tmp_path: Path) -> None:
    release = Event()
    explorer = Explorer(Exploration(delayed(study, release)), corrections=tmp_path / "c.jsonl")
    explorer.panels.buttons["compare"].click()
    assert "Cutting the words" in explorer.panels.shown["compare"].value
    explorer.controls.concepts.value = ("cloud",)  # answers meanwhile
    assert {line["concept"] for line in explorer.chart.series} == {"cloud"}
    release.set()
    explorer.waiting.join()
    assert "<b>2009</b>" in explorer.panels.shown["compare"].value
    explorer.panels.show("compare", "")
    explorer.panels.buttons["compare"].click()  # and now at once
    assert "<b>2009</b>" in explorer.panels.shown["compare"].value


def test_leaving_out_what_is_recycled_waits_aside(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = Event()

    def find(paragraphs: pl.DataFrame) -> pl.DataFrame:
        assert release.wait(60)
        return find_reuse(paragraphs)

    monkeypatch.setattr("textmine.publish.study.find_reuse", find)
    explorer = Explorer(Exploration(delayed(study, release)), corrections=tmp_path / "c.jsonl")
    explorer.controls.concepts.value = ("cloud",)
    before = explorer.chart.series
    explorer.controls.reuse.value = True
    assert "Finding what is recycled" in explorer.panels.status.value
    assert explorer.chart.series == before
    release.set()
    explorer.waiting.join()
    assert explorer.panels.status.value == ""
    expected = Exploration(study).choose(concepts=["cloud"], reuse="drop").trend()
    drawn = {
        (line["lang"], point["year"], point["share"]) for line in explorer.chart.series for point in line["points"]
    }
    assert drawn == set(expected.select("lang", "edition", "share").iter_rows())


def test_a_small_corpus_is_prepared_while_one_looks(study: Study, tmp_path: Path) -> None:
    release = Event()
    release.set()
    waiting = delayed(study, release)
    assert waiting.waits_for("tokens")
    assert waiting.waits_for("reuse")
    explorer = explore(waiting, corrections=tmp_path / "c.jsonl")
    explorer.preparing.join()
    assert not waiting.waits_for("tokens")
    assert not waiting.waits_for("reuse")


def fail() -> pl.DataFrame:
    raise MemoryError("no room for words")


def failing(study: Study) -> Study:
    """Return a study whose words can't be cut."""
    made = {name: partial(study.tables.__getitem__, name) for name in study.tables}
    return Study(TablesOnDemand({**made, "tokens": fail}), study.taxonomy, name="", reports=study.reports)


@pytest.mark.parametrize("tab", ["compare", "topics"])
def test_what_fails_aside_is_said_and_nothing_waits_any_more(study: Study, tmp_path: Path, tab: str) -> None:
    explorer = explore(failing(study), corrections=tmp_path / "c.jsonl")
    explorer.preparing.join()  # and prints nothing: a traceback of a thread would be a warning, which is an error here
    assert explorer.panels.said == ""
    explorer.panels.buttons[tab].click()
    explorer.waiting.join()
    assert explorer.panels.said == "MemoryError: no room for words"
    assert explorer.panels.shown[tab].value == ""


def test_a_form_that_cannot_be_tagged_with_is_said(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    explorer = Explorer(Exploration(study), corrections=tmp_path / "c.jsonl")
    monkeypatch.setattr("textmine.publish.explore.corrector.retag", lambda *_: fail())
    explorer.panels.form.value, explorer.panels.taxonomy.value = "sky computing", str(tmp_path / "own")
    explorer.panels.form_lang.value = "en"
    explorer.panels.buttons["add"].click()
    assert explorer.corrector.tagging is not None
    explorer.corrector.tagging.join()
    assert explorer.panels.said.endswith(". MemoryError: no room for words")
    assert not explorer.panels.buttons["add"].disabled


def test_topics_of_a_corpus_that_was_left_are_not_shown_in_the_next(
    study: Study, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = Event()

    def find(*_: Any, **__: Any) -> dict[str, Any]:
        assert release.wait(60)
        return {}

    monkeypatch.setattr("textmine.publish.explore.widget.Exploration", lambda *_, **__: Exploration(open_study(corpus)))
    explorer = Explorer(Exploration(study), corrections=tmp_path / "c.jsonl")
    monkeypatch.setattr("textmine.publish.explore.kept.find_topics", find)
    explorer.panels.buttons["topics"].click()
    explorer.controls.corpus.value = "sample"
    release.set()
    explorer.waiting.join()
    assert explorer.panels.shown["topics"].value == ""


def test_there_is_no_still_of_a_choice_that_is_waited_for(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = Event()

    def find(paragraphs: pl.DataFrame) -> pl.DataFrame:
        assert release.wait(60)
        return find_reuse(paragraphs)

    monkeypatch.setattr("textmine.publish.study.find_reuse", find)
    explorer = Explorer(Exploration(delayed(study, release)), corrections=tmp_path / "c.jsonl")
    explorer.controls.reuse.value = True
    waiting = [explorer.waiting]
    explorer.controls.concepts.value = ("cloud",)
    assert "image/png" not in explorer._repr_mimebundle_()
    release.set()
    for thread in [*waiting, explorer.waiting]:
        thread.join()
    assert "image/png" in explorer._repr_mimebundle_()


def test_a_trend_measured_aside_is_not_drawn_over_a_later_choice(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    explorer = Explorer(Exploration(study).choose(concepts=["cloud"]), corrections=tmp_path / "c.jsonl")
    measure, look = explorer.look.trend, explorer.look

    def measure_slowly() -> pl.DataFrame:
        shares = measure()
        monkeypatch.setattr(look, "trend", measure)
        explorer.controls.concepts.value = ("broadband",)  # by the reader, while a thread measures
        return shares

    monkeypatch.setattr(look, "trend", measure_slowly)
    explorer.draw()
    assert {line["concept"] for line in explorer.chart.series} == {"broadband"}
