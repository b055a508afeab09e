"""`textmine train`: the action-line classifier, from paragraphs whose headings name the line."""

from pathlib import Path
from typing import Annotated

import typer

from textmine.cli.app import app
from textmine.cli.options import Corpus, Files, TaxonomyPath, choose_matcher, choose_reader
from textmine.cli.terminal import open_console, plain_text, print_error, show_progress


@app.command()
def train(
    out: Annotated[Path, typer.Option(help="The model file to write.")],
    files: Files = None,
    corpus: Corpus = None,
    last_year: Annotated[int, typer.Option(help="Learn from editions up to this year.")] = 2018,
    taxonomy: TaxonomyPath = None,
) -> None:
    """Train the action-line classifier on paragraphs whose headings name the line."""
    from textmine.annotate.line_model import train_line_model
    from textmine.annotate.line_model_file import save_line_model
    from textmine.annotate.tag import Tagger
    from textmine.atomic import check_file

    check_file(out)
    tagger = Tagger(choose_matcher(taxonomy))
    with show_progress() as say:
        reports, errors = choose_reader(files, corpus)(progress=lambda name: say(f"reading {name}"))
        for error in errors:
            print_error(error)
        model = train_line_model(reports, last_year=last_year, tagger=tagger, progress=say)
        save_line_model(model, out)
    console = open_console()
    for lang, classifier in model.classifiers.items():
        years = sorted(source.year for source in model.trained_on if source.lang == lang)
        console.print(
            plain_text(
                f"{lang}: {len(classifier.held_out_)} paragraphs of {len(years)} editions {years[0]}-{years[-1]}, "
                f"lines {', '.join(classifier.classes_)}; none below {classifier.threshold_:.2f}; "
                f"right on {classifier.held_out_accuracy_:.1%} of them, each year held out in turn, "
                f"{classifier.held_out_hidden_accuracy_:.1%} with the names of lines hidden"
            )
        )
    console.print(plain_text(f"model in {out}"))
    if errors:
        raise SystemExit(1)
