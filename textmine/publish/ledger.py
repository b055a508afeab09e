"""The claim ledger: for each number of a figure the paragraphs and spans it rests on, and what it was made from."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from textmine.atomic import write_bytes
from textmine.errors import LedgerError

FORMAT = "textmine-ledger/1"
#: Columns of a figure's data that make a claim; any others are for the drawing.
CLAIM_COLUMNS = {
    "series": pl.String,
    "x": pl.String,
    "lang": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "unit": pl.String,
    "n": pl.Int64,
}
CLAIM_KEY = ("series", "x", "lang")
_PLACE = re.compile(r"(\d{4})\.([a-z]{2})\.(\d+)(?::(\d+)-(\d+))?")


class Place(NamedTuple):
    """A span of a paragraph, in code points, half-open; or the whole paragraph, where start and end are None."""

    edition: int
    lang: str
    paragraph: int
    start: int | None = None
    end: int | None = None

    def __str__(self) -> str:
        span = "" if self.start is None else f":{self.start}-{self.end}"
        return f"{self.edition}.{self.lang}.{self.paragraph}{span}"


def parse_place(text: str) -> Place:
    """Return the place that its written form names.

    Examples
    --------
    >>> parse_place("2011.zh.34:12-16")
    Place(edition=2011, lang='zh', paragraph=34, start=12, end=16)
    >>> str(parse_place("2011.zh.34"))
    '2011.zh.34'
    """
    match = _PLACE.fullmatch(text)
    if match is None:
        raise LedgerError(f"{text!r} isn't a place in a report; it should look like 2011.zh.34:12-16 or 2011.zh.34")
    edition, lang, paragraph, start, end = match.groups()
    return Place(int(edition), lang, int(paragraph), *(None if at is None else int(at) for at in (start, end)))


@dataclass(frozen=True, slots=True)
class Claim:
    """One number of a figure: which mark it is, its interval and unit, and the places in the reports behind it.

    ``n`` is how many paragraphs it was taken from; ``low`` and ``high`` are None where there is no interval.
    """

    series: str
    x: str
    lang: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    n: int | None
    evidence: tuple[Place, ...] = ()

    @property
    def name(self) -> str:
        """The mark, as messages name it."""
        return " ".join(part for part in (self.series, self.x, self.lang) if part)


@dataclass(frozen=True, slots=True)
class LedgerSource:
    """A report that a figure draws from: edition, symbol, file, SHA-256 of the file, digest of each paragraph."""

    edition: int
    lang: str
    symbol: str
    corpus: str
    sha256: str
    paragraphs: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a figure claims, and everything needed to compute it again.

    ``files`` holds the SHA-256 of each file of the figure; ``study`` says what the figure was made on (a corpus by
    its name, or features); ``method`` is the sentence that a paper would print.
    """

    figure: str
    recipe: str
    parameters: Mapping[str, Any]
    study: str
    version: str
    taxonomy_sha256: str
    method: str
    sources: tuple[LedgerSource, ...]
    files: Mapping[str, str]
    claims: tuple[Claim, ...]


def write_ledger(ledger: Ledger, path: str | Path) -> Path:
    """Write a ledger as JSON, a claim to a line; the same ledger gives the same bytes."""
    return write_bytes(path, format_ledger(ledger).encode())


def format_ledger(ledger: Ledger) -> str:
    """Return the JSON text of a ledger."""
    head = {"format": FORMAT} | {
        item.name: getattr(ledger, item.name) for item in fields(ledger) if item.name not in ("sources", "claims")
    }
    lines = [f" {_dump(name)}: {_dump(value)}" for name, value in head.items()]
    lines.append(_dump_list("sources", [_source_row(source) for source in ledger.sources]))
    lines.append(_dump_list("claims", [_claim_row(claim) for claim in ledger.claims]))
    return "{\n" + ",\n".join(lines) + "\n}\n"


def read_ledger(path: str | Path) -> Ledger:
    """Read a ledger that :func:`write_ledger` wrote.

    Raises
    ------
    LedgerError
        When the file is missing, or no ledger.
    """
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
        if data.pop("format") != FORMAT:
            raise LedgerError(f"{path}: a ledger of another version; make the figure again")
        data["sources"] = tuple(_parse_source(row) for row in data["sources"])
        data["claims"] = tuple(_parse_claim(row) for row in data["claims"])
        return Ledger(**data)
    except OSError as error:
        raise LedgerError(f"{path}: can't be read ({error.strerror or error})") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LedgerError(f"{path}: not a ledger ({error})") from error


def tabulate_claims(ledger: Ledger) -> pl.DataFrame:
    """Return a ledger's claims as a table, a row for each; ``evidence`` as written places.

    Returns
    -------
    polars.DataFrame
        ``figure``, the columns of :data:`CLAIM_COLUMNS`, ``method``, ``evidence`` (list of str) and ``sources``
        (SHA-256 of the files that the evidence is in).
    """
    sha = {(source.edition, source.lang): source.sha256 for source in ledger.sources}
    rows = [
        {
            "figure": ledger.figure,
            **{name: getattr(claim, name) for name in CLAIM_COLUMNS},
            "method": ledger.method,
            "evidence": [str(place) for place in claim.evidence],
            "sources": sorted({sha[place.edition, place.lang] for place in claim.evidence}),
        }
        for claim in ledger.claims
    ]
    lists = dict.fromkeys(("evidence", "sources"), pl.List(pl.String))
    return pl.DataFrame(rows, schema={"figure": pl.String, **CLAIM_COLUMNS, "method": pl.String, **lists}, orient="row")


def make_claims(data: pl.DataFrame, evidence: pl.DataFrame) -> tuple[Claim, ...]:
    """Join a figure's data with the places behind each mark.

    Parameters
    ----------
    data : polars.DataFrame, shape (n_claims, ...)
        With the columns of :data:`CLAIM_COLUMNS`; a mark stands once.
    evidence : polars.DataFrame
        ``series``, ``x``, ``lang`` of the mark, and ``edition``, ``text_lang``, ``paragraph``, ``start``, ``end``.

    Raises
    ------
    LedgerError
        When a mark stands twice, or evidence belongs to none.
    """
    places: dict[tuple[str, ...], set[Place]] = {}
    columns = (*CLAIM_KEY, "edition", "text_lang", "paragraph", "start", "end")
    for series, x, lang, *place in evidence.select(columns).iter_rows():
        places.setdefault((series, x, lang), set()).add(Place(*place))
    claims = [
        Claim(**row, evidence=tuple(sorted(places.pop(tuple(row[name] for name in CLAIM_KEY), ()), key=_by_place)))
        for row in data.select(pl.col(name).cast(dtype) for name, dtype in CLAIM_COLUMNS.items()).to_dicts()
    ]
    if len({(claim.series, claim.x, claim.lang) for claim in claims}) < len(claims):
        raise LedgerError("two marks of a figure have the same series, x and language")
    if places:
        raise LedgerError(f"evidence for a mark that the figure doesn't have: {' '.join(min(places))}")
    return tuple(claims)


def _by_place(place: Place) -> tuple[int, str, int, int, int]:
    start, end = (-1 if at is None else at for at in (place.start, place.end))
    return place.edition, place.lang, place.paragraph, start, end


def _source_row(source: LedgerSource) -> dict[str, object]:
    digests = " ".join(f"{number}:{digest}" for number, digest in sorted(source.paragraphs.items()))
    return asdict(source) | {"paragraphs": digests}


def _parse_source(row: dict[str, Any]) -> LedgerSource:
    pairs = (item.split(":") for item in row.pop("paragraphs").split())
    return LedgerSource(**row, paragraphs={int(number): digest for number, digest in pairs})


def _claim_row(claim: Claim) -> dict[str, object]:
    row = {name: getattr(claim, name) for name in CLAIM_COLUMNS}
    return row | {"evidence": " ".join(map(str, claim.evidence))}


def _parse_claim(row: dict[str, Any]) -> Claim:
    return Claim(**row | {"evidence": tuple(map(parse_place, row["evidence"].split()))})


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _dump_list(name: str, rows: list[dict[str, object]]) -> str:
    return f" {_dump(name)}: [\n" + ",\n".join(f"  {_dump(row)}" for row in rows) + "\n ]"
