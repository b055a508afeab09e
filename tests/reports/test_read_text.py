"""Small and ugly texts; the official text and the specimen have files of their own."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textmine.errors import SourceError
from textmine.reports.addresses import find_urls
from textmine.reports.model import Anchor, FootnoteRef

from .reading import growth, kinds, path_of, read_extracted, refs, squeeze, texts, time_limit

FRONT = "Summary\n\nIn short.\n\n"


def numbered(*numbers: int) -> str:
    return "".join(f"{number}. Text of {number}.\n\n" for number in numbers)


def test_a_small_report() -> None:
    report = read_extracted(f"{FRONT}I. Part\n\n1. One,1 and\ntwo.\n\n 1 A note.\n\nA. Letter\n\n2. Two.\n")
    assert (report.summary, texts(report)) == ("In short.", {1: "One, and two.", 2: "Two."})
    assert [path_of(report, p) for p in report.paragraphs] == [["I"], ["I", "A"]]
    assert [(n.number, n.text, n.anchor) for n in report.footnotes] == [(1, "A note.", Anchor("paragraph", 1, 4))]
    assert (report.paragraphs[0].refs, report.warnings) == ((FootnoteRef(1, 4),), ())


def test_a_small_chinese_report() -> None:
    text = (
        "内容提要\n\n摘要。\n 一. 部分\n\n1.  有 19 个组\n\n织。\n1 其中两\n\n 个。\n\n"
        " 1 脚注。\n\n A. 字母\n\n2.  二。\n"
    )
    report = read_extracted(text)
    assert texts(report) == {1: "有 19 个组织。其中两个。", 2: "二。"}
    assert report.edition.lang == "zh"
    assert refs(report) == {1: (1, len("有 19 个组织。"))}


@pytest.mark.parametrize(
    "lines", ["one two three", "one\ntwo\nthree", "one two\n\nthree", "  one\n  two three", "one  two\u00a0 three"]
)
def test_wrapping_changes_nothing(lines: str) -> None:
    assert texts(read_extracted(f"1. {lines}.\n\n2. End.\n"))[1] == "one two three."


# Numbers


@pytest.mark.parametrize(
    ("numbers", "gaps"),
    [((1, 2, 3, 5, 6, 7, 8, 9), 1), ((1, 2, 3, 6, 7, 8, 9, 10, 11), 1), ((1, 2, 4, 5, 6, 8, 9, 10), 2), ((3, 4, 5), 1)],
)
def test_a_lost_paragraph_number_is_warned_of(numbers: tuple[int, ...], gaps: int) -> None:
    report = read_extracted(FRONT + numbered(*numbers))
    assert [p.number for p in report.paragraphs] == list(numbers)
    assert kinds(report) == ["paragraph-gap"] * gaps


def test_a_gap_names_its_numbers_and_lines() -> None:
    (warning,) = read_extracted(FRONT + numbered(1, 2, 5, 6, 7, 8, 9)).warnings
    assert str(warning) == "lines 7-9: paragraph 3 to 4 not found between paragraph 2 and 5 [paragraph-gap]"


@pytest.mark.parametrize("numbers", [(1, 2, 4), (1, 2, 5, 6), (1, 2, 3, 4, 5, 8, 9)])
def test_paragraphs_after_a_gap_near_the_end_are_found_or_warned_of(numbers: tuple[int, ...]) -> None:
    report = read_extracted(FRONT + numbered(*numbers))
    assert [p.number for p in report.paragraphs] == list(numbers) or report.warnings


def test_a_number_that_occurs_twice_is_warned_of() -> None:
    assert read_extracted(FRONT + numbered(1, 2, 2, 3)).warnings != ()


def test_a_number_that_occurs_twice_loses_no_text() -> None:
    report = read_extracted(FRONT + numbered(1, 2, 2, 3))
    assert squeeze("".join(texts(report).values())) == "Textof1.Textof2.2.Textof2.Textof3."


def test_999_paragraphs() -> None:
    assert len(read_extracted(FRONT + numbered(*range(1, 1000))).paragraphs) == 999


def test_1001_paragraphs_or_a_warning() -> None:
    report = read_extracted(FRONT + numbered(*range(1, 1002)))
    assert len(report.paragraphs) == 1001 or report.warnings


def test_a_year_that_ends_a_sentence_at_a_line_start() -> None:
    report = read_extracted("1. It was in the year\n\n2010. Then it ended.\n\n2. Two.\n")
    assert texts(report) == {1: "It was in the year 2010. Then it ended.", 2: "Two."}


def test_a_small_number_that_ends_a_sentence_at_a_line_start() -> None:
    report = read_extracted("1. They were\n\n7. All of them left.\n\n2. Two.\n\n3. Three.\n")
    assert texts(report)[1] == "They were 7. All of them left."


# Lists inside paragraphs


def test_long_items_of_a_list_stay_in_the_paragraph() -> None:
    first = "(a) To meet again in the course of the year that follows this one, in whatever place is offered;"
    second = "(b) To write a report on what was agreed and to send it to everybody who has asked for such a report."
    report = read_extracted(f"1. They agreed on the following:\n\n{first}\n\n{second}\n\n2. Two.\n")
    assert texts(report)[1] == f"They agreed on the following: {first} {second}"


@pytest.mark.parametrize(
    ("intro", "items"),
    [
        ("They agreed on three things:", ["(a) To meet;", "(b) To write;", "(c) To read."]),
        ("They agreed on two things:", ["(i) To meet;", "(ii) To write."]),
        ("商定了以下各项内容：", ["(a) 开会；", "(b) 编写报告。"]),
        ("商定了以下各项内容：", ["(一) 开会；", "(二) 编写报告。"]),
    ],
)
def test_short_items_of_a_list_stay_in_the_paragraph(intro: str, items: list[str]) -> None:
    report = read_extracted(f"{FRONT}I. Part\n\n1. {intro}\n\n" + "\n\n".join(items) + "\n\n2. 另一段。\n")
    assert squeeze(texts(report)[1]) == squeeze(intro + "".join(items))
    assert path_of(report, report.paragraphs[1]) == ["I"]


def test_items_numbered_like_paragraphs_stay_in_the_paragraph_or_are_warned_of() -> None:
    items = "1. To meet.\n\n2. To write.\n\n3. To read.\n\n"
    report = read_extracted(f"{FRONT}1. They agreed on three things:\n\n{items}2. Another.\n\n3. More.\n\n4. End.\n")
    assert texts(report)[2] == "Another." or report.warnings


# Footnotes and markers


def test_a_lost_marker_is_warned_of() -> None:
    report = read_extracted(f"{FRONT}1. One,1 two,3 three.\n\n 1 Note.\n\n 2 Note.\n\n 3 Note.\n\n2. Two.\n")
    assert [(n.number, n.anchor.kind) for n in report.footnotes] == [(1, "paragraph"), (2, "none"), (3, "paragraph")]
    assert kinds(report) == ["unanchored-footnote"]


def test_a_lost_footnote_is_warned_of() -> None:
    notes = "\n\n".join(f" {number} Note {number}." for number in (1, 2, 4, 5, 6, 7))
    report = read_extracted(f"{FRONT}1. One,1 two,2 three.\n\n{notes}\n\n2. Two.\n")
    assert "footnote-gap" in kinds(report)


def test_a_footnote_after_a_gap_near_the_end_is_found_or_warned_of() -> None:
    report = read_extracted(f"{FRONT}1. One,1 two,3 three.\n\n 1 Note.\n\n 3 Note.\n\n2. Two.\n")
    assert [note.number for note in report.footnotes] == [1, 3] or report.warnings


def test_a_footnote_number_that_occurs_twice_is_warned_of() -> None:
    report = read_extracted(f"{FRONT}1. One,1 two.\n\n 1 Note.\n\n 1 Again.\n\n2. Two,2 end.\n\n 2 Note.\n\n3. End.\n")
    assert report.warnings != ()


def test_a_marker_on_another_page_is_a_stray_number() -> None:
    report = read_extracted(f"{FRONT}1. 一，\n1 二。\n\n 1 注。\n\n2. 三，\n1 四。\n\n3. 完。\n")
    assert kinds(report) == ["stray-number"]
    assert texts(report)[2] == "三， 1 四。".replace(" 1", "1")


def test_a_count_is_not_taken_for_the_marker_of_the_same_number() -> None:
    report = read_extracted(f"{FRONT}1. 在\n\n2 个国家里，\n1 有人。\n2 完。\n\n 1 注。\n\n 2 注。\n\n2. 完。\n")
    assert squeeze(texts(report)[1]) == "在2个国家里，有人。完。"


def test_an_english_count_survives_a_lost_marker() -> None:
    report = read_extracted(f"{FRONT}1. They were held in\n\n1 district and then no more.\n\n 1 Note.\n\n2. Two.\n")
    assert texts(report)[1] == "They were held in 1 district and then no more."


def test_a_marker_at_the_very_end_of_a_paragraph() -> None:
    assert refs(read_extracted("1. 一。\n1\n\n 1 注。\n\n2. 完。\n")) == {1: (1, 2)}


def test_two_markers_at_one_place() -> None:
    assert refs(read_extracted("1. 一。\n1\n2\n\n 1 注。\n\n 2 注。\n\n2. 完。\n")) == {1: (1, 2), 2: (1, 2)}


def test_a_footnote_that_runs_over_the_page_under_running_heads() -> None:
    report = read_extracted(
        "1. One,1 two\n\n 1 A note that\n\n GE.11-21234\n\nA/66/64\nE/2011/77\n\ngoes on.\n\nthree.\n\n2. Two.\n"
    )
    assert (texts(report)[1], report.footnotes[0].text) == ("One, two three.", "A note that goes on.")


def test_a_footnote_without_a_full_stop_does_not_swallow_text() -> None:
    report = read_extracted("1. One,1 two\n\n 1 See http://a.org/x\n\nthree and\n\nfour.\n\n2. Two.\n")
    assert report.footnotes[0].text == "See http://a.org/x"


def test_an_english_marker_after_a_full_stop() -> None:
    report = read_extracted(f"{FRONT}I. Part\n\n1. One is done.1\n\n 1 A note.\n\nA. Letter\n\n2. Two.\n")
    assert (texts(report)[1], refs(report)) == ("One is done.", {1: (1, 12)})


def test_a_heading_after_a_marker_that_has_no_footnote() -> None:
    report = read_extracted(f"{FRONT}I. Part\n\n1. One is done.1\n\nA. Letter\n\n2. Two.\n")
    assert path_of(report, report.paragraphs[1]) == ["I", "A"]


# What is in no field must be named in a warning


def test_a_heading_before_everything_is_kept() -> None:
    assert [str(heading) for heading in read_extracted("I. Part\n\n1. One.\n\n2. Two.\n").headings] == ["I. Part"]


def test_a_missing_summary_is_warned_of() -> None:
    assert kinds(read_extracted("1. One.\n\n2. Two.\n")) == ["summary"]


def test_furniture_is_counted() -> None:
    report = read_extracted(f"{FRONT}1. One.\n\nA/66/64\n\n2. Two.\n\nA/66/64\n\n3. Three.\n")
    assert [warning.message for warning in report.warnings] == ["page furniture 'A/66/64' left out (2 times)"]


def test_a_very_long_heading_is_warned_of() -> None:
    words = "word " * 60
    report = read_extracted(f"{FRONT}I. Part\n\n1. {words * 2}end.\n\nA. {words}\n\n2. Two.\n")
    assert kinds(report) == ["long-heading"]


def test_a_cover_symbol_beside_the_catalogue_is_warned_of() -> None:
    report = read_extracted(f"A/66/999\n\nSixty-sixth session\n\n{FRONT}1. One.\n", name="report.txt")
    assert report.edition.ga_symbol == "A/66/999" or "symbol" in kinds(report)


# A heading's second line and an unnumbered sub-heading look alike where both stand after a blank line.


def test_a_heading_line_that_nothing_tells_from_a_sub_heading_is_warned_of() -> None:
    full = "A line that is as long as lines of running text are in this small report of ours."
    headings = "1. Facilitation by the United\n\nNations and its partners"
    (warning,) = read_extracted(f"{FRONT}I. Part\n\n1. {full}\n\n{headings}\n\n2. {full}\n").warnings
    assert (warning.kind, warning.first_line, warning.last_line) == ("heading-line", 9, 11)
    assert "'Nations and its partners' may be the second line" in warning.message


@pytest.mark.parametrize(
    "headings",
    [
        "(a) Applications\n\nE-government\n\n2. Two.\n\nE-business\n\n3. Three.\n",  # sub-headings have siblings
        "(a) Applications\n\n2. Two.\n\nE-business\n\n3. Three.\n",  # text between
        "(a) 应用\n\n电子政务\n\n2. Two.\n",  # no letter case shows anything
    ],
)
def test_other_sub_headings_are_not_warned_of(headings: str) -> None:
    assert read_extracted(f"{FRONT}I. Part\n\n1. One.\n\n{headings}").warnings == ()


# Scripts and odd characters


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1. 資訊社會。\n\n2. 電子政務。\n", {1: "資訊社會。", 2: "電子政務。"}),
        ("１. 全角。\n\n２. 数字。\n", {1: "全角。", 2: "数字。"}),
        ("1. 𠀀𠀁\n\n𠀂。\n", {1: "𠀀𠀁𠀂。"}),
        ("1. 😀 and\n😀.\n", {1: "😀 and 😀."}),
        ("1. ...\n\n2. 。。。\n", {1: "...", 2: "。。。"}),
        ("1. x", {1: "x"}),
        ("1. ITU 的\n\nICT 报告。\n", {1: "ITU 的 ICT 报告。"}),
        ("1. \u200fمرحبا.\n", {1: "\u200fمرحبا."}),
        ("1. a\u2028b\u0085c.\n", {1: "a b c."}),
        ("1. tab\there.\n", {1: "tab here."}),
        ("1. \x1b[31mred.\n", {1: "\x1b[31mred."}),
    ],
)
def test_odd_texts(text: str, found: dict[int, str]) -> None:
    assert texts(read_extracted(text)) == found


def test_a_full_width_stop_needs_no_space() -> None:
    assert texts(read_extracted("1．一。\n\n2．二。\n")) == {1: "一。", 2: "二。"}


def test_a_number_on_a_line_of_its_own() -> None:
    assert texts(read_extracted("1.\nOne is here.\n\n2.\nTwo is here.\n")) == {1: "One is here.", 2: "Two is here."}


@pytest.mark.parametrize(
    ("lang", "text"), [("zh", "1. 一二三四五 abc.\n"), ("en", "1. A long English text with 字.\n")]
)
def test_language_is_told_from_the_script(lang: str, text: str) -> None:
    assert read_extracted(text).edition.lang == lang


@pytest.mark.parametrize("text", ["", "\n", "x", "I. Part\n", "(a) x\n", "1.\n", "1.x\n", "1) x\n", "a1. x\n"])
def test_a_text_without_numbered_paragraphs_is_refused(text: str) -> None:
    with pytest.raises(SourceError, match=r"A-66-64\.txt: no numbered paragraph found"):
        read_extracted(text)


LINES = st.sampled_from(
    [
        "",
        "",
        " ",
        "1. One.",
        "2. Two is here",
        "3.  三。",
        "4. 四",
        "12. x.",
        " 1 Note.",
        " 2 注。",
        "1 more",
        "2",
        "A/66/64",
        "GE.11-21234",
        "A. Heading",
        "I. Part",
        "II. Part",
        "  一. 标题",
        "(a) item;",
        "(i) Item",
        "some text,1 here",
        "ends here.",
        "and here,2",
        "汉字没有句号",
        "E-health",
        "Summary",
        "第六十六届会议",
        "Sixty-sixth session",
        "𠀀😀",
        "infor-",
        "mation",
    ]
)
documents = st.lists(LINES, max_size=40).map(lambda lines: "\n".join(["1. First.", *lines]))


@given(documents)
@settings(max_examples=250, deadline=None)
def test_markers_and_anchors_agree_for_any_text(text: str) -> None:
    report = read_extracted(text)
    stood = {ref.number: ("paragraph", p.number, ref.offset) for p in report.paragraphs for ref in p.refs}
    anchored = {n.number: (n.anchor.kind, n.anchor.number, n.anchor.offset) for n in report.footnotes}
    assert stood == {number: anchor for number, anchor in anchored.items() if anchor[0] == "paragraph"}


@given(documents)
@settings(max_examples=150, deadline=None)
def test_offsets_lie_in_their_text_for_any_text(text: str) -> None:
    report = read_extracted(text)
    assert all(0 <= ref.offset <= len(p.text) for p in report.paragraphs for ref in p.refs)
    for note in report.footnotes:
        if note.anchor.kind == "heading":
            assert note.anchor.number is not None
            assert note.anchor.offset is not None
            assert note.anchor.offset <= len(report.headings[note.anchor.number - 1].title)


@given(documents)
@settings(max_examples=150, deadline=None)
def test_headings_are_a_tree_for_any_text(text: str) -> None:
    report = read_extracted(text)
    for number, heading in enumerate(report.headings, start=1):
        assert heading.number == number
        assert heading.parent is None or report.headings[heading.parent - 1].level < heading.level
    assert all(p.heading is None or 1 <= p.heading <= len(report.headings) for p in report.paragraphs)


@given(documents)
@settings(max_examples=80, deadline=None)
def test_two_readings_are_equal_for_any_text(text: str) -> None:
    assert read_extracted(text) == read_extracted(text)


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        report = read_extracted(text)
    except SourceError:
        return
    assert report.paragraphs


# Hostile sizes


@pytest.mark.parametrize(
    "line", ["1. x", "x", "x.", "1 x", " 1 x.", "A. x", "(a) x.", "7", "汉字", "a,1 b", "GE.11-21234"], ids=repr
)
def test_a_line_repeated_is_read_in_linear_time(line: str) -> None:
    assert growth(lambda n: read_extracted("1. x.\n\n" + f"{line}\n" * n), 1_500) < 10


@pytest.mark.parametrize("line", ["{}. x.", " {} Note.", "a,{} b", "A/66/64 {}"], ids=repr)
def test_lines_that_count_up_are_read_in_linear_time(line: str) -> None:
    assert (
        growth(lambda n: read_extracted("1. x.\n\n" + "".join(line.format(i % 999) + "\n" for i in range(n))), 2_000)
        < 10
    )


def test_furniture_of_many_kinds_is_read_in_linear_time() -> None:
    assert growth(lambda n: read_extracted("1. x.\n" + "".join(f"A/66/{i}\n" for i in range(n))), 3_000) < 10


def test_white_space_after_a_symbol_is_read_in_linear_time() -> None:
    assert growth(lambda n: read_extracted("1. x.\nA/66/64" + " " * n + "x\n"), 200) < 10


@pytest.mark.parametrize("character", ["a", "汉", "(", " ", "1", ".", "-", "/", "。", "”", "A/"])
def test_one_long_line_is_read_in_linear_time(character: str) -> None:
    assert growth(lambda n: read_extracted("1. x." + character * n + "\ny.\n"), 4_000) < 10


def test_numbered_lines_4_times_as_many_take_about_4_times_as_long() -> None:
    # 5 MB take half a minute, 1 MB against 4 MB likewise: run by hand, seen linear.
    seconds = []
    for n_bytes in (125_000, 500_000):
        start = time.process_time()
        with time_limit(30):
            report = read_extracted("1. x\n" * (n_bytes // 5))
        seconds.append(time.process_time() - start)
        assert report.paragraphs[0].number == 1
    assert seconds[1] / seconds[0] < 8


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("", ()),
        ("no address", ()),
        ("http://", ()),
        ("见http://a.org/x；www.b.org。", ("http://a.org/x", "www.b.org")),
        ("(see http://a.org/x).", ("http://a.org/x",)),
        ("https://a.org/?q=1&r=2#f, and", ("https://a.org/?q=1&r=2#f",)),
        ("http://a.org/x，中文", ("http://a.org/x",)),
        ("www.x.org:80/a", ("www.x.org:80/a",)),
        ("ftp://a.org", ()),
    ],
)
def test_addresses(text: str, urls: tuple[str, ...]) -> None:
    assert find_urls(text) == urls


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("<http://a.org/x>", ("http://a.org/x",)),
        ('"http://a.org/x"', ("http://a.org/x",)),
        ("http://a.org/x_(y)", ("http://a.org/x_(y)",)),
        ("HTTP://A.ORG/x", ("HTTP://A.ORG/x",)),
    ],
)
def test_addresses_in_quotes_and_brackets(text: str, urls: tuple[str, ...]) -> None:
    assert find_urls(text) == urls
