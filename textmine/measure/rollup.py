"""Which paragraph carries which concept, concepts above included."""

from collections.abc import Mapping

import polars as pl

from textmine.errors import UnknownOptionError
from textmine.schema import PARAGRAPH_KEY

EVIDENCE = ("any", "text", "heading", "classifier")


def tag_paragraphs(tags: pl.DataFrame, *, scheme: str, evidence: str, parents: Mapping[str, str]) -> pl.DataFrame:
    """Return one row for each paragraph and concept of a scheme, whether tagged itself or by a concept below it.

    Parameters
    ----------
    tags : polars.DataFrame
        Columns ``edition``, ``lang``, ``paragraph``, ``scheme``, ``concept``, ``evidence``.
    scheme : str
    evidence : {'any', 'text', 'heading', 'classifier'}
    parents : mapping of str to str
        Parent of a concept. A circle raises.

    Returns
    -------
    polars.DataFrame
        Columns ``edition``, ``lang``, ``paragraph``, ``concept``, without repetition, sorted.
    """
    lifted = lift_tags(tags, scheme=scheme, evidence=evidence, parents=parents)
    return lifted.select(*PARAGRAPH_KEY, "concept").unique().sort(*PARAGRAPH_KEY, "concept")


def lift_tags(tags: pl.DataFrame, *, scheme: str, evidence: str, parents: Mapping[str, str]) -> pl.DataFrame:
    """Return the tags of a scheme that count, each also as a tag of every concept above its own.

    Parameters and errors are those of :func:`tag_paragraphs`; the columns are those of ``tags``, rows not sorted.
    """
    if evidence not in EVIDENCE:
        raise UnknownOptionError("evidence", evidence, EVIDENCE)
    above = {concept: _ancestors(concept, parents) for concept in parents}
    chosen = tags.filter(pl.col("scheme") == scheme)
    if evidence != "any":
        chosen = chosen.filter(pl.col("evidence") == evidence)
    up = pl.DataFrame(
        [(concept, parent) for concept, line in above.items() for parent in line],
        schema={"concept": pl.String, "parent": pl.String},
        orient="row",
    )
    lifted = chosen.join(up, on="concept", how="inner").drop("concept").rename({"parent": "concept"})
    return pl.concat([chosen, lifted.select(chosen.columns)])


def _ancestors(concept: str, parents: Mapping[str, str]) -> list[str]:
    line: list[str] = []
    at = parents.get(concept)
    while at is not None:
        if at in line or at == concept:
            raise UnknownOptionError("parents", f"{concept} ... {at}", "concepts without a circle")
        line.append(at)
        at = parents.get(at)
    return line
