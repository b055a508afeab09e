"""The matcher against ``re``: every span it gives, and none that it doesn't give."""

import re
import sys
from collections import defaultdict
from collections.abc import Iterable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from textmine.annotate.fold import fold_text
from textmine.annotate.match import Matcher, Span, default_matcher, is_acronym
from textmine.annotate.taxonomy import Concept, Taxonomy, load_taxonomy

from .toys import BOTH, MIXED_TEXT, toy_concept, toy_matcher, toy_taxonomy

# A letter or digit of a script that writes words with spaces: no Han, kana, CJK marks or radicals.
# Neither are footnote and list marks (², ①): digits without a decimal value.
_MARKS = "".join(c for c in map(chr, range(sys.maxunicode)) if c.isdigit() and not c.isdecimal())
WORD = rf"[^\W_\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0010ffff{_MARKS}]"
IS_WORD = re.compile(WORD)


class Oracle:
    """What the matcher should find, by alternations of regular expressions, one concept at a time."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.taxonomy = taxonomy
        self.forms = {(c.scheme, c.id): _phrases(c.forms[lang] for lang in BOTH) for c in taxonomy}
        self.exclusions = {(c.scheme, c.id): _phrases(c.exclude[lang] for lang in BOTH) for c in taxonomy}

    def find(self, text: str) -> list[Span]:
        texts = fold_text(text), fold_text(text, lower=False)
        found: list[Span] = []
        for scheme in self.taxonomy.schemes:
            longest: dict[int, list[Span]] = defaultdict(list)
            for concept in scheme.concepts:
                key = (concept.scheme, concept.id)
                covers = _places(self.exclusions[key], texts)
                for start, end in _places(self.forms[key], texts):
                    if not any(a <= start and end <= b for a, b in covers):
                        longest[start].append(Span(start, end, *key))
            at = 0
            while at < len(text):
                if at in longest:
                    span = min(longest[at], key=lambda span: (-span.end, span.concept))
                    found.append(span)
                    at = span.end
                else:
                    at += 1
        return sorted(found, key=lambda span: (span.start, -span.end, span.scheme, span.concept))

    def find_terms(self, text: str) -> list[tuple[int, int]]:
        """Runs of characters, each joined to the next because some form covers both."""
        texts = fold_text(text), fold_text(text, lower=False)
        covered, joined = [False] * len(text), [False] * len(text)
        for phrases in self.forms.values():
            for start, end in _places(phrases, texts):
                covered[start:end] = [True] * (end - start)
                joined[start : end - 1] = [True] * (end - 1 - start)
        terms: list[tuple[int, int]] = []
        for i in range(len(text)):
            if covered[i] and i and joined[i - 1]:
                terms[-1] = (terms[-1][0], i + 1)
            elif covered[i]:
                terms.append((i, i + 1))
        return terms


def _phrases(parts: Iterable[tuple[str, ...]]) -> tuple[list[str], list[str]]:
    """Phrases whose case doesn't count, folded for lower text, and acronyms, folded for text in its own case."""
    everything = [phrase for part in parts for phrase in part]
    acronyms = [p for p in everything if len(p) <= 6 and p.isascii() and re.search("[A-Z]", p) and p == p.upper()]
    others = [fold_text(p) for p in everything if p not in acronyms]
    return others, [fold_text(p, lower=False) for p in acronyms]


def _alternation(phrases: Iterable[str]) -> re.Pattern[str]:
    """Of the longest phrase at each position (within a concept, a shorter one can't count where it doesn't)."""
    longest_first = sorted(set(phrases), key=len, reverse=True)
    return re.compile("|".join(re.escape(p) + (rf"(?!{WORD})" if IS_WORD.match(p[-1]) else "") for p in longest_first))


def _places(phrases: tuple[list[str], list[str]], texts: tuple[str, str]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for some, folded in zip(phrases, texts, strict=True):
        present = [phrase for phrase in some if phrase in folded]  # only to be quicker
        pattern = _alternation(present)
        match = pattern.search(folded) if present else None
        while match:
            start, end = match.span()
            if start == 0 or not (IS_WORD.match(folded, start) and IS_WORD.match(folded, start - 1)):
                found.append((start, end))
            match = pattern.search(folded, start + 1)
    return found


SHIPPED = Oracle(load_taxonomy())


@pytest.mark.official
def test_official_text_has_the_spans_that_re_finds(official_text: str) -> None:
    found, expected = default_matcher().find(official_text), SHIPPED.find(official_text)
    assert found == expected


@pytest.mark.official
def test_official_text_has_the_terms_that_re_finds(official_text: str) -> None:
    found, expected = default_matcher().find_terms(official_text), SHIPPED.find_terms(official_text)
    assert found == expected


@pytest.mark.parametrize("lang", BOTH)
def test_sample_paragraphs_have_the_spans_that_re_finds(lang: str, sample_texts: dict[str, str]) -> None:
    pieces = [piece for name, text in sample_texts.items() if name.endswith(lang) for piece in text.split("\n\n")]
    wrong = [piece for piece in pieces if default_matcher().find(piece) != SHIPPED.find(piece)]
    assert (len(pieces) > 500, wrong) == (True, [])


def test_sample_has_the_terms_that_re_finds(sample_texts: dict[str, str]) -> None:
    text = sample_texts["2011.zh"] + sample_texts["2024.en"]
    assert default_matcher().find_terms(text) == SHIPPED.find_terms(text)


@settings(max_examples=250, deadline=None)
@given(MIXED_TEXT)
@example("宽带委员会的宽带")
@example("WHOwho WHO's ＷＨＯ Who")
@example("手机构手机")
@example("废旧移动电话移动电话")
def test_mixed_text_has_the_spans_that_re_finds(text: str) -> None:
    assert default_matcher().find(text) == SHIPPED.find(text)


@settings(max_examples=250, deadline=None)
@given(MIXED_TEXT)
def test_mixed_text_has_the_terms_that_re_finds(text: str) -> None:
    assert default_matcher().find_terms(text) == SHIPPED.find_terms(text)


# Two letters of each kind, so that forms of random taxonomies touch, nest and overlap all the time.
LETTERS = st.text(st.sampled_from("aAbB云雲-1 "), min_size=1, max_size=4).filter(lambda text: text == text.strip())
WORDS = st.lists(LETTERS, max_size=3).map(tuple)


@st.composite
def taxonomies(draw: st.DrawFn) -> Taxonomy:
    concepts: list[Concept] = []
    for scheme in ("trend", "theme"):
        taken: set[str] = set()
        for name in "pqr":
            forms = tuple(form for form in draw(WORDS) if fold_text(form) not in taken)
            taken |= {fold_text(form) for form in forms}
            concepts.append(toy_concept(name, zh=forms, exclude_en=draw(WORDS), scheme=scheme))
    return toy_taxonomy(*concepts)


@settings(max_examples=250, deadline=None)
@given(taxonomies(), st.text(st.sampled_from("aAbB云雲-1 ,2"), max_size=20))
def test_any_taxonomy_has_the_spans_that_re_finds(taxonomy: Taxonomy, text: str) -> None:
    matcher, oracle = Matcher(taxonomy), Oracle(taxonomy)
    assert (matcher.find(text), matcher.find_terms(text)) == (oracle.find(text), oracle.find_terms(text))


@settings(max_examples=100, deadline=None)
@given(MIXED_TEXT)
def test_spans_of_one_scheme_do_not_overlap(text: str) -> None:
    end: dict[str, int] = defaultdict(int)
    for span in default_matcher().find(text):
        assert end[span.scheme] <= span.start < span.end
        end[span.scheme] = span.end


@settings(max_examples=100, deadline=None)
@given(MIXED_TEXT)
def test_every_span_lies_in_a_term(text: str) -> None:
    terms = default_matcher().find_terms(text)
    assert all(any(a <= span.start and span.end <= b for a, b in terms) for span in default_matcher().find(text))


@settings(max_examples=100, deadline=None)
@given(MIXED_TEXT, MIXED_TEXT)
def test_a_text_behind_a_line_of_dots_shifts_and_changes_nothing(before: str, text: str) -> None:
    wall = f"{before}\n....\n"
    shifted = [
        span._replace(start=span.start - len(wall), end=span.end - len(wall))
        for span in default_matcher().find(wall + text)
        if span.start >= len(wall)
    ]
    assert shifted == default_matcher().find(text)


CLOUD = toy_concept("cloud", zh=("云", "云计算"), en=("cloud", "cloud computing", "IT", "3-D"), exclude_zh=("白云山",))
MONEY = toy_concept("money", zh=("计算机",), en=("computing centre",), exclude_en=("computing centre of clouds",))
PLACE = toy_concept("place", zh=("云计",), en=("cloud",), scheme="region")
TOY = toy_matcher(CLOUD, MONEY, PLACE)


def surfaces(text: str, matcher: Matcher = TOY, scheme: str = "trend") -> list[str]:
    return [text[span.start : span.end] for span in matcher.find(text) if span.scheme == scheme]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("。", []),
        ("云", ["云"]),
        ("云计算", ["云计算"]),  # longest
        ("云计算机", ["云计算"]),  # leftmost, though 计算机 overlaps
        ("雲計算", ["雲計算"]),  # Traditional
        ("cloud", ["cloud"]),
        ("Cloud", ["Cloud"]),
        ("ＣＬＯＵＤ", ["ＣＬＯＵＤ"]),  # full width
        ("clouds", []),
        ("icloud", []),
        ("cloud9", []),
        ("9cloud", []),
        ("écloud", []),
        ("cloudй", []),
        ("cloud가", []),
        ("cloud_x", ["cloud"]),
        ("cloud-based", ["cloud"]),
        ("multi-cloud", ["cloud"]),
        ("cloud's", ["cloud"]),
        ("(cloud)", ["cloud"]),
        ("云cloud云", ["云", "cloud", "云"]),  # Han isn't a word letter
        ("カcloudか", ["cloud"]),  # nor is kana
        ("\U00020000cloud\U00030000", ["cloud"]),
        ("cloud\u00a0computing", ["cloud\u00a0computing"]),
        ("cloud\ncomputing", ["cloud\ncomputing"]),
        ("cloud  computing", ["cloud"]),  # two spaces aren't one
        ("cloud\u200bcomputing", ["cloud"]),
        ("cloud computing centre", ["cloud computing"]),
        ("computing centre", ["computing centre"]),
        ("IT", ["IT"]),
        ("it", []),
        ("It", []),
        ("ＩＴ", ["ＩＴ"]),
        ("ｉｔ", []),
        ("在IT业", ["IT"]),
        ("2-3-D", ["3-D"]),
        ("2.3-D", ["3-D"]),
        ("23-D", []),
        ("3–D", ["3–D"]),
        ("3-d", []),  # an acronym with a digit has its case too
        ("白云山", []),
        ("白云", ["云"]),
        ("白雲山", []),
        ("白云山云", ["云"]),
        ("白云计算", ["云计算"]),
        ("computing centre of clouds", []),
        ("Computing Centre of Clouds; computing centre", ["computing centre"]),
        ("computing centre of cloudss", ["computing centre"]),  # the exclusion has boundaries too
        ("computing centre of cloud", ["computing centre", "cloud"]),
        ("云" * 3, ["云"] * 3),
        ("cloud cloud", ["cloud", "cloud"]),
    ],
)
def test_find(text: str, expected: list[str]) -> None:
    assert surfaces(text) == expected


def test_schemes_do_not_compete() -> None:
    assert [tuple(span) for span in TOY.find("云计算")] == [(0, 3, "trend", "cloud"), (0, 2, "region", "place")]


def test_an_exclusion_is_of_its_concept_alone() -> None:
    matcher = toy_matcher(toy_concept("a", zh=("治理",), exclude_zh=("治理论坛",)), toy_concept("b", zh=("治理论坛",)))
    assert [span.concept for span in matcher.find("治理论坛和治理")] == ["b", "a"]


def test_an_excluded_form_leaves_room_for_a_later_one() -> None:
    matcher = toy_matcher(toy_concept("a", zh=("甲乙",), exclude_zh=("甲乙丙",)), toy_concept("b", zh=("乙丙",)))
    assert [span.concept for span in matcher.find("甲乙丙")] == ["b"]


def test_a_form_that_reaches_out_of_an_exclusion_counts() -> None:
    matcher = toy_matcher(toy_concept("a", zh=("乙丙丁",), exclude_zh=("甲乙丙",)))
    assert [span.concept for span in matcher.find("甲乙丙丁")] == ["a"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("云计算机", ["云计算机"]),  # 云计算 and 计算机 overlap
        ("云云", ["云", "云"]),  # neighbours stay apart
        ("白云山", ["云"]),  # excluded as a tag, whole as a word
        ("cloud computing centre", ["cloud computing centre"]),
        ("icloud", []),
    ],
)
def test_find_terms(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in TOY.find_terms(text)] == expected


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("WHO", True), ("5G", True), ("A", True), ("UNESCO", True), ("UNCTADX", False), ("G-77", True), ("Who", False),
        ("5", False), ("", False), ("É", False), ("ＷＨＯ", False), ("云", False), ("WHO云", False), ("U N", True),
    ],
)  # fmt: skip
def test_is_acronym(form: str, expected: bool) -> None:
    assert is_acronym(form) is expected


def test_a_taxonomy_without_forms_finds_nothing() -> None:
    assert toy_matcher(toy_concept("a")).find("云 cloud") == []


def test_a_taxonomy_without_concepts_finds_nothing() -> None:
    assert Matcher(Taxonomy((), "0" * 64)).find("云 cloud") == []


def test_the_default_matcher_is_built_once() -> None:
    assert default_matcher() is default_matcher()


def test_finding_leaves_no_trace_for_the_next_text() -> None:
    before = TOY.find("云计算 cloud")
    TOY.find("白云山" * 100)
    assert TOY.find("云计算 cloud") == before


def test_an_enormous_text_is_found_to_its_end() -> None:
    assert len(TOY.find_terms("云计算 " * 100_000)) == 100_000


def test_a_lone_surrogate_does_no_harm() -> None:
    assert surfaces("\ud800云计算") == ["云计算"]


@pytest.mark.parametrize("text", ["cloud²", "IT¹", "cloud①"])
def test_a_superscript_footnote_marker_ends_a_word(text: str) -> None:
    assert len(surfaces(text)) == 1


def test_the_shipped_taxonomy_is_the_default() -> None:
    assert default_matcher().taxonomy == load_taxonomy()
