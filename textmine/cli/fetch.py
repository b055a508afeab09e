"""`textmine fetch`: official texts from the UN's document service."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from textmine.cli.app import app
from textmine.cli.terminal import open_console, plain_text, show_progress
from textmine.errors import UnknownOptionError

if TYPE_CHECKING:
    from textmine.reports.fetch import Outcome

_STATUSES = ("fetched", "replaced", "unchanged", "present", "failed", "skipped")


@app.command()
def fetch(
    years: Annotated[str, typer.Option(help="Editions, such as 2011 or 2008-2025 or 2011,2013.")] = "2008-2025",
    lang: Annotated[str, typer.Option(help="zh, en or both with a comma.")] = "zh,en",
    format_: Annotated[str, typer.Option("--format", help="pdf, docx or both with a comma.")] = "pdf",
    refresh: Annotated[bool, typer.Option("--refresh", help="Ask again for what is already there.")] = False,
    proxy: Annotated[str | None, typer.Option(help="Proxy, such as http://localhost:3128.")] = None,
    use_env_proxy: Annotated[bool, typer.Option("--use-env-proxy", help="Use $HTTPS_PROXY; else ignored.")] = False,
    ca_file: Annotated[Path | None, typer.Option(help="Certificates (PEM) to trust beside the system's.")] = None,
    contact: Annotated[str, typer.Option(help="Your e-mail address, to tell the server who asks.")] = "",
    max_minutes: Annotated[float, typer.Option(min=0.01, max=10_000, help="Stop after this time.")] = 120.0,
    max_mb: Annotated[float, typer.Option(min=1e-3, max=1000, help="Largest document accepted, in MB.")] = 30.0,
) -> None:
    """Fetch official texts into corpus/official/: slowly, checked, recorded in manifest.json; run it again to go on."""
    from textmine.publish.evidence import parse_years
    from textmine.reports.fetch import FORMATS, fetch_editions
    from textmine.reports.fetch_settings import ClientSettings
    from textmine.schema import LANGUAGES

    logging.getLogger("stamina").setLevel(logging.ERROR)  # each retry would be a line; the outcome says what matters
    settings = ClientSettings(
        proxy=proxy,
        use_env_proxy=use_env_proxy,
        ca_file=ca_file,
        contact=contact,
        total_seconds=max_minutes * 60,
        max_bytes=int(max_mb * 1e6),
    )
    with show_progress() as say:
        outcomes = fetch_editions(
            years=sorted({year for part in years.split(",") for year in parse_years(part)}),
            langs=_split(lang, "language", LANGUAGES),
            formats=_split(format_, "format", tuple(FORMATS)),
            refresh=refresh,
            settings=settings,
            progress=say,
        )
    _print_outcomes(outcomes)
    if not all(outcome.ok for outcome in outcomes):
        raise SystemExit(1)


def _split(text: str, option: str, valid: Sequence[str]) -> list[str]:
    values = [part.strip() for part in text.split(",") if part.strip()]
    for value in values or [text]:
        if value not in valid:
            raise UnknownOptionError(option, value, valid)
    return values


def _print_outcomes(outcomes: "Sequence[Outcome]") -> None:
    console = open_console()
    table = Table(box=None, pad_edge=False)
    for column in ("file", "outcome", "what happened"):
        table.add_column(column, overflow="fold")
    for outcome in outcomes:
        style = "" if outcome.ok else "red"
        table.add_row(*map(plain_text, (outcome.file, outcome.status, outcome.message)), style=style)
    console.print(table)
    counts = [(status, sum(outcome.status == status for outcome in outcomes)) for status in _STATUSES]
    console.print(plain_text(", ".join(f"{count} {status}" for status, count in counts if count)))
    if not all(outcome.ok for outcome in outcomes):
        console.print("run the same command again to ask for what is missing; or textmine import FILE what you have")
