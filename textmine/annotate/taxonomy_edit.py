"""A form added to a taxonomy: in a folder of one's own, comments kept, nothing overwritten without a copy."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from textmine.annotate.concepts import Concept, Scheme
from textmine.annotate.fold import fold_text
from textmine.annotate.taxonomy import parse_taxonomy, read_taxonomy
from textmine.atomic import backup_file, write_bytes
from textmine.errors import TaxonomyError, UnknownOptionError
from textmine.resources import resource_path
from textmine.schema import LANGUAGES

_LIST = re.compile(r"""\bforms["']?[ \t]*=[ \t]*\[(?P<line>\r?\n[ \t]*)?""")


def add_form(concept: str, lang: str, form: str, *, path: str | Path, taxonomy: Path | None = None) -> Path:
    """Add a form to a concept, in a taxonomy of one's own.

    The form becomes the first of the concept's list; comments and layout of the file stay. A file that is changed is
    copied to ``NAME.toml.bak`` first.

    Parameters
    ----------
    concept : str
        Id, or ``scheme:id``; see :meth:`textmine.annotate.concepts.Taxonomy.find`.
    lang : {'zh', 'en'}
    form : str
        Phrase by which the concept is found.
    path : str or Path
        Folder of one's own taxonomy. Where it has no TOML file yet, `taxonomy` is copied there whole.
    taxonomy : Path, optional
        What is copied; default: the taxonomy that ships with textmine, which itself is never changed.

    Returns
    -------
    Path
        The file with the form in it; ``load_taxonomy(path)`` reads the taxonomy.

    Raises
    ------
    UnknownOptionError
        For a concept or language that isn't there.
    TaxonomyError
        When a concept of the scheme has the form already (the message names it), when it isn't a phrase that a
        taxonomy can have, or when `path` is the shipped taxonomy. Nothing is written then.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from textmine import load_taxonomy
    >>> with TemporaryDirectory() as folder:
    ...     file = add_form("trend:cloud", "en", "sky computing", path=folder)
    ...     file.name, load_taxonomy(Path(folder)).concept("trend", "cloud").forms["en"][0]
    ('trend.toml', 'sky computing')
    """
    if lang not in LANGUAGES:
        raise UnknownOptionError("language", lang, LANGUAGES)
    path = Path(path)
    if path.resolve().is_relative_to(resource_path("taxonomy").resolve()):
        raise TaxonomyError(f"{path}: this taxonomy ships with textmine and stays as it is; choose another folder")
    files = read_taxonomy(path if path.is_file() or any(path.glob("*.toml")) else taxonomy)
    before = parse_taxonomy(files)
    found = before.find(concept)
    _check_new(before.scheme(found.scheme), found, lang, form)
    after = [(file, _insert(file, data, found, lang, form)) for file, data in files]
    parse_taxonomy(tuple(after))  # says what is wrong with it before anything is written
    changed = path
    for (file, data), (_, new) in sorted(zip(files, after, strict=True), key=lambda pair: pair[0][1] != pair[1][1]):
        target = path if file == path else path / file.name
        if new != data:
            changed = target
            backup_file(target)
        if new != data or not target.is_file():
            write_bytes(target, new)  # the changed file comes last
    return changed


def _check_new(scheme: Scheme, concept: Concept, lang: str, form: str) -> None:
    folded = fold_text(form)
    for other in scheme.concepts:
        langs = (lang,) if other.id == concept.id else LANGUAGES
        if any(folded == fold_text(there) for each in langs for there in other.forms[each]):
            raise TaxonomyError(f"{form!r} is a form of concept {other.id!r} of scheme {scheme.name!r} already")


def _insert(file: Path, data: bytes, concept: Concept, lang: str, form: str) -> bytes:
    """Return a file's content with the form at the front of the concept's list, or as it is for another scheme's."""
    text = data.decode("utf-8")
    expected: dict[str, Any] = tomllib.loads(text)
    if expected["scheme"] != concept.scheme:
        return data
    entry = next(item for item in expected["concept"] if item["id"] == concept.id)
    entry[lang]["forms"].insert(0, form)
    for candidate in _candidates(text, concept.id, form):
        try:
            if tomllib.loads(candidate) == expected:
                return candidate.encode()
        except tomllib.TOMLDecodeError:
            continue
    raise TaxonomyError(f"{file}: concept {concept.id!r}: {form!r} can't be added to its {lang}.forms; add it by hand")


def _candidates(text: str, concept: str, form: str) -> Iterator[str]:
    """Yield the text with the form in each list of forms, those after the concept's id first."""
    written = json.dumps(form, ensure_ascii=False)
    at = re.search(rf"""\bid["']?[ \t]*=[ \t]*["']{re.escape(concept)}["']""", text)
    start = at.end() if at else 0
    lists = list(_LIST.finditer(text))
    for match in sorted(lists, key=lambda item: (item.start() < start, item.start())):
        line, end = match["line"] or "", match.end()
        yield f"{text[:end]}{written},{line or ' '}{text[end:]}" if text[end] != "]" else _fill(text, end, written)


def _fill(text: str, end: int, written: str) -> str:
    return f"{text[:end]}{written}{text[end:]}"
