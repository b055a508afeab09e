import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from elsewhere import ELSEWHERE, OLDER_CPU

from textmine.annotate.annotate import annotate_reports
from textmine.annotate.line_model import LineModel, train_line_model
from textmine.annotate.line_model_file import load_line_model, save_line_model
from textmine.annotate.match import Matcher
from textmine.annotate.tag import Tagger
from textmine.errors import ContractError, SourceError
from textmine.measure.prevalence import measure_shares
from textmine.reports.model import Report
from textmine.reports.read import read_report
from textmine.resources import resource_path

from .toys import toy_concept, toy_taxonomy


@pytest.fixture(scope="module")
def reports() -> list[Report]:
    return [read_report(resource_path("sample", f"{year}.en.md")) for year in (2009, 2010, 2011, 2019)]


@pytest.fixture(scope="module")
def model(reports: list[Report]) -> LineModel:
    return train_line_model(reports)


@pytest.fixture(scope="module")
def saved(model: LineModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_line_model(model, tmp_path_factory.mktemp("models") / "lines.model")


def test_later_years_are_not_learnt(model: LineModel, reports: list[Report]) -> None:
    assert [source.year for source in model.trained_on] == [2009, 2010, 2011]
    assert model.trained_on[0].sha256 == reports[0].source.sha256


def test_too_few_editions_are_refused(reports: list[Report]) -> None:
    with pytest.raises(ContractError, match="no two editions to 2009"):
        train_line_model(reports, last_year=2009)


def test_loaded_model_answers_the_same(model: LineModel, saved: Path, reports: list[Report]) -> None:
    texts = [paragraph.text for paragraph in reports[-1].paragraphs]
    loaded = load_line_model(saved)
    mine, theirs = model.classifiers["en"], loaded.classifiers["en"]
    np.testing.assert_array_equal(mine.predict_proba(texts), theirs.predict_proba(texts))
    assert mine.predict(texts) == theirs.predict(texts)
    assert mine.explain(texts[4]) == theirs.explain(texts[4])
    assert (loaded.trained_on, loaded.taxonomy_sha256) == (model.trained_on, model.taxonomy_sha256)


_TRAIN = """
import sys
from textmine.annotate.line_model import train_line_model
from textmine.annotate.line_model_file import save_line_model
from textmine.reports.read import read_report
save_line_model(train_line_model([read_report(path) for path in sys.argv[2:]]), sys.argv[1])
"""


def test_same_bytes_on_an_older_machine_and_in_another_order(
    saved: Path, reports: list[Report], tmp_path: Path
) -> None:
    files = [str(resource_path("sample", f"{year}.en.md")) for year in (2011, 2010, 2009)]
    environment = os.environ | ELSEWHERE | OLDER_CPU
    subprocess.run([sys.executable, "-c", _TRAIN, str(tmp_path / "b"), *files], check=True, env=environment)  # noqa: S603
    assert (tmp_path / "b").read_bytes() == saved.read_bytes()
    assert reports  # the first model is of the same editions


def test_file_is_arrays_and_json(saved: Path) -> None:
    with zipfile.ZipFile(saved) as archive:
        assert {name.rpartition(".")[2] for name in archive.namelist()} == {"json", "npy"}
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert np.load(saved, allow_pickle=False)["en.coef"].shape[0] == 11


class Bomb:
    """Unpickling it would leave a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return Path.touch, (self.path,)


def rewrite(saved: Path, out: Path, name: str, data: bytes | None) -> Path:
    with zipfile.ZipFile(saved) as archive, zipfile.ZipFile(out, "w") as other:
        for entry in archive.namelist():
            if entry != name:
                other.writestr(entry, archive.read(entry))
            elif data is not None:
                other.writestr(entry, data)
    return out


def test_loading_runs_no_code(saved: Path, tmp_path: Path) -> None:
    array = np.array([Bomb(tmp_path / "ran")], dtype=object)
    np.save(tmp_path / "bomb.npy", array, allow_pickle=True)
    bad = rewrite(saved, tmp_path / "bad", "en.idf.npy", (tmp_path / "bomb.npy").read_bytes())
    with pytest.raises(SourceError, match="not a model of textmine"):
        load_line_model(bad)
    assert not (tmp_path / "ran").exists()
    np.load(tmp_path / "bomb.npy", allow_pickle=True)
    assert (tmp_path / "ran").exists()  # the bomb is live


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("en.coef.npy", None),
        ("en.coef.npy", b"\x93NUMPY nonsense"),
        ("model.json", b"[]"),
        ("model.json", b"{}"),
        ("model.json", b"\xff"),
        ("model.json", b"[" * 100_000),
    ],
)
def test_damaged_models_are_refused(saved: Path, tmp_path: Path, name: str, data: bytes | None) -> None:
    with pytest.raises(SourceError, match="textmine train"):
        load_line_model(rewrite(saved, tmp_path / "bad", name, data))


def test_numbers_that_are_none_are_refused(saved: Path, tmp_path: Path) -> None:
    np.save(tmp_path / "nan.npy", np.full(11, np.nan))
    with pytest.raises(SourceError, match="not finite"):
        load_line_model(rewrite(saved, tmp_path / "bad", "en.intercept.npy", (tmp_path / "nan.npy").read_bytes()))


def test_other_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no zip")
    for path in (tmp_path / "text", tmp_path / "missing", tmp_path):
        with pytest.raises(SourceError, match="textmine train"):
            load_line_model(path)


def test_other_format_or_taxonomy_is_refused(saved: Path, tmp_path: Path) -> None:
    head = json.loads(zipfile.ZipFile(saved).read("model.json"))
    other = json.dumps(head | {"format": "something else"}).encode()
    with pytest.raises(SourceError, match="something else"):
        load_line_model(rewrite(saved, tmp_path / "bad", "model.json", other))
    toy = Tagger(Matcher(toy_taxonomy(toy_concept("a", en=["word"]))))
    with pytest.raises(SourceError, match="another taxonomy"):
        load_line_model(saved, tagger=toy)


def test_tags_where_nothing_else_speaks(model: LineModel, reports: list[Report]) -> None:
    report = reports[-1]
    plain = annotate_reports([report])["tags"]
    tables = annotate_reports([report], line_model=model)
    tags = tables["tags"]
    assert tags.filter(tags["evidence"] != "classifier").equals(plain)
    added = tags.filter(tags["evidence"] == "classifier")
    spoken = set(plain.filter(plain["scheme"] == "action_line")["paragraph"])
    assert not spoken & set(added["paragraph"])
    silent = [p for p in report.paragraphs if p.number not in spoken]
    expected = {
        (p.number, line): round(score, 6)
        for p, found in zip(silent, model.classifiers["en"].predict_scores([p.text for p in silent]), strict=True)
        for line, score in found
    }
    assert {(n, c): s for n, c, s in added.select("paragraph", "concept", "score").iter_rows()} == expected
    assert tags.equals(tags.sort("paragraph", "scheme", "evidence", "start", "concept", nulls_last=False))
    shares = measure_shares(tables["paragraphs"], tags, scheme="action_line", evidence="classifier")
    assert shares["n_tagged"].sum() == added.select("paragraph", "concept").n_unique()


def test_classifier_speaks_when_headings_are_gone(model: LineModel, reports: list[Report]) -> None:
    """Without headings and codes the classifier is all there is: most paragraphs on a line get it back."""
    report = reports[-1]
    headed = [row for row in Tagger().tag_report(report) if row["evidence"] == "heading"]
    lines = {row["paragraph"]: str(row["concept"]).split(".")[0] for row in headed if row["scheme"] == "action_line"}
    rows = [row for row in model.add_tags(report, []) if row["paragraph"] in lines]
    hits = {row["paragraph"] for row in rows if row["concept"] == lines[row["paragraph"]]}
    assert len(hits) >= 0.6 * len(lines)


def test_other_languages_are_left_alone(model: LineModel) -> None:
    report = read_report(resource_path("sample", "2019.zh.md"))
    rows = Tagger().tag_report(report)
    assert model.add_tags(report, rows) == rows
