"""What lies among the official texts and where each file came from: ``manifest.json``."""

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path

from textmine.atomic import write_file
from textmine.errors import SourceError
from textmine.reports.catalogue import document_name
from textmine.reports.model import Edition

NAME = "manifest.json"
#: What the UN says of its documents, as far as we know; recorded with each file.
TERMS = (
    "Document of the United Nations issued under a symbol; such documents are generally outside copyright "
    "(ST/AI/189/Add.9/Rev.2, not checked for this document). textmine does not redistribute it."
)
#: Where a replaced file is kept, below the folder of the official texts.
SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: which edition it is, where and when it came from, and the SHA-256 of its bytes.

    ``url`` is empty for an imported file, whose name was ``imported_from``; ``retrieved`` is in UTC (ISO 8601);
    ``etag`` and ``last_modified`` are what the server said, for asking again; ``supersedes`` is the SHA-256 of the
    file it replaced; ``note`` says what was doubtful.
    """

    file: str
    year: int
    lang: str
    symbol: str
    kind: str
    sha256: str
    n_bytes: int
    retrieved: str
    url: str = ""
    imported_from: str = ""
    etag: str = ""
    last_modified: str = ""
    supersedes: str = ""
    note: str = ""
    terms: str = TERMS


def draft_entry(edition: Edition, kind: str, retrieved: datetime, **origin: str) -> Entry:
    """Return the entry of a document that is still to be stored, which fills in its hash and size.

    Parameters
    ----------
    edition : Edition
    kind : {'pdf', 'docx', 'txt'}
    retrieved : datetime
        In UTC.
    **origin : str
        ``url``, ``imported_from``, ``etag``, ``last_modified``, ``note``.
    """
    return Entry(
        file=document_name(edition, kind),
        year=edition.year,
        lang=edition.lang,
        symbol=edition.symbol,
        kind=kind,
        sha256="",
        n_bytes=0,
        retrieved=retrieved.strftime("%Y-%m-%dT%H:%M:%SZ"),
        **origin,
    )


def load_manifest(folder: str | Path) -> dict[str, Entry]:
    """Return the entries of a folder's manifest by file name; none where there is no manifest.

    Raises
    ------
    SourceError
        When the manifest isn't one.

    Examples
    --------
    >>> load_manifest("no such folder")
    {}
    """
    path = Path(folder) / NAME
    if not path.exists():
        return {}
    try:
        files = json.loads(path.read_bytes())["files"]
        entries = {name: Entry(file=name, **values) for name, values in files.items()}
        if any(type(getattr(entry, at.name)) is not at.type for entry in entries.values() for at in fields(Entry)):
            raise TypeError("a field of another type")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise SourceError(
            f"{path}: not a manifest ({type(error).__name__}: {error}); move it away, fetch and import write a new one"
        ) from error
    return entries


def save_entry(folder: str | Path, entry: Entry) -> None:
    """Add an entry to a folder's manifest, or replace the one of the same file; sorted, whole or not at all."""
    entries = {**load_manifest(folder), entry.file: entry}
    files = {}
    for name in sorted(entries):
        files[name] = {key: value for key, value in asdict(entries[name]).items() if key != "file"}
    text = json.dumps({"files": files}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    write_file(Path(folder) / NAME, lambda path: path.write_text(text, encoding="utf-8"))


def has_file(folder: str | Path, entry: Entry) -> bool:
    """Whether the file of an entry is there with the bytes that were recorded."""
    path = Path(folder) / entry.file
    return path.is_file() and path.stat().st_size == entry.n_bytes and hash_bytes(path.read_bytes()) == entry.sha256


def hash_bytes(data: bytes) -> str:
    """Return the SHA-256 of some bytes, in hexadecimal.

    Examples
    --------
    >>> hash_bytes(b"")[:12]
    'e3b0c44298fc'
    """
    return hashlib.sha256(data).hexdigest()
