"""Concordance against Python's own search, with contexts by hand, and patterns that would hang another engine."""

import re
import time

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from textmine.errors import ContractError, UnknownOptionError
from textmine.publish.explore.concordance import find_concordance, list_concordance
from textmine.schema import make_table

ZH = "移动支付在非洲增长很快，云计算和移动支付都是新趋势。"
EN = "In Africa mobile payments grew fast; mobile payments (m-payments) are new."


def paragraphs(*texts: tuple[str, str]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {"edition": 2011, "lang": lang, "number": number, "text": text}
            for number, (lang, text) in enumerate(texts, 1)
        ],
        schema={"edition": pl.Int32, "lang": pl.String, "number": pl.Int32, "text": pl.String},
    )


def test_window_is_characters_in_chinese_and_words_in_english() -> None:
    found = find_concordance(paragraphs(("zh", ZH), ("en", EN)), "移动支付|mobile payments", regex=True,
                             window={"zh": 3, "en": 2})  # fmt: skip
    assert found.n == 4
    # By edition, language and paragraph: English first.
    assert found.table.select("start", "left", "node", "right").rows() == [
        (10, "In Africa ", "mobile payments", " grew fast;"),
        (37, "grew fast; ", "mobile payments", " (m-payments) are"),
        (0, "", "移动支付", "在非洲"),
        (16, "云计算和"[1:], "移动支付", "都是新"),
    ]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text(st.sampled_from("ab云计\U00020000算 \n.*$A"), max_size=30), max_size=4),
    st.sampled_from(["a", "云计算?", "[ab]+", ".", "b*", "a|云", "^a", "\U00020000"]),
)
def test_places_are_those_of_re(texts: list[str], pattern: str) -> None:
    found = find_concordance(paragraphs(*(("zh", text) for text in texts)), pattern, regex=True, limit=None)
    expected = [
        (number, match.start(), match.end())
        for number, text in enumerate(texts, 1)
        for match in re.finditer(pattern, text, re.IGNORECASE)
        if match.group()
    ]
    assert found.table.select("paragraph", "start", "end").rows() == expected
    for row in found.table.iter_rows(named=True):
        text = texts[row["paragraph"] - 1]
        assert row["node"] == text[row["start"] : row["end"]]
        assert row["left"] + row["node"] + row["right"] in text


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("a.+*?()|[]{}^$\\-~&#云 "), min_size=1, max_size=5).filter(str.strip))
def test_plain_text_is_found_as_it_stands(query: str) -> None:
    table = find_concordance(paragraphs(("zh", f"xx{query}yy")), query).table
    assert query in table["node"].to_list()


def test_case_and_traditional_characters() -> None:
    both = paragraphs(("en", "Cloud and cloud"), ("zh", "云计算"))
    assert find_concordance(both, "cloud").n == 2
    assert find_concordance(both, "cloud", case=True).n == 1
    assert find_concordance(both, "雲計算").n == 1


def test_a_pattern_that_backtracks_elsewhere_is_quick() -> None:
    start = time.perf_counter()
    assert find_concordance(paragraphs(("en", "a" * 50_000 + "b")), "(a+)+$", regex=True).n == 0
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize(
    ("query", "regex"),
    [("", False), ("  ", False), ("x" * 1001, False), ("(", True), (r"(?=a)b", True), (r"(a)\1", True)],
)
def test_what_cannot_be_searched_is_refused(query: str, regex: bool) -> None:
    with pytest.raises(UnknownOptionError, match="valid:"):
        find_concordance(paragraphs(("en", "a")), query, regex=regex)


def test_the_rest_is_counted_not_listed() -> None:
    found = find_concordance(paragraphs(("zh", "云" * 10), ("zh", "云" * 5)), "云", limit=12)
    assert (found.n, found.table.height) == (15, 12)
    assert found.table["paragraph"].to_list() == [1] * 10 + [2] * 2
    assert repr(found).splitlines()[0] == "15 places, the first 12 shown"


def test_nodes_stand_below_each_other_and_controls_are_shown() -> None:
    found = find_concordance(paragraphs(("zh", ZH), ("en", "x\x1b[31m mobile payments")), "移动支付|mobile", regex=True)
    lines = repr(found).splitlines()[1:]
    assert len({cell_len(line[: line.index("⟦")]) for line in lines}) == 1
    assert "\x1b" not in repr(found)


def test_tags_are_listed_with_their_context() -> None:
    tags = make_table("tags", [
        {"edition": 2011, "lang": "zh", "paragraph": 1, "scheme": "trend", "concept": "cloud", "start": start,
         "end": end, "surface": "", "evidence": "text", "score": 1.0}
        for start, end in [(12, 15), (12, 15), (None, None)]
    ])  # fmt: skip
    found = list_concordance(paragraphs(("zh", ZH)), tags, window={"zh": 2})
    assert found.table.select("left", "node", "right").rows() == [("快，", "云计算", "和移")]
    assert found.n == 1


def test_features_have_no_text_to_search() -> None:
    with pytest.raises(ContractError, match="running text"):
        find_concordance(paragraphs(("zh", ZH)).drop("text"), "云")
    with pytest.raises(UnknownOptionError, match="window"):
        find_concordance(paragraphs(("zh", ZH)), "云", window={"zh": -1})
