"""The taxonomy read from TOML, and checked: what is wrong is said with file, concept and form."""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from textmine.annotate.boundaries import stands_alone
from textmine.annotate.concepts import SCHEMES, Concept, Scheme, Taxonomy
from textmine.annotate.fold import fold_text
from textmine.errors import TaxonomyError
from textmine.resources import resource_path
from textmine.schema import LANGUAGES

__all__ = ["MAX_PHRASE", "SCHEMES", "Concept", "Scheme", "Taxonomy", "load_taxonomy", "parse_taxonomy", "read_taxonomy"]

#: No form or exclusion is longer than this many characters.
MAX_PHRASE = 300

_SCHEME_KEYS = {"scheme", "version", "title", "heading_evidence", "one_name", "concept"}
_CONCEPT_KEYS = {"id", "since", "parent", "note", "one_name", *LANGUAGES}
_SCHEME_TYPES = {"scheme": str, "title": dict, "heading_evidence": bool, "one_name": bool, "concept": list}
_CONCEPT_TYPES = {"id": str, "note": str, "parent": str, "since": int, "one_name": bool}
_NEVER_EMPTY = ("scheme", "id")
_TYPE_NAMES = {str: "text", dict: "a table", bool: "true or false", list: "a list", int: "a whole number"}
_LANGUAGE_KEYS = {"label", "short", "forms", "exclude"}


def load_taxonomy(path: Path | None = None, *, strict: bool = True) -> Taxonomy:
    """Read a taxonomy: every TOML file of a folder, or one file.

    Parameters
    ----------
    path : Path, optional
        Default: the taxonomy that ships with textmine.
    strict : bool
        Refuse one that contradicts itself. Otherwise :func:`textmine.annotate.taxonomy_check.check_taxonomy` says
        all that is wrong with it.

    Returns
    -------
    Taxonomy

    Raises
    ------
    TaxonomyError
        When a file isn't TOML, lacks a key or has an unknown one; where ``strict``, also when it repeats an id or a
        form within a scheme, or excludes a phrase without a form in it. The message names file, concept and form.

    Examples
    --------
    >>> load_taxonomy().concept("trend", "cloud").labels["zh"]
    '云计算'
    """
    return parse_taxonomy(read_taxonomy(path), strict=strict)


def read_taxonomy(path: Path | None = None) -> tuple[tuple[Path, bytes], ...]:
    """Return the files of a taxonomy with their content; see :func:`load_taxonomy`."""
    path = path if path is not None else resource_path("taxonomy")
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    if not files:
        raise TaxonomyError(f"{path}: no TOML file in this folder; a taxonomy has one per scheme")
    read = []
    for file in files:
        try:
            read.append((file, file.read_bytes()))
        except OSError as error:
            raise TaxonomyError(f"{file}: can't be read ({error.strerror})") from error
    return tuple(read)


@lru_cache(maxsize=8)
def parse_taxonomy(files: tuple[tuple[Path, bytes], ...], *, strict: bool = True) -> Taxonomy:
    """Parse what was read; kept by content, so that an edited file is seen and the same one is parsed once."""
    digest = hashlib.sha256()
    schemes: dict[str, Scheme] = {}
    for file, data in files:
        digest.update(data)
        scheme = _read_scheme(file, data, strict=strict)
        if scheme.name in schemes:
            raise TaxonomyError(f"{file}: scheme {scheme.name!r} is in another file too; join them")
        schemes[scheme.name] = scheme
    known = [name for name in SCHEMES if name in schemes]
    order = known + sorted(name for name in schemes if name not in SCHEMES)
    return Taxonomy(tuple(schemes[name] for name in order), digest.hexdigest())


def _read_scheme(file: Path, data: bytes, *, strict: bool) -> Scheme:
    try:
        table = tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:  # not TOML, not UTF-8, a number without end, nested without end
        raise TaxonomyError(f"{file}: not TOML ({error})") from error
    _check_keys(file, "the file", table, _SCHEME_KEYS, ("scheme", "version", "concept"))
    _check_types(file, "the file", table, _SCHEME_TYPES)
    if not all(isinstance(entry, dict) for entry in table["concept"]):
        raise TaxonomyError(f"{file}: concepts are tables, each under [[concept]]")
    concepts = tuple(_read_concept(file, table, entry) for entry in table["concept"])
    if strict:
        _check_concepts(file, concepts)
    return Scheme(
        name=table["scheme"],
        version=str(table["version"]),
        titles={lang: table.get("title", {}).get(lang, table["scheme"]) for lang in LANGUAGES},
        heading_evidence=table.get("heading_evidence", False),
        concepts=concepts,
    )


def _read_concept(file: Path, table: dict[str, Any], entry: dict[str, Any]) -> Concept:
    where = f"concept {entry.get('id', '?')!r}"
    _check_keys(file, where, entry, _CONCEPT_KEYS, ("id", "note"))
    _check_types(file, where, entry, _CONCEPT_TYPES)
    labels: dict[str, str] = {}
    short: dict[str, str] = {}
    forms: dict[str, tuple[str, ...]] = {}
    exclude: dict[str, tuple[str, ...]] = {}
    for lang in LANGUAGES:
        part: Any = entry.get(lang, {})
        if not isinstance(part, dict):
            raise TaxonomyError(f"{file}: {where}: {lang} isn't a table of label, forms, exclude")
        _check_types(file, f"{where}, {lang}", part, {"label": str, "short": str})
        _check_keys(file, f"{where}, {lang}", part, _LANGUAGE_KEYS, ("label", "forms"))
        labels[lang] = part["label"]
        short[lang] = part["short"] if "short" in part else part["label"]
        forms[lang] = _read_phrases(file, f"{where}, {lang}", part["forms"])
        exclude[lang] = _read_phrases(file, f"{where}, {lang}", part.get("exclude", []))
    return Concept(
        scheme=str(table["scheme"]),
        id=str(entry["id"]),
        labels=labels,
        short_labels=short,
        forms=forms,
        exclude=exclude,
        parent=entry.get("parent"),
        since=entry.get("since"),
        one_name=bool(entry.get("one_name", table.get("one_name", False))),
        note=str(entry["note"]),
    )


def _read_phrases(file: Path, where: str, phrases: object) -> tuple[str, ...]:
    if not isinstance(phrases, list) or not all(isinstance(item, str) for item in phrases):
        raise TaxonomyError(f"{file}: {where}: forms and exclude are lists of phrases")
    for phrase in phrases:
        if phrase.strip() != phrase or not phrase:
            raise TaxonomyError(f"{file}: {where}: '{phrase}' is empty or has outer spaces; forms and exclude may not")
        if not any(character.isalnum() for character in phrase) or "\n" in phrase:
            raise TaxonomyError(f"{file}: {where}: {phrase!r} is no phrase: it has letters or digits, in one line")
        if len(phrase) > MAX_PHRASE:
            raise TaxonomyError(f"{file}: {where}: '{phrase[:20]}…' has more than {MAX_PHRASE} characters")
    return tuple(phrases)


def _check_keys(file: Path, where: str, table: Mapping[str, object], valid: set[str], required: Iterable[str]) -> None:
    for key in required:
        if key not in table:
            raise TaxonomyError(f"{file}: {where} lacks {key!r}")
    for key in table:
        if key not in valid:
            raise TaxonomyError(f"{file}: {where} has an unknown key {key!r}; valid: {', '.join(sorted(valid))}")


def _check_types(file: Path, where: str, table: Mapping[str, object], types: Mapping[str, type]) -> None:
    for key, kind in types.items():
        value = table.get(key)
        if value is not None and (type(value) is not kind or (value == "" and key in _NEVER_EMPTY)):
            raise TaxonomyError(f"{file}: {where}: {key!r} is {str(value)[:40]!r}; it takes {_TYPE_NAMES[kind]}")


def _check_parents(file: Path, concepts: tuple[Concept, ...]) -> None:
    above = {concept.id: concept.parent for concept in concepts}
    for concept in concepts:
        seen: set[str | None] = {concept.id}
        parent = concept.parent
        while parent is not None:
            if parent not in above or parent == concept.id:
                raise TaxonomyError(f"{file}: concept {concept.id!r}: parent {parent!r} isn't another concept here")
            if parent in seen:
                break  # a circle above this concept: its members are named themselves
            seen.add(parent)
            parent = above[parent]


def _excludes_something(phrase: str, forms: Iterable[str]) -> bool:
    """Tell whether one of the forms is found inside a phrase: a Latin form between word boundaries."""
    folded = fold_text(phrase)
    for form in forms:
        at = folded.find(form)
        while at >= 0 and form != folded:
            if stands_alone(folded, at, at + len(form)):
                return True
            at = folded.find(form, at + 1)
    return False


def _check_concepts(file: Path, concepts: tuple[Concept, ...]) -> None:
    _check_parents(file, concepts)
    ids = [concept.id for concept in concepts]
    owner: dict[str, str] = {}
    for concept in concepts:
        if ids.count(concept.id) > 1:
            raise TaxonomyError(f"{file}: concept {concept.id!r} is there twice")
        folded = [fold_text(form) for lang in LANGUAGES for form in concept.forms[lang]]
        for form in dict.fromkeys(folded):
            if owner.setdefault(form, concept.id) != concept.id:
                raise TaxonomyError(f"{file}: form {form!r} is in both {owner[form]!r} and {concept.id!r}")
        for phrase in (item for lang in LANGUAGES for item in concept.exclude[lang]):
            if not _excludes_something(phrase, folded):
                raise TaxonomyError(
                    f"{file}: concept {concept.id!r}: exclusion {phrase!r} has no form in it, so it excludes nothing"
                )
