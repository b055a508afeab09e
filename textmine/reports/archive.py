"""The folder of official texts: a document goes in under its own name, and what it replaces is kept."""

from dataclasses import dataclass, replace
from pathlib import Path

from textmine.atomic import write_bytes
from textmine.reports.manifest import SUPERSEDED, Entry, hash_bytes, load_manifest, save_entry


@dataclass(frozen=True, slots=True)
class Stored:
    """Where a document is now, and what became of a different one of that name.

    ``status`` is ``new``, ``same`` (these bytes were there) or ``replaced`` (the former file is at ``kept``).
    """

    path: Path
    status: str
    entry: Entry
    kept: Path | None = None


def store_document(folder: str | Path, entry: Entry, data: bytes) -> Stored:
    """Put a document among the official texts and record it; a differing file of that name is kept, not lost.

    The former file is copied to ``superseded/`` under a name with its SHA-256 before the new one takes its place;
    every file appears whole or not at all.

    Parameters
    ----------
    folder : str or Path
        Made where it is missing.
    entry : Entry
        What to record; ``sha256``, ``n_bytes`` and ``supersedes`` are filled in here.
    data : bytes

    Returns
    -------
    Stored

    Raises
    ------
    OutputError
        When something can't be written; what was there is as it was.
    """
    folder = Path(folder)
    path = folder / entry.file
    former = load_manifest(folder).get(entry.file)
    entry = replace(entry, sha256=hash_bytes(data), n_bytes=len(data))
    old = path.read_bytes() if path.is_file() else None
    if old == data:
        if former is not None and former.sha256 == entry.sha256:
            entry = replace(entry, supersedes=former.supersedes)
        save_entry(folder, entry)
        return Stored(path, "same", entry)
    kept = None
    if old is not None:
        entry = replace(entry, supersedes=hash_bytes(old))
        kept = folder / SUPERSEDED / f"{path.stem}.{entry.supersedes[:12]}{path.suffix}"
        former_bytes = old
        write_bytes(kept, former_bytes)
    write_bytes(path, data)
    save_entry(folder, entry)
    return Stored(path, "new" if kept is None else "replaced", entry, kept)
