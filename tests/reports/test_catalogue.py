from pathlib import Path

import polars as pl
import pytest

from textmine.errors import SourceError, UnknownOptionError
from textmine.reports import catalogue
from textmine.reports.catalogue import document_url, find_edition, load_catalogue


def test_one_row_per_year_without_a_gap() -> None:
    years = load_catalogue()["year"].to_list()
    assert years == list(range(min(years), max(years) + 1))


def test_sessions_follow_the_years() -> None:
    rows = load_catalogue().filter(pl.col("session").is_not_null())
    assert (rows["year"] - rows["session"]).unique().to_list() == [1945]


def test_symbols_name_the_session_and_the_year() -> None:
    for row in load_catalogue().filter(pl.col("session").is_not_null()).to_dicts():
        assert row["ga_symbol"].startswith(f"A/{row['session']}/")
        assert row["ecosoc_symbol"].startswith(f"E/{row['year']}/")


def test_symbols_occur_once() -> None:
    for column in ("ga_symbol", "ecosoc_symbol"):
        symbols = [symbol for symbol in load_catalogue()[column] if symbol]
        assert len(set(symbols)) == len(symbols)


def test_every_row_says_what_it_rests_on() -> None:
    assert load_catalogue().filter(pl.col("basis") == "").height == 0


def test_unknown_fields_are_empty_strings() -> None:
    assert load_catalogue().select(pl.col(pl.String).null_count()).row(0) == (0,) * 6


def test_columns() -> None:
    frame = load_catalogue()
    assert frame.schema["verified"] == pl.Boolean
    assert frame.schema["year"] == frame.schema["session"] == pl.Int32


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_2011_edition(lang: str) -> None:
    edition = find_edition(2011, lang)
    assert edition is not None
    assert (edition.symbol, edition.session, edition.issued) == ("A/66/64-E/2011/77", 66, "2011-03-14")
    assert edition.urls == (document_url("A/66/64", lang),)


@pytest.mark.parametrize("year", [2006, 2099, 0, -1])
def test_a_year_that_is_not_there(year: int) -> None:
    assert find_edition(year, "zh") is None


@pytest.mark.parametrize(
    ("symbol", "lang", "kind", "url"),
    [
        ("A/66/64", "zh", "pdf", "https://documents.un.org/api/symbol/access?s=A%2F66%2F64&l=zh&t=pdf"),
        ("E/CN.16/2007/2", "en", "doc", "https://documents.un.org/api/symbol/access?s=E%2FCN.16%2F2007%2F2&l=en&t=doc"),
        ("A/66/64&l=fr", "en", "pdf", "https://documents.un.org/api/symbol/access?s=A%2F66%2F64%26l%3Dfr&l=en&t=pdf"),
    ],
)
def test_addresses(symbol: str, lang: str, kind: str, url: str) -> None:
    assert document_url(symbol, lang, kind=kind) == url


@pytest.mark.parametrize(("lang", "kind"), [("fr", "pdf"), ("zh", "txt"), ("", "pdf")])
def test_unknown_languages_and_kinds_are_refused(lang: str, kind: str) -> None:
    with pytest.raises(UnknownOptionError, match="valid: "):
        document_url("A/66/64", lang, kind=kind)


def test_an_unknown_language_has_no_edition() -> None:
    with pytest.raises(UnknownOptionError):
        find_edition(2011, "fr")


def test_a_broken_catalogue_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "catalogue.csv"
    path.write_text("year\nnot a year\n", encoding="utf-8")
    monkeypatch.setattr(catalogue, "resource_path", lambda *_: path)
    with pytest.raises(SourceError, match=r"catalogue\.csv: not a catalogue"):
        catalogue._rows.__wrapped__()
