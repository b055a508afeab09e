"""What a reader has chosen to look at: checked against the study, and unchanging, so that a table can be kept by it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from textmine.annotate.tag import ACTION_LINE
from textmine.errors import UnknownOptionError
from textmine.measure.reuse import KEEP, check_reuse
from textmine.measure.rollup import EVIDENCE
from textmine.publish.explore.narrow import REGION, check_years
from textmine.publish.study import Study
from textmine.schema import LANGUAGES, PARAGRAPH_KEY


@dataclass(frozen=True, slots=True)
class Choice:
    """State of an exploration.

    Attributes
    ----------
    langs : tuple of {'zh', 'en'}
        Languages of the texts.
    scheme : str
    concepts : tuple of str
        Of the scheme, one line of the trend each.
    years : tuple of int
        First and last edition.
    region, action_line : str or None
        Only paragraphs tagged with these.
    reuse : {'keep', 'drop'}
    evidence : {'any', 'text', 'heading', 'classifier'}
    confidence, n_resamples, seed
        Of the interval.
    """

    langs: tuple[str, ...]
    scheme: str
    concepts: tuple[str, ...]
    years: tuple[int, int]
    region: str | None = None
    action_line: str | None = None
    reuse: str = KEEP
    evidence: str = "any"
    confidence: float = 0.95
    n_resamples: int = 2000
    seed: int = 0


def first_choice(study: Study) -> Choice:
    """Return what is looked at before a reader chooses: the most frequent trend, of all languages and years."""
    known, years = [scheme.name for scheme in study.taxonomy.schemes], list_years(study)
    scheme = "trend" if "trend" in known else list_schemes(study)[0]
    langs = tuple(lang for lang in LANGUAGES if lang in study.langs)
    return Choice(langs, scheme, rank_concepts(study, scheme)[:1], (years[0], years[-1]))


def list_years(study: Study) -> list[int]:
    """Return the editions of a study, sorted."""
    return [int(year) for year in study.paragraphs["edition"].unique().sort()]


def list_schemes(study: Study) -> list[str]:
    """Return the schemes that some paragraph is tagged with, in the order of the taxonomy."""
    there = set(study.table("tags")["scheme"].unique())
    return [scheme.name for scheme in study.taxonomy.schemes if scheme.name in there]


def rank_concepts(study: Study, scheme: str) -> tuple[str, ...]:
    """Return the concepts of a scheme, those of most paragraphs first, ties by id."""
    tags = study.table("tags").filter(scheme=scheme).select(*PARAGRAPH_KEY, "concept").unique()
    found = dict(tags.group_by("concept").len().iter_rows())
    known = [concept.id for concept in study.taxonomy.scheme(scheme).concepts]
    return tuple(sorted(known, key=lambda concept: (-found.get(concept, 0), concept)))


def change_choice(choice: Choice, changes: Mapping[str, Any], study: Study) -> Choice:
    """Return a choice with some fields changed and checked; another scheme alone takes its most frequent concept."""
    known, changed = list(asdict(choice)), dict(changes)
    for name in changed:
        if name not in known:
            raise UnknownOptionError("choice", name, known)
    if changed.get("scheme", choice.scheme) != choice.scheme and "concepts" not in changed:
        changed["concepts"] = rank_concepts(study, changed["scheme"])[:1]
    for name in ("langs", "concepts", "years"):
        if name in changed:
            if isinstance(changed[name], str):
                raise UnknownOptionError(name, changed[name], f"a list, such as [{changed[name]!r}]")
            changed[name] = tuple(changed[name])
    return check_choice(replace(choice, **changed), study)


def check_choice(choice: Choice, study: Study) -> Choice:
    """Return a choice as it is, or say which value the study doesn't have and which ones it has."""
    for lang in choice.langs or ("",):
        if lang not in study.langs:
            raise UnknownOptionError(f"language of {study.name}", lang, study.langs)
    if not choice.concepts:
        raise UnknownOptionError("concepts", [], "at least one")
    if len(set(choice.concepts)) < len(choice.concepts):
        raise UnknownOptionError("concepts", list(choice.concepts), "each once")
    wanted = [(choice.scheme, concept) for concept in choice.concepts]
    wanted += [(REGION, choice.region)] if choice.region is not None else []
    wanted += [(ACTION_LINE, choice.action_line)] if choice.action_line is not None else []
    for scheme, concept in wanted:
        study.taxonomy.concept(scheme, concept)
    if choice.evidence not in EVIDENCE:
        raise UnknownOptionError("evidence", choice.evidence, EVIDENCE)
    check_years(study, choice.years)
    check_reuse(choice.reuse)
    return choice
