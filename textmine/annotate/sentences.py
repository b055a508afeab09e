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
_ABBREVIATION = re.compile(
    r"(?:^|[\s(“])(?:Nos?|[Pp]aras?|[Vv]ols?|pp?|[Rr]es|[Aa]rts?|[Cc]hap|[Ss]ect|eds?|cf|e\.g|i\.e|St|Mr|Mrs|Ms|Dr|vs)\.$"
)
_ZH_END = re.compile(r"[。！？!?…]+[”’」』）)》\"']*\s*")


def split_sentences(text: str, *, lang: str) -> list[tuple[int, int]]:
    """Return the spans of the sentences of a text; together they cover it.

    Chinese sentences end at 。！？ and the closing quotes after it; English ones where spaCy's rule-based
    sentencizer ends them, but not after an abbreviation such as “No.” with a number or a small letter behind it.

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
    return [0, *(match.end() for match in _ZH_END.finditer(text))]


def english_boundaries(text: str) -> set[int]:
    """Return the offsets where spaCy's English tokenizer begins and ends tokens."""
    cuts = {0, len(text)}
    for token in _parse(text):
        cuts |= {token.idx, token.idx + len(token)}
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
    return _english()(text)


def _english_starts(text: str) -> list[int]:
    """Where spaCy's sentencizer begins a sentence, mended after abbreviations and before opening marks."""
    starts = [0]
    for sentence in list(_parse(text).sents)[1:]:
        start = sentence.start_char
        while start > starts[-1] and text[start - 1] in _OPENING:
            start -= 1  # an opening mark at the end of a sentence opens the next
        before = text[starts[-1] : start].rstrip()
        following = text[start:].lstrip(_OPENING)[:1]
        if _ABBREVIATION.search(before) and not following.isupper():
            continue
        starts.append(start)
    return starts
