"""What several test files share: the official text where it is present, and toy texts."""

import sys
from pathlib import Path

import pytest
from command_line import Outcome, Textmine

from textmine import cli

ROOT = Path(__file__).resolve().parents[1]
OFFICIAL = ROOT.parent / "shared" / "official" / "A-66-64.zh.txt"


@pytest.fixture(scope="session")
def official_path() -> Path:
    if not OFFICIAL.is_file():
        pytest.skip(f"the official text isn't here ({OFFICIAL}); it isn't ours to ship")
    return OFFICIAL


@pytest.fixture(scope="session")
def official_text(official_path: Path) -> str:
    return official_path.read_text(encoding="utf-8")


@pytest.fixture
def textmine(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Textmine:
    """Run the command line in this process, as its entry point does, in a working directory of the test's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TEXTMINE_CORPUS", raising=False)

    def call(*arguments: str | Path) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["textmine", *map(str, arguments)])
        code: object = 0
        try:
            cli.main()
        except SystemExit as end:
            code = end.code or 0
        return Outcome(int(str(code)), *capsys.readouterr())

    return call


@pytest.fixture
def without_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing takes most of a run; a test that looks at no figure leaves it out."""
    monkeypatch.setattr("textmine.publish.run.choose_figures", lambda _: {})
