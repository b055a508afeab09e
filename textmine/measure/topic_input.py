"""What topics are found in: counts, or a bare matrix, with the rows in order and numbered by cluster."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from textmine.errors import ContractError
from textmine.measure.counts import Counts
from textmine.schema import PARAGRAPH_KEY


def as_counts(data: Any, cluster: Sequence[str]) -> tuple[Counts, Sequence[str]]:
    """Return counts, and what their rows are clustered by."""
    if isinstance(data, Counts):
        return data, cluster
    matrix = sparse.csr_array(data, dtype=np.int64)
    n_rows, n_terms = matrix.shape
    rows = pl.DataFrame({"paragraph": pl.arange(1, n_rows + 1, dtype=pl.Int32, eager=True)}).select(
        pl.lit(0, pl.Int32).alias("edition"), pl.lit("").alias("lang"), "paragraph"
    )
    width = len(str(n_terms))
    return Counts(matrix, rows, tuple(f"{i:0{width}}" for i in range(n_terms))), ("paragraph",)


def arrange_rows(counts: Counts, cluster: Sequence[str]) -> Counts:
    """Sort rows by paragraph, so that their order doesn't matter, and check that they can be used."""
    for column in (*PARAGRAPH_KEY, *cluster):
        if column not in counts.rows.columns:
            raise ContractError(f"the counts' rows have no {column!r}; they have {', '.join(counts.rows.columns)}")
    if counts.rows["lang"].n_unique() > 1:
        raise ContractError("the counts mix languages; count one, or pair them (pair_languages)")
    if not counts.matrix.nnz:
        raise ContractError("the counts are empty; there is nothing to find topics in")
    order = counts.rows.with_row_index("row").sort(PARAGRAPH_KEY)["row"].to_numpy()
    arranged = Counts(counts.matrix[order], counts.rows[order.tolist()], counts.terms)
    if len(np.unique(number_clusters(arranged.rows, cluster))) < 2:
        raise ContractError(f"all paragraphs are of one cluster by {', '.join(cluster)}; choose another `cluster`")
    return arranged


def number_clusters(rows: pl.DataFrame, cluster: Sequence[str]) -> NDArray[np.int64]:
    """Return the number of each row's cluster, from 0 in the order of their names."""
    names = rows.select(cluster).unique().sort(cluster).with_row_index("cluster")
    joined = rows.join(names, on=list(cluster), how="left", maintain_order="left", nulls_equal=True)
    return joined["cluster"].to_numpy().astype(np.int64)
