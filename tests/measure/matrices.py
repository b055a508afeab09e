"""Counts for tests, without texts: written out, or drawn at random."""

import numpy as np
import polars as pl
from scipy import sparse

from textmine.measure.counts import Counts


def counts_of(matrix, editions=None, sections=None, terms=None, lang="en"):
    """Counts of a dense matrix; paragraphs numbered from 1 within their edition, each a section unless told."""
    matrix = np.asarray(matrix, dtype=np.int64)
    n_rows, n_terms = matrix.shape
    editions = list(editions) if editions is not None else [2011] * n_rows
    rows = pl.DataFrame(
        {
            "edition": editions,
            "lang": lang,
            "paragraph": [editions[: i + 1].count(edition) for i, edition in enumerate(editions)],
            "section": list(sections) if sections is not None else [f"s{i:04}" for i in range(n_rows)],
        },
        schema={"edition": pl.Int32, "lang": pl.String, "paragraph": pl.Int32, "section": pl.String},
    )
    names = tuple(terms) if terms is not None else tuple(f"t{i:04}" for i in range(n_terms))
    return Counts(sparse.csr_array(matrix), rows, names)


def noise(rng, n_rows, n_terms, *, length=60, spread=0.0, editions=None):
    """Bursty text without a difference: each paragraph has word shares of its own around common ones (Zipf)."""
    shares = 1 / np.arange(1, n_terms + 1)
    shares /= shares.sum()
    lengths = np.maximum(1, rng.normal(length, spread * length, n_rows).astype(int))
    own = rng.gamma(np.tile(shares * 40, (n_rows, 1))) + 1e-12
    matrix = np.stack([rng.multinomial(k, row / row.sum()) for k, row in zip(lengths, own, strict=True)])
    return counts_of(matrix, editions=editions)
