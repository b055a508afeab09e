"""CoNLL-U: pyconll reads the files, and text, tokens and tags come back exactly."""

import re
from pathlib import Path

import pyconll
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textmine.annotate.segment import Segmenter
from textmine.publish.export.conllu import export_conllu, write_paragraph
from textmine.publish.study import Study

_UNESCAPE = {"s": " ", "t": "\t", "r": "\r", "n": "\n", "p": "|", "\\": "\\"}


def unescape(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        if match[1] in _UNESCAPE:
            return _UNESCAPE[match[1]]
        return match[0].encode("ascii").decode("unicode_escape")

    return re.sub(r"\\(x[0-9a-f]{2}|u[0-9a-f]{4}|.)", one, text)


def rebuild(sentences: list[pyconll.unit.sentence.Sentence]) -> str:
    """Text of a paragraph from its tokens alone, by UDPipe's rules."""
    text = ""
    for sentence in sentences:
        for token in sentence:

            def field(name: str, misc: dict[str, set[str]] = token.misc) -> str | None:
                return unescape(next(iter(misc[name]))) if name in misc else None

            text += field("SpacesBefore") or ""
            assert len(text) == int(field("Start") or "0")
            text += field("SpacesInToken") or token.form
            assert len(text) == int(field("End") or "0")
            after = field("SpacesAfter")
            text += after if after is not None else "" if field("SpaceAfter") == "No" else " "
    return text


def paragraphs_of(path: Path) -> dict[str, list[pyconll.unit.sentence.Sentence]]:
    found: dict[str, list[pyconll.unit.sentence.Sentence]] = {}
    for sentence in pyconll.load_from_file(str(path)):
        found.setdefault(sentence.id.rpartition(".s")[0], []).append(sentence)
    return found


@pytest.mark.parametrize("name", ["toy_study", "odd_study"])
def test_text_and_tokens_come_back(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    study: Study = request.getfixturevalue(name)
    for path in export_conllu(study, tmp_path).files:
        year, lang = path.stem.split(".")
        read = paragraphs_of(path)
        ours = study.paragraphs.filter(edition=int(year), lang=lang)
        texts = {f"{path.stem}.p{number}": text for number, text in ours.select("number", "text").iter_rows()}
        assert {key: rebuild(sentences) for key, sentences in read.items()} == texts
        tokens = study.tables["tokens"].filter(edition=int(year), lang=lang)
        places = [
            (int(key.rpartition("p")[2]), int(min(token.misc["Start"])), int(min(token.misc["End"])), index)
            for key, sentences in read.items()
            for index, sentence in enumerate(sentences)
            for token in sentence
        ]
        assert places == list(tokens.select("paragraph", "start", "end", "sentence").iter_rows())


def test_tags_come_back(toy_study: Study, tmp_path: Path) -> None:
    found, whole = set(), set()
    for path in export_conllu(toy_study, tmp_path).files:
        year, lang = path.stem.split(".")
        for key, sentences in paragraphs_of(path).items():
            place = int(year), lang, int(key.rpartition("p")[2])
            for sentence in sentences:
                if sentence.meta_present("paragraph_tags"):
                    whole |= {(*place, *tag.split(":")) for tag in sentence.meta_value("paragraph_tags").split(",")}
                for token in sentence:
                    for tag in token.misc.get("Tags", ()):
                        scheme, concept, span = tag.split(":")
                        start, end = map(int, span.split("-"))
                        assert start < int(min(token.misc["End"]))
                        assert end > int(min(token.misc["Start"]))
                        found.add((*place, scheme, concept, start, end))
    tags = toy_study.tables["tags"]
    key = ["edition", "lang", "paragraph", "scheme", "concept"]
    assert found == set(tags.filter(evidence="text").select(*key, "start", "end").iter_rows())
    assert whole == set(tags.filter(evidence="heading").select(*key, "evidence").iter_rows())
    assert found
    assert whole


def test_a_sentence_by_hand() -> None:
    tokens = [row._asdict() for row in Segmenter().cut("More  cloud computing now.", lang="en")]
    tag = {"scheme": "trend", "concept": "cloud", "start": 6, "end": 21, "evidence": "text"}
    assert write_paragraph("d.p1", "More  cloud computing now.", tokens, [tag]).splitlines() == [
        "# newpar id = d.p1",
        "# sent_id = d.p1.s1",
        "# text = More  cloud computing now.",
        "1\tMore\tmore\t_\t_\t_\t_\t_\t_\tEnd=4|SpacesAfter=\\s\\s|Start=0",
        "2\tcloud computing\tcloud computing\t_\t_\t_\t_\t_\t_\tEnd=21|Start=6|Tags=trend:cloud:6-21",
        "3\tnow\tnow\t_\t_\t_\t_\t_\t_\tEnd=25|SpaceAfter=No|Start=22",
        "4\t.\t.\t_\t_\t_\t_\t_\t_\tEnd=26|SpaceAfter=No|Start=25",
        "",
    ]


PIECES = st.sampled_from(
    [" ", "\n", "\t", "|", "\\", "=", "#", "_", "\u2028", "\x85", "\x1c", "\x0b", "\xa0", "\u3000"]
)
TEXTS = st.lists(st.one_of(st.text(max_size=4), PIECES, st.sampled_from(["云计算", "cloud computing", "。"]))).map(
    "".join
)


@settings(max_examples=60, deadline=None)
@given(text=TEXTS, lang=st.sampled_from(["zh", "en"]))
def test_any_text_comes_back(text: str, lang: str) -> None:
    tokens = [token._asdict() for token in SEGMENTER.cut(text, lang=lang)]
    written = write_paragraph("d.p1", text, tokens, [])
    sentences = list(pyconll.load_from_string(written))
    assert rebuild(sentences) == (text if tokens else "")


SEGMENTER = Segmenter()
