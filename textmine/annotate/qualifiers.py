"""What a text says of a figure's exactness: nearly, about, over, at least, at most, under."""

import re

# Chinese and English; what a longer or negated one says comes before what a part of it would say.
_BEFORE = {
    "at most": ("不超过|不多于|不高于|不大于|最多|至多|高达|多达", "(?:no|not) more than|not exceeding|at most|up to"),
    "at least": ("不少于|不低于|至少", "(?:no|not) (?:less|fewer) than|at least"),
    "nearly": ("接近|将近|几近|(?<![最附远靠临])近|几乎", "nearly|almost|close to"),
    "about": (
        "大约|约为|约有|约占|(?<![纽公节条契合签预大])约|估计(?:为|有)?",
        "about|approximately|around|roughly|some|an estimated|estimated",
    ),
    "over": ("超过|超出|逾|高于|多于|大于", "(?:just )?over|more than|above|in excess of"),
    "under": ("不到|不足|低于|少于|小于", "(?:just )?under|less than|fewer than|below"),
}
_QUALIFIERS = [
    (name, re.compile(rf"(?:(?:{chinese}) ?|(?<![a-z-])(?:{english}) )$"))
    for name, (chinese, english) in _BEFORE.items()
]
_AFTER = (
    ("over", re.compile(r" ?(?:个|名|人)?(?:以上|多)")),
    ("about", re.compile(r" ?(?:个|名|人)?(?:左右|上下)| or so\b")),
    ("under", re.compile(r" ?(?:个|名|人)?以下")),
    ("at least", re.compile(r" or more\b")),
)
_REACH = 18


def qualify(folded: str, start: int, end: int, *, more: bool) -> tuple[int, int, str]:
    """Return the span of a figure with its qualifier, and the qualifier's name (empty without one).

    Parameters
    ----------
    folded : str
    start, end : int
        Of the number and its unit.
    more : bool
        A 多 or 余 stands within the number.

    Examples
    --------
    >>> qualify("接近 53 亿", 3, 7, more=False), qualify("公约5个", 2, 3, more=False)
    ((0, 7, 'nearly'), (2, 3, ''))
    """
    window = folded[max(0, start - _REACH) : start]
    for name, pattern in _QUALIFIERS:
        if match := pattern.search(window):
            return start - len(window) + match.start(), end, name
    if more:
        return start, end, "over"
    for name, pattern in _AFTER:
        if match := pattern.match(folded, end):
            return start, match.end(), name
    return start, end, ""
