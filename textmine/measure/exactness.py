"""Are all offsets exact, and all terms whole?"""

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from textmine.annotate.match import Matcher
from textmine.schema import PARAGRAPH_KEY, check_table

#: Tables whose rows have a place in a paragraph, and the column that repeats its text.
_PLACED = {"tokens": "text", "tags": "surface", "quantities": "surface"}


class Exactness(NamedTuple):
    """Spans, those whose text isn't what their row says; terms in the texts, those that a token's edge divides."""

    n_spans: int
    n_wrong: int
    n_terms: int
    n_divided: int


def check_exactness(tables: Mapping[str, pl.DataFrame], matcher: Matcher) -> Exactness:
    """Check each span of the tables against the paragraphs' texts, and each term against the tokens.

    A span is exact where ``text[start:end]`` is what its row says; a row of a heading or classifier has no place and
    isn't counted. A term (forms of the taxonomy, overlapping ones joined) is whole where no token begins or ends
    inside it.

    Parameters
    ----------
    tables : mapping of str to polars.DataFrame
        As :func:`textmine.annotate.annotate.annotate_reports` returns them.
    matcher : Matcher
        Of the taxonomy that they were made with.

    Examples
    --------
    >>> from textmine.annotate.annotate import annotate_reports
    >>> from textmine.annotate.match import default_matcher
    >>> check_exactness(annotate_reports([]), default_matcher())
    Exactness(n_spans=0, n_wrong=0, n_terms=0, n_divided=0)
    """
    for name in ("paragraphs", *_PLACED):
        check_table(tables[name], name)
    texts = {row[:3]: row[3] for row in tables["paragraphs"].select("edition", "lang", "number", "text").iter_rows()}
    n_spans = n_wrong = 0
    edges: dict[tuple[object, ...], set[int]] = {}
    for name, column in _PLACED.items():
        placed = tables[name].filter(pl.col("start").is_not_null())
        for *key, start, end, surface in placed.select(*PARAGRAPH_KEY, "start", "end", column).iter_rows():
            n_spans += 1
            n_wrong += texts[tuple(key)][start:end] != surface or start < 0
            if name == "tokens":
                edges.setdefault(tuple(key), set()).update((start, end))
    n_terms = n_divided = 0
    for place, text in texts.items():
        cuts = sorted(edges.get(place, ()))
        for start, end in matcher.find_terms(text):
            n_terms += 1
            n_divided += any(start < cut < end for cut in cuts)
    return Exactness(n_spans, n_wrong, n_terms, n_divided)
