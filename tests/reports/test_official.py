"""The official Chinese text of 2011 against a reading made by hand (hashes, offsets and labels only)."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from textmine.reports.layout import split_layout
from textmine.reports.model import Report
from textmine.reports.read import read_report
from textmine.reports.tables import tabulate_reports

from .reading import characters, digest, kinds, path_of, read_extracted, squeeze

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "A-66-64.zh.json").read_text(encoding="utf-8"))
SUMMARY_TITLE = "内容提要"
pytestmark = pytest.mark.official


@pytest.fixture(scope="module")
def report(official_path: Path) -> Report:
    return read_report(official_path)


def test_paragraph_numbers_run_from_1_to_167(report: Report) -> None:
    assert [paragraph.number for paragraph in report.paragraphs] == list(range(1, 168))


def test_text_of_each_paragraph(report: Report) -> None:
    found = {p.number: (len(squeeze(p.text)), digest(p.text)) for p in report.paragraphs}
    assert found == {p["number"]: (p["chars"], p["sha256"]) for p in GOLDEN["paragraphs"]}


def test_heading_path_of_each_paragraph(report: Report) -> None:
    found = {p.number: path_of(report, p) for p in report.paragraphs}
    assert found == {p["number"]: p["path"] for p in GOLDEN["paragraphs"]}


def test_each_marker_stands_at_its_offset(report: Report) -> None:
    found = {p.number: [[ref.number, len(squeeze(p.text[: ref.offset]))] for ref in p.refs] for p in report.paragraphs}
    assert found == {p["number"]: p["markers"] for p in GOLDEN["paragraphs"]}


def test_text_of_each_footnote(report: Report) -> None:
    found = {note.number: (len(squeeze(note.text)), digest(note.text)) for note in report.footnotes}
    assert found == {note["number"]: (note["chars"], note["sha256"]) for note in GOLDEN["footnotes"]}


def test_anchor_of_each_footnote(report: Report) -> None:
    found = {}
    for note in report.footnotes:
        anchor: dict[str, object] = {"kind": note.anchor.kind}
        if note.anchor.kind == "paragraph":
            assert note.anchor.number is not None
            paragraph = report.paragraphs[note.anchor.number - 1]
            offset = len(squeeze(paragraph.text[: note.anchor.offset]))
            anchor |= {"paragraph": note.anchor.number, "offset": offset}
        elif note.anchor.kind == "heading":
            assert note.anchor.number is not None
            code = re.search(r"\((C\d+)\)", report.headings[note.anchor.number - 1].title)
            anchor |= {"heading": code[1] if code else None}
        found[note.number] = anchor
    assert found == {note["number"]: note["anchor"] for note in GOLDEN["footnotes"]}


def test_headings_in_order_with_their_first_paragraph(report: Report) -> None:
    rows = tabulate_reports([report])["headings"].to_dicts()
    marked = {n.anchor.number: n.number for n in report.footnotes if n.anchor.kind == "heading"}
    found = []
    for heading, row in zip(report.headings, rows, strict=True):
        path, at = [], heading.number
        while at is not None:
            path.insert(0, report.headings[at - 1].label or report.headings[at - 1].title)
            at = report.headings[at - 1].parent
        found.append({"path": path, "first_paragraph": row["first_paragraph"], "marker": marked.get(heading.number)})
    assert found == GOLDEN["headings"]


def test_marker_41_stands_at_the_end_of_a_heading(report: Report) -> None:
    anchor = report.footnotes[40].anchor
    assert anchor.number is not None
    heading = report.headings[anchor.number - 1]
    assert (anchor.kind, heading.label, anchor.offset) == ("heading", "(十一)", len(heading.title))


def test_no_marker_is_left_in_a_heading(report: Report) -> None:
    assert [heading.title for heading in report.headings if heading.title[-1].isdigit()] == []


def test_footnote_2_is_unanchored_and_that_is_the_only_warning(report: Report) -> None:
    assert [(w.kind, w.first_line, w.last_line) for w in report.warnings] == [("unanchored-footnote", 91, 91)]
    assert "footnote 2 " in report.warnings[0].message


def test_summary(report: Report) -> None:
    assert digest(report.summary) == GOLDEN["summary_sha256"]


def test_cover(report: Report) -> None:
    edition = report.edition
    found = (edition.year, edition.lang, edition.symbol, edition.session, edition.items, edition.issued)
    assert found == (2011, "zh", "A/66/64-E/2011/77", 66, ("17", "13(b)"), "2011-03-14")
    assert edition.title == "在区域和国际一级执行和落实信息社会世界首脑会议成果方面取得的进展"


def test_no_page_furniture_in_any_text(report: Report) -> None:
    everything = [report.summary, *(p.text for p in report.paragraphs), *(n.text for n in report.footnotes)]
    assert [text[:9] for text in everything if re.search(r"GE\.\d\d-\d{5}|\b\d\d-\d{5} \(", text)] == []
    assert "furniture" not in kinds(report)


def test_every_character_after_the_cover_is_in_exactly_one_part(report: Report, official_text: str) -> None:
    after_cover = official_text.split(SUMMARY_TITLE, 1)[1]
    assert characters(report) == Counter(squeeze(after_cover))


def test_every_line_is_in_exactly_one_part_of_the_layout(official_text: str) -> None:
    layout = split_layout(official_text)
    lines = [line.number for line in layout.front + layout.furniture]
    lines += [line.number for page, _ in layout.pages for line in page]
    lines += [line.number for block in layout.footnotes for line in block.lines]
    assert sorted(lines) == [i for i, raw in enumerate(official_text.split("\n"), start=1) if raw.strip()]


def test_section_codes_are_unique_and_carry_no_language(report: Report) -> None:
    sections = [heading.section for heading in report.headings]
    assert len(set(sections)) == len(sections)
    assert all(re.fullmatch(r"[0-9A-Za-z.]+", section) for section in sections)


def test_source_lines_of_paragraphs_rise_and_do_not_overlap(report: Report) -> None:
    lines = [line for p in report.paragraphs for line in (p.first_line, p.last_line)]
    assert lines == sorted(lines)


def test_two_readings_are_equal(report: Report, official_path: Path) -> None:
    assert read_report(official_path) == report


@pytest.mark.parametrize(
    ("encoding", "newline"), [("utf-8-sig", "\n"), ("utf-16", "\r\n"), ("gb18030", "\n"), ("utf-8", "\r")]
)
def test_encoding_and_line_ends_change_nothing(
    report: Report, official_text: str, tmp_path: Path, encoding: str, newline: str
) -> None:
    path = tmp_path / "A-66-64.zh.txt"
    path.write_bytes(official_text.replace("\n", newline).encode(encoding))
    again = read_report(path)
    assert (again.paragraphs, again.headings, again.footnotes) == (report.paragraphs, report.headings, report.footnotes)


@pytest.mark.parametrize("last", [20, 94, 140])
def test_a_text_cut_off_after_a_paragraph_reads_the_same_up_to_there(
    report: Report, official_text: str, last: int
) -> None:
    end = report.paragraphs[last].first_line - 1
    cut = read_extracted("\n".join(official_text.split("\n")[:end]))
    # The last one may have lost a footnote block that stood behind it.
    kept = last - 8
    assert [p.text for p in cut.paragraphs[:kept]] == [p.text for p in report.paragraphs[:kept]]


def test_running_heads_between_the_pages_change_nothing(report: Report, official_text: str) -> None:
    lines = official_text.split("\n")
    opens = {block.lines[-1].number for block in split_layout(official_text).footnotes}
    firsts = {note.line for note in report.footnotes}
    with_heads = []
    for number, line in enumerate(lines, start=1):
        with_heads.append(line)
        following = next((n for n in range(number + 1, len(lines)) if lines[n - 1].strip()), None)
        if number in opens and following not in firsts:
            with_heads += ["", "GE.11-21234", "", "A/66/64", "E/2011/77", ""]
    again = read_extracted("\n".join(with_heads))
    assert [p.text for p in again.paragraphs] == [p.text for p in report.paragraphs]
