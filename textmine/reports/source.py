"""Bytes become text, or a clear refusal: size, type and encoding of a source file."""

import hashlib
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import charset_normalizer

from textmine.errors import SourceError
from textmine.reports.kind import REFUSED

#: A report is about 0.1 MB of text; whatever is far beyond that is not a report.
MAX_BYTES = 20_000_000

_READ = "not text; textmine.read_report reads it"
_NOT_TEXT = {b"%PDF-": f"a PDF, {_READ}", b"PK\x03\x04": f"a ZIP container (DOCX, ...), {_READ}"} | REFUSED
# Byte-order marks, longest first: UTF-32-LE begins like UTF-16-LE.
_MARKS = {
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
#: The encoding is told from so many bytes.
_SAMPLE = 200_000
_GB_FAMILY = {"gb2312", "gbk", "gb18030", "cp936", "hz"}


@dataclass(frozen=True, slots=True)
class SourceText:
    r"""The decoded text of a file (NFC, line ends as ``\\n``), with what is needed to cite it."""

    name: str
    text: str
    sha256: str
    encoding: str


def load_text(path: str | Path, *, max_bytes: int = MAX_BYTES) -> SourceText:
    """Read a text file whatever common encoding it has, or refuse it by name.

    Parameters
    ----------
    path : str or Path
        The file.
    max_bytes : int
        Largest file accepted.

    Returns
    -------
    SourceText

    Raises
    ------
    SourceError
        When the file is missing, a folder, unreadable, empty, too large, binary or in no encoding that fits.
    """
    path = Path(path)
    return decode_text(path, read_bytes(path, max_bytes))


def decode_text(path: Path, data: bytes) -> SourceText:
    """Return the text that a file's bytes are, or refuse them as :func:`load_text` does."""
    for magic, what in _NOT_TEXT.items():
        if data.startswith(magic):
            raise SourceError(f"{path}: this is {what}")
    text, encoding = _decode(path, data)
    if not text.strip():
        raise SourceError(f"{path}: the file holds white space only; there is nothing to read")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    return SourceText(path.name, unicodedata.normalize("NFC", text), hashlib.sha256(data).hexdigest(), encoding)


def read_bytes(path: Path, max_bytes: int) -> bytes:
    """Return a file's bytes, or refuse it by name: missing, a folder, unreadable, empty, too large.

    Raises
    ------
    SourceError
    """
    try:
        if path.is_dir():
            raise SourceError(f"{path}: this is a folder; name the report files in it, such as {path}/*.txt")
        if not path.exists():
            raise SourceError(f"{path}: no such file; check the path")
        if not path.is_file():
            raise SourceError(f"{path}: not a regular file; copy its content to a file first")
        with path.open("rb") as stream:
            data = stream.read(max_bytes + 1)
    except OSError as error:
        raise SourceError(f"{path}: can't be read ({error.strerror}); check its permissions") from error
    if not data:
        raise SourceError(f"{path}: the file is empty (0 bytes); fetch or export it again")
    if len(data) > max_bytes:
        raise SourceError(
            f"{path}: larger than {max_bytes / 1e6:g} MB, and a report's text is about 0.1 MB; "
            "check that it is one report, or raise the limit with --max-mb"
        )
    return data


def _decode(path: Path, data: bytes) -> tuple[str, str]:
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            text = _decode_as(path, data, encoding)
            if "\x00" in text:
                raise SourceError(
                    f"{path}: binary data (NUL character in line {text.count(chr(10), 0, text.index(chr(0))) + 1:,}), "
                    "not text; save the report as UTF-8"
                )
            return text, encoding
    if b"\x00" in data:
        raise SourceError(f"{path}: binary data (NUL byte at {data.index(0):,}), not text; save the report as UTF-8")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        place = error.start
    # Whole lines: a line's end is never inside a character.
    sample = data if len(data) <= _SAMPLE else data[: data.rfind(b"\n", 0, _SAMPLE) + 1] or data[:_SAMPLE]
    guess = charset_normalizer.from_bytes(sample).best()
    if guess is not None and guess.encoding in _GB_FAMILY:
        return _decode_as(path, data, "gb18030"), "gb18030"
    named = f"it looks like {guess.encoding}" if guess is not None else "no encoding fits"
    raise SourceError(
        f"{path}: not UTF-8 (byte {place:,}, line {data.count(10, 0, place) + 1:,}) nor GB18030; {named}; "
        "convert it, for example `iconv -t UTF-8`"
    )


def _decode_as(path: Path, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{path}: says it is {encoding} but byte {error.start:,} isn't; convert it to UTF-8"
        ) from error
