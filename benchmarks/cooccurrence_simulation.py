"""Co-occurrence on simulated corpora: false alarms, pairs found, and what allowing for sections changes.

    python benchmarks/cooccurrence_simulation.py [--repeats 400]

Concepts come paragraph by paragraph, or by sections, wholly or in part. Nothing is drawn from any report. Results are
written to benchmarks/cooccurrence_simulation.md.
"""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np
import polars as pl
from scipy import sparse
from scipy.stats import false_discovery_control
from simulation import format_head, format_rate, format_row, read_repeats, repeat, write_simulation

from textmine.measure.counts import Counts
from textmine.measure.pairs import Drawing, measure_pairs

LEVEL = 0.05
YEARS = range(2008, 2026)
N = 8  # concepts of each scheme
WAYS = ("paragraphs", "taken for independent", "sections")
UNEVEN = (1, 1, 2, 2, 3, 4, 5, 8, 10)  # paragraphs of sections, over and over


class Kind(NamedTuple):
    """A simulated corpus; ``alike`` is the intraclass correlation of each scheme's concepts within sections.

    ``planted`` is the share of the first concept's paragraphs (sections, where it has whole ones) that the other has
    as well.
    """

    sections: tuple[int, ...] = (3,)
    alike: tuple[float, float] = (0.0, 0.0)
    shares: tuple[float, float] = (0.05, 0.25)
    years: range = YEARS
    per_year: int = 36
    late: bool = False
    planted: float = 0.0


ONE = {"years": range(2011, 2012), "per_year": 167, "sections": UNEVEN}
NOISE = {
    "independent": Kind(),
    "independent, all from 2017 on": Kind(late=True),
    "sections of two, wholly alike": Kind((2,), (1.0, 1.0)),
    "sections of three, wholly alike": Kind((3,), (1.0, 1.0)),
    "sections of six, wholly alike": Kind((6,), (1.0, 1.0)),
    "sections of six, half alike": Kind((6,), (0.5, 0.5)),
    "sections of six, one scheme wholly, the other by a fifth": Kind((6,), (1.0, 0.2)),
    "sections of one to ten, half alike": Kind(UNEVEN, (0.5, 0.5)),
    "the same, rare concepts (1 to 3 %)": Kind(UNEVEN, (0.5, 0.5), (0.01, 0.03)),
    "one edition of 167, sections of one to ten, independent": Kind(**ONE),
    "one edition of 167, sections of one to ten, half alike": Kind(alike=(0.5, 0.5), **ONE),
    "the same, one scheme wholly, the other half": Kind(alike=(1.0, 0.5), **ONE),
}
PLANTED = {
    "paragraphs, 10 %": Kind(planted=0.1),
    "paragraphs, 20 %": Kind(planted=0.2),
    "paragraphs, 50 %": Kind(planted=0.5),
    "paragraphs, 20 %, the one scheme by whole sections": Kind(alike=(1.0, 0.0), planted=0.2),
    "whole sections of three, 50 %": Kind(alike=(1.0, 1.0), planted=0.5),
    "one edition of 167, paragraphs, 50 %": Kind(planted=0.5, **ONE),
}


def main() -> None:
    """Simulate, and write the tables."""
    repeats = read_repeats(__doc__, 400)
    write_simulation(
        __file__,
        repeats,
        "Co-occurrence: false alarms, and pairs found",
        f"Eighteen editions of 36 paragraphs, or one of 167; {N} concepts of one scheme and {N} of another, each in 5 "
        "to 25 % of the paragraphs. Three ways: paragraphs, allowing for sections (the default); the same with each "
        "paragraph a section of its own, which takes paragraphs for independent; and `unit="
        f'"sections"`. Rates with 95 % intervals (Wilson), {repeats} corpora each.',
        (_noise, _planted),
    )


def _noise(repeats: int) -> Iterator[str]:
    yield from (
        "## Noise",
        "",
        f"Corpora with any pair at q <= {LEVEL:.0%}; every one is a false alarm. Cover: 95 % intervals of phi, of "
        "paragraphs, that hold 0.",
        "",
        *format_head(f"noise | {' | '.join(WAYS)} | single pairs with p <= 5 %, paragraphs | cover"),
    )
    for name, kind in NOISE.items():
        alarms, single, cover = zip(*repeat(_try_noise, repeats, kind), strict=True)
        rates = map(format_rate, zip(*alarms, strict=True))
        yield format_row(name, *rates, f"{np.mean(single):.1%}", f"{np.mean(cover):.1%}")


def _planted(repeats: int) -> Iterator[str]:
    yield from (
        "## Planted",
        "",
        "One pair: the other concept in a share of the first's paragraphs (or sections) besides its own. How often "
        "it is found, and in brackets the share of false pairs among those called.",
        "",
        *format_head(f"planted in | {' | '.join(WAYS)}"),
    )
    for name, kind in PLANTED.items():
        hits, false = np.moveaxis(repeat(_try_planted, repeats, kind), -1, 0)
        yield format_row(name, *(f"{format_rate(hits[:, i])} ({false[:, i].mean():.1%})" for i in range(len(WAYS))))


def _try_noise(kind: Kind, seed: int) -> tuple[list[bool], float, float]:
    """Say which ways call any pair; what share of single pairs, and of intervals, the default has right."""
    tables = _measure(kind, seed, n_resamples=200)
    bounds = tables[0].drop_nulls("phi_low")
    inside = ((bounds["phi_low"] <= 0) & (bounds["phi_high"] >= 0)).mean()
    return [bool((table["q"] <= LEVEL).any()) for table in tables], (tables[0]["p"] <= LEVEL).mean(), inside


def _try_planted(kind: Kind, seed: int) -> list[tuple[bool, float]]:
    """Say for each way whether the pair is called, and the share of the others among those called."""
    result = []
    for table in _measure(kind, seed):
        called = table.filter(pl.col("q") <= LEVEL)
        planted = called.filter(pl.col("concept") == "o0", pl.col("other") == "t0")
        result.append(((planted["lift"] > 1).any(), (called.height - planted.height) / max(1, called.height)))
    return result


def _measure(kind: Kind, seed: int, n_resamples: int = 1) -> list[pl.DataFrame]:
    """Measure one corpus in all ways, as ``measure_cooccurrence`` does once it has counted the tags."""
    counts = _simulate(kind, np.random.default_rng([4, seed]))
    alone = counts.rows.with_columns(section=pl.col("paragraph").cast(pl.String))
    sections = counts.by("edition", "lang", "section")
    binary = (sections.matrix > 0).astype(np.int64)
    ways = (counts, Counts(counts.matrix, alone, counts.terms), Counts(binary, sections.rows, counts.terms))
    tables = []
    for way, its_resamples in zip(ways, (n_resamples, 1, 1), strict=True):
        one, other = (
            way.prune(min_rows=3, terms=[term for term in way.terms if term.startswith(letter)]) for letter in "ot"
        )
        pairs = list(product(range(len(one.terms)), range(len(other.terms))))
        table = pl.DataFrame(
            measure_pairs(one, other, pairs, Drawing(0.95, its_resamples, seed)), infer_schema_length=None
        )
        tables.append(table.with_columns(q=false_discovery_control(table["p"].to_numpy())))
    return tables


def _simulate(kind: Kind, rng: np.random.Generator) -> Counts:
    numbers, sections, editions = [], [], []
    for year in kind.years:
        sizes = np.tile(kind.sections, kind.per_year)
        sections += [f"{i:03}" for i in np.repeat(np.arange(len(sizes)), sizes)[: kind.per_year]]
        numbers += range(1, kind.per_year + 1)
        editions += [year] * kind.per_year
    rows = pl.DataFrame({"edition": editions, "lang": "en", "paragraph": numbers, "section": sections})
    place = np.unique([f"{a} {b}" for a, b in zip(editions, sections, strict=True)], return_inverse=True)[1]
    has = _draw(kind, rng, place)
    if kind.late:
        has &= (np.array(editions) >= 2017)[:, None]
    if kind.planted:
        whole = kind.alike == (1.0, 1.0)
        chosen = rng.random(len(place))[place] if whole else rng.random(len(place))
        has[:, N] |= has[:, 0] & (chosen < kind.planted)
    names = tuple(f"{letter}{k}" for letter in "ot" for k in range(N))
    return Counts(sparse.csr_array(has.astype(np.int64)), rows, names)


def _draw(kind: Kind, rng: np.random.Generator, place: np.ndarray) -> np.ndarray:
    """Return which paragraphs have which concepts: a beta-binomial in each section (Skellam 1948)."""
    columns = []
    for k in range(2 * N):
        share, alike = rng.uniform(*kind.shares), kind.alike[k // N]
        chance = np.full(place.max() + 1, share)
        if alike == 1:
            chance = (rng.random(len(chance)) < share).astype(float)
        elif alike:
            rest = (1 - alike) / alike
            chance = rng.beta(share * rest, (1 - share) * rest, len(chance))
        columns.append(rng.random(len(place)) < chance[place])
    return np.stack(columns, axis=1)


if __name__ == "__main__":
    main()
