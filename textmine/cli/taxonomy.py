"""`textmine taxonomy check`, `coverage` and `learn`: is the lexicon sound, what does it miss, what can it learn."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from textmine.cli.app import app
from textmine.cli.corpus_command import end_command, read_tables
from textmine.cli.options import Corpus, Files, TaxonomyPath, choose_matcher, choose_reader
from textmine.cli.terminal import open_console, plain_text, show_progress

if TYPE_CHECKING:
    import polars as pl

    from textmine.reports.model import Report

taxonomy_app = typer.Typer(
    name="taxonomy",
    help="Check a taxonomy, and find what it doesn't name.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(taxonomy_app)


@taxonomy_app.command()
def check(
    path: Annotated[
        Path | None, typer.Argument(help="Folder or file of a taxonomy; default: the one of textmine.")
    ] = None,
    notes: Annotated[
        bool, typer.Option("--notes/--no-notes", help="List the notes too, not only their number.")
    ] = True,
) -> None:
    """Check a taxonomy: contradictions are errors (exit code 1), what its author should know are notes."""
    from textmine.annotate.taxonomy import load_taxonomy
    from textmine.annotate.taxonomy_check import ERRORS, NOTES, check_taxonomy

    taxonomy = load_taxonomy(path, strict=False)
    findings = check_taxonomy(taxonomy)
    console = open_console()
    for scheme in taxonomy.schemes:
        n_forms = sum(len(forms) for concept in scheme.concepts for forms in concept.forms.values())
        about = f"{scheme.name} {scheme.version}: {len(scheme.concepts)} concepts, {n_forms} forms"
        console.print(plain_text(about))
    console.print(plain_text(f"sha256 {taxonomy.sha256}"))
    for kind, meaning in (ERRORS | NOTES).items():
        rows = findings.filter(kind=kind)
        if rows.height:
            level = "error" if kind in ERRORS else "note"
            console.print()
            console.print(plain_text(f"{level} {kind} ({rows.height}): {meaning}"), style="bold")
            if notes or level == "error":
                for row in rows.iter_rows(named=True):
                    console.print(plain_text(_line(row)))
    n_errors = findings.filter(level="error").height
    console.print()
    console.print(f"{n_errors} errors, {findings.height - n_errors} notes")
    if n_errors:
        raise SystemExit(1)


def _line(row: dict[str, object]) -> str:
    name = f"{row['scheme']}:{row['concept']}"
    lang = f" {row['lang']}" if row["lang"] else ""
    phrase = f" {row['phrase']!r}" if row["phrase"] else ""
    return f"  {name}{lang}{phrase}" + (f" <- {row['other']}" if row["other"] else "")


@taxonomy_app.command()
def learn(
    corrections: Annotated[Path, typer.Argument(help="File of a reader's verdicts on tags.")],
    path: Annotated[
        Path, typer.Option(help="Folder of a taxonomy of your own; a copy of what it is made of at first.")
    ],
    taxonomy: TaxonomyPath = None,
) -> None:
    """Add the phrases that a reader tagged, and the lexicon doesn't know, to a taxonomy of your own."""
    from textmine.annotate.corrections import load_corrections
    from textmine.annotate.learn import learn_forms

    console = open_console()
    learned = learn_forms(load_corrections(corrections), path=path, taxonomy=taxonomy)
    for item in learned:
        console.print(plain_text(f"{item.scheme}:{item.concept} ({item.lang}): {item.form}"))
    console.print(plain_text(f"{len(learned)} added in {path}" if learned else "nothing to learn"))


@taxonomy_app.command()
def coverage(
    files: Files = None,
    corpus: Corpus = None,
    lang: Annotated[str | None, typer.Option(help="zh, en or zh,en; default: those of the corpus.")] = None,
    years: Annotated[str | None, typer.Option(help="Only these editions, such as 2008-2018.")] = None,
    ngrams: Annotated[str, typer.Option(help="Words in a term: shortest-longest.")] = "2-4",
    min_paragraphs: Annotated[int, typer.Option(min=1, help="Leave out terms in fewer paragraphs.")] = 3,
    top: Annotated[int, typer.Option(min=1, help="How many to print of each language.")] = 30,
    out: Annotated[Path, typer.Option(help="Folder for the table.")] = Path("textmine-out"),
    csv: Annotated[bool, typer.Option("--csv", help="Write CSV beside Parquet.")] = False,
    taxonomy: TaxonomyPath = None,
) -> None:
    """Rank the terms of a corpus that no concept covers: candidates for new concepts and missing forms."""
    import polars as pl

    from textmine.errors import SourceError, UnknownOptionError
    from textmine.measure.coverage import find_uncovered, measure_coverage
    from textmine.publish.evidence import parse_years
    from textmine.publish.tables import write_tables
    from textmine.schema import LANGUAGES

    span = _parse_span(ngrams)
    wanted = parse_years(years) if years else None
    langs = lang.split(",") if lang else None
    for name in langs or ():
        if name not in LANGUAGES:
            raise UnknownOptionError("language", name, LANGUAGES)

    def keep(report: "Report") -> bool:
        return (wanted is None or report.edition.year in wanted) and (langs is None or report.edition.lang in langs)

    matcher = choose_matcher(taxonomy)
    with show_progress() as say:
        reports, tables, errors = read_tables(choose_reader(files, corpus), matcher, say, out=out, keep=keep)
        if not reports:
            raise SourceError(f"no report of {years or 'any year'} in {lang or 'zh or en'} among what was read")
        found = sorted({report.edition.lang for report in reports})
        parts = {name: find_uncovered(tables, lang=name, ngrams=span, min_paragraphs=min_paragraphs) for name in found}
        written = write_tables({"uncovered": pl.concat(parts.values())}, out / "tables", csv=csv)
    console = open_console()
    for name, part in parts.items():
        covered, total = measure_coverage(tables, lang=name)
        share = f"{covered / total:.1%} of them in a form" if total else "none"
        title = f"{name}: {total} words that are no stop words, {share}; {part.height} candidates"
        console.print(plain_text(title), style="bold")
        _print_candidates(part.head(top))
    end_command(reports, errors, f"table in {written[0]}")


def _parse_span(ngrams: str) -> tuple[int, int]:
    from textmine.errors import UnknownOptionError

    shortest, _, longest = ngrams.partition("-")
    if not (shortest.isdecimal() and (longest or shortest).isdecimal()):
        raise UnknownOptionError("ngrams", ngrams, "such as 2-4 or 1")
    return int(shortest), int(longest or shortest)


def _print_candidates(part: "pl.DataFrame") -> None:
    from rich.table import Table

    grid = Table(box=None, pad_edge=False)
    grid.add_column("term", overflow="fold")
    for column in ("count", "paragraphs", "editions", "first", "last", "C-value"):
        grid.add_column(column, justify="right")
    for row in part.iter_rows(named=True):
        cells = [str(row[key]) for key in ("n", "paragraphs", "editions", "first", "last")]
        grid.add_row(plain_text(row["term"]), *cells, f"{row['c_value']:.1f}")
    open_console().print(grid)
