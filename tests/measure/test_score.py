import itertools
import math
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textmine.annotate.annotate import annotate_reports
from textmine.errors import ContractError, TextmineError
from textmine.measure.score import MICRO, measure_reader_agreement, score_tags
from textmine.reports.labels import load_labels
from textmine.reports.read import read_report
from textmine.schema import empty_table, make_table

Carried = Sequence[tuple[int, str]]

# Six paragraphs as a reader saw them, and what the tagger found there.
SEEN = [(1, "ai"), (1, "cloud"), (2, "ai"), (3, "none"), (4, "cloud"), (5, "none"), (6, "ai")]
FOUND = [(1, "ai"), (2, "ai"), (3, "ai"), (4, "cloud"), (5, "cloud"), (6, "cloud"), (6, "ai")]
# A second reader missed the cloud of 1, and saw one in 5.
SEEN_OTHERWISE = [(1, "ai"), (2, "ai"), (3, "none"), (4, "cloud"), (5, "cloud"), (6, "ai")]


def make_labels(rows: Carried, reader: str = "settled", scheme: str = "trend", edition: int = 2011) -> pl.DataFrame:
    key = {"edition": edition, "lang": "zh", "scheme": scheme, "reader": reader}
    return make_table("labels", [{**key, "paragraph": number, "concept": concept} for number, concept in rows])


def make_tags(rows: Carried, scheme: str = "trend", edition: int = 2011) -> pl.DataFrame:
    key = {"edition": edition, "lang": "zh", "scheme": scheme}
    place = {"start": 0, "end": 1, "surface": "云", "evidence": "text", "score": 1.0}
    return make_table("tags", [{**key, "paragraph": number, "concept": concept, **place} for number, concept in rows])


def row_of(frame: pl.DataFrame, concept: str) -> tuple[object, ...]:
    return frame.row(by_predicate=pl.col("concept") == concept)[1:]


LABELS, TAGS = make_labels(SEEN), make_tags(FOUND)


@pytest.mark.parametrize(
    ("concept", "expected"),
    [
        # ai: labelled 1 2 6; tagged 1 2 3 6: three right of four, all found.
        ("ai", (3, 4, 3 / 4, 1.0, 6 / 7)),
        # cloud: labelled 1 4; tagged 4 5 6: one right of three, one found of two.
        ("cloud", (2, 3, 1 / 3, 1 / 2, 2 / 5)),
        # pooled: four right of seven, four found of five.
        (MICRO, (5, 7, 4 / 7, 4 / 5, 2 / 3)),
    ],
)
def test_score_by_hand(concept: str, expected: tuple[float, ...]) -> None:
    assert row_of(score_tags(TAGS, LABELS), concept) == pytest.approx(expected)


def test_pooled_row_is_last_and_concepts_are_sorted() -> None:
    assert score_tags(TAGS, LABELS, concepts=["cloud", "ai", "5g"])["concept"].to_list() == ["5g", "ai", "cloud", MICRO]


def test_a_concept_without_a_case_scores_zero() -> None:
    assert row_of(score_tags(TAGS, LABELS, concepts=["ai", "5g"]), "5g") == (0, 0, 0.0, 0.0, 0.0)


def test_only_paragraphs_that_the_reader_saw_count() -> None:
    beyond = pl.concat([TAGS, make_tags([(7, "ai"), (8, "cloud")]), make_tags([(1, "cloud")], edition=2012)])
    assert score_tags(beyond, LABELS).equals(score_tags(TAGS, LABELS))


def test_tags_of_another_scheme_do_not_count() -> None:
    assert score_tags(pl.concat([TAGS, make_tags([(3, "cloud")], scheme="theme")]), LABELS).equals(
        score_tags(TAGS, LABELS)
    )


def test_a_tag_repeated_counts_once() -> None:
    assert score_tags(pl.concat([TAGS, TAGS]), LABELS).equals(score_tags(TAGS, LABELS))


@pytest.mark.parametrize("seed", range(3))
def test_row_order_does_not_matter(seed: int) -> None:
    shuffled = score_tags(
        TAGS.sample(fraction=1, shuffle=True, seed=seed), LABELS.sample(fraction=1, shuffle=True, seed=seed)
    )
    assert shuffled.equals(score_tags(TAGS, LABELS))


def test_tags_equal_to_the_labels_score_one() -> None:
    carried = [(number, concept) for number, concept in SEEN if concept != "none"]
    scores = score_tags(make_tags(carried), LABELS)
    assert scores.select("precision", "recall", "f1").unique().rows() == [(1.0, 1.0, 1.0)]


def test_swapping_tagger_and_reader_swaps_precision_and_recall() -> None:
    tagged = {number for number, _ in FOUND}
    there = score_tags(TAGS, LABELS)
    back = score_tags(
        make_tags([(number, concept) for number, concept in SEEN if concept != "none"]),
        make_labels([*FOUND, *((number, "none") for number in range(1, 7) if number not in tagged)]),
    )
    assert back.select("precision", "recall").rows() == there.select("recall", "precision").rows()


def test_a_single_concept_scores_as_it_does_among_others() -> None:
    # labelled 1; tagged 1 and 2; 3 and 4 are neither: one right of two, one found of one.
    scores = score_tags(make_tags([(1, "ai"), (2, "ai")]), make_labels([(1, "ai"), *((n, "none") for n in (2, 3, 4))]))
    assert row_of(scores, "ai") == pytest.approx((1, 2, 1 / 2, 1.0, 2 / 3))


def test_nothing_labelled_and_nothing_tagged_gives_a_pooled_row_of_zeros() -> None:
    scores = score_tags(empty_table("tags"), make_labels([(1, "none"), (2, "none")]))
    assert scores.rows() == [(MICRO, 0, 0, 0.0, 0.0, 0.0)]


def test_a_concept_may_be_called_i() -> None:
    scores = score_tags(make_tags([(1, "i")]), make_labels([(1, "i"), (2, "ai"), (3, "none")]))
    assert row_of(scores, "i")[:2] == (1, 1)


def test_a_concept_named_twice_is_refused_or_scored() -> None:
    try:
        scores = score_tags(TAGS, LABELS, concepts=["ai", "ai", "cloud"])
    except TextmineError:
        return
    assert row_of(scores, MICRO) == row_of(score_tags(TAGS, LABELS), MICRO)


@pytest.mark.parametrize(
    "labels",
    [
        pl.concat([LABELS, make_labels(SEEN, reader="a")]),
        pl.concat([LABELS, make_labels([(1, "africa")], scheme="region")]),
        empty_table("labels"),
    ],
    ids=["two readers", "two schemes", "none"],
)
def test_labels_of_not_one_scheme_and_reader_are_refused(labels: pl.DataFrame) -> None:
    with pytest.raises(ContractError, match="one scheme and one reader"):
        score_tags(TAGS, labels)


@st.composite
def carried(draw: st.DrawFn) -> tuple[set[tuple[int, str]], set[tuple[int, str]]]:
    pair = st.tuples(st.integers(1, 8), st.sampled_from(["ai", "cloud", "云"]))
    every = {(9, "ai"), (9, "cloud"), (9, "云")}  # so that each concept occurs
    return draw(st.sets(pair)) | every, draw(st.sets(pair)) | every


def with_none(pairs: set[tuple[int, str]]) -> list[tuple[int, str]]:
    return sorted(pairs) + [(number, "none") for number in range(1, 10) if number not in {n for n, _ in pairs}]


@given(carried())
@settings(max_examples=40, deadline=None)
def test_score_equals_sets_intersected(pairs: tuple[set[tuple[int, str]], set[tuple[int, str]]]) -> None:
    truth, found = pairs
    scores = score_tags(make_tags(sorted(found)), make_labels(with_none(truth)))
    for concept in ("ai", "cloud", "云"):
        labelled, tagged = ({n for n, c in side if c == concept} for side in (truth, found))
        right = len(labelled & tagged)
        expected = (right / len(tagged), right / len(labelled), 2 * right / (len(tagged) + len(labelled)))
        assert row_of(scores, concept)[2:] == pytest.approx(expected)
    assert row_of(scores, MICRO)[4] == pytest.approx(2 * len(truth & found) / (len(truth) + len(found)))


# --- two readers

BOTH = pl.concat([make_labels(SEEN, reader="a"), make_labels(SEEN_OTHERWISE, reader="b")])


def kappa_by_hand(first: set[int], second: set[int], n: int) -> float:
    observed = sum((i in first) == (i in second) for i in range(1, n + 1)) / n
    p, q = len(first) / n, len(second) / n
    chance = p * q + (1 - p) * (1 - q)
    return (observed - chance) / (1 - chance)


def test_kappa_by_hand() -> None:
    # cloud: 1 4 against 4 5 of six. Observed 4/6; chance (1/3)² + (2/3)² = 5/9; kappa = (6/9 - 5/9) / (4/9) = 1/4.
    assert row_of(measure_reader_agreement(BOTH, "a", "b"), "cloud") == (2, 2, 1, pytest.approx(0.25))


def test_kappa_of_readers_who_agree_is_one() -> None:
    assert row_of(measure_reader_agreement(BOTH, "a", "b"), "ai") == (3, 3, 3, 1.0)


def test_kappa_does_not_depend_on_who_is_first() -> None:
    there, back = measure_reader_agreement(BOTH, "a", "b"), measure_reader_agreement(BOTH, "b", "a")
    assert back["kappa"].to_list() == there["kappa"].to_list()


@given(carried())
@settings(max_examples=40, deadline=None)
def test_kappa_equals_the_formula(pairs: tuple[set[tuple[int, str]], set[tuple[int, str]]]) -> None:
    first, second = pairs
    if any(len({n for n, c in side if c == concept}) == 9 for side in pairs for concept in ("ai", "cloud", "云")):
        return  # carried everywhere: chance agreement may be 1, and kappa says nothing
    labels = pl.concat([make_labels(with_none(first), "a"), make_labels(with_none(second), "b")])
    agreement = measure_reader_agreement(labels, "a", "b")
    for concept in ("ai", "cloud", "云"):
        sides = [{n for n, c in side if c == concept} for side in pairs]
        assert row_of(agreement, concept)[3] == pytest.approx(kappa_by_hand(*sides, n=9))


def test_a_concept_that_both_readers_see_everywhere_has_no_kappa_and_no_warning() -> None:
    seen = [(1, "ai"), (2, "ai")]
    agreement = measure_reader_agreement(pl.concat([make_labels(seen, "a"), make_labels(seen, "b")]), "a", "b")
    kappa = agreement["kappa"][0]
    assert kappa is None or kappa == 1.0 or math.isnan(kappa)


@pytest.mark.parametrize(("second", "said"), [("b", "same paragraphs"), ("nobody", "there are those of a, b")])
def test_readers_of_other_paragraphs_are_refused(second: str, said: str) -> None:
    with pytest.raises(ContractError, match=said):
        measure_reader_agreement(BOTH.filter((pl.col("reader") == "a") | (pl.col("paragraph") > 1)), "a", second)


def test_readers_that_are_not_there_are_refused() -> None:
    with pytest.raises(TextmineError):
        measure_reader_agreement(BOTH, "nobody", "no one")


def test_agreement_over_two_schemes_is_refused() -> None:
    other = [make_labels([(1, "africa")], reader, scheme="region") for reader in ("a", "b")]
    with pytest.raises(ContractError):
        measure_reader_agreement(pl.concat([BOTH, *other]), "a", "b")


# --- the gold set that ships


def test_shipped_labels_name_the_readers_who_agree() -> None:
    labels = load_labels("2011.zh.trend", reader=None)
    readers = sorted(set(labels["reader"]) - {"settled"})
    assert len(readers) >= 2
    for first, second in itertools.combinations(readers, 2):
        agreement = measure_reader_agreement(labels, first, second)
        assert agreement["n_both"].sum() > 0


@pytest.mark.official
def test_trend_tags_of_the_2011_edition_reach_the_bar(official_path: Path) -> None:
    tags = annotate_reports([read_report(official_path)])["tags"].filter(pl.col("evidence") == "text")
    assert row_of(score_tags(tags, load_labels("2011.zh.trend")), MICRO)[4] >= 0.95
