"""The taxonomy is versioned: what a version holds is written down once, and never changes under its number.

After a change, raise the version of the scheme and run `python tests/annotate/test_taxonomy_record.py`.
"""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from textmine.annotate.concepts import Concept, Scheme
from textmine.annotate.taxonomy import load_taxonomy

RECORD = Path(__file__).parents[1] / "golden" / "taxonomy.json"


def digest(scheme: Scheme) -> str:
    """Return a digest of all that decides about tags: ids, forms and exclusions, whatever the order of the forms."""
    return hashlib.sha256("".join(map(digest_concept, scheme.concepts)).encode()).hexdigest()


def digest_concept(concept: Concept) -> str:
    phrases = [[lang, sorted(part[lang])] for part in (concept.forms, concept.exclude) for lang in sorted(part)]
    content = json.dumps([concept.id, concept.parent, phrases], ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def recorded() -> dict[str, dict[str, str]]:
    return json.loads(RECORD.read_text(encoding="utf-8"))


@pytest.mark.parametrize("scheme", load_taxonomy().schemes, ids=lambda scheme: scheme.name)
def test_what_a_version_holds_is_what_was_written_down(scheme: Scheme) -> None:
    known = recorded()[scheme.name]
    assert scheme.version in known, f"{scheme.name} {scheme.version} isn't written down; see the head of this file"
    assert digest(scheme) == known[scheme.version], f"{scheme.name} changed, its version {scheme.version} didn't"


@pytest.mark.parametrize("scheme", load_taxonomy().schemes, ids=lambda scheme: scheme.name)
def test_any_form_deleted_and_any_two_concepts_swapped_change_it(scheme: Scheme) -> None:
    for concept in scheme.concepts:
        for lang, forms in concept.forms.items():
            shorter = replace(concept, forms={**concept.forms, lang: tuple(forms)[:-1]})
            assert not forms or digest_concept(shorter) != digest_concept(concept)
    first, second, *others = scheme.concepts
    swapped = (replace(first, id=second.id), replace(second, id=first.id), *others)
    assert digest(replace(scheme, concepts=swapped)) != digest(scheme)


def main() -> None:
    record = recorded() if RECORD.exists() else {}
    for scheme in load_taxonomy().schemes:
        record.setdefault(scheme.name, {}).setdefault(scheme.version, digest(scheme))
    RECORD.write_text(json.dumps(record, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
