import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from textmine.annotate.match import Matcher, default_matcher
from textmine.annotate.tag import Tagger, action_lines, line_order
from textmine.annotate.taxonomy import load_taxonomy
from textmine.reports.model import Edition, Heading, Paragraph, Report, Source
from textmine.resources import resource_path
from textmine.schema import make_table

from .toys import BOTH, MIXED_TEXT, toy_concept, toy_taxonomy

TAGGER = Tagger()
GOLDEN = Path(__file__).parents[1] / "golden" / "A-66-64.zh.json"
TRENDS_OF_2011 = [
    "mobile-access", "broadband", "mobile-money", "mobile-health", "social-networks", "cloud", "privacy-security",
    "digital-divide", "climate-environment", "internet-governance",
]  # fmt: skip
PARTS_OF_C7 = {
    "电子政务": "C7.e-government",
    "电子商务": "C7.e-business",
    "电子学习": "C7.e-learning",
    "电子保健": "C7.e-health",
    "电子就业": "C7.e-employment",
    "电子环境": "C7.e-environment",
    "电子农业": "C7.e-agriculture",
    "电子科学": "C7.e-science",
}
ACTION_LINE_NUMERALS = {
    "(一)": "C1", "(二)": "C2", "(三)": "C3", "(四)": "C4", "(五)": "C5", "(六)": "C6", "(七)": "C7", "(八)": "C8",
    "(九)": "C9", "(十)": "C10", "(十一)": "C11",
}  # fmt: skip


def lines_named(text: str) -> list[tuple[str, str]]:
    return [
        (span.concept, text[span.start : span.end]) for span in TAGGER.tag_text(text) if span.scheme == "action_line"
    ]


def heading(title: str, *, label: str = "", number: int = 1, level: int = 5, parent: int | None = None) -> Heading:
    return Heading(number, level, label, title, str(number), parent, number)


def report(headings: list[Heading], paragraphs: list[tuple[str, int | None]]) -> Report:
    return Report(
        edition=Edition(2011, "zh"),
        summary="",
        headings=tuple(headings),
        paragraphs=tuple(
            Paragraph(number, text, under, (), number, number) for number, (text, under) in enumerate(paragraphs, 1)
        ),
        footnotes=(),
        source=Source("toy", "0" * 64, "utf-8", len(paragraphs)),
    )


# Codes in text


@pytest.mark.parametrize("i", range(1, 12))
@pytest.mark.parametrize("frame", ["C{}", "(C{})", "见C{}。", "line C{}:", "“C{}”", "C{}的", "C{}.", "C{}_", "C{}、"])
def test_a_code_is_tagged(frame: str, i: int) -> None:
    assert lines_named(frame.format(i)) == [(f"C{i}", f"C{i}")]


@pytest.mark.parametrize("i", range(1, 12))
@pytest.mark.parametrize(
    "frame", ["行动方针{}", "行动方针 {}", "action line {}", "Action Lines {} and", "行动方针{}。"]
)
def test_a_numbered_action_line_is_tagged(frame: str, i: int) -> None:
    assert lines_named(frame.format(i)) == [(f"C{i}", str(i))]


@pytest.mark.parametrize(
    "text",
    [
        "", "C", "C0", "C12", "C112", "C1a", "AC1", "A/C2", "C.2/64", "C2/64", "-C4", "C4-5", "c7", "3C1", "C١",
        "行动方针", "行动方针0", "行动方针12", "行动方针110", "行动方针 7 月", "行动方针3年",
        "action line 12", "faction line 7", "reaction lines 7",
    ],
)  # fmt: skip
def test_what_is_no_code_is_not_tagged(text: str) -> None:
    assert lines_named(text) == []


def test_several_codes_are_tagged_in_order() -> None:
    assert [concept for concept, _ in lines_named("C11、C1和C7")] == ["C11", "C1", "C7"]


def test_a_code_and_words_may_stand_together() -> None:
    assert lines_named("C7.e-health") == [("C7", "C7"), ("C7.e-health", "e-health")]


def test_a_code_behind_the_word_is_tagged_once() -> None:
    assert lines_named("action line C7") == [("C7", "C7")]


@pytest.mark.parametrize("text", ["Ｃ７", "C７", "行动方针７", "行動方針7"])
def test_a_full_width_or_traditional_code_is_tagged(text: str) -> None:
    assert [concept for concept, _ in lines_named(text)] == ["C7"]


@pytest.mark.parametrize("text", ["行动方针2和3", "action lines 2 and 3", "行动方针 2、3"])
def test_every_number_of_a_list_is_tagged(text: str) -> None:
    assert [concept for concept, _ in lines_named(text)] == ["C2", "C3"]


def test_the_ends_of_a_range_of_codes_are_tagged() -> None:
    assert [concept for concept, _ in lines_named("C7-C9")] == ["C7", "C9"]


@settings(max_examples=150, deadline=None)
@given(MIXED_TEXT)
def test_text_tags_are_the_spans_of_the_matcher_and_codes(text: str) -> None:
    codes = set(TAGGER.tag_text(text)) - set(default_matcher().find(text))
    assert all(text[span.start : span.end].lstrip("C") == span.concept[1:] for span in codes)


@settings(max_examples=150, deadline=None)
@given(MIXED_TEXT)
def test_no_span_of_the_matcher_is_lost(text: str) -> None:
    assert set(default_matcher().find(text)) <= set(TAGGER.tag_text(text))


@settings(max_examples=100, deadline=None)
@given(MIXED_TEXT)
def test_text_tags_come_in_the_order_of_the_matcher(text: str) -> None:
    spans = TAGGER.tag_text(text)
    assert spans == sorted(set(spans), key=lambda span: (span.start, -span.end, span.scheme, span.concept))


def test_without_the_scheme_no_code_is_tagged() -> None:
    tagger = Tagger(Matcher(toy_taxonomy(toy_concept("cloud", zh=("云",)))))
    assert [span.concept for span in tagger.tag_text("C7 云 行动方针 2")] == ["cloud"]


def test_a_code_that_the_taxonomy_lacks_is_not_tagged() -> None:
    tagger = Tagger(Matcher(toy_taxonomy(toy_concept("C2", scheme="action_line"))))
    assert [span.concept for span in tagger.tag_text("C1 C2 C3")] == ["C2"]


# Headings


@pytest.mark.parametrize(
    ("title", "label", "expected"),
    [
        ("能力建设(C4)", "(四)", ["C4"]),
        ("能力建设", "(四)", ["C4"]),
        ("Capacity-building", "(d)", ["C4"]),
        ("Capacity-building (C4)", "(d)", ["C4"]),
        ("Something new (C4)", "", ["C4"]),
        ("e-health (C9)", "", ["C9"]),  # the code settles it, whatever words stand beside
        ("媒体与能力建设(C9)", "", ["C9"]),
        ("电子政务(C7)", "", ["C7", "C7.e-government"]),  # but for parts of that line
        ("能力建设与电子政务(C10)", "", ["C10"]),
        ("电子政务", "", ["C7.e-government"]),
        ("電子政務", "", ["C7.e-government"]),
        ("E-government", "", ["C7.e-government"]),
        ("Whatever", "C4", ["C4"]),
        ("C12", "", []),
        ("导言", "一", []),
        ("", "", []),
    ],
)
def test_a_heading_names_action_lines(title: str, label: str, expected: list[str]) -> None:
    spans = TAGGER.tag_heading(heading(title, label=label))
    assert sorted(span.concept for span in spans if span.scheme == "action_line") == expected


def test_the_schemes_whose_headings_speak_are_those_that_say_so() -> None:
    named = {span.scheme for span in TAGGER.tag_heading(heading("非洲的云计算、融资机制和能力建设(C4)"))}
    assert named == {"action_line", "region", "theme"}


def test_a_trend_in_a_heading_tags_nothing() -> None:
    assert TAGGER.tag_heading(heading("云计算")) == []


def test_a_code_stands_at_its_place_in_the_title() -> None:
    title = "能力建设(C4)"
    span = TAGGER.tag_heading(heading(title))[-1]
    assert title[span.start : span.end] == "C4"


def test_a_heading_of_several_action_lines_names_them_all() -> None:
    spans = TAGGER.tag_heading(heading("Role of governments (C1), ICT applications (C7) and cooperation (C11)"))
    assert sorted(span.concept for span in spans if span.scheme == "action_line") == ["C1", "C11", "C7"]


def test_a_heading_code_that_the_taxonomy_lacks_is_not_tagged() -> None:
    taxonomy = toy_taxonomy(toy_concept("C2", scheme="action_line"), headed=["action_line"])
    assert Tagger(Matcher(taxonomy)).tag_heading(heading("Media (C9)")) == []


# Reports

TREE = [
    heading("非洲", number=1, level=2),
    heading("信通技术应用(C7)", number=2, level=3, parent=1),
    heading("电子政务", number=3, level=4, parent=2),
    heading("非洲的媒体(C9)", number=4, level=3, parent=1),
]
TOY = report(
    TREE,
    [("没有标题的段落说云计算。", None), ("非洲和C1", 1), ("", 2), ("电子政务与雲計算，C7", 3), ("媒体", 4), ("😀", 4)],
)


def rows_of(paragraph: int, evidence: str, of: Report = TOY) -> list[dict[str, object]]:
    return [row for row in TAGGER.tag_report(of) if (row["paragraph"], row["evidence"]) == (paragraph, evidence)]


def concepts(rows: list[dict[str, object]], scheme: str = "action_line") -> list[object]:
    return [row["concept"] for row in rows if row["scheme"] == scheme]


def test_rows_keep_the_contract_of_the_table() -> None:
    assert make_table("tags", TAGGER.tag_report(TOY)).height > 0


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [(1, []), (2, []), (3, ["C7"]), (4, ["C7", "C7.e-government"]), (5, ["C9"]), (6, ["C9"])],
)
def test_all_headings_above_a_paragraph_speak(paragraph: int, expected: list[str]) -> None:
    assert concepts(rows_of(paragraph, "heading")) == expected


def test_text_evidence_is_of_the_paragraph_alone() -> None:
    assert concepts(rows_of(4, "text")) == ["C7.e-government", "C7"]
    assert concepts(rows_of(3, "text")) == []


def test_one_concept_may_have_both_kinds_of_evidence() -> None:
    assert len([row for row in TAGGER.tag_report(TOY) if (row["paragraph"], row["concept"]) == (4, "C7")]) == 2


def test_heading_evidence_has_no_offsets() -> None:
    assert {(row["start"], row["end"]) for row in rows_of(4, "heading")} == {(None, None)}


def test_heading_evidence_shows_the_heading() -> None:
    surfaces = {row["concept"]: row["surface"] for row in rows_of(4, "heading")}
    assert (surfaces["C7"], surfaces["C7.e-government"]) == ("信通技术应用(C7)", "电子政务")


def test_a_concept_of_two_headings_is_given_once_by_the_outer_one() -> None:
    rows = [row for row in rows_of(5, "heading") if row["scheme"] == "region"]
    assert [row["surface"] for row in rows] == ["非洲"]


def test_text_evidence_has_the_offsets_of_its_surface() -> None:
    texts = {paragraph.number: paragraph.text for paragraph in TOY.paragraphs}
    rows = [row for row in TAGGER.tag_report(TOY) if row["evidence"] == "text"]
    assert all(
        texts[int(str(row["paragraph"]))][int(str(row["start"])) : int(str(row["end"]))] == row["surface"]
        for row in rows
    )


def test_rows_are_sorted_as_said() -> None:
    keys = [
        (row["paragraph"], row["scheme"], row["evidence"], -1 if row["start"] is None else row["start"], row["concept"])
        for row in TAGGER.tag_report(TOY)
    ]
    assert keys == sorted(keys)  # type: ignore[type-var]


def test_every_score_is_one() -> None:
    assert {row["score"] for row in TAGGER.tag_report(TOY)} == {1.0}


def test_a_report_without_paragraphs_has_no_tags() -> None:
    assert TAGGER.tag_report(report([], [])) == []


def test_a_heading_changes_no_text_tag() -> None:
    bare = replace(TOY, headings=tuple(replace(item, title="无") for item in TREE))
    texts = [[row for row in TAGGER.tag_report(one) if row["evidence"] == "text"] for one in (TOY, bare)]
    assert texts[0] == texts[1]


# Action lines of paragraphs


def test_action_lines_come_from_headings_only() -> None:
    assert action_lines(TAGGER.tag_report(TOY)) == {
        3: ["C7"], 4: ["C7", "C7.e-government"], 5: ["C9"], 6: ["C9"],
    }  # fmt: skip


def row_of(
    paragraph: int, concept: str, *, scheme: str = "action_line", evidence: str = "heading"
) -> dict[str, object]:
    return {"paragraph": paragraph, "scheme": scheme, "concept": concept, "evidence": evidence}


ROWS = [
    row_of(1, "C10"), row_of(1, "C7.e-health"), row_of(1, "C2"), row_of(1, "C7"), row_of(1, "C7"),
    row_of(1, "C1", evidence="text"), row_of(1, "africa", scheme="region"), row_of(2, "C11"), row_of(2, "C1"),
]  # fmt: skip


@settings(deadline=None)
@given(st.permutations(ROWS))
def test_the_order_of_rows_does_not_matter(rows: list[dict[str, object]]) -> None:
    assert action_lines(rows) == {1: ["C2", "C7", "C7.e-health", "C10"], 2: ["C1", "C11"]}


def test_no_rows_give_no_action_lines() -> None:
    assert action_lines([]) == {}


def test_line_order_sorts_the_shipped_action_lines() -> None:
    ids = [concept.id for concept in load_taxonomy().scheme("action_line").concepts if concept.id[1:2].isdigit()]
    order = sorted(ids, key=line_order)
    assert [name for name in order if "." not in name] == [f"C{i}" for i in range(1, 12)]
    assert order.index("C7") + 8 == order.index("C8") - 1


@pytest.mark.parametrize("concept", ["", "C", "Cx", "other", "C7x"])
def test_line_order_puts_other_ids_last(concept: str) -> None:
    assert line_order("C11") < line_order(concept)


def test_line_order_takes_any_id() -> None:
    assert line_order("C11") < line_order("C²")


# The official report of 2011


@pytest.mark.official
def test_action_lines_of_2011_are_those_of_the_golden_reading(official_report: Report) -> None:
    expected: dict[int, list[str]] = {}
    for paragraph in json.loads(GOLDEN.read_text(encoding="utf-8"))["paragraphs"]:
        path = paragraph["path"]
        if path[:4] == ["二", "B", "6", "(a)"] and len(path) > 4:
            part = [PARTS_OF_C7[path[5]]] if len(path) > 5 else []
            expected[paragraph["number"]] = [ACTION_LINE_NUMERALS[path[4]], *part]
    assert (min(expected), max(expected)) == (62, 140)
    assert action_lines(TAGGER.tag_report(official_report)) == expected


def labels_of_2011(official_report: Report) -> tuple[set[tuple[int, str]], set[tuple[int, str]]]:
    """Return what the settled reading labels and what the tagger tags in text: pairs of paragraph and trend."""
    with resource_path("gold", "2011.zh.trend.csv").open(encoding="utf-8", newline="") as file:
        gold = {
            (int(row["paragraph"]), row["concept"])
            for row in csv.DictReader(file)
            if row["reader"] == "settled" and row["concept"] in TRENDS_OF_2011
        }
    tagged = {
        (int(str(row["paragraph"])), str(row["concept"]))
        for row in TAGGER.tag_report(official_report)
        if row["evidence"] == "text" and row["scheme"] == "trend" and row["concept"] in TRENDS_OF_2011
    }
    return gold, tagged


@pytest.mark.official
def test_trends_of_2011_reach_a_micro_f1_of_95_percent(official_report: Report) -> None:
    gold, tagged = labels_of_2011(official_report)
    by_hand = 2 * len(gold & tagged) / (len(gold) + len(tagged))
    cells = [(number, trend) for number in range(1, 168) for trend in TRENDS_OF_2011]
    truth, guess = (np.array([cell in pairs for cell in cells]).reshape(167, 10) for pairs in (gold, tagged))
    by_sklearn = f1_score(truth, guess, average="micro")
    assert by_hand == pytest.approx(by_sklearn, abs=1e-12)
    assert by_hand >= 0.95


@pytest.mark.official
@pytest.mark.parametrize("trend", TRENDS_OF_2011)
def test_no_trend_of_2011_is_found_badly(trend: str, official_report: Report) -> None:
    gold, tagged = ({pair for pair in pairs if pair[1] == trend} for pairs in labels_of_2011(official_report))
    assert 2 * len(gold & tagged) / (len(gold) + len(tagged)) >= 0.8


@pytest.mark.official
def test_surfaces_of_2011_are_their_spans(official_report: Report) -> None:
    texts = {paragraph.number: paragraph.text for paragraph in official_report.paragraphs}
    wrong = [
        (row["paragraph"], row["start"])
        for row in TAGGER.tag_report(official_report)
        if row["evidence"] == "text"
        and texts[int(str(row["paragraph"]))][int(str(row["start"])) : int(str(row["end"]))] != row["surface"]
    ]
    assert wrong == []


@pytest.mark.parametrize("lang", BOTH)
def test_both_languages_of_a_heading_say_the_same(lang: str) -> None:
    title = {
        "zh": "信通技术使用方面的建立信任与提高安全性(C5)",
        "en": "Building confidence and security in the use of ICTs (C5)",
    }
    spans = TAGGER.tag_heading(heading(title[lang]))
    assert [span.concept for span in spans if span.scheme == "action_line"] == ["C5"]
