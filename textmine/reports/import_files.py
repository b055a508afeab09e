"""A report that one has as a file goes among the official texts, once it is known which edition it is."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from textmine.errors import SourceError
from textmine.reports.archive import Stored, store_document
from textmine.reports.corpus import OFFICIAL
from textmine.reports.identify import identify_document
from textmine.reports.manifest import draft_entry
from textmine.reports.source import MAX_BYTES, read_bytes


def import_report(
    path: str | Path,
    *,
    symbol: str | None = None,
    lang: str | None = None,
    folder: str | Path = OFFICIAL,
    max_bytes: int = MAX_BYTES,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Stored:
    """Copy a report into the folder of official texts under a name made of its symbol and language.

    The edition is recognised from the document itself (see :func:`textmine.reports.identify.identify_document`),
    the file's name counts for nothing. A differing file of the same name is kept in ``superseded/``.

    Parameters
    ----------
    path : str or Path
        PDF, DOCX or plain text.
    symbol : str, optional
        Such as ``A/66/64``, where the document doesn't say it.
    lang : {'zh', 'en'}, optional
        Where the text doesn't show it.
    folder : str or Path
        Default ``corpus/official`` below the working directory.
    max_bytes : int
        Largest file accepted.
    now : callable
        The clock, in UTC.

    Returns
    -------
    Stored

    Raises
    ------
    SourceError
        When the file can't be read, or it stays in doubt which edition it is; the message names the option to give.
    OutputError
        When the folder can't be written to.
    """
    path = Path(path)
    if path.suffix.lower() in (".md", ".markdown"):
        raise SourceError(f"{path}: import takes PDF, DOCX and plain text; Markdown is read where it is: --corpus PATH")
    data = read_bytes(path, max_bytes)
    identity = identify_document(data, str(path), symbol=symbol, lang=lang)
    entry = draft_entry(identity.edition, identity.kind, now(), imported_from=path.name, note=identity.note)
    return store_document(folder, entry, data)
