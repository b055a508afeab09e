import pytest

from textmine.reports.headings import (
    MAX_LENGTH,
    UNNUMBERED_LEVEL,
    HeadingLine,
    Outline,
    group_headings,
    split_headings,
)

WIDTH = 40


def lines(*texts: str) -> list[HeadingLine]:
    return [HeadingLine(i, text, i + 1, after_blank=True) for i, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("texts", "kept"),
    [
        (["1. One."], 1),
        (["1. One.", "A. Mobile access"], 1),
        (["1. One.", "I. Key trends", "A. Mobile access"], 1),
        (["1. One", "two.", "A. Mobile access"], 2),
        (["1. 一。", "电子政务"], 1),
        (["1. 一。", "(一) 媒体(C9)"], 1),
        (["1. One", "A. two three"], 2),  # no sentence has ended
        (["1. One.", "More text ends here."], 2),
        (["1. One.", "This line is text that is cut off at the page's"], 2),  # as long as a full line
        (["1. One.", "Two. Three"], 2),
        (["1. 一。", "二。三"], 2),
        (["1. One:", "first;", "second."], 3),
    ],
)
def test_where_a_paragraph_ends(texts: list[str], kept: int) -> None:
    assert split_headings(lines(*texts), WIDTH) == kept


@pytest.mark.parametrize(
    "texts",
    [
        ["1. They agreed:", "(a) To meet;", "(b) To write."],
        ["1. 商定：", "(a) 开会；", "(b) 编写报告。"],
        ["1. They agreed:", "(i) To meet;", "(ii) To write."],
        ["1. They agreed:", "1. To meet.", "2. To write."],
    ],
)
def test_items_of_a_list_belong_to_the_paragraph(texts: list[str]) -> None:
    assert split_headings(lines(*texts), WIDTH) == len(texts)


def titles(*texts: str, width: int = WIDTH) -> list[list[str]]:
    return [[line.text for line in group] for group in group_headings(lines(*texts), width)]


def test_a_label_begins_a_heading() -> None:
    assert titles("I. Key trends", "A. Mobile access") == [["I. Key trends"], ["A. Mobile access"]]


def test_a_line_after_a_full_one_belongs_to_the_same_heading() -> None:
    first = "II. Implementation and follow-up of all"
    assert titles(first, "the outcomes", "A. Regional") == [[first, "the outcomes"], ["A. Regional"]]


def test_a_line_after_a_short_one_is_another_heading() -> None:
    assert titles("(七) 信通技术应用(C7)", "电子政务") == [["(七) 信通技术应用(C7)"], ["电子政务"]]


def test_no_lines_no_headings() -> None:
    assert titles() == []


def test_a_heading_that_goes_on_in_lower_case_is_one_heading() -> None:
    first, second = "II. Implementation and follow-up", "at the regional level"
    assert titles(first, second, width=60) == [[first, second]]


NARROW = ("2. Facilitation by the United", "Nations and its partners")


def test_a_heading_line_without_a_blank_line_above_goes_on_with_the_one_that_has_it() -> None:
    pair = [HeadingLine(i, text, i + 1, after_blank=i == 0) for i, text in enumerate(NARROW)]
    assert [len(group) for group in group_headings(pair, 60)] == [2]


def outline(*texts: str) -> Outline:
    tree = Outline()
    for line, text in enumerate(texts, start=1):
        tree.add(text, line)
    return tree


@pytest.mark.parametrize(
    ("texts", "sections"),
    [
        (["导言", "一. 趋势", "A. 移动", "B. 宽带", "二. 落实"], ["0", "1", "1.A", "1.B", "2"]),
        (["Introduction", "I. Trends", "A. Mobile", "B. Broadband", "II. Work"], ["0", "1", "1.A", "1.B", "2"]),
        (
            [
                "一. 落实",
                "A. 国际",
                "1. 大会",
                "(a) 方针",
                "(一) 应用",
                "电子政务",
                "电子商务",
                "(二) 媒体",
                "(b) 主题",
                "2. 理事会",
            ],
            [
                "1",
                "1.A",
                "1.A.1",
                "1.A.1.a",
                "1.A.1.a.1",
                "1.A.1.a.1.u1",
                "1.A.1.a.1.u2",
                "1.A.1.a.2",
                "1.A.1.b",
                "1.A.2",
            ],
        ),
        (
            [
                "I. Work",
                "A. World",
                "1. Assembly",
                "(a) Lines",
                "(i) Uses",
                "E-government",
                "E-business",
                "(ii) Media",
                "(b) Themes",
                "2. Council",
            ],
            [
                "1",
                "1.A",
                "1.A.1",
                "1.A.1.a",
                "1.A.1.a.1",
                "1.A.1.a.1.u1",
                "1.A.1.a.1.u2",
                "1.A.1.a.2",
                "1.A.1.b",
                "1.A.2",
            ],
        ),
    ],
)
def test_sections_are_the_same_in_both_languages(texts: list[str], sections: list[str]) -> None:
    assert [heading.section for heading in outline(*texts).headings] == sections


def test_a_heading_closes_those_of_its_level_and_below() -> None:
    tree = outline("I. Part", "A. Letter", "1. Number", "B. Letter")
    assert [heading.parent for heading in tree.headings] == [None, 1, 2, 1]
    assert tree.current == 4


def test_an_outline_starts_without_a_heading() -> None:
    assert Outline().current is None


def test_numbers_in_order_give_no_warning() -> None:
    assert outline("I. a", "A. b", "B. c", "II. d", "A. e", "1. f", "2. g").warnings == []


@pytest.mark.parametrize(
    ("texts", "line", "said"),
    [
        (["I. a", "III. b"], 2, "number 3 where 2 was due"),
        (["II. a"], 1, "number 2 where 1 was due"),
        (["I. a", "A. b", "A. c"], 3, "number 1 where 2 was due"),
        (["一. a", "(二) b"], 2, "number 2 where 1 was due"),
    ],
)
def test_a_number_out_of_order_is_warned_of(texts: list[str], line: int, said: str) -> None:
    (warning,) = outline(*texts).warnings
    assert (warning.kind, warning.first_line) == ("heading-number", line)
    assert said in warning.message


def test_the_level_can_be_given() -> None:
    tree = Outline()
    tree.add("Trends", 1, level=1)
    assert tree.add("Mobile", 2, level=2).level == 2


def test_an_unnumbered_heading_below_a_numbered_part_is_a_sub_heading() -> None:
    assert outline("I. Part", "E-government").headings[1].level == UNNUMBERED_LEVEL


def test_a_ninth_letter_is_a_letter() -> None:
    tree = outline("I. Part", *(f"{letter}. x" for letter in "ABCDEFGHI"))
    assert (tree.headings[-1].section, tree.warnings) == ("1.I", [])


def test_sections_of_unnumbered_parts_are_unique() -> None:
    sections = [heading.section for heading in outline("Introduction", "Background", "I. Part").headings]
    assert len(set(sections)) == len(sections)


def test_a_heading_of_the_longest_length_still_fits_the_series() -> None:
    assert MAX_LENGTH > 3 * WIDTH
