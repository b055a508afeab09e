"""`textmine run`: the main job."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from textmine.cli.app import app
from textmine.cli.options import (
    Corpus,
    Files,
    Lang,
    MaxMb,
    TaxonomyPath,
    Year,
    choose_line_model,
    choose_matcher,
    choose_reader,
)
from textmine.cli.terminal import open_console, plain_text, print_error, show_progress
from textmine.errors import UnknownOptionError


@app.command()
def run(
    files: Files = None,
    out: Annotated[Path, typer.Option(help="Folder for tables and figures.")] = Path("textmine-out"),
    corpus: Corpus = None,
    csv: Annotated[bool, typer.Option("--csv", help="Write CSV beside Parquet.")] = False,
    lang: Lang = None,
    year: Year = None,
    engine: Annotated[str, typer.Option(help="Who cuts Chinese into words: rjieba or jieba.")] = "rjieba",
    taxonomy: TaxonomyPath = None,
    classifier: Annotated[
        Path | None,
        typer.Option(help="Model of `textmine train`: action lines for paragraphs without one.", show_default=False),
    ] = None,
    corrections: Annotated[
        Path | None, typer.Option(help="A reader's verdicts on tags, applied before measuring.", show_default=False)
    ] = None,
    max_mb: MaxMb = 20.0,
) -> None:
    """Read reports, tag them, measure shares, and write tables and figures."""
    from textmine.annotate.corrections import load_corrections
    from textmine.annotate.engines import ENGINES
    from textmine.atomic import check_folder
    from textmine.publish.run import RunSettings, run_analysis
    from textmine.publish.study import FILES
    from textmine.reports.corpus import choose_corpus

    if engine not in ENGINES:
        raise UnknownOptionError("engine", engine, ENGINES)
    if corrections is not None:
        load_corrections(corrections)  # what is wrong with it, before long work
    matcher = choose_matcher(taxonomy)
    line_model = choose_line_model(classifier, matcher)
    with show_progress() as say:
        reports, errors = choose_reader(files, corpus)(
            lang=lang, year=year, max_bytes=int(max_mb * 1e6), progress=lambda name: say(f"reading {name}")
        )
        if reports:
            check_folder(out)
            tables = run_analysis(
                reports,
                out,
                settings=RunSettings(csv=csv, engine=engine),
                matcher=matcher,
                line_model=line_model,
                corrections=corrections,
                name=FILES if files else str(choose_corpus(corpus)),
                progress=say,
            )
    for error in errors:
        print_error(error)
    if not reports:
        raise SystemExit(1)
    _print_summary(reports, tables, out)
    if errors:
        raise SystemExit(1)


def _print_summary(reports: Any, tables: Any, out: Path) -> None:
    from textmine.publish.summary import summarize_run

    console = open_console()
    summary = summarize_run(reports, tables)
    table = Table(box=None, pad_edge=False)
    for name, justify in summary.columns:
        table.add_column(name, justify=justify, overflow="fold")
    for row in summary.rows:
        table.add_row(*(plain_text(cell) for cell in row))
    console.print(table)
    for line in summary.lines:
        console.print(plain_text(line))
    console.print(plain_text(f"tables in {out / 'tables'}, figures in {out / 'figures'}, record in {out / 'run.json'}"))
