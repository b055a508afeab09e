"""What kind of file some bytes are, by their content; a name proves nothing."""

import io
import re
import zipfile

from textmine.errors import SourceError

KINDS = ("pdf", "docx", "txt")
#: A PDF ends with this mark; a body cut short has lost it.
PDF_END, PDF_TAIL = b"%%EOF", 2048
#: A Word file has about 20 members; a directory of more isn't even unpacked.
MAX_MEMBERS = 2_000

_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_DIRECTORY_ENTRY = b"PK\x01\x02"
_CONVERT = "convert it with LibreOffice (soffice --headless --convert-to docx FILE)"
#: Beginnings of files that nothing here reads, with the way out.
REFUSED = {
    b"\xd0\xcf\x11\xe0": f"an old binary Word file (.doc) or an encrypted one; {_CONVERT}",
    b"\xffWPC": f"a WordPerfect file; {_CONVERT}",
    b"{\\rtf": f"an RTF file; {_CONVERT}",
}
_HTML = re.compile(rb"\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)


def detect_kind(data: bytes) -> str:
    """Return ``pdf``, ``docx`` or ``txt`` by a file's content, or refuse it by name.

    Raises
    ------
    SourceError
        For an empty, truncated or foreign file; the message completes “this is ...”.

    Examples
    --------
    >>> detect_kind("1. 本报告...".encode())
    'txt'
    >>> detect_kind(b"<!DOCTYPE html><p>No document")
    Traceback (most recent call last):
        ...
    textmine.errors.SourceError: an HTML page, not a document
    """
    if not data.strip():
        raise SourceError("an empty file (no bytes)")
    for magic, what in REFUSED.items():
        if data.startswith(magic):
            raise SourceError(what)
    if _HTML.match(data[:1024].removeprefix(b"\xef\xbb\xbf")):
        raise SourceError("an HTML page, not a document")
    if data.startswith(b"%PDF-"):
        if PDF_END not in data[-PDF_TAIL:]:
            raise SourceError("a PDF cut short (its end mark is missing)")
        return "pdf"
    if data.startswith(_ZIP):
        return _detect_in_zip(data)
    return "txt"


def _detect_in_zip(data: bytes) -> str:
    if data.count(_DIRECTORY_ENTRY) > MAX_MEMBERS:
        raise SourceError(
            f"a ZIP container of more than {MAX_MEMBERS:,} members, made to fill the memory of its reader"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise SourceError(f"a ZIP container cut short or damaged ({error})") from error
    if "word/document.xml" not in names:
        raise SourceError("a ZIP container that isn't a Word file (DOCX)")
    return "docx"
