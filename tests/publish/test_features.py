import re
from pathlib import Path

import polars as pl
import pytest

from textmine.annotate.annotate import annotate_reports
from textmine.annotate.fold import fold_text
from textmine.annotate.match import default_matcher
from textmine.annotate.taxonomy import load_taxonomy
from textmine.errors import OutputError, SourceError
from textmine.publish.features import derive_features, load_features, write_features
from textmine.publish.tables import write_csv
from textmine.reports.model import Report
from textmine.reports.read import read_report
from textmine.resources import resource_path
from textmine.schema import TABLES, check_table

NAMES = {"paragraphs", "headings", "footnotes", "tags", "quantities", "terms"}
# What each table leaves out because it is the report's own text.
TEXTS = {
    "paragraphs": {"text", "heading_path"},
    "headings": {"title"},
    "footnotes": {"text"},
    "tags": {"surface"},
    "quantities": {"surface", "counted"},
    "terms": set(),
}
RUN = 10
_URL = re.compile(r"(?:https?://|www\.)[!-~]+")


@pytest.fixture(scope="module")
def zh(toy_reports: list[Report]) -> Report:
    return toy_reports[1]


@pytest.fixture(scope="module")
def official_report(official_path: Path) -> Report:
    return read_report(official_path)


def runs(text: str) -> set[str]:
    """Return every run of ten characters, white space left out and case folded."""
    text = re.sub(r"\s", "", fold_text(text))
    return {text[i : i + RUN] for i in range(len(text) - RUN + 1)}


def texts_of(report: Report) -> list[str]:
    return [
        *(paragraph.text for paragraph in report.paragraphs),
        *(heading.title for heading in report.headings),
        *(_URL.sub("", note.text) for note in report.footnotes),  # the address of a source is data
        report.summary,
    ]


def lexicon_words() -> set[str]:
    words = {form for concept in load_taxonomy() for forms in concept.forms.values() for form in forms}
    words |= {label for concept in load_taxonomy() for label in concept.labels.values()}
    return {fold_text(word) for word in words}


def is_one_word(cell: str) -> bool:
    """Tell whether a cell is a Latin word or symbol."""
    return cell.isascii() and not re.search(r"\s", cell)


def is_joined(cell: str) -> bool:
    """Tell whether a cell is lexicon words that overlap, joined: what the segmenter keeps as one token."""
    return default_matcher().find_terms(cell) == [(0, len(cell))]


def copied_runs(report: Report, folder: Path) -> list[str]:
    """Return the cells of written files that hold ten characters of the report in a row and are no lexicon word."""
    lexicon = lexicon_words()
    text_runs = set().union(*map(runs, texts_of(report)))
    cells = {
        cell
        for path in folder.rglob("*.csv")
        for row in pl.read_csv(path, infer_schema=False).iter_rows()
        for cell in row
        if cell is not None
    }
    bare = {cell: _URL.sub("", cell).replace(report.edition.symbol, "") for cell in cells}
    return [
        cell
        for cell, rest in bare.items()
        if fold_text(cell) not in lexicon and not is_one_word(rest) and runs(rest) & text_runs
    ]


def test_features_are_the_tables_without_their_text(zh: Report) -> None:
    features = derive_features(zh)
    assert {name: set(TABLES[name]) - set(frame.columns) for name, frame in features.items()} == TEXTS


def test_features_keep_the_contract(zh: Report) -> None:
    for name, frame in derive_features(zh).items():
        check_table(frame, name, without=tuple(TEXTS[name]))


def test_features_are_the_annotation_otherwise(zh: Report) -> None:
    tables, features = annotate_reports([zh]), derive_features(zh)
    assert all(features[name].equals(tables[name].drop(*TEXTS[name])) for name in NAMES - {"terms", "footnotes"})


def test_terms_by_hand(zh: Report) -> None:
    # 宽带和移动支付，宽带。
    terms = derive_features(zh)["terms"].filter(pl.col("paragraph") == 1).select("term", "count")
    assert dict(terms.rows()) == {"宽带": 2, "和": 1, "移动支付": 1}


def test_terms_hold_no_punctuation(zh: Report) -> None:
    assert derive_features(zh)["terms"].filter(~pl.col("term").str.contains(r"[\p{L}\p{N}]")).height == 0


def test_terms_count_every_word_once(toy_reports: list[Report]) -> None:
    for report in toy_reports:
        tokens = annotate_reports([report])["tokens"]
        n_words = tokens["norm"].str.contains(r"[\p{L}\p{N}]").sum()
        assert derive_features(report)["terms"]["count"].sum() == n_words


def test_terms_are_sorted_so_that_their_order_is_lost(zh: Report) -> None:
    terms = derive_features(zh)["terms"]
    assert terms.equals(terms.sort("paragraph", "term"))


def test_written_features_come_back(toy_reports: list[Report], tmp_path: Path) -> None:
    for report in toy_reports:
        loaded = load_features(str(write_features(report, tmp_path / "特征 1")))
        derived = derive_features(report)
        assert loaded.keys() == derived.keys()
        assert [name for name in NAMES if not loaded[name].equals(derived[name])] == []


def test_written_features_are_in_a_folder_named_by_edition(zh: Report, tmp_path: Path) -> None:
    assert write_features(zh, tmp_path) == tmp_path / "2011.zh"
    assert {path.name for path in (tmp_path / "2011.zh").iterdir()} == {f"{name}.csv" for name in NAMES}


def test_writing_twice_gives_the_same_bytes(zh: Report, tmp_path: Path) -> None:
    first, second = (write_features(zh, tmp_path / name) for name in ("a", "b"))
    assert [(first / f"{name}.csv").read_bytes() for name in sorted(NAMES)] == [
        (second / f"{name}.csv").read_bytes() for name in sorted(NAMES)
    ]


def test_an_unwritable_folder_is_said(zh: Report, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(OutputError):
        write_features(zh, tmp_path / "out")


def test_terms_that_look_like_formulas_come_back(toy_files: list[Path], tmp_path: Path) -> None:
    text = toy_files[0].read_text(encoding="utf-8").replace("nothing", "-40 degrees, +86 calls and @unctad")
    (tmp_path / "signs.md").write_text(text, encoding="utf-8")
    report = read_report(tmp_path / "signs.md")
    assert load_features(str(write_features(report, tmp_path)))["terms"].equals(derive_features(report)["terms"])


# --- no running text


@pytest.mark.official
def test_no_ten_characters_of_the_official_text_in_a_row(official_report: Report, tmp_path: Path) -> None:
    write_features(official_report, tmp_path)
    assert [cell for cell in copied_runs(official_report, tmp_path) if not is_joined(cell)] == []


@pytest.mark.official
def test_no_ten_characters_of_the_official_text_in_the_features_that_ship(official_report: Report) -> None:
    copied = copied_runs(official_report, resource_path("features", "2011.zh"))
    assert [cell for cell in copied if not is_joined(cell)] == []


@pytest.mark.official
def test_every_long_term_is_a_lexicon_word_or_several_that_overlap(official_report: Report, tmp_path: Path) -> None:
    # No domain term is ever split, so terms that overlap stay one token; that is a name, never a piece of a sentence.
    write_features(official_report, tmp_path)
    joined = copied_runs(official_report, tmp_path)
    assert all(map(is_joined, joined))
    assert max(map(len, joined), default=0) < 20


def test_no_ten_characters_of_a_sample_report_in_a_row(tmp_path: Path) -> None:
    report = read_report(resource_path("sample", "2011.zh.md"))
    write_features(report, tmp_path)
    assert copied_runs(report, tmp_path) == []


def test_copied_text_would_be_found(zh: Report, tmp_path: Path) -> None:
    write_csv(pl.DataFrame({"a": [zh.paragraphs[0].text]}), tmp_path / "a.csv")
    assert copied_runs(zh, tmp_path) == [zh.paragraphs[0].text]


@pytest.mark.official
def test_features_of_the_official_text_come_back(official_report: Report, tmp_path: Path) -> None:
    loaded, derived = load_features(str(write_features(official_report, tmp_path))), derive_features(official_report)
    assert [name for name in NAMES if not loaded[name].equals(derived[name])] == []


# --- what ships, and what doesn't load


def test_shipped_features_cover_the_2011_edition() -> None:
    features = load_features()
    assert (features["paragraphs"].height, features["footnotes"].height) == (167, 47)
    assert features["terms"]["paragraph"].n_unique() == 167


@pytest.mark.official
def test_shipped_features_are_those_of_the_official_text_today(official_report: Report) -> None:
    shipped, derived = load_features("2011.zh"), derive_features(official_report)
    assert [name for name in NAMES if not shipped[name].equals(derived[name])] == []


def test_features_that_are_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"1999\.zh"):
        load_features("1999.zh")
    with pytest.raises(SourceError, match=r"paragraphs\.csv"):
        load_features(str(tmp_path))


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_missing_table_is_named(zh: Report, tmp_path: Path, name: str) -> None:
    folder = write_features(zh, tmp_path)
    (folder / f"{name}.csv").unlink()
    with pytest.raises(SourceError, match=f"{name}.csv"):
        load_features(str(folder))


@pytest.mark.parametrize("content", [b"", b"edition\nx\n"], ids=repr)
@pytest.mark.parametrize("name", ["terms", "footnotes"])
def test_a_file_that_is_no_table_is_refused(zh: Report, tmp_path: Path, name: str, content: bytes) -> None:
    folder = write_features(zh, tmp_path)
    (folder / f"{name}.csv").write_bytes(content)
    with pytest.raises(SourceError, match=f"{name}.csv"):
        load_features(str(folder))


@pytest.mark.parametrize("content", [b"\x00\xff\x00", b"no,such,columns\n1,2,3\n"], ids=repr)
@pytest.mark.parametrize("name", ["terms", "footnotes"])
def test_a_table_with_other_columns_is_refused(zh: Report, tmp_path: Path, name: str, content: bytes) -> None:
    folder = write_features(zh, tmp_path)
    (folder / f"{name}.csv").write_bytes(content)
    with pytest.raises(SourceError, match=f"{name}.csv"):
        load_features(str(folder))
