from pathlib import Path

import polars as pl
import pytest
from scipy.stats import binomtest

from textmine.errors import SourceError
from textmine.measure.judged import count_judgements, count_kinds
from textmine.reports.corpus import load_corpus
from textmine.reports.judgements import MISSED, load_judgements
from textmine.schema import make_table

KEY = {"edition": 2011, "lang": "zh", "scheme": "trend"}


def judged(*rows: tuple[int, str, int | None, str, str]) -> pl.DataFrame:
    names = ("paragraph", "concept", "start", "agreed", "note")
    return make_table(
        "judgements",
        [{**KEY, **dict(zip(names, row, strict=True)), "end": None if row[2] is None else row[2] + 2} for row in rows],
    )


def tagged(*rows: tuple[int, str, int]) -> pl.DataFrame:
    return make_table(
        "tags",
        [
            {
                **KEY, "paragraph": paragraph, "concept": concept, "start": start, "end": start + 2, "surface": "xx",
                "evidence": "text", "score": 1.0,
            }
            for paragraph, concept, start in rows
        ],
    )  # fmt: skip


READ = judged(
    (1, "cloud", 0, "yes", ""),
    (1, "ai", 4, "no", "another sense: x"),
    (2, "iot", 0, "no", "another sense: y"),
    (2, "5g", 3, "yes", ""),
    (2, "ai", None, "missed", "form missing: z"),
    (3, "5g", None, "missed", "described: w"),
)


def test_counts_by_hand_and_what_is_left_of_them_today() -> None:
    # Today ai at 1:4 is still tagged, iot at 2 is gone, ai in 2 is found, 5g in 3 isn't.
    now = tagged((1, "cloud", 0), (1, "ai", 4), (2, "5g", 3), (2, "ai", 9))
    row = count_judgements(READ, now).row(0, named=True)
    exact = binomtest(2, 4).proportion_ci(method="wilson")
    assert (row["n_paragraphs"], row["n_tags"], row["n_agreed"], row["n_missed"]) == (3, 4, 2, 2)
    assert (row["n_wrong_now"], row["n_missed_now"]) == (1, 1)
    assert (row["share"], row["low"], row["high"]) == pytest.approx((0.5, exact.low, exact.high))


def test_the_order_of_the_rows_does_not_matter() -> None:
    now = tagged((1, "ai", 4), (1, "cloud", 0))
    assert count_judgements(READ.reverse(), now.reverse()).equals(count_judgements(READ, now))


def test_kinds_are_what_stands_before_the_colon() -> None:
    assert count_kinds(READ).rows() == [
        ("another sense", "no", 2),
        ("described", "missed", 1),
        ("form missing", "missed", 1),
    ]


def test_the_shipped_judgements_are_of_fifty_paragraphs_each_and_lie_in_their_texts() -> None:
    found = load_judgements()
    texts = {
        (report.edition.year, report.edition.lang, paragraph.number): paragraph.text
        for report in load_corpus("sample")
        for paragraph in report.paragraphs
    }
    paragraphs = found.select("lang", "edition", "paragraph").unique()
    assert dict(paragraphs.group_by("lang").len().iter_rows()) == {"zh": 50, "en": 50}
    for row in found.iter_rows(named=True):
        text = texts[row["edition"], row["lang"], row["paragraph"]]
        if row["agreed"] == MISSED:
            assert row["start"] is None
        else:
            assert 0 <= row["start"] < row["end"] <= len(text)
            assert text[row["start"] : row["end"]].strip() == text[row["start"] : row["end"]]
        assert (row["agreed"] == "yes") == (not row["note"])


def test_a_file_that_judges_otherwise_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "judged.csv"
    path.write_text("edition,lang,paragraph,scheme,concept,start,end,agreed,note\n2011,zh,1,trend,ai,0,2,maybe,\n")
    with pytest.raises(SourceError, match=r"judged maybe; write yes, no or missed"):
        load_judgements(path)
