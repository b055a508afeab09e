"""`textmine train` and `textmine run --classifier`."""

import json
from pathlib import Path

import polars as pl
import pytest
from command_line import Textmine

from textmine.annotate.line_model_file import load_line_model
from textmine.resources import resource_path


@pytest.fixture(scope="module")
def editions() -> list[str]:
    return [str(resource_path("sample", f"{year}.en.md")) for year in (2008, 2009, 2010, 2011, 2013)]


@pytest.fixture
def trained(textmine: Textmine, editions: list[str], tmp_path: Path) -> Path:
    outcome = textmine("train", *editions, "--last-year", "2011", "--out", str(tmp_path / "线 1" / "lines.model"))
    assert outcome.code == 0, outcome.err
    assert "en: " in outcome.out
    assert "4 editions 2008-2011" in outcome.out
    return tmp_path / "线 1" / "lines.model"


@pytest.mark.usefixtures("without_figures")
def test_train_then_run(textmine: Textmine, editions: list[str], trained: Path, tmp_path: Path) -> None:
    model = load_line_model(trained)
    assert [source.year for source in model.trained_on] == [2008, 2009, 2010, 2011]
    out = tmp_path / "out"
    outcome = textmine("run", editions[4], "--classifier", str(trained), "--out", str(out))
    assert outcome.code == 0, outcome.err
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert record["line_model_sha256"] == model.sha256
    tags = pl.read_parquet(out / "tables" / "tags.parquet").filter(pl.col("evidence") == "classifier")
    shares = pl.read_parquet(out / "tables" / "shares.parquet").filter(pl.col("evidence") == "classifier")
    assert tags.height > 0
    assert shares["scheme"].unique().to_list() == ["action_line"]
    assert shares["n_tagged"].sum() == tags.height


def test_mistakes_end_with_a_message(textmine: Textmine, editions: list[str], tmp_path: Path) -> None:
    (tmp_path / "no.model").write_text("no model")
    for arguments, said in (
        (("train", editions[0], "--out", str(tmp_path / "m")), "no two editions"),
        (("run", editions[0], "--classifier", str(tmp_path / "no.model"), "--out", str(tmp_path / "o")), "not a model"),
    ):
        outcome = textmine(*arguments)
        assert outcome.code == 1
        assert said in outcome.err
        assert "Traceback" not in outcome.err
    assert not (tmp_path / "m").exists()
    assert not (tmp_path / "o").exists()
