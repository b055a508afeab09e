from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textmine.reports.numbering import (
    GAP_COST,
    MAX_GAP,
    Label,
    Link,
    chain_numbers,
    read_han_numeral,
    read_label,
    read_roman_numeral,
)

from .reading import growth

HAN = "一二三四五六七八九"
ROMAN = [
    tens + ones
    for tens in ("", "X", "XX", "XXX")
    for ones in ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
][1:]


def spell_han(value: int) -> str:
    tens, ones = divmod(value, 10)
    return (HAN[tens - 1] if tens > 1 else "") + ("十" if tens else "") + (HAN[ones - 1] if ones else "")


@pytest.mark.parametrize("value", range(1, 100))
def test_han_numerals(value: int) -> None:
    assert read_han_numeral(spell_han(value)) == value


@pytest.mark.parametrize(("text", "value"), [(text, value) for value, text in enumerate(ROMAN, start=1)])
def test_roman_numerals_in_both_cases(text: str, value: int) -> None:
    assert (read_roman_numeral(text), read_roman_numeral(text.lower())) == (value, value)


@pytest.mark.parametrize("text", ["", "A", "IIII", "VV", "IC", "L", "XXXX", "I.", " I", "ＩＶ", "Ⅳ", "iix"])
def test_what_is_no_roman_numeral(text: str) -> None:
    assert read_roman_numeral(text) is None


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("一. 主要趋势", Label(1, "一", 1, "主要趋势")),
        ("二、导言", Label(1, "二", 2, "导言")),
        ("十二．附件", Label(1, "十二", 12, "附件")),
        ("I. Key trends", Label(1, "I", 1, "Key trends")),
        ("IV.     Key trends", Label(1, "IV", 4, "Key trends")),
        ("A. Mobile access", Label(2, "A", 1, "Mobile access")),
        ("1. Africa", Label(3, "1", 1, "Africa")),
        ("10.  Africa", Label(3, "10", 10, "Africa")),
        ("(a) Action lines", Label(4, "(a)", 1, "Action lines")),
        ("（b）行动方针", Label(4, "(b)", 2, "行动方针")),
        ("(一) 媒体", Label(5, "(一)", 1, "媒体")),
        ("（十一）国际和区域合作", Label(5, "(十一)", 11, "国际和区域合作")),
        ("(i) Media", Label(5, "(i)", 1, "Media")),
        ("(viii) Media", Label(5, "(viii)", 8, "Media")),
        ("  (ii)  Media  ", Label(5, "(ii)", 2, "Media")),
    ],
)
def test_labels(line: str, label: Label) -> None:
    assert read_label(line) == label


@pytest.mark.parametrize(
    "line",
    [
        "",
        "导言",
        "E-government",
        "A report",
        "2011 was",
        "1.5 million",
        "U.S. policy",
        "i. x",
        "(2011) x",
        "(Abc) x",
        "百. x",
        "1) x",
        "一",
    ],
)
def test_lines_without_a_label(line: str) -> None:
    assert read_label(line) is None


@pytest.mark.parametrize(
    ("line", "last", "level"),
    [
        ("I. Annex", {2: 8}, 2),  # A. to H. came before
        ("I. Part", {2: 3}, 1),
        ("V. Part", {1: 4, 2: 2}, 1),
        ("V. Letter", {1: 1, 2: 21}, 2),
        ("(i) Letter", {4: 8}, 4),
        ("(i) Numeral", {4: 1}, 5),
        ("(v) Numeral", {4: 1, 5: 4}, 5),
        ("(c) Letter", {4: 2, 5: 4}, 4),
    ],
)
def test_what_is_open_tells_letters_from_roman_numerals(line: str, last: dict[int, int], level: int) -> None:
    label = read_label(line, last)
    assert label is not None
    assert label.level == level


def total_of(chain: list[Link]) -> float:
    """The score of a chain by the definition in the docstring."""
    before, total = 0, 0.0
    for link in chain:
        missing = link.number - before - 1
        total += link.score - GAP_COST * (min(missing, MAX_GAP) if before == 0 else missing)
        before = link.number
    return total


def is_chain(chain: tuple[Link, ...]) -> bool:
    steps = [b.number - a.number for a, b in pairwise(chain)]
    return all(1 <= step <= MAX_GAP + 1 for step in steps)


links = st.lists(st.tuples(st.integers(1, 12), st.sampled_from([0.1, 0.5, 1.0, 2.0])), max_size=9).map(
    lambda found: [Link(number, place, score) for place, (number, score) in enumerate(found)]
)


@given(links)
@settings(max_examples=150, deadline=None)
def test_chain_is_the_best_of_all_chains(found: list[Link]) -> None:
    chains = [c for n in range(1, len(found) + 1) for c in combinations(found, n) if is_chain(c)]
    best = max((total_of(list(chain)) for chain in chains), default=0.0)
    assert total_of(chain_numbers(found)) == pytest.approx(best)


@given(links)
@settings(max_examples=100, deadline=None)
def test_chain_rises_in_number_and_place(found: list[Link]) -> None:
    chain = chain_numbers(found)
    assert all(a.number < b.number and a.place < b.place for a, b in pairwise(chain))


@given(st.integers(1, 200), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_stray_numbers_do_not_break_a_full_chain(n: int, random: object) -> None:
    found = []
    for number in range(1, n + 1):
        found.append(Link(number, len(found), 1.0))
        if random.random() < 0.3:  # type: ignore[attr-defined]
            found.append(Link(random.randint(n + 40, 999), len(found), 0.4))  # type: ignore[attr-defined]
    assert [link.number for link in chain_numbers(found)][:n] == list(range(1, n + 1))


@pytest.mark.parametrize(
    ("numbers", "chain"),
    [
        ([], []),
        ([1], [1]),
        ([7], [7]),
        ([1, 2, 2, 3], [1, 2, 3]),
        ([1, 2, 4, 5, 6, 7], [1, 2, 4, 5, 6, 7]),  # one number lost: the gap is cheaper than the rest
        ([1, 1, 1], [1]),
        ([3, 2, 1], [1]),
        ([1, 2, 3, 1, 2, 3, 4], [1, 2, 3, 4]),  # a list inside a paragraph
        ([1, 999, 2], [1, 2]),
    ],
)
def test_chains_by_hand(numbers: list[int], chain: list[int]) -> None:
    found = chain_numbers(Link(number, place, 1.0) for place, number in enumerate(numbers))
    assert [link.number for link in found] == chain


def test_a_chain_is_found_in_linear_time() -> None:
    ratio = growth(lambda n: chain_numbers(Link(i % 999 + 1, i, 1.0) for i in range(n)), 10_000)
    assert ratio < 9
