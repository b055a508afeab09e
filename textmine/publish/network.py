"""Which concepts go together, as a network that graph programs open."""

from collections.abc import Mapping
from pathlib import Path

import networkx as nx  # type: ignore[import-untyped]
import polars as pl

from textmine.atomic import write_bytes
from textmine.errors import UnknownOptionError
from textmine.measure.digits import DIGITS
from textmine.publish.controls import show_controls
from textmine.schema import check_table

#: What an edge may weigh.
WEIGHTS = ("phi", "lift", "n_both")


def build_network(
    table: pl.DataFrame,
    *,
    level: float = 0.05,
    weight: str = "phi",
    labels: Mapping[tuple[str, str], Mapping[str, str]] | None = None,
) -> nx.Graph:
    """Return a network of the concepts that go together: those met more often than expected, at a false-discovery rate.

    Parameters
    ----------
    table : polars.DataFrame
        Rows of the table ``cooccurrence`` of one language and one span.
    level : float
        Largest ``q`` of an edge.
    weight : {'phi', 'lift', 'n_both'}
    labels : mapping of (scheme, concept) to mapping of language to str, optional
        What nodes are called, besides their id ``scheme:concept``.

    Returns
    -------
    networkx.Graph
        Nodes and edges sorted; an edge has ``weight``, and the numbers that it rests on.

    Raises
    ------
    UnknownOptionError
        For another weight, or rows of several languages or spans.
    """
    check_table(table, "cooccurrence")
    if weight not in WEIGHTS:
        raise UnknownOptionError("weight", weight, WEIGHTS)
    if table.select("lang", "span").n_unique() > 1:
        raise UnknownOptionError("table", "several languages or spans", "rows of one language and one span")
    edges = table.filter((pl.col("q") <= level) & (pl.col("lift") > 1)).sort("concept", "other")
    nodes: dict[str, dict[str, str | int]] = {}
    graph = nx.Graph()
    for row in edges.iter_rows(named=True):
        for scheme, concept, n in (
            (row["scheme"], row["concept"], row["n_concept"]),
            (row["other_scheme"], row["other"], row["n_other"]),
        ):
            named = {
                f"label_{lang}": show_controls(text) for lang, text in (labels or {}).get((scheme, concept), {}).items()
            }
            nodes[f"{scheme}:{concept}"] = {"scheme": scheme, "concept": concept, "n": n} | dict(sorted(named.items()))
    graph.add_nodes_from(sorted(nodes.items()))
    for row in edges.iter_rows(named=True):
        numbers = {
            name: row[name]
            for name in ("n_both", "expected", "lift", "odds_ratio", "phi", "phi_low", "phi_high", "p", "q")
        }
        known = {name: _round(value) for name, value in numbers.items() if value is not None}
        ends = f"{row['scheme']}:{row['concept']}", f"{row['other_scheme']}:{row['other']}"
        graph.add_edge(*ends, weight=_round(float(row[weight])), **known)
    return graph


def write_network(graph: nx.Graph, path: str | Path) -> Path:
    """Write a network as GraphML, for Gephi, Cytoscape, igraph and others; the same network gives the same bytes."""
    text = "\n".join(nx.generate_graphml(graph, named_key_ids=True)) + "\n"
    return write_bytes(path, text.encode("utf-8", "backslashreplace"))


def _round(value: float) -> float:
    return value if isinstance(value, int) else float(f"{value:.{DIGITS}g}")
