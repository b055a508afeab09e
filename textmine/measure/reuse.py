"""Recycled text: which paragraphs and sentences an earlier edition has already, word for word or nearly."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.pieces import Match, Piece, Pieces, match_earlier, single_sentences, whole_paragraphs
from textmine.schema import LANGUAGES, PARAGRAPH_KEY, check_table, empty_table, make_table

PARAGRAPH, SENTENCE = "paragraph", "sentence"
EXACT, NEAR, PARTIAL = "exact", "near", "partial"
#: What a measure does with recycled paragraphs.
KEEP, DROP = "keep", "drop"
#: Half of the shingles that two texts have together are common to both: chance alone seldom takes two paragraphs on one
#: subject past 0.3, and any threshold from 0.3 to 0.7 lists nearly the same (benchmarks/reuse_simulation.md).
THRESHOLD = 0.5
#: A paragraph counts as recycled where at least this share of its words is.
MIN_SHARE = 0.5
#: Words (Han characters) that a text must have: shorter ones recur because they are formulas.
FEWEST = {"zh": 12, "en": 8}

Place = tuple[int, int]


def find_reuse(
    paragraphs: pl.DataFrame, *, langs: Sequence[str] | None = None, threshold: float = THRESHOLD, seed: int = 0
) -> pl.DataFrame:
    r"""Find the paragraphs and sentences that an earlier edition in the same language has already.

    Texts are sets of shingles (Broder 1997): runs of 3 words in English, of 4 Han characters in Chinese, without case,
    punctuation and spaces, Traditional characters taken for Simplified. A text is reused where its Jaccard similarity
    to one of an earlier edition, :math:`|A \cap B| / |A \cup B|`, is at least the threshold. Candidates come from
    MinHash (how surely, :func:`textmine.measure.similar.choose_bands` tells) and are verified on the shingles
    themselves, so that hashing decides about no similarity.

    Parameters
    ----------
    paragraphs : polars.DataFrame
        Table ``paragraphs``, with ``text``.
    langs : sequence of str, optional
        Default: those that occur.
    threshold : float
        Above 0, at most 1.
    seed : int
        Of the hashing.

    Returns
    -------
    polars.DataFrame
        Table ``reuse``, sorted by edition, language, paragraph, unit and place: a row with ``unit`` ``paragraph`` for
        each paragraph that has anything recycled, and one with ``sentence`` for each of its recycled sentences.
        ``text[start:end]`` is the unit; ``source``, ``source_paragraph``, ``source_start`` and ``source_end`` say where
        the earlier edition has it: the most similar place, of equals the latest edition's, and its first. ``kind`` is
        ``exact`` (the same words in the same order), ``near``, or, for a paragraph, ``partial``: as a whole it is like
        no other, but some of its sentences are; its source is then the paragraph that gives most words. ``share`` is
        the share of the unit's words that stand in a shingle that its source has too; for a paragraph, its source or
        its sentences' sources.

    Raises
    ------
    ContractError
        When the table lacks a column.
    UnknownOptionError
        For an unknown language or an impossible threshold.
    """
    check_table(paragraphs, "paragraphs", without=("text", "heading_path", "action_line"))
    if "text" not in paragraphs.columns:
        raise ContractError("reuse is found in the text, and table 'paragraphs' has none (features?); read the reports")
    chosen = sorted(paragraphs["lang"].unique()) if langs is None else list(langs)
    parts = [empty_table("reuse")]
    for lang in chosen:
        if lang not in LANGUAGES:
            raise UnknownOptionError("language", lang, LANGUAGES)
        mine = paragraphs.filter(pl.col("lang") == lang).sort("edition", "number")
        rows = mine.select("edition", "number", "text").rows()
        wholes, sentences = whole_paragraphs(rows, lang), single_sentences(rows, lang)
        matches = [
            match_earlier(pieces, fewest=FEWEST[lang], threshold=threshold, seed=seed) for pieces in (wholes, sentences)
        ]
        parts.append(_tabulate(lang, wholes, sentences, *matches))
    return pl.concat(parts).sort("edition", "lang", "paragraph", "unit", "start")


def list_recycled(reuse: pl.DataFrame, *, min_share: float = MIN_SHARE) -> pl.DataFrame:
    """Return the paragraphs of which at least a share of the words is recycled: what measures take as ``drop=``.

    Parameters
    ----------
    reuse : polars.DataFrame
        Table ``reuse``.
    min_share : float
        Above 0, at most 1.

    Returns
    -------
    polars.DataFrame
        Columns ``edition``, ``lang``, ``paragraph``, sorted.
    """
    check_table(reuse, "reuse")
    if not 0 < min_share <= 1:
        raise UnknownOptionError("min_share", min_share, "a share above 0 and at most 1")
    recycled = (pl.col("unit") == PARAGRAPH) & (pl.col("share") >= min_share)
    return reuse.filter(recycled).select(PARAGRAPH_KEY).sort(PARAGRAPH_KEY)


def choose_drop(
    paragraphs: pl.DataFrame, reuse: str = KEEP, *, min_share: float = MIN_SHARE, seed: int = 0
) -> pl.DataFrame | None:
    """Return what any measure takes as ``drop=`` to keep recycled paragraphs or to leave them out.

    Parameters
    ----------
    paragraphs : polars.DataFrame
        Table ``paragraphs`` of the whole corpus, so that what an edition outside a comparison has already is found.
    reuse : {'keep', 'drop'}
    min_share : float
        See :func:`list_recycled`.
    seed : int

    Returns
    -------
    polars.DataFrame or None
        None to keep all.

    Raises
    ------
    UnknownOptionError
        For another value of ``reuse``.
    """
    check_reuse(reuse)
    return list_recycled(find_reuse(paragraphs, seed=seed), min_share=min_share) if reuse == DROP else None


def check_reuse(reuse: str) -> None:
    """Raise :class:`~textmine.errors.UnknownOptionError` unless it is ``keep`` or ``drop``, before long work."""
    if reuse not in (KEEP, DROP):
        raise UnknownOptionError("reuse", reuse, (KEEP, DROP))


def _tabulate(
    lang: str, wholes: Pieces, sentences: Pieces, whole_matches: list[Match], sentence_matches: list[Match]
) -> pl.DataFrame:
    rows: list[dict[str, object]] = []
    number = {(piece.edition, piece.paragraph): i for i, piece in enumerate(wholes.items)}
    reused: dict[Place, NDArray[np.bool_]] = {}
    given: dict[Place, Counter[Place]] = {}
    for pieces, matches in ((wholes, whole_matches), (sentences, sentence_matches)):
        for match in matches:
            piece, source = pieces.items[match.piece], pieces.items[match.source]
            shared = pieces.shingles.shared_words(pieces.texts[match.piece], pieces.texts[match.source])
            place = piece.edition, piece.paragraph
            mask = reused.setdefault(place, np.zeros(len(wholes.items[number[place]].words), dtype=bool))
            mask[piece.first_word : piece.first_word + len(shared)] |= shared
            if pieces is sentences:
                given.setdefault(place, Counter())[source.edition, source.paragraph] += int(shared.sum())
                values = match.similarity, EXACT if match.is_exact else NEAR, float(shared.mean())
                rows.append(_row(lang, SENTENCE, (piece, source), values))
    found = {wholes.items[match.piece][:2]: match for match in whole_matches}
    for place, mask in reused.items():
        at = number[place]
        if place in found:
            match = found[place]
            source_at, similarity, kind = match.source, match.similarity, EXACT if match.is_exact else NEAR
        else:
            # The paragraph that gives most words; of equals the latest edition's, and its first.
            source_at = number[max(given[place], key=lambda source: (given[place][source], source[0], -source[1]))]
            similarity = wholes.shingles.similarity(wholes.texts[at], wholes.texts[source_at])
            kind = PARTIAL
        pair = wholes.items[at], wholes.items[source_at]
        rows.append(_row(lang, PARAGRAPH, pair, (similarity, kind, float(mask.mean()))))
    return make_table("reuse", rows)


def _row(lang: str, unit: str, pair: tuple[Piece, Piece], values: tuple[float, str, float]) -> dict[str, object]:
    piece, source = pair
    return {
        "edition": piece.edition,
        "lang": lang,
        "paragraph": piece.paragraph,
        "unit": unit,
        "start": piece.start,
        "end": piece.end,
        "source": source.edition,
        "source_paragraph": source.paragraph,
        "source_start": source.start,
        "source_end": source.end,
        **dict(zip(("similarity", "kind", "share"), values, strict=True)),
    }
