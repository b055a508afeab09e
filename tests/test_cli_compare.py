from functools import partial
from pathlib import Path

import polars as pl
import pytest
from command_line import Textmine

WORDS = {"zh": ("电传", "云计算", "宽带还在增长，"), "en": ("Telex", "Cloud computing", "Broadband grows and ")}
COVER = {"zh": "样本", "en": "Sample"}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two languages, four years of twelve paragraphs: telex before 2012, cloud computing after."""
    folder = tmp_path_factory.mktemp("语料 库")
    for lang, (old, new, rest) in WORDS.items():
        for year in (2009, 2010, 2018, 2019):
            lines = [f"---\nkind: sample\nyear: {year}\nlang: {lang}\ntitle: {COVER[lang]}\n---\n\n# {COVER[lang]}\n"]
            lines += [f"{i}. {rest}{old if year < 2012 else new}.\n" for i in range(1, 13)]
            (folder / f"{year}.{lang}.md").write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture
def run(textmine: Textmine) -> Textmine:
    return partial(textmine, "compare")


@pytest.fixture
def compare(run: Textmine, corpus: Path) -> Textmine:
    return lambda *arguments: run(*arguments, "--corpus", str(corpus))


def test_the_pandemic_sets_2020_and_2021_apart(run: Textmine) -> None:
    code, out, _ = run("2018-2019", "2020-2021", "--by", "concepts", "--out", "out")
    assert code == 0
    table = pl.read_parquet("out/tables/comparison-concepts-2018-2019-2020-2021.parquet")
    for lang in ("en", "zh"):
        strongest = table.filter(pl.col("lang") == lang).sort("z", descending=True)["term"][0]
        assert strongest == "covid-19"
        assert f"{lang}, " in out


def test_key_terms_on_both_sides_and_the_table(compare: Textmine) -> None:
    code, out, err = compare("2009-2010", "2018-2019")
    assert (code, err) == (0, "")
    titles = [line for line in out.splitlines() if " more in " in line]
    sides = [(lang, years) for lang in ("zh", "en") for years in ("2018-2019", "2009-2010")]
    assert titles == [f"{lang}, terms, more in {years}: 1 key at q <= 0.05" for lang, years in sides]
    lines = [line.split() for line in out.splitlines()]
    assert ["云计算", "24", "0", "24", "0"] in [line[:5] for line in lines]
    assert ["telex", "24", "0", "24", "0"] in [line[:5] for line in lines]
    assert "say nothing about the United Nations" in out
    table = pl.read_parquet("textmine-out/tables/comparison-terms-2009-2010-2018-2019.parquet")
    found = table.filter(pl.col("q") <= 0.05).select("lang", "term").rows()
    assert found == [("zh", "云计算"), ("zh", "电传"), ("en", "cloud computing"), ("en", "telex")]


def test_concepts_of_one_language(compare: Textmine) -> None:
    code, out, _ = compare("2009-2010", "2018-2019", "--by", "concepts", "--lang", "en", "--csv", "--out", "其 他")
    assert code == 0
    assert "en, trend, more in 2018-2019: 1 key at q <= 0.05" in out
    assert "zh, " not in out
    assert sorted(path.suffix for path in Path("其 他/tables").iterdir()) == [".csv", ".parquet"]


def test_where_nothing_is_key_it_says_so(compare: Textmine) -> None:
    _, out, _ = compare("2009", "2010", "--lang", "en")
    assert "en, terms, more in 2010: 0 key at q <= 0.05" in out


def test_two_runs_give_the_same_bytes(compare: Textmine) -> None:
    found = []
    for folder in ("a", "b"):
        compare("2009-2010", "2018-2019", "--out", folder)
        found.append(Path(folder, "tables", "comparison-terms-2009-2010-2018-2019.parquet").read_bytes())
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("2009-2010", "2010"), "don't share 2010"),
        (("2009", "1999"), "no language has paragraphs of both"),
        (("2009", "in 2010"), "unknown years"),
        (("2009", "2010", "--by", "topics"), "terms, concepts"),
        (("2009", "2010", "--lang", "fr"), "unknown language 'fr'"),
        (("2009", "2010", "--section", "9.Z"), "unknown section '9.Z'"),
    ],
)
def test_mistakes_end_with_one_clear_line(compare: Textmine, arguments: tuple[str, ...], message: str) -> None:
    code, out, err = compare(*arguments)
    assert (code, out) == (1, "")
    assert message in err
    assert err.count("\n") == 1
