from pathlib import Path

import networkx as nx
import polars as pl
import pytest
from command_line import Textmine


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three years of eight paragraphs: four on broadband and cloud computing, four on neither."""
    folder = tmp_path_factory.mktemp("corpus")
    for year in (2009, 2010, 2012):
        lines = [f"---\nkind: sample\nyear: {year}\nlang: en\ntitle: t\n---\n\n# Sample\n"]
        for i in range(1, 9):
            said = f"Broadband brought cloud computing to place {i} of {year}." if i < 5 else f"Nothing about {i}."
            lines += [f"## {'ABCDEFGH'[i - 1]}. Part\n", f"{i}. {said}\n"]
        (folder / f"{year}.en.md").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_pairs_are_printed_and_written(textmine: Textmine, corpus: Path) -> None:
    arguments = ("network", "--between", "trend,trend", "--corpus", str(corpus), "--years", "2009-2010,2012", "--csv")
    code, out, err = textmine(*arguments)
    assert (code, err) == (0, "")
    assert "en, 2009-2010: 1 of 1 pairs go together at q <= 0.05" in out
    assert "say nothing about the United Nations" in out
    table = pl.read_parquet("textmine-out/tables/cooccurrence-trend-trend.parquet")
    assert table.select("span", "concept", "other", "n_both").rows() == [
        ("2009-2010", "broadband", "cloud", 8),
        ("2012", "broadband", "cloud", 4),
    ]
    graph = nx.read_graphml("textmine-out/networks/trend-trend-2009-2010-en.graphml")
    assert list(graph.edges) == [("trend:broadband", "trend:cloud")]
    first = [path.read_bytes() for path in sorted(Path("textmine-out").rglob("*.*"))]
    textmine(*arguments)
    assert [path.read_bytes() for path in sorted(Path("textmine-out").rglob("*.*"))] == first


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--between", "trend"), "with a comma between"),
        (("--between", "trend,trends"), "unknown scheme"),
        (("--reuse", "maybe"), "keep, drop"),
        (("--between", "trend,trend", "--years", "1999"), "no edition of 1999"),
        (("--between", "trend,trend", "--unit", "words"), "paragraphs, sections"),
        (("--evidence", "any"), "with a comma between"),
    ],
)
def test_mistakes_end_with_one_clear_line(
    textmine: Textmine, corpus: Path, arguments: tuple[str, ...], message: str
) -> None:
    code, _, err = textmine("network", "--corpus", str(corpus), *arguments)
    assert code == 1
    assert message in err
    assert err.count("\n") == 1
