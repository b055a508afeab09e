"""Cuts of a text, into words or sentences, against those that a reader made."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from textmine.errors import ContractError, SourceError
from textmine.measure.intervals import percentile_bounds
from textmine.resources import resource_path
from textmine.schema import LANGUAGES

#: Between two words of the hand-cut sentences.
WORD_MARK = "|"
#: A space inside a word of them.
SPACE_MARK = "_"
#: Between two sentences of the hand-cut texts.
SENTENCE_MARK = "‖"

Spans = Sequence[tuple[int, int]]


class CutText(NamedTuple):
    """A text with the spans of its pieces, white space around them left out; ``group`` is development or held-out."""

    group: str
    lang: str
    edition: int | None
    paragraph: int | None
    start: int
    text: str
    spans: tuple[tuple[int, int], ...]


class CutScore(NamedTuple):
    """Precision, recall and F1 of the cuts between pieces, with an interval, and F1 of whole pieces."""

    n_texts: int
    precision: float
    recall: float
    f1: float
    low: float
    high: float
    piece_f1: float


def load_cut_words(path: Path | None = None) -> list[CutText]:
    """Return the sentences of the sample that were cut into words by hand (``corpus/gold/segmentation.zh.txt``).

    Raises
    ------
    SourceError
        When a line isn't set, edition, paragraph, offset and sentence; the message names it.

    Examples
    --------
    >>> sentence = load_cut_words()[0]
    >>> [sentence.text[start:end] for start, end in sentence.spans][:3]
    ['最不发达国家', '落后', '最']
    """
    path = path if path is not None else resource_path("gold", "segmentation.zh.txt")
    found = []
    for number, columns in _lines(path):
        if len(columns) != 5 or not all(column.isdecimal() for column in columns[1:4]):
            raise SourceError(f"{path}: line {number} isn't set, edition, paragraph, offset and sentence")
        text, spans = parse_cut(columns[4], mark=WORD_MARK, space=SPACE_MARK)
        found.append(CutText(columns[0], "zh", int(columns[1]), int(columns[2]), int(columns[3]), text, spans))
    return found


def load_cut_sentences(path: Path | None = None) -> list[CutText]:
    """Return the texts whose sentences were marked by hand (``corpus/gold/sentences.txt``).

    Raises
    ------
    SourceError
        When a line isn't set, language and text; the message names it.
    """
    path = path if path is not None else resource_path("gold", "sentences.txt")
    found = []
    for number, columns in _lines(path):
        if len(columns) != 3 or columns[1] not in LANGUAGES:
            raise SourceError(f"{path}: line {number} isn't set, language and text")
        text, spans = parse_cut(columns[2], mark=SENTENCE_MARK)
        found.append(CutText(columns[0], columns[1], None, None, 0, text, spans))
    return found


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    return [(number, line.split("\t")) for number, line in lines if line and not line.startswith("#")]


def parse_cut(marked: str, *, mark: str, space: str | None = None) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return a marked text without its marks, and the spans of its pieces.

    Parameters
    ----------
    marked : str
    mark : str
        One character that ends a piece.
    space : str, optional
        One character that stands for a space inside a piece; any other white space ends a piece then.

    Examples
    --------
    >>> parse_cut("2007 年|的| Web_2.0|。", mark="|", space="_")
    ('2007 年的 Web 2.0。', ((0, 4), (5, 6), (6, 7), (8, 15), (15, 16)))
    """
    text: list[str] = []
    spans: list[tuple[int, int]] = []
    for piece in marked.split(mark):
        parts = piece.split(" ") if space else [piece]
        for i, part in enumerate(parts):
            if i:
                text.append(" ")
            whole = part.replace(space, " ") if space else part
            bare = whole.strip()
            if bare:
                at = sum(map(len, text)) + whole.index(bare)
                spans.append((at, at + len(bare)))
            text.append(whole)
    return "".join(text), tuple(spans)


def trim_spans(text: str, spans: Spans) -> list[tuple[int, int]]:
    """Return spans without the white space at their ends; those of white space alone are gone."""
    trimmed = []
    for start, end in spans:
        piece = text[start:end]
        if piece.strip():
            lead = len(piece) - len(piece.lstrip())
            trimmed.append((start + lead, start + len(piece.rstrip())))
    return trimmed


def score_cuts(
    gold: Sequence[Spans],
    found: Sequence[Spans],
    *,
    confidence: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> CutScore:
    """Score the pieces found in some texts.

    A cut is the offset where a piece begins, but for the first one of a text; so texts of one piece count only where
    cuts were found in them. ``F1 = 2 hits / (cuts found + cuts in gold)``, pooled over texts; a whole piece is a hit
    where both its ends are. The interval resamples texts (percentile bootstrap).

    Parameters
    ----------
    gold, found : sequence of sequence of (start, end)
        Pieces of each text in order, white space trimmed, see :func:`trim_spans`.
    confidence : float
    n_resamples : int
    seed : int

    Raises
    ------
    ContractError
        When the two don't have the same number of texts, or there is none.

    Examples
    --------
    >>> score = score_cuts([[(0, 2), (2, 3), (3, 5)]], [[(0, 2), (2, 5)]])
    >>> score.precision, score.recall, round(score.f1, 3), score.piece_f1
    (1.0, 0.5, 0.667, 0.4)
    """
    if len(gold) != len(found) or not gold:
        raise ContractError(f"cuts: {len(gold)} texts in gold, {len(found)} found; both need the same, at least one")
    cuts = _count([_cuts(spans) for spans in gold], [_cuts(spans) for spans in found])
    pieces = _count([set(spans) for spans in gold], [set(spans) for spans in found])
    rng = np.random.default_rng(seed)
    weights = rng.multinomial(len(gold), np.full(len(gold), 1 / len(gold)), size=n_resamples)
    low, high = percentile_bounds(_f1(weights @ cuts)[:, np.newaxis], confidence)
    hits, n_gold, n_found = cuts.sum(axis=0)
    return CutScore(
        n_texts=len(gold),
        precision=float(hits / n_found) if n_found else float("nan"),
        recall=float(hits / n_gold) if n_gold else float("nan"),
        f1=float(_f1(cuts.sum(axis=0)[np.newaxis])[0]),
        low=float(low[0]),
        high=float(high[0]),
        piece_f1=float(_f1(pieces.sum(axis=0)[np.newaxis])[0]),
    )


def _cuts(spans: Spans) -> set[int]:
    return {start for start, _ in spans[1:]}


def _count(gold: Sequence[set[Any]], found: Sequence[set[Any]]) -> NDArray[np.int64]:
    """Return hits, gold and found of each text, shape (n_texts, 3)."""
    rows = [(len(a & b), len(a), len(b)) for a, b in zip(gold, found, strict=True)]
    return np.array(rows, dtype=np.int64)


def _f1(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """F1 of rows of hits, gold and found; 1 where there was nothing to find and nothing was found."""
    n = counts[:, 1] + counts[:, 2]
    return np.where(n > 0, 2 * counts[:, 0] / np.maximum(n, 1), 1.0)
