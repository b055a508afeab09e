"""Answers on the action line of paragraphs, by simple methods too, and how many of them are right."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from textmine.annotate.classify import NONE
from textmine.annotate.line_model import LAST_DEVELOPMENT_YEAR, Example, collect_examples
from textmine.annotate.near_copies import NEAR, resemblance
from textmine.annotate.tag import ACTION_LINE, Tagger
from textmine.measure.intervals import draw_shares, percentile_bounds
from textmine.reports.labels import load_labels
from textmine.reports.model import Report

LINES = [f"C{n}" for n in range(1, 12)]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """A paragraph with its true lines (``none`` alone for no line), and whether training has a near copy."""

    text: str
    truth: frozenset[str]
    copied: bool


@dataclass(frozen=True)
class Answers:
    """First answers of a method; where it must name a line; and the probability of that line where it gives one."""

    said: list[str]
    forced: list[str]
    probability: Floats | None = None


def name_lines(probabilities: Floats, threshold: float) -> list[str]:
    """Return the first answer of each row of probabilities of :data:`LINES`, or none.

    Examples
    --------
    >>> name_lines(np.eye(11)[[4, 0]] * [[0.9], [0.1]], 0.5)
    ['C5', 'none']
    """
    return [LINES[row.argmax()] if row.max() >= threshold else NONE for row in probabilities]


def answer_likeliest(probabilities: Floats, threshold: float) -> Answers:
    """Return answers from probabilities of the lines."""
    forced = [LINES[k] for k in probabilities.argmax(axis=1)]
    return Answers(name_lines(probabilities, threshold), forced, probabilities.max(axis=1))


def answer_majority(train: Sequence[Example], n: int) -> Answers:
    """Give the commonest answer, always."""
    first = Counter((example.lines or (NONE,))[0] for example in train)
    line = max((line for line in first if line != NONE), key=lambda item: (first[item], item))
    return Answers([max(first, key=lambda item: (first[item], item))] * n, [line] * n)


def answer_dictionary(tagger: Tagger, texts: Iterable[str]) -> Answers:
    """Give the line that the text names most often, the earliest of equals."""
    said = []
    for text in texts:
        found = Counter(span.concept.split(".")[0] for span in tagger.tag_text(text) if span.scheme == ACTION_LINE)
        said.append(found.most_common(1)[0][0] if found else NONE)
    return Answers(said, said)


def fit_plain(train: Sequence[Example], lang: str) -> Pipeline:
    """Fit TF-IDF and logistic regression, balanced, with the classifier's penalty; none is one class more."""
    vectorizer = (
        TfidfVectorizer(analyzer="char", ngram_range=(1, 4), min_df=2) if lang == "zh" else TfidfVectorizer(min_df=2)
    )
    model = make_pipeline(vectorizer, LogisticRegression(C=10.0, class_weight="balanced", max_iter=500))
    return model.fit([example.text for example in train], [(example.lines or (NONE,))[0] for example in train])


def answer_plain(model: Pipeline, texts: Sequence[str]) -> Answers:
    """Answer by TF-IDF and logistic regression."""
    probabilities = model.predict_proba(texts)
    lines = [i for i, line in enumerate(model.classes_) if line != NONE]
    return Answers(
        model.predict(texts).tolist(), [model.classes_[lines[k]] for k in probabilities[:, lines].argmax(axis=1)]
    )


def mark_right(said: Sequence[str], cases: Sequence[Case]) -> Floats:
    """Return 1 where the answer is among the true lines, else 0."""
    return np.array([answer in case.truth for answer, case in zip(said, cases, strict=True)], dtype=np.float64)


def bound_difference(mine: Floats, theirs: Floats, groups: NDArray[np.int64]) -> tuple[float, float]:
    """Return the 95 % bounds of the difference of two shares of right answers.

    Answers are paired, and near copies are resampled together (percentile bootstrap; Davison and Hinkley 1997).

    Parameters
    ----------
    mine, theirs : numpy.ndarray of float
        1 where right, from :func:`mark_right`.
    groups : numpy.ndarray of int
        From :func:`group_copies`.
    """
    size = np.bincount(groups).astype(np.float64)
    both = np.column_stack([np.bincount(groups, mine), np.bincount(groups, theirs)])
    draws = draw_shares(both, size, n_resamples=4000, seed=0)
    low, high = percentile_bounds((draws[:, 0] - draws[:, 1])[:, None], 0.95)
    return float(low[0]), float(high[0])


def group_copies(texts: Sequence[str]) -> NDArray[np.int64]:
    """Return the number of the set of near copies that each text belongs to."""
    return np.asarray(connected_components(resemblance(texts, texts) >= NEAR)[1], dtype=np.int64)


def collect_held_out(reports: Iterable[Report], lang: str, train_texts: Sequence[str]) -> list[Case]:
    """Return the paragraphs of the held-out years with their settled labels, sub-lines of C7 as C7."""
    truth = settle_lines(lang)
    found = [
        (paragraph.text, truth[report.edition.year, paragraph.number])
        for report in reports
        if report.edition.lang == lang and report.edition.year > LAST_DEVELOPMENT_YEAR
        for paragraph in report.paragraphs
    ]
    return make_cases(found, train_texts)


def settle_lines(lang: str) -> dict[tuple[int, int], set[str]]:
    """Return the settled lines of each edition and paragraph of the sample, sub-lines of C7 as C7.

    Examples
    --------
    >>> settle_lines("zh")[2011, 34]
    {'C9'}
    """
    truth: dict[tuple[int, int], set[str]] = {}
    for row in load_labels("sample.action_line").iter_rows(named=True):
        if row["lang"] == lang:
            truth.setdefault((row["edition"], row["paragraph"]), set()).add(row["concept"].split(".")[0])
    return truth


def collect_by_headings(report: Report, train_texts: Sequence[str], tagger: Tagger) -> list[Case]:
    """Return the paragraphs of a report with the lines that its headings name."""
    named = {example.number: set(example.lines) for example in collect_examples([report], tagger)}
    return make_cases([(item.text, named.get(item.number) or {NONE}) for item in report.paragraphs], train_texts)


def make_cases(found: Sequence[tuple[str, set[str]]], train_texts: Sequence[str]) -> list[Case]:
    """Return cases, near copies of training paragraphs marked."""
    near = resemblance([text for text, _ in found], train_texts).max(axis=1) >= NEAR
    return [Case(text, frozenset(lines), bool(copied)) for (text, lines), copied in zip(found, near, strict=True)]
