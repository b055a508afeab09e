"""What a taxonomy is: concepts in schemes, each with its forms in both languages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from textmine.errors import UnknownOptionError

#: Schemes in the order in which a token that is a form in several of them takes its norm.
SCHEMES = ("action_line", "trend", "theme", "organisation", "process", "region", "vocabulary")


@dataclass(frozen=True, slots=True)
class Concept:
    """A thing that paragraphs speak of: an id that no language changes, and its forms in each language.

    ``short_labels`` are for figures; ``exclude`` holds longer phrases inside which a form doesn't count; ``one_name``
    says that all forms are names of one thing, so that a token of any of them takes the label as its norm; ``since``
    is the first edition known to name it.
    """

    scheme: str
    id: str
    labels: Mapping[str, str]
    short_labels: Mapping[str, str]
    forms: Mapping[str, tuple[str, ...]]
    exclude: Mapping[str, tuple[str, ...]]
    parent: str | None
    since: int | None
    one_name: bool
    note: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """A set of concepts; ``heading_evidence`` says that a heading that names a concept tags the paragraphs below."""

    name: str
    version: str
    titles: Mapping[str, str]
    heading_evidence: bool
    concepts: tuple[Concept, ...]

    @property
    def parents(self) -> dict[str, str]:
        """The id above each concept that has one."""
        return {concept.id: concept.parent for concept in self.concepts if concept.parent}


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All schemes, with the SHA-256 over their files: what a result that used it must cite."""

    schemes: tuple[Scheme, ...]
    sha256: str

    def __iter__(self) -> Iterator[Concept]:
        return (concept for scheme in self.schemes for concept in scheme.concepts)

    def scheme(self, name: str) -> Scheme:
        """Return the scheme of that name; an unknown name raises and lists the valid ones."""
        for scheme in self.schemes:
            if scheme.name == name:
                return scheme
        raise UnknownOptionError("scheme", name, [scheme.name for scheme in self.schemes])

    def concept(self, scheme: str, concept: str) -> Concept:
        """Return a concept; an unknown id raises and lists the valid ones."""
        for candidate in self.scheme(scheme).concepts:
            if candidate.id == concept:
                return candidate
        raise UnknownOptionError(f"{scheme} concept", concept, [item.id for item in self.scheme(scheme).concepts])

    def find(self, concept: str) -> Concept:
        """Return the concept of an id, or of ``scheme:id`` where several schemes have it.

        A bare id that several schemes have is that of the first of them in the order of the schemes.

        Examples
        --------
        >>> from textmine import load_taxonomy
        >>> taxonomy = load_taxonomy()
        >>> taxonomy.find("internet-governance").scheme, taxonomy.find("theme:internet-governance").scheme
        ('trend', 'theme')
        """
        scheme, colon, bare = concept.rpartition(":")
        if colon:
            return self.concept(scheme, bare)
        for candidate in self:
            if candidate.id == concept:
                return candidate
        raise UnknownOptionError("concept", concept, [item.id for item in self])

    def ancestors(self, scheme: str, concept: str) -> tuple[str, ...]:
        """Return the ids above a concept, nearest first.

        Examples
        --------
        >>> from textmine import load_taxonomy
        >>> load_taxonomy().ancestors("action_line", "C7.e-health")
        ('C7',)
        """
        found: list[str] = []
        parent = self.concept(scheme, concept).parent
        while parent is not None:
            found.append(parent)
            parent = self.concept(scheme, parent).parent
        return tuple(found)
