import os
import subprocess
import sys
from itertools import combinations

import numpy as np
import pytest
from datasketch import MinHash, MinHashLSH
from hypothesis import given
from hypothesis import strategies as st

from textmine.errors import UnknownOptionError
from textmine.measure.shingles import LENGTHS, read_words, shingle_texts
from textmine.measure.similar import RECALL, choose_bands, find_similar, found_with


def grams(words, lang):
    n = LENGTHS[lang]
    return {tuple(words[i : i + n]) for i in range(len(words) - n + 1)}


def jaccard(first, second, lang="en"):
    one, other = grams(first, lang), grams(second, lang)
    return len(one & other) / len(one | other) if one | other else 0.0


def brute_force(texts, threshold, lang="en"):
    return {
        (i, j): jaccard(texts[i], texts[j], lang)
        for i, j in combinations(range(len(texts)), 2)
        if jaccard(texts[i], texts[j], lang) >= threshold
    }


def related_texts(seed, n=60, length=40):
    """Texts in families: each after the first of three is an earlier one with some words changed."""
    rng = np.random.default_rng(seed)
    texts = []
    for i in range(n):
        if i % 3 == 0:
            words = [f"w{k}" for k in rng.integers(0, 3000, length)]
        else:
            words = list(texts[i - 1])
            for place in rng.integers(0, length, rng.integers(1, 9)):
                words[place] = f"w{rng.integers(0, 3000)}"
        texts.append(words)
    return texts


def pairs_of(texts, threshold=0.5, lang="en", **options):
    found = find_similar(shingle_texts(texts, lang=lang), threshold=threshold, **options)
    return {(i, j): s for i, j, s in zip(*(column.tolist() for column in found), strict=True)}


@given(st.text(alphabet=st.characters(exclude_categories=[]), max_size=60))
def test_words_stand_where_they_say_and_nothing_between_them_is_a_letter(text):
    at = 0
    for word in read_words(text):
        assert not any(c.isalpha() and c.isascii() for c in text[at : word.start])
        assert at <= word.start < word.end <= len(text)
        at = word.end
    assert not any(c.isalpha() and c.isascii() for c in text[at:])


def test_words_by_hand():
    assert [word.norm for word in read_words("The World’s 5G, 云計算")] == ["the", "world", "s", "5g", "云", "计", "算"]


def test_shingles_by_hand():
    """a b c d: abc, bcd; a b c e: abc, bce: one of three shingles in common. Repetition changes nothing."""
    shingles = shingle_texts([list("abcd"), list("abce"), list("abcabc"), list("ab"), []], lang="en")
    assert shingles.similarity(0, 1) == pytest.approx(1 / 3)
    assert shingles.similarity(0, 2) == pytest.approx(1 / 4)
    assert shingles.similarity(3, 4) == 0
    assert shingles.shared_words(0, 1).tolist() == [True, True, True, False]
    assert shingles.shared_words(2, 0).tolist() == [True] * 6
    assert shingles.shared_words(3, 0).tolist() == [False, False]


def test_finding_leaves_the_shingles_as_they_were():
    shingles = shingle_texts([list("abcabcabc"), list("cbacbaabc")], lang="en")
    before = shingles.ids.tolist(), shingles.begins.tolist()
    find_similar(shingles, threshold=0.3)
    assert (shingles.ids.tolist(), shingles.begins.tolist()) == before


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("seed", range(3))
def test_pairs_are_those_of_brute_force(lang, seed):
    texts = related_texts(seed)
    assert pairs_of(texts, lang=lang) == pytest.approx(brute_force(texts, 0.5, lang))


def test_datasketch_finds_the_same_pairs():
    texts = related_texts(7)
    index, hashes = MinHashLSH(params=tuple(choose_bands(0.5)), num_perm=288), []
    for i, words in enumerate(texts):
        minhash = MinHash(num_perm=288, seed=1)
        minhash.update_batch([" ".join(gram).encode() for gram in sorted(grams(words, "en"))])
        index.insert(i, minhash)
        hashes.append(minhash)
    candidates = {(i, j) for i, minhash in enumerate(hashes) for j in index.query(minhash) if i < j}
    verified = {pair for pair in candidates if jaccard(*(texts[i] for i in pair)) >= 0.5}
    assert set(pairs_of(texts)) == verified


def test_recall_at_the_threshold_is_what_the_bands_promise():
    """200 pairs that share exactly half of their shingles; all more similar ones are found more surely."""
    texts = []
    for i in range(200):
        own = [f"t{i}w{k}" for k in range(32)]
        texts += [own, [*own[:22], *(f"u{i}w{k}" for k in range(10))]]
    assert jaccard(texts[0], texts[1]) == 0.5
    found = sum(len(pairs_of(texts, seed=seed)) for seed in range(5))
    promised = found_with(0.5, choose_bands(0.5))
    assert promised >= RECALL
    assert found / 1000 > promised - 4 * np.sqrt(promised * (1 - promised) / 1000)


def test_recall_on_random_pairs_follows_the_formula():
    """Fewer, longer bands miss a part that the formula gives."""
    texts = []
    for i in range(400):
        own = [f"t{i}w{k}" for k in range(32)]
        texts += [own, [*own[:22], *(f"u{i}w{k}" for k in range(10))]]
    bands = choose_bands(0.5, recall=0.6)
    expected = found_with(0.5, bands)
    found = len(pairs_of(texts, recall=0.6)) / 400
    assert 0.6 <= expected < 0.75
    assert found == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / 400))


def test_a_pair_does_not_depend_on_the_others_nor_on_their_order():
    texts = related_texts(3)
    found = pairs_of(texts)
    order = np.random.default_rng(0).permutation(len(texts))
    place = {int(old): new for new, old in enumerate(order)}
    shuffled = pairs_of([texts[i] for i in order])
    assert shuffled == {tuple(sorted((place[i], place[j]))): s for (i, j), s in found.items()}
    assert pairs_of(texts[:30]) == {pair: s for pair, s in found.items() if pair[1] < 30}


def test_blocks_change_nothing(monkeypatch):
    texts = related_texts(6)
    whole = pairs_of(texts)
    monkeypatch.setattr("textmine.measure.similar.BLOCK", 7)
    monkeypatch.setattr("textmine.measure.similar.PAIRS", 3)
    assert pairs_of(texts) == whole


def test_relabelling_the_words_changes_no_similarity():
    texts = related_texts(4)
    assert pairs_of([[word + "x" for word in words] for words in texts]) == pairs_of(texts)


def test_threads_and_hash_order_change_nothing():
    program = (
        "import random; from textmine.measure.shingles import shingle_texts;"
        "from textmine.measure.similar import find_similar; r = random.Random(1);"
        "texts = [[f'w{r.randrange(6)}' for _ in range(40)] for _ in range(300)];"
        "print([c.tolist() for c in find_similar(shingle_texts(texts, lang='en'), threshold=0.1)][:2])"
    )
    outputs = set()
    for threads in ("1", "2"):
        env = os.environ | {"RAYON_NUM_THREADS": threads, "PYTHONHASHSEED": threads}
        done = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, check=True)  # noqa: S603
        outputs.add(done.stdout)
    assert len(outputs) == 1
    assert len(outputs.pop()) > 1000


def test_no_text_and_empty_texts_and_two_alone():
    assert pairs_of([list("abcabc"), list("abcabcabc")]) == {(0, 1): 1.0}
    assert pairs_of([]) == {}
    assert pairs_of([[], ["a"], list("abcd")]) == {}


def test_bands_are_the_longest_that_promise_the_recall():
    for threshold in (0.2, 0.5, 0.8, 1.0):
        n_bands, n_rows = choose_bands(threshold)
        assert found_with(threshold, choose_bands(threshold)) >= RECALL
        assert n_bands * n_rows <= 512
        if n_bands > 1:
            assert 1 - (1 - threshold**n_rows) ** (n_bands - 1) < RECALL  # one band less would not do


@pytest.mark.parametrize("options", [{"threshold": 0}, {"threshold": 1.1}, {"threshold": 0.5, "recall": 1.0}])
def test_impossible_options_are_refused(options):
    with pytest.raises(UnknownOptionError):
        choose_bands(**options)
    with pytest.raises(UnknownOptionError, match="512"):
        choose_bands(0.001)
