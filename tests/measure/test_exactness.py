import polars as pl
import pytest

from textmine.annotate.annotate import annotate_reports
from textmine.annotate.match import default_matcher
from textmine.measure.exactness import check_exactness
from textmine.reports.corpus import load_corpus
from textmine.resources import resource_path

Tables = dict[str, pl.DataFrame]


@pytest.fixture(scope="module")
def tables() -> Tables:
    return annotate_reports([load_corpus(resource_path("sample", f"2011.{lang}.md"))[0] for lang in ("zh", "en")])


def test_nothing_is_wrong_in_an_edition_and_everything_is_counted(tables: Tables) -> None:
    found = check_exactness(tables, default_matcher())
    placed = sum(tables[name]["start"].is_not_null().sum() for name in ("tokens", "tags", "quantities"))
    assert (found.n_wrong, found.n_divided) == (0, 0)
    assert found.n_spans == placed
    texts = tables["paragraphs"]["text"]
    assert found.n_terms == sum(len(default_matcher().find_terms(text)) for text in texts)


@pytest.mark.parametrize("name", ["tokens", "tags", "quantities"])
def test_an_offset_shifted_by_one_is_seen(tables: Tables, name: str) -> None:
    first = pl.int_range(pl.len()) == tables[name]["start"].is_not_null().arg_true()[0]
    shift = pl.when(first).then(1).otherwise(0).cast(pl.Int32)
    moved = tables[name].with_columns(start=pl.col("start") + shift, end=pl.col("end") + shift)
    assert check_exactness({**tables, name: moved}, default_matcher()).n_wrong == 1


def test_a_term_that_a_token_divides_is_seen(tables: Tables) -> None:
    text = tables["paragraphs"].filter(lang="zh")["text"][0]
    start, end = next(span for span in default_matcher().find_terms(text) if span[1] - span[0] > 2)
    here = (pl.col("lang") == "zh") & (pl.col("paragraph") == 1) & (pl.col("start") == start)
    cut = (
        tables["tokens"]
        .with_columns(end=pl.when(here).then(start + 1).otherwise("end").cast(pl.Int32))
        .with_columns(text=pl.when(here).then(pl.lit(text[start])).otherwise("text"))
    )
    found = check_exactness({**tables, "tokens": cut}, default_matcher())
    assert (found.n_wrong, found.n_divided) == (0, 1)
    assert end > start + 1


def test_the_order_of_the_rows_does_not_matter(tables: Tables) -> None:
    turned = {name: frame.reverse() for name, frame in tables.items()}
    assert check_exactness(turned, default_matcher()) == check_exactness(tables, default_matcher())
