import polars as pl
import pytest

from textmine.measure.lifetime import measure_lifetimes
from textmine.schema import check_table

from .trails import make_prevalence


def life(hits: list[int], **options: object) -> dict[str, object]:
    table = measure_lifetimes(make_prevalence(hits, **options))
    check_table(table, "lifetimes")
    return table.row(0, named=True)


def test_a_life_by_hand() -> None:
    row = life([0, 2, 10, 20, 16, 10, 4, 0])
    expected = {"first": 2009, "last": 2014, "peak": 2011, "peak_share": 0.5, "rise": 2, "half_life": 2, "n_present": 6}
    assert {name: row[name] for name in expected} == expected
    assert (row["lasts"], row["recovers"]) == (False, False)
    # Wilson: 20 of 40 reaches down to 0.352; 16 of 40 up to 0.554, 10 of 40 up to 0.402, 4 of 40 up to 0.231.
    assert row["rivals"] == [2010, 2012, 2013]
    assert row["peak_low"] < 0.5 < row["peak_high"]


def test_half_is_reached_at_half_and_not_before() -> None:
    assert life([20, 11, 11])["half_life"] is None
    assert life([20, 11, 10])["half_life"] == 2
    back = life([20, 10, 11])
    assert (back["half_life"], back["recovers"]) == (1, True)


def test_the_first_of_equal_peaks_and_their_rivalry() -> None:
    row = life([1, 30, 1, 30])
    assert (row["peak"], row["rivals"]) == (2009, [2011])


def test_years_between_editions_count() -> None:
    row = life([1, 20, 4], years=[2010, 2013, 2019])
    assert (row["rise"], row["half_life"], row["lasts"]) == (3, 6, True)


def test_none_at_all() -> None:
    row = life([0, 0, 0])
    assert (row["first"], row["peak"], row["half_life"], row["rivals"], row["n_present"]) == (None, None, None, [], 0)


def test_the_order_of_rows_does_not_matter() -> None:
    table = pl.concat([make_prevalence([1, 5, 2]), make_prevalence([4, 1, 0], concept="ai")])
    shuffled = table.sample(fraction=1, shuffle=True, seed=3)
    assert measure_lifetimes(shuffled).equals(measure_lifetimes(table))
    assert measure_lifetimes(table)["peak"].to_list() == pytest.approx([2008, 2009])
