import polars as pl
import pytest

from textmine.errors import ContractError
from textmine.measure.subset import drop_paragraphs

KEY = {"edition": pl.Int32, "lang": pl.String}
TAGS = pl.DataFrame(
    [(2012, "zh", 2, "b"), (2011, "zh", 1, "a"), (2011, "zh", 1, "c"), (2011, "en", 1, "a")],
    schema={**KEY, "paragraph": pl.Int32, "concept": pl.String},
    orient="row",
)


def test_rows_of_the_paragraphs_go_and_the_others_keep_their_order() -> None:
    drop = pl.DataFrame([(2011, "zh", 1)], schema={**KEY, "paragraph": pl.Int32}, orient="row")
    assert drop_paragraphs(TAGS, drop)["lang", "concept"].rows() == [("zh", "b"), ("en", "a")]


def test_a_paragraph_named_twice_or_with_other_columns_and_types_goes_once() -> None:
    drop = pl.DataFrame({"similarity": [0.9, 0.8], "paragraph": [1, 1], "edition": [2011] * 2, "lang": ["zh"] * 2})
    assert drop_paragraphs(TAGS, drop)["lang"].to_list() == ["zh", "en"]


def test_the_table_of_paragraphs_calls_it_number() -> None:
    drop = pl.DataFrame({"edition": [2011], "lang": ["en"], "paragraph": [1]})
    assert drop_paragraphs(TAGS.rename({"paragraph": "number"}), drop)["concept"].to_list() == ["b", "a", "c"]


def test_nothing_to_leave_out() -> None:
    assert drop_paragraphs(TAGS, None).equals(TAGS)
    assert drop_paragraphs(TAGS, TAGS.clear()).equals(TAGS)


@pytest.mark.parametrize("column", ["edition", "lang", "paragraph"])
def test_a_missing_column_is_named(column: str) -> None:
    with pytest.raises(ContractError, match=f"leave out lacks {column}"):
        drop_paragraphs(TAGS, TAGS.drop(column))


def test_a_table_without_paragraphs_is_refused() -> None:
    with pytest.raises(ContractError, match="the table lacks number"):
        drop_paragraphs(TAGS.drop("paragraph"), TAGS)
