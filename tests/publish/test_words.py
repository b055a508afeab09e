import string

import pytest

from textmine.errors import UnknownOptionError
from textmine.measure.prevalence import BOOTSTRAP, WILSON
from textmine.publish.run import DRAWN
from textmine.publish.words import _WORDS, word
from textmine.schema import LANGUAGES


@pytest.mark.parametrize("key", sorted(_WORDS))
def test_every_phrase_is_in_every_language(key: str) -> None:
    assert all(word(key, lang) for lang in LANGUAGES)


@pytest.mark.parametrize("key", sorted(_WORDS))
def test_a_phrase_has_the_same_gaps_in_every_language(key: str) -> None:
    gaps = {
        frozenset(name for _, name, _, _ in string.Formatter().parse(word(key, lang)) if name) for lang in LANGUAGES
    }
    assert len(gaps) == 1


@pytest.mark.parametrize("key", [BOOTSTRAP, WILSON, *(f"scheme_{scheme}" for scheme in DRAWN)])
def test_what_a_figure_may_have_to_say_has_a_phrase(key: str) -> None:
    assert word(key, "zh")


def test_an_unknown_phrase_is_refused() -> None:
    with pytest.raises(UnknownOptionError, match="edition_axis"):
        word("nothing", "en")


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(UnknownOptionError, match="zh"):
        word("edition_axis", "fr")
