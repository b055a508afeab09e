"""`textmine evidence`: the paragraphs behind a concept's share, or behind a mark of a figure."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from textmine.cli.app import app
from textmine.cli.options import Corpus, TaxonomyPath, choose_matcher, choose_reader
from textmine.cli.terminal import open_console, plain_text, print_error, show_progress
from textmine.errors import SourceError, UnknownOptionError

if TYPE_CHECKING:
    from rich.console import Console

    from textmine.publish.behind import Behind

# A terminal narrower than this shows the languages below each other.
_SIDE_BY_SIDE = 100


@app.command()
def evidence(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="With --concept: reports; with --series: one figure of figures/, or its ledger."),
    ] = None,
    concept: Annotated[
        str | None, typer.Option(help="Concept, such as mobile-money, C7.e-health or theme:internet-governance.")
    ] = None,
    series: Annotated[str | None, typer.Option(help="Series of the figure, such as mobile-money.")] = None,
    year: Annotated[str | None, typer.Option(help="Point of the series, such as 2011.")] = None,
    corpus: Corpus = None,
    lang: Annotated[str | None, typer.Option(help="Only texts in zh or en.")] = None,
    years: Annotated[
        str | None, typer.Option(help="With --concept: only these editions, such as 2011 or 2009-2012.")
    ] = None,
    bibtex: Annotated[
        bool, typer.Option("--bibtex", help="With --series: print BibTeX entries of the reports.")
    ] = False,
    taxonomy: TaxonomyPath = None,
) -> None:
    """List the paragraphs behind a number, spans marked, each with its citation."""
    from textmine.schema import LANGUAGES

    if lang is not None and lang not in LANGUAGES:
        raise UnknownOptionError("language", lang, LANGUAGES)
    if (concept is None) == (series is None):
        raise typer.BadParameter("give --concept CONCEPT, or a figure and --series SERIES")
    if series is not None:
        _show_mark(files or [], series=series, year=year, corpus=corpus, lang=lang, bibtex=bibtex, taxonomy=taxonomy)
    elif concept is not None:
        _show_concept(files, concept=concept, corpus=corpus, lang=lang, years=years, taxonomy=taxonomy)


def _show_concept(
    files: list[Path] | None,
    *,
    concept: str,
    corpus: str | None,
    lang: str | None,
    years: str | None,
    taxonomy: Path | None,
) -> None:
    from textmine.annotate.tag import Tagger
    from textmine.publish.evidence import find_evidence, parse_years

    tagger = Tagger(choose_matcher(taxonomy))
    chosen = tagger.matcher.taxonomy.find(concept)
    wanted = parse_years(years) if years else None
    with show_progress() as say:
        reports, errors = choose_reader(files, corpus)(progress=lambda name: say(f"reading {name}"))
    console, n_found = open_console(), 0
    for report in reports:
        if (lang and report.edition.lang != lang) or (wanted and report.edition.year not in wanted):
            continue
        for item in find_evidence(report, chosen, tagger):
            n_found += 1
            console.print(plain_text(item.citation), style="bold")
            console.print(item.marked)
            console.print()
    console.print(f"{n_found} paragraphs speak of {chosen.id} ({chosen.labels['zh']} / {chosen.labels['en']})")
    for error in errors:
        print_error(error)
    if errors:
        raise SystemExit(1)


def _show_mark(
    files: list[Path],
    *,
    series: str,
    year: str | None,
    corpus: str | None,
    lang: str | None,
    bibtex: bool,
    taxonomy: Path | None,
) -> None:
    from textmine.publish.behind import cite_bibtex, find_claims, show_behind
    from textmine.publish.ledger import read_ledger
    from textmine.publish.study import open_study

    if len(files) != 1:
        raise SourceError("--series asks for one figure, such as: textmine evidence trends --series cloud --year 2011")
    path = files[0] if files[0].suffix == ".json" or files[0].exists() else Path("figures") / f"{files[0]}.json"
    ledger = read_ledger(path)
    claims = [
        claim for claim in find_claims(ledger, series=series, x=year) if lang in (None, *claim.lang.split("+"), "")
    ]
    with show_progress() as say:
        study = open_study(corpus or ledger.study, taxonomy=taxonomy, progress=say)
    console = open_console()
    for claim in claims:
        interval = "" if claim.low is None or claim.high is None else f" ({claim.low:.4g} to {claim.high:.4g})"
        value = "none" if claim.value is None else f"{claim.value:.4g}"
        console.print(plain_text(f"{claim.name}: {value}{interval}, {claim.unit}, n = {claim.n}"), style="bold")
    console.print(plain_text(ledger.method))
    console.print()
    shown = show_behind(claims, study)
    for item in shown:
        _print_behind(console, item, lang)
    console.print(f"{len(shown)} paragraphs")
    if bibtex:
        for report in study.reports:
            year_of, lang_of = report.edition.year, report.edition.lang
            cited = [
                item.paragraph
                for item in shown
                if item.edition == year_of and lang_of in item.texts and item.texts[lang_of].is_evidence
            ]
            if cited:
                console.print(plain_text(cite_bibtex(report, cited)))


def _print_behind(console: "Console", item: "Behind", lang: str | None) -> None:
    from rich.table import Table

    texts = [shown for name, shown in item.texts.items() if lang in (None, name)]
    if console.is_terminal and console.width >= _SIDE_BY_SIDE and len(texts) > 1:
        grid = Table(box=None, pad_edge=False, expand=True)
        for shown in texts:
            grid.add_column(plain_text(shown.citation), ratio=1, overflow="fold")
        grid.add_row(*(shown.marked for shown in texts))
        console.print(grid, soft_wrap=False)
    else:
        for shown in texts:
            note = "" if shown.is_evidence else " (the other language; no evidence marked)"
            console.print(plain_text(shown.citation + note), style="bold")
            console.print(shown.marked)
    console.print()
