"""The child process that a parser runs in: limits first, then the file; JSON goes out, nothing else.

Started by :mod:`textmine.reports.sandbox`, never by hand. It imports the parser that is asked for and no more.
"""

import json
import os
import signal
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any, BinaryIO

from textmine.errors import SourceError
from textmine.reports.report_json import report_to_json

try:
    import resource
except ImportError:  # Windows
    _LIMITABLE = False
else:
    _LIMITABLE = True

#: Parsers by the format they read; each takes bytes, ``name``, ``lang`` and ``year`` and returns a Report.
PARSERS = {"docx": "textmine.reports.read_docx:parse_docx", "pdf": "textmine.reports.read_pdf:parse_pdf"}


def main() -> None:
    """Read one request from standard input, answer on standard output."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints goes to the error stream and can't garble the answer
    request = json.loads(sys.stdin.buffer.readline())
    answer = _answer(request, sys.stdin.buffer)
    with answers:
        answers.write(answer.encode())
    # Libraries' own teardown has nothing to do that matters, and may crash.
    os._exit(0)


def _answer(request: Mapping[str, Any], stream: BinaryIO) -> str:
    try:
        parse = load_parser(request["parser"])
        _limit(request["limits"])
    except Exception as error:
        return json.dumps({"broken": f"{type(error).__name__}: {error}"[:500]})
    try:
        data = stream.read()
        if len(data) != request["n_bytes"]:
            return json.dumps({"failed": "the file didn't arrive whole"})
        return report_to_json(parse(data, request["name"], lang=request["lang"], year=request["year"]))
    except SourceError as error:
        return json.dumps({"refused": str(error)})
    except MemoryError:
        return json.dumps({"memory": True})
    except Exception as error:  # a library may raise anything at what a file holds
        return json.dumps({"failed": f"{type(error).__name__}: {error}"[:500]})


def load_parser(name: str) -> Any:
    """Return the function that a parser's name stands for: a key of :data:`PARSERS`, or ``module:function``."""
    module, _, function = PARSERS.get(name, name).partition(":")
    return getattr(import_module(module), function)


def _limit(limits: Mapping[str, int]) -> None:
    """Limit what the system lets this process use; where it has no such limits (Windows) the parent's clock is left."""
    if not _LIMITABLE:
        return
    wanted = {
        "RLIMIT_AS": limits["memory"],
        "RLIMIT_CPU": limits["cpu_seconds"],
        "RLIMIT_FSIZE": 0,  # no file can be written; pipes are no files
        "RLIMIT_CORE": 0,
        "RLIMIT_NPROC": 0,  # no process or thread can be started (the super-user still can)
    }
    spare = {"RLIMIT_CPU": 5}  # past the first limit comes a signal that says why, past the second the end
    for name, value in wanted.items():
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        _, hard = resource.getrlimit(kind)
        last = value + spare.get(name, 0)
        try:
            resource.setrlimit(kind, (value, last) if hard == resource.RLIM_INFINITY else (min(value, hard), hard))
        except (ValueError, OSError):
            continue  # macOS refuses some; the other limits and the parent's clock hold
    signal.alarm(limits["wall_seconds"] + 5)  # should the parent be gone
