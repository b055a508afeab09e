"""An exploration without a screen: its tables against counts by hand, its code run again, its figure verified."""

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import textmine
from textmine.annotate.annotate import annotate_on_demand
from textmine.annotate.corrections import Correction, save_corrections
from textmine.annotate.taxonomy import load_taxonomy
from textmine.errors import ContractError, SourceError, UnknownOptionError
from textmine.measure.compare import compare_years
from textmine.publish.explore.exploration import Exploration
from textmine.publish.explore.narrow import narrow_tables
from textmine.publish.study import Study
from textmine.publish.verify import verify_figures


def run(code: str) -> pl.DataFrame:
    names: dict[str, Any] = {}
    exec(compile(code, "printed", "exec"), names)  # noqa: S102 - the code that we print is what is tested
    table: pl.DataFrame = names["table"]
    return table


@pytest.fixture(autouse=True)
def _open_once(monkeypatch: pytest.MonkeyPatch, study: Study, corpus: Path) -> None:
    """What the printed code opens is the same study; that its name is right, the name says."""

    def reopen(name: str | Path, **options: Path) -> Study:
        assert (str(name), options) == (str(corpus), {})
        return study

    monkeypatch.setitem(textmine.__dict__, "open_study", reopen)


def tagged(study: Study, concept: str, edition: int, lang: str) -> set[int]:
    tags = study.tables["tags"]
    return {
        row["paragraph"]
        for row in tags.iter_rows(named=True)
        if (row["concept"], row["edition"], row["lang"]) == (concept, edition, lang) and row["scheme"] == "trend"
    }


def test_trend_counts_tagged_paragraphs(look: Exploration, study: Study) -> None:
    shares = look.choose(concepts=["cloud"], langs=["zh"]).trend()
    assert shares["edition"].to_list() == [2009, 2010, 2011]
    for row in shares.iter_rows(named=True):
        mine = tagged(study, "cloud", row["edition"], "zh")
        n = study.paragraphs.filter(edition=row["edition"], lang="zh").height
        assert (row["n_tagged"], row["n_paragraphs"], row["share"]) == (len(mine), n, pytest.approx(len(mine) / n))
        assert row["low"] <= row["share"] <= row["high"]


def test_a_region_narrows_to_paragraphs_tagged_with_it_or_below(study: Study) -> None:
    tables = narrow_tables(study, region="africa", years=(2010, 2011), langs=["en"])
    expected = {
        (row["edition"], row["paragraph"])
        for row in study.tables["tags"].iter_rows(named=True)
        if row["scheme"] == "region"
        and row["concept"] in ("africa", "sub-saharan-africa")
        and row["lang"] == "en"
        and row["edition"] in (2010, 2011)
    }
    assert expected
    assert set(tables["paragraphs"].select("edition", "number").iter_rows()) == expected
    assert set(tables["tags"].select("edition", "paragraph").iter_rows()) == expected
    assert set(tables["tokens"].select("edition", "paragraph").iter_rows()) <= expected


def test_narrowing_changes_nothing_it_was_given(study: Study) -> None:
    before = {name: frame.clone() for name, frame in study.tables.items()}
    narrow_tables(study, region="africa", reuse="drop")
    for name, frame in before.items():
        assert_frame_equal(frame, study.tables[name])
    whole = narrow_tables(study)
    assert all(whole[name] is study.tables[name] for name in whole)  # nothing is copied when nothing is chosen
    whole = narrow_tables(study, langs=["zh", "en"], years=(2009, 2011))
    assert all(whole[name] is study.tables[name] for name in whole)  # nor when all is chosen


def test_a_trend_and_its_paragraphs_wait_for_no_words(study: Study) -> None:
    fresh = Study(annotate_on_demand(study.reports), study.taxonomy, name=study.name, reports=study.reports)
    look = Exploration(fresh).choose(concepts=["cloud"], region="africa")
    look.trend()
    look.paragraphs("cloud", 2011)
    look.concordance("cloud")
    assert "tokens" not in fresh.tables.made
    assert not {"tokens", "quantities"} & set(look.tables().made)
    look.compare(range(2009, 2010), range(2010, 2012))
    assert "tokens" in fresh.tables.made


def test_comparing_other_spans_counts_nothing_again(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    look = Exploration(study)
    look.compare(range(2009, 2010), range(2010, 2012))
    monkeypatch.setattr("textmine.measure.compare.count_terms", None)
    found = look.compare(range(2009, 2011), range(2011, 2012))
    monkeypatch.undo()
    assert_frame_equal(found, compare_years(study.tables, range(2009, 2011), range(2011, 2012)))


def test_reuse_off_leaves_recycled_paragraphs_out(study: Study) -> None:
    fresh = narrow_tables(study, reuse="drop")["paragraphs"]
    dropped = study.choose_drop("drop")
    assert dropped is not None
    assert dropped.height > 0
    assert fresh.height == study.paragraphs.height - dropped.height


@pytest.mark.parametrize(
    "changes",
    [
        {"concepts": ["cloud", "broadband"]},
        {"concepts": ["cloud"], "langs": ["zh"], "years": (2010, 2011), "seed": 5},
        {"scheme": "action_line", "evidence": "heading", "concepts": ["C7", "C7.e-health"]},
        {"region": "africa", "reuse": "drop", "confidence": 0.9, "n_resamples": 200},
        {"action_line": "C2", "concepts": ["broadband"]},
    ],
)
def test_printed_code_makes_the_same_trend(study: Study, changes: dict[str, Any]) -> None:
    look = Exploration(study).choose(**changes)
    table = look.trend()
    assert table.height
    assert_frame_equal(run(look.code()), table)


def test_printed_code_makes_the_same_concordance_comparison_and_topics(study: Study) -> None:
    look = Exploration(study).choose(concepts=["cloud"], reuse="drop")
    spans = range(2009, 2010), range(2011, 2012)
    for look_at in (
        lambda: look.concordance("云计算|cloud", regex=True, limit=3).table,
        lambda: look.concordance(concept="cloud", limit=None).table,
        lambda: look.concordance("a 'quoted' \"word\"\\ 云", window={"en": 2}).table,
        lambda: look.compare(*spans),
        lambda: look.compare(*spans, by="concepts"),
    ):
        found = look_at()
        assert_frame_equal(run(look.code()), found)
    topics = look.choose(langs=["en"]).topics(n_topics=4)
    assert_frame_equal(run(look.code()), topics["en"].topics)


def test_code_of_topics_is_of_the_choice_that_they_were_found_in(
    look: Exploration, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find(*_: Any, **__: Any) -> dict[str, Any]:
        look.choose(langs=["zh"])  # as the reader of a widget may, while topics are found
        return {}

    monkeypatch.setattr("textmine.publish.explore.kept.find_topics", find)
    look.choose(langs=["en"]).topics()
    assert "langs=['en']" in look.code()


def test_printed_code_applies_corrections_from_their_file(study: Study, tmp_path: Path) -> None:
    number = min(tagged(study, "cloud", 2011, "zh"))
    no = Correction(2011, "zh", number, "trend", "cloud", "reject")
    path = save_corrections([no], tmp_path / "corrections.jsonl")
    look = Exploration(study, corrections=path).choose(concepts=["cloud"])
    plain = Exploration(study).choose(concepts=["cloud"]).trend()
    count = {"edition": 2011, "lang": "zh"}
    assert look.trend().filter(**count)["n_tagged"].item() == plain.filter(**count)["n_tagged"].item() - 1
    assert_frame_equal(run(look.code()), look.trend())
    with pytest.raises(ContractError, match="no file yet"):
        Exploration(study, corrections=[no]).code()


def test_paragraphs_behind_a_point_are_the_tagged_ones_in_both_languages(look: Exploration, study: Study) -> None:
    passages = look.choose(concepts=["cloud"]).paragraphs("cloud", 2011)
    assert {item.number for item in passages} == tagged(study, "cloud", 2011, "zh") | tagged(study, "cloud", 2011, "en")
    for item in passages:
        assert list(item.texts) == ["en", "zh"]
        for lang, text in item.texts.items():
            assert text.is_evidence == (item.number in tagged(study, "cloud", 2011, lang))
            surfaces = {text.paragraph.text[start:end].lower() for start, end in text.spans}
            assert surfaces <= {"cloud computing", "云计算", "the cloud", "cloud", "云端"}
            assert text.citation in str(item)
            assert {note.number for note in text.footnotes} == {ref.number for ref in text.paragraph.refs}


def test_a_heading_is_told_from_a_span(look: Exploration) -> None:
    passages = look.choose(scheme="action_line", concepts=["C4"], evidence="heading").paragraphs("C4", 2011)
    assert passages
    assert all(text.by_heading and not text.spans for item in passages for text in item.texts.values())


def test_what_the_study_does_not_have_is_refused_and_changes_nothing(look: Exploration) -> None:
    before = copy.copy(look.choice)
    for wrong in (
        {"concepts": ["nonsense"]}, {"concepts": []}, {"concepts": "cloud"}, {"concepts": ["cloud", "cloud"]},
        {"region": "atlantis"}, {"action_line": "C99"}, {"years": (1990, 1995)}, {"langs": ["fr"]}, {"langs": []},
        {"scheme": "colour"}, {"reuse": "maybe"}, {"evidence": "hearsay"}, {"colour": "red"},
    ):  # fmt: skip
        with pytest.raises(UnknownOptionError):
            look.choose(**wrong)
        assert look.choice == before
    with pytest.raises(UnknownOptionError):
        look.paragraphs("cloud", 1999)


def test_no_paragraph_left_is_said(look: Exploration) -> None:
    with pytest.raises(ContractError, match="no paragraph is left"):
        look.choose(years=(2010, 2010), region="europe", action_line="C7.e-agriculture").trend()


def test_another_scheme_takes_its_most_frequent_concept(look: Exploration) -> None:
    assert look.choose(scheme="region").choice.concepts == look.concepts("region")[:1]


def test_saved_figure_is_verified_and_changed_one_is_not(study: Study, tmp_path: Path) -> None:
    look = Exploration(study).choose(concepts=["cloud"], years=(2010, 2011), region="africa", n_resamples=100)
    number = min(tagged(look.study, "broadband", 2011, "en"))
    look.correct([Correction(2011, "en", number, "trend", "cloud", "accept")])
    ledger = look.save(tmp_path, name="cloud")
    assert {"cloud-en.svg", "cloud-zh.png", "cloud.csv"} <= ledger.files.keys()
    values = {(claim.x, claim.lang): claim.value for claim in ledger.claims}
    table = look.trend()
    assert values == {(str(row["edition"]), row["lang"]): pytest.approx(row["share"]) for row in table.to_dicts()}
    assert [verdict.difference for verdict in verify_figures(tmp_path)] == [None]


def test_a_study_made_by_hand_is_named_in_the_code(study: Study) -> None:
    other = Study(study.tables, load_taxonomy(), name="", reports=study.reports)
    assert "# study: the Study that was handed to explore()" in Exploration(other).code()


def test_a_file_of_verdicts_that_no_longer_fit_is_refused(study: Study, tmp_path: Path) -> None:
    wrong = Correction(2011, "en", 1, "trend", "cloud", "reject", 0, 5, "₤₤₤₤₤")
    file = save_corrections([wrong], tmp_path / "c.jsonl")
    with pytest.raises(SourceError, match=r"c\.jsonl: paragraph 2011\.en\.1 hasn't '₤₤₤₤₤' at 0"):
        Exploration(study, corrections=file)
    elsewhere = replace(wrong, edition=1999)  # of other texts: kept, and saved again
    look = Exploration(study, corrections=save_corrections([elsewhere], tmp_path / "d.jsonl"))
    assert look.corrections == (elsewhere,)
