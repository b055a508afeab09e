"""What was found out about topics, as tables: each with its quality, its terms, its paragraphs."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from textmine.measure.counts import Counts
from textmine.measure.digits import round_digits
from textmine.measure.factors import DECIMALS, Factors, Floats, normalize
from textmine.measure.topic_match import Run, match_runs
from textmine.measure.topic_quality import (
    CoOccurrence,
    adjust_holm,
    join_p_values,
    measure_coherence,
    measure_diversity,
    measure_frex,
    rank_terms,
)
from textmine.measure.topic_view import show_html, show_plain
from textmine.schema import PARAGRAPH_KEY, TABLES, check_table, make_table


@dataclass(frozen=True, slots=True, repr=False)
class Topics:
    """The topics of a corpus, numbered from 1 by their share of the text.

    Attributes
    ----------
    topics : polars.DataFrame
        Table ``topics``: quality of each topic.
    terms : polars.DataFrame
        Table ``topic_terms``: its strongest terms.
    paragraphs : polars.DataFrame
        Table ``topic_paragraphs``: every paragraph that has a share of the topic, strongest first, so that each
        number can be followed to the text.
    choice : polars.DataFrame
        Table ``topic_choice``: how the number of topics was chosen; without rows where it was given.
    rows : polars.DataFrame
        The paragraphs, in the order of ``shares``.
    shares : numpy.ndarray of float, shape (n_paragraphs, n_topics)
        Each row sums to 1, or is 0 for a paragraph without a term.
    components : numpy.ndarray of float, shape (n_topics, n_terms)
        Share of each term in each topic.
    vocabulary : tuple of str
        The terms, in the order of ``components``.
    """

    topics: pl.DataFrame
    terms: pl.DataFrame
    paragraphs: pl.DataFrame
    choice: pl.DataFrame
    rows: pl.DataFrame
    shares: Floats
    components: Floats
    vocabulary: tuple[str, ...]

    @property
    def lang(self) -> str:
        """Language of the paragraphs."""
        return str(self.rows["lang"][0])

    @property
    def stable(self) -> list[int]:
        """Numbers of the topics that passed both tests."""
        return self.topics.filter("stable")["topic"].to_list()

    @property
    def diversity(self) -> float:
        """Share of different terms among the strongest of all topics (Dieng, Ruiz and Blei 2020)."""
        return float(np.mean(self.topics["diversity"].to_numpy()))

    def tables(self) -> dict[str, pl.DataFrame]:
        """Return all tables by name, for :func:`textmine.publish.tables.write_tables`."""
        return {
            "topics": self.topics,
            "topic_terms": self.terms,
            "topic_paragraphs": self.paragraphs,
            "topic_choice": self.choice,
        }

    def top_paragraphs(self, topic: int, n: int = 5) -> pl.DataFrame:
        """Return the rows of :attr:`paragraphs` where a topic is strongest."""
        return self.paragraphs.filter((pl.col("topic") == topic) & (pl.col("rank") <= n))

    def __repr__(self) -> str:
        return show_plain(self.topics, self.terms)

    def _repr_html_(self) -> str:
        return show_html(self.topics, self.terms)


def describe_topics(
    counts: Counts,
    fit: Factors,
    runs: list[Run],
    choice: list[dict[str, object]],
    *,
    method: str,
    n_top: int,
    limits: tuple[float, float, float],
) -> tuple[Topics, NDArray[np.int64]]:
    """Measure the quality of topics and put them in order.

    Parameters
    ----------
    counts : Counts
        What was fitted, rows sorted by paragraph.
    fit, runs
        The fit to all rows and those to halves.
    choice : list of dict
        Rows of ``topic_choice`` without ``lang`` and ``method``.
    method : str
    n_top : int
    limits : tuple of float
        Recovery, similarity and p-value of a stable topic.

    Returns
    -------
    topics : Topics
    order : numpy.ndarray of int
        Place of each topic in ``fit``.
    """
    shares = normalize(fit.weights)
    shares[counts.totals == 0] = 0
    weights, terms = np.round(fit.weights, DECIMALS), np.round(fit.terms, DECIMALS)
    sizes = np.round(shares.sum(axis=0) / max((shares.sum(axis=1) > 0).sum(), 1), DECIMALS)
    order = np.lexsort((terms.argmax(axis=1), -sizes))
    weights, terms, shares, sizes = weights[:, order], terms[order], np.round(shares[:, order], DECIMALS), sizes[order]
    partner, similarity = match_runs(terms, runs)
    min_recovery, min_similarity, level = limits
    recovery = (similarity >= min_similarity).mean(axis=0)
    p = round_digits(adjust_holm(join_p_values(_test_unseen(counts, runs, partner, n_top))))
    top = rank_terms(terms, n_top)
    frex = measure_frex(terms)
    lang = str(counts.rows["lang"][0])
    key = {"lang": lang, "method": method}
    qualities = {
        "recovery": recovery,
        "similarity": similarity.mean(axis=0),
        "npmi": measure_coherence(counts, top),
        "diversity": measure_diversity(top),
        "exclusivity": np.array(
            [row[columns].mean() if len(columns) else 0.0 for row, columns in zip(frex, top, strict=True)]
        ),
    }
    stable = (recovery >= min_recovery) & (p <= level)
    table = [
        {
            **key,
            "topic": k + 1,
            "share": float(sizes[k]),
            "n_paragraphs": int((shares[:, k] > 0.5).sum()),
            "stable": bool(stable[k]),
            "n_runs": len(runs),
            "p": float(p[k]),
            **{name: float(np.round(values[k], DECIMALS)) for name, values in qualities.items()},
        }
        for k in range(len(terms))
    ]
    listed = [
        {
            **key,
            "topic": k + 1,
            "rank": rank,
            "term": counts.terms[column],
            "weight": float(terms[k, column]),
            "frex": float(np.round(frex[k, column], DECIMALS)),
        }
        for k, columns in enumerate(top)
        for rank, column in enumerate(columns, start=1)
    ]
    topics = Topics(
        make_table("topics", table),
        make_table("topic_terms", listed),
        _list_paragraphs(counts.rows, weights, shares),
        make_table("topic_choice", [{**key, **row} for row in choice]),
        counts.rows,
        shares,
        terms,
        counts.terms,
    )
    return topics, order


def _test_unseen(counts: Counts, runs: list[Run], partner: NDArray[np.int64], n_top: int) -> Floats:
    """Return p of each topic's partner in each run, in the rows that the run did not see: (n_runs, n_topics)."""
    test = CoOccurrence(counts.matrix)
    tested = []
    for run, mine in zip(runs, partner, strict=True):
        top = rank_terms(np.round(run.terms, DECIMALS), n_top)
        tested.append(test.test(~run.seen, [top[k] for k in mine]))
    return np.stack(tested)


def _list_paragraphs(rows: pl.DataFrame, weights: Floats, shares: Floats) -> pl.DataFrame:
    """Return the table ``topic_paragraphs``; of equally strong paragraphs the earlier comes first."""
    place, topic = np.nonzero(shares > 0)
    frame = rows.select(PARAGRAPH_KEY)[place.tolist()].with_columns(
        pl.Series("topic", topic + 1),
        pl.Series("weight", weights[place, topic]),
        pl.Series("share", shares[place, topic]),
    )
    ranked = frame.sort("topic", "weight", *PARAGRAPH_KEY, descending=[False, True, False, False, False])
    ranked = ranked.with_columns(rank=pl.int_range(1, pl.len() + 1).over("topic"))
    columns = TABLES["topic_paragraphs"]
    return check_table(ranked.select(columns.keys()).cast(pl.Schema(columns)), "topic_paragraphs")
