"""`textmine explore`: the reports in a stand-alone page, or how to open the widget in JupyterLab."""

from pathlib import Path
from typing import Annotated

import typer

from textmine.cli.app import app
from textmine.cli.options import Corpus, TaxonomyPath
from textmine.cli.terminal import open_console, plain_text, show_progress
from textmine.errors import UnknownOptionError

_WIDGET = """In JupyterLab, with `pip install 'textmine[lab]'`:

    import textmine
    textmine.explore({corpus})

Without Python for your readers: textmine explore --html page.html"""


@app.command()
def explore(
    html: Annotated[
        Path | None, typer.Option("--html", help="File to write: a page with trends, their paragraphs, and search.")
    ] = None,
    corpus: Corpus = None,
    lang_of_words: Annotated[
        str, typer.Option(help="Language in which the page opens: en or zh; it switches between both.")
    ] = "en",
    taxonomy: TaxonomyPath = None,
    text: Annotated[
        str,
        typer.Option(
            help="Paragraphs that the page holds: all, evidence (a few behind each point of a trend), or none."
        ),
    ] = "all",
    max_mb: Annotated[float, typer.Option(min=0.1, help="Largest page written, in MB.")] = 50.0,
) -> None:
    """Explore the reports: one HTML file that needs no network, or the widget in JupyterLab."""
    from textmine.publish.page_text import NONE, check_text
    from textmine.schema import LANGUAGES

    if lang_of_words not in LANGUAGES:
        raise UnknownOptionError("language of the words", lang_of_words, LANGUAGES)
    check_text(text)
    console = open_console()
    if html is None:
        console.print(plain_text(_WIDGET.format(corpus=repr(corpus) if corpus else "")))
        return
    from textmine.atomic import check_file
    from textmine.publish.page import write_page
    from textmine.publish.page_chart import name_library
    from textmine.publish.study import open_study

    name_library()  # a missing library, or a file that can't be written, stops the work before it starts
    check_file(html)
    with show_progress() as say:
        study = open_study(corpus, taxonomy=taxonomy, progress=say)
        path = write_page(study, html, words=lang_of_words, text=text, max_mb=max_mb, progress=say)
    size = path.stat().st_size / 1e6
    console.print(plain_text(f"{path}: {study.paragraphs.height} paragraphs, {size:.1f} MB; open it in any browser"))
    if study.corpora == ["sample"]:
        console.print("the sample is written by the textmine authors; its shares say nothing about the United Nations")
    elif text != NONE:
        console.print(
            "the file contains the text of the reports; whether it may be passed on is for you and their terms to say"
        )
