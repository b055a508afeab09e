"""Three editions of the sample as a corpus of their own, opened once."""

import shutil
from pathlib import Path

import pytest

from textmine.publish.explore.exploration import Exploration
from textmine.publish.study import Study, open_study
from textmine.reports.corpus import corpus_files

YEARS = ("2009", "2010", "2011")


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("three")
    for path in corpus_files("sample"):
        if path.name[:4] in YEARS:
            shutil.copy(path, folder)
    return folder


@pytest.fixture(scope="session")
def study(corpus: Path) -> Study:
    return open_study(corpus)


@pytest.fixture
def look(study: Study) -> Exploration:
    return Exploration(study)
