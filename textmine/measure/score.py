"""How far tags agree with a reader's labels, and readers with each other."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl
from sklearn.metrics import cohen_kappa_score, precision_recall_fscore_support

from textmine.errors import ContractError
from textmine.schema import PARAGRAPH_KEY, check_table

#: Name of the row that pools the decisions on all concepts.
MICRO = "(micro)"


def score_tags(tags: pl.DataFrame, labels: pl.DataFrame, *, concepts: Sequence[str] | None = None) -> pl.DataFrame:
    """Score tags against one reader's labels, paragraph by paragraph.

    Precision, recall and F1 (van Rijsbergen 1979) over the decisions "paragraph carries concept", for each concept
    and pooled (micro). Only paragraphs that the reader looked at count.

    Parameters
    ----------
    tags : polars.DataFrame
        Table ``tags``.
    labels : polars.DataFrame
        Table ``labels`` of one scheme and one reader.
    concepts : sequence of str, optional
        Which concepts count; default: all that occur in tags or labels.

    Returns
    -------
    polars.DataFrame
        Columns ``concept``, ``n_labelled``, ``n_tagged``, ``precision``, ``recall``, ``f1``, sorted by concept, the
        pooled row last. A ratio without a case is 0.

    Raises
    ------
    ContractError
        When the labels are of more than one scheme or reader.
    """
    check_table(tags, "tags", without=("surface",))
    check_table(labels, "labels")
    if labels.select("scheme", "reader").n_unique() != 1:
        raise ContractError("score_tags takes the labels of one scheme and one reader; filter them first")
    scheme = labels["scheme"][0]
    units = labels.select(PARAGRAPH_KEY).unique(maintain_order=True)
    tagged = tags.filter(pl.col("scheme") == scheme).join(units, on=PARAGRAPH_KEY, how="semi")
    labelled = labels.filter(pl.col("concept") != "none")
    names = sorted(concepts if concepts is not None else {*tagged["concept"], *labelled["concept"]})
    truth, found = _indicators(units, labelled, names), _indicators(units, tagged, names)
    each = precision_recall_fscore_support(truth, found, average=None, zero_division=0)
    pooled = precision_recall_fscore_support(truth, found, average="micro", zero_division=0)
    rows = [
        {
            "concept": name,
            "n_labelled": int(truth[:, i].sum()),
            "n_tagged": int(found[:, i].sum()),
            "precision": float(each[0][i]),
            "recall": float(each[1][i]),
            "f1": float(each[2][i]),
        }
        for i, name in enumerate(names)
    ]
    rows.append(
        {
            "concept": MICRO,
            "n_labelled": int(truth.sum()),
            "n_tagged": int(found.sum()),
            "precision": float(pooled[0]),
            "recall": float(pooled[1]),
            "f1": float(pooled[2]),
        }
    )
    return pl.DataFrame(rows)


def measure_reader_agreement(labels: pl.DataFrame, first: str, second: str) -> pl.DataFrame:
    """Measure how far two readers agree: Cohen's kappa (Cohen 1960) for each concept.

    Parameters
    ----------
    labels : polars.DataFrame
        Table ``labels`` of one scheme, with both readers' rows.
    first, second : str
        Names of the readers.

    Returns
    -------
    polars.DataFrame
        Columns ``concept``, ``n_first``, ``n_second``, ``n_both``, ``kappa``, sorted by concept.

    Raises
    ------
    ContractError
        When the readers didn't look at the same paragraphs.
    """
    check_table(labels, "labels")
    mine, theirs = (labels.filter(pl.col("reader") == reader) for reader in (first, second))
    units = mine.select(PARAGRAPH_KEY).unique(maintain_order=True).sort(PARAGRAPH_KEY)
    if not units.equals(theirs.select(PARAGRAPH_KEY).unique(maintain_order=True).sort(PARAGRAPH_KEY)):
        raise ContractError(f"readers {first!r} and {second!r} didn't label the same paragraphs")
    names = sorted({*mine["concept"], *theirs["concept"]} - {"none"})
    a, b = _indicators(units, mine, names), _indicators(units, theirs, names)
    return pl.DataFrame(
        {
            "concept": name,
            "n_first": int(a[:, i].sum()),
            "n_second": int(b[:, i].sum()),
            "n_both": int((a[:, i] & b[:, i]).sum()),
            "kappa": float(cohen_kappa_score(a[:, i], b[:, i])),
        }
        for i, name in enumerate(names)
    )


def _indicators(units: pl.DataFrame, rows: pl.DataFrame, concepts: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Return a boolean array, shape (n_units, n_concepts): which unit carries which concept."""
    carried = {
        concept: rows.filter(pl.col("concept") == concept).select(PARAGRAPH_KEY).unique() for concept in concepts
    }
    marked = units.with_row_index("i")
    for concept, part in carried.items():
        marked = marked.join(part.with_columns(pl.lit(True).alias(concept)), on=PARAGRAPH_KEY, how="left")
    return marked.sort("i").select(pl.col(name).fill_null(False) for name in concepts).to_numpy().astype(np.bool_)
