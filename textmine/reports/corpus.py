"""A corpus by its name: the built-in sample, the official texts one has, or files of one's own."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from textmine.errors import SourceError
from textmine.reports.manifest import load_manifest
from textmine.reports.model import ReadWarning, Report
from textmine.reports.read import read_report
from textmine.reports.source import MAX_BYTES
from textmine.resources import resource_path

#: Files that are reports, by their ending. Where a folder has the same file in several formats the first is read: Word
#: keeps footnotes and headings as such, a PDF has its layout, and extracted text has lost both.
SUFFIXES = (".docx", ".pdf", ".md", ".markdown", ".txt")
#: Files of these endings are read ahead, so many at a time.
IN_PROCESSES = (".docx", ".pdf")
MAX_PROCESSES = 4
#: Names the corpus where no option does.
VARIABLE = "TEXTMINE_CORPUS"
#: Where official texts lie, below the working directory or one above it.
OFFICIAL = Path("corpus") / "official"


def find_official() -> Path | None:
    """Return the folder of official texts in the working directory or the nearest above it; None where none has texts.

    A notebook works in its own folder, and the texts lie beside that.
    """
    here = Path.cwd()
    for place in (here, *here.parents):
        folder = place / OFFICIAL
        if folder.is_dir() and _list_reports(folder):
            return OFFICIAL if place == here else folder
    return None


def choose_corpus(name: str | Path | None = None) -> str | Path:
    """Return the name of the corpus: the one given, else ``TEXTMINE_CORPUS``, else ``sample``.

    Examples
    --------
    >>> choose_corpus("official")
    'official'
    """
    return name if name is not None else os.environ.get(VARIABLE) or "sample"


def corpus_files(name: str | Path | None = None) -> list[Path]:
    """Return the report files of a corpus, sorted by name.

    Parameters
    ----------
    name : str or Path, optional
        ``sample`` (built in), ``official`` (see :func:`find_official`), or the path of a file or a folder. Default:
        the environment variable ``TEXTMINE_CORPUS``, else ``sample``.

    Raises
    ------
    SourceError
        When there is no such corpus, or it has no report.

    Examples
    --------
    >>> corpus_files("sample")[0].name
    '2008.en.md'
    """
    name = choose_corpus(name)
    if name == "sample":
        folder = resource_path("sample")
    elif name == "official":
        folder = find_official() or OFFICIAL
        if not folder.is_dir():
            raise SourceError(
                f"corpus 'official': no folder {folder} here; fill it with `textmine fetch` or `textmine import FILE`"
            )
    else:
        folder = Path(name)
        if not folder.exists():
            raise SourceError(f"corpus {str(name)!r}: neither 'sample' nor 'official' nor an existing path")
    if folder.is_file():
        return [folder]
    files = _list_reports(folder)
    if not files:
        raise SourceError(f"{folder}: no report in this folder (files ending in {', '.join(SUFFIXES)})")
    return files


def _list_reports(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and path.name != "README.md")


def read_corpus(
    name: str | Path | None = None,
    *,
    lang: str | None = None,
    year: int | None = None,
    max_bytes: int = MAX_BYTES,
    progress: Callable[[str], None] | None = None,
) -> tuple[list[Report], list[SourceError]]:
    """Read a corpus and keep what could be read apart from what could not.

    Every report says in ``edition.corpus`` which corpus it is from: ``sample``, ``official``, or the name of the
    folder or file that was named. What says of itself that it is the sample stays ``sample`` wherever it lies. The
    manifest of the official texts knows which edition each file is.

    Parameters
    ----------
    name : str or Path, optional
        As in :func:`corpus_files`.
    lang, year, max_bytes, progress
        As in :func:`read_files`.

    Returns
    -------
    reports, errors
        As from :func:`read_files`.
    """
    name = choose_corpus(name)
    known = {}
    if name == "official":
        folder = find_official() or OFFICIAL
        known = {folder / entry.file: (entry.lang, entry.year) for entry in load_manifest(folder).values()}
    reports, errors = read_files(
        corpus_files(name), lang=lang, year=year, max_bytes=max_bytes, progress=progress, known=known
    )
    label = str(name) if name in ("sample", "official") else Path(name).resolve().name
    return [_label(report, label) for report in reports], errors


def _label(report: Report, corpus: str) -> Report:
    if report.edition.corpus == "sample":
        return report
    return replace(report, edition=replace(report.edition, corpus=corpus))


def load_corpus(name: str | Path | None = None) -> list[Report]:
    """Read all reports of a corpus; see :func:`corpus_files` for its name and :func:`read_corpus` for its label.

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
    reports, errors = read_corpus(name)
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
    known: Mapping[Path, tuple[str, int]] | None = None,
) -> tuple[list[Report], list[SourceError]]:
    """Read files and keep what could be read apart from what could not.

    Of files in one folder that differ in their ending only, one is read (see :data:`SUFFIXES`) and a warning in its
    report names the others.

    Parameters
    ----------
    paths : sequence of str or Path
    lang, year, max_bytes
        As in :func:`textmine.reports.read.read_report`.
    progress : callable, optional
        Called with each file's name before it is read.
    known : mapping of Path to (str, int), optional
        Language and year of files that are known, where ``lang`` and ``year`` don't say otherwise.

    Returns
    -------
    reports : list of Report
        Sorted by year and language.
    errors : list of SourceError
        One for each file that could not be read or repeats an edition.
    """
    reports: dict[tuple[int, str], tuple[Report, str | Path]] = {}
    errors: list[SourceError] = []
    chosen = choose_formats(paths)

    def read(path: str | Path) -> Report:
        known_lang, known_year = (known or {}).get(Path(path), (None, None))
        return read_report(path, lang=lang or known_lang, year=year or known_year, max_bytes=max_bytes)

    for path, result in _read_ahead(list(chosen), read, progress or (lambda _: None)):
        others = chosen[path]
        if isinstance(result, SourceError):
            errors.append(result)
            continue
        report = result
        if others:
            message = f"the same in another format, not read: {', '.join(others)}"
            warning = ReadWarning("other-format", message, 1, 1)
            report = replace(report, warnings=(warning, *report.warnings))
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


def _read_ahead(
    paths: Sequence[str | Path], read: Callable[[str | Path], Report], progress: Callable[[str], None]
) -> Iterator[tuple[str | Path, Report | SourceError]]:
    """Yield what became of each file, in order; PDF and Word files are read several at a time, each in its process."""
    pool = ThreadPoolExecutor(min(MAX_PROCESSES, os.cpu_count() or 1))
    try:
        ahead = {path: pool.submit(read, path) for path in paths if Path(path).suffix.lower() in IN_PROCESSES}
        for path in paths:
            progress(Path(path).name)
            try:
                yield path, ahead.pop(path).result() if path in ahead else read(path)
            except SourceError as error:
                yield path, error
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def choose_formats(paths: Sequence[str | Path]) -> dict[str | Path, list[str]]:
    """Choose one of the files that differ in their ending only.

    Parameters
    ----------
    paths : sequence of str or Path

    Returns
    -------
    dict of str or Path to list of str
        The files to read, in the order given, each with the names of those that it stands for.

    Examples
    --------
    >>> choose_formats(["A-66-64.zh.pdf", "A-66-64.zh.docx", "A-67-66.zh.pdf"])
    {'A-66-64.zh.docx': ['A-66-64.zh.pdf'], 'A-67-66.zh.pdf': []}
    """
    groups: dict[Path, list[str | Path]] = {}
    for path in paths:
        suffix = Path(path).suffix.lower()
        groups.setdefault(Path(path).with_suffix("") if suffix in SUFFIXES else Path(path), []).append(path)
    chosen: dict[str | Path, list[str]] = {}
    for group in groups.values():
        first = min(group, key=_rank)
        chosen[first] = [Path(path).name for path in group if Path(path) != Path(first)]
    return chosen


def _rank(path: str | Path) -> int:
    suffix = Path(path).suffix.lower()
    return SUFFIXES.index(suffix) if suffix in SUFFIXES else len(SUFFIXES)
