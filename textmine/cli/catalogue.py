"""`textmine catalogue`: the series, and what is here of it."""

from typing import Any

from rich.table import Table

from textmine.cli.app import app
from textmine.cli.terminal import open_console, plain_text


@app.command()
def catalogue() -> None:
    """Show the editions of the series, how far their symbols are verified, and which texts are here."""
    from textmine.reports.catalogue import load_catalogue
    from textmine.reports.presence import find_present

    present = {(row["year"], row["lang"]): row for row in find_present().iter_rows(named=True)}
    table = Table(box=None, pad_edge=False)
    for column in ("year", "symbol", "issued", "verified", "sample", "official zh", "official en"):
        table.add_column(column, overflow="fold")
    for edition in load_catalogue().iter_rows(named=True):
        texts = {lang: present[edition["year"], lang] for lang in ("zh", "en")}
        sample = [lang for lang, text in texts.items() if text["sample"]]
        verified = "yes" if edition["verified"] else "no"
        cells = [str(edition["year"]), texts["zh"]["symbol"], edition["issued"] or "-", verified]
        cells += [" ".join(sample) or "-", *map(_official, texts.values())]
        table.add_row(*map(plain_text, cells))
    console = open_console()
    console.print(table)
    n_official = sum(bool(text["official"]) for text in present.values())
    console.print(f"\nofficial texts here (corpus/official): {n_official} of {len(present)}")
    console.print("verified: the symbol was read in a copy of the edition or in a citation by another one")
    if any(text["doubtful"] for text in present.values()):
        console.print("?: a file of that name is here, but no manifest knows it, or it was changed; fetch or import it")


def _official(text: dict[str, Any]) -> str:
    return " ".join([*text["official"], *(f"{kind}?" for kind in text["doubtful"])]) or "-"
