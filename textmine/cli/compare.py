"""`textmine compare`: what sets two spans of years apart."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from textmine.cli.app import app
from textmine.cli.corpus_command import end_command, read_tables
from textmine.cli.options import Corpus, Reuse, TaxonomyPath, choose_matcher, choose_reader
from textmine.cli.terminal import open_console, plain_text, show_progress

if TYPE_CHECKING:
    import polars as pl


@app.command()
def compare(
    first: Annotated[str, typer.Argument(help="A year or a span, such as 2009-2012.")],
    second: Annotated[str, typer.Argument(help="Another, such as 2018-2021.")],
    corpus: Corpus = None,
    lang: Annotated[str | None, typer.Option(help="zh, en or zh,en; default: those that have both spans.")] = None,
    by: Annotated[str, typer.Option(help="terms, or concepts of the taxonomy.")] = "terms",
    section: Annotated[str | None, typer.Option(help="Only this section and those below it, such as 2.B.")] = None,
    reuse: Reuse = "keep",
    level: Annotated[
        float, typer.Option(min=1e-6, max=0.999, help="False-discovery rate of what is called key.")
    ] = 0.05,
    top: Annotated[int, typer.Option(min=1, help="How many to print on each side.")] = 15,
    out: Annotated[Path, typer.Option(help="Folder for the table.")] = Path("textmine-out"),
    csv: Annotated[bool, typer.Option("--csv", help="Write CSV beside Parquet.")] = False,
    taxonomy: TaxonomyPath = None,
) -> None:
    """Compare two spans of years: the terms or concepts that set them apart, with effect and false-discovery rate."""
    from textmine.measure.compare import compare_years, span_of
    from textmine.measure.reuse import KEEP, check_reuse, choose_drop
    from textmine.publish.evidence import parse_years
    from textmine.publish.tables import write_tables

    check_reuse(reuse)
    spans = parse_years(first), parse_years(second)
    matcher = choose_matcher(taxonomy)
    parents = {scheme.name: scheme.parents for scheme in matcher.taxonomy.schemes}
    with show_progress() as say:
        reports, tables, errors = read_tables(choose_reader(None, corpus), matcher, say, out=out)
        say("looking for recycled text")
        drop = choose_drop(tables["paragraphs"], reuse)
        say("comparing")
        table = compare_years(
            tables,
            *spans,
            by=by,
            langs=lang.split(",") if lang else None,
            section=section,
            parents=parents,
            drop=drop,
        )
        name = "-".join(["comparison", by, *map(span_of, spans), *([] if reuse == KEEP else ["fresh"])])
        written = write_tables({name: table}, out / "tables", csv=csv)
    _print_comparison(table, level=level, top=top)
    end_command(reports, errors, f"table in {written[0]}", drop=drop)


def _print_comparison(table: "pl.DataFrame", *, level: float, top: int) -> None:
    """Print both sides of each language and scheme: the key ones, or the strongest where none is key."""
    import polars as pl
    from rich.table import Table

    console = open_console()
    for (lang, by), part in table.group_by(["lang", "by"], maintain_order=True):
        for side, sign, years in (("target", 1, part["target"][0]), ("reference", -1, part["reference"][0])):
            mine = part.filter(pl.col("z") * sign > 0).sort(pl.col("z") * -sign, "term")
            key = mine.filter(pl.col("q") <= level)
            n_key, shown = key.height, (key if key.height else mine).head(top)
            title = f"{lang}, {by}, more in {years}: {n_key} key at q <= {level:g}"
            if not n_key and shown.height:
                title += "; the strongest, which chance may explain"
            console.print(plain_text(title), style="bold")
            grid = Table(box=None, pad_edge=False)
            grid.add_column("term", overflow="fold")
            for column in ("count", "other", "paragraphs", "other", "z", "log ratio", "q"):
                grid.add_column(column, justify="right")
            other = "reference" if side == "target" else "target"
            for row in shown.iter_rows(named=True):
                cells = (f"{row[f'{kind}_{group}']}" for kind in ("n", "paragraphs") for group in (side, other))
                numbers = (f"{sign * row['z']:.2f}", f"{sign * row['log_ratio']:.2f}", f"{row['q']:.2g}")
                grid.add_row(plain_text(row["term"]), *cells, *numbers)
            if shown.height:
                console.print(grid)
            console.print()
