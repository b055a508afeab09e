"""spaCy ``DocBin``: one file for each edition and language, a Doc for each paragraph."""

from itertools import groupby
from pathlib import Path

from spacy.tokens import DocBin
from spacy.vocab import Vocab

from textmine.annotate.match import Span
from textmine.annotate.segment import Token
from textmine.annotate.spacy_docs import make_doc
from textmine.atomic import write_bytes
from textmine.publish.export.exported import Exported, check_texts, group_rows
from textmine.publish.study import Study

#: What is stored of a token, beside its text and whether a space follows.
ATTRIBUTES = ("NORM", "SENT_START")


def export_spacy(study: Study, out: Path) -> Exported:
    """Write ``YEAR.LANG.spacy`` for each edition and language.

    Tags are in ``doc.spans["textmine"]``; ``doc.user_data`` holds edition, language, paragraph, and the tags that a
    heading or the classifier gave.
    """
    paragraphs = check_texts(study, "DocBin").sort("edition", "lang", "number")
    tokens, tags = group_rows(study.table("tokens")), group_rows(study.table("tags"))
    vocab = Vocab()
    written = []
    for (year, lang), rows in groupby(paragraphs.iter_rows(named=True), key=lambda row: (row["edition"], row["lang"])):
        docs = DocBin(attrs=list(ATTRIBUTES), store_user_data=True)
        for row in rows:
            key = (year, lang, row["number"])
            fields = Token._fields
            ours = [Token(**{name: token[name] for name in fields}) for token in tokens.get(key, [])]  # type: ignore[arg-type]
            found = tags.get(key, [])
            spans = [
                Span(*(tag[name] for name in Span._fields))  # type: ignore[arg-type]
                for tag in found
                if tag["start"] is not None
            ]
            doc = make_doc(row["text"], ours, spans, vocab=vocab)
            whole = sorted(f"{tag['scheme']}:{tag['concept']}" for tag in found if tag["start"] is None)
            place = {"edition": year, "lang": lang, "paragraph": row["number"], "section": row["section"]}
            doc.user_data.update({**place, "corpus": row["corpus"], "paragraph_tags": whole})
            docs.add(doc)
        written.append(write_bytes(out / f"{year}.{lang}.spacy", docs.to_bytes()))
    return Exported(tuple(written))
