from pathlib import Path

import pytest

from textmine.errors import SourceError, UnknownOptionError
from textmine.reports.read import read_report
from textmine.resources import resource_path

from .reading import FRONT

ZH = "内容提要\n\n摘要。\n\n1.  一些汉字在这里。\n\n2.  还有一些。\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "A-66-64.zh.txt"
    path.write_text(ZH, encoding="utf-8")
    return path


@pytest.mark.parametrize("suffix", [".md", ".markdown", ".MD"])
def test_markdown_is_told_by_its_suffix(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_text(FRONT + "1. Text.\n", encoding="utf-8")
    assert read_report(path).edition.title == "A title"


def test_everything_else_is_extracted_text(path: Path) -> None:
    assert [paragraph.text for paragraph in read_report(path).paragraphs] == ["一些汉字在这里。", "还有一些。"]


def test_language_and_year_are_told_from_script_and_name(path: Path) -> None:
    edition = read_report(path).edition
    assert (edition.lang, edition.year, edition.ga_symbol) == ("zh", 2011, "A/66/64")


def test_language_and_year_can_be_given(path: Path) -> None:
    edition = read_report(path, lang="en", year=2012).edition
    assert (edition.lang, edition.year) == ("en", 2012)


def test_a_year_beside_the_one_in_the_name_is_warned_of(path: Path) -> None:
    assert "symbol" in [warning.kind for warning in read_report(path, year=2012).warnings]


def test_a_year_that_the_catalogue_does_not_know(path: Path) -> None:
    edition = read_report(path, year=1999).edition
    assert (edition.year, edition.verified, edition.session) == (1999, False, None)


def test_an_unknown_language_is_refused_before_the_file_is_opened(tmp_path: Path) -> None:
    with pytest.raises(UnknownOptionError, match="unknown language 'fr'; valid: zh, en"):
        read_report(tmp_path / "missing.txt", lang="fr")


def test_a_text_that_names_no_edition_is_refused_with_the_next_step(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(ZH, encoding="utf-8")
    with pytest.raises(SourceError, match=r"report\.txt: neither the text nor the file name .* --year 2011"):
        read_report(path)


@pytest.mark.parametrize(
    "text", ["Some text without any number.\n", "I. Title\n\nA. Title\n", "1.\n2.\n3.\n", "\u200b\n"]
)
def test_a_text_without_numbered_paragraphs_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "A-66-64.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match="no numbered paragraph found"):
        read_report(path)


def test_source_says_how_the_file_was_decoded(tmp_path: Path) -> None:
    path = tmp_path / "A-66-64.txt"
    path.write_bytes((ZH * 3).encode("gb18030"))
    source = read_report(path).source
    assert (source.name, source.encoding, len(source.sha256)) == ("A-66-64.txt", "gb18030", 64)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("year", range(2008, 2026))
def test_each_sample_edition_reads_without_a_warning(year: int, lang: str) -> None:
    report = read_report(resource_path("sample", f"{year}.{lang}.md"))
    assert (report.edition.year, report.edition.lang, report.warnings) == (year, lang, ())


@pytest.mark.parametrize("year", range(2008, 2026))
def test_sample_editions_have_the_same_outline_in_both_languages(year: int) -> None:
    outlines = []
    for lang in ("zh", "en"):
        report = read_report(resource_path("sample", f"{year}.{lang}.md"))
        sections = {p.number: [heading.section for heading in report.heading_path(p)] for p in report.paragraphs}
        outlines.append((sections, [note.number for note in report.footnotes]))
    assert outlines[0] == outlines[1]
