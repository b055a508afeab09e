"""What commands that measure a corpus have in common: how they begin, and what they say at the end."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textmine.cli.terminal import open_console, plain_text, print_error

if TYPE_CHECKING:
    import polars as pl

    from textmine.annotate.match import Matcher
    from textmine.errors import SourceError
    from textmine.reports.model import Report


def read_tables(
    reader: "Callable[..., tuple[list[Report], list[SourceError]]]",
    matcher: "Matcher",
    say: Callable[[str], None],
    *,
    out: Path,
    keep: "Callable[[Report], bool] | None" = None,
) -> "tuple[list[Report], Mapping[str, pl.DataFrame], list[SourceError]]":
    """Read reports and annotate them, the folder for what comes of it checked before the long work.

    Parameters
    ----------
    reader : callable
        See :func:`textmine.cli.options.choose_reader`.
    matcher : Matcher
    say : callable
        Told what is being done.
    out : Path
    keep : callable, optional
        Which reports to annotate; default: all.

    Returns
    -------
    list of Report, mapping of str to polars.DataFrame, list of SourceError
        Words are cut when the table ``tokens`` is asked for.
    """
    from textmine.annotate.annotate import annotate_on_demand
    from textmine.atomic import check_folder

    reports, errors = reader(progress=lambda name: say(f"reading {name}"))
    reports = [report for report in reports if keep is None or keep(report)]
    check_folder(out)
    tables = annotate_on_demand(reports, matcher=matcher, progress=lambda edition: say(f"annotating {edition}"))
    return reports, tables, errors


def end_command(
    reports: "Sequence[Report]",
    errors: "Sequence[SourceError]",
    *lines: str,
    drop: "pl.DataFrame | None" = None,
) -> None:
    """Say what was left out, that the sample is a sample, and where the results are; errors make the exit code 1."""
    from textmine.publish.words import word

    console = open_console()
    if drop is not None:
        text = f"{drop.height} recycled paragraphs of all editions left out; textmine reuse lists them"
        console.print(plain_text(text))
    if any(report.edition.corpus == "sample" for report in reports):
        console.print(word("sample", "en"))
    for line in lines:
        console.print(plain_text(line))
    for error in errors:
        print_error(error)
    if errors:
        raise SystemExit(1)
