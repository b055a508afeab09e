"""DocBin: spaCy reads the files, and text, tokens and tags come back."""

from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc, DocBin

from textmine.annotate.spacy_docs import exact_offsets
from textmine.publish.export.spacy_docs import export_spacy
from textmine.publish.study import Study


def read_back(study: Study, out: Path) -> list[Doc]:
    return [
        doc
        for path in export_spacy(study, out).files
        for doc in DocBin().from_disk(path).get_docs(spacy.blank("xx").vocab)
    ]


@pytest.mark.parametrize("name", ["toy_study", "odd_study"])
def test_text_tokens_and_tags_come_back(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    study: Study = request.getfixturevalue(name)
    docs = read_back(study, tmp_path)
    key = ["edition", "lang", "paragraph"]
    texts = {tuple(doc.user_data[name] for name in key): doc.text for doc in docs}
    assert texts == {
        row[:3]: row[3] for row in study.paragraphs.select("edition", "lang", "number", "text").iter_rows()
    }
    tags, words = set(), []
    for doc in docs:
        place = tuple(doc.user_data[name] for name in key)
        tags |= {(*place, *span.kb_id_.split(":", 1), *exact_offsets(span)) for span in doc.spans["textmine"]}
        words += [
            (*place, token.idx, token.text, token.norm_)
            for token in doc
            if token.text.strip() and token.text.isprintable()
        ]
    ours = study.tables["tags"].filter(evidence="text").select(*key, "scheme", "concept", "start", "end")
    assert tags == set(ours.iter_rows())
    tokens = study.tables["tokens"].select(*key, "start", "text", "norm")
    assert words == [row for row in tokens.iter_rows() if row[4].isprintable()]


def test_tags_of_headings_and_sentences_come_along(toy_study: Study, tmp_path: Path) -> None:
    docs = {tuple(doc.user_data[n] for n in ("lang", "paragraph")): doc for doc in read_back(toy_study, tmp_path)}
    assert docs["en", 3].user_data["paragraph_tags"] == ("action_line:C7", "action_line:C7.e-health")
    assert docs["en", 1].user_data["paragraph_tags"] == ()
    assert [len(list(docs[lang, 3].sents)) for lang in ("en", "zh")] == [1, 1]
