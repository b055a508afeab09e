"""A concept's shares in the order of the editions: what the tests of change take, and what chance makes of them."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import false_discovery_control

from textmine.errors import ContractError, UnknownOptionError
from textmine.schema import SERIES_KEY, check_table

#: With no more editions than this, all orders are tried; with more, orders are drawn.
MAX_EXACT = 6
#: A permutation test ends early at so many orders that reach what was observed: its p-value is known well enough.
ENOUGH = 100
_BLOCKS = (128, 128, 256, 512, 1024)

Floats = NDArray[np.float64]
Orders = NDArray[np.int64]


class Series(NamedTuple):
    """One concept's shares, edition by edition.

    ``shares``, ``low`` and ``high`` are fractions of ``sizes`` paragraphs, ``tagged`` the number of tagged ones; the
    years of the editions needn't follow on each other. ``design_effect`` is how much more a share varies than that of
    as many independent paragraphs, the editions taken together; at least 1.
    """

    key: dict[str, str]
    editions: NDArray[np.int64]
    shares: Floats
    sizes: Floats
    tagged: Floats
    low: Floats
    high: Floats
    design_effect: float

    @property
    def hits(self) -> Floats:
        """Paragraphs that the shares stand for: whole numbers, unless shares are of words, pooled or corrected."""
        return self.shares * self.sizes


def iterate_series(prevalence: pl.DataFrame) -> Iterator[Series]:
    """Yield the series of a table ``prevalence``, sorted by their keys.

    Raises
    ------
    ContractError
        When a column is missing, or a series has an edition twice, or one without a share.
    """
    check_table(prevalence, "prevalence")
    for values, part in prevalence.sort(*SERIES_KEY, "edition").group_by(SERIES_KEY, maintain_order=True):
        key = dict(zip(SERIES_KEY, map(str, values), strict=True))
        name = " ".join(value for value in key.values() if value)
        if part["edition"].is_duplicated().any():
            raise ContractError(f"series {name} has an edition twice; take one corpus at a time")
        if part["share"].null_count():
            raise ContractError(
                f"series {name} has an edition without a share: its tagger is no better than chance; leave it out"
            )
        columns = (part[name].cast(pl.Float64).to_numpy() for name in ("share", "n_paragraphs", "n_tagged"))
        shares, sizes, tagged = columns
        # Resampling k sections gives (k-1)/k of the variance (Davison and Hinkley 1997, section 3.8).
        few = pl.col("n_sections") / (pl.col("n_sections") - 1).clip(1)
        effects = part.select(pl.col("design_effect").fill_null(float("nan")) * few).to_series().to_numpy()
        plain = np.where(np.isnan(effects), 0.0, shares * (1 - shares) / sizes)
        pooled = float(np.nansum(effects * plain) / plain.sum()) if plain.sum() > 0 else 1.0
        yield Series(
            key,
            part["edition"].cast(pl.Int64).to_numpy(),
            shares,
            sizes,
            tagged,
            part["low"].to_numpy(),
            part["high"].to_numpy(),
            max(pooled, 1.0),
        )


def draw_orders(n: int, n_permutations: int, seed: int) -> tuple[Orders, bool]:
    """Return orders of ``n`` editions, shape (n_orders, n), and whether they are all there are.

    Examples
    --------
    >>> draw_orders(3, 999, 0)[0].shape, draw_orders(18, 999, 0)[0].shape
    ((6, 3), (999, 18))
    """
    if n <= MAX_EXACT:
        orders = np.zeros((1, 0), dtype=np.int64)
        for i in range(n):  # put i into every place of every order so far
            orders = np.concatenate([np.insert(orders, at, i, axis=1) for at in range(i + 1)])
        return orders, True
    rng = np.random.default_rng([seed, n])
    return rng.permuted(np.tile(np.arange(n), (n_permutations, 1)), axis=1), False


def permutation_p(
    observed: float, score: Callable[[slice], NDArray[np.floating]], n_draws: int, *, exact: bool = False
) -> float:
    r"""Return how often chance gives at least what was observed, never 0.

    The share of all orders, or :math:`(b+1)/(B+1)` of :math:`B` draws (Phipson and Smyth 2010), or, at the
    :math:`l`-th draw of which :math:`b = 100` reached what was observed, :math:`b/l` without drawing on (Besag and
    Clifford 1991): small p-values are as exact as all draws make them, large ones good to a tenth.

    Parameters
    ----------
    observed : float
    score : callable
        Returns the scores of a slice of the draws, shape (n_nulls, n_slice) or (n_slice,). With several null
        hypotheses the largest p-value is returned.
    n_draws : int
    exact : bool
        The draws are all orders there are.

    Examples
    --------
    >>> drawn = np.array([1.0, 2.0, 3.0])
    >>> permutation_p(3.0, lambda part: drawn[part], 3)
    0.5
    """
    # Orders that tie differ by rounding, as they add the same numbers in another order.
    bar = observed - 1e-9 * max(1.0, abs(observed))
    reached: NDArray[np.int64] = np.zeros(1, dtype=np.int64)
    start = 0
    for size in (n_draws,) if exact else (*_BLOCKS, n_draws):
        part = slice(start, min(start + size, n_draws))
        if part.start == part.stop:
            break
        hits = reached[:, None] + np.cumsum(np.atleast_2d(score(part)) >= bar, axis=1)
        if not exact and hits[:, -1].max() >= ENOUGH:
            first = min(int(np.searchsorted(row, ENOUGH)) for row in hits)
            return ENOUGH / (start + first + 1)
        reached, start = hits[:, -1], part.stop
    return float(reached.max()) / n_draws if exact else float(reached.max() + 1) / (n_draws + 1)


def draw_clustered(rng: np.random.Generator, shares: Floats, sizes: Floats, effect: float, n_draws: int) -> Floats:
    r"""Draw the tagged paragraphs of editions whose paragraphs cluster, shape (n_editions, n_draws).

    Beta-binomial (Skellam 1948): the variance of a count is :math:`n p (1-p)` times the design effect, which
    :math:`1 + (n-1)\rho` gives the correlation :math:`\rho` within an edition.
    """
    n = np.maximum(np.round(sizes), 1).astype(np.int64)
    drawn = np.repeat(shares[:, None], n_draws, axis=1)
    rho = np.clip((effect - 1) / np.maximum(n - 1, 1), 0, 0.99)
    for t in np.flatnonzero((rho > 0) & (shares > 0) & (shares < 1)):
        weight = 1 / rho[t] - 1
        drawn[t] = rng.beta(shares[t] * weight, (1 - shares[t]) * weight, n_draws)
    return rng.binomial(n[:, None], drawn).astype(np.float64)


def adjust_p(rows: list[dict[str, object]], p: str, q: str) -> None:
    """Add ``q`` to rows of a table, one a series: Benjamini and Hochberg (1995) over the series of each language."""
    for lang in sorted({str(row["lang"]) for row in rows}):
        tested = [row for row in rows if row["lang"] == lang and row[p] is not None]
        if not tested:
            continue
        adjusted = false_discovery_control([float(str(row[p])) for row in tested])
        for row, value in zip(tested, adjusted, strict=True):
            row[q] = float(value)
    for row in rows:
        row.setdefault(q, None)


def check_numbers(**options: tuple[float, float]) -> None:
    """Raise for a number below the least that its option takes: ``check_numbers(min_size=(value, 1))``."""
    for name, (value, least) in options.items():
        if not value >= least:
            raise UnknownOptionError(name, value, f"a number from {least:g}")


def check_fractions(**options: float) -> None:
    """Raise for an option that isn't between 0 and 1."""
    for name, value in options.items():
        if not 0 < value < 1:
            raise UnknownOptionError(name, value, "a number between 0 and 1")
