"""`textmine paper`: all that a paper prints, in one command."""

from pathlib import Path
from typing import Annotated

import typer

from textmine.cli.app import app
from textmine.cli.options import Corpus, TaxonomyPath
from textmine.cli.terminal import open_console, plain_text, show_progress


@app.command()
def paper(
    out: Annotated[Path, typer.Option(help="Folder for everything.")] = Path("textmine-out/paper"),
    corpus: Corpus = None,
    figures: Annotated[
        str | None, typer.Option(help="Figures, with commas; default: all (see textmine figures --list).")
    ] = None,
    draws: Annotated[int, typer.Option(min=19, help="Draws of the permutation tests.")] = 1999,
    taxonomy: TaxonomyPath = None,
) -> None:
    """Make figures, tables, captions, a paragraph on methods, citations and ledgers of a corpus."""
    from textmine.atomic import check_folder
    from textmine.publish.gallery import choose_gallery
    from textmine.publish.paper import write_paper
    from textmine.publish.study import open_study

    names = figures.split(",") if figures else None
    chosen = choose_gallery(names)
    check_folder(out)
    with show_progress() as say:
        study = open_study(corpus, taxonomy=taxonomy, progress=say)
        written = write_paper(study, out, figures=names, n_draws=draws, progress=say)
    console = open_console()
    for path in written:
        console.print(plain_text(str(path)))
    console.print(plain_text(f"{len(chosen)} figures with their ledgers in {out / 'figures'}"))
