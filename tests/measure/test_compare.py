import polars as pl
import pytest

from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.compare import compare_counts, compare_years, count_languages, span_of
from textmine.measure.counts import count_terms
from textmine.measure.keyness import score_keyness
from textmine.schema import make_table

from .test_counts import paragraphs_of, tokens_of

FIRST, SECOND = range(2009, 2011), range(2018, 2020)


def tables_of():
    """Ten paragraphs a year and language: 'telecentre' before, 'ai' after, 'net' in all; concepts alike."""
    texts, tags = {}, []
    for lang in ("en", "zh"):
        for year in (2009, 2010, 2015, 2018, 2019):
            for number in range(1, 11):
                word = "telecentre" if year < 2015 else "ai"
                texts[year, lang, number] = f"net {word if number < 9 else 'other'} net"
                if number < 9:
                    concept = "C7.old" if word == "telecentre" else "ai"
                    scheme = "action_line" if word == "telecentre" else "trend"
                    tags.append((year, lang, number, scheme, concept))
    rows = [
        {
            "edition": year, "lang": lang, "paragraph": number, "scheme": scheme, "concept": concept, "start": 0,
            "end": 1, "surface": "x", "evidence": "text", "score": 1.0,
        }
        for year, lang, number, scheme, concept in tags
    ]  # fmt: skip
    return {"paragraphs": paragraphs_of(texts), "tokens": tokens_of(texts), "tags": make_table("tags", rows)}


TABLES = tables_of()


def test_terms_of_both_languages():
    table = compare_years(TABLES, FIRST, SECOND)
    assert table.select("lang", "term").rows() == [
        (lang, term) for lang in ("zh", "en") for term in ("ai", "net", "other", "telecentre")
    ]
    ai = table.row(0, named=True)
    assert (ai["target"], ai["reference"], ai["by"]) == ("2018-2019", "2009-2010", "terms")
    assert (ai["n_target"], ai["n_reference"], ai["paragraphs_target"]) == (16, 0, 16)
    assert ai["q"] < 1e-5


def test_it_is_score_keyness_of_the_language():
    table = compare_years(TABLES, FIRST, SECOND, langs=["en"])
    counts = count_terms(TABLES["tokens"], TABLES["paragraphs"], lang="en")
    expected = score_keyness(counts, pl.col("edition") >= 2018, pl.col("edition") <= 2010)
    assert table.drop("lang", "by", "target", "reference").equals(expected)


def test_concepts_count_paragraphs_and_those_above_count_too():
    parents = {"action_line": {"C7.old": "C7"}}
    table = compare_years(TABLES, FIRST, SECOND, by="concepts", langs=["zh"], parents=parents)
    assert table.select("by", "term", "n_target", "n_reference").rows() == [
        ("action_line", "C7", 0, 16),
        ("action_line", "C7.old", 0, 16),
        ("trend", "ai", 16, 0),
    ]
    assert table["rate_reference"][0] == 800  # 16 of 20 paragraphs, per 1,000


def test_swapping_the_spans_swaps_the_sides():
    here, there = compare_years(TABLES, FIRST, SECOND), compare_years(TABLES, SECOND, FIRST)
    key = ["lang", "term"]
    assert here.sort(key)["n_target"].equals(there.sort(key)["n_reference"].alias("n_target"))
    assert here.sort(key)["z"].to_list() == pytest.approx((-there.sort(key)["z"]).to_list())


def test_a_section_alone():
    table = compare_years(TABLES, FIRST, SECOND, section="s1", langs=["en"], min_paragraphs=1)
    assert table.filter(pl.col("term") == "ai")["paragraphs_target"].to_list() == [8]
    with pytest.raises(UnknownOptionError, match="s0, s1"):
        compare_years(TABLES, FIRST, SECOND, section="s")


def test_sections_below_are_in_it():
    sections = pl.when(pl.col("number") < 4).then(pl.lit("2.B.1")).otherwise(pl.lit("2.BB")).alias("section")
    tables = TABLES | {"paragraphs": TABLES["paragraphs"].with_columns(sections)}
    table = compare_years(tables, FIRST, SECOND, section="2.B", langs=["en"])
    assert table.filter(pl.col("term") == "ai")["paragraphs_target"].to_list() == [6]


def test_dropped_paragraphs_are_out():
    drop = pl.DataFrame({"edition": [2018] * 10, "lang": ["en"] * 10, "paragraph": list(range(1, 11))})
    table = compare_years(TABLES, FIRST, SECOND, drop=drop)
    ai = table.filter(pl.col("term") == "ai").select("lang", "paragraphs_target").rows()
    assert ai == [("zh", 16), ("en", 8)]


def test_languages_without_both_spans_are_left_out_unless_asked_for():
    tables = TABLES | {"paragraphs": TABLES["paragraphs"].filter((pl.col("lang") == "en") | (pl.col("edition") < 2018))}
    tables["tokens"] = tables["tokens"].filter((pl.col("lang") == "en") | (pl.col("edition") < 2018))
    assert compare_years(tables, FIRST, SECOND)["lang"].unique().to_list() == ["en"]
    with pytest.raises(ContractError, match="no paragraph of 2018-2019 in zh; there are 2009, 2010, 2015"):
        compare_years(tables, FIRST, SECOND, langs=["zh"])
    with pytest.raises(ContractError, match=r"both 1999 and 2018-2019; there are 2009"):
        compare_years(tables, range(1999, 2000), SECOND)


def test_without_tags_there_is_nothing_to_compare_and_no_error():
    some = TABLES["tags"].filter(lang="en")
    for tags, langs in ((some.clear(), None), (some.clear(), ["zh"]), (some, ["zh"])):
        assert compare_years(TABLES | {"tags": tags}, FIRST, SECOND, by="concepts", langs=langs).height == 0


def test_a_language_that_was_asked_for_is_missed_by_concepts_too():
    english = TABLES | {"paragraphs": TABLES["paragraphs"].filter(lang="en")}
    for by in ("terms", "concepts"):
        with pytest.raises(ContractError, match="no paragraph of 2009-2010 or 2018-2019 in zh"):
            compare_years(english, FIRST, SECOND, by=by, langs=["zh", "en"])


def test_of_counts_of_both_languages_those_asked_for_are_compared():
    counted = count_languages(TABLES)
    for lang in ("zh", "en"):
        expected = compare_years(TABLES, FIRST, SECOND, langs=[lang])
        assert compare_counts(counted, FIRST, SECOND, langs=[lang]).equals(expected)


def test_unusable_options_are_refused():
    with pytest.raises(UnknownOptionError, match="don't share 2010"):
        compare_years(TABLES, FIRST, range(2010, 2012))
    with pytest.raises(UnknownOptionError, match="'2012-2010'; valid: the earlier one first"):
        compare_years(TABLES, FIRST, range(2012, 2011))
    with pytest.raises(UnknownOptionError, match="terms, concepts"):
        compare_years(TABLES, FIRST, SECOND, by="topics")
    with pytest.raises(UnknownOptionError, match="language"):
        compare_years(TABLES, FIRST, SECOND, langs=["fr"])


def test_spans_are_written_as_typed():
    assert [span_of(years) for years in (FIRST, range(2011, 2012))] == ["2009-2010", "2011"]
