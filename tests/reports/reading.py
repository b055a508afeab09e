"""Short ways to read a text in a test, and what several test files compare."""

import gc
import hashlib
import math
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from textmine.reports.model import Paragraph, Report
from textmine.reports.read_markdown import parse_markdown
from textmine.reports.read_text import parse_text
from textmine.reports.source import SourceText

FRONT = "---\nyear: 2011\nlang: en\ntitle: A title\n---\n\n"


class TookTooLongError(AssertionError):
    """A reading did not end in the time that the test allows it."""


def read_extracted(text: str, *, name: str = "A-66-64.txt", lang: str | None = None) -> Report:
    return parse_text(SourceText(name, text, "0" * 64, "utf-8"), lang=lang)


def read_marked(body: str, *, front: str = FRONT) -> Report:
    return parse_markdown(SourceText("report.md", front + body, "0" * 64, "utf-8"))


def texts(report: Report) -> dict[int, str]:
    return {paragraph.number: paragraph.text for paragraph in report.paragraphs}


def path_of(report: Report, paragraph: Paragraph) -> list[str]:
    return [heading.label or heading.title for heading in report.heading_path(paragraph)]


def refs(report: Report) -> dict[int, tuple[int, int]]:
    """Footnote number -> paragraph and offset of its marker."""
    return {ref.number: (p.number, ref.offset) for p in report.paragraphs for ref in p.refs}


def kinds(report: Report) -> list[str]:
    return [warning.kind for warning in report.warnings]


def squeeze(text: str) -> str:
    return "".join(text.split())


def digest(text: str) -> str:
    return hashlib.sha256(squeeze(text).encode()).hexdigest()


def characters(report: Report) -> Counter[str]:
    """Every character of the report's parts that isn't white space, as the source prints it, markers included."""
    parts = [report.summary, *(str(heading) for heading in report.headings)]
    parts += [f"{paragraph.number}.{paragraph.text}" for paragraph in report.paragraphs]
    parts += [f"{note.number}{note.text}" for note in report.footnotes]
    parts += [str(note.number) for note in report.footnotes if note.anchor.kind != "none"]
    return Counter(squeeze("".join(parts)))


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Fail when the block takes more processor time; where the system has no such timer, let it run."""

    def give_up(_signal: int, _frame: object) -> None:
        raise TookTooLongError(f"took longer than {seconds} s")

    if not hasattr(signal, "ITIMER_PROF"):
        yield
        return
    before = signal.signal(signal.SIGPROF, give_up)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def growth(run: Callable[[int], object], small: int, *, factor: int = 4, limit: float = 2.0) -> float:
    """How many times longer a run takes when its input is `factor` times larger; linear is about `factor`.

    Either is the best of three runs. A small run may take `limit` seconds; a large one is given up, as infinitely
    long, at four times what linear growth would take.
    """
    best: list[float] = []
    for size in (small, small * factor):
        seconds = []
        for _ in range(3):
            gc.disable()
            start = time.process_time()
            try:
                with time_limit(max(0.5, best[0] * factor * 4) if best else limit):
                    run(size)
            except TookTooLongError:
                return math.inf
            finally:
                gc.enable()
            seconds.append(time.process_time() - start)
        best.append(min(seconds))
    return best[1] / max(best[0], 1e-3)
