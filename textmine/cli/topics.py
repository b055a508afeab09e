"""`textmine topics`: what a corpus speaks of, without a taxonomy, and which of it can be relied upon."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from textmine.cli.app import app
from textmine.cli.corpus_command import end_command, read_tables
from textmine.cli.options import Corpus, Reuse, TaxonomyPath, choose_matcher, choose_reader
from textmine.cli.terminal import open_console, plain_text, show_progress
from textmine.errors import UnknownOptionError

if TYPE_CHECKING:
    import polars as pl

    from textmine.measure.topic_tables import Topics

#: Terms and paragraphs that a topic's line shows.
N_TERMS, N_PLACES = 6, 3


@app.command()
def topics(
    k: Annotated[
        str, typer.Option("--k", help="How many topics, or auto: chosen by held-out fit and recovery.")
    ] = "auto",
    method: Annotated[str, typer.Option(help="nmf, or lda (about twice the time).")] = "nmf",
    lang: Annotated[
        str | None, typer.Option(help="zh, en, zh,en, or zh+en for one model of both; default: each there is.")
    ] = None,
    corpus: Corpus = None,
    reuse: Reuse = "keep",
    unstable: Annotated[bool, typer.Option("--unstable", help="Print also topics that aren't stable.")] = False,
    seed: Annotated[int, typer.Option(min=0, help="Of all that is drawn at random.")] = 0,
    out: Annotated[Path, typer.Option(help="Folder for the tables.")] = Path("textmine-out"),
    csv: Annotated[bool, typer.Option("--csv", help="Write CSV beside Parquet.")] = False,
    taxonomy: TaxonomyPath = None,
) -> None:
    """Find topics: terms that keep together, how often each comes back, where it is strongest, its share by year."""
    from textmine.measure.factors import METHODS
    from textmine.measure.reuse import KEEP, check_reuse, choose_drop
    from textmine.measure.topic_corpus import find_topics, tabulate_topics
    from textmine.publish.tables import write_tables

    check_reuse(reuse)
    if method not in METHODS:
        raise UnknownOptionError("method", method, METHODS)
    if k != "auto" and not (k.isascii() and k.isdigit() and int(k)):
        raise UnknownOptionError("k", k, "auto or a number from 1")
    matcher = choose_matcher(taxonomy)
    with show_progress() as say:
        reports, tables, errors = read_tables(choose_reader(None, corpus), matcher, say, out=out)
        drop = choose_drop(tables["paragraphs"], reuse)
        found = find_topics(
            tables,
            langs=lang.split(",") if lang else None,
            n_topics=int(k) if k != "auto" else k,
            method=method,
            drop=drop,
            seed=seed,
            progress=say,
        )
        say("shares by year")
        results = tabulate_topics(found, seed=seed)
        ending = "" if reuse == KEEP else "-fresh"
        named = {f"{name.replace('_', '-')}-{method}{ending}": table for name, table in results.items()}
        written = write_tables(named, out / "tables", csv=csv)
    for one in found.values():
        _print_topics(one, unstable=unstable)
    if "topic_alignment" in results:
        _print_alignment(results["topic_alignment"], found)
    names = ", ".join(path.name for path in written)
    end_command(reports, errors, f"{len(written)} tables in {out / 'tables'}: {names}", drop=drop)


def _print_topics(found: "Topics", *, unstable: bool) -> None:
    """Print a line for each topic, and where it is strongest."""
    import polars as pl

    from textmine.measure.topic_view import describe

    console = open_console()
    console.print(plain_text(describe(found.topics)), style="bold")
    if found.choice.height:
        tried, near = (_listed(part["n_topics"]) for part in (found.choice, found.choice.filter("within")))
        console.print(plain_text(f"tried {tried} topics; fitting unseen text best, to one standard error: {near}"))
        if found.topics.height == found.choice["n_topics"].max():
            console.print("that is the largest number tried; --k takes a larger one")
    for row in (found.topics if unstable else found.topics.filter("stable")).iter_rows(named=True):
        terms = found.terms.filter((pl.col("topic") == row["topic"]) & (pl.col("rank") <= N_TERMS))["term"]
        places = found.top_paragraphs(row["topic"], N_PLACES).select("edition", "paragraph").rows()
        cited = ", ".join(f"{edition}/{paragraph}" for edition, paragraph in places)
        numbers = f"{row['share']:>6.1%}  back {row['recovery']:>4.0%}  NPMI {row['npmi']:>5.2f}"
        name = f"{row['topic']}{'*' if row['stable'] else ' '}"
        console.print(plain_text(f"{name:>4} {numbers}  {', '.join(terms)} [{cited}]"))
    console.print()


def _print_alignment(table: "pl.DataFrame", found: "dict[str, Topics]") -> None:
    """Print the pairs of topics of the two languages that chance doesn't explain, both of them stable."""
    import polars as pl

    console = open_console()
    sure = table.filter(pl.col("p") <= 0.05)
    both = sure.filter("stable_zh", "stable_en")
    console.print(
        plain_text(
            f"zh and en: {sure.height} of {table.height} pairs beyond chance (p <= 0.05); stable in both: {both.height}"
        ),
        style="bold",
    )
    for row in both.iter_rows(named=True):
        names = [
            ", ".join(
                found[lang].terms.filter((pl.col("topic") == row[f"topic_{lang}"]) & (pl.col("rank") <= 3))["term"]
            )
            for lang in ("zh", "en")
        ]
        console.print(plain_text(f"r = {row['correlation']:.2f}  {' = '.join(names)}"))
    console.print()


def _listed(numbers: "pl.Series") -> str:
    return ", ".join(map(str, numbers))
