"""Recycled paragraphs of the sample against what two readers marked by reading alone."""

import polars as pl
import pytest

from textmine.measure.reuse import find_reuse, list_recycled
from textmine.reports.corpus import load_corpus
from textmine.reports.labels import NONE, load_labels
from textmine.reports.tables import tabulate_reports

KEY = ["edition", "lang", "paragraph"]


@pytest.fixture(scope="module")
def reuse() -> pl.DataFrame:
    return find_reuse(tabulate_reports(load_corpus("sample"))["paragraphs"])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_readers_marked_is_found_and_little_else(reuse: pl.DataFrame, lang: str) -> None:
    marked = load_labels("sample.reuse").filter(pl.col("concept") != NONE, lang=lang).select(KEY)
    found = list_recycled(reuse).filter(lang=lang)
    both = found.join(marked, on=KEY, how="semi").height
    assert both / marked.height >= 0.95  # recall
    assert both / found.height >= 0.95  # precision


def test_sources_are_those_that_readers_named(reuse: pl.DataFrame) -> None:
    named = load_labels("sample.reuse").filter(pl.col("concept") != NONE)
    source = pl.format("{}.{}", "source", "source_paragraph")
    found = reuse.filter(unit="paragraph").with_columns(source=source).join(named, on=KEY, how="inner")
    agreed = found.group_by(KEY).agg((pl.col("source") == pl.col("concept")).any().alias("agreed"))
    assert agreed["agreed"].mean() >= 0.9  # a paragraph may stand in several earlier editions


def test_readers_agree() -> None:
    raw = load_labels("sample.reuse", reader=None)
    marks = {
        reader: set(raw.filter(pl.col("concept") != NONE, reader=reader).select("edition", "paragraph").iter_rows())
        for reader in ("a", "b")
    }
    assert marks["a"] ^ marks["b"] == {(2024, 36)}
