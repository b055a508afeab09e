"""Action lines from the text alone, beside simple methods."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from textmine.annotate.classify import ActionLineClassifier
from textmine.annotate.line_features import hide_lines
from textmine.annotate.line_model import LAST_DEVELOPMENT_YEAR, Example, collect_examples
from textmine.annotate.near_copies import NEAR, resemblance
from textmine.annotate.tag import Tagger
from textmine.errors import ContractError
from textmine.measure.intervals import wilson_bounds
from textmine.measure.line_answers import (
    LINES,
    Answers,
    Case,
    answer_dictionary,
    answer_likeliest,
    answer_majority,
    answer_plain,
    bound_difference,
    collect_by_headings,
    collect_held_out,
    fit_plain,
    group_copies,
    make_cases,
    mark_right,
    settle_lines,
)
from textmine.publish.evaluation.ground import DEVELOPMENT, HELD_OUT, OFFICIAL_LANG, Finding, Ground, Part, Say, bounded
from textmine.schema import LANGUAGES

ACCURACY_BAR = 0.80
OURS = "textmine"
MAJORITY, DICTIONARY, PLAIN = "majority", "dictionary only", "TF-IDF + logistic regression"


class LineTest:
    """The classifier and the simple methods of one language, trained on the development years."""

    def __init__(self, ground: Ground, lang: str, say: Say) -> None:
        self.lang, self.tagger, self.say = lang, Tagger(ground.matcher), say
        reports = [report for report in ground.sample if report.edition.year <= LAST_DEVELOPMENT_YEAR]
        self.train = sorted(item for item in collect_examples(reports, self.tagger) if item.lang == lang)
        self.texts = [example.text for example in self.train]
        self.years = [example.year for example in self.train]
        self.classifier = ActionLineClassifier(lang=lang, tagger=self.tagger).fit(
            self.texts,
            [example.lines for example in self.train],
            groups=self.years,
            progress=lambda group: say(f"classifier, {lang}: {group}"),
        )
        if self.classifier.classes_ != LINES:
            raise ContractError(f"training teaches {', '.join(self.classifier.classes_)}, not all of C1 to C11")

    def answer(self, texts: Sequence[str]) -> dict[str, Answers]:
        """Answer on texts that training doesn't have."""
        with threadpool_limits(limits=1):
            plain = answer_plain(fit_plain(self.train, self.lang), texts)
        ours = answer_likeliest(self.classifier.predict_proba(texts), self.classifier.threshold_)
        return {**self._simple(texts), PLAIN: plain, OURS: ours}

    def answer_development(self, *, hidden: bool) -> tuple[list[Case], dict[str, Answers]]:
        """Answer on the development years, each held out in turn together with its near copies."""
        truth = settle_lines(self.lang)
        cases = make_cases([(item.text, truth[item.year, item.number]) for item in self.train], self.texts)
        seen = self._hide(self.texts) if hidden else self.texts
        held_out = self.classifier.held_out_hidden_ if hidden else self.classifier.held_out_
        ours = answer_likeliest(held_out, self.classifier.threshold_)
        return cases, {**self._simple(seen), PLAIN: self._cross(seen), OURS: ours}

    def _simple(self, texts: Sequence[str]) -> dict[str, Answers]:
        majority, dictionary = answer_majority(self.train, len(texts)), answer_dictionary(self.tagger, texts)
        return {MAJORITY: majority, DICTIONARY: dictionary}

    def _cross(self, seen: Sequence[str]) -> Answers:
        alike = resemblance(self.texts, self.texts) >= NEAR
        said, forced = [""] * len(seen), [""] * len(seen)
        years = np.array(self.years)
        for year in sorted(set(self.years)):
            self.say(f"{PLAIN}, {self.lang}: holding out {year}")
            test = np.flatnonzero(years == year).tolist()
            kept = np.flatnonzero((years != year) & ~alike[:, test].any(axis=1)).tolist()
            train: list[Example] = [self.train[i] for i in kept]
            with threadpool_limits(limits=1):
                found = answer_plain(fit_plain(train, self.lang), [seen[i] for i in test])
            for i, answer, line in zip(test, found.said, found.forced, strict=True):
                said[i], forced[i] = answer, line
        return Answers(said, forced)

    def _hide(self, texts: Sequence[str]) -> list[str]:
        return [hide_lines(text, self.tagger) for text in texts]

    def answer_all(self, cases: list[Case], *, hidden: bool) -> tuple[list[Case], dict[str, Answers]]:
        """Answer on cases, the names of lines blanked out or not."""
        texts = [case.text for case in cases]
        return cases, self.answer(self._hide(texts) if hidden else texts)


def evaluate_lines(ground: Ground, *, say: Say) -> Part:
    """Measure first answers against readers' labels, and on the 2011 edition against its headings."""
    findings, tables = [], []
    for lang in LANGUAGES:
        test = LineTest(ground, lang, say)
        for hidden in (False, True):
            held_out = collect_held_out(ground.sample, lang, test.texts)
            sets = {
                f"sample {DEVELOPMENT}, {lang}": test.answer_development(hidden=hidden),
                f"sample {HELD_OUT}, {lang}": test.answer_all(held_out, hidden=hidden),
            }
            if ground.official is not None and lang == OFFICIAL_LANG:
                cases = collect_by_headings(ground.official, test.texts, test.tagger)
                sets[f"2011 edition, {lang}"] = test.answer_all(cases, hidden=hidden)
            for texts, (cases, answers) in sets.items():
                findings.append(_judge(texts, cases, answers, hidden=hidden))
                tables += _rows(f"{texts}{', names hidden' if hidden else ''}", cases, answers)
    return Part(
        "Action lines from the text alone, headings hidden",
        sorted(findings, key=lambda finding: finding.what != findings[0].what),
        [
            "Share of paragraphs whose first answer is one of their lines, `none` where they have none. Trained on the "
            "sample to 2018 by headings; the development years are held out in turn, each with its near copies. Truth: "
            "settled labels of the sample, headings of the 2011 edition. Names hidden: names of action lines blanked "
            "out, as in the paragraphs that the classifier is for. The bar: accuracy, and a difference from both "
            "dictionary and TF-IDF whose interval (paired, near copies resampled together) is above 0. Calibration, "
            "confusion and near copies: `benchmarks/classifier.md`.",
            "",
            "| texts | method | right | difference of textmine from it |",
            "|---|---|---|---|",
            *tables,
        ],
    )


def bounded_share(right: NDArray[np.float64]) -> str:
    """Write the share of answers that are right, with Wilson's (1927) interval.

    Examples
    --------
    >>> bounded_share(np.array([1.0, 1.0, 0.0, 1.0]))
    '0.750 [0.301, 0.954]'
    """
    low, high = wilson_bounds(right.mean(), len(right))
    return bounded(float(right.mean()), float(low), float(high))


def _judge(texts: str, cases: list[Case], answers: dict[str, Answers], *, hidden: bool) -> Finding:
    right = mark_right(answers[OURS].said, cases)
    groups = group_copies([case.text for case in cases])
    above = {
        method: bound_difference(right, mark_right(answers[method].said, cases), groups)[0] > 0
        for method in (DICTIONARY, PLAIN)
    }
    figure = bounded_share(right)
    not_above = [method for method, is_above in above.items() if not is_above]
    figure += f"; not above {' and '.join(not_above)}" if not_above else "; above both baselines"
    what = "action line, top-1 accuracy" + (", names hidden" if hidden else "")
    return Finding(
        what,
        texts,
        figure,
        f"at least {ACCURACY_BAR:.2f}, above both baselines",
        float(right.mean()) >= ACCURACY_BAR and not not_above,
    )


def _rows(texts: str, cases: list[Case], answers: dict[str, Answers]) -> list[str]:
    groups = group_copies([case.text for case in cases])
    ours = mark_right(answers[OURS].said, cases)
    rows = []
    for method, found in answers.items():
        right = mark_right(found.said, cases)
        beside = ""
        if method != OURS:
            low, high = bound_difference(ours, right, groups)
            beside = f"{ours.mean() - right.mean():+.3f} [{low:+.3f}, {high:+.3f}]"
        rows.append(f"| {texts} ({len(cases)}) | {method} | {bounded_share(right)} | {beside} |")
    return rows
