from pathlib import Path

import pytest

from textmine.errors import SourceError
from textmine.reports.corpus import (
    OFFICIAL,
    VARIABLE,
    choose_formats,
    corpus_files,
    find_official,
    load_corpus,
    read_corpus,
    read_files,
)

from .reading import FRONT


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: Path, year: int = 2011, lang: str = "en") -> Path:
    path.write_text(FRONT.replace("2011", str(year)).replace("en", lang, 1) + "1. Text.\n", encoding="utf-8")
    return path


def test_the_sample_comes_in_both_languages_every_year(folder: Path) -> None:  # noqa: ARG001
    names = [path.name for path in corpus_files()]
    assert names == sorted(f"{year}.{lang}.md" for year in range(2008, 2026) for lang in ("zh", "en"))


def test_the_variable_names_the_corpus(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder / "a.md")
    monkeypatch.setenv(VARIABLE, str(folder))
    assert [path.name for path in corpus_files()] == ["a.md"]


def test_an_empty_variable_means_the_sample(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    monkeypatch.setenv(VARIABLE, "")
    assert corpus_files()[0].name == "2008.en.md"


def test_a_name_comes_before_the_variable(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "official")
    assert corpus_files(write(folder / "a.md")) == [folder / "a.md"]


def test_official_is_a_folder_below_the_working_directory(folder: Path) -> None:
    (folder / OFFICIAL).mkdir(parents=True)
    (folder / OFFICIAL / "A-66-64.zh.txt").touch()
    assert corpus_files("official") == [OFFICIAL / "A-66-64.zh.txt"]


def test_official_texts_are_found_from_a_folder_beside_them(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_official() is None
    (folder / OFFICIAL).mkdir(parents=True)
    assert find_official() is None
    (folder / OFFICIAL / "A-66-64.zh.txt").touch()
    assert find_official() == OFFICIAL
    (folder / "notebooks").mkdir()
    monkeypatch.chdir(folder / "notebooks")
    assert find_official() == folder / OFFICIAL
    assert corpus_files("official") == [folder / OFFICIAL / "A-66-64.zh.txt"]


def test_no_official_folder(folder: Path) -> None:  # noqa: ARG001
    with pytest.raises(SourceError, match=r"no folder corpus.official here"):
        corpus_files("official")


def test_only_reports_are_taken_in_order_of_name(folder: Path) -> None:
    for name in ("b.txt", "a.md", "c.markdown", "README.md", "notes.csv", "d.pdf"):
        (folder / name).touch()
    assert [path.name for path in corpus_files(folder)] == ["a.md", "b.txt", "c.markdown", "d.pdf"]


def test_a_path_that_does_not_exist(folder: Path) -> None:  # noqa: ARG001
    with pytest.raises(SourceError, match="neither 'sample' nor 'official' nor an existing path"):
        corpus_files("smaple")


def test_a_folder_without_reports(folder: Path) -> None:
    with pytest.raises(SourceError, match=r"no report in this folder \(files ending in \.docx, \.pdf, .*\.txt\)"):
        corpus_files(folder)


def test_reports_are_sorted_by_year_and_language(folder: Path) -> None:
    write(folder / "a.md", 2012, "zh")
    write(folder / "b.md", 2011, "zh")
    write(folder / "c.md", 2011, "en")
    found = [(report.edition.year, report.edition.lang) for report in load_corpus(folder)]
    assert found == [(2011, "en"), (2011, "zh"), (2012, "zh")]


def test_the_order_of_files_does_not_matter(folder: Path) -> None:
    files = [write(folder / f"{year}.md", year) for year in (2011, 2012, 2013)]
    assert read_files(files) == read_files(files[::-1])


def test_the_same_edition_twice_is_an_error_that_names_both(folder: Path) -> None:
    first, second = write(folder / "a.md"), write(folder / "b.md")
    reports, errors = read_files([first, second])
    assert len(reports) == 1
    assert [str(error) for error in errors] == [
        f"{second}: the 2011 edition in en again, after {first}; name one of them"
    ]


def test_a_corpus_with_a_bad_file_raises_its_error(folder: Path) -> None:
    write(folder / "a.md")
    (folder / "b.txt").write_bytes(b"")
    with pytest.raises(SourceError, match=r"b\.txt: the file is empty"):
        load_corpus(folder)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        b"%PDF-1.4",
        b"No number in this text.\n",
        b"1.\nThe number stands alone.\n",
        "\u200b".encode(),
        "1. 没有年份。\n".encode(),
    ],
)
def test_one_bad_text_costs_one_error_and_not_the_run(folder: Path, data: bytes) -> None:
    bad = folder / "bad.txt"
    bad.write_bytes(data)
    reports, errors = read_files([bad, write(folder / "good.md")])
    assert (len(reports), len(errors)) == (1, 1)
    assert "bad.txt" in str(errors[0])


def test_progress_names_each_file_before_it_is_read(folder: Path) -> None:
    seen: list[str] = []
    read_files([folder / "missing.txt", write(folder / "a.md")], progress=seen.append)
    assert seen == ["missing.txt", "a.md"]


def test_no_files_no_reports() -> None:
    assert read_files([]) == ([], [])


def test_the_limit_reaches_the_reader(folder: Path) -> None:
    _, (error,) = read_files([write(folder / "a.md")], max_bytes=10)
    assert "larger than" in str(error)


def test_every_report_says_which_corpus_it_is_from(folder: Path) -> None:
    for name in ("mine", "corpus/official"):
        (folder / name).mkdir(parents=True)
        write(folder / name / "a.md")
    assert [report.edition.corpus for report in load_corpus("mine")] == ["mine"]
    assert [report.edition.corpus for report in load_corpus(folder / "mine")] == ["mine"]
    assert [report.edition.corpus for report in load_corpus(folder / "mine" / "a.md")] == ["a.md"]
    assert [report.edition.corpus for report in load_corpus("official")] == ["official"]
    assert {report.edition.corpus for report in read_corpus("sample")[0]} == {"sample"}


def test_the_sample_stays_the_sample_wherever_it_lies(folder: Path) -> None:
    (folder / OFFICIAL).mkdir(parents=True)
    source = corpus_files("sample")[0]
    (folder / OFFICIAL / source.name).write_bytes(source.read_bytes())
    assert [report.edition.corpus for report in load_corpus("official")] == ["sample"]


def test_one_format_of_several_is_read_and_the_others_are_named(folder: Path) -> None:
    write(folder / "a.md")
    (folder / "a.txt").write_text("not read", encoding="utf-8")
    (report,) = load_corpus(folder)
    assert report.source.name == "a.md"
    assert [str(warning) for warning in report.warnings] == [
        "line 1: the same in another format, not read: a.txt [other-format]"
    ]


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["a.txt", "a.pdf", "a.docx"], {"a.docx": ["a.txt", "a.pdf"]}),
        (["a.PDF", "a.Txt"], {"a.PDF": ["a.Txt"]}),
        (["A-66-64.zh.pdf", "A-66-64.en.docx"], {"A-66-64.zh.pdf": [], "A-66-64.en.docx": []}),
        (["x/a.pdf", "y/a.docx"], {"x/a.pdf": [], "y/a.docx": []}),
        (["v1.2", "v1.3"], {"v1.2": [], "v1.3": []}),
        ([], {}),
    ],
)
def test_formats(names: list[str], chosen: dict[str, list[str]]) -> None:
    assert choose_formats(names) == chosen
