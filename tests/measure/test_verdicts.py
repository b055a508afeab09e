"""Verdicts counted by hand, the interval against scipy's, and what must not matter."""

from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from scipy.stats import binomtest

from textmine.annotate.corrections import Correction
from textmine.errors import UnknownOptionError
from textmine.measure.verdicts import score_verdicts
from textmine.schema import make_table


def tag(concept: str, start: int | None, paragraph: int = 1, lang: str = "zh") -> dict[str, object]:
    return {
        "edition": 2011, "lang": lang, "paragraph": paragraph, "scheme": "trend", "concept": concept, "start": start,
        "end": None if start is None else start + 3, "surface": "", "evidence": "heading" if start is None else "text",
        "score": 1.0,
    }  # fmt: skip


def verdict(
    said: str, concept: str = "cloud", start: int | None = None, paragraph: int = 1, lang: str = "zh"
) -> Correction:
    return Correction(2011, lang, paragraph, "trend", concept, said, start, None if start is None else start + 3)


TAGS = make_table(
    "tags",
    [tag("cloud", None), tag("cloud", 3), tag("cloud", 9), tag("ai", 3), tag("cloud", 3, 2), tag("cloud", 5, 1, "en")],
)
VERDICTS = [
    verdict("accept", start=3),
    verdict("reject", start=9),
    verdict("accept", start=3, paragraph=2),
    verdict("accept", start=20),  # missed
    verdict("reject", start=30),  # gone
    verdict("reject", "ai"),  # of the paragraph as a whole, which has it by a span
    verdict("accept", "iot"),  # of the paragraph as a whole, missed
    verdict("accept", start=5, lang="en"),
]


def test_counts_by_hand() -> None:
    counts = ("n_judged", "n_accepted", "n_missed", "n_gone")
    table = score_verdicts(VERDICTS, TAGS)
    assert table.select("scheme", "concept", *counts).rows() == [
        ("trend", "ai", 1, 0, 0, 0),
        ("trend", "cloud", 4, 3, 1, 1),
        ("trend", "iot", 0, 0, 1, 0),
    ]
    assert table["precision"].to_list() == [0.0, 0.75, None]
    assert table.select("low", "high").row(2) == (None, None)
    by_lang = score_verdicts(VERDICTS, TAGS, by=("lang",))
    assert by_lang.select("lang", *counts).rows() == [("en", 1, 1, 0, 0), ("zh", 4, 2, 2, 1)]
    assert score_verdicts(VERDICTS, TAGS, by=()).select(counts).rows() == [(5, 3, 2, 1)]


@pytest.mark.parametrize("confidence", [0.9, 0.95])
def test_the_interval_is_wilsons_as_scipy_has_it(confidence: float) -> None:
    for row in score_verdicts(VERDICTS, TAGS, confidence=confidence).drop_nulls().iter_rows(named=True):
        test = binomtest(row["n_accepted"], row["n_judged"])
        bounds = test.proportion_ci(confidence_level=confidence, method="wilson")
        assert (row["low"], row["high"]) == pytest.approx((bounds.low, bounds.high))


def test_order_doesnt_matter_a_later_verdict_counts_and_nothing_is_changed() -> None:
    before = TAGS.clone()
    table = score_verdicts(VERDICTS, TAGS)
    assert_frame_equal(score_verdicts(VERDICTS[::-1], TAGS.reverse()), table)
    again = score_verdicts([verdict("reject", start=3), *VERDICTS], TAGS)
    assert_frame_equal(again, table)
    other = score_verdicts([*VERDICTS, verdict("reject", start=3)], TAGS)
    assert other.filter(concept="cloud")["n_accepted"].item() == 2
    assert_frame_equal(TAGS, before)


@pytest.mark.parametrize("options", [{"by": ("edition",)}, {"by": ("lang", "nope")}, {"confidence": 95.0}])
def test_unusable_options_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(UnknownOptionError):
        score_verdicts(VERDICTS, TAGS, **options)


def test_no_verdicts_make_no_rows() -> None:
    assert score_verdicts([], TAGS).height == 0
    assert score_verdicts([], TAGS, by=()).select("n_judged", "precision").rows() == [(0, None)]
    assert isinstance(score_verdicts([], TAGS, by=()), pl.DataFrame)
