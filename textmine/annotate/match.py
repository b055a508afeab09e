"""Where the forms of the taxonomy stand in a text: one automaton over all forms, exact spans, longest match."""

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from textmine.annotate.boundaries import stands_alone
from textmine.annotate.fold import fold_text
from textmine.annotate.taxonomy import MAX_PHRASE, Concept, Taxonomy, load_taxonomy
from textmine.schema import LANGUAGES

#: An all-capital form of at most this many characters is an acronym and must match in its own case (WHO, not who).
ACRONYM_LENGTH = 6


class Span(NamedTuple):
    """A form found: ``text[start:end]`` is its surface."""

    start: int
    end: int
    scheme: str
    concept: str


@dataclass(frozen=True, slots=True)
class _Use:
    """What a pattern means: a form of a concept or a phrase that it excludes, and whether case counts."""

    concept: Concept
    excludes: bool
    cased: bool


class Matcher:
    """Find the forms of a taxonomy in any text.

    Forms of both languages are looked for in every text. A Latin form stands at word boundaries; within a scheme
    the leftmost and then the longest form wins; a form inside one of its concept's exclusions doesn't count.
    The automaton is that of Aho and Corasick (1975).

    Parameters
    ----------
    taxonomy : Taxonomy

    Examples
    --------
    >>> matcher = Matcher(load_taxonomy())
    >>> text = "雲計算和移动支付"
    >>> [(span.concept, text[span.start : span.end]) for span in matcher.find(text)]
    [('cloud', '雲計算'), ('mobile-money', '移动支付')]
    """

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.taxonomy = taxonomy
        uses: dict[str, list[_Use]] = defaultdict(list)
        for concept in taxonomy:
            for lang in LANGUAGES:
                for phrases, excludes in ((concept.forms[lang], False), (concept.exclude[lang], True)):
                    for phrase in phrases:
                        uses[fold_text(phrase)].append(_Use(concept, excludes, is_acronym(phrase)))
        self._patterns = sorted(uses)
        self._concepts = {(concept.scheme, concept.id): concept for concept in taxonomy}
        self._uses = [uses[pattern] for pattern in self._patterns]
        self._automaton = AhoCorasick(self._patterns)

    def concept_of(self, span: Span) -> Concept:
        """Return the concept of a span."""
        return self._concepts[span.scheme, span.concept]

    def find(self, text: str) -> list[Span]:
        """Return the forms in a text, by start, longest first, then by scheme and concept.

        Spans of one scheme don't overlap; those of different schemes may.
        """
        spans, excluded = self._all_spans(text)
        kept: list[Span] = []
        for scheme in self.taxonomy.schemes:
            end = 0
            for span in sorted((s for s in spans if s.scheme == scheme.name), key=_leftmost_longest):
                if span.start >= end and not _inside(span, excluded):
                    kept.append(span)
                    end = span.end
        return sorted(kept, key=lambda span: (span.start, -span.end, span.scheme, span.concept))

    def find_all(self, text: str) -> list[Span]:
        """Return every form at word boundaries, those too that a longer form or an exclusion keeps out of `find`."""
        return sorted(self._all_spans(text)[0])

    def find_terms(self, text: str) -> list[tuple[int, int]]:
        """Return the spans that segmentation must keep whole: all forms, those that overlap joined into one."""
        merged: list[tuple[int, int]] = []
        for span in sorted(self._all_spans(text)[0]):
            if merged and span.start < merged[-1][1]:
                merged[-1] = (merged[-1][0], max(merged[-1][1], span.end))
            else:
                merged.append((span.start, span.end))
        return merged

    def _all_spans(self, text: str) -> tuple[list[Span], dict[tuple[str, str], list[tuple[int, int]]]]:
        """All forms at word boundaries, overlapping ones too, and the spans that each concept excludes."""
        folded = fold_text(text)
        spans: list[Span] = []
        excluded: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        for index, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            if not stands_alone(folded, start, end):
                continue
            for use in self._uses[index]:
                if use.cased and fold_text(text[start:end], lower=False).upper() != fold_text(
                    text[start:end], lower=False
                ):
                    continue
                if use.excludes:
                    excluded[use.concept.scheme, use.concept.id].append((start, end))
                else:
                    spans.append(Span(start, end, use.concept.scheme, use.concept.id))
        for places in excluded.values():
            places.sort(key=itemgetter(1))
        return list(dict.fromkeys(spans)), excluded


@cache
def default_matcher() -> Matcher:
    """Return the matcher of the taxonomy that ships with textmine, built once."""
    return Matcher(load_taxonomy())


def is_acronym(form: str) -> bool:
    """Tell whether a form's case counts.

    Examples
    --------
    >>> is_acronym("WHO"), is_acronym("5G"), is_acronym("Broadband"), is_acronym("云计算")
    (True, True, False, False)
    """
    return len(form) <= ACRONYM_LENGTH and form.isascii() and form.upper() == form and form.lower() != form


def _inside(span: Span, excluded: dict[tuple[str, str], list[tuple[int, int]]]) -> bool:
    """Tell whether a span lies in a phrase that its concept excludes; the phrases come sorted by their end."""
    places = excluded.get((span.scheme, span.concept), [])
    first = bisect_left(places, span.end, key=itemgetter(1))
    # Phrases that end at or after the span's end, nearest first; the longest phrase bounds how far one can reach.
    for start, end in islice(places, first, None):
        if start <= span.start:
            return True
        if end > span.end + MAX_PHRASE:
            return False
    return False


def _leftmost_longest(span: Span) -> tuple[int, int, str]:
    return span.start, -span.end, span.concept
