"""Paragraphs and sentences as pieces of text to look for, and the most similar earlier piece of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl

from textmine.annotate.sentences import split_sentences
from textmine.measure.shingles import Shingles, Word, read_words, shingle_texts
from textmine.measure.similar import SimilarPairs, find_similar


class Piece(NamedTuple):
    """A paragraph or a sentence: its edition and paragraph, its place in the text, the words before it, its own."""

    edition: int
    paragraph: int
    start: int
    end: int
    first_word: int
    words: tuple[str, ...]


class Match(NamedTuple):
    """A piece and the earlier one most similar to it, as numbers of pieces."""

    piece: int
    source: int
    similarity: float
    is_exact: bool


@dataclass(frozen=True, slots=True)
class Pieces:
    """Pieces in order, and the distinct texts among them: ``texts[i]`` is the row of piece ``i`` in ``shingles``."""

    items: tuple[Piece, ...]
    texts: tuple[int, ...]
    shingles: Shingles


def whole_paragraphs(rows: Sequence[tuple[int, int, str]], lang: str) -> Pieces:
    """Return paragraphs as pieces; ``rows`` are edition, number and text."""
    return _gather([_piece(row, (0, len(row[2])), read_words(row[2]), 0) for row in rows], lang)


def single_sentences(rows: Sequence[tuple[int, int, str]], lang: str) -> Pieces:
    """Return the sentences of paragraphs as pieces, white space around them left out."""
    return _gather([piece for row in rows for piece in _sentences(row, lang)], lang)


def match_earlier(pieces: Pieces, *, fewest: int, threshold: float, seed: int) -> list[Match]:
    """Return, for each piece that is similar to one of an earlier edition, the one most similar to it.

    Of equally similar ones the latest edition's counts, and its first. Time is that of sorting.

    Parameters
    ----------
    pieces : Pieces
    fewest : int
        Words a piece must have.
    threshold : float
    seed : int
    """
    long_enough = [i for i, piece in enumerate(pieces.items) if len(piece.words) >= fewest]
    if not long_enough:
        return []
    places = pl.DataFrame(
        {
            "piece": long_enough,
            "text": [pieces.texts[i] for i in long_enough],
            "edition": [pieces.items[i].edition for i in long_enough],
        },
        schema={"piece": pl.Int64, "text": pl.Int64, "edition": pl.Int64},
    )
    pairs = find_similar(pieces.shingles, threshold=threshold, seed=seed)
    # Pieces come by edition and place, so the least number is the first of its edition.
    first = places.group_by("text", "edition").agg(pl.col("piece").min()).sort("text", "edition")
    sources = first.select(other="text", source_edition="edition", edition="edition", source="piece").sort("edition")
    asked = first.drop("piece").join(_neighbours(pairs, first["text"].unique()), on="text").sort("edition")
    earlier = asked.join_asof(sources, on="edition", by="other", allow_exact_matches=False, check_sortedness=False)
    best = (
        earlier.drop_nulls("source")
        .sort("text", "edition", "similarity", "source_edition", "source", descending=[False, False, True, True, False])
        .unique(["text", "edition"], keep="first", maintain_order=True)
    )
    found = places.join(best, on=["text", "edition"]).sort("piece")
    return [
        Match(row["piece"], row["source"], row["similarity"], row["text"] == row["other"])
        for row in found.iter_rows(named=True)
    ]


def _neighbours(pairs: SimilarPairs, texts: pl.Series) -> pl.DataFrame:
    """Return the texts similar to each, itself included."""
    alike = texts.to_numpy()
    columns = {
        "text": np.concatenate([pairs.first, pairs.second, alike]),
        "other": np.concatenate([pairs.second, pairs.first, alike]),
        "similarity": np.concatenate([pairs.similarity, pairs.similarity, np.ones(len(alike))]),
    }
    return pl.DataFrame(columns)


def _gather(items: list[Piece], lang: str) -> Pieces:
    places: dict[tuple[str, ...], int] = {}
    texts = tuple(places.setdefault(piece.words, len(places)) for piece in items)
    return Pieces(tuple(items), texts, shingle_texts(list(places), lang=lang))


def _sentences(row: tuple[int, int, str], lang: str) -> Iterator[Piece]:
    text, words = row[2], read_words(row[2])
    at = 0
    for start, end in split_sentences(text, lang=lang):
        first = at
        while at < len(words) and words[at].start < end:
            at += 1
        surface = text[start:end]
        span = start + len(surface) - len(surface.lstrip()), start + len(surface.rstrip())
        yield _piece(row, span, words[first:at], first)


def _piece(row: tuple[int, int, str], span: tuple[int, int], words: Sequence[Word], first_word: int) -> Piece:
    return Piece(row[0], row[1], *span, first_word, tuple(word.norm for word in words))
