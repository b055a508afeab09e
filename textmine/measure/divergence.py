"""How far each edition's words are from the one before it: Jensen-Shannon distance, its interval, and chance."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import special

from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.counts import Counts
from textmine.schema import check_table, make_table

#: Resamples whose distributions are held in memory at once, times terms.
CHUNK = 2_000_000

Floats = NDArray[np.float64]


def measure_divergence(
    counts: Counts,
    *,
    confidence: float = 0.95,
    n_resamples: int = 500,
    seed: int = 0,
    drop: pl.DataFrame | None = None,
) -> pl.DataFrame:
    r"""Measure the Jensen-Shannon distance between the terms of each edition and of the one before it.

    :math:`d = \sqrt{H(\tfrac{p + q}{2}) - \tfrac{1}{2} H(p) - \tfrac{1}{2} H(q)}` with entropies in bits (Lin 1991;
    Endres and Schindelin 2003): 0 for equal shares, 1 for no term in common.

    Two samples of one and the same text differ as well, the more the shorter they are, so the distance alone says
    little. Beside it stand

    - ``null_mean``, ``null_high``: mean and upper quantile (at ``confidence``) of the distance when it is left to
      chance which edition a section belongs to: sections that both editions have (by their code) change places or
      don't, the others are shuffled; and ``p``, how often that gives a distance as large (one-sided, the observed one
      counted in);
    - ``corrected``: the root of what the divergence has above the mean of the shuffles, 0 where it has nothing, and
      enlarged by the part of the true divergence that shuffles keep (1/n of it with n sections in common). Of a term
      that lives in one section they keep all, so with many such terms it is too small, by a tenth in
      ``benchmarks/terms_simulation.md``. ``low`` and ``high`` are its interval: sections are resampled, one that both
      editions have in both at once, and the spread of the resamples' divergence about its mean is laid around the
      corrected one (basic bootstrap, Davison and Hinkley 1997, section 5.2). The bootstrap's own view of the bias
      isn't used: of terms seen once it sees too little;
    - ``split_half``: the mean distance between random halves of the sections of one edition, over both editions.
      Halves are shorter than editions and have no section in common, so it lies above what two whole editions show.

    Parameters
    ----------
    counts : Counts
        Of terms or concepts; rows are paragraphs with ``edition``, ``lang``, ``section``. Languages are measured
        apart.
    confidence : float
        Of the interval and of ``null_high``.
    n_resamples : int
        Resamples of the bootstrap, shuffles, and halvings.
    seed : int
        The same seed gives the same bytes, whatever the order of the rows.
    drop : polars.DataFrame, optional
        Paragraphs to leave out.

    Returns
    -------
    polars.DataFrame
        Table ``divergence``: one row for each edition but the first, by edition and language. ``corrected``, ``low``
        and ``high`` are null for an edition of a single section; so is ``split_half`` where both have one.

    Raises
    ------
    ContractError
        When rows lack a section.
    UnknownOptionError
        For a confidence outside 0..1 or no resample at all.

    Examples
    --------
    >>> from scipy import sparse
    >>> rows = pl.DataFrame({"edition": [2009, 2009, 2010, 2010], "lang": "en", "section": ["1", "2"] * 2})
    >>> counts = Counts(sparse.csr_array([[8, 2], [8, 2], [5, 5], [5, 5]]), rows, ("a", "b"))
    >>> measure_divergence(counts).select("edition", pl.col("distance", "corrected", "split_half").round(4)).rows()
    [(2010, 0.2704, 0.2688, 0.0)]
    """
    if not 0 < confidence < 1:
        raise UnknownOptionError("confidence", confidence, "a number between 0 and 1")
    if n_resamples < 1:
        raise UnknownOptionError("n_resamples", n_resamples, "a number from 1")
    if "section" not in counts.rows.columns:
        raise ContractError("the counts' rows have no section; count paragraphs of a table that has one")
    counts = counts.without(drop)
    sections = counts.by("edition", "lang", "section")
    sections = sections.keep(sections.totals > 0)
    rows: list[dict[str, object]] = []
    for lang in sorted(sections.rows["lang"].unique()):
        years = sorted(sections.rows.filter(pl.col("lang") == lang)["edition"].unique())
        for previous, year in pairwise(years):
            blocks = [
                sections.keep((pl.col("lang") == lang) & (pl.col("edition") == edition)) for edition in (previous, year)
            ]
            pair = _Pair.match(*blocks)
            measured = pair.measure(confidence=confidence, n_resamples=n_resamples, rng=np.random.default_rng(seed))
            rows.append(
                {
                    "edition": year,
                    "lang": lang,
                    "previous": previous,
                    "n_sections": blocks[1].rows.height,
                    "n_sections_previous": blocks[0].rows.height,
                    "confidence": confidence,
                    **measured,
                }
            )
    rows.sort(key=lambda row: (row["edition"], row["lang"]))
    return check_table(make_table("divergence", rows), "divergence")


def jensen_shannon(p: Floats, q: Floats) -> Floats:
    """Return the Jensen-Shannon divergence in bits of distributions along the last axis; its root is the distance.

    Counts do as well as shares: each is divided by its sum.

    Examples
    --------
    >>> round(float(jensen_shannon(np.array([8.0, 2.0]), np.array([5.0, 5.0]))), 4)
    0.0731
    """
    p, q = p / p.sum(axis=-1, keepdims=True), q / q.sum(axis=-1, keepdims=True)
    nats = special.entr((p + q) / 2).sum(axis=-1) - (special.entr(p).sum(axis=-1) + special.entr(q).sum(axis=-1)) / 2
    bits: Floats = np.maximum(nats, 0.0) / np.log(2)
    return bits


class _Pair(NamedTuple):
    """Two editions as matrices of sections by terms; the first ``n_common`` rows of both are the same sections."""

    one: Floats
    other: Floats
    n_common: int

    @classmethod
    def match(cls, one: Counts, other: Counts) -> "_Pair":
        """Put the sections that both have first, in the same order, and leave out terms that neither has."""
        codes = [part.rows["section"].to_list() for part in (one, other)]
        common = sorted(set(codes[0]) & set(codes[1]))
        used = np.flatnonzero(one.frequencies + other.frequencies)
        matrices = []
        for part, mine in zip((one, other), codes, strict=True):
            place = {code: i for i, code in enumerate(mine)}
            order = [place[code] for code in [*common, *sorted(set(mine) - set(common))]]
            matrices.append(part.matrix[order][:, used].toarray().astype(np.float64))
        return cls(matrices[0], matrices[1], len(common))

    def measure(self, *, confidence: float, n_resamples: int, rng: np.random.Generator) -> dict[str, float | None]:
        """Return all figures of the pair."""
        observed = float(jensen_shannon(self.one.sum(axis=0), self.other.sum(axis=0)))
        figures: dict[str, float | None] = {"distance": float(np.sqrt(observed))}
        figures |= dict.fromkeys(("corrected", "low", "high"))
        shuffled = self._shuffle(rng, n_resamples)
        if min(len(self.one), len(self.other)) > 1:
            resampled = self._resample(rng, n_resamples)
            tail = (1 - confidence) / 2
            centre = (observed - shuffled.mean()) / (1 - self._left_over())
            above, below = np.quantile(resampled, [1 - tail, tail]) - resampled.mean()
            for name, value in (("corrected", centre), ("low", centre - above), ("high", centre - below)):
                figures[name] = float(np.sqrt(max(value, 0.0)))
        figures["null_mean"] = float(np.sqrt(shuffled).mean())
        figures["null_high"] = float(np.sqrt(np.quantile(shuffled, confidence)))
        # Equal distances may differ in their last digit, by the order in which sections were added up.
        figures["p"] = float((1 + (shuffled >= observed * (1 - 1e-9)).sum()) / (1 + n_resamples))
        halves = [_halve(part, rng, n_resamples) for part in (self.one, self.other) if len(part) > 1]
        figures["split_half"] = float(np.mean(halves)) if halves else None
        return figures

    def _left_over(self) -> float:
        """Return the share of a true divergence that is left, on average, when sections are shuffled.

        Differences of sections that keep or change their sign at random leave 1/n of the square of their mean; two
        groups of N sections in all, shuffled, leave 1 / (N - 1).
        """
        n, rest = self.n_common, len(self.one) + len(self.other) - 2 * self.n_common
        weight = 2 * n / (len(self.one) + len(self.other))
        return (weight**2 / n if n else 0.0) + (1 - weight) ** 2 / max(rest - 1, 1)

    def _resample(self, rng: np.random.Generator, n_draws: int) -> Floats:
        sizes = (self.n_common, len(self.one) - self.n_common, len(self.other) - self.n_common)
        common, *rest = (
            rng.multinomial(size, np.full(size, 1 / size), size=n_draws) if size else np.zeros((n_draws, 0), dtype=int)
            for size in sizes
        )
        left, right = (np.concatenate([common, weights], axis=1) for weights in rest)
        return _weigh(self.one, self.other, left, right)

    def _shuffle(self, rng: np.random.Generator, n_draws: int) -> Floats:
        stays = rng.integers(0, 2, size=(n_draws, self.n_common))
        own = len(self.one) - self.n_common
        picked = _pick(rng, own + len(self.other) - self.n_common, own, n_draws)
        left = np.concatenate([stays, picked[:, :own], 1 - stays, picked[:, own:]], axis=1)
        both = np.concatenate([self.one, self.other])
        return _weigh(both, both, left, 1 - left)


def _halve(part: Floats, rng: np.random.Generator, n_draws: int) -> float:
    picked = _pick(rng, len(part), len(part) // 2, n_draws)
    return float(np.sqrt(_weigh(part, part, picked, 1 - picked)).mean())


def _pick(rng: np.random.Generator, n: int, size: int, n_draws: int) -> NDArray[np.int64]:
    """Choose ``size`` of ``n`` at random, again and again: shape (n_draws, n), 1 where chosen."""
    order = rng.permuted(np.tile(np.arange(n), (n_draws, 1)), axis=1)
    return (order < size).astype(np.int64)


def _weigh(one: Floats, other: Floats, left: NDArray[np.int64], right: NDArray[np.int64]) -> Floats:
    """Return the divergence for each row of weights of sections, some rows at a time."""
    step = max(1, CHUNK // one.shape[1])
    return np.concatenate(
        [jensen_shannon(left[i : i + step] @ one, right[i : i + step] @ other) for i in range(0, len(left), step)]
    )
