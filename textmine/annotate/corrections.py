"""What a reader corrects in the tags: kept in a file beside the corpus, applied to the tags, nothing overwritten."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import polars as pl

from textmine.atomic import backup_file, write_bytes
from textmine.errors import SourceError, UnknownOptionError
from textmine.schema import LANGUAGES, PARAGRAPH_KEY, TABLES, check_table

#: ``accept`` says that a tag is right (and adds it where it isn't there), ``reject`` takes it out.
VERDICTS = ("accept", "reject")
#: Evidence of a tag that a reader added.
BY_READER = "reader"
_LARGEST = 2**31 - 1  # of the tables' integers
_SPOT = ("edition", "lang", "paragraph", "scheme", "concept", "start", "end")


@dataclass(frozen=True, slots=True)
class Correction:
    """A reader's verdict on a tag.

    ``start`` and ``end`` are the span, or None for the paragraph as a whole (what headings or a classifier say, and on
    ``reject`` every tag of the concept in the paragraph); ``surface`` is ``text[start:end]``, by which a changed text
    is noticed.
    """

    edition: int
    lang: str
    paragraph: int
    scheme: str
    concept: str
    verdict: str
    start: int | None = None
    end: int | None = None
    surface: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise UnknownOptionError("verdict", self.verdict, VERDICTS)
        if self.lang not in LANGUAGES:
            raise UnknownOptionError("language", self.lang, LANGUAGES)
        if (self.start is None) != (self.end is None):
            raise UnknownOptionError("span", (self.start, self.end), "start and end, or neither")
        if self.start is not None and self.end is not None and not 0 <= self.start < self.end <= _LARGEST:
            raise UnknownOptionError("span", (self.start, self.end), "places in a text, the start before the end")
        for name, number in (("edition", self.edition), ("paragraph", self.paragraph)):
            if not 0 < number <= _LARGEST:
                raise UnknownOptionError(name, number, "numbers from 1")

    @property
    def spot(self) -> tuple[int, str, int, str, str, int | None, int | None]:
        """What is judged: a later verdict on the same spot replaces an earlier one."""
        return self.edition, self.lang, self.paragraph, self.scheme, self.concept, self.start, self.end


def apply_corrections(tags: pl.DataFrame, corrections: Iterable[Correction]) -> pl.DataFrame:
    """Return tags as a reader corrected them.

    Parameters
    ----------
    tags : polars.DataFrame
        Table ``tags``.
    corrections : iterable of Correction
        Of several on the same spot the last counts.

    Returns
    -------
    polars.DataFrame
        Table ``tags``: rejected tags gone; tags that were accepted and weren't there added, with evidence ``reader``.

    Examples
    --------
    >>> from textmine.schema import empty_table
    >>> yes = Correction(2011, "zh", 3, "trend", "cloud", "accept", 0, 3, "云计算")
    >>> apply_corrections(empty_table("tags"), [yes])["surface"].to_list()
    ['云计算']
    """
    check_table(tags, "tags", without=("surface",))
    last = latest_corrections(corrections)
    schema = {name: TABLES["tags"][name] for name in _SPOT}
    rejected = _spots((item for item in last if item.verdict == "reject" and item.start is not None), schema)
    whole = _spots((item for item in last if item.verdict == "reject" and item.start is None), schema)
    kept = tags.join(rejected, on=_SPOT, how="anti", nulls_equal=True, maintain_order="left")
    kept = kept.join(whole, on=_SPOT[:5], how="anti", maintain_order="left")
    there = set(kept.select(_SPOT).iter_rows())
    concepts = set(kept.select(_SPOT[:5]).iter_rows())
    new = [
        item
        for item in last
        if item.verdict == "accept"
        and (item.spot not in there if item.start is not None else item.spot[:5] not in concepts)
    ]
    if not new:
        return kept
    rows = [
        dict(zip(_SPOT, item.spot, strict=True)) | {"surface": item.surface, "evidence": BY_READER, "score": 1.0}
        for item in new
    ]
    added = pl.DataFrame(rows, schema_overrides=TABLES["tags"]).select(kept.columns)
    order = [*PARAGRAPH_KEY, "scheme", "evidence", "start", "concept"]
    return pl.concat([kept, added.cast(kept.schema)]).sort(order, maintain_order=True)


def latest_corrections(corrections: Iterable[Correction]) -> list[Correction]:
    """Return the last verdict on each spot, sorted."""
    last = {item.spot: item for item in corrections}
    return [last[spot] for spot in sorted(last, key=lambda spot: (*spot[:5], spot[5] or -1, spot[6] or -1))]


def load_corrections(path: str | Path) -> list[Correction]:
    """Read corrections: a JSON object a line.

    Raises
    ------
    SourceError
        When the file can't be read or a line isn't a correction; the message names file and line.
    """
    path = Path(path)
    try:
        lines = path.read_text(encoding="utf-8").split("\n")  # JSON leaves U+2028 and U+0085 as they are
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: corrections can't be read ({error})") from error
    return [_read_line(path, i, line) for i, line in enumerate(lines, 1) if line.strip()]


def save_corrections(corrections: Iterable[Correction], path: str | Path) -> Path:
    """Write corrections whole or not at all, nothing lost.

    Where a verdict that the file has is not among them, or is another by now, the file is kept beside it first as
    ``NAME.bak``, ``NAME.2.bak``…; further verdicts need no copy.

    Returns
    -------
    Path
        The file written.
    """
    text = "".join(
        json.dumps(asdict(item), ensure_ascii=False, sort_keys=True) + "\n" for item in latest_corrections(corrections)
    )
    path, after = Path(path), text.encode()
    if path.is_file():
        before = path.read_bytes()
        if before == after:
            return path
        if not set(before.splitlines()) <= set(after.splitlines()):
            backup_file(path)
    return write_bytes(path, after)


def _spots(corrections: Iterable[Correction], schema: dict[str, pl.DataType | type[pl.DataType]]) -> pl.DataFrame:
    return pl.DataFrame([item.spot for item in corrections], schema=schema, orient="row")


def _read_line(path: Path, number: int, line: str) -> Correction:
    kinds = {"edition": int, "paragraph": int, "start": int, "end": int}
    known = {field.name for field in fields(Correction)}
    try:
        row = json.loads(line)
        if not isinstance(row, dict) or not row.keys() <= known:
            raise ValueError(f"valid keys: {', '.join(sorted(known))}")
        for name, value in row.items():
            optional = name in ("start", "end") and value is None
            if type(value) is not kinds.get(name, str) and not optional:
                raise ValueError(f"{name} is {value!r}")
        return Correction(**row)
    except (ValueError, TypeError, RecursionError) as error:  # UnknownOptionError is a ValueError
        raise SourceError(f"{path}, line {number}: not a correction ({error})") from error
