"""What takes a while is done aside: the other controls of the widget answer meanwhile."""

from functools import partial
from pathlib import Path
from threading import Event

import polars as pl
import pytest

from textmine.measure.reuse import find_reuse
from textmine.on_demand import TablesOnDemand
from textmine.publish.explore.exploration import Exploration
from textmine.publish.study import Study

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
