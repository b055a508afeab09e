"""How far tags agree with a reader's labels, and readers with each other."""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
from sklearn.metrics import cohen_kappa_score, precision_recall_fscore_support

from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.intervals import percentile_bounds
from textmine.schema import PARAGRAPH_KEY, check_table

_SCORES = {
    "concept": pl.String,
    "n_labelled": pl.Int64,
    "n_tagged": pl.Int64,
    "precision": pl.Float64,
    "recall": pl.Float64,
    "f1": pl.Float64,
}
_AGREEMENT = {
    "concept": pl.String,
    "n_first": pl.Int64,
    "n_second": pl.Int64,
    "n_both": pl.Int64,
    "kappa": pl.Float64,
}

#: Name of the row that pools the decisions on all concepts.
MICRO = "(micro)"


class MicroScore(NamedTuple):
    """Precision, recall and F1 pooled over concepts, and an interval of F1."""

    n_paragraphs: int
    precision: float
    recall: float
    f1: float
    low: float
    high: float


def score_tags(tags: pl.DataFrame, labels: pl.DataFrame, *, concepts: Sequence[str] | None = None) -> pl.DataFrame:
    """Score tags against one reader's labels, paragraph by paragraph.

    Precision, recall and F1 (van Rijsbergen 1979) over the decisions "paragraph carries concept", for each concept
    and pooled (micro). Only paragraphs that the reader looked at count.

    Parameters
    ----------
    tags : polars.DataFrame
        Table ``tags``.
    labels : polars.DataFrame
        Table ``labels`` of one scheme and one reader.
    concepts : sequence of str, optional
        Which concepts count; default: all that occur in tags or labels.

    Returns
    -------
    polars.DataFrame
        Columns ``concept``, ``n_labelled``, ``n_tagged``, ``precision``, ``recall``, ``f1``, sorted by concept, the
        pooled row last. A ratio without a case is 0.

    Raises
    ------
    ContractError
        When the labels are of more than one scheme or reader.
    """
    names, truth, found = _compare(tags, labels, concepts)
    each = _measure(truth, found, average=None)
    pooled = _measure(truth, found, average="micro")
    rows = [
        (name, int(truth[:, i].sum()), int(found[:, i].sum()), *(float(each[k][i]) for k in range(3)))
        for i, name in enumerate(names)
    ]
    rows.append((MICRO, int(truth.sum()), int(found.sum()), *(float(pooled[k]) for k in range(3))))
    return pl.DataFrame(rows, schema=_SCORES, orient="row")


def _measure(
    truth: npt.NDArray[np.bool_], found: npt.NDArray[np.bool_], *, average: Literal["micro"] | None
) -> tuple[Any, ...]:
    """Return precision, recall, F1 and support of scikit-learn.

    It takes one column for the two classes of a single decision and refuses none; two columns of concepts that
    nothing carries make it a table of decisions and change no figure.
    """
    absent = np.zeros((len(truth), 2), dtype=np.bool_)
    return tuple(
        precision_recall_fscore_support(
            np.hstack([truth, absent]), np.hstack([found, absent]), average=average, zero_division=0
        )
    )


def score_micro(
    tags: pl.DataFrame,
    labels: pl.DataFrame,
    *,
    confidence: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> MicroScore:
    r"""Score tags as the pooled row of :func:`score_tags` does, with an interval.

    :math:`F_1 = 2 h / (l + t)` with the hits, labels and tags of all paragraphs; the interval resamples paragraphs
    (percentile bootstrap; Davison and Hinkley 1997), for the decisions on one paragraph hang together.

    Parameters
    ----------
    tags, labels
        As in :func:`score_tags`.
    confidence : float
    n_resamples : int
    seed : int
    """
    _, truth, found = _compare(tags, labels, None)
    counts = np.column_stack([(truth & found).sum(axis=1), truth.sum(axis=1), found.sum(axis=1)]).astype(np.float64)
    rng = np.random.default_rng(seed)
    draws = rng.multinomial(len(counts), np.full(len(counts), 1 / len(counts)), size=n_resamples) @ counts
    low, high = percentile_bounds(_f1(draws)[:, None], confidence)
    total = counts.sum(axis=0)
    hits, n_labelled, n_tagged = (float(n) for n in total)
    return MicroScore(
        n_paragraphs=len(counts),
        precision=hits / n_tagged if n_tagged else 0.0,
        recall=hits / n_labelled if n_labelled else 0.0,
        f1=float(_f1(total[None])[0]),
        low=float(low[0]),
        high=float(high[0]),
    )


def measure_reader_agreement(labels: pl.DataFrame, first: str, second: str) -> pl.DataFrame:
    """Measure how far two readers agree: Cohen's kappa (Cohen 1960) for each concept.

    Parameters
    ----------
    labels : polars.DataFrame
        Table ``labels`` of one scheme, with both readers' rows.
    first, second : str
        Names of the readers.

    Returns
    -------
    polars.DataFrame
        Columns ``concept``, ``n_first``, ``n_second``, ``n_both``, ``kappa``, sorted by concept. Kappa is null where
        both see a concept in every paragraph: chance alone would agree as well.

    Raises
    ------
    ContractError
        When the readers didn't look at the same paragraphs, one of them has no label, or the labels are of more
        than one scheme.
    """
    check_table(labels, "labels")
    if labels["scheme"].n_unique() > 1:
        raise ContractError("measure_reader_agreement takes the labels of one scheme; filter them first")
    readers = sorted(labels["reader"].unique())
    for reader in (first, second):
        if reader not in readers:
            raise ContractError(f"no labels of reader {reader!r}; there are those of {', '.join(readers) or 'nobody'}")
    mine, theirs = (labels.filter(pl.col("reader") == reader) for reader in (first, second))
    units = mine.select(PARAGRAPH_KEY).unique(maintain_order=True).sort(PARAGRAPH_KEY)
    if not units.equals(theirs.select(PARAGRAPH_KEY).unique(maintain_order=True).sort(PARAGRAPH_KEY)):
        raise ContractError(f"readers {first!r} and {second!r} didn't label the same paragraphs")
    names = sorted({*mine["concept"], *theirs["concept"]} - {"none"})
    a, b = _indicators(units, mine, names), _indicators(units, theirs, names)
    rows = [
        (name, int(x.sum()), int(y.sum()), int((x & y).sum()), _kappa(x, y))
        for name, x, y in zip(names, a.T, b.T, strict=True)
    ]
    return pl.DataFrame(rows, schema=_AGREEMENT, orient="row")


def _kappa(x: npt.NDArray[np.bool_], y: npt.NDArray[np.bool_]) -> float | None:
    """Return Cohen's kappa; None where both readers see a concept everywhere, and chance alone agrees fully."""
    return None if x.all() and y.all() else float(cohen_kappa_score(x, y))


def _compare(
    tags: pl.DataFrame, labels: pl.DataFrame, concepts: Sequence[str] | None
) -> tuple[list[str], npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return the concepts that count, and which paragraph carries which by the reader and by the tagger."""
    check_table(tags, "tags", without=("surface",))
    check_table(labels, "labels")
    if labels.select("scheme", "reader").n_unique() != 1:
        raise ContractError("tags are scored by the labels of one scheme and one reader; filter them first")
    if isinstance(concepts, str):
        raise UnknownOptionError("concepts", concepts, "a list of concepts, such as ['ai']")
    scheme = labels["scheme"][0]
    units = labels.select(PARAGRAPH_KEY).unique(maintain_order=True)
    tagged = tags.filter(pl.col("scheme") == scheme).join(units, on=PARAGRAPH_KEY, how="semi")
    labelled = labels.filter(pl.col("concept") != "none")
    names = sorted(set(concepts) if concepts is not None else {*tagged["concept"], *labelled["concept"]})
    return names, _indicators(units, labelled, names), _indicators(units, tagged, names)


def _f1(counts: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """F1 of rows of hits, labels and tags; 0 where there is neither, as for a ratio without a case."""
    n = counts[:, 1] + counts[:, 2]
    return np.divide(2 * counts[:, 0], n, out=np.zeros(len(counts)), where=n > 0)


def _indicators(units: pl.DataFrame, rows: pl.DataFrame, concepts: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Return a boolean array, shape (n_units, n_concepts): which unit carries which concept."""
    marks = np.zeros((units.height, len(concepts)), dtype=np.bool_)
    column = {concept: i for i, concept in enumerate(concepts)}
    carried = (
        rows.filter(pl.col("concept").is_in(list(concepts)))
        .select(*PARAGRAPH_KEY, "concept")
        .join(units.with_row_index("unit"), on=PARAGRAPH_KEY, how="inner")
    )
    marks[carried["unit"].to_numpy(), [column[concept] for concept in carried["concept"]]] = True
    return marks
