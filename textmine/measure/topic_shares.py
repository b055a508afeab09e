"""How much of each edition a topic is, with an interval."""

import numpy as np
import polars as pl
from scipy import sparse

from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.factors import DECIMALS
from textmine.measure.intervals import BOOTSTRAP, WILSON, resample_shares, wilson_bounds
from textmine.measure.subset import drop_paragraphs
from textmine.measure.topic_tables import Topics
from textmine.schema import make_table


def measure_topic_shares(
    topics: Topics,
    *,
    only_stable: bool = True,
    drop: pl.DataFrame | None = None,
    confidence: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> pl.DataFrame:
    r"""Measure the share of each topic in each edition: the mean of its paragraphs' shares.

    The interval resamples whole sections (cluster bootstrap; Davison and Hinkley 1997, section 3.8), as that of
    :func:`~textmine.measure.prevalence.measure_prevalence` does; an edition of one section has Wilson's (1927). It
    takes the topics as given: how sure these are themselves says ``recovery`` in the table ``topics``.

    Parameters
    ----------
    topics : Topics
        Of a model of paragraphs with the column ``section``.
    only_stable : bool
        Leave out topics that aren't stable. Their share of the text remains part of the whole.
    drop : polars.DataFrame, optional
        Paragraphs to leave out of the shares; to leave them out of the topics too, give them to the model.
    confidence : float
    n_resamples, seed : int

    Returns
    -------
    polars.DataFrame
        Table ``topic_shares``, by edition and topic. Paragraphs without a term don't count.

    Raises
    ------
    ContractError
        When paragraphs have no section.
    UnknownOptionError
        For a confidence outside 0..1 or no resample at all.
    """
    if not 0 < confidence < 1:
        raise UnknownOptionError("confidence", confidence, "a number between 0 and 1")
    if n_resamples < 1:
        raise UnknownOptionError("n_resamples", n_resamples, "a number from 1")
    if "section" not in topics.rows.columns:
        raise ContractError("the topics' paragraphs have no section; count paragraphs of a table that has one")
    numbers = topics.stable if only_stable else topics.topics["topic"].to_list()
    if not numbers:
        return make_table("topic_shares", [])
    method = str(topics.topics["method"][0])
    rows = drop_paragraphs(topics.rows.with_row_index("row"), drop)
    counted = topics.shares[rows["row"].to_numpy()].sum(axis=1) > 0
    table: list[dict[str, object]] = []
    for (edition, lang), part in rows.filter(pl.Series(counted)).group_by("edition", "lang", maintain_order=True):
        place = part["section"].rank("dense").to_numpy().astype(np.int64) - 1
        shares = topics.shares[part["row"].to_numpy()][:, np.array(numbers) - 1]
        sizes = np.bincount(place)
        merge = sparse.csr_array((np.ones(len(place)), (place, np.arange(len(place)))), (len(sizes), len(place)))
        share = shares.mean(axis=0)
        if len(sizes) > 1:
            # In units of the last decimal: whole numbers have the same sum in whatever order they are added.
            unit = 10**DECIMALS
            hits = np.rint(merge @ shares * unit)
            low, high = resample_shares(hits, sizes * unit, confidence=confidence, n_resamples=n_resamples, seed=seed)
        else:
            low, high = wilson_bounds(share, len(place), confidence)
        table += [
            {
                "edition": edition,
                "lang": lang,
                "method": method,
                "topic": topic,
                "n_paragraphs": len(place),
                "n_sections": len(sizes),
                "share": float(share[i]),
                "low": float(low[i]),
                "high": float(high[i]),
                "confidence": confidence,
                "interval": BOOTSTRAP if len(sizes) > 1 else WILSON,
            }
            for i, topic in enumerate(numbers)
        ]
    return make_table("topic_shares", table)
