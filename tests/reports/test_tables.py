import pytest

from textmine.reports.model import Report
from textmine.reports.tables import tabulate_reports
from textmine.schema import check_table

from .reading import FRONT, read_marked

BODY = """# Summary

In short.

# I. Trends[^1]

## A. Mobile

1. One.

2. Two,[^2] and more.

## B. Empty

# II. Work

3. Three.

[^1]: See http://a.org/x.

[^2]: Two: www.b.org, and http://c.org.
"""


@pytest.fixture(scope="module")
def report() -> Report:
    return read_marked(BODY)


@pytest.mark.parametrize("name", ["paragraphs", "headings", "footnotes"])
def test_tables_keep_their_contract(report: Report, name: str) -> None:
    assert check_table(tabulate_reports([report])[name], name).height > 0


@pytest.mark.parametrize("name", ["paragraphs", "headings", "footnotes"])
def test_no_reports_give_empty_tables(name: str) -> None:
    assert check_table(tabulate_reports([])[name], name).height == 0


def test_paragraphs(report: Report) -> None:
    rows = (
        tabulate_reports([report])["paragraphs"].select("number", "section", "heading_path", "text", "n_chars").rows()
    )
    assert rows == [
        (1, "1.A", ["I. Trends", "A. Mobile"], "One.", 4),
        (2, "1.A", ["I. Trends", "A. Mobile"], "Two, and more.", 14),
        (3, "2", ["II. Work"], "Three.", 6),
    ]


def test_headings_know_their_first_paragraph(report: Report) -> None:
    rows = (
        tabulate_reports([report])["headings"].select("number", "label", "title", "section", "first_paragraph").rows()
    )
    assert rows == [
        (1, "I", "Trends", "1", 1),
        (2, "A", "Mobile", "1.A", 1),
        (3, "B", "Empty", "1.B", None),
        (4, "II", "Work", "2", 3),
    ]


def test_footnotes(report: Report) -> None:
    columns = ("number", "urls", "anchor_kind", "anchor_number", "anchor_offset")
    assert tabulate_reports([report])["footnotes"].select(columns).rows() == [
        (1, ["http://a.org/x"], "heading", 1, 6),
        (2, ["www.b.org", "http://c.org"], "paragraph", 2, 4),
    ]


def test_the_order_of_reports_does_not_matter(report: Report) -> None:
    other = read_marked(BODY, front=FRONT.replace("2011", "2012"))
    forwards, backwards = tabulate_reports([report, other]), tabulate_reports([other, report])
    assert all(forwards[name].equals(backwards[name]) for name in forwards)


def test_characters_are_code_points() -> None:
    frame = tabulate_reports([read_marked("1. 𠀀😀e\u0301.\n")])["paragraphs"]
    assert frame["n_chars"].to_list() == [5]


def test_a_paragraph_without_a_heading_has_an_empty_section() -> None:
    frame = tabulate_reports([read_marked("1. One.\n")])["paragraphs"]
    assert frame.select("section", "heading_path", "action_line").rows() == [("", [], [])]
