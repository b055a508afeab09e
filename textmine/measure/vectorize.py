"""scikit-learn's vectorizer over our tokens: texts in, the terms of :func:`textmine.measure.counts.count_terms` out."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import DTypeLike
from sklearn.feature_extraction.text import CountVectorizer

from textmine.annotate.match import Matcher
from textmine.annotate.segment import Segmenter, Token
from textmine.errors import UnknownOptionError
from textmine.measure.grams import JOINER
from textmine.schema import LANGUAGES

# White space as the counts' own engine sees it (Unicode's White_Space, without Python's separators 1C to 1F).
_SPACE = re.compile(r"[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")


class TokenVectorizer(CountVectorizer):  # type: ignore[misc]  # scikit-learn has no types
    """Turn texts of one language into a matrix of term counts, for scikit-learn's pipelines.

    The terms are those that :func:`~textmine.measure.counts.count_terms` counts: norms of the tokens of
    :class:`~textmine.annotate.segment.Segmenter`, so a term of the taxonomy is never split and one-character words
    count; n-grams stay in their sentence and neither begin nor end with a stop word.

    Parameters
    ----------
    lang : {'zh', 'en'}
    ngrams : tuple of int
        Shortest and longest n-gram.
    keep_stop_words : bool
        Count stop words too.
    matcher : Matcher, optional
        Of a taxonomy of one's own.
    engine : {'rjieba', 'jieba'}
        Who cuts Han runs.
    max_df, min_df : float or int
        Leave out terms in more, or fewer, of the texts: a share of them, or their number.
    max_features : int, optional
        Keep only the most frequent terms.
    vocabulary : mapping or iterable of str, optional
        The terms to count, instead of those found.
    binary : bool
        1 instead of a count above 0.
    dtype : type
        Of the matrix.

    Examples
    --------
    >>> vectorizer = TokenVectorizer(lang="zh")
    >>> matrix = vectorizer.fit_transform(["移动支付在增长。", "支付和云计算。"])
    >>> vectorizer.get_feature_names_out().tolist()
    ['云计算', '增长', '支付', '移动支付']
    >>> matrix.toarray().tolist()
    [[0, 1, 0, 1], [1, 0, 1, 0]]
    """

    def __init__(
        self,
        *,
        lang: str = "zh",
        ngrams: tuple[int, int] = (1, 1),
        keep_stop_words: bool = False,
        matcher: Matcher | None = None,
        engine: str = "rjieba",
        max_df: float = 1.0,
        min_df: float = 1,
        max_features: int | None = None,
        vocabulary: Mapping[str, int] | Iterable[str] | None = None,
        binary: bool = False,
        dtype: DTypeLike = np.int64,
    ) -> None:
        super().__init__(
            max_df=max_df, min_df=min_df, max_features=max_features, vocabulary=vocabulary, binary=binary, dtype=dtype
        )
        self.lang = lang
        self.ngrams = ngrams
        self.keep_stop_words = keep_stop_words
        self.matcher = matcher
        self.engine = engine

    def build_analyzer(self) -> Callable[[Any], list[str]]:
        """Return the function that turns a text into its terms, repeated ones included.

        Raises
        ------
        UnknownOptionError
            For an unknown language or engine, or an empty range of n-grams.
        """
        if self.lang not in LANGUAGES:
            raise UnknownOptionError("language", self.lang, LANGUAGES)
        shortest, longest = self.ngrams
        if not 1 <= shortest <= longest:
            raise UnknownOptionError("ngrams", self.ngrams, "two whole numbers from 1, the second not below the first")
        segmenter = Segmenter(self.matcher, engine=self.engine)

        def analyze(text: Any) -> list[str]:
            tokens = segmenter.cut(self.decode(text), lang=self.lang)
            return list_terms(tokens, ngrams=(shortest, longest), stop_words=self.keep_stop_words)

        return analyze


def list_terms(tokens: Sequence[Token], *, ngrams: tuple[int, int] = (1, 1), stop_words: bool = False) -> list[str]:
    """Return the terms of a text's tokens, shorter n-grams first, each in the order of the text.

    Parameters
    ----------
    tokens : sequence of Token
        In order.
    ngrams, stop_words
        As in :func:`~textmine.measure.counts.count_terms`, whose rule this is.
    """
    sentences = []
    for _, group in groupby(tokens, key=lambda token: token.sentence):
        norms, words, edges = [], [], []
        for token in group:
            norms.append(_SPACE.sub(JOINER, token.norm))
            words.append(any(character.isalpha() for character in token.norm))
            edges.append(words[-1] and (stop_words or not token.is_stop))
        sentences.append((norms, words, edges))
    return [
        JOINER.join(norms[i : i + n])
        for n in range(ngrams[0], ngrams[1] + 1)
        for norms, words, edges in sentences
        for i in range(len(norms) - n + 1)
        if edges[i] and edges[i + n - 1] and all(words[i + 1 : i + n - 1])
    ]
