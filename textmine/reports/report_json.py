"""A Report as JSON and back: what comes back from a process that a hostile file may have taken over is only data."""

import json
import types
from dataclasses import asdict, fields, is_dataclass
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from textmine.errors import SourceError
from textmine.languages import LANGUAGES
from textmine.reports.model import Report


def report_to_json(report: Report) -> str:
    """Return a report as JSON, one object per dataclass with the names of its fields.

    Examples
    --------
    >>> from textmine.reports.read import read_report
    >>> from textmine.resources import resource_path
    >>> report = read_report(resource_path("sample", "2011.en.md"))
    >>> report_from_json(report_to_json(report)) == report
    True
    """
    return json.dumps(asdict(report), ensure_ascii=False, separators=(",", ":"))


def report_from_json(text: str | bytes) -> Report:
    """Build a report from JSON that nobody vouches for.

    Every field has to be there with exactly its type, nothing else may be, and what refers to something has to find
    it: offsets lie in their text, parents come before their children, headings and paragraphs that are named exist.

    Raises
    ------
    SourceError
        When it isn't the JSON of a report; the message names the field.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"not the JSON of a report ({error})") from error
    report: Report = _build(Report, data, "report")
    _check(report)
    return report


def _build(kind: Any, value: Any, where: str) -> Any:
    """Return a value of a type that a dataclass names, or raise."""
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        if not isinstance(value, dict) or value.keys() != hints.keys():
            raise SourceError(f"{where}: not an object with the fields {', '.join(hints)}")
        return kind(**{name: _build(hints[name], value[name], f"{where}.{name}") for name in hints})
    if get_origin(kind) is tuple:
        item = get_args(kind)[0]  # every tuple of the model is tuple[X, ...]
        if not isinstance(value, list):
            raise SourceError(f"{where}: not a list")
        return tuple(_build(item, one, f"{where}[{i}]") for i, one in enumerate(value))
    if get_origin(kind) in (types.UnionType, Union):
        if value is None:
            return None
        return _build(next(one for one in get_args(kind) if one is not types.NoneType), value, where)
    if type(value) is not kind:
        raise SourceError(f"{where}: not of type {kind.__name__}")
    if kind is str and not _is_text(value):
        raise SourceError(f"{where}: half of a surrogate pair")
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _check(report: Report) -> None:
    """Check what the types don't say: that references find what they refer to."""
    if report.edition.lang not in LANGUAGES:
        raise SourceError("report.edition.lang: neither zh nor en")
    titles = [heading.title for heading in report.headings]
    for place, heading in enumerate(report.headings, start=1):
        if heading.number != place or not (heading.parent is None or 0 < heading.parent < place):
            raise SourceError(f"report.headings[{place - 1}]: numbers run from 1, and a parent comes before")
    texts = {paragraph.number: paragraph.text for paragraph in report.paragraphs}
    if len(texts) != len(report.paragraphs):
        raise SourceError("report.paragraphs: a number twice")
    for place, paragraph in enumerate(report.paragraphs):
        inside = all(0 <= ref.offset <= len(paragraph.text) for ref in paragraph.refs)
        if not inside or not (paragraph.heading is None or 0 < paragraph.heading <= len(titles)):
            raise SourceError(
                f"report.paragraphs[{place}]: an offset outside of its text, or a heading that isn't there"
            )
    places: dict[tuple[str, int | None], str] = {("none", None): ""}
    places |= {("paragraph", number): text for number, text in texts.items()}
    places |= {("heading", number): title for number, title in enumerate(titles, start=1)}
    for place, note in enumerate(report.footnotes):
        anchor = note.anchor
        text = places.get((anchor.kind, anchor.number))
        if text is None:
            raise SourceError(f"report.footnotes[{place}].anchor: no such place")
        if not 0 <= (anchor.offset or 0) <= len(text):
            raise SourceError(f"report.footnotes[{place}].anchor: an offset outside of its text")
