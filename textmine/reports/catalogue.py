"""The catalogue of the series: which editions exist, under which symbols, and how far that is verified."""

import csv
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from textmine.errors import SourceError, UnknownOptionError
from textmine.languages import LANGUAGES
from textmine.reports.model import Edition
from textmine.resources import resource_path

if TYPE_CHECKING:
    import polars as pl

_COLUMNS = (
    "year", "ga_symbol", "ecosoc_symbol", "session", "issued", "title_en", "title_zh", "verified", "basis",
)  # fmt: skip
#: The UN document service: a document by its symbol, in one language and format.
SERVICE = "https://documents.un.org/api/symbol/access?s={symbol}&l={lang}&t={kind}"
#: How the service spells a language: clients use the ISO code or the UN's own letter, so both are tried.
SERVICE_CODES = {"zh": ("zh", "C"), "en": ("en", "E")}


def document_url(symbol: str, lang: str, *, kind: str = "pdf", code: str = "", service: str = SERVICE) -> str:
    """Return the address of a document in the UN's document service.

    Parameters
    ----------
    symbol : str
        Such as ``A/66/64``; its slashes are percent-encoded.
    lang : {'zh', 'en'}
    kind : {'pdf', 'doc'}
    code : str, optional
        The service's spelling of the language, one of :data:`SERVICE_CODES`; default: the ISO code.
    service : str
        Template of the address, with ``{symbol}``, ``{lang}`` and ``{kind}``.

    Examples
    --------
    >>> document_url("A/66/64", "zh")
    'https://documents.un.org/api/symbol/access?s=A%2F66%2F64&l=zh&t=pdf'
    """
    if lang not in LANGUAGES:
        raise UnknownOptionError("language", lang, LANGUAGES)
    if kind not in ("pdf", "doc"):
        raise UnknownOptionError("kind", kind, ("pdf", "doc"))
    return service.format(symbol=quote(symbol, safe=""), lang=code or lang, kind=kind)


def document_urls(edition: Edition, *, kind: str = "pdf", service: str = SERVICE) -> tuple[str, ...]:
    """Return every address under which an edition may be found, in the order in which to try them.

    Either half of a joint symbol should lead to the same document, and either spelling of the language.

    Examples
    --------
    >>> edition = find_edition(2011, "zh")
    >>> [url.partition("?")[2] for url in document_urls(edition)]
    ['s=A%2F66%2F64&l=zh&t=pdf', 's=A%2F66%2F64&l=C&t=pdf', 's=E%2F2011%2F77&l=zh&t=pdf', 's=E%2F2011%2F77&l=C&t=pdf']
    """
    symbols = [symbol for symbol in (edition.ga_symbol, edition.ecosoc_symbol) if symbol]
    return tuple(
        document_url(symbol, edition.lang, kind=kind, code=code, service=service)
        for symbol in symbols
        for code in SERVICE_CODES[edition.lang]
    )


@cache
def _rows() -> tuple[dict[str, str], ...]:
    """Return the rows of the catalogue as they are written; finding an edition needs no table."""
    path = resource_path("catalogue.csv")
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = tuple(csv.DictReader(stream, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SourceError(f"{path}: not a catalogue ({error})") from error
    for line, row in enumerate(rows, start=2):
        if row.keys() != set(_COLUMNS) or not row["year"].isdecimal() or not (row["session"] or "0").isdecimal():
            raise SourceError(f"{path}: not a catalogue (line {line}: columns {', '.join(_COLUMNS)} are wanted)")
    return rows


@cache
def load_catalogue() -> "pl.DataFrame":
    """Return the catalogue, one row per edition, sorted by year.

    Columns are ``year``, ``ga_symbol``, ``ecosoc_symbol``, ``session``, ``issued`` (ISO 8601, as far as known),
    ``title_en``, ``title_zh``, ``verified`` (the symbol was read in a copy or in a citation by another edition)
    and ``basis`` (what that rests on). An unknown field is an empty string, an unknown session null.
    """
    import polars as pl

    numbers = {"year": pl.Int32, "session": pl.Int32}
    frame = pl.DataFrame(list(_rows()), schema=dict.fromkeys(_COLUMNS, pl.String))
    whole = (pl.col(name).replace("", None).cast(kind).alias(name) for name, kind in numbers.items())
    return frame.with_columns(*whole, verified=pl.col("verified") == "yes").sort("year")


def find_edition(year: int, lang: str) -> Edition | None:
    """Return the catalogue's edition of a year in a language, or None where the catalogue has no such year.

    Examples
    --------
    >>> edition = find_edition(2011, "zh")
    >>> edition.symbol, edition.session, edition.verified
    ('A/66/64-E/2011/77', 66, True)
    """
    if lang not in LANGUAGES:
        raise UnknownOptionError("language", lang, LANGUAGES)
    row = next((row for row in _rows() if int(row["year"]) == year), None)
    if row is None:
        return None
    symbol = row["ga_symbol"] or row["ecosoc_symbol"]
    return Edition(
        year=year,
        lang=lang,
        ga_symbol=row["ga_symbol"],
        ecosoc_symbol=row["ecosoc_symbol"],
        session=int(row["session"]) if row["session"] else None,
        title=row[f"title_{lang}"],
        issued=row["issued"],
        urls=(document_url(symbol, lang),) if symbol else (),
        verified=row["verified"] == "yes",
    )


def find_year(symbol: str) -> int | None:
    """Return the year of the edition that has a symbol, in full or either half, or None.

    Examples
    --------
    >>> find_year("A/66/64"), find_year("E/2011/77"), find_year("a/66/64–e/2011/77 "), find_year("A/66/65")
    (2011, 2011, 2011, None)
    """
    wanted = symbol.strip().upper().replace("–", "-").replace("*", "")
    for row in sorted(_rows(), key=lambda row: int(row["year"])):
        halves = [half for half in (row["ga_symbol"], row["ecosoc_symbol"]) if half]
        if wanted in (*halves, "-".join(halves)):
            return int(row["year"])
    return None


def document_name(edition: Edition, kind: str) -> str:
    """Return the file name of an edition among the official texts: its symbol with dashes, language, format.

    Examples
    --------
    >>> document_name(find_edition(2011, "zh"), "pdf"), document_name(find_edition(2007, "en"), "txt")
    ('A-66-64.zh.pdf', 'E-CN.16-2007-2.en.txt')
    """
    symbol = edition.ga_symbol or edition.ecosoc_symbol
    return f"{symbol.replace('/', '-')}.{edition.lang}.{kind}"
