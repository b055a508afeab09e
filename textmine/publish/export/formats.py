"""All formats under their names, and the one call that writes a study in any of them."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from textmine.atomic import check_folder
from textmine.errors import UnknownOptionError
from textmine.publish.export.exported import Exported
from textmine.publish.study import Study


class Format(NamedTuple):
    """Where a format's function is, imported when it is first used, and what it writes."""

    module: str
    function: str
    about: str


#: By the names that the command line takes.
FORMATS = {
    "akn": Format("akoma_ntoso", "export_akoma_ntoso", "Akoma Ntoso 3.0, a file for each report"),
    "conllu": Format("conllu", "export_conllu", "CoNLL-U with tags and offsets, a file for each report"),
    "csv": Format("table_files", "export_csv", "tables as CSV that a spreadsheet opens safely"),
    "datapackage": Format(
        "data_package", "export_data_package", "tables as plain CSV, with the meaning of each column"
    ),
    "graphml": Format("graphml", "export_graphml", "networks of concepts in the same paragraphs"),
    "jsonl": Format("table_files", "export_jsonl", "tables as JSON Lines"),
    "label-studio": Format("label_studio", "export_label_studio", "tasks of Label Studio, tags as predictions"),
    "parquet": Format("table_files", "export_parquet", "tables as Parquet"),
    "spacy": Format("spacy_docs", "export_spacy", "spaCy DocBin, a file for each report"),
    "tei": Format("tei", "export_tei", "TEI P5 with tags as stand-off, a file for each report"),
}


def export_study(study: Study, format: str, out: str | Path) -> Exported:  # noqa: A002 - the word for it
    """Write a study in a format that other programs read.

    Parameters
    ----------
    study : Study
        As :func:`textmine.open_study` returns it.
    format : {'akn', 'conllu', 'csv', 'datapackage', 'graphml', 'jsonl', 'label-studio', 'parquet', 'spacy', 'tei'}
    out : str or Path
        Folder, made where it is missing.

    Returns
    -------
    Exported
        ``files`` written, in order, and ``notes``: what a reader of them must be told, such as characters that XML
        can't hold. Every file is whole or not there, and the same study gives the same bytes.

    Raises
    ------
    UnknownOptionError
        For another format.
    ContractError
        When a format of running text is asked of features, or the document isn't valid by the format's schema.
    OutputError
        When the folder can't be written to.
    """
    return find_format(format)(study, check_folder(out))


def find_format(name: str) -> Callable[[Study, Path], Exported]:
    """Return the function that writes a format."""
    if name not in FORMATS:
        raise UnknownOptionError("format", name, sorted(FORMATS))
    chosen = FORMATS[name]
    found: Callable[[Study, Path], Exported] = getattr(
        import_module(f"textmine.publish.export.{chosen.module}"), chosen.function
    )
    return found
