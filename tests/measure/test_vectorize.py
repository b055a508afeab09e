import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.decomposition import NMF
from sklearn.pipeline import make_pipeline
from sklearn.utils import estimator_checks as checks

import textmine
from textmine.annotate.segment import Segmenter
from textmine.errors import UnknownOptionError
from textmine.measure.counts import count_terms
from textmine.measure.vectorize import TokenVectorizer
from textmine.schema import empty_table, make_table

from .test_counts import paragraphs_of

SEGMENTER = Segmenter()
CHINESE = "移动支付|信息社会世界首脑会议|的|和|发展|网络 安全|5G|2010年|12%|，|。|AI|\n"
ENGLISH = "mobile money|World Summit|security|the|of|Networks|5G|2010|.|,|e-health|\u3000"
PIECES = {"zh": CHINESE.split("|"), "en": ENGLISH.split("|")}
ANY = st.text(st.characters(max_codepoint=0x9FFF, exclude_categories=["Cs", "Cn", "Co"]), max_size=30)


def counted(texts, lang, **options):
    keys = [(2011, lang, i + 1) for i in range(len(texts))]
    rows = [
        {"edition": 2011, "lang": lang, "paragraph": key[2], **token._asdict()}
        for key, text in zip(keys, texts, strict=True)
        for token in SEGMENTER.cut(text, lang=lang)
    ]
    return count_terms(make_table("tokens", rows), paragraphs_of(keys), lang=lang, **options)


def assert_same(texts, lang, longest, stop_words):
    counts = counted(texts, lang, ngrams=(1, longest), stop_words=stop_words)
    vectorizer = TokenVectorizer(lang=lang, ngrams=(1, longest), keep_stop_words=stop_words)
    if not counts.terms:
        with pytest.raises(ValueError, match="empty vocabulary"):
            vectorizer.fit(texts)
        return
    matrix = vectorizer.fit_transform(texts)
    assert tuple(vectorizer.get_feature_names_out()) == counts.terms
    np.testing.assert_array_equal(matrix.toarray(), counts.matrix.toarray())


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["zh", "en"]), st.integers(1, 3), st.booleans(), st.data())
def test_same_terms_as_count_terms(lang, longest, stop_words, data):
    piece = st.sampled_from(PIECES[lang])
    texts = data.draw(st.lists(st.lists(piece, max_size=12).map(" ".join), min_size=1, max_size=4))
    assert_same(texts, lang, longest, stop_words)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["zh", "en"]), st.lists(ANY, min_size=1, max_size=3))
def test_same_terms_on_any_text(lang, texts):
    assert_same(texts, lang, 2, stop_words=True)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_same_terms_on_the_sample(lang):
    reports = [report for report in textmine.load_corpus("sample") if report.edition.lang == lang][:3]
    tables = textmine.annotate_reports(reports)
    counts = count_terms(tables["tokens"], tables["paragraphs"], lang=lang, ngrams=(1, 2))
    texts = tables["paragraphs"].sort("edition", "lang", "number")["text"].to_list()
    vectorizer = TokenVectorizer(lang=lang, ngrams=(1, 2))
    matrix = vectorizer.fit_transform(texts)
    assert tuple(vectorizer.get_feature_names_out()) == counts.terms
    assert (matrix != counts.matrix).nnz == 0


@pytest.mark.parametrize(
    "check",
    [
        checks.check_parameters_default_constructible,
        checks.check_get_params_invariance,
        checks.check_set_params,
        checks.check_no_attributes_set_in_init,
        checks.check_estimator_repr,
    ],
)
def test_scikit_learns_contract(check):
    """The checks that don't feed numbers; scikit-learn runs none of the others on estimators of texts."""
    check("TokenVectorizer", TokenVectorizer())


def test_it_works_in_a_pipeline_and_is_cloned():
    texts = ["移动支付在增长", "云计算和宽带", "宽带和移动支付"]
    pipeline = make_pipeline(TokenVectorizer(lang="zh"), NMF(2, init="nndsvd", max_iter=500))
    assert pipeline.fit_transform(texts).shape == (3, 2)
    copy = clone(TokenVectorizer(lang="en", ngrams=(1, 2), min_df=2))
    assert copy.get_params()["ngrams"] == (1, 2)
    copy.fit(["health workers grow", "health workers"])
    assert copy.get_feature_names_out().tolist() == ["health", "health worker", "worker"]


def test_given_terms_only():
    matrix = TokenVectorizer(lang="en", vocabulary=["broadband", "absent"]).transform(["Broadband, broadband."])
    assert matrix.toarray().tolist() == [[2, 0]]


@pytest.mark.parametrize("options", [{"lang": "fr"}, {"ngrams": (2, 1)}, {"engine": "knife"}])
def test_unknown_options_are_refused(options):
    with pytest.raises(UnknownOptionError):
        TokenVectorizer(**{"lang": "en", **options}).fit(["text"])


def test_no_tokens_at_all():
    assert count_terms(empty_table("tokens"), paragraphs_of([]), lang="en").terms == ()
    assert pl.Series(TokenVectorizer(lang="en").build_analyzer()("")).is_empty()
