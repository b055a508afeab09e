"""Errors that textmine raises: each says what happened, where, and the next step."""

from collections.abc import Iterable
from difflib import get_close_matches

#: With more valid values than this, the closest ones are named first.
MANY = 12


class TextmineError(Exception):
    """Base of every error that textmine raises on purpose; the CLI prints it without a traceback."""


class SourceError(TextmineError):
    """A source file can't be read: missing, unreadable, empty, too large, binary, undecodable, not a report."""


class FetchError(TextmineError):
    """A document can't be fetched: not there, not answered, refused, or not what was asked for."""


class OutputError(TextmineError):
    """An output can't be written; what was there before is left as it was."""


class LedgerError(TextmineError):
    """A figure's ledger is missing, malformed, or doesn't fit the figure."""


class TaxonomyError(TextmineError):
    """A taxonomy file is malformed or contradicts itself."""


class UnknownOptionError(TextmineError, ValueError):
    """An option has a value that textmine doesn't know; the message lists the valid ones."""

    def __init__(self, option: str, value: object, valid: object) -> None:
        if isinstance(valid, str):
            choices = valid
        else:
            names = [str(item) for item in valid] if isinstance(valid, Iterable) else [str(valid)]
            close = get_close_matches(str(value), names) if len(names) > MANY else []
            choices = (f"did you mean {' or '.join(close)}? All: " if close else "") + ", ".join(names)
        super().__init__(f"unknown {option} {value!r}; valid: {choices}")

    def __reduce__(self) -> tuple[object, ...]:
        """Let a copy, or another process, have the message as it is."""
        return type(self).__new__, (type(self), *self.args)


class ContractError(TextmineError):
    """A table doesn't have the columns or types that the contract between the rooms asks for."""
