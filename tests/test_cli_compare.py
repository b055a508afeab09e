from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from textmine.cli import app
from textmine.errors import UnknownOptionError

RUNNER = CliRunner()


def test_the_pandemic_sets_2020_and_2021_apart(tmp_path: Path) -> None:
    result = RUNNER.invoke(app, ["compare", "2018-2019", "2020-2021", "--by", "concepts", "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    table = pl.read_parquet(next((tmp_path / "tables").glob("comparison-concepts-2018-2019-2020-2021.parquet")))
    for lang in ("en", "zh"):
        strongest = table.filter(pl.col("lang") == lang).sort("z", descending=True)["term"][0]
        assert "covid-19" in strongest
        assert f"{lang}, " in result.output


@pytest.mark.parametrize(
    ("arguments", "named"), [(["2011", "sometime"], "sometime"), (["2011", "2012", "--by", "x"], "x")]
)
def test_what_is_unknown_is_refused(arguments: list[str], named: str) -> None:
    result = RUNNER.invoke(app, ["compare", *arguments])
    assert isinstance(result.exception, UnknownOptionError)
    assert named in str(result.exception)
