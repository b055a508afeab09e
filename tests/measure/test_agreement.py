"""Agreement of both languages: by hand, against scikit-learn, invariances; causes of disagreement on toy texts."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from command_line import Textmine
from scipy import stats
from sklearn.metrics import cohen_kappa_score

import textmine as tm
from textmine.annotate.match import Matcher
from textmine.annotate.taxonomy import load_taxonomy
from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.agreement import MACRO, cohen_kappa, measure_agreement
from textmine.measure.disagreement import CAUSES, find_disagreements
from textmine.reports.read import read_report
from textmine.schema import make_table

Cells = dict[str, tuple[int, int, int, int]]


def tables(cells: Cells, *, n_editions: int = 1) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Paragraphs in both languages and their tags: for each concept so many tagged in both, zh, en, neither."""
    n = sum(next(iter(cells.values())))
    paragraphs, tags = [], []
    for i in range(n):
        year, number = 2010 + i % n_editions, i + 1
        for lang in ("zh", "en"):
            key = {"edition": year, "lang": lang}
            paragraphs.append(
                {
                    **key, "number": number, "section": f"1.{i % 7}", "heading_path": [], "action_line": [], "text": "",
                    "n_chars": 0, "first_line": 1, "last_line": 1, "symbol": "", "corpus": "toy", "source_sha256": "",
                }
            )  # fmt: skip
            for concept, (both, zh, en, _) in cells.items():
                if i < both or (lang == "zh" and i < both + zh) or (lang == "en" and both + zh <= i < both + zh + en):
                    tags.append(
                        {
                            **key, "paragraph": number, "scheme": "trend", "concept": concept, "start": 0, "end": 1,
                            "surface": "x", "evidence": "text", "score": 1.0,
                        }
                    )  # fmt: skip
    return make_table("paragraphs", paragraphs), make_table("tags", tags)


def kappas(frame: pl.DataFrame) -> dict[str, float | None]:
    return dict(frame.select("concept", "kappa").iter_rows())


def test_kappa_by_hand() -> None:
    # 20 both, 5 and 10 one only, 15 neither of 50: observed 0.7, expected 0.5 * 0.6 + 0.5 * 0.4 = 0.5, kappa 0.4.
    found = measure_agreement(*tables({"a": (20, 5, 10, 15)}), scheme="trend", n_resamples=20)
    assert kappas(found)["a"] == pytest.approx(0.4)
    assert found.row(0, named=True) | {"n_zh": 25, "n_en": 30, "n_both": 20, "n_paragraphs": 50} == found.row(
        0, named=True
    )


@pytest.mark.parametrize("seed", range(5))
def test_kappa_is_that_of_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    first = rng.random(200) < 0.3
    second = np.where(rng.random(200) < 0.8, first, rng.random(200) < 0.5)
    cells = [(first & second).sum(), (first & ~second).sum(), (~first & second).sum(), (~first & ~second).sum()]
    assert cohen_kappa(np.array(cells, dtype=float)) == pytest.approx(cohen_kappa_score(first, second))


def test_perfect_agreement_and_its_opposite() -> None:
    found = measure_agreement(*tables({"a": (10, 0, 0, 10), "b": (0, 10, 10, 0)}), scheme="trend", n_resamples=20)
    assert kappas(found) == {"a": 1.0, "b": -1.0, MACRO: 0.0}


def test_a_concept_in_every_paragraph_has_no_kappa_and_is_left_out_of_the_average() -> None:
    found = measure_agreement(*tables({"a": (20, 0, 0, 0), "b": (10, 0, 0, 10)}), scheme="trend", n_resamples=20)
    assert kappas(found) == {"a": None, "b": 1.0, MACRO: 1.0}


def test_rare_concepts_are_shown_but_not_averaged() -> None:
    cells = {"rare": (0, 1, 1, 38), "often": (10, 0, 0, 30)}
    found = measure_agreement(*tables(cells), scheme="trend", n_resamples=20)
    assert found["in_macro"].to_list() == [True, False, False]
    assert kappas(found)[MACRO] == 1.0


def test_interval_holds_kappa_and_narrows_with_more_text() -> None:
    few, many = (
        measure_agreement(*tables({"a": (4 * k, k, k, 4 * k)}, n_editions=3), scheme="trend").row(0, named=True)
        for k in (5, 80)
    )
    for row in (few, many):
        assert row["low"] < row["kappa"] < row["high"]
    assert many["high"] - many["low"] < few["high"] - few["low"]


def test_exchange_of_the_languages_and_order_of_rows_change_nothing() -> None:
    paragraphs, tags = tables({"a": (20, 5, 10, 15), "b": (3, 9, 1, 37)}, n_editions=2)
    expected = measure_agreement(paragraphs, tags, scheme="trend", n_resamples=50)
    shuffled = [frame.sample(fraction=1, shuffle=True, seed=1) for frame in (paragraphs, tags)]
    assert measure_agreement(*shuffled, scheme="trend", n_resamples=50).equals(expected)
    swap = pl.col("lang").replace({"zh": "en", "en": "zh"})
    swapped = measure_agreement(paragraphs.with_columns(swap), tags.with_columns(swap), scheme="trend", n_resamples=50)
    assert kappas(swapped) == pytest.approx(kappas(expected))


def test_correlation_is_that_of_the_shares_by_edition() -> None:
    paragraphs, tags = tables({"a": (13, 9, 4, 24)}, n_editions=5)
    found = measure_agreement(paragraphs, tags, scheme="trend", n_resamples=20).row(0, named=True)
    shares = [
        [
            tags.filter(lang=lang, edition=year).height / paragraphs.filter(lang=lang, edition=year).height
            for year in range(2010, 2015)
        ]
        for lang in ("zh", "en")
    ]
    assert found["correlation"] == pytest.approx(stats.spearmanr(*shares).statistic)
    assert found["n_editions"] == 5


def test_paragraphs_dropped_in_one_language_leave_as_pairs() -> None:
    paragraphs, tags = tables({"a": (20, 5, 10, 15)})
    drop = pl.DataFrame({"edition": [2010] * 5, "lang": ["zh"] * 5, "paragraph": list(range(21, 26))})
    found = measure_agreement(paragraphs, tags, scheme="trend", drop=drop, n_resamples=20).row(0, named=True)
    assert (found["n_paragraphs"], found["n_zh"], found["n_both"]) == (45, 20, 20)


def test_one_language_alone_is_refused() -> None:
    paragraphs, tags = tables({"a": (1, 0, 0, 1)})
    with pytest.raises(ContractError, match="zh and en"):
        measure_agreement(paragraphs.filter(lang="zh"), tags, scheme="trend")


def test_unknown_evidence_and_confidence_are_refused() -> None:
    with pytest.raises(UnknownOptionError, match="heading"):
        measure_agreement(*tables({"a": (1, 0, 0, 1)}), scheme="trend", evidence="guess")
    with pytest.raises(UnknownOptionError, match="between 0 and 1"):
        measure_agreement(*tables({"a": (1, 0, 0, 1)}), scheme="trend", confidence=1)


# --- causes

TEXTS = [
    ("云计算", "cloud computing"),  # both
    ("云计算", "nothing"),  # 2: only zh; what the readers say decides
    ("云计算", "nothing"),  # 3
    ("云计算", "nothing"),  # 4
    ("云计算", "nothing"),  # 5: not read
    ("互联网治理", "the Internet Governance Forum"),  # 6: the form is there, inside an exclusion
]
LABELS = {(2, "a"): "cloud", (2, "b"): "cloud", (3, "a"): "none", (3, "b"): "cloud", (4, "a"): "none", (4, "b"): "none"}


@pytest.fixture
def toy(tmp_path: Path) -> dict[str, pl.DataFrame]:
    for i, lang in enumerate(("zh", "en")):
        body = "".join(f"\n{number}. {texts[i]}.\n" for number, texts in enumerate(TEXTS, start=1))
        text = f"---\nyear: 2011\nlang: {lang}\ntitle: t\n---\n{body}"
        (tmp_path / f"2011.{lang}.md").write_text(text, encoding="utf-8")
    return tm.annotate_reports(read_report(tmp_path / f"2011.{lang}.md") for lang in ("zh", "en"))


def labels() -> pl.DataFrame:
    lang = {"a": "en", "b": "zh"}
    rows: Iterable[dict[str, object]] = (
        {"edition": 2011, "lang": lang[reader], "paragraph": n, "scheme": "trend", "concept": concept, "reader": reader}
        for (n, reader), concept in LABELS.items()
    )
    return make_table("labels", list(rows))


def test_each_cause_is_told(toy: dict[str, pl.DataFrame]) -> None:
    matcher = Matcher(load_taxonomy())
    found = find_disagreements(toy["paragraphs"], toy["tags"], matcher, scheme="trend", labels=labels())
    assert dict(found.filter(concept="cloud").select("paragraph", "cause").iter_rows()) == {
        2: "dictionary gap", 3: "translation", 4: "false tag", 5: "unread",
    }  # fmt: skip
    assert found.filter(paragraph=6)["cause"].to_list() == ["segmentation"]
    assert set(found["cause"]) <= set(CAUSES)


def test_a_disagreement_says_where_the_concept_is(toy: dict[str, pl.DataFrame]) -> None:
    found = find_disagreements(toy["paragraphs"], toy["tags"], Matcher(load_taxonomy()), scheme="trend")
    row = found.filter(paragraph=2).row(0, named=True)
    assert (row["lang"], row["start"], row["end"], row["surface"], row["cause"]) == ("zh", 0, 3, "云计算", "unread")


def test_agreement_and_disagreements_tell_the_same_number(toy: dict[str, pl.DataFrame]) -> None:
    kappa = measure_agreement(toy["paragraphs"], toy["tags"], scheme="trend", n_resamples=20)
    one_sided = kappa.filter(pl.col("concept") != MACRO).select(
        (pl.col("n_zh") + pl.col("n_en") - 2 * pl.col("n_both")).sum()
    )
    found = find_disagreements(toy["paragraphs"], toy["tags"], Matcher(load_taxonomy()), scheme="trend")
    assert one_sided.item() == found.height > 0


def test_command_line_prints_and_writes(textmine: Textmine, toy: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    assert toy["paragraphs"].height == 2 * len(TEXTS)
    for path in tmp_path.glob("*.md"):
        (tmp_path / "corpus").mkdir(exist_ok=True)
        path.rename(tmp_path / "corpus" / path.name)
    result = textmine("agreement", "--corpus", "corpus", "--scheme", "trend", "--out", "out", "--csv")
    assert (result.code, result.err) == (0, "")
    assert "unread (4): 2011:2 cloud in zh" in result.out
    assert pl.read_csv(tmp_path / "out/tables/disagreements.csv").height == 5
    assert textmine("agreement", "--scheme", "nothing").code == 1
