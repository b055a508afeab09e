"""TEI P5: one file for each edition and language, the text with its tags as stand-off (TEI Consortium 2025).

The subset used is in ``schemas/tei.rng``. Offsets of ``string-range(ID,OFFSET,LENGTH)`` are code points of the
element's text.
"""

from collections.abc import Iterable
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import Any

from lxml import etree

from textmine.annotate.taxonomy import Taxonomy
from textmine.publish.export.exported import Exported, check_reports, describe_replaced, group_rows
from textmine.publish.export.outline import Notes, Section, nest_sections
from textmine.publish.export.xml_files import XML, TextCleaner, add_text, check_valid, make_name, write_xml
from textmine.publish.study import Study
from textmine.publish.words import name_corpora
from textmine.reports.model import Report

NAMESPACE = "http://www.tei-c.org/ns/1.0"
SCHEMA = "tei.rng"

Tags = list[dict[str, object]]


def export_tei(study: Study, out: Path) -> Exported:
    """Write ``YEAR.LANG.xml`` for each report."""
    tags = group_rows(study.table("tags"))
    written, notes = [], []
    for report in check_reports(study, "TEI"):
        edition = report.edition
        found = [tags.get((edition.year, edition.lang, paragraph.number), []) for paragraph in report.paragraphs]
        cleaner = TextCleaner()
        root = build_tei(report, [tag for rows in found for tag in rows], study.taxonomy, cleaner)
        check_valid(root, SCHEMA, ids=f"{XML}id")
        name = f"{edition.year}.{edition.lang}"
        written.append(write_xml(root, out / f"{name}.xml"))
        notes += describe_replaced(cleaner.replaced, [name])
    return Exported(tuple(written), tuple(notes))


def build_tei(report: Report, tags: Tags, taxonomy: Taxonomy, clean: TextCleaner) -> Any:
    """Return the document of a report; ``clean`` counts the characters that it had to replace."""
    root = etree.Element(f"{{{NAMESPACE}}}TEI", nsmap={None: NAMESPACE})
    root.set(f"{XML}lang", report.edition.lang)
    header = _add(root, "teiHeader")
    _add_tags(root, tags)
    text = _add(root, "text")
    if report.summary:
        summary = _add(_add(text, "front"), "div", type="summary")
        for line in report.summary.split("\n"):
            _add(summary, "p", clean(line))
    notes = Notes(report, "fn")
    _add_section(_add(text, "body"), nest_sections(report), notes, clean)
    if list(notes):
        back = _add(_add(text, "back"), "div", type="notes")
        for note in notes:
            kind = "missing" if note.footnote is None else note.footnote.anchor.kind
            words = clean(note.footnote.text) if note.footnote else ""
            _add(back, "note", words, {f"{XML}id": note.id}, n=str(note.number), place="bottom", type=kind)
    _add_header(header, report, taxonomy, tags, clean)
    return root


def _add_section(parent: Any, section: Section, notes: Notes, clean: TextCleaner) -> None:
    if section.heading and not section.continued:
        head = _add(parent, "head")
        _fill(head, section.heading.title, notes.in_heading(section.heading), clean)
    for paragraph in section.paragraphs:
        element = _add(parent, "p", "", {f"{XML}id": f"p{paragraph.number}"}, n=str(paragraph.number))
        _fill(element, paragraph.text, notes.in_paragraph(paragraph), clean)
    for below in section.sections:
        if below.continued:
            whole = {"corresp": f"#h{below.heading.number}"} if below.heading else {}
            _add_section(_add(parent, "div", type="continued", **whole), below, notes, clean)
        elif below.heading:
            named = {"n": clean(below.heading.label)} if below.heading.label else {}
            ids = {f"{XML}id": f"h{below.heading.number}"}
            _add_section(_add(parent, "div", "", ids, type="section", **named), below, notes, clean)


def _fill(element: Any, text: str, markers: Iterable[tuple[int, str, int]], clean: TextCleaner) -> None:
    """Put the text into an element, with a link at each footnote marker."""
    at, text = 0, clean(text)
    for offset, note, number in markers:
        add_text(element, text[at:offset])
        _add(element, "ptr", type="note", n=str(number), target=f"#{note}")
        at = max(at, offset)
    add_text(element, text[at:])


def _add_tags(root: Any, tags: Tags) -> None:
    """Add the spans, apart by evidence and scheme; a tag without a place points at its whole paragraph."""
    clean = TextCleaner()  # what a surface repeats is counted where it stands in the text

    def group(tag: dict[str, object]) -> tuple[str, str]:
        return str(tag["evidence"]), str(tag["scheme"])

    ordered = sorted(tags, key=group)
    for evidence, found in groupby(ordered, key=lambda tag: str(tag["evidence"])):
        stand_off = _add(root, "standOff", type=evidence)
        for scheme, rows in groupby(found, key=lambda tag: str(tag["scheme"])):
            spans = _add(stand_off, "spanGrp", type=make_name(scheme))
            for tag in rows:
                place, start, end = f"p{tag['paragraph']}", tag["start"], tag["end"]
                if start is not None and end is not None:
                    place = f"string-range({place},{start},{int(str(end)) - int(str(start))})"
                sure = {} if tag["score"] in (None, 1.0) else {"cert": f"{tag['score']:.6f}"}
                concept = "#" + make_name(scheme, str(tag["concept"]))
                _add(spans, "span", clean(str(tag["surface"] or "")), target=f"#{place}", ana=concept, **sure)


def _add_header(header: Any, report: Report, taxonomy: Taxonomy, tags: Tags, clean: TextCleaner) -> None:
    edition = report.edition
    title = clean(edition.title or f"{edition.year} {edition.lang}")
    description = _add(header, "fileDesc")
    _add(_add(description, "titleStmt"), "title", title)
    publication = _add(description, "publicationStmt")
    _add(publication, "publisher", "textmine")
    _add(_add(publication, "availability"), "p", clean("; ".join(name_corpora([edition.corpus], "en"))))
    source = _add(_add(description, "sourceDesc"), "bibl")
    _add(source, "title", title)
    for kind, number in (
        ("symbol", edition.symbol),
        ("file", report.source.name),
        ("sha256", report.source.sha256),
    ):
        if number:
            _add(source, "idno", clean(number), type=kind)
    _add(source, "date", str(edition.year), when=str(edition.year))
    for url in edition.urls:
        _add(source, "ref", clean(url), target=clean(url))
    encoding = _add(header, "encodingDesc")
    ours = _add(_add(encoding, "appInfo"), "application", ident="textmine", version=version("textmine"))
    _add(ours, "label", "textmine")
    used = sorted({(str(tag["scheme"]), str(tag["concept"])) for tag in tags})
    known = {(concept.scheme, concept.id): concept.labels for concept in taxonomy}
    if used:
        classes = _add(encoding, "classDecl")
        for scheme, rows in groupby(used, key=lambda pair: pair[0]):
            element = _add(classes, "taxonomy", "", {f"{XML}id": make_name(scheme)})
            _add(element, "desc", clean(scheme))
            for _, concept in rows:
                category = _add(element, "category", "", {f"{XML}id": make_name(scheme, concept)})
                _add(category, "catDesc", clean(concept))
                for lang, label in sorted(known.get((scheme, concept), {}).items()):
                    _add(category, "catDesc", clean(label), {f"{XML}lang": lang})
    replaced = describe_replaced(clean.replaced)
    if replaced:
        _add(_add(_add(encoding, "editorialDecl"), "correction"), "p", replaced[0])
    language = {"zh": "Chinese", "en": "English"}[edition.lang]
    _add(_add(_add(header, "profileDesc"), "langUsage"), "language", language, ident=edition.lang)


def _add(parent: Any, tag: str, text: str = "", ids: dict[str, str] | None = None, /, **attributes: str) -> Any:
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}", {**(ids or {}), **attributes})
    element.text = text or None
    return element
