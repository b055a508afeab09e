"""Toy taxonomies, and mixed texts that look like trouble."""

from collections.abc import Iterable, Sequence

import opencc
from hypothesis import strategies as st

from textmine.annotate.match import Matcher
from textmine.annotate.taxonomy import Concept, Scheme, Taxonomy, load_taxonomy
from textmine.schema import LANGUAGES

BOTH = tuple(sorted(LANGUAGES))


def toy_concept(
    name: str,
    *,
    zh: Sequence[str] = (),
    en: Sequence[str] = (),
    exclude_zh: Sequence[str] = (),
    exclude_en: Sequence[str] = (),
    scheme: str = "trend",
    parent: str | None = None,
    one_name: bool = False,
) -> Concept:
    return Concept(
        scheme=scheme,
        id=name,
        labels={"zh": f"标签{name}", "en": f"label {name}"},
        short_labels={"zh": name, "en": name},
        forms={"zh": tuple(zh), "en": tuple(en)},
        exclude={"zh": tuple(exclude_zh), "en": tuple(exclude_en)},
        parent=parent,
        since=None,
        one_name=one_name,
        note="",
    )


def toy_taxonomy(*concepts: Concept, headed: Iterable[str] = ()) -> Taxonomy:
    names = list(dict.fromkeys(concept.scheme for concept in concepts))
    schemes = tuple(
        Scheme(
            name=name,
            version="1",
            titles={"zh": name, "en": name},
            heading_evidence=name in set(headed),
            concepts=tuple(concept for concept in concepts if concept.scheme == name),
        )
        for name in names
    )
    return Taxonomy(schemes, "0" * 64)


def toy_matcher(*concepts: Concept) -> Matcher:
    return Matcher(toy_taxonomy(*concepts))


def all_phrases(taxonomy: Taxonomy) -> list[str]:
    return sorted(
        {phrase for concept in taxonomy for lang in BOTH for phrase in (*concept.forms[lang], *concept.exclude[lang])}
    )


PHRASES = all_phrases(load_taxonomy())
_TRADITIONAL = opencc.OpenCC("s2t")
_FULL_WIDTH = {code: chr(code + 0xFEE0) for code in range(0x21, 0x7F)} | {0x20: "\u3000"}

#: What separates the pieces of a mixed text: nothing, white space of many kinds, marks, and letters that must glue.
GLUE = [
    "", "", "", " ", "  ", "\u00a0", "\u3000", "\t", "\n", "\u2028", "\u200b", ".", ",", "。",
    "，", "；", "(", ")", "（", "）", "“", "”", "'", "’", "-", "–", "－", "/", "_", "%", "％", "²",
    "①", "\u0301", "\ufe0f", "\u202e", "\ufeff", "😀", "👩\u200d💻", "s", "e", "A", "é", "ß", "İ",
    "ﬁ", "ж", "か", "カ", "ー", "가", "ا", "0", "7", "２", "٣", "的", "在", "和", "資", "訊", "一", "〇",
    "々", "㐀", "\ufa11", "\U00020000", "\U0002f804", "\U00030000", "C", "C7", "C12", "行动方针",
    "第", "年",
]  # fmt: skip

_HAN = st.one_of(
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
    st.characters(min_codepoint=0x3400, max_codepoint=0x4DBF),
    st.characters(min_codepoint=0xF900, max_codepoint=0xFAD9),
    st.characters(min_codepoint=0x20000, max_codepoint=0x2A6DF),
    st.sampled_from("的了是在不一有大中国人世界信息社会移动电话网络发展國際電聯資訊會議發後裡臺灣"),
)
_LATIN = st.text(st.sampled_from("abcdeginorstuwxyzACDEGIMOPSTUWéß"), min_size=1, max_size=6)
_NUMBER = st.from_regex(r"[0-9０-９]{1,4}([.,][0-9]{1,3})?%?", fullmatch=True)


def _spoil(phrase: str, at: int, how: str) -> str:
    """Change a phrase so that it is, or just isn't, a form any more."""
    at %= len(phrase)
    return {
        "drop": phrase[:at] + phrase[at + 1 :],
        "double": phrase[: at + 1] + phrase[at:],
        "insert": phrase[:at] + "的" + phrase[at:],
        "cut": phrase[: at + 1],
        "lower": phrase.lower(),
        "upper": phrase.upper(),
        "title": phrase.title(),
        "traditional": _TRADITIONAL.convert(phrase),
        "full width": phrase.translate(_FULL_WIDTH),
        "dash": phrase.replace("-", "\u2011").replace(" ", "\u00a0"),
        "hyphen": phrase.replace(" ", "-"),
        "plural": phrase + "s",
    }[how]


_SPOILERS = [
    "drop", "double", "insert", "cut", "lower", "upper", "title", "traditional", "full width", "dash", "hyphen",
    "plural",
]  # fmt: skip
_NEAR = st.builds(_spoil, st.sampled_from(PHRASES), st.integers(0, 80), st.sampled_from(_SPOILERS))
_PIECE = st.one_of(
    st.sampled_from(PHRASES),
    _NEAR,
    st.sampled_from(GLUE),
    st.text(_HAN, min_size=1, max_size=8),
    _LATIN,
    _NUMBER,
    st.characters(exclude_categories=("Cs",)),
)

#: Text of forms, near forms, Han (also rare and Traditional), Latin, digits, marks and space; without surrogates.
MIXED_TEXT = st.lists(_PIECE, max_size=14).map("".join)
#: The same without the rest of Unicode, thick with Han runs: for the two engines.
HAN_TEXT = st.lists(
    st.one_of(st.text(_HAN, min_size=1, max_size=12), st.sampled_from(PHRASES), _LATIN, _NUMBER, st.sampled_from(GLUE)),
    max_size=12,
).map("".join)
