"""What the simulations have in common: repeats, rates with their intervals, tables, the page they are written to."""

import argparse
import platform
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from textmine.atomic import write_file


def read_repeats(description: str | None, default: int) -> int:
    """Read the one option that simulations have."""
    options = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--repeats", type=int, default=default)
    repeats: int = options.parse_args().repeats
    return repeats


def write_simulation(
    script: str, repeats: int, title: str, about: str, tables: Iterable[Callable[[int], Iterable[str]]]
) -> None:
    """Simulate, and write the tables beside the script, each as soon as it is there."""
    path = Path(script).resolve()
    command = f"python benchmarks/{path.name} --repeats {repeats}"
    lines = [f"# {title}", "", f"{say_run(command)}. {about}"]
    for table in tables:
        lines.append("")
        for line in table(repeats):
            lines.append(line)
            print(line, flush=True)
        write_page(path.with_suffix(".md"), lines)


def say_run(command: str) -> str:
    """Say which command made a page, and on what."""
    return f"`{command}`; Python {platform.python_version()}, {platform.machine()}"


def write_page(path: Path, lines: Iterable[str]) -> None:
    """Write lines to a file, whole or not at all."""
    text = "\n".join([*lines, ""])
    write_file(path, lambda target: target.write_text(text, encoding="utf-8"))


def format_head(names: str) -> list[str]:
    """Return the two lines that a table begins with, from its columns' names with | between them."""
    columns = [name.strip() for name in names.split("|")]
    return [format_row(*columns), "|" + "---|" * len(columns)]


def format_row(*cells: object) -> str:
    """Return a line of a table."""
    return "|" + "".join(f" {cell} |" if cell != "" else " |" for cell in cells)


def format_rate(hits: Iterable[bool], *, to: str = "-") -> str:
    """Write a rate with its 95 % interval (Wilson 1927)."""
    values = np.asarray(list(hits), dtype=bool)
    return format_rate_of(int(values.sum()), len(values), to=to)


def format_rate_of(n_hits: int, n: int, *, to: str = "-") -> str:
    """Write the rate of so many hits among n with its 95 % interval (Wilson 1927)."""
    interval = stats.binomtest(n_hits, n).proportion_ci(method="wilson")
    return f"{n_hits / n:.1%} ({interval.low:.1%}{to}{interval.high:.1%})"


def repeat(job: Callable[..., Any], repeats: int, *options: Any) -> list[Any]:
    """Do a job for each seed, on all processors."""
    with ProcessPoolExecutor() as pool:
        return list(pool.map(partial(job, *options), range(repeats), chunksize=10))


def zipf(n_terms: int) -> np.ndarray:
    """Return shares of terms by Zipf's law."""
    shares = 1 / np.arange(1, n_terms + 1)
    return shares / shares.sum()
