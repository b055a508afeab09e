from dataclasses import replace
from pathlib import Path

import pytest

from textmine.errors import OutputError
from textmine.reports.archive import store_document
from textmine.reports.manifest import hash_bytes, load_manifest

from .test_manifest import ENTRY


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }


def test_new(tmp_path: Path) -> None:
    stored = store_document(tmp_path / "新 folder", ENTRY, b"one")
    assert (stored.status, stored.kept) == ("new", None)
    assert stored.entry.sha256 == hash_bytes(b"one")
    assert stored.entry.n_bytes == 3
    assert contents(tmp_path / "新 folder") == {ENTRY.file: b"one"}


def test_the_same_again_changes_the_record_only(tmp_path: Path) -> None:
    store_document(tmp_path, ENTRY, b"one")
    stored = store_document(tmp_path, replace(ENTRY, retrieved="2027-01-01T00:00:00Z"), b"one")
    assert stored.status == "same"
    assert contents(tmp_path) == {ENTRY.file: b"one"}
    assert load_manifest(tmp_path)[ENTRY.file].retrieved == "2027-01-01T00:00:00Z"


def test_each_former_version_is_kept(tmp_path: Path) -> None:
    for data in (b"one", b"two", b"three", b"three"):
        stored = store_document(tmp_path, ENTRY, data)
    assert contents(tmp_path) == {
        ENTRY.file: b"three",
        f"superseded/A-66-64.zh.{hash_bytes(b'one')[:12]}.txt": b"one",
        f"superseded/A-66-64.zh.{hash_bytes(b'two')[:12]}.txt": b"two",
    }
    assert stored.entry.supersedes == hash_bytes(b"two")


def test_where_the_former_can_not_be_kept_it_is_not_replaced(tmp_path: Path) -> None:
    store_document(tmp_path, ENTRY, b"one")
    (tmp_path / "superseded").write_bytes(b"a file where the folder should be")
    with pytest.raises(OutputError):
        store_document(tmp_path, ENTRY, b"two")
    assert (tmp_path / ENTRY.file).read_bytes() == b"one"
    assert load_manifest(tmp_path)[ENTRY.file].sha256 == hash_bytes(b"one")
