"""How quickly the exploration opens and answers: the sample, and the sample's editions repeated to 100,000 paragraphs.

    OMP_NUM_THREADS=1 POLARS_MAX_THREADS=2 python benchmarks/explore.py [--times 1,77]

Each size runs in a process of its own, imports included in its opening, and benchmarks/explore.md is written. Times are
those of the model behind the widget; what a browser draws of it is a page of rows (``PAGE``, ``LIMIT``), whatever the
corpus. The copies of an edition's paragraphs are numbered on.
"""

import argparse
import multiprocessing
import os
import platform
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
REPEATS = 5
BAR_MS, BAR_OPEN = 200, 3.0


class Timed(NamedTuple):
    """Milliseconds of each try by the clock, and the least of the processor."""

    wall: list[float]
    processor: float


class Measured(NamedTuple):
    """Of one size: paragraphs, opening (seconds by the clock and of the processor), controls, largest memory in MB."""

    paragraphs: int
    opening: tuple[float, float]
    controls: dict[str, Timed]
    megabytes: float


def repeat_reports(reports: list[Any], times: int) -> list[Any]:
    """Return reports whose paragraphs come so many times, numbered on."""
    longer = []
    for report in reports:
        most = max(paragraph.number for paragraph in report.paragraphs)
        copies = [replace(item, number=item.number + i * most) for i in range(times) for item in report.paragraphs]
        longer.append(replace(report, paragraphs=tuple(copies)))
    return longer


def open_study(times: int) -> Any:
    """Open the sample, or as ``open_study`` does, its longer likeness."""
    import textmine

    if times == 1:
        return textmine.open_study("sample")
    from textmine.annotate.annotate import annotate_on_demand

    reports = repeat_reports(textmine.load_corpus("sample"), times)
    return textmine.Study(annotate_on_demand(reports), textmine.load_taxonomy(), name="repeated", reports=reports)


def iterate_controls(look: Any) -> Iterator[tuple[str, Callable[[], object], int]]:
    """Yield the controls, what each does and how often it is tried: once where the second time is no first one."""
    concepts, regions = iter(look.concepts("trend")[1:]), iter(look.concepts("region"))
    lines, schemes = iter(look.concepts("action_line")), iter([name for name in look.schemes if name != "trend"])
    years = [(2008, 2012), (2013, 2018), (2010, 2025), (2009, 2024), (2011, 2020)]
    turn, spans = iter(years), iter((range(2008, 2009 + i), range(2020, 2026)) for i in range(2 * REPEATS))
    whole = {"years": (2008, 2025), "langs": ["zh", "en"]}
    yield "first trend", lambda: look.choose(concepts=["cloud"]).trend(), 1
    yield "another concept", lambda: look.choose(concepts=[next(concepts)]).trend(), REPEATS
    yield "other years", lambda: look.choose(years=next(turn)).trend(), REPEATS
    yield "one language", lambda: look.choose(langs=["zh"]).trend(), REPEATS
    yield "back to what was shown", lambda: look.choose(**whole).trend(), REPEATS
    yield "another scheme", lambda: look.choose(scheme=next(schemes)).trend(), min(REPEATS, len(look.schemes) - 1)
    yield (
        "another region",
        lambda: look.choose(scheme="trend", concepts=["cloud"], region=next(regions)).trend(),
        REPEATS,
    )
    yield "another action line", lambda: look.choose(region=None, action_line=next(lines)).trend(), REPEATS
    yield "click a point", lambda: look.choose(action_line=None, **whole).paragraphs("cloud", 2011), REPEATS
    yield "search, plain", lambda: look.concordance("云计算"), REPEATS
    yield "search, regular expression", lambda: look.concordance("cloud (computing|services)", regex=True), REPEATS
    yield "forms of a concept", lambda: look.concordance(concept="cloud"), REPEATS
    yield "cutting the words (aside)", lambda: look.study.tables["tokens"], 1
    yield "finding what is recycled (aside)", lambda: look.study.reuse, 1
    yield "compare two spans, the first time (aside)", lambda: look.compare(range(2008, 2010), range(2012, 2014)), 1
    yield "compare two other spans", lambda: look.compare(*next(spans)), REPEATS
    yield "without what is recycled, the first time", lambda: look.choose(reuse="drop").trend(), 1
    again = iter(look.concepts("trend")[1:])
    yield "another concept, recycled left out", lambda: look.choose(concepts=[next(again)]).trend(), REPEATS


def measure(times: int) -> Measured:
    """Time one size; to be called in a fresh process."""
    start, processor = time.perf_counter(), time.process_time()
    study = open_study(times)
    from textmine.publish.explore.exploration import Exploration

    look = Exploration(study).choose(concepts=["cloud"])
    opening = time.perf_counter() - start, time.process_time() - processor
    controls = {}
    for name, act, tries in iterate_controls(look):
        both = [_clock(act) for _ in range(tries)]
        controls[name] = Timed([wall for wall, _ in both], min(processor for _, processor in both))
        print(study.paragraphs.height, name, f"{statistics.median(controls[name].wall):.0f} ms", flush=True)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    return Measured(study.paragraphs.height, opening, controls, megabytes)


def _clock(act: Callable[[], object]) -> tuple[float, float]:
    start, processor = time.perf_counter(), time.process_time()
    act()
    return 1000 * (time.perf_counter() - start), 1000 * (time.process_time() - processor)


def write_table(sizes: list[Measured], times: str) -> None:
    """Write benchmarks/explore.md."""
    load = os.getloadavg()[0]
    lines = [
        "# How quickly the exploration answers",
        "",
        f"`OMP_NUM_THREADS=1 POLARS_MAX_THREADS=2 python benchmarks/explore.py --times {times}`; Python "
        f"{platform.python_version()}, {os.cpu_count()} processors, load average at the end {load:.1f}. Median of "
        f"{REPEATS} tries by the clock, in brackets the longest; then milliseconds of the processor, the least. Times "
        "are those of the model behind the widget, without the browser. *Aside*: in a thread of its own, so that the "
        "other controls answer meanwhile; on the sample it is begun once the widget is shown.",
        "",
        "| | " + " | ".join(f"{size.paragraphs:,} paragraphs" for size in sizes) + " |",
        "|---|" + "---:|" * len(sizes),
        "| opening, imports included | "
        + " | ".join(f"{size.opening[0]:.1f} s; {size.opening[1]:.1f} s" for size in sizes)
        + " |",
        *(
            f"| {name} | "
            + " | ".join(
                f"{statistics.median(timed.wall):,.0f} ({max(timed.wall):,.0f}) ms; {timed.processor:,.0f}"
                for timed in (size.controls[name] for size in sizes)
            )
            + " |"
            for name in sizes[0].controls
        ),
        "| largest memory of the process | " + " | ".join(f"{size.megabytes:,.0f} MB" for size in sizes) + " |",
        "",
        *_judge(sizes[0]),
    ]
    (HERE / "explore.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _judge(sample: Measured) -> Iterator[str]:
    over = [
        name
        for name, timed in sample.controls.items()
        if "aside" not in name and statistics.median(timed.wall) > BAR_MS
    ]
    verdict = f"not met by {', '.join(over)}" if over else "met by all"
    yield f"- On {sample.paragraphs:,} paragraphs, any control within {BAR_MS} ms (median by the clock): {verdict}."
    met = "met" if sample.opening[0] < BAR_OPEN else "not met"
    yield f"- On {sample.paragraphs:,} paragraphs, open in under {BAR_OPEN:.0f} s (by the clock): {met}."


def main() -> None:
    """Measure the sizes, each in a fresh process, and write the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument(
        "--times", default="1,77", help="how often the editions come, by commas (default: %(default)s)"
    )
    times = options.parse_args().times
    context = multiprocessing.get_context("spawn")
    sizes = []
    for size in times.split(","):
        with context.Pool(1) as pool:
            sizes.append(pool.apply(measure, (int(size),)))
    write_table(sizes, times)


if __name__ == "__main__":
    main()
