"""Numbers as they are written: digits with separators, Chinese numerals, English number words; each to its value.

All functions take folded text (:func:`textmine.annotate.fold.fold_text`: small letters, simplified, half width).
"""

import re
from typing import Final

#: A run of digits longer than this counts nothing that a report could mean.
MAX_DIGITS: Final = 18

SCALES: Final = {
    "万亿": 1e12, "千亿": 1e11, "百亿": 1e10, "十亿": 1e9, "千万": 1e7, "百万": 1e6, "十万": 1e5,
    "亿": 1e8, "万": 1e4, "千": 1e3, "百": 1e2,
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "bn": 1e9, "tn": 1e12,
}  # fmt: skip

_ZH_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_ZH_SMALL = {"十": 10, "百": 100, "千": 1000}
_ZH_LARGE = {"万": 10**4, "亿": 10**8}
_EN_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_EN_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_EN_WORDS = {word: value for value, word in enumerate(_EN_ONES)} | {
    word: 10 * value for value, word in enumerate(_EN_TENS, start=2)
}
_EN_LARGE = ("thousand", "million", "billion", "trillion")
_EN_WORD = "|".join(sorted([*_EN_WORDS, "hundred", "dozen", *_EN_LARGE], key=len, reverse=True))

#: Patterns; every repetition is bounded, so that none takes more than linear time.
ZH_NUMERAL: Final = "[零〇一二两三四五六七八九十百千万亿]{1,20}(?:点[零〇一二三四五六七八九]{1,6})?"
EN_NUMERAL: Final = (
    rf"(?<![a-z0-9./'’-])(?:a (?=hundred|thousand|million|billion|trillion|dozen))?"
    rf"(?:{_EN_WORD})(?:(?:-| and | )(?:{_EN_WORD})){{0,9}}(?![a-z0-9]|[-'’][a-z0-9])"
)
_DIGITS = re.compile(r"\d+(?:\.\d+)?|\d{1,3}(?:,\d{3}){1,6}(?:\.\d+)?|\d{1,3}(?: \d{3}){1,5}")


def parse_digits(written: str) -> float | None:
    """Return the value of a number in digits, or None when it isn't one.

    Thousands are set apart by commas or blanks, decimals by a point.

    Examples
    --------
    >>> parse_digits("1,234.5"), parse_digits("3 000"), parse_digits("1,5"), parse_digits("9" * 400)
    (1234.5, 3000.0, None, None)
    """
    if not _DIGITS.fullmatch(written):
        return None
    plain = written.replace(",", "").replace(" ", "")
    return float(plain) if len(plain.partition(".")[0]) <= MAX_DIGITS else None


def parse_chinese(written: str) -> float | None:
    """Return the value of a Chinese numeral, or None for what isn't a well-formed one (三四, 千万, 一一).

    Examples
    --------
    >>> parse_chinese("三十五点五"), parse_chinese("一千零五十"), parse_chinese("两亿三千万"), parse_chinese("三四")
    (35.5, 1050.0, 230000000.0, None)
    """
    whole, _, decimals = written.partition("点")
    total = section = 0
    digit: int | None = None
    unit = ceiling = 10**9  # the last unit, and the last of 万, 亿: units must fall
    for character in whole:
        if character in _ZH_DIGITS:
            if digit:
                return None
            digit = _ZH_DIGITS[character]
        elif character in _ZH_SMALL:
            if digit is None and (character != "十" or section):
                return None
            if _ZH_SMALL[character] >= unit:
                return None
            unit = _ZH_SMALL[character]
            section += (1 if digit is None else digit) * unit
            digit = None
        else:
            section += digit or 0
            if not section or _ZH_LARGE[character] >= ceiling:
                return None
            ceiling = _ZH_LARGE[character]
            total += section * ceiling
            section, digit, unit = 0, None, 10**9
    fraction = "".join(str(_ZH_DIGITS[character]) for character in decimals)
    return float(f"{total + section + (digit or 0)}.{fraction or 0}")


def parse_numeral(written: str) -> float | None:
    """Return the value of a numeral in digits or in the words of either language, or None when it isn't one.

    Examples
    --------
    >>> parse_numeral("1,000"), parse_numeral("twenty"), parse_numeral("三十"), parse_numeral("甲")
    (1000.0, 20.0, 30.0, None)
    """
    if written[0].isdigit():
        return parse_digits(written)
    if written.isascii():
        return parse_english(written)
    return parse_chinese(written) if re.fullmatch(ZH_NUMERAL, written) else None


def parse_english(written: str) -> float | None:
    """Return the value of English number words, or None for what isn't one number (``two five``).

    Examples
    --------
    >>> parse_english("one hundred and twenty-five"), parse_english("a million"), parse_english("two five")
    (125.0, 1000000.0, None)
    """
    total = section = 0
    last = 10**15  # the last small number: what follows must be smaller than its lowest place
    ceiling = 10**15
    for word in re.split(r" and |[ -]", written):
        if word == "a":
            section = 1
        elif word in _EN_WORDS:
            value = _EN_WORDS[word]
            if not (last >= 10**15 or (last >= 100 and value < 100) or (20 <= last < 100 and 0 < value < 10)):
                return None
            section, last = section + value, value
        elif word == "dozen":
            section, last = (section or 1) * 12, 1
        elif word == "hundred":
            if section > 99:
                return None
            section, last = (section or 1) * 100, 100
        else:
            scale = int(SCALES[word])
            if scale >= ceiling:
                return None
            total, section, last, ceiling = total + (section or 1) * scale, 0, 10**15, scale
    return float(total + section)
