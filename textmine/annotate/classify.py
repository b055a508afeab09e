"""The action line of a paragraph from its text alone: learnt from paragraphs whose heading names the line."""

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

from textmine.annotate.line_features import Feature, FeatureFinder, FeatureWeigher, Name, count_features, hide_lines
from textmine.annotate.line_scorer import LineScorer, fit_weights, score_rows
from textmine.annotate.line_threshold import choose_threshold
from textmine.annotate.near_copies import NEAR, resemblance
from textmine.annotate.tag import Tagger, line_order
from textmine.errors import ContractError, UnknownOptionError

Floats = NDArray[np.float64]
#: What the classifier says of a paragraph on no line.
NONE = "none"
#: A second line must be likelier than not.
_SECOND = 0.5


class Reason(NamedTuple):
    """A feature that speaks for a line (weight above 0) or against it, and where it stands in the text."""

    kind: str
    name: str
    weight: float
    spans: tuple[tuple[int, int], ...]


class ActionLineClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Tell the action lines of paragraphs of one language from their text, or ``none``.

    Features are those of :class:`~textmine.annotate.line_features.FeatureFinder`, scores those of
    :class:`~textmine.annotate.line_scorer.LineScorer`. Scores of paragraphs held out, one group (year) after the
    other, make the probabilities and the threshold below which the answer is ``none``; near copies of a paragraph in
    other groups are then held out with it, since mandates recur almost word for word from year to year.

    Each paragraph is learnt twice: as it is, and with the names of action lines blanked out. Else the names would
    carry all the weight, and the paragraphs that the classifier is for, those that name no line, would get none.

    Parameters
    ----------
    lang : {'zh', 'en'}
    C : float
        Inverse strength of the penalty.
    min_df : int
        Pieces of text in fewer paragraphs are left out.
    concept_weight : float
        How much concepts count beside pieces of text; 0 leaves them out. The default was chosen on the sample to 2018.
    hide_names : bool
        Learn each paragraph a second time without the names of action lines.
    near : float
        Resemblance from which on two paragraphs are near copies.
    tagger : Tagger, optional
        Of a taxonomy of one's own.

    Attributes
    ----------
    classes_ : list of str
        The lines learnt, in their order.
    threshold_ : float
        A paragraph whose likeliest line is less likely is on none.
    held_out_ : numpy.ndarray of float, shape (n_paragraphs, n_lines)
        Probabilities of the paragraphs it was fitted on, each by a model that saw neither its group nor near copies.
    held_out_hidden_ : numpy.ndarray of float, shape (n_paragraphs, n_lines)
        The same with the names of action lines blanked out.
    held_out_accuracy_, held_out_hidden_accuracy_ : float
        Share of them whose first answer is right; the threshold was chosen on the same ones.

    Examples
    --------
    >>> texts = ["Broadband backbone", "Media and journalists", "The General Assembly"] * 2
    >>> years = [2009] * 3 + [2010] * 3
    >>> classifier = ActionLineClassifier(lang="en", min_df=1, near=1.1)
    >>> _ = classifier.fit(texts, [["C2"], ["C9"], []] * 2, groups=years)
    >>> classifier.predict(["Journalists and the media"])
    [('C9',)]
    """

    def __init__(
        self,
        *,
        lang: str = "zh",
        C: float = 10.0,  # noqa: N803
        min_df: int = 2,
        concept_weight: float = 0.5,
        hide_names: bool = True,
        near: float = NEAR,
        tagger: Tagger | None = None,
    ) -> None:
        self.lang = lang
        self.C = C
        self.min_df = min_df
        self.concept_weight = concept_weight
        self.hide_names = hide_names
        self.near = near
        self.tagger = tagger

    def __sklearn_tags__(self) -> object:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.classifier_tags.multi_label = True
        return tags

    def fit(
        self,
        X: Sequence[str],  # noqa: N803
        y: Sequence[Collection[str]],
        groups: Sequence[int] | None = None,
        *,
        progress: Callable[[str], None] | None = None,
    ) -> "ActionLineClassifier":
        """Learn from paragraphs and their lines.

        Parameters
        ----------
        X : sequence of str
            Texts, without headings.
        y : sequence of collections of str
            The lines of each; empty, or ``none``, for a paragraph on no line.
        groups : sequence of int, optional
            The year of each. Default: five groups of texts in turn.
        progress : callable, optional
            Called with each group before it is held out.

        Raises
        ------
        ContractError
            When the lengths differ, there is one group only, or no line occurs in two groups.
        """
        lines = [sorted(set(labels) - {NONE}, key=line_order) for labels in y]
        years = np.asarray(groups if groups is not None else np.arange(len(X)) % 5)
        if not len(X) == len(lines) == len(years):
            raise ContractError(
                f"{len(X)} texts, {len(lines)} labels, {len(years)} groups; give one of each for a text"
            )
        self.classes_ = sorted({line for labels in lines for line in labels}, key=line_order)
        if len(set(years.tolist())) < 2 or not self.classes_:
            raise ContractError("training needs labelled paragraphs of at least two years; read more editions")
        say = progress or (lambda _: None)
        finder = self._open_finder()
        say("finding features")
        # Rows of the paragraphs as they are, then of the same without the names of lines.
        found = [finder.find(text) for text in X]
        found += [finder.find(hide_lines(text, finder.tagger)) for text in X]
        counts, names = count_features(found)
        marks = np.array([[line in labels for line in self.classes_] for labels in lines], dtype=np.int64)
        with threadpool_limits(limits=1):
            scores = self._hold_out(counts, names, marks, years, resemblance(X, X) >= self.near, say=say)
            self.weigher_ = self._new_weigher().fit(counts[: len(X)], names)
            rows = self._views(np.arange(len(X)), len(X))
            matrix = self.weigher_.transform(counts[rows][:, self.weigher_.columns_])
            twice = np.vstack([marks, marks])
            self.scorer_ = LineScorer(C=self.C).fit(matrix, twice[rows], held_out_scores=scores[rows])
        # A line that no paragraph of the other groups could teach has no chance there.
        probabilities = np.nan_to_num(expit(self.scorer_.slope_ * scores + self.scorer_.offset_))
        self.held_out_, self.held_out_hidden_ = np.split(probabilities, 2)
        self.threshold_ = choose_threshold(probabilities[rows], twice[rows])
        self.held_out_accuracy_ = self._rate(self.held_out_, lines)
        self.held_out_hidden_accuracy_ = self._rate(self.held_out_hidden_, lines)
        return self

    def _views(self, paragraphs: NDArray[np.int64], n: int) -> NDArray[np.int64]:
        """Return the rows by which paragraphs are learnt, of n as they are and n without names of lines."""
        return np.concatenate([paragraphs, paragraphs + n]) if self.hide_names else paragraphs

    def _rate(self, probabilities: Floats, lines: list[list[str]]) -> float:
        said = [(self._choose(row) or [(NONE, 1.0)])[0][0] for row in probabilities]
        return float(np.mean([a in (b or [NONE]) for a, b in zip(said, lines, strict=True)]))

    def _hold_out(
        self,
        counts: csr_matrix,
        names: list[Name],
        marks: NDArray[np.int64],
        years: NDArray[np.generic],
        alike: NDArray[np.bool_],
        *,
        say: Callable[[str], None],
    ) -> Floats:
        """Score each paragraph by a model that saw neither its group nor a near copy; NaN where a line was unseen.

        The first half of the rows are paragraphs as they are, the second without the names of lines.
        """
        n = len(marks)
        scores = np.full((2 * n, marks.shape[1]), np.nan)
        for year in sorted(set(years.tolist())):
            say(f"holding out {year}")
            test = np.flatnonzero(years == year)
            train = np.flatnonzero((years != year) & ~alike[:, test].any(axis=1))
            if not len(train):
                continue
            weigher = self._new_weigher().fit(counts[train], names)
            kept = counts[:, weigher.columns_]
            rows, both = self._views(train, n), np.concatenate([test, test + n])
            weights = fit_weights(weigher.transform(kept[rows]), marks[rows % n], self.C)
            scores[both] = score_rows(weigher.transform(kept[both]), *weights)
        return scores

    def predict_proba(self, X: Sequence[str]) -> Floats:  # noqa: N803
        """Return the probability of each line, shape (n_paragraphs, n_lines), in the order of ``classes_``."""
        check_is_fitted(self, "threshold_")
        if not len(X):
            return np.empty((0, len(self.classes_)))
        finder = self._open_finder()
        return self.scorer_.predict_proba(self._matrix([finder.find(text) for text in X]))

    def _matrix(self, found: Sequence[Sequence[Feature]]) -> csr_matrix:
        return self.weigher_.transform(count_features(found, self.weigher_.names_)[0])

    def predict(self, X: Sequence[str]) -> list[tuple[str, ...]]:  # noqa: N803
        """Return the lines of each paragraph, the likeliest first, or ``("none",)``."""
        return [tuple(line for line, _ in found) or (NONE,) for found in self.predict_scores(X)]

    def predict_scores(self, X: Sequence[str]) -> list[list[tuple[str, float]]]:  # noqa: N803
        """Return the lines of each paragraph with their probabilities, the likeliest first; none is an empty list."""
        return [self._choose(row) for row in self.predict_proba(X)]

    def score(self, X: Sequence[str], y: Sequence[Collection[str]]) -> float:  # noqa: N803
        """Return the share of paragraphs whose first answer is one of their lines (``none`` where they have none)."""
        answers = self.predict(X)
        return float(np.mean([said[0] in (set(true) or {NONE}) for said, true in zip(answers, y, strict=True)]))

    def _choose(self, row: Floats) -> list[tuple[str, float]]:
        order = sorted(range(len(row)), key=lambda k: (-row[k], k))
        first = [k for k in order[:1] if row[k] >= self.threshold_]
        further = [k for k in order[1:] if first and row[k] >= max(self.threshold_, _SECOND)]
        return [(self.classes_[k], float(row[k])) for k in first + further]

    def explain(self, text: str, *, line: str | None = None, top: int | None = 10) -> list[Reason]:
        """Return what speaks for a line in a text, and what against it, the heaviest first.

        All weights of a text and the line's constant (:meth:`constant`) sum to the log-odds of the line.

        Parameters
        ----------
        text : str
        line : str, optional
            Default: the likeliest.
        top : int, optional
            How many; None for all.

        Examples
        --------
        >>> texts = ["Broadband backbone", "Media and journalists", "The General Assembly"] * 2
        >>> classifier = ActionLineClassifier(lang="en", min_df=1, near=1.1)
        >>> _ = classifier.fit(texts, [["C2"], ["C9"], []] * 2)
        >>> reason = classifier.explain("Free journalists", line="C9", top=1)[0]
        >>> reason.weight > 0, reason.spans
        (True, ((5, 16),))
        """
        k = self._index(line, text)
        found = self._open_finder().find(text)
        row = self._matrix([found])
        spans: dict[tuple[str, str], list[tuple[int, int]]] = {}
        for feature in found:
            spans.setdefault((feature.kind, feature.name), []).append((feature.start, feature.end))
        reasons = []
        for column, value in zip(row.indices.tolist(), row.data.tolist(), strict=True):
            name = self.weigher_.names_[column]
            weight = self.scorer_.slope_ * self.scorer_.coef_[k, column] * value
            if weight:
                reasons.append(Reason(*name, float(weight), tuple(spans[name])))
        return sorted(reasons, key=lambda reason: (-abs(reason.weight), reason.kind, reason.name))[:top]

    def constant(self, line: str) -> float:
        """Return the log-odds of a line for a text without any known feature."""
        k = self._index(line, "")
        return float(self.scorer_.slope_ * self.scorer_.intercept_[k] + self.scorer_.offset_)

    def _index(self, line: str | None, text: str) -> int:
        check_is_fitted(self, "threshold_")
        if line is None:
            return int(self.predict_proba([text])[0].argmax())
        if line not in self.classes_:
            raise UnknownOptionError("action line", line, self.classes_)
        return self.classes_.index(line)

    def _open_finder(self) -> FeatureFinder:
        return FeatureFinder(self.lang, self.tagger)

    def _new_weigher(self) -> FeatureWeigher:
        return FeatureWeigher(min_df=self.min_df, concept_weight=self.concept_weight)
