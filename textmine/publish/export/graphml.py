"""GraphML: which concepts stand in the same paragraphs, a network for each pair of schemes and each language."""

from pathlib import Path

from textmine.annotate.taxonomy import SCHEMES
from textmine.errors import ContractError
from textmine.measure.cooccurrence import measure_cooccurrence
from textmine.publish.export.exported import Exported
from textmine.publish.network import build_network, write_network
from textmine.publish.study import Study

#: Pairs of schemes that are written, where both have tags: who does what, and which trends go together.
PAIRS = (("organisation", "action_line"), ("trend", "trend"))


def export_graphml(study: Study, out: Path) -> Exported:
    """Write ``SCHEME-SCHEME.LANG.graphml`` for all editions at once, at the defaults of the measure.

    Of a taxonomy of one's own, each scheme with itself. A network without any two concepts that go together gives no
    file and is named.

    Raises
    ------
    ContractError
        When no scheme of the pairs has a tag.
    """
    present = [scheme for scheme in study.taxonomy.schemes if scheme.name in set(study.table("tags")["scheme"])]
    names = [scheme.name for scheme in present]
    pairs = [pair for pair in PAIRS if set(pair) <= set(names)]
    pairs += [(name, name) for name in names if name not in SCHEMES]
    if not pairs:
        raise ContractError(f"{study.name} has no tags to make a network of; use textmine network --between ONE,OTHER")
    labels = {(concept.scheme, concept.id): concept.labels for scheme in present for concept in scheme.concepts}
    parents = {scheme.name: scheme.parents for scheme in present}
    written, notes = [], []
    for first, second in pairs:
        table = measure_cooccurrence(study.tables, first, second, parents=parents)
        for lang in study.langs:
            name = f"{first}-{second}.{lang}"
            graph = build_network(table.filter(lang=lang), labels=labels)
            if graph.number_of_edges():
                written.append(write_network(graph, out / f"{name}.graphml"))
            else:
                notes.append(f"{name}: no two concepts go together, so there is no file")
    return Exported(tuple(written), tuple(notes))
