"""Breaks, bursts, trends and the smallest detectable shift on simulated series: false alarms and recovery.

    python benchmarks/shifts_simulation.py [--repeats 200]

Eighteen editions of simulated paragraphs, tagged at random with a share that stays, steps, bursts or drifts; nothing
is drawn from any report. Results are written to benchmarks/shifts_simulation.md; what the measures cost is in
benchmarks/measures.md.
"""

import numpy as np
import polars as pl
from simulation import format_head, format_rate, format_row, read_repeats, write_simulation

from textmine.measure.breaks import find_breaks
from textmine.measure.bursts import find_bursts
from textmine.measure.detectable import measure_detectable
from textmine.measure.prevalence import measure_prevalence
from textmine.measure.trend import measure_trends
from textmine.schema import TABLES

LEVEL = 0.05
N = 18
FIRST = 2008
ALIKE = 0.3  # correlation within sections
PARAGRAPHS = 36
TREND_TESTS = ("p", "p_autocorrelation", "p_mann_kendall")
PLAIN, GROWING = "all of 36", "growing from 20 to 160"
LENGTHS = {
    PLAIN: np.full(N, PARAGRAPHS),
    GROWING: np.linspace(20, 160, N).round().astype(int),
    "six of 160, then of 30": np.array([160] * 6 + [30] * 12),
}


def main() -> None:
    """Simulate, and write the tables."""
    write_simulation(
        __file__,
        read_repeats(__doc__, 200),
        "Simulated series: false alarms and recovery",
        f"{N} editions of {PARAGRAPHS} paragraphs where nothing else is said; level {LEVEL:.0%}; rates with 95 % "
        "intervals (Wilson). Cost: measures.md.",
        (_noise, _families, _steps, _bursts, _trends, _detectable),
    )


def _draw(
    rng: np.random.Generator, shares: np.ndarray, lengths: np.ndarray, repeats: int, *, section: int = 1
) -> pl.DataFrame:
    """Tag paragraphs of sections that resemble each other, and measure; each repeat is a concept."""
    rho = ALIKE if section > 1 else 0.0
    parts, tags = [], []
    for t, length in enumerate(lengths):
        of_section = np.arange(length) // section
        mean = np.full((repeats, of_section[-1] + 1), shares[t])
        if rho and 0 < shares[t] < 1:
            mean = rng.beta(shares[t] * (1 / rho - 1), (1 - shares[t]) * (1 / rho - 1), mean.shape)
        tagged, number = np.nonzero(rng.random((repeats, length)) < mean[:, of_section])
        key = {"edition": pl.lit(FIRST + t, pl.Int32), "lang": pl.lit("en")}
        parts.append(
            pl.DataFrame({"number": np.arange(1, length + 1), "section": [f"{i:03}" for i in of_section]}).with_columns(
                **key
            )
        )
        tags.append(
            pl.DataFrame(
                {"paragraph": number + 1, "concept": pl.Series([f"c{i:05}" for i in tagged], dtype=pl.String)}
            ).with_columns(**key)
        )
    paragraphs = pl.concat(parts).with_columns(
        action_line=pl.lit([], pl.List(pl.String)), n_chars=0, first_line=1, last_line=1, symbol=pl.lit(""),
        corpus=pl.lit("simulated"), source_sha256=pl.lit(""),
    )  # fmt: skip
    full = pl.concat(tags).with_columns(
        scheme=pl.lit("trend"), start=0, end=1, evidence=pl.lit("text"), score=pl.lit(1.0)
    )
    return measure_prevalence(
        _fit(paragraphs, "paragraphs"),
        _fit(full, "tags"),
        scheme="trend",
        concepts=[f"c{i:05}" for i in range(repeats)],
        n_resamples=400,
    )


def _fit(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    return frame.select(pl.col(column).cast(dtype) for column, dtype in TABLES[name].items() if column in frame.columns)


def _constant(share: float) -> np.ndarray:
    return np.full(N, share)


def _noise(repeats: int) -> list[str]:
    lines = [
        "## Noise: a share that stays",
        "",
        "Each rate is that of one series' p-value at most 5 %: false alarms. Sections of paragraphs that resemble each "
        "other (correlation 0.3) make shares vary more than chance draws of paragraphs. Mann-Kendall: the textbook's "
        "p-value, which takes all editions for equally precise.",
        "",
        *format_head("paragraphs | share | break | burst | trend | trend, autocorrelation allowed for | Mann-Kendall"),
    ]
    kinds = [(name, lengths, 1) for name, lengths in LENGTHS.items()]
    kinds += [
        (f"{name}, sections of {size} alike", LENGTHS[name], size)
        for name, size in (
            (PLAIN, 3),
            (PLAIN, 6),
            (GROWING, 5),
            ("six of 160, then of 30", 5),
        )
    ]
    for name, lengths, section in kinds:
        for share in (0.03, 0.1, 0.4):
            rng = np.random.default_rng([1, section, int(share * 100), int(lengths[0])])
            prevalence = _draw(rng, _constant(share), lengths, repeats, section=section)
            breaks = find_breaks(prevalence, n_permutations=999)[0]["p"] <= LEVEL
            burst = _series_with(find_bursts(prevalence, n_simulations=999).filter(pl.col("p") <= LEVEL), repeats)
            trends = measure_trends(prevalence)
            cells = [breaks, burst, *(trends[p] <= LEVEL for p in TREND_TESTS)]
            lines.append(format_row(name, f"{share:.0%}", *map(format_rate, cells)))
    return lines


def _say_sections(section: int) -> str:
    return "sections of 6 alike" if section > 1 else "independent"


def _series_with(table: pl.DataFrame, repeats: int) -> np.ndarray:
    have = set(table["concept"])
    return np.array([f"c{i:05}" in have for i in range(repeats)])


def _families(repeats: int) -> list[str]:
    n_corpora, n_concepts = max(1, repeats // 4), 20
    lines = [
        f"## Noise: {n_concepts} concepts together",
        "",
        f"Share of {n_corpora} corpora in which any concept's q is at most 5 %.",
        "",
        *format_head("paragraphs | break | burst | trend"),
    ]
    for name, section in (("independent", 1), ("sections of 6 alike", 6)):
        found: dict[str, list[bool]] = {"break": [], "burst": [], "trend": []}
        for seed in range(n_corpora):
            prevalence = _draw(
                np.random.default_rng([2, section, seed]),
                _constant(0.1),
                LENGTHS[PLAIN],
                n_concepts,
                section=section,
            )
            found["break"].append((find_breaks(prevalence, n_permutations=999)[0]["q"] <= LEVEL).any())
            found["burst"].append((find_bursts(prevalence, n_simulations=999)["q"] <= LEVEL).any())
            found["trend"].append((measure_trends(prevalence)["q"] <= LEVEL).any())
        lines.append(format_row(name, *map(format_rate, found.values())))
    return lines


def _steps(repeats: int) -> list[str]:
    lines = [
        "## Steps: a share that goes to another level and stays",
        "",
        "Found: p at most 5 % and a break kept. Of those found: one break (two where two were planted) and no more; in "
        "the very edition; within one edition of it; the set of likely editions has it (95 % promised).",
        "",
        *format_head(
            "step | paragraphs | found | right number | right edition | within one | likely set | its editions, mean"
        ),
    ]
    kinds = [
        ("10 % to 20 % in the middle", {9: 0.2}, 1),
        ("10 % to 30 % in the middle", {9: 0.3}, 1),
        ("10 % to 30 % in the middle", {9: 0.3}, 6),
        ("20 % to 5 % in the middle", {0: 0.2, 9: 0.05}, 1),
        ("10 % to 30 %, third last edition", {15: 0.3}, 1),
        ("10 % to 40 % to 10 %, six editions", {6: 0.4, 12: 0.1}, 1),
        ("2 % to 15 % in the middle", {0: 0.02, 9: 0.15}, 1),
    ]
    for name, levels, section in kinds:
        shares = _constant(0.1)
        for start, level in levels.items():
            shares[start:] = level
        planted = [start for start in levels if start]
        rng = np.random.default_rng([3, len(name), section, planted[0]])
        prevalence = _draw(rng, shares, LENGTHS[PLAIN], repeats, section=section)
        series, breaks = find_breaks(prevalence, n_permutations=999)
        hit = series.filter((pl.col("p") <= LEVEL) & (pl.col("n_breaks") > 0))
        mine = breaks.filter(pl.col("concept").is_in(hit["concept"].to_list())).partition_by("concept", as_dict=True)
        truth = [FIRST + start for start in planted]
        number = [part.height == len(truth) for part in mine.values()]
        first = [part.row(0, named=True) for part in mine.values()]
        pairs = [(row["edition"], row["likely"]) for row in first]
        lines.append(
            format_row(
                name,
                _say_sections(section),
                f"{hit.height / repeats:.1%}",
                f"{np.mean(number):.1%}",
                f"{np.mean([year == truth[0] for year, _ in pairs]):.1%}",
                f"{np.mean([abs(year - truth[0]) <= 1 for year, _ in pairs]):.1%}",
                format_rate(truth[0] in likely for _, likely in pairs),
                f"{np.mean([len(likely) for _, likely in pairs]):.1f}",
            )
        )
    return lines


def _bursts(repeats: int) -> list[str]:
    lines = [
        "## Bursts: some editions with a multiple of the share, 5 % otherwise",
        "",
        "Found: a burst with p at most 5 % that has one of the planted editions. Exact: it is just those.",
        "",
        *format_head("editions | multiple | paragraphs | found | exact | a burst elsewhere"),
    ]
    for length, multiple, section in (
        (1, 3, 1), (1, 6, 1), (3, 2, 1), (3, 3, 1), (3, 4, 1), (3, 4, 6), (6, 2, 1), (6, 3, 1),
    ):  # fmt: skip
        shares = _constant(0.05)
        shares[8 : 8 + length] *= multiple
        rng = np.random.default_rng([4, length, multiple, section])
        prevalence = _draw(rng, shares, LENGTHS[PLAIN], repeats, section=section)
        table = find_bursts(prevalence, n_simulations=999).filter(pl.col("p") <= LEVEL)
        start, stop = FIRST + 8, FIRST + 8 + length - 1
        overlap = (pl.col("first") <= stop) & (pl.col("last") >= start)
        exact = table.filter((pl.col("first") == start) & (pl.col("last") == stop))
        cells = (table.filter(overlap), exact, table.filter(~overlap))
        rates = (format_rate(_series_with(part, repeats)) for part in cells)
        lines.append(format_row(length, multiple, _say_sections(section), *rates))
    return lines


def _trends(repeats: int) -> list[str]:
    lines = [
        "## Trends: a share that drifts, and one whose editions vary or resemble their neighbours",
        "",
        *format_head(
            "series | p <= 5 % | autocorrelation allowed for | Mann-Kendall | interval of the slope has the true one"
        ),
    ]
    rng = np.random.default_rng(5)
    kinds = [("", PLAIN, 1, 0.1, 0.1 + rise) for rise in (0.0, 0.1, 0.2, 0.3)]
    kinds += [(f", {GROWING}, sections of 5 alike", GROWING, 5, *ends) for ends in ((0.1, 0.3), (0.3, 0.1))]
    for name, lengths, section, first, last in kinds:
        table = measure_trends(_draw(rng, np.linspace(first, last, N), LENGTHS[lengths], repeats, section=section))
        true = (last - first) / (N - 1)
        cells = [
            *(table[p] <= LEVEL for p in TREND_TESTS),
            (table["low"] <= true + 1e-12) & (table["high"] >= true - 1e-12),
        ]
        lines.append(format_row(f"from {first:.0%} to {last:.0%}{name}", *map(format_rate, cells)))
    for name, sizes, autocorrelation in (
        (f"editions vary, {GROWING}", LENGTHS[GROWING], 0.0),
        ("autocorrelation 0.3", np.full(N, 360), 0.3),
        ("autocorrelation 0.6", np.full(N, 360), 0.6),
    ):
        parts = []
        for i in range(repeats):
            level, levels = 0.0, []
            for t in range(N):
                noise = rng.standard_normal()
                level = noise if t == 0 else autocorrelation * level + np.sqrt(1 - autocorrelation**2) * noise
                levels.append(level)
            shares = np.clip(0.3 + 0.08 * np.array(levels), 0, 1)
            parts.append(_bare(rng.binomial(sizes, shares)[None], sizes, start=i))
        table = measure_trends(pl.concat(parts))
        cells = [table[p] <= LEVEL for p in TREND_TESTS]
        lines.append(format_row(f"no drift, {name}", *map(format_rate, cells), ""))
    return lines


def _bare(hits: np.ndarray, sizes: np.ndarray, start: int = 0) -> pl.DataFrame:
    """Return series of counts as the table `prevalence`, without resampling."""
    n_series, n = hits.shape
    share = (hits / sizes).ravel()
    frame = pl.DataFrame(
        {
            "edition": np.tile(np.arange(FIRST, FIRST + n), n_series),
            "concept": np.repeat([f"c{start + i:05}" for i in range(n_series)], n),
            "n_paragraphs": np.tile(sizes, n_series),
            "n_tagged": hits.ravel().astype(float),
            "tagged": share,
            "share": share,
            "low": share,
            "high": share,
        }
    ).with_columns(
        lang=pl.lit("en"), scheme=pl.lit("trend"), evidence=pl.lit("any"), unit=pl.lit("paragraphs"), by=pl.lit(""),
        group=pl.lit(""), n_sections=6, confidence=0.95, design_effect=1.2, method=pl.lit(""),
    )  # fmt: skip
    return _fit(frame, "prevalence")


def _detectable(repeats: int) -> list[str]:
    lines = [
        "## The smallest detectable shift: does a shift of just that size show as often as is said?",
        "",
        "Stated for a series without a shift, promised in 80 %; then planted from the middle on, in other draws, and "
        "looked for by the permutation test (p at most 5 %).",
        "",
        *format_head("share, paragraphs | increase | found | half of it | decrease | found"),
    ]
    for share, section in ((0.05, 1), (0.1, 1), (0.1, 6), (0.3, 1)):
        rng = np.random.default_rng([6, int(share * 100), section])
        stated = measure_detectable(_draw(rng, _constant(share), LENGTHS[PLAIN], 20, section=section))
        up, down = float(stated["increase"].mean()), stated["decrease"].drop_nulls()
        cells = [f"{100 * up:.1f} points"]
        for shift in (up, up / 2, -float(down.mean()) if len(down) == stated.height else None):
            if shift is None:
                cells += ["none is large enough", ""]
                continue
            if shift < 0:
                cells.append(f"{-100 * shift:.1f} points")
            shares = np.where(np.arange(N) < N // 2, share, np.clip(share + shift, 0, 1))
            found = find_breaks(_draw(rng, shares, LENGTHS[PLAIN], repeats, section=section), n_permutations=999)[0]
            cells.append(format_rate(found["p"] <= LEVEL))
        lines.append(format_row(f"{share:.0%}, {_say_sections(section)}", *cells))
    return lines


if __name__ == "__main__":
    main()
