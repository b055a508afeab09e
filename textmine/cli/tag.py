"""`textmine tag` and `textmine evidence`: where texts name concepts."""

import sys
from typing import Annotated

import typer

from textmine.cli.app import app
from textmine.cli.options import TaxonomyPath, choose_matcher
from textmine.cli.terminal import open_console, plain_text
from textmine.errors import SourceError


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
