"""Every measure, on this machine and on one that poses as an older one: the same bytes."""

import os
import subprocess
import sys
from pathlib import Path

from elsewhere import ELSEWHERE, OLDER_CPU

PROGRAM = Path(__file__).with_name("all_measures.py")


def test_every_table_is_the_same_on_an_older_machine(tmp_path: Path) -> None:
    """What real and emulated processors give: benchmarks/machines.md."""
    folders = tmp_path / "here", tmp_path / "there"
    processes = [
        subprocess.Popen(  # noqa: S603 - our own interpreter and program
            [sys.executable, PROGRAM, folder, "2009-2011"], env=os.environ | settings, cwd=tmp_path
        )
        for folder, settings in zip(folders, ({}, ELSEWHERE | OLDER_CPU), strict=True)
    ]
    assert [process.wait(timeout=300) for process in processes] == [0, 0]
    here, there = ({path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} for folder in folders)
    assert here.keys() == there.keys()
    assert [name for name in sorted(here) if here[name] != there[name]] == []
