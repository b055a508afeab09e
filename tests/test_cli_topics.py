from functools import partial
from pathlib import Path

import polars as pl
import pytest
from command_line import Outcome, Textmine

SAID = {
    "zh": ("电子邮件、电报和传真在办公室使用。", "云计算和大数据支持企业。"),
    "en": ("Telex and telegraph serve the office.", "Cloud computing and big data support the enterprise."),
}
TURNS = (0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 0, 1)
COVER = {"zh": "样本", "en": "Sample"}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two languages, four years of twelve paragraphs on two things by turns, both with as many words."""
    folder = tmp_path_factory.mktemp("语料 库")
    for lang, said in SAID.items():
        for year in (2009, 2010, 2018, 2019):
            lines = [f"---\nkind: sample\nyear: {year}\nlang: {lang}\ntitle: {COVER[lang]}\n---\n\n# {COVER[lang]}\n"]
            lines += [f"{i}. {said[TURNS[(i + year) % 12]]}\n" for i in range(1, 13)]
            (folder / f"{year}.{lang}.md").write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture
def run(textmine: Textmine, corpus: Path) -> Textmine:
    return partial(textmine, "topics", "--corpus", str(corpus))


def read(out: Outcome | None, name: str) -> pl.DataFrame:
    assert out is None or out.code == 0, out.err
    return pl.read_parquet(f"textmine-out/tables/{name}.parquet")


def test_topics_of_both_languages_and_their_alignment(run: Textmine) -> None:
    result = run("--k", "2")
    topics, terms = read(result, "topics-nmf"), read(None, "topic-terms-nmf")
    assert topics.select("lang", "topic", "stable").rows() == [
        (lang, topic, True) for lang in ("zh", "en") for topic in (1, 2)
    ]
    lines = result.out.splitlines()
    assert "2 topics (NMF, zh), 2 of them stable (*)" in lines
    assert "zh and en: 2 of 2 pairs beyond chance (p <= 0.05); stable in both: 2" in lines
    cloud = terms.filter(pl.col("term").is_in(["云计算", "cloud computing"])).select("lang", "topic").rows()
    pair = read(None, "topic-alignment-nmf").filter(pl.col("topic_zh") == dict(cloud)["zh"])
    assert pair["topic_en"].to_list() == [dict(cloud)["en"]]
    assert sum("cloud computing" in line and "2009/" in line for line in lines) == 1
    assert "say nothing about the United Nations" in result.out


def test_joint_model_of_both_and_no_alignment(run: Textmine) -> None:
    result = run("--k", "2", "--lang", "zh+en")
    assert read(result, "topics-nmf")["lang"].unique().to_list() == ["zh+en"]
    assert any("zh:云计算" in line and "en:cloud computing" in line for line in result.out.splitlines())
    assert not Path("textmine-out/tables/topic-alignment-nmf.parquet").exists()


def test_unstable_topics_are_printed_when_asked_for(run: Textmine) -> None:
    arguments = ("--k", "4", "--lang", "en")
    short, long = run(*arguments).out, run(*arguments, "--unstable").out
    stable = read(None, "topics-nmf")["stable"].sum()
    assert [text.count("  back ") for text in (short, long)] == [stable, 4]


def test_two_runs_give_the_same_bytes(run: Textmine) -> None:
    found = []
    for folder in ("a", "b"):
        assert run("--k", "2", "--lang", "en", "--out", folder, "--csv").code == 0
        found.append({path.name: path.read_bytes() for path in Path(folder, "tables").iterdir()})
    assert found[0] == found[1]
    assert len(found[0]) == 10


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--k", "two"), "auto or a number from 1"),
        (("--k", "0"), "auto or a number from 1"),
        (("--method", "lsa"), "nmf, lda"),
        (("--lang", "fr"), "unknown language 'fr'"),
        (("--reuse", "some"), "keep, drop"),
        ((), "too few for 5 topics"),
    ],
)
def test_mistakes_end_with_one_clear_line(run: Textmine, arguments: tuple[str, ...], message: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (1, "")
    assert message in err
    assert err.count("\n") == 1
