"""When the next request may go out: one a second, and what a server's Retry-After asks for."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

Clock = Callable[[], float]
Sleep = Callable[[float], None]


class Pace:
    """Lets requests out at most one per interval.

    Parameters
    ----------
    interval : float
        Seconds between the starts of two requests.
    clock, sleep : callable
        Monotonic seconds, and waiting; for tests.

    Examples
    --------
    >>> waits = []
    >>> pace = Pace(1.0, clock=lambda: 100.0, sleep=waits.append)
    >>> pace.wait(); pace.wait(); waits
    [1.0]
    """

    def __init__(self, interval: float, *, clock: Clock = time.monotonic, sleep: Sleep = time.sleep) -> None:
        self.interval = interval
        self.clock = clock
        self.sleep = sleep
        self._last: float | None = None

    def wait(self) -> None:
        """Wait until the next request may go out."""
        if self._last is not None:
            due = self._last + self.interval - self.clock()
            if due > 0:
                self.sleep(due)
        self._last = self.clock()


def read_retry_after(value: str, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for (RFC 9110, 10.2.3), or None where it can't be read.

    Parameters
    ----------
    value : str
        Seconds, or an HTTP date.
    now : datetime
        In UTC.

    Examples
    --------
    >>> now = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)
    >>> [read_retry_after(value, now) for value in ("7", "Thu, 01 Jan 2026 12:01:30 GMT", "soon")]
    [7.0, 90.0, None]
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:12])
    try:
        when = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - now).total_seconds())
