"""The measures, and what other libraries have beside them, on one simulated corpus."""

import itertools
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from measures_corpus import FIRST, N_EDITIONS, N_TOPICS, SCHEME, Corpus
from scipy import sparse

from textmine.measure.agreement import measure_agreement
from textmine.measure.breaks import find_breaks
from textmine.measure.bursts import find_bursts
from textmine.measure.cooccurrence import measure_cooccurrence
from textmine.measure.counts import count_concepts, count_terms
from textmine.measure.detectable import measure_detectable
from textmine.measure.divergence import measure_divergence
from textmine.measure.emerging import find_emerging
from textmine.measure.keyness import score_keyness
from textmine.measure.lifetime import measure_lifetimes
from textmine.measure.novelty import measure_novelty, smooth_distributions
from textmine.measure.prevalence import measure_prevalence
from textmine.measure.reuse import THRESHOLD, find_reuse
from textmine.measure.segmentation import MAX_BREAKS, MIN_SIZE, search_segmentations
from textmine.measure.series import iterate_series
from textmine.measure.topic_match import match_topics
from textmine.measure.topics import TopicModel
from textmine.measure.trend import measure_trends

LATE, EARLY = pl.col("edition") > FIRST + 9, pl.col("edition") < FIRST + 4
COSINE = 0.7  # to a planted topic
LARGE = 100_000
#: Series of shares are as long and as many whatever the number of paragraphs: one size says it all.
ONE_SIZE = {"least": 10_000, "most": 10_000}


class Job(NamedTuple):
    """A measure, or another library's (``beside`` the job of that name) on the same part of the corpus.

    ``needs`` makes that part before the clock starts; ``tell`` says what was found, after it has stopped.
    """

    run: Callable[[Corpus], Any]
    needs: Callable[[Corpus], Any]
    tell: Callable[[Corpus, Any], str] = lambda *_: ""
    beside: str = ""
    least: int = 1_000
    most: int = LARGE
    n_concepts: int = 200


def _english(table: pl.DataFrame) -> pl.DataFrame:
    return table.filter(pl.col("lang") == "en")


def _tagged(corpus: Corpus) -> object:
    return corpus.blank, corpus.tags


def _novelty(corpus: Corpus) -> pl.DataFrame:
    years = corpus.counts.by("edition")
    return measure_novelty(smooth_distributions(years), editions=years.rows["edition"].to_list(), lang="en", window=3)


def _count_sklearn(corpus: Corpus) -> sparse.csr_matrix:
    from sklearn.feature_extraction.text import CountVectorizer

    return CountVectorizer(analyzer=lambda words: words).fit_transform(corpus.texts)


def _groups(corpus: Corpus) -> tuple[np.ndarray, np.ndarray]:
    return corpus.counts.find(LATE), corpus.counts.find(EARLY)


def _g2_scipy(corpus: Corpus) -> np.ndarray:
    from scipy.stats import chi2_contingency

    target, reference = (np.asarray(corpus.counts.matrix[rows].sum(axis=0)).ravel() for rows in _groups(corpus))
    n, m = target.sum(), reference.sum()
    values = np.zeros(len(target))
    for i in np.flatnonzero(target + reference):
        table = [[target[i], n - target[i]], [reference[i], m - reference[i]]]
        values[i] = chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
    return values


def _tell_g2(corpus: Corpus, values: np.ndarray) -> str:
    table = score_keyness(corpus.counts, LATE, EARLY)
    place = {term: i for i, term in enumerate(corpus.terms)}
    theirs = values[[place[term] for term in table["term"]]]
    return f"G² differs by {np.abs(table['g2'].abs().to_numpy() - theirs).max():.0e} at most"


def _chi2_sklearn(corpus: Corpus) -> np.ndarray:
    from sklearn.feature_selection import chi2

    target, reference = _groups(corpus)
    both = target | reference
    return np.asarray(chi2(sparse.csr_matrix(corpus.counts.matrix[both]), target[both])[0])


def _distance_scipy(corpus: Corpus) -> np.ndarray:
    from scipy.spatial.distance import jensenshannon

    years = corpus.counts.by("edition").matrix.toarray()
    return np.array([jensenshannon(a, b, base=2) for a, b in itertools.pairwise(years)])


def _tell_distance(corpus: Corpus, values: np.ndarray) -> str:
    ours = measure_divergence(corpus.counts, n_resamples=10)["distance"].drop_nulls().to_numpy()
    return f"distance without interval; differs by {np.abs(ours - values).max():.0e} at most"


def _breaks_ruptures(corpus: Corpus) -> list[list[list[int]]]:
    import ruptures

    found = []
    for series in iterate_series(corpus.prevalence):
        search = ruptures.Dynp(model="l2", min_size=MIN_SIZE, jump=1).fit(series.shares)
        found.append([search.predict(n_bkps=m)[:-1] for m in range(1, MAX_BREAKS + 1)])
    return found


def _tell_breaks(corpus: Corpus, found: list[list[list[int]]]) -> str:
    """Compare with our own search, for squares and editions that count alike, as ruptures has it."""
    from textmine.measure.segmentation import _Options

    options = _Options("gaussian", MAX_BREAKS, MIN_SIZE, 0, 0)
    same = 0
    for series, theirs in zip(iterate_series(corpus.prevalence), found, strict=True):
        search = search_segmentations(series.shares[:, None], np.ones((len(series.shares), 1)), options)
        same += [search.trace(m) for m in range(1, MAX_BREAKS + 1)] == theirs
    return f"search alone, without test; the same places, 1 to {MAX_BREAKS} breaks, in {same} of {len(found)} series"


def _trends_mannkendall(corpus: Corpus) -> list[tuple[float, float]]:
    import pymannkendall

    tests = [pymannkendall.original_test(series.shares) for series in iterate_series(corpus.prevalence)]
    return [(test.p, test.slope) for test in tests]


def _tell_trends(corpus: Corpus, found: list[tuple[float, float]]) -> str:
    ours = measure_trends(corpus.prevalence).select("p_mann_kendall", "slope").to_numpy()
    p, slope = np.abs(ours - np.array(found)).max(axis=0)
    return f"p and slope differ by {p:.0e} and {slope:.0e} at most; no interval, no autocorrelation"


def _kappa_sklearn(corpus: Corpus) -> list[float]:
    from sklearn.metrics import cohen_kappa_score

    counts = count_concepts(corpus.tags, corpus.blank, scheme=SCHEME, evidence="text")
    sides = [counts.keep(pl.col("lang") == lang).matrix.toarray() > 0 for lang in ("zh", "en")]
    return [cohen_kappa_score(*(side[:, k] for side in sides)) for k in range(len(counts.terms))]


def _tell_kappa(corpus: Corpus, found: list[float]) -> str:
    ours = measure_agreement(corpus.blank, corpus.tags, scheme=SCHEME, n_resamples=10)["kappa"].to_numpy()
    return f"kappa without interval; differs by {np.abs(ours[: len(found)] - found).max():.0e} at most"


def _reuse_datasketch(corpus: Corpus) -> set[tuple[int, int]]:
    from datasketch import MinHash, MinHashLSH

    lsh = MinHashLSH(threshold=THRESHOLD, num_perm=128)
    pairs = set()
    for i, words in enumerate(corpus.texts):
        sketch = MinHash(num_perm=128)
        sketch.update_batch([" ".join(words[at : at + 3]).encode() for at in range(len(words) - 2)])
        pairs |= {(j, i) for j in lsh.query(sketch)}
        lsh.insert(i, sketch)
    return pairs


def _count_copies(corpus: Corpus) -> int:
    return sum(1 for i in range(0, corpus.n, 10) if i * N_EDITIONS // corpus.n > 0)


def _tell_reuse(corpus: Corpus, found: pl.DataFrame) -> str:
    whole = found.filter(pl.col("unit") == "paragraph").select("edition", "paragraph").n_unique()
    return f"{whole:,} of {_count_copies(corpus):,} planted paragraphs"


def _tell_pairs(corpus: Corpus, found: set[tuple[int, int]]) -> str:
    return f"{len({i for _, i in found}):,} of {_count_copies(corpus):,}; paragraphs alone, unverified, no sentences"


def _nmf_sklearn(corpus: Corpus) -> np.ndarray:
    from sklearn.decomposition import NMF
    from sklearn.feature_extraction.text import TfidfTransformer

    matrix = TfidfTransformer(sublinear_tf=True).fit_transform(corpus.counts.matrix)
    return NMF(N_TOPICS, init="nndsvda", max_iter=400, random_state=0).fit(matrix).components_


def _nmf_gensim(corpus: Corpus) -> np.ndarray:
    from gensim.matutils import Sparse2Corpus
    from gensim.models import Nmf

    counts = corpus.counts
    source = Sparse2Corpus(sparse.csc_matrix(counts.matrix), documents_columns=False)
    model = Nmf(source, N_TOPICS, id2word=dict(enumerate(counts.terms)), passes=5, random_state=0)
    return np.asarray(model.get_topics(), dtype=np.float64)


def _lda_sklearn(corpus: Corpus) -> np.ndarray:
    from sklearn.decomposition import LatentDirichletAllocation

    return LatentDirichletAllocation(N_TOPICS, max_iter=5, random_state=0).fit(corpus.counts.matrix).components_


def _lda_tomotopy(corpus: Corpus) -> np.ndarray:
    import tomotopy

    model = tomotopy.LDAModel(k=N_TOPICS, seed=0, rm_top=0, min_cf=0)
    for words in corpus.texts:
        model.add_doc(words)
    model.train(100, workers=1)
    place = {term: i for i, term in enumerate(corpus.terms)}
    components = np.zeros((N_TOPICS, corpus.n_terms))
    columns = [place[term] for term in model.used_vocabs]
    for k in range(N_TOPICS):
        components[k, columns] = model.get_topic_word_dist(k)
    return components


def _stable(model: TopicModel) -> np.ndarray:
    topics = model.topics_
    return np.asarray(topics.components[[k - 1 for k in topics.stable]])


def _tell_topics(corpus: Corpus, components: np.ndarray) -> str:
    if not len(components):
        return f"0 of {N_TOPICS} topics"
    few, many = sorted((corpus.topics, components), key=len)
    return f"{int((match_topics(few, many)[1] >= COSINE).sum())} of {N_TOPICS} topics"


def _counts(corpus: Corpus) -> object:
    return corpus.counts


def _texts(corpus: Corpus) -> object:
    return corpus.texts


def _series(corpus: Corpus) -> object:
    return corpus.prevalence


JOBS: dict[str, Job] = {
    "counts": Job(
        lambda c: count_terms(c.tokens, c.blank, lang="en"),
        lambda c: (c.tokens, c.blank),
        lambda c, found: "the matrix itself" if (found.matrix != _seen(c)).nnz == 0 else "another matrix",
    ),
    "counts: scikit-learn CountVectorizer": Job(
        _count_sklearn,
        _texts,
        lambda c, found: "the same matrix" if (sparse.csr_array(found) != _seen(c)).nnz == 0 else "another matrix",
        "counts",
    ),
    "prevalence": Job(lambda c: measure_prevalence(_english(c.blank), _english(c.tags), scheme=SCHEME), _tagged),
    "agreement": Job(lambda c: measure_agreement(c.blank, c.tags, scheme=SCHEME), _tagged),
    "agreement: scikit-learn cohen_kappa_score": Job(_kappa_sklearn, _tagged, _tell_kappa, "agreement"),
    "cooccurrence": Job(
        lambda c: measure_cooccurrence({"paragraphs": _english(c.blank), "tags": _english(c.tags)}, SCHEME, SCHEME),
        _tagged,
        lambda _, found: f"{found.height:,} pairs",
    ),
    "keyness": Job(lambda c: score_keyness(c.counts, LATE, EARLY), _counts),
    "keyness: scipy chi2_contingency": Job(_g2_scipy, _counts, _tell_g2, "keyness"),
    "keyness: scikit-learn chi2": Job(_chi2_sklearn, _counts, lambda *_: "chi-squared alone", "keyness"),
    "emerging": Job(lambda c: find_emerging(c.counts), _counts),
    "divergence": Job(lambda c: measure_divergence(c.counts), _counts),
    "divergence: scipy jensenshannon": Job(_distance_scipy, _counts, _tell_distance, "divergence"),
    "novelty": Job(_novelty, _counts),
    "breaks": Job(lambda c: find_breaks(c.prevalence), _series, **ONE_SIZE),
    "breaks: ruptures Dynp": Job(_breaks_ruptures, _series, _tell_breaks, "breaks", **ONE_SIZE),
    "bursts": Job(lambda c: find_bursts(c.prevalence), _series, **ONE_SIZE),
    "trends": Job(lambda c: measure_trends(c.prevalence), _series, **ONE_SIZE),
    "trends: pymannkendall": Job(_trends_mannkendall, _series, _tell_trends, "trends", **ONE_SIZE),
    "lifetimes": Job(lambda c: measure_lifetimes(c.prevalence), _series, **ONE_SIZE),
    "detectable": Job(lambda c: measure_detectable(c.prevalence), _series, **ONE_SIZE),
    "topics, NMF": Job(lambda c: _stable(TopicModel(N_TOPICS).fit(c.counts)), _counts, _tell_topics),
    "topics, NMF: scikit-learn, one fit": Job(_nmf_sklearn, _counts, _tell_topics, "topics, NMF"),
    "reuse": Job(lambda c: find_reuse(c.paragraphs), lambda c: c.paragraphs, _tell_reuse),
    "reuse: datasketch MinHashLSH": Job(_reuse_datasketch, _texts, _tell_pairs, "reuse"),
    "topics, NMF: tomotopy LDA, one fit": Job(_lda_tomotopy, _texts, _tell_topics, "topics, NMF", most=10_000),
    "topics, NMF: gensim NMF, one fit": Job(_nmf_gensim, _counts, _tell_topics, "topics, NMF", most=10_000),
    "breaks, 1,000 series": Job(lambda c: find_breaks(c.prevalence), _series, n_concepts=1_000, **ONE_SIZE),
    "detectable, 1,000 series": Job(lambda c: measure_detectable(c.prevalence), _series, n_concepts=1_000, **ONE_SIZE),
    "topics, LDA": Job(lambda c: _stable(TopicModel(N_TOPICS, method="lda").fit(c.counts)), _counts, _tell_topics),
    "topics, LDA: scikit-learn, one fit": Job(_lda_sklearn, _counts, _tell_topics, "topics, LDA", most=10_000),
    "topics, NMF, number chosen": Job(lambda c: _stable(TopicModel().fit(c.counts)), _counts, _tell_topics),
    "topics, LDA, number chosen": Job(lambda c: _stable(TopicModel(method="lda").fit(c.counts)), _counts, _tell_topics),
}


def _seen(corpus: Corpus) -> sparse.csr_array:
    """Return the matrix of the terms that occur."""
    matrix = corpus.counts.matrix
    return matrix[:, np.flatnonzero(np.asarray(matrix.sum(axis=0)).ravel())]
