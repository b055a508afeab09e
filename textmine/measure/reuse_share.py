"""How much of an edition is recycled: the share of its words that an earlier edition has, with an interval."""

from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray

from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.intervals import BOOTSTRAP, WILSON, draw_shares, percentile_bounds, wilson_bounds
from textmine.measure.reuse import MIN_SHARE, PARAGRAPH, list_recycled
from textmine.measure.shingles import read_words
from textmine.measure.strata import SECTION
from textmine.schema import PARAGRAPH_KEY, check_table, make_table

#: ``method`` of an edition that has no earlier one to take from.
NONE_EARLIER = "no earlier edition"


def measure_reuse(
    paragraphs: pl.DataFrame,
    reuse: pl.DataFrame,
    *,
    by: str | None = None,
    depth: int = 1,
    min_share: float = MIN_SHARE,
    confidence: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> pl.DataFrame:
    r"""Measure the share of recycled text of each edition, or of each of its sections.

    The share is :math:`\sum_i r_i w_i / \sum_i w_i` over the paragraphs :math:`i` of an edition, with :math:`w_i` words
    (Han characters) of which the share :math:`r_i` is recycled (see :func:`textmine.measure.reuse.find_reuse`). The
    interval resamples whole sections (Davison and Hinkley 1997, section 3.8); where that says nothing (a single
    section, no word recycled, or all), it is Wilson's (1927) over paragraphs.

    Parameters
    ----------
    paragraphs : polars.DataFrame
        Table ``paragraphs``, with ``text``.
    reuse : polars.DataFrame
        Table ``reuse`` of these paragraphs, all of them: without the earliest edition, the second has nothing to take
        from.
    by : {None, 'section'}
        With ``section``, a row for each group of sections whose codes have the same first ``depth`` parts.
    depth : int
    min_share : float
        A paragraph counts in ``n_recycled`` from this share on.
    confidence : float
    n_resamples : int
    seed : int

    Returns
    -------
    polars.DataFrame
        Table ``reuse_shares``, sorted by edition, language and group. The first edition in each language has nothing
        to take from: its shares are null, not 0.

    Raises
    ------
    ContractError
        When a table lacks a column, or ``reuse`` speaks of a paragraph that isn't there.
    UnknownOptionError
        For an unknown value of an option.
    """
    check_table(paragraphs, "paragraphs", without=("text", "heading_path", "action_line"))
    check_table(reuse, "reuse")
    if by not in (None, SECTION):
        raise UnknownOptionError("by", by, [None, SECTION])
    if depth < 1:
        raise UnknownOptionError("depth", depth, "a number from 1")
    if not 0 < confidence < 1:
        raise UnknownOptionError("confidence", confidence, "a number between 0 and 1")
    if n_resamples < 1:
        raise UnknownOptionError("n_resamples", n_resamples, "a number from 1")
    rows: list[dict[str, object]] = []
    counted = _count(paragraphs, reuse, min_share)
    first = {lang: part["edition"].min() for (lang,), part in counted.group_by(["lang"])}
    for (edition, lang), part in counted.group_by(["edition", "lang"], maintain_order=True):
        for group, inside in _groups(part, by, depth):
            values = _measure(inside, confidence, n_resamples, seed)
            if edition == first[lang]:
                values = {"share": None, "low": None, "high": None, "method": NONE_EARLIER}
            rows.append(
                {
                    "edition": edition,
                    "lang": lang,
                    "by": by or "",
                    "group": group,
                    "n_paragraphs": inside.height,
                    "n_recycled": int(inside["recycled"].sum()),
                    "n_words": int(inside["words"].sum()),
                    "n_words_reused": round(float(inside["reused"].sum())),
                    "n_sections": inside["section"].n_unique(),
                    **values,
                    "confidence": confidence,
                }
            )
    return make_table("reuse_shares", rows)


def _count(paragraphs: pl.DataFrame, reuse: pl.DataFrame, min_share: float) -> pl.DataFrame:
    """Return the words of each paragraph, those reused, and whether it counts as recycled, in order."""
    rows = paragraphs.select("edition", "lang", "section", "text", paragraph="number").sort(PARAGRAPH_KEY)
    whole = reuse.filter(pl.col("unit") == PARAGRAPH).select(*PARAGRAPH_KEY, reused="share")
    if (lost := whole.join(rows, on=PARAGRAPH_KEY, how="anti").sort(PARAGRAPH_KEY)).height:
        place = lost.row(0, named=True)
        raise ContractError(
            f"reuse speaks of paragraph {place['paragraph']} of {place['edition']} {place['lang']}, which isn't there"
        )
    recycled = list_recycled(reuse, min_share=min_share).with_columns(recycled=pl.lit(value=True))
    words = pl.Series("words", [len(read_words(text)) for text in rows["text"]], dtype=pl.Int64)
    joined = rows.with_columns(words).join(whole, on=PARAGRAPH_KEY, how="left", maintain_order="left")
    joined = joined.join(recycled, on=PARAGRAPH_KEY, how="left", maintain_order="left")
    return joined.with_columns(
        reused=pl.col("reused").fill_null(0.0) * pl.col("words"), recycled=pl.col("recycled").fill_null(value=False)
    )


def _groups(part: pl.DataFrame, by: str | None, depth: int) -> Iterator[tuple[str, pl.DataFrame]]:
    if by is None:
        yield "", part
        return
    codes = part["section"].str.split(".").list.head(depth).list.join(".")
    for code in sorted(codes.unique()):
        yield code, part.filter(codes == code)


def _measure(part: pl.DataFrame, confidence: float, n_resamples: int, seed: int) -> dict[str, object]:
    sums = part.group_by("section").agg(pl.col("words", "reused").sum()).sort("section")
    total = int(sums["words"].sum())
    if not total:
        return {"share": None, "low": None, "high": None, "method": WILSON}
    share = float(sums["reused"].sum()) / total
    bounds: tuple[NDArray[np.float64], NDArray[np.float64]]
    if sums.height == 1 or share <= 0 or share >= 1:
        bounds, method = wilson_bounds(np.array([share]), part.height, confidence), WILSON
    else:
        hits, sizes = sums["reused"].to_numpy()[:, None], sums["words"].to_numpy()
        draws = draw_shares(hits, sizes, n_resamples=n_resamples, seed=seed)
        bounds, method = percentile_bounds(draws, confidence), BOOTSTRAP
    return {"share": share, "low": float(bounds[0][0]), "high": float(bounds[1][0]), "method": method}
