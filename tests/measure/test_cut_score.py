from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score, precision_score, recall_score

from textmine.annotate.match import default_matcher
from textmine.annotate.segment import Segmenter
from textmine.annotate.sentences import split_sentences
from textmine.errors import ContractError, SourceError
from textmine.measure.cut_score import (
    load_cut_sentences,
    load_cut_words,
    parse_cut,
    score_cuts,
    trim_spans,
)
from textmine.reports.corpus import load_corpus

WORDS, SENTENCES = load_cut_words(), load_cut_sentences()


def pieces(text: str, cuts: list[int]) -> list[tuple[int, int]]:
    ends = [0, *sorted(set(cuts)), len(text)]
    return [(a, b) for a, b in pairwise(ends) if a < b]


CUTS = st.lists(st.lists(st.integers(1, 19)), min_size=2, max_size=6)


def test_by_hand() -> None:
    """Two texts: cuts 3 in gold, 3 found, 2 hits; pieces 5 and 5, of which ab and g are right."""
    gold = [[(0, 2), (2, 4), (4, 5)], [(0, 1), (1, 3)]]
    found = [[(0, 2), (2, 3), (3, 5)], [(0, 1), (1, 2), (2, 3)]]
    score = score_cuts(gold, found)
    assert (score.n_texts, score.precision, score.recall) == (2, 2 / 4, 2 / 3)
    assert score.f1 == pytest.approx(4 / 7)
    assert score.piece_f1 == pytest.approx(2 * 2 / (5 + 6))


@settings(max_examples=50, deadline=None)
@given(CUTS, CUTS)
def test_against_scikit_learn(first: list[list[int]], second: list[list[int]]) -> None:
    n = min(len(first), len(second))
    gold, found = ([pieces("x" * 20, cuts) for cuts in each[:n]] for each in (first, second))
    score = score_cuts(gold, found, n_resamples=10)
    here, there = (
        np.concatenate([np.isin(np.arange(1, 20), [start for start, _ in spans]) for spans in each])
        for each in (gold, found)
    )
    if here.any() and there.any():
        assert score.precision == pytest.approx(precision_score(here, there))
        assert score.recall == pytest.approx(recall_score(here, there))
        assert score.f1 == pytest.approx(f1_score(here, there))


def test_the_same_cuts_score_1_and_order_and_repetition_do_not_matter() -> None:
    gold = [sentence.spans for sentence in WORDS]
    found = [pieces(sentence.text, [2, 5]) for sentence in WORDS]
    assert score_cuts(gold, gold)[1:] == (1, 1, 1, 1, 1, 1)
    score = score_cuts(gold, found)
    assert score_cuts(gold[::-1], found[::-1])[1:4] == pytest.approx(score[1:4])
    assert score_cuts(gold * 2, found * 2)[1:4] == pytest.approx(score[1:4])
    assert score.low < score.f1 < score.high
    assert score_cuts(gold, found) == score


def test_the_interval_is_that_of_a_plain_bootstrap() -> None:
    gold = [sentence.spans for sentence in WORDS]
    found = [pieces(sentence.text, [3, 6, 9, 12]) for sentence in WORDS]
    score = score_cuts(gold, found)
    rng = np.random.default_rng(5)
    draws = []
    for _ in range(400):
        chosen = rng.integers(len(gold), size=len(gold))
        draws.append(score_cuts([gold[i] for i in chosen], [found[i] for i in chosen], n_resamples=2).f1)
    assert np.quantile(draws, [0.025, 0.975]) == pytest.approx([score.low, score.high], abs=0.006)


def test_texts_that_do_not_pair_are_refused() -> None:
    with pytest.raises(ContractError, match="1 texts in gold, 0 found"):
        score_cuts([[(0, 1)]], [])


def test_trimmed_spans_hold_no_outer_space() -> None:
    assert trim_spans(" ab  c ", [(0, 3), (3, 5), (5, 7)]) == [(1, 3), (5, 6)]


def test_marks_are_read() -> None:
    assert parse_cut("一句。‖ Two. ‖三", mark="‖") == ("一句。 Two. 三", ((0, 3), (4, 8), (9, 10)))
    assert parse_cut("a_b c|d", mark="|", space="_") == ("a b cd", ((0, 3), (4, 5), (5, 6)))


@pytest.mark.parametrize(
    ("load", "line", "message"),
    [(load_cut_words, "all\t2008\tx\t0\t词", "line 2"), (load_cut_sentences, "development\tfr\tUn.", "line 2")],
)
def test_a_malformed_line_is_named(load: object, line: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "gold.txt"
    path.write_text(f"# comment\n{line}\n", encoding="utf-8")
    with pytest.raises(SourceError, match=message):
        load(path)


def test_the_hand_cut_sentences_are_those_of_the_sample() -> None:
    texts = {
        (report.edition.year, paragraph.number): paragraph.text
        for report in load_corpus()
        if report.edition.lang == "zh"
        for paragraph in report.paragraphs
    }
    for sentence in WORDS:
        whole = texts[sentence.edition, sentence.paragraph]
        assert whole[sentence.start : sentence.start + len(sentence.text)] == sentence.text
        assert sentence.group == ("development" if sentence.edition <= 2018 else "held-out")


def test_the_hand_cut_words_cover_their_sentences() -> None:
    assert len({sentence.text for sentence in WORDS}) == len(WORDS) >= 300
    for sentence in WORDS:
        left = list(sentence.text)
        for start, end in sentence.spans:
            left[start:end] = " " * (end - start)
        assert not "".join(left).strip()
        assert all(sentence.text[start:end].strip() == sentence.text[start:end] for start, end in sentence.spans)


def test_words_are_cut_about_as_the_reader_cut_them() -> None:
    """The bar is the one measured in benchmarks/segmentation_gold.md, less what a few sentences may shift it."""
    segmenter = Segmenter()
    found = [[(t.start, t.end) for t in segmenter.cut(item.text, lang="zh")] for item in WORDS]
    assert score_cuts([item.spans for item in WORDS], found).f1 > 0.95


def test_terms_are_whole_in_every_hand_cut_sentence() -> None:
    segmenter, n_terms = Segmenter(), 0
    for item in WORDS:
        starts = {token.start for token in segmenter.cut(item.text, lang="zh")}
        for start, end in default_matcher().find_terms(item.text):
            n_terms += 1
            assert not any(start < cut < end for cut in starts)
    assert n_terms > 300


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("group", ["development", "held-out"])
def test_sentences_end_about_where_the_reader_ends_them(lang: str, group: str) -> None:
    mine = [item for item in SENTENCES if (item.lang, item.group) == (lang, group)]
    found = [trim_spans(item.text, split_sentences(item.text, lang=lang)) for item in mine]
    score = score_cuts([item.spans for item in mine], found)
    assert len(mine) >= 20
    assert score.f1 > 0.84
    assert score.recall > 0.95
