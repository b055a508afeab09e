import gzip
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from textmine.errors import FetchError
from textmine.reports.fetch_client import PoliteClient
from textmine.reports.fetch_settings import AbsentError, Answer, ClientSettings, UnavailableError

from .misbehaving import (
    NOW,
    Behaviour,
    Clock,
    Server,
    break_off,
    certified,
    not_http,
    redirect,
    send,
    serve,
    silence,
    trickle,
    without_length,
)

LOCAL = {"hosts": ("127.0.0.1",), "loopback": True}


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def get(
    server: Server, clock: Clock, path: str = "/a", headers: dict[str, str] | None = None, **options: object
) -> Answer:
    settings = ClientSettings(**{**LOCAL, **options})  # type: ignore[arg-type]
    with PoliteClient(settings, clock=clock, sleep=clock.sleep, now=lambda: NOW) as client:
        return client.get(server.url + path, headers)


def test_a_document_with_what_is_needed_to_ask_again(clock: Clock) -> None:
    with serve(send(b"text", etag='"1"', last_modified="Thu, 01 Jan 2026 12:00:00 GMT")) as server:
        answer = get(server, clock)
        assert answer == Answer(200, b"text", server.url + "/a", '"1"', "Thu, 01 Jan 2026 12:00:00 GMT")
    assert clock.waits == []


def test_it_says_who_asks(clock: Clock) -> None:
    with serve(send(b"text")) as server:
        get(server, clock, contact="me@example.org")
    ((_, headers),) = server.asked
    assert headers["user-agent"].startswith("textmine/")
    assert "me@example.org" in headers["user-agent"]
    assert headers["accept-encoding"] == "gzip"


def test_not_modified(clock: Clock) -> None:
    with serve(send(status=304)) as server:
        assert get(server, clock, headers={"if-none-match": '"1"'}).status == 304
    assert server.asked[0][1]["if-none-match"] == '"1"'


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_not_there_is_asked_for_once(clock: Clock, status: int) -> None:
    with (
        serve(send(b"<html>", status)) as server,
        pytest.raises(AbsentError, match=f"no such document .status {status}"),
    ):
        get(server, clock)
    assert len(server.asked) == 1


@pytest.mark.parametrize("body", [b"", b" \r\n "])
def test_an_empty_body_with_status_200_is_no_document(clock: Clock, body: bytes) -> None:
    with serve(send(body)) as server, pytest.raises(AbsentError, match="empty body"):
        get(server, clock)


def test_accepted_is_no_document(clock: Clock) -> None:
    with serve(send(b"challenge", 202)) as server, pytest.raises(AbsentError, match="202"):
        get(server, clock)


@pytest.mark.parametrize("status", [401, 403, 451])
def test_a_refusal_is_not_asked_again(clock: Clock, status: int) -> None:
    with serve(send(b"", status)) as server, pytest.raises(UnavailableError, match="refuses") as caught:
        get(server, clock)
    assert (len(server.asked), caught.value.passing) == (1, False)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
def test_a_fault_that_passes_is_asked_again_later_and_later(clock: Clock, status: int) -> None:
    fault = send(b"", status)
    with serve(fault, fault, fault, send(b"text")) as server:
        assert get(server, clock).body == b"text"
    assert len(server.asked) == 4
    for low, wait in zip((2, 4, 8), clock.waits, strict=True):
        assert low <= wait <= low + 1


def test_a_fault_that_stays_ends_after_four_times(clock: Clock) -> None:
    with serve(send(b"", 500)) as server, pytest.raises(UnavailableError, match="status 500"):
        get(server, clock)
    assert len(server.asked) == 4


@pytest.mark.parametrize("value", ["7", "Thu, 01 Jan 2026 12:00:07 GMT"])
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_honoured(clock: Clock, value: str, status: int) -> None:
    with serve(send(b"", status, retry_after=value), send(b"text")) as server:
        assert get(server, clock).body == b"text"
    assert clock.waits == [7.0]


def test_retry_after_zero_still_keeps_the_pace(clock: Clock) -> None:
    with serve(send(b"", 429, retry_after="0"), send(b"text")) as server:
        get(server, clock)
    assert clock.now == 1.0


def test_a_longer_retry_after_than_we_wait_ends_the_job(clock: Clock) -> None:
    with (
        serve(send(b"", 429, retry_after="86400")) as server,
        pytest.raises(UnavailableError, match="asks to wait 86,400 seconds") as caught,
    ):
        get(server, clock)
    assert caught.value.stop
    assert (len(server.asked), clock.waits) == (1, [])


def test_no_wait_goes_beyond_the_end(clock: Clock) -> None:
    with serve(send(b"", 429, retry_after="50")) as server, pytest.raises(UnavailableError):
        get(server, clock, total_seconds=40.0)
    assert clock.waits == []


def test_time_used_up(clock: Clock) -> None:
    settings = ClientSettings(hosts=("127.0.0.1",), loopback=True, total_seconds=5.0)
    with serve(send(b"text")) as server, PoliteClient(settings, clock=clock, sleep=clock.sleep) as client:
        client.get(server.url)
        clock.now = 6.0
        with pytest.raises(UnavailableError, match="time for all documents") as caught:
            client.get(server.url)
    assert caught.value.stop
    assert len(server.asked) == 1


# --- redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_among_the_hosts_is_followed_at_the_same_pace(clock: Clock, status: int) -> None:
    with serve(redirect("/b?x=1#part", status), send(b"text")) as server:
        assert get(server, clock).url == f"{server.url}/b?x=1"
    assert [path for path, _ in server.asked] == ["/a", "/b?x=1"]
    assert clock.now == 1.0


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("https://example.org/a", r"redirects to 'example\.org', which isn't among the hosts"),
        ("https://127.0.0.1.example.org/", r"redirects to '127\.0\.0\.1\.example\.org'"),
        ("//localhost/a", "redirects to 'localhost'"),
        ("http://me:secret@127.0.0.1/", "user name"),
        ("file:///etc/passwd", "redirects to"),
        ("http://[::1", "isn't an address|redirects to"),
    ],
)
def test_a_redirect_elsewhere_is_refused(clock: Clock, location: str, message: str) -> None:
    with serve(redirect(location)) as server, pytest.raises(FetchError, match=message) as caught:
        get(server, clock)
    assert len(server.asked) == 1
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("script", [("/a",), ("/b", "/a")])
def test_a_redirect_loop(clock: Clock, script: tuple[str, ...]) -> None:
    with serve(*map(redirect, script)) as server, pytest.raises(FetchError, match="in a circle"):
        get(server, clock)
    assert len(server.asked) == len(script)


def test_redirects_without_end(clock: Clock) -> None:
    with serve(*[redirect(f"/{i}") for i in range(20)]) as server, pytest.raises(FetchError, match="more than 5 times"):
        get(server, clock)
    assert len(server.asked) == 6


def test_a_redirect_to_nowhere(clock: Clock) -> None:
    with serve(send(b"", 302)) as server, pytest.raises(FetchError, match="nowhere"):
        get(server, clock)


@pytest.mark.parametrize(
    "url",
    [
        "http://documents.un.org/",
        "https://documents.un.org:8443/",
        "https://un.org.example.org/",
        "https://notun.org/",
        "ftp://un.org/",
        "x",
    ],
)
def test_addresses_that_are_never_asked(clock: Clock, url: str) -> None:
    with PoliteClient(clock=clock, sleep=clock.sleep) as client, pytest.raises(FetchError):
        client.get(url)


def test_loopback_needs_the_setting(clock: Clock) -> None:
    with serve(send(b"text")) as server, pytest.raises(FetchError, match="only HTTPS"):
        get(server, clock, loopback=False)
    assert server.asked == []


# --- bodies


def test_a_body_cut_short_is_asked_for_again(clock: Clock) -> None:
    with serve(break_off(b"0123456789"), send(b"0123456789")) as server:
        assert get(server, clock).body == b"0123456789"
    assert len(server.asked) == 2


def test_a_body_always_cut_short(clock: Clock) -> None:
    with serve(break_off(b"0123456789")) as server, pytest.raises(UnavailableError, match="breaks off"):
        get(server, clock)


@pytest.mark.parametrize("behaviour", [send(b"x" * 2001), without_length(b"x" * 2001)])
def test_an_oversized_body(clock: Clock, behaviour: Behaviour) -> None:
    with serve(behaviour) as server, pytest.raises(FetchError, match=r"more than 0\.002 MB"):
        get(server, clock, max_bytes=2000)
    assert len(server.asked) == 1


def test_a_body_of_the_largest_size(clock: Clock) -> None:
    with serve(send(b"x" * 2000)) as server:
        assert len(get(server, clock, max_bytes=2000).body) == 2000


@pytest.mark.parametrize(("name", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("identity", bytes)])
def test_compressed_bodies(clock: Clock, name: str, pack: object) -> None:
    assert callable(pack)
    with serve(send(pack("汉字".encode()), content_encoding=name)) as server:
        assert get(server, clock).body.decode() == "汉字"


def test_a_compressed_bomb_costs_no_memory(clock: Clock) -> None:
    bomb = gzip.compress(bytes(100_000_000))
    with serve(send(bomb, content_encoding="gzip")) as server:
        tracemalloc.start()
        with pytest.raises(FetchError, match="more than 1 MB"):
            get(server, clock, max_bytes=1_000_000)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 10_000_000


def test_compressed_data_without_an_end(clock: Clock) -> None:
    with (
        serve(send(gzip.compress(b"text" * 1000)[:-9], content_encoding="gzip")) as server,
        pytest.raises(UnavailableError, match="breaks off"),
    ):
        get(server, clock)


@pytest.mark.parametrize(
    ("name", "message"), [("gzip", "isn't"), ("br", "didn't ask for"), ("gzip, gzip", "didn't ask")]
)
def test_another_compression_than_said(clock: Clock, name: str, message: str) -> None:
    with serve(send(b"text", content_encoding=name)) as server, pytest.raises(FetchError, match=message):
        get(server, clock)


# --- time


@pytest.mark.parametrize("behaviour", [silence, trickle(), trickle(b"HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n")])
def test_a_slow_server_is_left_on_time(clock: Clock, behaviour: Behaviour) -> None:
    before = time.monotonic()
    with serve(behaviour) as server, pytest.raises(UnavailableError, match=r"longer than 0\.2 seconds"):
        get(server, clock, request_seconds=0.2, attempts=2)
    assert len(server.asked) == 2
    assert time.monotonic() - before < 3


def test_silence(clock: Clock) -> None:
    with serve(silence) as server, pytest.raises(UnavailableError, match="sends nothing"):
        get(server, clock, idle_seconds=0.1, attempts=1)


def test_what_is_not_http(clock: Clock) -> None:
    with serve(not_http) as server, pytest.raises(UnavailableError, match="protocol"):
        get(server, clock, attempts=1)


def test_nobody_listens(clock: Clock) -> None:
    with serve(send(b"text")) as server:
        pass
    with pytest.raises(UnavailableError, match="can't be reached"):
        get(server, clock, attempts=2)
    assert len(clock.waits) == 1


# --- TLS and proxies


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Iterator[Path]:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return tmp_path / "ca.pem"


def test_a_certificate_that_is_trusted(clock: Clock, authority: trustme.CA, ca_file: Path) -> None:
    with serve(send(b"text"), context=certified(authority, "127.0.0.1"), tls=True) as server:
        assert get(server, clock, ca_file=ca_file).body == b"text"


def test_a_certificate_of_nobody_we_know(clock: Clock, authority: trustme.CA) -> None:
    with (
        serve(send(b"text"), context=certified(authority, "127.0.0.1"), tls=True) as server,
        pytest.raises(UnavailableError, match=r"no trusted connection .*--ca-file") as caught,
    ):
        get(server, clock)
    assert (caught.value.stop, server.asked, clock.waits) == (True, [], [])


def test_a_certificate_for_another_name(clock: Clock, authority: trustme.CA, ca_file: Path) -> None:
    with (
        serve(send(b"text"), context=certified(authority, "documents.un.org"), tls=True) as server,
        pytest.raises(UnavailableError, match="no trusted connection"),
    ):
        get(server, clock, ca_file=ca_file)
    assert server.asked == []


def test_a_file_that_holds_no_certificate(clock: Clock, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate", encoding="utf-8")
    with serve(send(b"text")) as server, pytest.raises(FetchError, match=r"ca\.pem: not a file of certificates"):
        get(server, clock, ca_file=tmp_path / "ca.pem")


def test_behind_a_proxy(clock: Clock, authority: trustme.CA, ca_file: Path) -> None:
    with serve(send(b"text"), context=certified(authority, "documents.un.org")) as proxy:
        settings = ClientSettings(proxy=proxy.url, ca_file=ca_file)
        with PoliteClient(settings, clock=clock, sleep=clock.sleep) as client:
            assert client.get("https://documents.un.org/a").body == b"text"
    assert [path for path, _ in proxy.asked] == ["CONNECT documents.un.org:443", "/a"]


def test_a_proxy_that_breaks_into_the_connection_is_not_trusted(clock: Clock, authority: trustme.CA) -> None:
    with serve(send(b"text"), context=certified(authority, "documents.un.org")) as proxy:
        client = PoliteClient(ClientSettings(proxy=proxy.url), clock=clock, sleep=clock.sleep)
        with client, pytest.raises(UnavailableError, match="no trusted connection"):
            client.get("https://documents.un.org/a")
    assert [path for path, _ in proxy.asked] == ["CONNECT documents.un.org:443"]


@pytest.mark.parametrize("told", [False, True])
def test_a_proxy_from_the_environment_only_when_told(clock: Clock, monkeypatch: pytest.MonkeyPatch, told: bool) -> None:
    with serve(send(b"by proxy")) as proxy, serve(send(b"direct")) as server:
        monkeypatch.setenv("http_proxy", proxy.url)
        assert get(server, clock, use_env_proxy=told).body == (b"by proxy" if told else b"direct")
    assert (len(proxy.asked), len(server.asked)) == (int(told), int(not told))


@pytest.mark.parametrize("proxy", ["nonsense", "ftp://127.0.0.1:1", "http://[::1"])
def test_what_is_no_proxy(clock: Clock, proxy: str) -> None:
    with serve(send(b"text")) as server, pytest.raises(FetchError, match="not a proxy's address"):
        get(server, clock, proxy=proxy)
