"""How quickly the exploration answers: each control of the widget on the sample, and on the sample repeated.

Run: ``python benchmarks/explore.py [times]`` prints the table kept in explore.md; ``times`` repeats the editions (78
makes about 100,000 paragraphs) as a study of tables without reports.
"""

import statistics
import sys
import time
from collections.abc import Callable

import polars as pl

import textmine
from textmine.publish.explore.exploration import Exploration

REPEATS = 5
BAR = 200


def clock(act: Callable[[], object]) -> float:
    """Return the milliseconds that something takes."""
    start = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - start)


def repeat_study(study: textmine.Study, times: int) -> textmine.Study:
    """Return the tables with every edition as many times, paragraphs numbered on."""
    most = study.paragraphs["number"].max()
    tables = {}
    for name in ("paragraphs", "tags", "tokens"):
        number = "number" if name == "paragraphs" else "paragraph"
        frame = study.tables[name]
        tables[name] = pl.concat([frame.with_columns((pl.col(number) + i * most).cast(pl.Int32)) for i in range(times)])
    return textmine.Study(tables, study.taxonomy, name="repeated")


def main() -> None:
    """Print the table."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    opening = clock(lambda: textmine.open_study("sample")) / 1000
    again = clock(lambda: textmine.open_study("sample")) / 1000
    study = textmine.open_study("sample")
    if times > 1:
        study = repeat_study(study, times)
    look = Exploration(study).choose(concepts=["cloud"])
    look.trend()
    others = iter(look.concepts("trend"))
    years = (2008, 2012), (2013, 2018), (2010, 2025), (2009, 2024), (2011, 2020)
    turn = iter(years)
    spans = iter((range(2008, 2009 + i), range(2020, 2026)) for i in range(REPEATS))
    jobs: dict[str, Callable[[], object]] = {
        "another concept": lambda: look.choose(concepts=[next(others)]).trend(),
        "other years": lambda: look.choose(years=next(turn)).trend(),
        "one language": lambda: look.choose(langs=["zh"]).trend(),
        "back to what was shown": lambda: look.choose(langs=["zh", "en"], years=years[0]).trend(),
        "search, plain": lambda: look.concordance("云计算"),
        "search, regular expression": lambda: look.concordance("cloud (computing|services)", regex=True),
        "forms of a concept": lambda: look.concordance(concept="cloud"),
        "compare two spans": lambda: look.compare(*next(spans)),
    }
    if study.reports:
        jobs["click a point"] = lambda: look.choose(years=(2008, 2025)).paragraphs("cloud", 2011)
    print(f"opening the sample: {opening:.1f} s, again {again:.1f} s; {study.paragraphs.height} paragraphs\n")
    print(f"| control | median ms | largest ms | within {BAR} ms |\n| --- | ---: | ---: | --- |")
    for name, job in jobs.items():
        took = [clock(job) for _ in range(REPEATS)]
        median = statistics.median(took)
        print(f"| {name} | {median:.0f} | {max(took):.0f} | {'yes' if median <= BAR else 'no'} |")


if __name__ == "__main__":
    main()
