"""`textmine network`: which concepts go together in the same paragraphs, and who does what."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from textmine.cli.app import app
from textmine.cli.options import Corpus, Reuse, TaxonomyPath, choose_matcher
from textmine.cli.terminal import open_console, plain_text, print_error, show_progress
from textmine.errors import UnknownOptionError

if TYPE_CHECKING:
    import polars as pl


@app.command()
def network(
    between: Annotated[
        str, typer.Option(help="Two schemes, such as organisation,action_line or trend,trend.")
    ] = "organisation,action_line",
    evidence: Annotated[
        str, typer.Option(help="Which tags of each count: any, text or heading; such as text,heading.")
    ] = "any,any",
    corpus: Corpus = None,
    lang: Annotated[str | None, typer.Option(help="zh, en or zh,en; default: those that occur.")] = None,
    years: Annotated[
        str | None, typer.Option(help="Spans to measure apart, such as 2009-2012,2018-2021; default: all at once.")
    ] = None,
    unit: Annotated[str, typer.Option(help="What concepts share: paragraphs, or sections.")] = "paragraphs",
    reuse: Reuse = "keep",
    level: Annotated[float, typer.Option(min=1e-6, max=0.999, help="False-discovery rate of an edge.")] = 0.05,
    top: Annotated[int, typer.Option(min=1, help="How many pairs to print.")] = 20,
    out: Annotated[Path, typer.Option(help="Folder for the table and the networks.")] = Path("textmine-out"),
    csv: Annotated[bool, typer.Option("--csv", help="Write CSV beside Parquet.")] = False,
    taxonomy: TaxonomyPath = None,
) -> None:
    """Measure which concepts stand in the same paragraphs more often than chance puts them, and write networks."""
    from textmine.annotate.annotate import annotate_reports
    from textmine.atomic import check_folder
    from textmine.measure.cooccurrence import measure_cooccurrence
    from textmine.measure.reuse import check_reuse, choose_drop
    from textmine.publish.evidence import parse_years
    from textmine.publish.network import build_network, write_network
    from textmine.publish.tables import write_tables
    from textmine.publish.words import word
    from textmine.reports.corpus import read_corpus

    check_reuse(reuse)
    first, second = _split_pair("schemes", between)
    matcher = choose_matcher(taxonomy)
    with show_progress() as say:
        reports, errors = read_corpus(corpus, progress=lambda name: say(f"reading {name}"))
        check_folder(out)
        tables = annotate_reports(reports, matcher=matcher, progress=lambda edition: say(f"annotating {edition}"))
        say("counting what goes together")
        table = measure_cooccurrence(
            tables,
            first,
            second,
            evidence=_split_pair("evidence", evidence),
            parents={scheme.name: scheme.parents for scheme in matcher.taxonomy.schemes},
            langs=lang.split(",") if lang else None,
            spans=[parse_years(span) for span in years.split(",")] if years else None,
            unit=unit,
            drop=choose_drop(tables["paragraphs"], reuse),
        )
        name = f"cooccurrence-{first}-{second}"
        written = write_tables({name: table}, out / "tables", csv=csv)
        labels = {
            (scheme.name, concept.id): concept.labels
            for scheme in matcher.taxonomy.schemes
            for concept in scheme.concepts
        }
        for (its_lang, span), part in table.group_by(["lang", "span"], maintain_order=True):
            graph = build_network(part, level=level, labels=labels)
            file = f"{first}-{second}-{span}-{its_lang}.graphml"
            written.append(write_network(graph, out / "networks" / file))
    _print_pairs(table, level=level, top=top)
    console = open_console()
    for error in errors:
        print_error(error)
    if any(report.edition.corpus == "sample" for report in reports):
        console.print(word("sample", "en"))
    for path in written:
        console.print(plain_text(f"written: {path}"))
    if errors:
        raise SystemExit(1)


def _split_pair(option: str, text: str) -> tuple[str, str]:
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 2:
        raise UnknownOptionError(option, text, "two, with a comma between")
    return parts[0], parts[1]


def _print_pairs(table: "pl.DataFrame", *, level: float, top: int) -> None:
    """Print the pairs that go together most, by language and span."""
    import polars as pl
    from rich.table import Table

    console = open_console()
    if not table.height:
        console.print("no pair of concepts stands in enough paragraphs")
    for (lang, span), part in table.group_by(["lang", "span"], maintain_order=True):
        key = part.filter((pl.col("q") <= level) & (pl.col("lift") > 1)).sort(
            "phi", "concept", "other", descending=[True, False, False]
        )
        console.print(
            plain_text(f"{lang}, {span}: {key.height} of {part.height} pairs go together at q <= {level:g}"),
            style="bold",
        )
        grid = Table(box=None, pad_edge=False)
        for column in ("concept", "with"):
            grid.add_column(column, overflow="fold")
        for column in (part["unit"][0], "expected", "lift", "phi", "interval", "q"):
            grid.add_column(column, justify="right")
        for row in key.head(top).iter_rows(named=True):
            numbers = (
                str(row["n_both"]),
                f"{row['expected']:.1f}",
                f"{row['lift']:.1f}",
                f"{row['phi']:.2f}",
                *(("",) if row["phi_low"] is None else (f"{row['phi_low']:.2f} to {row['phi_high']:.2f}",)),
                f"{row['q']:.2g}",
            )
            grid.add_row(plain_text(row["concept"]), plain_text(row["other"]), *numbers)
        if grid.row_count:
            console.print(grid)
        console.print()
