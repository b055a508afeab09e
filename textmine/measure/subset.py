"""What every measure can leave out: paragraphs that repeat another edition, or any others."""

import polars as pl

from textmine.errors import ContractError
from textmine.schema import PARAGRAPH_KEY, TABLES


def drop_paragraphs(frame: pl.DataFrame, drop: pl.DataFrame | None) -> pl.DataFrame:
    """Return a table without the rows of some paragraphs; the others keep their order.

    Parameters
    ----------
    frame : polars.DataFrame
        Any table with the columns ``edition``, ``lang`` and ``paragraph`` (or ``number``, as in ``paragraphs``).
    drop : polars.DataFrame, optional
        The paragraphs to leave out: columns ``edition``, ``lang``, ``paragraph``, such as the table ``reuse``; a
        paragraph may stand in several rows. None leaves out nothing.

    Raises
    ------
    ContractError
        When a column is missing.

    Examples
    --------
    >>> tags = pl.DataFrame({"edition": [2011, 2011], "lang": ["zh", "zh"], "paragraph": [1, 2]})
    >>> drop_paragraphs(tags, tags.head(1))["paragraph"].to_list()
    [2]
    """
    if drop is None:
        return frame
    number = "paragraph" if "paragraph" in frame.columns else "number"
    key = (*PARAGRAPH_KEY[:2], number)
    wanted = (("the table", frame, key), ("the table of paragraphs to leave out", drop, PARAGRAPH_KEY))
    for name, table, columns in wanted:
        if missing := [column for column in columns if column not in table.columns]:
            raise ContractError(f"{name} lacks {', '.join(missing)}; it has {', '.join(table.columns)}")
    types = {column: TABLES["tags"][column] for column in PARAGRAPH_KEY}
    out = drop.select(pl.col(column).cast(dtype) for column, dtype in types.items()).unique()
    return frame.join(out.rename({"paragraph": number}), on=key, how="anti", maintain_order="left")
