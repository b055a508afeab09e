"""Numerals read back: any number, written out by a rule of its own, has its value again."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textmine.annotate.numerals import parse_chinese, parse_digits, parse_english

HAN = "零一二三四五六七八九"
ONES = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
TENS = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def in_chinese(number: int) -> str:
    """Write a number below a trillion as one says it: 零 for a gap, 十 without 一 at the start."""
    for size, unit in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if number >= size:
            above, below = divmod(number, size)
            gap = "零" if 0 < below < size // 10 else ""
            return in_chinese(above) + unit + gap + (in_chinese(below) if below else "")
    return HAN[number]


def in_english(number: int) -> str:
    if number < 20:
        return ONES[number]
    if number < 100:
        return TENS[number // 10] + (f"-{ONES[number % 10]}" if number % 10 else "")
    for size, unit in ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= size:
            above, below = divmod(number, size)
            return f"{in_english(above)} {unit}" + (
                (" and " if size == 100 else " ") + in_english(below) if below else ""
            )
    raise AssertionError(number)


NUMBERS = st.one_of(st.integers(1, 10**12 - 1), st.integers(1, 2000), st.sampled_from([10**n for n in range(12)]))


@settings(max_examples=300, deadline=None)
@given(NUMBERS)
def test_chinese_numerals_are_read_back(number: int) -> None:
    assert parse_chinese(in_chinese(number)) == number
    assert parse_chinese(in_chinese(number).removeprefix("一") if 10 <= number < 20 else in_chinese(number)) == number


@settings(max_examples=300, deadline=None)
@given(NUMBERS)
def test_english_numerals_are_read_back(number: int) -> None:
    assert parse_english(in_english(number)) == number


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**15))
def test_digits_are_read_back_with_any_separator(number: int) -> None:
    grouped = f"{number:,}"
    assert parse_digits(str(number)) == parse_digits(grouped) == parse_digits(grouped.replace(",", " ")) == number


@pytest.mark.parametrize(
    "written", ["三四", "一一", "千万", "百", "万", "亿", "二〇一一", "十百", "一百千", "三万五亿"]
)
def test_what_is_no_chinese_numeral(written: str) -> None:
    assert parse_chinese(written) is None


@pytest.mark.parametrize("written", ["two five", "twenty thirty", "ten two", "million billion"])
def test_what_is_no_english_numeral(written: str) -> None:
    assert parse_english(written) is None


@pytest.mark.parametrize("written", ["", "1,5", "1,23,456", "1.2.3", "12 34", "1,000,00", "x", "1" * 19, "٣a"])
def test_what_is_no_number_in_digits(written: str) -> None:
    assert parse_digits(written) is None
