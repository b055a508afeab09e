"""The main job: reports in; tables, shares and figures out."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import polars as pl
from matplotlib.figure import Figure

from textmine.annotate.annotate import annotate_reports
from textmine.annotate.match import Matcher, default_matcher
from textmine.annotate.tag import ACTION_LINE
from textmine.annotate.taxonomy import Scheme
from textmine.atomic import check_folder, write_file
from textmine.errors import OutputError
from textmine.measure.prevalence import measure_shares
from textmine.publish.figure import save_figure
from textmine.publish.plot import draw_share_trends, draw_shares
from textmine.publish.tables import write_tables
from textmine.publish.words import name_corpora, word
from textmine.reports.model import Report
from textmine.schema import LANGUAGES

#: Schemes that are drawn, and which evidence counts in the figure.
DRAWN = {"trend": "any", ACTION_LINE: "heading"}
_FIGURE = re.compile(
    rf"(?:{'|'.join(map(re.escape, DRAWN))})-(?:\d{{4}}|series)-(?:{'|'.join(LANGUAGES)})\.(?:pdf|svg|png|csv)"
)


@dataclass(frozen=True, slots=True)
class RunSettings:
    """Options of a run: see :func:`run_analysis`."""

    csv: bool = False
    engine: str = "rjieba"
    confidence: float = 0.95
    n_resamples: int = 2000
    seed: int = 0


class _Drawn(NamedTuple):
    """A figure, the name of its files, and what it shows."""

    name: str
    figure: Figure
    data: pl.DataFrame


def run_analysis(
    reports: Sequence[Report],
    out: str | Path,
    *,
    settings: RunSettings | None = None,
    matcher: Matcher | None = None,
    progress: Callable[[str], None] | None = None,
) -> dict[str, pl.DataFrame]:
    """Annotate reports, measure shares, write tables and figures.

    Figures of an earlier run that this one doesn't draw again are removed, and CSV tables where none is asked for.

    Parameters
    ----------
    reports : sequence of Report
        At least one.
    out : str or Path
        Folder for ``tables/``, ``figures/`` and ``run.json`` (which sources, taxonomy, version and options).
    settings : RunSettings, optional
        CSV beside Parquet, the engine that cuts Chinese, confidence, resamples and seed of the intervals.
    matcher : Matcher, optional
        Of a taxonomy of one's own.
    progress : callable, optional
        Called with what is being done.

    Returns
    -------
    dict of str to polars.DataFrame
        The tables written, by name.

    Raises
    ------
    OutputError
        When the folder can't be written to; nothing is half-written.
    """
    settings = settings or RunSettings()
    matcher = matcher if matcher is not None else default_matcher()
    say = progress or (lambda _: None)
    out = check_folder(out)
    tables = annotate_reports(
        reports, matcher=matcher, engine=settings.engine, progress=lambda edition: say(f"annotating {edition}")
    )
    say("measuring")
    tables["shares"] = _measure_all(tables, matcher, settings)
    say("writing tables")
    write_tables(tables, out / "tables", csv=settings.csv)
    written = set()
    for drawn in _draw_all(tables["shares"], matcher, reports):
        say(f"drawing {drawn.name}")
        written.update(save_figure(drawn.figure, drawn.data, out / "figures" / drawn.name))
    _remove_earlier(out, written, tables=() if settings.csv else sorted(tables))
    record = _provenance(reports, matcher, settings)
    write_file(out / "run.json", lambda path: path.write_bytes(record.encode("utf-8", "backslashreplace")))
    return tables


def _remove_earlier(out: Path, written: set[Path], *, tables: Sequence[str]) -> None:
    """Remove what an earlier run wrote and this one didn't: its record would not know them.

    Only files with the names that a run gives go: its figures, and CSV beside the Parquet of `tables`.
    """
    stale = [path for path in (out / "figures").glob("*") if _FIGURE.fullmatch(path.name) and path not in written]
    stale += [path for name in tables if (path := out / "tables" / f"{name}.csv").is_file()]
    for path in stale:
        try:
            path.unlink()
        except OSError as error:
            raise OutputError(f"{path}: of an earlier run, and can't be removed ({error.strerror or error})") from error


def _measure_all(tables: dict[str, pl.DataFrame], matcher: Matcher, settings: RunSettings) -> pl.DataFrame:
    return pl.concat(
        measure_shares(
            tables["paragraphs"],
            tables["tags"],
            scheme=scheme.name,
            evidence=evidence,
            parents=scheme.parents,
            confidence=settings.confidence,
            n_resamples=settings.n_resamples,
            seed=settings.seed,
        )
        for scheme in matcher.taxonomy.schemes
        for evidence in (("any", "text", "heading") if scheme.heading_evidence else ("any",))
    )


def _draw_all(shares: pl.DataFrame, matcher: Matcher, reports: Sequence[Report]) -> Iterator[_Drawn]:
    """Draw the latest edition at a glance and, where there are several, the series; each in both languages."""
    taxonomy = matcher.taxonomy
    for scheme in (scheme for scheme in taxonomy.schemes if scheme.name in DRAWN):
        drawn = shares.filter((pl.col("scheme") == scheme.name) & (pl.col("evidence") == DRAWN[scheme.name]))
        occurring = set(drawn.filter(pl.col("n_tagged") > 0)["concept"])
        concepts = [concept.id for concept in scheme.concepts if concept.id in occurring]
        if not concepts:
            continue
        latest = max(reports, key=lambda report: (report.edition.year, report.edition.lang))  # zh after en
        one = drawn.filter(
            (pl.col("edition") == latest.edition.year)
            & (pl.col("lang") == latest.edition.lang)
            & (pl.col("n_tagged") > 0)
        )
        series = drawn.filter(pl.col("concept").is_in(concepts))
        for lang in LANGUAGES:
            labels = figure_labels(scheme, lang)
            if one.height:
                figure = draw_shares(one, labels=labels, title=_title(scheme.name, lang, [latest]), lang=lang)
                yield _Drawn(f"{scheme.name}-{latest.edition.year}-{lang}", figure, one)
            if series["edition"].n_unique() > 1:
                figure = draw_share_trends(
                    series, concepts=concepts, labels=labels, title=_title(scheme.name, lang, reports), lang=lang
                )
                yield _Drawn(f"{scheme.name}-series-{lang}", figure, series)


def figure_labels(scheme: Scheme, lang: str) -> dict[str, str]:
    """Return what figures write for each concept of a scheme; an action line is led by its code.

    Examples
    --------
    >>> from textmine.annotate.taxonomy import load_taxonomy
    >>> figure_labels(load_taxonomy().scheme("action_line"), "en")["C3"]
    'C3 Access to knowledge'
    """
    labels = {}
    for concept in scheme.concepts:
        label = concept.short_labels[lang]
        label = label[:1].upper() + label[1:]
        labels[concept.id] = f"{concept.id.split('.')[0]} {label}" if scheme.name == ACTION_LINE else label
    return labels


def _title(scheme: str, lang: str, reports: Sequence[Report]) -> str:
    """Say what a figure shows and of what: one edition by its symbol, or the corpus."""
    comma = ", " if lang == "en" else "，"
    parts = [word(scheme, lang)]
    if len(reports) == 1:
        edition = reports[0].edition
        parts += [str(edition.year), edition.symbol, word(f"text_{edition.lang}", lang)]
    parts += name_corpora((report.edition.corpus for report in reports), lang)
    return comma.join(part for part in parts if part)


def _provenance(reports: Sequence[Report], matcher: Matcher, settings: RunSettings) -> str:
    record = {
        "textmine": version("textmine"),
        "corpus": sorted({report.edition.corpus for report in reports}),
        "taxonomy_sha256": matcher.taxonomy.sha256,
        "settings": {name: getattr(settings, name) for name in RunSettings.__slots__},
        "sources": [
            {
                "edition": report.edition.year,
                "lang": report.edition.lang,
                "symbol": report.edition.symbol,
                "corpus": report.edition.corpus,
                "file": report.source.name,
                "sha256": report.source.sha256,
                "encoding": report.source.encoding,
                "warnings": [str(warning) for warning in report.warnings],
            }
            for report in reports
        ],
    }
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"
