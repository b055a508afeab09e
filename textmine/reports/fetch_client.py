"""One polite HTTP client: few hosts, slow pace, bounded bytes and time, every redirect looked at."""

import ipaddress
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from types import TracebackType
from typing import Self

import anyio
import httpx2
import stamina
from anyio.from_thread import BlockingPortal, start_blocking_portal

from textmine.errors import FetchError
from textmine.reports.fetch_body import read_body
from textmine.reports.fetch_pace import Clock, Pace, Sleep, read_retry_after
from textmine.reports.fetch_settings import AbsentError, Answer, ClientSettings, UnavailableError

REDIRECTS = (301, 302, 303, 307, 308)
MAX_HOPS = 5
#: Statuses that pass by themselves.
PASSING = (408, 425, 429, 500, 502, 503, 504)
GONE = (404, 410)


class PoliteClient:
    """Gets documents; use it as a context manager.

    Parameters
    ----------
    settings : ClientSettings, optional
    clock, sleep : callable
        Monotonic seconds, and waiting; for tests.
    now : callable
        The time of day, in UTC.
    """

    def __init__(
        self,
        settings: ClientSettings | None = None,
        *,
        clock: Clock = time.monotonic,
        sleep: Sleep = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.settings = settings or ClientSettings()
        self.pace = Pace(self.settings.interval, clock=clock, sleep=sleep)
        self.now = now
        self._clock = clock
        self._end = clock() + self.settings.total_seconds

    def __enter__(self) -> Self:
        self._client = self._open()
        # A loop in a thread of its own cuts a request off on time whatever it waits for, also inside a notebook.
        self._context = start_blocking_portal()
        self._portal: BlockingPortal = self._context.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._portal.call(self._client.aclose)
        self._context.__exit__(kind, error, trace)

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Get a document, following redirects among the hosts and asking again where a fault may pass.

        Raises
        ------
        AbsentError
            When the server says that it has no such document, or sends nothing.
        UnavailableError
            When it doesn't answer, or asks to wait longer than we do.
        FetchError
            When the address isn't allowed or the body breaks a limit.
        """
        settings = self.settings
        for attempt in stamina.retry_context(
            self._again,
            attempts=settings.attempts,
            timeout=None,
            wait_initial=settings.backoff,
            wait_max=settings.max_backoff,
            wait_jitter=settings.backoff / 2,
        ):
            with attempt:
                return self._follow(url, dict(headers or {}))
        raise AssertionError("stamina ends with a result or an error")

    def _again(self, error: Exception) -> bool | float:
        """Tell stamina whether to ask again, and after how many seconds where the server said so."""
        if not isinstance(error, UnavailableError) or not error.passing or error.stop:
            return False
        if self._clock() + (error.retry_after or 0) >= self._end:
            return False
        return True if error.retry_after is None else error.retry_after

    def _follow(self, url: str, headers: dict[str, str]) -> Answer:
        seen = [url]
        while True:
            self._check_address(url, came_from=seen[-2] if len(seen) > 1 else None)
            self.pace.wait()
            left = self._end - self._clock()
            if left <= 0:
                raise UnavailableError("the time for all documents together is used up", passing=False, stop=True)
            target = self._portal.call(self._request, url, headers, min(left, self.settings.request_seconds))
            if isinstance(target, Answer):
                return target
            if target in seen:
                raise FetchError(f"{_host(url)} redirects in a circle ({len(seen)} steps)")
            if len(seen) > MAX_HOPS:
                raise FetchError(f"{_host(url)} redirects more than {MAX_HOPS} times")
            seen.append(target)
            url = target

    async def _request(self, url: str, headers: dict[str, str], seconds: float) -> Answer | str:
        """Send one request; return the answer, or the address that it redirects to."""
        with _named_errors(_host(url), seconds):
            with anyio.fail_after(seconds):
                async with self._client.stream("GET", url, headers=headers) as response:
                    if response.status_code in REDIRECTS:
                        return self._redirect(response)
                    self._check_status(response)
                    body = b"" if response.status_code == 304 else await read_body(response, self.settings.max_bytes)
        return Answer(
            response.status_code,
            body,
            url,
            response.headers.get("etag", "")[:200],
            response.headers.get("last-modified", "")[:200],
        )

    def _redirect(self, response: httpx2.Response) -> str:
        location = response.headers.get("location", "")
        if not location:
            raise FetchError(f"{response.url.host} redirects to nowhere (status {response.status_code})")
        try:
            return str(response.url.join(location).copy_with(fragment=None))
        except (httpx2.InvalidURL, ValueError) as error:
            raise FetchError(f"{response.url.host} redirects to what isn't an address ({_short(error)})") from error

    def _check_status(self, response: httpx2.Response) -> None:
        status, host = response.status_code, response.url.host
        if status in (200, 304):
            return
        if status in GONE:
            raise AbsentError(f"{host} has no such document (status {status})")
        if status in PASSING:
            wait = read_retry_after(response.headers.get("retry-after", ""), self.now())
            if wait is not None and wait > self.settings.max_retry_after:
                raise UnavailableError(
                    f"{host} asks to wait {wait:,.0f} seconds (status {status}); run the same command again after that",
                    stop=True,
                )
            raise UnavailableError(f"{host} answers with status {status}", retry_after=wait)
        if status < 300:
            raise AbsentError(f"{host} answers with status {status} and no document")
        raise UnavailableError(f"{host} refuses (status {status})", passing=False)

    def _check_address(self, url: str, came_from: str | None) -> None:
        by = f"{_host(came_from)} redirects to" if came_from else "not an address to fetch from:"
        try:
            parsed = httpx2.URL(url)
        except (httpx2.InvalidURL, ValueError) as error:
            raise FetchError(f"{by} what isn't an address ({error})") from error
        host = parsed.host.rstrip(".").lower()
        here = self.settings.loopback and _is_loopback(host)
        if not any(host == name or host.endswith(f".{name}") for name in self.settings.hosts):
            allowed = ", ".join(self.settings.hosts)
            raise FetchError(f"{by} {host or url[:80]!r}, which isn't among the hosts allowed ({allowed})")
        if parsed.userinfo:
            raise FetchError(f"{by} an address with a user name in it")
        if not here and (parsed.scheme != "https" or parsed.port not in (None, 443)):
            raise FetchError(f"{by} {parsed.scheme}://{host}:{parsed.port or ''}; only HTTPS on its own port is used")

    def _open(self) -> httpx2.AsyncClient:
        settings = self.settings
        contact = f"; {settings.contact}" if settings.contact else ""
        context = httpx2.create_ssl_context(trust_env=True)  # the machine's own certificates, or SSL_CERT_FILE
        if settings.ca_file is not None:
            try:
                context.load_verify_locations(settings.ca_file)
            except (OSError, ssl.SSLError) as error:
                raise FetchError(f"{settings.ca_file}: not a file of certificates in PEM form ({error})") from error
        try:
            return httpx2.AsyncClient(
                headers={
                    "user-agent": f"textmine/{version('textmine')} (reads annual reports for research{contact})",
                    "accept": "application/pdf, application/msword, */*;q=0.5",
                    "accept-encoding": "gzip",  # what we can decompress under a limit
                },
                verify=context,
                trust_env=settings.use_env_proxy,
                proxy=settings.proxy,
                timeout=httpx2.Timeout(settings.idle_seconds),
                follow_redirects=False,
            )
        except (httpx2.InvalidURL, ValueError) as error:
            raise FetchError(f"--proxy {settings.proxy!r}: not a proxy's address ({error})") from error


@contextmanager
def _named_errors(host: str, seconds: float) -> Iterator[None]:
    """Turn what the HTTP library raises into what happened, and whether it may pass."""
    try:
        yield
    except TimeoutError as error:
        raise UnavailableError(f"{host} takes longer than {seconds:g} seconds") from error
    except httpx2.TimeoutException as error:
        raise UnavailableError(f"{host} sends nothing for too long ({type(error).__name__})") from error
    except httpx2.ProxyError as error:
        raise UnavailableError(f"the proxy refuses ({_short(error)}); check --proxy", stop=True) from error
    except httpx2.ConnectError as error:
        if "CERTIFICATE" in str(error).upper() or "SSL" in str(error).upper():
            raise UnavailableError(
                f"{host}: no trusted connection (TLS: {_short(error)}); if a proxy of yours signs connections, name "
                "its certificate with --ca-file",
                passing=False,
                stop=True,
            ) from error
        raise UnavailableError(
            f"{host} can't be reached ({_short(error)}); check the connection, or name a proxy with --proxy"
        ) from error
    except httpx2.RemoteProtocolError as error:
        raise UnavailableError(f"{host} breaks off or breaks the protocol ({_short(error)})") from error
    except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, OSError) as error:
        raise UnavailableError(f"{host}: {type(error).__name__} ({_short(error)})") from error


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].rpartition("@")[2][:80]


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
