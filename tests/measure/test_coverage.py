import math
from collections import Counter

import numpy as np
import polars as pl
import pytest

from textmine.annotate.annotate import annotate_reports
from textmine.annotate.match import default_matcher
from textmine.errors import UnknownOptionError
from textmine.measure.coverage import c_values, find_uncovered, mark_covered, measure_coverage
from textmine.reports.corpus import load_corpus
from textmine.schema import empty_table, make_table

from .corpora import make_paragraphs


def tables(sentences: list[str], tagged: list[tuple[int, int, int]] = ()) -> dict[str, pl.DataFrame]:
    """One paragraph for each sentence, words parted by spaces; tagged are paragraph, start and end."""
    key = {"edition": 2011, "lang": "en"}
    tokens: list[dict[str, object]] = []
    for number, sentence in enumerate(sentences, start=1):
        at = 0
        for word in sentence.split(" "):
            span = {"sentence": 0, "start": at, "end": at + len(word), "text": word, "norm": word}
            tokens.append({**key, "paragraph": number, **span, "is_stop": word in ("of", "the")})
            at += len(word) + 1
    concept = {"scheme": "trend", "concept": "x", "surface": "", "evidence": "text", "score": 1.0}
    tags = [{**key, "paragraph": number, **concept, "start": start, "end": end} for number, start, end in tagged]
    return {
        "tokens": make_table("tokens", tokens),
        "tags": make_table("tags", tags) if tags else empty_table("tags"),
        "paragraphs": make_paragraphs({"1": len(sentences)}, lang="en"),
    }


def naive(frequencies: dict[str, int]) -> dict[str, float]:
    """The formula read off the definition, all pairs compared."""
    values = {}
    for term, frequency in frequencies.items():
        words = term.split()
        longer = [n for other, n in frequencies.items() if other != term and f" {term} " in f" {other} "]
        nested = sum(longer) / len(longer) if longer else 0
        values[term] = math.log2(len(words) + 1) * (frequency - nested)
    return values


def test_c_value_by_hand() -> None:
    """Flow stands 6 times, 5 of them in two longer terms: log2(2) * (6 - 5 / 2)."""
    values = c_values({"flow": 6, "data flow": 3, "water flow": 2})
    assert values == pytest.approx({"flow": 3.5, "data flow": 3 * math.log2(3), "water flow": 2 * math.log2(3)})


def test_c_value_against_the_definition() -> None:
    rng = np.random.default_rng(0)
    words = rng.choice(list("abc"), size=(200, 4))
    grams = Counter(" ".join(row[: rng.integers(1, 5)]) for row in words)
    assert c_values(grams) == pytest.approx(naive(grams))


def test_what_a_tag_reaches_into_is_no_candidate() -> None:
    sentences = ["submarine cable network", "submarine cable", "the submarine cable"]
    table = find_uncovered(tables(sentences, [(1, 16, 23)]), lang="en", ngrams=(1, 3), min_paragraphs=1)
    assert table.select("term", "n", "paragraphs").sort("term").rows() == [
        ("cable", 3, 3), ("submarine", 3, 3), ("submarine cable", 3, 3),
    ]  # fmt: skip
    assert table["term"][0] == "submarine cable"  # its parts never stand alone: their C-value is 0
    assert table["c_value"].to_list() == pytest.approx([3 * math.log2(3), 0, 0])


def test_a_tag_in_the_middle_parts_the_words_around_it() -> None:
    table = find_uncovered(tables(["deep blue sea"], [(1, 5, 9)]), lang="en", ngrams=(1, 3), min_paragraphs=1)
    assert sorted(table["term"]) == ["deep", "sea"]


def test_terms_in_few_paragraphs_are_left_out() -> None:
    table = find_uncovered(tables(["tide tide", "tide wave"]), lang="en", ngrams=(1, 1), min_paragraphs=2)
    assert table.select("term", "n", "paragraphs", "editions", "first", "last").rows() == [
        ("tide", 3, 2, 1, 2011, 2011)
    ]


def test_coverage_counts_words_that_are_no_stop_words() -> None:
    assert measure_coverage(tables(["the deep blue sea ."], [(1, 9, 13)]), lang="en") == (1, 3)
    assert measure_coverage(tables(["."]), lang="en") == (0, 0)


def test_a_tag_that_ends_where_a_token_begins_does_not_cover_it() -> None:
    made = tables(["deep blue"], [(1, 0, 5)])
    assert mark_covered(made["tokens"], made["tags"])["covered"].to_list() == [True, False]


def test_order_of_rows_does_not_matter() -> None:
    made = tables(["submarine cable network", "cable of the submarine", "submarine cable"], [(1, 16, 23)])
    shuffled = made | {name: made[name].sample(fraction=1, shuffle=True, seed=3) for name in ("tokens", "paragraphs")}
    first, second = (find_uncovered(each, lang="en", min_paragraphs=1) for each in (made, shuffled))
    assert first.equals(second)


def test_an_unknown_language_lists_the_valid_ones() -> None:
    with pytest.raises(UnknownOptionError, match="zh, en"):
        find_uncovered(tables(["x"]), lang="fr")


def test_a_candidate_is_a_form_only_where_exclusions_held_it() -> None:
    report = next(report for report in load_corpus() if (report.edition.year, report.edition.lang) == (2016, "zh"))
    found = find_uncovered(annotate_reports([report]), lang="zh", ngrams=(1, 4), min_paragraphs=2)
    matcher = default_matcher()
    named = [span for term in found["term"] for span in matcher.find(term.replace(" ", ""))]
    assert found.height > 50
    assert [span for span in named if not any(matcher.concept_of(span).exclude.values())] == []
