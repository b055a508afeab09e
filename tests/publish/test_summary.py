from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from textmine.publish.summary import TOP, summarize_run
from textmine.reports.model import ReadWarning, Report
from textmine.reports.read import read_report
from textmine.schema import empty_table, make_table

from .conftest import Shares


def make_tables(shares: pl.DataFrame, n_paragraphs: int = 40) -> dict[str, pl.DataFrame]:
    return {"shares": shares, "paragraphs": pl.DataFrame({"number": range(n_paragraphs)})}


def test_a_row_for_each_report_under_its_columns(toy_reports: list[Report], make_shares: Shares) -> None:
    summary = summarize_run(toy_reports, make_tables(make_shares({"ai": 1})))
    assert [row[:2] for row in summary.rows] == [["2011", "en"], ["2011", "zh"]]
    assert {len(row) for row in summary.rows} == {len(summary.columns)}


def test_a_row_says_source_paragraphs_footnotes_and_warnings(toy_reports: list[Report], make_shares: Shares) -> None:
    summary = summarize_run(toy_reports[1:], make_tables(make_shares({"ai": 1})))
    row = dict(zip((name for name, _ in summary.columns), summary.rows[0], strict=True))
    assert "2011.zh.md" in row["source"]
    assert (row["paragraphs"], row["footnotes (linked)"], row["warnings"]) == ("4", "1 (1)", "0")


def test_most_frequent_trends_by_hand(toy_reports: list[Report], make_shares: Shares) -> None:
    shares = pl.concat(
        [
            make_shares({"ai": 3, "cloud": 4, "5g": 0, "iot": 1, "broadband": 9, "covid-19": 2, "big-data": 1}),
            make_shares({"ai": 5, "cloud": 1}, edition=2012),
            make_shares({"ai": 30}, scheme="theme"),
        ]
    )
    lines = summarize_run(toy_reports, make_tables(shares, 80)).lines
    assert "most frequent trends (of 80 paragraphs): broadband 9, ai 8, cloud 5, covid-19 2, big-data 1" in lines


def test_no_more_trends_than_a_line_holds(toy_reports: list[Report], make_shares: Shares) -> None:
    lines = summarize_run(toy_reports, make_tables(make_shares({f"k{i}": i + 1 for i in range(20)}))).lines
    assert next(line for line in lines if "trends" in line).count(",") == TOP - 1


def test_a_paragraph_counts_once_whatever_its_evidence(toy_reports: list[Report], make_shares: Shares) -> None:
    shares = pl.concat(make_shares({"ai": 4}, evidence=evidence) for evidence in ("any", "text", "heading"))
    assert any(line.endswith(": ai 4") for line in summarize_run(toy_reports, make_tables(shares)).lines)


def test_no_trend_no_line(toy_reports: list[Report]) -> None:
    lines = summarize_run(toy_reports, make_tables(empty_table("shares"))).lines
    assert not any("trends" in line for line in lines)


def test_every_warning_is_shown_with_its_file(toy_reports: list[Report], make_shares: Shares) -> None:
    warned = replace(toy_reports[0], warnings=(ReadWarning("gap", "paragraph 3 not found", 4, 7),))
    lines = summarize_run([warned], make_tables(make_shares({"ai": 1}))).lines
    assert "! 2011.en.md: lines 4-7: paragraph 3 not found [gap]" in lines


@pytest.mark.parametrize(("corpus", "said"), [("sample", True), ("official", False)])
def test_the_sample_is_called_what_it_is(
    toy_reports: list[Report], make_shares: Shares, corpus: str, said: bool
) -> None:
    reports = [replace(report, edition=replace(report.edition, corpus=corpus)) for report in toy_reports]
    lines = summarize_run(reports, make_tables(make_shares({"ai": 1}))).lines
    assert any("say nothing about the United Nations" in line for line in lines) is said


@pytest.mark.official
def test_the_official_edition_is_called_by_its_symbol(official_path: Path, make_shares: Shares) -> None:
    summary = summarize_run([read_report(official_path)], make_tables(make_shares({"ai": 1})))
    assert "A/66/64-E/2011/77" in summary.rows[0]


def test_tables_are_left_as_they_were(toy_reports: list[Report], make_shares: Shares) -> None:
    tables = make_tables(make_shares({"ai": 1}))
    before = {name: frame.clone() for name, frame in tables.items()}
    summarize_run(toy_reports, tables)
    assert all(tables[name].equals(frame) for name, frame in before.items())


def test_no_report() -> None:
    assert summarize_run([], {"shares": empty_table("shares"), "paragraphs": make_table("paragraphs", [])}).rows == []
