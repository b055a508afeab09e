"""The page on a taxonomy of one's own: its commands run, and print what the page shows."""

import re
import shlex
import shutil
from pathlib import Path

import polars as pl
import pytest
from command_line import Textmine

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "own-taxonomy.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "docs" / "examples" / "road-safety"
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)
COMMANDS = [text for kind, text in BLOCKS if kind == "console"]
PROGRAMS = [text for kind, text in BLOCKS if kind == "python"]


@pytest.fixture
def there(textmine: Textmine, tmp_path: Path) -> Textmine:
    """The command line in a folder of the test's own that holds the example."""
    shutil.copytree(EXAMPLE, tmp_path, dirs_exist_ok=True)
    return textmine


def test_the_page_has_commands_and_programs() -> None:
    assert (len(COMMANDS), len(PROGRAMS)) == (6, 2)


@pytest.mark.parametrize("block", COMMANDS, ids=lambda block: " ".join(block.split()[2:4]))
def test_a_command_prints_what_the_page_shows(there: Textmine, block: str) -> None:
    command, *shown = block.splitlines()
    dollar, program, *arguments = shlex.split(command)
    assert (dollar, program) == ("$", "textmine")
    code, out, err = there(*arguments)
    assert (code, err) == (0, "")
    lines = iter(line.rstrip() for line in out.splitlines())
    assert [line for line in shown if line not in lines] == []  # each after the one before


@pytest.mark.parametrize("program", PROGRAMS, ids=["shares", "spacy"])
def test_a_program_runs(there: Textmine, program: str, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: ARG001
    names: dict[str, object] = {}
    exec(program, names)  # noqa: S102 - our own page
    if "nlp" in names:
        assert capsys.readouterr().out == "[('Cyclists', 'cycling'), ('cycle lane', 'cycling')]\n"
    else:
        shares = names["shares"]
        assert isinstance(shares, pl.DataFrame)
        row = shares.filter(edition=2023, lang="en", concept="cycling", evidence="any")
        assert row.select("n_paragraphs", "n_tagged").rows() == [(8, 6)]


def test_what_the_page_quotes_of_the_files_is_in_them() -> None:
    head, concept = (next(text for kind, text in BLOCKS if kind == name) for name in ("text", "toml"))
    assert (EXAMPLE / "reports" / "2023.en.md").read_text(encoding="utf-8").startswith(head)
    taxonomy = (EXAMPLE / "road-safety.toml").read_text(encoding="utf-8")
    for line in concept.splitlines():
        assert line.partition("  #")[0].rstrip() in taxonomy


def test_both_languages_say_the_same(there: Textmine) -> None:
    there("run", "--corpus", "reports", "--taxonomy", "road-safety.toml")
    tags = pl.read_parquet("textmine-out/tables/tags.parquet").filter(evidence="text")
    key = ["edition", "paragraph", "concept"]
    zh, en = (tags.filter(lang=lang).select(key).unique().sort(key) for lang in ("zh", "en"))
    assert zh.rows() == en.rows()
