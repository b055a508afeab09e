from datetime import UTC, datetime
from pathlib import Path

import pytest

from textmine.errors import SourceError
from textmine.reports.corpus import OFFICIAL, load_corpus
from textmine.reports.import_files import import_report
from textmine.reports.manifest import load_manifest

from .misbehaving import read_shell, report_text, shell_docx, shell_pdf

NOW = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, data: str | bytes) -> Path:
    path = Path(name)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize(("lang", "encoding"), [("zh", "utf-8"), ("zh", "gb18030"), ("en", "utf-8")])
def test_a_text_goes_under_its_own_name_byte_for_byte(lang: str, encoding: str) -> None:
    path = write("我的 报告.txt", report_text(2011, lang).encode(encoding))
    stored = import_report(path, now=lambda: NOW)
    assert stored.path == OFFICIAL / f"A-66-64.{lang}.txt"
    assert stored.path.read_bytes() == path.read_bytes()
    entry = load_manifest(OFFICIAL)[stored.path.name]
    assert (entry.year, entry.lang, entry.symbol, entry.url) == (2011, lang, "A/66/64-E/2011/77", "")
    assert (entry.imported_from, entry.retrieved) == ("我的 报告.txt", "2026-01-01T12:00:00Z")


@pytest.mark.parametrize(("pack", "name"), [(shell_pdf, "A-66-64.en.pdf"), (shell_docx, "A-66-64.en.docx")])
def test_the_format_is_told_by_content(monkeypatch: pytest.MonkeyPatch, pack: object, name: str) -> None:
    assert callable(pack)
    monkeypatch.setattr("textmine.reports.identify.read_report", read_shell)
    assert import_report(write("x.txt", pack(report_text()))).path == OFFICIAL / name


def test_a_differing_file_is_kept() -> None:
    import_report(write("a.txt", report_text()))
    stored = import_report(write("b.txt", report_text(version="Corrected.")))
    assert stored.status == "replaced"
    assert stored.kept is not None
    assert stored.kept.read_bytes() == Path("a.txt").read_bytes()


def test_a_doubt_leaves_nothing() -> None:
    with pytest.raises(SourceError, match=r"a\.txt: .*--symbol"):
        import_report(write("a.txt", report_text(symbol="A/66/65")))
    assert not OFFICIAL.exists()


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.md", "---\nkind: sample\n---\n", "Markdown is read where it is"),
        ("a.txt", "", "0 bytes"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old binary Word"),
        ("a.pdf", b"%PDF-1.7\nhalf", "cut short"),
    ],
)
def test_what_can_not_be_imported(name: str, data: str | bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        import_report(write(name, data))
    assert not OFFICIAL.exists()


def test_too_large() -> None:
    with pytest.raises(SourceError, match="larger than"):
        import_report(write("a.txt", report_text()), max_bytes=10)


def test_what_was_imported_is_the_official_corpus() -> None:
    import_report(write("a.txt", report_text()))
    import_report(write("b.txt", report_text(2012, "zh")))
    found = [(report.edition.year, report.edition.lang, report.edition.corpus) for report in load_corpus("official")]
    assert found == [(2011, "en", "official"), (2012, "zh", "official")]


def test_the_manifest_says_which_edition_a_text_is_that_does_not_say_it_itself() -> None:
    text = report_text(symbol="").replace("Sixty-sixth session", "")
    import_report(write("a.txt", text), symbol="A/66/64")
    (OFFICIAL / "A-66-64.en.txt").rename(OFFICIAL / "renamed.txt")
    manifest = (OFFICIAL / "manifest.json").read_text(encoding="utf-8")
    (OFFICIAL / "manifest.json").write_text(manifest.replace("A-66-64.en.txt", "renamed.txt", 1), encoding="utf-8")
    (report,) = load_corpus("official")
    assert report.edition.symbol == "A/66/64-E/2011/77"


def test_the_official_text(official_path: Path) -> None:
    stored = import_report(official_path)
    assert stored.path == OFFICIAL / "A-66-64.zh.txt"
    (report,) = load_corpus("official")
    assert len(report.paragraphs) == 167
    assert report.edition.corpus == "official"
