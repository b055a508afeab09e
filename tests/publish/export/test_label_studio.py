"""Label Studio: what we hand over, what comes back, and what a correction becomes."""

import copy
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from textmine.annotate.corrections import apply_corrections
from textmine.errors import SourceError, UnknownOptionError
from textmine.publish.export.corrections import read_label_studio, settle_corrections
from textmine.publish.export.label_studio import export_label_studio, make_task
from textmine.publish.export.offsets import to_utf16
from textmine.publish.study import Study

KEY = ["edition", "lang", "paragraph"]


def export_tasks(study: Study, out: Path, lang: str) -> list[dict[str, Any]]:
    export_label_studio(study, out)
    tasks: list[dict[str, Any]] = json.loads((out / f"tasks.{lang}.json").read_text(encoding="utf-8"))
    return tasks


def annotate(task: dict[str, Any], reader: object = 1, **more: object) -> dict[str, Any]:
    """Add the annotation that Label Studio makes of a prediction which a person accepts as it is."""
    result = copy.deepcopy(task["predictions"][0]["result"])
    task.setdefault("annotations", []).append({"completed_by": reader, "result": result, **more})
    annotation: dict[str, Any] = task["annotations"][-1]
    return annotation


def save(tasks: object, out: Path) -> Path:
    path = out / "project.json"
    path.write_text(json.dumps(tasks, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["toy_study", "odd_study"])
def test_predictions_are_the_tags_of_the_text(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    study: Study = request.getfixturevalue(name)
    for lang in study.langs:
        found = set()
        for task in export_tasks(study, tmp_path, lang):
            data, (prediction,) = task["data"], task["predictions"]
            for item in prediction["result"]:
                value = item["value"]
                assert data["text"][value["start"] : value["end"]] == value["text"]
                (concept,) = value["labels"]
                place = tuple(data[name] for name in KEY)
                found.add((*place, item["from_name"], concept, value["start"], value["end"]))
        tags = study.tables["tags"].filter(lang=lang, evidence="text")
        assert found == set(tags.select(*KEY, "scheme", "concept", "start", "end").iter_rows())


def test_the_interface_knows_every_label_and_the_text(toy_study: Study, tmp_path: Path) -> None:
    task = export_tasks(toy_study, tmp_path, "zh")[0]
    config = etree.parse(tmp_path / "config.xml")
    labels = {(label.getparent().get("name"), label.get("value")) for label in config.iter("Label")}
    used = toy_study.tables["tags"].select("scheme", "concept").unique()
    assert set(used.iter_rows()) <= labels
    fields = {name[1:] for name in config.xpath("//@value") if name.startswith("$")}
    assert fields <= set(task["data"])
    assert {labels.get("toName") for labels in config.iter("Labels")} == {config.find(".//Text").get("name")}


def test_accepted_as_they_are_all_are_kept(toy_study: Study, tmp_path: Path) -> None:
    tasks = export_tasks(toy_study, tmp_path, "en")
    for task in tasks:
        annotate(task)
    table = read_label_studio(save(tasks, tmp_path), paragraphs=toy_study.paragraphs)
    tags = toy_study.tables["tags"].filter(lang="en", evidence="text")
    columns = [*KEY, "scheme", "concept", "start", "end", "surface"]
    assert set(table.select(columns).iter_rows()) == set(tags.select(columns).iter_rows())
    assert set(table["change"]) == {"kept"}
    corrected = apply_corrections(toy_study.tables["tags"], settle_corrections(table))
    assert corrected.equals(toy_study.tables["tags"])


def test_a_tag_removed_one_added_and_one_moved(toy_study: Study, tmp_path: Path) -> None:
    tasks = export_tasks(toy_study, tmp_path, "zh")
    (task,) = [task for task in tasks if task["data"]["paragraph"] == 1]
    assert task["data"]["text"] == "宽带和移动支付，宽带。"
    for other in tasks:
        other["annotations"] = []
    annotation = annotate(task, reader={"email": "a@b.org"})
    spans = {(item["value"]["start"], item["from_name"]): item for item in annotation["result"]}
    annotation["result"].remove(spans[0, "trend"])
    spans[8, "trend"]["value"].update(start=7, end=10, text="，宽带")
    new = copy.deepcopy(spans[8, "trend"])
    new["value"] = {"start": 3, "end": 5, "text": "移动", "labels": ["mobile-access"]}
    annotation["result"].append(new)
    annotation["result"].append({"type": "choices", "value": {"choices": ["x"]}})
    table = read_label_studio(save(tasks, tmp_path))
    trend = table.filter(pl.col("change") != "kept").select("start", "end", "concept", "surface", "change", "reader")
    assert trend.rows() == [
        (0, 2, "broadband", "宽带", "removed", "a@b.org"),
        (3, 5, "mobile-access", "移动", "added", "a@b.org"),
        (7, 10, "broadband", "，宽带", "added", "a@b.org"),
        (8, 10, "broadband", "宽带", "removed", "a@b.org"),
    ]
    before = toy_study.tables["tags"].filter(lang="zh", paragraph=1, scheme="trend")
    after = apply_corrections(before, settle_corrections(table))
    assert after.filter(evidence="reader").select("start", "end", "concept").sort("start").rows() == [
        (3, 5, "mobile-access"),
        (7, 10, "broadband"),
    ]
    assert after.height == before.height  # two taken out, two put in


def test_tasks_not_submitted_and_skipped_ones_say_nothing(toy_study: Study, tmp_path: Path) -> None:
    tasks = export_tasks(toy_study, tmp_path, "zh")
    for task in tasks:
        task["annotations"] = []
    annotate(tasks[0], was_cancelled=True)
    assert read_label_studio(save(tasks, tmp_path)).is_empty()


def test_readers_who_disagree_need_a_choice(toy_study: Study, tmp_path: Path) -> None:
    tasks = export_tasks(toy_study, tmp_path, "zh")
    for reader in (1, 2):
        for task in tasks:
            annotate(task, reader=reader)
    alike = read_label_studio(save(tasks, tmp_path))
    assert len(settle_corrections(alike)) * 2 == alike.height
    tasks[0]["annotations"][1]["result"].pop()
    table = read_label_studio(save(tasks, tmp_path))
    with pytest.raises(UnknownOptionError, match="1, 2"):
        settle_corrections(table)
    with pytest.raises(UnknownOptionError, match="1, 2"):
        settle_corrections(table, reader="3")
    verdicts = [item.verdict for item in settle_corrections(table, reader="2")]
    assert verdicts.count("reject") == 1


ANY = st.text(st.one_of(st.sampled_from("a中😀\n"), st.characters(exclude_categories=["Cs"])), min_size=1)


@settings(max_examples=50, deadline=None)
@given(ANY, st.data(), st.sampled_from(["code-points", "utf-16"]))
def test_any_span_comes_back_however_the_editor_counts(text: str, data: st.DataObject, offsets: str) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    paragraph = {"edition": 2011, "lang": "zh", "number": 1, "text": text, "heading_path": [], "corpus": "toy"}
    tag = {"scheme": "s", "concept": "c", "start": start, "end": end, "surface": text[start:end], "evidence": "text"}
    task: dict[str, Any] = json.loads(json.dumps(make_task(paragraph, [tag])))
    value = annotate(task)["result"][0]["value"]
    if offsets == "utf-16":
        value.update(start=to_utf16(text, start), end=to_utf16(text, end))
    value["text"] = value["text"].replace("\r", "\n").replace("\n", "\\n")  # as the editor shows it
    with_tasks = Path(PLACE) / "project.json"
    with_tasks.write_text(json.dumps([task]), encoding="utf-8")
    (row,) = read_label_studio(with_tasks, offsets=offsets).rows(named=True)
    assert (row["start"], row["end"], row["surface"], row["change"]) == (start, end, text[start:end], "kept")


PLACE = ""


@pytest.fixture(autouse=True, scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> None:
    global PLACE  # noqa: PLW0603 - hypothesis takes no fixture that is made anew for each example
    PLACE = str(tmp_path_factory.mktemp("tasks"))


def test_offsets_of_the_other_kind_are_noticed(tmp_path: Path) -> None:
    paragraph = {"edition": 2011, "lang": "zh", "number": 1, "text": "😀宽带。", "heading_path": [], "corpus": "toy"}
    tag = {"scheme": "trend", "concept": "broadband", "start": 1, "end": 3, "surface": "宽带", "evidence": "text"}
    task: dict[str, Any] = json.loads(json.dumps(make_task(paragraph, [tag])))
    annotate(task)["result"][0]["value"].update(start=2, end=4)
    with pytest.raises(SourceError, match=r"task 1: .*'带。'.*offsets='utf-16'"):
        read_label_studio(save([task], tmp_path))


def test_a_text_that_has_changed_is_refused(toy_study: Study, tmp_path: Path) -> None:
    tasks = export_tasks(toy_study, tmp_path, "zh")
    for task in tasks:
        annotate(task)
    other = toy_study.paragraphs.with_columns(pl.col("text") + " ")
    with pytest.raises(SourceError, match="2011 zh 1"):
        read_label_studio(save(tasks, tmp_path), paragraphs=other)


@pytest.mark.parametrize(
    "content", ["", "{", "{}", "[1]", '[{"data": {}}]', '[{"data": {"edition": "x"}}]', "[" * 100_000]
)
def test_other_files_are_refused_with_the_way_out(content: str, tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match="JSON"):
        read_label_studio(path)
    with pytest.raises(SourceError):
        read_label_studio(tmp_path / "none.json")
    with pytest.raises(UnknownOptionError):
        read_label_studio(path, offsets="bytes")
