"""The ledger as a file, and what a changed digit, span or paragraph does to `textmine verify`."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from command_line import Textmine
from hypothesis import given, settings
from hypothesis import strategies as st

from textmine.errors import LedgerError, UnknownOptionError
from textmine.publish.ledger import (
    CLAIM_COLUMNS,
    Claim,
    Ledger,
    LedgerSource,
    Place,
    make_claims,
    parse_place,
    read_ledger,
    tabulate_claims,
    write_ledger,
)
from textmine.publish.produce import publish_figure
from textmine.publish.recipe import RECIPES, find_recipe
from textmine.publish.study import open_study
from textmine.publish.verify import verify_figures

FEW = {"n_resamples": 50}

REPORT = """---
year: {year}
lang: {lang}
title: {title}
---

# {heading}

1. {first}

2. {second}
"""
TEXTS = {
    "en": ("A report", "Trends", "Mobile money and cloud computing grew; cloud computing most.", "Nothing to tell."),
    "zh": ("报告", "趋势", "移动支付与云计算都在增长，云计算最快。", "没有可说的。"),
}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two editions in two languages; cloud computing is in paragraph 1 of each."""
    folder = tmp_path_factory.mktemp("语料 1")
    for year in (2011, 2012):
        for lang, (title, heading, first, second) in TEXTS.items():
            text = REPORT.format(year=year, lang=lang, title=title, heading=heading, first=first, second=second)
            (folder / f"{year}.{lang}.md").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def made(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("figures")
    publish_figure(open_study(corpus), "share-trends", folder, name="trends", parameters=FEW, langs=["en"])
    return folder


@pytest.fixture
def figures(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "figures"))


def difference(folder: Path, corpus: Path | None = None) -> str | None:
    (verdict,) = verify_figures(folder, corpus=corpus)
    return verdict.difference


def change(path: Path, old: str, new: str, count: int = 1) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_bytes(text.replace(old, new, count).encode())


# --- the ledger as a thing


positions = st.integers(0, 10**6)
spans = st.one_of(st.tuples(st.none(), st.none()), st.tuples(positions, positions))
places = st.builds(
    lambda year, lang, number, span: Place(year, lang, number, *span),
    st.integers(1945, 2100), st.sampled_from(["zh", "en"]), st.integers(1, 10**5), spans,
)  # fmt: skip
floats = st.none() | st.floats(allow_nan=False, allow_infinity=False)
claims = st.builds(
    Claim, st.text(max_size=8), st.text(max_size=5), st.sampled_from(["zh", "en", "zh+en", ""]),
    floats, floats, floats, st.text(max_size=5), st.none() | st.integers(0, 999),
    st.lists(places, max_size=4).map(tuple),
)  # fmt: skip


@settings(deadline=None)
@given(places)
def test_a_place_is_read_back_from_what_is_written(place: Place) -> None:
    assert parse_place(str(place)) == place


@pytest.mark.parametrize("text", ["", "2011.zh", "2011.zh.3:4", "11.zh.3", "2011.zh.3:4-5 ", "2011.zh.x"])
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(LedgerError, match=r"2011\.zh\.34"):
        parse_place(text)


@settings(deadline=None)
@given(st.lists(claims, max_size=3).map(tuple), st.dictionaries(st.integers(1, 99), st.from_regex(r"\A[0-9a-f]{10}\Z")))
def test_a_ledger_is_read_back_as_written(claims: tuple[Claim, ...], digests: dict[int, str]) -> None:
    import tempfile

    source = LedgerSource(2011, "zh", "A/66/64", "official", "00", digests)
    ledger = Ledger("f", "r", {"a": [1, None, "二"]}, "sample", "0.1", "ff", "How.", (source,), {"f.csv": "1"}, claims)
    with tempfile.TemporaryDirectory() as folder:
        assert read_ledger(write_ledger(ledger, Path(folder) / "f.json")) == ledger


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "textmine-ledger/1"}', '{"format": "other"}'])
def test_what_is_no_ledger_is_refused_by_name(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(LedgerError, match=r"x\.json"):
        read_ledger(tmp_path / "x.json")


def test_evidence_of_a_mark_that_is_not_there_is_refused() -> None:
    data = pl.DataFrame([["a", "2011", "zh", 1.0, None, None, "share", 3]], schema=CLAIM_COLUMNS, orient="row")
    row = {
        "series": "b",
        "x": "2011",
        "lang": "zh",
        "edition": 2011,
        "text_lang": "zh",
        "paragraph": 1,
        "start": 0,
        "end": 1,
    }
    with pytest.raises(LedgerError, match="b 2011 zh"):
        make_claims(data, pl.DataFrame([row]))


def test_a_mark_that_stands_twice_is_refused() -> None:
    row = ["a", "2011", "zh", 1.0, None, None, "share", 3]
    data = pl.DataFrame([row, row], schema=CLAIM_COLUMNS, orient="row")
    none = pl.DataFrame(schema=["series", "x", "lang", "edition", "text_lang", "paragraph", "start", "end"])
    with pytest.raises(LedgerError, match="same series"):
        make_claims(data, none)


# --- what a figure claims


def test_every_mark_rests_on_spans_that_cut_the_concept(made: Path, corpus: Path) -> None:
    study, ledger = open_study(corpus), read_ledger(made / "trends.json")
    text = {(row["edition"], row["lang"], row["number"]): row["text"] for row in study.paragraphs.to_dicts()}
    cut = {
        claim.name: [
            text[place.edition, place.lang, place.paragraph][place.start : place.end] for place in claim.evidence
        ]
        for claim in ledger.claims
        if claim.series == "cloud"
    }
    twice = {"en": ["cloud computing"] * 2, "zh": ["云计算"] * 2}
    assert cut == {f"cloud {year} {lang}": twice[lang] for year in (2011, 2012) for lang in ("en", "zh")}
    assert {claim.value for claim in ledger.claims if claim.series == "cloud"} == {0.5}


def test_data_file_and_ledger_say_the_same(made: Path) -> None:
    ledger, data = read_ledger(made / "trends.json"), pl.read_csv(made / "trends.csv")
    assert data["value"].to_list() == [claim.value for claim in ledger.claims]
    assert tabulate_claims(ledger).select("series", "lang").rows() == data.select("series", "lang").rows()


def test_every_claim_names_the_checksum_of_its_sources(made: Path, corpus: Path) -> None:
    known = set(open_study(corpus).paragraphs["source_sha256"])
    named = {sha for shas in tabulate_claims(read_ledger(made / "trends.json"))["sources"] for sha in shas}
    assert named == known


def test_unknown_parameter_and_figure_are_refused_and_the_valid_ones_listed() -> None:
    with pytest.raises(UnknownOptionError, match="n_resamples"):
        find_recipe("share-trends").complete({"resamples": 1})
    with pytest.raises(UnknownOptionError, match="share-trends"):
        find_recipe("pie")


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_every_recipe_goes_by_its_name(name: str) -> None:
    assert find_recipe(name).name == name


# --- verify


def test_a_figure_just_made_is_verified(figures: Path) -> None:
    assert difference(figures) is None


def test_a_digit_changed_in_the_data_is_named_with_line_and_column(figures: Path) -> None:
    change(figures / "trends.csv", "0.5", "0.6")
    said = difference(figures)
    assert said is not None
    assert "trends.csv, line 2, value of" in said
    assert "'0.6'" in said


def test_a_span_changed_in_the_ledger_is_named(figures: Path) -> None:
    ledger = read_ledger(figures / "trends.json")
    claims = list(ledger.claims)
    place = claims[0].evidence[0]
    moved = place._replace(end=place.end + 1)
    claims[0] = replace(claims[0], evidence=(moved, *claims[0].evidence[1:]))
    write_ledger(replace(ledger, claims=tuple(claims)), figures / "trends.json")
    assert difference(figures) == f"claim {claims[0].name}: {moved} is no evidence; {place} is missing"


def test_a_value_changed_in_ledger_and_data_alike_is_found_by_computing_again(figures: Path) -> None:
    ledger = read_ledger(figures / "trends.json")
    claims = [replace(ledger.claims[0], value=0.75), *ledger.claims[1:]]
    write_ledger(replace(ledger, claims=tuple(claims)), figures / "trends.json")
    assert difference(figures) == f"claim {claims[0].name}: value is 0.75, computed again 0.5"


def test_a_paragraph_changed_in_the_corpus_is_named(figures: Path, corpus: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(corpus, tmp_path / corpus.name))
    change(other / "2012.zh.md", "没有可说的", "没有可说了")
    assert difference(figures, other) == "paragraph 2012.zh.2 isn't what it was when the figure was made"


def test_a_file_added_to_the_corpus_or_missing_from_it_is_named(figures: Path, corpus: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(corpus, tmp_path / corpus.name))
    (other / "2012.zh.md").unlink()
    assert "no text 2012.zh" in str(difference(figures, other))
    shutil.copy(corpus / "2012.zh.md", other)
    text = (other / "2012.en.md").read_text(encoding="utf-8").replace("year: 2012", "year: 2013")
    (other / "2013.en.md").write_text(text, encoding="utf-8")
    assert "2013.en" in str(difference(figures, other))


def test_a_picture_exchanged_or_missing_is_named(figures: Path) -> None:
    (figures / "trends-en.svg").write_text("<svg/>")
    assert "trends-en.svg: not the file" in str(difference(figures))
    (figures / "trends-en.svg").unlink()
    assert difference(figures) == "trends-en.svg: missing"


def test_another_parameter_in_the_ledger_is_found(figures: Path) -> None:
    ledger = read_ledger(figures / "trends.json")
    write_ledger(replace(ledger, parameters={**ledger.parameters, "confidence": 0.5}), figures / "trends.json")
    assert "computed again" in str(difference(figures))


# --- the command line


def test_verify_fails_and_names_the_figure(textmine: Textmine, figures: Path) -> None:
    good = textmine("verify", figures)
    assert (good.code, good.err) == (0, "")
    assert "1 of 1 figures verified" in good.out
    change(figures / "trends.csv", "0.5", "0.6")
    bad = textmine("verify", figures)
    assert bad.code == 1
    assert "trends: DIFFERS: trends.csv, line 2" in bad.out


def test_verify_of_a_folder_without_figures_says_how_to_make_them(textmine: Textmine, tmp_path: Path) -> None:
    result = textmine("verify", tmp_path)
    assert result.code == 1
    assert "textmine figures" in result.err


def test_evidence_of_a_mark_shows_both_languages_with_marks_and_citation(textmine: Textmine, figures: Path) -> None:
    result = textmine("evidence", figures / "trends.json", "--series", "cloud", "--year", "2011", "--bibtex")
    assert (result.code, result.err) == (0, "")
    assert "⟦cloud computing⟧ grew; ⟦cloud computing⟧ most" in result.out
    assert "移动支付与⟦云计算⟧都在增长" in result.out
    assert "[zh], para. 1" in result.out
    assert "2012 [" not in result.out
    assert result.out.count("@techreport") == 2


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--series", "clowd"], "cloud"),
        (["--series", "cloud", "--year", "1999"], "2011, 2012"),
    ],
)
def test_evidence_refuses_what_is_not_there_and_lists_what_is(
    textmine: Textmine, figures: Path, options: list[str], named: str
) -> None:
    result = textmine("evidence", figures / "trends.json", *options)
    assert result.code == 1
    assert named in result.err
    assert "Traceback" not in result.err


@pytest.mark.parametrize("options", [[], ["--series", "cloud", "--concept", "cloud"]])
def test_evidence_asks_for_a_concept_or_a_series(textmine: Textmine, options: list[str]) -> None:
    result = textmine("evidence", *options)
    assert result.code == 2
    assert "--series" in result.err


def test_figures_lists_names_and_parameters_and_refuses_unknown_ones(textmine: Textmine) -> None:
    listed = textmine("figures", "--list")
    assert listed.code == 0
    assert "trends (share-trends)" in listed.out
    assert textmine("figures", "pie").code == 1
    assert "n_resamples" in textmine("figures", "trends", "--set", "resamples=3").err


def test_figures_makes_one_of_features_that_verifies(textmine: Textmine, tmp_path: Path) -> None:
    out = tmp_path / "figures"
    result = textmine("figures", "trends-2011", "--out", out, "--set", "n_resamples=50", "--width", "one")
    assert (result.code, result.err) == (0, "")
    assert json.loads((out / "trends-2011.json").read_text(encoding="utf-8"))["parameters"]["n_resamples"] == 50
    assert textmine("verify", out).code == 0
    refused = textmine("evidence", out / "trends-2011.json", "--series", "cloud")
    assert "--corpus" in refused.err
