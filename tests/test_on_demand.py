"""Tables made when asked for: once, whatever the number of threads; a failure isn't kept."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import polars as pl
import pytest

from textmine.on_demand import TablesOnDemand, replace_table

FRAME = pl.DataFrame({"a": [1]})


def test_a_table_is_made_once_for_all_threads() -> None:
    made = []

    def make() -> pl.DataFrame:
        time.sleep(0.02)
        made.append(1)
        return FRAME

    tables = TablesOnDemand({"x": make})
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: tables["x"], range(8)))
    assert made == [1]
    assert all(frame is FRAME for frame in found)


def test_a_table_does_not_wait_for_another_being_made() -> None:
    begun, release = Event(), Event()

    def make() -> pl.DataFrame:
        begun.set()
        assert release.wait(60)
        return FRAME

    tables = TablesOnDemand({"words": make, "tags": lambda: FRAME})
    with ThreadPoolExecutor(2) as pool:
        words = pool.submit(tables.__getitem__, "words")
        assert begun.wait(60)
        try:
            assert pool.submit(tables.__getitem__, "tags").result(timeout=20) is FRAME
        finally:
            release.set()
        assert words.result() is FRAME


def test_looking_at_names_makes_nothing() -> None:
    def fail() -> pl.DataFrame:
        raise AssertionError("made")

    tables = TablesOnDemand({"x": fail, "y": lambda: FRAME})
    assert "x" in tables
    assert "z" not in tables
    assert (list(tables), len(tables), tables.made) == (["x", "y"], 2, [])
    assert repr(tables) == "TablesOnDemand(x, y; made: none)"
    assert tables["y"].height == 1
    assert repr(tables) == "TablesOnDemand(x, y; made: y)"


def test_what_failed_is_tried_again() -> None:
    tries: list[int] = []

    def make() -> pl.DataFrame:
        tries.append(1)
        if len(tries) == 1:
            raise OSError("disk")
        return FRAME

    tables = TablesOnDemand({"x": make})
    with pytest.raises(OSError, match="disk"):
        tables["x"]
    assert tables["x"] is FRAME


def test_a_table_may_ask_for_another() -> None:
    tables = TablesOnDemand({"x": lambda: tables["y"].head(0), "y": lambda: FRAME})
    assert tables["x"].height == 0


def test_an_unknown_table_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="z"):
        TablesOnDemand({})["z"]


def test_replacing_one_makes_no_other() -> None:
    tables = TablesOnDemand({"x": lambda: FRAME, "y": lambda: FRAME})
    changed = replace_table(tables, "x", FRAME.head(0))
    assert changed["x"].height == 0
    assert tables.made == []
    assert changed["y"] is FRAME
