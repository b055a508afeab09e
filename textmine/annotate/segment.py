"""Text becomes tokens with exact offsets; a term of the taxonomy is never split."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from textmine.annotate.engines import ENGINES, cut_with
from textmine.annotate.fold import fold_text
from textmine.annotate.match import Matcher, default_matcher
from textmine.annotate.sentences import english_boundaries, split_sentences
from textmine.errors import UnknownOptionError
from textmine.schema import LANGUAGES

# What stands between two terms of a Chinese text, in the order in which it is tried. Only Han runs go to jieba;
# the range is that of jieba's own dictionary lookup (rarer Han are words of one character).
_RUNS = re.compile(
    r"(?P<han>[\u4e00-\u9fd5]+)"
    r"|(?P<url>(?:https?://|www\.)[!-~]+[\w/])"
    r"|(?P<number>\d+(?:[.,]\d+)*%?)"
    r"|(?P<rare>[\u3400-\u4dbf\u9fd6-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])"
    r"|(?P<word>[^\W\d_](?:[^\W_\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]|[-'’./](?=[A-Za-z0-9]))*)"
    r"|(?P<other>\S)",
)


_HAN = re.compile(r"[\u4e00-\u9fd5]+")

#: A word in capitals of at most this many letters is an abbreviation; longer ones may be words set in capitals.
SHORT_NAME = 3


class Token(NamedTuple):
    """A token: ``text == paragraph[start:end]``; ``norm`` joins spelling variants; ``sentence`` counts from 0."""

    start: int
    end: int
    text: str
    norm: str
    is_stop: bool
    sentence: int


class Segmenter:
    """Cut texts into tokens.

    Terms of the taxonomy come first, on the raw text, and stay whole. In Chinese, only the Han runs between them go
    to jieba's dictionary and hidden Markov model, Traditional characters as their Simplified ones; Latin words,
    numbers, URLs and punctuation have a rule of their own. In English the rules of spaCy's tokenizer cut what lies
    between. Every character that isn't white space is in exactly one token.

    Parameters
    ----------
    matcher : Matcher, optional
        Default: that of the taxonomy which ships with textmine.
    engine : {'rjieba', 'jieba'}
        Who cuts Han runs; both give the same tokens, the first is many times faster.

    Raises
    ------
    UnknownOptionError
        For an unknown engine.

    Examples
    --------
    >>> segmenter = Segmenter()
    >>> [token.text for token in segmenter.cut("2010年，信通技术发展了12%。", lang="zh")]
    ['2010', '年', '，', '信通技术', '发展', '了', '12%', '。']
    >>> [token.norm for token in segmenter.cut("Mobile payments were expanding.", lang="en")][1:]
    ['be', 'expand', '.']
    """

    def __init__(self, matcher: Matcher | None = None, *, engine: str = "rjieba") -> None:
        if engine not in ENGINES:
            raise UnknownOptionError("engine", engine, ENGINES)
        self.matcher = matcher if matcher is not None else default_matcher()
        self.engine = engine
        self._cut_runs = cut_with(engine)

    def cut(self, text: str, *, lang: str) -> list[Token]:
        """Return the tokens of a text in order.

        Parameters
        ----------
        text : str
            Any Unicode text.
        lang : {'zh', 'en'}
        """
        if lang not in LANGUAGES:
            raise UnknownOptionError("language", lang, LANGUAGES)
        terms = self.matcher.find_terms(text)
        spans = self._chinese(text, terms) if lang == "zh" else self._english(text, terms)
        norms = self._term_norms(text, lang)
        starts = [start for start, _ in split_sentences(text, lang=lang)]
        stop_words = _stop_words(lang)
        shouts = len(text) > SHORT_NAME and text.isupper()  # in a text of capitals they tell nothing
        tokens: list[Token] = []
        sentence = 0
        for start, end in spans:
            while sentence + 1 < len(starts) and starts[sentence + 1] <= start:
                sentence += 1
            surface = text[start:end]
            is_name = not shouts and _is_abbreviation(surface)
            norm = norms.get((start, end)) or (fold_text(surface) if is_name else _norm(surface, lang))
            tokens.append(Token(start, end, surface, norm, norm in stop_words and not is_name, sentence))
        return tokens

    def _chinese(self, text: str, terms: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        pieces: list[tuple[int, int, bool]] = []  # start, end, whether it is a Han run still to be cut
        at = 0
        for start, end in [*terms, (len(text), len(text))]:
            pieces += [(*run.span(), run.lastgroup == "han") for run in _RUNS.finditer(text, at, start)]
            if end > start:
                pieces.append((start, end, False))
            at = end
        words = iter(self._cut_runs([_simplified(text[start:end]) for start, end, is_run in pieces if is_run]))
        for start, end, is_run in pieces:
            if not is_run:
                yield start, end
                continue
            place = start
            while place < end:
                word_end = place + len(next(words))
                yield place, word_end
                place = word_end

    def _english(self, text: str, terms: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        cuts = english_boundaries(text)
        for start, end in terms:
            cuts |= {start, end}
        inside = iter(terms)
        term = next(inside, None)
        kept = []
        for cut in sorted(cuts):
            while term is not None and cut >= term[1]:
                term = next(inside, None)
            if term is None or cut <= term[0]:
                kept.append(cut)
        for start, end in pairwise(kept):
            piece = text[start:end]
            if not piece.isspace():
                lead = len(piece) - len(piece.lstrip())
                yield start + lead, start + len(piece.rstrip())

    def _term_norms(self, text: str, lang: str) -> dict[tuple[int, int], str]:
        """Return the label of a concept for each span that is one of its names; schemes in their order."""
        rank = {scheme.name: i for i, scheme in enumerate(self.matcher.taxonomy.schemes)}
        norms: dict[tuple[int, int], str] = {}
        for span in sorted(self.matcher.find(text), key=lambda span: rank[span.scheme]):
            concept = self.matcher.concept_of(span)
            if concept.one_name:
                norms.setdefault((span.start, span.end), fold_text(concept.labels[lang]))
        return norms


def _simplified(run: str) -> str:
    """Return a Han run in Simplified characters, which jieba's dictionary is made of; its length never changes.

    A run stays as it is where a simplified character would be one that the engines don't know.
    """
    folded = fold_text(run)
    return folded if _HAN.fullmatch(folded) else run


def _is_abbreviation(surface: str) -> bool:
    """Tell whether a word is a name in capitals (AI, US, IT), which has no lemma and is no stop word."""
    return 2 <= len(surface) <= SHORT_NAME and surface.isascii() and surface.isalpha() and surface.isupper()


@lru_cache(maxsize=100_000)
def _norm(surface: str, lang: str) -> str:
    folded = fold_text(surface)
    if lang == "en" and folded.isalpha() and folded.isascii():
        return _lemma(folded)
    return folded


def _lemma(word: str) -> str:
    import simplemma  # its tables take a moment to load; Chinese work never needs them

    return simplemma.lemmatize(word, lang="en").lower()


@cache
def _stop_words(lang: str) -> frozenset[str]:
    # spaCy's lists; a lemma of a stop word ("was" -> "be") is on the English one too.
    if lang == "zh":
        from spacy.lang.zh.stop_words import STOP_WORDS
    else:
        from spacy.lang.en.stop_words import STOP_WORDS
    return frozenset(STOP_WORDS)
