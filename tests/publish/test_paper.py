"""All that a paper prints: what is written, and that methods and tables say what was done."""

import re
import shutil
from pathlib import Path

import polars as pl
import pytest
from command_line import Textmine

from textmine.errors import UnknownOptionError
from textmine.publish.paper import describe_methods, write_paper
from textmine.publish.paper_tables import PaperTable, make_tables, write_paper_table
from textmine.publish.study import Study, open_study
from textmine.publish.verify import verify_figures
from textmine.reports.corpus import corpus_files

YEARS = ("2009", "2010", "2011", "2019", "2020")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    for path in corpus_files("sample"):
        if path.name[:4] in YEARS:
            shutil.copy(path, folder)
    return folder


@pytest.fixture(scope="module")
def study(corpus: Path) -> Study:
    return open_study(corpus)


@pytest.fixture(scope="module")
def paper(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("paper")
    write_paper(study, out, figures=["trend-ranks"], n_draws=19)
    return out


def test_everything_is_written(paper: Path) -> None:
    names = {str(path.relative_to(paper)) for path in paper.rglob("*") if path.is_file()}
    tables = {f"tables/{name}{end}" for name in ("table-1-corpus", "table-2-trends", "table-3-agreement")
              for end in (".md", ".tex", ".csv")}  # fmt: skip
    texts = {f"{name}-{lang}.md" for name in ("captions", "methods") for lang in ("en", "zh")}
    figures = {f"figures/trend-ranks-{lang}.{kind}" for lang in ("en", "zh") for kind in ("pdf", "svg", "png", "txt")}
    ledger = {"figures/trend-ranks.csv", "figures/trend-ranks.json"}
    assert names == tables | texts | figures | ledger | {"citations.bib", "README.md"}


def test_the_figures_verify(paper: Path, corpus: Path) -> None:
    assert [verdict.difference for verdict in verify_figures(paper / "figures", corpus=corpus)] == [None]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_methods_say_what_was_done(study: Study, paper: Path, lang: str) -> None:
    said = (paper / f"methods-{lang}.md").read_text(encoding="utf-8")
    assert not re.search(r"[{}]", said)
    for number in (study.paragraphs.height, 2 * len(YEARS), sum(1 for _ in study.taxonomy)):
        assert str(number) in said
    assert study.taxonomy.sha256[:12] in said


def test_methods_name_the_parameters_of_the_figures_made(study: Study) -> None:
    from dataclasses import replace

    from textmine.publish.ledger import Ledger

    ledger = Ledger("f", "r", {"n_resamples": 77, "confidence": 0.9, "seed": 5}, "s", "0", "", "", (), {}, ())
    said = describe_methods(study, "en", [ledger, replace(ledger, parameters={"n_resamples": 88})])
    assert "(90 %)" in said
    assert "77, 88 times, seed 5" in said


def test_captions_have_every_figure_and_table(paper: Path) -> None:
    said = (paper / "captions-zh.md").read_text(encoding="utf-8")
    assert re.findall(r"^\*\*([\w-]+)\.\*\*", said, re.M) == [
        "trend-ranks", "table-1-corpus", "table-2-trends", "table-3-agreement",
    ]  # fmt: skip


def test_bibliography_has_the_software_and_every_text(paper: Path) -> None:
    said = (paper / "citations.bib").read_text(encoding="utf-8")
    assert re.findall(r"^@(\w+)", said, re.M) == ["software"] + ["misc"] * 2 * len(YEARS)
    assert said.count("{") == said.count("}")


def test_the_table_of_texts_counts_them(study: Study) -> None:
    frame = next(iter(make_tables(study, n_draws=19))).frame
    assert frame["paragraphs"].sum() == study.paragraphs.height
    assert frame["footnotes"].sum() == study.tables["footnotes"].height


def test_a_cell_that_latex_would_obey_is_escaped(tmp_path: Path) -> None:
    table = PaperTable("t", "c", pl.DataFrame({"a_b": [r"50 % & \more_", "=1+1"]}))
    write_paper_table(table, tmp_path)
    said = (tmp_path / "t.tex").read_text(encoding="utf-8")
    assert r"50 \% \& \textbackslash{}more\_" in said
    assert r"a\_b" in said
    assert "'=1+1" in (tmp_path / "t.csv").read_text(encoding="utf-8")


def test_an_unknown_figure_stops_before_the_work(study: Study, tmp_path: Path, textmine: Textmine) -> None:
    with pytest.raises(UnknownOptionError, match="trend-ranks"):
        write_paper(study, tmp_path / "out", figures=["pie"])
    result = textmine("paper", "--figures", "pie")
    assert result.code == 1
    assert "trend-ranks" in result.err
