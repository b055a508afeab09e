"""Where Chinese and English get different tags, and why: a gap in the dictionary, a term cut otherwise, translation."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from textmine.annotate.match import Matcher
from textmine.measure.agreement import pair_paragraphs
from textmine.measure.rollup import tag_paragraphs
from textmine.measure.subset import drop_paragraphs
from textmine.schema import LANGUAGES, make_table

#: What a disagreement can come from, in the order in which they are looked for.
CAUSES = {
    "segmentation": "the other text has a form of the concept, but inside a longer term or an exclusion",
    "level": "the other text has a broader or narrower concept of the same branch",
    "dictionary gap": "a reader of the other text finds the concept there: a form is missing",
    "false tag": "readers of neither text find the concept",
    "translation": "a reader of the other text doesn't find the concept there: the texts say different things",
    "unread": "no reader's labels are at hand: a gap in the dictionary or the translation",
}
#: Which reader of the gold set read which text.
READERS = {"en": "a", "zh": "b"}
_KEY = ["edition", "paragraph", "concept"]


def find_disagreements(
    paragraphs: pl.DataFrame,
    tags: pl.DataFrame,
    matcher: Matcher,
    *,
    scheme: str,
    evidence: str = "text",
    labels: pl.DataFrame | None = None,
    readers: Mapping[str, str] | None = None,
    drop: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """List the paragraphs that carry a concept in one language only, each with its cause.

    Parameters
    ----------
    paragraphs, tags : polars.DataFrame
        Tables of those names; ``paragraphs`` with ``text``.
    matcher : Matcher
        That made the tags.
    scheme, evidence
        As in :func:`textmine.measure.agreement.measure_agreement`.
    labels : polars.DataFrame, optional
        Table ``labels`` of the scheme with the readers' own rows; without it gaps and translation aren't told apart.
    readers : mapping of str to str, optional
        Which reader read which language; default: :data:`READERS`.
    drop : polars.DataFrame, optional
        Paragraphs to leave out.

    Returns
    -------
    polars.DataFrame
        Table ``disagreements``, sorted by edition, paragraph and concept: ``lang`` is the language with the tag,
        ``start``, ``end`` and ``surface`` the first place that has it, ``cause`` a key of :data:`CAUSES`.
    """
    taxonomy = matcher.taxonomy
    pairs = pair_paragraphs(paragraphs, drop)
    kept = drop_paragraphs(tags, drop)
    chosen = tag_paragraphs(kept, scheme=scheme, evidence=evidence, parents={})
    chosen = chosen.join(pairs, on=["edition", "paragraph"], how="semi")
    one_sided = chosen.filter(pl.len().over(_KEY) == 1).sort(_KEY)
    read = _read_by(labels, scheme, readers or READERS)
    text = {row[:3]: row[3] for row in paragraphs.select("edition", "lang", "number", "text").iter_rows()}
    tagged: dict[tuple[int, str, int], set[str]] = {}
    for edition, lang, paragraph, concept in chosen.select("edition", "lang", "paragraph", "concept").iter_rows():
        tagged.setdefault((edition, lang, paragraph), set()).add(concept)
    place = ["edition", "lang", "paragraph", "concept"]
    first = kept.filter(pl.col("scheme") == scheme).sort("start", nulls_last=True).unique(place, keep="first")
    spans = {row[:4]: row[4:] for row in first.select(*place, "start", "end", "surface").iter_rows()}
    rows = []
    for edition, lang, paragraph, concept in one_sided.select(place).iter_rows():
        other = next(name for name in LANGUAGES if name != lang)
        there = edition, other, paragraph
        ids = {concept, *taxonomy.ancestors(scheme, concept)}
        narrower = {name for name in tagged.get(there, ()) if concept in taxonomy.ancestors(scheme, name)}
        held_back = {span.concept for span in matcher.find_all(text[there]) if span.scheme == scheme}
        if concept in held_back:
            cause = "segmentation"
        elif narrower or ids & tagged.get(there, set()):
            cause = "level"
        else:
            cause = _read_cause(read, (edition, paragraph, concept), lang=lang, other=other)
        start, end, surface = spans[edition, lang, paragraph, concept]
        rows.append(
            {
                "edition": edition, "paragraph": paragraph, "scheme": scheme, "concept": concept, "lang": lang,
                "start": start, "end": end, "surface": surface, "cause": cause,
            }
        )  # fmt: skip
    return make_table("disagreements", rows)


_Read = dict[str, tuple[set[tuple[int, int]], set[tuple[int, int, str]]]]


def _read_by(labels: pl.DataFrame | None, scheme: str, readers: Mapping[str, str]) -> _Read:
    """Return for each language which paragraphs its reader read, and the concepts found there."""
    if labels is None:
        return {}
    found: _Read = {}
    for lang, reader in readers.items():
        own = labels.filter((pl.col("scheme") == scheme) & (pl.col("lang") == lang) & (pl.col("reader") == reader))
        seen: set[Any] = set(own.select("edition", "paragraph").iter_rows())
        named: set[Any] = set(own.select("edition", "paragraph", "concept").iter_rows())
        found[lang] = seen, named
    return found


def _read_cause(read: _Read, case: tuple[int, int, str], *, lang: str, other: str) -> str:
    nobody: tuple[set[Any], set[Any]] = (set(), set())
    (seen_here, here), (seen_there, there) = read.get(lang, nobody), read.get(other, nobody)
    if case[:2] not in seen_here or case[:2] not in seen_there:
        return "unread"
    if case in there:
        return "dictionary gap"
    return "translation" if case in here else "false tag"
