"""What the terminal shows: plain text, errors, progress."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from textmine.errors import TextmineError

#: Columns of a terminal that doesn't say how many it has.
WIDTH = 80


def print_error(error: TextmineError) -> None:
    """Say what went wrong, on stderr."""
    _widened(Console(stderr=True, soft_wrap=True, highlight=False)).print(plain_text(f"textmine: {error}"))


def open_console() -> Console:
    """Return a console on stdout that neither wraps nor colours numbers."""
    return _widened(Console(soft_wrap=True, highlight=False))


def plain_text(text: str) -> Text:
    """Text for the terminal: no markup read, control characters shown instead of obeyed."""
    from textmine.publish.controls import show_controls

    return Text(show_controls(text))


def _widened(console: Console) -> Console:
    """Give a console a width where the environment says it has none (COLUMNS=0): it would print nothing."""
    if console.width < 1:
        console.width = WIDTH
    return console


@contextmanager
def show_progress() -> Iterator[Callable[[str], None]]:
    """Show what is being done, on a terminal only."""
    from textmine.publish.controls import show_controls

    console = _widened(Console(stderr=True))
    if not console.is_terminal:
        yield lambda _: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("starting")
        yield lambda message: bar.update(task, description=show_controls(message))
