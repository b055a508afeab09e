"""`textmine export`: a corpus in the formats that other programs read."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from textmine.cli.app import app
from textmine.cli.options import Corpus, Files, Lang, MaxMb, TaxonomyPath, Year, choose_matcher, choose_reader
from textmine.cli.terminal import open_console, plain_text, print_error, show_progress

if TYPE_CHECKING:
    from textmine.errors import SourceError


@app.command()
def export(
    format: Annotated[  # noqa: A002 - the word for it
        str,
        typer.Argument(
            help="akn, conllu, csv, datapackage, graphml, jsonl, label-studio, parquet, spacy or tei.",
            show_default=False,
        ),
    ],
    files: Files = None,
    corpus: Corpus = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the files; default: textmine-out/export/FORMAT.", show_default=False)
    ] = None,
    lang: Lang = None,
    year: Year = None,
    taxonomy: TaxonomyPath = None,
    max_mb: MaxMb = 20.0,
) -> None:
    """Write texts with their tags, or their tables, in a format that other programs read."""
    from textmine.annotate.annotate import annotate_reports
    from textmine.atomic import check_folder
    from textmine.publish.export.formats import export_study, find_format
    from textmine.publish.study import FEATURES, FILES, Study, open_study
    from textmine.publish.words import word
    from textmine.reports.corpus import choose_corpus

    find_format(format)
    folder = check_folder(out if out is not None else Path("textmine-out") / "export" / format)
    name = FILES if files else str(choose_corpus(corpus))
    errors: list[SourceError] = []
    with show_progress() as say:
        if name.startswith(FEATURES):
            study = open_study(name, taxonomy=taxonomy)
        else:
            matcher = choose_matcher(taxonomy)
            reports, errors = choose_reader(files, corpus)(
                lang=lang, year=year, max_bytes=int(max_mb * 1e6), progress=lambda file: say(f"reading {file}")
            )
            for error in errors:
                print_error(error)
            if not reports:
                raise SystemExit(1)
            tables = annotate_reports(reports, matcher=matcher, progress=lambda edition: say(f"annotating {edition}"))
            study = Study(tables, matcher.taxonomy, name=name, reports=reports)
        say(f"writing {format}")
        exported = export_study(study, format, folder)
    console = open_console()
    for path in exported.files:
        console.print(plain_text(str(path)))
    for note in exported.notes:
        console.print(plain_text(note))
    if "sample" in study.corpora:
        console.print(word("sample", "en"))
    if errors:
        raise SystemExit(1)
