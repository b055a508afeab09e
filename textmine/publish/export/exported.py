"""What an export gives back, and what each format asks of a study."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import polars as pl

from textmine.errors import ContractError
from textmine.publish.study import Study
from textmine.reports.model import Report

#: Edition, language and number of a paragraph.
Key = tuple[int, str, int]


class Exported(NamedTuple):
    """Files written, in order, and what a reader of them must be told."""

    files: tuple[Path, ...]
    notes: tuple[str, ...] = ()


def check_texts(study: Study, name: str) -> pl.DataFrame:
    """Return the table ``paragraphs`` of a study that holds running text.

    Raises
    ------
    ContractError
        When it holds features only.
    """
    if "text" not in study.paragraphs.columns:
        raise ContractError(
            f"{study.name} holds no running text, so there is no {name} of it; export csv, parquet, jsonl, graphml or "
            "datapackage, or use the texts themselves"
        )
    return study.paragraphs


def check_reports(study: Study, name: str) -> tuple[Report, ...]:
    """Return the reports of a study; see :func:`check_texts`.

    Raises
    ------
    ContractError
        When it holds features, or tables without the reports that they were made of.
    """
    check_texts(study, name)
    if not study.reports:
        raise ContractError(f"{study.name} holds tables only; {name} needs the reports: Study(..., reports=reports)")
    return study.reports


def group_rows(frame: pl.DataFrame) -> dict[Key, list[dict[str, object]]]:
    """Return the rows of a table of tokens, tags or quantities by paragraph, each in the order of the text."""
    order = [name for name in ("start", "end", "scheme", "concept") if name in frame.columns]
    grouped: dict[Key, list[dict[str, object]]] = {}
    for row in frame.sort("edition", "lang", "paragraph", *order, maintain_order=True).iter_rows(named=True):
        grouped.setdefault((row["edition"], row["lang"], row["paragraph"]), []).append(row)
    return grouped


def describe_replaced(replaced: Counter[str], what: Iterable[str] = ()) -> list[str]:
    r"""Say which characters a file couldn't hold and how often each was replaced.

    Examples
    --------
    >>> print(*describe_replaced(Counter({"\x01": 2}), ["2011.en"]))
    2011.en: 2 characters that XML can't hold stand as U+FFFD (U+0001 2 times)
    """
    if not replaced:
        return []
    each = ", ".join(f"U+{ord(character):04X} {n} times" for character, n in sorted(replaced.items()))
    total = sum(replaced.values())
    place = "".join(f"{name}: " for name in what)
    return [f"{place}{total} characters that XML can't hold stand as U+FFFD ({each})"]
