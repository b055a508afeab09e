import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from textmine import show_paragraph
from textmine.errors import UnknownOptionError
from textmine.reports.model import Report

HOSTILE = "网络安全<script>alert('x')</script> & 云计算\x1b[31m\u202e WSIS"


class Reader(HTMLParser):
    """Collects the text, the marked pieces, and every tag's name."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.names, self.marked, self._open = "", set(), [], []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.names.add(tag)
        self._open.append(tag)
        if tag == "mark":
            self.marked.append("")

    def handle_endtag(self, tag: str) -> None:
        self._open.remove(tag)

    def handle_data(self, data: str) -> None:
        if "sup" not in self._open:
            self.text += data
        if "mark" in self._open:
            self.marked[-1] += data


def with_text(report: Report, text: str) -> Report:
    first, *others = report.paragraphs
    return replace(report, paragraphs=(replace(first, text=text, refs=()), *others))


def test_numbers_in_the_text_are_those_of_the_legend(toy_reports: list[Report]) -> None:
    shown = show_paragraph(toy_reports[1], 1)
    assert str(shown).splitlines() == [
        "textmine sample 2011 [zh], para. 1",
        "一. 趋势",
        "⟦宽带⟧[1]和⟦移动支付⟧[2]，⟦宽带⟧[1]。",
        "  1 trend: 宽带 (broadband)",
        "  2 trend: 移动货币 (mobile-money)",
    ]


def test_what_a_heading_says_is_in_the_legend_only(toy_reports: list[Report]) -> None:
    shown = show_paragraph(toy_reports[1], 4)
    assert not shown.spans
    assert "无关的一句。" in str(shown).splitlines()
    concepts = {item.concept for item in shown.legend}
    assert {"C7.e-health"} <= concepts
    assert shown.by_heading == tuple(item.number for item in shown.legend)
    assert str(shown).count(", by heading") == len(shown.legend)


def test_spans_of_two_schemes_stand_in_one_bracket_with_both_numbers(toy_reports: list[Report]) -> None:
    shown = show_paragraph(with_text(toy_reports[1], "关于网络安全。"), 1)
    assert "关于⟦网络安全⟧[1,2]。" in str(shown)
    assert {item.scheme for item in shown.legend} == {"action_line", "trend"}


@pytest.mark.parametrize("show", ["html", "text"])
def test_document_text_is_escaped_and_all_there(toy_reports: list[Report], show: str) -> None:
    shown = show_paragraph(with_text(toy_reports[1], HOSTILE), 1)
    page = shown._repr_html_() if show == "html" else str(shown)
    assert "\x1b" not in page
    assert "\u202e" not in page
    if show == "html":
        reader = Reader()
        reader.feed(page)
        assert "script" not in reader.names
        assert "网络安全<script>alert('x')</script> & 云计算\\x1b[31m\\u202e WSIS" in reader.text


def test_marks_hold_the_surfaces_and_each_concept_is_named_beside_its_colour(toy_reports: list[Report]) -> None:
    text = "信息社会世界首脑会议讨论网络安全和宽带。"
    shown = show_paragraph(with_text(toy_reports[1], text), 1)
    page = shown._repr_html_()
    reader = Reader()
    reader.feed(page)
    covered = "".join(text[i] for i in range(len(text)) if any(s.start <= i < s.end for s in shown.spans))
    assert "".join(reader.marked) == covered
    assert all(f"<code>{item.concept}</code>" in page and item.label in page for item in shown.legend)
    assert set(map(int, re.findall(r"\d+", ",".join(re.findall(r"<sup>([\d,]+)</sup>", page))))) == {
        item.number for item in shown.legend
    }


def test_a_paragraph_that_is_not_there_is_named_with_those_that_are(toy_reports: list[Report]) -> None:
    with pytest.raises(UnknownOptionError, match="99; valid: 1 to 4"):
        show_paragraph(toy_reports[0], 99)
