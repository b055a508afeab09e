"""The characters of a PDF with their place, size and font; pages that hold no such characters are refused by name.

PDFium decodes (pypdfium2). It is not safe in threads; the caller runs this in a process of its own.
"""

import ctypes
import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from textmine.errors import SourceError

#: A report of the series has 15 to 40 pages.
MAX_PAGES = 400
#: A full page has about 4,000 characters.
MAX_GLYPHS = 2_000_000
#: With more undecodable characters than this share, the text layer is of no use.
MAX_UNDECODED = 0.2
#: A page with an image and fewer characters than this is a scan.
_FEW = 40
#: A digit whose ink begins this much of its size above the baseline is a superscript.
_RAISED = 0.2
#: A box narrower than this many ems holds one letter of a ligature.
_LETTER = 0.42
#: Text at less than this angle, in degrees, stands upright.
_UPRIGHT = 5
_SPACE, _DELETE = 0x20, 0x7F
_LINE_END_HYPHENS = "\u00ad\ufffe\x02"
SOFT_HYPHEN = "\u00ad"
UNDECODED = "\ufffd"
_OCR = "run OCR first, for example `ocrmypdf --rotate-pages IN.pdf OUT.pdf`, and read its result"


@dataclass(slots=True)
class Glyph:
    """A character on the page: its text (more than one character for a ligature), where it stands, how it is set.

    Points, from the lower left corner of the page as displayed; ``y`` is the baseline.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    font: str


@dataclass(slots=True)
class PageGlyphs:
    """The upright characters of one page, and how many others there were."""

    number: int
    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    n_undecoded: int = 0
    n_rotated: int = 0
    has_images: bool = False


def read_glyphs(data: bytes, *, name: str, max_pages: int = MAX_PAGES) -> list[PageGlyphs]:
    """Return the characters of each page.

    Parameters
    ----------
    data : bytes
        The file.
    name : str
        What to call it in messages.
    max_pages : int
        Most pages accepted.

    Raises
    ------
    SourceError
        When the file is empty, no PDF, damaged, encrypted, too long, or holds no text or only scanned or rotated
        text on some pages.
    """
    if not data:
        raise SourceError(f"{name}: the file is empty (0 bytes); fetch or export it again")
    document = _open(data, name)
    try:
        if len(document) > max_pages:
            raise SourceError(
                f"{name}: {len(document):,} pages, and a report has about 20; check that it is one report "
                f"(at most {max_pages} pages are read)"
            )
        if len(document) == 0:
            raise SourceError(f"{name}: a PDF without pages; fetch or export it again")
        pages: list[PageGlyphs] = []
        total = 0
        for number in range(1, len(document) + 1):
            pages.append(_read_page(document, number, name, MAX_GLYPHS - total))
            total += len(pages[-1].glyphs)
    finally:
        document.close()
    _refuse_unreadable(pages, name)
    return pages


def _open(data: bytes, name: str) -> Any:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "assword" in str(error) or pdfium_c.FPDF_GetLastError() == pdfium_c.FPDF_ERR_PASSWORD:
            raise SourceError(
                f"{name}: the PDF is encrypted; save a copy without password (for example `qpdf --decrypt`)"
            ) from error
        raise SourceError(
            f"{name}: not a PDF that can be opened ({error}); it may be damaged or cut short, fetch it again"
        ) from error


def _read_page(document: Any, number: int, name: str, limit: int) -> PageGlyphs:
    try:
        page = document[number - 1]
        textpage = page.get_textpage()
    except pdfium.PdfiumError as error:
        raise SourceError(f"{name}: page {number} can't be opened ({error}); the file may be damaged") from error
    try:
        width, height = page.get_size()
        result = PageGlyphs(number, width, height)
        if pdfium_c.FPDFText_CountChars(textpage) > limit:
            raise SourceError(f"{name}: more than {MAX_GLYPHS:,} characters by page {number}; this is no report")
        _fill(result, textpage, page.get_rotation(), page.get_cropbox())
        result.has_images = any(
            pdfium_c.FPDFPageObj_GetType(item) == pdfium_c.FPDF_PAGEOBJ_IMAGE for item in _objects(page)
        )
        return result
    finally:
        textpage.close()
        page.close()


def _objects(page: Any) -> Iterator[Any]:
    for i in range(min(pdfium_c.FPDFPage_CountObjects(page), MAX_GLYPHS)):
        yield pdfium_c.FPDFPage_GetObject(page, i)


def _fill(page: PageGlyphs, textpage: Any, rotation: int, box: Sequence[float]) -> None:
    """Add the characters of a page: what PDFium made up (spaces and line ends) is left out, the places decide."""
    x, y = ctypes.c_double(), ctypes.c_double()
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    loose, matrix = pdfium_c.FS_RECTF(), pdfium_c.FS_MATRIX()
    name, flags = ctypes.create_string_buffer(256), ctypes.c_int()
    known: dict[bytes, tuple[str, float, bool]] = {}  # text object -> font, size as displayed, upright
    high = 0  # first half of a surrogate pair
    handle = textpage.raw
    for i in range(pdfium_c.FPDFText_CountChars(handle)):
        code = pdfium_c.FPDFText_GetUnicode(handle, i)
        if pdfium_c.FPDFText_IsGenerated(handle, i) == 1 and chr(code) not in _LINE_END_HYPHENS:
            continue
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
        high = 0
        key = bytes(pdfium_c.FPDFText_GetTextObject(handle, i))  # the pointer's value
        if key not in known:
            pdfium_c.FPDFText_GetFontInfo(handle, i, name, 256, flags)
            pdfium_c.FPDFText_GetMatrix(handle, i, matrix)
            size = pdfium_c.FPDFText_GetFontSize(handle, i) * math.hypot(matrix.c, matrix.d)
            font = name.value.decode("utf-8", "replace").rpartition("+")[2]
            angle = math.degrees(math.atan2(matrix.b, matrix.a)) - rotation
            known[key] = font, size, abs((angle + 180) % 360 - 180) < _UPRIGHT
        font, size, upright = known[key]
        failed = pdfium_c.FPDFText_HasUnicodeMapError(handle, i) == 1
        text = chr(code) if _SPACE < code < _DELETE and not failed else _decode(code, failed)
        if not text:
            continue
        if not upright or size <= 0:
            page.n_rotated += not text.isspace()
            continue
        page.n_undecoded += text == UNDECODED
        pdfium_c.FPDFText_GetCharOrigin(handle, i, x, y)
        pdfium_c.FPDFText_GetLooseCharBox(handle, i, loose)
        x0, baseline = _turn(x.value, y.value, rotation, box)
        width = loose.right - loose.left if rotation % 180 == 0 else loose.top - loose.bottom
        if text.isdigit() and rotation == 0:  # a font's own superscript digits stand on the line's baseline
            pdfium_c.FPDFText_GetCharBox(handle, i, left, right, bottom, top)
            rise = bottom.value - y.value
            if rise > _RAISED * size and top.value - bottom.value < 0.6 * size:
                size, baseline = size * 0.6, baseline + rise
        page.glyphs.append(Glyph(text, x0, x0 + width, baseline, size, font))
        if len(page.glyphs) > 1:
            _widen_ligature(page.glyphs[-2], page.glyphs[-1])


def _widen_ligature(before: Glyph, glyph: Glyph) -> None:
    """Give the second letter of a ligature its extent: some files have all its letters in the first one's box."""
    if before.x0 == glyph.x0 and before.y == glyph.y and glyph.x1 - glyph.x0 < _LETTER * glyph.size:
        glyph.x1 += before.x1 - before.x0


def _turn(x: float, y: float, rotation: int, box: Sequence[float]) -> tuple[float, float]:
    """Return a point of the page as it is displayed, when the page is turned clockwise by `rotation` degrees."""
    left, bottom, right, top = box
    if rotation == 0:
        return x - left, y - bottom
    return {90: (y - bottom, right - x), 180: (right - x, top - y), 270: (top - y, x - left)}[rotation]


def _decode(code: int, failed: bool) -> str:
    """Return the text of a character: ligatures and compatibility ideographs taken apart, the rest as it stands."""
    character = chr(code)
    if character in _LINE_END_HYPHENS:
        return SOFT_HYPHEN
    if failed or code == 0 or 0xE000 <= code <= 0xF8FF or code >= 0xF0000 or character == UNDECODED:
        return UNDECODED
    if character.isspace():
        return " "
    if not character.isprintable() and unicodedata.category(character) != "Cf":
        return UNDECODED
    if "\ufb00" <= character <= "\ufb06" or "\u2e80" <= character <= "\u2fdf" or "\uf900" <= character <= "\ufaff":
        return unicodedata.normalize("NFKC", character)
    return "" if unicodedata.category(character) == "Cf" else character


def _refuse_unreadable(pages: Sequence[PageGlyphs], name: str) -> None:
    counts = [sum(not glyph.text.isspace() for glyph in page.glyphs) for page in pages]
    scanned = [p.number for p, n in zip(pages, counts, strict=True) if p.has_images and n + p.n_rotated < _FEW]
    if scanned:
        raise SourceError(f"{name}: no text layer on {_list(scanned)} (scanned); {_OCR}")
    rotated = [p.number for p, n in zip(pages, counts, strict=True) if p.n_rotated > max(_FEW, n)]
    if rotated:
        raise SourceError(
            f"{name}: the text of {_list(rotated)} runs upwards or upside down; turn the pages first, for example "
            "`ocrmypdf --rotate-pages --force-ocr IN.pdf OUT.pdf`"
        )
    if not any(counts):
        raise SourceError(f"{name}: no text layer on any of its {len(pages)} pages; {_OCR}")
    undecoded = sum(page.n_undecoded for page in pages)
    if undecoded > MAX_UNDECODED * sum(counts):
        bad = [page.number for page in pages if page.n_undecoded]
        raise SourceError(
            f"{name}: {undecoded:,} of {sum(counts):,} characters can't be decoded ({_list(bad)}): its fonts don't say "
            "which characters they draw; run `ocrmypdf --force-ocr IN.pdf OUT.pdf` and read its result"
        )


def _list(numbers: Sequence[int]) -> str:
    """Return page numbers as a phrase, runs of them shortened."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    spelled = [f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs]
    return f"page{'s' if len(numbers) > 1 else ''} {', '.join(spelled)}"
