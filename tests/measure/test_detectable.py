import numpy as np
import polars as pl
import pytest

from textmine.errors import UnknownOptionError
from textmine.measure import detectable
from textmine.measure.detectable import find_detectable, measure_detectable
from textmine.measure.segmentation import segment_series
from textmine.schema import check_table

from .trails import make_prevalence

FLAT = [8] * 16


def shifts(*tables: pl.DataFrame, **options: float) -> list[dict[str, object]]:
    table = measure_detectable(pl.concat(tables), **{"n_simulations": 200, **options})
    check_table(table, "detectable")
    return table.to_dicts()


def test_what_is_stated_is_found_by_the_test_itself() -> None:
    (row,) = shifts(make_prevalence(FLAT))
    assert (row["share"], row["edition"], row["n_paragraphs"]) == (0.2, 2016, 640)
    rng = np.random.default_rng(7)
    rates = []
    for shift in (row["increase"], row["increase"] / 3):
        shares = np.where(np.arange(16) < 8, 0.2, 0.2 + shift)
        series = rng.binomial(40, shares, (60, 16)).astype(float)
        rates.append(np.mean([segment_series(x, np.full(16, 40.0), n_permutations=99).p <= 0.05 for x in series]))
    assert 0.65 <= rates[0] <= 0.95
    assert rates[1] <= 0.4


def test_more_paragraphs_show_less_and_clusters_and_power_need_more() -> None:
    plain, longer, clustered = shifts(
        make_prevalence(FLAT, concept="a"),
        make_prevalence([32] * 16, 160, concept="b"),
        make_prevalence(FLAT, concept="c", effect=3.0),
    )
    (surer,) = shifts(make_prevalence(FLAT), power=0.95)
    for way in ("increase", "decrease"):
        assert longer[way] < plain[way]
        assert plain[way] < surer[way]
    assert clustered["increase"] > plain["increase"]
    # Four times the paragraphs: half the shift.
    assert longer["increase"] / plain["increase"] == pytest.approx(0.5, abs=0.15)


def test_a_rare_concept_cannot_fall_by_enough_and_a_short_series_shows_nothing() -> None:
    rare, short = shifts(make_prevalence([0, 1] * 8, concept="a"), make_prevalence([1, 2, 3], concept="b"))
    assert rare["decrease"] is None
    assert 0 < rare["increase"] < 1
    assert (short["increase"], short["decrease"]) == (None, None)
    (never,) = shifts(make_prevalence([0] * 16))
    assert never["increase"] is not None


def test_like_series_are_simulated_together_and_stated_each_in_its_own_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = []

    def count(kind: object, **options: float) -> tuple[float | None, float | None]:
        kinds.append(kind)
        return find_detectable(kind, **options)

    monkeypatch.setattr(detectable, "find_detectable", count)
    sizes = [400] * 16
    one, like, far, longer = shifts(
        make_prevalence([80] * 16, sizes, concept="a"),
        make_prevalence([81] * 16, sizes, concept="b"),
        make_prevalence([120] * 16, sizes, concept="c"),
        make_prevalence([80] * 16, 401, concept="d"),
    )
    assert len(kinds) == 3
    # Binomial standard errors, by hand: the shares are 0.2 and 0.2025.
    ratio = (0.2025 * 0.7975 / (0.2 * 0.8)) ** 0.5
    for way in ("increase", "decrease"):
        assert like[way] / one[way] == pytest.approx(ratio)
        assert far[way] > like[way]
        assert longer[way] == pytest.approx(one[way], rel=0.2)


def test_a_kind_stands_for_its_series(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = [
        make_prevalence([hit] * 16, concept=f"{hit}", effect=effect) for hit, effect in ((3, 1.0), (5, 1.5), (9, 2.2))
    ]
    together = shifts(*tables)
    monkeypatch.setattr(detectable, "_SHARE_STEP", 1e-9)
    monkeypatch.setattr(detectable, "_EFFECT_STEP", 1e-9)
    for row, own in zip(together, shifts(*tables), strict=True):
        for way in ("increase", "decrease"):
            assert row[way] == own[way] or row[way] == pytest.approx(own[way], rel=0.15)


def test_two_runs_give_the_same() -> None:
    assert shifts(make_prevalence(FLAT)) == shifts(make_prevalence(FLAT).reverse())


@pytest.mark.parametrize("options", [{"power": 1.0}, {"level": 0.0}, {"n_simulations": 0}])
def test_unknown_options(options: dict[str, float]) -> None:
    with pytest.raises(UnknownOptionError, match=next(iter(options))):
        measure_detectable(make_prevalence(FLAT), **options)
