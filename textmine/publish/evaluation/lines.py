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
    findings: list[Finding] = []
    tables: list[str] = []
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
                findings += _judge(texts, cases, answers, hidden=hidden)
                tables += _rows(f"{texts}{', names hidden' if hidden else ''}", cases, answers)
    return Part(
        "Action lines from the text alone, headings hidden",
        sorted(findings, key=lambda finding: "hidden" in finding.what),
        [
            "Share of paragraphs whose first answer is one of their lines, `none` where they have none. Trained on the "
            "sample to 2018 by headings; the development years are held out in turn, each with its near copies. Truth: "
            "settled labels of the sample, headings of the 2011 edition. Names hidden: names of action lines blanked "
            "out, as in the paragraphs that the classifier is for. Differences are paired, near copies "
            "resampled together. Calibration, "
            "confusion and near copies: `benchmarks/classifier.md`.",
            "",
            "| texts | method | right |",
            "|---|---|---|",
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


def _judge(texts: str, cases: list[Case], answers: dict[str, Answers], *, hidden: bool) -> list[Finding]:
    """Return the finding on accuracy, and one on the difference from each baseline."""
    right = mark_right(answers[OURS].said, cases)
    groups = group_copies([case.text for case in cases])
    what = "top-1 accuracy" + (", names hidden" if hidden else "")
    needed = f"at least {ACCURACY_BAR:.2f}"
    findings = [Finding(what, texts, bounded_share(right), needed, float(right.mean()) >= ACCURACY_BAR)]
    for method in (DICTIONARY, PLAIN):
        theirs = mark_right(answers[method].said, cases)
        low, high = bound_difference(right, theirs, groups)
        figure = f"{right.mean() - theirs.mean():+.3f} [{low:+.3f}, {high:+.3f}]"
        findings.append(Finding(f"{what}, over {method}", texts, figure, "interval above 0", low > 0))
    return findings


def _rows(texts: str, cases: list[Case], answers: dict[str, Answers]) -> list[str]:
    return [
        f"| {texts} ({len(cases)}) | {method} | {bounded_share(mark_right(found.said, cases))} |"
        for method, found in answers.items()
    ]
