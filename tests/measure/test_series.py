import numpy as np
import polars as pl
import pytest
from scipy import stats

from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.series import (
    adjust_p,
    check_fractions,
    check_numbers,
    draw_clustered,
    draw_orders,
    iterate_series,
    permutation_p,
)

from .trails import make_prevalence


def test_series_in_order_whatever_the_order_of_the_rows() -> None:
    table = pl.concat([make_prevalence([1, 2, 4], concept="cloud"), make_prevalence([0, 4, 8], concept="ai")])
    for frame in (table, table.sample(fraction=1, shuffle=True, seed=1)):
        ai, cloud = iterate_series(frame)
        assert (ai.key["concept"], cloud.key["concept"]) == ("ai", "cloud")
        assert cloud.hits.tolist() == pytest.approx([1, 2, 4])
        assert cloud.editions.tolist() == [2008, 2009, 2010]


def test_the_design_effect_is_that_of_all_editions_together() -> None:
    # Five sections in each edition: 5/4 of what resampling gives; weights p(1-p)/n are 0.1875 and 0.25 of 1/40.
    table = pl.concat([make_prevalence([10], effect=2.0), make_prevalence([20], first=2009, effect=3.0)])
    (series,) = iterate_series(table)
    assert series.design_effect == pytest.approx((2.0 * 0.1875 + 3.0 * 0.25) / 0.4375 * 5 / 4)
    (plain,) = iterate_series(make_prevalence([10, 20]))
    (low,) = iterate_series(make_prevalence([10, 20], effect=0.5))
    assert (plain.design_effect, low.design_effect) == (1.0, 1.0)


def test_an_edition_twice_and_one_without_a_share() -> None:
    table = make_prevalence([1, 2])
    with pytest.raises(ContractError, match=r"en trend cloud any paragraphs has an edition twice"):
        list(iterate_series(pl.concat([table, table])))
    with pytest.raises(ContractError, match="tagger is no better than chance"):
        list(iterate_series(table.with_columns(share=pl.lit(None, pl.Float64))))


def test_orders() -> None:
    orders, exact = draw_orders(4, 10, 0)
    assert exact
    assert len({tuple(order) for order in orders}) == len(orders) == 24
    drawn, exact = draw_orders(9, 50, 0)
    assert not exact
    assert (np.sort(drawn, axis=1) == np.arange(9)).all()
    assert (draw_orders(9, 50, 0)[0] == drawn).all()
    assert (draw_orders(9, 50, 1)[0] != drawn).any()


def test_p_by_hand_exact_drawn_and_ended_early() -> None:
    scores = np.array([5.0, 1, 2, 3, 4, 5])
    assert permutation_p(5.0, lambda part: scores[part], 6, exact=True) == pytest.approx(2 / 6)
    assert permutation_p(5.0, lambda part: scores[part], 6) == pytest.approx(3 / 7)
    # Every second draw reaches: the hundredth that does is the 200th.
    every_second = np.tile([0.0, 1.0], 1000)
    seen: list[int] = []

    def score(part: slice) -> np.ndarray:
        seen.append(part.stop)
        return every_second[part]

    assert permutation_p(1.0, score, 2000) == pytest.approx(100 / 200)
    assert seen == [128, 256]
    # The larger of two null hypotheses' p-values.
    two = np.stack([np.zeros(2000), every_second])
    assert permutation_p(1.0, lambda part: two[:, part], 2000) == pytest.approx(100 / 200)
    assert permutation_p(1.0, lambda part: two[:1, part], 2000) == pytest.approx(1 / 2001)


def test_clustered_draws_have_the_mean_and_the_variance_asked_for() -> None:
    rng = np.random.default_rng(1)
    shares, sizes = np.array([0.2, 0.5, 0.0, 1.0]), np.array([30.0, 60, 40, 40])
    draws = draw_clustered(rng, shares, sizes, 2.5, 40_000)
    assert draws.mean(axis=1) == pytest.approx(shares * sizes, rel=0.02)
    assert draws[:2].var(axis=1) == pytest.approx(2.5 * (shares * (1 - shares) * sizes)[:2], rel=0.05)
    assert (draws[2] == 0).all()
    assert (draws[3] == 40).all()
    single = draw_clustered(rng, shares[:1], sizes[:1], 1.0, 40_000)
    assert single.var() == pytest.approx(0.16 * 30, rel=0.05)


def test_false_discoveries_are_controlled_within_each_language() -> None:
    rows: list[dict[str, object]] = [{"lang": lang, "p": p} for lang, p in (("en", 0.01), ("zh", 0.04), ("en", 0.03))]
    rows.append({"lang": "en", "p": None})
    adjust_p(rows, "p", "q")
    assert [row["q"] for row in rows] == [pytest.approx(0.02), pytest.approx(0.04), pytest.approx(0.03), None]
    assert [rows[0]["q"], rows[2]["q"]] == pytest.approx(list(stats.false_discovery_control([0.01, 0.03])))


def test_checks() -> None:
    check_numbers(n=(1, 1))
    check_fractions(level=0.5)
    with pytest.raises(UnknownOptionError, match="unknown n 0"):
        check_numbers(n=(0, 1))
    with pytest.raises(UnknownOptionError, match=r"unknown level 1\.0"):
        check_fractions(level=1.0)
