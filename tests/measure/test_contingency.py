"""Against scipy, against the figures of quanteda's own tests, and by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from textmine.errors import UnknownOptionError
from textmine.measure import contingency as ct

# The toy texts of quanteda.textstats' test of textstat_keyness: words a..h in two documents, of 17 and 12 words.
QUANTEDA = ([3, 2, 6, 1, 1, 1, 1, 2], [2, 1, 2, 4, 1, 1, 0, 1])
CELL = st.integers(1, 60)


@settings(max_examples=60, deadline=None)
@given(CELL, CELL, CELL, CELL)
def test_same_as_scipy(a, b, c, d):
    table = [[a, b], [c, d]]
    n, m = a + c, b + d
    for mine, kind in ((ct.score_g2, "log-likelihood"), (ct.score_chi2, "pearson")):
        theirs = stats.chi2_contingency(table, correction=False, lambda_=kind)
        found = mine([a], [b], n, m)[0]
        assert abs(found) == pytest.approx(theirs.statistic, abs=1e-9)
        assert 10 ** ct.log10_p([found])[0] == pytest.approx(theirs.pvalue, rel=1e-9)
        assert (found > 0) == (a * d > b * c) or found == 0


@settings(max_examples=60, deadline=None)
@given(CELL, CELL, CELL, CELL)
def test_yates_as_scipy_where_quanteda_applies_it(a, b, c, d):
    n, m = a + c, b + d
    applies = stats.contingency.expected_freq([[a, b], [c, d]]).min() < ct.FEW and abs(a * d - b * c) >= (n + m) / 2
    for mine, kind in ((ct.score_g2, "log-likelihood"), (ct.score_chi2, "pearson")):
        theirs = stats.chi2_contingency([[a, b], [c, d]], correction=applies, lambda_=kind)
        assert abs(mine([a], [b], n, m, correction="yates")[0]) == pytest.approx(theirs.statistic, abs=1e-9)


def test_williams_divides_as_quantedas_test_expects():
    """Its value for the texts 'b*7 a*3' and 'a*7 b*2': 4.017626 for chi-squared."""
    assert ct.score_chi2([3], [7], 10, 9, correction="williams")[0] == pytest.approx(-4.017626, abs=5e-7)
    plain, corrected = (ct.score_g2([3], [7], 10, 9, correction=name)[0] for name in ("none", "williams"))
    q = 1 + (19 * (1 / 10 + 1 / 9) - 1) * (19 * (1 / 10 + 1 / 9) - 1) / (6 * 19)
    assert corrected == pytest.approx(plain / q)


def test_williams_leaves_an_empty_cell_alone():
    assert ct.score_g2([0], [7], 10, 9, correction="williams")[0] == ct.score_g2([0], [7], 10, 9)[0]


def test_order_of_quantedas_test():
    """G² without correction sorts the toy texts' words as quanteda's test does, ties by word, both ways round."""
    a, b = QUANTEDA
    for x, y, n, m, expected in ((a, b, 17, 12, "cgbhaefd"), (b, a, 12, 17, "defabhgc")):
        score = ct.score_g2(x, y, n, m)
        order = sorted(range(8), key=lambda i: (-round(score[i], 12), "abcdefgh"[i]))
        assert "".join("abcdefgh"[i] for i in order) == expected
        chi2 = ct.score_chi2(x, y, n, m, correction="yates")
        order = sorted(range(8), key=lambda i: (-round(chi2[i], 12), "abcdefgh"[i]))
        assert "".join("abcdefgh"[i] for i in order) == {17: "gcbhaefd", 12: "defabhcg"}[n]


def test_swapping_groups_swaps_signs():
    a, b = QUANTEDA
    for correction in ct.CORRECTIONS:
        for score in (ct.score_g2, ct.score_chi2):
            here, there = (score(x, y, n, m, correction=correction) for x, y, n, m in ((a, b, 17, 12), (b, a, 12, 17)))
            np.testing.assert_allclose(here, -there, atol=1e-12)
    prior = np.add(a, b) / 2
    here = ct.score_log_odds(a, b, 17, 12, prior=prior, alpha0=14.5)[1]
    there = ct.score_log_odds(b, a, 12, 17, prior=prior, alpha0=14.5)[1]
    np.testing.assert_allclose(here, -there)


def test_log_odds_by_hand():
    """(8 + 1) of (100 + 20) against (2 + 1) of (100 + 20): ln(9/111) - ln(3/117), variance 1/9 + 1/3."""
    delta, z = ct.score_log_odds([8], [2], 100, 100, prior=[1.0], alpha0=20.0)
    assert delta[0] == pytest.approx(np.log(9 / 111 / (3 / 117)))
    assert z[0] == pytest.approx(delta[0] / np.sqrt(4 / 9))


def test_log_odds_without_prior_is_the_odds_ratio():
    delta, z = ct.score_log_odds([30], [10], 100, 90, prior=[1e-9], alpha0=1e-8)
    theirs = stats.contingency.odds_ratio([[30, 10], [70, 80]], kind="sample").statistic
    assert delta[0] == pytest.approx(np.log(theirs), abs=1e-8)
    assert z[0] == pytest.approx(np.log(theirs) / np.sqrt(1 / 30 + 1 / 10))


def test_a_heavier_prior_draws_scores_to_zero():
    sizes = [abs(ct.score_log_odds([8], [2], 100, 100, prior=[w / 20], alpha0=w)[1][0]) for w in (1, 10, 100, 1000)]
    assert sizes == sorted(sizes, reverse=True)


def test_the_only_term_is_not_key():
    assert ct.score_g2([5], [9], 5, 9)[0] == 0
    assert ct.score_chi2([5], [9], 5, 9)[0] == 0
    assert np.isfinite(ct.score_log_odds([5], [9], 5, 9, prior=[3.0], alpha0=3.0)[1][0])


def test_p_beyond_the_smallest_double():
    assert stats.chi2.sf(4000, 1) == 0
    x = np.array([0.0, 3.841459, 30.0, 900.0])
    np.testing.assert_allclose(ct.log10_p(x), np.log10(stats.chi2.sf(x, 1)), atol=1e-9)
    # erfc's asymptotic series: 2 * phi(s) / s * (1 - 1/s^2), s = sqrt(4000)
    expected = np.log10(2 * (1 - 1 / 4000) / np.sqrt(2 * np.pi * 4000)) - 2000 / np.log(10)
    assert ct.log10_p([-4000.0])[0] == pytest.approx(expected, abs=1e-6)


def test_effects_by_hand():
    # 20 in 1,000 against 5 in 2,000: eight times as frequent
    assert ct.score_log_ratio([20], [5], 1000, 2000)[0] == pytest.approx(3)
    assert ct.score_percent_diff([20], [5], 1000, 2000)[0] == pytest.approx(700)
    # zero in the reference: half an occurrence
    assert ct.score_log_ratio([4], [0], 100, 100)[0] == pytest.approx(3)
    assert ct.score_percent_diff([4], [0], 100, 100)[0] == pytest.approx(700)
    assert ct.score_percent_diff([0], [4], 100, 100)[0] == -100
    assert np.isnan(ct.score_log_ratio([0], [0], 100, 100)[0])


@settings(max_examples=40, deadline=None)
@given(CELL, CELL)
def test_the_two_effects_say_the_same(a, b):
    ratio, percent = ct.score_log_ratio([a], [b], 500, 300)[0], ct.score_percent_diff([a], [b], 500, 300)[0]
    assert percent == pytest.approx(100 * (2**ratio - 1))


def test_an_unknown_correction_is_refused():
    for score in (ct.score_g2, ct.score_chi2):
        with pytest.raises(UnknownOptionError, match="yates"):
            score([1], [2], 10, 10, correction="bonferroni")
