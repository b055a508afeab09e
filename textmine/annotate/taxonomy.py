"""The taxonomy: concepts in schemes, each with its forms in both languages, read from TOML."""

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from textmine.annotate.fold import fold_text
from textmine.errors import TaxonomyError, UnknownOptionError
from textmine.resources import resource_path
from textmine.schema import LANGUAGES

#: Schemes in the order in which a token that is a form in several of them takes its norm.
SCHEMES = ("action_line", "trend", "theme", "organisation", "process", "region", "vocabulary")

#: No form or exclusion is longer than this many characters.
MAX_PHRASE = 300

_SCHEME_KEYS = {"scheme", "version", "title", "heading_evidence", "one_name", "concept"}
_CONCEPT_KEYS = {"id", "since", "parent", "note", "one_name", *LANGUAGES}
_LANGUAGE_KEYS = {"label", "short", "forms", "exclude"}


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
        >>> load_taxonomy().ancestors("action_line", "C7.e-health")
        ('C7',)
        """
        found: list[str] = []
        parent = self.concept(scheme, concept).parent
        while parent is not None:
            found.append(parent)
            parent = self.concept(scheme, parent).parent
        return tuple(found)


@cache
def load_taxonomy(path: Path | None = None) -> Taxonomy:
    """Read a taxonomy: every TOML file of a folder, or one file.

    Parameters
    ----------
    path : Path, optional
        Default: the taxonomy that ships with textmine.

    Returns
    -------
    Taxonomy

    Raises
    ------
    TaxonomyError
        When a file isn't TOML, lacks a key or has an unknown one, repeats an id or a form within a scheme, or
        excludes a phrase without a form in it; the message names file, concept and form.

    Examples
    --------
    >>> load_taxonomy().concept("trend", "cloud").labels["zh"]
    '云计算'
    """
    path = path if path is not None else resource_path("taxonomy")
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    if not files:
        raise TaxonomyError(f"{path}: no TOML file in this folder; a taxonomy has one per scheme")
    digest = hashlib.sha256()
    schemes: dict[str, Scheme] = {}
    for file in files:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise TaxonomyError(f"{file}: can't be read ({error.strerror})") from error
        digest.update(data)
        scheme = _read_scheme(file, data)
        if scheme.name in schemes:
            raise TaxonomyError(f"{file}: scheme {scheme.name!r} is in another file too; join them")
        schemes[scheme.name] = scheme
    known = [name for name in SCHEMES if name in schemes]
    order = known + sorted(name for name in schemes if name not in SCHEMES)
    return Taxonomy(tuple(schemes[name] for name in order), digest.hexdigest())


def _read_scheme(file: Path, data: bytes) -> Scheme:
    try:
        table = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TaxonomyError(f"{file}: not TOML ({error})") from error
    _check_keys(file, "the file", table, _SCHEME_KEYS, ("scheme", "version", "concept"))
    concepts = tuple(_read_concept(file, table, entry) for entry in table["concept"])
    _check_concepts(file, concepts)
    return Scheme(
        name=table["scheme"],
        version=str(table["version"]),
        titles={lang: table.get("title", {}).get(lang, table["scheme"]) for lang in LANGUAGES},
        heading_evidence=table.get("heading_evidence", False),
        concepts=concepts,
    )


def _read_concept(file: Path, table: dict[str, object], entry: dict[str, object]) -> Concept:
    where = f"concept {entry.get('id', '?')!r}"
    _check_keys(file, where, entry, _CONCEPT_KEYS, ("id", "note"))
    labels: dict[str, str] = {}
    short: dict[str, str] = {}
    forms: dict[str, tuple[str, ...]] = {}
    exclude: dict[str, tuple[str, ...]] = {}
    for lang in LANGUAGES:
        part = entry.get(lang, {})
        if not isinstance(part, dict):
            raise TaxonomyError(f"{file}: {where}: {lang} isn't a table of label, forms, exclude")
        _check_keys(file, f"{where}, {lang}", part, _LANGUAGE_KEYS, ("label", "forms"))
        labels[lang] = str(part["label"])
        short[lang] = str(part.get("short", part["label"]))
        forms[lang] = _read_phrases(file, where, part["forms"])
        exclude[lang] = _read_phrases(file, where, part.get("exclude", []))
    return Concept(
        scheme=str(table["scheme"]),
        id=str(entry["id"]),
        labels=labels,
        short_labels=short,
        forms=forms,
        exclude=exclude,
        parent=str(entry["parent"]) if "parent" in entry else None,
        since=int(str(entry["since"])) if "since" in entry else None,
        one_name=bool(entry.get("one_name", table.get("one_name", False))),
        note=str(entry["note"]),
    )


def _read_phrases(file: Path, where: str, phrases: object) -> tuple[str, ...]:
    if not isinstance(phrases, list) or not all(
        isinstance(item, str) and item.strip() == item != "" for item in phrases
    ):
        raise TaxonomyError(f"{file}: {where}: forms and exclude are lists of phrases without outer spaces")
    if any(len(phrase) > MAX_PHRASE for phrase in phrases):
        raise TaxonomyError(f"{file}: {where}: a phrase has more than {MAX_PHRASE} characters")
    return tuple(phrases)


def _check_keys(file: Path, where: str, table: Mapping[str, object], valid: set[str], required: Iterable[str]) -> None:
    for key in required:
        if key not in table:
            raise TaxonomyError(f"{file}: {where} lacks {key!r}")
    for key in table:
        if key not in valid:
            raise TaxonomyError(f"{file}: {where} has an unknown key {key!r}; valid: {', '.join(sorted(valid))}")


def _check_concepts(file: Path, concepts: tuple[Concept, ...]) -> None:
    ids = [concept.id for concept in concepts]
    owner: dict[str, str] = {}
    for concept in concepts:
        if ids.count(concept.id) > 1:
            raise TaxonomyError(f"{file}: concept {concept.id!r} is there twice")
        if concept.parent is not None and (concept.parent not in ids or concept.parent == concept.id):
            raise TaxonomyError(f"{file}: concept {concept.id!r}: parent {concept.parent!r} isn't another concept here")
        folded = [fold_text(form) for lang in LANGUAGES for form in concept.forms[lang]]
        for form in dict.fromkeys(folded):
            if owner.setdefault(form, concept.id) != concept.id:
                raise TaxonomyError(f"{file}: form {form!r} is in both {owner[form]!r} and {concept.id!r}")
        for phrase in (item for lang in LANGUAGES for item in concept.exclude[lang]):
            if not any(form in fold_text(phrase) and form != fold_text(phrase) for form in folded):
                raise TaxonomyError(
                    f"{file}: concept {concept.id!r}: exclusion {phrase!r} has no form in it, so it excludes nothing"
                )
