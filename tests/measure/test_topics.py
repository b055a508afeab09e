from functools import cache

import numpy as np
import polars as pl
import pytest
from scipy import sparse
from sklearn.base import clone
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.pipeline import make_pipeline
from threadpoolctl import threadpool_limits

from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.counts import Counts
from textmine.measure.topics import TopicModel
from textmine.measure.vectorize import TokenVectorizer
from textmine.schema import check_table

from .planted import plant, scatter

QUICK = {"n_runs": 10, "n_top": 6}


@cache
def found(method="nmf", n_topics=3):
    return TopicModel(n_topics, method=method, **QUICK).fit(plant(1)[0])


def main_words(topics):
    """The planted topics whose words are among each topic's strongest terms (LDA has common words there too)."""
    own = topics.terms.filter(~pl.col("term").str.starts_with("n"))
    first = own.group_by("topic", maintain_order=True).agg(pl.col("term").str.slice(0, 1).unique().sort())
    return first["term"].to_list()


def rearrange(counts, rows, columns=None):
    matrix = counts.matrix[rows]
    return Counts(matrix if columns is None else matrix[:, columns], counts.rows[list(rows)], counts.terms)


@pytest.mark.parametrize("method", ["nmf", "lda"])
def test_planted_topics_are_found_and_stable(method):
    model, (_, truth) = found(method), plant(1)
    topics = model.topics_
    assert sorted(main_words(topics)) == [["0"], ["1"], ["2"]]
    assert topics.stable == [1, 2, 3]
    assert (topics.topics["recovery"] >= 0.8).all()
    assert (topics.topics["p"] < (1e-6 if method == "nmf" else 0.05)).all()
    assert (topics.topics["npmi"] > (0.2 if method == "nmf" else 0)).all()
    assert topics.diversity == pytest.approx(topics.terms["term"].n_unique() / 18)
    main = topics.shares.argmax(axis=1)
    assert all(main_words(topics)[k] == [str(topic)] for k, topic in zip(main, truth, strict=True))


def test_noise_has_no_stable_topic():
    topics = TopicModel(4, **QUICK).fit(scatter(0)).topics_
    assert topics.stable == []
    assert (topics.topics["p"] > 0.05).all()


def test_frequent_terms_come_back_without_being_a_topic():
    """Terms that are frequent and independent: fits agree upon them, and only the second test says no."""
    rng = np.random.default_rng(0)
    matrix = np.concatenate([(rng.random((300, 3)) < 0.5) * 9, rng.random((300, 60)) < 0.02], axis=1).astype(int)
    rows = pl.DataFrame(
        {"edition": 2011, "lang": "en", "paragraph": range(300), "section": [str(i) for i in range(300)]}
    )
    counts = Counts(sparse.csr_array(matrix), rows, tuple(f"t{i:02}" for i in range(63)))
    topics = TopicModel(3, **QUICK).fit(counts).topics_
    assert (topics.topics["recovery"] >= 0.8).all()
    assert topics.stable == []


def test_same_factors_as_scikit_learn():
    counts = plant(1)[0]
    weighted = TfidfTransformer(sublinear_tf=True, smooth_idf=False).fit_transform(counts.matrix)
    raw = NMF(3, init="nndsvda", random_state=0, max_iter=400).fit(weighted).components_
    raw /= raw.sum(axis=1, keepdims=True)
    mine = found().components_
    assert np.allclose(sorted(mine.tolist()), sorted(raw.tolist()), atol=1e-6)


def test_quality_by_hand():
    """Share is the mean of the paragraphs' shares; a paragraph that is more than half of a topic counts for it."""
    topics = found().topics_
    assert topics.topics["share"].to_numpy() == pytest.approx(topics.shares.mean(axis=0), abs=1e-6)
    assert topics.topics["n_paragraphs"].to_list() == (topics.shares > 0.5).sum(axis=0).tolist()
    assert topics.topics["share"].is_sorted(descending=True)
    assert topics.shares.sum(axis=1) == pytest.approx(1, abs=1e-6)


def test_evidence_leads_to_paragraphs():
    topics = found().topics_
    row = topics.top_paragraphs(2, 1).row(0, named=True)
    place = topics.rows.with_row_index("row").filter(
        (pl.col("edition") == row["edition"]) & (pl.col("paragraph") == row["paragraph"])
    )["row"][0]
    assert topics.shares[place].argmax() == 1
    assert row["share"] == topics.shares[place, 1]
    strongest = topics.paragraphs.filter(pl.col("topic") == 2)
    assert strongest["weight"].is_sorted(descending=True)
    assert strongest["rank"].to_list() == list(range(1, strongest.height + 1))
    for name, table in topics.tables().items():
        check_table(table, name)


@pytest.mark.parametrize("method", ["nmf", "lda"])
def test_order_of_rows_and_threads_do_not_matter(method):
    counts = plant(1)[0]
    order = np.random.default_rng(0).permutation(counts.rows.height).tolist()
    with threadpool_limits(2):
        other = TopicModel(3, method=method, **QUICK).fit(rearrange(counts, order)).topics_
    for name, table in found(method).topics_.tables().items():
        assert other.tables()[name].equals(table)


@pytest.mark.parametrize(("method", "near"), [("nmf", 1e-3), ("lda", 2e-2)])  # priors weigh less in more text
def test_repeating_every_paragraph_leaves_the_topics_alone(method, near):
    counts = plant(1)[0]
    n = counts.rows.height
    twice = rearrange(counts, [*range(n), *range(n)])
    numbers = [*range(1, n + 1), *range(n + 1, 2 * n + 1)]
    twice = Counts(twice.matrix, twice.rows.with_columns(paragraph=pl.Series(numbers, dtype=pl.Int32)), twice.terms)
    other = TopicModel(3, method=method, **QUICK).fit(twice)
    assert np.allclose(other.components_, found(method).components_, atol=near)


def test_renaming_terms_renames_them_and_no_more():
    counts = plant(1)[0]
    renamed = Counts(counts.matrix, counts.rows, tuple(f"x{term}" for term in counts.terms))
    topics = TopicModel(3, **QUICK).fit(renamed).topics_
    assert topics.terms.with_columns(pl.col("term").str.slice(1)).equals(found().topics_.terms)


def test_number_of_topics_is_chosen():
    topics = TopicModel(grid=(2, 3, 6), **QUICK).fit(plant(3, editions=(2010, 2011, 2012))[0]).topics_
    assert topics.topics.height == 3
    assert topics.choice.filter("chosen")["n_topics"].to_list() == [3]
    assert topics.choice.filter(pl.col("n_topics") == 2)["within"].to_list() == [False]
    assert topics.choice.filter("within")["recovery"].null_count() == 0
    assert found().topics_.choice.height == 0


def test_dropped_paragraphs_are_out():
    counts = plant(1)[0]
    drop = counts.rows.filter(pl.col("section").is_in(["00", "03", "06"]))
    topics = TopicModel(2, **QUICK).fit(counts, drop=drop).topics_
    assert sorted(main_words(topics)) == [["1"], ["2"]]
    assert topics.rows.height == counts.rows.height - drop.height


def test_new_paragraphs_get_shares():
    model, (counts, truth) = found(), plant(7)
    shares = model.transform(counts)
    names = main_words(model.topics_)
    assert [names[k] for k in shares.argmax(axis=1)] == [[str(topic)] for topic in truth]
    again = model.transform(plant(1)[0])
    assert np.abs(again - model.topics_.shares).max() < 0.02
    other = Counts(sparse.csr_array([[3, 2], [0, 4]]), counts.rows.head(2), ("10", "unheard"))
    shares = model.transform(other)
    assert shares[0].argmax() == names.index(["1"])
    assert shares[1].tolist() == [0, 0, 0]
    with pytest.raises(ContractError, match="2 columns"):
        model.transform(sparse.csr_array([[1, 2]]))


def test_in_a_pipeline_of_scikit_learn():
    texts = ["mobile money grows", "mobile money pays", "cloud computing serves", "cloud computing runs"] * 5
    pipe = make_pipeline(TokenVectorizer(lang="en"), TopicModel(2, n_runs=4, n_top=3)).fit(texts)
    shares = pipe.transform(["mobile money", "cloud computing"])
    assert shares[0].argmax() != shares[1].argmax()
    assert clone(pipe).get_params()["topicmodel__n_topics"] == 2
    assert pipe[-1].topics_.rows["paragraph"].to_list() == list(range(1, 21))


def test_progress_is_told():
    said = []
    TopicModel(2, n_runs=2).fit(plant(1)[0], progress=said.append)
    assert said[0] == "2 topics"
    assert "half-sample 2 of 2" in said[-2]


def test_shown_as_text_and_as_html():
    counts = plant(1)[0]
    names = tuple(sorted("<b>" + term for term in counts.terms))
    topics = TopicModel(3, **QUICK).fit(Counts(counts.matrix, counts.rows, names)).topics_
    lines = repr(topics).splitlines()
    assert lines[0] == "3 topics (NMF, en), 3 of them stable (*)"
    assert len(lines) == 4
    assert all(line.startswith("*") and "<b>" in line for line in lines[1:])
    html = topics._repr_html_()
    assert "<b>" not in html
    assert html.count("<tr") == 4
    assert "&lt;b&gt;" in html
    assert "color:#888" not in html
    assert "color:#888" in TopicModel(2, **QUICK).fit(scatter(1)).topics_._repr_html_()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "lsa"}, "nmf, lda"),
        ({"n_topics": 0}, "'auto' or a number from 1"),
        ({"n_topics": "many"}, "'auto' or a number from 1"),
        ({"grid": ()}, "numbers from 1"),
        ({"n_runs": 5}, "an even number"),
        ({"n_top": 1}, "a number from 2"),
        ({"level": 2}, "from 0 to 1"),
    ],
)
def test_unknown_options(options, message):
    with pytest.raises(UnknownOptionError, match=message):
        TopicModel(**options).fit(plant(1)[0])


def test_text_that_cannot_be_used():
    counts = plant(1)[0]
    with pytest.raises(ContractError, match="no 'section'"):
        TopicModel(2).fit(Counts(counts.matrix, counts.rows.drop("section"), counts.terms))
    mixed = counts.rows.with_columns(lang=pl.when(pl.col("paragraph") > 3).then(pl.lit("zh")).otherwise("lang"))
    with pytest.raises(ContractError, match="mix languages"):
        TopicModel(2).fit(Counts(counts.matrix, mixed, counts.terms))
    with pytest.raises(ContractError, match="empty"):
        TopicModel(2).fit(counts.keep(pl.col("edition") == 1999))
    with pytest.raises(ContractError, match="one cluster"):
        TopicModel(2).fit(counts.keep((pl.col("section") == "00") & (pl.col("edition") == 2010)))
    with pytest.raises(ContractError, match="too few for 5 topics"):
        TopicModel().fit(counts.keep(pl.col("paragraph") < 8))
