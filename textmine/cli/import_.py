"""`textmine import`: a report that one has goes among the official texts."""

from pathlib import Path
from typing import Annotated

import typer

from textmine.cli.app import app
from textmine.cli.options import MaxMb
from textmine.cli.terminal import open_console, plain_text, print_error


@app.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="Reports as PDF, DOCX or plain text.", show_default=False)],
    symbol: Annotated[str | None, typer.Option(help="Such as A/66/64, where the document doesn't say it.")] = None,
    lang: Annotated[str | None, typer.Option(help="zh or en, where the text leaves a doubt.")] = None,
    max_mb: MaxMb = 20.0,
) -> None:
    """Copy reports into corpus/official/, each under its symbol and language, recognised from its cover."""
    from textmine.errors import SourceError
    from textmine.reports.import_files import import_report

    console, failed = open_console(), False
    for file in files:
        try:
            stored = import_report(file, symbol=symbol, lang=lang, max_bytes=int(max_mb * 1e6))
        except SourceError as error:
            print_error(error)
            failed = True
            continue
        said = {"new": "imported as", "same": "already there as", "replaced": "imported anew as"}[stored.status]
        entry = stored.entry
        console.print(plain_text(f"{file}: {said} {stored.path} ({entry.symbol}, {entry.year}, {entry.lang})"))
        if stored.kept:
            console.print(plain_text(f"  the former file differs and is kept as {stored.kept}"))
        if entry.note:
            console.print(plain_text(f"  ! {entry.note}"))
    if failed:
        raise SystemExit(1)
    console.print("run them with: textmine run --corpus official")
