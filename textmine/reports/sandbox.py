"""Parsers of binary formats run in a child process that can be killed, under limits on memory and time.

A report is hostile input, and PDF and Word parsers are large and partly not memory-safe. The child gets the bytes of
one file and answers with the JSON of a report, which is checked field by field; no pickle, so that a child which a
file has taken over can send wrong text but no code. It inherits no environment but what finds libraries, no
descriptor but its pipes, and (where the system has such limits) can neither write a file nor start a process.
"""

import contextlib
import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass, replace
from typing import IO

from textmine.errors import SourceError
from textmine.reports.model import Report
from textmine.reports.report_json import report_from_json

_CODE = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from textmine.reports.sandbox_child import main; main()"
)
#: What the child may know of the environment: where libraries and temporary files are.
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LANG", "LC_ALL")
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1", "RAYON_NUM_THREADS": "1"}
#: Characters of a child's own message that are passed on.
_MAX_MESSAGE = 2000
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may use. A report of 40 pages takes under 2 s and 0.3 GB.

    ``memory`` (bytes of address space) and ``cpu_seconds`` hold where the system has such limits (not on Windows, and
    macOS doesn't limit memory); ``wall_seconds`` and ``answer_bytes`` hold everywhere.
    """

    memory: int = 1_500_000_000
    cpu_seconds: int = 60
    wall_seconds: int = 180
    answer_bytes: int = 50_000_000


def parse_in_child(
    parser: str,
    data: bytes,
    name: str,
    *,
    lang: str | None = None,
    year: int | None = None,
    limits: Limits | None = None,
) -> Report:
    """Read one report in a child process. Any number of threads may do so at a time.

    Parameters
    ----------
    parser : {'pdf', 'docx'}
        Or ``module:function`` of a parser of your own, called with the bytes, the name, ``lang=`` and ``year=``.
    data : bytes
        The whole file.
    name : str
        The file's name, for messages and for the symbol that it may spell.
    lang : {'zh', 'en'}, optional
    year : int, optional
    limits : Limits, optional

    Returns
    -------
    Report

    Raises
    ------
    SourceError
        When the parser refuses the file, breaks, or uses more than it may.
    """
    limits = limits or Limits()
    request = {"parser": parser, "name": name, "lang": lang, "year": year, "n_bytes": len(data)}
    header = json.dumps(request | {"limits": asdict(limits)}).encode() + b"\n"
    child = _start(name)
    try:
        answer = _exchange(child, header + data, name, limits)
    finally:
        _kill(child)
    report = _read_answer(answer, name, child.returncode, limits)
    # The parent vouches for where the text came from.
    sha256 = hashlib.sha256(data).hexdigest()
    return replace(
        report,
        edition=replace(report.edition, sha256=sha256),
        source=replace(report.source, name=name, sha256=sha256),
    )


def _start(name: str) -> subprocess.Popen[bytes]:
    if not sys.executable:
        raise SourceError(
            f"{name}: PDF and Word files are read in a process of their own, and this Python doesn't know its own "
            "program (sys.executable is empty); run textmine from a normal Python"
        )
    paths = json.dumps([path for path in sys.path if path])  # never the working directory
    environment = {key: os.environ[key] for key in _ENVIRONMENT if key in os.environ} | _ONE_THREAD
    try:
        return subprocess.Popen(  # noqa: S603 - our own code, the file goes in by a pipe
            [sys.executable, "-I", "-X", "utf8", "-c", _CODE, paths],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env=environment,
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise SourceError(
            f"{name}: no process can be started to read it in ({error.strerror or error}); close other programs"
        ) from error


def _exchange(child: subprocess.Popen[bytes], request: bytes, name: str, limits: Limits) -> bytes:
    """Send the request and return the answer; the child has ended, or is past a limit, when this returns or raises."""
    deadline = time.monotonic() + limits.wall_seconds
    answer = bytearray()
    writer = threading.Thread(target=_feed, args=(child.stdin, request), daemon=True)
    reader = threading.Thread(target=_drain, args=(child.stdout, answer, limits.answer_bytes), daemon=True)
    writer.start()
    reader.start()
    reader.join(max(0.0, deadline - time.monotonic()))
    if len(answer) > limits.answer_bytes:
        raise SourceError(
            f"{name}: what is read from it comes to more than {limits.answer_bytes / 1e6:g} MB; not a report"
        )
    try:
        if reader.is_alive():
            raise subprocess.TimeoutExpired("", limits.wall_seconds)
        child.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise SourceError(
            f"{name}: reading it took longer than {limits.wall_seconds} s and was given up; {_ADVICE}"
        ) from None
    return bytes(answer)


_ADVICE = (
    "the file is damaged or made to do harm: open it in another program, save it anew or as plain text, and read that"
)


def _feed(stream: IO[bytes] | None, request: bytes) -> None:
    """Send the request; a child that has ended doesn't take it all."""
    if stream is not None:
        view = memoryview(request)
        with contextlib.suppress(OSError), stream:
            while view:
                view = view[stream.write(view) :]


def _drain(stream: IO[bytes] | None, answer: bytearray, limit: int) -> None:
    if stream is not None:
        with contextlib.suppress(OSError), stream:
            while len(answer) <= limit and (chunk := stream.read(_CHUNK)):
                answer += chunk


def _kill(child: subprocess.Popen[bytes]) -> None:
    """End the child, and what it may have started; one that has ended is left alone, its number may be another's."""
    if child.poll() is None:
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)
        child.kill()
    child.wait()


def _read_answer(answer: bytes, name: str, code: int, limits: Limits) -> Report:
    if code == 0 and answer:
        return _unpack(answer, name, limits)
    if -code == getattr(signal, "SIGXCPU", None):
        raise SourceError(
            f"{name}: reading it took more than {limits.cpu_seconds} s of processor time and was given up; {_ADVICE}"
        )
    if code >= 0:
        raise SourceError(
            f"{name}: the process that read it ended with code {code} before it answered; where every file ends so, "
            f"install textmine again; else {_ADVICE}"
        )
    how = str(-code)
    with contextlib.suppress(ValueError):
        how = signal.Signals(-code).name
    raise SourceError(f"{name}: the process that read it was ended by signal {how}; {_ADVICE}")


def _unpack(answer: bytes, name: str, limits: Limits) -> Report:
    try:
        said = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{name}: what came back from reading it is no answer ({error}); {_ADVICE}") from error
    if isinstance(said, dict) and len(said) == 1:
        if "refused" in said:
            raise SourceError(str(said["refused"])[:_MAX_MESSAGE])
        if "memory" in said:
            raise SourceError(
                f"{name}: reading it took more than {limits.memory / 1e9:g} GB of memory and was given up; {_ADVICE}"
            )
        if "broken" in said:
            raise SourceError(
                f"{name}: the process that reads such files doesn't run here ({str(said['broken'])[:_MAX_MESSAGE]}); "
                "install textmine again"
            )
        if "failed" in said:
            raise SourceError(f"{name}: can't be read ({str(said['failed'])[:_MAX_MESSAGE]}); {_ADVICE}")
    try:
        return report_from_json(answer)
    except SourceError as error:
        raise SourceError(f"{name}: what came back from reading it is no report ({error}); {_ADVICE}") from error
