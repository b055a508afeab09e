from pathlib import Path

import pytest

from textmine import resources
from textmine.errors import SourceError
from textmine.resources import resource_path


@pytest.mark.parametrize(
    "parts", [("catalogue.csv",), ("taxonomy", "trend.toml"), ("sample", "2011.zh.md"), ("sample",)]
)
def test_what_ships_is_found(parts: tuple[str, ...]) -> None:
    assert resource_path(*parts).exists()


def test_a_missing_resource_is_named() -> None:
    with pytest.raises(SourceError, match=r"lacks corpus/no/such\.csv"):
        resource_path("no", "such.csv")


def test_the_installed_copy_comes_before_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "textmine"
    for root in (package, tmp_path):
        (root / "corpus").mkdir(parents=True)
        (root / "corpus" / "catalogue.csv").touch()
    monkeypatch.setattr(resources, "_PACKAGE", package)
    assert resource_path("catalogue.csv") == package / "corpus" / "catalogue.csv"


def test_the_checkout_is_used_where_no_copy_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "corpus").mkdir()
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "textmine")
    assert resource_path() == tmp_path / "corpus"


def test_a_path_with_spaces_and_han_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "一 个 地方" / "textmine"
    (package / "corpus").mkdir(parents=True)
    monkeypatch.setattr(resources, "_PACKAGE", package)
    assert resource_path().is_dir()
