"""TEI: what a small reader of our own makes of the files is what went in."""

import re
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from textmine.errors import ContractError
from textmine.publish.export.tei import NAMESPACE, SCHEMA, export_tei
from textmine.publish.export.xml_files import XML, check_valid, load_schema
from textmine.publish.study import Study
from textmine.reports.model import Report

NS = {"t": NAMESPACE}


def xpath(node: Any, path: str) -> list[Any]:
    found: list[Any] = node.xpath(path, namespaces=NS)
    return found


def text_of(element: Any) -> str:
    return "".join(element.itertext())


def markers_of(element: Any) -> list[tuple[int, int, str]]:
    """Offset, number and note id of the links in an element."""
    found, at = [], len(element.text or "")
    for child in element:
        found.append((at, int(child.get("n")), child.get("target")[1:]))
        at += len(child.tail or "")
    return found


def clean(text: str) -> str:
    return text.replace("\x01", "\ufffd").replace("\x02", "\ufffd").replace("\ufffe", "\ufffd")


def read_back(study: Study, out: Path) -> list[tuple[Report, Any]]:
    return [
        (report, etree.parse(path).getroot())
        for report, path in zip(study.reports, export_tei(study, out).files, strict=True)
    ]


@pytest.mark.parametrize("name", ["toy_study", "odd_study"])
def test_text_markers_and_notes_come_back(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    study: Study = request.getfixturevalue(name)
    for report, root in read_back(study, tmp_path):
        by_number = {int(p.get("n")): p for p in xpath(root, "//t:body//t:p")}
        assert {n: text_of(p) for n, p in by_number.items()} == {p.number: clean(p.text) for p in report.paragraphs}
        for paragraph in report.paragraphs:
            assert [m[:2] for m in markers_of(by_number[paragraph.number])] == [
                (ref.offset, ref.number) for ref in paragraph.refs
            ]
        notes = {note.get(f"{XML}id"): note for note in xpath(root, "//t:back//t:note")}
        texts = [(int(n.get("n")), text_of(n), n.get("type")) for n in notes.values() if n.get("type") != "missing"]
        assert texts == [(note.number, clean(note.text), note.anchor.kind) for note in report.footnotes]


def test_headings_nest_and_keep_their_labels(toy_study: Study, tmp_path: Path) -> None:
    for report, root in read_back(toy_study, tmp_path):
        for paragraph in report.paragraphs:
            (element,) = xpath(root, f"//t:body//t:p[@n='{paragraph.number}']")
            above = [(div.get("n", ""), text_of(div.find("t:head", NS))) for div in xpath(element, "ancestor::t:div")]
            assert above == [(heading.label, heading.title) for heading in report.heading_path(paragraph)]


def test_a_note_leads_from_its_own_marker_though_numbers_repeat(odd_study: Study, tmp_path: Path) -> None:
    ((_, root),) = read_back(odd_study, tmp_path)
    notes = {note.get(f"{XML}id"): note for note in xpath(root, "//t:back//t:note")}
    (second,) = xpath(root, "//t:p[@n='2']")
    assert [text_of(notes[target])[:4] for _, _, target in markers_of(second)] == ["一。\n二", "又是一。", ""]
    (head,) = xpath(root, "//t:div[@xml:id='h2']/t:head")
    assert [(at, text_of(notes[target])) for at, _, target in markers_of(head)] == [(4, "标题的。")]
    assert {note.get("n"): note.get("type") for note in notes.values()}["9"] == "missing"


def test_text_behind_a_section_below_is_a_section_continued(odd_study: Study, tmp_path: Path) -> None:
    ((_, root),) = read_back(odd_study, tmp_path)
    divs = [
        (div.get("corresp"), [p.get("n") for p in xpath(div, "t:p")])
        for div in xpath(root, "//t:div[@type='continued']")
    ]
    assert divs == [("#h1", ["4", "5"]), (None, ["6"])]
    assert [text_of(head) for head in xpath(root, "//t:head")][-1] == "空"  # a heading without a paragraph


@pytest.mark.parametrize("name", ["toy_study", "odd_study"])
def test_tags_point_at_their_surface(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    study: Study = request.getfixturevalue(name)
    tags = study.tables["tags"]
    assert {"text", "heading"} <= set(tags["evidence"])
    for report, root in read_back(study, tmp_path):
        texts = {p.get(f"{XML}id"): text_of(p) for p in xpath(root, "//t:body//t:p")}
        found = set()
        for span in xpath(root, "//t:standOff//t:span"):
            match = re.fullmatch(r"#(?:string-range\((p\d+),(\d+),(\d+)\)|(p\d+))", span.get("target"))
            assert match
            group = span.getparent()
            start, end = (int(match[2]), int(match[2]) + int(match[3])) if match[1] else (None, None)
            if start is not None:
                assert texts[match[1]][start:end] == span.text
            scheme, concept = span.get("ana")[1:].split(".", 1)
            assert group.get("type") == scheme
            number = int((match[1] or match[4])[1:])
            found.add((number, scheme, concept, start, end, group.getparent().get("type")))
        ours = tags.filter(edition=report.edition.year, lang=report.edition.lang)
        columns = ["paragraph", "scheme", "concept", "start", "end", "evidence"]
        assert found == set(ours.select(columns).iter_rows())


def test_characters_that_xml_cant_hold_are_replaced_and_named(odd_study: Study, tmp_path: Path) -> None:
    exported = export_tei(odd_study, tmp_path)
    assert exported.notes == (
        "2012.zh: 3 characters that XML can't hold stand as U+FFFD (U+0001 1 times, U+0002 1 times, U+FFFE 1 times)",
    )
    (said,) = xpath(etree.parse(exported.files[0]), "//t:editorialDecl//t:p")
    assert "U+0001 1 times" in said.text


def test_the_schema_refuses_what_we_dont_write(toy_study: Study, tmp_path: Path) -> None:
    path = export_tei(toy_study, tmp_path).files[0]
    for old, new in (
        ("<body>", "<body><br/>"),
        ('n="1"', 'n="one"'),
        ("#string-range(p1,", "#string-range(x1,"),
        ("<titleStmt>", "<titleStmt><author/>"),
        (' xml:id="p1"', ""),
    ):
        broken = path.read_text(encoding="utf-8").replace(old, new, 1)
        assert not load_schema(SCHEMA).validate(etree.fromstring(broken.encode())), new


def test_links_to_nowhere_and_ids_that_occur_twice_are_refused(toy_study: Study, tmp_path: Path) -> None:
    path = export_tei(toy_study, tmp_path).files[0]
    for where, attribute, value, complaint in (
        ("//t:ptr", "target", "#fn7", "'#fn7' leads nowhere"),
        ("//t:span[starts-with(@target, '#string')]", "target", "#string-range(p99,0,2)", "leads nowhere"),
        ("//t:p[@n='2']", f"{XML}id", "p1", "'p1' occurs 2 times"),
    ):
        root = etree.parse(path).getroot()
        xpath(root, where)[0].set(attribute, value)
        with pytest.raises(ContractError, match=re.escape(complaint)):
            check_valid(root, SCHEMA, ids=f"{XML}id")
