import csv
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textmine.errors import OutputError
from textmine.publish.tables import write_csv, write_tables

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "＋1", "－1", "＠A1"]
LEADING = ["", " ", "\t", "\r", "\n", "\x00", "\x01", "\x1b", "\x1f", "\u3000", "\xa0", "\x85", "\u2003", " \t\u3000"]
HARMLESS = ["", "a", "1-2", "宽带", "'=1", "a=1", "（=1）", "1", "!", "“=1", "2011", "http://a.b/?c=d", "\\=1", "😀-"]
UNGUARDED = ["\x7f=1", "\x80=1", "\x9b=1", "\u200b=1", "\u200e=1", "\u2060=1", "\ufeff=1", "﹦1", "﹢1", "﹣1", "﹫A1"]
TABLES = {
    "tags": pl.DataFrame({"edition": [2011, 2011], "surface": ["宽带", "=cmd|' /C calc'!A0"], "start": [0, None]}),
    "headings": pl.DataFrame({"path": [["一. 甲", "A. 乙"], []], "share": [0.25, -1.5]}),
}


def read_cells(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


def one_cell(tmp_path: Path, text: str | None) -> str:
    path = write_csv(
        pl.DataFrame({"n": [1], "text": [text]}, schema={"n": pl.Int32, "text": pl.String}), tmp_path / "a.csv"
    )
    return read_cells(path)[1][1]


def test_parquet_comes_back_as_it_was(tmp_path: Path) -> None:
    write_tables(TABLES, tmp_path)
    assert all(pl.read_parquet(tmp_path / f"{name}.parquet").equals(frame) for name, frame in TABLES.items())


@pytest.mark.parametrize(
    ("with_csv", "names"),
    [
        (False, ["headings.parquet", "tags.parquet"]),
        (True, ["headings.parquet", "headings.csv", "tags.parquet", "tags.csv"]),
    ],
)
def test_files_written_are_those_returned(tmp_path: Path, with_csv: bool, names: list[str]) -> None:
    written = write_tables(TABLES, tmp_path / "表", csv=with_csv)
    assert [path.name for path in written] == names
    assert sorted(written) == sorted((tmp_path / "表").iterdir())


def test_tables_in_another_order_give_the_same_bytes(tmp_path: Path) -> None:
    first = write_tables(TABLES, tmp_path / "1", csv=True)
    second = write_tables(dict(reversed(TABLES.items())), tmp_path / "2", csv=True)
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_frames_stay_as_they_were(tmp_path: Path) -> None:
    frame = TABLES["tags"].clone()
    write_csv(frame, tmp_path / "a.csv")
    assert frame.equals(TABLES["tags"])


def test_csv_starts_with_a_byte_order_mark(tmp_path: Path) -> None:
    assert write_csv(TABLES["tags"], tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbfedition,")


def test_csv_joins_lists(tmp_path: Path) -> None:
    assert read_cells(write_csv(TABLES["headings"], tmp_path / "a.csv"))[1:] == [
        ["一. 甲 | A. 乙", "0.25"],
        ["", "-1.5"],
    ]


def test_csv_keeps_line_breaks_quotes_and_commas_in_their_cell(tmp_path: Path) -> None:
    text = 'a,"b"\nc\r\nd；e'
    assert one_cell(tmp_path, text) == text


@pytest.mark.parametrize("lead", LEADING, ids=ascii)
@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_is_defused(tmp_path: Path, lead: str, formula: str) -> None:
    assert one_cell(tmp_path, lead + formula) == "'" + lead + formula


@pytest.mark.parametrize("text", UNGUARDED, ids=ascii)
def test_a_formula_behind_other_characters_that_do_not_show_is_defused(tmp_path: Path, text: str) -> None:
    assert one_cell(tmp_path, text) == "'" + text


@pytest.mark.parametrize("text", HARMLESS, ids=ascii)
def test_other_text_is_left_alone(tmp_path: Path, text: str) -> None:
    assert one_cell(tmp_path, text) == text


def test_a_formula_in_a_list_is_defused(tmp_path: Path) -> None:
    path = write_csv(pl.DataFrame({"urls": [["=HYPERLINK(1)", "b"]]}), tmp_path / "a.csv")
    assert read_cells(path)[1] == ["'=HYPERLINK(1) | b"]


def test_negative_numbers_are_not_formulas(tmp_path: Path) -> None:
    path = write_csv(pl.DataFrame({"value": [-1.5], "n": [-2]}), tmp_path / "a.csv")
    assert read_cells(path)[1] == ["-1.5", "-2"]


@pytest.mark.parametrize("frame", [pl.DataFrame({"a": []}, schema={"a": pl.String}), pl.DataFrame({"n": [None]})])
def test_frames_without_rows_or_values(tmp_path: Path, frame: pl.DataFrame) -> None:
    assert len(read_cells(write_csv(frame, tmp_path / "a.csv"))) == frame.height + 1


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), min_size=1, max_size=8))
@settings(max_examples=50, deadline=None)
def test_every_text_comes_back_with_at_most_an_apostrophe_before_it(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    path = write_csv(pl.DataFrame({"n": range(len(texts)), "text": texts}), tmp_path_factory.mktemp("csv") / "a.csv")
    cells = [row[1] for row in read_cells(path)[1:]]
    assert len(cells) == len(texts)
    assert all(cell in (text, "'" + text) for cell, text in zip(cells, texts, strict=True))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=12))
@settings(max_examples=100, deadline=None)
def test_no_cell_begins_with_a_sign_of_a_formula(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    cell = one_cell(tmp_path_factory.mktemp("csv"), text)
    assert cell.lstrip()[:1] not in {"=", "+", "-", "@", "＝", "＋", "－", "＠"}


def test_an_unwritable_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(OutputError, match="can't be written"):
        write_tables(TABLES, tmp_path / "out")
    assert (tmp_path / "out").read_text() == "in the way"


def write_on_a_full_disk(expression: str, folder: Path) -> str:
    code = f"""
import resource, sys
import polars as pl
from textmine.publish.tables import write_csv, write_tables
frame = pl.DataFrame({{"text": [str(7919 * i) for i in range(20_000)]}})
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    {expression}
except Exception as error:
    print(type(error).__name__)
"""
    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    return done.stdout.strip()


def test_a_full_disk_is_said_for_csv(tmp_path: Path) -> None:
    assert write_on_a_full_disk("write_csv(frame, 'a.csv')", tmp_path) == "OutputError"


def test_a_full_disk_is_said_for_parquet(tmp_path: Path) -> None:
    assert write_on_a_full_disk("write_tables({'a': frame}, '.')", tmp_path) == "OutputError"


@pytest.mark.parametrize("expression", ["write_csv(frame, 'a.csv')", "write_tables({'a': frame}, '.')"])
def test_a_full_disk_leaves_no_file(tmp_path: Path, expression: str) -> None:
    write_on_a_full_disk(expression, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_floats_are_written_to_the_digits_that_machines_agree_upon(tmp_path: Path) -> None:
    """A share and a p-value near the least that a float holds, and both as another processor may have them."""
    for name, factor in (("here", 1), ("elsewhere", 1 + 1e-15)):
        write_tables({name: pl.DataFrame({"share": [factor / 3], "p": [factor * 1e-300 / 3]})}, tmp_path)
    (share, p), *others = (pl.read_parquet(tmp_path / f"{name}.parquet").row(0) for name in ("here", "elsewhere"))
    assert others == [(share, p)]
    assert (share, p) == (0.3333333333, pytest.approx(1e-300 / 3, rel=1e-9, abs=0))


def test_figures_of_the_texts_keep_all_digits(tmp_path: Path) -> None:
    write_tables({"quantities": pl.DataFrame({"value": [123_456_789_012.25]})}, tmp_path, csv=True)
    assert pl.read_parquet(tmp_path / "quantities.parquet")["value"].to_list() == [123_456_789_012.25]
    assert "123456789012.25" in (tmp_path / "quantities.csv").read_text(encoding="utf-8")
