from pathlib import Path

import pytest

from textmine.errors import ContractError, SourceError
from textmine.reports.labels import NONE, SETTLED, load_labels

HEAD = "edition,lang,paragraph,scheme,concept,reader\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "labels.csv"
    path.write_text(
        f"{HEAD}2011,zh,2,trend,none,a\n2011,zh,1,trend,cloud,settled\n2011,zh,1,trend,cloud,a\n", encoding="utf-8"
    )
    return path


def test_shipped_labels_cover_every_paragraph_of_2011() -> None:
    assert sorted(load_labels()["paragraph"].unique()) == list(range(1, 168))


def test_a_paragraph_has_no_label_beside_none() -> None:
    frame = load_labels()
    without = set(frame.filter(frame["concept"] == NONE)["paragraph"])
    labelled = set(frame.filter(frame["concept"] != NONE)["paragraph"])
    assert without & labelled == set()


def test_a_label_is_given_once() -> None:
    assert load_labels(reader=None).is_duplicated().sum() == 0


@pytest.mark.parametrize(("reader", "height"), [(SETTLED, 1), ("a", 2), (None, 3)])
def test_the_reader_is_chosen(path: Path, reader: str | None, height: int) -> None:
    assert load_labels(str(path), reader=reader).height == height


def test_labels_are_sorted(path: Path) -> None:
    assert load_labels(str(path), reader="a")["paragraph"].to_list() == [1, 2]


def test_an_unknown_reader_is_refused_with_those_there_are(path: Path) -> None:
    with pytest.raises(SourceError, match="no reader 'b'; it has a, settled"):
        load_labels(str(path), reader="b")


def test_missing_labels_are_refused() -> None:
    with pytest.raises(SourceError):
        load_labels("1999.zh.trend")


@pytest.mark.parametrize("text", ["", "edition\nnot a number\n", "\x00\x01"])
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises((SourceError, ContractError)):
        load_labels(str(path))


def test_a_table_without_a_column_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("edition,lang\n2011,zh\n", encoding="utf-8")
    with pytest.raises((SourceError, ContractError)):
        load_labels(str(path))
