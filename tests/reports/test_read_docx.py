"""Word files: what goes in comes back, what is left out is told, what is hostile is refused in bounded time."""

import io
import re
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textmine.errors import SourceError
from textmine.reports.docx_numbering import format_han, format_letters, format_roman
from textmine.reports.model import Anchor, Edition, Report, Source
from textmine.reports.numbering import read_han_numeral, read_roman_numeral
from textmine.reports.read import read_report
from textmine.reports.read_docx import parse_docx
from textmine.resources import resource_path

from .reading import kinds, path_of, refs, texts, time_limit
from .word_documents import SHAPES, Shape, W, box, edit_member, make_document, pack, paragraph, reference, run

TWO = paragraph(run("1. The first.")) + paragraph(run("2. The second."))


def read(body: str, **parts: str) -> Report:
    return parse_docx(pack(body, **parts), "report.docx", year=2011)


def one(content: str, **parts: str) -> str:
    """Text of paragraph 1 that begins with “1. A” and goes on with runs."""
    return texts(read(paragraph(run("1. A") + content) + paragraph(run("2. The second.")), **parts))[1]


def refusal(data: bytes) -> str:
    with pytest.raises(SourceError) as caught, time_limit(20):
        parse_docx(data, "report.docx", year=2011)
    return str(caught.value)


def note(key: int, text: str) -> str:
    return f'<w:footnote w:id="{key}"><w:p><w:r><w:footnoteRef/></w:r>{run(" " + text)}</w:p></w:footnote>'


# --- the round trip


def comparable(report: Report) -> Report:
    """A report without what depends on the kind of file: lines, source, catalogue, warnings."""
    return replace(
        report,
        headings=tuple(replace(heading, line=0) for heading in report.headings),
        paragraphs=tuple(replace(item, first_line=0, last_line=0) for item in report.paragraphs),
        footnotes=tuple(replace(item, line=0) for item in report.footnotes),
        edition=Edition(report.edition.year, report.edition.lang, title=report.edition.title),
        source=Source("", "", "", 0),
        warnings=(),
    )  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_round_trip(shape: Shape, lang: str) -> None:
    report = read_report(resource_path("sample", f"2011.{lang}.md"))
    back = parse_docx(make_document(report, shape), "report.docx")
    assert comparable(back) == comparable(report)
    assert back.edition.cover.symbols == ("A/66/64", "E/2011/77")
    assert {warning.kind for warning in back.warnings} == ({"tracked-change"} if shape.worn else set()) | {"coverage"}


@given(st.lists(st.integers(0, 40), max_size=5), st.lists(st.integers(0, 30), min_size=2, max_size=2, unique=True))
def test_runs_may_be_cut_anywhere(cuts: list[int], marks: list[int]) -> None:
    text = "1. Progress “in 2010”, and in 信通技术领域, too."
    assert "\n" not in text
    at = sorted({min(cut, len(text)) for cut in cuts} | {mark + 8 for mark in marks})
    pieces, last, number = [], 0, 0
    for cut in at:
        pieces.append(run(text[last:cut]))
        if cut - 8 in marks:
            number += 1
            pieces.append(reference(number))
        last = cut
    body = paragraph("".join([*pieces, run(text[last:])])) + paragraph(run("2. The second."))
    report = read(body, footnotes=note(1, "One.") + note(2, "Two."))
    assert texts(report)[1] == text[3:]
    # a marker between two spaces' ends stands where the text before it ends
    assert [ref.offset for ref in report.paragraphs[0].refs] == [mark + 5 for mark in sorted(marks)]


def test_headings_that_nothing_sets_off() -> None:
    texts_ = ["I. Trends", "1. The first is here:", "(a) one;", "(b) two.", "A. Web 2.0", "C7", "2. The second."]
    report = read("".join(paragraph(run(text)) for text in texts_))
    assert texts(report) == {1: "The first is here: (a) one; (b) two.", 2: "The second."}
    assert [path_of(report, item) for item in report.paragraphs] == [["I"], ["I", "A", "C7"]]


def test_bold_paragraphs_with_numbers_are_paragraphs() -> None:
    bold = [paragraph(f"<w:r><w:rPr><w:b/></w:rPr><w:t>{t}</w:t></w:r>") for t in ("A. Title", "2. All of it is bold.")]
    report = read(paragraph(run("1. The first.")) + "".join(bold))
    assert texts(report) == {1: "The first.", 2: "All of it is bold."}


# --- numbers


def test_typed_and_automatic_numbers_are_one_chain() -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="2"/><w:numFmt w:val="decimal"/>'
        '<w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:start w:val="1"/>'
        '<w:lvlText w:val="(%2)"/></w:lvl></w:abstractNum><w:num w:numId="5"><w:abstractNumId w:val="1"/></w:num>'
    )

    def numbered(text: str, level: int = 0) -> str:
        return paragraph(run(text), properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="5"/></w:numPr>')

    body = (
        paragraph(run("1.") + "<w:r><w:tab/></w:r>" + run("Typed."))
        + numbered("Automatic:") + numbered("one;", 1) + numbered("two.", 1)
        + numbered("Again:") + numbered("three.", 1) + paragraph(run("4\u3000") + "<w:r><w:tab/></w:r>" + run("Typed."))
    )  # fmt: skip
    report = read(body, numbering=numbering)
    assert texts(report) == {1: "Typed.", 2: "Automatic: (a) one; (b) two.", 3: "Again: (a) three.", 4: "Typed."}


def test_lists_of_a_style_and_restarts() -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="1">'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:pStyle w:val="Part"/>'
        '<w:lvlText w:val="%1."/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="upperLetter"/><w:pStyle w:val="Chapter"/>'
        '<w:lvlText w:val="%2."/></w:lvl></w:abstractNum><w:num w:numId="5"><w:abstractNumId w:val="1"/></w:num>'
    )
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{name}"/><w:pPr>'
        f'<w:numPr><w:numId w:val="5"/></w:numPr><w:outlineLvl w:val="{level}"/></w:pPr></w:style>'
        for level, name in enumerate(["Part", "Chapter"])
    )
    body = ""
    for number, names in enumerate([("Part", "Chapter"), ("Chapter",), ("Part", "Chapter")], start=1):
        for name in names:
            body += paragraph(run(f"{name} title"), properties=f'<w:pStyle w:val="{name}"/>')
        body += paragraph(run(f"{number}. Text."))
    report = read(body, numbering=numbering, styles=styles)
    assert [path_of(report, item) for item in report.paragraphs] == [["I", "A"], ["I", "B"], ["II", "A"]]


@given(st.integers(1, 39))
def test_numerals_are_read_back(number: int) -> None:
    assert read_roman_numeral(format_roman(number)) == number
    assert read_han_numeral(format_han(number)) == number
    assert len(format_letters(number)) == (number - 1) // 26 + 1


# --- text


FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (run(" soft\u00adware."), "A software."),
        ("<w:r><w:t>soft</w:t><w:softHyphen/><w:t>ware.</w:t></w:r>", "Asoftware."),
        ("<w:r><w:t>/66</w:t><w:noBreakHyphen/><w:t>E.</w:t></w:r>", "A/66-E."),
        (run("  two \u00a0 spaces.  "), "A two spaces."),
        (run(" e\u0301t"), "A \u00e9t"),
        ("<w:r><w:br/><w:t>line.</w:t></w:r>", "A line."),
        (f"<w:hyperlink>{run(' link.')}</w:hyperlink>", "A link."),
        (f"<w:sdt><w:sdtContent>{run(' control.')}</w:sdtContent></w:sdt>", "A control."),
        (f'<w:fldSimple w:instr="PAGE">{run(" 7.")}</w:fldSimple>', "A 7."),
        (
            FIELD.format("begin") + "<w:r><w:instrText> HYPERLINK </w:instrText></w:r>" + run("code")
            + FIELD.format("separate") + run(" shown.") + FIELD.format("end"),
            "A shown.",
        ),
        (
            FIELD.format("begin") + FIELD.format("begin") + run("x") + FIELD.format("separate") + run("y")
            + FIELD.format("end") + FIELD.format("separate") + run(" outer.") + FIELD.format("end"),
            "A outer.",
        ),
    ],
)  # fmt: skip
def test_text_is_what_is_printed(content: str, text: str) -> None:
    assert one(content) == text


def test_tracked_changes_give_the_final_text() -> None:
    deleted = '<w:del w:id="1"><w:r><w:delText> old</w:delText></w:r></w:del>'
    moved = f'<w:moveFrom w:id="2">{run(" gone")}</w:moveFrom>'
    body = paragraph(run("1. The") + deleted + f'<w:ins w:id="3">{run(" new")}</w:ins>' + moved + run(" text."))
    report = read(body + paragraph(run("2. The second.")))
    assert texts(report)[1] == "The new text."
    assert kinds(report).count("tracked-change") == 2
    assert "2 tracked deletions" in " ".join(map(str, report.warnings))


def test_a_deleted_end_of_paragraph_joins_it_with_the_next() -> None:
    mark = '<w:rPr><w:del w:id="1"/></w:rPr>'
    report = read(paragraph(run("1. The "), properties=mark) + paragraph(run("first.")) + paragraph(run("2. More.")))
    assert texts(report) == {1: "The first.", 2: "More."}


def test_hidden_text_is_left_out_and_told() -> None:
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>"
    report = read(paragraph(run("1. A") + hidden + run(" b.")) + paragraph(run("2. B.")))
    assert texts(report)[1] == "A b."
    assert "hidden-text" in kinds(report)


def test_tables_and_boxes_are_told() -> None:
    drawing = (
        '<w:r><mc:AlternateContent xmlns:mc="m"><mc:Choice><w:drawing><w:txbxContent>{}</w:txbxContent></w:drawing>'
        "</mc:Choice><mc:Fallback><w:pict><w:txbxContent>{}</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    ).format(*[paragraph(run("Boxed words."))] * 2)
    body = paragraph(run("1. The first.") + drawing) + box(paragraph(run("A cell."))) + paragraph(run("2. Second."))
    report = read(body)
    assert texts(report) == {1: "The first.", 2: "Second."}
    said = [str(warning) for warning in report.warnings]
    assert sum("Boxed words." in line and "[text-box]" in line for line in said) == 1
    assert sum("A cell." in line and "[table]" in line for line in said) == 1


def test_text_without_a_number_below_a_heading_is_told() -> None:
    heading = paragraph("<w:r><w:rPr><w:b/></w:rPr><w:t>A. Title</w:t></w:r>")
    report = read(paragraph(run("1. One.")) + heading + paragraph(run("Stray text.")) + paragraph(run("2. Two.")))
    assert texts(report) == {1: "One.", 2: "Two."}
    assert path_of(report, report.paragraphs[1]) == ["A"]
    assert any("Stray text." in str(warning) for warning in report.warnings)


def test_summary_contents_and_symbol_in_the_head() -> None:
    contents = '<w:style w:type="paragraph" w:styleId="T1"><w:name w:val="toc 1"/></w:style>'
    entry = paragraph(run("1. Title ... 3."), properties='<w:pStyle w:val="T1"/>')
    body = (
        paragraph(run("A title")) + paragraph(run("Report of the Secretary-General"))
        + paragraph(run("Summary")) + paragraph(run("In brief.")) + paragraph(run("More.")) + entry + TWO
    )  # fmt: skip
    data = pack(body, styles=contents, header=paragraph(run("A/66/64–E/2011/77")))
    report = parse_docx(data, "x.docx")
    assert report.summary == "In brief. More."
    assert (report.edition.year, report.edition.title) == (2011, "A title")
    assert texts(report) == {1: "The first.", 2: "The second."}
    assert "contents" in kinds(report)


@pytest.mark.parametrize("bold", [True, False])
def test_the_cover_has_no_headings(bold: bool) -> None:
    cover = ["General Assembly", "Sixty-sixth session", "A title", "Report of the Secretary-General"]
    lines = [paragraph(run(line, bold=bold)) for line in cover]
    report = read("".join(lines) + paragraph(run("Introduction", bold=bold)) + TWO)
    assert [heading.title for heading in report.headings] == ["Introduction"]
    assert report.edition.title == "A title"
    assert not read(paragraph(run("A title", bold=bold)) + TWO).headings
    assert read(paragraph(run("A title")) + paragraph(run("I. Trends", bold=bold)) + TWO).headings[0].title == "Trends"


def test_contents_by_tabs_and_numbers_that_only_word_counts() -> None:
    entries = [paragraph(run(f"{n}. Title") + "<w:r><w:tab/></w:r>" + run(str(n + 2))) for n in (1, 2, 3)]
    field_ = FIELD.format("begin") + "<w:r><w:instrText> AUTONUM </w:instrText></w:r>" + FIELD.format("end")
    report = read("".join(entries) + TWO + paragraph(field_ + run("And more.")))
    assert texts(report) == {1: "The first.", 2: "The second. And more."}
    assert {"contents", "field"} <= set(kinds(report))


def test_coverage_counts_every_character() -> None:
    body = paragraph(run("A title.")) + TWO + box(paragraph(run("A cell."))) + paragraph(run("More.") + reference(1))
    report = read(body, footnotes=note(1, "A note."))
    (said,) = (warning.message for warning in report.warnings if warning.kind == "coverage")
    assert said == (
        "47 characters: 28 in paragraphs and headings, 6 in footnotes, 7 on the cover and in the summary, 0 in page "
        "heads, 6 in none of these; 1 footnotes found, 1 numbered, 1 linked"
    )


# --- notes


def test_notes_are_numbered_by_their_marks_not_by_their_keys() -> None:
    body = (
        paragraph(run("1. The") + reference(9) + run(" first.") + reference(4))
        + paragraph(f"<w:r><w:rPr><w:b/></w:rPr><w:t>A. Title</w:t></w:r>{reference(7)}")
        + paragraph(run("2. The second."))
    )
    report = read(body, footnotes=note(4, "Four.") + note(7, "See www.itu.int.") + note(9, "2010 was."))
    assert [(item.number, item.text) for item in report.footnotes] == [
        (1, "2010 was."), (2, "Four."), (3, "See www.itu.int."),
    ]  # fmt: skip
    assert refs(report) == {1: (1, 3), 2: (1, 10)}
    assert report.footnotes[2].anchor == Anchor("heading", 1, 5)
    assert report.footnotes[2].urls == ("www.itu.int",)


def test_a_deleted_mark_and_one_of_its_own_have_no_number() -> None:
    star = '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="1"/><w:t>*</w:t></w:r>'
    deleted = f'<w:del w:id="1">{reference(2)}</w:del>'
    body = paragraph(run("1. One") + star + deleted + run(".") + reference(3)) + paragraph(run("2. Two."))
    report = read(body, footnotes=note(1, "Star.") + note(2, "Deleted.") + note(3, "Real."))
    assert [(item.number, item.text) for item in report.footnotes] == [(1, "Real.")]
    assert texts(report)[1] == "One."
    assert {"unnumbered-note", "unmarked-note"} <= set(kinds(report))


def test_endnotes_where_there_are_no_footnotes() -> None:
    mark = '<w:r><w:endnoteReference w:id="1"/></w:r>'
    ends = f'<w:endnote w:id="1">{paragraph(run("At the end."))}</w:endnote>'
    report = read(paragraph(run("1. One.") + mark) + paragraph(run("2. Two.")), endnotes=ends)
    assert [(item.number, item.text, item.anchor.offset) for item in report.footnotes] == [(1, "At the end.", 4)]


# --- hostile files


def zipped(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def encrypted(data: bytes) -> bytes:
    """Set the flag of encryption on every member."""
    for start, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data = re.sub(start + b".{%d}." % (at - 4), lambda match: match[0][:-1] + b"\x01", data, flags=re.DOTALL)
    return data


DECLARED = (
    '<?xml version="1.0"?><!DOCTYPE w:document [{}]><w:document xmlns:w="' + W + '"><w:body>{}</w:body></w:document>'
)
LAUGHS = '<!ENTITY a "ha">' + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(12))
HOSTILE = {
    "old Word": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), r"old binary Word file .*LibreOffice"),
    "nothing": (lambda: b"", "empty"),
    "cut short": (lambda: pack(TWO)[:-40], "cut short or damaged"),
    "other ZIP": (lambda: zipped(xl__workbook="a"), "isn't a Word file"),
    "text": (lambda: b"1. The first.", "not a Word file"),
    "damaged member": (lambda: pack(TWO).replace(pack(TWO)[120:160], bytes(40)), "damaged"),
    "not XML": (lambda: pack("<w:p><w:p>"), "isn't well-formed XML"),
    "deep": (lambda: pack("<w:sdt>" * 3000 + "</w:sdt>" * 3000), "isn't well-formed XML"),
    "no text": (lambda: pack("<w:p/>"), "no text"),
    "no number": (lambda: pack(paragraph(run("A letter."))), "no numbered paragraph"),
    "encrypted": (lambda: encrypted(pack(TWO)), "encrypted"),
    "LZMA": (lambda: pack(TWO, compression=zipfile.ZIP_LZMA), "a way that Word doesn't use"),
    "laughs": (lambda: pack(DECLARED.format(LAUGHS, paragraph("<w:r><w:t>1. &m;</w:t></w:r>"))), "document type|entit"),
    "file": (lambda: pack(DECLARED.format('<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;")), "document type|entit"),
    "3 million paragraphs": (lambda: pack("<w:p/>" * 3_000_000), "more than 200 times its size"),
    "stored": (lambda: pack("<w:p/>" * 3_000_000, compression=zipfile.ZIP_STORED), "more than 1,500,000 tags"),
    "ratio": (lambda: pack(f"<w:p><w:r><w:t>{'a' * 30_000_000}</w:t></w:r></w:p>"), "200 times"),
    "size": (lambda: zipped(word__document="", **{"word__document.xml": bytes(61_000_000)}), "60 MB"),
    "members": (lambda: zipped(**{f"m{i}": b"" for i in range(2_100)}), "more than 2,000 members"),
}  # fmt: skip


@pytest.mark.parametrize(("make", "said"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_are_refused_by_name(make: object, said: str) -> None:
    assert callable(make)
    message = refusal(make())
    assert message.startswith("report.docx: ")
    assert re.search(said, message)


def test_styles_and_lists_that_name_each_other_end() -> None:
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{a}"><w:name w:val="{a}"/><w:basedOn w:val="{b}"/></w:style>'
        for a, b in ("AB", "BA", "CC")
    )
    body = "".join(
        paragraph(run(f"{i}. Text."), properties=f'<w:pStyle w:val="{key}"/><w:numPr><w:numId w:val="3"/></w:numPr>')
        for i, key in enumerate("ABC", start=1)
    )
    numbering = '<w:num w:numId="3"><w:abstractNumId w:val="77"/></w:num>'
    assert texts(read(body, styles=styles, numbering=numbering)) == {1: "Text.", 2: "Text.", 3: "Text."}


def test_absurd_numbers_do_no_harm() -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="99999"/><w:numFmt w:val="lowerLetter"/>'
        '<w:lvlText w:val="%1%9%9"/></w:lvl><w:lvl w:ilvl="x"/></w:abstractNum>'
        '<w:num w:numId="5"><w:abstractNumId w:val="1"/></w:num>'
    )
    odd = paragraph(run("Odd."), properties='<w:numPr><w:ilvl w:val="-1"/><w:numId w:val="5"/></w:numPr>')
    assert texts(read(TWO + odd, numbering=numbering)).keys() == {1, 2}


def test_a_member_is_measured_by_what_it_holds() -> None:
    data = edit_member(pack(TWO), "word/media/x.xml", lambda _: bytes(1000))
    assert texts(parse_docx(data, "x.docx", year=2011)) == {1: "The first.", 2: "The second."}
