import polars as pl
import pytest

from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.breaks import find_breaks
from textmine.measure.prevalence import measure_prevalence
from textmine.measure.track import TRACKS, track_concepts
from textmine.schema import check_table

from .corpora import make_paragraphs, make_tags

YEARS = range(2010, 2020)


def make_tables(langs: tuple[str, ...] = ("zh", "en")) -> dict[str, pl.DataFrame]:
    """Ten years of twenty paragraphs: cloud in one of them up to 2014, in ten after."""
    paragraphs, tags = [], []
    for lang in langs:
        for year in YEARS:
            paragraphs.append(make_paragraphs({"1": 5, "2": 15}, year, lang))
            numbers = [1] if year < 2015 else range(1, 11)
            tags.append(make_tags([(number, "cloud") for number in numbers] + [(2, "ai")], year, lang))
    return {"paragraphs": pl.concat(paragraphs), "tags": pl.concat(tags)}


def test_all_tables_of_all_languages() -> None:
    tracks = track_concepts(make_tables(), ["cloud", "iot"], langs=["zh", "en", "zh+en"], n_draws=199)
    assert tuple(tracks) == TRACKS
    for name, table in tracks.items():
        check_table(table, name)
    assert tracks["lifetimes"].select("lang", "concept").rows() == [
        (lang, concept) for lang in ("en", "zh", "zh+en") for concept in ("cloud", "iot")
    ]
    assert tracks["breaks"].select("lang", "concept", "edition").rows() == [
        (lang, "cloud", 2015) for lang in ("en", "zh", "zh+en")
    ]
    # A concept of the taxonomy that no paragraph has is tracked too.
    iot = tracks["prevalence"].filter(pl.col("concept") == "iot")
    assert iot.height == 30
    assert iot["share"].sum() == 0


def test_it_is_what_the_measures_give_one_by_one() -> None:
    tables = make_tables(("en",))
    tracks = track_concepts(tables, ["cloud"], n_draws=199)
    prevalence = measure_prevalence(tables["paragraphs"], tables["tags"], scheme="trend", concepts=["cloud"])
    assert tracks["prevalence"].equals(prevalence)
    assert tracks["breaks"].equals(find_breaks(prevalence, n_permutations=199)[1])


def test_dropped_paragraphs_count_nowhere() -> None:
    tables = make_tables(("en",))
    drop = tables["tags"].filter((pl.col("concept") == "cloud") & (pl.col("paragraph") > 1))
    tracks = track_concepts(tables, ["cloud"], drop=drop, n_draws=99)
    assert tracks["prevalence"]["n_tagged"].to_list() == [1.0] * 10
    assert tracks["prevalence"]["n_paragraphs"].to_list() == [20] * 5 + [11] * 5


def test_schemes_are_told_apart() -> None:
    tables = make_tables(("en",))
    tracks = track_concepts(tables, ["theme:internet-governance", "internet-governance", "cloud"], n_draws=9)
    assert tracks["lifetimes"].select("scheme", "concept").rows() == [
        ("theme", "internet-governance"),
        ("trend", "cloud"),
        ("trend", "internet-governance"),
    ]


@pytest.mark.parametrize(
    ("concepts", "options", "message"),
    [
        (["mobile-mony"], {}, "did you mean mobile-money"),
        ("cloud", {}, "a list of ids"),
        ([], {}, "a list of ids"),
        (["cloud"], {"langs": ["fr"]}, "unknown language 'fr'"),
        (["cloud"], {"evidence": "rumour"}, "unknown evidence"),
    ],
)
def test_unknown_options(concepts: list[str], options: dict[str, object], message: str) -> None:
    with pytest.raises(UnknownOptionError, match=message):
        track_concepts(make_tables(("en",)), concepts, **options)


def test_a_language_without_paragraphs() -> None:
    with pytest.raises(ContractError, match="no paragraph in zh; there are en"):
        track_concepts(make_tables(("en",)), ["cloud"], langs=["zh"])
