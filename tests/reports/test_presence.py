from pathlib import Path

import polars as pl
import pytest

from textmine.errors import SourceError
from textmine.reports.import_files import import_report
from textmine.reports.presence import find_present

from .misbehaving import report_text


def row(folder: Path, year: int, lang: str) -> dict[str, object]:
    (found,) = find_present(folder).filter((pl.col("year") == year) & (pl.col("lang") == lang)).to_dicts()
    return found


def test_every_edition_in_both_languages(tmp_path: Path) -> None:
    frame = find_present(tmp_path / "nothing here")
    assert frame.select("year", "lang").rows() == [(year, lang) for year in range(2007, 2026) for lang in ("en", "zh")]
    assert frame.filter(pl.col("sample"))["year"].unique().sort().to_list() == list(range(2008, 2026))
    assert frame["official"].list.len().sum() == frame["doubtful"].list.len().sum() == 0


def test_what_is_here(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(report_text(2011, "zh"), encoding="utf-8")
    import_report(path, folder=tmp_path / "official")
    assert row(tmp_path / "official", 2011, "zh")["official"] == ["txt"]
    assert row(tmp_path / "official", 2011, "en")["official"] == []


def test_what_was_changed_or_is_not_recorded_is_doubtful(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(report_text(), encoding="utf-8")
    import_report(path, folder=tmp_path)
    (tmp_path / "A-66-64.en.txt").write_text("changed", encoding="utf-8")
    (tmp_path / "A-66-64.en.pdf").write_bytes(b"put here")
    found = row(tmp_path, 2011, "en")
    assert (found["official"], found["doubtful"]) == ([], ["pdf", "txt"])


def test_a_broken_manifest_is_said(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(SourceError, match=r"manifest\.json"):
        find_present(tmp_path)
