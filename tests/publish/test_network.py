from pathlib import Path

import networkx as nx
import polars as pl
import pytest

from textmine.errors import UnknownOptionError
from textmine.publish.network import build_network, write_network
from textmine.schema import make_table


def pair(concept, other, **values):
    row = {
        "lang": "en", "span": "2011", "unit": "paragraphs", "scheme": "organisation", "concept": concept,
        "other_scheme": "action_line", "other": other, "n": 30, "n_concept": 5, "n_other": 6, "n_both": 4,
        "expected": 1.0, "lift": 4.0, "lift_low": 2.0, "lift_high": 6.0, "pmi": 2.0, "odds_ratio": 20.0,
        "odds_ratio_low": 3.0, "odds_ratio_high": None, "phi": 0.123456789012345, "phi_low": 0.1, "phi_high": 0.2,
        "p": 0.001, "q": 0.01, "confidence": 0.95,
    }  # fmt: skip
    return row | values


ROWS = [
    pair("who", "C7", odds_ratio=None),
    pair("itu", "C5"),
    pair("itu", "C2", q=0.2),
    pair("itu", "C7", lift=0.5),
    pair("ilo", "C7", n_both=5, phi=0.9),
]
LABELS = {("organisation", "itu"): {"zh": "国际电联 <&>", "en": "ITU\x1b"}}


def test_edges_are_what_goes_together_and_is_no_false_discovery():
    graph = build_network(make_table("cooccurrence", ROWS), labels=LABELS)
    assert list(graph.nodes) == [
        "action_line:C5",
        "action_line:C7",
        "organisation:ilo",
        "organisation:itu",
        "organisation:who",
    ]
    assert sorted(map(sorted, graph.edges)) == [
        ["action_line:C5", "organisation:itu"],
        ["action_line:C7", "organisation:ilo"],
        ["action_line:C7", "organisation:who"],
    ]
    assert graph.edges["organisation:ilo", "action_line:C7"]["weight"] == 0.9
    assert "odds_ratio" not in graph.edges["organisation:who", "action_line:C7"]
    assert (
        build_network(make_table("cooccurrence", ROWS), weight="n_both").edges["organisation:ilo", "action_line:C7"][
            "weight"
        ]
        == 5
    )
    assert build_network(make_table("cooccurrence", ROWS), level=0.001).number_of_nodes() == 0


def test_the_file_reads_back_and_does_not_depend_on_the_order_of_rows(tmp_path: Path):
    graph = build_network(make_table("cooccurrence", ROWS), labels=LABELS)
    first = write_network(graph, tmp_path / "网 络.graphml")
    again = nx.read_graphml(first)
    assert dict(again.nodes(data=True)) == dict(graph.nodes(data=True))
    assert again.nodes["organisation:itu"]["label_zh"] == "国际电联 <&>"
    for one, other, data in graph.edges(data=True):
        assert again.edges[one, other] == pytest.approx(data)
    second = write_network(build_network(make_table("cooccurrence", ROWS[::-1]), labels=LABELS), tmp_path / "b")
    assert first.read_bytes() == second.read_bytes()


def test_an_empty_network_is_a_file_too(tmp_path: Path):
    graph = build_network(make_table("cooccurrence", []))
    assert nx.read_graphml(write_network(graph, tmp_path / "a")).number_of_nodes() == 0


def test_mixed_tables_and_unknown_weights_are_refused():
    table = make_table("cooccurrence", ROWS)
    with pytest.raises(UnknownOptionError, match="one span"):
        build_network(pl.concat([table, table.with_columns(span=pl.lit("2012"))]))
    with pytest.raises(UnknownOptionError, match="phi, lift"):
        build_network(table, weight="pmi")
