"""The PDF reader: typeset reports come back, what can't be read is refused, what is left out is said."""

import io
import random
import re
from collections import Counter
from dataclasses import replace

import pypdfium2 as pdfium
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from textmine.errors import SourceError
from textmine.reports.layout import FootnoteBlock, Layout
from textmine.reports.lines import Line
from textmine.reports.model import Report
from textmine.reports.pdf_columns import find_gutter, order_lines
from textmine.reports.pdf_glyphs import Glyph, PageGlyphs, read_glyphs
from textmine.reports.pdf_hyphens import settle_hyphens
from textmine.reports.pdf_lines import find_runs
from textmine.reports.pdf_spacing import learn_spacing
from textmine.reports.read import read_report
from textmine.reports.read_pdf import parse_pdf
from textmine.reports.report_json import report_from_json, report_to_json
from textmine.resources import resource_path

from .reading import characters, kinds, path_of, read_marked, squeeze, texts
from .typesetting import LAYOUTS, Setting, compile_source, typeset

SHORT = """# Summary

Short.

# Introduction

1. The present report was written under resolution 2006/46.[^1]

# I. Trends

## A. Access

2. Access grew by 2.5 per cent.[^2] It is cheap.

###### Health

3. Health services use it.

[^1]: Resolution 2006/46.
[^2]: ITU, 2010.
"""
FRONT = "---\nyear: 2011\nsession: 66\nlang: en\ntitle: A title of some length\n---\n\n"
#: A report of one page, its last lines to be filled in.
ONE_PAGE = """
#set page(paper: "a5", margin: 2cm, footer: none)
#set text(font: ("Libertinus Serif", "Noto Serif SC"), size: 10pt)
#set super(typographic: false)
#set par(spacing: 1.6em)
Sixty-sixth session

A title

Report of the Secretary-General

Summary

Short.

#text(weight: "bold")[I. Trends]

1\\. The present report is short.

{}
"""


def sample(year: int, lang: str) -> Report:
    return read_report(resource_path("sample", f"{year}.{lang}.md"))


def one_page(*lines: str) -> Report:
    body = "\n\n".join(re.sub(r"^(\d)\.", r"\1\\.", line) for line in lines)  # not a list of typst's
    return parse_pdf(compile_source(ONE_PAGE.replace("{}", body)))


def paths(report: Report) -> list[list[tuple[str, str]]]:
    return [[(h.label, squeeze(h.title)) for h in report.heading_path(p)] for p in report.paragraphs]


def links(report: Report) -> list[tuple[int, int, int]]:
    return [(ref.number, p.number, ref.offset) for p in report.paragraphs for ref in p.refs]


def image_page() -> bytes:
    target = io.BytesIO()
    Image.new("L", (200, 280), 200).save(target, "PDF")
    return target.getvalue()


def join(*files: bytes) -> bytes:
    with pdfium.PdfDocument.new() as whole:
        for data in files:
            with pdfium.PdfDocument(data) as part:
                whole.import_pages(part)
        return save(whole)


def turn(data: bytes, degrees: int) -> bytes:
    with pdfium.PdfDocument(data) as document:
        for page in document:
            page.set_rotation(degrees)
            page.close()
        return save(document)


def save(document: pdfium.PdfDocument) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


SMALL_REPORT = read_marked(SHORT, front=FRONT)
SMALL_PDF = typeset(SMALL_REPORT)
#: Everything on it is as long as a page's fewest characters, and no report.
PLAIN_PDF = compile_source('#set page(paper: "a5")\n' + "No report stands on this page, only a line of text. " * 3)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_typeset_sample_comes_back(lang: str, layout: str) -> None:
    report = sample(2021, lang)
    read = parse_pdf(typeset(report, LAYOUTS[layout]))
    assert read.edition.lang == lang
    assert texts(read) == texts(report)
    assert paths(read) == paths(report)
    assert links(read) == links(report)
    assert [(n.number, squeeze(n.text)) for n in read.footnotes] == [
        (n.number, squeeze(n.text)) for n in report.footnotes
    ]
    assert [n.anchor for n in read.footnotes] == [n.anchor for n in report.footnotes]
    assert squeeze(read.summary) == squeeze(report.summary)
    assert (read.edition.cover.title, read.edition.session) == (report.edition.title, report.edition.session)
    assert read.edition.cover.symbols == ("A/76/64", "E/2021/11")
    assert {h.section for h in read.headings} == {h.section for h in report.headings}
    assert set(kinds(read)) == {"furniture", "coverage"}


@pytest.mark.parametrize(
    "setting",
    [
        Setting(bold=False, weak_headings=True),
        Setting(typographic=True, leading=1.1, tab=4),
        Setting(columns=2, size=12, paper="us-letter"),
        Setting(paper="a5", size=9, leading=0.4),
    ],
    ids=["headings in the body's font", "superscripts of the font, wide lines", "narrow gutter", "narrow lines"],
)
def test_other_settings_come_back(setting: Setting) -> None:
    report = sample(2018, "zh")
    read = parse_pdf(typeset(report, setting))
    assert texts(read) == texts(report)
    assert paths(read) == paths(report)
    assert links(read) == links(report)


def test_small_report_by_hand() -> None:
    read = parse_pdf(SMALL_PDF, "A-66-64.pdf")
    assert texts(read) == {
        1: "The present report was written under resolution 2006/46.",
        2: "Access grew by 2.5 per cent. It is cheap.",
        3: "Health services use it.",
    }
    assert links(read) == [(1, 1, 56), (2, 2, 28)]
    assert [path_of(read, p) for p in read.paragraphs] == [["Introduction"], ["I", "A"], ["I", "A", "Health"]]
    assert [h.level for h in read.headings] == [1, 1, 2, 6]
    assert (read.edition.year, read.source.name, read.source.encoding) == (2011, "A-66-64.pdf", "pdf")


def test_every_character_is_somewhere() -> None:
    report = sample(2011, "zh")
    data = typeset(report, LAYOUTS["two columns"])
    read = parse_pdf(data)
    on_pages = Counter(
        character for page in read_glyphs(data, name="x") for g in page.glyphs for character in g.text.strip()
    )
    cover = squeeze(
        "联合国A/66/64-E/2011/77大会·经济及社会理事会第六十六届会议秘书长的报告内容提要" + report.edition.title
    )
    furniture = Counter(
        "".join(f"SAMPLE-2011(zh){n}" + "A/66/64–E/2011/77" * (n > 1) for n in range(1, pages_of(read) + 1))
    )
    expected = characters(report) + Counter(cover) + furniture
    # A footnote's number stands twice, a heading's label as the source writes it.
    assert on_pages == expected


def pages_of(report: Report) -> int:
    (coverage,) = (w.message for w in report.warnings if w.kind == "coverage")
    return int(coverage.split()[0])


def test_coverage_counts() -> None:
    (coverage,) = (w.message for w in parse_pdf(SMALL_PDF).warnings if w.kind == "coverage")
    # What stands once at a page's foot can't be told from small print: the foot of a document of one page.
    assert "1 pages" in coverage
    n_paragraphs = sum(len(squeeze(f"{p.number}.{p.text}")) for p in SMALL_REPORT.paragraphs) + 2
    assert f" {n_paragraphs} in paragraphs, " in coverage
    assert f" {len('IntroductionI.TrendsA.AccessHealth')} in headings, " in coverage
    assert f" {len('1Resolution2006/46.2ITU,2010.')} in footnotes, " in coverage
    assert (
        f" {len('SAMPLE-2011(en)1')} in none of these; 0 more not upright, 0 not decoded; 2 footnotes found, 2 raised"
        in coverage
    )


def test_reading_twice_gives_the_same_and_survives_json() -> None:
    first, second = parse_pdf(SMALL_PDF), parse_pdf(SMALL_PDF)
    assert first == second
    assert report_from_json(report_to_json(first)) == first


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", r"a\.pdf: the file is empty \(0 bytes\)"),
        (b"%PDF-1.7\n", r"a\.pdf: not a PDF that can be opened"),
        (SMALL_PDF[: len(SMALL_PDF) // 3], r"a\.pdf: not a PDF that can be opened"),
        (b"PK\x03\x04" + bytes(200), "not a PDF that can be opened"),
        (image_page(), r"no text layer on page 1 \(scanned\); run OCR first, for example `ocrmypdf"),
        (join(SMALL_PDF, image_page(), PLAIN_PDF, image_page()), r"no text layer on pages 2, 4 \(scanned\)"),
        (turn(SMALL_PDF, 90), r"text of page 1 runs upwards or upside down; turn the pages"),
        (turn(SMALL_PDF, 180), "upside down"),
        (compile_source("#page[]"), "no text layer on any of its 1 pages"),
        (PLAIN_PDF, "no numbered paragraph found on its 1 pages"),
    ],
    ids=[
        "empty",
        "head only",
        "cut short",
        "zip",
        "scan",
        "scans among pages",
        "turned",
        "upside down",
        "blank",
        "other",
    ],
)
def test_what_can_not_be_read_is_refused_by_name(data: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        parse_pdf(data, "a.pdf")


def test_encrypted_file_is_refused() -> None:
    head = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    lock = b"3 0 obj<</Filter/Standard/V 1/R 2/P -4/O(" + b"o" * 32 + b")/U(" + b"u" * 32 + b")>>endobj\n"
    tail = b"trailer<</Root 1 0 R/Encrypt 3 0 R/ID[(0123456789abcdef)(0123456789abcdef)]>>\n%%EOF\n"
    with pytest.raises(SourceError, match="encrypted; save a copy without password"):
        parse_pdf(head + lock + tail, "a.pdf")


def test_too_many_pages_are_refused_before_any_is_read() -> None:
    with pdfium.PdfDocument.new() as document:
        for _ in range(401):
            document.new_page(100, 100).close()
        data = save(document)
    with pytest.raises(SourceError, match=r"401 pages, and a report has about 20.*at most 400"):
        parse_pdf(data, "a.pdf")
    with pytest.raises(SourceError, match="at most 1 pages"):
        parse_pdf(join(SMALL_PDF, SMALL_PDF), "a.pdf", max_pages=1)


def test_a_page_turned_twice_stands_upright() -> None:
    lines = "#rotate(-90deg, reflow: true)[#set text(size: 12pt)\nFirst line of some length\n\nSecond 1#super[2]]"
    data = compile_source(f"#set page(width: 10cm, height: 14cm)\n#set super(typographic: false)\n{lines}")
    (page,) = read_glyphs(turn(data, 90), name="x")
    spacing = learn_spacing([page])
    found = order_lines(page, find_runs(page), None, spacing=spacing)
    assert [line.text for line in found] == ["First line of some length", "Second 12"]
    assert found[1].raised == [(8, 9)]
    assert page.width > page.height


def test_blank_page_and_text_at_an_angle_are_told() -> None:
    mark = compile_source('#set page(paper: "a5")\n#rotate(45deg)[DRAFT]\n\nWithout a number.')
    read = parse_pdf(join(SMALL_PDF, compile_source("#page[]"), mark), "a.pdf")
    told = {w.kind: w.message for w in read.warnings}
    assert told["blank-page"] == "page 2 has no text"
    assert told["rotated"] == "5 characters of page 3 don't stand upright; left out"


def test_undecodable_characters_are_counted_and_too_many_refused() -> None:
    private = '#text(font: "Noto Serif SC", fallback: false)[\\u{e000}]'  # no character is there, only a box
    read = one_page(f"2. It costs {private} more.")
    assert texts(read)[2] == "It costs \ufffd more."
    assert [w.message for w in read.warnings if w.kind == "undecoded"] == [
        "1 characters of page 1 can't be decoded; they stand as U+FFFD"
    ]
    with pytest.raises(SourceError, match=r"can't be decoded \(page 1\).*--force-ocr"):
        one_page(f"2. It costs {private * 60} more.")


def test_ligatures_become_letters() -> None:
    read = one_page("2. The o\ufb03cial \ufb01gures of the ﬂeet.")
    assert texts(read)[2] == "The official figures of the fleet."


def test_text_below_a_heading_without_a_number_is_told() -> None:
    read = one_page("2. The last one.", '#text(weight: "bold")[Annex]', "A table of things that are not numbered.")
    assert texts(read)[2] == "The last one."
    assert [str(h) for h in read.headings] == ["I. Trends", "Annex"]
    told = [w.message for w in read.warnings if w.kind == "unnumbered-text"]
    assert told == ["text without a number below a heading left out: 'A table of things that are not numbered.'"]


def test_raised_numbers_that_are_no_markers_stay() -> None:
    read = one_page("2. It covers 10 km#super[2] of land.#footnote[Survey.] It is large.")
    assert texts(read)[2] == "It covers 10 km2 of land. It is large."
    assert links(read) == [(1, 2, 25)]
    assert [w.message for w in read.warnings if w.kind == "stray-number"] == [
        "raised number 2 is no marker of a footnote that was found; left in the text"
    ]


def test_notes_on_the_cover_are_told() -> None:
    star = "#place(bottom, text(size: 7pt)[\\* A/66/50.])"
    read = one_page("2. A second one.", star)
    assert [w.message for w in read.warnings if w.kind == "small-print"] == [
        "small print left out (page 1): '* A/66/50.'"
    ]
    assert texts(read)[2] == "A second one."


def test_footnote_that_begins_with_a_year() -> None:
    read = one_page("2. 条约有了报告。#footnote[2021–2025 年工作组。]它很长。")
    assert [(n.number, n.text) for n in read.footnotes] == [(1, "2021–2025 年工作组。")]
    assert texts(read)[2] == "条约有了报告。它很长。"


def test_bold_words_inside_a_paragraph_are_no_heading() -> None:
    words = '#text(weight: "bold")[' + "Important words that fill more than one line of text " * 3 + "]"
    rest = "and the rest, which is longer than they are, so that its font is the font of the text. " * 3
    read = one_page(f"2. Some text. {words} {rest}")
    assert [str(h) for h in read.headings] == ["I. Trends"]
    assert texts(read)[2].endswith("the font of the text.")


def hyphenated(*lines: str, others: str = "") -> list[str]:
    body = [Line(i, text, indented=False, after_blank=False) for i, text in enumerate([*lines, others], start=1)]
    layout = Layout(pages=[(body, [])], footnotes=[FootnoteBlock(1, [])])
    settle_hyphens(layout)
    return [line.text for line in body[: len(lines)]]


@pytest.mark.parametrize(
    ("line", "following", "others", "kept"),
    [
        ("the devel", "opment of", "", False),
        ("the coordi", "nators of", "", False),
        ("of high", "income countries", "in high and income terms", True),
        ("of the do", "main name", "the main thing to do now", False),
        ("about e", "health tools", "the eHealth toolkit here", True),
        ("a multi", "stakeholder forum", "a multi-stakeholder event here", True),
        ("by UN", "CTAD and", "by UNCTAD and others", False),
        ("the Asia", "Pacific region", "", True),
        ("in 2009", "2010 and", "", True),
    ],
)
def test_hyphens_at_line_ends(line: str, following: str, others: str, kept: bool) -> None:
    found = hyphenated(f"{line}\u00ad", following, others=f"and {others} too")
    assert found[0] == f"{line}-" if kept else f"{line}\u00ad"


WORDS = st.lists(st.sampled_from(["net", "信息", "2010", "access,", "社会。", "x"]), min_size=1, max_size=6)


def set_words(words: list[str], x: float, y: float, *, spaces: bool) -> list[Glyph]:
    """Set words on a line as a typesetter does: Han an em wide, others half, a quarter of an em between words."""
    glyphs = []
    for i, word in enumerate(words):
        if i:
            glyphs += [Glyph(" ", x, x + 2.5, y, 10, "F")] if spaces else []
            x += 2.5
        for character in word:
            width = 10 if ord(character) > 0x2E80 else 5
            glyphs.append(Glyph(character, x, x + width, y, 10, "F"))
            x += width
    return glyphs


@settings(max_examples=40, deadline=None)
@given(
    left=st.lists(WORDS, min_size=3, max_size=8),
    right=st.lists(WORDS, min_size=3, max_size=8),
    spaces=st.booleans(),
    seed=st.integers(0, 2**16),
)
def test_lines_and_columns_do_not_depend_on_the_order_in_the_file(
    left: list[list[str]], right: list[list[str]], spaces: bool, seed: int
) -> None:
    page = PageGlyphs(1, 600, 800)
    for x, column in ((50, left), (320, right)):
        for i, words in enumerate(column):
            page.glyphs += set_words(words, x, 700 - 13 * i, spaces=spaces)
    in_order = read_lines(page)
    assert [squeeze(line) for line in in_order] == ["".join(words) for words in (*left, *right)]
    random.Random(seed).shuffle(page.glyphs)  # noqa: S311
    assert [squeeze(line) for line in read_lines(page)] == [squeeze(line) for line in in_order]


def read_lines(page: PageGlyphs) -> list[str]:
    runs = find_runs(page)
    spacing = learn_spacing([page])
    return [line.text for line in order_lines(page, runs, find_gutter([page], [runs]), spacing=spacing)]


@settings(max_examples=40, deadline=None)
@given(words=st.lists(st.sampled_from(["net", "2010", "access,", "x"]), min_size=1, max_size=9), spaces=st.booleans())
def test_latin_words_keep_their_spaces_without_space_characters(words: list[str], spaces: bool) -> None:
    page = PageGlyphs(1, 600, 800, set_words(words, 50, 700, spaces=spaces))
    assert read_lines(page) == [" ".join(words)]


def test_han_characters_set_apart_have_no_space_between() -> None:
    glyphs = [Glyph(c, 50 + 18 * i, 60 + 18 * i, 700, 10, "F") for i, c in enumerate("内容提要")]
    glyphs.insert(2, Glyph(" ", 78, 86, 700, 10, "F"))
    assert read_lines(PageGlyphs(1, 600, 800, glyphs)) == ["内容提要"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(place=st.floats(0, 1), flipped=st.binary(min_size=1, max_size=8), cut=st.booleans())
def test_damaged_files_give_a_report_or_a_source_error(place: float, flipped: bytes, cut: bool) -> None:
    at = int(place * (len(SMALL_PDF) - 1))
    data = SMALL_PDF[:at] + flipped + (b"" if cut else SMALL_PDF[at + len(flipped) :])
    try:
        read = parse_pdf(data)
    except SourceError:
        return
    assert read.paragraphs


def test_language_and_year_can_be_given() -> None:
    report = replace(SMALL_REPORT, edition=replace(SMALL_REPORT.edition, session=67))
    read = parse_pdf(typeset(report), lang="zh", year=2012)
    assert (read.edition.lang, read.edition.year) == ("zh", 2012)


def test_letters_of_a_ligature_share_its_box() -> None:
    boxes = [("o", 50, 55), ("f", 55, 62), ("i", 55, 58.5), ("n", 62.2, 67)]
    page = PageGlyphs(1, 600, 800, [Glyph(c, x0, x1, 700, 10, "F") for c, x0, x1 in boxes])
    assert read_lines(page) == ["ofin"]


def test_spaces_in_a_justified_line_of_a_file_without_space_characters() -> None:
    glyphs, x = [], 50.0
    for character in "于各国 2012 年底所有的":
        if character != " ":
            width = 5 if character.isdigit() else 10
            glyphs.append(Glyph(character, x, x + width, 700, 10, "F"))
            x += width + (0 if character.isdigit() else 1)  # each Han character set 0.1 em from the next
        else:
            x += 2.5
    assert read_lines(PageGlyphs(1, 600, 800, glyphs)) == ["于各国 2012 年底所有的"]
    for glyph in glyphs[3:]:
        glyph.x0, glyph.x1 = glyph.x0 - 2.5, glyph.x1 - 2.5
    assert read_lines(PageGlyphs(1, 600, 800, glyphs)) == ["于各国2012 年底所有的"]
