"""Tables of some reports with a reader's corrections in their tags."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from textmine.annotate.concepts import Taxonomy
from textmine.annotate.corrections import Correction, apply_corrections, load_corrections
from textmine.errors import ContractError, SourceError
from textmine.on_demand import TablesOnDemand, replace_table


def correct_tables(tables: Mapping[str, pl.DataFrame], corrections: str | Path, taxonomy: Taxonomy) -> TablesOnDemand:
    """Return tables whose ``tags`` are as a reader corrected them; the other tables stay.

    Parameters and errors are those of :func:`read_verdicts`.
    """
    tags = apply_corrections(tables["tags"], read_verdicts(tables, corrections, taxonomy))
    return replace_table(tables, "tags", tags)


def read_verdicts(tables: Mapping[str, pl.DataFrame], corrections: str | Path, taxonomy: Taxonomy) -> list[Correction]:
    """Read the verdicts on some texts, each checked against the text that it is on.

    Parameters
    ----------
    tables : mapping of str to polars.DataFrame
        With ``paragraphs`` and ``tags``.
    corrections : str or Path
        File of verdicts; those on paragraphs that aren't in the tables play no part.
    taxonomy : Taxonomy
        That the tags are of.

    Raises
    ------
    SourceError
        When the file can't be read, or the text at a verdict's place isn't the one that was judged.
    ContractError
        For features, which have no text.
    UnknownOptionError
        For a concept that the taxonomy doesn't have.
    """
    if "text" not in tables["paragraphs"].columns:
        raise ContractError(f"{corrections}: corrections go to tags of texts; features have no text to check them by")
    key = ("edition", "lang", "number")
    texts = {row[:3]: row[3] for row in tables["paragraphs"].select(*key, "text").iter_rows()}
    chosen = []
    for item in load_corrections(corrections):
        taxonomy.concept(item.scheme, item.concept)
        place = item.edition, item.lang, item.paragraph
        if place not in texts:
            continue
        if item.start is not None and item.surface and texts[place][item.start : item.end] != item.surface:
            name = ".".join(map(str, place))
            raise SourceError(
                f"{corrections}: paragraph {name} hasn't {item.surface!r} at {item.start} any more; judge it again"
            )
        chosen.append(item)
    return chosen
