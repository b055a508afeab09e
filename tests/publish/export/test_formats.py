"""All formats through the one call and the command line: same bytes, whole or not at all, clear refusals."""

from pathlib import Path

import pytest
from command_line import Textmine

import textmine as package
from textmine.errors import ContractError, OutputError, UnknownOptionError
from textmine.publish.export.formats import FORMATS, export_study, find_format
from textmine.publish.features import load_features
from textmine.publish.study import Study

TEXTS = ["akn", "conllu", "label-studio", "spacy", "tei"]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_the_same_study_gives_the_same_bytes(name: str, toy_study: Study, tmp_path: Path) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    shuffled = {key: frame.sample(fraction=1, shuffle=True, seed=3) for key, frame in toy_study.tables.items()}
    again = Study(
        shuffled if name in TEXTS else toy_study.tables, toy_study.taxonomy, name="b", reports=toy_study.reports
    )
    exported = [export_study(study, name, folder) for study, folder in zip((toy_study, again), folders, strict=True)]
    assert contents(folders[0]) == contents(folders[1])
    assert [str(path.relative_to(folders[0])) for path in exported[0].files] == [
        str(path.relative_to(folders[1])) for path in exported[1].files
    ]
    assert sorted(map(str, exported[0].files)) == sorted(str(folders[0] / path) for path in contents(folders[0]))
    assert exported[0].files or name == "graphml"  # four paragraphs make no network


@pytest.mark.parametrize("name", TEXTS)
def test_features_have_no_text_to_write(name: str, toy_study: Study, tmp_path: Path) -> None:
    study = Study(load_features(), toy_study.taxonomy, name="features/2011.zh")
    with pytest.raises(ContractError, match="no running text"):
        export_study(study, name, tmp_path)
    assert contents(tmp_path) == {}


@pytest.mark.parametrize("name", ["akn", "tei"])
def test_tables_alone_dont_make_a_document(name: str, toy_study: Study, tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="needs the reports"):
        export_study(Study(toy_study.tables, toy_study.taxonomy, name="t"), name, tmp_path)


@pytest.mark.parametrize("name", ["csv", "jsonl", "parquet"])
def test_tables_of_features_are_written(name: str, toy_study: Study, tmp_path: Path) -> None:
    study = Study(load_features(), toy_study.taxonomy, name="features/2011.zh")
    assert len(export_study(study, name, tmp_path).files) == len(study.tables)


def test_a_format_that_isnt_there_lists_those_that_are(toy_study: Study, tmp_path: Path) -> None:
    with pytest.raises(UnknownOptionError, match="akn, conllu, csv, datapackage, graphml, jsonl, label-studio"):
        export_study(toy_study, "docx", tmp_path)


@pytest.mark.parametrize("name", ["tei", "jsonl", "datapackage"])
def test_a_full_device_leaves_what_was_there(
    name: str, toy_study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export_study(toy_study, name, tmp_path)
    before = contents(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("textmine.atomic.os.fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        export_study(toy_study, name, tmp_path)
    assert contents(tmp_path) == before


def test_a_folder_that_is_a_file(toy_study: Study, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("")
    with pytest.raises(OutputError, match="choose another"):
        export_study(toy_study, "csv", tmp_path / "x")


def test_each_format_has_its_function_and_public_names_work() -> None:
    assert all(find_format(name).__doc__ for name in FORMATS)
    assert package.export_study is export_study
    assert callable(package.read_label_studio)
    assert callable(package.settle_corrections)


def test_the_command_writes_the_files_named(textmine: Textmine, toy_files: list[Path], tmp_path: Path) -> None:
    code, out, err = textmine("export", "tei", *toy_files)
    assert (code, err) == (0, "")
    assert sorted(contents(tmp_path / "textmine-out" / "export" / "tei")) == ["2011.en.xml", "2011.zh.xml"]
    assert "2011.zh.xml" in out
    assert "say nothing about the United Nations" in out  # the toy reports are of the sample


def test_the_command_says_what_is_wrong_before_it_reads(textmine: Textmine, tmp_path: Path) -> None:
    code, _, err = textmine("export", "docx", tmp_path / "none.txt")
    assert code == 1
    assert "unknown format 'docx'" in err
    code, _, err = textmine("export", "tei", tmp_path / "none.txt")
    assert code == 1
    assert "none.txt" in err
    code, _, err = textmine("export", "tei", "--corpus", "features/2011.zh")
    assert code == 1
    assert "no running text" in err


def test_the_help_names_every_format(textmine: Textmine) -> None:
    _, out, _ = textmine("export", "--help")
    words = "".join(out.split())
    assert [name for name in FORMATS if name not in words] == []


def test_the_command_exports_features(textmine: Textmine, tmp_path: Path) -> None:
    code, _, err = textmine("export", "datapackage", "--corpus", "features/2011.zh", "--out", "d")
    assert (code, err) == (0, "")
    assert "datapackage.json" in contents(tmp_path / "d")
