"""The guide and the how-to pages: quick commands print what the pages show, programs run, and all commands exist."""

import re
import shlex
import shutil
from pathlib import Path

import polars as pl
import pytest
import typer
from command_line import Textmine

from textmine.cli import app

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = [DOCS / "guide.md", DOCS / "guide.zh.md", *sorted((DOCS / "how-to").glob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)
BLOCKS = {path.name: BLOCK.findall(path.read_text(encoding="utf-8")) for path in PAGES}
COMMANDS = [(page, text) for page, blocks in BLOCKS.items() for kind, text in blocks if kind == "console"]


@pytest.mark.parametrize(("page", "block"), COMMANDS, ids=lambda value: " ".join(value.split()[:4]))
def test_a_command_prints_what_the_page_shows(textmine: Textmine, tmp_path: Path, page: str, block: str) -> None:
    assert page
    shutil.copytree(ROOT / "figures", tmp_path / "figures")
    for lang in ("en", "zh"):
        shutil.copy(ROOT / "corpus" / "sample" / f"2011.{lang}.md", tmp_path)
    command, *shown = block.splitlines()
    dollar, program, *arguments = shlex.split(command)
    assert (dollar, program) == ("$", "textmine")
    _, out, _ = textmine(*arguments)
    lines = iter(line.rstrip() for line in out.splitlines())
    assert [line for line in shown if line.rstrip() not in lines] == []  # each after the one before


def test_both_guides_show_the_same_commands() -> None:
    guides = [
        [block.splitlines()[0].split()[:3] if kind == "console" else block for kind, block in BLOCKS[name]]
        for name in ("guide.md", "guide.zh.md")
    ]
    assert [part for part in guides[0] if not isinstance(part, str)] == [
        part for part in guides[1] if not isinstance(part, str)
    ]
    programs = [[part for part in guide if isinstance(part, str)] for guide in guides]
    assert [part.replace('"zh"', '"en"') for part in programs[1]] == programs[0]


@pytest.mark.parametrize("name", ["guide.md", "guide.zh.md"])
def test_the_program_of_a_guide_runs(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    (program,) = [text for kind, text in BLOCKS[name] if kind == "python"]
    names: dict[str, object] = {}
    exec(program.replace('load_corpus("sample")', 'load_corpus("sample")[4:10]'), names)  # noqa: S102 - our own page
    shares = names["shares"]
    assert isinstance(shares, pl.DataFrame)
    assert shares.height
    assert "n_tagged" in capsys.readouterr().out


def test_every_command_and_option_of_the_pages_exists() -> None:
    commands = typer.main.get_command(app)
    known = {name: {o for p in c.params for o in p.opts} for name, c in commands.commands.items()}  # type: ignore[attr-defined]
    named = 0
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        for call in re.findall(r"(?:^|`|\$ )textmine (?!sample )([a-z][^`\n]*)", text, flags=re.MULTILINE):
            name, *rest = shlex.split(call)
            assert name in known, (path.name, call)
            if name != "taxonomy":  # a group of commands
                assert {part for part in rest if part.startswith("--")} <= known[name], (path.name, call)
            named += 1
    assert named > 30


def test_every_method_page_cites_and_states_limits() -> None:
    pages = [path for path in (DOCS / "methods").glob("*.md") if path.name != "index.md"]
    assert len(pages) == 8
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert "$$" in text, path.name
        assert re.search(r"^## Limits\n\n- ", text, flags=re.MULTILINE), path.name
        body, sources = text.split("## Sources")
        for year in re.findall(r"\b(?:1[89]|20)\d\d\b", body):
            assert f"({year})" in sources, f"{path.name}: {year} isn't among the sources"
