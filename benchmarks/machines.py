"""The tables of every measure on other processors, posed as or emulated, compared with this machine's byte by byte.

``python benchmarks/machines.py OUT YEARS [NAME=COMMAND ...]`` runs ``tests/all_measures.py`` on the sample of some
years, such as 2010-2011, under other settings, and under each COMMAND in place of Python, and writes ``machines.md``.
Emulated runs take long: those that OUT has already aren't run again. With Debian's ``qemu-user`` a COMMAND is another
processor (without AVX, polars is that of ``polars[rtcompat]``), or, with that architecture's Python below a folder
ROOT and its wheels in SITE, another architecture:

    "Nehalem=env PYTHONPATH=RTCOMPAT qemu-x86_64 -cpu Nehalem .venv/bin/python"
    "aarch64=env PYTHONPATH=SITE qemu-aarch64 -L ROOT ROOT/usr/bin/python3.11"
"""

import itertools
import json
import os
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import polars as pl
from tabulate import tabulate

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "tests"))

from elsewhere import ELSEWHERE, OLDER_CPU  # noqa: E402

PROGRAM = ROOT / "tests" / "all_measures.py"
#: What the process found itself to be.
ABOUT = """
import json, platform
import numpy, polars, scipy.linalg, sklearn
from threadpoolctl import threadpool_info
print(json.dumps([
    platform.machine(), " ".join(numpy.show_config("dicts")["SIMD Extensions"].get("found", [])) or "none",
    " ".join(sorted({lib["architecture"] for lib in threadpool_info() if "architecture" in lib})),
    " ".join(platform.libc_ver()), platform.python_version(), numpy.__version__, polars.__version__,
]))
"""
HEADERS = (
    "run", "architecture", "numpy's vectors", "OpenBLAS kernel", "C library", "Python", "numpy", "polars",
    "columns that differ before rounding", "largest relative difference", "files", "files that differ as written",
)  # fmt: skip


class Setting(NamedTuple):
    """A way to run Python: what stands in its place, and what is added to the environment."""

    name: str
    command: list[str]
    environment: dict[str, str]


class Difference(NamedTuple):
    """How far two machines are apart in a column, before rounding."""

    table: str
    column: str
    n: int
    relative: float
    absolute: float


def list_settings(emulated: list[str]) -> list[Setting]:
    """Return what to run; the first is this machine as it is."""
    here = [sys.executable]
    settings = [
        Setting("this machine", here, {}),
        Setting("other seed, threads, locale, zone", here, ELSEWHERE),
        Setting("posing as an older CPU, and these", here, ELSEWHERE | OLDER_CPU),
    ]
    if "OPENBLAS_CORETYPE" not in os.environ:  # where it is set, other kernels may compute wrong results
        settings += [
            Setting(f"OpenBLAS for {kernel}", here, {"OPENBLAS_CORETYPE": kernel}) for kernel in ("Haswell", "Nehalem")
        ]
    for argument in emulated:
        name, _, command = argument.partition("=")
        settings.append(Setting(f"{name}, emulated", shlex.split(command), {}))
    return settings


def run(setting: Setting, arguments: list[str | Path]) -> str:
    """Run Python in a setting and return what it prints."""
    environment = os.environ | setting.environment
    done = subprocess.run(
        [*setting.command, *arguments], env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def measure(setting: Setting, out: Path, years: str) -> list[str]:
    """Write the tables of every measure in a setting, and return what the process found itself to be."""
    note = out / "about.json"
    if not note.is_file():
        about = run(setting, ["-W", "ignore", "-c", ABOUT])
        run(setting, ["-W", "ignore", PROGRAM, out / "tables", years])
        note.write_text(about, encoding="utf-8")
        print(f"{setting.name}: run", flush=True)
    found: list[str] = json.loads(note.read_text(encoding="utf-8"))
    return found


def compare_digits(here: Path, there: Path) -> list[Difference]:
    """Return the columns that differ; a table of another shape raises."""
    differences = []
    for path in sorted(here.glob("*.parquet")):
        mine, theirs = pl.read_parquet(path), pl.read_parquet(there / path.name)
        assert mine.shape == theirs.shape, path.name
        for column in mine.columns:
            one, other = mine[column], theirs[column]
            if one.equals(other, null_equal=True):
                continue
            assert one.dtype == pl.Float64, f"{path.stem}.{column} differs, and not by rounding"
            apart = (one - other).abs()
            differs = apart > 0
            relative = (apart / pl.select(pl.max_horizontal(one.abs(), other.abs())).to_series()).filter(differs)
            differences.append(
                Difference(path.stem, column, int(differs.sum()), float(relative.max()), float(apart.max()))
            )
    return differences


def compare_bytes(here: Path, there: Path) -> tuple[int, list[str]]:
    """Return how many files there are, and which differ."""
    names = sorted({path.name for folder in (here, there) for path in folder.iterdir() if path.is_file()})
    return len(names), [
        name
        for name in names
        if not ((here / name).is_file() and (there / name).is_file())
        or (here / name).read_bytes() != (there / name).read_bytes()
    ]


def main() -> None:
    """Run, compare, write."""
    out, years, *emulated = sys.argv[1:]
    settings = list_settings(emulated)
    folders = [Path(out).resolve() / setting.name for setting in settings]
    with ThreadPoolExecutor(2) as pool:
        abouts = list(pool.map(measure, settings, folders, itertools.repeat(years)))
    rows, details = [], []
    here, *_ = tables = [folder / "tables" for folder in folders]
    for setting, there, about in zip(settings, tables, abouts, strict=True):
        differences = compare_digits(here / "all-digits", there / "all-digits")
        n_files, different = compare_bytes(here, there)
        largest = f"{max(one.relative for one in differences):.0e}" if differences else ""
        rows.append([setting.name, *about, len(differences), largest, n_files, len(different)])
        details += [[setting.name, *one] for one in differences]
        print(f"{setting.name}: {len(differences)} columns differ; as written: {', '.join(different) or 'none'}")
    text = [
        "# Two machines, the same bytes",
        f"Every measure on the sample's editions of {years}: each run's tables beside those of the first.",
        tabulate(rows, HEADERS, tablefmt="github"),
        "## Columns that differ before rounding",
        tabulate(
            details,
            ("run", "table", "column", "values", "largest relative", "largest absolute difference"),
            tablefmt="github",
            floatfmt=".0e",
        ),
        "Made by `benchmarks/machines.py`. An emulated processor carries out each instruction of its own; one posed as"
        " has numpy, the C library or OpenBLAS take the code that they have for it.",
    ]
    (Path(__file__).with_suffix(".md")).write_text("\n\n".join(text) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
