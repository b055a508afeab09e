import sys
import time
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

import opencc
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from textmine.annotate.match import Matcher, default_matcher
from textmine.annotate.segment import Segmenter, Token
from textmine.annotate.sentences import split_sentences
from textmine.annotate.taxonomy import load_taxonomy
from textmine.errors import UnknownOptionError

from .toys import BOTH, MIXED_TEXT, toy_concept, toy_taxonomy

SEGMENTER = Segmenter()
TERM = "云计算"
each_language = pytest.mark.parametrize("lang", BOTH)


def blocks(size: int = 1024) -> Iterator[str]:
    """Every assigned code point, and some of the others; surrogates have a test of their own."""
    block: list[str] = []
    for code in range(sys.maxunicode + 1):
        category = unicodedata.category(chr(code))
        if category != "Cs" and (category not in {"Cn", "Co"} or code % 0x1000 in {0, 0xFFE, 0xFFF}):
            block.append(chr(code))
        if len(block) == size:
            yield "".join(block)
            block = []
    yield "".join(block)


def broken_promises(text: str, lang: str) -> list[str]:
    """Return what a segmentation of a text promises and doesn't keep."""
    tokens = SEGMENTER.cut(text, lang=lang)
    broken = [f"{token} isn't text[start:end]" for token in tokens if token.text != text[token.start : token.end]]
    broken += [f"{token} is empty" for token in tokens if token.start >= token.end]
    broken += [f"{one} and {two} overlap or change places" for one, two in pairwise(tokens) if one.end > two.start]
    covered = [0] * len(text)
    for token in tokens:
        for i in range(token.start, token.end):
            covered[i] += 1
    broken += [
        f"U+{ord(char):04X} at {i} is in {covered[i]} tokens"
        for i, char in enumerate(text)
        if covered[i] != 1 and not char.isspace()
    ]
    spans = {(token.start, token.end) for token in tokens}
    terms = set(SEGMENTER.matcher.find_terms(text))
    broken += [f"term {text[slice(*term)]!r} isn't a token" for term in sorted(terms - spans)]
    broken += [
        f"{token} has white space in it"
        for token in tokens
        if (token.start, token.end) not in terms and any(char.isspace() for char in token.text)
    ]
    sentences = split_sentences(text, lang=lang)
    broken += [
        f"{token} isn't in its sentence"
        for token in tokens
        if not sentences[token.sentence][0] <= token.start < sentences[token.sentence][1]
    ]
    return broken


@each_language
@pytest.mark.parametrize(("glue", "n"), [(" ", 1), (TERM, 8)])
def test_promises_hold_for_all_of_unicode(glue: str, n: int, lang: str) -> None:
    texts = (glue.join(block[i : i + n] for i in range(0, len(block), n)) for block in blocks())
    broken = [promise for text in texts for promise in broken_promises(text, lang)]
    assert broken == []


def test_promises_hold_for_all_of_unicode_without_a_gap() -> None:
    broken = [promise for block in blocks() for promise in broken_promises(block, "zh")]
    assert broken == []


def test_promises_hold_for_all_of_unicode_without_a_gap_in_english() -> None:
    # In short pieces: spaCy takes quadratic time for a long piece without white space.
    broken = [promise for block in blocks(64) for promise in broken_promises(block, "en")]
    assert broken == []


@each_language
@settings(max_examples=150, deadline=None)
@given(text=MIXED_TEXT)
@example(text="www.un.org/云计算/cloud computing?x=1云计算")
@example(text="云计算\u3000\u00a0cloud\ncomputing\u2028移动电话")
@example(text="don't can't U.S. e.g. :-) (^_^) 10km $5 5% 1,000.5 a.m. can not gonna")
@example(text="ICTs'ICT's“ICT”ICT/ICT-ICT_ICT.ICT…")
def test_promises_hold_for_mixed_text(lang: str, text: str) -> None:
    assert broken_promises(text, lang) == []


@each_language
@settings(max_examples=150, deadline=None)
@given(text=st.text(st.characters(exclude_categories=("Cs",)), max_size=60))
def test_promises_hold_for_any_text(lang: str, text: str) -> None:
    assert broken_promises(text, lang) == []


@each_language
@pytest.mark.official
def test_promises_hold_for_the_official_text(lang: str, official_text: str) -> None:
    broken = broken_promises(official_text, lang)
    assert broken == []


@each_language
@pytest.mark.parametrize("name", ["2011.zh", "2024.zh", "2011.en", "2024.en"])
def test_promises_hold_for_the_sample(lang: str, name: str, sample_texts: dict[str, str]) -> None:
    assert broken_promises(sample_texts[name], lang) == []


@each_language
def test_every_form_of_the_taxonomy_is_one_token(lang: str) -> None:
    forms = {form for concept in load_taxonomy() for own in BOTH for form in concept.forms[own]}
    assert [form for form in sorted(forms) if len(SEGMENTER.cut(form, lang=lang)) != 1] == []


@each_language
def test_a_lone_surrogate_does_no_harm(lang: str) -> None:
    assert broken_promises("a\ud800云", lang) == []


TOY = toy_taxonomy(
    toy_concept("cloud", zh=("云计算", "云"), en=("cloud computing", "Cloud Computings"), one_name=True),
    toy_concept("both", zh=("计算机",), en=("computing machine", "who")),
    toy_concept("who", en=("WHO",), zh=("世卫",), scheme="organisation", one_name=True),
)
TOY_SEGMENTER = Segmenter(Matcher(TOY))


def words(text: str, lang: str) -> list[str]:
    return [token.text for token in TOY_SEGMENTER.cut(text, lang=lang)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \t\n\u3000", []),
        ("。", ["。"]),
        ("。，！", ["。", "，", "！"]),
        ("的", ["的"]),
        ("云计算机", ["云计算机"]),
        ("用云计算。", ["用", "云计算", "。"]),
        ("2010年", ["2010", "年"]),
        ("12.5%的人", ["12.5%", "的", "人"]),
        ("１２％", ["１２", "％"]),
        ("1,000,000个", ["1,000,000", "个"]),
        ("3.", ["3", "."]),
        ("A/66/64号", ["A/66/64", "号"]),
        ("Web2.0和4G", ["Web2.0", "和", "4", "G"]),
        ("见http://www.itu.int/a?b=1。", ["见", "http://www.itu.int/a?b=1", "。"]),
        ("www.un.org/云计算", ["www.un.org/", "云计算"]),
        ("e-health服务", ["e-health", "服务"]),
        ("l’été", ["l", "’", "été"]),
        ("l’ete", ["l’ete"]),
        ("I’m", ["I’m"]),
        ("ＩＣＴ发展", ["ＩＣＴ", "发展"]),
        ("𠀀㐀", ["𠀀", "㐀"]),
        ("😀👩‍💻", ["😀", "👩", "\u200d", "💻"]),
        ("a_b", ["a", "_", "b"]),
        ("雲計算", ["雲計算"]),
        ("cloud computing机", ["cloud computing", "机"]),
    ],
)
def test_chinese_tokens(text: str, expected: list[str]) -> None:
    assert words(text, "zh") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n ", []),
        ("...", ["..."]),
        ("One", ["One"]),
        ("It isn't so.", ["It", "is", "n't", "so", "."]),
        ("cloud computing, now", ["cloud computing", ",", "now"]),
        ("cloud computing's cost", ["cloud computing", "'s", "cost"]),
        ("cloud computing machine", ["cloud computing machine"]),
        ("(cloud-computing)", ["(", "cloud", "-", "computing", ")"]),
        ("12.5% of 1,000", ["12.5", "%", "of", "1,000"]),
        ("U.S.-based", ["U.S.-based"]),
        ("用云计算的 system", ["用", "云计算", "的", "system"]),
        ("two  spaces", ["two", "spaces"]),
        ("non\u00a0breaking", ["non", "breaking"]),
    ],
)
def test_english_tokens(text: str, expected: list[str]) -> None:
    assert words(text, "en") == expected


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("雲計算", "zh", ["标签cloud"]),  # a name of one thing takes the label
        ("雲計算", "en", ["label cloud"]),  # in the language of the text
        ("cloud computing", "zh", ["标签cloud"]),
        ("计算机", "zh", ["计算机"]),  # forms of several things keep their own
        ("計算機", "zh", ["计算机"]),
        ("WHO", "en", ["label who"]),
        ("WHO who", "en", ["label who", "who"]),
        ("發展", "zh", ["发展"]),
        ("ＩＣＴ", "zh", ["ict"]),
        ("Policies were MADE", "en", ["policy", "be", "make"]),
        ("Straße", "en", ["straße"]),
        ("云计算机", "zh", ["云计算机"]),  # two forms grown together are a name of neither
    ],
)
def test_norms(text: str, lang: str, expected: list[str]) -> None:
    assert [token.norm for token in TOY_SEGMENTER.cut(text, lang=lang)] == expected


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("的发展", "zh", [True, False]),
        ("在云计算", "zh", [True, False]),
        ("The policy was made", "en", [True, False, True, True]),
        ("WHO knows who", "en", [False, False, True]),
    ],
)
def test_stop_words(text: str, lang: str, expected: list[bool]) -> None:
    assert [token.is_stop for token in TOY_SEGMENTER.cut(text, lang=lang)] == expected


def test_traditional_characters_are_cut_as_simplified_ones(sample_texts: dict[str, str]) -> None:
    text = sample_texts["2011.zh"]
    traditional = opencc.OpenCC("s2t").convert(text)
    assert len(traditional) == len(text)
    lines = list(zip(text.splitlines(), traditional.splitlines(), strict=True))
    same = [
        [token[:2] for token in SEGMENTER.cut(one, lang="zh")] == [token[:2] for token in SEGMENTER.cut(two, lang="zh")]
        for one, two in lines
    ]
    assert traditional != text
    assert sum(same) > 0.97 * len(same)  # the rest: characters that simplify to others than they came from


def test_sentences_are_counted_from_0() -> None:
    tokens = TOY_SEGMENTER.cut("一。\n二！三", lang="zh")
    assert [(token.text, token.sentence) for token in tokens] == [("一", 0), ("。", 0), ("二", 1), ("！", 1), ("三", 2)]


def test_no_form_of_the_taxonomy_becomes_a_stop_word() -> None:
    forms = {form for concept in load_taxonomy() for form in concept.forms["en"]}
    assert [form for form in sorted(forms) if any(token.is_stop for token in SEGMENTER.cut(form, lang="en"))] == []


@pytest.mark.parametrize("name", ["AI", "US", "IT"])
def test_an_abbreviation_in_capitals_is_not_a_stop_word(name: str) -> None:
    assert not SEGMENTER.cut(f"The {name} report", lang="en")[1].is_stop


@pytest.mark.parametrize("lang", ["", "EN", "fr", "zh "])
def test_an_unknown_language_lists_the_valid_ones(lang: str) -> None:
    with pytest.raises(UnknownOptionError, match="zh, en"):
        SEGMENTER.cut("x", lang=lang)


def test_tokens_are_tuples_in_the_order_of_the_table() -> None:
    assert Token._fields == ("start", "end", "text", "norm", "is_stop", "sentence")


@each_language
def test_cutting_again_gives_the_same(lang: str) -> None:
    text = "We use 云计算. 他们也用cloud computing。"
    assert SEGMENTER.cut(text, lang=lang) == Segmenter(default_matcher()).cut(text, lang=lang)


@each_language
def test_an_enormous_text_is_cut_to_its_end(lang: str) -> None:
    text = "云计算 is good. 好。" * 15_000
    last = SEGMENTER.cut(text, lang=lang)[-1]
    assert last.end == len(text)


def test_more_than_two_million_characters_of_english_are_cut() -> None:
    n_tokens = len(SEGMENTER.cut(("w" * 49 + " ") * 40_001, lang="en"))
    assert n_tokens == 40_001


def test_a_long_run_of_brackets_takes_no_time_in_english() -> None:
    started = time.process_time()
    SEGMENTER.cut("(" * 3_000, lang="en")
    assert time.process_time() - started < 0.2
