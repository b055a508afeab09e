"""The main job: reports in; tables, shares and figures out."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from textmine.annotate.annotate import annotate_reports
from textmine.annotate.match import Matcher, default_matcher
from textmine.annotate.tag import ACTION_LINE
from textmine.atomic import check_folder, write_bytes
from textmine.errors import OutputError
from textmine.measure.prevalence import measure_shares
from textmine.publish.corrected import correct_tables
from textmine.publish.produce import digest_file, publish_figure
from textmine.publish.study import FILES, Study
from textmine.publish.tables import write_tables
from textmine.reports.model import Report
from textmine.schema import LANGUAGES

if TYPE_CHECKING:  # the classifier's library loads where it is used
    from textmine.annotate.line_model import LineModel

#: Schemes that are drawn, and which evidence counts in the figure.
DRAWN = {"trend": "any", ACTION_LINE: "heading"}
_FIGURE = re.compile(
    rf"(?:{'|'.join(map(re.escape, DRAWN))})-(?:\d{{4}}|series)(?:-(?:{'|'.join(LANGUAGES)}))?"
    r"\.(?:pdf|svg|png|txt|csv|json)"
)


@dataclass(frozen=True, slots=True)
class RunSettings:
    """Options of a run: see :func:`run_analysis`."""

    csv: bool = False
    engine: str = "rjieba"
    confidence: float = 0.95
    n_resamples: int = 2000
    seed: int = 0


def run_analysis(
    reports: Sequence[Report],
    out: str | Path,
    *,
    settings: RunSettings | None = None,
    matcher: Matcher | None = None,
    line_model: "LineModel | None" = None,
    corrections: str | Path | None = None,
    name: str = FILES,
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
    line_model : LineModel, optional
        Gives paragraphs without an action line one by classifier; their shares stand apart, figures don't change.
    corrections : str or Path, optional
        A reader's verdicts on tags, applied before anything is measured; see
        :func:`textmine.publish.corrected.correct_tables`.
    name : str
        Corpus that the reports are, by which :func:`textmine.publish.verify.verify_figures` finds them again.
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
        reports,
        matcher=matcher,
        engine=settings.engine,
        line_model=line_model,
        progress=lambda edition: say(f"annotating {edition}"),
    )
    if corrections is not None:
        tables = dict(correct_tables(tables, corrections, matcher.taxonomy))
    say("measuring")
    tables["shares"] = _measure_all(tables, matcher, settings, classified=line_model is not None)
    say("writing tables")
    write_tables(tables, out / "tables", csv=settings.csv)
    study = Study(tables, matcher.taxonomy, name=name, reports=reports)
    intervals = {key: getattr(settings, key) for key in ("confidence", "n_resamples", "seed")}
    written: set[str] = set()
    for figure, (recipe, parameters) in choose_figures(tables["shares"]).items():
        say(f"drawing {figure}")
        ledger = publish_figure(study, recipe, out / "figures", name=figure, parameters={**parameters, **intervals})
        written |= {f"{figure}.json", *ledger.files}
    _remove_earlier(out, written, tables=() if settings.csv else sorted(tables))
    record = _provenance(reports, matcher, settings, line_model, corrections)
    write_bytes(out / "run.json", record.encode("utf-8", "backslashreplace"))
    return tables


def _remove_earlier(out: Path, figures: set[str], *, tables: Sequence[str]) -> None:
    """Remove what an earlier run wrote and this one didn't: its record would not know them.

    Only files with the names that a run gives go: its figures, and CSV beside the Parquet of `tables`.
    """
    stale = [
        path
        for path in sorted((out / "figures").glob("*"))
        if _FIGURE.fullmatch(path.name) and path.name not in figures
    ]
    stale += [path for name in tables if (path := out / "tables" / f"{name}.csv").is_file()]
    for path in stale:
        try:
            path.unlink()
        except OSError as error:
            raise OutputError(f"{path}: of an earlier run, and can't be removed ({error.strerror or error})") from error


def _measure_all(
    tables: dict[str, pl.DataFrame], matcher: Matcher, settings: RunSettings, *, classified: bool
) -> pl.DataFrame:
    headed = ("any", "text", "heading")
    evidences = {ACTION_LINE: (*headed, "classifier")} if classified else {}
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
        for evidence in evidences.get(scheme.name, headed if scheme.heading_evidence else ("any",))
    )


def choose_figures(shares: pl.DataFrame) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return the figures of a run: the latest edition at a glance and, where there are several, the series.

    Parameters
    ----------
    shares : polars.DataFrame
        Table ``shares``.

    Returns
    -------
    dict
        Recipe and parameters of each figure, by its name.
    """
    figures: dict[str, tuple[str, dict[str, Any]]] = {}
    for scheme, evidence in DRAWN.items():
        drawn = shares.filter(
            (pl.col("scheme") == scheme) & (pl.col("evidence") == evidence) & (pl.col("n_tagged") > 0)
        ).sort("edition", "lang")
        if drawn.height == 0:
            continue
        chosen = {"scheme": scheme, "evidence": evidence}
        year, lang = shares.sort("edition", "lang").select("edition", "lang").row(-1)  # zh after en
        if drawn.filter((pl.col("edition") == year) & (pl.col("lang") == lang)).height:
            figures[f"{scheme}-{year}"] = "edition-shares", {**chosen, "edition": year, "text_lang": lang}
        if shares["edition"].n_unique() > 1:
            figures[f"{scheme}-series"] = "share-trends", chosen
    return figures


def _provenance(
    reports: Sequence[Report],
    matcher: Matcher,
    settings: RunSettings,
    line_model: "LineModel | None",
    corrections: str | Path | None,
) -> str:
    record = {
        "textmine": version("textmine"),
        "corpus": sorted({report.edition.corpus for report in reports}),
        "taxonomy_sha256": matcher.taxonomy.sha256,
        "line_model_sha256": line_model.sha256 if line_model else None,
        "corrections_sha256": digest_file(Path(corrections)) if corrections is not None else None,
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
