import pytest

from textmine.reports.front import FrontMatter, read_front, read_session, symbols_in_name, year_of
from textmine.reports.lines import Line

TENS = ("Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety")
UNITS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
ORDINALS = {10 * (t + 2) + u + 1: f"{tens}-{unit}" for t, tens in enumerate(TENS) for u, unit in enumerate(UNITS)}
COVER_EN = """
A/67/990–E/2012/990

General Assembly
Sixty-seventh session
Item 18 of the preliminary list*
Information and communications technologies

Economic and Social Council
Item 13 (b) of the provisional agenda**


Progress made in many fields
and in others

Report of the Secretary-General

Summary

The year was long.
It ended.
"""
COVER_ZH = """
 大会  经济及社会理事会
第六十七届会议  2012年实质性会议
暂定项目表*项目 18  2012 年 7 月 2 日至 27 日，纽约
2012 年 3 月 12 日

 临时议程**项目 13(b) 经济和环境问题：


  在许多方面取得的进展
和其他进展

  秘书长的报告

 内容提要

 这一年很长。
"""


def front_of(text: str, n_headings: int = 0) -> FrontMatter:
    lines, blank = [], True
    for number, raw in enumerate(text.split("\n"), start=1):
        if raw.strip():
            lines.append(Line(number, raw.strip(), raw[0].isspace(), blank))
        blank = not raw.strip()
    return read_front(lines, n_headings)


@pytest.mark.parametrize("session", [*ORDINALS, 60, 70, 80])
def test_english_sessions(session: int) -> None:
    words = ORDINALS | {60: "Sixtieth", 70: "Seventieth", 80: "Eightieth"}
    assert read_session(f"General Assembly\n{words[session]} session\n") == session


@pytest.mark.parametrize(
    ("text", "session"),
    [
        ("第六十六届会议", 66),
        ("第七十届会议", 70),
        ("第八十届会议", 80),
        ("SIXTY-SEVENTH SESSION", 67),
        ("Substantive session of 2012. Sixty-seventh session", 67),
        ("2011 session", None),
        ("The session", None),
        ("Sixty-tenth session", None),
        ("第六十六次会议", None),
        ("", None),
    ],
)
def test_sessions(text: str, session: int | None) -> None:
    assert read_session(text) == session


@pytest.mark.parametrize(
    "text", ["Sixty–seventh session", "Sixty seventh session", "Sixty-\nseventh session", "Sixty‐seventh session"]
)
def test_a_session_with_another_dash_is_not_read_by_half(text: str) -> None:
    assert read_session(text) in (67, None)


@pytest.mark.parametrize(
    ("name", "symbols"),
    [
        ("A-66-64.zh.txt", ["A/66/64"]),
        ("A_66_64.txt", ["A/66/64"]),
        ("E-2011-77.txt", ["E/2011/77"]),
        ("A-66-64-E-2011-77.txt", ["A/66/64", "E/2011/77"]),
        ("report A-66-64 (copy).txt", ["A/66/64"]),
        ("报告A-66-64.txt", ["A/66/64"]),
        ("report.txt", []),
        ("2011.txt", []),
        ("XA-66-64.txt", []),
        ("A-66-6400.txt", []),
        ("", []),
    ],
)
def test_symbols_in_file_names(name: str, symbols: list[str]) -> None:
    assert symbols_in_name(name) == symbols


@pytest.mark.parametrize(
    ("session", "symbols", "year"),
    [
        (66, [], 2011),
        (66, ["A/67/1"], 2011),
        (None, ["A/66/64"], 2011),
        (None, ["E/2013/11"], 2013),
        (None, ["A/66/64", "E/2011/77"], 2011),
        (None, ["E/2011/77", "A/66/64"], 2011),
        (None, ["E/CN.16/2007/2"], None),
        (None, ["A/RES/60/252"], None),
        (None, [], None),
    ],
)
def test_years(session: int | None, symbols: list[str], year: int | None) -> None:
    assert year_of(session, symbols) == year


def test_a_session_of_a_commission_does_not_tell_the_year() -> None:
    front = front_of(
        "E/CN.16/2007/2\n\nCommission on Science and Technology for Development\nTenth session\n\nSummary\n\nx."
    )
    assert year_of(front.session, front.symbols) in (2007, None)


def test_english_cover() -> None:
    front = front_of(COVER_EN)
    assert (front.symbols, front.session, front.items) == (["A/67/990", "E/2012/990"], 67, ["18", "13(b)"])


def test_chinese_cover() -> None:
    front = front_of(COVER_ZH)
    assert (front.session, front.items, front.issued) == (67, ["18", "13(b)"], "2012-03-12")


@pytest.mark.parametrize(
    ("cover", "title"),
    [(COVER_EN, ["Progress made in many fields", "and in others"]), (COVER_ZH, ["在许多方面取得的进展", "和其他进展"])],
)
def test_title(cover: str, title: list[str]) -> None:
    assert [line.text for line in front_of(cover).title] == title


@pytest.mark.parametrize(
    "cover", ["", "Summary\n\nx.", "Some title\n\nSummary\n\nx.", "Report of the Secretary-General"]
)
def test_no_title(cover: str) -> None:
    assert front_of(cover).title == []


def test_title_after_an_agenda_item_of_two_lines() -> None:
    cover = "Item 13 (b) of the agenda:\nscience and technology\n\nProgress made\n\nReport of the Secretary-General\n"
    assert [line.text for line in front_of(cover).title] == ["Progress made"]


@pytest.mark.parametrize("title", ["Summary", "SUMMARY", "Executive summary", "内容提要", "摘要", "概要"])
def test_summary(title: str) -> None:
    assert [line.text for line in front_of(f"Cover\n\n{title}\n\nOne.\n\nTwo.\n").summary] == ["One.", "Two."]


def test_summary_titles_need_their_own_line() -> None:
    assert front_of("Summary of the year\n\nOne.\n").summary == []


@pytest.mark.parametrize("foot", ["* A/67/50.", "** E/2012/100.", "*1226004*", "Please recycle"])
def test_the_foot_of_the_cover_is_not_part_of_the_summary(foot: str) -> None:
    assert [line.text for line in front_of(f"Summary\n\nOne.\n\n{foot}\n").summary] == ["One."]


def test_headings_of_paragraph_1_are_not_part_of_the_summary() -> None:
    front = front_of("Summary\n\nOne.\n\nI. Part\n\nA. Letter\n", 2)
    assert ([x.text for x in front.summary], [x.text for x in front.headings]) == (["One."], ["I. Part", "A. Letter"])


@pytest.mark.parametrize(
    ("cover", "issued"),
    [
        ("12 March 2012", "2012-03-12"),
        ("1 May 2013", "2013-05-01"),
        ("2011 年 3 月 14 日", "2011-03-14"),
        ("2011年3月14日", "2011-03-14"),
        ("2011年7月4日至29日", ""),
        ("March 2012", ""),
        ("12 mars 2012", ""),
        ("", ""),
    ],
)
def test_date_of_issue(cover: str, issued: str) -> None:
    assert front_of(cover).issued == issued


@pytest.mark.parametrize("span", ["2-27 July 2012", "2–27 July 2012", "4 to 29 July 2011"])
def test_a_span_of_days_is_no_date_of_issue(span: str) -> None:
    assert front_of(f"New York, {span}\n12 March 2012").issued == "2012-03-12"


@pytest.mark.parametrize("cover", ["31 February 2012", "2011年13月45日"])
def test_an_impossible_date_is_not_read(cover: str) -> None:
    assert front_of(cover).issued == ""


def test_nothing_at_all() -> None:
    assert front_of("") == FrontMatter()
