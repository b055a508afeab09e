"""Concordance: each place that a query finds, with what stands around it, the nodes below each other."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import NamedTuple

import polars as pl
from rich.cells import cell_len

from textmine.annotate.fold import fold_text
from textmine.errors import ContractError, UnknownOptionError
from textmine.publish.controls import show_controls
from textmine.schema import PARAGRAPH_KEY, make_table

#: Around the node: characters in Chinese, where words have no spaces, and words in English.
WINDOW: Mapping[str, int] = {"zh": 20, "en": 8}
#: Rows returned when nothing else is said.
LIMIT = 500
#: No query is longer; a word list belongs in the taxonomy.
MAX_QUERY = 1000
# Noncharacters of Unicode, which no text interchanges; should one stand in a text all the same, others are taken.
_MARKS = tuple(chr(code) for code in range(0xFDD0, 0xFDF0))
_SPECIAL = re.compile(r"([\\.+*?()|\[\]{}^$])")
_WORD = re.compile(r"\S+")


class Concordance(NamedTuple):
    """The table ``concordance`` and how many places there are in all (``n``), listed or not."""

    table: pl.DataFrame
    n: int

    def __repr__(self) -> str:
        return show_concordance(self)


def find_concordance(
    paragraphs: pl.DataFrame,
    query: str,
    *,
    regex: bool = False,
    case: bool = False,
    window: Mapping[str, int] | None = None,
    limit: int | None = LIMIT,
) -> Concordance:
    r"""List the places of a query in the paragraphs, each with its context.

    A regular expression runs in the engine of polars (Rust's ``regex``): time is linear in the text whatever the
    pattern, which is why look-around and back-references don't exist in it.

    Parameters
    ----------
    paragraphs : polars.DataFrame
        Table ``paragraphs``, with ``text``.
    query : str
        Plain text (in Traditional or Simplified characters: the folded form is looked for too), or a regular
        expression.
    regex : bool
    case : bool
        Whether case counts.
    window : mapping of str to int, optional
        By language; default: 20 characters in Chinese, 8 words in English.
    limit : int, optional
        Rows at most; None for all.

    Returns
    -------
    Concordance
        By edition, language, paragraph and place; ``left + node + right`` is a stretch of the text.

    Raises
    ------
    UnknownOptionError
        For an empty or too long query, or what is no regular expression.

    Examples
    --------
    >>> from textmine import load_corpus
    >>> from textmine.reports.tables import tabulate_reports
    >>> paragraphs = tabulate_reports(load_corpus("sample"))["paragraphs"]
    >>> find_concordance(paragraphs, "移动支付|mobile (money|payments?)", regex=True, limit=2).table["node"].to_list()
    ['Mobile money', 'Mobile money']
    """
    if "text" not in paragraphs.columns:
        raise ContractError("a concordance needs running text, and table 'paragraphs' has none (features?)")
    pattern = _compile(query, regex=regex, case=case)
    first, second = _choose_marks(paragraphs["text"])
    rows = paragraphs.select("edition", "lang", "number", "text")
    try:
        found = rows.filter(pl.col("text").str.contains(pattern)).sort("edition", "lang", "number")
        marked = found["text"].str.replace_all(pattern, f"{first}${{0}}{second}")
    except pl.exceptions.ComputeError as error:
        reason = " ".join(str(error).split())
        raise UnknownOptionError(
            "regular expression", query, f"the syntax of Rust's regex (no look-around, no back-reference): {reason}"
        ) from error
    places: list[tuple[tuple[int, str, int, str], int, int]] = []
    n = 0
    for row, text in zip(found.iter_rows(), marked, strict=True):
        spans = list(_read_marks(text, first, second))
        n += len(spans)
        room = len(spans) if limit is None else max(0, limit - len(places))
        places += [(row, start, end) for start, end in spans[:room]]
    return Concordance(_tabulate(places, window), n)


def list_concordance(
    paragraphs: pl.DataFrame,
    tags: pl.DataFrame,
    *,
    window: Mapping[str, int] | None = None,
    limit: int | None = LIMIT,
) -> Concordance:
    """List the places of some tags, such as all of a concept's, each with its context.

    Parameters
    ----------
    paragraphs : polars.DataFrame
        Table ``paragraphs``, with ``text``.
    tags : polars.DataFrame
        Table ``tags``; those without a span (of headings) are passed over.
    window, limit
        As in :func:`find_concordance`.
    """
    if "text" not in paragraphs.columns:
        raise ContractError("a concordance needs running text, and table 'paragraphs' has none (features?)")
    spans = tags.filter(pl.col("start").is_not_null()).select(*PARAGRAPH_KEY, "start", "end").unique()
    spans = spans.sort(*PARAGRAPH_KEY, "start", "end")
    shown = spans if limit is None else spans.head(limit)
    texts = paragraphs.select("edition", "lang", paragraph="number", text="text")
    rows = shown.join(texts, on=PARAGRAPH_KEY, how="inner", maintain_order="left")
    places = [((row[0], row[1], row[2], row[5]), row[3], row[4]) for row in rows.iter_rows()]
    return Concordance(_tabulate(places, window), spans.height)


def show_concordance(found: Concordance) -> str:
    """Return a concordance as plain lines, the nodes below each other also where characters are two columns wide."""
    rows = [(f"{row[0]} {row[1]} {row[2]}", *map(_one_line, row[5:])) for row in found.table.iter_rows()]
    more = f"{found.n} places" + (f", the first {len(rows)} shown" if len(rows) < found.n else "")
    place = max((cell_len(row[0]) for row in rows), default=0)
    left = max((cell_len(row[1]) for row in rows), default=0)
    lines = [
        f"{row[0]}{' ' * (place - cell_len(row[0]))}  {' ' * (left - cell_len(row[1]))}{row[1]}⟦{row[2]}⟧{row[3]}"
        for row in rows
    ]
    return "\n".join([more, *lines])


def _one_line(text: str) -> str:
    return show_controls(" ".join(text.split("\n")))


def _compile(query: str, *, regex: bool, case: bool) -> str:
    if not query.strip() or len(query) > MAX_QUERY:
        raise UnknownOptionError("query", query[:40], f"1 to {MAX_QUERY} characters that aren't all blank")
    if not regex:
        forms = dict.fromkeys([query, fold_text(query, lower=False)])
        query = "|".join(_SPECIAL.sub(r"\\\1", form) for form in forms)
    return query if case else f"(?i:{query})"


def _choose_marks(texts: pl.Series) -> tuple[str, str]:
    """Return two characters that no text holds."""
    free = [mark for mark in _MARKS if not texts.str.contains(mark, literal=True).any()]
    if len(free) < 2:
        raise ContractError("the texts hold all of Unicode's noncharacters U+FDD0 to U+FDEF; they aren't texts")
    return free[0], free[1]


def _read_marks(marked: str, first: str, second: str) -> Iterator[tuple[int, int]]:
    """Yield the spans, in the unmarked text, of what stands between marks; empty ones are passed over."""
    at = removed = 0
    while (at := marked.find(first, at)) >= 0:
        end = marked.index(second, at)
        start = at - removed
        if end > at + 1:
            yield start, start + end - at - 1
        removed += 2
        at = end + 1


def _tabulate(
    places: list[tuple[tuple[int, str, int, str], int, int]], window: Mapping[str, int] | None
) -> pl.DataFrame:
    size = {**WINDOW, **(window or {})}
    for lang, n in size.items():
        if lang not in WINDOW or n < 0:
            raise UnknownOptionError("window", {lang: n}, f"a number from 0 for each of {', '.join(WINDOW)}")
    rows: list[dict[str, object]] = []
    for (edition, lang, paragraph, text), start, end in places:
        first, last = (_words if lang == "en" else _characters)(text, start, end, size[lang])
        rows.append(
            {
                "edition": edition,
                "lang": lang,
                "paragraph": paragraph,
                "start": start,
                "end": end,
                "left": text[first:start],
                "node": text[start:end],
                "right": text[end:last],
            }
        )
    return make_table("concordance", rows)


def _characters(text: str, start: int, end: int, n: int) -> tuple[int, int]:
    return max(0, start - n), min(len(text), end + n)


def _words(text: str, start: int, end: int, n: int) -> tuple[int, int]:
    """Return where the nth word before the node begins and the nth after it ends."""
    if not n:
        return start, end
    before = [match.start() for match in _WORD.finditer(text, 0, start)][-n:]
    after = [match.end() for match in islice(_WORD.finditer(text, end), n)]
    return (before[0] if before else start), (after[-1] if after else end)
