"""Quantities: our rules against kept libraries, on the 2011 edition and on the sample.

    python benchmarks/quantities.py FILE

FILE: the official Chinese text of 2011, whose figures ``corpus/gold/2011.zh.quantity.csv`` lists: recall and precision
of (paragraph, value). Sample: share of paragraphs whose values are the same in both languages; years to 2018 are those
the rules were made on, later ones were held out. The libraries are no dependencies of textmine: install
``ms-recognizers-text-number`` and ``quantulum3`` beside it, or their rows say that they are missing.
Results go to benchmarks/quantities.md.
"""

import argparse
import importlib
import platform
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import textmine
from textmine.annotate.number_reading import fold_digits
from textmine.annotate.rates import Rates
from textmine.annotate.references import counts_by_its_neighbours, is_year, names_something
from textmine.atomic import write_file
from textmine.measure.quantity_score import QuantityReader, read_values, score_twins, score_values

HERE = Path(__file__).resolve().parent
FIRST_HELD_OUT = 2019
#: Spelled-out numbers up to this one count only where they are a statistic (corpus/gold/GUIDE.md).
SMALL = 10


def make_recognizers(*, filtered: bool) -> QuantityReader:
    """Return a reader of Microsoft's recognizers; ``filtered``: without what our rules call references."""
    package: Any = importlib.import_module("ms_recognizers_number")
    cultures = {"zh": package.Culture.Chinese, "en": package.Culture.English}

    def read(text: str, lang: str) -> list[float]:
        found = package.recognize_number(text, cultures[lang])
        numbers = [(item.start, item.end + 1, item.resolution["value"]) for item in found if item.resolution]
        values = [(start, end, float(value)) for start, end, value in numbers if _is_number(value)]
        return [value for _, _, value in (_without_references(text, values) if filtered else values)]

    return read


def make_quantulum() -> QuantityReader:
    """Return a reader of quantulum3: English only; for Chinese it gives what its rules make of digits.

    Without its classifier of units, a pickled model: no code comes out of data here.
    """
    importlib.import_module("quantulum3.classifier").USE_CLF = False  # type: ignore[attr-defined]
    parser: Any = importlib.import_module("quantulum3.parser")
    return lambda text, _lang: [quantity.value for quantity in parser.parse(text)]


def _is_number(value: str | None) -> bool:
    try:
        return value is not None and abs(float(value)) < 1e18
    except ValueError:
        return False


def _without_references(text: str, numbers: list[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
    folded = fold_digits(text)
    rates = Rates(folded)
    kept = []
    for start, end, value in numbers:
        year = is_year(value, folded[start:end]) and not counts_by_its_neighbours(folded, start, end)
        small = value <= SMALL and not any(character.isdigit() for character in folded[start:end]) and value >= 1
        if not (year or small or names_something(text, folded, start, end) or rates.is_base(start)):
            kept.append((start, end, value))
    return kept


def score_gold(read: QuantityReader, path: str) -> tuple[float, float, float]:
    """Return recall, precision and seconds on the 2011 edition."""
    labels, report = textmine.load_labels("2011.zh.quantity"), textmine.read_report(path)
    started = time.perf_counter()
    score = score_values([report], labels, read)
    return score.recall, score.precision, time.perf_counter() - started


def main() -> None:
    """Measure and write the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("file")
    chosen = options.parse_args()
    sample = textmine.load_corpus("sample")
    warnings.simplefilter("ignore")  # the libraries' own
    readers: dict[str, Callable[[], QuantityReader]] = {
        "textmine": lambda: read_values,
        "ms-recognizers-text-number, all numbers": lambda: make_recognizers(filtered=False),
        "ms-recognizers-text-number, our references left out": lambda: make_recognizers(filtered=True),
        "quantulum3": make_quantulum,
    }
    rows = [
        "| reader | 2011: recall | precision | seconds | sample to 2018: same values | of those with figures "
        f"| sample from {FIRST_HELD_OUT}: same values | of those with figures |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, make in readers.items():
        try:
            read = make()
        except ImportError:
            rows.append(f"| {name} | not installed | | | | | | |")
            continue
        recall, precision, seconds = score_gold(read, chosen.file)
        shares = []
        for held_out in (False, True):
            chosen_reports = [item for item in sample if (item.edition.year >= FIRST_HELD_OUT) == held_out]
            same, n_all, same_with, n_with = score_twins(chosen_reports, read)
            shares += [f"{same / n_all:.3f} ({same}/{n_all})", f"{same_with / n_with:.3f} ({same_with}/{n_with})"]
        rows.append(f"| {name} | {recall:.3f} | {precision:.3f} | {seconds:.2f} | {' | '.join(shares)} |")
    lines = [
        "# Quantities: our rules against kept libraries",
        "",
        f"`python benchmarks/quantities.py FILE`; Python {platform.python_version()}, {platform.machine()}. 2011: "
        "(paragraph, value) against corpus/gold/2011.zh.quantity.csv, the Chinese official text; one reader made the "
        "list, by reading, before the rules. Sample: paragraphs whose multiset of values is the same in zh and en. "
        "The rules were made on the years to 2018 and on the 2011 edition; the later years were not looked at.",
        "",
        *rows,
        "",
        "Of what the readers get wrong (looked at on the 2011 edition and the years to 2018 only): the recognizers "
        "find digits and scales as well as the rules, but read years, dates, ordinals, bases of rates and the numbers "
        "of paragraphs and resolutions as figures too. With our references left out they still read sixty-second as "
        "60, digits inside names (KN4DC, i4d) and symbols split at a slash (2009/2010, A/65/64) as fractions, and miss "
        "翻一番, twice and three people in four. quantulum3 reads no Chinese scale, and its classifier of units is a "
        "pickled model, which we don't load. So textmine keeps rules of its own and no further dependency.",
        "",
    ]
    write_file(HERE / "quantities.md", lambda path: path.write_text("\n".join(lines), encoding="utf-8"))
    print("\n".join(rows))


if __name__ == "__main__":
    main()
