"""A Report as a Word file in the shape of the UN's, so that a reader's result can be compared with what went in.

Cover with a masthead in a table, summary in a box, headings, numbered paragraphs, real footnotes. Headings are set by
Word's styles, by the UN's own styles (all of one outline level) or by direct formatting; numbers are typed or Word's.
"""

import io
import random
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from textmine.reports.catalogue import find_edition
from textmine.reports.model import Footnote, FootnoteRef, Report

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMESPACES = f'xmlns:w="{W}"'
FOOTNOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
AUTHOR = {"en": "Report of the Secretary-General", "zh": "秘书长的报告"}
SUMMARY = {"en": "Summary", "zh": "内容提要"}
UN_STYLES = {1: "_ H _Ch_G", 2: "_ H_1_G", 3: "_ H_23_G", 4: "_ H_4_G", 5: "_ H_56_G", 6: "_ H_56_G"}
_FORMATS = {
    "en": (
        ("upperRoman", "%1."),
        ("upperLetter", "%2."),
        ("decimal", "%3."),
        ("lowerLetter", "(%4)"),
        ("lowerRoman", "(%5)"),
    ),
    "zh": (
        ("chineseCounting", "%1."),
        ("upperLetter", "%2."),
        ("decimal", "%3."),
        ("lowerLetter", "(%4)"),
        ("chineseCounting", "(%5)"),
    ),
}
_DELETED = '<w:del w:id="2" w:author="b"><w:r><w:delText xml:space="preserve"> 12. deleted </w:delText></w:r></w:del>'
_TRACES = ('<w:proofErr w:type="spellStart"/>', "<w:r><w:lastRenderedPageBreak/></w:r>")
HEADING_LIST, PARAGRAPH_LIST = 71, 72


@dataclass(frozen=True, slots=True)
class Shape:
    """How a document is made.

    ``headings`` is styles, un (the United Nations' styles, of one outline level), direct (bold) or plain (nothing sets
    them off); ``numbers`` is typed or automatic; ``worn`` documents bear the marks of much editing: runs cut anywhere,
    tracked changes, soft hyphens, bookmarks.
    """

    headings: str = "un"
    numbers: str = "typed"
    worn: bool = False


#: Shapes that a reader has to cope with.
SHAPES = {
    f"{headings} headings, {numbers} numbers": Shape(headings, numbers)
    for headings in ("styles", "un", "direct")
    for numbers in ("typed", "automatic")
} | {
    "nothing sets headings off, typed numbers": Shape("plain"),
    "un headings, automatic numbers, much edited": Shape("un", "automatic", worn=True),
    "direct headings, typed numbers, much edited": Shape("direct", worn=True),
}


def make_document(report: Report, shape: Shape = Shape()) -> bytes:
    """Return the report as a DOCX."""
    document = Document()
    body = document.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)
    _add_styles(document, shape)
    _add_lists(document, report.edition.lang)
    _add_footnotes(document, report.footnotes)
    for xml in (*_cover(report), *_text(report, shape)):
        body.insert(len(body) - 1, parse_xml(xml))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _add_styles(document: Document, shape: Shape) -> None:
    if shape.headings == "un":
        for name in dict.fromkeys(UN_STYLES.values()):
            style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.font.bold = True
            style.element.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {NAMESPACES} w:val="0"/>'))


def _add_lists(document: Document, lang: str) -> None:
    levels = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for i, (kind, text) in enumerate(_FORMATS[lang])
    )
    root = document.part.numbering_part.element
    plain = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    for key, content in ((HEADING_LIST, levels), (PARAGRAPH_LIST, plain)):
        design = f'<w:abstractNum {NAMESPACES} w:abstractNumId="{key}">{content}</w:abstractNum>'
        root.insert(0, parse_xml(design))
        root.append(parse_xml(f'<w:num {NAMESPACES} w:numId="{key}"><w:abstractNumId w:val="{key}"/></w:num>'))


def _add_footnotes(document: Document, notes: Sequence[Footnote]) -> None:
    content = '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    for note in notes:
        mark = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r><w:r><w:tab/></w:r>'
        content += f'<w:footnote w:id="{note.number}"><w:p>{mark}{run(note.text)}</w:p></w:footnote>'
    xml = f'<?xml version="1.0" encoding="UTF-8"?><w:footnotes {NAMESPACES}>{content}</w:footnotes>'
    part = Part(PackURI("/word/footnotes.xml"), FOOTNOTES_TYPE, xml.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def run(text: str, *, bold: bool = False) -> str:
    """Return a run of text."""
    properties = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(content: str, *, properties: str = "") -> str:
    """Return a paragraph of runs."""
    return f"<w:p {NAMESPACES}><w:pPr>{properties}</w:pPr>{content}</w:p>"


def reference(number: int) -> str:
    """Return a footnote's mark."""
    return f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="{number}"/></w:r>'


def box(*paragraphs: str) -> str:
    """Return a table of one cell."""
    return f"<w:tbl {NAMESPACES}><w:tblPr/><w:tblGrid/><w:tr><w:tc>{''.join(paragraphs)}</w:tc></w:tr></w:tbl>"


def _cover(report: Report) -> Iterator[str]:
    edition = report.edition
    known = find_edition(edition.year, edition.lang)
    symbol = ((known.symbol if known else "") or "A/99/9").replace("-E", "–E")
    organs = {"en": "United Nations", "zh": "联合国"}[edition.lang]
    yield (
        f"<w:tbl {NAMESPACES}><w:tblPr/><w:tblGrid/><w:tr><w:tc>{paragraph(run(organs))}</w:tc>"
        f"<w:tc>{paragraph(run(symbol))}</w:tc></w:tr></w:tbl>"
    )
    session = edition.session or edition.year - 1945
    yield paragraph(run(session_name(session, edition.lang), bold=True))
    for line in (edition.title, AUTHOR[edition.lang]):
        yield paragraph(run(line, bold=True))
    yield box(paragraph(run(SUMMARY[edition.lang], bold=True)), paragraph(run(report.summary)))


def session_name(number: int, lang: str) -> str:
    """Return a session of the General Assembly as covers print it."""
    tens, unit = divmod(number, 10)
    if lang == "zh":
        digits = "零一二三四五六七八九"
        return f"第{digits[tens]}十{digits[unit] if unit else ''}届会议"
    units = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
    names = {6: ("Sixty", "Sixtieth"), 7: ("Seventy", "Seventieth"), 8: ("Eighty", "Eightieth")}
    return f"{names[tens][0]}-{units[unit]} session" if unit else f"{names[tens][1]} session"


def _text(report: Report, shape: Shape) -> Iterator[str]:
    in_headings: dict[int, list[FootnoteRef]] = {}
    for note in report.footnotes:
        if note.anchor.kind == "heading" and note.anchor.number is not None:
            in_headings.setdefault(note.anchor.number, []).append(FootnoteRef(note.number, note.anchor.offset or 0))
    wear = random.Random(report.edition.year) if shape.worn else None  # noqa: S311
    printed = 0
    for one in report.paragraphs:
        for heading in report.headings[printed : one.heading or printed]:
            label = str(heading)[: len(str(heading)) - len(heading.title)].strip()
            content = _marked(heading.title, in_headings.get(heading.number, ()), bold=shape.headings == "direct")
            yield _heading(heading.level, label, content, shape)
        printed = max(printed, one.heading or 0)
        if shape.numbers == "automatic":
            yield paragraph(_marked(one.text, one.refs, wear=wear), properties=_list(PARAGRAPH_LIST, 0))
        else:
            yield paragraph(f"{run(f'{one.number}.')}<w:r><w:tab/></w:r>{_marked(one.text, one.refs, wear=wear)}")


def _heading(level: int, label: str, content: str, shape: Shape) -> str:
    properties = {
        "styles": f'<w:pStyle w:val="Heading{level}"/>',
        "un": f'<w:pStyle w:val="{UN_STYLES[level].replace(" ", "")}"/>',
        "direct": "",
        "plain": "",
    }[shape.headings]
    if shape.numbers == "automatic" and label:
        return paragraph(content, properties=properties + _list(HEADING_LIST, level - 1))
    typed = f"<w:r><w:tab/></w:r>{run(label, bold=shape.headings == 'direct')}<w:r><w:tab/></w:r>" if label else ""
    return paragraph(typed + content, properties=properties)


def _list(key: int, level: int) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{key}"/></w:numPr>'


def _marked(text: str, refs: Sequence[FootnoteRef], *, bold: bool = False, wear: random.Random | None = None) -> str:
    pieces, at = [], 0
    for ref in sorted(refs, key=lambda ref: (ref.offset, ref.number)):
        pieces += [_runs(text[at : ref.offset], bold=bold, wear=wear), reference(ref.number)]
        at = ref.offset
    return "".join([*pieces, _runs(text[at:], bold=bold, wear=wear)])


def _runs(text: str, *, bold: bool, wear: random.Random | None) -> str:
    """Return a text as one run, or as what much editing leaves of it."""
    if wear is None:
        return run(text, bold=bold)
    cuts = sorted({0, len(text), *(wear.randrange(len(text) + 1) for _ in range(len(text) // 40))})
    pieces = []
    for start, end in pairwise(cuts):
        piece = text[start:end]
        middle = len(piece) // 2
        if piece[middle - 1 : middle + 1].isascii() and piece[middle - 1 : middle + 1].isalpha():
            piece = f"{piece[:middle]}\u00ad{piece[middle:]}"
        new = run(piece, bold=bold)
        inserted, marked = f'<w:ins w:id="1" w:author="a">{new}</w:ins>', f'<w:bookmarkStart w:id="1"/>{new}'
        pieces += [wear.choice([new, new, inserted, marked]), wear.choice(["", "", _DELETED, *_TRACES])]
    return "".join(pieces)


def pack(body: str, *, compression: int = zipfile.ZIP_DEFLATED, **parts: str) -> bytes:
    """Return a small Word file: the XML of its body, and of the parts named (styles, numbering, footnotes, header)."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    links = "".join(f'<Relationship Id="{k}" Type="{office}/{k}" Target="{k}.xml"/>' for k in parts)
    root = f'<Relationship Id="d" Type="{office}/officeDocument" Target="word/document.xml"/>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{package}">{root}</Relationships>')
        archive.writestr("word/_rels/document.xml.rels", f'<Relationships xmlns="{package}">{links}</Relationships>')
        document = (
            body if body.startswith("<?xml") else f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"
        )
        archive.writestr("word/document.xml", document)
        for kind, content in parts.items():
            tag = {"header": "hdr"}.get(kind, kind)
            archive.writestr(f"word/{kind}.xml", f"<w:{tag} {NAMESPACES}>{content}</w:{tag}>")
    return stream.getvalue()


def edit_member(data: bytes, member: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a container with one member changed, or added where it is missing."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in dict.fromkeys([*old.namelist(), member]):
            content = old.read(name) if name in old.namelist() else b""
            new.writestr(name, change(content) if name == member else content)
    return stream.getvalue()
