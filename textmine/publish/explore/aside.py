"""What takes a while is done in a thread of its own; what goes wrong there is said, not printed into a cell."""

from collections.abc import Callable
from threading import Thread

from textmine.errors import TextmineError


def begin_aside(act: Callable[[], object], fail: Callable[[str], object]) -> Thread:
    """Begin something in a thread that ends with the session.

    Parameters
    ----------
    act : callable
    fail : callable
        Called with what went wrong, of whatever kind.
    """

    def run() -> None:
        try:
            act()
        except TextmineError as error:
            fail(str(error))
        except Exception as error:  # raised in a thread, it would be a traceback in whatever cell runs then
            fail(f"{type(error).__name__}: {error}")

    thread = Thread(target=run, daemon=True)
    thread.start()
    return thread
