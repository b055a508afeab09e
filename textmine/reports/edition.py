"""Which edition a text is: what its cover prints, what its file is called, and what the catalogue knows of it."""

from collections.abc import Sequence
from dataclasses import replace

from textmine.errors import SourceError
from textmine.reports.catalogue import find_edition
from textmine.reports.front import FrontMatter, find_symbols, symbols_in_name, year_of
from textmine.reports.model import Cover, Edition, ReadWarning


def settle_edition(
    front: FrontMatter, *, name: str, sha256: str, lang: str, year: int | None, title: str, running_heads: str
) -> tuple[Edition, list[ReadWarning]]:
    """Return the edition that a text belongs to, and warnings where file name, cover and catalogue differ.

    Parameters
    ----------
    front : FrontMatter
    name : str
        The file's name.
    sha256 : str
        Of the file's bytes.
    lang : {'zh', 'en'}
    year : int, optional
        Given by the user; else the cover decides, then the file name.
    title : str
        As the cover prints it, on one line.
    running_heads : str
        Text of page heads and feet, where the symbol may stand.

    Raises
    ------
    SourceError
        When nothing says which year it is.
    """
    named = symbols_in_name(name)
    printed = front.symbols or find_symbols(running_heads)
    year = year or year_of(front.session, [*printed, *named])
    if year is None:
        raise SourceError(
            f"{name}: neither the text nor the file name says which edition this is; "
            "give its year, for example --year 2011"
        )
    known = find_edition(year, lang)
    symbols = [*printed, *named]
    edition = known or Edition(
        year,
        lang,
        ga_symbol=next((symbol for symbol in symbols if symbol.startswith("A/")), ""),
        ecosoc_symbol=next((symbol for symbol in symbols if symbol.startswith("E/")), ""),
    )
    edition = replace(
        edition,
        session=front.session or edition.session,
        items=tuple(front.items),
        title=title or edition.title,
        issued=front.issued or edition.issued,
        sha256=sha256,
        cover=Cover(tuple(printed), front.session, title),
    )
    return edition, _differences(known, named, printed, year)


def _differences(known: Edition | None, named: Sequence[str], printed: Sequence[str], year: int) -> list[ReadWarning]:
    messages = []
    if known and known.ga_symbol and named and known.ga_symbol.rstrip("*") not in named:
        messages.append(f"the file name says {named[0]}, the catalogue has {known.ga_symbol} for {year}")
    if known and printed and known.ga_symbol not in printed:
        messages.append(f"the report says {' '.join(printed[:2])}, the catalogue has {known.symbol} for {year}")
    return [ReadWarning("symbol", message, 1, 1) for message in messages]
