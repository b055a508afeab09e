from pathlib import Path

import polars as pl
import pytest

from textmine.annotate.concepts import Concept, Scheme, Taxonomy
from textmine.annotate.match import Matcher
from textmine.annotate.taxonomy import load_taxonomy
from textmine.annotate.taxonomy_check import ERRORS, NOTES, check_taxonomy

from .toys import BOTH, toy_concept, toy_taxonomy

Row = tuple[str, str | None, str | None, str | None]


def found(kind: str, *concepts: Concept) -> list[Row]:
    table = check_taxonomy(toy_taxonomy(*concepts)).filter(kind=kind)
    return table.select("concept", "lang", "phrase", "other").rows()


def kinds(*concepts: Concept) -> set[str]:
    return set(check_taxonomy(toy_taxonomy(*concepts))["kind"]) - {"no-year", "no-note", "label-no-form"}


CLEAN = [
    toy_concept("cloud", zh=["云计算"], en=["cloud"], exclude_en=["cloud cover"]),
    toy_concept("money", zh=["移动支付"], en=["mobile money"], parent="cloud"),
]


def test_a_clean_taxonomy_has_no_finding() -> None:
    assert kinds(*CLEAN) == set()


def test_the_shipped_taxonomy_has_no_error_and_nothing_idle() -> None:
    table = check_taxonomy(load_taxonomy(strict=False))
    assert table.filter(level="error").rows() == []
    idle = table.filter(pl.col("kind").is_in(["longer-exclusion", "label-no-form", "one-language", "no-note"]))
    assert idle.rows() == []


def test_every_kind_is_an_error_or_a_note() -> None:
    assert not set(ERRORS) & set(NOTES)


@pytest.mark.parametrize("second", ["Cloud", "ｃｌｏｕｄ", "cloud"])
def test_forms_that_only_look_different(second: str) -> None:
    concept = toy_concept("a", zh=["云"], en=["cloud", second])
    assert found("repeated-form", concept) == [("a", "en", second, "cloud")]


def test_a_traditional_form_repeats_a_simplified_one() -> None:
    assert found("repeated-form", toy_concept("a", zh=["云计算", "雲計算"], en=["x"])) == [
        ("a", "zh", "雲計算", "云计算")
    ]


def test_a_repeated_exclusion() -> None:
    concept = toy_concept("a", zh=["云"], en=["cloud"], exclude_en=["cloud cover", "Cloud Cover"])
    assert found("repeated-form", concept) == [("a", "en", "Cloud Cover", "cloud cover")]


def test_a_form_of_two_concepts() -> None:
    one, two = toy_concept("a", zh=["云"], en=["cloud"]), toy_concept("b", zh=["云"], en=["grid"])
    assert found("form-of-two", one, two) == [("b", "zh", "云", "trend:a")]
    other = toy_concept("b", zh=["云"], en=["grid"], scheme="theme")
    assert found("form-of-two", one, other) == []
    assert found("shared-form", one, other) == [("b", "zh", "云", "trend:a")]


def test_ids_and_parents() -> None:
    one = toy_concept("a", zh=["云"], en=["cloud"])
    assert found("repeated-id", one, toy_concept("a", zh=["网"], en=["grid"])) == [("a", None, None, None)]
    orphan = toy_concept("b", zh=["网"], en=["grid"], parent="nowhere")
    assert found("unknown-parent", one, orphan) == [("b", None, None, "nowhere")]


def test_parents_in_a_circle_end() -> None:
    circle = [toy_concept(a, zh=[a * 2], en=[a], parent=b) for a, b in ("xy", "yz", "zx")]
    below = toy_concept("w", zh=["网"], en=["grid"], parent="x")
    assert [row[0] for row in found("unknown-parent", *circle, below)] == ["x", "y", "z"]


def test_an_exclusion_without_a_form() -> None:
    concept = toy_concept("a", zh=["云"], en=["cloud"], exclude_en=["clouds above"], exclude_zh=["网络"])
    assert found("idle-exclusion", concept) == [("a", "zh", "网络", None), ("a", "en", "clouds above", None)]


def test_an_exclusion_that_is_the_form_hides_it() -> None:
    concept = toy_concept("a", zh=["云"], en=["cloud"], exclude_en=["cloud"])
    assert found("hidden-form", concept) == [("a", "en", "cloud", None)]


def test_a_form_inside_another_concept() -> None:
    one, two = toy_concept("a", zh=["云"], en=["cloud"]), toy_concept("b", zh=["私有云"], en=["private cloud"])
    assert found("form-in-form", one, two) == [
        ("b", "zh", "私有云", "trend:a"),
        ("b", "en", "private cloud", "trend:a"),
    ]
    child = toy_concept("b", zh=["私有云"], en=["private cloud"], parent="a")
    assert found("form-in-form", one, child) == []


def test_a_latin_form_inside_a_word_is_not_inside() -> None:
    assert (
        found("form-in-form", toy_concept("a", zh=["云"], en=["art"]), toy_concept("b", en=["party"], zh=["党"])) == []
    )


def test_a_form_inside_its_own_concept() -> None:
    assert found("longer-form", toy_concept("a", zh=["云", "私有云"], en=["x"])) == [("a", "zh", "私有云", "云")]


def test_an_exclusion_inside_another_is_told_where_it_covers_every_form() -> None:
    concept = toy_concept("a", zh=["云"], en=["cloud"], exclude_zh=["白云", "大白云", "白云和云"])
    assert found("longer-exclusion", concept) == [("a", "zh", "大白云", "白云")]


def test_without_a_longer_exclusion_the_same_is_found() -> None:
    """What the finding says is so: tags don't change where the exclusion is dropped."""
    with_it = Matcher(toy_taxonomy(toy_concept("a", zh=["云"], en=["x"], exclude_zh=["白云", "大白云"])))
    without = Matcher(toy_taxonomy(toy_concept("a", zh=["云"], en=["x"], exclude_zh=["白云"])))
    for text in ("大白云", "云大白云云", "白大云"):
        assert with_it.find(text) == without.find(text)


def test_gaps() -> None:
    concept = Concept("trend", "a", {"zh": "云", "en": "cloud"}, {}, {"zh": ("云",), "en": ()}, dict.fromkeys(BOTH, ()),
                      None, None, False, " ")  # fmt: skip
    table = check_taxonomy(Taxonomy((Scheme("trend", "1", {}, False, (concept,)),), ""))
    assert table.select("kind", "lang").rows() == [("one-language", "en"), ("no-year", None), ("no-note", None)]


def test_errors_come_first_and_the_taxonomy_is_not_changed() -> None:
    taxonomy = toy_taxonomy(toy_concept("a", zh=["云", "云"], en=["cloud"], exclude_en=["rain"]), *CLEAN[1:])
    levels = check_taxonomy(taxonomy)["level"].to_list()
    assert levels == sorted(levels)
    assert check_taxonomy(taxonomy).equals(check_taxonomy(taxonomy))


def test_strict_reading_refuses_what_the_check_lists(tmp_path: Path) -> None:
    path = tmp_path / "toy.toml"
    path.write_text(
        'scheme = "toy"\nversion = "1"\n'
        + "".join(
            f'[[concept]]\nid = "{name}"\nnote = "n"\nen.label = "grid"\nen.forms = ["grid"]\nen.exclude = ["rain"]\n'
            f'zh.label = "{name}"\nzh.forms = ["{name}"]\n'
            for name in ("甲", "乙")
        ),
        encoding="utf-8",
    )
    table = check_taxonomy(load_taxonomy(path, strict=False))
    assert table.filter(level="error")["kind"].to_list() == ["form-of-two", "idle-exclusion", "idle-exclusion"]
