"""One invented English report in three settings, against what a reader must find in all of them."""

import json
import re
from pathlib import Path

import pytest

from textmine.reports.model import Report
from textmine.reports.read import read_report
from textmine.reports.source import load_text

from .reading import kinds, path_of, refs, squeeze

TESTS = Path(__file__).parents[1]
GOLDEN = json.loads((TESTS / "golden" / "specimen.en.json").read_text(encoding="utf-8"))
SETTINGS = ("flow", "layout", "spaced")


@pytest.fixture(scope="module", params=SETTINGS)
def setting(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def report(setting: str) -> Report:
    return read_report(TESTS / "fixtures" / f"specimen-{setting}.en.txt")


def test_paragraph_numbers(report: Report) -> None:
    assert [paragraph.number for paragraph in report.paragraphs] == list(range(1, 26))


def test_paragraph_texts(report: Report) -> None:
    assert {p.number: p.text for p in report.paragraphs} == {p["number"]: p["text"] for p in GOLDEN["paragraphs"]}


def test_paragraph_texts_apart_from_white_space(report: Report) -> None:
    found = {p.number: squeeze(p.text) for p in report.paragraphs}
    assert found == {p["number"]: squeeze(p["text"]) for p in GOLDEN["paragraphs"]}


def test_headings(report: Report) -> None:
    found = [(heading.level, heading.label, heading.title) for heading in report.headings]
    assert found == [(h["level"], h["label"], h["title"]) for h in GOLDEN["headings"]]


def test_heading_paths(report: Report) -> None:
    assert {p.number: path_of(report, p) for p in report.paragraphs} == {
        p["number"]: p["path"] for p in GOLDEN["paragraphs"]
    }


def test_markers(report: Report) -> None:
    expected = {number: (p["number"], offset) for p in GOLDEN["paragraphs"] for number, offset in p["refs"]}
    assert refs(report) == expected


def test_footnote_numbers(report: Report) -> None:
    assert [note.number for note in report.footnotes] == list(range(1, 11))


def test_footnote_texts(report: Report) -> None:
    assert {n.number: n.text for n in report.footnotes} == {n["number"]: n["text"] for n in GOLDEN["footnotes"]}


def test_footnote_anchors(report: Report) -> None:
    found = {n.number: (n.anchor.kind, n.anchor.number, n.anchor.offset) for n in report.footnotes}
    assert found == {n["number"]: tuple(n["anchor"].values()) for n in GOLDEN["footnotes"]}


def test_summary(report: Report) -> None:
    assert report.summary == GOLDEN["summary"]


def test_title(report: Report) -> None:
    assert report.edition.title == GOLDEN["title"]


def test_cover(report: Report) -> None:
    edition = report.edition
    found = (edition.year, edition.lang, edition.session, list(edition.items), edition.issued)
    assert found == tuple(GOLDEN[key] for key in ("year", "lang", "session", "items", "issued"))


def test_cover_symbols_are_kept_or_warned_of(report: Report) -> None:
    printed = report.edition.ga_symbol == "A/67/990" and report.edition.ecosoc_symbol == "E/2012/990"
    assert printed or "symbol" in kinds(report)


def test_no_page_furniture_in_any_text(report: Report) -> None:
    everything = [report.summary, *(p.text for p in report.paragraphs), *(n.text for n in report.footnotes)]
    everything += [heading.title for heading in report.headings]
    assert [text for text in everything if re.search(r"GE\.12-50990|E/2012/990$", text)] == []


def test_warnings_are_of_page_furniture_only(report: Report) -> None:
    assert set(kinds(report)) - {"symbol"} == {"furniture"}


def test_running_heads_are_named_in_a_warning(report: Report) -> None:
    messages = [warning.message for warning in report.warnings if warning.kind == "furniture"]
    assert any("'A/67/990'" in message for message in messages)


def test_urls_of_footnotes(report: Report) -> None:
    urls = {note.number: note.urls for note in report.footnotes if note.urls}
    assert urls == {2: ("http://www.example.org/answers",), 5: ("www.example.org/meetings/2011/may/notes.pdf",)}


def test_a_hyphen_at_a_line_end_is_in_each_setting(setting: str) -> None:
    text = load_text(TESTS / "fixtures" / f"specimen-{setting}.en.txt").text
    assert re.search(r"[a-z]-\s*\n\s*[a-z]", text)
