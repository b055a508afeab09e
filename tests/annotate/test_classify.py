import itertools

import numpy as np
import pytest
from scipy.special import logit
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from textmine.annotate.classify import ActionLineClassifier
from textmine.annotate.line_model import Example, collect_examples
from textmine.annotate.line_threshold import choose_threshold
from textmine.errors import ContractError, UnknownOptionError
from textmine.reports.model import Report
from textmine.reports.read import read_report
from textmine.resources import resource_path

YEARS = (2009, 2010, 2011)


@pytest.fixture(scope="module")
def reports() -> list[Report]:
    return [read_report(resource_path("sample", f"{year}.{lang}.md")) for year in YEARS for lang in ("en", "zh")]


@pytest.fixture(scope="module")
def examples(reports: list[Report]) -> list[Example]:
    return collect_examples(reports)


def fit(examples: list[Example], lang: str) -> ActionLineClassifier:
    mine = [example for example in examples if example.lang == lang]
    years = [example.year for example in mine]
    return ActionLineClassifier(lang=lang).fit([e.text for e in mine], [e.lines for e in mine], groups=years)


@pytest.fixture(scope="module")
def classifiers(examples: list[Example]) -> dict[str, ActionLineClassifier]:
    return {lang: fit(examples, lang) for lang in ("en", "zh")}


def test_examples_are_what_headings_name(reports: list[Report], examples: list[Example]) -> None:
    report = next(report for report in reports if report.edition.year == 2011 and report.edition.lang == "en")
    mine = {e.number: e for e in examples if (e.year, e.lang) == (2011, "en")}
    for paragraph in report.paragraphs:
        codes = {
            heading.title.rsplit("(", 1)[1].rstrip(")")
            for heading in report.heading_path(paragraph)
            if heading.title.endswith(")") and heading.title.rsplit("(", 1)[1].startswith("C")
        }
        if codes:
            assert set(mine[paragraph.number].lines) == codes
        assert not any(str(heading) in mine[paragraph.number].text for heading in report.heading_path(paragraph))


@pytest.mark.parametrize(
    ("lang", "texts"),
    [
        ("en", ["Journalists and press freedom, media law", "The network backbone reaches rural areas by broadband"]),
        ("zh", ["新闻工作者、新闻自由和媒体法律", "骨干网和宽带基础设施通达农村"]),
    ],
)
def test_lines_of_new_texts(classifiers: dict[str, ActionLineClassifier], lang: str, texts: list[str]) -> None:
    proba = classifiers[lang].predict_proba(texts)
    assert [classifiers[lang].classes_[k] for k in proba.argmax(axis=1)] == ["C9", "C2"]


@pytest.mark.parametrize(("lang", "text"), [("en", "Lunch was served."), ("zh", "午饭。"), ("zh", ""), ("en", "")])
def test_none_is_said(classifiers: dict[str, ActionLineClassifier], lang: str, text: str) -> None:
    assert classifiers[lang].predict([text]) == [("none",)]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_threshold_decides(classifiers: dict[str, ActionLineClassifier], examples: list[Example], lang: str) -> None:
    classifier = classifiers[lang]
    texts = [e.text for e in examples if e.lang == lang][:40]
    for row, said in zip(classifier.predict_proba(texts), classifier.predict(texts), strict=True):
        best = int(row.argmax())
        assert said[0] == (classifier.classes_[best] if row[best] >= classifier.threshold_ else "none")
        assert all(row[classifier.classes_.index(line)] >= 0.5 for line in said[1:])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_weights_of_an_explanation_sum_to_the_log_odds(
    classifiers: dict[str, ActionLineClassifier], examples: list[Example], lang: str
) -> None:
    classifier = classifiers[lang]
    for example in [e for e in examples if e.lang == lang and e.lines][:5]:
        for line in ("C2", "C7"):
            total = classifier.constant(line) + sum(
                reason.weight for reason in classifier.explain(example.text, line=line, top=None)
            )
            p = classifier.predict_proba([example.text])[0, classifier.classes_.index(line)]
            assert total == pytest.approx(logit(p))


def test_reasons_stand_in_the_text(classifiers: dict[str, ActionLineClassifier]) -> None:
    text = "新闻自由、媒体和新闻工作者"
    reasons = classifiers["zh"].explain(text, top=5)
    assert len(reasons) == 5
    assert all(a.weight**2 >= b.weight**2 for a, b in itertools.pairwise(reasons))
    for reason in reasons:
        assert reason.spans
        if reason.kind == "text":
            assert {text[start:end] for start, end in reason.spans} == {reason.name}


def test_unknown_line_is_refused(classifiers: dict[str, ActionLineClassifier]) -> None:
    with pytest.raises(UnknownOptionError, match="C12"):
        classifiers["en"].explain("x", line="C12")


def test_order_of_paragraphs_does_not_matter(
    classifiers: dict[str, ActionLineClassifier], examples: list[Example]
) -> None:
    turned = fit(examples[::-1], "en")
    texts = [e.text for e in examples if e.lang == "en"]
    np.testing.assert_allclose(turned.predict_proba(texts), classifiers["en"].predict_proba(texts), atol=1e-4)
    assert turned.threshold_ == pytest.approx(classifiers["en"].threshold_, abs=1e-3)


def test_near_copies_are_held_out_together() -> None:
    """The same text each year under lines drawn by lot: a model that saw a copy would know the line."""
    copies = {"C2": "alpha bravo charlie delta echo", "C9": "foxtrot golf hotel india juliet"}
    texts = [*copies.values(), "kilo lima mike november oscar"] * 4
    years = np.repeat([2008, 2009, 2010, 2011], 3)
    lines: list[list[str]] = [["C2"], ["C9"], []] * 4
    # Each year also has something of its own, so that there is something left to learn from.
    for year, name in zip(range(2008, 2012), ("uno", "due", "tre", "quattro"), strict=True):
        texts += [f"papa quebec {name}", f"romeo sierra {name}"]
        lines += [["C2"], []]
        years = np.append(years, [year, year])
    seen, hidden = (
        ActionLineClassifier(lang="en", min_df=1, near=near).fit(texts, lines, groups=years.tolist())
        for near in (1.1, 0.9)
    )
    line = seen.classes_.index("C9")
    assert seen.held_out_[1, line] > 0.5
    assert hidden.held_out_[1, line] == 0  # no other paragraph could teach it


def test_scores_held_out_are_of_a_model_without_the_year(examples: list[Example]) -> None:
    """By hand for one year: fit on the others, calibrate with the whole model's sigmoid."""
    mine = [e for e in examples if e.lang == "en"]
    whole = ActionLineClassifier(lang="en", near=1.1, hide_names=False).fit(
        [e.text for e in mine], [e.lines for e in mine], groups=[e.year for e in mine]
    )
    rest = [e for e in mine if e.year != 2010]
    part = ActionLineClassifier(lang="en", near=1.1, hide_names=False).fit(
        [e.text for e in rest], [e.lines for e in rest], groups=[e.year for e in rest]
    )
    held = [i for i, e in enumerate(mine) if e.year == 2010]
    p = part.predict_proba([mine[i].text for i in held])
    score = (logit(p) - part.scorer_.offset_) / part.scorer_.slope_
    expected = 1 / (1 + np.exp(-(whole.scorer_.slope_ * score + whole.scorer_.offset_)))
    np.testing.assert_allclose(whole.held_out_[held], expected, atol=1e-9)


def test_threshold_by_brute_force() -> None:
    rng = np.random.default_rng(1)
    for _ in range(20):
        p = rng.random((12, 3)).round(2)
        marks = (rng.random((12, 3)) < 0.25).astype(np.int64)

        def right(threshold: float, p: np.ndarray = p, marks: np.ndarray = marks) -> int:
            return sum(
                bool(m[row.argmax()]) if row.max() >= threshold else not m.any()
                for row, m in zip(p, marks, strict=True)
            )

        assert right(choose_threshold(p, marks)) == max(right(t) for t in np.linspace(0.005, 1, 200))


def test_names_of_lines_are_not_all_that_counts(
    classifiers: dict[str, ActionLineClassifier], examples: list[Example]
) -> None:
    """Learnt without names too, paragraphs that name no line are told better than by a model that leant on names."""
    mine = [e for e in examples if e.lang == "zh"]
    arguments = [e.text for e in mine], [e.lines for e in mine], [e.year for e in mine]
    both = classifiers["zh"]
    named = ActionLineClassifier(lang="zh", hide_names=False).fit(*arguments)
    assert both.held_out_hidden_accuracy_ > named.held_out_hidden_accuracy_
    assert both.held_out_hidden_.shape == both.held_out_.shape


def test_score_counts_first_answers(classifiers: dict[str, ActionLineClassifier], examples: list[Example]) -> None:
    known = next(e.text for e in examples if e.lang == "en" and e.lines == ("C9",))
    texts = [known, "Lunch was served.", "Lunch was served."]
    assert classifiers["en"].score(texts, [["C9", "C1"], [], ["C2"]]) == pytest.approx(2 / 3)


def test_training_needs_two_years_and_lines() -> None:
    for lines, years in (([["C2"], []], [2008, 2008]), ([[], []], [2008, 2009])):
        with pytest.raises(ContractError, match="two years"):
            ActionLineClassifier(lang="en", min_df=1).fit(["a b c", "d e f"], lines, groups=years)
    with pytest.raises(ContractError, match="2 texts, 1 labels"):
        ActionLineClassifier(lang="en").fit(["a", "b"], [["C2"]])


def test_contract_of_scikit_learn() -> None:
    """Its checks feed matrices of numbers, which texts aren't; the inner estimator takes them. What applies is here."""
    classifier = ActionLineClassifier(lang="en", C=3.0, min_df=1)
    assert clone(classifier).get_params() == classifier.get_params()
    with pytest.raises(NotFittedError):
        classifier.predict(["text"])
    texts, lines = ["press media law", "cable network fibre", "lunch"] * 4, [["C9"], ["C2"], []] * 4
    before = [list(labels) for labels in lines]
    assert classifier.set_params(near=1.1).fit(texts, lines) is classifier
    assert lines == before
    assert classifier.predict_proba([]).shape == (0, 2)
    assert classifier.predict_proba(["fibre cable"]).shape == (1, 2)
