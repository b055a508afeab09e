"""What is wrong with a taxonomy, and what its author should know about it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

import polars as pl

from textmine.annotate.boundaries import stands_alone
from textmine.annotate.concepts import Concept, Taxonomy
from textmine.annotate.fold import fold_text
from textmine.annotate.match import Matcher
from textmine.schema import LANGUAGES, make_table

#: What a finding of each kind means. Errors first: what they name doesn't do what it seems to.
ERRORS: Final = {
    "repeated-id": "two concepts of a scheme have one id",
    "unknown-parent": "the parent is no other concept of the scheme, or lies below the concept itself",
    "repeated-form": "a form or exclusion stands twice in a concept, or only looks different (case, width, script)",
    "form-of-two": "a form belongs to two concepts of one scheme, so that it names neither",
    "hidden-form": "a form is never found: an exclusion of its concept holds it, or it can't stand as a word",
    "idle-exclusion": "an exclusion has no form in it, so it excludes nothing",
}
NOTES: Final = {
    "shared-form": "a form belongs to concepts of several schemes: a text that has it gets both tags",
    "form-in-form": "a form holds a form of another concept of its scheme: the longer one wins, the other isn't tagged",
    "longer-form": "a form holds another of its own concept: kept whole by segmentation, no change for tags",
    "longer-exclusion": "an exclusion holds another that covers all forms in it: it adds nothing",
    "label-no-form": "the preferred label isn't a form: a text that has it isn't tagged",
    "one-language": "a concept has no form in a language: it can't be found in such texts",
    "no-year": "no first year is given",
    "no-note": "no scope note is given",
}


class _Finding(NamedTuple):
    kind: str
    concept: Concept
    lang: str | None
    phrase: str | None
    other: str | None


_Phrases = list[tuple[str, str, str]]  # language, phrase, folded


def check_taxonomy(taxonomy: Taxonomy) -> pl.DataFrame:
    """Look for contradictions and for what is easily overlooked in a taxonomy.

    Parameters
    ----------
    taxonomy : Taxonomy
        As from :func:`~textmine.annotate.taxonomy.load_taxonomy`, with ``strict=False`` where all errors are wanted
        and not the first alone.

    Returns
    -------
    polars.DataFrame
        Table ``taxonomy_findings``: level (``error``, ``note``), kind (a key of :data:`ERRORS` or :data:`NOTES`),
        scheme, concept, language, the phrase, and the other phrase or concept that it is about. Errors first, in the
        order of the kinds, then of the taxonomy.

    Examples
    --------
    >>> from textmine import load_taxonomy
    >>> check_taxonomy(load_taxonomy()).filter(pl.col("level") == "error").height
    0
    """
    order = {kind: i for i, kind in enumerate((*ERRORS, *NOTES))}
    findings = [finding for look in _LOOKS for finding in look(taxonomy)]
    findings.sort(key=lambda finding: order[finding.kind])  # stable: within a kind the taxonomy's order stays
    rows: list[dict[str, object]] = [
        {
            "level": "error" if found.kind in ERRORS else "note",
            "kind": found.kind,
            "scheme": found.concept.scheme,
            "concept": found.concept.id,
            "lang": found.lang,
            "phrase": found.phrase,
            "other": found.other,
        }
        for found in findings
    ]
    return make_table("taxonomy_findings", rows)


def _phrases(concept: Concept, kind: str) -> _Phrases:
    lists = concept.forms if kind == "forms" else concept.exclude
    return [(lang, phrase, fold_text(phrase)) for lang in LANGUAGES for phrase in lists[lang]]


def _look_at_ids(taxonomy: Taxonomy) -> Iterator[_Finding]:
    for scheme in taxonomy.schemes:
        seen: set[str] = set()
        for concept in scheme.concepts:
            if concept.id in seen:
                yield _Finding("repeated-id", concept, None, None, None)
            seen.add(concept.id)
        parents = scheme.parents
        for concept in scheme.concepts:
            chain = [concept.id]
            while chain[-1] in parents and chain[-1] not in chain[:-1]:
                chain.append(parents[chain[-1]])
            if concept.parent is not None and (concept.parent not in seen or concept.id in chain[1:]):
                yield _Finding("unknown-parent", concept, None, None, concept.parent)


def _look_at_repeats(taxonomy: Taxonomy) -> Iterator[_Finding]:
    for concept in taxonomy:
        for kind in ("forms", "exclude"):
            first: dict[str, str] = {}
            for lang, phrase, folded in _phrases(concept, kind):
                if folded in first:
                    yield _Finding("repeated-form", concept, lang, phrase, first[folded])
                first.setdefault(folded, phrase)


def _look_at_owners(taxonomy: Taxonomy) -> Iterator[_Finding]:
    owners: dict[str, list[Concept]] = defaultdict(list)
    for concept in taxonomy:
        for folded in dict.fromkeys(folded for _, _, folded in _phrases(concept, "forms")):
            owners[folded].append(concept)
    for concept in taxonomy:
        told: set[str] = set()
        for lang, phrase, folded in _phrases(concept, "forms"):
            others = owners[folded]
            earlier = others[: next(i for i, other in enumerate(others) if other is concept)]
            if folded in told:
                continue
            told.add(folded)
            for other in earlier:
                kind = "form-of-two" if other.scheme == concept.scheme else "shared-form"
                yield _Finding(kind, concept, lang, phrase, f"{other.scheme}:{other.id}")


def _look_at_reach(taxonomy: Taxonomy) -> Iterator[_Finding]:
    """Find each form and each exclusion in itself: a form must be found there, an exclusion must hold a form."""
    matcher = Matcher(taxonomy)
    owners = Counter((c.scheme, folded) for c in taxonomy for folded in {item[2] for item in _phrases(c, "forms")})
    for concept in taxonomy:
        forms = _phrases(concept, "forms")
        for lang, phrase, folded in forms:
            whole = (0, len(phrase), concept.scheme, concept.id)
            if owners[concept.scheme, folded] == 1 and whole not in matcher.find(phrase):
                yield _Finding("hidden-form", concept, lang, phrase, None)
        for lang, phrase, folded in _phrases(concept, "exclude"):
            if not any(_places(folded, form) for _, _, form in forms):
                yield _Finding("idle-exclusion", concept, lang, phrase, None)


def _look_at_nesting(taxonomy: Taxonomy) -> Iterator[_Finding]:
    for scheme in taxonomy.schemes:
        forms = [(concept, *item) for concept in scheme.concepts for item in _phrases(concept, "forms")]
        for concept, lang, phrase, folded in forms:
            told: set[str] = set()
            for other, _, _, shorter in forms:
                kind = "longer-form" if other is concept else "form-in-form"
                key = "" if other is concept else other.id  # one line for each concept that is inside
                if key not in told and other.id != concept.parent and _places(folded, shorter):
                    told.add(key)
                    name = shorter if other is concept else f"{other.scheme}:{other.id}"
                    yield _Finding(kind, concept, lang, phrase, name)
        for concept in scheme.concepts:
            yield from _look_at_exclusions(concept)


def _look_at_exclusions(concept: Concept) -> Iterator[_Finding]:
    exclusions = _phrases(concept, "exclude")
    for lang, phrase, folded in exclusions:
        inside = [place for _, _, form in _phrases(concept, "forms") for place in _places(folded, form)]
        for _, shorter, other in exclusions:
            covers = _places(folded, other)
            if covers and all(any(a <= start and end <= b for a, b in covers) for start, end in inside):
                yield _Finding("longer-exclusion", concept, lang, phrase, shorter)
                break


def _look_at_gaps(taxonomy: Taxonomy) -> Iterator[_Finding]:
    for concept in taxonomy:
        folded = {item[2] for item in _phrases(concept, "forms")}
        for lang in LANGUAGES:
            if not concept.forms[lang]:
                yield _Finding("one-language", concept, lang, None, None)
            elif fold_text(concept.labels[lang]) not in folded:
                yield _Finding("label-no-form", concept, lang, concept.labels[lang], None)
        if concept.since is None:
            yield _Finding("no-year", concept, None, None, None)
        if not concept.note.strip():
            yield _Finding("no-note", concept, None, None, None)


def _places(longer: str, shorter: str) -> list[tuple[int, int]]:
    """Return where a phrase holds a shorter one, a Latin one between word boundaries; both folded."""
    places = []
    at = longer.find(shorter) if len(shorter) < len(longer) else -1
    while at >= 0:
        if stands_alone(longer, at, at + len(shorter)):
            places.append((at, at + len(shorter)))
        at = longer.find(shorter, at + 1)
    return places


_LOOKS: tuple[Callable[[Taxonomy], Iterator[_Finding]], ...] = (
    _look_at_ids,
    _look_at_repeats,
    _look_at_owners,
    _look_at_reach,
    _look_at_nesting,
    _look_at_gaps,
)
