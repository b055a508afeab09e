"""Which edition a text says it is: its cover, running heads and file name, held against the catalogue."""

from collections.abc import Sequence
from dataclasses import replace

from textmine.errors import SourceError
from textmine.reports.catalogue import find_edition
from textmine.reports.front import FrontMatter, find_symbols, symbols_in_name, year_of
from textmine.reports.lines import Line
from textmine.reports.model import Cover, Edition, ReadWarning
from textmine.reports.source import SourceText


def read_edition(
    source: SourceText, front: FrontMatter, furniture: Sequence[Line], title: str, *, lang: str, year: int | None
) -> tuple[Edition, list[ReadWarning]]:
    """Return the edition, with a warning where the text or the file name contradicts the catalogue.

    Parameters
    ----------
    source : SourceText
        For its name and hash.
    front : FrontMatter
        What the cover says.
    furniture : sequence of Line
        Running heads, which print the symbol where the cover has lost it.
    title : str
        The cover's title on one line.
    lang : str
        Language of the text.
    year : int, optional
        The year, where neither text nor file name says it.

    Raises
    ------
    SourceError
        When nothing says the year.
    """
    warnings = []
    named = symbols_in_name(source.name)
    printed = front.symbols or find_symbols("\n".join(line.text for line in furniture))
    year = year or year_of(front.session, [*printed, *named])
    if year is None:
        raise SourceError(
            f"{source.name}: neither the text nor the file name says which edition this is; "
            "give its year, for example --year 2011"
        )
    known = find_edition(year, lang)
    if known and known.ga_symbol and named and known.ga_symbol.rstrip("*") not in named:
        message = f"the file name says {named[0]}, the catalogue has {known.ga_symbol} for {year}"
        warnings.append(ReadWarning("symbol", message, 1, 1))
    if known and printed and known.ga_symbol not in printed:
        message = f"the report says {' '.join(printed[:2])}, the catalogue has {known.symbol} for {year}"
        warnings.append(ReadWarning("symbol", message, 1, 1))
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
        sha256=source.sha256,
        cover=Cover(tuple(printed), front.session, title),
    )
    return edition, warnings
