"""The data of the page: shares, paragraphs with their spans and footnotes, sources, as one JSON value."""

from collections import defaultdict
from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

import polars as pl

from textmine.annotate.fold import list_folded
from textmine.errors import ContractError
from textmine.measure.reuse import DROP, KEEP, PARAGRAPH, list_recycled
from textmine.measure.rollup import lift_tags
from textmine.publish.evidence import cite_paragraph
from textmine.publish.figures.concept_shares import PARAMETERS, figure_labels, measure_concepts
from textmine.publish.page_offsets import BrowserOffsets
from textmine.publish.page_text import ALL, PER_POINT, choose_paragraphs
from textmine.publish.page_words import PAGE_WORDS
from textmine.publish.study import Study
from textmine.publish.words import name_corpora
from textmine.reports.model import Paragraph, Report
from textmine.schema import LANGUAGES, PARAGRAPH_KEY

_DIGITS = 6  # of a share: more than a page shows, few enough that two machines agree
_PLACE = ("scheme", "concept", "start", "end", "evidence")
Key = tuple[int, str, int]
Tag = tuple[int, int, int | None, int | None, str]


def collect_page_data(study: Study, *, n_resamples: int = PARAMETERS["n_resamples"], text: str = ALL) -> dict[str, Any]:
    """Return what the page shows of a study, in lists and mappings that JSON can hold.

    Parameters
    ----------
    study : Study
        With running text.
    n_resamples : int
        Of the intervals.
    text : {'all', 'evidence', 'none'}
        Which paragraphs are in it; see :func:`textmine.publish.page_text.choose_paragraphs`.

    Returns
    -------
    dict
        Offsets are UTF-16 code units. ``schemes`` are those that occur, each with its concepts that occur;
        ``shares[reuse][i]`` has rows of scheme ``i``: edition, language, concept (its place in the scheme), paragraphs,
        paragraphs tagged, share, low, high. A paragraph's tags are scheme, concept, start, end and evidence. ``fold``
        holds characters that a query may have, and what stands for each in the texts.

    Raises
    ------
    ContractError
        When the study holds no running text.
    """
    if not study.reports:
        raise ContractError(f"{study.name} holds no running text to read on a page; name the texts with --corpus")
    schemes, shares = _measure(study, n_resamples)
    places = {
        (scheme["name"], concept["id"]): (i, j)
        for i, scheme in enumerate(schemes)
        for j, concept in enumerate(scheme["concepts"])
    }
    tags, recycled = _list_tags(study, places), _list_sources(study)
    chosen = choose_paragraphs(text, tags, recycled)
    reports = [_list_report(report, tags, recycled, chosen) for report in study.reports]
    folded = list_folded(paragraph["text"] for report in reports for paragraph in report["paragraphs"])
    return {
        "words": {key: {"en": english, "zh": chinese} for key, (english, chinese) in PAGE_WORDS.items()},
        "corpora": {lang: name_corpora(study.corpora, lang) for lang in LANGUAGES},
        "is_sample": "sample" in study.corpora,
        "langs": [lang for lang in LANGUAGES if lang in study.langs],
        "version": version("textmine"),
        "taxonomy": study.taxonomy.sha256,
        "confidence": PARAMETERS["confidence"],
        "resamples": n_resamples,
        "seed": PARAMETERS["seed"],
        "text": text,
        "per_point": PER_POINT,
        "schemes": schemes,
        "shares": shares,
        "fold": ["".join(folded), "".join(folded.values())],
        "reports": reports,
    }


def _measure(study: Study, n_resamples: int) -> tuple[list[dict[str, Any]], dict[str, list[list[list[object]]]]]:
    """Return the schemes that occur, and the rows of each with recycled paragraphs kept and left out."""
    present = set(study.table("tags")["scheme"])
    schemes: list[dict[str, Any]] = []
    shares: dict[str, list[list[list[object]]]] = {KEEP: [], DROP: []}
    for scheme in study.taxonomy.schemes:
        if scheme.name not in present:
            continue
        wanted = {**PARAMETERS, "scheme": scheme.name, "n_resamples": n_resamples}
        tables = {reuse: measure_concepts(study, {**wanted, "reuse": reuse}) for reuse in (KEEP, DROP)}
        occurring = set(tables[KEEP]["concept"])
        labels = {lang: figure_labels(scheme, lang) for lang in LANGUAGES}
        concepts = [
            {"id": concept.id, "labels": {lang: labels[lang][concept.id] for lang in LANGUAGES}}
            for concept in scheme.concepts
            if concept.id in occurring
        ]
        order: dict[str, int] = {str(concept["id"]): i for i, concept in enumerate(concepts)}
        for reuse, table in tables.items():
            shares[reuse].append(_list_shares(table, order))
        schemes.append({"name": scheme.name, "titles": dict(scheme.titles), "concepts": concepts})
    return schemes, shares


def _list_shares(table: pl.DataFrame, order: dict[str, int]) -> list[list[object]]:
    rows = table.select(
        "edition",
        "lang",
        pl.col("concept").replace_strict(order, return_dtype=pl.Int32),
        "n_paragraphs",
        pl.col("n_tagged").cast(pl.Int32),
        *(pl.col(name).fill_nan(None).round(_DIGITS) for name in ("share", "low", "high")),
    )
    return [list(row) for row in rows.sort("concept", "lang", "edition").iter_rows()]


def _list_tags(study: Study, places: dict[tuple[str, str], tuple[int, int]]) -> dict[Key, list[Tag]]:
    """Return the tags of each paragraph, each also as one of the concepts above, as the shares count them."""
    found: defaultdict[Key, set[Tag]] = defaultdict(set)
    for name in dict.fromkeys(name for name, _ in places):
        parents = study.taxonomy.scheme(name).parents
        lifted = lift_tags(study.table("tags"), scheme=name, evidence="any", parents=parents)
        for edition, lang, number, scheme, concept, start, end, evidence in lifted.select(
            *PARAGRAPH_KEY, *_PLACE
        ).iter_rows():
            found[edition, lang, number].add((*places[scheme, concept], start, end, evidence))
    return {key: sorted(rows, key=_by_place) for key, rows in found.items()}


def _by_place(tag: Tag) -> tuple[int, int, int, int, str]:
    scheme, concept, start, end, evidence = tag
    return scheme, concept, -1 if start is None else start, -1 if end is None else end, evidence


def _list_sources(study: Study) -> dict[Key, list[int]]:
    """Return, for each recycled paragraph, edition and paragraph that it is from."""
    whole = study.reuse.filter(pl.col("unit") == PARAGRAPH)
    rows = list_recycled(study.reuse).join(whole, on=PARAGRAPH_KEY, how="left")
    columns = (*PARAGRAPH_KEY, "source", "source_paragraph")
    return {(edition, lang, number): source for edition, lang, number, *source in rows.select(columns).iter_rows()}


def _list_report(
    report: Report,
    tags: dict[Key, list[Tag]],
    recycled: dict[Key, list[int]],
    chosen: set[tuple[int, int]] | None,
) -> dict[str, Any]:
    edition = report.edition
    key = edition.year, edition.lang
    held = [item for item in report.paragraphs if chosen is None or (edition.year, item.number) in chosen]
    noted = {ref.number for paragraph in held for ref in paragraph.refs}
    notes = [note for note in report.footnotes if chosen is None or note.number in noted]
    return {
        "year": edition.year,
        "lang": edition.lang,
        "title": edition.title,
        "symbol": "" if edition.corpus == "sample" else edition.symbol,
        "file": report.source.name,
        "sha256": report.source.sha256,
        "headings": [str(heading) for heading in report.headings],
        "footnotes": {str(note.number): note.text for note in notes},
        "n": len(report.paragraphs),
        "paragraphs": [
            _list_paragraph(report, paragraph, tags.get((*key, paragraph.number), ()))
            | ({"from": source} if (source := recycled.get((*key, paragraph.number))) else {})
            for paragraph in held
        ],
    }


def _list_paragraph(report: Report, paragraph: Paragraph, tags: Iterable[Tag]) -> dict[str, Any]:
    units = BrowserOffsets(paragraph.text).to_units
    return {
        "number": paragraph.number,
        "text": paragraph.text,
        "path": [heading.number - 1 for heading in report.heading_path(paragraph)],
        "refs": [[ref.number, units(ref.offset)] for ref in paragraph.refs],
        "cite": cite_paragraph(report, paragraph),
        "tags": [
            [scheme, concept, *(None if at is None else units(at) for at in (start, end)), evidence]
            for scheme, concept, start, end, evidence in tags
        ],
    }
