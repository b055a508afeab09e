"""Texts as sets of shingles: runs of a few words, or of a few Han characters, each with its place."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from sys import intern
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from textmine.annotate.fold import fold_text
from textmine.errors import UnknownOptionError
from textmine.schema import LANGUAGES

#: Words (or Han characters) in a shingle: long enough that texts on one subject share few, short enough that a changed
#: word leaves others between it and the next change.
LENGTHS = {"zh": 4, "en": 3}
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{HAN}]|[^\W{HAN}]+")

Integers = NDArray[np.int64]


class Word(NamedTuple):
    """A word, or a single Han character, as folded; ``text[start:end]`` is what stands there."""

    start: int
    end: int
    norm: str


def read_words(text: str) -> list[Word]:
    """Return the words of a text, each Han character being one; punctuation, spaces and case don't count.

    Examples
    --------
    >>> [word.norm for word in read_words("到2011年，ICT 覆蓋")]
    ['到', '2011', '年', 'ict', '覆', '盖']
    """
    # One object for each word, however often it stands: a corpus of words would fill the memory otherwise.
    return [Word(*match.span(), intern(match[0])) for match in _WORD.finditer(fold_text(text))]


@dataclass(frozen=True, slots=True)
class Shingles:
    """The shingles of some texts.

    Attributes
    ----------
    length : int
        Words in a shingle.
    words : numpy.ndarray of int, shape (n_texts,)
        Words of each text.
    ids : numpy.ndarray of int, shape (n_shingles,)
        All shingles in the order of the texts: equal numbers mean equal words, without exception.
    hashes : numpy.ndarray of uint64, shape (n_shingles,)
        A number for each that depends on its words alone, whatever the other texts.
    begins : numpy.ndarray of int, shape (n_texts + 1,)
        Where each text's shingles begin in ``ids`` and ``hashes``.
    """

    length: int
    words: Integers
    ids: Integers
    hashes: NDArray[np.uint64]
    begins: Integers

    def incidence(self) -> sparse.csr_array:
        """Return which text has which shingle: 0 or 1, shape (n_texts, n_distinct_shingles)."""
        n = len(self.words)
        n_distinct = int(self.ids.max()) + 1 if len(self.ids) else 1
        # Copies, because scipy puts duplicates together in place.
        data = (np.ones(len(self.ids), dtype=np.int32), self.ids.copy(), self.begins.copy())
        matrix = sparse.csr_array(data, (n, n_distinct))
        matrix.sum_duplicates()
        matrix.data[:] = 1
        return matrix

    def similarity(self, first: int, second: int) -> float:
        """Return the Jaccard similarity of two texts; 0 where neither has a shingle."""
        one, other = (np.unique(self.ids[self.begins[i] : self.begins[i + 1]]) for i in (first, second))
        shared = len(np.intersect1d(one, other, assume_unique=True))
        return shared / max(len(one) + len(other) - shared, 1)

    def shared_words(self, text: int, source: int) -> NDArray[np.bool_]:
        """Tell which words of a text stand in a shingle that the source has too, shape (n_words,)."""
        mine, theirs = (self.ids[self.begins[i] : self.begins[i + 1]] for i in (text, source))
        found = np.isin(mine, theirs)
        shared = np.zeros(self.words[text], dtype=bool)
        for offset in range(self.length):
            shared[offset : offset + len(found)] |= found
        return shared


def shingle_texts(texts: Sequence[Sequence[str]], *, lang: str) -> Shingles:
    """Cut texts into shingles of :data:`LENGTHS` words.

    Parameters
    ----------
    texts : sequence of sequence of str
        The words of each text, see :func:`read_words`.
    lang : {'zh', 'en'}

    Examples
    --------
    Two texts of four words have two shingles each, one in common.

    >>> shingles = shingle_texts(["we met in Tunis".split(), "they met in Tunis".split()], lang="en")
    >>> (shingles.incidence() @ shingles.incidence().T).toarray().tolist()
    [[2, 1], [1, 2]]
    >>> shingles.shared_words(0, 1).tolist()
    [False, True, True, True]
    """
    if lang not in LANGUAGES:
        raise UnknownOptionError("language", lang, LANGUAGES)
    length = LENGTHS[lang]
    places: dict[str, int] = {}
    flat = np.array([places.setdefault(word, len(places)) for words in texts for word in words], dtype=np.int64)
    codes = np.array([_hash_word(word) for word in places] or [0], dtype=np.uint64)
    sizes = np.array([len(words) for words in texts], dtype=np.int64)
    counts = np.maximum(sizes - length + 1, 0)
    begins = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    first_words = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64) if len(sizes) else sizes
    starts = np.arange(begins[-1]) - np.repeat(begins[:-1] - first_words, counts)
    ids, hashes = np.zeros(len(starts), dtype=np.int64), np.zeros(len(starts), dtype=np.uint64)
    for offset in range(length):
        at = flat[starts + offset]
        ids = np.unique(ids * len(places) + at, return_inverse=True)[1].astype(np.int64)  # below 2 ** 63: no overflow
        hashes = mix_bits(hashes + codes[at])
    return Shingles(length, sizes, ids, hashes, begins)


def mix_bits(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scatter 64-bit numbers, the finalizer of SplitMix64 (Steele, Lea and Flood 2014); sums wrap around.

    Examples
    --------
    >>> mix_bits(np.array([0], dtype=np.uint64)).tolist()
    [16294208416658607535]
    """
    mixed = values + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _hash_word(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8"), digest_size=8).digest(), "big")
