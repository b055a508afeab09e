import os
import re
import struct
import subprocess
import sys
import warnings
import zlib
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import matplotlib as mpl
import polars as pl
import pytest
from elsewhere import ELSEWHERE, OLDER_CPU
from matplotlib.figure import Figure

from textmine.errors import OutputError
from textmine.publish.figure import figure_style, save_figure
from textmine.publish.plot import draw_shares
from textmine.publish.tables import write_csv

from .conftest import Shares

LABELS = {"a": "移动医疗（％）", "b": "$x_1$ & <b>", "c": "Ångström – Ｂ"}
COUNTS = {"a": 20, "b": 10, "c": 2}
TITLE = "趋势，2011，A/66/64_$E$"

# Draws the toy figure in a process of its own and saves it below the folder named on the command line.
SCRIPT = f"""
import sys
import polars as pl
from textmine.publish.figure import save_figure
from textmine.publish.plot import draw_shares
shares = pl.read_parquet(sys.argv[1])
figure = draw_shares(shares, labels={LABELS!r}, title={TITLE!r}, lang="zh")
save_figure(figure, shares, sys.argv[2])
"""
SETTINGS = [
    {"PYTHONHASHSEED": "1", "TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8", "POLARS_MAX_THREADS": "1"},
    ELSEWHERE | OLDER_CPU,
]


@pytest.fixture(scope="module")
def shares(make_shares: Shares) -> pl.DataFrame:
    return make_shares(COUNTS)


@pytest.fixture(scope="module")
def figure(shares: pl.DataFrame) -> Figure:
    return draw_shares(shares, labels=LABELS, title=TITLE, lang="zh")


@pytest.fixture(scope="module")
def saved(figure: Figure, shares: pl.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("图 表")
    return {path.suffix: path for path in save_figure(figure, shares, folder / "trend-2011-zh")}


@pytest.fixture(scope="module")
def saved_elsewhere(shares: pl.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, bytes]]:
    """The same figure from two processes at the same time, each with settings of its own; one poses as older."""
    folder = tmp_path_factory.mktemp("processes")
    shares.write_parquet(folder / "shares.parquet")
    processes = [
        subprocess.Popen(  # noqa: S603 - our own interpreter and script
            [sys.executable, "-W", "error", "-c", SCRIPT, str(folder / "shares.parquet"), str(folder / str(i) / "f")],
            env={**os.environ, **settings},
            stderr=subprocess.PIPE,
            text=True,
        )
        for i, settings in enumerate(SETTINGS)
    ]
    for process in processes:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
    return [
        {path.suffix: path.read_bytes() for path in sorted((folder / str(i)).iterdir())} for i in range(len(SETTINGS))
    ]


# --- a PDF, read by hand


def pdf_objects(data: bytes) -> dict[int, bytes]:
    return {int(m[1]): m[2] for m in re.finditer(rb"(?m)^(\d+) 0 obj\r?\n(.*?)\r?\nendobj", data, re.DOTALL)}


def pdf_stream(content: bytes) -> bytes:
    head, _, rest = content.partition(b"stream\n")
    body = rest[: rest.rindex(b"\nendstream")]
    return zlib.decompress(body) if b"FlateDecode" in head else body


def pdf_characters(to_unicode: bytes) -> dict[int, str]:
    characters = {}
    for first, _, values in re.findall(rb"<([0-9a-f]{4})> <([0-9a-f]{4})> \[(.*?)\]", to_unicode, re.DOTALL):
        for i, value in enumerate(re.findall(rb"<([0-9a-f]+)>", values)):
            characters[int(first, 16) + i] = bytes.fromhex(value.decode()).decode("utf-16-be")
    return characters


def pdf_texts(data: bytes) -> list[str]:
    """Return the text of every BT ... ET block through the fonts' own ToUnicode tables, as a reader program does."""
    objects = pdf_objects(data)
    pages = next(content for content in objects.values() if b"/Type /Page\n" in content or b"/Type /Page " in content)
    resources = objects[int(re.search(rb"/Resources (\d+) 0 R", pages)[1])]  # type: ignore[index]
    fonts = objects[int(re.search(rb"/Font (\d+) 0 R", resources)[1])]  # type: ignore[index]
    tables = {}
    for name, number in re.findall(rb"/(F\S+) (\d+) 0 R", fonts):
        table = re.search(rb"/ToUnicode (\d+) 0 R", objects[int(number)])
        tables[name] = pdf_characters(pdf_stream(objects[int(table[1])])) if table else {}
    page = pdf_stream(objects[int(re.search(rb"/Contents (\d+) 0 R", pages)[1])])  # type: ignore[index]
    texts = []
    for block in re.findall(rb"BT\n(.*?)\nET", page, re.DOTALL):
        text, table = "", {}
        for font, string in re.findall(rb"/(F\S+) \S+ Tf|(\((?:\\.|[^\\)])*\))", block, re.DOTALL):
            if font:
                table = tables[font]
                continue
            codes = re.sub(rb"\\([0-7]{3}|.)", unescape_pdf, string[1:-1], flags=re.DOTALL)
            text += "".join(table.get(code, "\ufffd") for (code,) in struct.iter_unpack(">H", codes))
        texts.append(text)
    return texts


def unescape_pdf(match: re.Match[bytes]) -> bytes:
    named = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
    return bytes([int(match[1], 8)]) if len(match[1]) == 3 else named.get(match[1], match[1])


# --- the same bytes


@pytest.mark.parametrize("kind", [".pdf", ".svg", ".png", ".csv"])
def test_processes_with_other_settings_write_the_same_bytes(saved_elsewhere: list[dict[str, bytes]], kind: str) -> None:
    assert saved_elsewhere[0][kind] == saved_elsewhere[1][kind]


@pytest.mark.parametrize("kind", [".pdf", ".svg", ".png", ".csv"])
def test_this_process_writes_the_same_bytes_too(
    saved: dict[str, Path], saved_elsewhere: list[dict[str, bytes]], kind: str
) -> None:
    assert saved[kind].read_bytes() == saved_elsewhere[0][kind]


def test_saving_a_figure_twice_gives_the_same_bytes(
    figure: Figure, shares: pl.DataFrame, saved: dict[str, Path], tmp_path: Path
) -> None:
    again = save_figure(figure, shares, tmp_path / "again")
    assert [path.read_bytes() for path in again] == [saved[path.suffix].read_bytes() for path in again]


@pytest.mark.parametrize("kind", [".pdf", ".svg", ".png"])
def test_no_file_carries_a_time_or_a_version(saved: dict[str, Path], kind: str) -> None:
    data = saved[kind].read_bytes()
    said = [
        word for word in (b"CreationDate", b"ModDate", b"dc:date", b"tIME", mpl.__version__.encode()) if word in data
    ]
    assert said == []


# --- what is in the files


def test_four_files_are_written(saved: dict[str, Path]) -> None:
    assert sorted(path.name for path in saved[".pdf"].parent.iterdir()) == [
        f"trend-2011-zh{suffix}" for suffix in (".csv", ".pdf", ".png", ".svg")
    ]


def test_a_suffix_is_replaced(figure: Figure, shares: pl.DataFrame, tmp_path: Path) -> None:
    assert [path.name for path in save_figure(figure, shares, tmp_path / "f.png")] == [
        "f.pdf",
        "f.svg",
        "f.png",
        "f.csv",
    ]


def test_data_beside_the_figure_are_the_data_given(
    saved: dict[str, Path], shares: pl.DataFrame, tmp_path: Path
) -> None:
    assert saved[".csv"].read_bytes() == write_csv(shares, tmp_path / "a.csv").read_bytes()


def test_no_glyph_is_missing(shares: pl.DataFrame, tmp_path: Path) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        save_figure(draw_shares(shares, labels=LABELS, title=TITLE, lang="zh"), shares, tmp_path / "f")
    assert [str(warning.message) for warning in caught] == []


@pytest.mark.parametrize("text", [TITLE, *LABELS.values(), "50.0  (20)", "25.0  (10)", "5.0  (2)"])
def test_text_of_the_pdf_can_be_extracted(saved: dict[str, Path], text: str) -> None:
    assert text in pdf_texts(saved[".pdf"].read_bytes())


def test_pdf_has_no_type_3_font_and_embeds_every_font(saved: dict[str, Path]) -> None:
    objects = pdf_objects(saved[".pdf"].read_bytes())
    described = [content for content in objects.values() if b"/Type /FontDescriptor" in content]
    assert described
    assert all(re.search(rb"/FontFile[23]? \d+ 0 R", content) for content in described)
    assert not any(b"/Subtype /Type3" in content for content in objects.values())


@pytest.mark.xfail(
    strict=True,
    reason="matplotlib writes a CFF face (OTTO) as FontFile2/CIDFontType2, which PDF allows for TrueType only "
    "(matplotlib issues 2869 and 20870); it needs a CJK face with TrueType outlines",
)
def test_embedded_font_programs_are_what_the_pdf_says_they_are(saved: dict[str, Path]) -> None:
    objects = pdf_objects(saved[".pdf"].read_bytes())
    numbers = [int(m[1]) for content in objects.values() for m in re.finditer(rb"/FontFile2 (\d+) 0 R", content)]
    assert {pdf_stream(objects[number])[:4] for number in numbers} <= {b"\x00\x01\x00\x00", b"true"}


def test_svg_is_well_formed(saved: dict[str, Path]) -> None:
    assert ET.parse(saved[".svg"]).getroot().tag.endswith("svg")  # noqa: S314 - our own file


def test_png_is_at_print_resolution(figure: Figure, saved: dict[str, Path]) -> None:
    width, height = struct.unpack(">II", saved[".png"].read_bytes()[16:24])
    inches = figure.get_size_inches()
    assert (width, height) == (int(300 * inches[0]), int(300 * inches[1]))


# --- text of a document or taxonomy is text

MATHTEXT = ["$x_1$", "a_b^c", r"\frac{1}{2}", r"$\frac{$", r"\alpha", "100 % $", "{"]
MARKUP = ["-->", "]]>", "<!--", "<&>", "&amp;", '"', "'"]


@pytest.fixture(scope="module")
def saved_hostile(make_shares: Shares, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    labels = {str(i): text for i, text in enumerate(MATHTEXT + MARKUP)}
    shares = make_shares(dict.fromkeys(labels, 4))
    drawn = draw_shares(shares, labels=labels, title=" ".join(labels.values()))
    return {path.suffix: path for path in save_figure(drawn, shares, tmp_path_factory.mktemp("hostile") / "f")}


@pytest.mark.parametrize("text", [*MATHTEXT, *MARKUP, " ".join(MATHTEXT + MARKUP)])
def test_mathtext_and_markup_are_shown_as_they_are(saved_hostile: dict[str, Path], text: str) -> None:
    assert text in pdf_texts(saved_hostile[".pdf"].read_bytes())


def test_markup_leaves_the_svg_well_formed(saved_hostile: dict[str, Path]) -> None:
    ET.parse(saved_hostile[".svg"])  # noqa: S314 - our own file


@pytest.mark.parametrize("character", ["\x1b", "\ufffe"], ids=ascii)
@pytest.mark.filterwarnings("default")
def test_control_characters_leave_the_figure_whole(make_shares: Shares, tmp_path: Path, character: str) -> None:
    shares = make_shares({"a": 1, "b": 2})
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        drawn = draw_shares(shares, labels={}, title=f"sample{character}")
        ET.parse(save_figure(drawn, shares, tmp_path / "f")[1])  # noqa: S314 - our own file
    assert [str(warning.message) for warning in caught] == []


# --- matplotlib stays as it was, and files whole


def test_style_is_gone_after_it() -> None:
    before = dict(mpl.rcParams)
    with figure_style():
        assert mpl.rcParams["pdf.fonttype"] == 42
    assert dict(mpl.rcParams) == before


def test_style_is_gone_after_an_error() -> None:
    before = dict(mpl.rcParams)
    with pytest.raises(ZeroDivisionError), figure_style():
        _ = 1 / 0
    assert dict(mpl.rcParams) == before


def test_drawing_and_saving_leave_matplotlib_as_it_was(shares: pl.DataFrame, tmp_path: Path) -> None:
    before = dict(mpl.rcParams)
    save_figure(draw_shares(shares, labels=LABELS), shares, tmp_path / "f")
    assert dict(mpl.rcParams) == before


def test_style_does_not_depend_on_what_the_user_set(
    shares: pl.DataFrame, saved: dict[str, Path], tmp_path: Path
) -> None:
    with mpl.rc_context({"font.size": 30, "savefig.dpi": 20, "pdf.fonttype": 3, "axes.facecolor": "red"}):
        drawn = draw_shares(shares, labels=LABELS, title=TITLE, lang="zh")
        again = save_figure(drawn, shares, tmp_path / "f")
    assert [path.suffix for path in again if path.read_bytes() != saved[path.suffix].read_bytes()] == []


def test_an_unwritable_folder_is_said(figure: Figure, shares: pl.DataFrame, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(OutputError, match="can't be written"):
        save_figure(figure, shares, tmp_path / "out" / "f")


def test_a_crash_while_drawing_leaves_the_old_figure(
    figure: Figure, shares: pl.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = {path: path.read_bytes() for path in save_figure(figure, shares, tmp_path / "f")}

    def crash(target: BytesIO, **_: object) -> None:
        target.write(b"half")
        raise RuntimeError("no more memory")

    monkeypatch.setattr(figure, "savefig", crash)
    with pytest.raises(RuntimeError):
        save_figure(figure, shares.head(1), tmp_path / "f")
    assert {path: path.read_bytes() for path in sorted(tmp_path.iterdir())} == dict(sorted(old.items()))
