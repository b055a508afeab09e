from pathlib import Path

import polars as pl
import pytest
from command_line import Textmine

from textmine.annotate.corrections import Correction, save_corrections
from textmine.annotate.taxonomy import load_taxonomy
from textmine.resources import resource_path

BROKEN = """
scheme = "sea"
version = "2.3"
[[concept]]
id = "tide"
note = "Tides."
since = 2009
en.label = "tide"
en.forms = ["tide", "Tide"]
en.exclude = ["wave"]
zh.label = "潮汐"
zh.forms = ["潮汐"]
[[concept]]
id = "surge"
note = "Surges."
en.label = "surge"
en.forms = ["surge", "tide"]
zh.label = "风暴潮"
zh.forms = ["风暴潮"]
"""


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "海 洋.toml"
    path.write_text(BROKEN, encoding="utf-8")
    return path


def test_the_shipped_taxonomy_passes(textmine: Textmine) -> None:
    code, out, err = textmine("taxonomy", "check", "--no-notes")
    assert (code, err) == (0, "")
    for scheme in load_taxonomy().schemes:
        assert f"{scheme.name} {scheme.version}: {len(scheme.concepts)} concepts" in out
    assert load_taxonomy().sha256 in out
    assert "\n0 errors, " in out
    assert "\nerror " not in out


def test_notes_are_listed_unless_they_are_not_wanted(textmine: Textmine) -> None:
    line = "  trend:mobile-health en 'm-health' <- action_line:C7.e-health\n"
    assert line in textmine("taxonomy", "check").out
    assert line not in textmine("taxonomy", "check", "--no-notes").out


def test_every_error_is_named_and_the_exit_code_is_1(textmine: Textmine, broken: Path) -> None:
    code, out, err = textmine("taxonomy", "check", broken)
    assert (code, err) == (1, "")
    assert "sea 2.3: 2 concepts, 6 forms\n" in out
    assert "error repeated-form (1): " in out
    assert "  sea:tide en 'Tide' <- tide\n" in out
    assert "  sea:surge en 'tide' <- sea:tide\n" in out
    assert "  sea:tide en 'wave'\n" in out
    assert "  sea:surge\n" in out.partition("note no-year")[2]
    assert out.endswith("3 errors, 1 notes\n")


def test_a_file_that_is_no_taxonomy_ends_with_one_line(textmine: Textmine, tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text("scheme = 3", encoding="utf-8")
    code, out, err = textmine("taxonomy", "check", path)
    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    assert "x.toml" in err


@pytest.fixture
def sea(tmp_path: Path) -> Path:
    folder = tmp_path / "sea"
    folder.mkdir()
    for year in (2020, 2021):
        lines = ["---", "kind: sample", f"year: {year}", "lang: en", "title: Sea", "---", "", "# Sea", ""]
        lines += [f"{i}. Coral reefs grow by the tide.\n" for i in range(1, 5)]
        (folder / f"{year}.en.md").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_candidates_are_ranked_and_written(textmine: Textmine, sea: Path, broken: Path) -> None:
    broken.write_text(BROKEN.replace(', "Tide"]', "]").replace('"surge", "tide"', '"surge"').replace('["wave"]', "[]"))
    code, out, err = textmine("taxonomy", "coverage", "--corpus", sea, "--taxonomy", broken, "--csv")
    assert (code, err) == (0, "")
    assert "en: 32 words that are no stop words, 25.0% of them in a form; 3 candidates" in out
    assert out.splitlines()[2].split() == ["coral", "reef", "grow", "8", "8", "2", "2020", "2021", "16.0"]
    table = pl.read_parquet("textmine-out/tables/uncovered.parquet")
    assert table["term"].to_list() == ["coral reef grow", "coral reef", "reef grow"]
    assert Path("textmine-out/tables/uncovered.csv").is_file()


def test_years_and_languages_can_be_chosen(textmine: Textmine, sea: Path) -> None:
    _, out, _ = textmine("taxonomy", "coverage", "--corpus", sea, "--years", "2021", "--ngrams", "1", "--lang", "en")
    assert "16 words that are no stop words, 0.0% of them" in out
    assert " 2021  2021 " in out
    assert "2020" not in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--ngrams", "two"), "unknown ngrams 'two'"),
        (("--ngrams", "3-2"), "unknown ngrams"),
        (("--lang", "fr"), "unknown language 'fr'"),
        (("--years", "1999"), "no report of 1999"),
        (("--lang", "zh"), "no report of any year in zh"),
    ],
)
def test_mistakes_end_with_one_clear_line(
    textmine: Textmine, sea: Path, arguments: tuple[str, ...], message: str
) -> None:
    code, out, err = textmine("taxonomy", "coverage", "--corpus", sea, *arguments)
    assert (code, out) == (1, "")
    assert message in err
    assert err.count("\n") == 1


def test_deleting_a_form_makes_it_a_candidate(textmine: Textmine, tmp_path: Path) -> None:
    folder = tmp_path / "taxonomy"
    folder.mkdir()
    for path in resource_path("taxonomy").glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        (folder / path.name).write_text(text.replace('"submarine cable", "submarine cables"', '"sea cable"'), "utf-8")
    arguments = ("taxonomy", "coverage", resource_path("sample", "2009.en.md"), "--min-paragraphs", "1")
    textmine(*arguments, "--out", "a")
    textmine(*arguments, "--taxonomy", folder, "--out", "b")
    terms = [set(pl.read_parquet(f"{out}/tables/uncovered.parquet")["term"]) for out in ("a", "b")]
    assert "submarine cable" not in terms[0]
    assert "submarine cable" in terms[1]


def test_learning_adds_what_a_reader_tagged_once(textmine: Textmine, tmp_path: Path) -> None:
    seen = Correction(2011, "en", 3, "trend", "cloud", "accept", 0, 13, "sky computing")
    refused = Correction(2011, "en", 4, "trend", "cloud", "reject", 0, 5, "cloud")
    file = save_corrections([seen, refused], tmp_path / "corrections.jsonl")
    code, out, _ = textmine("taxonomy", "learn", file, "--path", tmp_path / "own")
    assert (code, out.splitlines()) == (0, ["trend:cloud (en): sky computing", f"1 added in {tmp_path / 'own'}"])
    assert "sky computing" in load_taxonomy(tmp_path / "own").concept("trend", "cloud").forms["en"]
    assert textmine("taxonomy", "learn", file, "--path", tmp_path / "own")[:2] == (0, "nothing to learn\n")
    code, _, err = textmine("taxonomy", "learn", tmp_path / "none.jsonl", "--path", tmp_path / "own")
    assert code == 1
    assert "none.jsonl" in err
