"""Labels that readers gave to paragraphs, by number: the gold set."""

from pathlib import Path

import polars as pl

from textmine.errors import SourceError
from textmine.resources import resource_path
from textmine.schema import TABLES, check_table

#: The concept of a paragraph that a reader looked at and gave no label of the scheme.
NONE = "none"
#: The reader whose labels the readings were settled into.
SETTLED = "settled"


def load_labels(name: str = "2011.zh.trend", *, reader: str | None = SETTLED) -> pl.DataFrame:
    """Load labels of the gold set.

    Parameters
    ----------
    name : str
        ``YEAR.LANG.SCHEME`` of shipped labels, or the path of a CSV file.
    reader : str, optional
        Whose labels: ``settled`` (default), ``a``, ``b``; None for all.

    Returns
    -------
    polars.DataFrame
        Table ``labels``: one row per label; a paragraph without one has the concept ``none``.

    Raises
    ------
    SourceError
        When the file isn't a table of labels or has no such reader.

    Examples
    --------
    >>> load_labels("2011.zh.trend")["paragraph"].n_unique()
    167
    """
    path = Path(name) if Path(name).is_file() else resource_path("gold", f"{name}.csv")
    try:
        frame = pl.read_csv(path, schema_overrides=dict(TABLES["labels"]))
    except (OSError, pl.exceptions.PolarsError) as error:
        raise SourceError(f"{path}: not a table of labels ({error})") from error
    check_table(frame, "labels")
    if reader is not None:
        readers = sorted(frame["reader"].unique())
        if reader not in readers:
            raise SourceError(f"{path}: no reader {reader!r}; it has {', '.join(readers)}")
        frame = frame.filter(pl.col("reader") == reader)
    return frame.sort("edition", "lang", "paragraph", "scheme", "concept", "reader")
