from dataclasses import asdict

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from textmine.annotate.annotate import annotate_on_demand, annotate_reports
from textmine.annotate.match import Matcher
from textmine.annotate.quantities import find_quantities
from textmine.annotate.segment import Segmenter
from textmine.annotate.tag import Tagger, action_lines
from textmine.errors import UnknownOptionError
from textmine.reports.model import Report
from textmine.reports.read import read_report
from textmine.reports.tables import tabulate_reports
from textmine.resources import resource_path
from textmine.schema import TABLES, check_table

from .toys import toy_concept, toy_taxonomy

NAMES = ("paragraphs", "headings", "footnotes", "tokens", "tags", "quantities")
SPANS = {"tokens": "text", "tags": "surface", "quantities": "surface"}
each_table = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(scope="module")
def reports() -> list[Report]:
    names = ("2012.en", "2011.zh", "2011.en")  # out of order
    return [read_report(resource_path("sample", f"{name}.md")) for name in names]


@pytest.fixture(scope="module")
def tables(reports: list[Report]) -> dict[str, pl.DataFrame]:
    return annotate_reports(reports)


def test_there_is_a_table_of_each_name(tables: dict[str, pl.DataFrame]) -> None:
    assert sorted(tables) == sorted(NAMES)


@each_table
def test_tables_keep_the_contract(name: str, tables: dict[str, pl.DataFrame]) -> None:
    assert check_table(tables[name], name).columns == list(TABLES[name])


@each_table
def test_no_table_is_empty(name: str, tables: dict[str, pl.DataFrame]) -> None:
    assert tables[name].height > 0


@each_table
def test_rows_are_sorted_by_edition_language_and_paragraph(name: str, tables: dict[str, pl.DataFrame]) -> None:
    place = "paragraph" if "paragraph" in tables[name].columns else "number"
    keys = tables[name].select("edition", "lang", place).rows()
    assert keys == sorted(keys)


@pytest.fixture(scope="module")
def reversed_tables(reports: list[Report]) -> dict[str, pl.DataFrame]:
    return annotate_reports(reversed(reports))


@each_table
def test_the_order_of_reports_does_not_matter(
    name: str, reversed_tables: dict[str, pl.DataFrame], tables: dict[str, pl.DataFrame]
) -> None:
    assert_frame_equal(reversed_tables[name], tables[name])


@each_table
def test_no_reports_give_empty_tables(name: str) -> None:
    assert check_table(annotate_reports([])[name], name).height == 0


def test_the_reference_engine_gives_the_same_tokens(reports: list[Report], tables: dict[str, pl.DataFrame]) -> None:
    assert_frame_equal(annotate_reports(reports, engine="jieba")["tokens"], tables["tokens"])


@pytest.mark.parametrize("name", SPANS)
def test_spans_cut_their_text_out_of_the_paragraph(name: str, tables: dict[str, pl.DataFrame]) -> None:
    key = ["edition", "lang", "paragraph"]
    texts = tables["paragraphs"].select("edition", "lang", paragraph="number", whole="text")
    rows = tables[name].drop_nulls("start").join(texts, on=key, how="left").to_dicts()
    assert [row for row in rows if row["whole"][row["start"] : row["end"]] != row[SPANS[name]]] == []


def test_action_lines_stand_with_their_paragraphs(reports: list[Report], tables: dict[str, pl.DataFrame]) -> None:
    expected = {
        (report.edition.year, report.edition.lang, paragraph.number): lines.get(paragraph.number, [])
        for report in reports
        for lines in [action_lines(Tagger().tag_report(report))]
        for paragraph in report.paragraphs
    }
    rows = tables["paragraphs"].select("edition", "lang", "number", "action_line").rows()
    assert {row[:3]: row[3] for row in rows} == expected


def test_some_action_lines_are_found(tables: dict[str, pl.DataFrame]) -> None:
    lines = tables["paragraphs"].filter(lang="zh", edition=2011)["action_line"].explode().drop_nulls()
    assert {f"C{i}" for i in range(1, 12)} <= set(lines)


def test_other_columns_of_paragraphs_are_those_of_the_reader(
    reports: list[Report], tables: dict[str, pl.DataFrame]
) -> None:
    ordered = sorted(reports, key=lambda report: (report.edition.year, report.edition.lang))
    plain = tabulate_reports(ordered)["paragraphs"].drop("action_line")
    assert_frame_equal(tables["paragraphs"].drop("action_line"), plain)


def test_tokens_are_those_of_the_segmenter(reports: list[Report], tables: dict[str, pl.DataFrame]) -> None:
    paragraph = reports[1].paragraphs[2]
    rows = tables["tokens"].filter(edition=2011, lang="zh", paragraph=paragraph.number)
    expected = [token._asdict() for token in Segmenter().cut(paragraph.text, lang="zh")]
    assert rows.select("start", "end", "text", "norm", "is_stop", "sentence").to_dicts() == expected


def test_quantities_are_those_of_their_function(reports: list[Report], tables: dict[str, pl.DataFrame]) -> None:
    paragraph = reports[1].paragraphs[2]
    rows = tables["quantities"].filter(edition=2011, lang="zh", paragraph=paragraph.number)
    expected = [quantity._asdict() for quantity in find_quantities(paragraph.text, lang="zh")]
    assert rows.drop("edition", "lang", "paragraph", "concept").to_dicts() == expected


def test_progress_is_told_before_each_report(reports: list[Report]) -> None:
    told: list[str] = []
    annotate_reports(reports, progress=told.append)
    editions = ["2011 en", "2011 zh", "2012 en"]
    assert told == [*editions, *(f"{edition}, words" for edition in editions)]


def test_words_and_quantities_wait_until_they_are_asked_for(reports: list[Report]) -> None:
    told: list[str] = []
    tables = annotate_on_demand(reports, progress=told.append)
    assert told == ["2011 en", "2011 zh", "2012 en"]
    assert set(tables) - set(tables.made) >= {"tokens", "quantities"}
    eager = annotate_reports(reports)
    assert list(tables) == list(eager)
    for name, frame in eager.items():
        assert_frame_equal(tables[name], frame)
        assert tables[name] is tables[name]


def test_a_matcher_of_ones_own_decides_the_tags(reports: list[Report]) -> None:
    own = Matcher(toy_taxonomy(toy_concept("the", en=("the",), scheme="mine")))
    tags = annotate_reports(reports, matcher=own)["tags"]
    assert set(tags.select("scheme", "concept").rows()) == {("mine", "the")}


def test_reports_are_not_changed(reports: list[Report]) -> None:
    before = [asdict(report) for report in reports]
    annotate_reports(reports)
    assert [asdict(report) for report in reports] == before


def test_an_iterator_is_enough(reports: list[Report]) -> None:
    assert annotate_reports(iter(reports[:1]))["paragraphs"].height == len(reports[0].paragraphs)


def test_an_unknown_engine_is_refused_before_any_work(reports: list[Report]) -> None:
    told: list[str] = []
    with pytest.raises(UnknownOptionError, match="rjieba, jieba"):
        annotate_reports(reports, engine="x", progress=told.append)
    assert told == []
