import io
import zipfile
from pathlib import Path

import pytest

from textmine.errors import SourceError, UnknownOptionError
from textmine.reports.identify import detect_kind, identify_document, tell_language

from .misbehaving import report_text, shell_docx, shell_pdf


def zipped(name: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(name, "x")
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (shell_pdf("x"), "pdf"),
        (shell_docx("x"), "docx"),
        ("1. 本报告。".encode(), "txt"),
        ("1. 本报告。".encode("gb18030"), "txt"),
        (b"<html is not how this report begins>", "txt"),
    ][:4],
)
def test_kinds_by_content(data: bytes, kind: str) -> None:
    assert detect_kind(data) == kind


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"%PDF-1.7\nno end", "cut short"),
        (shell_pdf("x") + bytes(5000), "cut short"),
        (shell_docx("x" * 99)[:-30], "ZIP container cut short or damaged"),
        (zipped("xl/workbook.xml"), "isn't a Word file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old binary Word .*soffice"),
        (b"\xffWPC\x10", "WordPerfect"),
        (rb"{\rtf1 x}", "RTF"),
        (b"<!doctype HTML>", "HTML"),
        (b"\xef\xbb\xbf  <html lang=en>", "HTML"),
        (b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x">', "HTML"),
    ],
)
def test_what_is_refused_by_name(data: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        detect_kind(data)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("联合国系统（United Nations system）的各实体报告了进展。", "zh"),
        ("ITU、UNESCO、UNCTAD、UNDP和WHO（World Health Organization）的数据。", None),
        ("The Chinese title is 信息 and the rest of the text is in English, as is the case in a note to it.", "en"),
        ("Le rapport examine la mise en œuvre des résultats du Sommet mondial.", None),
        ("В настоящем докладе рассматривается ход осуществления решений.", None),
        ("42 7 9", None),
        ("", None),
    ],
)
def test_languages(text: str, lang: str | None) -> None:
    assert tell_language(text) == lang


def identify(text: str, name: str = "x.txt", **said: object) -> tuple[str, str, str]:
    identity = identify_document(text.encode(), name, **said)  # type: ignore[arg-type]
    return identity.edition.symbol, identity.edition.lang, identity.note


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("symbol", [None, "A/66/64", "E/2011/77", ""])
def test_the_cover_says_it(lang: str, symbol: str | None) -> None:
    assert identify(report_text(2011, lang, symbol=symbol)) == ("A/66/64-E/2011/77", lang, "")


def test_the_later_chinese_title_is_the_series_too() -> None:
    assert identify(report_text(2014, "zh", symbol=""))[0] == "A/69/65-E/2014/12"


@pytest.mark.parametrize("name", ["A-67-66.en.txt", "报告.txt", "2012.txt"])
def test_the_name_of_the_file_counts_for_nothing(name: str) -> None:
    assert identify(report_text(), name)[0] == "A/66/64-E/2011/77"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            report_text(symbol="A/66/65"),
            r"symbol A/66/65, session 66.*catalogue has A/66/64-E/2011/77.*--symbol A/66/64",
        ),
        (
            report_text(symbol="").replace("Progress made", "Note on nothing of that kind at all, nor"),
            "--symbol A/66/64",
        ),
        (
            report_text(symbol="")
            .replace("World Summit on the Information Society", "fisheries")
            .replace("Progress", "On"),
            "--symbol A/66/64",
        ),
        (report_text(symbol="").replace("Sixty-sixth session", ""), "--symbol A/66/64"),
        (report_text(symbol="A/66/64").replace("Sixty-sixth", "Sixty-seventh"), "session 67.*--symbol"),
        (
            report_text(symbol="A/30/64").replace("Sixty-sixth", "Thirtieth"),
            "no edition in the catalogue.*--symbol SYMBOL",
        ),
        (
            report_text(symbol="A/66/64").replace(" the ", " 的 ").replace("of", "之").replace(" to ", " 到 ")
            + "了" * 20,
            "--lang",
        ),
    ],
)
def test_a_doubt_is_refused_and_the_option_named(text: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        identify(text)


def test_what_the_user_says_settles_a_doubt() -> None:
    text = report_text(symbol="").replace("Sixty-sixth session", "").replace("Progress made", "About")
    assert identify(text, symbol="A/66/64")[0] == "A/66/64-E/2011/77"
    assert identify(text, symbol="e/2011/77 ")[0] == "A/66/64-E/2011/77"


def test_a_doubt_that_was_settled_is_noted() -> None:
    note = identify(report_text(symbol="A/66/65"), symbol="A/66/64")[2]
    assert note == "its cover prints A/66/65; the catalogue has A/66/64-E/2011/77"


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"symbol": "A/67/66"}, "its cover says session 66.*A/67/66-E/2012/49 was expected"),
        ({"symbol": "A/1/2"}, "neither on its cover nor in the catalogue"),
        ({"lang": "zh"}, "the text is in en, not zh"),
    ],
)
def test_what_the_user_says_against_the_cover_is_refused(said: dict[str, str], message: str) -> None:
    with pytest.raises(SourceError, match=message):
        identify(report_text(), **said)


def test_another_edition_on_the_cover_speaks_against_what_the_user_says() -> None:
    text = report_text(symbol="A/67/66").replace("Sixty-sixth session", "")
    with pytest.raises(SourceError, match=r"its cover says A/67/66"):
        identify(text, symbol="A/66/64")


def test_an_edition_outside_the_catalogue_needs_its_symbol_twice() -> None:
    text = report_text(symbol="A/81/60").replace("Sixty-sixth", "Eighty-first")
    assert identify(text, symbol="A/81/60") == ("A/81/60", "en", "")
    with pytest.raises(SourceError, match="no edition in the catalogue"):
        identify(text)


def test_a_language_there_is_not() -> None:
    with pytest.raises(UnknownOptionError):
        identify(report_text(), lang="fr")


def test_the_official_text_is_recognised_under_any_name(official_path: Path) -> None:
    data = official_path.read_bytes()
    assert identify_document(data, "x").edition.symbol == "A/66/64-E/2011/77"
    assert identify_document(data, "x").edition.lang == "zh"
    with pytest.raises(SourceError, match="session 66"):
        identify_document(data, "x", year=2012, lang="zh")


def test_messages_name_the_file_and_no_temporary_one() -> None:
    with pytest.raises(SourceError) as caught:
        identify("Nothing numbered.", "报告 1.txt")
    assert str(caught.value).startswith("报告 1.txt: no numbered paragraph")
    assert "/tmp" not in str(caught.value)  # noqa: S108
