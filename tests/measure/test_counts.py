import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.counts import count_concepts, count_terms
from textmine.measure.grams import JOINER
from textmine.schema import TABLES, empty_table, make_table

STOP = {"the", "of", "and"}


def paragraphs_of(keys):
    return pl.DataFrame(
        [
            {
                "edition": edition, "lang": lang, "number": number, "section": f"s{number % 2}", "heading_path": [],
                "action_line": [], "text": "", "n_chars": 0, "first_line": 0, "last_line": 0, "symbol": "",
                "corpus": "toy", "source_sha256": "",
            }
            for edition, lang, number in keys
        ],
        schema=TABLES["paragraphs"],
    )  # fmt: skip


def tokens_of(texts):
    """Tokens of texts by (edition, lang, paragraph): words parted by blanks, sentences by ' . '."""
    rows = []
    for (edition, lang, number), text in texts.items():
        at = sentence = 0
        for word in text.split():
            rows.append(
                {
                    "edition": edition, "lang": lang, "paragraph": number, "sentence": sentence, "start": at,
                    "end": at + len(word), "text": word, "norm": word, "is_stop": word in STOP,
                }
            )  # fmt: skip
            at += len(word) + 1
            sentence += word == "."
    return make_table("tokens", rows)


TEXTS = {
    (2011, "en", 1): "confidence and security of the network . network of networks",
    (2011, "en", 2): "the of and 42 , .",
    (2012, "en", 1): "network network",
    (2012, "zh", 1): "网络 网络 安全",
}
TOKENS, PARAGRAPHS = tokens_of(TEXTS), paragraphs_of(TEXTS)


def as_dict(counts):
    frame = counts.frame()
    return {(row["edition"], row["paragraph"], row["term"]): row["count"] for row in frame.iter_rows(named=True)}


def test_counts_by_hand():
    counts = count_terms(TOKENS, PARAGRAPHS, lang="en")
    assert counts.terms == ("confidence", "network", "networks", "security")
    assert counts.matrix.toarray().tolist() == [[1, 2, 1, 1], [0, 0, 0, 0], [0, 2, 0, 0]]
    assert counts.rows["paragraph"].to_list() == [1, 2, 1]
    assert counts.totals.tolist() == [5, 0, 2]
    assert counts.frequencies.tolist() == [1, 4, 1, 1]
    assert counts.spread.tolist() == [1, 2, 1, 1]


def test_ngrams_by_hand():
    counts = count_terms(TOKENS, PARAGRAPHS, lang="en", ngrams=(2, 3))
    assert as_dict(counts) == {
        (2011, 1, "confidence and security"): 1,
        (2011, 1, "network of networks"): 1,
        (2012, 1, "network network"): 1,
    }


def test_an_ngram_never_crosses_a_sentence():
    counts = count_terms(TOKENS, PARAGRAPHS, lang="en", ngrams=(2, 2)).keep(pl.col("edition") == 2011)
    assert not [term for _, _, term in as_dict(counts) if "network network" in term]


def test_stop_words_count_where_asked():
    counts = count_terms(TOKENS, PARAGRAPHS, lang="en", stop_words=True)
    assert set(counts.terms) == {"confidence", "and", "security", "of", "the", "network", "networks"}


def test_languages_stay_apart():
    assert count_terms(TOKENS, PARAGRAPHS, lang="zh").terms == ("安全", "网络")


def test_order_of_rows_does_not_matter():
    shuffled = TOKENS.sample(fraction=1.0, shuffle=True, seed=3)
    one, two = (count_terms(t, PARAGRAPHS.reverse(), lang="en", ngrams=(1, 3)) for t in (TOKENS, shuffled))
    assert one.terms == two.terms
    for part in ("data", "indices", "indptr"):
        np.testing.assert_array_equal(getattr(one.matrix, part), getattr(two.matrix, part))


words = st.lists(st.sampled_from(["net", "data", "the", "of", "digital", "12", ",", ".", "law"]), max_size=25)


@settings(max_examples=60, deadline=None)
@given(st.lists(words, min_size=1, max_size=5), st.integers(1, 3))
def test_same_as_scikit_learn(texts, longest):
    """Words as scikit-learn counts them, once sentences are cut and n-grams at stop words are left out."""
    keyed = {(2011, "en", i + 1): " ".join(text) for i, text in enumerate(texts)}

    def analyse(text):
        found = []
        for sentence in " ".join(text.split()).split("."):
            tokens = sentence.split()
            for n in range(1, longest + 1):
                for i in range(len(tokens) - n + 1):
                    gram = tokens[i : i + n]
                    if all(t.isalpha() for t in gram) and not STOP & {gram[0], gram[-1]}:
                        found.append(JOINER.join(gram))
        return found

    counts = count_terms(tokens_of(keyed), paragraphs_of(keyed), lang="en", ngrams=(1, longest))
    expected = [analyse(text) for text in keyed.values()]
    if not any(expected):
        assert counts.terms == ()
        return
    vectorizer = CountVectorizer(analyzer=lambda grams: grams)
    matrix = vectorizer.fit_transform(expected)
    assert counts.terms == tuple(vectorizer.get_feature_names_out())
    np.testing.assert_array_equal(counts.matrix.toarray(), matrix.toarray())


def test_grouping_keeps_totals():
    counts = count_terms(TOKENS, PARAGRAPHS, lang="en")
    grouped = counts.by("edition")
    assert grouped.rows["edition"].to_list() == [2011, 2012]
    assert grouped.matrix.toarray().tolist() == [[1, 2, 1, 1], [0, 2, 0, 0]]
    np.testing.assert_array_equal(grouped.frequencies, counts.frequencies)


def test_keep_and_prune():
    counts = count_terms(TOKENS, PARAGRAPHS, lang="en")
    assert counts.keep(pl.col("edition") == 2012).totals.tolist() == [2]
    assert counts.prune(min_rows=2).terms == ("network",)
    assert counts.prune(max_share=0.5).terms == ("confidence", "networks", "security")
    assert counts.prune(terms=["security", "absent"]).terms == ("security",)


def test_concepts():
    tags = make_table(
        "tags",
        [
            {
                "edition": 2011, "lang": "en", "paragraph": 1, "scheme": "trend", "concept": concept, "start": start,
                "end": start + 1, "surface": "x", "evidence": evidence, "score": 1.0,
            }
            for concept, start, evidence in (("cloud", 0, "text"), ("cloud", 5, "text"), ("ai", 7, "classifier"))
        ],
    )  # fmt: skip
    assert as_dict(count_concepts(tags, PARAGRAPHS, scheme="trend")) == {(2011, 1, "ai"): 1, (2011, 1, "cloud"): 1}
    spans = count_concepts(tags, PARAGRAPHS, scheme="trend", evidence="text", binary=False)
    assert as_dict(spans) == {(2011, 1, "cloud"): 2}
    assert spans.matrix.shape == (4, 1)
    with pytest.raises(UnknownOptionError, match="evidence"):
        count_concepts(tags, PARAGRAPHS, scheme="trend", evidence="guess")


def test_no_tokens():
    counts = count_terms(empty_table("tokens"), PARAGRAPHS, lang="en")
    assert counts.matrix.shape == (3, 0)
    assert counts.frame().height == 0


def test_a_token_without_its_paragraph_is_refused():
    with pytest.raises(ContractError, match="paragraph 2 of 2011 en"):
        count_terms(TOKENS, PARAGRAPHS.filter(pl.col("number") == 1), lang="en", stop_words=True)


@pytest.mark.parametrize("ngrams", [(0, 1), (2, 1)])
def test_unusable_ngrams_are_refused(ngrams):
    with pytest.raises(UnknownOptionError, match="ngrams"):
        count_terms(TOKENS, PARAGRAPHS, lang="en", ngrams=ngrams)


def test_a_norm_with_a_space_is_the_pair_of_its_words():
    """What a dictionary keeps together counts with the two words that stand side by side."""
    tokens = tokens_of({(2011, "en", 1): "cyber security . cyber_security"})
    tokens = tokens.with_columns(norm=pl.col("norm").str.replace("_", "  "))
    counts = count_terms(tokens, PARAGRAPHS, lang="en", ngrams=(1, 2))
    assert as_dict(counts) == {(2011, 1, "cyber"): 1, (2011, 1, "security"): 1, (2011, 1, "cyber security"): 2}
