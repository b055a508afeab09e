"""Tables become files: Parquet, and CSV for a spreadsheet."""

from collections.abc import Mapping
from functools import partial
from io import BytesIO
from pathlib import Path

import polars as pl

from textmine.atomic import write_file
from textmine.measure.digits import ROUND_FLOATS

#: Tables with figures of the texts themselves, which stay as they are.
_EXACT = frozenset({"quantities"})
# A cell that begins with one of these is a formula to a spreadsheet (full-width and small signs included), also
# behind what doesn't show.
_FORMULA = r"[\s\p{Cc}\p{Cf}\p{Z}]*[=+\-@＝＋－＠﹢﹣﹦﹫]"


def write_tables(tables: Mapping[str, pl.DataFrame], folder: str | Path, *, csv: bool = False) -> list[Path]:
    """Write each table as ``NAME.parquet`` and, where asked, ``NAME.csv``.

    Floats are written to :data:`~textmine.measure.digits.DIGITS` significant digits, so that two machines write the
    same bytes; those of ``quantities``, which the texts have, to all.

    Parameters
    ----------
    tables : mapping of str to polars.DataFrame
    folder : str or Path
        Made where it is missing.
    csv : bool
        Also CSV: UTF-8 with byte-order mark (for spreadsheets), lists joined by `` | ``, and a ``'`` before text
        that a spreadsheet would take for a formula.

    Returns
    -------
    list of Path
        The files written, sorted.
    """
    written = []
    for name, table in sorted(tables.items()):
        frame = table if name in _EXACT else table.with_columns(ROUND_FLOATS)
        written.append(write_file(Path(folder) / f"{name}.parquet", partial(_write_parquet, frame)))
        if csv:
            written.append(write_csv(frame, Path(folder) / f"{name}.csv"))
    return written


def write_csv(frame: pl.DataFrame, path: str | Path) -> Path:
    """Write a frame as CSV that a spreadsheet opens safely; see :func:`write_tables`."""
    lists = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.List)]
    flat = frame.with_columns(pl.col(name).cast(pl.List(pl.String)).list.join(" | ") for name in lists)
    safe = flat.with_columns(
        pl.when(pl.col(name).str.contains(f"^{_FORMULA}")).then("'" + pl.col(name)).otherwise(pl.col(name)).alias(name)
        for name, dtype in flat.schema.items()
        if dtype == pl.String
    )
    return write_file(path, lambda target: safe.write_csv(target, include_bom=True))


def _write_parquet(frame: pl.DataFrame, path: Path) -> None:
    # In memory first: polars has errors of its own for a full device.
    buffer = BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=3, statistics=True)
    path.write_bytes(buffer.getvalue())


def drop_guard(column: str) -> pl.Expr:
    """Return a text column as it was before :func:`write_csv` put a ``'`` before what looks like a formula."""
    return pl.col(column).str.replace(f"^'({_FORMULA})", "${1}")
