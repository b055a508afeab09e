import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textmine.reports.unwrap import Fragment, Style, join_fragments, learn_style

from .reading import growth, squeeze

SPACED = Style(
    spaced_han=True, words=frozenset({"information", "stakeholder", "multi", "multi-stakeholder", "cooperation"})
)
TIGHT = Style(spaced_han=False, words=frozenset())


def join(*pieces: str, style: Style = SPACED) -> str:
    return join_fragments([Fragment(piece) for piece in pieces], style)[0]


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        ((), ""),
        (("",), ""),
        (("  ", "\u3000"), ""),
        (("one",), "one"),
        (("one", "two"), "one two"),
        (("one ", " two"), "one two"),
        (("one", "", "two"), "one two"),
        (("信通技", "术"), "信通技术"),
        (("信通技 ", "　术"), "信通技术"),
        (("2010", "年"), "2010 年"),
        (("使用", "ITU"), "使用 ITU"),
        (("信息。", "The"), "信息。The"),
        (("《报告》", "见"), "《报告》见"),
        (("𠀀", "𠀁"), "𠀀𠀁"),
        (("〇", "一"), "〇一"),
        (("a  \t b",), "a b"),
        (("90", "%"), "90%"),
        (("A (", "b)"), "A (b)"),
        (("A", "(b)"), "A (b)"),
        (("and/", "or"), "and/or"),
        (("2010-", "2011"), "2010-2011"),
        (("women’", "s"), "women’s"),
        (("http://a.org/x/", "y.html"), "http://a.org/x/y.html"),
        (("www.a.org/in", "dex.html"), "www.a.org/index.html"),
        (("😀", "😀"), "😀 😀"),
    ],
)
def test_what_stands_between_two_lines(pieces: tuple[str, ...], text: str) -> None:
    assert join(*pieces) == text


@pytest.mark.parametrize(("left", "right", "text"), [("2010", "年", "2010年"), ("使用", "ITU", "使用ITU")])
def test_a_document_that_sets_no_space_gets_none(left: str, right: str, text: str) -> None:
    assert join(left, right, style=TIGHT) == text


@pytest.mark.parametrize(
    ("left", "right", "text"),
    [
        ("infor-", "mation", "information"),
        ("multi-", "stakeholder", "multi-stakeholder"),
        ("unheard-", "of", "unheard-of"),
        ("coop-", "eration in", "coop-eration in"),  # the document does not show the word: the hyphen stays
        ("co-", "operation", "co-operation"),
        ("Infor-", "Mation", "Infor-Mation"),
    ],
)
def test_hyphens_at_a_line_end(left: str, right: str, text: str) -> None:
    style = Style(spaced_han=True, words=SPACED.words - {"cooperation"})
    assert join(left, right, style=style) == text


def test_a_hyphenated_word_at_the_start_of_a_sentence_is_known_in_lower_case() -> None:
    assert join("Infor-", "mation", style=learn_style("Some information is here.")) == "Information"


def test_a_soft_hyphen_at_a_line_end_joins_the_word() -> None:
    assert join("infor\u00ad", "mation") == "information"


def test_a_soft_hyphen_inside_a_line_disappears() -> None:
    assert join("infor\u00admation") == "information"


@pytest.mark.parametrize(
    ("left", "right", "text"),
    [
        ("they said “so.”", "The next", "they said “so.” The next"),
        ("the countries’", "needs", "the countries’ needs"),
        ("called it", "“open”", "called it “open”"),
        ("a list —", "and more", "a list — and more"),
        ("and so on…", "Then", "and so on… Then"),
    ],
)
def test_english_keeps_its_space_beside_curly_quotes_and_dashes(left: str, right: str, text: str) -> None:
    assert join(left, right, style=learn_style("An English text.")) == text


@pytest.mark.parametrize(
    ("left", "right", "text"),
    [
        ("see www.a.org/b.", "The next", "see www.a.org/b. The next"),
        ("see http://a.org/b;", "see also", "see http://a.org/b; see also"),
    ],
)
def test_a_sentence_after_an_address_keeps_its_space(left: str, right: str, text: str) -> None:
    assert join(left, right) == text


@pytest.mark.parametrize(
    ("text", "spaced"),
    [
        ("", True),
        ("2010 年有 19 个", True),
        ("2010年有19个", False),
        ("2010年 ITU", True),
        ("no Han", True),
        ("2010\n年", True),
    ],
)
def test_the_document_shows_whether_it_sets_spaces(text: str, spaced: bool) -> None:
    assert learn_style(text).spaced_han is spaced


def test_the_document_shows_its_words_in_lower_case() -> None:
    assert learn_style("Multi-stakeholder use. USE it").words == {"multi-stakeholder", "use", "it"}


def test_markers_keep_their_place() -> None:
    fragments = [Fragment("One,"), Fragment("and two.", 1), Fragment("", 2), Fragment("Three", 3), Fragment("", 4)]
    assert join_fragments(fragments, SPACED) == ("One, and two. Three", [(1, 4), (2, 13), (3, 13), (4, 19)])


def test_a_marker_before_everything_stands_at_0() -> None:
    assert join_fragments([Fragment("One", 1)], SPACED) == ("One", [(1, 0)])


words = st.text(alphabet="abcdefgh", min_size=1, max_size=9)
han = st.text(alphabet="信通技术的发展报告，。", min_size=1, max_size=30)


@given(st.lists(words, min_size=1, max_size=30), st.data())
@settings(max_examples=60, deadline=None)
def test_latin_text_comes_back_whatever_the_line_length(found: list[str], data: st.DataObject) -> None:
    breaks = data.draw(st.lists(st.booleans(), min_size=len(found), max_size=len(found)))
    lines, line = [], ""
    for word, new in zip(found, breaks, strict=True):
        if new and line:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    assert join(*lines, line) == " ".join(found)


@given(han, st.integers(1, 10))
@settings(max_examples=60, deadline=None)
def test_chinese_text_comes_back_whatever_the_line_length(text: str, width: int) -> None:
    assert join(*(text[i : i + width] for i in range(0, len(text), width))) == text


@given(st.lists(st.tuples(st.text(max_size=12), st.none() | st.integers(1, 99)), max_size=12))
@settings(max_examples=150, deadline=None)
def test_offsets_stay_inside_and_rise_for_any_text(pieces: list[tuple[str, int | None]]) -> None:
    text, markers = join_fragments([Fragment(piece, number) for piece, number in pieces], SPACED)
    offsets = [offset for _, offset in markers]
    assert offsets == sorted(offsets)
    assert all(0 <= offset <= len(text) for offset in offsets)


@given(st.lists(st.text(max_size=12), max_size=12))
@settings(max_examples=150, deadline=None)
def test_only_hyphens_and_white_space_can_get_lost(pieces: list[str]) -> None:
    whole = squeeze("".join(pieces))
    text = squeeze(join(*pieces))
    without = str.maketrans("", "", "-\u00ad")
    # A mark may have met its letter where lines were joined.
    kept, expected = (unicodedata.normalize("NFD", side.translate(without)) for side in (text, whole))
    assert kept == expected


@given(st.lists(st.text(max_size=12), max_size=12))
@settings(max_examples=100, deadline=None)
def test_a_joined_text_joins_to_itself(pieces: list[str]) -> None:
    text = join(*pieces)
    assert join(text) == text


def test_a_joined_text_is_nfc() -> None:
    text = join("cafe\u00ad\u0301 society")
    assert text == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("line", ["some words in a line", "一些汉字在这一行里", "x"])
def test_many_lines_are_joined_in_linear_time(line: str) -> None:
    assert growth(lambda n: join(*[line] * n), 5_000) < 9


def test_a_long_run_of_letters_is_joined_in_linear_time() -> None:
    assert growth(lambda n: join("a" * n, "b"), 20_000) < 9
