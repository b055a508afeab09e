"""Texts that repeat each other nearly word for word: what must not stand on both sides of a test."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer

from textmine.annotate.fold import fold_text

#: From this resemblance on, two paragraphs are near copies.
NEAR = 0.3
_SHINGLE = 5


def resemblance(texts: Sequence[str], others: Sequence[str]) -> NDArray[np.float64]:
    """Return how far each text resembles each other one: the Jaccard index of their runs of 5 characters (Broder 1997).

    Examples
    --------
    >>> resemblance(["abcdef"], ["abcdef", "abcdeX", "123456"]).round(3).tolist()
    [[1.0, 0.333, 0.0]]
    """
    folded = [fold_text(text) for text in (*texts, *others)]
    vectorizer = CountVectorizer(analyzer="char", ngram_range=(_SHINGLE, _SHINGLE), binary=True, lowercase=False)
    try:
        marks = vectorizer.fit_transform(folded)
    except ValueError:  # no text has as many characters
        return np.zeros((len(texts), len(others)))
    left, right = marks[: len(texts)], marks[len(texts) :]
    shared = (left @ right.T).toarray().astype(np.float64)
    either = np.asarray(left.sum(axis=1)).reshape(-1, 1) + np.asarray(right.sum(axis=1)).reshape(1, -1) - shared
    found: NDArray[np.float64] = np.divide(shared, either, out=np.zeros_like(shared), where=either > 0)
    return found
