"""A form added to a taxonomy: just that, in a folder of one's own."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textmine.annotate.taxonomy import load_taxonomy
from textmine.annotate.taxonomy_edit import add_form
from textmine.errors import TaxonomyError, UnknownOptionError
from textmine.resources import resource_path

SHIPPED = resource_path("taxonomy")
HEAD = '# top\nscheme = "toy"\nversion = "1"\n'
LAYOUTS = {
    "dotted": 'en.label = "A"\nen.forms = ["a"] # why\nzh.label = "甲"\nzh.forms = []\n',
    "lines": 'en.label = "A"\nen.forms = [ # why\n  "a",\n]\nzh.label = "甲"\nzh.forms = [\n]\n',
    "inline": "en = { label = 'A', forms = ['a'] } # why\nzh = { label = '甲', forms = [] }\n",
    "tables": '[concept.zh]\nlabel = "甲"\nforms=[]\n[concept.en]\nlabel = "A"\n"forms" = ["a",] # why\n',
    "crlf": 'en.label = "A"\r\nen.forms = [\r\n  "a", # why\r\n]\r\nzh.label = "甲"\r\nzh.forms = []\r\n',
}


def write(folder: Path, layout: str) -> Path:
    entries = [
        f'[[concept]]\nid = "{name}"\nnote = "not en.forms = [ of it"\n{LAYOUTS[layout]}'.replace(
            '"a"', f'"{name}"'
        ).replace("'a'", f"'{name}'")
        for name in ("x", "y", "z")
    ]
    file = folder / "toy.toml"
    file.write_bytes((HEAD + "\n".join(entries)).encode())
    return file


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_only_the_form_is_new_and_comments_stay(layout: str, lang: str, tmp_path: Path) -> None:
    file = write(tmp_path, layout)
    before = file.read_bytes()
    assert add_form("y", lang, "new one", path=tmp_path) == file
    expected = tomllib.loads(before.decode())
    expected["concept"][1][lang]["forms"].insert(0, "new one")
    after = file.read_bytes()
    assert tomllib.loads(after.decode()) == expected
    assert after.count(b"#") == before.count(b"#")
    assert len(after) > len(before)
    assert (tmp_path / "toy.toml.bak").read_bytes() == before
    assert not [line for line in after.decode().splitlines() if line.endswith(" ")]


def test_the_shipped_taxonomy_is_copied_whole_and_stays(tmp_path: Path) -> None:
    shipped = {path.name: path.read_bytes() for path in SHIPPED.glob("*.toml")}
    own = tmp_path / "own"
    assert add_form("theme:internet-governance", "zh", "网络治网", path=own) == own / "theme.toml"
    assert {path.name for path in own.iterdir()} == shipped.keys()
    assert [name for name in shipped if (own / name).read_bytes() != shipped[name]] == ["theme.toml"]
    assert {path.name: path.read_bytes() for path in SHIPPED.glob("*.toml")} == shipped
    new = [
        (concept.scheme, concept.id, set(concept.forms[lang]) - set(old.forms[lang]))
        for old, concept in zip(load_taxonomy(), load_taxonomy(own), strict=True)
        for lang in ("zh", "en")
        if concept.forms[lang] != old.forms[lang]
    ]
    assert new == [("theme", "internet-governance", {"网络治网"})]


def test_a_second_form_goes_into_ones_own_and_each_state_is_kept(tmp_path: Path) -> None:
    first = add_form("cloud", "en", "sky computing", path=tmp_path).read_bytes()
    file = add_form("cloud", "en", "fog computing", path=tmp_path)
    assert load_taxonomy(tmp_path).find("cloud").forms["en"][:2] == ("fog computing", "sky computing")
    assert file.with_name("trend.toml.bak").read_bytes() == first


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ("ＢＲＯＡＤband", "'broadband'"), ("雲計算", "'cloud'"), (" cloud x", "outer spaces"), ("", "empty"),
        ("x" * 301, "300"), (".", "no phrase"), ("\x00", "no phrase"), ("sky\ncomputing", "no phrase"),
    ],
)  # fmt: skip
def test_what_is_no_new_form_is_refused_and_nothing_written(form: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(TaxonomyError, match=message):
        add_form("trend:cloud", "zh", form, path=tmp_path / "own")
    assert not (tmp_path / "own").exists()


def test_unknown_concept_and_language_list_the_valid_ones(tmp_path: Path) -> None:
    with pytest.raises(UnknownOptionError, match="broadband"):
        add_form("trend:clod", "zh", "x", path=tmp_path)
    with pytest.raises(UnknownOptionError, match="zh"):
        add_form("cloud", "fr", "nuage", path=tmp_path)


def test_the_shipped_folder_is_never_changed() -> None:
    with pytest.raises(TaxonomyError, match="ships with textmine"):
        add_form("cloud", "en", "sky computing", path=SHIPPED)


@settings(max_examples=40, deadline=None)
@given(form=st.text(st.sampled_from("a\"'\\#]=,[云 \t"), min_size=1, max_size=8))
def test_any_phrase_arrives_as_it_is(form: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("own")
    before = write(folder, "lines").read_bytes()
    try:
        add_form("y", "en", form, path=folder)
    except TaxonomyError:
        assert form.strip() != form or not set(form) & set("a云")
        assert (folder / "toy.toml").read_bytes() == before
    else:
        assert load_taxonomy(folder).find("y").forms["en"] == (form, "y")
