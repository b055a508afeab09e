"""All annotation of some reports in one call: tokens, tags and quantities, as tables."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import polars as pl

from textmine.annotate.counted import COUNTED_SCHEMES
from textmine.annotate.match import Matcher, default_matcher
from textmine.annotate.quantities import find_quantities, name_concepts
from textmine.annotate.segment import Segmenter
from textmine.annotate.tag import Tagger, action_lines
from textmine.on_demand import TablesOnDemand
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
        Called with the edition, such as ``2011 zh``, before it is tagged, and again before its words are cut.

    Returns
    -------
    dict of str to polars.DataFrame
        ``paragraphs`` (with its column ``action_line`` filled from headings), ``headings``, ``footnotes``,
        ``tokens``, ``tags``, ``quantities``; columns as in :data:`textmine.schema.TABLES`, sorted by edition,
        language and paragraph.
    """
    return dict(annotate_on_demand(reports, matcher=matcher, engine=engine, line_model=line_model, progress=progress))


def annotate_on_demand(
    reports: Iterable[Report],
    *,
    matcher: Matcher | None = None,
    engine: str = "rjieba",
    line_model: "LineModel | None" = None,
    progress: Callable[[str], None] | None = None,
) -> TablesOnDemand:
    """Tag reports, but cut their words and read their quantities only when those tables are asked for.

    Parameters and tables are those of :func:`annotate_reports`; ``progress`` is called before an edition is tagged,
    and again before its words are cut (``2011 zh, words``).
    """
    say = progress or (lambda _: None)
    matcher = matcher if matcher is not None else default_matcher()
    segmenter, tagger = Segmenter(matcher, engine=engine), Tagger(matcher)
    reports = sorted(reports, key=lambda item: (item.edition.year, item.edition.lang))
    tables = tabulate_reports(reports)
    parts = [empty_table("tags")]
    lines: list[list[str]] = []
    for report in reports:
        say(_name(report))
        tags = tagger.tag_report(report)
        if line_model is not None:
            tags = line_model.add_tags(report, tags)
        by_heading = action_lines(tags)
        lines += [by_heading.get(paragraph.number, []) for paragraph in report.paragraphs]
        parts.append(make_table("tags", tags))
    paragraphs = tables["paragraphs"].with_columns(pl.Series("action_line", lines, dtype=pl.List(pl.String)))
    tags_table = pl.concat(parts)

    def cut_words() -> pl.DataFrame:
        frames = [empty_table("tokens")]
        for report in reports:
            say(f"{_name(report)}, words")
            frames.append(make_table("tokens", _token_rows(report, segmenter)))
        return pl.concat(frames)

    def read_quantities() -> pl.DataFrame:
        frames = [make_table("quantities", _quantity_rows(report, tags_table)) for report in reports]
        return pl.concat([empty_table("quantities"), *frames])

    return TablesOnDemand(
        {
            "paragraphs": lambda: paragraphs,
            "headings": lambda: tables["headings"],
            "footnotes": lambda: tables["footnotes"],
            "tokens": cut_words,
            "tags": lambda: tags_table,
            "quantities": read_quantities,
        }
    )


def _name(report: Report) -> str:
    return f"{report.edition.year} {report.edition.lang}"


def _token_rows(report: Report, segmenter: Segmenter) -> list[dict[str, object]]:
    key = {"edition": report.edition.year, "lang": report.edition.lang}
    return [
        {**key, "paragraph": paragraph.number, **token._asdict()}
        for paragraph in report.paragraphs
        for token in segmenter.cut(paragraph.text, lang=report.edition.lang)
    ]


def _quantity_rows(report: Report, tags: pl.DataFrame) -> list[dict[str, object]]:
    year, lang = report.edition.year, report.edition.lang
    key = {"edition": year, "lang": lang}
    counted = tags.filter(pl.col("scheme").is_in(list(COUNTED_SCHEMES)), edition=year, lang=lang, evidence="text")
    named: dict[int, list[tuple[int, int, str]]] = {}
    for paragraph, *place in counted.select("paragraph", "start", "end", "concept").iter_rows():
        named.setdefault(paragraph, []).append((place[0], place[1], place[2]))
    return [
        {**key, "paragraph": paragraph.number, **quantity._asdict(), "concept": concept}
        for paragraph in report.paragraphs
        for quantity, concept in name_concepts(
            paragraph.text, find_quantities(paragraph.text, lang=lang), named.get(paragraph.number, [])
        )
    ]
