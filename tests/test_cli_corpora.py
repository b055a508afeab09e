"""`textmine catalogue`, `fetch` and `import`, and the corpus that every output names."""

import json
from pathlib import Path

import polars as pl
import pytest
import trustme
from command_line import Textmine
from reports.misbehaving import certified, read_shell, redirect, report_text, send, serve, shell_pdf


def write(name: str, text: str) -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def test_the_catalogue_shows_what_is_here(textmine: Textmine) -> None:
    code, out, _ = textmine("catalogue")
    assert code == 0
    assert "official texts here (corpus/official): 0 of 38" in out
    textmine("import", write("a.txt", report_text()))
    Path("corpus/official/A-67-66.zh.pdf").write_bytes(b"by hand")
    _, out, _ = textmine("catalogue")
    rows = {line.split()[0]: line.split() for line in out.splitlines() if line[:2] == "20"}
    assert sorted(rows) == [str(year) for year in range(2007, 2026)]
    assert rows["2011"] == ["2011", "A/66/64-E/2011/77", "2011-03-14", "yes", "zh", "en", "-", "txt"]
    assert rows["2012"][-2:] == ["pdf?", "-"]
    assert rows["2014"][2:] == ["-", "no", "zh", "en", "-", "-"]
    assert "1 of 38" in out
    assert "no manifest knows it" in out


def test_import_says_where_each_file_went(textmine: Textmine) -> None:
    code, out, err = textmine("import", write("a.txt", report_text()), write("b.txt", report_text(2012, "zh")))
    assert (code, err) == (0, "")
    assert "a.txt: imported as corpus/official/A-66-64.en.txt (A/66/64-E/2011/77, 2011, en)" in out
    assert "b.txt: imported as corpus/official/A-67-66.zh.txt" in out
    assert "already there" in textmine("import", "a.txt")[1]
    code, out, _ = textmine("import", write("c.txt", report_text(version="Corrected.")))
    assert code == 0
    assert "the former file differs and is kept as corpus/official/superseded/A-66-64.en." in out


def test_import_refuses_a_doubt_and_takes_the_rest(textmine: Textmine) -> None:
    write("doubt.txt", report_text(symbol="A/66/65"))
    code, out, err = textmine("import", "doubt.txt", write("b.txt", report_text(2012)))
    assert code == 1
    assert "b.txt: imported as" in out
    assert "doubt.txt: its cover says symbol A/66/65" in err
    assert "--symbol A/66/64" in err
    code, out, _ = textmine("import", "doubt.txt", "--symbol", "A/66/64")
    assert code == 0
    assert "! its cover prints A/66/65" in out


@pytest.mark.usefixtures("without_figures")
def test_the_official_corpus_runs_after_an_import(textmine: Textmine) -> None:
    textmine("import", write("a.txt", report_text()))
    code, out, _ = textmine("run", "--corpus", "official", "--out", "out")
    assert code == 0
    assert "corpus: official" in out
    assert pl.read_parquet("out/tables/paragraphs.parquet")["corpus"].unique().to_list() == ["official"]
    assert json.loads(Path("out/run.json").read_text(encoding="utf-8"))["corpus"] == ["official"]


@pytest.mark.usefixtures("without_figures")
@pytest.mark.parametrize("how", ["option", "variable"])
def test_a_corpus_of_ones_own_is_named(textmine: Textmine, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    Path("我的 texts").mkdir()
    write("我的 texts/a.txt", report_text())
    if how == "variable":
        monkeypatch.setenv("TEXTMINE_CORPUS", "我的 texts")
    options = ["--corpus", "我的 texts"] if how == "option" else []
    _, out, _ = textmine("run", "--out", "out", *options)
    assert "corpus: 我的 texts" in out
    assert pl.read_parquet("out/tables/paragraphs.parquet")["corpus"].unique().to_list() == ["我的 texts"]
    _, out, _ = textmine("evidence", "--concept", "broadband", *options)
    assert "A/66/64-E/2011/77 [en], para. 1" in out


def test_the_official_text_is_imported_and_run(textmine: Textmine, official_path: Path) -> None:
    assert textmine("import", str(official_path))[0] == 0
    code, out, _ = textmine("run", "--corpus", "official", "--out", "out")
    assert code == 0
    assert "167" in out
    svg = Path("out/figures/trend-2011-en.svg").read_text(encoding="utf-8")
    assert "official texts" in svg


# --- fetch: the whole way, through a proxy on loopback that answers for documents.un.org


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def options(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr("textmine.reports.identify.read_report", read_shell)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return ["--years", "2011", "--lang", "en", "--ca-file", "ca.pem"]


def test_fetch_behind_a_proxy(textmine: Textmine, authority: trustme.CA, options: list[str]) -> None:
    pdf = shell_pdf(report_text())
    with serve(send(pdf), context=certified(authority, "documents.un.org")) as proxy:
        code, out, _ = textmine("fetch", *options, "--proxy", proxy.url)
        assert code == 0
        assert "1 fetched" in out
        assert Path("corpus/official/A-66-64.en.pdf").read_bytes() == pdf
        code, out, _ = textmine("fetch", *options, "--proxy", proxy.url)
    assert code == 0
    assert "1 present" in out
    assert [path for path, _ in proxy.asked] == [
        "CONNECT documents.un.org:443", "/api/symbol/access?s=A%2F66%2F64&l=en&t=pdf",
    ]  # fmt: skip


def test_a_redirect_out_of_the_un_is_refused_and_the_exit_code_says_so(
    textmine: Textmine, authority: trustme.CA, options: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("textmine.reports.fetch_pace.Pace.wait", lambda _: None)
    with serve(redirect("https://un.org.example.org/a"), context=certified(authority, "documents.un.org")) as proxy:
        code, out, _ = textmine("fetch", *options, "--proxy", proxy.url)
    assert code == 1
    assert "1 failed" in out
    assert "run the same command again" in out
    assert "un.org.example.org" in " ".join(out.split())
    assert all("example" not in path for path, _ in proxy.asked)
    assert [path.name for path in Path("corpus/official").iterdir()] == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--years", "1999"], "unknown year 1999"),
        (["--years", "soon"], "unknown years 'soon'"),
        (["--lang", "fr"], "unknown language 'fr'"),
        (["--lang", ","], "unknown language"),
        (["--format", "pdf,doc"], "unknown format 'doc'"),
        (["--proxy", "nonsense"], "not a proxy's address"),
        (["--ca-file", "nowhere.pem"], "nowhere.pem: not a file of certificates"),
    ],
)
def test_wishes_that_fetch_refuses_before_it_asks(textmine: Textmine, arguments: list[str], message: str) -> None:
    code, _, err = textmine("fetch", *arguments)
    assert code == 1
    assert message in err
