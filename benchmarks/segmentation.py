"""Segmentation: the Rust port of jieba against jieba, same tokens, as a ratio in one run.

    python benchmarks/segmentation.py [--megabytes 2] [FILE]

Text: a report's paragraphs (FILE, default the built-in sample's Chinese ones), repeated to the size asked for. Five
rounds, the two in turn within each; the ratio is taken round by round, its median and range are written to
benchmarks/segmentation.md.
"""

import argparse
import platform
import re
import statistics
import timeit
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import textmine
from textmine.annotate.engines import ENGINES, cut_with
from textmine.atomic import write_file

HERE = Path(__file__).resolve().parent
ROUNDS = 5
HAN = re.compile(r"[\u4e00-\u9fd5]+")


def main() -> None:
    """Measure and write the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("file", nargs="?")
    options.add_argument("--megabytes", type=float, default=1.0)
    chosen = options.parse_args()
    reports = textmine.load_corpus(chosen.file)
    texts = [paragraph.text for report in reports if report.edition.lang == "zh" for paragraph in report.paragraphs]
    size = sum(len(text.encode()) for text in texts)
    texts *= max(1, round(chosen.megabytes * 1e6 / size))
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    runs = [HAN.findall(text) for text in texts]
    run_megabytes = sum(len(run.encode()) for found in runs for run in found) / 1e6

    engines = {name: cut_with(name) for name in ENGINES}
    segmenters = {name: textmine.Segmenter(engine=name) for name in ENGINES}
    rows = [
        _compare("Han runs alone", engines, runs, run_megabytes),
        _compare(
            "whole segmenter (terms, offsets, sentences, norms)",
            {name: partial(segmenter.cut, lang="zh") for name, segmenter in segmenters.items()},
            texts,
            megabytes,
        ),
    ]

    source = "A/66/64-E/2011/77" if chosen.file else "built-in sample"
    lines = [
        "# Segmentation: rjieba against jieba",
        "",
        "`python benchmarks/segmentation.py [FILE]`; "
        f"text: {source}, Chinese, repeated to {megabytes:.1f} MB; {ROUNDS} rounds, engines in turn; "
        f"Python {platform.python_version()}, {platform.machine()}. MB/s vary with the machine: read the ratio.",
        "",
        "| job | rjieba MB/s | jieba MB/s | ratio, median (range) | tokens | paragraphs that differ |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
    ]
    write_file(HERE / "segmentation.md", lambda path: path.write_text("\n".join(lines), encoding="utf-8"))
    print("\n".join(lines))


def _compare(name: str, cutters: dict[str, Callable[[Any], list[Any]]], texts: Sequence[Any], megabytes: float) -> str:
    """Time both engines on the same texts, token lists dropped as they come, and compare the tokens apart from that."""
    n_tokens, differ = 0, 0
    for text in texts:
        mine, theirs = (cutters[engine](text) for engine in ENGINES)
        n_tokens += len(mine)
        differ += mine != theirs
    seconds: dict[str, list[float]] = {engine: [] for engine in ENGINES}
    for _ in range(ROUNDS):
        for engine in ENGINES:
            job = partial(_drain, cutters[engine], texts)
            seconds[engine].append(timeit.timeit(job, number=1))  # garbage collection is off while it runs
    ratios = [slow / quick for quick, slow in zip(seconds["rjieba"], seconds["jieba"], strict=True)]
    speeds = {engine: megabytes / statistics.median(values) for engine, values in seconds.items()}
    return (
        f"| {name} | {speeds['rjieba']:.2f} | {speeds['jieba']:.2f} | {statistics.median(ratios):.1f} "
        f"({min(ratios):.1f}-{max(ratios):.1f}) | {n_tokens:,} | {differ} |"
    )


def _drain(cut: Callable[[Any], list[Any]], texts: Sequence[Any]) -> None:
    for text in texts:
        cut(text)


if __name__ == "__main__":
    main()
