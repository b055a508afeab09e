"""`textmine tag` and `textmine evidence`: where texts name concepts."""

import sys
from typing import Annotated

import typer

from textmine.cli.app import app
from textmine.cli.options import Corpus, Files, TaxonomyPath, choose_matcher, choose_reader
from textmine.cli.terminal import open_console, plain_text, print_error, show_progress
from textmine.errors import SourceError, UnknownOptionError


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
    tagger = Tagger(choose_matcher(taxonomy))
    spans = tagger.tag_text(text)
    console = open_console()
    console.print(mark_spans(text, [(span.start, span.end) for span in spans]))
    for span in spans:
        concept = tagger.matcher.concept_of(span)
        names = f"{concept.labels['zh']} / {concept.labels['en']}"
        console.print(plain_text(f"{span.start:>5}-{span.end:<5} {span.scheme:<13} {span.concept:<22} {names}"))
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
    from textmine.schema import LANGUAGES

    if lang is not None and lang not in LANGUAGES:
        raise UnknownOptionError("language", lang, LANGUAGES)
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
