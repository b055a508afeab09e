"""What a reader of tagged paragraphs said of each tag."""

from pathlib import Path

import polars as pl

from textmine.errors import SourceError
from textmine.resources import resource_path
from textmine.schema import TABLES, check_table

#: What a reader says of a tag: right, wrong, or that one is missing (which has no place).
YES, NO, MISSED = "yes", "no", "missed"


def load_judgements(path: Path | None = None) -> pl.DataFrame:
    """Load a reader's judgements of tags, by default those of the sample (``corpus/gold/judged.csv``).

    Returns
    -------
    polars.DataFrame
        Table ``judgements``: a row for each tag of each paragraph read, and one for each concept missed.

    Raises
    ------
    SourceError
        When the file isn't a table of judgements, or a tag is judged otherwise than by yes, no or missed.

    Examples
    --------
    >>> load_judgements().select("edition", "lang", "paragraph").n_unique()
    100
    """
    path = path if path is not None else resource_path("gold", "judged.csv")
    try:
        frame = pl.read_csv(path, schema_overrides=dict(TABLES["judgements"]))
        frame = frame.with_columns(pl.col("note").fill_null(""))
    except (OSError, pl.exceptions.PolarsError) as error:
        raise SourceError(f"{path}: not a table of judgements ({error})") from error
    check_table(frame, "judgements")
    strange = sorted(set(frame["agreed"]) - {YES, NO, MISSED})
    if strange:
        raise SourceError(f"{path}: judged {', '.join(strange)}; write {YES}, {NO} or {MISSED}")
    return frame
