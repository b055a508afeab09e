"""The catalogue of the series: which editions exist, under which symbols, and how far that is verified."""

from functools import cache
from urllib.parse import quote

import polars as pl

from textmine.errors import SourceError, UnknownOptionError
from textmine.reports.model import Edition
from textmine.resources import resource_path
from textmine.schema import LANGUAGES

#: The UN document service: a document by its symbol, in one language and format.
SERVICE = "https://documents.un.org/api/symbol/access?s={symbol}&l={lang}&t={kind}"


def document_url(symbol: str, lang: str, *, kind: str = "pdf") -> str:
    """Return the address of a document in the UN's document service.

    Parameters
    ----------
    symbol : str
        Such as ``A/66/64``; its slashes are percent-encoded.
    lang : {'zh', 'en'}
    kind : {'pdf', 'doc'}

    Examples
    --------
    >>> document_url("A/66/64", "zh")
    'https://documents.un.org/api/symbol/access?s=A%2F66%2F64&l=zh&t=pdf'
    """
    if lang not in LANGUAGES:
        raise UnknownOptionError("language", lang, LANGUAGES)
    if kind not in ("pdf", "doc"):
        raise UnknownOptionError("kind", kind, ("pdf", "doc"))
    return SERVICE.format(symbol=quote(symbol, safe=""), lang=lang, kind=kind)


@cache
def load_catalogue() -> pl.DataFrame:
    """Return the catalogue, one row per edition, sorted by year.

    Columns are ``year``, ``ga_symbol``, ``ecosoc_symbol``, ``session``, ``issued`` (ISO 8601, as far as known),
    ``title_en``, ``title_zh``, ``verified`` (the symbol was read in a copy or in a citation by another edition)
    and ``basis`` (what that rests on). An unknown field is an empty string, an unknown session null.
    """
    path = resource_path("catalogue.csv")
    try:
        frame = pl.read_csv(path, schema_overrides={"year": pl.Int32, "session": pl.Int32, "issued": pl.String})
    except pl.exceptions.PolarsError as error:
        raise SourceError(f"{path}: not a catalogue ({error})") from error
    texts = pl.col(pl.String)
    return frame.with_columns(texts.fill_null("")).with_columns(verified=pl.col("verified") == "yes").sort("year")


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
    rows = load_catalogue().filter(pl.col("year") == year).to_dicts()
    if not rows:
        return None
    row = rows[0]
    symbol = row["ga_symbol"] or row["ecosoc_symbol"]
    return Edition(
        year=year,
        lang=lang,
        ga_symbol=row["ga_symbol"],
        ecosoc_symbol=row["ecosoc_symbol"],
        session=row["session"],
        title=row[f"title_{lang}"],
        issued=row["issued"],
        urls=(document_url(symbol, lang),) if symbol else (),
        verified=row["verified"],
    )
