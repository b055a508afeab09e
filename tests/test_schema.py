import polars as pl
import pytest

from textmine.errors import ContractError, UnknownOptionError
from textmine.schema import LANGUAGES, TABLES, check_table, empty_table, make_table

ROW: dict[str, object] = {"edition": 2011, "lang": "zh", "paragraph": 1, "term": "宽带", "count": 3}


def test_languages() -> None:
    assert LANGUAGES == ("zh", "en")


@pytest.mark.parametrize("name", TABLES)
def test_every_table_can_be_empty_and_keeps_its_contract(name: str) -> None:
    assert check_table(empty_table(name), name).height == 0


# A series is keyed by what it is a series of; a disagreement is about both languages of a paragraph.
KEYED_OTHERWISE = {"breaks", "detectable", "disagreements"}


@pytest.mark.parametrize("name", [name for name in TABLES if "edition" in TABLES[name] and name not in KEYED_OTHERWISE])
def test_every_table_of_editions_is_keyed_by_edition_and_language(name: str) -> None:
    assert list(TABLES[name])[:2] == ["edition", "lang"]


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_no_rows_has_the_contract_types(name: str) -> None:
    assert make_table(name, []).schema == empty_table(name).schema


@pytest.mark.parametrize("name", [name for name in TABLES if "start" in TABLES[name]])
def test_offsets_are_half_open_pairs_of_one_type(name: str) -> None:
    assert TABLES[name]["start"] == TABLES[name]["end"] == pl.Int32


def test_rows_become_a_table_that_keeps_the_contract() -> None:
    assert check_table(make_table("terms", [ROW]), "terms").to_dicts() == [ROW]


def test_the_order_of_keys_does_not_matter() -> None:
    backwards = dict(reversed(ROW.items()))
    assert make_table("terms", [ROW, backwards]).equals(make_table("terms", [ROW, ROW]))


def test_rows_are_not_changed() -> None:
    row = dict(ROW)
    make_table("terms", [row])
    assert row == ROW


@pytest.mark.parametrize("change", [{"surplus": 1}, {"Edition": 2011}])
def test_a_surplus_column_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ContractError, match="row has columns"):
        make_table("terms", [ROW | change])


@pytest.mark.parametrize("column", ROW)
def test_a_missing_column_is_refused_in_a_later_row_too(column: str) -> None:
    short = {key: value for key, value in ROW.items() if key != column}
    with pytest.raises(ContractError, match="row has columns"):
        make_table("terms", [ROW, short])


@pytest.mark.parametrize("change", [{"count": "many"}, {"edition": 99_999_999_999}, {"count": 1.5}, {"term": 5}])
def test_a_value_of_another_type_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ContractError):
        make_table("terms", [ROW | change])


@pytest.mark.parametrize(
    "call", [empty_table, lambda name: make_table(name, []), lambda name: check_table(pl.DataFrame(), name)]
)
def test_an_unknown_table_is_refused_with_the_valid_names(call: object) -> None:
    with pytest.raises(UnknownOptionError, match=r"'paragraph'; valid: .*paragraphs, headings, footnotes"):
        call("paragraph")  # type: ignore[operator]


def test_surplus_columns_of_a_frame_are_allowed() -> None:
    frame = empty_table("terms").with_columns(extra=pl.lit(1))
    assert check_table(frame, "terms") is frame


@pytest.mark.parametrize("column", ROW)
def test_a_frame_without_a_column_is_refused_by_name(column: str) -> None:
    with pytest.raises(ContractError, match=f"lacks column '{column}'"):
        check_table(empty_table("terms").drop(column), "terms")


@pytest.mark.parametrize(("column", "dtype"), [("edition", pl.Int64), ("term", pl.Categorical), ("count", pl.Float64)])
def test_a_frame_with_another_type_is_refused_by_name(column: str, dtype: pl.DataType) -> None:
    with pytest.raises(ContractError, match=f"column '{column}' is"):
        check_table(empty_table("terms").with_columns(pl.col(column).cast(dtype)), "terms")


def test_a_list_of_another_type_is_refused() -> None:
    frame = empty_table("paragraphs").with_columns(pl.col("heading_path").cast(pl.List(pl.Int32)))
    with pytest.raises(ContractError, match="heading_path"):
        check_table(frame, "paragraphs")


def test_a_column_may_be_left_out_where_the_caller_says_so() -> None:
    frame = empty_table("paragraphs").drop("text")
    assert check_table(frame, "paragraphs", without=("text",)) is frame


def test_a_column_that_may_be_left_out_still_needs_its_type() -> None:
    frame = empty_table("paragraphs").with_columns(pl.col("text").cast(pl.Categorical))
    with pytest.raises(ContractError, match="'text'"):
        check_table(frame, "paragraphs", without=("text",))
