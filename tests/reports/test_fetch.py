from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from textmine.errors import FetchError, OutputError, UnknownOptionError
from textmine.reports import fetch as fetch_module
from textmine.reports.catalogue import find_edition
from textmine.reports.fetch import Outcome, check_document, fetch_editions
from textmine.reports.fetch_settings import ClientSettings
from textmine.reports.manifest import load_manifest

from .misbehaving import (
    NOW,
    Behaviour,
    Clock,
    Handler,
    Server,
    break_off,
    read_shell,
    redirect,
    report_text,
    send,
    serve,
    shell_docx,
    shell_pdf,
    silence,
)

PDF = shell_pdf(report_text())
FILE = "A-66-64.en.pdf"

Fetch = Callable[..., list[Outcome]]


@pytest.fixture(autouse=True)
def shells(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents here are text in a shell; that real ones are read is tested at the end."""
    monkeypatch.setattr("textmine.reports.identify.read_report", read_shell)


@pytest.fixture
def fetch(tmp_path: Path, clock: Clock) -> Fetch:
    def run(server: Server, *, limits: dict[str, object] | None = None, **options: object) -> list[Outcome]:
        settings = ClientSettings(hosts=("127.0.0.1",), loopback=True, **(limits or {}))  # type: ignore[arg-type]
        options = {"years": [2011], "langs": ["en"], "folder": tmp_path, **options}
        return fetch_editions(
            settings=settings, service=server.service, clock=clock, sleep=clock.sleep, now=lambda: NOW, **options  # type: ignore[arg-type]
        )  # fmt: skip

    return run


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def queries(server: Server) -> list[tuple[str, ...]]:
    return [tuple(value[0] for value in parse_qs(urlsplit(path).query).values()) for path, _ in server.asked]


def by_query(documents: dict[tuple[str, str, str], bytes]) -> Behaviour:
    """Serve documents by symbol, language and type, 404 for others."""

    def answer(handler: Handler) -> None:
        asked = tuple(value[0] for value in parse_qs(urlsplit(handler.path).query).values())
        body = documents.get(asked)  # type: ignore[arg-type]
        (send(b"no", 404) if body is None else send(body))(handler)

    return answer


# --- what goes well


def test_a_document_is_kept_and_recorded(fetch: Fetch, tmp_path: Path) -> None:
    with serve(send(PDF, etag='"7"')) as server:
        (outcome,) = fetch(server)
    assert (outcome.file, outcome.status, outcome.message, outcome.ok) == (FILE, "fetched", "", True)
    assert files_in(tmp_path) == [FILE, "manifest.json"]
    assert (tmp_path / FILE).read_bytes() == PDF
    assert queries(server) == [("A/66/64", "en", "pdf")]
    entry = load_manifest(tmp_path)[FILE]
    assert (entry.year, entry.lang, entry.symbol, entry.kind) == (2011, "en", "A/66/64-E/2011/77", "pdf")
    assert (entry.url, entry.retrieved) == (f"{server.url}/doc?s=A%2F66%2F64&l=en&t=pdf", "2026-01-01T12:00:00Z")
    assert (entry.etag, entry.n_bytes) == ('"7"', len(PDF))
    assert "ST/AI/189/Add.9/Rev.2" in entry.terms


def test_the_other_half_of_the_symbol_and_the_other_spelling_of_the_language_are_tried(fetch: Fetch) -> None:
    with serve(by_query({("E/2011/77", "E", "pdf"): PDF})) as server:
        (outcome,) = fetch(server)
    assert outcome.status == "fetched"
    assert queries(server) == [
        ("A/66/64", "en", "pdf"), ("A/66/64", "E", "pdf"), ("E/2011/77", "en", "pdf"), ("E/2011/77", "E", "pdf"),
    ]  # fmt: skip


def test_years_languages_and_formats(fetch: Fetch, tmp_path: Path, clock: Clock) -> None:
    documents = {
        ("A/66/64", "zh", "pdf"): shell_pdf(report_text(2011, "zh")),
        ("A/66/64", "zh", "doc"): shell_docx(report_text(2011, "zh")),
        ("A/66/64", "en", "pdf"): PDF,
        ("A/66/64", "en", "doc"): shell_docx(report_text()),
        ("A/67/66", "zh", "pdf"): shell_pdf(report_text(2012, "zh")),
        ("A/67/66", "zh", "doc"): shell_docx(report_text(2012, "zh")),
        ("A/67/66", "en", "pdf"): shell_pdf(report_text(2012)),
        ("A/67/66", "en", "doc"): shell_docx(report_text(2012)),
    }
    said: list[str] = []
    with serve(by_query(documents)) as server:
        outcomes = fetch(
            server, years=[2012, 2011], langs=["zh", "en"], formats=["pdf", "docx"], progress=said.append
        )  # fmt: skip
    assert [outcome.status for outcome in outcomes] == ["fetched"] * 8
    assert files_in(tmp_path) == sorted([*(outcome.file for outcome in outcomes), "manifest.json"])
    assert list(load_manifest(tmp_path)) == sorted(outcome.file for outcome in outcomes)
    assert said[0] == "fetching A-66-64.zh.pdf"
    assert clock.now == 7.0  # eight requests, a second apart


def test_an_edition_whose_symbol_was_never_verified_may_print_another(fetch: Fetch, tmp_path: Path) -> None:
    with serve(send(shell_pdf(report_text(2014, symbol="A/69/99–E/2014/98")))) as server:
        (outcome,) = fetch(server, years=[2014])
    assert outcome.status == "fetched"
    assert outcome.message == "its cover prints A/69/99 E/2014/98; the catalogue has A/69/65-E/2014/12 (not verified)"
    assert load_manifest(tmp_path)["A-69-65.en.pdf"].note == outcome.message


# --- going on, and asking again


def test_what_is_there_is_not_asked_for_again(fetch: Fetch) -> None:
    with serve(send(PDF)) as server:
        fetch(server)
        (outcome,) = fetch(server)
    assert (outcome.status, len(server.asked)) == ("present", 1)


def test_a_stopped_job_goes_on_where_it_was(fetch: Fetch, tmp_path: Path) -> None:
    def interrupt(message: str) -> None:
        if message == "fetching A-67-66.en.pdf":
            raise KeyboardInterrupt

    with serve(send(PDF)) as server, pytest.raises(KeyboardInterrupt):
        fetch(server, years=[2011, 2012], progress=interrupt)
    assert files_in(tmp_path) == [FILE, "manifest.json"]
    with serve(send(shell_pdf(report_text(2012)))) as server:
        outcomes = fetch(server, years=[2011, 2012])
    assert [outcome.status for outcome in outcomes] == ["present", "fetched"]
    assert len(server.asked) == 1


def test_a_file_that_was_changed_is_asked_for_again_and_kept(fetch: Fetch, tmp_path: Path) -> None:
    with serve(send(PDF)) as server:
        fetch(server)
        (tmp_path / FILE).write_bytes(b"changed by hand")
        (outcome,) = fetch(server)
    assert outcome.status == "replaced"
    (kept,) = (tmp_path / "superseded").iterdir()
    assert kept.read_bytes() == b"changed by hand"
    assert str(kept) in outcome.message
    assert (tmp_path / FILE).read_bytes() == PDF


def test_refresh_asks_whether_it_changed(fetch: Fetch) -> None:
    date = "Thu, 01 Jan 2026 10:00:00 GMT"
    with serve(send(PDF, etag='"7"', last_modified=date), send(status=304)) as server:
        fetch(server)
        (outcome,) = fetch(server, refresh=True)
    assert outcome.status == "unchanged"
    headers = server.asked[1][1]
    assert (headers["if-none-match"], headers["if-modified-since"]) == ('"7"', date)


def test_refresh_asks_first_where_it_came_from(fetch: Fetch) -> None:
    with serve(by_query({("E/2011/77", "E", "pdf"): PDF})) as server:
        fetch(server)
        (outcome,) = fetch(server, refresh=True)
    assert outcome.status == "unchanged"
    assert queries(server)[4:] == [("E/2011/77", "E", "pdf")]


def test_a_new_version_replaces_the_old_one_which_is_kept(fetch: Fetch, tmp_path: Path) -> None:
    newer = shell_pdf(report_text(version="It was reissued."))
    with serve(send(PDF), send(newer)) as server:
        fetch(server)
        (outcome,) = fetch(server, refresh=True)
    assert outcome.status == "replaced"
    assert (tmp_path / FILE).read_bytes() == newer
    (kept,) = (tmp_path / "superseded").iterdir()
    assert kept.read_bytes() == PDF
    entry = load_manifest(tmp_path)[FILE]
    assert kept.name == f"A-66-64.en.{entry.supersedes[:12]}.pdf"


def test_a_file_that_no_manifest_knows_is_kept_when_it_differs(fetch: Fetch, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"put here by hand")
    with serve(send(PDF)) as server:
        (outcome,) = fetch(server)
    assert outcome.status == "replaced"
    assert [path.read_bytes() for path in (tmp_path / "superseded").iterdir()] == [b"put here by hand"]


# --- what goes wrong: a clear reason, and nothing left

HTML = b"\n<!DOCTYPE html><html><body>No document matches your request</body></html>"
FRENCH = report_text().replace("The ", "Le ").replace(" the ", " le ").replace(" of ", " de ").replace(" to ", " a ")
FAULTS: dict[str, tuple[Behaviour, str]] = {
    "404": (send(b"no", 404), "no such document"),
    "empty": (send(b""), "empty body"),
    "html": (send(HTML, content_type="application/pdf"), "an HTML page, not a document"),
    "word": (send(shell_docx(report_text())), "type docx, not pdf; ask for it with --format docx"),
    "old-word": (send(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99)), "old binary Word file .*LibreOffice"),
    "wordperfect": (send(b"\xffWPC" + bytes(99)), "WordPerfect file; convert it"),
    "text": (send(b"No document."), "type txt, not pdf"),
    "truncated-pdf": (send(PDF[:-8]), "cut short"),
    "truncated": (break_off(PDF), "breaks off"),
    "500": (send(b"", 500), "status 500"),
    "429": (send(b"", 429, retry_after="9"), "status 429"),
    "slow": (silence, "longer than"),
    "loop": (redirect("/doc"), "in a circle"),
    "elsewhere": (redirect("https://example.org/report.pdf"), r"redirects to 'example\.org'"),
    "large": (send(PDF + bytes(5000)), r"more than 0\.005 MB"),
    "other-edition": (send(shell_pdf(report_text(2012))), "symbol A/67/66 E/2012/49, session 67"),
    "other-language": (send(shell_pdf(report_text(2011, "zh"))), "the text is in zh, not en"),
    "french": (send(shell_pdf(FRENCH)), "neither plainly Chinese nor plainly English"),
    "other-report": (send(shell_pdf(report_text(symbol="A/66/65"))), "symbol A/66/65"),
    "no-paragraphs": (send(shell_pdf("A/66/64\n\nNothing numbered here.")), "no numbered paragraph"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_leaves_no_file_and_says_why(fetch: Fetch, tmp_path: Path, fault: str) -> None:
    behaviour, message = FAULTS[fault]
    with serve(behaviour) as server:
        (outcome,) = fetch(server, limits={"max_bytes": 5000, "request_seconds": 0.2})
    assert (outcome.status, outcome.ok) == ("failed", False)
    assert pytest.raises(AssertionError, match=message).matches(AssertionError(outcome.message)), outcome.message
    assert files_in(tmp_path) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_leaves_the_file_that_was_there(fetch: Fetch, tmp_path: Path, fault: str) -> None:
    with serve(send(PDF)) as server:
        fetch(server)
    before = (tmp_path / "manifest.json").read_bytes()
    with serve(FAULTS[fault][0]) as server:
        fetch(server, refresh=True, limits={"max_bytes": 5000, "request_seconds": 0.1, "attempts": 1})
    assert files_in(tmp_path) == [FILE, "manifest.json"]
    assert (tmp_path / FILE).read_bytes() == PDF
    assert (tmp_path / "manifest.json").read_bytes() == before


def test_a_pdf_where_word_was_asked(fetch: Fetch) -> None:
    with serve(send(PDF)) as server:
        (outcome,) = fetch(server, formats=["docx"])
    assert outcome.message == "what came is a file of type pdf, not docx; ask for it with --format pdf"


def test_each_reason_is_said_once(fetch: Fetch) -> None:
    with serve(send(b"no", 404), send(b""), send(b"no", 404)) as server:
        (outcome,) = fetch(server)
    assert outcome.message.count("status 404") == 1
    assert outcome.message.count("empty body") == 1
    assert len(server.asked) == 4


def test_a_symbol_that_was_never_verified_is_named_as_a_doubt(fetch: Fetch) -> None:
    with serve(send(b"no", 404)) as server:
        (outcome,) = fetch(server, years=[2014])
    assert outcome.message.endswith("the catalogue's symbol A/69/65-E/2014/12 is not verified")


def test_one_failure_does_not_end_the_job(fetch: Fetch) -> None:
    with serve(by_query({("A/67/66", "en", "pdf"): shell_pdf(report_text(2012))})) as server:
        assert [outcome.status for outcome in fetch(server, years=[2011, 2012])] == ["failed", "fetched"]


def test_a_service_that_is_down_is_left_alone(fetch: Fetch) -> None:
    with serve(send(b"", 500)) as server:
        outcomes = fetch(server, years=range(2008, 2026), limits={"attempts": 1})
    assert [outcome.status for outcome in outcomes] == ["failed"] * 3 + ["skipped"] * 15
    assert outcomes[-1].message == "not asked for: 3 documents in a row weren't answered"
    assert len(server.asked) == 3


def test_a_server_that_asks_for_a_long_rest_gets_it(fetch: Fetch) -> None:
    with serve(send(PDF), send(b"", 429, retry_after="86400")) as server:
        outcomes = fetch(server, years=[2011, 2012, 2013])
    assert [outcome.status for outcome in outcomes] == ["fetched", "failed", "skipped"]
    assert "asks to wait 86,400 seconds" in outcomes[2].message
    assert len(server.asked) == 2


def test_what_is_there_is_present_also_after_the_job_has_ended(fetch: Fetch) -> None:
    with serve(send(shell_pdf(report_text(2012)))) as server:
        fetch(server, years=[2012])
    with serve(send(b"", 429, retry_after="86400")) as server:
        outcomes = fetch(server, years=[2011, 2012])
    assert [outcome.status for outcome in outcomes] == ["failed", "present"]


@pytest.mark.parametrize(
    ("options", "named"), [({"years": [2011, 1999]}, "1999"), ({"langs": ["fr"]}, "fr"), ({"formats": ["doc"]}, "doc")]
)
def test_unknown_wishes(fetch: Fetch, options: dict[str, object], named: str) -> None:
    with serve(send(PDF)) as server, pytest.raises(UnknownOptionError, match=f"{named}.*valid"):
        fetch(server, **options)
    assert server.asked == []


def test_a_folder_that_is_a_file(fetch: Fetch, tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"")
    with serve(send(PDF)) as server, pytest.raises(OutputError):
        fetch(server, folder=tmp_path / "taken")
    assert server.asked == []


@pytest.mark.parametrize("where", [".A-66-64", ".manifest", "document"])
def test_a_full_disk_is_said_and_leaves_no_half(
    fetch: Fetch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def fill(method: str) -> None:
        write = getattr(Path, method)

        def full(path: Path, *rest: object, **named: object) -> int:
            if path.name.startswith(where):
                raise OSError(28, "No space left on device")
            return int(write(path, *rest, **named))

        monkeypatch.setattr(Path, method, full)

    fill("write_bytes")
    fill("write_text")
    with serve(send(PDF)) as server, pytest.raises(OutputError, match="No space left"):
        fetch(server)
    monkeypatch.undo()
    # The document is written before the manifest knows it; the next job asks for it again and finds it the same.
    assert files_in(tmp_path) == ([FILE] if where == ".manifest" else [])


# --- the check, and real documents


def test_the_check_says_what_came() -> None:
    edition = find_edition(2011, "en")
    assert edition is not None
    assert check_document(PDF, edition, "pdf").edition == edition
    with pytest.raises(FetchError, match=r"^what came is an empty file"):
        check_document(b"", edition, "pdf")


def test_defaults_are_the_series_in_both_languages_over_https() -> None:
    assert list(fetch_module.YEARS) == list(range(2008, 2026))
    settings = ClientSettings()
    assert (settings.hosts, settings.loopback, settings.interval) == (("un.org",), False, 1.0)
    assert (settings.proxy, settings.use_env_proxy) == (None, False)
