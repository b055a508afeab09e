"""Parsers run in a child process: what they answer comes back whole, what they do wrong is one clear error."""

import json
import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from textmine.errors import SourceError
from textmine.reports.report_json import report_from_json, report_to_json
from textmine.reports.sandbox import Limits, parse_in_child

from .parsers import read_plainly

TEXT = "Summary\n\nIn brief.\n\nI. Trends\n\n1. The first.\n\n2. 汉字 \U00020000 and the second.\n".encode()
posix = pytest.mark.skipif(
    not hasattr(signal, "SIGXCPU"), reason="this system limits neither memory nor processor time"
)


def run(parser: str, data: bytes = TEXT, *, limits: Limits | None = None):
    return parse_in_child(f"reports.parsers:{parser}", data, "a b 汉.pdf", year=2011, limits=limits)


def refusal(parser: str, data: bytes = TEXT, *, limits: Limits | None = None) -> str:
    with pytest.raises(SourceError) as caught:
        run(parser, data, limits=limits)
    return str(caught.value)


def test_report_comes_back_as_it_was() -> None:
    here = read_plainly(TEXT, "a b 汉.pdf", year=2011)
    there = run("read_plainly")
    assert replace(there, edition=here.edition, source=here.source) == here
    assert there.edition.sha256 == there.source.sha256 != here.source.sha256


def test_what_a_library_prints_does_no_harm() -> None:
    assert run("print_first") == run("read_plainly")


def test_several_at_a_time() -> None:
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda _: run("read_plainly"), range(4)))
    assert len(reports) == 4
    assert len(set(map(repr, reports))) == 1


def test_refusals_and_failures_name_the_file() -> None:
    assert refusal("refuse") == "a b 汉.pdf: refused, and here is why"
    assert refusal("fail").startswith("a b 汉.pdf: can't be read (ZeroDivisionError: a library's own error); ")
    assert "a b 汉.pdf: the process that read it ended with code 7 before it answered; " in refusal("leave")


def test_a_parser_that_is_not_there_is_told_apart() -> None:
    assert "doesn't run here (AttributeError" in refusal("no_such_parser")


@posix
def test_crash_is_an_error() -> None:
    assert "a b 汉.pdf: the process that read it was ended by signal SIGSEGV; " in refusal("crash")


@posix
def test_memory_is_limited() -> None:
    assert "more than 0.9 GB of memory" in refusal("fill_memory", limits=Limits(memory=900_000_000))


@posix
def test_processor_time_is_limited() -> None:
    start = time.monotonic()
    assert "more than 1 s of processor time" in refusal("spin", limits=Limits(cpu_seconds=1))
    assert time.monotonic() - start < 60


def test_time_is_limited_and_nothing_is_left_behind() -> None:
    assert "took longer than 2 s" in refusal("sleep", limits=Limits(wall_seconds=2))
    assert "took longer than 2 s" in refusal("sleep", TEXT * 100_000, limits=Limits(wall_seconds=2))
    if Path("/proc").is_dir():
        children = Path(f"/proc/self/task/{os.getpid()}/children")
        assert not children.is_file() or not children.read_text().split()


def test_answer_is_limited() -> None:
    assert "more than 1 MB" in refusal("fill_answer", limits=Limits(answer_bytes=1_000_000))


def test_child_is_kept_small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "x")
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    seen = json.loads(refusal("look_around", str(tmp_path / "file").encode()))
    assert "SECRET_TOKEN" not in seen["environment"]
    assert not seen["here"]
    if hasattr(signal, "SIGXCPU"):
        assert not seen["writes"]
        assert not seen["starts"] or os.geteuid() == 0
    assert not seen["heavy"]


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x80\x04\x95",  # the beginning of a pickle
        b"null",
        b"[" * 100_000,
        b'{"refused": "a", "memory": true}',
        b'{"edition": {}}',
        report_to_json(read_plainly(TEXT, "x", year=2011)).encode()[:-1],
    ],
)
def test_false_answers_are_errors(answer: bytes) -> None:
    assert refusal("answer", answer).startswith("a b 汉.pdf: ")


def falsified() -> list[tuple[str, dict]]:
    """Reports with one thing wrong, by the field that is."""
    cases = []

    def add(where: str, *path: object, value: object) -> None:
        data = json.loads(report_to_json(read_plainly(NOTED, "x", year=2011)))
        at = data
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = value
        cases.append((where, data))

    add("report", "more", value=1)
    add("report.summary", "summary", value=["a"])
    add("report.summary", "summary", value="\ud800")
    add("report.edition.lang", "edition", "lang", value="fr")
    add("report.edition.year", "edition", "year", value=True)
    add("report.paragraphs", "paragraphs", value={})
    add("report.paragraphs[0].number", "paragraphs", 0, "number", value="1")
    add("report.paragraphs: a number twice", "paragraphs", 0, "number", value=2)
    add("report.paragraphs[0]", "paragraphs", 0, "heading", value=9)
    add("report.paragraphs[0]", "paragraphs", 0, "refs", value=[{"number": 1, "offset": 999}])
    add("report.headings[0]", "headings", 0, "parent", value=1)
    add("report.headings[0]", "headings", 0, "number", value=5)
    add("report.footnotes[0].anchor", "footnotes", 0, "anchor", value={"kind": "page", "number": 1, "offset": 0})
    add("report.footnotes[0].anchor", "footnotes", 0, "anchor", value={"kind": "paragraph", "number": 9, "offset": 0})
    add("report.footnotes[0].anchor", "footnotes", 0, "anchor", value={"kind": "heading", "number": 1, "offset": 99})
    return cases


NOTED = b"Summary\n\nIn brief.\n\nI. Trends\n\n1. The first.\n1\nOn it goes.\n\n2. The second.\n\n    1 A note.\n"


def test_json_holds_a_report() -> None:
    report = read_plainly(NOTED, "x", year=2011)
    assert report.footnotes
    assert report_from_json(report_to_json(report)) == report
    assert json.loads(report_to_json(report)) == json.loads(json.dumps(asdict(report)))


@pytest.mark.parametrize(("where", "data"), falsified())
def test_json_is_checked(where: str, data: dict) -> None:
    with pytest.raises(SourceError, match=r"^" + where.replace("[", r"\[")):
        report_from_json(json.dumps(data))
