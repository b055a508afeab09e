"""What a run of the command line in the test's own process comes to."""

from collections.abc import Callable
from typing import NamedTuple


class Outcome(NamedTuple):
    code: int
    out: str
    err: str


Textmine = Callable[..., Outcome]
