"""Shares and multiples in words: three quarters, 四分之三, 三成, one in five, half, doubled, 翻一番."""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from textmine.annotate.numerals import EN_NUMERAL, SCALES, ZH_NUMERAL, parse_chinese, parse_english, parse_numeral

_PARTS = {
    "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
    "twentieth": 20, "hundredth": 100,
}  # fmt: skip
_PART = "|".join(_PARTS)
_TIMES = {"double": 2, "twice": 2, "triple": 3, "treble": 3, "thrice": 3, "quadruple": 4}
_ZH = rf"(?:\d{{1,4}}(?:\.\d{{1,4}})?|{ZH_NUMERAL})"
_DIGITS = r"(?<![\d.,/a-z-])\d{1,3}(?![\d%]|[.,]\d)"
# A share stands alone: no noun behind it that it would number (a third party, the third quarter).
_ALONE = (
    r"(?=[,.;:)，。；]|$| (?:of|in|on|are|were|is|was|have|had|do|did|and|or|the|as|to|by|at|from"
    r"|more|less|higher|lower)\b)"
)
#: Alternatives of one pattern, each with a group that names it; bounded, so that reading stays linear.
PROPORTIONS: Final = (
    rf"(?P<zh_share>(?P<below>{_ZH}) ?分之 ?(?P<above>{_ZH}))",
    r"(?P<tenths>(?<![一二三四五六七八九十])[一二三四五六七八九1-9]成(?=[^员立功为本果就熟长分年品套绩]|$))",
    r"(?P<zh_half>(?:一半|半数|(?<=过)半(?=[的，。；]|数?[人用居国])))",
    r"(?P<fold>翻(?:了)?(?P<folds>[一两二三四])?番|(?<=[增提扩长加])(?:了|到|大)?一倍)",
    r"(?P<zh_in>每 ?(?P<zh_all>[二三四五六七八九十]|\d{1,3}) ?(?:个|名|户)?(?:人|用户|居民|国家|家庭)?"
    r"[中里][仍就便约仅只]?有? ?"
    r"(?P<zh_some>[一二三四五六七八九]|\d{1,3}) ?(?:个|名|户)?(?=人|用户|居民|国家|家庭))",
    rf"(?P<en_in>(?:(?P<some>{EN_NUMERAL})(?: (?:people|persons|users|countries|women|men|households))? (?:in|out of)"
    rf" (?:every )?(?P<all>{EN_NUMERAL})|(?P<n_some>{_DIGITS}) out of (?:every )?(?P<n_all>{_DIGITS})))",
    r"(?P<en_share>(?<![a-z0-9-])(?P<many>one|two|three|four|five|six|seven|eight|nine)[ -]"
    rf"(?P<part>{_PART})s?\b(?!-))",
    rf"(?P<a_share>(?<![a-z0-9-])an? (?P<a_part>{_PART})\b{_ALONE})",
    r"(?P<half_scale>(?<![a-z0-9-])half a (?P<half_of>million|billion)\b)",
    r"(?P<en_half>(?<![a-z0-9-])(?<!first )(?<!second )(?<!latter )(?<!last )half"
    r"(?![a-z-]| (?:an?|way|days?|hours?|years?|century|decade|time)\b))",
    r"(?P<times>(?<![a-z0-9-])(?:doubled|tripled|trebled|quadrupled|(?:two|three|four|five|ten)fold"
    r"|(?:double|twice|triple|thrice)(?= (?:as|the|that|those|its|their)\b)))",
)


class Proportion(NamedTuple):
    """A share or multiple read: ``kind`` is ``fraction``, ``percent`` or ``multiple``."""

    value: float
    kind: str


def read_proportion(match: re.Match[str]) -> Proportion | None:
    """Return what a match of one of :data:`PROPORTIONS` says, or None when its numbers make no share.

    Examples
    --------
    >>> pattern = re.compile("|".join(PROPORTIONS))
    >>> [tuple(read_proportion(pattern.search(text))) for text in ("百分之三十五点五", "one in five", "翻了一番")]
    [(35.5, 'percent'), (0.2, 'fraction'), (2.0, 'multiple')]
    """
    name = next(name for name in _READERS if match[name])
    return _READERS[name](match)


def _zh_share(match: re.Match[str]) -> Proportion | None:
    above = parse_numeral(match["above"])
    if match["below"] == "百":
        return None if above is None else Proportion(above, "percent")
    return _share(above, {"千": 1e3, "万": 1e4}.get(match["below"]) or parse_numeral(match["below"]))


def _tenths(match: re.Match[str]) -> Proportion | None:
    tenths = parse_numeral(match["tenths"][0])
    return None if tenths is None else Proportion(tenths * 10, "percent")


def _fold(match: re.Match[str]) -> Proportion:
    return Proportion(2.0 ** ((parse_chinese(match["folds"]) if match["folds"] else None) or 1), "multiple")


def _zh_in(match: re.Match[str]) -> Proportion | None:
    return _part_of(match["zh_some"], match["zh_all"])


def _en_in(match: re.Match[str]) -> Proportion | None:
    return _part_of(match["some"] or match["n_some"], match["all"] or match["n_all"])


def _times(match: re.Match[str]) -> Proportion:
    word = match["times"]
    value = parse_english(word.removesuffix("fold")) if word.endswith("fold") else None
    return Proportion(value or float(_TIMES[word.removesuffix("d")]), "multiple")


_READERS: Final[dict[str, Callable[[re.Match[str]], Proportion | None]]] = {
    "zh_share": _zh_share,
    "tenths": _tenths,
    "zh_half": lambda _: Proportion(0.5, "fraction"),
    "fold": _fold,
    "zh_in": _zh_in,
    "en_in": _en_in,
    "en_share": lambda match: _share(parse_english(match["many"]), _PARTS[match["part"]]),
    "a_share": lambda match: _share(1, _PARTS[match["a_part"]]),
    "half_scale": lambda match: Proportion(SCALES[match["half_of"]] / 2, "count"),
    "en_half": lambda _: Proportion(0.5, "fraction"),
    "times": _times,
}


def _part_of(some: str, every: str) -> Proportion | None:
    """Read ``some in every``: only a part of at most 100 is a share (one in five, not 30 in 2,000)."""
    above, below = parse_numeral(some), parse_numeral(every)
    return _share(above, below) if above and below and above < below <= 100 else None


def _share(above: float | None, below: float | None) -> Proportion | None:
    return Proportion(above / below, "fraction") if above and below and below <= 10_000 else None
