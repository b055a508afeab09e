"""What changed inside a reused text: steps that turn the source into it, each with its place in both."""

import re
from difflib import SequenceMatcher
from typing import NamedTuple

from textmine.measure.shingles import HAN

EQUAL, INSERTED, DELETED, REPLACED = "equal", "inserted", "deleted", "replaced"
_KINDS = {"equal": EQUAL, "insert": INSERTED, "delete": DELETED, "replace": REPLACED}
#: Words, single Han characters, white space and single marks: together they are the text.
_PART = re.compile(rf"[{HAN}]|[^\W{HAN}]+|\s+|.", re.DOTALL)


class Step(NamedTuple):
    """A stretch of ``source[source_start:source_end]`` that became ``text[start:end]``."""

    kind: str
    start: int
    end: int
    source_start: int
    source_end: int


def align_texts(source: str, text: str) -> list[Step]:
    """Return the steps from a source to a text, in order; together they cover both without gap or overlap.

    Words, and single Han characters, are compared as they stand, with the longest common stretches matched first
    (Ratcliff and Metzener 1988, as Python's ``difflib`` has it). Marks and spaces alone between two changes don't part
    them. Time grows with the product of the lengths, so it is for pairs that are known to be alike.

    Parameters
    ----------
    source, text : str

    Examples
    --------
    >>> for step in align_texts("Some 2 billion users.", "Some 3 billion new users."):
    ...     print(step)
    Step(kind='equal', start=0, end=5, source_start=0, source_end=5)
    Step(kind='replaced', start=5, end=6, source_start=5, source_end=6)
    Step(kind='equal', start=6, end=15, source_start=6, source_end=15)
    Step(kind='inserted', start=15, end=19, source_start=15, source_end=15)
    Step(kind='equal', start=19, end=25, source_start=15, source_end=21)
    """
    before, after = _PART.findall(source), _PART.findall(text)
    ends_before, ends_after = _offsets(before), _offsets(after)
    steps: list[Step] = []
    codes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for number, (code, i, j, k, m) in enumerate(codes):
        step = Step(_KINDS[code], ends_after[k], ends_after[m], ends_before[i], ends_before[j])
        is_bridge = code == "equal" and 0 < number < len(codes) - 1 and not any(map(str.isalnum, after[k:m]))
        if steps and steps[-1].kind != EQUAL and (is_bridge or code != "equal"):
            steps[-1] = _join(steps[-1], step)
        else:
            steps.append(step)
    return steps


def _join(first: Step, second: Step) -> Step:
    """Return two steps, one right behind the other, as a replacement."""
    return Step(REPLACED, first.start, second.end, first.source_start, second.source_end)


def _offsets(parts: list[str]) -> list[int]:
    ends = [0]
    for part in parts:
        ends.append(ends[-1] + len(part))
    return ends
