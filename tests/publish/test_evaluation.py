from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from command_line import Textmine

from textmine.annotate.annotate import annotate_reports
from textmine.annotate.corrections import Correction, save_corrections
from textmine.annotate.match import default_matcher
from textmine.errors import ContractError
from textmine.measure.line_answers import Answers, Case
from textmine.measure.score import MICRO, score_micro, score_tags
from textmine.publish.evaluation import report as report_module
from textmine.publish.evaluation.exact import evaluate_agreement, evaluate_cuts, evaluate_exactness, evaluate_quantities
from textmine.publish.evaluation.ground import DEVELOPMENT, HELD_OUT, Finding, Ground, Judged, Part, open_ground
from textmine.publish.evaluation.lines import DICTIONARY, MAJORITY, OURS, PLAIN, _judge, bounded_share
from textmine.publish.evaluation.report import describe_evaluation, list_bars, write_evaluation
from textmine.publish.evaluation.tags import evaluate_judged, evaluate_tags
from textmine.publish.evaluation.verdicts import evaluate_verdicts
from textmine.reports.corpus import load_corpus
from textmine.reports.labels import NONE, load_labels
from textmine.resources import resource_path
from textmine.schema import LANGUAGES

YEARS = (2018, 2019)


@pytest.fixture(scope="module")
def ground() -> Ground:
    names = [f"{year}.{lang}.md" for year in YEARS for lang in LANGUAGES]
    reports = [report for name in names for report in load_corpus(resource_path("sample", name))]
    return Ground(reports, annotate_reports(reports), None, None, default_matcher())


@pytest.fixture(scope="module")
def parts(ground: Ground) -> list[Part]:
    measures = (
        evaluate_tags, evaluate_judged, evaluate_exactness, evaluate_agreement, evaluate_quantities, evaluate_cuts,
    )  # fmt: skip
    return [measure(ground) for measure in measures]


def test_periods_part_the_reports_at_the_last_development_year(ground: Ground) -> None:
    found = {name: ({item.edition.year for item in reports}, rows) for name, reports, rows in ground.periods()}
    assert {name: years for name, (years, _) in found.items()} == {DEVELOPMENT: {2018}, HELD_OUT: {2019}}
    paragraphs = ground.tables["paragraphs"]
    assert [set(paragraphs.filter(rows)["edition"]) for _, rows in found.values()] == [{2018}, {2019}]


def test_the_pooled_score_is_that_of_the_table_and_lies_in_its_interval(ground: Ground) -> None:
    labels = load_labels("sample.trend").filter(pl.col("edition").is_in(YEARS) & (pl.col("lang") == "zh"))
    mine = score_micro(ground.text_tags, labels)
    row = score_tags(ground.text_tags, labels).row(-1, named=True)
    assert row["concept"] == MICRO
    assert (mine.precision, mine.recall, mine.f1) == pytest.approx((row["precision"], row["recall"], row["f1"]))
    assert mine.low < mine.f1 < mine.high
    assert score_micro(ground.text_tags.reverse(), labels) == mine


def test_each_part_names_texts_of_both_periods_and_only_stated_bars_are_judged(parts: list[Part]) -> None:
    for part in parts:
        assert part.findings
        assert all((finding.met is None) == (not finding.needed) for finding in part.findings)
    kappas = [item for item in parts[3].findings if item.what == "trend, macro kappa"]
    assert [item.texts for item in kappas] == [f"sample {DEVELOPMENT}", f"sample {HELD_OUT}"]
    assert all(item.met for item in parts[2].findings)


def test_a_shifted_offset_misses_the_bar(ground: Ground) -> None:
    tags = ground.tables["tags"].with_columns(start=pl.col("start") + 1)
    part = evaluate_exactness(replace(ground, tables={**ground.tables, "tags": tags}))
    assert {item.what: item.met for item in part.findings} == {"terms kept whole": True, "offsets exact": False}


def test_swapped_concepts_lower_the_agreement(ground: Ground, parts: list[Part]) -> None:
    """Names swapped in one language only: the languages no longer agree."""
    swap = {"broadband": "digital-skills", "digital-skills": "broadband"}
    concept = pl.when(pl.col("lang") == "zh").then(pl.col("concept").replace(swap)).otherwise("concept")
    tags = ground.tables["tags"].with_columns(concept=concept)
    swapped = evaluate_agreement(replace(ground, tables={**ground.tables, "tags": tags}))
    before, after = (
        [float(item.figure.split()[0]) for item in part.findings if item.what.startswith("trend")]
        for part in (parts[3], swapped)
    )
    assert all(b > a for b, a in zip(before, after, strict=True))


def answers(right: int, n: int = 40) -> Answers:
    said = ["C1"] * right + ["C2"] * (n - right)
    return Answers(said, said)


@pytest.mark.parametrize(("mine", "plain", "met"), [(36, 20, [True, True, True]), (30, 30, [False, True, False])])
def test_accuracy_and_both_differences_are_bars_of_their_own(mine: int, plain: int, met: list[bool]) -> None:
    rng = np.random.default_rng(0)
    letters = np.array(list("abcdefghij"))
    cases = [Case("".join(rng.choice(letters, 30)), frozenset({"C1"}), False) for _ in range(40)]
    given = {MAJORITY: answers(1), DICTIONARY: answers(4), PLAIN: answers(plain), OURS: answers(mine)}
    assert [finding.met for finding in _judge("t", cases, given, hidden=False)] == met


def test_wilson_by_hand() -> None:
    assert bounded_share(np.array([1.0] * 8 + [0.0] * 2)) == "0.800 [0.490, 0.943]"


PARTS = [
    Part("First", [Finding("a", "x", "0.9", "at least 0.8", True), Finding("b", "y", "0.5")], ["Below."]),
    Part("Second", [Finding("c", "z", "0.7", "at least 0.8", False)], []),
]


def test_a_missed_bar_is_said_at_the_top_and_in_its_table() -> None:
    text = describe_evaluation(PARTS, with_official=False)
    assert "**1 of 2 bars met.** The official 2011 text wasn't at hand" in text
    assert "- c, z: 0.7 (needed: at least 0.8)" in text.split("## First")[0]
    assert "| c | z | 0.7 | at least 0.8 | **no** |" in text.split("## Second")[1]
    assert "| b | y | 0.5 | - | - |" in text
    assert [item.what for item in list_bars(PARTS)] == ["a", "c"]
    assert "wasn't at hand" not in describe_evaluation(PARTS, with_official=True)


def test_the_same_parts_make_the_same_bytes(tmp_path: Path) -> None:
    one, two = (write_evaluation(PARTS, tmp_path / name, with_official=True).read_bytes() for name in ("a.md", "b.md"))
    assert one == two
    assert b"\r" not in one


def test_another_edition_is_no_official_text_of_2011() -> None:
    with pytest.raises(ContractError, match="edition 2012"):
        open_ground(resource_path("sample", "2012.zh.md"), say=lambda _: None)


def test_the_command_ends_well_though_a_bar_is_missed(
    textmine: Textmine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_module, "evaluate_annotation", lambda *_, **__: PARTS)
    out = tmp_path / "new" / "annotation.md"
    outcome = textmine("evaluate", "--out", out)
    assert outcome.code == 0
    assert "missed  c, z: 0.7 (at least 0.8)" in outcome.out
    assert "1 of 2 bars met" in outcome.out
    assert out.read_text(encoding="utf-8") == describe_evaluation(PARTS, with_official=False)


def judge(ground: Ground, corpus: str = "sample") -> Judged:
    """Say of every trend tag in Chinese that isn't labelled that it is wrong, and add all that is labelled."""
    mine = (pl.col("lang") == "zh") & pl.col("edition").is_in(YEARS)
    labels = load_labels("sample.trend").filter(mine)
    key = ["edition", "lang", "paragraph", "scheme", "concept"]
    read = labels.select(key[:3]).unique()
    tags = ground.text_tags.filter(mine, scheme="trend").join(read, on=key[:3], how="semi")
    wrong = tags.join(labels, on=key, how="anti").select(*key, "start", "end").rows()
    said = labels.filter(pl.col("concept") != NONE).select(key).unique().rows()
    verdicts = [Correction(*row[:5], "reject", *row[5:]) for row in wrong]
    verdicts += [Correction(*row, "accept") for row in said]
    return Judged(corpus, verdicts, ground.tables["tags"])


def test_tags_of_the_sample_are_scored_as_they_were_corrected(ground: Ground) -> None:
    judged = judge(ground)
    labels = load_labels("sample.trend").filter(pl.col("edition").is_in(YEARS) & (pl.col("lang") == "zh"))
    before, after = (score_micro(item.text_tags, labels) for item in (ground, replace(ground, judged=judged)))
    assert before.f1 < 1
    assert (after.precision, after.recall) == (1, 1)
    of_others = replace(ground, judged=judged._replace(corpus="official"))
    assert score_micro(of_others.text_tags, labels) == before
    by_hand = replace(ground, tables={**ground.tables, "tags": replace(ground, judged=judged).text_tags})
    assert evaluate_agreement(replace(ground, judged=judged)) == evaluate_agreement(by_hand)


def test_the_part_on_verdicts_counts_them_and_says_what_was_scored(ground: Ground) -> None:
    judged = judge(ground)
    wrong = [item for item in judged.verdicts if item.verdict == "reject"]
    part = evaluate_verdicts(judged)
    (finding,) = part.findings
    accepted, judged_n = (int(word) for word in finding.figure.split(":")[0].split(" of "))
    assert judged_n - accepted == len(wrong) > 0
    assert finding.met is None
    concept = wrong[0].concept
    row = next(line for line in part.lines if line.startswith(f"| trend | {concept} |"))
    assert int(row.split("|")[4]) == sum(item.concept == concept for item in wrong)
    assert "as this reader corrected them" in part.lines[-1]
    assert "as this reader corrected them" not in evaluate_verdicts(judged._replace(corpus="official")).lines[-1]


def test_verdicts_are_read_for_their_corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sample = load_corpus(resource_path("sample", "2018.zh.md"))
    monkeypatch.setattr("textmine.publish.evaluation.ground.load_corpus", lambda _: sample)
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "2019.en.md").write_bytes(resource_path("sample", "2019.en.md").read_bytes())
    file = save_corrections([Correction(2019, "en", 1, "trend", "cloud", "accept")], tmp_path / "c.jsonl")
    judged = open_ground(corrections=file, corpus=str(tmp_path / "own"), say=lambda _: None).judged
    assert judged is not None
    assert (len(judged.verdicts), set(judged.tags["edition"])) == (1, {2019})
    with pytest.raises(ContractError, match="--corpus"):
        open_ground(corrections=file, corpus="sample", say=lambda _: None)
    assert open_ground(say=lambda _: None).judged is None


def test_the_command_hands_on_the_corrections_and_refuses_a_corpus_without(
    textmine: Textmine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(report_module, "evaluate_annotation", lambda *_, **options: asked.append(options) or PARTS)
    file = save_corrections([Correction(2019, "en", 1, "trend", "cloud", "accept")], tmp_path / "c.jsonl")
    out = ("--out", tmp_path / "a.md")
    assert textmine("evaluate", *out, "--corrections", file, "--corpus", "official").code == 0
    assert (asked[0]["corrections"], asked[0]["corpus"]) == (file, "official")
    outcome = textmine("evaluate", *out, "--corpus", "official")
    assert (outcome.code, len(asked)) == (1, 1)
    assert "--corrections" in outcome.err
    file.write_text("{}", encoding="utf-8")
    outcome = textmine("evaluate", *out, "--corrections", file)
    assert (outcome.code, len(asked)) == (1, 1)
    assert "line 1" in outcome.err
    file.write_text("\n", encoding="utf-8")
    outcome = textmine("evaluate", *out, "--corrections", file)
    assert (outcome.code, len(asked)) == (1, 1)
    assert "holds no verdict" in outcome.err
    outcome = textmine("evaluate", "--out", tmp_path)
    assert (outcome.code, len(asked)) == (1, 1)
    assert "name the file" in outcome.err
