"""Where the files that ship with textmine are: inside the installed package, or in the checkout."""

from pathlib import Path

from textmine.errors import SourceError

_PACKAGE = Path(__file__).resolve().parent


def resource_path(*parts: str) -> Path:
    """Return the path of a shipped file or folder below ``corpus/``.

    A wheel carries the corpus as ``textmine/corpus``; an editable install uses the checkout's ``corpus/``.

    Raises
    ------
    SourceError
        When neither place has it.

    Examples
    --------
    >>> resource_path("taxonomy", "trend.toml").name
    'trend.toml'
    """
    for root in (_PACKAGE / "corpus", _PACKAGE.parent / "corpus"):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise SourceError(f"this installation lacks corpus/{'/'.join(parts)}; install textmine again")
