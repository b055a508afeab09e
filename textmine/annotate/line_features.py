"""What the action-line classifier sees of a paragraph: pieces of its text and the concepts that it names, in place.

Headings are no part of a paragraph's text and are never seen.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer

from textmine.annotate.fold import fold_text
from textmine.annotate.segment import Segmenter
from textmine.annotate.tag import Tagger
from textmine.errors import UnknownOptionError
from textmine.schema import LANGUAGES

#: Runs without digits: a year or a figure says nothing of the line.
_LETTERS = re.compile(r"[^\W\d_]+")
#: Longest run of characters (zh) and of words (en) that is one piece.
CHARACTERS, WORDS = 4, 2
KINDS = ("text", "concept")


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


class FeatureWeigher(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Turn features into a matrix: TF-IDF of each kind, rows of length 1 within each kind (Salton and Buckley 1988).

    A term's weight is ``(1 + ln tf) (1 + ln((1 + n) / (1 + df)))``; concepts count as much as all pieces of text
    together.

    Parameters
    ----------
    min_df : int
        Pieces in fewer paragraphs are left out; concepts never are.
    concept_weight : float
        Length of the concepts' part of a row; 0 leaves concepts out.
    """

    def __init__(self, *, min_df: int = 2, concept_weight: float = 1.0) -> None:
        self.min_df = min_df
        self.concept_weight = concept_weight

    def fit(self, X: Sequence[Sequence[Feature]], y: object = None) -> "FeatureWeigher":  # noqa: ARG002, N803
        """Learn vocabulary and rarity of the features."""
        vectorizers = [
            TfidfVectorizer(analyzer=_Names(kind), min_df=least, sublinear_tf=True).fit(X)
            for kind, least in zip(KINDS, (self.min_df, 1), strict=True)
            if kind == "text" or (self.concept_weight and any(_Names(kind)(features) for features in X))
        ]
        names: list[tuple[str, str]] = []
        for kind, vectorizer in zip(KINDS, vectorizers, strict=False):
            names += [(kind, name) for name in vectorizer.get_feature_names_out().tolist()]
        self.set_vocabulary(names, np.concatenate([vectorizer.idf_ for vectorizer in vectorizers]))
        return self

    def set_vocabulary(self, names: Iterable[tuple[str, str]], idf: Any) -> None:
        """Take over features (kind, name) and their rarity, in the order of the columns, pieces before concepts."""
        self.names_ = list(names)
        self.idf_ = np.round(np.asarray(idf, dtype=np.float64), 9)
        self._column = {name: i for i, name in enumerate(self.names_)}

    def transform(self, X: Sequence[Sequence[Feature]]) -> csr_matrix:  # noqa: N803
        """Return the matrix, one row per paragraph; features that weren't learnt are passed over."""
        scale = dict(zip(KINDS, (1.0, self.concept_weight), strict=True))
        n_text = sum(kind == "text" for kind, _ in self.names_)
        data: list[float] = []
        columns: list[int] = []
        ends = [0]
        for features in X:
            counts: dict[int, int] = {}
            for feature in features:
                column = self._column.get((feature.kind, feature.name))
                if column is not None:
                    counts[column] = counts.get(column, 0) + 1
            for kind, inside in zip(KINDS, (lambda c: c < n_text, lambda c: c >= n_text), strict=True):
                found = np.array(sorted(filter(inside, counts)), dtype=np.int64)
                weights = (1 + np.log([counts[c] for c in found.tolist()])) * self.idf_[found]
                length = float(np.sqrt((weights**2).sum()))
                data += (scale[kind] * weights / (length or 1.0)).tolist()
                columns += found.tolist()
            ends.append(len(columns))
        return csr_matrix((data, columns, ends), shape=(len(ends) - 1, len(self.names_)), dtype=np.float64)


class _Names:
    """Analyzer: the names of a paragraph's features of one kind."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __call__(self, features: Iterable[Feature]) -> list[str]:
        return [feature.name for feature in features if feature.kind == self.kind]
