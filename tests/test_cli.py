import errno
import json
import os
import pty
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import polars as pl
import pytest
from command_line import Outcome, Textmine

from textmine.annotate.taxonomy import load_taxonomy
from textmine.resources import resource_path

ZH = """联合国 A/66/64-E/2011/77
第六十六届会议
内容提要
摘要一句。
一. 趋势
1. 宽带和移动支付都在增长。

2. 无关的一句话写在这里。

3. 云计算也是宽带的用途。
"""
EN = """United Nations A/67/66
Sixty-seventh session
Summary
One sentence.
I. Trends
1. Broadband and mobile money are growing.

2. Nothing else is to be said here.

3. Cloud computing needs broadband too.
"""
SAMPLE = """---
kind: sample
year: 2013
lang: en
title: Sample
---

# Trends

1. Broadband and cloud computing.
"""
HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e"
GAP = "A/66/64\n" + "".join(f"{i}. 这一段说的是宽带，编号并不相连。\n\n" for i in (1, 2, 3, 6, 7, 8, 9))
SCHEME = 'scheme = "own"\nversion = "1"\n'
CONCEPT = (
    '[[concept]]\nid = "a"\nnote = "n"\nzh = { label = "甲", forms = ["宽带"] }\nen = { label = "A", forms = ["x"] }\n'
)
LONG = "x" * 300


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each test in a working directory of its own, with the report files it may need."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TEXTMINE_CORPUS", raising=False)
    for name, text in (("zh.txt", ZH), ("en.txt", EN), ("sample.md", SAMPLE), ("gap.txt", GAP)):
        Path(name).write_text(text, encoding="utf-8")
    return tmp_path


def run_process(*arguments: str | bytes, env: dict[str, str] | None = None, **options: object) -> Outcome:
    """Run the command line in a process of its own; output that isn't UTF-8 comes back escaped."""
    done = subprocess.run(  # type: ignore[call-overload] # noqa: S603 - our own command line
        [sys.executable, "-W", "error", "-m", "textmine.cli", *arguments],
        env={**os.environ, **(env or {})}, capture_output=True, timeout=120, check=False, **options,
    )  # fmt: skip
    return Outcome(done.returncode, *(s.decode("utf-8", "backslashreplace") for s in (done.stdout, done.stderr)))


def files_below(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


# --- what each command does


def test_version(textmine: Textmine) -> None:
    assert textmine("version") == (0, f"textmine {version('textmine')}\n", "")


def test_read_shows_the_outline(textmine: Textmine) -> None:
    code, out, err = textmine("read", "zh.txt")
    assert (code, err) == (0, "")
    assert "A/66/64-E/2011/77 (2011, zh)" in out
    assert "3 paragraphs" in out
    assert re.search(r"一\. 趋势 1-3", out)


@pytest.mark.official
def test_read_of_the_official_text(textmine: Textmine, official_path: Path) -> None:
    code, out, _ = textmine("read", official_path)
    assert (code, "167 paragraphs" in out, "47 footnotes (46 linked)" in out) == (0, True, True)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("宽带，宽带", ["⟦宽带⟧，⟦宽带⟧", "0-2", "3-5"]),
        ("Cloud computing!", ["⟦Cloud computing⟧!", "0-15", "云计算 / cloud computing"]),
        ("雲計算", ["⟦雲計算⟧", "cloud"]),
        ("，。", ["，。", "no concept found"]),
        ("", ["no concept found"]),
        ("[red]宽带[/red]", ["[red]⟦宽带⟧[/red]"]),
    ],
)
def test_tag(textmine: Textmine, text: str, lines: list[str]) -> None:
    code, out, err = textmine("tag", text)
    assert (code, err) == (0, "")
    assert [line for line in lines if line not in out] == []


def test_tag_reads_standard_input() -> None:
    code, out, _ = run_process("tag", "-", input="用宽带。".encode(), env={"PYTHONUTF8": "1"})
    assert (code, out.splitlines()[0]) == (0, "用⟦宽带⟧。")


def test_evidence_marks_cites_and_counts(textmine: Textmine) -> None:
    code, out, err = textmine("evidence", "zh.txt", "en.txt", "--concept", "broadband")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "A/66/64-E/2011/77 [zh], para. 1",
        "⟦宽带⟧和移动支付都在增长。",
        "",
        "A/66/64-E/2011/77 [zh], para. 3",
        "云计算也是⟦宽带⟧的用途。",
        "",
        *out.splitlines()[6:-1],
        "4 paragraphs speak of broadband (宽带 / broadband)",
    ]


@pytest.mark.parametrize(
    ("options", "n"),
    [
        (["--lang", "en"], 2),
        (["--years", "2011"], 2),
        (["--years", "2011-2012"], 4),
        (["--years", "2009"], 0),
        (["--lang", "en", "--years", "2011"], 0),
    ],
    ids=str,
)
def test_evidence_of_chosen_editions(textmine: Textmine, options: list[str], n: int) -> None:
    out = textmine("evidence", "zh.txt", "en.txt", "--concept", "broadband", *options).out
    assert out.splitlines()[-1].startswith(f"{n} paragraphs speak of broadband")


def test_features_writes_a_folder_for_the_edition(textmine: Textmine, elsewhere: Path) -> None:
    code, out, err = textmine("features", "zh.txt", "--out", "特征 1")
    assert (code, err) == (0, "")
    assert "3 paragraphs, no running text" in out
    names = ["footnotes", "headings", "paragraphs", "quantities", "tags", "terms"]
    assert files_below(elsewhere / "特征 1") == [f"2011.zh/{name}.csv" for name in names]


def test_run_writes_tables_figures_and_a_summary(textmine: Textmine, elsewhere: Path) -> None:
    code, out, err = textmine("run", "zh.txt", "--out", "out")
    assert (code, err) == (0, "")
    assert "A/66/64-E/2011/77" in out
    assert "most frequent trends (of 3 paragraphs): broadband 2, cloud 1, mobile-money 1" in out
    written = files_below(elsewhere / "out")
    assert "run.json" in written
    assert {name.split("/")[0] for name in written} == {"run.json", "tables", "figures"}
    assert not any(name.startswith("tables/") and name.endswith(".csv") for name in written)


@pytest.mark.usefixtures("without_figures")
def test_run_writes_csv_when_asked(textmine: Textmine, elsewhere: Path) -> None:
    textmine("run", "zh.txt", "--csv", "--out", "out")
    assert (elsewhere / "out" / "tables" / "shares.csv").is_file()


@pytest.mark.usefixtures("without_figures")
def test_run_of_the_sample_says_what_it_is(textmine: Textmine) -> None:
    assert "say nothing about the United Nations" in textmine("run", "sample.md", "--out", "out").out


@pytest.mark.usefixtures("without_figures")
def test_engines_give_the_same_tokens(textmine: Textmine, elsewhere: Path) -> None:
    for engine in ("jieba", "rjieba"):
        assert textmine("run", "zh.txt", "--engine", engine, "--out", engine).code == 0
    first, second = (pl.read_parquet(elsewhere / name / "tables" / "tokens.parquet") for name in ("jieba", "rjieba"))
    assert first.equals(second)


@pytest.mark.usefixtures("without_figures")
def test_a_taxonomy_of_ones_own(textmine: Textmine, elsewhere: Path) -> None:
    (elsewhere / "own.toml").write_text(SCHEME + CONCEPT, encoding="utf-8")
    assert textmine("run", "zh.txt", "--taxonomy", elsewhere / "own.toml", "--out", "out").code == 0
    shares = pl.read_parquet(elsewhere / "out" / "tables" / "shares.parquet")
    assert shares.select("scheme", "concept", "n_tagged").rows() == [("own", "a", 2)]


@pytest.mark.parametrize("how", ["option", "variable"])
@pytest.mark.usefixtures("without_figures")
def test_a_corpus_may_be_a_folder(textmine: Textmine, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    folder = Path("我的 报告")
    folder.mkdir()
    (folder / "a.txt").write_text(ZH, encoding="utf-8")
    (folder / "ignored.docx").write_bytes(b"PK")
    monkeypatch.setenv("TEXTMINE_CORPUS", str(folder) if how == "variable" else "/nowhere")
    options = ["--corpus", str(folder)] if how == "option" else []
    assert "A/66/64-E/2011/77" in textmine("run", "--out", "out", *options).out


@pytest.mark.parametrize("command", ["run", "read", "tag", "evidence", "features", "version", None])
def test_help_names_every_option(textmine: Textmine, command: str | None) -> None:
    code, out, err = textmine(*([command] if command else []), "--help")
    assert (code, err) == (0, "")
    assert "--help" in out
    assert len(out.splitlines()) > 4


# --- files that can't be read


def make_bad_files() -> None:
    Path("empty.txt").write_bytes(b"")
    Path("blank.txt").write_text(" \n\t\n\u3000", encoding="utf-8")
    Path("binary.txt").write_bytes(bytes(range(256)) * 40)
    Path("report.pdf").write_bytes(b"%PDF-1.7\n\xe2\xe3\xcf\xd3")
    Path("report.docx").write_bytes(b"PK\x03\x04" + b"\x00" * 40)
    Path("koi.txt").write_bytes("Доклад Генерального секретаря о связи.\n".encode("koi8-r") * 30)
    Path("broken16.txt").write_bytes(b"\xff\xfe\x00\xd8")
    Path("letter.txt").write_text("Dear all, nothing is numbered here.\n", encoding="utf-8")
    Path("yearless.txt").write_text("1. A paragraph of some year.\n\n2. Another one.\n", encoding="utf-8")
    Path("bare.md").write_text("1. A paragraph without front matter.\n", encoding="utf-8")
    with Path("huge.txt").open("wb") as stream:
        stream.write(ZH.encode())
        stream.truncate(50_000_000)
    Path("folder.txt").mkdir()
    os.mkfifo("pipe.txt")


BAD_FILES = {
    "empty.txt": "empty",
    "blank.txt": "white space only",
    "binary.txt": "binary data",
    "report.pdf": "a PDF cut short",
    "report.docx": "a ZIP container cut short",
    "koi.txt": "not UTF-8",
    "broken16.txt": "utf-16",
    "letter.txt": "no numbered paragraph",
    "yearless.txt": "--year",
    "bare.md": "front matter",
    "huge.txt": "larger than 20 MB",
    "folder.txt": "folder",
    "pipe.txt": "not a regular file",
    "missing.txt": "no such file",
    LONG: "too long",
    "a\nb.txt": "no such file",
}
COMMANDS = {
    "read": ["read", "FILE"],
    "run": ["run", "FILE", "--out", "out"],
    "features": ["features", "FILE", "--out", "out"],
    "evidence": ["evidence", "FILE", "--concept", "broadband"],
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(("name", "said"), BAD_FILES.items(), ids=[ascii(name)[:20] for name in BAD_FILES])
def test_a_bad_file_ends_with_a_clear_message(
    textmine: Textmine, elsewhere: Path, command: str, name: str, said: str
) -> None:
    make_bad_files()
    code, _, err = textmine(*(name if part == "FILE" else part for part in COMMANDS[command]))
    assert (code, err.count("textmine: "), "Traceback" in err) == (1, 1, False)
    assert said in err
    assert name.splitlines()[0] in err
    assert not (elsewhere / "out").exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_may_not_be_read(textmine: Textmine, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    def refuse(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))

    monkeypatch.setattr("textmine.reports.source.Path.open", refuse)
    code, _, err = textmine(*("zh.txt" if part == "FILE" else part for part in COMMANDS[command]))
    assert code == 1
    assert "zh.txt: can't be read (Permission denied)" in err


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="a file that opens and fails to read is Linux's")
def test_a_file_that_opens_but_fails_to_read(textmine: Textmine) -> None:
    code, _, err = textmine("read", "/proc/self/mem")
    assert (code, "can't be read (Input/output error)" in err) == (1, True)


def test_the_largest_size_can_be_raised(textmine: Textmine) -> None:
    Path("big.txt").write_text(ZH, encoding="utf-8")
    assert textmine("read", "big.txt", "--max-mb", "0.0001").code == 1
    assert textmine("read", "big.txt", "--max-mb", "1").code == 0


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-16", "utf-8-sig", "utf-32"])
def test_other_encodings_of_chinese_are_read(textmine: Textmine, encoding: str) -> None:
    Path("other.txt").write_bytes(ZH.encode(encoding))
    code, out, err = textmine("read", "other.txt")
    assert (code, err) == (0, "")
    assert "3 paragraphs" in out


def test_a_gap_in_the_numbers_is_warned_of(textmine: Textmine) -> None:
    code, out, _ = textmine("read", "gap.txt")
    assert code == 0
    assert re.search(r"^! lines? .*paragraph 4 to 5 not found", out, re.MULTILINE)


@pytest.mark.usefixtures("without_figures")
def test_a_bad_file_among_good_ones_costs_only_itself(textmine: Textmine, elsewhere: Path) -> None:
    make_bad_files()
    code, out, err = textmine("run", "zh.txt", "binary.txt", "en.txt", "missing.txt", "--out", "out")
    assert code == 1
    assert [line.split(":")[1].strip() for line in err.splitlines()] == ["binary.txt", "missing.txt"]
    assert "of 6 paragraphs" in out
    record = json.loads((elsewhere / "out" / "run.json").read_text(encoding="utf-8"))
    assert [source["file"] for source in record["sources"]] == ["zh.txt", "en.txt"]


@pytest.mark.usefixtures("without_figures")
def test_an_edition_twice_is_refused_and_the_first_kept(textmine: Textmine) -> None:
    Path("again.txt").write_text(ZH, encoding="utf-8")
    code, out, err = textmine("run", "zh.txt", "again.txt", "--out", "out")
    assert code == 1
    assert "again.txt: the 2011 edition in zh again, after zh.txt" in err
    assert "of 3 paragraphs" in out


def test_evidence_shows_the_good_files_and_says_the_bad(textmine: Textmine) -> None:
    code, out, err = textmine("evidence", "missing.txt", "zh.txt", "--concept", "broadband")
    assert (code, "2 paragraphs speak of broadband" in out, "missing.txt: no such file" in err) == (1, True, True)


# --- options that aren't known


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "zh.txt", "--engine", "thulac"], "valid: rjieba, jieba"),
        (["run", "zh.txt", "--lang", "fr"], "valid: zh, en"),
        (["read", "zh.txt", "--lang", "ZH"], "valid: zh, en"),
        (["features", "zh.txt", "--lang", ""], "valid: zh, en"),
        (["evidence", "zh.txt", "--concept", "nothing"], "mobile-money"),
        (["evidence", "zh.txt", "--concept", ""], "mobile-money"),
        (["evidence", "zh.txt", "--concept", "broadband", "--lang", "fr"], "valid: zh, en"),
        (["evidence", "zh.txt", "--concept", "broadband", "--years", "2012-2011"], "2009-2012"),
        (["evidence", "zh.txt", "--concept", "broadband", "--years", "all"], "2009-2012"),
        (["run", "--corpus", "nowhere"], "nowhere"),
        (["run", "--corpus", "official"], "official"),
        (["evidence", "--concept", "broadband", "--corpus", "nowhere"], "nowhere"),
        (["run", "zh.txt", "--taxonomy", "nowhere"], "nowhere"),
        (["tag", "宽带", "--taxonomy", "."], "no TOML file"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_an_unknown_value_is_refused_with_the_valid_ones(
    textmine: Textmine, elsewhere: Path, arguments: list[str], said: str
) -> None:
    before = files_below(elsewhere)
    code, out, err = textmine(*arguments)
    assert (code, out, "Traceback" in err) == (1, "", False)
    assert said in err
    assert files_below(elsewhere) == before


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nothing"],
        ["read"],
        ["tag"],
        ["evidence"],
        ["features"],
        ["read", "zh.txt", "en.txt"],
        ["read", "zh.txt", "--year", "last"],
        ["read", "zh.txt", "--max-mb", "much"],
        ["run", "--nothing"],
        ["run", "--out"],
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_code_2(textmine: Textmine, elsewhere: Path, arguments: list[str]) -> None:
    before = files_below(elsewhere)
    code, out, err = textmine(*arguments)
    assert code == 2
    assert re.search("Usage|Error", out + err)
    assert "Traceback" not in err
    assert files_below(elsewhere) == before


@pytest.mark.parametrize("size", ["nan", "inf", "-1", "-0.000001"])
def test_a_size_that_is_none_is_refused(textmine: Textmine, size: str) -> None:
    code, _, err = textmine("read", "zh.txt", "--max-mb", size)
    assert code in (1, 2)
    assert "max" in err


@pytest.mark.parametrize("year", ["3000000000", "-5", "0"])
@pytest.mark.usefixtures("without_figures")
def test_a_year_that_is_none_is_refused(textmine: Textmine, year: str) -> None:
    code, _, err = textmine("run", "zh.txt", "--year", year, "--out", "out")
    assert code in (1, 2)
    assert "year" in err


@pytest.mark.parametrize("option", ["--corpus", "--taxonomy"])
def test_a_path_too_long_is_refused(textmine: Textmine, option: str) -> None:
    assert textmine("run", option, LONG).code == 1


BAD_TAXONOMIES = {
    "": "lacks 'scheme'",
    "scheme = ": "not TOML",
    "\ufeffscheme = 1\n": "not TOML",
    SCHEME: "lacks 'concept'",
    SCHEME + "colour = 1\n" + CONCEPT: "unknown key 'colour'",
    SCHEME + '[[concept]]\nid = "a"\n': "lacks 'note'",
    SCHEME + CONCEPT + CONCEPT: "twice",
    SCHEME + CONCEPT.replace('id = "a"', 'id = "a"\nparent = "z"'): "parent 'z'",
    SCHEME + CONCEPT.replace('["宽带"]', '["宽带 "]'): "outer spaces",
    SCHEME + CONCEPT.replace('["宽带"]', '"宽带"'): "lists of phrases",
    SCHEME + CONCEPT + CONCEPT.replace('"a"', '"b"'): "both",
}
CRASHING_TAXONOMIES = {
    "concept = 5": SCHEME + "concept = 5\n",
    "concept = [text]": SCHEME + 'concept = ["a"]\n',
    "title = text": SCHEME + 'title = "t"\nconcept = []\n',
    "since = text": SCHEME + CONCEPT.replace('note = "n"', 'note = "n"\nsince = "soon"'),
}


@pytest.mark.parametrize(("content", "said"), BAD_TAXONOMIES.items(), ids=BAD_TAXONOMIES.values())
def test_a_bad_taxonomy_is_refused(textmine: Textmine, elsewhere: Path, content: str, said: str) -> None:
    path = elsewhere / "own.toml"
    path.write_text(content, encoding="utf-8")
    code, out, err = textmine("tag", "宽带", "--taxonomy", path)
    assert (code, out) == (1, "")
    assert "own.toml" in err
    assert said in err


@pytest.mark.parametrize("name", CRASHING_TAXONOMIES)
def test_a_taxonomy_with_values_of_other_types_is_refused(textmine: Textmine, elsewhere: Path, name: str) -> None:
    path = elsewhere / "own.toml"
    path.write_text(CRASHING_TAXONOMIES[name], encoding="utf-8")
    assert textmine("tag", "宽带", "--taxonomy", path).code == 1


def test_a_taxonomy_that_was_edited_is_read_again(elsewhere: Path) -> None:
    path = elsewhere / "own.toml"
    path.write_text(SCHEME + CONCEPT, encoding="utf-8")
    load_taxonomy(path)
    path.write_text(SCHEME + CONCEPT.replace('"a"', '"b"'), encoding="utf-8")
    assert [concept.id for concept in load_taxonomy(path)] == ["b"]


# --- reports that mean harm


HOSTILE_FRONT_MATTER = {
    "a date that isn't one": "issued: 2011-99-99",
    "nesting": "items: " + "[" * 3000,
    "a year out of range": "year: 99999999999",
    "a year that is a truth value": "year: true",
}


@pytest.mark.parametrize("what", HOSTILE_FRONT_MATTER)
@pytest.mark.usefixtures("without_figures")
def test_hostile_front_matter_is_refused(textmine: Textmine, what: str) -> None:
    line = HOSTILE_FRONT_MATTER[what]
    text = SAMPLE.replace("year: 2013", line) if "year" in line else SAMPLE.replace("title: ", f"{line}\ntitle: ")
    Path("bad.md").write_text(text, encoding="utf-8")
    code, _, err = textmine("run", "bad.md", "--out", "out")
    assert (code, err.startswith("textmine: bad.md")) == (1, True)


def test_front_matter_that_multiplies_itself_is_refused_or_small(elsewhere: Path) -> None:
    levels = ["a0: &a0 [" + ",".join(["x" * 50] * 10) + "]"]
    levels += [f"a{i}: &a{i} [" + ",".join([f"*a{i - 1}"] * 10) + "]" for i in range(1, 9)]
    text = SAMPLE.replace("title: Sample", "\n".join([*levels, "title: *a8"]))
    Path("bomb.md").write_text(text, encoding="utf-8")

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (2_000_000_000, 2_000_000_000))
        resource.setrlimit(resource.RLIMIT_CPU, (6, 6))

    code, _, err = run_process("read", "bomb.md", cwd=elsewhere, preexec_fn=limit)
    assert code in (0, 1)
    assert "Traceback" not in err


def hostile_report(name: str = "hostile.txt") -> str:
    Path(name).write_text(ZH.replace("趋势", f"趋势{HOSTILE}").replace("宽带", f"宽带{HOSTILE}"), encoding="utf-8")
    return name


@pytest.mark.parametrize(
    "arguments",
    [["read", "FILE"], ["evidence", "FILE", "--concept", "broadband"], ["tag", f"宽带{HOSTILE}"]],
    ids=["read", "evidence", "tag"],
)
def test_terminal_escapes_in_a_report_are_shown_not_obeyed(textmine: Textmine, arguments: list[str]) -> None:
    name = hostile_report()
    code, out, err = textmine(*(name if part == "FILE" else part for part in arguments))
    assert code == 0
    assert "\\x1b" in out
    assert not set("\x1b\x07\x9b\u202e") & set(out + err)


@pytest.mark.usefixtures("without_figures")
def test_terminal_escapes_in_front_matter_are_shown_in_the_summary(textmine: Textmine) -> None:
    Path("kind.md").write_text(SAMPLE.replace("kind: sample", 'kind: "\\e[31mred\\a"'), encoding="utf-8")
    code, out, _ = textmine("run", "kind.md", "--out", "out")
    assert (code, set("\x1b\x07") & set(out)) == (0, set())


@pytest.mark.parametrize("command", COMMANDS)
def test_terminal_escapes_in_a_file_name_are_shown(textmine: Textmine, command: str) -> None:
    code, _, err = textmine(*("a\x1b[2J\x07.txt" if part == "FILE" else part for part in COMMANDS[command]))
    assert (code, "a\\x1b[2J\\x07.txt" in err, set("\x1b\x07") & set(err)) == (1, True, set())


def test_rich_markup_in_a_report_is_text(textmine: Textmine) -> None:
    Path("markup.txt").write_text(EN.replace("I. Trends", "I. Trends [red]and[/red] [/] links"), encoding="utf-8")
    assert "[red]and[/red] [/] links" in textmine("read", "markup.txt").out


# --- outputs that can't be written


@pytest.mark.parametrize("command", ["run", "features"])
@pytest.mark.parametrize("out", ["zh.txt", "zh.txt/below", LONG])
def test_an_unwritable_folder_is_said_and_nothing_written(
    textmine: Textmine, elsewhere: Path, command: str, out: str
) -> None:
    before = files_below(elsewhere)
    code, printed, err = textmine(command, "en.txt", "--out", out)
    assert (code, printed, "Traceback" in err) == (1, "", False)
    assert "choose another" in err
    assert files_below(elsewhere) == before
    assert Path("zh.txt").read_text(encoding="utf-8") == ZH


@contextmanager
def files_no_larger_than(n_bytes: int) -> Iterator[None]:
    """Let the system refuse to write more than so many bytes to a file, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    "n_bytes",
    [
        pytest.param(2_000, id="tables"),
        pytest.param(8_000, id="pdf"),
        pytest.param(30_000, id="svg"),
    ],
)
def test_a_disk_that_is_full_is_said_and_leaves_no_half_file(textmine: Textmine, elsewhere: Path, n_bytes: int) -> None:
    with files_no_larger_than(n_bytes):
        code, _, err = textmine("run", "zh.txt", "--out", "out")
    assert (code, "can't be written (File too large)" in err) == (1, True)
    written = files_below(elsewhere / "out")
    assert not any(Path(name).name.startswith(".") for name in written)
    assert "run.json" not in written


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is Linux's")
@pytest.mark.parametrize("arguments", [["version"], ["read", "zh.txt"], ["tag", "宽带"]], ids=lambda value: value[0])
def test_a_full_device_behind_the_output_is_said(arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(  # noqa: S603 - our own command line
            [sys.executable, "-m", "textmine.cli", *arguments],
            stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


# --- strangers' machines


@pytest.mark.parametrize("encoding", ["gbk", "ascii"])
@pytest.mark.parametrize(
    "arguments",
    [["read", "汉 字/报告 1.txt"], ["evidence", "汉 字/报告 1.txt", "--concept", "broadband"]],
    ids=["read", "evidence"],
)
def test_a_console_of_another_encoding_shows_what_it_can(elsewhere: Path, encoding: str, arguments: list[str]) -> None:
    (elsewhere / "汉 字").mkdir()
    (elsewhere / "汉 字" / "报告 1.txt").write_text(ZH, encoding="utf-8")
    done = subprocess.run(  # noqa: S603 - our own command line
        [sys.executable, "-m", "textmine.cli", *arguments], cwd=elsewhere, capture_output=True, timeout=60, check=False,
        env={**os.environ, "PYTHONIOENCODING": encoding},
    )  # fmt: skip
    shown = done.stdout.decode(encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    assert ("趋势" in shown or "宽带" in shown) == (encoding == "gbk")


def test_an_error_on_a_console_of_another_encoding(elsewhere: Path) -> None:
    code, _, err = run_process("read", "没有.txt", cwd=elsewhere, env={"PYTHONIOENCODING": "ascii"})
    assert (code, err.startswith("textmine: \\u6ca1\\u6709.txt: no such file")) == (1, True)


@pytest.mark.parametrize("columns", ["40", "10", "1", "none", "0"])
def test_a_narrow_terminal_loses_no_word(textmine: Textmine, monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    out = textmine("evidence", "zh.txt", "--concept", "broadband").out
    assert "⟦宽带⟧和移动支付都在增长。" in out.splitlines()


@pytest.mark.usefixtures("without_figures")
def test_a_narrow_terminal_loses_no_number_of_the_summary(textmine: Textmine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    code, out, _ = textmine("run", "zh.txt", "--out", "out")
    squeezed = re.sub(r"\s", "", out)
    assert code == 0
    assert all(part in squeezed for part in ("2011zh", "broadband2", "out/run.json"))


def test_without_a_terminal_no_escape_is_written(elsewhere: Path) -> None:
    code, out, err = run_process(
        "evidence", "zh.txt", "--concept", "broadband", cwd=elsewhere, stdin=subprocess.DEVNULL
    )
    assert (code, err, "\x1b" in out) == (0, "", False)


def run_on_terminal(*arguments: str) -> tuple[int, str]:
    """Run the command line on a terminal of its own and return all that it was sent."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(  # noqa: S603 - our own command line
        [sys.executable, "-m", "textmine.cli", *arguments], stdin=theirs, stdout=theirs, stderr=theirs,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "40"},
    ) as process:  # fmt: skip
        os.close(theirs)
        sent = b""
        while True:
            try:
                data = os.read(ours, 65536)
            except OSError:  # how Linux says that the other side is gone
                break
            if not data:
                break
            sent += data
        os.close(ours)
        return process.wait(timeout=60), sent.decode("utf-8", "backslashreplace")


def test_on_a_terminal_marks_have_colour_and_progress_is_cleared() -> None:
    code, sent = run_on_terminal("evidence", "zh.txt", "--concept", "broadband")
    assert code == 0
    assert re.search(r"\x1b\[[0-9;]*35m⟦宽带⟧", sent)
    assert sent.rfind("\x1b[2K") < sent.index("A/66/64-E/2011/77")


def test_on_a_terminal_a_file_name_is_shown_not_obeyed() -> None:
    name = "a\x1b]0;owned\x07[b].txt"
    Path(name).write_text(ZH, encoding="utf-8")
    _, sent = run_on_terminal("evidence", name, "--concept", "broadband")
    assert "\x1b]0;owned" not in sent
    assert "[b].txt" in sent


def test_a_home_that_can_not_be_written_to(elsewhere: Path) -> None:
    nowhere = {"HOME": "/dev/null/home", "XDG_CACHE_HOME": "/dev/null/cache", "XDG_CONFIG_HOME": "/dev/null/config"}
    code, _, err = run_process("run", "zh.txt", "--out", "out", cwd=elsewhere, env=nowhere)
    assert (code, "Traceback" in err) == (0, False)
    assert "figures/trend-2011-zh.pdf" in files_below(elsewhere / "out")


def test_a_closed_pipe_is_no_error(elsewhere: Path) -> None:
    files = [str(resource_path("sample", f"{year}.zh.md")) for year in (2008, 2009, 2010, 2011)]
    with subprocess.Popen(  # noqa: S603 - our own command line
        [sys.executable, "-m", "textmine.cli", "evidence", *files, "--concept", "C7"],
        cwd=elsewhere, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        first = process.stdout.readline().decode()
        process.stdout.close()
        errors = process.stderr.read().decode()
        process.wait(timeout=60)
    assert first.startswith("textmine sample 20")
    assert errors == ""


def test_an_interrupt_ends_with_a_sentence(textmine: Textmine, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("textmine.reports.read.read_report", interrupt)
    code, _, err = textmine("read", "zh.txt")
    assert (code, "Traceback" in err) == (130, False)


@pytest.mark.parametrize(
    ("name", "env"),
    [
        (b"report\xff.txt", {}),
        ("报告.txt".encode(), {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}),
    ],
    ids=["not UTF-8", "C locale"],
)
def test_a_file_name_that_does_not_decode(elsewhere: Path, name: bytes, env: dict[str, str]) -> None:
    without_concept = "A/66/64\n1. 无关的一句话写在这里。\n\n2. 另一句话写在这里。\n"  # so that nothing is drawn
    (Path(os.fsdecode(os.fsencode(elsewhere) + b"/" + name))).write_text(without_concept, encoding="utf-8")
    code, _, err = run_process("run", name, "--out", "out", cwd=elsewhere, env=env)
    assert (code, "Traceback" in err) == (0, False)


def test_standard_input_that_does_not_decode_is_said() -> None:
    code, _, err = run_process("tag", "-", input=b"\xff\xfe\x80 \xe5", env={"PYTHONIOENCODING": "ascii"})
    assert (code, "Traceback" in err) == (1, False)


def test_an_argument_that_does_not_decode_is_said() -> None:
    code, _, err = run_process("tag", b"\xff\xfe")
    assert (code, "Traceback" in err) == (1, False)
    assert "encoding" in err


def test_help_starts_without_the_drawing_libraries() -> None:
    code = "import sys; sys.argv = ['textmine', '--help']\nfrom textmine.cli import main\n"
    code += "try: main()\nexcept SystemExit: pass\n"
    code += "print([name for name in ('matplotlib', 'spacy', 'scipy', 'polars', 'sklearn') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)  # noqa: S603
    assert done.stdout.splitlines()[-1] == "[]"
