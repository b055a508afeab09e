"""What every measure costs: processor time, memory, growth, and the same beside other libraries.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 RAYON_NUM_THREADS=1 POLARS_MAX_THREADS=1 \
        python benchmarks/measures.py [--sizes 1000,10000,100000] [--jobs "keyness;breaks"]

The corpus is simulated (benchmarks/measures_corpus.py). Each job runs in a process of its own. Rows are kept in
benchmarks/measures.csv as they come, and a job that has its row there isn't run again: a run that was stopped goes on
where it was; delete rows to measure them anew. benchmarks/measures.md is made of the rows.
"""

import argparse
import csv
import multiprocessing
import os
import re
import time
from pathlib import Path
from typing import NamedTuple

from measures_corpus import Corpus
from measures_jobs import JOBS, Job
from measures_table import write_tables

HERE = Path(__file__).resolve().parent
ROWS = HERE / "measures.csv"
COLUMNS = ("job", "paragraphs", "seconds", "megabytes", "before", "found")
#: Seconds of the processor vary with what else the machine does: a job that takes less than so many is run three times.
SHORT = 3.0


class Measured(NamedTuple):
    """Seconds of the processor; MB at most, and before the job began; what was found."""

    seconds: float
    megabytes: float
    before: float
    found: str


def main() -> None:
    """Run what has no row yet, and write the tables."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sizes", default="1000,10000,100000", help="paragraphs, by commas")
    options.add_argument("--jobs", default=";".join(JOBS), help="some of them, by semicolons")
    chosen = options.parse_args()
    os.environ["PYTHONPATH"] = os.pathsep.join((str(HERE), os.environ.get("PYTHONPATH", ""))).rstrip(os.pathsep)
    rows = read_rows()
    for n in (int(size) for size in chosen.sizes.split(",")):
        for name in chosen.jobs.split(";"):
            job = JOBS[name]
            if (name, n) in rows or not job.least <= n <= job.most:
                continue
            rows |= read_rows()  # of another process
            rows[name, n] = _measure(name, n)
            print(name, n, *rows[name, n], flush=True)
            _append(name, n, rows[name, n])
            write_tables(rows)
    write_tables(rows)


def read_rows() -> dict[tuple[str, int], Measured]:
    """Return what is measured already."""
    if not ROWS.exists():
        return {}
    with ROWS.open(encoding="utf-8", newline="") as file:
        return {
            (row["job"], int(row["paragraphs"])): Measured(
                float(row["seconds"]), float(row["megabytes"]), float(row["before"]), row["found"]
            )
            for row in csv.DictReader(file)
        }


def _append(name: str, n: int, measured: Measured) -> None:
    new = not ROWS.exists()
    with ROWS.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if new:
            writer.writerow(COLUMNS)
        cells = (f"{measured.seconds:.4f}", f"{measured.megabytes:.0f}", f"{measured.before:.0f}", measured.found)
        writer.writerow((name, n, *cells))


def _measure(name: str, n: int) -> Measured:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["measures_jobs"])  # imported once; nothing is computed there
    with context.Pool(1) as pool:
        measured: Measured = pool.apply(_time_one, (name, n))
    return measured


def _time_one(name: str, n: int) -> Measured:
    job: Job = JOBS[name]
    corpus = Corpus(n, n_concepts=job.n_concepts)
    job.needs(corpus)
    before = _megabytes("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the peak of what made the corpus
    seconds, result, peak = [], None, 0.0
    while not seconds or (seconds[0] < SHORT and len(seconds) < 3):
        start = time.process_time()
        result = job.run(corpus)
        seconds.append(time.process_time() - start)
        peak = peak or _megabytes("VmHWM")
    return Measured(min(seconds), peak, before, job.tell(corpus, result))


def _megabytes(name: str) -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(rf"{name}:\s+(\d+) kB", status)
    return int(found[1]) / 1e3 if found else 0.0


if __name__ == "__main__":
    main()
