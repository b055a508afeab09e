"""GraphML: networkx reads what the measure found."""

from pathlib import Path

import networkx as nx
import polars as pl
import pytest

from textmine.errors import ContractError
from textmine.publish.export.graphml import export_graphml
from textmine.publish.study import Study
from textmine.schema import make_table


def study_of(toy_study: Study, pairs: list[tuple[str, str]]) -> Study:
    """Forty paragraphs of one edition, the first ten of which carry both of each pair."""
    base = toy_study.paragraphs.filter(lang="en", number=1).drop("number")
    rows = [base.with_columns(number=pl.lit(n, pl.Int32), section=pl.lit(f"1.{n % 8}")) for n in range(1, 41)]
    paragraphs = pl.concat(rows).select(toy_study.paragraphs.columns)
    tag = {"edition": 2011, "lang": "en", "start": 0, "end": 1, "surface": "x", "evidence": "text", "score": 1.0}
    tags = [
        {**tag, "paragraph": n, "scheme": scheme, "concept": concept} for n in range(1, 11) for scheme, concept in pairs
    ]
    tables = {"paragraphs": paragraphs, "tags": make_table("tags", tags)}
    return Study(tables, toy_study.taxonomy, name="made")


def test_networks_come_back(toy_study: Study, tmp_path: Path) -> None:
    study = study_of(
        toy_study, [("trend", "cloud"), ("trend", "broadband"), ("organisation", "itu"), ("action_line", "C2")]
    )
    exported = export_graphml(study, tmp_path)
    assert [path.name for path in exported.files] == ["organisation-action_line.en.graphml", "trend-trend.en.graphml"]
    graph = nx.read_graphml(exported.files[0])
    assert list(graph.edges) == [("action_line:C2", "organisation:itu")]
    assert graph.edges["organisation:itu", "action_line:C2"]["n_both"] == 10
    assert graph.nodes["organisation:itu"]["label_zh"] == toy_study.taxonomy.concept("organisation", "itu").labels["zh"]


def test_a_network_of_nothing_gives_no_file_and_is_named(toy_study: Study, tmp_path: Path) -> None:
    exported = export_graphml(study_of(toy_study, [("trend", "cloud")]), tmp_path)
    assert exported.files == ()
    assert exported.notes == ("trend-trend.en: no two concepts go together, so there is no file",)
    with pytest.raises(ContractError, match="network --between"):
        export_graphml(study_of(toy_study, [("region", "africa")]), tmp_path)
