"""PDF and Word files wherever a report is read: one file, several, a corpus, import; a bad one costs itself only."""

import io
import time
from pathlib import Path

import pytest
from command_line import Textmine

from textmine.errors import SourceError
from textmine.reports.catalogue import find_edition
from textmine.reports.corpus import OFFICIAL, load_corpus, read_corpus, read_files
from textmine.reports.fetch import check_document
from textmine.reports.import_files import import_report
from textmine.reports.read import read_report
from textmine.resources import resource_path

from .reading import texts
from .typesetting import typeset
from .word_documents import make_document, pack

LANGS = ("zh", "en")


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """The sample of 2011 as Word and PDF files, by name."""
    made = {}
    for lang in LANGS:
        report = read_report(resource_path("sample", f"2011.{lang}.md"))
        made[f"{lang}.docx"], made[f"{lang}.pdf"] = make_document(report), typeset(report)
    return made


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def make_pdf(n_pages: int, *, trailer: str = "") -> bytes:
    """Return a PDF of empty pages."""
    kids = " ".join(f"{i} 0 R" for i in range(3, n_pages + 3))
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {n_pages}/Kids[{kids}]>>"]
    objects += ["<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"] * n_pages
    stream, places = io.BytesIO(), []
    stream.write(b"%PDF-1.7\n")
    for i, content in enumerate(objects, start=1):
        places.append(stream.tell())
        stream.write(f"{i} 0 obj{content}endobj\n".encode())
    start = stream.tell()
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    stream.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{rows}".encode())
    stream.write(f"trailer<</Size {len(objects) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF".encode())
    return stream.getvalue()


@pytest.mark.parametrize("name", ["zh.docx", "en.docx", "zh.pdf", "en.pdf"])
def test_a_file_is_read_by_what_it_holds(here: Path, files: dict[str, bytes], name: str) -> None:
    path = here / "报告 1.txt"
    path.write_bytes(files[name])
    report = read_report(path)
    sample = read_report(resource_path("sample", f"2011.{name[:2]}.md"))
    assert (report.edition.year, report.edition.lang) == (2011, name[:2])
    assert report.source.name == path.name
    assert len(report.source.sha256) == 64
    if name.endswith("docx"):
        assert texts(report) == texts(sample)
    else:
        assert texts(report).keys() == texts(sample).keys()


def test_several_are_read_and_a_bad_one_costs_itself_only(here: Path, files: dict[str, bytes]) -> None:
    for name, data in {
        "a.docx": files["en.docx"], "b.pdf": files["zh.pdf"], "c.docx": files["en.docx"][:5000],
        "d.pdf": b"", "e.docx": pack("<w:p/>" * 3_000_000), "f.pdf": b"%PDF-1.7 broken\n%%EOF",
    }.items():  # fmt: skip
        (here / name).write_bytes(data)
    said: list[str] = []
    reports, errors = read_files(sorted(here.iterdir()), progress=said.append)
    assert {report.source.name for report in reports} == {"a.docx", "b.pdf"}
    assert [str(error).partition(": ")[0].rpartition("/")[2] for error in errors] == [
        "c.docx",
        "d.pdf",
        "e.docx",
        "f.pdf",
    ]
    assert said == ["a.docx", "b.pdf", "c.docx", "d.pdf", "e.docx", "f.pdf"]
    with pytest.raises(SourceError, match=r"c\.docx"):
        load_corpus(here)


def test_import_makes_them_the_official_corpus(here: Path, files: dict[str, bytes]) -> None:
    for name in ("zh.pdf", "en.docx"):
        (here / name).write_bytes(files[name])
        import_report(here / name)
    assert sorted(path.name for path in OFFICIAL.glob("A*")) == ["A-66-64.en.docx", "A-66-64.zh.pdf"]
    reports, errors = read_corpus("official")
    assert not errors
    assert [(report.edition.year, report.edition.lang, report.edition.corpus) for report in reports] == [
        (2011, "en", "official"), (2011, "zh", "official"),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_what_was_fetched_is_checked_by_reading_it(files: dict[str, bytes], kind: str) -> None:
    edition = find_edition(2011, "en")
    assert edition is not None
    assert check_document(files[f"en.{kind}"], edition, kind).edition == edition


@pytest.mark.usefixtures("without_figures")
def test_the_command_line_reads_them(textmine: Textmine, files: dict[str, bytes]) -> None:
    Path("f.docx").write_bytes(files["en.docx"])
    Path("f 汉.pdf").write_bytes(files["zh.pdf"])
    code, out, err = textmine("read", "f 汉.pdf")
    assert (code, err) == (0, "")
    assert "41 paragraphs" in out
    Path("bad.docx").write_bytes(b"\xd0\xcf\x11\xe0" * 200)
    code, out, err = textmine("run", "f.docx", "f 汉.pdf", "bad.docx", "--out", "out")
    assert code == 1
    assert "bad.docx: this is an old binary Word file" in err
    assert Path("out/run.json").is_file()
    assert textmine("import", "f.docx").code == 0


HOSTILE = {
    "0 bytes": (b"", "0 bytes"),
    "no PDF": (b"%PDF-1.7\n" + bytes(1000) + b"%%EOF", "PDF"),
    "10,000 pages": (make_pdf(10_000), "10,000"),
    "empty page": (make_pdf(1), "page|text"),
    "encrypted": (
        make_pdf(1, trailer=f"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O({'o' * 32})/U({'u' * 32})>>/ID[(a)(a)]"),
        "password|encrypted",
    ),
    "Word of 3 million paragraphs": (pack("<w:p/>" * 3_000_000), "200 times"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "said"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_are_refused_in_bounded_time(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "report"
    path.write_bytes(data)
    start = time.monotonic()
    with pytest.raises(SourceError, match=said) as caught:
        read_report(path, year=2011)
    assert "report: " in str(caught.value)
    assert time.monotonic() - start < 60
