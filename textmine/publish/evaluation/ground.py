"""What annotation is measured on, and how a finding is written down."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import polars as pl

from textmine.annotate.annotate import annotate_reports
from textmine.annotate.line_model import LAST_DEVELOPMENT_YEAR
from textmine.annotate.match import Matcher, default_matcher
from textmine.errors import ContractError
from textmine.reports.corpus import load_corpus
from textmine.reports.model import Report
from textmine.reports.read import read_report

DEVELOPMENT = f"to {LAST_DEVELOPMENT_YEAR}"
HELD_OUT = f"from {LAST_DEVELOPMENT_YEAR + 1}"
#: The edition whose official text has labels.
OFFICIAL_YEAR, OFFICIAL_LANG = 2011, "zh"

Say = Callable[[str], None]


class Finding(NamedTuple):
    """A figure beside the bar it must reach; ``met`` is None where no bar is set for these texts."""

    what: str
    texts: str
    figure: str
    needed: str = ""
    met: bool | None = None


class Part(NamedTuple):
    """Findings on one thing, and the lines of Markdown that stand below their table."""

    title: str
    findings: list[Finding]
    lines: list[str]


@dataclass(frozen=True)
class Ground:
    """The sample, and the official edition of 2011 where it is at hand, both annotated."""

    sample: Sequence[Report]
    tables: Mapping[str, pl.DataFrame]
    official: Report | None
    official_tables: Mapping[str, pl.DataFrame] | None
    matcher: Matcher

    def periods(self) -> Iterator[tuple[str, list[Report], pl.Expr]]:
        """Yield the name of each period, its reports, and what keeps its rows of a table."""
        edition = pl.col("edition")
        for name, rows in (
            (DEVELOPMENT, edition <= LAST_DEVELOPMENT_YEAR),
            (HELD_OUT, edition > LAST_DEVELOPMENT_YEAR),
        ):
            held_out = name == HELD_OUT
            yield name, [item for item in self.sample if (item.edition.year > LAST_DEVELOPMENT_YEAR) == held_out], rows

    @cached_property
    def text_tags(self) -> pl.DataFrame:
        """Tags of the sample that the text itself gives."""
        return self.tables["tags"].filter(pl.col("evidence") == "text")


def open_ground(official: Path | None = None, *, say: Say) -> Ground:
    """Read and annotate the texts.

    Raises
    ------
    ContractError
        When the official text isn't the Chinese one of 2011.
    """
    matcher = default_matcher()
    report = None if official is None else _read_official(official)
    say("reading the sample")
    sample = load_corpus("sample")
    tables = annotate_reports(sample, matcher=matcher, progress=lambda edition: say(f"annotating {edition}"))
    if report is None:
        return Ground(sample, tables, None, None, matcher)
    return Ground(sample, tables, report, annotate_reports([report], matcher=matcher), matcher)


def _read_official(path: Path) -> Report:
    """Read the official text before any long work, and make sure that it is the one with labels."""
    report = read_report(path)
    if (report.edition.year, report.edition.lang) != (OFFICIAL_YEAR, OFFICIAL_LANG):
        raise ContractError(
            f"{path}: edition {report.edition.year} [{report.edition.lang}]; labels are of the official "
            f"{OFFICIAL_YEAR} [{OFFICIAL_LANG}] text"
        )
    return report


def bounded(value: float, low: float, high: float) -> str:
    """Write a figure with its interval.

    Examples
    --------
    >>> bounded(0.9, 0.8512, 1)
    '0.900 [0.851, 1.000]'
    """
    return f"{value:.3f} [{low:.3f}, {high:.3f}]"
