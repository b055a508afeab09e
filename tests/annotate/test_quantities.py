"""Figures in made-up clauses of both languages, and measured on the 2011 edition and the sample."""

import time
from collections import Counter
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textmine.annotate.quantities import Quantity, find_quantities
from textmine.errors import UnknownOptionError
from textmine.reports.labels import load_labels
from textmine.reports.model import Report
from textmine.reports.read import read_report
from textmine.resources import resource_path
from textmine.schema import TABLES

from .toys import BOTH, MIXED_TEXT

each_language = pytest.mark.parametrize("lang", BOTH)
Case = tuple[str, list[tuple[float, str, str, str]]]


def count(value: float, qualifier: str = "") -> tuple[float, str, str, str]:
    return value, "", "count", qualifier


def percent(value: float, qualifier: str = "") -> tuple[float, str, str, str]:
    return value, "%", "percent", qualifier


def fraction(value: float, qualifier: str = "") -> tuple[float, str, str, str]:
    return value, "", "fraction", qualifier


def rate(value: float, per: str = "100", qualifier: str = "") -> tuple[float, str, str, str]:
    return value, f"per {per}", "rate", qualifier


def read(text: str, lang: str) -> list[tuple[float, str, str, str]]:
    return [(q.value, q.unit, q.kind, q.qualifier) for q in find_quantities(text, lang=lang)]


CHINESE: list[Case] = [
    ("", []),
    ("没有数字。", []),
    ("占90%。", [percent(90)]),
    ("占 90 %。", [percent(90)]),
    ("占９０％。", [percent(90)]),
    ("占12.5%，", [percent(12.5)]),
    ("占0.3%", [percent(0.3)]),
    ("升5个百分点", [percent(5)]),
    ("升 3.5 个百分点", [percent(3.5)]),
    ("一地90%，一地75%", [percent(90), percent(75)]),
    ("有53亿用户", [count(5.3e9)]),
    ("有 53 亿用户", [count(5.3e9)]),
    ("有1.5亿人", [count(1.5e8)]),
    ("有325万人", [count(3.25e6)]),
    ("有3百万人", [count(3e6)]),
    ("有5千万人", [count(5e7)]),
    ("值1.2万亿", [count(1.2e12)]),
    ("值１．２万億", [count(1.2e12)]),
    ("有300萬人", [count(3e6)]),
    ("有1,234所", [count(1234)]),
    ("有1,234,567人", [count(1234567)]),
    ("有12个国家", [count(12)]),
    ("有25名学员", [count(25)]),
    ("近20亿人", [count(2e9, "nearly")]),
    ("接近 20 亿人", [count(2e9, "nearly")]),
    ("将近 80%", [percent(80, "nearly")]),
    ("约2万人", [count(2e4, "about")]),
    ("大约 2 万人", [count(2e4, "about")]),
    ("估计 2 万人", [count(2e4, "about")]),
    ("超过10亿", [count(1e9, "over")]),
    ("逾 40%", [percent(40, "over")]),
    ("超出 40%", [percent(40, "over")]),
    ("6亿多人", [count(6e8, "over")]),
    ("300 多个", [count(300, "over")]),
    ("2000多人", [count(2000, "over")]),
    ("至少5%", [percent(5, "at least")]),
    ("不到 1%", [percent(1, "under")]),
    ("不足 30 人", [count(30, "under")]),
    ("低于 5%", [percent(5, "under")]),
    ("三分之二的人", [fraction(2 / 3)]),
    ("四分之三", [fraction(0.75)]),
    ("十分之一", [fraction(0.1)]),
    ("每100人有53个号码", [rate(53)]),
    ("每 100 名居民有 8.5 个", [rate(8.5)]),
    ("每1000人有4台", [rate(4, "1000")]),
    ("每100人超过90个", [rate(90, qualifier="over")]),
    ("2011年", []),
    ("在 1990 年以后", []),
    ("2005-2010年", []),
    ("2005至2010年", []),
    ("2010年3月14日", []),
    ("3月14日", []),
    ("21世纪", []),
    ("第66届", []),
    ("第64/187号决议", []),
    ("第 2006/46 号决议", []),
    ("A/66/64-E/2011/77", []),
    ("第12段", []),
    ("第 5 至 7 段", []),
    ("附件2", []),
    ("脚注3", []),
    ("行动方针7", []),
    ("(C7)", []),
    ("Web 2.0", []),
    ("IPv6和CO2", []),
    ("2010年底有53亿，占76%。", [count(5.3e9), percent(76)]),
]

ENGLISH: list[Case] = [
    ("", []),
    ("No figures.", []),
    ("90% of all", [percent(90)]),
    ("90 per cent of all", [percent(90)]),
    ("90 percent of all", [percent(90)]),
    ("12.5 per cent", [percent(12.5)]),
    ("rose 5 percentage points", [percent(5)]),
    ("rose by 1 percentage point.", [percent(1)]),
    ("5.3 billion users", [count(5.3e9)]),
    ("940 million users", [count(9.4e8)]),
    ("5 thousand users", [count(5e3)]),
    ("1.2 trillion", [count(1.2e12)]),
    ("5 Million", [count(5e6)]),
    ("1,234 schools", [count(1234)]),
    ("1,234,567 people.", [count(1234567)]),
    ("12 countries", [count(12)]),
    ("some 12 countries", [count(12, "about")]),
    ("nearly 2 billion", [count(2e9, "nearly")]),
    ("almost 20 per cent", [percent(20, "nearly")]),
    ("close to 20%", [percent(20, "nearly")]),
    ("about 20%", [percent(20, "about")]),
    ("approximately 1.5 million", [count(1.5e6, "about")]),
    ("around 30 States", [count(30, "about")]),
    ("an estimated 1.2 million", [count(1.2e6, "about")]),
    ("over 2.5 billion", [count(2.5e9, "over")]),
    ("Over 2.5 billion", [count(2.5e9, "over")]),
    ("more than 100 projects", [count(100, "over")]),
    ("above 40%", [percent(40, "over")]),
    ("at least 3 million", [count(3e6, "at least")]),
    ("under 5%", [percent(5, "under")]),
    ("just under 5%", [percent(5, "under")]),
    ("less than 1 per cent", [percent(1, "under")]),
    ("fewer than 10 countries", [count(10, "under")]),
    ("two thirds of users", [fraction(2 / 3)]),
    ("two-thirds of users", [fraction(2 / 3)]),
    ("a third of users", [fraction(1 / 3)]),
    ("Three quarters of users", [fraction(0.75)]),
    ("one fifth of users", [fraction(0.2)]),
    ("a third party", []),
    ("25 per 100 inhabitants", [rate(25)]),
    ("per 100 people there were 8.5", [rate(8.5)]),
    ("4 per 1,000 people", [rate(4, "1000")]),
    ("in 2011", []),
    ("from 1990 to 2010", []),
    ("2005-2010", []),
    ("2005–2010", []),
    ("the 1990s", []),
    ("14 March 2011", []),
    ("March 14, 2011", []),
    ("resolution 60/252", []),
    ("A/66/64-E/2011/77", []),
    ("paragraph 12", []),
    ("para. 12", []),
    ("article 19", []),
    ("chapter 3", []),
    ("No. 12", []),
    ("agenda item 17", []),
    ("action line 7 (C7)", []),
    ("Web 2.0", []),
    ("IPv6, CO2, COVID-19", []),
    ("In 2010, 5.3 billion, or 76%.", [count(5.3e9), percent(76)]),
]

#: With what a first cut made of them.
MENDED: list[tuple[str, str, list[tuple[float, str, str, str]], str]] = [
    # wrong values
    ("zh", "300多万人", [count(3e6, "over")], "多 between number and unit: 300 instead of 3 million"),
    ("zh", "500余万人", [count(5e6, "over")], "余 between number and unit: 500 instead of 5 million"),
    ("zh", "3 000万人", [count(3e7)], "space as thousands separator (UN style): 3 and 0"),
    ("zh", "1 500所学校", [count(1500)], "space as thousands separator (UN style): 1 and 500"),
    ("en", "1 000 000 users", [count(1e6)], "space as thousands separator (UN style): 1, 0 and 0"),
    ("en", "1\u00a0500 users", [count(1500)], "no-break space as thousands separator: 1 and 500"),
    ("zh", "5千人", [count(5000)], "千 isn't a scale: 5"),
    ("zh", "30千亿", [count(3e12)], "千亿 isn't a scale: 30"),
    ("en", "1.5 bn", [count(1.5e9)], "bn isn't a scale: 1.5"),
    ("en", "a 5-million grant", [count(5e6)], "hyphen before the unit: 5"),
    ("zh", "二十分之一", [fraction(0.05)], "only the last digit of the denominator is read: 0.1"),
    ("zh", "十二分之五", [fraction(5 / 12)], "only the last digit of the denominator is read: 2.5"),
    ("en", "1,5 million", [], "a decimal comma: 5 million"),
    ("zh", "5‰", [(5, "‰", "rate", "")], "‰ isn't read: a count of 5"),
    ("zh", "每100人53户，每1000人8户", [rate(53), rate(8, "1000")], "the unit is that of the first rate of the text"),
    ("en", "25 per 100 people; 4 per 1,000 people", [rate(25), rate(4, "1000")], "the unit is that of the first rate"),
    ("en", "25 per 100 people. The 20 States", [rate(25), count(20)], "any number within 40 characters is a rate"),
    ("zh", "从1至3亿", [count(1e8), count(3e8)], "the unit behind a range belongs to both ends"),
    ("en", "10 to 15 per cent", [percent(10), percent(15)], "the unit behind a range belongs to both ends"),
    # wrong qualifiers
    ("zh", "不超过5%", [percent(5, "at most")], "a negated qualifier says the opposite: over"),
    ("en", "no more than 5%", [percent(5, "at most")], "a negated qualifier says the opposite: over"),
    ("en", "not less than 10%", [percent(10, "at least")], "a negated qualifier says the opposite: under"),
    ("zh", "最近10个项目", [count(10)], "近 inside 最近 is taken for a qualifier"),
    ("zh", "附近5个村", [count(5)], "近 inside 附近 is taken for a qualifier"),
    ("zh", "纽约3家", [count(3)], "约 inside 纽约 is taken for a qualifier"),
    ("zh", "公约5个缔约国", [count(5)], "约 inside 公约 is taken for a qualifier"),
    ("zh", "节约5%", [percent(5)], "约 inside 节约 is taken for a qualifier"),
    ("en", "handsome 5", [count(5)], "some inside another word is taken for a qualifier"),
    ("zh", "5%以上", [percent(5, "over")], "a qualifier behind the number isn't read"),
    ("zh", "5%左右", [percent(5, "about")], "a qualifier behind the number isn't read"),
    # what is no quantity, or is one
    ("zh", "3G网络", [], "a generation of networks: a count of 3"),
    ("en", "5G networks", [], "a generation of networks: a count of 5"),
    ("en", "the 21st century", [], "an ordinal: a count of 21"),
    ("zh", "①宽带②网络", [], "NFKC makes list marks digits"),
    ("zh", "占90%²。", [percent(90)], "NFKC makes a footnote marker a digit"),
    ("zh", "表2", [], "the number of a table: a count of 2"),
    ("en", "Table 2 and figure 3", [], "the numbers of a table and a figure: counts"),
    ("en", "paragraphs 5 and 6", [], "only the first number of a list is a reference"),
    ("en", "at 10:30", [], "a time of day: counts of 10 and 30"),
    ("zh", "2000所学校", [count(2000)], "any bare number from 1900 to 2099 is taken for a year"),
    ("en", "5 may be enough", [count(5)], "may is taken for the month"),
    ("zh", "10-15%", [percent(10), percent(15)], "ranges aren't read yet"),
    ("en", "10–15 per cent", [percent(10), percent(15)], "ranges aren't read yet"),
    ("zh", "百分之五", [percent(5)], "spelled-out numbers aren't read yet"),
    ("zh", "三十万人", [count(3e5)], "spelled-out numbers aren't read yet"),
    ("zh", "逾三成", [percent(30, "over")], "spelled-out numbers aren't read yet"),
    ("en", "five countries", [count(5)], "spelled-out numbers aren't read yet"),
    ("en", "half of the users", [fraction(0.5)], "half without a number isn't read yet"),
    ("en", "one in five users", [fraction(0.2)], "one in five isn't read yet"),
    ("en", "$5 million", [(5e6, "$", "money", "")], "money isn't a kind yet"),
    ("zh", "降至-5%", [percent(-5)], "negative numbers aren't read"),
    ("zh", "每百人有5户", [rate(5)], "每百人 isn't read"),
    ("en", "80 per 100,000 people", [rate(80, "100000")], "other bases than 100 and 1,000 aren't read"),
]


@pytest.mark.parametrize(("text", "expected"), CHINESE)
def test_chinese_figures(text: str, expected: list[tuple[float, str, str, str]]) -> None:
    assert read(text, "zh") == expected


@pytest.mark.parametrize(("text", "expected"), ENGLISH)
def test_english_figures(text: str, expected: list[tuple[float, str, str, str]]) -> None:
    assert read(text, "en") == expected


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [pytest.param(lang, text, expected, id=f"{lang}-{text}") for lang, text, expected, _ in MENDED],
)
def test_figures_once_read_wrong(lang: str, text: str, expected: list[tuple[float, str, str, str]]) -> None:
    assert read(text, lang) == expected


def test_the_tables_are_large_enough() -> None:
    assert min(len(CHINESE), len(ENGLISH)) >= 60


@each_language
@pytest.mark.parametrize("text", ["53亿和5 million", "三分之二 and two thirds of it", "占90%和 90 per cent"])
def test_figures_of_both_languages_are_read_in_either(text: str, lang: str) -> None:
    assert len(read(text, lang)) == 2


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("接近 53 亿，", "接近 53 亿"),
        ("有 90%。", "90%"),
        ("ＴＡＢ\t９０％", "９０％"),
        ("300 多个", "300 多"),
        ("更多 了 5 个百分点", "5 个百分点"),
        ("约三分之二", "约三分之二"),
        ("雲計算占１２．５％", "１２．５％"),
    ],
)
def test_surfaces(text: str, surface: str) -> None:
    assert [quantity.surface for quantity in find_quantities(text, lang="zh")] == [surface]


@each_language
@settings(max_examples=200, deadline=None)
@given(text=MIXED_TEXT)
def test_surfaces_are_their_spans(lang: str, text: str) -> None:
    assert all(q.surface == text[q.start : q.end] != "" for q in find_quantities(text, lang=lang))


FIGURES = st.sampled_from(
    [text for text, _ in (*CHINESE, *ENGLISH)]
    + [text for _, text, _, _ in MENDED]
    + list("0123456789.,%约亿多年 -/分之")
)


@each_language
@settings(max_examples=300, deadline=None)
@given(text=st.lists(FIGURES, max_size=8).map("".join))
def test_figures_come_in_order_without_overlap(lang: str, text: str) -> None:
    assert all(one.end <= two.start for one, two in pairwise(find_quantities(text, lang=lang)))


@settings(max_examples=300, deadline=None)
@given(st.lists(FIGURES, max_size=8).map("".join))
def test_surfaces_have_no_outer_space(text: str) -> None:
    assert all(q.surface == q.surface.strip() for q in find_quantities(text, lang="zh"))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**12), st.sampled_from(["", "有"]), st.sampled_from(["万", "亿", "百万", "%", "个"]))
def test_any_number_has_its_value(number: int, before: str, unit: str) -> None:
    factor = {"万": 10**4, "亿": 10**8, "百万": 10**6}.get(unit, 1)
    assert [q.value for q in find_quantities(f"{before}{number}{unit}", lang="zh")] == [float(number) * factor]


@settings(max_examples=200, deadline=None)
@given(st.integers(1000, 10**15))
def test_thousands_separators_change_no_value(number: int) -> None:
    (quantity,) = find_quantities(f"有{number:,}人", lang="zh")
    assert quantity.value == float(number)


@pytest.mark.parametrize("lang", ["", "ZH", "fr"])
def test_an_unknown_language_lists_the_valid_ones(lang: str) -> None:
    with pytest.raises(UnknownOptionError, match="zh, en"):
        find_quantities("5", lang=lang)


def test_quantities_are_tuples_in_the_order_of_the_table() -> None:
    columns = [name for name in TABLES["quantities"] if name not in ("edition", "lang", "paragraph", "concept")]
    assert list(Quantity._fields) == columns


@pytest.mark.official
def test_no_year_of_the_official_report_is_a_count(official_report: Report) -> None:
    figures = [q for paragraph in official_report.paragraphs for q in find_quantities(paragraph.text, lang="zh")]
    assert [
        q.start for q in figures if q.kind == "count" and q.surface in {str(year) for year in range(1995, 2016)}
    ] == []


@pytest.mark.official
def test_the_official_report_has_as_many_percentages_as_signs(official_report: Report) -> None:
    text = "\n".join(paragraph.text for paragraph in official_report.paragraphs)
    n_signs = sum(text.count(sign) for sign in ("%", "％", "个百分点"))
    n_found = [quantity.kind for quantity in find_quantities(text, lang="zh")].count("percent")
    assert n_found == n_signs > 0


def test_an_absurd_number_has_a_finite_value_or_none() -> None:
    assert all(q.value < float("inf") for q in find_quantities("9" * 400, lang="zh"))


@each_language
@pytest.mark.parametrize(
    "piece",
    ["1", "1,000", "1 000 ", "1.", "1-", " ", "每100人 1 ", "per 100 people 1 ", "a hundred ", "twenty-",
     "百分之", "一",
     "十分之", "万", "第1、", "paragraphs 1, ", "A/6", "-", "近", "not more than ",
     "年", "2010 ", "5至", "5 to ", "一半",
     "C1", "½", "①", "。1", "5 percentage ", "one in ", "one out of every ", "每三人中", "翻一"],
)  # fmt: skip
def test_time_is_linear(piece: str, lang: str) -> None:
    text = piece * (30_000 // len(piece))
    find_quantities(piece, lang=lang)
    started = time.process_time()
    find_quantities(text, lang=lang)
    assert time.process_time() - started < 2


COUNTED = [
    ("zh", "肯尼亚有325万互联网用户", ["互联网用户"]),
    ("zh", "90%的人口可以上网", ["人口"]),
    ("zh", "在61个发展中国家实施了83个项目", ["发展中国家", "项目"]),
    ("zh", "已达5亿，", [""]),
    ("en", "5.3 billion mobile subscriptions in 2010", ["mobile subscriptions"]),
    ("en", "75 per cent of the rural population had", ["rural population"]),
    ("en", "12 countries and 40 projects", ["countries", "projects"]),
    ("en", "rose to 9.6 per cent.", [""]),
]


@pytest.mark.parametrize(("lang", "text", "expected"), COUNTED)
def test_what_is_counted(lang: str, text: str, expected: list[str]) -> None:
    assert [q.counted for q in find_quantities(text, lang=lang)] == expected


YEARS = [
    ("zh", "2010年底有53亿，占90%。", [2010, 2010]),
    ("zh", "由2005年的26%升至2006年的34%", [2005, 2006]),
    ("zh", "有19个组织。2010年", [None]),
    ("zh", "2007年有5%。如今有8%", [2007, None]),
    ("en", "rose from 26 per cent in 2005 to 34 per cent in 2006", [2005, 2006]),
    ("en", "In 2010, 5.3 billion, or 76 per cent, had one.", [2010, 2010]),
    ("en", "12 countries. In 2010", [None]),
]


@pytest.mark.parametrize(("lang", "text", "expected"), YEARS)
def test_the_year_a_figure_refers_to(lang: str, text: str, expected: list[int | None]) -> None:
    assert [q.year for q in find_quantities(text, lang=lang)] == expected


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("zh", "10%至15%", [(10, 10, 15), (15, 10, 15)]),
        ("zh", "1至3亿", [(1e8, 1e8, 3e8), (3e8, 1e8, 3e8)]),
        ("en", "between 2 and 3 million", [(2e6, 2e6, 3e6), (3e6, 2e6, 3e6)]),
        ("en", "10-15 per cent", [(10, 10, 15), (15, 10, 15)]),
        ("en", "10 and 15 per cent", [(10, None, None), (15, None, None)]),
        ("en", "12 countries to 15 per cent", [(12, None, None), (15, None, None)]),
    ],
)
def test_ends_of_ranges(lang: str, text: str, expected: list[tuple[float, float | None, float | None]]) -> None:
    assert [(q.value, q.low, q.high) for q in find_quantities(text, lang=lang)] == expected


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("翻了一番", "doubled"), ("四分之三", "three quarters"), ("一半以上", "more than half"),
        ("百分之十二点五", "12.5 per cent"),
        ("十二亿", "1.2 billion"), ("两千三百所", "two thousand three hundred schools"),
        ("五十多个", "over fifty"),
        ("十个国家", "ten countries"), ("增长了两倍", "tripled"), ("每十人中有八人", "eight in ten people"),
        ("仅三分之一强", "just over one third"), ("120 亿欧元", "12 billion euros"), ("三项举措", "three initiatives"),
        ("第五次会议", "the fifth meeting"),
        ("七十七国集团", "the Group of 77"), ("第六十二届会议", "its sixty-second session"), ("10倍", "ten times"),
        ("每100名居民24.6个", "24.6 per 100 inhabitants"),
        ("每四人中有三人", "three people in four"),
        ("221 亿美元", "$22.1 billion"), ("每百万居民有5台", "5 per million inhabitants"),
        ("数百万人", "several million people"),
        ("十几个国家", "a score of countries"), ("2010年5月10日至14日", "from 10 to 14 May 2010"),
        ("50万人", "half a million people"),
        ("2010年上半年", "the first half of 2010"), ("第68至71段", "paragraphs 68 to 71"), ("世界峰会+10", "WSIS+10"),
        ("二十国集团", "the Group of Twenty"), ("三年来", "for three years"), ("15至24岁", "aged 15 to 24"),
        ("百分之一百", "100%"),
    ],
)  # fmt: skip
def test_both_languages_give_the_same_values(zh: str, en: str) -> None:
    assert [q.value for q in find_quantities(zh, lang="zh")] == [q.value for q in find_quantities(en, lang="en")]


def rounded(value: float) -> float:
    return round(value, 4)


@pytest.mark.official
def test_figures_of_the_2011_edition(official_report: Report) -> None:
    labels = load_labels("2011.zh.quantity").filter(pl.col("concept") != "none")
    gold = Counter((n, rounded(float(v))) for n, v in labels.select("paragraph", "concept").iter_rows())
    found = Counter(
        (paragraph.number, rounded(q.value))
        for paragraph in official_report.paragraphs
        for q in find_quantities(paragraph.text, lang="zh")
    )
    n_right = (gold & found).total()
    assert n_right / gold.total() >= 0.95
    assert n_right / found.total() >= 0.90


@pytest.mark.parametrize("year", [2008, 2012, 2016])  # development years
def test_paragraphs_of_the_sample_have_the_same_values_in_both_languages(year: int) -> None:
    chinese, english = (
        [
            sorted(rounded(q.value) for q in find_quantities(paragraph.text, lang=lang))
            for paragraph in read_report(resource_path("sample", f"{year}.{lang}.md")).paragraphs
        ]
        for lang in ("zh", "en")
    )
    assert sum(map(bool, english)) >= 5
    assert sum(one == two for one, two in zip(chinese, english, strict=True)) / len(english) >= 0.95
