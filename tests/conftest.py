"""What several test files share: the official text where it is present, and toy texts."""

from pathlib import Path

import pytest

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
