import numpy as np
import pytest

from textmine.annotate.line_model import Example
from textmine.annotate.tag import Tagger
from textmine.measure.line_answers import (
    LINES,
    Case,
    answer_dictionary,
    answer_likeliest,
    answer_majority,
    answer_plain,
    bound_difference,
    fit_plain,
    group_copies,
    make_cases,
    mark_right,
    settle_lines,
)
from textmine.reports.labels import load_labels

TRAIN = [
    Example(2008, "en", 1, "broadband backbone and cables", ("C2",)),
    Example(2008, "en", 2, "cables and the broadband network", ("C2",)),
    Example(2008, "en", 3, "journalists and the media", ("C9",)),
    Example(2009, "en", 1, "media and free journalists", ("C9",)),
    Example(2009, "en", 2, "the general assembly met", ()),
    Example(2009, "en", 3, "the assembly met again", ()),
    Example(2009, "en", 4, "it met in new york", ()),
]


def test_majority_says_the_commonest_and_names_the_last_of_equal_lines() -> None:
    found = answer_majority(TRAIN, 2)
    assert (found.said, found.forced) == (["none", "none"], ["C9", "C9"])


def test_dictionary_counts_sub_lines_as_their_line_and_takes_the_commonest() -> None:
    texts = ["E-health and telemedicine under C2.", "C4 before C5.", "Nothing at all."]
    assert answer_dictionary(Tagger(), texts).said == ["C7", "C4", "none"]


def test_the_plain_method_learns_and_never_names_none_where_it_must_name_a_line() -> None:
    found = answer_plain(fit_plain(TRAIN, "en"), ["broadband cables", "journalists", "assembly met"])
    assert found.said == ["C2", "C9", "none"]
    assert set(found.forced) <= {"C2", "C9"}


def test_likeliest_line_from_its_threshold_on() -> None:
    probabilities = np.full((2, len(LINES)), 0.01)
    probabilities[0, 3], probabilities[1, 10] = 0.5, 0.49
    found = answer_likeliest(probabilities, 0.5)
    assert (found.said, found.forced) == (["C4", "none"], ["C4", "C11"])


def test_any_of_the_true_lines_is_right() -> None:
    cases = [Case("", frozenset({"C1", "C2"}), False), Case("", frozenset({"none"}), False)]
    assert mark_right(["C2", "none"], cases).tolist() == [1, 1]
    assert mark_right(["none", "C2"], cases).tolist() == [0, 0]


def test_a_method_beside_itself_differs_by_nothing_and_signs_turn_with_the_sides() -> None:
    rng = np.random.default_rng(0)
    mine, theirs = (rng.random(60) < 0.8).astype(float), (rng.random(60) < 0.5).astype(float)
    groups = np.arange(60)
    assert bound_difference(mine, mine, groups) == (0, 0)
    low, high = bound_difference(mine, theirs, groups)
    assert low < mine.mean() - theirs.mean() < high
    turned = bound_difference(theirs, mine, groups)
    assert turned == pytest.approx((-high, -low), abs=1e-9)


def test_near_copies_stand_in_one_group_and_are_marked() -> None:
    text = "The quick brown fox jumps over the lazy dog every single day."
    texts = [text, "Something that is quite another thing altogether, isn't it?", text.replace("lazy", "lame")]
    groups = group_copies(texts)
    assert groups[0] == groups[2] != groups[1]
    assert [case.copied for case in make_cases([(item, {"C1"}) for item in texts[1:]], texts[:1])] == [False, True]


def test_settled_lines_are_those_of_the_gold_set() -> None:
    labels = load_labels("sample.action_line").filter(lang="en", edition=2019)
    for number, found in labels.group_by("paragraph"):
        lines = {concept.split(".")[0] for concept in found["concept"]}
        assert settle_lines("en")[2019, number[0]] == lines
