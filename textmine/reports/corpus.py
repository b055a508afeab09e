"""A corpus by its name: the built-in sample, the official texts one has, or files of one's own."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from textmine.errors import SourceError
from textmine.reports.model import Report
from textmine.reports.read import read_report
from textmine.reports.source import MAX_BYTES
from textmine.resources import resource_path

SUFFIXES = (".txt", ".md", ".markdown")
#: Names the corpus where no option does.
VARIABLE = "TEXTMINE_CORPUS"
#: Where official texts lie, below the working directory.
OFFICIAL = Path("corpus") / "official"


def corpus_files(name: str | Path | None = None) -> list[Path]:
    """Return the report files of a corpus, sorted by name.

    Parameters
    ----------
    name : str or Path, optional
        ``sample`` (built in), ``official`` (``corpus/official/`` below the working directory), or the path of a
        file or a folder. Default: the environment variable ``TEXTMINE_CORPUS``, else ``sample``.

    Raises
    ------
    SourceError
        When there is no such corpus, or it has no report.

    Examples
    --------
    >>> corpus_files("sample")[0].name
    '2008.en.md'
    """
    name = name if name is not None else os.environ.get(VARIABLE) or "sample"
    if name == "sample":
        folder = resource_path("sample")
    elif name == "official":
        folder = OFFICIAL
        if not folder.is_dir():
            raise SourceError(f"corpus 'official': no folder {folder} here; put the official texts there as .txt files")
    else:
        folder = Path(name)
        if not folder.exists():
            raise SourceError(f"corpus {str(name)!r}: neither 'sample' nor 'official' nor an existing path")
    if folder.is_file():
        return [folder]
    files = sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES and path.name != "README.md")
    if not files:
        raise SourceError(f"{folder}: no report in this folder (files ending in {', '.join(SUFFIXES)})")
    return files


def load_corpus(name: str | Path | None = None) -> list[Report]:
    """Read all reports of a corpus; see :func:`corpus_files` for its name.

    Returns
    -------
    list of Report
        Sorted by year and language.

    Raises
    ------
    SourceError
        When a file can't be read or two are the same edition.

    Examples
    --------
    >>> reports = load_corpus("sample")
    >>> sorted({report.edition.lang for report in reports})
    ['en', 'zh']
    """
    reports, errors = read_files(corpus_files(name))
    if errors:
        raise errors[0]
    return reports


def read_files(
    paths: Sequence[str | Path],
    *,
    lang: str | None = None,
    year: int | None = None,
    max_bytes: int = MAX_BYTES,
    progress: Callable[[str], None] | None = None,
) -> tuple[list[Report], list[SourceError]]:
    """Read files and keep what could be read apart from what could not.

    Parameters
    ----------
    paths : sequence of str or Path
    lang, year, max_bytes
        As in :func:`textmine.reports.read.read_report`.
    progress : callable, optional
        Called with each file's name before it is read.

    Returns
    -------
    reports : list of Report
        Sorted by year and language.
    errors : list of SourceError
        One for each file that could not be read or repeats an edition.
    """
    reports: dict[tuple[int, str], tuple[Report, str | Path]] = {}
    errors: list[SourceError] = []
    for path in paths:
        if progress:
            progress(Path(path).name)
        try:
            report = read_report(path, lang=lang, year=year, max_bytes=max_bytes)
        except SourceError as error:
            errors.append(error)
            continue
        key = (report.edition.year, report.edition.lang)
        if key in reports:
            errors.append(
                SourceError(
                    f"{path}: the {key[0]} edition in {key[1]} again, after {reports[key][1]}; name one of them"
                )
            )
            continue
        reports[key] = (report, path)
    return [reports[key][0] for key in sorted(reports)], errors
