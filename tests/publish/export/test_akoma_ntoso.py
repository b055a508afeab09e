"""Akoma Ntoso: identification, numbering, sections and footnotes come back."""

from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from textmine.publish.export.akoma_ntoso import NAMESPACE, SCHEMA, export_akoma_ntoso
from textmine.publish.export.xml_files import load_schema
from textmine.publish.study import Study
from textmine.reports.model import Report
from textmine.reports.read import read_report

NS = {"a": NAMESPACE}


def xpath(node: Any, path: str) -> list[Any]:
    found: list[Any] = node.xpath(path, namespaces=NS)
    return found


def read_back(study: Study, out: Path) -> list[tuple[Report, Any]]:
    return [
        (report, etree.parse(path).getroot())
        for report, path in zip(study.reports, export_akoma_ntoso(study, out).files, strict=True)
    ]


@pytest.mark.parametrize("name", ["toy_study", "odd_study"])
def test_paragraphs_numbers_and_markers_come_back(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    for report, root in read_back(request.getfixturevalue(name), tmp_path):
        for paragraph in report.paragraphs:
            (element,) = xpath(root, f"//a:paragraph[@eId='para_{paragraph.number}']")
            assert element.find("a:num", NS).text == f"{paragraph.number}."
            (words,) = xpath(element, "a:content/a:p")
            plain = "".join(words.itertext()).replace("\ufffd", "?")
            assert plain == paragraph.text.replace("\x01", "?").replace("\ufffe", "?")
            at, found = len(words.text or ""), []
            for ref in words:
                found.append((at, int(ref.get("marker"))))
                assert xpath(root, f"//a:notes/a:note[@eId='{ref.get('href')[1:]}']")
                at += len(ref.tail or "")
            assert found == [(ref.offset, ref.number) for ref in paragraph.refs]
        notes = [n for n in xpath(root, "//a:notes/a:note") if n.get("status") != "incomplete"]
        assert [(int(n.get("marker")), "\n".join(p.text for p in n)) for n in notes] == [
            (note.number, note.text) for note in report.footnotes
        ]


def test_sections_nest_as_headings_do(toy_study: Study, tmp_path: Path) -> None:
    for report, root in read_back(toy_study, tmp_path):
        for paragraph in report.paragraphs:
            (element,) = xpath(root, f"//a:paragraph[@eId='para_{paragraph.number}']")
            above = [
                (section.findtext("a:num", "", NS), section.findtext("a:heading", "", NS))
                for section in xpath(element, "ancestor::a:section")
            ]
            assert above == [(heading.label, heading.title) for heading in report.heading_path(paragraph)]


def test_a_document_of_the_united_nations_is_identified_as_one(odd_study: Study, tmp_path: Path) -> None:
    ((_, root),) = read_back(odd_study, tmp_path)
    values = {
        element.tag.split("}")[1]: element.get("value") or element.get("language") or element.get("href")
        for element in xpath(root, "//a:FRBRWork/* | //a:FRBRExpression/a:FRBRlanguage")
    }
    assert values == {
        "FRBRthis": "/akn/un/doc/report/2012/a-67-66/!main",
        "FRBRuri": "/akn/un/doc/report/2012/a-67-66",
        "FRBRalias": "A/67/66*-E/2012/49",
        "FRBRdate": None,
        "FRBRauthor": "#un",
        "FRBRcountry": "un",
        "FRBRnumber": "A/67/66*",
        "FRBRlanguage": "zho",
    }
    # 2012-13-45 is no day, so that the year stands for it
    assert {(d.get("date"), d.get("name")) for d in xpath(root, "//a:FRBRdate")} == {("2012-01-01", "edition")}


def test_the_sample_doesnt_pass_for_a_document_of_the_united_nations(toy_study: Study, tmp_path: Path) -> None:
    (_, root), _ = read_back(toy_study, tmp_path)
    assert xpath(root, "//a:FRBRcountry/@value") == ["zz"]
    assert "#un" not in xpath(root, "//a:FRBRauthor/@href")
    assert "United Nations" in xpath(root, "//a:preface/a:p")[0].text  # says nothing about it


def test_the_schema_refuses_what_we_dont_write(odd_study: Study, tmp_path: Path) -> None:
    text = export_akoma_ntoso(odd_study, tmp_path).files[0].read_text(encoding="utf-8")
    for old, new in (
        ("<mainBody>", "<mainBody><p/>"),
        ('eId="para_1"', 'eId="p_1"'),
        ('<FRBRcountry value="un"/>', ""),
        ('language="zho"', 'language="zh"'),
        ('marker="1"', 'marker="i"'),
    ):
        assert old in text
        assert not load_schema(SCHEMA).validate(etree.fromstring(text.replace(old, new, 1).encode())), new


@pytest.mark.official
def test_the_official_report(official_path: Path, toy_study: Study, tmp_path: Path) -> None:
    report = read_report(official_path)
    study = Study(toy_study.tables, toy_study.taxonomy, name="official", reports=[report])
    ((_, root),) = read_back(study, tmp_path)
    assert len(xpath(root, "//a:paragraph")) == len(report.paragraphs) == 167
    assert len(xpath(root, "//a:notes/a:note")) == len(report.footnotes) == 47
    assert xpath(root, "//a:FRBRalias/@value") == ["A/66/64-E/2011/77"]
