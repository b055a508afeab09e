import base64
import hashlib
import json
import re
from collections import Counter
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from command_line import Textmine
from page_texts import HOSTILE, RESAMPLES, sample_page, sample_study, write_hostile

from textmine.errors import ContractError, OutputError, UnknownOptionError
from textmine.measure.reuse import list_recycled
from textmine.publish.page import SCRIPTS, dump_json, make_page, write_page
from textmine.publish.page_words import PAGE_WORDS
from textmine.publish.study import Study, open_study

pytest.importorskip("vl_convert", reason="the page's plotting library isn't installed (extra `page`)")
ASSETS = Path(str(files("textmine.publish").joinpath("page_assets")))


class Elements(HTMLParser):
    """All elements of a page, and the text of its scripts and styles, as an HTML parser sees them."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {"script": [], "style": []}
        self._open: str | None = None
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in self.texts:
            self._open = tag
            self.texts[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._open:
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts[self._open][-1] += data


def read_data(page: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(Elements(page).texts["script"][0])
    return data


@pytest.fixture(scope="module")
def page() -> str:
    return sample_page()


@pytest.fixture(scope="module")
def data(page: str) -> dict[str, Any]:
    return read_data(page)


def policy(page: str) -> dict[str, list[str]]:
    found = [attributes for tag, attributes in Elements(page).tags if tag == "meta" and "http-equiv" in attributes]
    assert [item["http-equiv"] for item in found] == ["Content-Security-Policy"]
    rules = str(found[0]["content"]).split("; ")
    return {name: values.split() for name, values in (rule.split(" ", 1) for rule in rules)}


def test_the_page_of_the_sample_is_under_5_mb(page: str) -> None:
    assert 1e6 < len(page.encode()) < 5e6


def test_the_policy_lets_these_scripts_and_this_style_run_and_nothing_else(page: str) -> None:
    texts, rules = Elements(page).texts, policy(page)
    assert {name: rules[name] for name in ("default-src", "base-uri", "form-action")} == {
        "default-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }
    assert set(rules) == {"default-src", "base-uri", "form-action", "script-src", "style-src"}
    for name, allowed in (("script", texts["script"][1:]), ("style", texts["style"])):
        digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in allowed]
        assert rules[f"{name}-src"] == [f"'sha256-{digest}'" for digest in digests]
    assert "unsafe" not in str(rules)


def test_nothing_is_loaded_from_anywhere(page: str) -> None:
    elements = Elements(page)
    assert Counter(tag for tag, _ in elements.tags)["script"] == 3
    for tag, attributes in elements.tags:
        assert not {"src", "srcset", "data", "action", "style"} & attributes.keys()
        assert not [name for name in attributes if name.startswith("on")]
        assert tag not in {"link", "img", "iframe", "object", "embed", "base"}
        assert attributes.get("href", "#").startswith("#")  # type: ignore[union-attr]
    assert "\r" not in page  # HTML would read it as another character than was hashed
    assert not re.search(r"url\(|@import", elements.texts["style"][0])


def test_the_same_texts_give_the_same_bytes_whatever_the_order_of_rows(tmp_path: Path) -> None:
    study = open_study(write_hostile(tmp_path))
    shuffled = {name: table.sample(fraction=1, shuffle=True, seed=1) for name, table in study.tables.items()}
    again = Study(shuffled, study.taxonomy, name=study.name, reports=study.reports)
    paths = [
        write_page(item, tmp_path / "页 面" / f"{i}.html", n_resamples=RESAMPLES)
        for i, item in enumerate((study, again))
    ]
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_points_count_the_paragraphs_that_they_open(data: dict[str, Any]) -> None:
    reports = {(report["year"], report["lang"]): report["paragraphs"] for report in data["reports"]}
    checked = 0
    for reuse, tables in data["shares"].items():
        for i, rows in enumerate(tables):
            counted = Counter(
                (year, lang, concept)
                for (year, lang), paragraphs in reports.items()
                for paragraph in paragraphs
                if reuse == "keep" or "from" not in paragraph
                for concept in {tag[1] for tag in paragraph["tags"] if tag[0] == i}
            )
            for year, lang, concept, n, tagged, share, low, high in rows:
                assert tagged == counted[year, lang, concept]
                assert share == pytest.approx(tagged / n, abs=1e-6)
                assert 0 <= low <= share <= high <= 1
                checked += 1
    assert checked > 10_000


def held_numbers(data: dict[str, Any]) -> set[tuple[int, str, int]]:
    return {
        (report["year"], report["lang"], item["number"]) for report in data["reports"] for item in report["paragraphs"]
    }


def test_a_page_of_evidence_holds_some_paragraphs_behind_every_point(
    data: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("textmine.publish.page_text.PER_POINT", 1)
    study = sample_study()
    page = make_page(study, text="evidence", n_resamples=RESAMPLES)
    part = read_data(page)
    assert part["shares"] == data["shares"]
    assert [report["n"] for report in part["reports"]] == [len(report.paragraphs) for report in study.reports]
    held = held_numbers(part)
    assert held < held_numbers(data)
    assert {(year, "zh", number) for year, _, number in held} & held_numbers(data) <= held  # both languages
    recycled = {key for key in held if key in set(list_recycled(study.reuse).rows())}
    for reuse, tables in part["shares"].items():
        for i, rows in enumerate(tables):
            counted = Counter(
                (report["year"], report["lang"], concept)
                for report in part["reports"]
                for paragraph in report["paragraphs"]
                if reuse == "keep" or (report["year"], report["lang"], paragraph["number"]) not in recycled
                for concept in {tag[1] for tag in paragraph["tags"] if tag[0] == i}
            )
            for year, lang, concept, _, tagged, *_ in rows:
                assert min(tagged, 1) <= counted[year, lang, concept] <= tagged
    for report in part["reports"]:
        refs = {str(number) for paragraph in report["paragraphs"] for number, _ in paragraph["refs"]}
        assert report["footnotes"].keys() == refs


def test_a_page_without_text_has_the_numbers_only(data: dict[str, Any]) -> None:
    study = sample_study()
    page = make_page(study, text="none", n_resamples=RESAMPLES)
    part = read_data(page)
    assert (part["shares"], held_numbers(part)) == (data["shares"], set())
    assert not any(report["footnotes"] for report in part["reports"])
    assert not [item for report in study.reports for item in report.paragraphs if dump_json(item.text)[1:-1] in page]


def test_a_page_that_would_be_too_large_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study, path = sample_study(), tmp_path / "page.html"
    monkeypatch.setattr("textmine.publish.page.collect_page_data", lambda *_, **__: pytest.fail("long work"))
    n_bytes = sum(len(item.text.encode()) for report in study.reports for item in report.paragraphs)
    with pytest.raises(OutputError, match=rf"at least {n_bytes / 1e6:.1f} MB.*--text evidence or none.*--max-mb"):
        write_page(study, path, max_mb=0.1)
    monkeypatch.undo()
    for text, way in (("evidence", "--text none"), ("none", "choose fewer reports")):
        with pytest.raises(OutputError, match=rf"MB, more than 0\.5 MB: .*{way}"):
            write_page(study, path, text=text, max_mb=0.5, n_resamples=RESAMPLES)
    assert not path.exists()
    with pytest.raises(UnknownOptionError, match="all, evidence, none"):
        write_page(study, path, text="some")


def test_every_span_is_its_surface_in_utf_16(data: dict[str, Any]) -> None:
    tags = sample_study().tables["tags"].filter(pl.col("evidence") == "text")
    wanted = Counter(
        (edition, lang, paragraph, scheme, concept, surface)
        for edition, lang, paragraph, scheme, concept, surface in tags.select(
            "edition", "lang", "paragraph", "scheme", "concept", "surface"
        ).iter_rows()
    )
    found = Counter(
        (
            report["year"],
            report["lang"],
            paragraph["number"],
            scheme["name"],
            scheme["concepts"][concept]["id"],
            surface,
        )
        for report in data["reports"]
        for paragraph in report["paragraphs"]
        for i, concept, start, end, evidence in paragraph["tags"]
        if evidence == "text"
        for scheme in (data["schemes"][i],)
        for surface in (paragraph["text"].encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le"),)
    )
    assert wanted <= found  # a concept below counts for those above it too


def test_sources_and_paragraphs_are_complete(data: dict[str, Any]) -> None:
    study = sample_study()
    assert len(data["reports"]) == len(study.reports) == 36
    for report, entry in zip(study.reports, data["reports"], strict=True):
        assert entry["sha256"] == report.source.sha256
        assert [item["text"] for item in entry["paragraphs"]] == [item.text for item in report.paragraphs]
        assert entry["footnotes"] == {str(note.number): note.text for note in report.footnotes}
    assert (data["taxonomy"], data["is_sample"]) == (study.taxonomy.sha256, True)
    assert "nothing about the United Nations" in data["corpora"]["en"][0]


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    study = open_study(write_hostile(tmp_path))
    page = make_page(study, words="zh", n_resamples=RESAMPLES)
    elements = Elements(page)
    assert [tag for tag, _ in elements.tags].count("script") == 3
    assert "\u2028" not in elements.texts["script"][0]
    data = read_data(page)
    assert data["reports"][0]["paragraphs"][0]["text"] == study.reports[0].paragraphs[0].text
    assert "<script>window.hit=1</script>" in data["reports"][0]["paragraphs"][0]["text"]
    assert "{{script}}" in data["reports"][0]["paragraphs"][0]["text"]
    assert data["start"] == "zh"
    assert '<html lang="zh-Hans">' in page
    assert (data["is_sample"], HOSTILE.count("<")) == (
        False,
        elements.texts["script"][0].count("<") + HOSTILE.count("<"),
    )


def test_offsets_behind_characters_of_two_units(tmp_path: Path) -> None:
    study = open_study(write_hostile(tmp_path))
    data = read_data(make_page(study, n_resamples=RESAMPLES))
    places = {(s["name"], c["id"]): (i, j) for i, s in enumerate(data["schemes"]) for j, c in enumerate(s["concepts"])}
    first, second = data["reports"][0]["paragraphs"]
    text = second["text"].encode("utf-16-le")
    spans = [tag[2:4] for tag in second["tags"] if tuple(tag[:2]) == places["trend", "cloud"]]
    found = [text[2 * start : 2 * end].decode("utf-16-le") for start, end in spans]
    assert found == ["云计算", "cloud computing", "cloud computing"]
    assert first["refs"] == [[1, len(first["text"].encode("utf-16-le")) // 2]]
    assert len(first["text"]) < first["refs"][0][1]


@pytest.mark.parametrize("text", ["</script>", "<!--", "a\u2028b\u2029", "&lt;", "\ud800", "𠮷\u0000"])
def test_json_inside_html_keeps_the_text(text: str) -> None:
    written = dump_json({"text": text})
    assert json.loads(written) == {"text": text}
    assert not set(written) & set("<>&\u2028\u2029\ud800\u0000")


def test_both_languages_of_the_words_fill_in_the_same() -> None:
    for key, phrases in PAGE_WORDS.items():
        english, chinese = (sorted(re.findall(r"\{\w+\}", phrase)) for phrase in phrases)
        assert english == chinese, key


def test_the_page_says_every_word_it_has_and_has_every_word_it_says() -> None:
    names = {path.name for path in ASSETS.iterdir()}
    assert names == {*SCRIPTS, "page.html", "page.css"}
    text = "\n".join((ASSETS / name).read_text(encoding="utf-8") for name in names)
    said = set(re.findall(r'(?:word\(|data-(?:word|label|placeholder)=)"(\w+)"', text))
    assert said <= PAGE_WORDS.keys()
    assert {key for key in PAGE_WORDS if not re.search(rf'"{key}"', text)} == {
        "lang_en", "lang_zh", "legend_en", "legend_zh", "reuse_keep", "reuse_drop"
    }  # fmt: skip


def test_features_and_unknown_words_are_refused() -> None:
    with pytest.raises(ContractError, match="no running text"):
        make_page(open_study("features/2011.zh"))
    with pytest.raises(UnknownOptionError, match="zh, en"):
        make_page(sample_study(), words="fr")


def test_without_the_plotting_library_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, textmine: Textmine
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "vl_convert", None)
    code, _, err = textmine("explore", "--html", "page.html")
    assert (code, Path("page.html").exists()) == (1, False)
    assert "textmine[page]" in err


def test_command_writes_the_page_and_says_whose_text_it_holds(textmine: Textmine, tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    folder = write_hostile(tmp_path / "corpus")
    code, out, err = textmine("explore", "--html", "out/页.html", "--corpus", folder, "--lang-of-words", "zh")
    assert (code, err) == (0, "")
    assert "4 paragraphs" in out
    assert "contains the text of the reports" in out
    assert read_data(Path("out/页.html").read_text(encoding="utf-8"))["start"] == "zh"
    code, out, err = textmine("explore", "--html", "out/none.html", "--corpus", folder, "--text", "none")
    assert (code, err) == (0, "")
    assert "contains the text" not in out
    assert read_data(Path("out/none.html").read_text(encoding="utf-8"))["text"] == "none"
    code, _, err = textmine("explore", "--html", "out/big.html", "--corpus", folder, "--max-mb", "0.5")
    assert (code, Path("out/big.html").exists()) == (1, False)
    assert "--text evidence or none" in err
    code, _, err = textmine("explore", "--html", "out", "--corpus", folder)
    assert code == 1
    assert "a folder; name the file" in err


def test_command_without_a_file_names_the_widget(textmine: Textmine) -> None:
    code, out, _ = textmine("explore", "--corpus", "sample")
    assert code == 0
    assert "textmine.explore('sample')" in out
    code, _, err = textmine("explore", "--html", "page.html", "--lang-of-words", "fr")
    assert code == 1
    assert "zh, en" in err
