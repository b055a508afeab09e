"""Tags against a reader's judgement of them: how many the reader agrees with, and what is wrong with the others."""

import polars as pl

from textmine.measure.intervals import wilson_bounds
from textmine.reports.judgements import MISSED, NO, YES
from textmine.schema import PARAGRAPH_KEY, check_table

_TAG = [*PARAGRAPH_KEY, "scheme", "concept"]


def count_judgements(judgements: pl.DataFrame, tags: pl.DataFrame) -> pl.DataFrame:
    """Count tags that a reader agreed with, disagreed with, and missed, for each language.

    Parameters
    ----------
    judgements : polars.DataFrame
        Table ``judgements``.
    tags : polars.DataFrame
        Table ``tags`` as made today: tags that are gone since the reading don't count as wrong any more.

    Returns
    -------
    polars.DataFrame
        A row for each language: ``n_paragraphs``, ``n_tags``, ``n_agreed``, ``share`` with Wilson's (1927) bounds
        ``low`` and ``high``, ``n_missed``, and of the tags disagreed with and missed those that still are:
        ``n_wrong_now``, ``n_missed_now``.
    """
    check_table(judgements, "judgements")
    check_table(tags, "tags", without=("surface",))
    placed = tags.filter(pl.col("evidence") == "text")
    wrong = judgements.filter(pl.col("agreed") == NO).join(placed, on=[*_TAG, "start", "end"], how="semi")
    missed = judgements.filter(pl.col("agreed") == MISSED).join(placed, on=_TAG, how="anti")
    rows = []
    for (lang,), part in sorted(judgements.group_by("lang")):
        n_agreed, n_wrong, n_missed = (part.filter(pl.col("agreed") == said).height for said in (YES, NO, MISSED))
        n = n_agreed + n_wrong
        low, high = wilson_bounds(n_agreed / n, n)
        rows.append(
            {
                "lang": lang,
                "n_paragraphs": part.select(PARAGRAPH_KEY).n_unique(),
                "n_tags": n,
                "n_agreed": n_agreed,
                "share": n_agreed / n,
                "low": float(low),
                "high": float(high),
                "n_missed": n_missed,
                "n_wrong_now": wrong.filter(pl.col("lang") == lang).height,
                "n_missed_now": missed.filter(pl.col("lang") == lang).height,
            }
        )
    return pl.DataFrame(rows)


def count_kinds(judgements: pl.DataFrame) -> pl.DataFrame:
    """Count disagreements by kind: what stands before the colon of the note.

    Returns
    -------
    polars.DataFrame
        Columns ``kind``, ``agreed`` (``no`` or ``missed``), ``n``, the commonest first.
    """
    check_table(judgements, "judgements")
    against = judgements.filter(pl.col("agreed") != YES)
    kind = pl.col("note").str.split(":").list.first().alias("kind")
    counts = against.group_by(kind, "agreed").agg(n=pl.len().cast(pl.Int32))
    return counts.sort(["agreed", "n", "kind"], descending=[True, True, False])
