"""What a corpus speaks of and its taxonomy doesn't name: candidates for new concepts, ranked."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations

import polars as pl

from textmine.errors import UnknownOptionError
from textmine.measure.counts import Counts, count_terms
from textmine.measure.grams import JOINER, is_word
from textmine.schema import LANGUAGES, PARAGRAPH_KEY, check_table, make_table


def find_uncovered(
    tables: Mapping[str, pl.DataFrame], *, lang: str, ngrams: tuple[int, int] = (1, 4), min_paragraphs: int = 3
) -> pl.DataFrame:
    """Rank the terms and n-grams of a corpus that no concept of its taxonomy covers.

    A term counts where none of its tokens lies in a span that was tagged from text. The rank is the C-value
    (Frantzi, Ananiadou & Mima, 2000): ``log2(n + 1) * (f(a) - mean f(b))``, where ``f`` is the number of
    occurrences, ``n`` the number of words of ``a``, and the mean is over the longer candidates ``b`` that hold ``a``;
    so a part of a longer term doesn't rank by the longer one's occurrences. The authors' factor is ``log2 n``, which
    leaves single words out.

    Parameters
    ----------
    tables : mapping of str to polars.DataFrame
        ``tokens``, ``tags`` and ``paragraphs``, as from :func:`textmine.annotate.annotate.annotate_reports`.
    lang : {'zh', 'en'}
    ngrams : tuple of int
        Shortest and longest n-gram.
    min_paragraphs : int
        Leave out terms in fewer paragraphs.

    Returns
    -------
    polars.DataFrame
        Table ``uncovered``: the term, its occurrences, paragraphs, editions, first and last edition and C-value,
        highest first, ties by term.
    """
    if lang not in LANGUAGES:
        raise UnknownOptionError("language", lang, LANGUAGES)
    tokens = mark_covered(tables["tokens"], tables["tags"])
    left = tokens.with_columns(norm=pl.when("covered").then(pl.lit("")).otherwise("norm")).drop("covered")
    counts = count_terms(left, tables["paragraphs"], lang=lang, ngrams=ngrams).prune(min_rows=min_paragraphs)
    years = counts.by("edition")
    scores = c_values(dict(zip(counts.terms, counts.frequencies.tolist(), strict=True)))
    rows = _rows(counts, years, scores, lang)
    return make_table("uncovered", rows).sort("c_value", "term", descending=[True, False])


def measure_coverage(tables: Mapping[str, pl.DataFrame], *, lang: str) -> tuple[int, int]:
    """Return how many words of a language lie in a tagged span, and how many words there are; stop words left out."""
    tokens = mark_covered(tables["tokens"], tables["tags"])
    words = tokens.filter((pl.col("lang") == lang) & is_word(pl.col("norm")) & ~pl.col("is_stop"))
    return int(words["covered"].sum()), words.height


def mark_covered(tokens: pl.DataFrame, tags: pl.DataFrame) -> pl.DataFrame:
    """Return the table ``tokens`` with a column ``covered``: whether a span tagged from text reaches into the token."""
    check_table(tokens, "tokens", without=("text",))
    check_table(tags, "tags", without=("surface",))
    numbered = tokens.with_row_index("row")
    spans = tags.filter(pl.col("evidence") == "text").select(*PARAGRAPH_KEY, low="start", high="end").unique()
    inside = (
        numbered.select(*PARAGRAPH_KEY, "row", "start", "end")
        .join(spans, on=PARAGRAPH_KEY)
        .filter((pl.col("start") < pl.col("high")) & (pl.col("end") > pl.col("low")))
    )
    return numbered.with_columns(covered=pl.col("row").is_in(inside["row"].unique().implode())).drop("row")


def c_values(frequencies: Mapping[str, int]) -> dict[str, float]:
    """Return the C-value of each candidate, see :func:`find_uncovered`.

    Parameters
    ----------
    frequencies : mapping of str to int
        Occurrences of each candidate, also those inside longer ones; words are joined by a space.

    Examples
    --------
    >>> {term: round(value, 2) for term, value in c_values({"data flow": 3, "free data flow": 2}).items()}
    {'data flow': 1.58, 'free data flow': 4.0}
    """
    longer: dict[str, list[int]] = defaultdict(list)
    for term, frequency in frequencies.items():
        for part in _parts(term.split(JOINER)):
            if part in frequencies:
                longer[part].append(frequency)
    return {
        term: math.log2(term.count(JOINER) + 2)
        * (frequency - (sum(longer[term]) / len(longer[term]) if term in longer else 0))
        for term, frequency in frequencies.items()
    }


def _parts(words: Sequence[str]) -> list[str]:
    """Return the shorter n-grams inside one, each once, sorted."""
    cuts = combinations(range(len(words) + 1), 2)
    return sorted({JOINER.join(words[i:j]) for i, j in cuts if j - i < len(words)})


def _rows(counts: Counts, years: Counts, scores: Mapping[str, float], lang: str) -> list[dict[str, object]]:
    editions = years.rows["edition"].to_list()
    by_term = years.matrix.tocsc()
    rows: list[dict[str, object]] = []
    for column, (term, n, spread) in enumerate(zip(counts.terms, counts.frequencies, counts.spread, strict=True)):
        places = by_term.indices[by_term.indptr[column] : by_term.indptr[column + 1]]
        found = sorted(editions[place] for place in places)
        rows.append(
            {
                "lang": lang,
                "term": term,
                "n": int(n),
                "paragraphs": int(spread),
                "editions": len(found),
                "first": found[0],
                "last": found[-1],
                "c_value": scores[term],
            }
        )
    return rows
