"""`textmine reuse`: which paragraphs an earlier edition has already, how much that is, and what changed in them."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from textmine.cli.app import app
from textmine.cli.options import Corpus
from textmine.cli.terminal import open_console, plain_text, print_error, show_progress
from textmine.errors import UnknownOptionError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from textmine.reports.model import Paragraph, Report

_PLACE = re.compile(r"(\d{4}):(\d+)")


@app.command()
def reuse(
    corpus: Corpus = None,
    lang: Annotated[str | None, typer.Option(help="Only zh or en.")] = None,
    years: Annotated[
        str | None, typer.Option("--year", "--years", help="Only these editions, such as 2011 or 2009-2012.")
    ] = None,
    show: Annotated[
        str | None, typer.Option(help="A paragraph, such as 2015:34: what changed in it since the earlier edition.")
    ] = None,
    html: Annotated[Path | None, typer.Option(help="With --show, also a page with the changes marked.")] = None,
    threshold: Annotated[
        float, typer.Option(min=0.1, max=1, help="Jaccard similarity of shingles from which text counts as reused.")
    ] = 0.5,
    out: Annotated[Path, typer.Option(help="Folder for the tables.")] = Path("textmine-out"),
    csv: Annotated[bool, typer.Option("--csv", help="Write CSV beside Parquet.")] = False,
) -> None:
    """List the paragraphs that an earlier edition has already, word for word or nearly, and their share of the text."""
    import polars as pl

    from textmine.atomic import check_folder
    from textmine.measure.reuse import find_reuse
    from textmine.measure.reuse_share import measure_reuse
    from textmine.publish.evidence import parse_years
    from textmine.publish.tables import write_tables
    from textmine.publish.words import word
    from textmine.reports.corpus import read_corpus
    from textmine.reports.tables import tabulate_reports
    from textmine.schema import LANGUAGES

    if lang is not None and lang not in LANGUAGES:
        raise UnknownOptionError("language", lang, LANGUAGES)
    wanted, place = parse_years(years) if years else None, _parse_place(show)
    if html is not None and place is None:
        raise UnknownOptionError("html", html, "a file together with --show")
    with show_progress() as say:
        reports, errors = read_corpus(corpus, progress=lambda name: say(f"reading {name}"))
        chosen = [report for report in reports if lang in (None, report.edition.lang)]
        paragraphs = tabulate_reports(chosen)["paragraphs"]
        say("comparing editions")
        found = find_reuse(paragraphs, threshold=threshold)
        shares = measure_reuse(paragraphs, found)
        if wanted is not None:
            found, shares = (table.filter(pl.col("edition").is_in(list(wanted))) for table in (found, shares))
        written = []
        if place is None:
            tables = {"reuse": found, "reuse-shares": shares}
            written = write_tables(tables, check_folder(out) / "tables", csv=csv)
    console = open_console()
    if place is None:
        _print_shares(shares)
        _print_paragraphs(found)
    else:
        _show(chosen, found, place, html)
    for error in errors:
        print_error(error)
    if any(report.edition.corpus == "sample" for report in chosen):
        console.print(word("sample", "en"))
    if written:
        console.print(plain_text(f"tables in {written[0].parent}"))
    if errors:
        raise SystemExit(1)


def _parse_place(show: str | None) -> tuple[int, int] | None:
    if show is None:
        return None
    match = _PLACE.fullmatch(show.strip())
    if match is None:
        raise UnknownOptionError("paragraph", show, "an edition and a number, such as 2015:34")
    return int(match[1]), int(match[2])


def _print_shares(shares: "pl.DataFrame") -> None:
    from rich.table import Table

    grid = Table(box=None, pad_edge=False)
    grid.add_column("edition")
    for column in ("paragraphs", "recycled", "words recycled", "interval"):
        grid.add_column(column, justify="right")
    for row in shares.iter_rows(named=True):
        known = row["share"] is not None
        cells = (f"{row['share']:.1%}", f"{row['low']:.1%}-{row['high']:.1%}") if known else ("", "nothing earlier")
        grid.add_row(f"{row['edition']} {row['lang']}", str(row["n_paragraphs"]), str(row["n_recycled"]), *cells)
    console = open_console()
    console.print(grid)
    console.print()


def _print_paragraphs(found: "pl.DataFrame") -> None:
    import polars as pl
    from rich.table import Table

    grid = Table(box=None, pad_edge=False)
    for column in ("paragraph", "from", "kind"):
        grid.add_column(column)
    for column in ("words recycled", "similarity"):
        grid.add_column(column, justify="right")
    for row in found.filter(pl.col("unit") == "paragraph").iter_rows(named=True):
        places = f"{row['edition']}:{row['paragraph']} {row['lang']}", f"{row['source']}:{row['source_paragraph']}"
        grid.add_row(*places, row["kind"], f"{row['share']:.0%}", f"{row['similarity']:.2f}")
    console = open_console()
    if grid.row_count:
        console.print(grid)
    else:
        console.print("no paragraph has anything that an earlier edition has")
    console.print()


def _show(reports: "list[Report]", found: "pl.DataFrame", place: tuple[int, int], html: Path | None) -> None:
    """Print what changed in a paragraph, in each language: whole, or its recycled sentences one by one."""
    from textmine.atomic import write_bytes
    from textmine.publish.alignment import changes_page, mark_changes

    edition, number = place
    known = {
        (report.edition.year, report.edition.lang, paragraph.number): (report, paragraph)
        for report in reports
        for paragraph in report.paragraphs
    }
    if not any(key[0] == edition and key[2] == number for key in known):
        raise UnknownOptionError("paragraph", f"{edition}:{number}", _places(known, edition))
    pairs = list(_pairs(known, found, place))
    console = open_console()
    for _, caption, source, text in pairs:
        console.print(plain_text(caption), style="bold")
        console.print(mark_changes(source, text))
        console.print()
    if not pairs:
        console.print(f"paragraph {edition}:{number} has nothing that an earlier edition has")
    elif html is not None:
        page = changes_page(f"{edition}:{number}", pairs).encode("utf-8", "backslashreplace")
        console.print(plain_text(f"page in {write_bytes(html, page)}"))


def _places(known: "dict[tuple[int, str, int], tuple[Report, Paragraph]]", edition: int) -> str:
    numbers = [key[2] for key in known if key[0] == edition]
    editions = sorted({key[0] for key in known})
    if numbers:
        return f"paragraphs {min(numbers)} to {max(numbers)} of {edition}"
    return f"an edition from {', '.join(map(str, editions))}"


def _pairs(
    known: "dict[tuple[int, str, int], tuple[Report, Paragraph]]", found: "pl.DataFrame", place: tuple[int, int]
) -> "Iterator[tuple[str, str, str, str]]":
    """Yield language, caption, source and text: of the paragraph, or of its sentences where it is new as a whole."""
    import polars as pl

    from textmine.publish.evidence import cite_paragraph

    mine = found.filter((pl.col("edition") == place[0]) & (pl.col("paragraph") == place[1]))
    for (lang,), part in mine.group_by(["lang"], maintain_order=True):
        whole = part.filter(pl.col("unit") == "paragraph")
        is_partial = whole["kind"][0] == "partial"
        for row in (part.filter(pl.col("unit") == "sentence") if is_partial else whole).iter_rows(named=True):
            report, paragraph = known[row["edition"], str(lang), row["paragraph"]]
            origin, source = known[row["source"], str(lang), row["source_paragraph"]]
            what = f"sentence at {row['start']}, " if is_partial else ""
            caption = (
                f"{cite_paragraph(report, paragraph)}, {what}from {cite_paragraph(origin, source)} "
                f"({row['kind']}, similarity {row['similarity']:.2f}, {row['share']:.0%} of the words)"
            )
            before = source.text[row["source_start"] : row["source_end"]]
            yield str(lang), caption, before, paragraph.text[row["start"] : row["end"]]
