"""Akoma Ntoso 3.0: one file for each edition and language, with identification, numbering and footnotes (OASIS 2018).

The subset used is in ``schemas/akoma-ntoso.rng``; what it allows the OASIS schema allows. A report is a ``doc`` whose
headings are nested ``section`` elements and whose numbered paragraphs are ``paragraph`` elements (``para_12``);
footnotes stand in ``meta/notes`` and their markers are ``noteRef`` elements.
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from lxml import etree

from textmine.publish.export.exported import Exported, check_reports, describe_replaced
from textmine.publish.export.outline import Notes, Section, nest_sections
from textmine.publish.export.xml_files import TextCleaner, add_text, check_valid, make_name, write_xml
from textmine.publish.study import Study
from textmine.publish.words import name_corpora
from textmine.reports.model import Edition, Report

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
SCHEMA = "akoma-ntoso.rng"
#: Codes of ISO 639-2 for FRBRlanguage and the expression's address.
_LANGUAGES = {"en": "eng", "zh": "zho"}
_UN = "un"
#: A code that ISO 3166 leaves to its users: what has no symbol is no document of the United Nations.
_NO_COUNTRY = "zz"


def export_akoma_ntoso(study: Study, out: Path) -> Exported:
    """Write ``YEAR.LANG.akn.xml`` for each report."""
    written, notes = [], []
    for report in check_reports(study, "Akoma Ntoso"):
        cleaner = TextCleaner()
        root = build_akoma_ntoso(report, cleaner)
        check_valid(root, SCHEMA, ids="eId")
        name = f"{report.edition.year}.{report.edition.lang}"
        written.append(write_xml(root, out / f"{name}.akn.xml"))
        notes += describe_replaced(cleaner.replaced, [name])
    return Exported(tuple(written), tuple(notes))


def build_akoma_ntoso(report: Report, clean: TextCleaner) -> Any:
    """Return the document of a report; ``clean`` counts the characters that it had to replace."""
    root = etree.Element(f"{{{NAMESPACE}}}akomaNtoso", nsmap={None: NAMESPACE})
    doc = _add(root, "doc", name="report")
    meta = _add(doc, "meta")
    edition = report.edition
    issuers = {"textmine": "textmine"}
    author = "textmine"
    if edition.symbol:
        author = _UN
        issuers[author] = "United Nations"
    elif edition.corpus != "sample":
        author = make_name("corpus", edition.corpus)
        issuers[author] = clean(edition.corpus)
    _add_identification(meta, edition, author)
    references = _add(meta, "references", source="#textmine")
    for name, shown in issuers.items():
        _add(references, "TLCOrganization", eId=name, href=f"/ontology/organization/{name}", showAs=shown)
    notes = Notes(report, "fn_")
    if list(notes):
        element = _add(meta, "notes", source="#textmine")
        for note in notes:
            lost = {} if note.footnote else {"status": "incomplete"}
            one = _add(element, "note", eId=note.id, marker=str(note.number), **lost)
            for line in (note.footnote.text if note.footnote else "").split("\n"):
                _add(one, "p", clean(line))
    preface = _add(doc, "preface")
    _add(preface, "p", clean("; ".join(name_corpora([edition.corpus], "en"))))
    if edition.symbol:
        _add(_add(preface, "p"), "docNumber", clean(edition.symbol))
    _add(_add(preface, "p"), "docTitle", clean(edition.title or f"{edition.year} {edition.lang}"))
    if report.summary:
        preamble = _add(doc, "preamble")
        for line in report.summary.split("\n"):
            _add(preamble, "p", clean(line))
    _add_section(_add(doc, "mainBody"), nest_sections(report), notes, clean)
    return root


def _add_identification(meta: Any, edition: Edition, author: str) -> None:
    """Add work, expression and manifestation (FRBR): the report, its language, and this file."""
    country = _UN if edition.symbol else _NO_COUNTRY
    number = (edition.ga_symbol or edition.ecosoc_symbol or f"{author}-{edition.year}").rstrip("*")
    work = f"/akn/{country}/doc/report/{edition.year}/{make_name(number.replace('/', '-')).lower()}"
    expression = f"{work}/{_LANGUAGES[edition.lang]}@"
    made = {"date": f"{edition.year}-01-01", "name": "edition"}
    if _is_date(edition.issued):
        made = {"date": edition.issued, "name": "issued"}
    identification = _add(meta, "identification", source="#textmine")

    def add_level(name: str, address: str, suffix: str, author: str) -> Any:
        level = _add(identification, name)
        _add(level, "FRBRthis", value=f"{address}/!main{suffix}")
        _add(level, "FRBRuri", value=f"{address}{suffix}")
        if name == "FRBRWork" and edition.symbol:
            _add(level, "FRBRalias", value=edition.symbol, name="symbol")
        _add(level, "FRBRdate", **made)
        _add(level, "FRBRauthor", href=f"#{author}")
        return level

    level = add_level("FRBRWork", work, "", author)
    _add(level, "FRBRcountry", value=country)
    if edition.ga_symbol:
        _add(level, "FRBRnumber", value=edition.ga_symbol)
    _add(add_level("FRBRExpression", expression, "", author), "FRBRlanguage", language=_LANGUAGES[edition.lang])
    _add(add_level("FRBRManifestation", expression, ".xml", "textmine"), "FRBRformat", value="application/akn+xml")


def _is_date(text: str) -> bool:
    try:
        return str(date.fromisoformat(text)) == text
    except ValueError:
        return False


def _add_section(parent: Any, section: Section, notes: Notes, clean: TextCleaner) -> None:
    if section.heading and not section.continued:
        if section.heading.label:
            _add(parent, "num", clean(section.heading.label))
        _fill(_add(parent, "heading"), section.heading.title, notes.in_heading(section.heading), clean)
    for paragraph in section.paragraphs:
        element = _add(parent, "paragraph", eId=f"para_{paragraph.number}")
        _add(element, "num", f"{paragraph.number}.")
        words = _add(_add(element, "content"), "p")
        _fill(words, paragraph.text, notes.in_paragraph(paragraph), clean)
    for below in section.sections:
        if below.continued:
            _add_section(parent, below, notes, clean)
        elif below.heading:
            _add_section(_add(parent, "section", eId=f"sec_{below.heading.number}"), below, notes, clean)


def _fill(element: Any, text: str, markers: Iterable[tuple[int, str, int]], clean: TextCleaner) -> None:
    """Put the text into an element, with a noteRef at each footnote marker."""
    at, text = 0, clean(text)
    for offset, note, number in markers:
        add_text(element, text[at:offset])
        _add(element, "noteRef", href=f"#{note}", marker=str(number))
        at = max(at, offset)
    add_text(element, text[at:])


def _add(parent: Any, tag: str, text: str = "", /, **attributes: str) -> Any:
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}", attributes)
    element.text = text or None
    return element
