import polars as pl
import pytest

from textmine.errors import UnknownOptionError
from textmine.measure.breaks import find_breaks
from textmine.schema import check_table

from .trails import make_prevalence

STEP = [2, 3, 2, 2, 3, 2, 2, 12, 11, 13, 12, 11]
FLAT = [5, 4, 6, 5, 5, 4, 6, 5, 4, 5, 6, 5]


def test_the_tables() -> None:
    series, breaks = find_breaks(pl.concat([make_prevalence(STEP), make_prevalence(FLAT, concept="ai")]))
    check_table(series, "segmentations")
    check_table(breaks, "breaks")
    assert series["n_breaks"].to_list() == [0, 1]
    row = breaks.row(0, named=True)
    assert (row["concept"], row["edition"], row["previous"]) == ("cloud", 2015, 2014)
    assert (row["share_before"], row["share_after"]) == (pytest.approx(16 / 280), pytest.approx(59 / 200))
    assert row["change"] == pytest.approx(59 / 200 - 16 / 280)
    assert 2015 in row["likely"]
    # A single break's p is the series' own, and two series are tested.
    ai, cloud = series.iter_rows(named=True)
    assert (row["p"], row["q"]) == (cloud["p"], cloud["q"])
    assert cloud["q"] == pytest.approx(min(2 * cloud["p"], ai["p"]))


def test_years_without_an_edition_are_named() -> None:
    years = [2008, 2009, 2010, 2012, 2013, 2014, 2015, 2017]
    series, breaks = find_breaks(make_prevalence([1, 2, 1, 1, 9, 9, 8, 9], years=years))
    assert series["missing"].to_list() == [[2011, 2016]]
    assert breaks.select("edition", "previous").row(0) == (2013, 2012)


def test_neither_the_order_of_rows_nor_the_run_matters() -> None:
    table = pl.concat([make_prevalence(STEP), make_prevalence(FLAT, lang="zh")])
    for one, two in zip(find_breaks(table), find_breaks(table.sample(fraction=1, shuffle=True, seed=2)), strict=True):
        assert one.equals(two)


def test_languages_are_families_of_their_own() -> None:
    both, _ = find_breaks(pl.concat([make_prevalence(STEP), make_prevalence(FLAT, lang="zh")]))
    assert both["q"].to_list() == both["p"].to_list()


def test_a_series_too_short_to_break() -> None:
    series, breaks = find_breaks(make_prevalence([1, 9, 9]))
    assert series.select("score", "p", "n_breaks").row(0) == (None, 1.0, 0)
    assert breaks.height == 0


def test_unknown_options() -> None:
    with pytest.raises(UnknownOptionError, match="cost"):
        find_breaks(make_prevalence(STEP), cost="l1")
