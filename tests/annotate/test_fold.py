import sys
import unicodedata

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textmine.annotate.fold import fold_text, list_folded

EVERY_CHARACTER = [chr(code) for code in range(sys.maxunicode + 1)]
CJK = [
    chr(code) for first, last in ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x2A6DF)) for code in range(first, last)
]


@pytest.mark.parametrize("lower", [True, False])
def test_every_code_point_folds_to_one_code_point(lower: bool) -> None:
    wrong = [hex(ord(char)) for char in EVERY_CHARACTER if len(fold_text(char, lower=lower)) != 1]
    assert wrong == []


def test_all_of_unicode_at_once_folds_as_its_characters_do() -> None:
    assert fold_text("".join(EVERY_CHARACTER)) == "".join(fold_text(char) for char in EVERY_CHARACTER)


def test_characters_that_fold_to_those_of_a_text_are_listed_all() -> None:
    texts = ["云计算 — ICT", "发展\ufffd"]
    listed = list_folded(iter(texts))
    held = set("".join(texts)) - {"\ufffd"}  # which halves of surrogate pairs fold to
    expected = {c: f for c in EVERY_CHARACTER if (f := fold_text(c, lower=False)) != c and f in held}
    assert listed == expected
    assert list(listed) == sorted(listed)
    assert {listed[c] for c in "發髮"} == {"发"}


@pytest.mark.parametrize("lower", [True, False])
def test_white_space_stays_white_space_and_nothing_becomes_it(lower: bool) -> None:
    wrong = [hex(ord(c)) for c in EVERY_CHARACTER if c.isspace() != (fold_text(c, lower=lower) == " ")]
    assert wrong == []


def test_folding_twice_is_folding_once() -> None:
    folded = fold_text("".join(EVERY_CHARACTER))
    wrong = [hex(i) for i, (once, twice) in enumerate(zip(folded, fold_text(folded), strict=True)) if once != twice]
    assert wrong == []


def test_case_is_folded_after_everything_else_is() -> None:
    wrong = [hex(ord(c)) for c in EVERY_CHARACTER if fold_text(fold_text(c, lower=False)) != fold_text(c)]
    assert wrong == []


def test_simplified_is_what_opencc_says_of_the_character_alone() -> None:
    simplified = opencc.OpenCC("t2s").convert("\n".join(CJK)).split("\n")
    wrong = [
        char
        for char, expected in zip(CJK, simplified, strict=True)
        if len(expected) == 1 and unicodedata.name(char, "") and fold_text(char) != expected
    ]
    assert wrong == ["薴"]  # OpenCC says 苧, and of that 苎


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", ""),
        ("ICT", "ict"),
        ("ＩＣＴ４Ｄ％", "ict4d%"),
        ("雲計算", "云计算"),
        ("資訊社會世界高峰會議", "资讯社会世界高峰会议"),
        ("信息社会", "信息社会"),
        ("a\u2010b\u2011c\u2012d\u2013e\u2014f\u2015g\u2212h\ufe58i\ufe63j\uff0d", "a-b-c-d-e-f-g-h-i-j-"),
        ("a\u00a0b\u2009c\u3000d\te\nf\u2028g", "a b c d e f g"),
        ("一ー～", "一ー~"),  # neither the number one nor the long vowel is a dash
        ("Straße", "straße"),
        ("ﬁ…½㈠", "ﬁ…½㈠"),  # would grow
        ("İ", "İ"),
        ("\u212a\u017f", "ks"),  # Kelvin sign, long s
        ("É\u0301", "é\u0301"),
        ("\u2f00\u2f54", "一水"),  # Kangxi radicals
        ("\uf900\U0002f804", "岂你"),  # compatibility Han, one astral: 豈, 你
        ("\U00020000😀👩‍💻", "\U00020000😀👩‍💻"),
        ("cloud²①", "cloud²①"),  # footnote and list marks are no digits of the text
        ("\ud800x\udfff", "\ufffdx\ufffd"),  # lone surrogates
        ("\u200b\ufeff\x00", "\u200b\ufeff\x00"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold_text(text) == folded


@pytest.mark.parametrize(("text", "folded"), [("ＷＨＯ who", "WHO who"), ("É—İ", "É-İ"), ("雲Ⅴ", "云V")])
def test_case_can_be_kept(text: str, folded: str) -> None:
    assert fold_text(text, lower=False) == folded


@settings(max_examples=200, deadline=None)
@given(st.text(), st.text())
def test_no_character_depends_on_its_neighbours(left: str, right: str) -> None:
    assert fold_text(left + right) == fold_text(left) + fold_text(right)


def test_an_enormous_text_keeps_its_length() -> None:
    text = "雲計算 ＩＣＴ ﬁ" * 200_000
    same_length = len(fold_text(text)) == len(text)  # outside the assert: pytest would print both
    assert same_length
