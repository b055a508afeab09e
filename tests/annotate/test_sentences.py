import time

import pytest
from hypothesis import given, settings

from textmine.annotate.sentences import english_boundaries, split_sentences
from textmine.errors import UnknownOptionError

from .toys import BOTH, MIXED_TEXT

each_language = pytest.mark.parametrize("lang", BOTH)

CHINESE = [
    [],
    ["  "],
    ["。"],
    ["。。。"],
    ["没有句号"],
    ["一句。"],
    ["第一句。", "第二句。"],
    ["问？", "答！", "完"],
    ["什么？！", "真的。"],
    ["ASCII?", "Yes!", "好"],
    ["他说：“好。”", "然后走了。"],
    ["他说“好”。", "然后走了。"],
    ["「好。」", "『好！』", "走"],
    ["“为何？”，他问。", "没人答。"],
    ["“为何？！”、何时都没人答。", "完"],
    ["（见第3段。）", "下一句。"],
    ["《书？》", "下一句。"],
    ["他说：“（好。）”", "走。"],
    ["一。\n", "二。\n\n", "三"],
    ["一。\u3000", "二"],
    ["占 3.5%；A/66/64 号。", "第 1. 项"],
    ["等等……", "后来。"],
    ["ＩＣＴ．发展。", "好"],
    ["資訊社會。", "發展。"],
    ["😀。", "😀"],
    ["\U00020000。", "\U00020000"],
]

ENGLISH = [
    [],
    ["   "],
    ["."],
    ["One"],
    ["One. ", "Two."],
    ["Really? ", "Yes! ", "Good."],
    ["See No. 5. ", "Then go."],
    ["See Nos. 5 and 6. ", "Then go."],
    ["See paras. 5 to 7. ", "Then go."],
    ["In para. 5 it says so. ", "Then go."],
    ["It cites vol. 2 and pp. 3 to 5. ", "Then go."],
    ["Trade, e.g. in services, grew. ", "Then it fell."],
    ["See it (cf. the annex). ", "Then go."],
    ["Some (i.e. five) did. ", "Others didn’t."],
    ["The U.S. Government did. ", "Others didn’t."],
    ["Mr. Smith and Dr. Jones came. ", "They left."],
    ["It grew by 3.5 per cent. ", "Then it fell."],
    ["See www.itu.int/a?b=1 now. ", "Then go."],
    ["He said “Go.” ", "Then he left."],
    ["He said: “Go.” ", "“Why?” ", "Then he left."],
    ["It rose. ", "(It fell later.) ", "It rose."],
    ["It rose. ", "[Note.] ", "It rose."],
    ["It rose.\n", "It fell."],
    ["It rose.\u00a0", "It fell."],
    ["Resolution 60/252 of 27 March 2006. ", "Then go."],
    ["WSIS, IGF etc. ", "Then go."],
    ["Lines, masts etc. were built. ", "Then go."],
    ["Two outcomes: 1. a plan; 2. a fund. ", "Then go."],
    ["1. Set up a fund. ", "2. Train teachers. ", "3. Publish data."],
    ["It has risen to 5. ", "Then it fell."],
    ["“Who pays?” asked the chair. ", "Nobody knew."],
    ["Prof. Chan came, with approx. 5 of the Dept. of Law. ", "They left."],
    ["It rose😀. ", "It fell."],
]


@pytest.mark.parametrize("sentences", CHINESE, ids="".join)
def test_chinese_sentences(sentences: list[str]) -> None:
    text = "".join(sentences)
    assert [text[start:end] for start, end in split_sentences(text, lang="zh")] == sentences


def shown(text: str, lang: str) -> list[str]:
    return [text[start:end].strip() for start, end in split_sentences(text, lang=lang)]


@pytest.mark.parametrize("sentences", ENGLISH, ids="".join)
def test_english_sentences(sentences: list[str]) -> None:
    text = "".join(sentences)
    assert shown(text, "en") == [sentence.strip() for sentence in sentences]


@each_language
@settings(max_examples=200, deadline=None)
@given(text=MIXED_TEXT)
def test_sentences_cover_a_text_without_gap_or_overlap(lang: str, text: str) -> None:
    assert "".join(text[start:end] for start, end in split_sentences(text, lang=lang)) == text


@each_language
@settings(max_examples=200, deadline=None)
@given(text=MIXED_TEXT)
def test_no_sentence_is_empty(lang: str, text: str) -> None:
    assert all(start < end for start, end in split_sentences(text, lang=lang))


@settings(max_examples=100, deadline=None)
@given(MIXED_TEXT)
def test_chinese_sentences_end_at_a_mark(text: str) -> None:
    marks = set("。！？!?…”’」』）)》\"'")
    assert all(text[start:end].rstrip()[-1:] in marks for start, end in split_sentences(text, lang="zh")[:-1])


@settings(max_examples=100, deadline=None)
@given(MIXED_TEXT)
def test_english_boundaries_lie_in_the_text_and_hold_its_ends(text: str) -> None:
    cuts = english_boundaries(text)
    assert (min(cuts), max(cuts)) == (0, len(text))


def test_english_boundaries_are_those_of_words_and_marks() -> None:
    assert english_boundaries("It isn't. So") == {0, 2, 3, 5, 8, 9, 10, 12}


@pytest.mark.parametrize("lang", ["", "ZH", "fr"])
def test_an_unknown_language_lists_the_valid_ones(lang: str) -> None:
    with pytest.raises(UnknownOptionError, match="zh, en"):
        split_sentences("x", lang=lang)


@pytest.mark.parametrize(
    ("lang", "text", "n"),
    [
        ("zh", "见http://www.itu.int/a?b=1。完", 2),
        ("zh", "我想…但是不行。", 1),
        ("en", "See vol. II and chap. IV. Then go.", 2),
        ("en", "(Cf. the annex.) Then go.", 2),
        ("en", "Fig. 3 shows it. Then go.", 2),
    ],
)  # fmt: skip
def test_sentences_that_a_reader_would_see(lang: str, text: str, n: int) -> None:
    assert len(split_sentences(text, lang=lang)) == n


def test_an_enormous_chinese_text_is_split_to_its_end() -> None:
    assert split_sentences("很好。" * 200_000, lang="zh")[-1] == (599_997, 600_000)


def test_an_enormous_english_text_is_split_to_its_end() -> None:
    assert split_sentences("It is good. " * 20_000, lang="en")[-1][1] == 240_000


def test_many_abbreviations_take_no_time() -> None:
    started = time.process_time()
    split_sentences("See No. 5 " * 2_500, lang="en")
    assert time.process_time() - started < 0.4
