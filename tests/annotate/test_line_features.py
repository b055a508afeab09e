import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from textmine.annotate.fold import fold_text
from textmine.annotate.line_features import Feature, FeatureFinder, FeatureWeigher, count_features, hide_lines
from textmine.annotate.near_copies import resemblance
from textmine.errors import UnknownOptionError

from .toys import MIXED_TEXT

FINDERS = {lang: FeatureFinder(lang) for lang in ("zh", "en")}


@settings(max_examples=60, deadline=None)
@given(text=MIXED_TEXT, lang=st.sampled_from(["zh", "en"]))
def test_features_stand_where_they_say(text: str, lang: str) -> None:
    tagged = {(f"{s.scheme}:{s.concept}", s.start, s.end) for s in FINDERS[lang].tagger.tag_text(text)}
    found = FINDERS[lang].find(text)
    assert {feature[1:] for feature in found if feature.kind == "concept"} == tagged
    for feature in found:
        assert 0 <= feature.start < feature.end <= len(text)
        if feature.kind == "text" and lang == "zh":
            assert fold_text(text)[feature.start : feature.end] == feature.name


@settings(max_examples=40, deadline=None)
@given(text=MIXED_TEXT)
def test_hidden_names_leave_all_else_in_place(text: str) -> None:
    tagger = FINDERS["en"].tagger
    hidden = hide_lines(text, tagger)
    named = {i for s in tagger.tag_text(text) if s.scheme == "action_line" for i in range(s.start, s.end)}
    assert hidden == "".join(" " if i in named else character for i, character in enumerate(text))


def test_character_runs_by_hand() -> None:
    names = [feature.name for feature in FINDERS["zh"].find("宽带A，网") if feature.kind == "text"]
    assert names == ["宽", "带", "a", "网", "宽带", "带a", "宽带a"]


def test_word_pairs_skip_stop_words_and_stay_in_their_sentence() -> None:
    names = [feature.name for feature in FINDERS["en"].find("Wide networks in 2011. Schools grow.")]
    assert [name for name in names if ":" not in name] == [
        "wide", "network", "school", "grow", "wide network", "school grow",
    ]  # fmt: skip


def test_unknown_language_is_refused() -> None:
    with pytest.raises(UnknownOptionError, match="zh, en"):
        FeatureFinder("fr")


def weigh(rows: list[list[Feature]], **options: float) -> np.ndarray:
    counts, names = count_features(rows)
    weigher = FeatureWeigher(**options).fit(counts, names)  # type: ignore[arg-type]
    return weigher.transform(counts[:, weigher.columns_]).toarray()  # type: ignore[no-any-return]


def test_features_not_learnt_are_passed_over() -> None:
    rows = [[Feature("text", name, 0, 1) for name in "abb"]]
    counts, names = count_features(rows, [("text", "b"), ("text", "z")])
    assert counts.toarray().tolist() == [[2.0, 0.0]]
    assert names == [("text", "b"), ("text", "z")]


def test_matrix_is_that_of_scikit_learn() -> None:
    words = [list("abca"), list("bcd"), list("ddde")]
    concepts = [["x", "x"], ["y"], []]
    rows = [
        [Feature("text", w, 0, 1) for w in ws] + [Feature("concept", c, 0, 1) for c in cs]
        for ws, cs in zip(words, concepts, strict=True)
    ]
    theirs = [
        TfidfVectorizer(analyzer=list, sublinear_tf=True, min_df=least).fit_transform(part)
        for part, least in ((words, 2), (concepts, 1))
    ]
    mine = weigh(rows, min_df=2, concept_weight=0.5)
    np.testing.assert_allclose(mine, hstack([0.5 * theirs[1], theirs[0]]).toarray(), atol=1e-8)


def test_weight_by_hand() -> None:
    rows = [[Feature("text", "a", 0, 1), Feature("text", "a", 1, 2), Feature("text", "b", 2, 3)]] * 2
    row = weigh(rows)[0]
    long = 1 + np.log(2)  # twice in the paragraph, in all paragraphs: rarity 1
    np.testing.assert_allclose(row, [long / np.hypot(long, 1), 1 / np.hypot(long, 1)])


def test_no_concepts_where_their_weight_is_nothing() -> None:
    rows = [[Feature("text", "a", 0, 1), Feature("concept", "x", 0, 1)]] * 2
    assert FeatureWeigher(concept_weight=0).fit(*count_features(rows)).names_ == [("text", "a")]


def test_resemblance_by_hand_and_symmetric() -> None:
    texts = ["abcdefg", "abcdefh", "zzzzz", "no"]  # runs: abcde bcdef cdefg; abcde bcdef cdefh
    found = resemblance(texts, texts)
    assert found[0, 1] == 0.5
    np.testing.assert_allclose(found, found.T)
    assert found[2].tolist() == [0, 0, 1, 0]
    assert resemblance(["a"], ["b"]).tolist() == [[0.0]]
