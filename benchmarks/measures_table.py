"""Tables of what measures cost, and in words which bars are met."""

import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from measures_jobs import JOBS

from textmine.atomic import write_file

PATH = Path(__file__).resolve().parent / "measures.md"
BAR_PARAGRAPHS, BAR_SECONDS, BAR_MEGABYTES = 10_000, 60.0, 2_000.0
#: Growth over n log n up to which it passes for n log n: seconds of the processor vary so much from run to run.
TOLERANCE = 1.2
MANY = ", 1,000 series"
LIBRARIES = ("scikit-learn", "scipy", "ruptures", "pymannkendall", "datasketch", "gensim", "tomotopy")


def write_tables(rows: Mapping[tuple[str, int], Any]) -> None:
    """Write benchmarks/measures.md; a row has ``seconds``, ``megabytes``, ``before`` and ``found``."""
    lines = [
        "# What the measures cost",
        "",
        "`OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 RAYON_NUM_THREADS=1 POLARS_MAX_THREADS=1 python "
        f"benchmarks/measures.py`; Python {platform.python_version()}, {platform.machine()}; "
        f"{', '.join(f'{name} {version(name)}' for name in LIBRARIES)}.",
        "",
        "A simulated corpus (`benchmarks/measures_corpus.py`) of each size with 10,000 terms, 18 editions, sections of "
        "10 paragraphs and 200 concepts; paragraphs of 40 to 80 words, a tenth of them reused. Defaults throughout, "
        "English alone but for agreement. Seconds are those of the processor in a process of its own, the least of "
        "three where they are under 3. MB is the largest of that process, libraries and corpus included; in brackets "
        "before the measure began. Growth is seconds over those at a tenth of the paragraphs, divided by that of "
        "n log n: 1 is n log n, less is better. Breaks, bursts, trends, lifetimes and detectable shifts take shares, "
        "200 series of 18 editions whatever the size, and their growth is to 1,000 series.",
        "",
        *_say_bars(rows),
        "",
        "## Measures",
        "",
        "| measure | paragraphs | seconds | growth | MB (before) | found |",
        "|---|---|---|---|---|---|",
    ]
    for (name, n), row in _sort(rows):
        if not JOBS[name].beside:
            growth = _grow(rows, name, n)
            lines.append(
                f"| {name} | {n:,} | {row.seconds:.2f} | {'' if growth is None else f'{growth:.2f}'} | "
                f"{row.megabytes:,.0f} ({row.before:,.0f}) | {row.found} |"
            )
    lines += [
        "",
        "## Beside other libraries",
        "",
        "On the same matrix, tags, series or texts. Ratios are ours over theirs: above 1 we take more. Rows are kept "
        "from run to run, so the two of a ratio may be of different moments of a machine that others used as well: "
        "its processor seconds vary, and a ratio near 1 says nothing. "
        "What we add for it is said in the last column, or is the interval, test or resampling that they lack.",
        "",
        "| measure: library | paragraphs | seconds, theirs | ratio of seconds | MB, theirs | ratio of MB | result |",
        "|---|---|---|---|---|---|---|",
    ]
    for (name, n), row in _sort(rows):
        ours = rows.get((JOBS[name].beside, n))
        if ours:
            lines.append(
                f"| {name} | {n:,} | {row.seconds:.3f} | {ours.seconds / row.seconds:.3g} | {row.megabytes:,.0f} | "
                f"{ours.megabytes / row.megabytes:.2f} | {_compare(row.found, ours.found)} |"
            )
    text = "\n".join(lines) + "\n"
    write_file(PATH, lambda target: target.write_text(text, encoding="utf-8"))


def _sort(rows: Mapping[tuple[str, int], Any]) -> list[tuple[tuple[str, int], Any]]:
    order = list(JOBS)
    return sorted(rows.items(), key=lambda item: (order.index(item[0][0]), item[0][1]))


def _compare(theirs: str, ours: str) -> str:
    return f"{theirs} (ours: {ours})" if ours and " of " in ours else theirs


def _grow(rows: Mapping[tuple[str, int], Any], name: str, n: int) -> float | None:
    fewer, large, small = (name, n // 10), n, n // 10
    if name.endswith(MANY):
        fewer, large, small = (name.removesuffix(MANY), n), 1_000, 200
    less = rows.get(fewer)
    if less is None:
        return None
    expected = large * np.log(large) / (small * np.log(small))
    return float(rows[name, n].seconds / less.seconds / expected)


def _say_bars(rows: Mapping[tuple[str, int], Any]) -> list[str]:
    names = [name for name, job in JOBS.items() if not job.beside]
    at = {name: rows[name, BAR_PARAGRAPHS] for name in names if (name, BAR_PARAGRAPHS) in rows}
    slow = [f"{name} ({row.seconds:.0f} s)" for name, row in at.items() if row.seconds >= BAR_SECONDS]
    large = [f"{name} ({row.megabytes:,.0f} MB)" for name, row in at.items() if row.megabytes >= BAR_MEGABYTES]
    grown = {(name, n): _grow(rows, name, n) for name, n in rows if name in names}
    grown = {key: value for key, value in grown.items() if value is not None}
    above = [f"{name} at {n:,} ({value:.2f})" for (name, n), value in grown.items() if value > TOLERANCE]
    missing = [
        (name, n)
        for n in (1_000, 10_000, 100_000)
        for name in names
        if (name, n) not in rows and JOBS[name].least <= n <= JOBS[name].most
    ]
    unmeasured = [f"{name} at {n:,}" for name, n in missing]
    unshown = [name for name, n in missing if n == BAR_PARAGRAPHS]
    return [
        "## Bars",
        "",
        f"- Under a minute at 10,000 x 10,000: {_say(len(at), slow)}",
        f"- Under 2 GB at 10,000 x 10,000: {_say(len(at), large)}",
        f"- Growth no worse than n log n (up to {TOLERANCE}, for noise): {_say(len(grown), above, 'steps')}",
        f"- Time and memory at 10,000 x 10,000 **not shown**, as not run: {'; '.join(unshown) or 'nothing'}.",
        f"- Not run at all: {'; '.join(unmeasured) or 'nothing'}.",
    ]


def _say(n: int, failed: list[str], what: str = "measures") -> str:
    if not failed:
        return f"met by all {n} {what} that were run."
    return f"met by {n - len(failed)} of {n} {what} that were run; **not met** by {'; '.join(failed)}."
