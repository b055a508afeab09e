"""Lines of an extracted text: how each is set off, and whether a sentence ends with it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

SENTENCE_END = re.compile(r"[。！？!?…；;：:.][\"'”’»」』）)\]》]*$")
#: Characters that follow a number in running text (2010 年, 18 个国家, 90%) and never a footnote marker.
MEASURE = "年月日个名项种次份家人万亿多%％‰倍段号届岁"
#: An address that runs up to the end of its line.
ADDRESS_AT_END = re.compile(r"(?:https?://|www\.)[!-~]*$|[\w.-]+\.(?:org|net|int|com|info)/[!-~]*$")
_RULE = re.compile(r"[_＿]{3,}|[-–—─]{5,}")
#: An address is looked for no further back than this.
_LOOK_BACK = 400


@dataclass(slots=True)
class Line:
    """A line of the source: its number (from 1), its text without outer white space, how it is set off.

    ``indented`` is against the indent that most lines have; ``after_blank`` also where a rule stands above, and
    ``after_furniture`` where a page has ended.
    """

    number: int
    text: str
    indented: bool
    after_blank: bool
    after_furniture: bool = False


def read_lines(text: str) -> Iterator[Line]:
    r"""Yield the lines of a text that aren't blank.

    Examples
    --------
    >>> [(line.number, line.indented, line.after_blank) for line in read_lines("1. One.\n\n  two\nthree")]
    [(1, False, True), (3, True, True), (4, False, False)]
    """
    lines = [(raw.strip(), len(raw) - len(raw.lstrip())) for raw in text.split("\n")]
    indents = Counter(indent for stripped, indent in lines if stripped)
    usual = min(indents, key=lambda indent: (-indents[indent], indent), default=0)
    blank = True
    for number, (stripped, indent) in enumerate(lines, start=1):
        if stripped:
            yield Line(number, stripped, indented=indent > usual, after_blank=blank)
        blank = not stripped or is_rule(stripped)


def is_rule(text: str) -> bool:
    """Tell whether a line is a rule, such as the one above footnotes.

    Examples
    --------
    >>> is_rule("__________"), is_rule("—")
    (True, False)
    """
    return _RULE.fullmatch(text) is not None


def ends_sentence(text: str) -> bool:
    """Tell whether a line ends where a sentence may end.

    Examples
    --------
    >>> ends_sentence("目标已经实现。”"), ends_sentence("A. Mobile access")
    (True, False)
    """
    return SENTENCE_END.search(text.rstrip()) is not None


def ends_with_address(text: str) -> bool:
    """Tell whether a line ends with an address, or within one.

    Examples
    --------
    >>> ends_with_address("See http://www.itu.int/wsis"), ends_with_address("See the address")
    (True, False)
    """
    return ADDRESS_AT_END.search(text[-_LOOK_BACK:]) is not None
