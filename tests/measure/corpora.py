"""Paragraphs and tags made by hand, for tests of the measures."""

from collections.abc import Mapping, Sequence

import polars as pl

from textmine.schema import make_table


def make_paragraphs(sections: Mapping[str, int], edition: int = 2011, lang: str = "zh") -> pl.DataFrame:
    """Return paragraphs numbered from 1, so many in each section."""
    names = [section for section, size in sections.items() for _ in range(size)]
    blank = {"heading_path": [], "action_line": [], "text": "", "n_chars": 0, "first_line": 1, "last_line": 1}
    source = {"symbol": "", "corpus": "sample", "source_sha256": ""}
    return make_table(
        "paragraphs",
        [
            {"edition": edition, "lang": lang, "number": number, "section": section, **blank, **source}
            for number, section in enumerate(names, start=1)
        ],
    )


def make_tags(
    tagged: Sequence[tuple[int, str]], edition: int = 2011, lang: str = "zh", scheme: str = "trend"
) -> pl.DataFrame:
    """Return a tag for each paragraph and concept."""
    key = {"edition": edition, "lang": lang, "scheme": scheme, "evidence": "text", "score": 1.0}
    span = {"start": 0, "end": 2, "surface": "宽带"}
    return make_table(
        "tags", [{**key, **span, "paragraph": paragraph, "concept": concept} for paragraph, concept in tagged]
    )


def make_tokens(words: Sequence[int], edition: int = 2011, lang: str = "zh") -> pl.DataFrame:
    """Return so many words for each paragraph, and a full stop each."""
    key = {"edition": edition, "lang": lang, "sentence": 0, "start": 0, "end": 1, "is_stop": False}
    return make_table(
        "tokens",
        [
            {**key, "paragraph": number, "text": text, "norm": text}
            for number, n in enumerate(words, start=1)
            for text in ["词"] * n + ["。"]
        ],
    )
