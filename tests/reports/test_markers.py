from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textmine.reports.lines import MEASURE, Line
from textmine.reports.markers import THRESHOLD, Marker, _candidates, find_markers

from .reading import growth


def lines(*texts: str) -> list[Line]:
    """Lines as extracted: a leading `|` says that no blank line stands before."""
    return [Line(i, text.lstrip("|"), False, not text.startswith("|")) for i, text in enumerate(texts, start=1)]


def found(texts: list[str], numbers: list[int]) -> list[tuple[int, int, int]]:
    return [(marker.number, marker.line, marker.start) for marker in find_markers(lines(*texts), numbers)]


@pytest.mark.parametrize(
    ("texts", "numbers", "markers"),
    [
        (["一。", "|1 本报告"], [1], [(1, 1, 0)]),
        (["一。", "|1"], [1], [(1, 1, 0)]),
        (["一。", "|1本报告"], [1], [(1, 1, 0)]),
        (["目标。1 然后"], [1], [(1, 0, 3)]),
        (["目标，1 然后"], [1], [(1, 0, 3)]),
        (["目标1，然后"], [1], [(1, 0, 2)]),
        (["国际和区域合作(C11)41"], [41], [(41, 0, 12)]),
        (["a survey,2 which"], [2], [(2, 0, 9)]),
        (["a survey2 which"], [2], [(2, 0, 8)]),
        (["called “open”3 by"], [3], [(3, 0, 13)]),
        (["One,1 two,2 three"], [1, 2], [(1, 0, 4), (2, 0, 10)]),
        (["One,1", "two,2", "three,3"], [1, 2, 3], [(1, 0, 4), (2, 1, 4), (3, 2, 6)]),
        (["One."], [1], []),
        ([], [1], []),
        (["One,1 two"], [], []),
        (["One,1 two"], [2], []),
        (["一。", "|2 二。", "|1 三"], [1, 2], [(2, 1, 0)]),  # the wrong way round: one of them has no marker
    ],
)
def test_markers_by_hand(texts: list[str], numbers: list[int], markers: list[tuple[int, int, int]]) -> None:
    assert found(texts, numbers) == markers


@pytest.mark.parametrize(
    "text",
    [
        "$5 million",
        "€ 5 m",
        "§5 says",
        "para. 5 of",
        "5.3 billion",
        "24.5 per",
        "(5) of",
        "2005/5 of",
        "1995 was",
        "5, 6 and 7",
        "5% of",
        "-5 degrees",
    ],
)
def test_numbers_in_running_text_are_no_markers(text: str) -> None:
    assert [number for number, _, _ in found([f"see {text}"], [5])] == []


@pytest.mark.parametrize("measure", MEASURE)
def test_a_count_at_a_line_start_is_no_marker(measure: str) -> None:
    assert found(["一些", f"5 {measure}国家"], [5]) == []


def test_the_marker_is_preferred_to_a_count_of_the_same_number() -> None:
    assert found(["在", "7 国家里。", "完成了。", "|7 然后"], [7]) == [(7, 3, 0)]


@pytest.mark.parametrize("text", ["to list every activity.2 They", "to list every activity.2", "ended in 2011.2 They"])
def test_a_marker_directly_after_a_full_stop(text: str) -> None:
    assert [number for number, _, _ in found([text], [2])] == [2]


@pytest.mark.parametrize("line", ["7 workshops were held", "3 in every 10 homes"])
def test_an_english_count_at_a_line_start_is_no_marker_of_a_lost_one(line: str) -> None:
    assert found(["to answer them,", line], [int(line[0])]) == []


@pytest.mark.parametrize("text", ["the Web2 of", "a G8 summit", "in Windows7, and"])
def test_a_number_that_belongs_to_a_name_is_no_marker_of_a_lost_one(text: str) -> None:
    assert found([text], [2, 7, 8]) == []


PIECES = st.lists(
    st.sampled_from(["一。", "|1 x", "|2", "3 x", "a,1 b", "b2 c,3", "|1 2 3", "4", "c,4 d.", "|3个"]), max_size=7
)


@given(PIECES, st.sets(st.integers(1, 4), max_size=4).map(sorted))
@settings(max_examples=200, deadline=None)
def test_the_choice_is_the_best_of_all_choices(texts: list[str], numbers: list[int]) -> None:
    page = lines(*texts)
    candidates = _candidates(page, {number: i for i, number in enumerate(numbers)})
    best = max(
        sum(score for score, _ in choice)
        for n in range(len(numbers) + 1)
        for choice in combinations(candidates, n)
        if all(a[1].number < b[1].number for a, b in pairwise(choice))
    )
    scores = {marker: score for score, marker in candidates}
    assert sum(scores[marker] for marker in find_markers(page, numbers)) == pytest.approx(best)


@given(st.lists(st.text(max_size=15), max_size=8), st.sets(st.integers(1, 30), max_size=6).map(sorted))
@settings(max_examples=150, deadline=None)
def test_a_marker_is_where_it_says_and_each_number_occurs_once(texts: list[str], numbers: list[int]) -> None:
    page = [Line(i, text, False, False) for i, text in enumerate(texts)]
    markers = find_markers(page, numbers)
    assert [int(page[m.line].text[m.start : m.end]) for m in markers] == [m.number for m in markers]
    assert len({m.number for m in markers}) == len(markers)


def test_a_convincing_place_has_at_least_the_threshold() -> None:
    scores = [score for score, _ in _candidates(lines("一。", "|1 x", "1个"), {1: 0})]
    assert scores == [3.0]
    assert min(scores) >= THRESHOLD


def test_many_numbers_in_a_page_take_linear_time() -> None:
    assert growth(lambda n: find_markers(lines(*["a,1 b,2 c,3 d"] * n), [1, 2, 3]), 2_000) < 10


def test_a_marker_is_frozen() -> None:
    with pytest.raises(AttributeError):
        Marker(1, 0, 0, 1).number = 2  # type: ignore[misc]
