import errno
import os
import signal
import stat
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from textmine.atomic import check_file, check_folder, write_file
from textmine.errors import OutputError

OLD, NEW = "旧的内容\n", "新的内容 😀\n"


def write_new(path: Path) -> None:
    path.write_text(NEW, encoding="utf-8")


def everything_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "表 1.csv"
    path.write_text(OLD, encoding="utf-8")
    return path


@pytest.fixture
def umask() -> Iterator[int]:
    before = os.umask(0o027)
    yield 0o027
    os.umask(before)


def test_writes_and_returns_the_path(tmp_path: Path) -> None:
    path = write_file(tmp_path / "a.txt", write_new)
    assert path == tmp_path / "a.txt"
    assert path.read_text(encoding="utf-8") == NEW


def test_takes_the_place_of_an_old_file_and_leaves_nothing_else(old: Path) -> None:
    write_file(old, write_new)
    assert old.read_text(encoding="utf-8") == NEW
    assert everything_in(old.parent) == [old.name]


def test_makes_the_folder(tmp_path: Path) -> None:
    assert write_file(str(tmp_path / "图 表" / "a b" / "汉字.txt"), write_new).read_text(encoding="utf-8") == NEW


def test_old_content_stands_until_the_new_is_complete(old: Path) -> None:
    seen = []

    def write(path: Path) -> None:
        path.write_text(NEW[:3], encoding="utf-8")
        seen.append(old.read_text(encoding="utf-8"))
        path.write_text(NEW, encoding="utf-8")

    write_file(old, write)
    assert seen == [OLD]


def test_temporary_file_is_in_the_same_folder_with_the_same_suffix(old: Path) -> None:
    seen: list[Path] = []
    write_file(old, lambda path: (seen.append(path), write_new(path)))
    assert (seen[0].parent, seen[0].suffix) == (old.parent, ".csv")


@pytest.mark.parametrize("error", [ValueError("x"), KeyboardInterrupt(), SystemExit(1), MemoryError()], ids=repr)
def test_a_crash_in_the_writer_leaves_the_old_file_and_no_temporary(old: Path, error: BaseException) -> None:
    def write(path: Path) -> None:
        path.write_text(NEW[:2], encoding="utf-8")
        raise error

    with pytest.raises(type(error)):
        write_file(old, write)
    assert old.read_text(encoding="utf-8") == OLD
    assert everything_in(old.parent) == [old.name]


def test_a_crash_in_the_writer_leaves_no_file_where_none_was(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        write_file(tmp_path / "a.txt", lambda _: 1 / 0)
    assert everything_in(tmp_path) == []


def test_a_full_disk_in_the_writer_is_said_and_leaves_the_old_file(old: Path) -> None:
    def write(path: Path) -> None:
        path.write_text(NEW[:2], encoding="utf-8")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(OutputError, match="No space left on device"):
        write_file(old, write)
    assert old.read_text(encoding="utf-8") == OLD
    assert everything_in(old.parent) == [old.name]


@pytest.mark.parametrize(
    ("function", "number"),
    [
        ("os.replace", errno.EACCES),
        ("os.replace", errno.EXDEV),
        ("os.fsync", errno.ENOSPC),
        ("os.fsync", errno.EIO),
        ("os.chmod", errno.EPERM),
        ("tempfile.mkstemp", errno.EACCES),
        ("tempfile.mkstemp", errno.EROFS),
        ("tempfile.mkstemp", errno.ENOSPC),
    ],
)
def test_a_refusal_by_the_system_is_said_and_leaves_the_old_file(
    old: Path, monkeypatch: pytest.MonkeyPatch, function: str, number: int
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(function, refuse)
        with pytest.raises(OutputError, match=os.strerror(number)) as caught:
            write_file(old, write_new)
    assert str(old) in str(caught.value)
    assert old.read_text(encoding="utf-8") == OLD
    assert everything_in(old.parent) == [old.name]


def test_the_message_says_the_next_step(old: Path) -> None:
    with pytest.raises(OutputError, match=r"choose another folder$"):
        write_file(old / "inside-a-file.txt", write_new)


def test_a_file_in_place_of_the_folder_is_said(old: Path) -> None:
    with pytest.raises(OutputError, match="can't be written"):
        write_file(old / "deeper" / "a.txt", write_new)
    assert old.read_text(encoding="utf-8") == OLD


def test_a_folder_in_place_of_the_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(OutputError, match="directory"):
        write_file(tmp_path / "a.txt", write_new)
    assert everything_in(tmp_path) == ["a.txt"]


def test_a_name_too_long_is_said(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="too long"):
        write_file(tmp_path / ("汉" * 100 + ".txt"), write_new)
    assert everything_in(tmp_path) == []


def test_permissions_are_what_the_user_set(tmp_path: Path, umask: int) -> None:
    path = write_file(tmp_path / "a.txt", write_new)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~umask


def test_the_users_mask_stays(tmp_path: Path, umask: int) -> None:
    write_file(tmp_path / "a.txt", write_new)
    assert os.umask(umask) == umask


def test_writers_at_the_same_time_leave_one_of_them_whole(tmp_path: Path) -> None:
    contents = [str(i) * 20_000 for i in range(8)]

    def write_one(content: str) -> None:
        write_file(tmp_path / "a.txt", lambda path: path.write_text(content, encoding="utf-8"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write_one, contents))
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") in contents
    assert everything_in(tmp_path) == ["a.txt"]


def run_python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", textwrap.dedent(code), *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_disk_that_is_really_full_leaves_the_old_file(old: Path) -> None:
    code = """
        import resource, sys
        from textmine.errors import OutputError
        from textmine.atomic import write_file
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        try:
            write_file(sys.argv[1], lambda path: path.write_bytes(b"x" * 100_000))
        except OutputError as error:
            print(error)
    """
    done = run_python(code, str(old))
    assert "can't be written" in done.stdout, done.stderr
    assert everything_in(old.parent) == [old.name]
    assert old.read_text(encoding="utf-8") == OLD


def test_a_process_killed_in_the_writer_leaves_the_old_file_and_the_next_run_succeeds(old: Path) -> None:
    code = """
        import os, signal, sys
        from textmine.atomic import write_file
        def write(path):
            path.write_bytes(b"half")
            os.kill(os.getpid(), signal.SIGKILL)
        write_file(sys.argv[1], write)
    """
    assert run_python(code, str(old)).returncode == -signal.SIGKILL
    assert old.read_text(encoding="utf-8") == OLD
    assert write_file(old, write_new).read_text(encoding="utf-8") == NEW


def test_check_folder_makes_it_and_leaves_it_empty(tmp_path: Path) -> None:
    folder = check_folder(str(tmp_path / "一 二" / "three"))
    assert folder.is_dir()
    assert everything_in(folder) == []


def test_check_folder_leaves_what_is_there(old: Path) -> None:
    check_folder(old.parent)
    assert everything_in(old.parent) == [old.name]


def test_check_folder_refuses_a_file(old: Path) -> None:
    with pytest.raises(OutputError, match="not a folder"):
        check_folder(old)


@pytest.mark.parametrize("function", ["os.mkdir", "tempfile.TemporaryFile"])
def test_check_folder_refuses_what_it_can_not_write_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(function, refuse)
    with pytest.raises(OutputError, match=r"Permission denied.*choose another"):
        check_folder(tmp_path / "new")


def test_check_folder_refuses_a_name_too_long(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="too long"):
        check_folder(tmp_path / ("x" * 300))


def test_check_file_makes_its_folder_and_no_file(tmp_path: Path) -> None:
    assert check_file(tmp_path / "new" / "page.html") == tmp_path / "new" / "page.html"
    assert everything_in(tmp_path) == ["new"]


def test_check_file_refuses_a_folder(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="a folder; name the file"):
        check_file(tmp_path)


def test_the_writer_may_be_a_partial(tmp_path: Path) -> None:
    assert write_file(tmp_path / "a", partial(Path.write_bytes, data=b"1")).read_bytes() == b"1"
