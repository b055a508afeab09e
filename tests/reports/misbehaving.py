"""A server on loopback that does what it is told, also badly, and a proxy before it; and documents to serve."""

import contextlib
import io
import ssl
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import trustme

from textmine.reports.catalogue import find_edition
from textmine.reports.model import Report
from textmine.reports.read_text import parse_text
from textmine.reports.source import load_text

Behaviour = Callable[["Handler"], None]
HAN = "零一二三四五六七八九"
NOW = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)


class Clock:
    """Time that passes only by waiting."""

    def __init__(self) -> None:
        self.now, self.waits = 0.0, []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


@dataclass
class Server:
    """What to answer, in order (the last goes on), and what was asked."""

    script: list[Behaviour] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)
    context: ssl.SSLContext | None = None
    url: str = ""

    @property
    def service(self) -> str:
        return self.url + "/doc?s={symbol}&l={lang}&t={kind}"

    def next(self) -> Behaviour:
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]


class Handler(BaseHTTPRequestHandler):
    """Looks up what to do next."""

    protocol_version = "HTTP/1.1"
    state: Server

    def do_GET(self) -> None:
        self.state.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            self.state.next()(self)

    def do_CONNECT(self) -> None:
        """As a proxy: say yes, and answer in the place of whatever host was asked for."""
        self.state.asked.append((f"CONNECT {self.path}", {}))
        self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        assert self.state.context is not None
        try:
            self.connection = self.state.context.wrap_socket(self.connection, server_side=True)
        except (ssl.SSLError, ConnectionError):
            self.close_connection = True
            return
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", buffering=0)
        self.handle_one_request()
        self.close_connection = True
        self.rfile.close()
        self.wfile.close()
        self.connection.close()

    def log_message(self, *_: Any) -> None:
        pass


class QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A client that leaves is no error here."""


@contextlib.contextmanager
def serve(*script: Behaviour, context: ssl.SSLContext | None = None, tls: bool = False) -> Iterator[Server]:
    """Serve a script on loopback; `context` is used by CONNECT, and at once where `tls`."""
    state = Server(list(script), context=context)
    server = QuietServer(("127.0.0.1", 0), type("Bound", (Handler,), {"state": state}))
    if tls and context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    state.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        state.release.set()
        server.shutdown()
        server.server_close()
        thread.join()


def certified(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


# --- what a server may do


def send(body: bytes = b"", status: int = 200, **headers: str) -> Behaviour:
    def answer(handler: Handler) -> None:
        handler.send_response(status)
        for name, value in {"content-length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def redirect(location: str, status: int = 302) -> Behaviour:
    return send(b"", status, location=location)


def break_off(body: bytes) -> Behaviour:
    """Promise a whole body, send half of it, hang up."""

    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[: len(body) // 2])
        handler.close_connection = True

    return answer


def without_length(body: bytes, **headers: str) -> Behaviour:
    """Say no length, hang up at the end."""

    def answer(handler: Handler) -> None:
        handler.send_response(200)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("connection", "close")
        handler.end_headers()
        handler.wfile.write(body)
        handler.close_connection = True

    return answer


def trickle(first: bytes = b"HTTP/1.1 200 OK\r\nx-") -> Behaviour:
    """Send a byte now and then for ever: no read ever waits long, the whole never ends."""

    def answer(handler: Handler) -> None:
        handler.wfile.write(first)
        while not handler.state.release.wait(0.02):
            handler.wfile.write(b"a")
        handler.close_connection = True

    return answer


def silence(handler: Handler) -> None:
    handler.state.release.wait(10)
    handler.close_connection = True


def not_http(handler: Handler) -> None:
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.0\r\n")
    handler.close_connection = True


# --- documents, in our own words


def han(number: int) -> str:
    tens, unit = divmod(number, 10)
    return f"{HAN[tens] if tens > 1 else ''}十{HAN[unit] if unit else ''}"


ENGLISH_ORDINALS = {66: "Sixty-sixth", 67: "Sixty-seventh", 69: "Sixty-ninth"}


def report_text(year: int = 2011, lang: str = "en", *, symbol: str | None = None, version: str = "") -> str:
    """A small report of ours with the cover of an edition."""
    edition = find_edition(year, lang)
    assert edition is not None
    assert edition.session is not None
    symbol = edition.symbol if symbol is None else symbol
    if lang == "zh":
        title = edition.title or "在区域和国际各级执行和落实信息社会世界峰会成果方面取得的进展"
        front = f"{symbol}\n\n大会\n第{han(edition.session)}届会议\n\n{title}\n\n秘书长的报告\n\n"
        summary = "摘要\n\n本文是为试验写的。\n\n"
        first = f"1. 本段为试验而写，说的是宽带在各地的使用情况。{version}\n\n"
        return front + summary + first + "2. 第二段说的是移动支付。\n"
    session = ENGLISH_ORDINALS[edition.session]
    front = (
        f"{symbol}\n\nGeneral Assembly\n{session} session\n\n{edition.title}\n\n"
        "Report of the Secretary-General\n\nSummary\n\nThis is a text for a test.\n\n"
    )
    return front + (
        f"1. The use of broadband in the toy country rose to the level of the year before. {version}\n\n"
        "2. The second paragraph speaks of the state of mobile payments in the toy country.\n"
    )


def shell_pdf(text: str) -> bytes:
    """The outside of a PDF around a text, for `read_shell`: quick, and apart from the PDF reader."""
    return b"%PDF-1.7\n" + text.encode() + b"\n%%EOF\n"


def shell_docx(text: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("word/document.xml", text)
    return data.getvalue()


def read_shell(path: Path, *, lang: str | None = None, year: int | None = None) -> Report:
    """Stand in for `read_report`: the text inside the shell, read as text."""
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as archive:
            text = archive.read("word/document.xml").decode()
    else:
        text = path.read_bytes().removeprefix(b"%PDF-1.7\n").removesuffix(b"\n%%EOF\n").decode()
    inside = path.with_suffix(".inside")
    inside.write_text(text, encoding="utf-8")
    return parse_text(load_text(inside), lang=lang, year=year)
