"""The paragraphs behind a mark of a figure, zh and en together, spans marked, with citations."""

from collections.abc import Iterable
from typing import NamedTuple

import polars as pl
from rich.text import Text

from textmine.errors import LedgerError, UnknownOptionError
from textmine.publish.evidence import cite_paragraph, mark_spans
from textmine.publish.ledger import Claim, Ledger, Place
from textmine.publish.study import Study
from textmine.reports.model import Paragraph, Report


class Shown(NamedTuple):
    """A paragraph as it is shown: citation, text with spans marked; the other language of evidence is none itself."""

    citation: str
    marked: Text
    is_evidence: bool


class Behind(NamedTuple):
    """One paragraph number of an edition in each language that there is, evidence or not."""

    edition: int
    paragraph: int
    texts: dict[str, Shown]


def find_claims(ledger: Ledger, *, series: str, x: str | None = None) -> list[Claim]:
    """Return the claims of a mark, of each language; an unknown series or year raises and lists the valid ones."""
    known = list(dict.fromkeys(claim.series for claim in ledger.claims))
    if series not in known:
        raise UnknownOptionError(f"series of {ledger.figure}", series, known)
    claims = [claim for claim in ledger.claims if claim.series == series]
    if x is not None:
        known = list(dict.fromkeys(claim.x for claim in claims))
        claims = [claim for claim in claims if claim.x == x]
        if not claims:
            raise UnknownOptionError(f"year of {series} in {ledger.figure}", x, known)
    return claims


def show_behind(claims: Iterable[Claim], study: Study) -> list[Behind]:
    """Return the paragraphs that claims rest on, both languages of each where the corpus has both.

    Raises
    ------
    LedgerError
        When the study lacks a paragraph, or has no running text.
    """
    if not study.reports:
        raise LedgerError(f"{study.name} holds no running text; name the texts with --corpus to read the paragraphs")
    places: dict[tuple[int, int], dict[str, list[Place]]] = {}
    for claim in claims:
        for place in claim.evidence:
            places.setdefault((place.edition, place.paragraph), {}).setdefault(place.lang, []).append(place)
    reports = {(report.edition.year, report.edition.lang): report for report in study.reports}
    found = []
    for (edition, number), by_lang in sorted(places.items()):
        texts = {}
        for lang in sorted({lang for year, lang in reports if year == edition} | by_lang.keys()):
            report = reports.get((edition, lang))
            paragraph = None if report is None else _find_paragraph(report, number)
            if report is None or paragraph is None:
                if lang in by_lang:
                    raise LedgerError(f"{study.name} has no paragraph {edition}.{lang}.{number}, which is evidence")
                continue
            texts[lang] = _show(report, paragraph, by_lang.get(lang, []))
        found.append(Behind(edition, number, texts))
    return found


def list_evidence(
    ledger: Ledger, study: Study, *, series: str, x: str | None = None, lang: str | None = None
) -> pl.DataFrame:
    """List the paragraphs that a mark of a figure rests on, with the spans in brackets.

    Parameters
    ----------
    ledger : Ledger
        Of the figure.
    study : Study
        The texts it was made on.
    series, x : str
        The mark: its concept, say, and its edition; without ``x`` those of all editions.
    lang : {'en', 'zh'}, optional
        Only paragraphs in this language; default: both.

    Returns
    -------
    polars.DataFrame
        ``edition``, ``lang``, ``paragraph``, ``citation``, ``text`` with spans in brackets, ``is_evidence`` (false for
        the other language of a paragraph that is), sorted.

    Raises
    ------
    UnknownOptionError
        When the figure has no such mark.
    LedgerError
        When the study lacks a paragraph, or has no running text.
    """
    claims = [claim for claim in find_claims(ledger, series=series, x=x) if lang is None or claim.lang in ("", lang)]
    rows = [
        (behind.edition, text_lang, behind.paragraph, shown.citation, shown.marked.plain, shown.is_evidence)
        for behind in show_behind(claims, study)
        for text_lang, shown in behind.texts.items()
        if lang in (None, text_lang)
    ]
    schema = {"edition": pl.Int32, "lang": pl.String, "paragraph": pl.Int32}
    rest = {"citation": pl.String, "text": pl.String, "is_evidence": pl.Boolean}
    return pl.DataFrame(rows, schema=schema | rest, orient="row").sort("edition", "lang", "paragraph")


def _find_paragraph(report: Report, number: int) -> Paragraph | None:
    return next((paragraph for paragraph in report.paragraphs if paragraph.number == number), None)


def _show(report: Report, paragraph: Paragraph, places: list[Place]) -> Shown:
    spans = {(place.start, place.end) for place in places if place.start is not None and place.end is not None}
    marked = mark_spans(paragraph.text, sorted(spans))
    citation = cite_paragraph(report, paragraph)
    if places and not spans:
        above = " > ".join(map(str, report.heading_path(paragraph)))
        citation += f" (whole paragraph, under: {above})" if above else " (whole paragraph)"
    return Shown(citation, marked, bool(places))


def cite_bibtex(report: Report, numbers: Iterable[int] = ()) -> str:
    r"""Return a BibTeX entry of a report with the paragraphs cited.

    Parameters
    ----------
    report : Report
    numbers : iterable of int
        Paragraphs; none cites the whole report.
    """
    edition = report.edition
    paragraphs = ", ".join(map(str, sorted(set(numbers))))
    sample = edition.corpus == "sample"
    fields = {
        "author": "{textmine developers}" if sample else "{United Nations, Secretary-General}",
        "title": edition.title,
        "institution": "" if sample else "United Nations",
        "number": "" if sample else edition.symbol,
        "year": str(edition.year),
        "note": "; ".join(
            filter(
                None,
                [
                    f"para. {paragraphs}" if paragraphs else "",
                    "sample text, not a United Nations document" if sample else "",
                ],
            )
        ),
        "langid": {"zh": "chinese", "en": "english"}[edition.lang],
    }
    kind = "misc" if sample else "techreport"
    body = "".join(f"  {name} = {{{_escape_tex(value)}}},\n" for name, value in fields.items() if value)
    symbol = "sample" if sample or not edition.symbol else edition.symbol.split("-")[0].replace("/", "-")
    return f"@{kind}{{{symbol}-{edition.year}-{edition.lang},\n{body}}}"


def _escape_tex(text: str) -> str:
    """Escape what TeX would take for a command; braces stay, as they are ours or paired."""
    if text.startswith("{") and text.endswith("}"):
        return text
    table = {character: f"\\{character}" for character in "&%$#_{}"} | {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
    return "".join(table.get(character, character) for character in text)
