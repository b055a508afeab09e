"""The port of jieba to Rust against jieba itself."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from jieba import finalseg

from textmine.annotate.match import Matcher
from textmine.annotate.segment import Segmenter, Token
from textmine.errors import UnknownOptionError

from .toys import BOTH, HAN_TEXT, toy_concept, toy_taxonomy

ROOT = Path(__file__).resolve().parents[2]
PORT, REFERENCE = Segmenter(engine="rjieba"), Segmenter(engine="jieba")
# Without terms, all Han of a text goes to the engines.
BARE = Matcher(toy_taxonomy(toy_concept("nothing", en=("no such words",))))
BARE_PORT, BARE_REFERENCE = Segmenter(BARE, engine="rjieba"), Segmenter(BARE, engine="jieba")
# Where two ways to cut are as probable, rounding decides; see
# test_where_the_engines_differ_both_cuts_are_as_probable.
TIE = re.compile(r"(.)\1\1|常在|自由言论自由")


def words(tokens: list[Token]) -> list[str]:
    return [token.text for token in tokens]


def differences(text: str, port: Segmenter = PORT, reference: Segmenter = REFERENCE) -> list[tuple[Token, Token]]:
    pairs = zip(port.cut(text, lang="zh"), reference.cut(text, lang="zh"), strict=False)
    return [pair for pair in pairs if pair[0] != pair[1]][:3]


@pytest.mark.official
@pytest.mark.parametrize("bare", [False, True])
def test_both_engines_cut_the_official_text_alike(bare: bool, official_text: str) -> None:
    engines = (BARE_PORT, BARE_REFERENCE) if bare else (PORT, REFERENCE)
    found = differences(official_text, *engines)
    assert found == []


def test_both_engines_cut_the_sample_alike(sample_texts: dict[str, str]) -> None:
    chinese = {name: text for name, text in sample_texts.items() if name.endswith(".zh")}
    assert {name: found for name, text in chinese.items() if (found := differences(text))} == {}


def test_both_engines_cut_the_sample_alike_without_terms(sample_texts: dict[str, str]) -> None:
    assert differences(sample_texts["2008.zh"] + sample_texts["2025.zh"], BARE_PORT, BARE_REFERENCE) == []


@settings(max_examples=400, deadline=None)
@given(HAN_TEXT)
def test_both_engines_cut_mixed_text_alike(text: str) -> None:
    assume(not TIE.search(text))
    assert PORT.cut(text, lang="zh") == REFERENCE.cut(text, lang="zh")


@settings(max_examples=400, deadline=None)
@given(HAN_TEXT)
def test_both_engines_cut_mixed_text_alike_without_terms(text: str) -> None:
    assume(not TIE.search(text))
    assert BARE_PORT.cut(text, lang="zh") == BARE_REFERENCE.cut(text, lang="zh")


@pytest.mark.parametrize(
    "text",
    [
        "", "。", "的", "増", "𠀀㐀龥龦鿿", "豈更", "々〇", "臺灣的資訊社會發展", "一" * 2, "的" * 2, "A" * 300,
        "在A在", "移动电话移動電話",
        "中国，2011年３月14日", "\u200b的\u200b", "😀的👩‍💻", "的\r\n\u2028\x00在", "的\u0301在",
    ],
)  # fmt: skip
def test_both_engines_cut_odd_texts_alike(text: str) -> None:
    assert words(BARE_PORT.cut(text, lang="zh")) == words(BARE_REFERENCE.cut(text, lang="zh"))


def probability(cut: list[str]) -> float:
    """How probable jieba's hidden Markov model makes a cut of characters that no word of its dictionary joins."""
    states = "".join("S" if len(word) == 1 else "B" + "M" * (len(word) - 2) + "E" for word in cut)
    text = "".join(cut)
    total = finalseg.start_P[states[0]] + finalseg.emit_P[states[0]][text[0]]
    for before, state, character in zip(states, states[1:], text[1:], strict=False):
        total += finalseg.trans_P[before][state] + finalseg.emit_P[state][character]
    return total


@pytest.mark.parametrize("text", ["常在有", "常在的界"])
def test_where_the_engines_differ_both_cuts_are_as_probable(text: str) -> None:
    # The port rounds another way than jieba, so that a tie may fall to another cut: in about 4 of 100,000 random
    # texts, in none of the 17,326 Han runs of the official text and the sample.
    port, reference = (words(engine.cut(text, lang="zh")) for engine in (BARE_PORT, BARE_REFERENCE))
    assert probability(port) == pytest.approx(probability(reference), abs=1e-6)
    assert probability(port) > probability(list(text)) - 1e-6


@pytest.mark.parametrize("lang", BOTH)
def test_runs_are_cut_apart_from_each_other(lang: str) -> None:
    alone = words(PORT.cut("研究生", lang=lang)) + words(PORT.cut("命起源", lang=lang))
    assert words(PORT.cut("研究生 命起源", lang=lang)) == alone


@pytest.mark.parametrize("engine", ["", "Jieba", "pkuseg", "rjieba "])
def test_an_unknown_engine_lists_the_valid_ones(engine: str) -> None:
    with pytest.raises(UnknownOptionError, match="rjieba, jieba"):
        Segmenter(engine=engine)


USE_ENGINE = """
from textmine.annotate.segment import Segmenter
assert [t.text for t in Segmenter(engine="{engine}").cut("增长大大超过", lang="zh")] == ["增长", "大大", "超过"]
"""


@pytest.fixture(scope="module", params=["rjieba", "jieba"])
def quiet_run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, list[str]]:
    """Use an engine in a fresh process: what it wrote to stdout, to stderr, into the temporary folder."""
    shared = tmp_path_factory.mktemp("shared")
    folders = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(shared))
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-W", "error", "-c", USE_ENGINE.format(engine=request.param)],
        env={**os.environ, **folders, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.stdout, done.stderr, sorted(path.name for path in shared.iterdir())


def test_an_engine_says_nothing_and_leaves_no_file(quiet_run: tuple[str, str, list[str]]) -> None:
    assert quiet_run == ("", "", [])


def test_a_planted_cache_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "jieba.cache").write_bytes(b"not a cache, and marshal must never see it")
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", USE_ENGINE.format(engine="jieba")],
        env={**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_words_that_other_code_gives_to_jieba_change_nothing() -> None:
    import jieba

    before = words(BARE_REFERENCE.cut("在甲乙丙丁的", lang="zh"))
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total, tokenizer.initialized = {"甲乙丙丁": 10**9}, 10**9, True
    jieba.dt, default = tokenizer, jieba.dt
    try:
        after = words(Segmenter(BARE, engine="jieba").cut("在甲乙丙丁的", lang="zh"))
    finally:
        jieba.dt = default
    assert before == after


def test_the_default_tokenizer_of_jieba_stays_unloaded() -> None:
    import jieba

    assert not jieba.dt.initialized
