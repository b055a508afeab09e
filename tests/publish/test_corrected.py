"""A run measures what a reader corrected."""

import hashlib
import itertools
import json
from pathlib import Path

import polars as pl
import pytest

from textmine.annotate.corrections import Correction, save_corrections
from textmine.errors import SourceError, UnknownOptionError
from textmine.publish.run import choose_figures, run_analysis
from textmine.publish.verify import verify_figures
from textmine.reports.model import Report


@pytest.fixture
def without_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("textmine.publish.run.choose_figures", lambda _: {})


def counts(tables: dict[str, pl.DataFrame], scheme: str, concept: str, lang: str) -> int:
    row = tables["shares"].filter(scheme=scheme, concept=concept, lang=lang, evidence="any")
    return int(row["n_tagged"].sum())


@pytest.mark.usefixtures("without_figures")
def test_a_rejected_concept_leaves_the_shares_and_an_accepted_one_enters(
    toy_reports: list[Report], tmp_path: Path
) -> None:
    plain = run_analysis(toy_reports, tmp_path / "plain")
    year, lang, number, concept = (
        plain["tags"].filter(scheme="trend").select("edition", "lang", "paragraph", "concept").row(0)
    )
    file = save_corrections(
        [
            Correction(year, lang, number, "trend", concept, "reject"),
            Correction(year, lang, number, "trend", "climate-environment", "accept"),
            Correction(1999, lang, number, "trend", concept, "accept"),  # of another edition: plays no part
        ],
        tmp_path / "c.jsonl",
    )
    tables = run_analysis(toy_reports, tmp_path / "out", corrections=file)
    place = {"edition": year, "lang": lang, "paragraph": number, "scheme": "trend"}
    had = plain["tags"].filter(**place, concept="climate-environment").height > 0
    assert counts(tables, "trend", concept, lang) == counts(plain, "trend", concept, lang) - 1
    accepted = counts(plain, "trend", "climate-environment", lang) + (not had)
    assert counts(tables, "trend", "climate-environment", lang) == accepted
    assert 1999 not in tables["tags"]["edition"]
    written = pl.read_parquet(tmp_path / "out" / "tables" / "tags.parquet")
    assert written.filter(**place, concept=concept).height == 0
    record = [json.loads((tmp_path / out / "run.json").read_bytes()) for out in ("out", "plain")]
    assert [each["corrections_sha256"] for each in record] == [hashlib.sha256(file.read_bytes()).hexdigest(), None]


@pytest.mark.usefixtures("without_figures")
@pytest.mark.parametrize(
    ("concept", "surface", "error"),
    [("cloud", "no such words", SourceError), ("clod", "", UnknownOptionError)],
)
def test_a_verdict_that_does_not_fit_is_said(
    concept: str, surface: str, error: type[Exception], toy_reports: list[Report], tmp_path: Path
) -> None:
    report = toy_reports[0]
    place = report.edition.year, report.edition.lang, report.paragraphs[0].number
    verdict = Correction(*place, "trend", concept, "accept", 0, 3, surface)
    with pytest.raises(error, match="judge it again" if surface else "cloud"):
        run_analysis(toy_reports, tmp_path, corrections=save_corrections([verdict], tmp_path / "c.jsonl"))


def test_figures_of_corrected_tags_are_verified_with_the_corrections_only(
    toy_reports: list[Report], toy_files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "textmine.publish.run.choose_figures", lambda shares: dict(itertools.islice(choose_figures(shares).items(), 1))
    )
    report = next(item for item in toy_reports if item.edition.lang == "zh")
    place = report.edition.year, "zh", report.paragraphs[-1].number
    verdicts = [
        Correction(*place, "trend", concept, verdict)
        for concept, verdict in (("mobile-money", "accept"), ("mobile-health", "accept"), ("cloud", "reject"))
    ]
    file = save_corrections(verdicts, tmp_path / "c.jsonl")
    run_analysis(toy_reports, tmp_path / "out", corrections=file)
    figures, corpus = tmp_path / "out" / "figures", toy_files[0].parent
    assert [item.difference for item in verify_figures(figures, corpus=corpus, corrections=file)] == [None]
    assert "claim" in str(next(verify_figures(figures, corpus=corpus)).difference)
