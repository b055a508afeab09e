import tomllib
from pathlib import Path

import pytest

from textmine.errors import ContractError, SourceError
from textmine.reports.corpus import load_corpus
from textmine.reports.labels import NONE, SETTLED, load_labels
from textmine.resources import resource_path

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


CONCEPTS = {
    file.stem: tomllib.loads(file.read_text(encoding="utf-8"))["concept"]
    for file in resource_path("taxonomy").glob("*.toml")
}
SAMPLE = ("action_line", "trend", "region", "organisation", "quantity")


@pytest.mark.parametrize("scheme", SAMPLE)
def test_both_readers_labelled_every_paragraph_of_the_sample(scheme: str) -> None:
    labels = load_labels(f"sample.{scheme}", reader=None)
    wanted = {(r.edition.year, r.edition.lang, p.number) for r in load_corpus("sample") for p in r.paragraphs}
    for reader, lang in (("a", "en"), ("b", "zh")):
        mine = labels.filter(labels["reader"] == reader)
        seen = set(mine.select("edition", "lang", "paragraph").iter_rows())
        assert seen == {key for key in wanted if key[1] == lang}
    assert set(labels.filter(labels["reader"] == SETTLED).select("edition", "lang", "paragraph").iter_rows()) == wanted
    assert labels.is_duplicated().sum() == 0


@pytest.mark.parametrize("scheme", SAMPLE)
def test_settled_labels_of_the_sample_come_from_a_reader_and_keep_what_both_gave(scheme: str) -> None:
    labels = load_labels(f"sample.{scheme}", reader=None)
    given = {
        reader: set(labels.filter(labels["reader"] == reader).select("edition", "paragraph", "concept").iter_rows())
        for reader in ("a", "b", SETTLED)
    }
    said = {key for key in given[SETTLED] if key[2] != NONE}
    assert {key for key in given["a"] & given["b"] if key[2] != NONE} <= said <= given["a"] | given["b"]


@pytest.mark.parametrize("scheme", SAMPLE)
def test_labels_of_the_sample_are_concepts_or_numbers(scheme: str) -> None:
    found = set(load_labels(f"sample.{scheme}", reader=None)["concept"]) - {NONE}
    if scheme == "quantity":
        assert all(float(value) >= 0 for value in found)
    else:
        assert found <= {concept["id"] for concept in CONCEPTS[scheme]}
