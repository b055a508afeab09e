"""The command line: a thin layer that reads options, calls the rooms and prints for a person."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from textmine.errors import SourceError, TextmineError, UnknownOptionError

app = typer.Typer(
    name="textmine",
    help="Read annual reports in Chinese and English, tag their paragraphs, and measure what changed.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Files = Annotated[
    list[Path] | None, typer.Argument(help="Report files (.txt, .md); default: the corpus.", show_default=False)
]
Corpus = Annotated[
    str | None, typer.Option(help="sample, official, or a path; default: $TEXTMINE_CORPUS, else sample.")
]
Lang = Annotated[str | None, typer.Option(help="zh or en; default: told from the text.")]
Year = Annotated[
    int | None, typer.Option(min=1945, max=2100, help="Year of the edition, where file and cover don't say it.")
]
MaxMb = Annotated[float, typer.Option(min=1e-6, max=10_000, help="Largest file accepted, in MB.")]
TaxonomyPath = Annotated[Path | None, typer.Option("--taxonomy", help="Folder or file of a taxonomy of your own.")]


def main() -> None:
    """Run the command line; a user's mistake ends with one clear message and exit code 1."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a console that lacks a character still shows the rest
    try:
        app()
    except TextmineError as error:
        _fail(error)
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:  # a path the system can't take, a full device behind the output
        place = f"{error.filename!r}: " if error.filename else ""
        _say(f"textmine: {place}{error.strerror or error}; check the path and the space left")
        sys.exit(1)
    except UnicodeError as error:
        _say(f"textmine: text that isn't valid Unicode ({error.reason if hasattr(error, 'reason') else error})")
        sys.exit(1)
    except KeyboardInterrupt:
        print("textmine: stopped; files written so far are whole", file=sys.stderr)
        sys.exit(130)


@app.command()
def run(
    files: Files = None,
    out: Annotated[Path, typer.Option(help="Folder for tables and figures.")] = Path("textmine-out"),
    corpus: Corpus = None,
    csv: Annotated[bool, typer.Option("--csv", help="Write CSV beside Parquet.")] = False,
    lang: Lang = None,
    year: Year = None,
    engine: Annotated[str, typer.Option(help="Who cuts Chinese into words: rjieba or jieba.")] = "rjieba",
    taxonomy: TaxonomyPath = None,
    max_mb: MaxMb = 20.0,
) -> None:
    """Read reports, tag them, measure shares, and write tables and figures."""
    from textmine.annotate.engines import ENGINES
    from textmine.publish.atomic import check_folder
    from textmine.publish.run import RunSettings, run_analysis
    from textmine.reports.corpus import corpus_files, read_files

    if engine not in ENGINES:
        raise UnknownOptionError("engine", engine, ENGINES)
    matcher = _matcher(taxonomy)
    with _progress() as say:
        paths = files or corpus_files(corpus)
        reports, errors = read_files(
            paths, lang=lang, year=year, max_bytes=int(max_mb * 1e6), progress=lambda name: say(f"reading {name}")
        )
        if reports:
            check_folder(out)
            tables = run_analysis(
                reports, out, settings=RunSettings(csv=csv, engine=engine), matcher=matcher, progress=say
            )
    for error in errors:
        _fail(error)
    if not reports:
        raise SystemExit(1)
    _print_summary(reports, tables, out)
    if errors:
        raise SystemExit(1)


@app.command()
def read(file: Path, lang: Lang = None, year: Year = None, max_mb: MaxMb = 20.0) -> None:
    """Print a report's outline: headings, paragraphs, footnotes, and what could not be placed."""
    from textmine.reports.read import read_report

    report = read_report(file, lang=lang, year=year, max_bytes=int(max_mb * 1e6))
    edition, console = report.edition, _console()
    console.print(
        _plain(f"{edition.symbol or edition.corpus} ({edition.year}, {edition.lang}) {edition.title}"), style="bold"
    )
    anchored = sum(note.anchor.kind != "none" for note in report.footnotes)
    console.print(
        f"{len(report.paragraphs)} paragraphs, {len(report.headings)} headings, {len(report.footnotes)} footnotes "
        f"({anchored} linked), {report.source.n_lines} lines, {report.source.encoding}"
    )
    for heading in report.headings:
        below = [p.number for p in report.paragraphs if heading in report.heading_path(p)]
        span = f"{below[0]}-{below[-1]}" if len(below) > 1 else "".join(map(str, below))
        console.print(_plain(f"{'  ' * (heading.level - 1)}{heading}"), Text(f" {span}", style="dim"), sep="")
    for warning in report.warnings:
        console.print(_plain(f"! {warning}"), style="yellow")


@app.command()
def tag(
    text: Annotated[str, typer.Argument(help="A sentence in Chinese or English; - reads standard input.")],
    taxonomy: TaxonomyPath = None,
) -> None:
    """Tag a sentence from the shell."""
    from textmine.annotate.tag import Tagger
    from textmine.publish.evidence import mark_spans

    if text == "-":
        text = sys.stdin.read()
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise SourceError(
            f"the text isn't valid Unicode (character {error.start + 1}); check the terminal's encoding"
        ) from error
    tagger = Tagger(_matcher(taxonomy))
    spans = tagger.tag_text(text)
    console = _console()
    console.print(mark_spans(text, [(span.start, span.end) for span in spans]))
    for span in spans:
        concept = tagger.matcher.concept_of(span)
        names = f"{concept.labels['zh']} / {concept.labels['en']}"
        console.print(_plain(f"{span.start:>5}-{span.end:<5} {span.scheme:<13} {span.concept:<22} {names}"))
    if not spans:
        console.print("no concept found")


@app.command()
def evidence(
    concept: Annotated[
        str, typer.Option(help="Concept, such as mobile-money, C7.e-health or theme:internet-governance.")
    ],
    files: Files = None,
    corpus: Corpus = None,
    lang: Annotated[str | None, typer.Option(help="Only texts in zh or en.")] = None,
    years: Annotated[str | None, typer.Option(help="Only these editions, such as 2011 or 2009-2012.")] = None,
    taxonomy: TaxonomyPath = None,
) -> None:
    """List the paragraphs that a concept's share counts, spans marked, each with its citation."""
    from textmine.annotate.tag import Tagger
    from textmine.publish.evidence import find_evidence, parse_years
    from textmine.reports.corpus import corpus_files, read_files
    from textmine.schema import LANGUAGES

    if lang is not None and lang not in LANGUAGES:
        raise UnknownOptionError("language", lang, LANGUAGES)
    tagger = Tagger(_matcher(taxonomy))
    chosen = tagger.matcher.taxonomy.find(concept)
    wanted = parse_years(years) if years else None
    with _progress() as say:
        reports, errors = read_files(files or corpus_files(corpus), progress=lambda name: say(f"reading {name}"))
    console, n_found = _console(), 0
    for report in reports:
        if (lang and report.edition.lang != lang) or (wanted and report.edition.year not in wanted):
            continue
        for item in find_evidence(report, chosen, tagger):
            n_found += 1
            console.print(_plain(item.citation), style="bold")
            console.print(item.marked)
            console.print()
    console.print(f"{n_found} paragraphs speak of {chosen.id} ({chosen.labels['zh']} / {chosen.labels['en']})")
    for error in errors:
        _fail(error)
    if errors:
        raise SystemExit(1)


@app.command()
def features(
    file: Path,
    out: Annotated[Path, typer.Option(help="Folder for the tables.")] = Path("corpus/features"),
    lang: Lang = None,
    year: Year = None,
) -> None:
    """Derive data without running text from a report: counts, tags, heading codes, figures, footnote targets."""
    from textmine.publish.features import write_features
    from textmine.reports.read import read_report

    report = read_report(file, lang=lang, year=year)
    folder = write_features(report, out)
    _console().print(_plain(f"wrote {folder} ({len(report.paragraphs)} paragraphs, no running text)"))


@app.command()
def version() -> None:
    """Print the version."""
    from importlib.metadata import version as installed

    print(f"textmine {installed('textmine')}")


def _matcher(path: Path | None) -> Any:
    from textmine.annotate.match import Matcher, default_matcher
    from textmine.annotate.taxonomy import load_taxonomy

    return default_matcher() if path is None else Matcher(load_taxonomy(path))


def _print_summary(reports: Any, tables: Any, out: Path) -> None:
    from textmine.publish.summary import summarize_run

    console = _console()
    summary = summarize_run(reports, tables)
    table = Table(box=None, pad_edge=False)
    for name, justify in summary.columns:
        table.add_column(name, justify=justify, overflow="fold")
    for row in summary.rows:
        table.add_row(*(_plain(cell) for cell in row))
    console.print(table)
    for line in summary.lines:
        console.print(_plain(line))
    console.print(_plain(f"tables in {out / 'tables'}, figures in {out / 'figures'}, record in {out / 'run.json'}"))


def _say(message: str) -> None:
    """Say a last word on stderr without the libraries that may have failed."""
    os.write(2, message.encode("utf-8", "backslashreplace") + b"\n")


def _fail(error: TextmineError) -> None:
    Console(stderr=True, soft_wrap=True, highlight=False).print(_plain(f"textmine: {error}"))


def _console() -> Console:
    return Console(soft_wrap=True, highlight=False)


def _plain(text: str) -> Text:
    """Text for the terminal: no markup read, control characters shown instead of obeyed."""
    from textmine.publish.evidence import show_controls

    return Text(show_controls(text))


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Show what is being done, on a terminal only."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("starting")
        yield lambda message: bar.update(task, description=message)


if __name__ == "__main__":
    main()
