import polars as pl
import pytest

from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.prevalence import POOLED, measure_prevalence, measure_shares
from textmine.schema import check_table

from .corpora import make_paragraphs, make_tags, make_tokens

SECTIONS = {"1.A": 3, "1.B": 2, "2": 5}
ZH, EN = make_paragraphs(SECTIONS), make_paragraphs(SECTIONS, lang="en")
BOTH = pl.concat([ZH, EN])
# cloud: 1, 4 and 6 in Chinese, 4 in English; ai: 2 in both.
TAGS = pl.concat(
    [
        make_tags([(1, "cloud"), (4, "cloud"), (6, "cloud"), (2, "ai")]),
        make_tags([(4, "cloud"), (2, "ai")], lang="en"),
        make_tags([(1, "africa"), (4, "africa"), (6, "asia"), (7, "asia")], scheme="region"),
    ]
)


def rows_of(frame: pl.DataFrame, *columns: str, concept: str = "cloud") -> list[tuple[object, ...]]:
    return frame.filter(pl.col("concept") == concept).select(columns).rows()


def test_the_plain_case_is_the_table_of_shares() -> None:
    shares = measure_shares(BOTH, TAGS, scheme="trend")
    prevalence = measure_prevalence(BOTH, TAGS, scheme="trend")
    check_table(prevalence, "prevalence")
    for column in ("share", "low", "high", "method"):
        assert shares[column].equals(prevalence[column])
    assert prevalence["tagged"].equals(prevalence["share"])


def test_pooled_share_is_the_mean_of_the_languages_indicators() -> None:
    pooled = measure_prevalence(BOTH, TAGS, scheme="trend", pooled=True)
    assert rows_of(pooled, "lang", "n_paragraphs", "n_tagged", "share") == [(POOLED, 10, 2.0, 0.2)]
    assert rows_of(pooled, "n_tagged", concept="ai") == [(1.0,)]


def test_pooling_a_language_with_itself_changes_nothing() -> None:
    same = pl.concat(
        [TAGS.filter(pl.col("lang") == "zh"), *[TAGS.filter(pl.col("lang") == "zh").with_columns(lang=pl.lit("en"))]]
    )
    columns = ("n_tagged", "share", "low", "high", "design_effect", "method")
    pooled = measure_prevalence(BOTH, same, scheme="trend", pooled=True)
    assert pooled.select(columns).equals(
        measure_prevalence(ZH, same.filter(pl.col("lang") == "zh"), scheme="trend").select(columns)
    )


def test_editions_and_paragraphs_in_one_language_are_not_pooled() -> None:
    paragraphs = pl.concat(
        [BOTH.filter(~((pl.col("lang") == "en") & (pl.col("number") > 5))), make_paragraphs({"1": 3}, 2012)]
    )
    pooled = measure_prevalence(paragraphs, TAGS, scheme="trend", pooled=True)
    assert rows_of(pooled, "edition", "n_paragraphs", "share") == [(2011, 5, pytest.approx((2 / 5 + 1 / 5) / 2))]
    with pytest.raises(ContractError, match="zh and en to pool"):
        measure_prevalence(ZH, TAGS.filter(pl.col("lang") == "zh"), scheme="trend", pooled=True)


def test_words_weigh_a_paragraph_by_its_length() -> None:
    words = [10, 1, 1, 20, 1, 30, 1, 1, 1, 34]  # 100 in all; cloud stands in 10 + 20 + 30 of them
    tokens = make_tokens(words)
    shares = measure_prevalence(ZH, TAGS.filter(pl.col("lang") == "zh"), scheme="trend", unit="tokens", tokens=tokens)
    assert rows_of(shares, "unit", "share", "n_tagged", "n_paragraphs") == [("tokens", 0.6, 3.0, 10)]


def test_words_of_equal_paragraphs_give_the_share_of_paragraphs() -> None:
    tokens = pl.concat([make_tokens([7] * 10), make_tokens([3] * 10, lang="en")])
    columns = ["edition", "lang", "concept", "share", "low", "high", "design_effect"]
    for pooled in (False, True):
        by_words = measure_prevalence(BOTH, TAGS, scheme="trend", unit="tokens", tokens=tokens, pooled=pooled)
        plain = measure_prevalence(BOTH, TAGS, scheme="trend", pooled=pooled)
        for column in columns:
            mine, theirs = by_words[column].to_list(), plain[column].to_list()
            assert mine == (pytest.approx(theirs) if column not in columns[:3] else theirs)


def test_sections_by_the_first_parts_of_their_code() -> None:
    zh = TAGS.filter(pl.col("lang") == "zh")
    by = measure_prevalence(ZH, zh, scheme="trend", by="section")
    assert rows_of(by, "group", "n_paragraphs", "n_tagged") == [("1", 5, 2.0), ("2", 5, 1.0)]
    deeper = measure_prevalence(ZH, zh, scheme="trend", by="section", depth=2)
    assert rows_of(deeper, "group", "n_paragraphs", "n_tagged") == [("1.A", 3, 1.0), ("1.B", 2, 1.0), ("2", 5, 1.0)]


def test_regions_are_groups_of_the_paragraphs_that_name_them() -> None:
    by = measure_prevalence(BOTH, TAGS, scheme="trend", by="region")
    assert rows_of(by, "lang", "by", "group", "n_paragraphs", "share") == [
        ("zh", "region", "africa", 2, 1.0),
        ("zh", "region", "asia", 2, 0.5),
    ]


def test_groups_of_sections_add_up() -> None:
    whole = measure_prevalence(BOTH, TAGS, scheme="trend").select("n_tagged", "n_paragraphs").sum()
    parts = measure_prevalence(BOTH, TAGS, scheme="trend", by="section").select("n_tagged", "n_paragraphs").sum()
    assert whole.equals(parts)


def test_paragraphs_to_leave_out_leave_no_trace() -> None:
    drop = pl.DataFrame({"edition": [2011, 2011], "lang": ["zh", "zh"], "paragraph": [1, 10]})
    dropped = measure_prevalence(BOTH, TAGS, scheme="trend", drop=drop)
    assert rows_of(dropped, "lang", "n_tagged", "n_paragraphs") == [("en", 1.0, 10), ("zh", 2.0, 8)]
    shares = measure_shares(BOTH, TAGS, scheme="trend", drop=drop)
    assert rows_of(shares, "lang", "n_tagged", "n_paragraphs") == [("en", 1, 10), ("zh", 2, 8)]


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("unit", "sentences", "paragraphs, tokens"),
        ("unit", "tokens", "table `tokens`"),
        ("by", "country", "section, region, trend"),
        ("depth", 0, "from 1"),
    ],
)
def test_unknown_options_are_refused(option: str, value: object, said: str) -> None:
    with pytest.raises(UnknownOptionError, match=said):
        measure_prevalence(BOTH, TAGS, scheme="trend", **{option: value})  # type: ignore[arg-type]
