import json
from dataclasses import replace
from pathlib import Path

import pytest

from textmine.errors import SourceError
from textmine.reports.manifest import NAME, Entry, has_file, hash_bytes, load_manifest, save_entry

ENTRY = Entry("A-66-64.zh.txt", 2011, "zh", "A/66/64-E/2011/77", "txt", hash_bytes(b"x"), 1, "2026-01-01T12:00:00Z")


def test_what_is_saved_is_loaded_sorted_whatever_the_order(tmp_path: Path) -> None:
    entries = [ENTRY, replace(ENTRY, file="A-65-64.zh.txt", note="注“1”"), replace(ENTRY, file="A-67-66.zh.txt")]
    for folder, order in (("a", entries), ("b", entries[::-1])):
        for entry in order:
            save_entry(tmp_path / folder, entry)
    assert (tmp_path / "a" / NAME).read_bytes() == (tmp_path / "b" / NAME).read_bytes()
    loaded = load_manifest(tmp_path / "a")
    assert list(loaded) == ["A-65-64.zh.txt", "A-66-64.zh.txt", "A-67-66.zh.txt"]
    assert sorted(loaded.values(), key=lambda entry: entry.file) == sorted(entries, key=lambda entry: entry.file)


def test_an_entry_takes_the_place_of_the_former_one(tmp_path: Path) -> None:
    save_entry(tmp_path, ENTRY)
    save_entry(tmp_path, replace(ENTRY, sha256="0" * 64))
    assert load_manifest(tmp_path)[ENTRY.file].sha256 == "0" * 64


def test_the_terms_are_recorded(tmp_path: Path) -> None:
    save_entry(tmp_path, ENTRY)
    recorded = json.loads((tmp_path / NAME).read_text(encoding="utf-8"))["files"][ENTRY.file]
    assert "textmine does not redistribute it" in recorded["terms"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "[]",
        "{}",
        '{"files": []}',
        '{"files": {"a": 1}}',
        '{"files": {"a": {}}}',
        '{"files": {"a": {"more": 2}}}',
    ],
)
def test_what_is_no_manifest_is_named_and_left_alone(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=r"manifest\.json: not a manifest .*move it away"):
        save_entry(tmp_path, ENTRY)
    assert (tmp_path / NAME).read_text(encoding="utf-8") == text


def test_a_field_of_another_type(tmp_path: Path) -> None:
    save_entry(tmp_path, ENTRY)
    path = tmp_path / NAME
    path.write_text(path.read_text(encoding="utf-8").replace('"year": 2011', '"year": "2011"'), encoding="utf-8")
    with pytest.raises(SourceError, match="not a manifest"):
        load_manifest(tmp_path)


@pytest.mark.parametrize(("data", "there"), [(b"x", True), (b"y", False), (b"xx", False), (None, False)])
def test_a_file_is_there_when_its_bytes_are(tmp_path: Path, data: bytes | None, there: bool) -> None:
    if data is not None:
        (tmp_path / ENTRY.file).write_bytes(data)
    assert has_file(tmp_path, ENTRY) is there
