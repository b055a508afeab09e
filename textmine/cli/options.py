"""Options that several commands share, each spelt once."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from textmine.annotate.line_model import LineModel
    from textmine.annotate.match import Matcher
    from textmine.errors import SourceError
    from textmine.reports.model import Report

Files = Annotated[
    list[Path] | None, typer.Argument(help="Reports (.pdf, .docx, .txt, .md); default: the corpus.", show_default=False)
]
Corpus = Annotated[
    str | None, typer.Option(help="sample, official, or a path; default: $TEXTMINE_CORPUS, else sample.")
]
Lang = Annotated[str | None, typer.Option(help="zh or en; default: told from the text.")]
Year = Annotated[
    int | None, typer.Option(min=1945, max=2100, help="Year of the edition, where file and cover don't say it.")
]
MaxMb = Annotated[float, typer.Option(min=1e-6, max=10_000, help="Largest file accepted, in MB.")]
Reuse = Annotated[
    str, typer.Option(help="keep, or drop: leave out paragraphs that an earlier edition of the corpus has already.")
]
TaxonomyPath = Annotated[Path | None, typer.Option("--taxonomy", help="Folder or file of a taxonomy of your own.")]


def choose_reader(
    files: list[Path] | None, corpus: str | None
) -> "Callable[..., tuple[list[Report], list[SourceError]]]":
    """Return what reads the files named, or the corpus where none is named; see :mod:`textmine.reports.corpus`."""
    from textmine.reports.corpus import read_corpus, read_files

    return partial(read_files, files) if files else partial(read_corpus, corpus)


def choose_matcher(path: Path | None) -> "Matcher":
    """Return the matcher of the taxonomy at a path, or of the one that ships with textmine."""
    from textmine.annotate.match import Matcher, default_matcher
    from textmine.annotate.taxonomy import load_taxonomy

    return default_matcher() if path is None else Matcher(load_taxonomy(path))


def choose_line_model(path: Path | None, matcher: "Matcher") -> "LineModel | None":
    """Return the model at a path, or None where none is named."""
    if path is None:
        return None
    from textmine.annotate.line_model_file import load_line_model
    from textmine.annotate.tag import Tagger

    return load_line_model(path, tagger=Tagger(matcher))
