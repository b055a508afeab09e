"""What a reader has chosen to look at: checked against the study, and unchanging, so that a table can be kept by it."""

from dataclasses import dataclass

from textmine.annotate.tag import ACTION_LINE
from textmine.errors import UnknownOptionError
from textmine.measure.reuse import KEEP, check_reuse
from textmine.measure.rollup import EVIDENCE
from textmine.publish.explore.narrow import REGION, check_years
from textmine.publish.study import Study


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
