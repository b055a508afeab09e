"""What a terminal and a notebook show of reports, studies, passages and tags: counts by hand, hostile text as text."""

from dataclasses import replace
from html.parser import HTMLParser

import polars as pl
import pytest

from textmine.annotate.annotate import annotate_reports
from textmine.annotate.taxonomy import load_taxonomy
from textmine.publish.explore.exploration import Exploration
from textmine.publish.study import Study
from textmine.publish.tags_view import show_tags
from textmine.reports.model import Report

EVIL = "<script>alert(1)</script>\x1b[31m\u202e'\"&"


class Elements(HTMLParser):
    """The elements of a piece of HTML and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not any(name.startswith("on") for name, _ in attrs)
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def hostile(toy_reports: list[Report]) -> list[Report]:
    spoilt = []
    for report in toy_reports:
        edition = replace(report.edition, title=EVIL)
        headings = tuple(replace(heading, title=heading.title + EVIL) for heading in report.headings)
        paragraphs = tuple(replace(paragraph, text=paragraph.text + EVIL) for paragraph in report.paragraphs)
        footnotes = tuple(replace(note, text=EVIL) for note in report.footnotes)
        parts = {"headings": headings, "paragraphs": paragraphs, "footnotes": footnotes}
        spoilt.append(replace(report, edition=edition, **parts))
    return spoilt


def test_a_report_is_one_line_and_its_outline_has_counts(toy_reports: list[Report]) -> None:
    report = toy_reports[0]
    assert repr(report).startswith("Report(2011 en")
    assert "4 paragraphs, 3 headings, 1 footnotes" in repr(report)
    lines = str(report).splitlines()
    assert "  I. Key trends (2)".replace("Key t", "T") in lines
    assert "  II. Action lines (2)" in lines  # those of the sub-heading count
    html = Elements(report._repr_html_())
    assert "II. Action lines" in html.text


def test_a_study_counts_paragraphs(toy_reports: list[Report]) -> None:
    study = Study(annotate_reports(toy_reports), load_taxonomy(), name="<b>", reports=toy_reports)
    html = Elements(study._repr_html_())
    assert "b" not in html.tags
    assert "2011" in html.text
    assert html.text.endswith("201144")


def test_tags_are_grouped_by_concept(toy_reports: list[Report]) -> None:
    tags = annotate_reports(toy_reports)["tags"]
    shown = show_tags(tags)
    row = shown.table.filter(scheme="trend", concept="broadband", lang="zh").row(0, named=True)
    assert (row["paragraphs"], row["tags"], row["first"], row["last"]) == (2, 3, 2011, 2011)
    assert row["surfaces"] == [("宽带", 3)]
    assert "broadband [zh]: 2 paragraphs, 2011-2011: 宽带 3" in repr(shown)
    shuffled = tags.sample(fraction=1.0, shuffle=True, seed=1)
    assert repr(show_tags(shuffled)) == repr(shown)
    assert repr(show_tags(tags.clear())) == "no tags"


def test_hostile_text_is_shown_as_text(hostile: list[Report]) -> None:
    study = Study(annotate_reports(hostile), load_taxonomy(), name="", reports=hostile)
    tags = study.tables["tags"].with_columns(pl.lit(EVIL).alias("surface"))
    passage = Exploration(study).choose(concepts=["broadband"]).paragraphs("broadband", 2011)[0]
    shown = [hostile[0], passage, show_tags(tags)]
    for thing in shown:
        html = Elements(thing._repr_html_())
        assert "script" not in html.tags
        assert "<script>" in html.text
        for text in (html.text, str(thing), repr(thing)):
            assert "\x1b" not in text
            assert "\u202e" not in text
