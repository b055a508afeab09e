"""Keyness: which terms set one group of paragraphs apart from another, by how much, and whether chance could do it."""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse
from scipy.stats import false_discovery_control

from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.clusters import Layout, correlate_sections, effect_of_sections, number_sections, widen_tail
from textmine.measure.contingency import (
    Correction,
    log10_p,
    score_chi2,
    score_g2,
    score_log_odds,
    score_log_ratio,
    score_percent_diff,
)
from textmine.measure.counts import Counts
from textmine.measure.digits import round_digits
from textmine.measure.presence import presence_odds, presence_tails
from textmine.schema import TABLES, check_table

UNITS = ("occurrences", "paragraphs")
PER = 1000.0

Group = pl.Expr | NDArray[np.bool_] | pl.DataFrame


def score_keyness(
    counts: Counts,
    target: Group,
    reference: Group | None = None,
    *,
    unit: str = "occurrences",
    alpha0: float | None = None,
    correction: Correction = "none",
    min_paragraphs: int = 3,
    drop: pl.DataFrame | None = None,
) -> pl.DataFrame:
    r"""Score how much each term (or concept) sets the paragraphs of a target apart from those of a reference.

    How strongly: the weighted log-odds ratio with a Dirichlet prior in proportion to the whole of ``counts`` and its
    z score (Monroe, Colaresi and Quinn 2008), by which the table is sorted; the log ratio (Hardie 2014); %DIFF
    (Gabrielatos and Marchi 2011); signed G² (Dunning 1993) and chi-squared. Formulas and conventions:
    :mod:`textmine.measure.contingency`.

    Whether chance could do it: G² takes every occurrence for an independent draw, so one paragraph that repeats a
    word makes it key. ``p`` therefore counts paragraphs that have the term at all, in an exact test that allows for
    the paragraphs' lengths (:mod:`textmine.measure.presence`), two-sided as twice the smaller tail; ``q`` is ``p``
    under Benjamini and Hochberg's (1995) control of the false-discovery rate. Call a term key by ``q``, not by
    ``q_g2``. Where rows have a ``section``, ``p`` allows for paragraphs of a section resembling each other in a term:
    both tails are corrected for its design effect (:mod:`textmine.measure.clusters`). Where each group is a single
    section nothing tells how alike they are, and paragraphs are taken for independent.

    Parameters
    ----------
    counts : Counts
        Of terms or of concepts; rows are paragraphs (or sections). Terms of different languages have nothing in
        common: count one language, or concepts.
    target, reference : polars.Expr, numpy.ndarray of bool, or polars.DataFrame
        Which rows; see :meth:`Counts.find`. Default reference: all other rows.
    unit : {'occurrences', 'paragraphs'}
        What effects and G² count: occurrences out of those of all terms, or paragraphs that have the term out of all
        paragraphs. For concepts take ``paragraphs``; lengths don't matter then.
    alpha0 : float, optional
        Weight of the prior in units; default: as many as an average edition has, or an average row where rows have no
        edition. Larger draws the scores of rare terms closer to 0.
    correction : {'none', 'yates', 'williams'}
        Of G² and chi-squared.
    min_paragraphs : int
        Leave out terms that fewer paragraphs of both groups together have; which group has them plays no part in
        that, so it doesn't bias the test.
    drop : polars.DataFrame, optional
        Paragraphs to leave out: ``edition``, ``lang``, ``paragraph``.

    Returns
    -------
    polars.DataFrame
        Table ``keyness``: z from high (target) to low (reference), ties by term; rates per 1,000 units; logarithm of
        ``log_odds`` natural, of ``log_ratio`` to base 2; ``log10_p_g2`` doesn't underflow. ``dispersion`` is Gries's
        (2008) DP over the rows of both groups: 0 as even as can be, near 1 all in one short paragraph.

    Raises
    ------
    ContractError
        When a group is empty or the two overlap.
    UnknownOptionError
        For an unknown unit or correction.

    Examples
    --------
    >>> from scipy import sparse
    >>> rows = pl.DataFrame({"edition": [2009, 2009, 2021, 2021]})
    >>> counts = Counts(sparse.csr_array([[0, 3], [1, 4], [5, 1], [3, 0]]), rows, ("ai", "telecentre"))
    >>> table = score_keyness(counts, pl.col("edition") > 2010, min_paragraphs=1)
    >>> table.select("term", "n_target", "n_reference", pl.col("z", "log_ratio").round(2)).rows()
    [('ai', 8, 1, 3.15, 2.83), ('telecentre', 1, 7, -2.98, -2.98)]
    """
    if unit not in UNITS:
        raise UnknownOptionError("unit", unit, UNITS)
    if alpha0 is not None and not alpha0 > 0:
        raise UnknownOptionError("alpha0", alpha0, "a number above 0")
    counts = counts.without(drop)
    is_target, is_reference = find_groups(counts, target, reference)
    both = is_target | is_reference
    chosen = counts.keep(both)
    tested = tally_groups(chosen, is_target[both])
    if unit == "paragraphs":
        a, b, n, m = tested.found, tested.spread - tested.found, float(is_target.sum()), float(is_reference.sum())
        odds, whole, everything = None, counts.spread, float(counts.rows.height)
    else:
        a, b = tested.n_target, tested.n_reference
        n, m = float(a.sum()), float(b.sum())
        odds, whole, everything = tested.lengths, counts.frequencies, float(counts.totals.sum())
    kept = np.flatnonzero(tested.spread >= max(min_paragraphs, 1))
    if not len(kept) or not n or not m:
        return pl.DataFrame(schema=pl.Schema(TABLES["keyness"]))
    if alpha0 is None:
        alpha0 = everything / (counts.rows["edition"].n_unique() if "edition" in counts.rows else counts.rows.height)
    a, b, found, spread = a[kept], b[kept], tested.found[kept], tested.spread[kept]
    less, greater, _ = compare_presence(tested, kept, lengths=odds)
    p = np.minimum(2 * np.minimum(less, greater), 1.0)
    log_odds, z = score_log_odds(a, b, n, m, prior=alpha0 * whole[kept] / everything, alpha0=alpha0)
    g2 = score_g2(a, b, n, m, correction=correction)
    z, log_p = round_digits(z), round_digits(log10_p(g2))  # the one sorts the rows, the other becomes a rate
    columns = {
        "term": [counts.terms[i] for i in kept],
        "n_target": a,
        "n_reference": b,
        "rate_target": PER * a / n,
        "rate_reference": PER * b / m,
        "paragraphs_target": found,
        "paragraphs_reference": spread - found,
        "log_odds": log_odds,
        "z": z,
        "log_ratio": score_log_ratio(a, b, n, m),
        "percent_diff": score_percent_diff(a, b, n, m),
        "g2": g2,
        "chi2": score_chi2(a, b, n, m, correction=correction),
        "log10_p_g2": log_p,
        "q_g2": false_discovery_control(10.0**log_p),
        "dispersion": measure_dispersion(chosen)[kept],
        "p": p,
        "q": false_discovery_control(p),
    }
    frame = pl.DataFrame(columns).cast(pl.Schema(TABLES["keyness"]))
    return check_table(frame.sort("z", "term", descending=[True, False]), "keyness")


def measure_dispersion(counts: Counts) -> NDArray[np.float64]:
    r"""Return how unevenly each term is spread over the rows: Gries's (2008) DP.

    :math:`DP_w = \frac{1}{2} \sum_i |y_{iw} / y_w - n_i / n|` with the occurrences :math:`y_{iw}` in a row and its
    length :math:`n_i`; NaN for a term that isn't there.

    Returns
    -------
    numpy.ndarray of float, shape (n_terms,)
    """
    totals, frequencies = counts.totals.astype(float), counts.frequencies
    coo = counts.matrix.tocoo()
    if not totals.sum():
        return np.full(len(counts.terms), np.nan)
    expected = (totals / totals.sum())[coo.row]
    excess = np.abs(coo.data / frequencies[coo.col] - expected) - expected
    # A row without the term adds its own share; all shares together are 1.
    dispersion = (1 + np.bincount(coo.col, weights=excess, minlength=len(counts.terms))) / 2
    return np.where(frequencies > 0, dispersion, np.nan)


class Tally(NamedTuple):
    """What two groups of rows have of each term: occurrences, rows that have it, the rows' lengths, design effects."""

    n_target: NDArray[np.int64]
    n_reference: NDArray[np.int64]
    found: NDArray[np.int64]
    spread: NDArray[np.int64]
    lengths: NDArray[np.int64]
    is_target: NDArray[np.bool_]
    effects: NDArray[np.float64]


def tally_groups(counts: Counts, is_target: NDArray[np.bool_]) -> Tally:
    """Sum up both groups; ``is_target`` parts all rows of the counts in two."""
    target = counts.keep(is_target)
    total, there = counts.frequencies, target.frequencies
    section, group = number_sections(counts.rows), is_target.astype(np.int64)
    alike = correlate_sections(counts.matrix, section, group)
    of_group = correlate_sections(sparse.csr_array(group[:, None]), section, np.zeros_like(group))
    effects = effect_of_sections(alike, of_group, Layout.of(np.bincount(section)))
    return Tally(there, total - there, target.spread, counts.spread, counts.totals, is_target, effects)


def compare_presence(
    tally: Tally, terms: NDArray[np.intp], *, lengths: NDArray[np.int64] | None
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Test the presence of some terms in target rows; see :func:`presence_tails`.

    How much a paragraph's length matters depends on how a word comes: evenly spread it gains in full
    (:func:`presence_odds`), in bursts it gains less, down to nothing. Each tail is taken at whichever end of that
    range makes it larger, and widened by the term's design effect. Rows of length 0 can't have a term and are left
    out where lengths count.
    """
    is_target = tally.is_target
    odds = np.ones(len(terms))
    if lengths is not None:
        is_target, lengths = is_target[lengths > 0], lengths[lengths > 0]
        if is_target.all() or not is_target.any():
            return np.ones(len(terms)), np.ones(len(terms)), np.ones(len(terms))
        odds = presence_odds(lengths, is_target, tally.spread[terms])
    n = int(is_target.sum())
    found, spread, m = tally.found[terms], tally.spread[terms], len(is_target) - n
    less, _, _ = presence_tails(found, spread, n, m, np.minimum(odds, 1.0))
    _, greater, least = presence_tails(found, spread, n, m, np.maximum(odds, 1.0))
    effects = tally.effects[terms]
    return widen_tail(less, effects), widen_tail(greater, effects), widen_tail(least, effects)


def find_groups(counts: Counts, target: Group, reference: Group | None) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the masks of both groups.

    Raises
    ------
    ContractError
        When one is empty or they overlap.
    """
    is_target = counts.find(target)
    is_reference = ~is_target if reference is None else counts.find(reference)
    for name, mask in (("target", is_target), ("reference", is_reference)):
        if not mask.any():
            raise ContractError(f"the {name} has no paragraph; the counts have {counts.rows.height} rows")
    if overlap := int((is_target & is_reference).sum()):
        raise ContractError(f"target and reference share {overlap} paragraphs; choose groups that don't overlap")
    return is_target, is_reference
