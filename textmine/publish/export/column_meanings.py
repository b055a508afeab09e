"""What every table and every column of :data:`textmine.schema.TABLES` means, from ``columns.toml``."""

import tomllib
from functools import cache
from pathlib import Path

from textmine.errors import UnknownOptionError
from textmine.schema import TABLES

_FILE = Path(__file__).parent / "columns.toml"
_ABOUT = "about"


@cache
def _meanings() -> dict[str, dict[str, str]]:
    read = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {
        name: {_ABOUT: own[_ABOUT], **{column: own.get(column, read["common"].get(column)) for column in TABLES[name]}}
        for name, own in read["tables"].items()
    }


def describe_table(name: str) -> str:
    """Return what a table holds.

    Examples
    --------
    >>> describe_table("headings")
    'Headings'
    """
    return _of(name)[_ABOUT]


def describe_columns(name: str) -> dict[str, str]:
    """Return what each column of a table means, in the order of the table.

    Examples
    --------
    >>> describe_columns("tags")["score"]
    "1, or the classifier's calibrated probability"
    """
    return {column: meaning for column, meaning in _of(name).items() if column != _ABOUT}


def _of(name: str) -> dict[str, str]:
    if name not in _meanings():
        raise UnknownOptionError("table", name, sorted(_meanings()))
    return _meanings()[name]
