import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import textmine


@pytest.mark.parametrize("name", textmine.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(textmine, name).__name__ == name


@pytest.mark.parametrize("name", textmine.__all__)
def test_every_public_name_is_the_object_of_its_module(name: str) -> None:
    found = getattr(textmine, name)
    assert getattr(import_module(found.__module__), name) is found


@pytest.mark.parametrize("name", textmine.__all__)
def test_every_public_name_says_what_it_does(name: str) -> None:
    assert (getattr(textmine, name).__doc__ or "").strip()


def test_names_are_sorted_and_each_once() -> None:
    assert textmine.__all__ == sorted(set(textmine.__all__))


def test_type_checkers_see_the_same_names() -> None:
    tree = ast.parse(Path(textmine.__file__).read_text(encoding="utf-8"))
    typed = {
        alias.name: node.module
        for block in tree.body
        if isinstance(block, ast.If)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert typed == {name: getattr(textmine, name).__module__ for name in textmine.__all__}


def test_dir_lists_the_public_names() -> None:
    assert set(textmine.__all__) <= set(dir(textmine))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match=r"textmine.*nothing"):
        textmine.nothing  # noqa: B018


def test_star_import_brings_the_public_names() -> None:
    space: dict[str, object] = {}
    exec("from textmine import *", space)  # noqa: S102 - a star import is the subject
    assert set(textmine.__all__) <= space.keys()


def test_import_loads_nothing_heavy_and_says_nothing() -> None:
    code = "import sys, textmine\nprint(sorted({name.split('.')[0] for name in sys.modules} & set(sys.argv[1:])))"
    heavy = ["matplotlib", "polars", "scipy", "spacy", "sklearn", "jieba", "rjieba", "opencc", "numpy"]
    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-W", "error", "-c", code, *heavy], capture_output=True, text=True, timeout=60, check=True
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
