"""What a reading of an extracted text warns of once it is done: gaps, numbers without a place, furniture left out."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise

from textmine.reports.lines import Line
from textmine.reports.model import Heading, ReadWarning
from textmine.reports.starts import Unplaced

#: Kinds of furniture named one by one; a text with more of them is no report.
MAX_KINDS = 200


def warn_of_gaps(what: str, numbered: Iterable[tuple[int, int, int]]) -> Iterator[ReadWarning]:
    """Name the numbers that are missing.

    Parameters
    ----------
    what : str
        ``paragraph`` or ``footnote``.
    numbered : iterable of (int, int, int)
        Number, first and last line of each, in reading order.

    Examples
    --------
    >>> [str(warning) for warning in warn_of_gaps("paragraph", [(1, 1, 2), (3, 4, 5)])]
    ['lines 2-4: paragraph 2 not found between paragraph 1 and 3 [paragraph-gap]']
    """
    previous, line = 0, 1
    for number, first, last in numbered:
        if number != previous + 1:
            missing = f"{previous + 1}" if number == previous + 2 else f"{previous + 1} to {number - 1}"
            message = f"{what} {missing} not found between {what} {previous} and {number}"
            yield ReadWarning(f"{what}-gap", message, line, first)
        previous, line = number, last


def warn_of_lone_headings(headings: Sequence[Heading], with_text: Collection[int | None]) -> Iterator[ReadWarning]:
    """Name each English heading that may be the second line of the one above: nothing in its setting tells them apart.

    It has no label, follows a labelled one without a paragraph between, and is alone below it, where sub-headings
    come in twos and more. In Chinese nothing is named: there no letter case and no space show a broken line.

    Parameters
    ----------
    headings : sequence of Heading
    with_text : collection of int
        Numbers of the headings right under which a paragraph stands.
    """
    children = Counter(heading.parent for heading in headings)
    for above, below in pairwise(headings):
        alone = below.parent == above.number and children[above.number] == 1 and above.number not in with_text
        if alone and above.label and not below.label and f"{above.title[-1:]}{below.title[:1]}".isascii():
            message = f"heading {below.title!r} may be the second line of the heading above it"
            yield ReadWarning("heading-line", message, above.line, below.line)


def warn_of_unplaced(unplaced: Iterable[Unplaced]) -> Iterator[ReadWarning]:
    """Name the lines that begin like a paragraph or a footnote but don't continue the numbers before them."""
    for item in unplaced:
        message = (
            f"a line begins like {item.what} {item.number}, but {item.what} {item.after} is the last before it; "
            "left in the text around it"
        )
        yield ReadWarning(f"unplaced-{item.what}", message, item.line.number, item.line.number)


def warn_of_furniture(lines: Sequence[Line]) -> Iterator[ReadWarning]:
    """Name each kind of page furniture that was left out, with how often."""
    kinds: dict[str, list[int]] = {}
    for line in lines:
        kinds.setdefault(line.text, []).append(line.number)
    for text, numbers in list(kinds.items())[:MAX_KINDS]:
        message = f"page furniture {text!r} left out ({len(numbers)} times)"
        yield ReadWarning("furniture", message, numbers[0], numbers[-1])
    rest = [number for numbers in list(kinds.values())[MAX_KINDS:] for number in numbers]
    if rest:
        message = f"page furniture left out, {len(kinds) - MAX_KINDS} kinds more ({len(rest)} times)"
        yield ReadWarning("furniture", message, min(rest), max(rest))
