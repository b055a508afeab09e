import hashlib
import tomllib
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from textmine.annotate.fold import fold_text
from textmine.annotate.match import Matcher, default_matcher
from textmine.annotate.tag import Tagger
from textmine.annotate.taxonomy import SCHEMES, Taxonomy, load_taxonomy
from textmine.errors import TaxonomyError, TextmineError, UnknownOptionError
from textmine.resources import resource_path

from .toys import BOTH, toy_concept, toy_taxonomy

SHIPPED = load_taxonomy()
SCHEME_LANGUAGES = [(scheme, lang) for scheme in SCHEMES for lang in BOTH]
TRENDS_OF_2011 = {
    "mobile-access", "broadband", "mobile-money", "mobile-health", "social-networks", "cloud", "privacy-security",
    "digital-divide", "climate-environment", "internet-governance",
}  # fmt: skip

HEAD = 'scheme = "toy"\nversion = "1"\n'
CLOUD = """
[[concept]]
id = "cloud"
note = "n"
en.label = "cloud"
en.forms = ["cloud"]
zh.label = "云"
zh.forms = ["云"]
"""
MONEY = CLOUD.replace("cloud", "money").replace("云", "钱")


def write(folder: Path, text: str, name: str = "toy.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


# The shipped taxonomy


def test_shipped_schemes_come_in_their_order() -> None:
    assert tuple(scheme.name for scheme in SHIPPED.schemes) == SCHEMES


def test_shipped_sha256_is_that_of_the_files_one_after_the_other() -> None:
    data = b"".join(path.read_bytes() for path in sorted(resource_path("taxonomy").glob("*.toml")))
    assert SHIPPED.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_shipped_ids_are_unique(scheme: str) -> None:
    counts = Counter(concept.id for concept in SHIPPED.scheme(scheme).concepts)
    assert [name for name, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("lang", BOTH)
def test_shipped_concepts_have_a_label_a_short_label_and_forms(lang: str) -> None:
    bare = [c.id for c in SHIPPED if not (c.labels[lang] and c.short_labels[lang] and c.forms[lang])]
    assert bare == []


def test_shipped_parents_are_concepts_and_end() -> None:
    chains = {(c.scheme, c.id): SHIPPED.ancestors(c.scheme, c.id) for c in SHIPPED if c.parent}
    assert all(len(set(chain)) == len(chain) and own[1] not in chain for own, chain in chains.items())


def test_shipped_has_the_action_lines_and_the_eight_parts_of_c7() -> None:
    parts = ["government", "business", "learning", "health", "employment", "environment", "agriculture", "science"]
    expected = {f"C{i}" for i in range(1, 12)} | {f"C7.e-{part}" for part in parts}
    assert {concept.id for concept in SHIPPED.scheme("action_line").concepts} >= expected


def test_shipped_has_the_trends_of_2011() -> None:
    assert {concept.id for concept in SHIPPED.scheme("trend").concepts} >= TRENDS_OF_2011


def test_shipped_reads_the_files_as_tomllib_does() -> None:
    table = tomllib.loads(resource_path("taxonomy", "trend.toml").read_text(encoding="utf-8"))
    read = {concept.id: concept.forms["zh"] for concept in SHIPPED.scheme("trend").concepts}
    assert read == {entry["id"]: tuple(entry["zh"]["forms"]) for entry in table["concept"]}


@pytest.mark.parametrize(("scheme", "lang"), SCHEME_LANGUAGES)
def test_every_form_is_found_when_it_stands_alone(scheme: str, lang: str) -> None:
    missed = [
        (concept.id, form)
        for concept in SHIPPED.scheme(scheme).concepts
        for form in concept.forms[lang]
        if (0, len(form), scheme, concept.id) not in default_matcher().find(form)
    ]
    assert missed == []


@pytest.mark.parametrize(("scheme", "lang"), SCHEME_LANGUAGES)
def test_every_form_is_tagged_in_a_sentence(scheme: str, lang: str) -> None:
    before, after = {"zh": ("我们说", "。"), "en": ("We say ", ".")}[lang]
    tagger = Tagger()
    missed = [
        (concept.id, form)
        for concept in SHIPPED.scheme(scheme).concepts
        for form in concept.forms[lang]
        if (len(before), len(before + form), scheme, concept.id) not in tagger.tag_text(before + form + after)
    ]
    assert missed == []


@pytest.mark.parametrize(("scheme", "lang"), SCHEME_LANGUAGES)
def test_no_exclusion_is_tagged_with_its_concept(scheme: str, lang: str) -> None:
    tagged = [
        (concept.id, phrase)
        for concept in SHIPPED.scheme(scheme).concepts
        for phrase in concept.exclude[lang]
        if any((span.scheme, span.concept) == (scheme, concept.id) for span in default_matcher().find(phrase))
    ]
    assert tagged == []


@pytest.mark.parametrize(("scheme", "lang"), SCHEME_LANGUAGES)
def test_every_exclusion_would_be_tagged_if_it_were_not_one(scheme: str, lang: str) -> None:
    useless = []
    for concept in SHIPPED.scheme(scheme).concepts:
        without = replace(concept, exclude=dict.fromkeys(BOTH, ()))
        matcher = Matcher(toy_taxonomy(without))
        useless += [(concept.id, phrase) for phrase in concept.exclude[lang] if not matcher.find(phrase)]
    assert useless == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_form_folds_to_that_of_another_concept(scheme: str) -> None:
    owners: dict[str, set[str]] = {}
    for concept in SHIPPED.scheme(scheme).concepts:
        for lang in BOTH:
            for form in concept.forms[lang]:
                owners.setdefault(fold_text(form), set()).add(concept.id)
    assert {form: ids for form, ids in owners.items() if len(ids) > 1} == {}


@pytest.mark.parametrize(("scheme", "lang"), SCHEME_LANGUAGES)
def test_forms_with_an_apostrophe_have_it_both_straight_and_curly(scheme: str, lang: str) -> None:
    forms = {form for concept in SHIPPED.scheme(scheme).concepts for form in concept.forms[lang]}
    assert {form.replace("'", "’") for form in forms} | {form.replace("’", "'") for form in forms} <= forms


# Reading


def test_one_file_is_a_taxonomy(tmp_path: Path) -> None:
    taxonomy = load_taxonomy(write(tmp_path, HEAD + CLOUD + MONEY))
    assert [concept.id for concept in taxonomy] == ["cloud", "money"]


def test_schemes_that_textmine_does_not_know_come_last(tmp_path: Path) -> None:
    for name in ("zebra", "trend", "apple", "action_line"):
        write(tmp_path, HEAD.replace("toy", name) + CLOUD, f"{name}.toml")
    assert [scheme.name for scheme in load_taxonomy(tmp_path).schemes] == ["action_line", "trend", "apple", "zebra"]


def test_what_is_left_out_has_a_default(tmp_path: Path) -> None:
    scheme = load_taxonomy(write(tmp_path, HEAD + CLOUD)).scheme("toy")
    concept = scheme.concepts[0]
    assert (scheme.titles, scheme.heading_evidence) == ({"zh": "toy", "en": "toy"}, False)
    assert (concept.short_labels, concept.parent, concept.since, concept.one_name, concept.exclude) == (
        {"zh": "云", "en": "cloud"}, None, None, False, {"zh": (), "en": ()},
    )  # fmt: skip


def test_what_is_said_is_read(tmp_path: Path) -> None:
    text = (
        'title.zh = "玩具"\nheading_evidence = true\none_name = true\n'
        + HEAD
        + CLOUD
        + 'since = 2011\nparent = "money"\nen.short = "c"\nzh.exclude = ["云南"]\n'
        + MONEY
        + "one_name = false\n"
    )
    scheme = load_taxonomy(write(tmp_path, text)).scheme("toy")
    cloud, money = scheme.concepts
    assert (scheme.titles["zh"], scheme.titles["en"], scheme.heading_evidence) == ("玩具", "toy", True)
    assert (cloud.since, cloud.parent, cloud.short_labels["en"], cloud.exclude["zh"]) == (2011, "money", "c", ("云南",))
    assert (cloud.one_name, money.one_name) == (True, False)


def test_a_form_may_be_the_same_in_both_languages(tmp_path: Path) -> None:
    text = HEAD + CLOUD.replace('["云"]', '["cloud", "Cloud"]')
    assert load_taxonomy(write(tmp_path, text)).concept("toy", "cloud").forms["zh"] == ("cloud", "Cloud")


def test_a_form_may_be_in_two_schemes(tmp_path: Path) -> None:
    write(tmp_path, HEAD + CLOUD, "a.toml")
    write(tmp_path, HEAD.replace("toy", "other") + CLOUD, "b.toml")
    assert len(list(load_taxonomy(tmp_path))) == 2


def test_the_sha256_changes_with_a_byte(tmp_path: Path) -> None:
    one = load_taxonomy(write(tmp_path, HEAD + CLOUD, "one.toml"))
    two = load_taxonomy(write(tmp_path, HEAD + CLOUD + "\n", "two.toml"))
    assert one.sha256 != two.sha256


def test_an_edited_file_is_read_anew(tmp_path: Path) -> None:
    load_taxonomy(write(tmp_path, HEAD + CLOUD))
    assert [concept.id for concept in load_taxonomy(write(tmp_path, HEAD + MONEY))] == ["money"]


def test_a_relative_path_is_read_where_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for name, text in (("one", CLOUD), ("two", MONEY)):
        (tmp_path / name).mkdir()
        write(tmp_path / name, HEAD + text)
        monkeypatch.chdir(tmp_path / name)
        found += [concept.id for concept in load_taxonomy(Path("toy.toml"))]
    assert found == ["cloud", "money"]


# What is wrong is said: the file always, the concept and the form where there is one

WITHOUT = {
    "scheme": HEAD.replace('scheme = "toy"\n', "") + CLOUD,
    "version": HEAD.replace('version = "1"\n', "") + CLOUD,
    "concept": HEAD,
}
ERRORS = {
    "not TOML": ("scheme = ", ["not TOML"]),
    "not UTF-8": ("scheme = '\udcff'", ["not TOML"]),
    "byte order mark": ("\ufeff" + HEAD + CLOUD, ["not TOML"]),
    "null byte": (HEAD + "\0", ["not TOML"]),
    "same key twice": (HEAD + HEAD + CLOUD, ["not TOML"]),
    "empty": ("", ["the file lacks 'scheme'"]),
    **{f"no {key}": (text, [f"the file lacks {key!r}"]) for key, text in WITHOUT.items()},
    "unknown key": ("colour = 1\n" + HEAD + CLOUD, ["the file has an unknown key 'colour'", "heading_evidence"]),
    "unknown concept key": (HEAD + CLOUD + "colour = 1\n", ["concept 'cloud'", "unknown key 'colour'", "since"]),
    "unknown language": (HEAD + CLOUD + 'fr.label = "n"\n', ["concept 'cloud'", "unknown key 'fr'"]),
    "unknown language key": (HEAD + CLOUD + "zh.colour = 1\n", ["concept 'cloud', zh", "key 'colour'", "exclude"]),
    "no id": (HEAD + CLOUD.replace('id = "cloud"\n', ""), ["concept '?'", "lacks 'id'"]),
    "no note": (HEAD + CLOUD.replace('note = "n"\n', ""), ["concept 'cloud'", "lacks 'note'"]),
    "no label": (HEAD + CLOUD.replace('en.label = "cloud"\n', ""), ["concept 'cloud', en", "lacks 'label'"]),
    "no forms": (HEAD + CLOUD.replace('zh.forms = ["云"]\n', ""), ["concept 'cloud', zh", "lacks 'forms'"]),
    "no language": (HEAD + '[[concept]]\nid = "a"\nnote = ""\n', ["concept 'a'", "lacks 'label'"]),
    "language is text": (HEAD + '[[concept]]\nid = "a"\nnote = ""\nzh = "云"\n', ["concept 'a'", "zh isn't a table"]),
    "forms are text": (HEAD + CLOUD.replace('["云"]', '"云"'), ["concept 'cloud'", "forms"]),
    "a form is a number": (HEAD + CLOUD.replace('["云"]', "[1]"), ["concept 'cloud'", "forms"]),
    "an empty form": (HEAD + CLOUD.replace('["云"]', '[""]'), ["concept 'cloud'", "forms"]),
    "a form of space": (HEAD + CLOUD.replace('["云"]', '["\u3000"]'), ["concept 'cloud'", "forms"]),
    "an id twice": (HEAD + CLOUD + CLOUD, ["concept 'cloud' is there twice"]),
    "a form twice": (HEAD + CLOUD + MONEY.replace('"钱"]', '"钱", "云"]'), ["form '云'", "'cloud'", "'money'"]),
    "a form twice, folded": (HEAD + CLOUD + MONEY.replace('"钱"]', '"ＣＬＯＵＤ"]'), ["'cloud'", "'money'", "form"]),
    "Traditional twin": (HEAD + CLOUD + MONEY.replace('"钱"]', '"雲"]'), ["form '云'", "'cloud'", "'money'"]),
    "no such parent": (HEAD + CLOUD + 'parent = "x"\n', ["concept 'cloud'", "parent 'x'"]),
    "its own parent": (HEAD + CLOUD + 'parent = "cloud"\n', ["concept 'cloud'", "parent 'cloud'"]),
    "exclusion without a form": (HEAD + CLOUD + 'zh.exclude = ["山"]\n', ["concept 'cloud'", "'山'"]),
    "exclusion is a form": (HEAD + CLOUD + 'zh.exclude = ["雲"]\n', ["concept 'cloud'", "'雲'"]),
    "exclusion with another's form": (HEAD + CLOUD + MONEY + 'zh.exclude = ["云山"]\n', ["concept 'money'", "'云山'"]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "fragments"), ERRORS.values(), ids=ERRORS.keys())
def test_errors_say_file_concept_and_form(text: str, fragments: list[str], tmp_path: Path) -> None:
    path = tmp_path / "toy.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(TaxonomyError) as caught:
        load_taxonomy(path)
    message = str(caught.value)
    assert [fragment for fragment in (str(path), *fragments) if fragment not in message] == []


@pytest.mark.parametrize("form", [" 云", "云 ", "\u3000云"])
def test_a_form_with_outer_space_is_named(form: str, tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + CLOUD.replace('["云"]', f'["山", "{form}"]'))
    with pytest.raises(TaxonomyError, match=f"'{form}'"):
        load_taxonomy(path)


def test_a_folder_without_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(TaxonomyError, match=f"{tmp_path.name}.*no TOML file"):
        load_taxonomy(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TaxonomyError, match=r"nowhere\.toml.*can't be read"):
        load_taxonomy(tmp_path / "nowhere.toml")


def test_a_folder_that_ends_like_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(TaxonomyError, match=r"folder\.toml.*can't be read"):
        load_taxonomy(tmp_path)


def test_one_scheme_in_two_files_names_the_second(tmp_path: Path) -> None:
    write(tmp_path, HEAD + CLOUD, "a.toml")
    write(tmp_path, HEAD + MONEY, "b.toml")
    with pytest.raises(TaxonomyError, match=r"b\.toml.*'toy' is in another file"):
        load_taxonomy(tmp_path)


UNTYPED = {
    "concept is text": HEAD + 'concept = "x"\n',
    "concepts are numbers": HEAD + "concept = [1]\n",
    "one concept, single brackets": HEAD + CLOUD.replace("[[concept]]", "[concept]"),
    "title is text": 'title = "Toy"\n' + HEAD + CLOUD,
    "since isn't a year": HEAD + CLOUD + 'since = "2011-"\n',
    "since is a fraction": HEAD + CLOUD + "since = 2011.5\n",
    "since is enormous": HEAD + CLOUD + f"since = {'9' * 5000}\n",
    "scheme is a list": HEAD.replace('"toy"', "[]") + CLOUD,
    "nested too deep": "a = " + "[" * 100_000,
}


@pytest.mark.parametrize("text", UNTYPED.values(), ids=UNTYPED.keys())
def test_values_of_another_type_raise_our_error(text: str, tmp_path: Path) -> None:
    with pytest.raises(TextmineError):
        load_taxonomy(write(tmp_path, text))


SILENT = {
    "heading_evidence is text": 'heading_evidence = "no"\n' + HEAD + CLOUD,
    "one_name is text": HEAD + CLOUD + 'one_name = "no"\n',
    "scheme is a number": HEAD.replace('"toy"', "3") + CLOUD,
    "id is empty": HEAD + CLOUD.replace('id = "cloud"', 'id = ""'),
    "exclusion glued to a letter excludes nothing": HEAD + CLOUD + 'en.exclude = ["clouds"]\n',
}


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT.keys())
def test_values_that_cannot_be_meant_are_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(TaxonomyError):
        load_taxonomy(write(tmp_path, text))


def test_parents_in_a_circle_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + CLOUD + 'parent = "money"\n' + MONEY + 'parent = "cloud"\n')
    with pytest.raises(TaxonomyError, match="cloud"):
        load_taxonomy(path)


# Looking up

FAMILY = toy_taxonomy(
    toy_concept("a"), toy_concept("b", parent="a"), toy_concept("c", parent="b"), toy_concept("c", scheme="theme")
)


def test_ancestors_come_nearest_first() -> None:
    assert FAMILY.ancestors("trend", "c") == ("b", "a")


def test_the_top_has_no_ancestors() -> None:
    assert FAMILY.ancestors("trend", "a") == ()


def test_find_takes_the_first_scheme_that_has_the_concept() -> None:
    assert FAMILY.find("c").scheme == "trend"


def test_iteration_gives_all_concepts_scheme_by_scheme() -> None:
    assert [(c.scheme, c.id) for c in FAMILY] == [("trend", "a"), ("trend", "b"), ("trend", "c"), ("theme", "c")]


@pytest.mark.parametrize(
    ("look_up", "message"),
    [
        (lambda t: t.scheme("x"), "unknown scheme 'x'; valid: trend, theme"),
        (lambda t: t.concept("x", "a"), "unknown scheme 'x'; valid: trend, theme"),
        (lambda t: t.concept("theme", "a"), "unknown theme concept 'a'; valid: c"),
        (lambda t: t.find("x"), "unknown concept 'x'; valid: a, b, c, c"),
        (lambda t: t.ancestors("trend", "x"), "unknown trend concept 'x'; valid: a, b, c"),
    ],
)
def test_unknown_names_list_the_valid_ones(look_up: object, message: str) -> None:
    assert callable(look_up)
    with pytest.raises(UnknownOptionError) as caught:
        look_up(FAMILY)
    assert str(caught.value) == message


def test_a_taxonomy_can_not_be_changed() -> None:
    with pytest.raises(AttributeError):
        Taxonomy((), "x").sha256 = "y"  # type: ignore[misc]
