"""The official report and the sample, read once."""

from pathlib import Path

import pytest

from textmine.reports.model import Report
from textmine.reports.read import read_report
from textmine.resources import resource_path


@pytest.fixture(scope="session")
def official_report(official_path: Path) -> Report:
    return read_report(official_path)


@pytest.fixture(scope="session")
def sample_texts() -> dict[str, str]:
    """Text of every sample file by its name, such as ``2011.zh``."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(resource_path("sample").glob("*.md"))}
    assert len(texts) >= 36
    return texts
