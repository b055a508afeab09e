from functools import partial
from pathlib import Path

import polars as pl
import pytest
from command_line import Textmine

from textmine.cli.track import draw_bars

WORDS = {"zh": ("云计算", "宽带还在增长"), "en": ("Cloud computing", "Broadband grows")}
COVER = {"zh": "样本", "en": "Sample"}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten years of ten paragraphs: cloud computing in one of them up to 2014, in nine after; none in 2012."""
    folder = tmp_path_factory.mktemp("语料 库")
    for lang, (cloud, rest) in WORDS.items():
        for year in (2010, 2011, 2013, 2014, 2015, 2016, 2017, 2018, 2019, 2020):
            lines = [f"---\nkind: sample\nyear: {year}\nlang: {lang}\ntitle: {COVER[lang]}\n---\n\n# {COVER[lang]}\n"]
            most = 1 if year < 2015 else 9
            lines += [f"{i}. {cloud if i <= most else rest} {i}.\n" for i in range(1, 11)]
            (folder / f"{year}.{lang}.md").write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture
def track(textmine: Textmine, corpus: Path) -> Textmine:
    return partial(textmine, "track", "--corpus", str(corpus), "--concept")


def test_it_prints_and_writes_the_lot(track: Textmine) -> None:
    code, out, err = track("cloud,iot", "--csv", "--out", "其 他")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert [line.split(",")[0] for line in lines if "each bar a year" in line] == ["zh", "en"]
    assert sum("▁▁ ▁▁██████" in line for line in lines) == 2
    assert sum("·· ········" in line for line in lines) == 2
    assert sum(line.startswith("cloud: break in 2015 (95%: 2015), 10.0% to 90.0%") for line in lines) == 2
    assert sum(line.startswith("iot: no break, q 1") for line in lines) == 2
    assert "say nothing about the United Nations" in out
    names = ("prevalence", "lifetimes", "trends", "segmentations", "breaks", "bursts", "detectable")
    assert {path.name for path in Path("其 他/tables").iterdir()} == {
        f"track-{name}.{ending}" for name in names for ending in ("parquet", "csv")
    }
    breaks = pl.read_parquet("其 他/tables/track-breaks.parquet")
    assert breaks.select("lang", "edition").rows() == [("en", 2015), ("zh", 2015)]


def test_one_language_both_together_and_the_same_bytes(track: Textmine) -> None:
    found = []
    for folder in ("a", "b"):
        code, out, _ = track("cloud", "--lang", "zh+en", "--out", folder)
        assert code == 0
        assert out.startswith("zh+en, 2010-2020")
        found.append([path.read_bytes() for path in sorted(Path(folder, "tables").iterdir())])
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("mobile-mony",), "did you mean mobile-money"),
        (("cloud", "--lang", "fr"), "unknown language 'fr'"),
        (("cloud", "--reuse", "some"), "unknown reuse 'some'"),
        (("cloud", "--evidence", "rumour"), "unknown evidence 'rumour'"),
        ((" , ",), "a list of ids"),
    ],
)
def test_mistakes_end_with_one_message(track: Textmine, arguments: tuple[str, ...], message: str) -> None:
    code, _, err = track(*arguments)
    assert code == 1
    assert message in err
    assert "Traceback" not in err
    assert not Path("textmine-out").exists()


def test_bars() -> None:
    assert draw_bars({2010: 0.0, 2012: 0.0}, 2010, 2012) == "· ·"
    assert draw_bars({2010: 0.8, 2011: 0.1, 2012: 0.001}, 2010, 2012) == "█▁▁"
