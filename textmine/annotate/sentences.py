"""Where sentences begin and end, in both languages."""

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from textmine.errors import UnknownOptionError
from textmine.schema import LANGUAGES

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

_OPENING = "“‘(["
# An abbreviation doesn't end a sentence where a number or a small letter follows; a Roman numeral is a number too.
_ABBREVIATION = re.compile(
    r"(?:^|[\s(“])(?:Nos?|[Pp]aras?|[Vv]ols?|pp?|[Rr]es|[Aa]rts?|[Cc]haps?|[Ss]ects?|[Ff]igs?|[Aa]pp|[Pp]t|eds?"
    r"|[Cc]f|e\.g|i\.e|St|Mr|Mrs|Ms|Dr|Prof|vs|etc|[Aa]pprox|[Dd]ept|Inc|Ltd)\.$"
)
# The number of an item in a list doesn't end one: at the start, or behind a colon or semicolon.
_ITEM = re.compile(r"(?:^|[:;]\s)\s*\d{1,2}\.$")
# Nor does a quotation whose sentence goes on in small letters.
_QUOTED = re.compile(r"[.!?][”’\"']$")
_ROMAN = re.compile(r"[IVXLC]+\b")
#: No abbreviation, and no run of opening marks, is longer: sentences are looked at no further back.
_REACH = 24
_ZH_END = re.compile(
    r"(?P<url>(?:https?://|www\.)[!-~]+)|(?P<marks>[。！？!?…]++)(?P<closing>[”’」』）)》\"']*+\s*+)(?![，、；：])"
)
# spaCy takes quadratic time over a piece without white space; longer ones are cut by a rule of our own.
_SURROGATE = re.compile("[\ud800-\udfff]")
_LONG = re.compile(r"\S{200,}")
_PIECE = re.compile(r"(?:https?://|www\.)[!-~]+[\w/]|\w+|[^\w\s]")


def split_sentences(text: str, *, lang: str) -> list[tuple[int, int]]:
    """Return the spans of the sentences of a text; together they cover it.

    Chinese sentences end at 。！？ and the closing quotes after it, where no comma follows; English ones where spaCy's
    rule-based sentencizer ends them, but not after an abbreviation such as “No.” with a number or a small letter
    behind it, the number of a list's item, or a quotation with a small letter behind it.

    Parameters
    ----------
    text : str
    lang : {'zh', 'en'}

    Examples
    --------
    >>> split_sentences("他说：“好。”然后走了。", lang="zh")
    [(0, 7), (7, 12)]
    >>> split_sentences("See No. 5. Then go.", lang="en")
    [(0, 11), (11, 19)]
    """
    if lang not in LANGUAGES:
        raise UnknownOptionError("language", lang, LANGUAGES)
    if not text:
        return []
    starts = _chinese_starts(text) if lang == "zh" else _english_starts(text)
    starts = sorted({start for start in starts if start < len(text)})
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


def _chinese_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in _ZH_END.finditer(text) if _ends_chinese(match))]


def _ends_chinese(match: re.Match[str]) -> bool:
    """Tell whether marks end a sentence: those in a URL don't, nor does a single … with words right behind it."""
    if match["url"]:
        return False
    return bool(match["closing"]) or match.end() == len(match.string) or match["marks"] != "…"


def english_boundaries(text: str) -> set[int]:
    """Return the offsets where spaCy's English tokenizer begins and ends tokens."""
    cuts = {0, len(text)}
    for token in _parse(text):
        cuts |= {token.idx, token.idx + len(token)}
    for run in _LONG.finditer(text):
        for piece in _PIECE.finditer(text, *run.span()):
            cuts |= set(piece.span())
    return cuts


@cache
def _english() -> "Language":
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.max_length = 1_000_000_000  # spaCy's limit is for parsers; rules take any length
    return nlp


@lru_cache(maxsize=1)
def _parse(text: str) -> "Doc":
    """Tokenize and sentencize; the last text is kept, as its tokens and its sentences are asked for in turn."""
    return _english()(_LONG.sub(_stand_in, _SURROGATE.sub("\ufffd", text)))


def _stand_in(run: re.Match[str]) -> str:
    """Return a word as long as a run, with the run's last mark: what ends a sentence still does."""
    return "x" * (len(run[0]) - 1) + (run[0][-1] if run[0][-1] in ".!?" else "x")


def _english_starts(text: str) -> list[int]:
    """Where spaCy's sentencizer begins a sentence, mended after abbreviations and before opening marks."""
    starts = [0]
    for sentence in list(_parse(text).sents)[1:]:
        start = sentence.start_char
        while start > starts[-1] and text[start - 1] in _OPENING:
            start -= 1  # an opening mark at the end of a sentence opens the next
        before = text[max(starts[-1], start - _REACH) : start].rstrip()
        following = text[start : start + _REACH].lstrip(_OPENING)
        if _ABBREVIATION.search(before) and (not following[:1].isupper() or _ROMAN.match(following)):
            continue
        if _ITEM.search(before) or (_QUOTED.search(before) and following[:1].islower()):
            continue
        starts.append(start)
    return starts
