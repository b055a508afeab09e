"""Emerging and vanishing terms: which terms a year brought, which it was the last to have, and false discoveries."""

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import false_discovery_control

from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.clusters import Layout, correlate_sections, effect_of_sections, number_groups, number_sections
from textmine.measure.contingency import score_log_ratio
from textmine.measure.counts import Counts
from textmine.measure.keyness import UNITS, Tally, compare_presence
from textmine.schema import TABLES, check_table

EMERGING, VANISHING = "emerging", "vanishing"

Floats = NDArray[np.float64]


def find_emerging(
    counts: Counts,
    *,
    level: float = 0.05,
    unit: str = "occurrences",
    min_paragraphs: int = 3,
    drop: pl.DataFrame | None = None,
) -> pl.DataFrame:
    r"""Find the terms that each year has more than all earlier years, and those that no year after it has.

    *Emerging*: for each year but the first, the paragraphs of the year against those of all earlier years, one-sided
    (more), with the exact test over paragraphs that have the term, lengths allowed for
    (:mod:`textmine.measure.presence`). One family of tests: terms times years.

    *Vanishing*: for each term, the years after the last that has it against the years up to it: how likely none of
    the later paragraphs has it, if all years had it alike. One test a term: the last year is what the data say, and
    the probability that the last of :math:`k` sightings comes this early is uniform under the null hypothesis
    (Solow 1993), so looking for it costs nothing.

    Both families are controlled apart, with Gilbert's (2005) version of Benjamini and Hochberg's procedure: a test
    that could not have come out significant whatever the year's paragraphs said isn't counted among those made.

    Where rows have a ``section``, both allow for paragraphs of a section resembling each other in a term, as
    :func:`textmine.measure.keyness.score_keyness` does, and take no term for less alike than all together are.

    Parameters
    ----------
    counts : Counts
        Of one language, rows with ``edition`` and ``lang``; paragraphs, not sums over them.
    level : float
        False-discovery rate: at most this share of the rows returned is expected to be chance.
    unit : {'occurrences', 'paragraphs'}
        ``paragraphs`` for concepts: lengths don't matter then, and the ratio is of shares of paragraphs.
    min_paragraphs : int
        Test only terms that so many paragraphs have, the year and those before it taken together.
    drop : polars.DataFrame, optional
        Paragraphs to leave out.

    Returns
    -------
    polars.DataFrame
        Table ``emerging``, by change, year, ``p`` and term. For an emerging term the target is the year ``edition``
        and the reference all years before; for a vanishing one the target is all years after ``edition``, which is
        the last that has it. ``first`` and ``last`` are the first and last year of the whole series with the term.
        ``log_ratio`` to base 2, zero as half an occurrence.

    Raises
    ------
    ContractError
        When the counts hold several languages.

    Examples
    --------
    >>> from scipy import sparse
    >>> rows = pl.DataFrame({"edition": [2009] * 20 + [2010] * 20, "lang": "en", "paragraph": [*range(20)] * 2})
    >>> old, new, both = [1] * 9 + [0] * 31, [0] * 29 + [1] * 11, [1] * 40
    >>> counts = Counts(sparse.csr_array(np.array([both, new, old]).T), rows, ("all", "cloud", "telex"))
    >>> find_emerging(counts).select("edition", "change", "term", pl.col("q").round(5)).rows()
    [(2010, 'emerging', 'cloud', 0.00022), (2009, 'vanishing', 'telex', 0.00184)]
    """
    if unit not in UNITS:
        raise UnknownOptionError("unit", unit, UNITS)
    if not 0 < level < 1:
        raise UnknownOptionError("level", level, "a number between 0 and 1")
    counts = counts.without(drop)
    if not counts.rows.height:
        return pl.DataFrame(schema=pl.Schema(TABLES["emerging"]))
    if counts.rows["lang"].n_unique() > 1:
        raise ContractError("the counts hold several languages; choose one with counts.keep(pl.col('lang') == ...)")
    series = _Series(counts, unit=unit, min_paragraphs=max(min_paragraphs, 1))
    emerging = [series.compare_year(i) for i in range(1, len(series.years))]
    vanishing = [series.compare_later(i) for i in range(len(series.years))]  # what the last year has counts as tested
    parts = [control_discoveries(pl.concat(found), level=level) for found in (emerging, vanishing) if found]
    frame = pl.concat(parts).with_columns(lang=pl.lit(counts.rows["lang"].first()))
    frame = frame.select(list(TABLES["emerging"])).sort("change", "edition", "p", "term")
    return check_table(frame.cast(pl.Schema(TABLES["emerging"])), "emerging")


def control_discoveries(tests: pl.DataFrame, *, level: float) -> pl.DataFrame:
    """Return the discoveries among some tests, with their ``q``; see :func:`choose_tests`.

    Parameters
    ----------
    tests : polars.DataFrame
        Columns ``p`` and ``least``, the smallest value that ``p`` could have had.
    level : float
        False-discovery rate.
    """
    chosen = tests.filter(choose_tests(tests["least"].to_numpy(), level=level)).drop("least")
    if not chosen.height:
        return chosen.with_columns(q=pl.lit(1.0))
    return chosen.with_columns(q=pl.Series(false_discovery_control(chosen["p"].to_numpy()))).filter(
        pl.col("q") <= level
    )


def choose_tests(least: Floats, *, level: float) -> NDArray[np.bool_]:
    """Tell which tests could be significant at all, once corrected for their own number (Tarone 1990, Gilbert 2005).

    The smallest K such that at most K tests could reach p <= level / K; those are the tests to correct for. Whether a
    test is among them depends on totals only, not on how its groups came out.

    Examples
    --------
    >>> choose_tests(np.array([0.001, 0.02, 0.2, 0.01]), level=0.05).tolist()
    [True, False, False, True]
    """
    ordered = np.sort(least)
    sizes = np.arange(1, len(least) + 1)
    reachable = np.searchsorted(ordered, level / sizes, side="right")
    enough = np.flatnonzero(reachable <= sizes)
    chosen: NDArray[np.bool_] = least <= (level / sizes[enough[0]] if len(enough) else 0.0)
    return chosen


class _Series:
    """Counts of a language by year, summed up from the first year on, so that each comparison is a subtraction."""

    def __init__(self, counts: Counts, *, unit: str, min_paragraphs: int) -> None:
        self.terms = np.asarray(counts.terms, dtype=object)
        self.editions = counts.rows["edition"].to_numpy()
        self.years = np.unique(self.editions)
        self.lengths = counts.totals
        self.unit = unit
        self.min_paragraphs = min_paragraphs
        self.sections = number_sections(counts.rows)
        edition = number_groups(counts.rows, ("edition",))[1]
        self.alike = correlate_sections(counts.matrix, self.sections, edition, shared=True)
        by_year = [counts.keep(self.editions == year) for year in self.years]
        spread = np.array([part.spread for part in by_year]).reshape(len(self.years), len(self.terms))
        occurrences = np.array([part.frequencies for part in by_year]).reshape(spread.shape)
        there = spread > 0
        self.first = self.years[np.argmax(there, axis=0)]
        self.last = self.years[len(self.years) - 1 - np.argmax(there[::-1], axis=0)]
        zero = np.zeros((1, len(self.terms)), dtype=np.int64)
        self.spread = np.concatenate([zero, np.cumsum(spread, axis=0)])
        self.occurrences = np.concatenate([zero, np.cumsum(occurrences, axis=0)])

    def compare_year(self, i: int) -> pl.DataFrame:
        """Test the year at a place in the series against all before it."""
        is_target = self.editions[self.editions <= self.years[i]] == self.years[i]
        lengths = self.lengths[self.editions <= self.years[i]]
        tally = self._tally(slice(i, i + 1), slice(0, i), lengths, is_target)
        terms = np.flatnonzero(tally.spread >= self.min_paragraphs)
        _, greater, least = self._test(tally, terms)
        return self._describe(tally, terms, edition=self.years[i], change=EMERGING, p=greater, least=least)

    def compare_later(self, i: int) -> pl.DataFrame:
        """Test all years after a place in the series, for the terms that the year there is the last to have."""
        is_target = self.editions > self.years[i]
        tally = self._tally(slice(i + 1, len(self.years)), slice(0, i + 1), self.lengths, is_target)
        terms = np.flatnonzero((tally.spread >= self.min_paragraphs) & (self.last == self.years[i]))
        less, _, _ = self._test(tally, terms)
        least = self._least_late(tally, terms)
        return self._describe(tally, terms, edition=self.years[i], change=VANISHING, p=less, least=least)

    def _least_late(self, tally: Tally, terms: NDArray[np.intp]) -> Floats:
        """Return the smallest p that terms in so many paragraphs could have had: all of them in the first year."""
        is_target = self.editions > self.years[0]
        nowhere = tally._replace(found=np.zeros_like(tally.found), is_target=is_target)
        return self._test(nowhere, terms)[0]

    def _tally(
        self, target: slice, reference: slice, lengths: NDArray[np.int64], is_target: NDArray[np.bool_]
    ) -> Tally:
        spread, occurrences = (
            [sums[part.stop] - sums[part.start] for part in (target, reference)]
            for sums in (self.spread, self.occurrences)
        )
        inside = self.editions <= self.years[target.stop - 1]
        effects = effect_of_sections(self.alike, 1.0, Layout.of(np.bincount(self.sections[inside])))
        return Tally(occurrences[0], occurrences[1], spread[0], spread[0] + spread[1], lengths, is_target, effects)

    def _test(self, tally: Tally, terms: NDArray[np.intp]) -> tuple[Floats, Floats, Floats]:
        return compare_presence(tally, terms, lengths=tally.lengths if self.unit == "occurrences" else None)

    def _describe(self, tally: Tally, terms: NDArray[np.intp], **columns: Any) -> pl.DataFrame:
        """One row for each tested term: its counts, and columns that the caller knows."""
        found, spread = tally.found[terms], tally.spread[terms]
        a, b = tally.n_target[terms], tally.n_reference[terms]
        sizes = [float(tally.n_target.sum()), float(tally.n_reference.sum())]
        if self.unit == "paragraphs":
            a, b = found, spread - found
            sizes = [float(tally.is_target.sum()), float((~tally.is_target).sum())]
        return pl.DataFrame(
            {
                "term": pl.Series(self.terms[terms].tolist(), dtype=pl.String),
                "n_target": a,
                "n_reference": b,
                "paragraphs_target": found,
                "paragraphs_reference": spread - found,
                "log_ratio": score_log_ratio(a, b, max(sizes[0], 1.0), max(sizes[1], 1.0)),
                "first": self.first[terms],
                "last": self.last[terms],
            }
        ).with_columns(**{name: pl.lit(value) for name, value in columns.items()})
