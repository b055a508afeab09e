"""What the action-line classifier sees of a paragraph: pieces of its text and the concepts that it names, in place.

Headings are no part of a paragraph's text and are never seen.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import CountVectorizer

from textmine.annotate.fold import fold_text
from textmine.annotate.segment import Segmenter
from textmine.annotate.tag import ACTION_LINE, Tagger
from textmine.errors import UnknownOptionError
from textmine.schema import LANGUAGES

#: Runs without digits: a year or a figure says nothing of the line.
_LETTERS = re.compile(r"[^\W\d_]+")
#: Longest run of characters (zh) and of words (en) that is one piece.
CHARACTERS, WORDS = 4, 2
#: In the order of columns.
KINDS = ("concept", "text")
#: A feature's kind and name.
Name = tuple[str, str]


class Feature(NamedTuple):
    """A piece of text or a concept: ``text[start:end]`` is where it stands."""

    kind: str
    name: str
    start: int
    end: int


class FeatureFinder:
    """Find the features of texts of one language.

    Chinese: all runs of 1 to 4 letters, folded, as in character n-grams; digits and punctuation part them. English:
    norms of words and of pairs of words, without stop words. Both: each concept that the text names, as
    ``scheme:concept``.

    Parameters
    ----------
    lang : {'zh', 'en'}
    tagger : Tagger, optional

    Examples
    --------
    >>> finder = FeatureFinder("zh")
    >>> [feature.name for feature in finder.find("云计算 2011") if feature.kind == "text"]
    ['云', '计', '算', '云计', '计算', '云计算']
    """

    def __init__(self, lang: str, tagger: Tagger | None = None) -> None:
        if lang not in LANGUAGES:
            raise UnknownOptionError("language", lang, LANGUAGES)
        self.lang = lang
        self.tagger = tagger if tagger is not None else Tagger()
        self._segmenter = Segmenter(self.tagger.matcher)

    def find(self, text: str) -> list[Feature]:
        """Return the features of a text: pieces first, shorter ones before longer, then concepts in their order."""
        pieces = self._characters(text) if self.lang == "zh" else self._words(text)
        concepts = [
            Feature("concept", f"{span.scheme}:{span.concept}", span.start, span.end)
            for span in self.tagger.tag_text(text)
        ]
        return pieces + concepts

    def _characters(self, text: str) -> list[Feature]:
        folded = fold_text(text)
        return [
            Feature("text", folded[i : i + n], i, i + n)
            for n in range(1, CHARACTERS + 1)
            for run in _LETTERS.finditer(folded)
            for i in range(run.start(), run.end() - n + 1)
        ]

    def _words(self, text: str) -> list[Feature]:
        tokens = [
            token
            for token in self._segmenter.cut(text, lang="en")
            if not token.is_stop and any(character.isalpha() for character in token.norm)
        ]
        return [
            Feature("text", " ".join(token.norm for token in run), run[0].start, run[-1].end)
            for n in range(1, WORDS + 1)
            for run in (tokens[i : i + n] for i in range(len(tokens) - n + 1))
            if all(token.sentence == run[0].sentence for token in run)
        ]


def hide_lines(text: str, tagger: Tagger) -> str:
    """Return a text with blanks where it names an action line: what is left is all that a silent paragraph has.

    Examples
    --------
    >>> hide_lines("C9 is a code.", Tagger())
    '   is a code.'
    """
    characters = list(text)
    for span in tagger.tag_text(text):
        if span.scheme == ACTION_LINE:
            characters[span.start : span.end] = " " * (span.end - span.start)
    return "".join(characters)


class FeatureWeigher(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Weigh counts of features: TF-IDF, rows of length 1 within each kind (Salton and Buckley 1988).

    A feature's weight is ``(1 + ln tf) (1 + ln((1 + n) / (1 + df)))``; concepts count as much as all pieces of text
    together.

    Parameters
    ----------
    min_df : int
        Pieces in fewer paragraphs are left out; concepts never are.
    concept_weight : float
        Length of the concepts' part of a row; 0 leaves concepts out.

    Attributes
    ----------
    names_ : list of (kind, name)
        The features that are kept.
    idf_ : numpy.ndarray
        Their rarity.
    """

    def __init__(self, *, min_df: int = 2, concept_weight: float = 1.0) -> None:
        self.min_df = min_df
        self.concept_weight = concept_weight

    def fit(self, X: csr_matrix, names: Sequence[Name]) -> "FeatureWeigher":  # noqa: N803
        """Learn which features are frequent enough, and how rare each is.

        Parameters
        ----------
        X : csr_matrix
            Counts, one row per paragraph, one column per feature; see :func:`count_features`.
        names : sequence of (kind, name)
            The features of the columns.
        """
        n_with = np.bincount(X.indices, minlength=X.shape[1])
        is_concept = _are_concepts(names)
        kept = np.where(is_concept, (n_with > 0) & (self.concept_weight > 0), n_with >= self.min_df)
        self.columns_ = np.flatnonzero(kept)
        idf = 1 + np.log((1 + X.shape[0]) / (1 + n_with[self.columns_]))
        self.set_features([names[i] for i in self.columns_.tolist()], idf)
        return self

    def set_features(self, names: Sequence[Name], idf: Any) -> None:
        """Take over features and their rarity."""
        self.names_ = list(names)
        self.idf_ = np.round(np.asarray(idf, dtype=np.float64), 9)

    def transform(self, X: csr_matrix) -> csr_matrix:  # noqa: N803
        """Return the weights of counts whose columns are those of ``names_``."""
        is_concept = _are_concepts(self.names_)
        rows = np.repeat(np.arange(X.shape[0]), np.diff(X.indptr))
        weights = (1 + np.log(X.data)) * self.idf_[X.indices]
        for kind, length in ((False, 1.0), (True, self.concept_weight)):
            mine = is_concept[X.indices] == kind
            norm = np.sqrt(np.bincount(rows[mine], weights[mine] ** 2, minlength=X.shape[0]))
            weights[mine] *= length / norm[rows[mine]]
        return csr_matrix((weights, X.indices, X.indptr), shape=X.shape)


def count_features(
    paragraphs: Sequence[Sequence[Feature]], names: Sequence[Name] | None = None
) -> tuple[csr_matrix, list[Name]]:
    """Return how often each paragraph has each feature, and the features of the columns, sorted.

    Parameters
    ----------
    paragraphs : sequence of sequences of Feature
    names : sequence of (kind, name), optional
        The features to count; default: all that occur.
    """
    vocabulary = None if names is None else {name: i for i, name in enumerate(names)}
    vectorizer = CountVectorizer(analyzer=_names, vocabulary=vocabulary, dtype=np.float64)
    counts = vectorizer.fit_transform(paragraphs) if names is None else vectorizer.transform(paragraphs)
    counts.sort_indices()
    return counts, sorted(vectorizer.vocabulary_) if names is None else list(names)


def _names(features: Iterable[Feature]) -> list[Name]:
    return [(feature.kind, feature.name) for feature in features]


def _are_concepts(names: Sequence[Name]) -> NDArray[np.bool_]:
    return np.array([kind == "concept" for kind, _ in names], dtype=np.bool_)
