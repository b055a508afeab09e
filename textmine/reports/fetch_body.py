"""The body of an answer, read under limits."""

import zlib

import httpx2

from textmine.errors import FetchError
from textmine.reports.fetch_settings import AbsentError, UnavailableError


async def read_body(response: httpx2.Response, limit: int) -> bytes:
    """Return a response's body, decompressed, or refuse it: too large before or after, broken off, empty.

    Raises
    ------
    AbsentError, UnavailableError, FetchError
    """
    host = response.url.host
    too_large = f"{host} sends more than {limit / 1e6:g} MB, and a report has about 1 MB"
    declared = response.headers.get("content-length", "")
    if declared.isdigit() and int(declared[:18]) > limit:
        raise FetchError(too_large)
    decoder = Decoder(response.headers.get("content-encoding", ""), limit)
    n_raw, body = 0, bytearray()
    async for chunk in response.aiter_raw():
        n_raw += len(chunk)
        body += decoder.decode(chunk, limit - len(body))
        if n_raw > limit or len(body) > limit:
            raise FetchError(too_large)
    decoder.finish()
    if not body.strip():
        raise AbsentError(f"{host} sends an empty body (status 200), as it does where it has no such document")
    return bytes(body)


class Decoder:
    """Undoes gzip or deflate under a limit: what a few bytes blow up to is never held in memory."""

    def __init__(self, encoding: str, limit: int) -> None:
        self.encoding = encoding.strip().lower()
        if self.encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise FetchError(f"the body is compressed as {self.encoding[:40]!r}, which we didn't ask for")
        self.limit = limit
        self.inflater = None if self.encoding in ("", "identity") else zlib.decompressobj(wbits=47)

    def decode(self, chunk: bytes, room: int) -> bytes:
        """Return at most one byte more than there is room for."""
        if self.inflater is None:
            return chunk
        try:
            return self.inflater.decompress(chunk, room + 1)
        except zlib.error as error:
            raise FetchError(f"the body says it is {self.encoding} but isn't ({error})") from error

    def finish(self) -> None:
        """Check that the compressed data came to its end."""
        if self.inflater is not None and not self.inflater.eof:
            raise UnavailableError(f"the body breaks off (its {self.encoding} data has no end)")
