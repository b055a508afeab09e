"""Keyness, emerging terms, novelty and distance on simulated corpora: false alarms and recovery.

    python benchmarks/terms_simulation.py [--repeats 500]

Simulated paragraphs have word shares of their own around common ones (Dirichlet), so that words come in bursts as in
texts. Nothing is drawn from any report. Results are written to benchmarks/terms_simulation.md; what the measures cost
is in benchmarks/measures.md.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
import polars as pl
from scipy import sparse
from simulation import format_head, format_rate, format_row, read_repeats, repeat, write_simulation, zipf

from textmine.measure.counts import Counts
from textmine.measure.divergence import jensen_shannon, measure_divergence
from textmine.measure.emerging import find_emerging
from textmine.measure.keyness import score_keyness
from textmine.measure.novelty import measure_novelty, smooth_distributions

LEVEL = 0.05
N_TERMS = 400
BURST = 40.0  # weight of the common shares: the smaller, the burstier
LATER = pl.col("edition") > 2013


def main() -> None:
    """Simulate, and write the tables."""
    write_simulation(
        __file__,
        read_repeats(__doc__, 500),
        "Simulated corpora: false alarms and recovery",
        f"{N_TERMS} terms with Zipf's shares, paragraphs of about 60 words; levels and false-discovery rates "
        f"{LEVEL:.0%}; rates with 95 % intervals (Wilson). Cost: measures.md.",
        (_keyness, _emerging, _divergence, _novelty),
    )


def _rows(years: Iterable[int], per_year: int, per_section: int = 1) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {"edition": year, "lang": "en", "paragraph": i + 1, "section": f"{i // per_section:03}"}
            for year in years
            for i in range(per_year)
        ],
        schema={"edition": pl.Int32, "lang": pl.String, "paragraph": pl.Int32, "section": pl.String},
    )


def _text(
    rng: np.random.Generator, rows: pl.DataFrame, *, burst: float | None = BURST, longer: float = 1.0, cluster: int = 1
) -> np.ndarray:
    """Word counts of paragraphs: all after 2013 ``longer`` times as long; ``cluster`` paragraphs share their shares."""
    n = rows.height
    lengths = rng.integers(40, 81, n) * np.where(rows["edition"].to_numpy() > 2013, longer, 1.0)
    if burst is None:
        shares = np.tile(zipf(N_TERMS), (n, 1))
    else:
        own = rng.gamma(np.tile(zipf(N_TERMS) * burst, (-(-n // cluster), 1))) + 1e-12
        shares = np.repeat(own / own.sum(axis=1, keepdims=True), cluster, axis=0)[:n]
    return rng.multinomial(lengths.astype(int), shares)


def _counts(matrix: np.ndarray, rows: pl.DataFrame) -> Counts:
    return Counts(sparse.csr_array(matrix), rows, tuple(f"t{i:04}" for i in range(matrix.shape[1])))


def _alone(counts: Counts) -> Counts:
    """Take paragraphs for independent: without sections."""
    return Counts(counts.matrix, counts.rows.drop("section"), counts.terms)


def _plant(matrix: np.ndarray, where: np.ndarray, n_terms: int, share: float, rng: np.random.Generator) -> None:
    """Give the last terms to a share of some paragraphs, once or twice each."""
    for term in range(matrix.shape[1] - n_terms, matrix.shape[1]):
        matrix[:, term] = 0
        chosen = where[rng.random(len(where)) < share]
        matrix[chosen, term] = rng.integers(1, 3, len(chosen))


NOISE: dict[str, dict[str, Any]] = {
    "words independent": {"burst": None},
    "words in bursts": {},
    "words in strong bursts": {"burst": 10.0},
    "in bursts, target paragraphs 1.5 times as long": {"longer": 1.5},
    "in bursts, target paragraphs 3 times as long": {"longer": 3.0},
    "sections of two paragraphs alike": {"cluster": 2},
    "sections of two alike, counted by section": {"cluster": 2},
    "sections of six paragraphs alike": {"cluster": 6},
    "sections of six alike, counted by section": {"cluster": 6},
    "sections of six alike, strong bursts": {"cluster": 6, "burst": 10.0},
    "sections of six alike, target paragraphs 1.5 times as long": {"cluster": 6, "longer": 1.5},
}
EIGHT = range(2010, 2018)


def _keyness(repeats: int) -> list[str]:
    return [*_keyness_noise(repeats), *_keyness_planted(repeats)]


def _keyness_noise(repeats: int) -> list[str]:
    lines = [
        "## Keyness: four years against four, 36 paragraphs a year",
        "",
        "Noise: the share of corpora with any key term. Every one is a false alarm.",
        "",
        *format_head(
            "noise | `q`, paragraphs (ours) | the same, taken for independent | `q_g2`, occurrences | "
            "single terms with p <= 5 %"
        ),
    ]
    for name in NOISE:
        *alarms, single = zip(*repeat(_score_noise, repeats, name), strict=True)
        lines.append(format_row(name, *map(format_rate, alarms), f"{np.mean(single):.1%}"))
    return lines


def _score_noise(name: str, seed: int) -> tuple[bool, bool, bool, float]:
    kind = NOISE[name]
    matrix = _text(np.random.default_rng([1, seed]), _rows(EIGHT, 36), **kind)
    counts = _counts(matrix, _rows(EIGHT, 36, kind.get("cluster", 6)))
    if "by section" in name:
        counts = counts.by("edition", "lang", "section")
    table, apart = score_keyness(counts, LATER), score_keyness(_alone(counts), LATER)
    alarms = [bool((q <= LEVEL).any()) for q in (table["q"], apart["q"], table["q_g2"])]
    return alarms[0], alarms[1], alarms[2], (table["p"] <= LEVEL).mean()


def _keyness_planted(repeats: int) -> list[str]:
    lines = [
        "",
        "Planted: ten terms that a share of the target's 144 paragraphs have and no other; sections of six paragraphs, "
        "each with shares of its own or all six alike.",
        "",
        *format_head(
            "planted in | sections | found | false discoveries among those called key | found, taken for independent | "
            "false"
        ),
    ]
    for cluster, name in ((1, "not alike"), (6, "alike")):
        for share in (0.03, 0.05, 0.08, 0.15, 0.3):
            rates = np.mean(repeat(_score_planted, repeats, cluster, share), axis=0)
            lines.append(format_row(f"{share:.0%}", name, *(f"{rate:.1%}" for rate in rates)))
    return lines


def _score_planted(cluster: int, share: float, seed: int) -> list[float]:
    rows = _rows(EIGHT, 36, 6)
    rng = np.random.default_rng([2, seed])
    matrix = _text(rng, rows, cluster=cluster)
    _plant(matrix, np.flatnonzero(rows["edition"].to_numpy() > 2013), 10, share, rng)
    planted = {f"t{i:04}" for i in range(N_TERMS - 10, N_TERMS)}
    counts, result = _counts(matrix, rows), []
    for given in (counts, _alone(counts)):
        key = set(score_keyness(given, LATER).filter(pl.col("q") <= LEVEL)["term"])
        result += [len(key & planted) / 10, len(key - planted) / max(1, len(key))]
    return result


def _emerging(repeats: int) -> list[str]:
    lines = [
        "## Emerging and vanishing: eight years of 36 paragraphs",
        "",
        "Noise: the share of series with any discovery. Planted: ten terms from 2014 on, ten others up to 2013, each "
        "in a share of the paragraphs; found in 2014 (2013) itself.",
        "",
        *format_head(" | emerging | vanishing"),
    ]
    kinds: dict[str, tuple[dict[str, Any], bool]] = {
        "noise, words independent": ({"burst": None}, False),
        "noise, words in bursts": ({}, False),
        "noise, sections of two alike": ({"cluster": 2}, False),
        "noise, sections of two alike, taken for independent": ({"cluster": 2}, True),
        "noise, sections of six alike": ({"cluster": 6}, False),
        "noise, sections of six alike, taken for independent": ({"cluster": 6}, True),
    }
    for name, (kind, alone) in kinds.items():
        alarms = zip(*repeat(_find_noise, repeats, kind, alone), strict=True)
        lines.append(format_row(name, *map(format_rate, alarms)))
    for share in (0.05, 0.1, 0.2, 0.3):
        rates = np.mean(repeat(_find_planted, max(1, repeats // 2), share), axis=0)
        lines.append(format_row(f"planted in {share:.0%}", *(f"{a:.1%}, false {b:.1%}" for a, b in rates)))
    return lines


def _find_noise(kind: dict[str, Any], alone: bool, seed: int) -> tuple[bool, bool]:
    matrix = _text(np.random.default_rng([3, seed]), _rows(EIGHT, 36), **kind)
    counts = _counts(matrix, _rows(EIGHT, 36, kind.get("cluster", 6)))
    found = set(find_emerging(_alone(counts) if alone else counts)["change"])
    return "emerging" in found, "vanishing" in found


def _find_planted(share: float, seed: int) -> list[tuple[float, float]]:
    rows = _rows(EIGHT, 36, 6)
    editions = rows["edition"].to_numpy()
    rng = np.random.default_rng([4, seed])
    matrix = _text(rng, rows)
    _plant(matrix, np.flatnonzero(editions >= 2014), 10, share, rng)
    matrix = np.roll(matrix, 10, axis=1)  # those terms are the first now; the last are free
    _plant(matrix, np.flatnonzero(editions < 2014), 10, share, rng)
    table, result = find_emerging(_counts(matrix, rows)), []
    for change, year, terms in (
        ("emerging", 2014, {f"t{i:04}" for i in range(10)}),
        ("vanishing", 2013, {f"t{i:04}" for i in range(N_TERMS - 10, N_TERMS)}),
    ):
        mine = table.filter(pl.col("change") == change)
        found = len(terms & set(mine.filter(pl.col("edition") == year)["term"])) / 10
        # A planted term goes on rising after its first year, and may be seen last before 2013: no false alarm.
        result.append((found, mine.filter(~pl.col("term").is_in(list(terms))).height / max(1, mine.height)))
    return result


def _topics(rng: np.random.Generator, n: int, n_terms: int, turn: float) -> tuple[np.ndarray, np.ndarray]:
    """Word shares of sections, and the same turned towards every second term."""
    topics = rng.gamma(np.tile(zipf(n_terms) * BURST, (n, 1))) + 1e-12
    topics /= topics.sum(axis=1, keepdims=True)
    turned = topics * np.where(np.arange(n_terms) % 2, 1 + turn, 1)
    return topics, turned / turned.sum(axis=1, keepdims=True)


def _true_distance(n_terms: int, turn: float) -> float:
    topics, turned = _topics(np.random.default_rng(0), 20_000, n_terms, turn)
    return float(np.sqrt(jensen_shannon(topics.mean(axis=0), turned.mean(axis=0))))


def _divergence(repeats: int) -> list[str]:
    lines = [
        "## Jensen-Shannon distance: two editions of 34 sections",
        "",
        "Each section has a topic of its own, the same in both editions; a turn multiplies the shares of half the "
        "terms by one more than itself. True distance: of the mean shares of 20,000 such sections, without sampling.",
        "",
        *format_head(
            "terms, words a section | turn | true | raw, mean | corrected, mean | 95 % interval covers | p <= 5 %"
        ),
    ]
    n_sections = 34
    rows = pl.concat([_rows([2010], n_sections), _rows([2011], n_sections)])
    for n_terms, length in ((20, 60), (20, 600), (400, 60), (400, 600)):
        for turn in (0.0, 0.5, 2.0):
            raw, corrected, covered, rejected = [], [], [], []
            true = _true_distance(n_terms, turn)
            for seed in range(max(1, repeats // 2)):
                rng = np.random.default_rng([5, seed])
                topics, turned = _topics(rng, n_sections, n_terms, turn)
                matrix = np.concatenate([rng.multinomial(length, shares) for shares in (topics, turned)])
                row = measure_divergence(_counts(matrix, rows), n_resamples=199, seed=seed).row(0, named=True)
                raw.append(row["distance"])
                corrected.append(row["corrected"])
                covered.append(row["low"] <= true <= row["high"])
                rejected.append(row["p"] <= LEVEL)
            distances = (f"{value:.3f}" for value in (true, np.mean(raw), np.mean(corrected)))
            rates = map(format_rate, (covered, rejected))
            lines.append(format_row(f"{n_terms}, {length}", f"{turn:g}", *distances, *rates))
    return lines


def _novelty(repeats: int) -> list[str]:
    lines = [
        "## Resonance: twelve editions of 36 paragraphs, window 3",
        "",
        "From 2015 on (lasting) or in 2015 alone (passing) half the terms are twice as frequent. Share of series in "
        "which 2015 has the highest novelty, and the highest resonance.",
        "",
        *format_head(" | 2015 most novel | 2015 most resonant"),
    ]
    rows = _rows(range(2009, 2021), 36)
    editions = rows["edition"].to_numpy()
    kinds = {"nothing": editions < 0, "lasting": editions >= 2015, "passing": editions == 2015}
    for name, where in kinds.items():
        novel, resonant = [], []
        for seed in range(repeats):
            rng = np.random.default_rng([6, seed])
            own = rng.gamma(np.tile(zipf(N_TERMS) * BURST, (rows.height, 1))) + 1e-12
            own *= np.where(where[:, None] & (np.arange(N_TERMS) % 2 == 1), 2.0, 1.0)
            matrix = rng.multinomial(rng.integers(40, 81, rows.height), own / own.sum(axis=1, keepdims=True))
            yearly = _counts(matrix, rows).by("edition")
            years = yearly.rows["edition"].to_list()
            table = measure_novelty(smooth_distributions(yearly), editions=years, lang="en", window=3)
            table = table.drop_nulls("resonance")
            novel.append(table.sort("novelty")["edition"][-1] == 2015)
            resonant.append(table.sort("resonance")["edition"][-1] == 2015)
        lines.append(format_row(name, format_rate(novel), format_rate(resonant)))
    return lines


if __name__ == "__main__":
    main()
