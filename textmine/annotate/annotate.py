"""All annotation of some reports in one call: tokens, tags and quantities, as tables."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import polars as pl

from textmine.annotate.counted import COUNTED_SCHEMES
from textmine.annotate.match import Matcher, default_matcher
from textmine.annotate.quantities import find_quantities, name_concepts
from textmine.annotate.segment import Segmenter
from textmine.annotate.tag import Tagger, action_lines
from textmine.reports.model import Report
from textmine.reports.tables import tabulate_reports
from textmine.schema import empty_table, make_table

if TYPE_CHECKING:  # the classifier's library loads where it is used
    from textmine.annotate.line_model import LineModel


def annotate_reports(
    reports: Iterable[Report],
    *,
    matcher: Matcher | None = None,
    engine: str = "rjieba",
    line_model: "LineModel | None" = None,
    progress: Callable[[str], None] | None = None,
) -> dict[str, pl.DataFrame]:
    """Annotate reports and return all tables.

    Parameters
    ----------
    reports : iterable of Report
    matcher : Matcher, optional
        Of a taxonomy of one's own; default: the one that ships with textmine.
    engine : {'rjieba', 'jieba'}
        Who cuts Han runs into words.
    line_model : LineModel, optional
        Gives paragraphs that neither heading nor text puts on an action line one by classifier.
    progress : callable, optional
        Called with the edition, such as ``2011 zh``, before it is annotated.

    Returns
    -------
    dict of str to polars.DataFrame
        ``paragraphs`` (with its column ``action_line`` filled from headings), ``headings``, ``footnotes``,
        ``tokens``, ``tags``, ``quantities``; columns as in :data:`textmine.schema.TABLES`, sorted by edition,
        language and paragraph.
    """
    matcher = matcher if matcher is not None else default_matcher()
    segmenter, tagger = Segmenter(matcher, engine=engine), Tagger(matcher)
    reports = sorted(reports, key=lambda item: (item.edition.year, item.edition.lang))
    tables = tabulate_reports(reports)
    parts: dict[str, list[pl.DataFrame]] = {name: [empty_table(name)] for name in ("tokens", "tags", "quantities")}
    lines: list[list[str]] = []
    for report in reports:
        if progress:
            progress(f"{report.edition.year} {report.edition.lang}")
        tags = tagger.tag_report(report)
        if line_model is not None:
            tags = line_model.add_tags(report, tags)
        by_heading = action_lines(tags)
        lines += [by_heading.get(paragraph.number, []) for paragraph in report.paragraphs]
        parts["tags"].append(make_table("tags", tags))
        parts["tokens"].append(make_table("tokens", _token_rows(report, segmenter)))
        parts["quantities"].append(make_table("quantities", _quantity_rows(report, tags)))
    column = pl.Series("action_line", lines, dtype=pl.List(pl.String))
    tables["paragraphs"] = tables["paragraphs"].with_columns(column)
    return tables | {name: pl.concat(frames) for name, frames in parts.items()}


def _token_rows(report: Report, segmenter: Segmenter) -> list[dict[str, object]]:
    key = {"edition": report.edition.year, "lang": report.edition.lang}
    return [
        {**key, "paragraph": paragraph.number, **token._asdict()}
        for paragraph in report.paragraphs
        for token in segmenter.cut(paragraph.text, lang=report.edition.lang)
    ]


def _quantity_rows(report: Report, tags: list[dict[str, object]]) -> list[dict[str, object]]:
    lang = report.edition.lang
    key = {"edition": report.edition.year, "lang": lang}
    named: dict[object, list[tuple[int, int, str]]] = {}
    for tag in tags:
        if tag["evidence"] == "text" and tag["scheme"] in COUNTED_SCHEMES:
            place = int(str(tag["start"])), int(str(tag["end"])), str(tag["concept"])
            named.setdefault(tag["paragraph"], []).append(place)
    return [
        {**key, "paragraph": paragraph.number, **quantity._asdict(), "concept": concept}
        for paragraph in report.paragraphs
        for quantity, concept in name_concepts(
            paragraph.text, find_quantities(paragraph.text, lang=lang), named.get(paragraph.number, [])
        )
    ]
