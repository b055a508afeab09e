"""Studies to export: the two toy reports, and a report with everything that a format may stumble over."""

import pytest

from textmine.annotate.annotate import annotate_reports
from textmine.annotate.taxonomy import load_taxonomy
from textmine.publish.study import Study
from textmine.reports.model import Anchor, Edition, Footnote, FootnoteRef, Heading, Paragraph, Report, Source

#: A control character, a noncharacter, line ends, a character beyond the Basic Multilingual Plane, markup.
ODD = "\x01𠀀云计算\ufffe & <b>cloud computing</b>\r\n和𠀀宽带。 第二句\x85完。"


@pytest.fixture(scope="session")
def toy_study(toy_reports: list[Report]) -> Study:
    return Study(annotate_reports(toy_reports), load_taxonomy(), name="toy", reports=toy_reports)


@pytest.fixture(scope="session")
def odd_report() -> Report:
    headings = (
        Heading(1, 1, "一", "趋势\x02", "1", None, 1),
        Heading(2, 2, "A", "电子卫生(C7)", "1.A", 1, 2),
        Heading(3, 1, "", "空", "2", None, 9),
    )
    paragraphs = (
        Paragraph(1, "无标题。", None, (), 1, 1),
        Paragraph(2, ODD, 1, (FootnoteRef(1, 0), FootnoteRef(1, 5), FootnoteRef(9, len(ODD))), 2, 2),
        Paragraph(3, "宽带。", 2, (FootnoteRef(2, 2), FootnoteRef(3, 2)), 3, 3),
        Paragraph(4, "又回到趋势：移动支付。", 1, (), 4, 4),
        Paragraph(5, "再说趋势。", 1, (), 5, 5),
        Paragraph(6, "也无标题。", None, (), 6, 6),
    )
    footnotes = (
        Footnote(1, "一。\n二行 & <i>", (), Anchor("paragraph", 2, 0), 20),
        Footnote(1, "又是一。", (), Anchor("paragraph", 2, 5), 21),
        Footnote(2, "二。", (), Anchor("paragraph", 3, 2), 22),
        Footnote(3, "三。", (), Anchor("paragraph", 3, 2), 23),
        Footnote(4, "标题的。", (), Anchor("heading", 2, 4), 24),
        Footnote(5, "无处。", (), Anchor("none"), 25),
    )
    edition = Edition(
        2012,
        "zh",
        ga_symbol="A/67/66*",
        ecosoc_symbol="E/2012/49",
        title="报告 & 附录",
        issued="2012-13-45",
        urls=("https://un.example/A?b=1&c=2",),
        corpus="my <corpus>",
    )
    return Report(
        edition, "摘要。\n第二段。", headings, paragraphs, footnotes, Source("a&b.txt", "0" * 64, "utf-8", 30)
    )


@pytest.fixture(scope="session")
def odd_study(odd_report: Report) -> Study:
    return Study(annotate_reports([odd_report]), load_taxonomy(), name="odd", reports=[odd_report])
