"""A simulated corpus for the measures: words, texts and tags of eighteen editions, the same for the same size."""

import itertools
from functools import cached_property

import numpy as np
import polars as pl
from scipy import sparse

from textmine.measure.counts import Counts
from textmine.measure.prevalence import measure_prevalence
from textmine.schema import TABLES

N_EDITIONS = 18
FIRST = 2008
PER_SECTION = 10
N_TOPICS = 20
SENTENCE = 15
SCHEME = "trend"


class Corpus:
    """Paragraphs of 40 to 80 words: half from all terms with Zipf's shares, half from topics of 40 terms each.

    Every tenth paragraph from the second edition on is one of the edition before with 5 % of its words replaced.
    Concepts stand in a fifth of all paragraphs (the first) down to one in seventy (the two hundredth), unevenly over
    sections; each fifth one twice as often from 2017 on. Chinese has the tags of English but for 8 % of them.
    """

    def __init__(self, n: int, n_terms: int = 10_000, n_concepts: int = 200) -> None:
        self.n, self.n_terms, self.n_concepts = n, n_terms, n_concepts
        rng = np.random.default_rng([n, n_terms])
        place = np.arange(n)
        edition = place * N_EDITIONS // n
        number = place - np.searchsorted(edition, edition)
        self.section = edition * n + number // PER_SECTION  # of all editions, not in order without gaps
        self.rows = pl.DataFrame(
            {
                "edition": pl.Series(FIRST + edition, dtype=pl.Int32),
                "lang": "en",
                "paragraph": pl.Series(number + 1, dtype=pl.Int32),
                "section": [f"{i // PER_SECTION:04}" for i in number.tolist()],
            }
        )
        lengths = rng.integers(40, 81, n)
        before = n // N_EDITIONS
        copies = [i for i in range(0, n, 10) if edition[i] > 0]
        for i in copies:
            lengths[i] = lengths[i - before]
        self.lengths, self.starts = lengths, np.concatenate([[0], np.cumsum(lengths)])
        self.place = np.repeat(place, lengths)
        self.words = self._draw_words(rng)
        for i in copies:
            self._copy(rng, i - before, i)

    def _draw_words(self, rng: np.random.Generator) -> np.ndarray:
        width = min(40, self.n_terms // N_TOPICS)
        owned = rng.permutation(self.n_terms)[: width * N_TOPICS].reshape(N_TOPICS, width)
        self.topics = np.zeros((N_TOPICS, self.n_terms))
        for shares, own in zip(self.topics, owned, strict=True):
            shares[own] = rng.dirichlet(np.full(width, 0.5))
        section = np.unique(self.section, return_inverse=True)[1]
        main = rng.dirichlet(np.full(N_TOPICS, 0.1), section.max() + 1)[section]
        mixed = np.cumsum(0.7 * main + 0.3 * rng.dirichlet(np.full(N_TOPICS, 0.1), self.n), axis=1)
        drawn = rng.random(len(self.place))
        topic = np.zeros(len(self.place), dtype=np.int8)
        for k in range(N_TOPICS - 1):
            topic += drawn > mixed[self.place, k]
        zipf = np.cumsum(1 / np.arange(1, self.n_terms + 1))
        words = np.searchsorted(zipf, rng.random(len(self.place)) * zipf[-1])
        own = rng.random(len(self.place)) < 0.5
        for k in range(N_TOPICS):
            mine = np.flatnonzero(own & (topic == k))
            words[mine] = np.searchsorted(np.cumsum(self.topics[k]), rng.random(len(mine)))
        return np.minimum(words, self.n_terms - 1)

    def _copy(self, rng: np.random.Generator, source: int, target: int) -> None:
        length = self.lengths[source]
        words = self.words[self.starts[source] :][:length].copy()
        other = rng.random(length) < 0.05
        words[other] = rng.integers(0, self.n_terms, int(other.sum()))
        self.words[self.starts[target] :][:length] = words

    @property
    def terms(self) -> tuple[str, ...]:
        """Names of the terms: four letters, sorted as their numbers are."""
        return tuple("".join(chr(97 + i // 26**k % 26) for k in (3, 2, 1, 0)) for i in range(self.n_terms))

    @cached_property
    def counts(self) -> Counts:
        """The matrix that all measures of terms share."""
        ones = np.ones(len(self.words), dtype=np.int64)
        matrix = sparse.csr_array((ones, (self.place, self.words)), (self.n, self.n_terms))
        matrix.sum_duplicates()
        return Counts(matrix, self.rows, self.terms)

    @cached_property
    def tokens(self) -> pl.DataFrame:
        """The table ``tokens`` but for offsets."""
        names = pl.Series("norm", self.terms)[self.words]
        at = np.arange(len(self.words)) - self.starts[self.place]
        return self.rows.select("edition", "lang", "paragraph")[self.place].with_columns(
            pl.Series("sentence", at // SENTENCE, dtype=pl.Int32), names, is_stop=pl.lit(value=False)
        )

    @cached_property
    def texts(self) -> list[list[str]]:
        """Words of each paragraph."""
        names = np.array(self.terms, dtype=object)[self.words].tolist()
        return [names[start:stop] for start, stop in itertools.pairwise(self.starts)]

    @cached_property
    def paragraphs(self) -> pl.DataFrame:
        """The table ``paragraphs``, with texts."""
        texts = [
            " ".join(" ".join(words[i : i + SENTENCE]).capitalize() + "." for i in range(0, len(words), SENTENCE))
            for words in self.texts
        ]
        return self._tabulate(texts)

    @cached_property
    def blank(self) -> pl.DataFrame:
        """The table ``paragraphs``, without texts, in both languages."""
        english = self._tabulate([""] * self.n)
        return pl.concat([english, english.with_columns(lang=pl.lit("zh"))])

    def _tabulate(self, texts: list[str]) -> pl.DataFrame:
        filled = self.rows.rename({"paragraph": "number"}).with_columns(
            pl.Series("text", texts),
            *(pl.lit(1).alias(name) for name in ("n_chars", "first_line", "last_line")),
            *(pl.lit("").alias(name) for name in ("symbol", "corpus", "source_sha256")),
            *(pl.Series(name, [[]] * self.n, dtype=pl.List(pl.String)) for name in ("heading_path", "action_line")),
        )
        return filled.select(pl.col(name).cast(dtype) for name, dtype in TABLES["paragraphs"].items())

    @cached_property
    def tags(self) -> pl.DataFrame:
        """The table ``tags``, in both languages."""
        rng = np.random.default_rng([self.n, self.n_concepts, 1])
        section = np.unique(self.section, return_inverse=True)[1]
        late = self.rows["edition"].to_numpy() >= 2017
        where, which = [], []
        for k in range(self.n_concepts):
            share = 0.2 / np.sqrt(k + 1)
            chance = rng.beta(share * 9, (1 - share) * 9, section.max() + 1)[section]
            has = np.flatnonzero(rng.random(self.n) < chance * np.where(late & (k % 5 == 0), 2, 1))
            where.append(has)
            which.append(np.full(len(has), k))
        place, concept = np.concatenate(where), np.concatenate(which)
        names = pl.Series("concept", [f"c{k:04}" for k in range(self.n_concepts)])[concept]
        english = self.rows.drop("section")[place].with_columns(
            names, scheme=pl.lit(SCHEME), start=0, end=1, surface=pl.lit("x"), evidence=pl.lit("text"), score=1.0
        )
        chinese = english.filter(pl.Series(rng.random(english.height) >= 0.08)).with_columns(lang=pl.lit("zh"))
        both = pl.concat([english, chinese])
        return both.select(pl.col(name).cast(dtype) for name, dtype in TABLES["tags"].items())

    @cached_property
    def prevalence(self) -> pl.DataFrame:
        """Shares of the concepts in English, a series each."""
        english = pl.col("lang") == "en"
        return measure_prevalence(self.blank.filter(english), self.tags.filter(english), scheme=SCHEME, n_resamples=200)
