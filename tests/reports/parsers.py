"""Parsers that run in the sandbox in tests: one that reads plain text, the others that do what a hostile file might."""

import ctypes
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from textmine.errors import SourceError
from textmine.reports.model import Report
from textmine.reports.read_text import parse_text
from textmine.reports.source import SourceText

#: Libraries that no parser needs and that would make the start slow.
HEAVY = {"matplotlib", "scipy", "sklearn", "spacy", "jieba", "httpx2", "pandas", "polars", "typer", "rich"}
_UNIT = 1 << 24


def read_plainly(data: bytes, name: str, *, lang: str | None = None, year: int | None = None) -> Report:
    return parse_text(SourceText(name, data.decode(), "0" * 64, "utf-8"), lang=lang, year=year)


def print_first(data: bytes, name: str, *, lang: str | None = None, year: int | None = None) -> Report:
    print("{}" * 100_000, flush=True)
    os.write(1, b"[]")
    return read_plainly(data, name, lang=lang, year=year)


def refuse(_data: bytes, name: str, **_options: object) -> Report:
    raise SourceError(f"{name}: refused, and here is why")


def fail(_data: bytes, _name: str, **_options: object) -> Report:
    raise ZeroDivisionError("a library's own error")


def fill_memory(_data: bytes, _name: str, **_options: object) -> Report:
    kept = []
    while True:
        kept.append(bytes(_UNIT))


def fill_answer(_data: bytes, _name: str, **_options: object) -> Report:
    chunk = b"[" * _UNIT
    while True:
        for descriptor in range(3, 20):
            try:
                os.write(descriptor, chunk)
            except OSError:
                continue


def spin(_data: bytes, _name: str, **_options: object) -> Report:
    while True:
        pass


def sleep(_data: bytes, _name: str, **_options: object) -> Report:
    time.sleep(600)
    raise AssertionError("nobody ended this process")


def crash(_data: bytes, _name: str, **_options: object) -> Report:
    ctypes.string_at(0)
    raise AssertionError("still alive")


def leave(_data: bytes, _name: str, **_options: object) -> Report:
    os._exit(7)


def answer(data: bytes, _name: str, **_options: object) -> Report:
    """Answer with the bytes of the file itself, as a child that was taken over could."""
    for descriptor in range(3, 20):
        try:
            os.write(descriptor, data)
        except OSError:
            continue
    os._exit(0)


def look_around(data: bytes, _name: str, **_options: object) -> Report:
    """Tell, as a refusal, what this process can see and do; the file's bytes are a path where it may try to write."""
    seen: dict[str, object] = {"environment": sorted(os.environ), "here": "" in sys.path or "." in sys.path}
    seen["heavy"] = sorted(HEAVY & set(sys.modules))
    try:
        Path(data.decode()).write_bytes(b"x" * 100_000)
        seen["writes"] = True
    except OSError:
        seen["writes"] = False
    try:
        subprocess.run([sys.executable, "-c", ""], check=True)
        seen["starts"] = True
    except OSError:
        seen["starts"] = False
    raise SourceError(json.dumps(seen))
