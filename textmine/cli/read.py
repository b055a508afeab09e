"""`textmine read` and `textmine features`: one report, taken apart."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from textmine.cli.app import app
from textmine.cli.options import Lang, MaxMb, Year
from textmine.cli.terminal import open_console, plain_text


@app.command()
def read(file: Path, lang: Lang = None, year: Year = None, max_mb: MaxMb = 20.0) -> None:
    """Print a report's outline: headings, paragraphs, footnotes, and what could not be placed."""
    from textmine.reports.read import read_report

    report = read_report(file, lang=lang, year=year, max_bytes=int(max_mb * 1e6))
    edition, console = report.edition, open_console()
    console.print(
        plain_text(f"{edition.symbol or edition.corpus} ({edition.year}, {edition.lang}) {edition.title}"), style="bold"
    )
    anchored = sum(note.anchor.kind != "none" for note in report.footnotes)
    console.print(
        f"{len(report.paragraphs)} paragraphs, {len(report.headings)} headings, {len(report.footnotes)} footnotes "
        f"({anchored} linked), {report.source.n_lines} lines, {report.source.encoding}"
    )
    for heading in report.headings:
        below = [p.number for p in report.paragraphs if heading in report.heading_path(p)]
        span = f"{below[0]}-{below[-1]}" if len(below) > 1 else "".join(map(str, below))
        console.print(plain_text(f"{'  ' * (heading.level - 1)}{heading}"), Text(f" {span}", style="dim"), sep="")
    for warning in report.warnings:
        console.print(plain_text(f"! {warning}"), style="yellow")


@app.command()
def features(
    file: Path,
    out: Annotated[Path, typer.Option(help="Folder for the tables.")] = Path("corpus/features"),
    lang: Lang = None,
    year: Year = None,
) -> None:
    """Derive data without running text from a report: counts, tags, heading codes, figures, footnote targets."""
    from textmine.publish.features import write_features
    from textmine.reports.read import read_report

    report = read_report(file, lang=lang, year=year)
    folder = write_features(report, out)
    open_console().print(plain_text(f"wrote {folder} ({len(report.paragraphs)} paragraphs, no running text)"))
