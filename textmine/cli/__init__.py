"""The command line: thin modules that read options, call the rooms and print for a person."""

import os
import sys

from textmine.cli import (  # noqa: F401 - each adds its commands to the app
    agreement,
    catalogue,
    compare,
    evaluate,
    evidence,
    explore,
    export,
    fetch,
    figures,
    import_,
    network,
    paper,
    read,
    reuse,
    run,
    tag,
    taxonomy,
    topics,
    track,
    train,
    version,
)
from textmine.cli.app import app
from textmine.cli.terminal import print_error
from textmine.errors import TextmineError

__all__ = ["app", "main"]


def main() -> None:
    """Run the command line; a user's mistake ends with one clear message and exit code 1."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a console that lacks a character still shows the rest
    try:
        app()
    except TextmineError as error:
        print_error(error)
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:  # a path the system can't take, a full device behind the output
        place = f"{error.filename!r}: " if error.filename else ""
        _say(f"textmine: {place}{error.strerror or error}; check the path and the space left")
        sys.exit(1)
    except UnicodeError as error:
        _say(f"textmine: text that isn't valid Unicode ({error.reason if hasattr(error, 'reason') else error})")
        sys.exit(1)
    except KeyboardInterrupt:
        print("textmine: stopped; files written so far are whole", file=sys.stderr)
        sys.exit(130)


def _say(message: str) -> None:
    """Say a last word on stderr without the libraries that may have failed."""
    os.write(2, message.encode("utf-8", "backslashreplace") + b"\n")
