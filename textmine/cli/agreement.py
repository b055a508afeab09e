"""`textmine agreement`: do the same paragraphs get the same tags in both languages?"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from textmine.cli.app import app
from textmine.cli.corpus_command import end_command, read_tables
from textmine.cli.options import Corpus, TaxonomyPath, choose_matcher, choose_reader
from textmine.cli.terminal import open_console, plain_text, show_progress
from textmine.errors import UnknownOptionError

if TYPE_CHECKING:
    import polars as pl

# Readers of the gold set named what a paragraph speaks of in these schemes.
_READ = ("trend", "region", "organisation")
_SAMPLE = "sample"


@app.command()
def agreement(
    corpus: Corpus = None,
    scheme: Annotated[
        str | None, typer.Option(help="Schemes, with commas; default: all but the vocabulary.", show_default=False)
    ] = None,
    years: Annotated[str | None, typer.Option(help="Only these editions, such as 2019-2025.")] = None,
    evidence: Annotated[str, typer.Option(help="Which tags count: text, any or heading.")] = "text",
    top: Annotated[int, typer.Option(min=0, help="How many concepts and disagreements to print for each scheme.")] = 8,
    out: Annotated[Path, typer.Option(help="Folder for the tables.")] = Path("textmine-out"),
    csv: Annotated[bool, typer.Option("--csv", help="Write CSV beside Parquet.")] = False,
    taxonomy: TaxonomyPath = None,
) -> None:
    """Compare the tags of both languages paragraph by paragraph: kappa, trends, each disagreement with its cause."""
    import polars as pl

    from textmine.measure.agreement import measure_agreement
    from textmine.measure.disagreement import find_disagreements
    from textmine.publish.evidence import parse_years
    from textmine.publish.tables import write_tables
    from textmine.reports.labels import load_labels

    matcher = choose_matcher(taxonomy)
    known = [item.name for item in matcher.taxonomy.schemes if item.name != "vocabulary"]
    chosen = scheme.split(",") if scheme else known
    for name in chosen:
        if name not in known:
            raise UnknownOptionError("scheme", name, known)
    wanted = parse_years(years) if years else None
    with show_progress() as say:
        reports, tables, errors = read_tables(
            choose_reader(None, corpus),
            matcher,
            say,
            out=out,
            keep=lambda report: wanted is None or report.edition.year in wanted,
        )
        is_sample = any(report.edition.corpus == _SAMPLE for report in reports)
        kappas, found = [], []
        for name in chosen:
            say(f"comparing {name}")
            parents = matcher.taxonomy.scheme(name).parents
            paragraphs, tags = tables["paragraphs"], tables["tags"]
            kappas.append(measure_agreement(paragraphs, tags, scheme=name, evidence=evidence, parents=parents))
            labels = load_labels(f"sample.{name}", reader=None) if is_sample and name in _READ else None
            found.append(find_disagreements(paragraphs, tags, matcher, scheme=name, evidence=evidence, labels=labels))
        results = {"agreement": pl.concat(kappas), "disagreements": pl.concat(found)}
        written = write_tables(results, out / "tables", csv=csv)
    for name in chosen:
        _print_scheme(name, *(frame.filter(pl.col("scheme") == name) for frame in results.values()), top=top)
    end_command(reports, errors, f"tables in {', '.join(map(str, written))}")


def _print_scheme(scheme: str, kappas: "pl.DataFrame", disagreements: "pl.DataFrame", *, top: int) -> None:
    """Print the macro average, the concepts that agree least, and the disagreements by cause."""
    import polars as pl
    from rich.table import Table

    from textmine.measure.disagreement import CAUSES

    console, macro = open_console(), kappas.row(-1, named=True)
    n = kappas.filter("in_macro").height
    average = "no concept often enough" if macro["kappa"] is None else _interval(macro)
    console.print(
        plain_text(f"{scheme}: {macro['n_paragraphs']} paragraphs, macro kappa {average} over {n} concepts"),
        style="bold",
    )
    grid = Table(box=None, pad_edge=False)
    for name, justify in (("concept", "left"), ("zh", "right"), ("en", "right"), ("both", "right")):
        grid.add_column(name, justify="right" if justify == "right" else "left", overflow="fold")
    grid.add_column("kappa")
    grid.add_column("correlation", justify="right")
    least = kappas.filter(pl.col("in_macro") & (pl.col("kappa") < 1)).sort("kappa", "concept").head(top)
    for row in least.iter_rows(named=True):
        correlation = "" if row["correlation"] is None else f"{row['correlation']:.2f}"
        counts = (str(row[name]) for name in ("n_zh", "n_en", "n_both"))
        grid.add_row(plain_text(row["concept"]), *counts, _interval(row), correlation)
    if least.height and top:
        console.print(grid)
    for cause in CAUSES:
        part = disagreements.filter(pl.col("cause") == cause)
        if part.height:
            places = [
                f"{row['edition']}:{row['paragraph']} {row['concept']} in {row['lang']}"
                for row in part.head(top).iter_rows(named=True)
            ]
            more = f", and {part.height - top} more" if part.height > top else ""
            console.print(plain_text(f"  {cause} ({part.height}): {', '.join(places)}{more}"))
    console.print()


def _interval(row: dict[str, float]) -> str:
    return f"{row['kappa']:.3f} ({row['low']:.3f} to {row['high']:.3f})"
