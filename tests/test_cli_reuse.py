from functools import partial
from pathlib import Path

import polars as pl
import pytest
from command_line import Textmine

from textmine.measure.compare import compare_years

MANDATE = {
    "en": "The office reviews every year how countries carry out what was agreed in {} about access for all.",
    "zh": "该办公室每年审查各国如何落实{}议程关于普遍接入的商定事项并向委员会提交报告。",
}
FRESH = {
    "en": ("Engineers spoke of farms, rivers and violins.", "Prices fell in most ports.", "Schools lack teachers now."),
    "zh": (
        "工程师谈到了农场、河流和小提琴的种种故事。",
        "多数港口的货物价格在夏季有所下降。",
        "偏远地方的学校缺少合格的教师。",
    ),
}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two languages, three years of two paragraphs: the first recurs with the place changed in 2012."""
    folder = tmp_path_factory.mktemp("语料 库")
    for lang in ("zh", "en"):
        for year, fresh in zip((2009, 2010, 2012), FRESH[lang], strict=True):
            place = "Geneva" if year == 2012 else "Tunis"
            lines = [f"---\nkind: sample\nyear: {year}\nlang: {lang}\ntitle: t\n---\n\n# Sample\n"]
            lines += [f"1. {MANDATE[lang].format(place)}\n", f"2. {fresh}\n"]
            (folder / f"{year}.{lang}.md").write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture
def reuse(textmine: Textmine, corpus: Path) -> Textmine:
    return partial(textmine, "reuse", "--corpus", str(corpus))


def test_shares_and_paragraphs_are_listed_and_written(reuse: Textmine) -> None:
    code, out, err = reuse("--csv")
    assert (code, err) == (0, "")
    lines = [line.split() for line in out.splitlines()]
    assert ["2009", "en", "2", "0", "nothing", "earlier"] in lines
    assert ["2010:1", "en", "2009:1", "exact", "100%", "1.00"] in lines
    assert ["2012:1", "zh", "2010:1", "near"] in [line[:4] for line in lines]
    table = pl.read_parquet("textmine-out/tables/reuse.parquet")
    found = table.filter(pl.col("unit") == "paragraph").select("edition", "lang", "paragraph").rows()
    assert found == [(2010, "en", 1), (2010, "zh", 1), (2012, "en", 1), (2012, "zh", 1)]
    assert sorted(path.name for path in Path("textmine-out/tables").glob("*.csv")) == ["reuse-shares.csv", "reuse.csv"]
    assert "say nothing about the United Nations" in out


def test_one_language_and_some_years(reuse: Textmine) -> None:
    code, out, _ = reuse("--lang", "en", "--year", "2012")
    assert code == 0
    assert [line.split()[:3] for line in out.splitlines() if ":1 " in line] == [["2012:1", "en", "2010:1"]]
    assert "2009 en" not in out


def test_what_changed_is_shown_in_both_languages_and_on_a_page(reuse: Textmine) -> None:
    code, out, _ = reuse("--show", "2012:1", "--html", "changes.html")
    assert code == 0
    assert "agreed in [-Tunis-]{+Geneva+} about" in out
    assert "落实[-Tunis-]{+Geneva+}议程" in out
    assert "<del>Tunis</del><ins>Geneva</ins>" in Path("changes.html").read_text(encoding="utf-8")
    assert not Path("textmine-out").exists()


def test_a_new_paragraph_says_so(reuse: Textmine) -> None:
    assert "has nothing that an earlier edition has" in reuse("--show", "2012:2")[1]


def test_two_runs_give_the_same_bytes(reuse: Textmine) -> None:
    found = []
    for folder in ("a", "b"):
        reuse("--out", folder)
        found.append([path.read_bytes() for path in sorted(Path(folder, "tables").iterdir())])
    assert found[0] == found[1]


def test_a_comparison_can_leave_recycled_paragraphs_out(
    textmine: Textmine, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = []

    def spy(*arguments: object, drop: pl.DataFrame | None, **options: object) -> pl.DataFrame:
        given.append(drop)
        return compare_years(*arguments, drop=drop, **options)

    monkeypatch.setattr("textmine.measure.compare.compare_years", spy)
    arguments = ("compare", "2009", "2012", "--corpus", str(corpus), "--lang", "en")
    assert "left out" not in textmine(*arguments)[1]
    code, out, _ = textmine(*arguments, "--reuse", "drop")
    assert code == 0
    assert "4 recycled paragraphs of all editions left out" in out
    assert given[0] is None
    assert given[1].rows() == [(2010, "en", 1), (2010, "zh", 1), (2012, "en", 1), (2012, "zh", 1)]
    names = sorted(path.stem for path in Path("textmine-out/tables").iterdir())
    assert names == ["comparison-terms-2009-2012", "comparison-terms-2009-2012-fresh"]
    code, _, err = textmine(*arguments, "--reuse", "skip")
    assert (code, err.count("\n")) == (1, 1)
    assert "keep, drop" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--show", "2012"), "such as 2015:34"),
        (("--show", "2012:9"), "paragraphs 1 to 2 of 2012"),
        (("--show", "1999:1"), "from 2009, 2010, 2012"),
        (("--lang", "fr"), "unknown language"),
        (("--year", "in 2012"), "unknown years"),
        (("--html", "x.html"), "--show"),
        (("--show", "2012:1", "--html", "."), "can't be written"),
    ],
)
def test_mistakes_end_with_one_clear_line(reuse: Textmine, arguments: tuple[str, ...], message: str) -> None:
    code, _, err = reuse(*arguments)
    assert code == 1
    assert message in err
    assert err.count("\n") == 1
