import io
import itertools
import math
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from types import FrameType

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from textmine.errors import ContractError, TextmineError, UnknownOptionError
from textmine.measure.prevalence import BOOTSTRAP, WILSON, measure_shares, resample_shares
from textmine.schema import check_table, empty_table, make_table

Z = 1.959963984540054  # the standard normal's 97.5 % point

# Ten paragraphs in three sections: 1-3, 4-5, 6-10.
SECTIONS = {"1.A": 3, "1.B": 2, "2": 5}
# mobile: 1 and 6 of 10; cloud: 4 by its text and 5 by its heading; ai: all; C7.e-health: 2, below C7 of 3.
TAGGED = [
    (1, "mobile", "text"),
    (6, "mobile", "text"),
    (4, "cloud", "text"),
    (5, "cloud", "heading"),
    *((number, "ai", "text") for number in range(1, 11)),
]
# Twelve sections of unlike sizes and rates, for comparing resampling methods.
SIZES = np.array([3, 5, 2, 8, 4, 6, 1, 9, 3, 4, 7, 2])
HITS = np.array([0, 2, 2, 1, 0, 5, 1, 0, 3, 1, 2, 0])


def make_paragraphs(sections: Mapping[str, int], edition: int = 2011, lang: str = "zh") -> pl.DataFrame:
    names = [section for section, size in sections.items() for _ in range(size)]
    blank = {"heading_path": [], "action_line": [], "text": "", "n_chars": 0, "first_line": 1, "last_line": 1}
    source = {"symbol": "", "corpus": "sample", "source_sha256": ""}
    rows = [
        {"edition": edition, "lang": lang, "number": number, "section": section, **blank, **source}
        for number, section in enumerate(names, start=1)
    ]
    return make_table("paragraphs", rows)


def make_tags(
    tagged: Sequence[tuple[int, str, str]], edition: int = 2011, lang: str = "zh", scheme: str = "trend"
) -> pl.DataFrame:
    rows = [
        {
            "edition": edition,
            "lang": lang,
            "paragraph": paragraph,
            "scheme": scheme,
            "concept": concept,
            "start": None if evidence == "heading" else 0,
            "end": None if evidence == "heading" else 2,
            "surface": "宽带",
            "evidence": evidence,
            "score": 1.0,
        }
        for paragraph, concept, evidence in tagged
    ]
    return make_table("tags", rows)


def row_of(shares: pl.DataFrame, concept: str) -> dict[str, object]:
    return shares.row(by_predicate=pl.col("concept") == concept, named=True)


def wilson_by_hand(hits: int, n: int, z: float = Z) -> tuple[float, float]:
    share = hits / n
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return middle - half, middle + half


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    def give_up(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"not done after {seconds} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


PARAGRAPHS = make_paragraphs(SECTIONS)
TAGS = make_tags(TAGGED)


@pytest.mark.parametrize(
    ("evidence", "concept", "n_tagged"),
    [("any", "mobile", 2), ("any", "cloud", 2), ("text", "cloud", 1), ("heading", "cloud", 1), ("any", "ai", 10)],
)
def test_share_by_hand(evidence: str, concept: str, n_tagged: int) -> None:
    row = row_of(measure_shares(PARAGRAPHS, TAGS, scheme="trend", evidence=evidence), concept)
    assert (row["n_tagged"], row["n_paragraphs"], row["n_sections"], row["share"]) == (n_tagged, 10, 3, n_tagged / 10)


def test_result_keeps_the_contract_and_says_what_it_measured() -> None:
    shares = measure_shares(PARAGRAPHS, TAGS, scheme="trend", evidence="text", confidence=0.9)
    check_table(shares, "shares")
    assert shares.select("edition", "lang", "scheme", "evidence", "confidence").unique().rows() == [
        (2011, "zh", "trend", "text", 0.9)
    ]


def test_concepts_are_sorted_unless_they_are_named() -> None:
    assert measure_shares(PARAGRAPHS, TAGS, scheme="trend")["concept"].to_list() == ["ai", "cloud", "mobile"]
    named = measure_shares(PARAGRAPHS, TAGS, scheme="trend", concepts=["mobile", "5g", "ai"])
    assert named.select("concept", "n_tagged").rows() == [("mobile", 2), ("5g", 0), ("ai", 10)]


def test_tags_of_another_scheme_do_not_count() -> None:
    both = pl.concat([TAGS, make_tags([(2, "mobile", "text"), (3, "africa", "text")], scheme="region")])
    assert measure_shares(PARAGRAPHS, both, scheme="trend").equals(measure_shares(PARAGRAPHS, TAGS, scheme="trend"))


def test_editions_and_languages_are_measured_apart() -> None:
    paragraphs = pl.concat(
        [PARAGRAPHS, make_paragraphs({"1": 4}, edition=2012), make_paragraphs({"1": 2, "2": 2}, lang="en")]
    )
    tags = pl.concat(
        [TAGS, make_tags([(1, "mobile", "text")], edition=2012), make_tags([(4, "ai", "text")], lang="en")]
    )
    shares = measure_shares(paragraphs, tags, scheme="trend", concepts=["mobile", "ai"])
    assert shares.select("edition", "lang", "concept", "n_tagged", "n_paragraphs").rows() == [
        (2011, "en", "mobile", 0, 4),
        (2011, "en", "ai", 1, 4),
        (2011, "zh", "mobile", 2, 10),
        (2011, "zh", "ai", 10, 10),
        (2012, "zh", "mobile", 1, 4),
        (2012, "zh", "ai", 0, 4),
    ]


def test_another_edition_changes_no_number_of_the_first() -> None:
    alone = measure_shares(PARAGRAPHS, TAGS, scheme="trend")
    more = pl.concat([make_paragraphs({"9": 7, "8": 1}, edition=2009), PARAGRAPHS])
    beside = measure_shares(more, pl.concat([make_tags([(1, "ai", "text")], edition=2009), TAGS]), scheme="trend")
    assert beside.filter(pl.col("edition") == 2011).equals(alone)


def test_another_concept_changes_no_number_of_the_first() -> None:
    alone = measure_shares(PARAGRAPHS, TAGS.filter(pl.col("concept") == "mobile"), scheme="trend")
    assert measure_shares(PARAGRAPHS, TAGS, scheme="trend").filter(pl.col("concept") == "mobile").equals(alone)


# --- the interval over sections


def test_bootstrap_agrees_with_all_27_resamples_counted_out() -> None:
    # mobile: 1 of 3, 0 of 2, 1 of 5. Every ordered draw of three sections is equally likely.
    hits, sizes = np.array([1, 0, 1]), np.array([3, 2, 5])
    exact = sorted(hits[list(draw)].sum() / sizes[list(draw)].sum() for draw in itertools.product(range(3), repeat=3))
    shares = measure_shares(PARAGRAPHS, TAGS, scheme="trend", confidence=0.8, n_resamples=20_000)
    row = row_of(shares, "mobile")
    # The 10 % and 90 % points of 27 values are the third and the 25th, and both lie inside a run of equal values.
    assert (row["low"], row["high"]) == pytest.approx((exact[2], exact[24]))


def test_bootstrap_agrees_with_scipy() -> None:
    def share(hits: np.ndarray, sizes: np.ndarray, axis: int = -1) -> np.ndarray:
        return hits.sum(axis=axis) / sizes.sum(axis=axis)

    theirs = stats.bootstrap(
        (HITS, SIZES), share, paired=True, vectorized=True, method="percentile", n_resamples=20_000,
        rng=np.random.default_rng(7),
    ).confidence_interval  # fmt: skip
    low, high = resample_shares(HITS[:, None], SIZES, n_resamples=20_000)
    assert (low[0], high[0]) == pytest.approx((theirs.low, theirs.high), abs=0.01)


def test_measured_interval_is_that_of_the_clusters() -> None:
    sections = {f"{i:02}": int(size) for i, size in enumerate(SIZES)}
    starts = np.cumsum(SIZES) - SIZES
    tagged = [(int(s) + 1 + k, "ai", "text") for s, hits in zip(starts, HITS, strict=True) for k in range(hits)]
    row = row_of(measure_shares(make_paragraphs(sections), make_tags(tagged), scheme="trend"), "ai")
    low, high = resample_shares(HITS[:, None], SIZES)
    assert (row["low"], row["high"], row["method"]) == (low[0], high[0], BOOTSTRAP)


def test_several_concepts_share_the_resamples() -> None:
    both = resample_shares(np.column_stack([HITS, SIZES - HITS]), SIZES)
    alone = resample_shares(HITS[:, None], SIZES)
    assert (both[0][0], both[1][0]) == (alone[0][0], alone[1][0])


def test_a_concept_and_its_complement_have_mirrored_intervals() -> None:
    low, high = resample_shares(np.column_stack([HITS, SIZES - HITS]), SIZES)
    assert (1 - high[1], 1 - low[1]) == pytest.approx((low[0], high[0]))


def test_sections_twice_as_long_with_twice_the_hits_have_the_same_interval() -> None:
    assert np.allclose(resample_shares(2 * HITS[:, None], 2 * SIZES), resample_shares(HITS[:, None], SIZES))


def test_sections_of_one_rate_leave_no_uncertainty() -> None:
    low, high = resample_shares(np.array([[1], [2], [4]]), np.array([2, 4, 8]))
    assert (low[0], high[0]) == (0.5, 0.5)


def test_more_confidence_is_a_wider_interval() -> None:
    bounds = [resample_shares(HITS[:, None], SIZES, confidence=confidence) for confidence in (0.5, 0.8, 0.95, 0.99)]
    lows, highs = [low[0] for low, _ in bounds], [high[0] for _, high in bounds]
    assert lows == sorted(lows, reverse=True)
    assert highs == sorted(highs)


def test_paragraphs_that_cluster_make_a_wider_interval_than_independent_ones() -> None:
    sizes = np.full(12, 6)
    low, high = resample_shares(np.where(np.arange(12) % 3 == 0, 6, 0)[:, None], sizes)  # all of a section or none
    independent = wilson_by_hand(24, 72)
    assert high[0] - low[0] > 1.5 * (independent[1] - independent[0])


def test_coverage_of_the_interval_in_simulated_clusters() -> None:
    rng, truth, n_repeats = np.random.default_rng(2011), 0.25, 200
    covered = 0
    for repeat in range(n_repeats):
        sizes = rng.integers(1, 9, size=40)
        hits = rng.binomial(sizes, rng.beta(2, 6, size=40))  # mean rate 2 / (2 + 6), unlike from section to section
        low, high = resample_shares(hits[:, None], sizes, n_resamples=500, seed=repeat)
        covered += bool(low[0] <= truth <= high[0])
    assert 0.85 <= covered / n_repeats <= 0.99


# --- the interval where resampling says nothing


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    # z² = 3.84146. None of 10: high = z²/(10 + z²). All of 10: its mirror. 2 of 10: middle 0.283262, half 0.226580.
    [(0, 10, 0.0, 0.277533), (10, 10, 0.722467, 1.0), (2, 10, 0.056682, 0.509838)],
)
def test_wilson_by_hand(hits: int, n: int, low: float, high: float) -> None:
    paragraphs = make_paragraphs({"1": n})  # a single section
    tags = make_tags([(i + 1, "ai", "text") for i in range(hits)])
    row = row_of(measure_shares(paragraphs, tags, scheme="trend", concepts=["ai"]), "ai")
    assert (row["method"], row["low"], row["high"]) == (WILSON, pytest.approx(low, abs=1e-6), pytest.approx(high))


@pytest.mark.parametrize(("hits", "n"), [(0, 1), (1, 1), (1, 2), (3, 7), (0, 500), (499, 500), (83, 167)])
def test_wilson_agrees_with_the_closed_formula(hits: int, n: int) -> None:
    tags = make_tags([(i + 1, "ai", "text") for i in range(hits)])
    row = row_of(measure_shares(make_paragraphs({"1": n}), tags, scheme="trend", concepts=["ai"]), "ai")
    assert (row["low"], row["high"]) == pytest.approx(wilson_by_hand(hits, n), abs=1e-9)


def test_evidence_of_headings_has_the_wilson_interval() -> None:
    row = row_of(measure_shares(PARAGRAPHS, TAGS, scheme="trend", evidence="heading"), "cloud")
    assert (row["method"], row["low"], row["high"]) == (WILSON, *map(pytest.approx, wilson_by_hand(1, 10)))


@pytest.mark.parametrize(("concept", "method"), [("mobile", BOOTSTRAP), ("ai", WILSON), ("5g", WILSON)])
def test_none_or_all_tagged_falls_back_to_wilson(concept: str, method: str) -> None:
    shares = measure_shares(PARAGRAPHS, TAGS, scheme="trend", concepts=["mobile", "ai", "5g"])
    assert row_of(shares, concept)["method"] == method


# --- invariances


@pytest.mark.parametrize("seed", range(3))
def test_row_order_does_not_matter(seed: int) -> None:
    shuffled = measure_shares(
        PARAGRAPHS.sample(fraction=1, shuffle=True, seed=seed),
        TAGS.sample(fraction=1, shuffle=True, seed=seed),
        scheme="trend",
    )
    assert shuffled.equals(measure_shares(PARAGRAPHS, TAGS, scheme="trend"))


def test_a_paragraph_counts_once_however_often_it_is_tagged() -> None:
    assert measure_shares(PARAGRAPHS, pl.concat([TAGS, TAGS, TAGS.head(3)]), scheme="trend").equals(
        measure_shares(PARAGRAPHS, TAGS, scheme="trend")
    )


def test_other_names_of_the_concepts_do_not_matter() -> None:
    names = {"ai": "z-first-is-last", "cloud": "云", "mobile": "a"}
    renamed = measure_shares(PARAGRAPHS, TAGS.with_columns(pl.col("concept").replace(names)), scheme="trend")
    back = renamed.with_columns(pl.col("concept").replace({new: old for old, new in names.items()})).sort("concept")
    assert back.equals(measure_shares(PARAGRAPHS, TAGS, scheme="trend"))


def test_inputs_stay_as_they_were() -> None:
    paragraphs, tags = PARAGRAPHS.clone(), TAGS.clone()
    measure_shares(paragraphs, tags, scheme="trend", parents={"cloud": "ai"})
    assert paragraphs.equals(PARAGRAPHS)
    assert tags.equals(TAGS)


def test_same_seed_gives_the_same_bytes() -> None:
    def measure() -> bytes:
        buffer = io.BytesIO()
        measure_shares(PARAGRAPHS, TAGS, scheme="trend", seed=5).write_parquet(buffer)
        return buffer.getvalue()

    assert measure() == measure()


def test_another_seed_gives_another_interval() -> None:
    bounds = {resample_shares(HITS[:, None], SIZES, n_resamples=100, seed=seed)[0][0] for seed in range(5)}
    assert len(bounds) > 1


def test_numpys_global_state_is_neither_used_nor_touched() -> None:
    np.random.seed(1)  # noqa: NPY002 - the global state is the subject
    before = np.random.get_state()[1].tolist()  # noqa: NPY002
    first = measure_shares(PARAGRAPHS, TAGS, scheme="trend")
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002
    np.random.seed(2)  # noqa: NPY002
    assert measure_shares(PARAGRAPHS, TAGS, scheme="trend").equals(first)


# --- concepts above concepts

BELOW = [(2, "C7.e-health", "text"), (3, "C7", "text"), (3, "C7.e-health", "text"), (7, "C7.e-learning", "text")]
PARENTS = {"C7.e-health": "C7", "C7.e-learning": "C7"}


def test_a_concept_counts_for_the_one_above_it_and_once() -> None:
    shares = measure_shares(PARAGRAPHS, make_tags(BELOW), scheme="trend", parents=PARENTS)
    assert shares.select("concept", "n_tagged").rows() == [("C7", 3), ("C7.e-health", 2), ("C7.e-learning", 1)]


def test_roll_up_equals_tags_of_the_parent_written_out() -> None:
    written = [*BELOW, *((paragraph, "C7", evidence) for paragraph, _, evidence in BELOW)]
    assert measure_shares(PARAGRAPHS, make_tags(BELOW), scheme="trend", parents=PARENTS).equals(
        measure_shares(PARAGRAPHS, make_tags(written), scheme="trend")
    )


def test_roll_up_goes_all_the_way_up() -> None:
    chain = {"d": "c", "c": "b", "b": "a"}
    shares = measure_shares(PARAGRAPHS, make_tags([(1, "d", "text"), (2, "b", "text")]), scheme="trend", parents=chain)
    assert shares.select("concept", "n_tagged").rows() == [("a", 2), ("b", 2), ("c", 1), ("d", 1)]


def test_roll_up_keeps_the_kind_of_evidence_apart() -> None:
    tags = make_tags([(1, "C7.e-health", "heading"), (2, "C7.e-learning", "text")])
    shares = measure_shares(PARAGRAPHS, tags, scheme="trend", evidence="text", parents=PARENTS, concepts=["C7"])
    assert shares["n_tagged"].to_list() == [1]


def test_parents_of_concepts_that_do_not_occur_change_nothing() -> None:
    assert measure_shares(PARAGRAPHS, TAGS, scheme="trend", parents=PARENTS).equals(
        measure_shares(PARAGRAPHS, TAGS, scheme="trend")
    )


def test_parents_in_a_circle_come_to_an_end() -> None:
    with at_most(1), suppress(TextmineError):
        measure_shares(PARAGRAPHS, TAGS, scheme="trend", parents={"ai": "cloud", "cloud": "ai"})


# --- against a plain count


@st.composite
def corpora(draw: st.DrawFn) -> tuple[list[str], list[tuple[int, str, str]]]:
    sections = draw(st.lists(st.sampled_from(["0", "1.A", "1.B.2", "2", "一"]), min_size=1, max_size=25))
    tag = st.tuples(
        st.integers(1, len(sections)), st.sampled_from(["a", "b", "c", "云"]), st.sampled_from(["text", "heading"])
    )
    return sections, draw(st.lists(tag, max_size=30))


@given(corpora(), st.sampled_from(["any", "text", "heading"]))
@settings(max_examples=40, deadline=None)
def test_shares_equal_a_plain_count(corpus: tuple[list[str], list[tuple[int, str, str]]], evidence: str) -> None:
    sections, tagged = corpus
    paragraphs = make_paragraphs({"": len(sections)}).with_columns(pl.Series("section", sections))
    tags = make_tags(tagged) if tagged else empty_table("tags")
    shares = measure_shares(paragraphs, tags, scheme="trend", evidence=evidence, n_resamples=50)
    counted: dict[str, set[int]] = {}
    for number, concept, kind in tagged:
        if evidence in ("any", kind):
            counted.setdefault(concept, set()).add(number)
    expected = [(concept, len(counted[concept]), len(counted[concept]) / len(sections)) for concept in sorted(counted)]
    assert shares.select("concept", "n_tagged", "share").rows() == expected
    assert set(shares["n_sections"]) <= {len(set(sections))}


@given(corpora())
@settings(max_examples=40, deadline=None)
def test_bounds_are_ordered_fractions(corpus: tuple[list[str], list[tuple[int, str, str]]]) -> None:
    sections, tagged = corpus
    paragraphs = make_paragraphs({"": len(sections)}).with_columns(pl.Series("section", sections))
    tags = make_tags(tagged) if tagged else empty_table("tags")
    shares = measure_shares(paragraphs, tags, scheme="trend", concepts=["a", "b", "c", "云", "none"], n_resamples=50)
    assert (
        shares.select((pl.col("low") >= 0) & (pl.col("low") <= pl.col("high")) & (pl.col("high") <= 1))
        .to_series()
        .all()
    )


# --- edges and refusals


def test_no_paragraph_gives_no_row() -> None:
    shares = measure_shares(empty_table("paragraphs"), empty_table("tags"), scheme="trend", concepts=["ai"])
    assert shares.equals(empty_table("shares"))


def test_no_tag_and_no_concept_named_gives_no_row() -> None:
    assert measure_shares(PARAGRAPHS, empty_table("tags"), scheme="trend").height == 0


def test_one_paragraph() -> None:
    row = row_of(measure_shares(make_paragraphs({"0": 1}), make_tags([(1, "ai", "text")]), scheme="trend"), "ai")
    assert (row["share"], row["method"]) == (1.0, WILSON)


def test_paragraphs_need_no_text() -> None:
    assert measure_shares(PARAGRAPHS.drop("text"), TAGS, scheme="trend").height == 3


@pytest.mark.parametrize(
    "stray",
    [
        make_tags([(11, "ai", "text")]),
        make_tags([(0, "ai", "text")]),
        make_tags([(1, "ai", "text")], edition=2012),
        make_tags([(1, "ai", "text")], lang="en"),
    ],
    ids=["beyond the last", "zero", "another edition", "another language"],
)
def test_a_tag_without_its_paragraph_is_refused(stray: pl.DataFrame) -> None:
    row = stray.row(0, named=True)
    with pytest.raises(ContractError, match=f"paragraph {row['paragraph']} of {row['edition']} {row['lang']}"):
        measure_shares(PARAGRAPHS, pl.concat([TAGS, stray]), scheme="trend")


@pytest.mark.parametrize("column", ["edition", "lang", "number", "section"])
def test_paragraphs_without_a_column_are_refused(column: str) -> None:
    with pytest.raises(ContractError, match=column):
        measure_shares(PARAGRAPHS.drop(column), TAGS, scheme="trend")


@pytest.mark.parametrize("column", ["edition", "lang", "paragraph", "scheme", "concept", "evidence"])
def test_tags_without_a_column_are_refused(column: str) -> None:
    with pytest.raises(ContractError, match=column):
        measure_shares(PARAGRAPHS, TAGS.drop(column), scheme="trend")


def test_a_column_of_another_type_is_refused() -> None:
    with pytest.raises(ContractError, match="edition"):
        measure_shares(PARAGRAPHS.cast({"edition": pl.Int64}), TAGS, scheme="trend")


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("evidence", "guess", "any, text, heading, classifier"),
        ("evidence", "", "any, text, heading"),
        ("confidence", 0, "between 0 and 1"),
        ("confidence", 1, "between 0 and 1"),
        ("confidence", 95, "between 0 and 1"),
        ("confidence", math.nan, "between 0 and 1"),
        ("n_resamples", 0, "from 1"),
        ("n_resamples", -5, "from 1"),
    ],
)
def test_unknown_values_are_refused_by_name(option: str, value: object, said: str) -> None:
    with pytest.raises(UnknownOptionError, match=said):
        measure_shares(PARAGRAPHS, TAGS, scheme="trend", **{option: value})  # type: ignore[arg-type]


def test_a_concept_named_twice_is_refused_or_counted_twice() -> None:
    try:
        shares = measure_shares(PARAGRAPHS, TAGS, scheme="trend", concepts=["mobile", "mobile"])
    except UnknownOptionError:
        return
    assert set(shares["n_tagged"]) == {2}


def test_a_string_for_concepts_is_refused_or_taken_whole() -> None:
    try:
        shares = measure_shares(PARAGRAPHS, TAGS, scheme="trend", concepts="ai")
    except (UnknownOptionError, TypeError):
        return
    assert shares["concept"].to_list() == ["ai"]
