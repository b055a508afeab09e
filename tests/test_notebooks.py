"""What nbval does not see: stripped, out-of-order or skipped cells, hidden errors, code that belongs elsewhere."""

import ast
import hashlib
import re
from pathlib import Path

import nbformat
import polars as pl
import pytest

import textmine
from textmine.reports.corpus import corpus_files

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SECTIONS = ["Question", "Data", "Method", "Result", "Robustness", "Limits", "Answer"]
ALLOWED_IMPORTS = {"textmine", "polars"}
FORBIDDEN_NODES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Try, ast.Lambda)
#: Free of results: small counting words and layout numbers that prose may use without a cell printing them.
NUMBER = re.compile(r"(?<![\w/.-])\d+(?:\.\d+)?(?![\w/-])")

by_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def code_cells(path: Path) -> list[nbformat.NotebookNode]:
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


@by_notebook
def test_every_code_cell_ran_once_in_order(path: Path) -> None:
    counts = [cell.execution_count for cell in code_cells(path)]
    assert counts == list(range(1, len(counts) + 1))


@by_notebook
def test_no_cell_is_hidden_from_checking(path: Path) -> None:
    for cell in read(path).cells:
        assert not cell.metadata.get("tags"), cell.source
        assert "NBVAL" not in cell.source
        assert "#PYTEST_VALIDATE" not in cell.source.upper().replace(" ", "")


@by_notebook
def test_no_output_is_an_error_or_on_stderr(path: Path) -> None:
    for cell in code_cells(path):
        for output in cell.outputs:
            assert output.output_type != "error"
            assert output.get("name") != "stderr"


@by_notebook
def test_cells_use_the_public_api_only(path: Path) -> None:
    for cell in code_cells(path):
        tree = ast.parse(cell.source)
        for node in ast.walk(tree):
            assert not isinstance(node, FORBIDDEN_NODES), cell.source
            if isinstance(node, ast.Import):
                assert {alias.name for alias in node.names} <= ALLOWED_IMPORTS, cell.source
            assert not isinstance(node, ast.ImportFrom), cell.source
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "textmine":
                assert node.attr in textmine.__all__, node.attr


@by_notebook
def test_sources_hold_no_path_install_or_timing(path: Path) -> None:
    for cell in read(path).cells:
        assert not re.search(r"(?:^|[\"'(\s])(?:/home|/root|/work|/tmp|[A-Z]:\\)", cell.source), cell.source
        assert not re.search(r"^\s*[%!]|\bpip install\b|\btime\.|tqdm", cell.source, re.MULTILINE), cell.source
    text = "".join(
        str(output)
        for cell in code_cells(path)
        for output in cell.outputs
        if "image" not in str(output.get("data", {}).keys())
    )
    assert not re.search(r"0x[0-9a-f]{8,}|/work/|/root/", text)


@by_notebook
def test_title_is_a_question_and_the_last_cell_answers_it(path: Path) -> None:
    cells = read(path).cells
    assert re.match(r"# .+\?\n?", cells[0].source.split("\n\n")[0])
    assert re.match(r"\d\d-[a-z0-9-]+$", path.stem)
    titles = re.findall(r"^## (\w+)", "\n".join(c.source for c in cells if c.cell_type == "markdown"), re.MULTILINE)
    assert list(dict.fromkeys(titles)) == SECTIONS
    assert cells[-1].cell_type == "code"
    assert cells[-1].outputs


@by_notebook
def test_the_first_code_cell_has_the_parameters(path: Path) -> None:
    cells = code_cells(path)
    assigned = {
        target.id: node.value.value
        for node in ast.parse(cells[0].source).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    assert {"CORPUS", "LANG", "SEED"} <= assigned.keys()
    assert assigned["LANG"] in ("en", "zh")
    code = "\n".join(cell.source for cell in cells[1:])
    for name in assigned:
        assert re.search(rf"\b{name}\b", code), f"{name} is a parameter that no cell uses"


@by_notebook
def test_every_figure_shown_is_published_with_the_numbers_its_table_prints(path: Path) -> None:
    cells = code_cells(path)
    names = published(path)
    shown = [cell for cell in cells if any(shows_figure(output.get("data", {})) for output in cell.outputs)]
    assert shown
    assert len(shown) == len(names), "show a figure in the cell that publishes it"
    for cell, (variable, name) in zip(shown, names.items(), strict=True):
        assert f"{variable} = textmine.show_figure(" in cell.source
        assert name.startswith(path.stem[:3]), name
        data = check_files(name)
        numbers = {column: data[column].cast(pl.Float64, strict=False).drop_nulls() for column in data.columns}
        tables = [other for other in cells if re.search(rf"\b{variable}\.data\b", other.source)]
        assert tables, f"{path.name}: no cell shows {variable}.data"
        for table in tables:
            for output in table.outputs:
                for number in re.findall(r"[│┆] *(-?\d+\.\d+)(?= )", output.get("data", {}).get("text/plain", "")):
                    assert any(prints(number, column) for column in numbers.values()), f"{number} isn't in {name}.csv"


def shows_figure(data: dict[str, object]) -> bool:
    """Tell whether an output is a figure; a widget's still is none."""
    return "image/png" in data and "application/vnd.jupyter.widget-view+json" not in data


def published(path: Path) -> dict[str, str]:
    """Return variable and name of each figure that a notebook publishes, in order."""
    call = re.compile(r'^(\w+) = textmine\.show_figure\(\s*\w+,\s*"[\w-]+",\s*"\.\./figures",\s*name="([\w-]+)"', re.M)
    return {match[1]: match[2] for cell in code_cells(path) for match in call.finditer(cell.source)}


def check_files(name: str) -> pl.DataFrame:
    """Check that all files of a figure are there and the ledger's; return its data."""
    folder = ROOT / "figures"
    files = {f"{name}.csv"} | {
        f"{name}-{lang}.{kind}" for lang in ("en", "zh") for kind in ("pdf", "svg", "png", "txt")
    }
    ledger = textmine.read_ledger(folder / f"{name}.json")
    assert files == ledger.files.keys()
    for file, digest in ledger.files.items():
        assert hashlib.sha256((folder / file).read_bytes()).hexdigest() == digest, file
    data = pl.read_csv(folder / f"{name}.csv", infer_schema=False)
    assert data.height == len(ledger.claims)
    return data


def prints(number: str, values: pl.Series) -> bool:
    """Tell whether a printed number is one of the values, or its percentage, rounded."""
    digits = len(number.split(".")[1])
    near = 0.5 * 10.0**-digits + 1e-9
    return any(bool(((factor * values - float(number)).abs() <= near).any()) for factor in (1, 100))


def test_every_figure_kept_is_shown_by_a_notebook() -> None:
    shown = {name for path in NOTEBOOKS for name in published(path).values()}
    kept = {path.name.split(".")[0].removesuffix("-en").removesuffix("-zh") for path in (ROOT / "figures").iterdir()}
    assert kept == shown


@by_notebook
def test_prose_quotes_no_result(path: Path) -> None:
    """Numbers in Markdown cells are years, levels of confidence or names, never results."""
    for cell in read(path).cells:
        if cell.cell_type == "markdown":
            for number in NUMBER.findall(cell.source):
                assert number in {"95"} or re.fullmatch(r"(?:19|20)\d\d", number), f"{number} in {cell.source}"


@pytest.mark.official
def test_outputs_hold_no_sentence_of_the_official_text(official_text: str) -> None:
    """The sample may be shown; a run of characters that both texts have, such as a body's full name, is its own too."""
    ours = "\n".join(path.read_text(encoding="utf-8") for path in corpus_files("sample") if path.name.endswith("zh.md"))
    theirs = runs(official_text) - runs(ours)
    for path in NOTEBOOKS:
        assert not runs(path.read_text(encoding="utf-8")) & theirs, path.name


def runs(text: str, length: int = 20) -> set[str]:
    """Return all runs of characters of a text, white space left out."""
    squeezed = re.sub(r"\s+", "", text)
    return {squeezed[i : i + length] for i in range(len(squeezed) - length + 1)}


def test_features_of_the_notebook_are_tables_of_the_schema() -> None:
    features = textmine.load_features("2011.zh")
    assert features["paragraphs"]["number"].to_list() == list(range(1, 168))
    assert features["terms"].filter(pl.col("count") < 1).height == 0
