import copy
import pickle

import pytest

from textmine import errors
from textmine.errors import SourceError, TextmineError, UnknownOptionError

ALL = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, Exception)]


@pytest.mark.parametrize("error", ALL)
def test_every_error_is_a_textmine_error(error: type[Exception]) -> None:
    assert issubclass(error, TextmineError)


def test_unknown_option_is_a_value_error_too() -> None:
    assert issubclass(UnknownOptionError, ValueError)


@pytest.mark.parametrize(
    ("valid", "listed"),
    [(["zh", "en"], "zh, en"), (("zh",), "zh"), ({"en"}, "en"), (frozenset({3}), "3"), ("2 to 5", "2 to 5")],
)
def test_unknown_option_lists_the_valid_values(valid: object, listed: str) -> None:
    assert str(UnknownOptionError("language", "fr", valid)) == f"unknown language 'fr'; valid: {listed}"


def test_unknown_option_shows_control_characters_escaped() -> None:
    assert "\x1b" not in str(UnknownOptionError("language", "\x1b[31m", ["zh"]))


def test_source_error_survives_a_process_boundary() -> None:
    assert str(pickle.loads(pickle.dumps(SourceError("x.txt: empty")))) == "x.txt: empty"  # noqa: S301


@pytest.mark.parametrize("again", [copy.copy, lambda error: pickle.loads(pickle.dumps(error))])  # noqa: S301
def test_unknown_option_survives_a_process_boundary(again: object) -> None:
    error = UnknownOptionError("language", "fr", ["zh", "en"])
    assert str(again(error)) == str(error)  # type: ignore[operator]
