"""The page on exports: its command and programs run, and it names every format."""

import copy
import json
import re
import shlex
import shutil
from pathlib import Path

import pytest
from command_line import Textmine

from textmine.annotate.segment import Segmenter
from textmine.publish.export.conllu import write_paragraph
from textmine.publish.export.formats import FORMATS

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)


@pytest.fixture
def there(textmine: Textmine, tmp_path: Path) -> Textmine:
    shutil.copytree(ROOT / "docs" / "examples" / "road-safety", tmp_path, dirs_exist_ok=True)
    return textmine


def test_the_page_names_every_format() -> None:
    named = {
        name for row in re.findall(r"^\| (`.*?) \|", PAGE, flags=re.MULTILINE) for name in re.findall(r"`(.*?)`", row)
    }
    assert named == set(FORMATS)


def test_the_command_prints_what_the_page_shows(there: Textmine) -> None:
    ((_, block),) = [each for each in BLOCKS if each[0] == "console"]
    command, *shown = block.splitlines()
    dollar, program, *arguments = shlex.split(command)
    assert (dollar, program) == ("$", "textmine")
    code, out, err = there(*arguments)
    assert (code, err) == (0, "")
    assert out.splitlines()[: len(shown)] == shown


def test_the_programs_run(there: Textmine, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = (text for kind, text in BLOCKS if kind == "python")
    exec(first, {})  # noqa: S102 - our own page
    assert capsys.readouterr().out == "['2022.en.conllu', '2022.zh.conllu', '2023.en.conllu', '2023.zh.conllu'] ()\n"
    (command,) = re.findall(r"^1\. `textmine (.*)`$", PAGE, flags=re.MULTILINE)
    there(*shlex.split(command))
    tasks = json.loads((tmp_path / "tasks" / "tasks.zh.json").read_text(encoding="utf-8"))
    for task in tasks:  # as Label Studio does with what a person accepts
        task["annotations"] = [{"completed_by": 1, "result": copy.deepcopy(task["predictions"][0]["result"])}]
    removed = next(task for task in tasks if task["annotations"][0]["result"])["annotations"][0]["result"].pop()
    assert removed
    (tmp_path / "project.json").write_text(json.dumps(tasks), encoding="utf-8")
    names: dict[str, object] = {}
    capsys.readouterr()
    exec(second, names)  # noqa: S102 - our own page
    kept = sum(len(task["annotations"][0]["result"]) for task in tasks)
    assert capsys.readouterr().out == f"[('kept', {kept}), ('removed', 1)]\n"
    assert names["tags"].height == names["study"].table("tags").height - 1  # type: ignore[attr-defined]


def test_the_line_of_conllu_is_one_that_we_write() -> None:
    text = "More  cloud computing."
    tokens = [token._asdict() for token in Segmenter().cut(text, lang="en")]
    tag = {"scheme": "trend", "concept": "cloud", "start": 6, "end": 21, "evidence": "text"}
    ((_, line),) = [each for each in BLOCKS if each[0] == "text"]
    assert line in write_paragraph("d.p1", text, tokens, [tag])
