"""How to talk to a server, and what can come of it."""

from dataclasses import dataclass
from pathlib import Path

from textmine.errors import FetchError

#: The UN's hosts: this name and every name below it.
HOSTS = ("un.org",)


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """How to talk to a server.

    ``hosts`` are the only ones contacted, each with the names below it, and over HTTPS only; ``loopback`` also allows
    plain HTTP and any port where the host is this machine. A proxy is used only when named, or with ``use_env_proxy``
    as the environment says. ``max_bytes`` caps a body before and after decompression, ``request_seconds`` one request
    from its start to its last byte, ``total_seconds`` everything, ``max_retry_after`` the longest wait that a server's
    Retry-After gets; ``contact`` (an address) joins the user agent.
    """

    hosts: tuple[str, ...] = HOSTS
    loopback: bool = False
    interval: float = 1.0
    attempts: int = 4
    backoff: float = 2.0
    max_backoff: float = 60.0
    max_retry_after: float = 300.0
    idle_seconds: float = 30.0
    request_seconds: float = 180.0
    total_seconds: float = 7200.0
    max_bytes: int = 30_000_000
    proxy: str | None = None
    use_env_proxy: bool = False
    ca_file: Path | None = None
    contact: str = ""


class AbsentError(FetchError):
    """The server has no such document; another address may have it."""


class UnavailableError(FetchError):
    """The server doesn't answer now. ``passing``: it may when asked again; ``stop``: it wants to be left alone."""

    def __init__(
        self, message: str, *, passing: bool = True, stop: bool = False, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.passing = passing
        self.stop = stop
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Answer:
    """What came: status 200 with a body, or 304 (not modified) without; ``url`` is where the redirects ended."""

    status: int
    body: bytes
    url: str
    etag: str
    last_modified: str
