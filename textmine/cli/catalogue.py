"""`textmine catalogue`: the series, and what is here of it."""

from typing import TYPE_CHECKING

from rich.table import Table

from textmine.cli.app import app
from textmine.cli.terminal import open_console, plain_text

if TYPE_CHECKING:
    import polars as pl


@app.command()
def catalogue() -> None:
    """Show the editions of the series, how far their symbols are verified, and which texts are here."""
    import polars as pl

    from textmine.reports.catalogue import load_catalogue
    from textmine.reports.presence import find_present

    present = find_present()
    table = Table(box=None, pad_edge=False)
    for column in ("year", "symbol", "issued", "verified", "sample", "official zh", "official en"):
        table.add_column(column, overflow="fold")
    for row in load_catalogue().iter_rows(named=True):
        of_year = present.filter(pl.col("year") == row["year"])
        sample = [lang for lang in ("zh", "en") if _cell(of_year, lang)["sample"]]
        symbol = str(_cell(of_year, "zh")["symbol"])
        cells = [str(row["year"]), symbol, row["issued"] or "-", "yes" if row["verified"] else "no"]
        cells += [" ".join(sample) or "-", _official(of_year, "zh"), _official(of_year, "en")]
        table.add_row(*map(plain_text, cells))
    console = open_console()
    console.print(table)
    n_official = int(present["official"].list.len().gt(0).sum())
    console.print(f"\nofficial texts here (corpus/official): {n_official} of {present.height}")
    console.print("verified: the symbol was read in a copy of the edition or in a citation by another one")
    if present["doubtful"].list.len().sum():
        console.print("?: a file of that name is here, but no manifest knows it, or it was changed; fetch or import it")


def _cell(of_year: "pl.DataFrame", lang: str) -> dict[str, object]:
    return next(row for row in of_year.iter_rows(named=True) if row["lang"] == lang)


def _official(of_year: "pl.DataFrame", lang: str) -> str:
    row = _cell(of_year, lang)
    official, doubtful = row["official"], row["doubtful"]
    assert isinstance(official, list)  # noqa: S101 - for the type checker
    assert isinstance(doubtful, list)  # noqa: S101
    return " ".join([*official, *(f"{kind}?" for kind in doubtful)]) or "-"
