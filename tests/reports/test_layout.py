import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textmine.reports.layout import Layout, split_layout
from textmine.reports.lines import ends_sentence

from .reading import growth


def body_of(layout: Layout) -> list[str]:
    return [line.text for page, _ in layout.pages for line in page]


def notes_of(layout: Layout) -> dict[int, list[str]]:
    return {block.number: [line.text for line in block.lines] for block in layout.footnotes}


def furniture_of(layout: Layout) -> list[str]:
    return [line.text for line in layout.furniture]


@pytest.mark.parametrize(
    "text",
    [
        "目标已经实现。",
        "实现。”",
        "Done.",
        "Done.”",
        "Done?)",
        "namely:",
        "如下：",
        "first;",
        "第一；",
        "ok!",
        "…",
        "实现。 ",
        "“Done.”'",
        "(完。)",
    ],
)
def test_what_ends_a_sentence(text: str) -> None:
    assert ends_sentence(text)


@pytest.mark.parametrize(
    "text", ["", " ", "A. Mobile access", "实现", "Done,", "实现，", "(C11)", "“Web2.0”", "50%", "。1", "no. 5"]
)
def test_what_ends_no_sentence(text: str) -> None:
    assert not ends_sentence(text)


@pytest.mark.parametrize(
    "line",
    [
        "A/66/64",
        "E/2011/77",
        "A/66/64-E/2011/77",
        "A/66/64–E/2011/77",
        "A/66/64 E/2011/77",
        "A/66/64*",
        "A/RES/60/252",
        "E/CN.16/2011/2",
        "S/2011/77",
        "A/66/64 12",
        "GE.11-21234",
        "GE.11-21234 (C) 140311 150311",
        "GE.11-21234  3",
        "11-26004 (E) 120411",
        "11-26004",
        "2/18",
        "Page 3",
        "page 3 of 18",
        "第 3 页",
        "第3页",
    ],
)
def test_page_furniture(line: str) -> None:
    layout = split_layout(f"1. The first\n\n{line}\n\nparagraph ends.\n")
    assert (furniture_of(layout), body_of(layout)) == ([line], ["1. The first", "paragraph ends."])


@pytest.mark.parametrize(
    "line",
    [
        "A/66/64 was issued",
        "in A/66/64",
        "E/2011/77.",
        "2/18 of them",
        "Page three",
        "GE 11",
        "第 3 页的表",
        "2010",
        "24.6",
        "A report",
        "A/B",
        "and/or",
    ],
)
def test_what_is_no_page_furniture(line: str) -> None:
    assert furniture_of(split_layout(f"1. The first\n\n{line}\n\nparagraph ends.\n")) == []


@pytest.mark.parametrize(
    "line",
    [
        "2      GE.12-50990",
        "3/18 12-26004",
        "__________________",
        "_____",
        "*1226004*",
        "- 3 -",
        "– 3 –",
    ],
)
def test_page_furniture_of_other_editions(line: str) -> None:
    assert furniture_of(split_layout(f"1. The first\n\n{line}\n\nparagraph ends.\n")) == [line]


def test_page_numbers_that_count_up_are_furniture() -> None:
    layout = split_layout("1. One.\n\n2\n\n2. Two.\n\n3\n\n3. Three.\n\n4\n")
    assert sorted(furniture_of(layout)) == ["2", "3", "4"]


def test_two_lone_numbers_are_not_enough_for_page_numbers() -> None:
    assert furniture_of(split_layout("1. One.\n\n2\n\n2. Two.\n\n3\n")) == []


def test_a_number_that_directly_follows_its_text_is_no_page_number() -> None:
    assert furniture_of(split_layout("1. One.\n2\n\n2. Two.\n3\n\n3. Three.\n4\n")) == []


def test_paragraph_starts_by_line() -> None:
    assert split_layout("Title\n\n1. One.\n\n2. Two.\n").starts == {3: 1, 5: 2}


def test_everything_before_the_first_paragraph_is_front() -> None:
    assert [line.text for line in split_layout("Title\n\nSummary\n1. One.\n").front] == ["Title", "Summary"]


def test_a_numbered_heading_is_no_paragraph() -> None:
    text = "1. One.\n\n2. Two.\n\n1. Africa\n\n3. Three.\n\n2. Western Asia\n\n4. Four.\n"
    assert list(split_layout(text).starts.values()) == [1, 2, 3, 4]
    assert list(split_layout(text).starts) == [1, 3, 7, 11]


def test_a_year_at_a_line_start_is_no_paragraph() -> None:
    assert list(split_layout("1. In the year\n\n2010. It was.\n\n2. Two.\n").starts) == [1, 5]


@pytest.mark.parametrize("number", ["1．", "１．", "１."])
def test_full_width_numbers(number: str) -> None:
    assert split_layout(f"{number} 一。\n").starts == {1: 1}


@pytest.mark.parametrize("text", ["", "No number here.\n", "1.5 per cent of it.\n", "1 One.\n", "I. Title only\n"])
def test_a_text_without_numbered_paragraphs_has_no_starts(text: str) -> None:
    assert split_layout(text).starts == {}


@pytest.mark.parametrize("text", ["1.\nNumber alone.\n", "1．全角句点后面没有空格。\n"])
def test_a_number_set_off_from_its_text_or_not_at_all_is_a_start(text: str) -> None:
    assert split_layout(text).starts == {1: 1}


def test_a_footnote_block_in_the_middle_of_a_sentence() -> None:
    layout = split_layout("1. 一\n\n些字\n1 在这里\n\n 1 脚注。\n\n 继续。\n\n2. 二。\n")
    assert notes_of(layout) == {1: ["1 脚注。"]}
    assert [line.text for line in layout.pages[1][0]] == ["继续。", "2. 二。"]


def test_pages_know_the_numbers_of_their_footnotes() -> None:
    text = "1. One,1 two.2\n\n 1 Note one.\n\n 2 Note two.\n\n2. More.3\n\n 3 Note three.\n\n3. End.\n"
    assert [numbers for _, numbers in split_layout(text).pages] == [[1, 2], [3], []]


def test_a_footnote_of_two_lines() -> None:
    assert notes_of(split_layout("1. One.\n\n 1 A note that\ngoes on.\n\n2. Two.\n")) == {
        1: ["1 A note that", "goes on."]
    }


def test_a_footnote_that_runs_over_the_page() -> None:
    layout = split_layout("1. One,1 two\n\n 1 A note that\n\nA/66/64\nE/2011/77\n\ngoes on.\n\nthree.\n\n2. Two.\n")
    assert (notes_of(layout), body_of(layout)) == (
        {1: ["1 A note that", "goes on."]},
        ["1. One,1 two", "three.", "2. Two."],
    )


def test_footnotes_without_blank_lines_between() -> None:
    layout = split_layout("1. One,1 two,2 three.\n\n1 Note one.\n2 Note two.\n\n2. End.\n")
    assert notes_of(layout) == {1: ["1 Note one."], 2: ["2 Note two."]}


def test_footnotes_under_a_rule() -> None:
    layout = split_layout(
        "1. One.1\n\n__________________\n1 Note one.\n\n2. Two.2\n\n__________________\n2 Note two.\n\n3. End.\n"
    )
    assert notes_of(layout) == {1: ["1 Note one."], 2: ["2 Note two."]}


def test_an_indented_heading_after_a_footnote_does_not_say_how_pages_begin() -> None:
    text = (
        "1. One.\n1 Here.\n\n 1 Note one.\n\n  A. Heading\n\n2. Two\n2 are\n\n 2 Note two.\n\n"
        "here\n\nin\n\nall\n\nto see.\n\n3. Three.\n"
    )
    assert notes_of(split_layout(text)) == {1: ["1 Note one."], 2: ["2 Note two."]}


@pytest.mark.parametrize("count", ["2 个国家", "2 年以后", "2 countries", "2 workshops"])
def test_a_count_at_an_indented_line_start_is_no_footnote(count: str) -> None:
    text = (
        "  1. One,1 two\n  three four\n  five six.\n\n    1 Note one.\n\n"
        f"  These were held in all\n  {count} of\n  the region.\n\n  2. Two is here\n  and more.\n"
    )
    assert list(notes_of(split_layout(text))) == [1]


def test_line_numbers_and_setting() -> None:
    line = split_layout("1. One.\n\n  two\nthree\n").pages[0][0]
    assert [(x.number, x.text, x.indented, x.after_blank) for x in line] == [
        (1, "1. One.", False, True),
        (3, "two", True, True),
        (4, "three", False, False),
    ]


LINES = st.sampled_from(
    [
        "",
        "",
        " ",
        "\u3000",
        "1. One.",
        "2. Two is here",
        "3.  三。",
        "4. 四",
        "12. x.",
        " 1 Note.",
        " 2 注。",
        "3 more",
        "5",
        "7",
        "A/66/64",
        "E/2011/77 ",
        "GE.11-21234",
        "A. Heading",
        "  一. 标题",
        "(a) item;",
        "1. Africa",
        "some text here",
        "ends here.",
        "汉字没有句号",
        "。",
        "2010 年",
        "__________",
        "|x|",
        "\t- 😀 𠀀",
    ]
)


@given(st.lists(LINES, max_size=40))
@settings(max_examples=250, deadline=None)
def test_every_line_is_in_exactly_one_part(lines: list[str]) -> None:
    lines = ["1. First.", *lines]
    layout = split_layout("\n".join(lines))
    found = [*layout.front, *layout.furniture]
    found += [line for page, _ in layout.pages for line in page]
    found += [line for block in layout.footnotes for line in block.lines]
    expected = [(number, raw.strip()) for number, raw in enumerate(lines, start=1) if raw.strip()]
    assert sorted((line.number, line.text) for line in found) == expected


@given(st.lists(LINES, max_size=40))
@settings(max_examples=100, deadline=None)
def test_numbers_of_paragraphs_and_footnotes_rise(lines: list[str]) -> None:
    layout = split_layout("\n".join(["1. First.", *lines]))
    starts = [layout.starts[line] for line in sorted(layout.starts)]
    notes = [block.number for block in layout.footnotes]
    assert (starts, notes) == (sorted(set(starts)), sorted(set(notes)))


@pytest.mark.parametrize(
    "line", ["1. x", "1. x.", "x", " 1 note.", "7", "A/66/64", "(((((((", "." * 60, "1 1 1 1 1 1", "\u3000一"], ids=repr
)
def test_a_line_repeated_is_split_in_linear_time(line: str) -> None:
    assert growth(lambda n: split_layout("1. x.\n" + f"{line}\n" * n), 8_000) < 10


def test_a_symbol_before_much_white_space_is_read_in_linear_time() -> None:
    assert growth(lambda n: split_layout("1. x.\nA/66/64" + " " * n + "x\n"), 200) < 10
