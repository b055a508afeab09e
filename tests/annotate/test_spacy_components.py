from collections.abc import Callable
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from spacy import displacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.util import registry

from textmine.annotate.segment import Segmenter
from textmine.annotate.spacy_components import SCHEME_COLORS, exact_offsets, make_doc
from textmine.annotate.tag import Tagger
from textmine.annotate.taxonomy import load_taxonomy
from textmine.errors import TaxonomyError, UnknownOptionError

from .toys import BOTH, MIXED_TEXT

MIXED = "2019年，信息社会世界峰会论坛讨论移动支付和e-health、C7。"
ENGLISH = "Cloud computing and e-government in Africa."
TOY = """
scheme = "trend"
version = "1"
[[concept]]
id = "tide"
note = "The tide."
en.label = "tide"
en.forms = ["tide", "tides"]
zh.label = "潮汐"
zh.forms = ["潮汐", "汐发"]
"""

SHORT_TEXT = MIXED_TEXT.map(lambda text: text[:80])
SEGMENTER, TAGGER = Segmenter(), Tagger()
CACHED: dict[str, Language] = {}
Found = list[tuple[int, int, str, str]]


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    path = tmp_path / "词 表.toml"
    path.write_text(TOY, encoding="utf-8")
    return path


def pipeline(lang: str, name: str = "textmine_tags", **config: object) -> Language:
    nlp = spacy.blank(lang)
    nlp.add_pipe(name, config=config)
    return nlp


def with_tokens(nlp: Language, words: list[str]) -> Doc:
    return next(nlp.pipe([Doc(nlp.vocab, words=words, spaces=[False] * len(words))]))


def spans_of(doc: Doc, key: str = "textmine") -> Found:
    return [(*exact_offsets(span), span.label_, span.kb_id_) for span in doc.spans[key]]


def expected(text: str) -> Found:
    return [(s.start, s.end, s.concept, f"{s.scheme}:{s.concept}") for s in TAGGER.tag_text(text)]


def test_spacy_finds_the_components_by_their_entry_points() -> None:
    import importlib.metadata

    factories = importlib.metadata.entry_points(group="spacy_factories")
    assert {"textmine_tags", "textmine_terms"} <= {point.name for point in factories}


def test_tags_of_a_chinese_text() -> None:
    doc = pipeline("zh")(MIXED)
    spans = doc.spans["textmine"]
    assert [(span.text, span.label_, span.kb_id_) for span in spans] == [
        ("信息社会世界峰会论坛", "wsis-forum", "process:wsis-forum"),
        ("信息社会", "information-society", "vocabulary:information-society"),
        ("移动支付", "mobile-money", "trend:mobile-money"),
        ("e-health", "C7.e-health", "action_line:C7.e-health"),
        ("C7", "C7", "action_line:C7"),
    ]


def test_tags_of_an_english_text() -> None:
    doc = pipeline("en")(ENGLISH)
    spans = doc.spans["textmine"]
    assert [(span.start_char, span.text, span.label_) for span in spans] == [
        (0, "Cloud computing", "cloud"),
        (20, "e-government", "C7.e-government"),
        (36, "Africa", "africa"),
    ]


@pytest.mark.parametrize("lang", BOTH)
@settings(max_examples=20, deadline=None)
@given(text=SHORT_TEXT)
def test_spans_are_those_of_the_tagger_in_any_text(lang: str, text: str) -> None:
    nlp = CACHED.setdefault(lang, pipeline(lang))
    doc = nlp(text)
    assert doc.text == text
    assert spans_of(doc) == expected(text)
    assert [(span.start_char, span.end_char) for span in doc.spans["textmine"]] == [s[:2] for s in expected(text)]


def test_split_divides_tokens_and_expand_takes_them_whole(toy: Path) -> None:
    words = ["观", "测潮", "汐发电", "潮汐"]
    doc = with_tokens(pipeline("zh", taxonomy=str(toy)), words)
    assert [token.text for token in doc] == ["观", "测", "潮", "汐", "发电", "潮汐"]
    assert [span.text for span in doc.spans["textmine"]] == ["潮汐", "潮汐"]
    doc = with_tokens(pipeline("zh", taxonomy=str(toy), align="expand"), words)
    assert [token.text for token in doc] == words
    assert [span.text for span in doc.spans["textmine"]] == ["测潮汐发电", "潮汐"]
    assert [exact_offsets(span) for span in doc.spans["textmine"]] == [(2, 4), (6, 8)]


def test_a_token_is_divided_in_three_where_a_term_lies_inside(toy: Path) -> None:
    doc = with_tokens(pipeline("zh", taxonomy=str(toy)), ["看潮汐吧", "潮汐"])
    assert [token.text for token in doc] == ["看", "潮汐", "吧", "潮汐"]


def test_spans_that_were_there_stay_in_place_when_tokens_are_divided(toy: Path) -> None:
    nlp = pipeline("zh", taxonomy=str(toy))
    doc = Doc(nlp.vocab, words=["看潮汐吧", "后来", "好"], spaces=[False] * 3)
    doc.spans["mine"] = [doc.char_span(4, 6, label="later")]
    doc = nlp(doc)
    assert [(span.text, span.label_) for span in doc.spans["mine"]] == [("后来", "later")]


def test_terms_are_joined_where_forms_overlap_and_can_become_tokens(toy: Path) -> None:
    doc = pipeline("zh", "textmine_terms", taxonomy=str(toy))("潮汐发电和潮汐")
    assert [(span.text, span.label_) for span in doc.spans["textmine_terms"]] == [("潮汐发", "term"), ("潮汐", "term")]
    doc = pipeline("zh", "textmine_terms", taxonomy=str(toy), merge=True)("潮汐发电和潮汐")
    assert [token.text for token in doc] == ["潮汐发", "电", "和", "潮汐"]
    assert [span.text for span in doc.spans["textmine_terms"]] == ["潮汐发", "潮汐"]


def test_merged_terms_are_the_terms_of_the_segmenter() -> None:
    nlp = pipeline("zh", "textmine_terms", merge=True)
    terms = TAGGER.matcher.find_terms(MIXED)
    assert [(t.idx, t.idx + len(t)) for t in nlp(MIXED) if len(t) > 1 and t.text != "2019"] == terms


@pytest.mark.parametrize("save", ["disk", "bytes"])
def test_a_saved_pipeline_keeps_its_taxonomy(toy: Path, tmp_path: Path, save: str) -> None:
    text = "潮汐在涨，云计算也在涨"
    nlp = pipeline("zh", taxonomy=str(toy))
    before = spans_of(nlp(text))
    if save == "disk":
        nlp.to_disk(tmp_path / "saved")
        toy.unlink()
        again = spacy.load(tmp_path / "saved")
    else:
        data = nlp.to_bytes()
        again = pipeline("zh", taxonomy="nowhere").from_bytes(data)
    assert spans_of(again(text)) == before == [(0, 2, "tide", "trend:tide")]


def test_a_folder_saved_into_twice_holds_the_last_taxonomy_only(toy: Path, tmp_path: Path) -> None:
    pipeline("zh").get_pipe("textmine_tags").to_disk(tmp_path / "saved")
    pipeline("zh", taxonomy=str(toy)).get_pipe("textmine_tags").to_disk(tmp_path / "saved")
    assert [path.name for path in (tmp_path / "saved").iterdir()] == [toy.name]


def test_docbin_round_trip(tmp_path: Path) -> None:
    docs = [pipeline(lang)(text) for lang, text in (("zh", MIXED), ("en", ENGLISH))]
    DocBin(docs=docs, store_user_data=True).to_disk(tmp_path / "docs.spacy")
    again = list(DocBin().from_disk(tmp_path / "docs.spacy").get_docs(spacy.blank("xx").vocab))
    assert [spans_of(doc) for doc in again] == [spans_of(doc) for doc in docs]
    assert [doc.text for doc in again] == [MIXED, ENGLISH]


def test_an_unknown_alignment_lists_the_valid_ones() -> None:
    with pytest.raises(UnknownOptionError, match="split, expand"):
        pipeline("zh", align="contract")


def test_a_taxonomy_that_is_not_there_is_named() -> None:
    with pytest.raises(TaxonomyError, match=r"nowhere\.toml"):
        pipeline("zh", taxonomy="nowhere.toml")("云计算")


def test_every_scheme_has_its_colour_and_displacy_uses_it() -> None:
    assert set(SCHEME_COLORS) >= {scheme.name for scheme in load_taxonomy().schemes}
    assert len(set(SCHEME_COLORS.values())) == len(SCHEME_COLORS)
    assert registry.displacy_colors.get("textmine")()["CLOUD"] == SCHEME_COLORS["trend"]
    html = displacy.render(pipeline("en")(ENGLISH), style="span", options={"spans_key": "textmine"}, jupyter=False)
    assert SCHEME_COLORS["region"] in html
    assert SCHEME_COLORS["trend"] in html


@pytest.fixture(scope="module")
def cut() -> Callable[[str, str], Doc]:
    return lambda text, lang: make_doc(text, SEGMENTER.cut(text, lang=lang), TAGGER.tag_text(text))


@pytest.mark.parametrize("lang", BOTH)
@settings(max_examples=20, deadline=None)
@given(text=SHORT_TEXT)
def test_a_doc_of_our_tokens_has_our_text_tokens_and_tags(cut: Callable[[str, str], Doc], lang: str, text: str) -> None:
    doc = cut(text, lang)
    ours = SEGMENTER.cut(text, lang=lang)
    assert doc.text == text
    made = [(t.idx, t.text, t.norm_) for t in doc if not t.text.isspace()]
    assert made == [(token.start, token.text, token.norm) for token in ours]
    assert spans_of(doc) == expected(text)


def test_sentences_of_a_doc_of_our_tokens(cut: Callable[[str, str], Doc]) -> None:
    doc = cut("  云计算。\n\n移动支付  和5G。好", "zh")
    assert [sentence.text for sentence in doc.sents] == ["  云计算。\n\n", "移动支付  和5G。", "好"]


def test_a_doc_without_tokens_is_empty_or_white() -> None:
    assert len(make_doc("", [])) == 0
    assert make_doc(" \n", []).text == " \n"
