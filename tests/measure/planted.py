"""Corpora with planted topics, for tests: each topic has words of its own, each section one main topic."""

import numpy as np
import polars as pl
from scipy import sparse

from textmine.measure.counts import Counts


def plant(seed, *, n_topics=3, n_words=8, n_noise=40, editions=(2010, 2011), n_sections=8, per_section=4, lang="en"):
    """Counts, and the topic of each paragraph; topic k's words are `k0`, `k1`, ...; the others are noise.

    Sections take topics in turn, so that the truth is the same for every seed and language.
    """
    rng = np.random.default_rng(seed)
    vocabulary = [f"{topic}{word}" for topic in range(n_topics) for word in range(n_words)]
    vocabulary += [f"n{i:02}" for i in range(n_noise)]
    noise = 1 / np.arange(1, n_noise + 1)
    rows, matrix, truth = [], [], []
    for edition in editions:
        for i in range(n_sections * per_section):
            section = i // per_section
            topic = section % n_topics
            shares = np.zeros(len(vocabulary))
            shares[topic * n_words : (topic + 1) * n_words] = 0.6 / n_words
            shares[n_topics * n_words :] = 0.4 * noise / noise.sum()
            matrix.append(rng.multinomial(rng.integers(25, 40), shares))
            rows.append({"edition": edition, "lang": lang, "paragraph": i + 1, "section": f"{section:02}"})
            truth.append(topic)
    schema = {"edition": pl.Int32, "lang": pl.String, "paragraph": pl.Int32, "section": pl.String}
    return Counts(sparse.csr_array(np.array(matrix)), pl.DataFrame(rows, schema=schema), tuple(vocabulary)), truth


def scatter(seed, *, n_rows=150, n_terms=120):
    """Bursty text without topics, every paragraph a section of its own."""
    rng = np.random.default_rng(seed)
    shares = 1 / np.arange(1, n_terms + 1)
    own = rng.gamma(np.tile(shares / shares.sum() * 40, (n_rows, 1))) + 1e-12
    matrix = [rng.multinomial(rng.integers(20, 40), row / row.sum()) for row in own]
    rows = pl.DataFrame(
        {
            "edition": 2011,
            "lang": "en",
            "paragraph": range(1, n_rows + 1),
            "section": [f"{i:03}" for i in range(n_rows)],
        }
    )
    return Counts(sparse.csr_array(np.array(matrix)), rows, tuple(f"t{i:03}" for i in range(n_terms)))
