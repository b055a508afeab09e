"""Tables that are made when first asked for: reading a corpus needn't wait for what nobody looks at."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from threading import RLock

import polars as pl


class TablesOnDemand(Mapping[str, pl.DataFrame]):
    """Tables by name, each made once, when first asked for; for several threads.

    Parameters
    ----------
    makers : mapping of str to callable
        What makes each table; a table that is there already makes itself: ``lambda: frame``.

    Examples
    --------
    >>> tables = TablesOnDemand({"tags": lambda: pl.DataFrame({"concept": ["cloud"]})})
    >>> sorted(tables), tables.made, tables["tags"].height, tables.made
    (['tags'], [], 1, ['tags'])
    """

    def __init__(self, makers: Mapping[str, Callable[[], pl.DataFrame]]) -> None:
        self._makers = dict(makers)
        self._made: dict[str, pl.DataFrame] = {}
        self._locks = {name: RLock() for name in self._makers}  # a table at hand needn't wait for one being made

    def __getitem__(self, name: str) -> pl.DataFrame:
        if name not in self._made:
            with self._locks[name]:
                if name not in self._made:
                    self._made[name] = self._makers[name]()
        return self._made[name]

    def __contains__(self, name: object) -> bool:  # without making the table, as Mapping would
        return name in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)

    def __repr__(self) -> str:
        return f"TablesOnDemand({', '.join(self)}; made: {', '.join(self.made) or 'none'})"

    @property
    def made(self) -> list[str]:
        """Names of the tables that are made already, in the order of all."""
        return [name for name in self._makers if name in self._made]


def replace_table(tables: Mapping[str, pl.DataFrame], name: str, frame: pl.DataFrame) -> TablesOnDemand:
    """Return tables with one replaced, the others not made for it."""
    return TablesOnDemand({own: partial(tables.__getitem__, own) for own in tables} | {name: lambda: frame})
