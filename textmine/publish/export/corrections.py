"""Tags that a person corrected in Label Studio, read back: what was kept, added and removed."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from textmine.annotate.corrections import Correction
from textmine.errors import SourceError, UnknownOptionError
from textmine.publish.export.label_studio import TEXT
from textmine.publish.export.offsets import from_utf16
from textmine.schema import check_table, make_table

#: How a version of Label Studio counts; see :mod:`textmine.publish.export.label_studio`.
OFFSETS = ("code-points", "utf-16")

_KEY = ("edition", "lang", "paragraph")
_TAG = ("scheme", "concept", "start", "end", "surface")


def read_label_studio(
    path: str | Path, *, paragraphs: pl.DataFrame | None = None, offsets: str = "code-points"
) -> pl.DataFrame:
    """Read the annotations of a Label Studio project whose tasks ``textmine export label-studio`` made.

    Parameters
    ----------
    path : str or Path
        What Label Studio exports as ``JSON``.
    paragraphs : polars.DataFrame, optional
        Table ``paragraphs`` of the texts as they are now: a task whose text is another is refused.
    offsets : {'code-points', 'utf-16'}
        How the version of Label Studio counts: before 1.5 in UTF-16 units.

    Returns
    -------
    polars.DataFrame
        Table ``corrections``: a row for each tag and reader, ``change`` being ``kept``, ``added`` or ``removed``; a
        tag whose place was moved is removed at one and added at the other. Tasks that nobody submitted and
        annotations that were skipped give no row.

    Raises
    ------
    SourceError
        When the file isn't such an export, or a span isn't what its text says; the message names the task.
    UnknownOptionError
        For other ``offsets``.
    """
    if offsets not in OFFSETS:
        raise UnknownOptionError("offsets", offsets, OFFSETS)
    path = Path(path)
    now = None
    if paragraphs is not None:
        now = {tuple(row[:3]): row[3] for row in paragraphs.select("edition", "lang", "number", "text").iter_rows()}
    rows: list[dict[str, object]] = []
    for index, task in enumerate(_load(path), 1):
        where = f"{path}: task {index}"
        try:
            rows += _read_task(task, where, now, offsets)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise SourceError(
                f"{where}: not a task that textmine export label-studio made, exported as JSON ({error!r})"
            ) from error
    return make_table("corrections", rows).sort(*_KEY, "start", "end", "scheme", "concept", "change", "reader")


def settle_corrections(table: pl.DataFrame, *, reader: str | None = None) -> list[Correction]:
    """Return what :func:`textmine.apply_corrections` takes: ``kept`` and ``added`` accepted, ``removed`` rejected.

    Parameters
    ----------
    table : polars.DataFrame
        Table ``corrections``.
    reader : str, optional
        Whose; needed where several readers corrected and don't agree.

    Raises
    ------
    UnknownOptionError
        For a reader who isn't there, or None where readers disagree.
    """
    check_table(table, "corrections")
    readers = sorted(set(table["reader"]))
    if reader is not None and reader not in readers:
        raise UnknownOptionError("reader", reader, readers)
    chosen = table if reader is None else table.filter(reader=reader)
    answers: dict[tuple[object, ...], dict[str, list[Correction]]] = {}
    for row in chosen.sort(*_KEY, "start", "end", "scheme", "concept").iter_rows(named=True):
        verdict = "reject" if row["change"] == "removed" else "accept"
        made = Correction(**{name: row[name] for name in (*_KEY, *_TAG)}, verdict=verdict)
        answers.setdefault(tuple(row[name] for name in _KEY), {}).setdefault(row["reader"], []).append(made)
    settled = []
    for by_reader in answers.values():
        first, *others = by_reader.values()
        if any(other != first for other in others):
            raise UnknownOptionError("reader", reader, readers)
        settled += first
    return settled


def _load(path: Path) -> list[Any]:
    try:
        tasks = json.loads(path.read_bytes())
    except OSError as error:
        raise SourceError(f"{path}: can't be read ({error.strerror or error})") from error
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{path}: not JSON ({error}); in Label Studio choose Export, JSON") from error
    if not isinstance(tasks, list):
        raise SourceError(f"{path}: not a list of tasks; in Label Studio choose Export, JSON")
    return tasks


def _read_task(
    task: Any, where: str, now: dict[tuple[object, ...], str] | None, offsets: str
) -> Iterator[dict[str, object]]:
    data = task["data"]
    key = {"edition": int(data["edition"]), "lang": str(data["lang"]), "paragraph": int(data["paragraph"])}
    text = str(data[TEXT])
    if now is not None and now.get(tuple(key.values())) != text:
        raise SourceError(f"{where}: the text of {' '.join(map(str, key.values()))} isn't that of the paragraphs now")
    before = {tuple(tag[name] for name in _TAG) for tag in data["tags"]}
    for annotation in task["annotations"]:
        if annotation.get("was_cancelled"):
            continue
        after = set(_read_spans(annotation["result"], text, where, offsets))
        reader = annotation.get("completed_by", "")
        name = str(reader["email"] if isinstance(reader, dict) else reader)
        for change, found in (("kept", before & after), ("added", after - before), ("removed", before - after)):
            for tag in found:
                yield {**key, **dict(zip(_TAG, tag, strict=True)), "change": change, "reader": name}


def _read_spans(result: list[Any], text: str, where: str, offsets: str) -> Iterator[tuple[object, ...]]:
    for item in result:
        if item["type"] != "labels":
            continue
        value = item["value"]
        start, end = int(value["start"]), int(value["end"])
        if offsets == "utf-16":
            start, end = from_utf16(text, start), from_utf16(text, end)
        surface = text[start:end]
        # the editor writes the end of a line as \n in two characters
        shown = str(value.get(TEXT, surface)).replace("\\n", "\n")
        if not 0 <= start < end <= len(text) or shown != surface.replace("\\n", "\n").replace("\r", "\n"):
            raise SourceError(
                f"{where}: the span {start}-{end} is {surface!r}, not {shown!r}; a Label Studio before 1.5 counts "
                "UTF-16 units (offsets='utf-16')"
            )
        for concept in value["labels"]:
            yield item["from_name"], str(concept), start, end, surface
