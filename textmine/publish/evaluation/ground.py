"""What annotation is measured on, and how a finding is written down."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import polars as pl

from textmine.annotate.annotate import annotate_reports
from textmine.annotate.corrections import BY_READER, Correction, apply_corrections
from textmine.annotate.line_model import LAST_DEVELOPMENT_YEAR
from textmine.annotate.match import Matcher, default_matcher
from textmine.errors import ContractError
from textmine.publish.corrected import read_verdicts
from textmine.publish.study import open_study
from textmine.reports.corpus import choose_corpus, load_corpus
from textmine.reports.model import Report
from textmine.reports.read import read_report

DEVELOPMENT = f"to {LAST_DEVELOPMENT_YEAR}"
HELD_OUT = f"from {LAST_DEVELOPMENT_YEAR + 1}"
#: The edition whose official text has labels.
OFFICIAL_YEAR, OFFICIAL_LANG = 2011, "zh"
SAMPLE = "sample"

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


class Judged(NamedTuple):
    """A reader's verdicts on the tags of a corpus, and the tags of it as the tagger makes them."""

    corpus: str
    verdicts: list[Correction]
    tags: pl.DataFrame


@dataclass(frozen=True)
class Ground:
    """The sample, and the official edition of 2011 where it is at hand, both annotated; verdicts where there are."""

    sample: Sequence[Report]
    tables: Mapping[str, pl.DataFrame]
    official: Report | None
    official_tables: Mapping[str, pl.DataFrame] | None
    matcher: Matcher
    judged: Judged | None = None

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
        """Tags of the sample that the text itself gives: to the tagger, or to the reader whose verdicts there are."""
        tags = self.tables["tags"]
        if self.judged is not None and self.judged.corpus == SAMPLE:
            tags = apply_corrections(tags, self.judged.verdicts)
        return tags.with_columns(pl.col("evidence").replace(BY_READER, "text")).filter(evidence="text")


def open_ground(
    official: Path | None = None, *, corrections: Path | None = None, corpus: str | None = None, say: Say
) -> Ground:
    """Read and annotate the texts.

    Parameters
    ----------
    official : Path, optional
        The official Chinese text of 2011.
    corrections : Path, optional
        A reader's verdicts on tags.
    corpus : str, optional
        Whose texts they are on, as in :func:`textmine.publish.study.open_study`.
    say : callable
        Called with what is being done.

    Raises
    ------
    ContractError
        When the official text isn't the Chinese one of 2011, or no verdict is on a text of the corpus.
    """
    matcher = default_matcher()
    report = None if official is None else _read_official(official)
    say("reading the sample")
    sample = load_corpus("sample")
    tables = annotate_reports(sample, matcher=matcher, progress=lambda edition: say(f"annotating {edition}"))
    judged = (
        None if corrections is None else _read_judged(corrections, str(choose_corpus(corpus)), tables, matcher, say)
    )
    official_tables = None if report is None else annotate_reports([report], matcher=matcher)
    return Ground(sample, tables, report, official_tables, matcher, judged)


def _read_judged(
    corrections: Path, corpus: str, sample: Mapping[str, pl.DataFrame], matcher: Matcher, say: Say
) -> Judged:
    tables = sample if corpus == SAMPLE else open_study(corpus, progress=say).tables
    verdicts = read_verdicts(tables, corrections, matcher.taxonomy)
    if not verdicts:
        raise ContractError(f"{corrections}: no verdict is on a text of {corpus}; name their corpus with --corpus")
    return Judged(corpus, verdicts, tables["tags"])


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
