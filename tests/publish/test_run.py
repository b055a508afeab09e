import hashlib
import itertools
import json
import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import polars as pl
import pytest
from elsewhere import ELSEWHERE, OLDER_CPU
from polars.testing import assert_frame_equal

from textmine.annotate.match import Matcher
from textmine.annotate.taxonomy import load_taxonomy
from textmine.errors import OutputError
from textmine.publish.figures.concept_shares import figure_labels
from textmine.publish.run import RunSettings, choose_figures, run_analysis
from textmine.reports.corpus import corpus_files, load_corpus
from textmine.reports.model import Report
from textmine.reports.read import read_report
from textmine.resources import resource_path
from textmine.schema import LANGUAGES, TABLES, check_table

WRITTEN = ["footnotes", "headings", "paragraphs", "quantities", "shares", "tags", "tokens"]
FIGURE_KINDS = [".pdf", ".png", ".svg", ".txt"]

Run = tuple[Path, dict[str, pl.DataFrame]]


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def sample_files() -> list[Path]:
    """The first edition of the built-in sample, in both languages."""
    return corpus_files("sample")[:2]


@pytest.fixture(scope="module")
def series_files(toy_files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two editions of the toy report in both languages."""
    folder = tmp_path_factory.mktemp("系列")
    for path, year in itertools.product(toy_files, (2011, 2012)):
        text = path.read_text(encoding="utf-8").replace("year: 2011", f"year: {year}")
        (folder / path.name.replace("2011", str(year))).write_text(text, encoding="utf-8")
    return sorted(folder.iterdir())


@pytest.fixture(scope="module")
def trends_alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped trends without the other schemes: half the figures, and drawing takes most of a run."""
    folder = tmp_path_factory.mktemp("taxonomy")
    (folder / "trend.toml").write_bytes(resource_path("taxonomy", "trend.toml").read_bytes())
    return folder


@pytest.fixture(scope="module")
def runs(
    sample_files: list[Path],
    series_files: list[Path],
    trends_alone: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, tuple[Run, Path]]:
    """Each corpus run in this process and, at the same time, in another, which poses as an older machine."""
    corpora = {"sample": sample_files, "series": series_files}
    here, there = tmp_path_factory.mktemp("这里 1"), tmp_path_factory.mktemp("那里 2")
    options = ["--csv", "--taxonomy", str(trends_alone)]
    arguments = [["run", *map(str, files), *options, "--out", str(there / name)] for name, files in corpora.items()]
    script = f"""
import sys
from textmine.cli import app
for arguments in {arguments!r}:
    app(arguments, standalone_mode=False)
"""
    with subprocess.Popen(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-W", "error", "-c", script], env=os.environ | ELSEWHERE | OLDER_CPU, cwd=there,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        matcher, settings = Matcher(load_taxonomy(trends_alone)), RunSettings(csv=True)
        tables = {
            name: run_analysis([read_report(path) for path in files], here / name, settings=settings, matcher=matcher)
            for name, files in corpora.items()
        }
        _, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors.decode()
    return {name: ((here / name, tables[name]), there / name) for name in corpora}


@pytest.fixture(scope="module")
def sample_run(runs: dict[str, tuple[Run, Path]]) -> Run:
    return runs["sample"][0]


@pytest.fixture(scope="module")
def toy_messages() -> list[str]:
    return []


@pytest.fixture(scope="module")
def toy_run(toy_reports: list[Report], toy_messages: list[str], tmp_path_factory: pytest.TempPathFactory) -> Run:
    out = tmp_path_factory.mktemp("toy-run")
    return out, run_analysis(toy_reports, out, progress=toy_messages.append)


@pytest.fixture(scope="module")
def official_run(official_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    out = tmp_path_factory.mktemp("official-run")
    return out, run_analysis([read_report(official_path)], out, settings=RunSettings(csv=True))


@pytest.fixture
def with_one_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "textmine.publish.run.choose_figures", lambda shares: dict(itertools.islice(choose_figures(shares).items(), 1))
    )


@pytest.fixture
def without_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing takes most of a run; a test that looks at no figure leaves it out."""
    monkeypatch.setattr("textmine.publish.run.choose_figures", lambda _: {})


# --- the built-in sample


def test_every_report_of_the_sample_is_read() -> None:
    reports = load_corpus("sample")
    assert all(report.paragraphs and report.footnotes for report in reports)
    assert len({(report.edition.year, report.edition.lang) for report in reports}) == len(corpus_files("sample"))


def test_sample_run_writes_the_tables_as_parquet_and_csv(sample_run: Run) -> None:
    names = sorted(path.name for path in (sample_run[0] / "tables").iterdir())
    assert names == sorted(f"{name}{suffix}" for name in WRITTEN for suffix in (".csv", ".parquet"))


def figure_names(*stems: str) -> list[str]:
    pictures = [f"{stem}-{lang}{kind}" for stem, lang, kind in itertools.product(stems, LANGUAGES, FIGURE_KINDS)]
    return sorted(pictures + [f"{stem}{kind}" for stem, kind in itertools.product(stems, [".csv", ".json"])])


def test_sample_run_writes_figures_of_its_edition(sample_run: Run, sample_files: list[Path]) -> None:
    names = sorted(path.name for path in (sample_run[0] / "figures").iterdir())
    assert names == figure_names(f"trend-{sample_files[0].name[:4]}")


def test_a_series_has_figures_of_the_latest_edition_and_of_all(runs: dict[str, tuple[Run, Path]]) -> None:
    names = sorted(path.name for path in (runs["series"][0][0] / "figures").iterdir())
    assert names == figure_names("trend-2012", "trend-series")


def test_sample_run_writes_nothing_else(sample_run: Run) -> None:
    assert sorted(path.name for path in sample_run[0].iterdir()) == ["figures", "run.json", "tables"]


@pytest.mark.parametrize("name", WRITTEN)
def test_tables_written_keep_the_contract(sample_run: Run, name: str) -> None:
    frame = pl.read_parquet(sample_run[0] / "tables" / f"{name}.parquet")
    assert list(check_table(frame, name).columns) == list(TABLES[name])


@pytest.mark.parametrize("name", WRITTEN)
def test_tables_written_are_those_returned(sample_run: Run, name: str) -> None:
    written = pl.read_parquet(sample_run[0] / "tables" / f"{name}.parquet")
    assert_frame_equal(written, sample_run[1][name], rel_tol=1e-9, abs_tol=0)


def test_csv_holds_as_many_rows_as_parquet(sample_run: Run) -> None:
    unlike = [
        name
        for name, frame in sample_run[1].items()
        if pl.read_csv(sample_run[0] / "tables" / f"{name}.csv", infer_schema=False).height != frame.height
    ]
    assert unlike == []


def test_figure_data_are_rows_of_the_shares(sample_run: Run) -> None:
    names = {"edition": "x", "lang": "lang", "concept": "series", "n_paragraphs": "n"}
    columns = [*names, "evidence", "n_tagged"]
    for path in sorted((sample_run[0] / "figures").glob("*.csv")):
        drawn = pl.read_csv(path).with_columns(
            pl.col(names[name]).cast(TABLES["shares"][name]).alias(name) for name in names
        )
        drawn = drawn.with_columns(pl.col("n_tagged").cast(pl.Int32))
        found = drawn.join(sample_run[1]["shares"].filter(scheme="trend"), on=columns, how="inner")
        assert found.height == drawn.height > 0
        assert found.select((pl.col("value") - pl.col("share")).abs().max()).item() < 1e-12


def test_shares_equal_a_plain_count_of_the_tags(toy_run: Run) -> None:
    _, tables = toy_run
    taxonomy, counted = load_taxonomy(), {}
    for tag in tables["tags"].iter_rows(named=True):
        above = [tag["concept"], *taxonomy.ancestors(tag["scheme"], tag["concept"])]
        for concept, evidence in itertools.product(above, ("any", tag["evidence"])):
            key = (tag["edition"], tag["lang"], tag["scheme"], concept, evidence)
            counted.setdefault(key, set()).add(tag["paragraph"])
    columns = ["edition", "lang", "scheme", "concept", "evidence", "n_tagged"]
    unlike = [row for row in tables["shares"].select(columns).iter_rows() if len(counted.get(row[:5], ())) != row[5]]
    assert unlike == []


def test_shares_cover_every_scheme_and_edition(toy_run: Run) -> None:
    shares = toy_run[1]["shares"]
    assert set(shares["scheme"]) <= {scheme.name for scheme in load_taxonomy().schemes}
    assert {"trend", "action_line"} <= set(shares["scheme"])
    assert shares.group_by("scheme", "concept", "evidence").len()["len"].unique().to_list() == [2]


@pytest.mark.parametrize("corpus", ["sample", "series"])
def test_another_process_with_other_settings_writes_the_same_bytes(
    runs: dict[str, tuple[Run, Path]], corpus: str
) -> None:
    (run, elsewhere) = runs[corpus]
    here, there = bytes_of(run[0]), bytes_of(elsewhere)
    assert [name for name in sorted(here.keys() | there.keys()) if here.get(name) != there.get(name)] == []


def test_figures_of_the_sample_say_that_it_is_one(sample_run: Run) -> None:
    said = {path.name: path.read_text(encoding="utf-8") for path in (sample_run[0] / "figures").glob("*.svg")}
    # With glyphs as paths, matplotlib keeps each text as a comment.
    silent = [name for name, svg in said.items() if not re.search("textmine (authors|作者)", svg)]
    assert silent == []


# --- the record


def test_record_names_sources_taxonomy_version_and_settings(
    sample_run: Run, sample_files: list[Path], trends_alone: Path
) -> None:
    record = json.loads((sample_run[0] / "run.json").read_text(encoding="utf-8"))
    assert record["textmine"] == version("textmine")
    assert record["taxonomy_sha256"] == load_taxonomy(trends_alone).sha256
    assert record["settings"] == {"csv": True, "engine": "rjieba", "confidence": 0.95, "n_resamples": 2000, "seed": 0}
    assert {source["file"]: source["sha256"] for source in record["sources"]} == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sample_files
    }


def test_record_and_tables_name_no_folder_of_this_machine(sample_run: Run, sample_files: list[Path]) -> None:
    folders = [str(sample_run[0]).encode(), str(sample_files[0].parent).encode()]
    assert [name for name, data in bytes_of(sample_run[0]).items() if any(folder in data for folder in folders)] == []


def test_every_paragraph_carries_the_checksum_of_its_source(sample_run: Run) -> None:
    out, tables = sample_run
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert set(tables["paragraphs"]["source_sha256"]) == {source["sha256"] for source in record["sources"]}


# --- options


def test_a_single_edition_has_no_series(toy_run: Run) -> None:
    names = sorted(path.name for path in (toy_run[0] / "figures").iterdir())
    assert names == figure_names("action_line-2011", "trend-2011")


def test_csv_only_when_asked(toy_run: Run) -> None:
    assert {path.suffix for path in (toy_run[0] / "tables").iterdir()} == {".parquet"}


@pytest.mark.usefixtures("without_figures")
def test_settings_reach_the_shares_and_the_record(toy_reports: list[Report], tmp_path: Path) -> None:
    settings = RunSettings(confidence=0.8, n_resamples=10, seed=3, engine="jieba")
    tables = run_analysis(toy_reports, tmp_path, settings=settings)
    assert set(tables["shares"]["confidence"]) == {0.8}
    record = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))["settings"]
    assert (record["confidence"], record["n_resamples"], record["seed"], record["engine"]) == (0.8, 10, 3, "jieba")


@pytest.mark.usefixtures("toy_run")
def test_progress_says_each_stage(toy_messages: list[str]) -> None:
    stages = ["annotating 2011 en", "annotating 2011 zh", "annotating 2011 en, words", "annotating 2011 zh, words"]
    assert toy_messages[:6] == [*stages, "measuring", "writing tables"]
    assert all(message.startswith("drawing ") for message in toy_messages[6:])


@pytest.mark.usefixtures("without_figures")
def test_order_of_the_reports_does_not_matter_for_the_tables(
    toy_reports: list[Report], toy_run: Run, tmp_path: Path
) -> None:
    tables = run_analysis(toy_reports[::-1], tmp_path)
    assert [name for name, frame in tables.items() if not frame.equals(toy_run[1][name])] == []


def test_a_report_that_names_no_concept_has_tables_and_no_figure(tmp_path: Path) -> None:
    text = "---\nyear: 2011\nlang: zh\ntitle: 空\n---\n\n1. 无关的一句。\n"
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    tables = run_analysis([read_report(tmp_path / "a.md")], tmp_path / "out")
    assert tables["shares"].height == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["run.json", "tables"]


@pytest.mark.usefixtures("without_figures")
def test_a_taxonomy_of_ones_own_is_used_and_named_in_the_record(
    toy_reports: list[Report], trends_alone: Path, tmp_path: Path
) -> None:
    taxonomy = load_taxonomy(trends_alone)
    tables = run_analysis(toy_reports, tmp_path, matcher=Matcher(taxonomy))
    record = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert record["taxonomy_sha256"] == taxonomy.sha256 != load_taxonomy().sha256
    assert set(tables["shares"]["scheme"]) == {"trend"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_concept_that_is_drawn_has_a_label_of_its_own(lang: str) -> None:
    for name in ("trend", "action_line"):
        scheme = load_taxonomy().scheme(name)
        labels = figure_labels(scheme, lang)
        assert labels.keys() == {concept.id for concept in scheme.concepts}
        assert len(set(labels.values())) == len(labels)


# --- what can go wrong


def test_an_unwritable_folder_stops_the_run_before_the_work(toy_reports: list[Report], tmp_path: Path) -> None:
    (tmp_path / "out").write_text("in the way")
    said: list[str] = []
    with pytest.raises(OutputError):
        run_analysis(toy_reports, tmp_path / "out", progress=said.append)
    assert said == []


@pytest.mark.usefixtures("with_one_figure")
@pytest.mark.parametrize("part", ["tables", "figures", "run.json"])
def test_something_in_the_way_is_said_and_left_as_it_was(toy_reports: list[Report], tmp_path: Path, part: str) -> None:
    if part == "run.json":
        (tmp_path / part).mkdir()
    else:
        (tmp_path / part).write_text("in the way")
    with pytest.raises(OutputError, match=part):
        run_analysis(toy_reports, tmp_path)
    assert (tmp_path / part).is_dir() if part == "run.json" else (tmp_path / part).read_text() == "in the way"


@pytest.mark.usefixtures("with_one_figure")
def test_a_run_that_was_stopped_can_be_repeated_to_the_same_bytes(
    toy_reports: list[Report], toy_run: Run, tmp_path: Path
) -> None:
    def stop(message: str) -> None:
        if message.startswith("drawing"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_analysis(toy_reports, tmp_path, progress=stop)
    run_analysis(toy_reports, tmp_path)
    again, expected = bytes_of(tmp_path), bytes_of(toy_run[0])
    assert [name for name in again if again[name] != expected[name]] == []
    assert len(again) == len(WRITTEN) + len(figure_names("trend-2011")) + 1


def test_a_run_leaves_no_figure_of_an_earlier_run_unmarked(tmp_path: Path) -> None:
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "trend-2011-zh.png").write_bytes(b"of an earlier run")
    text = "---\nyear: 2012\nlang: zh\ntitle: 空\n---\n\n1. 无关的一句。\n"
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    run_analysis([read_report(tmp_path / "a.md")], tmp_path)
    assert list((tmp_path / "figures").glob("*2011*")) == []


# --- the official text


@pytest.mark.official
def test_official_run_writes_tables_figures_and_record(official_run: Run) -> None:
    expected = {f"tables/{name}{suffix}" for name in WRITTEN for suffix in (".csv", ".parquet")} | {"run.json"}
    expected |= {f"figures/{name}" for name in figure_names("action_line-2011", "trend-2011")}
    assert bytes_of(official_run[0]).keys() == expected


@pytest.mark.official
def test_official_tables_keep_the_contract(official_run: Run) -> None:
    for name in WRITTEN:
        check_table(pl.read_parquet(official_run[0] / "tables" / f"{name}.parquet"), name)


@pytest.mark.official
def test_official_run_counts_167_paragraphs(official_run: Run) -> None:
    assert official_run[1]["shares"]["n_paragraphs"].unique().to_list() == [167]


@pytest.mark.official
def test_official_run_twice_gives_the_same_bytes(official_path: Path, official_run: Run, tmp_path: Path) -> None:
    run_analysis([read_report(official_path)], tmp_path, settings=RunSettings(csv=True))
    assert bytes_of(tmp_path) == bytes_of(official_run[0])


@pytest.mark.official
def test_figures_of_the_official_text_name_its_symbol(official_run: Run) -> None:
    svgs = sorted((official_run[0] / "figures").glob("*.svg"))
    assert all("A/66/64-E/2011/77" in path.read_text(encoding="utf-8") for path in svgs)
