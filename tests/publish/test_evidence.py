import unicodedata
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textmine.annotate.annotate import annotate_reports
from textmine.annotate.match import default_matcher
from textmine.annotate.tag import Tagger
from textmine.annotate.taxonomy import load_taxonomy
from textmine.errors import UnknownOptionError
from textmine.measure.prevalence import measure_shares
from textmine.publish.controls import show_controls
from textmine.publish.evidence import CLOSE, OPEN, cite_paragraph, find_evidence, mark_spans, parse_years
from textmine.reports.corpus import corpus_files
from textmine.reports.model import Edition, Paragraph, Report, Source
from textmine.reports.read import read_report

HOSTILE = "a\x1b]0;owned\x07\r\t\x00\x7f\x9b31m\u202egnp\u2066x\u200f\u061c\ufeff\u200b\U000e0041z"


def plain(text: str, spans: list[tuple[int, int]]) -> str:
    return mark_spans(text, spans).plain


@pytest.mark.parametrize(
    ("text", "spans", "marked"),
    [
        ("云计算和5G", [(0, 3), (4, 6)], "⟦云计算⟧和⟦5G⟧"),
        ("云计算和5G", [(4, 6), (0, 3)], "⟦云计算⟧和⟦5G⟧"),
        ("云计算和5G", [(0, 3), (0, 3)], "⟦云计算⟧和5G"),
        ("移动宽带网络", [(0, 4), (2, 6)], "⟦移动宽带网络⟧"),
        ("移动宽带网络", [(0, 6), (2, 4)], "⟦移动宽带网络⟧"),
        ("移动宽带", [(0, 2), (2, 4)], "⟦移动⟧⟦宽带⟧"),
        ("𠀀宽带😀5G", [(1, 3), (4, 6)], "𠀀⟦宽带⟧😀⟦5G⟧"),
        ("ＡＩ，é", [(0, 2)], "⟦ＡＩ⟧，é"),
        ("a\x1bb", [(1, 3)], "a⟦\\x1bb⟧"),
        ("全部", [(0, 2)], "⟦全部⟧"),
        ("没有", [], "没有"),
        ("", [], ""),
        ("一行\n二行", [(0, 5)], "⟦一行\n二行⟧"),
        ("[bold]不是标记[/bold]", [(6, 10)], "[bold]⟦不是标记⟧[/bold]"),
    ],
)
def test_marks(text: str, spans: list[tuple[int, int]], marked: str) -> None:
    assert plain(text, spans) == marked


def test_marked_spans_have_colour_too() -> None:
    text = mark_spans("用宽带", [(1, 3)])
    assert [(text.plain[span.start : span.end], str(span.style)) for span in text.spans] == [("⟦宽带⟧", "bold magenta")]


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]]]:
    text = draw(st.text(st.characters(exclude_characters=OPEN + CLOSE), max_size=30))
    ends = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(lambda pair: (min(pair), max(pair)))
    return text, draw(st.lists(ends, max_size=6))


@given(marked_texts())
@settings(max_examples=100, deadline=None)
def test_marks_taken_out_leave_the_text(case: tuple[str, list[tuple[int, int]]]) -> None:
    text, spans = case
    assert plain(text, spans).replace(OPEN, "").replace(CLOSE, "") == show_controls(text)


@given(marked_texts())
@settings(max_examples=100, deadline=None)
def test_what_is_marked_is_what_the_spans_cover(case: tuple[str, list[tuple[int, int]]]) -> None:
    text, spans = case
    inside, covered = False, ""
    for character in plain(text, spans):
        if character in OPEN + CLOSE:
            inside = character == OPEN
        elif inside:
            covered += character
    places = {i for start, end in spans for i in range(start, end)}
    assert covered == "".join(show_controls(text[i]) for i in sorted(places))


@pytest.mark.parametrize(
    ("character", "shown"),
    [
        ("\x00", "\\x00"),
        ("\x07", "\\x07"),
        ("\x08", "\\x08"),
        ("\t", "\\t"),
        ("\r", "\\r"),
        ("\x1b", "\\x1b"),
        ("\x7f", "\\x7f"),
        ("\x85", "\\x85"),
        ("\x9b", "\\x9b"),
        ("\xad", "\\xad"),
        ("\u061c", "\\u061c"),
        ("\u200b", "\\u200b"),
        ("\u200d", "\\u200d"),
        ("\u200e", "\\u200e"),
        ("\u202a", "\\u202a"),
        ("\u202e", "\\u202e"),
        ("\u2066", "\\u2066"),
        ("\u2069", "\\u2069"),
        ("\ufeff", "\\ufeff"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
    ],
    ids=ascii,
)
def test_a_character_that_could_steer_the_terminal_is_shown(character: str, shown: str) -> None:
    assert show_controls(f"前{character}后") == f"前{shown}后"


@pytest.mark.parametrize("text", ["", "宽带 Ｂ，é 👍 𠀀 e\u0301\u3000\xa0", "一\n二", "\\x1b", "שלום"])
def test_other_characters_are_left_alone(text: str) -> None:
    assert show_controls(text) == text


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_nothing_that_steers_is_left(text: str) -> None:
    assert all(c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs") for c in show_controls(text))


@given(st.text())
@settings(max_examples=50, deadline=None)
def test_showing_twice_is_showing_once(text: str) -> None:
    assert show_controls(show_controls(text)) == show_controls(text)


# --- citations


def report_of(edition: Edition, text: str = "宽带。") -> Report:
    source = Source("a.txt", "0" * 64, "utf-8", 1)
    return Report(edition, "", (), (Paragraph(17, text, None, (), 1, 1),), (), source)


@pytest.mark.parametrize(
    ("edition", "citation"),
    [
        (Edition(2011, "zh", "A/66/64", "E/2011/77"), "A/66/64-E/2011/77 [zh], para. 17"),
        (Edition(2013, "en", ecosoc_symbol="E/2013/11"), "E/2013/11 [en], para. 17"),
        (Edition(2011, "en", "A/66/64", corpus="sample"), "textmine sample 2011 [en], para. 17"),
        (Edition(2011, "zh", corpus="sample"), "textmine sample 2011 [zh], para. 17"),
    ],
)
def test_citation(edition: Edition, citation: str) -> None:
    report = report_of(edition)
    assert cite_paragraph(report, report.paragraphs[0]) == citation


def test_the_sample_is_never_cited_as_a_document_of_the_united_nations() -> None:
    for path in corpus_files("sample")[:4]:
        report = read_report(path)
        assert all("sample" in cite_paragraph(report, paragraph) for paragraph in report.paragraphs)


# --- evidence is what the shares count


def test_evidence_of_a_toy_report_by_hand(toy_reports: list[Report]) -> None:
    tagger = Tagger()
    found = {
        report.edition.lang: [
            (item.paragraph.number, [item.paragraph.text[span.start : span.end] for span in item.spans])
            for item in find_evidence(report, load_taxonomy().concept("trend", "broadband"), tagger)
        ]
        for report in toy_reports
    }
    assert found == {
        "en": [(1, ["Broadband", "broadband"]), (3, ["broadband"])],
        "zh": [(1, ["宽带", "宽带"]), (3, ["宽带"])],
    }


def test_evidence_marks_its_spans(toy_reports: list[Report]) -> None:
    item = next(find_evidence(toy_reports[1], load_taxonomy().concept("trend", "broadband"), Tagger()))
    assert item.marked.plain == "⟦宽带⟧和移动支付，⟦宽带⟧。"


def test_evidence_of_a_heading_says_which(toy_reports: list[Report]) -> None:
    found = list(find_evidence(toy_reports[1], load_taxonomy().concept("action_line", "C7.e-health"), Tagger()))
    assert [(item.paragraph.number, item.spans) for item in found] == [(3, ()), (4, ())]
    assert all("heading" in item.citation and "电子卫生" in item.citation for item in found)


def test_a_concept_above_has_the_evidence_of_those_below(toy_reports: list[Report]) -> None:
    taxonomy = load_taxonomy()
    below = {
        item.paragraph.number
        for item in find_evidence(toy_reports[1], taxonomy.concept("action_line", "C7.e-health"), Tagger())
    }
    above = {
        item.paragraph.number for item in find_evidence(toy_reports[1], taxonomy.concept("action_line", "C7"), Tagger())
    }
    assert below <= above


def test_control_characters_of_a_report_are_shown() -> None:
    report = report_of(Edition(2011, "zh"), text=f"宽带{HOSTILE}")
    item = next(find_evidence(report, load_taxonomy().concept("trend", "broadband"), Tagger()))
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in item.marked.plain)


def count_both_ways(report: Report) -> list[tuple[str, str, int, int]]:
    """Return concepts whose number of evidence paragraphs isn't the number that the share counts."""
    tables, taxonomy, tagger = annotate_reports([report]), load_taxonomy(), Tagger(default_matcher())
    unlike = []
    for scheme in taxonomy.schemes:
        parents = {concept.id: concept.parent for concept in scheme.concepts if concept.parent}
        shares = measure_shares(
            tables["paragraphs"], tables["tags"], scheme=scheme.name, parents=parents, n_resamples=10,
            concepts=[concept.id for concept in scheme.concepts],
        )  # fmt: skip
        counted = dict(shares.select("concept", "n_tagged").rows())
        occurring = [concept for concept in scheme.concepts if counted[concept.id]]
        silent = [concept for concept in scheme.concepts if not counted[concept.id]][:2]
        for concept in occurring + silent:
            n = sum(1 for _ in find_evidence(report, concept, tagger))
            if n != counted[concept.id]:
                unlike.append((scheme.name, concept.id, n, counted[concept.id]))
    return unlike


def test_evidence_is_what_the_shares_of_a_toy_report_count(toy_reports: list[Report]) -> None:
    assert [count_both_ways(report) for report in toy_reports] == [[], []]


@pytest.mark.official
def test_evidence_is_what_the_shares_of_the_2011_edition_count(official_path: Path) -> None:
    report = read_report(official_path)
    tables, tagger = annotate_reports([report]), Tagger()
    scheme = load_taxonomy().scheme("action_line")
    shares = measure_shares(
        tables["paragraphs"], tables["tags"], scheme="action_line", n_resamples=10,
        parents={concept.id: concept.parent for concept in scheme.concepts if concept.parent},
    )  # fmt: skip
    counted = dict(shares.filter(pl.col("n_tagged") > 0).select("concept", "n_tagged").rows())
    assert {
        c.id: sum(1 for _ in find_evidence(report, c, tagger)) for c in scheme.concepts if c.id in counted
    } == counted


# --- years


@pytest.mark.parametrize(
    ("years", "expected"),
    [("2011", [2011]), ("2009-2011", [2009, 2010, 2011]), ("2011-2011", [2011]), (" 2011 ", [2011])],
)
def test_years(years: str, expected: list[int]) -> None:
    assert list(parse_years(years)) == expected


@pytest.mark.parametrize(
    "years",
    [
        "",
        "11",
        "20111",
        "2011-",
        "-2011",
        "2012-2011",
        "2011–2012",
        "2011,2012",
        "2011-2012-2013",
        "二〇一一",
        "2011\n2012",
    ],
)
def test_other_years_are_refused_with_an_example(years: str) -> None:
    with pytest.raises(UnknownOptionError, match="2009-2012"):
        parse_years(years)


def test_every_concept_can_be_asked_for() -> None:
    # internet-governance is a trend and a theme: a bare id can be one of them only, and the scheme before it decides.
    taxonomy = load_taxonomy()
    assert [c.id for c in taxonomy if taxonomy.find(f"{c.scheme}:{c.id}") != c] == []
    schemes = {scheme.name: i for i, scheme in enumerate(taxonomy.schemes)}
    for concept in taxonomy:
        assert schemes[taxonomy.find(concept.id).scheme] <= schemes[concept.scheme]
