"""Files appear whole or not at all."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from textmine.errors import OutputError


def write_file(path: str | Path, write: Callable[[Path], object]) -> Path:
    """Write a file through a temporary one in the same folder, which then takes its name.

    Parameters
    ----------
    path : str or Path
        The file; its folder is made where it is missing.
    write : callable
        Called with the path of the temporary file, which it fills.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    OutputError
        When the folder can't be made or written to, or the disk is full; what was at ``path`` is as it was.
    """
    path = Path(path)
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=path.suffix, dir=path.parent)
        os.close(handle)
        temporary = Path(name)
        write(temporary)
        temporary.chmod(0o666 & ~_umask())
        with temporary.open("rb") as stream:
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError as error:
        raise OutputError(f"{path}: can't be written ({error.strerror or error}); choose another folder") from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
    return path


def backup_file(path: str | Path) -> Path | None:
    """Copy a file that is about to be replaced to ``NAME.bak``, or ``NAME.2.bak`` where that is taken, and so on.

    Returns
    -------
    Path or None
        The copy; None where there is nothing to keep.
    """
    path = Path(path)
    if not path.is_file():
        return None
    number, copy = 1, path.with_name(f"{path.name}.bak")
    while copy.exists():
        number += 1
        copy = path.with_name(f"{path.name}.{number}.bak")
    return write_file(copy, lambda temporary: temporary.write_bytes(path.read_bytes()))


def write_bytes(path: str | Path, data: bytes) -> Path:
    """Write a file of some bytes, whole or not at all; see :func:`write_file`."""
    return write_file(path, lambda temporary: temporary.write_bytes(data))


def check_folder(folder: str | Path) -> Path:
    """Make sure, before long work, that files can be written to a folder.

    Raises
    ------
    OutputError
        When they can't.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise OutputError(
            f"{folder}: not a folder that can be written to ({error.strerror or error}); choose another"
        ) from error
    return folder


def check_file(path: str | Path) -> Path:
    """Make sure, before long work, that a file can be written.

    Raises
    ------
    OutputError
        When it can't.
    """
    path = Path(path)
    if path.is_dir():
        raise OutputError(f"{path}: a folder; name the file to write in it")
    check_folder(path.parent)
    return path


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
