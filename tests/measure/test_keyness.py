import numpy as np
import polars as pl
import pytest
from scipy import stats

from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.keyness import find_groups, measure_dispersion, score_keyness

from .matrices import counts_of, noise

# Words a..h of the toy texts in quanteda's tests of keyness, 17 and 12 words, as two paragraphs.
TOY = counts_of([[3, 2, 6, 1, 1, 1, 1, 2], [2, 1, 2, 4, 1, 1, 0, 1]], editions=[2009, 2021], terms=tuple("abcdefgh"))
LATER = pl.col("edition") == 2021
RNG_ROWS = [2009] * 60 + [2021] * 60


def row(table, term):
    return table.filter(pl.col("term") == term).row(0, named=True)


def test_counts_and_rates_by_hand():
    table = score_keyness(TOY, pl.col("edition") == 2009, min_paragraphs=1)
    c = row(table, "c")
    assert (c["n_target"], c["n_reference"], c["paragraphs_target"], c["paragraphs_reference"]) == (6, 2, 1, 1)
    assert c["rate_target"] == pytest.approx(6 / 17 * 1000)
    assert c["log_ratio"] == pytest.approx(np.log2(6 / 17 * 12 / 2))
    assert c["g2"] == pytest.approx(stats.chi2_contingency([[6, 2], [11, 10]], correction=False, lambda_=0).statistic)
    # prior: the whole corpus' shares (8 of 29), worth an average edition (29 / 2 words)
    alpha = 14.5 * 8 / 29
    delta = np.log((6 + alpha) / (17 + 14.5 - 6 - alpha)) - np.log((2 + alpha) / (12 + 14.5 - 2 - alpha))
    assert c["log_odds"] == pytest.approx(delta)
    assert c["z"] == pytest.approx(delta / np.sqrt(1 / (6 + alpha) + 1 / (2 + alpha)))


def test_terms_keep_out_of_the_table_but_not_out_of_the_totals():
    table = score_keyness(TOY, LATER, min_paragraphs=2)
    assert "g" not in table["term"]
    assert row(table, "c")["rate_target"] == pytest.approx(2 / 12 * 1000)


def test_paragraphs_as_unit_are_fishers_exact_test():
    counts = noise(np.random.default_rng(2), 120, 40, editions=RNG_ROWS)
    table = score_keyness(counts, LATER, unit="paragraphs")
    for item in table.iter_rows(named=True):
        a, b = item["paragraphs_target"], item["paragraphs_reference"]
        square = [[a, b], [60 - a, 60 - b]]
        tails = [stats.fisher_exact(square, alternative=side).pvalue for side in ("less", "greater")]
        assert item["p"] == pytest.approx(min(1, 2 * min(tails)))
        assert (item["n_target"], item["n_reference"]) == (a, b)
    np.testing.assert_allclose(table["q"], stats.false_discovery_control(table["p"]))


def planted():
    """Noise, a word that 30 of 60 later paragraphs have once, and one that one of them repeats 30 times."""
    matrix = noise(np.random.default_rng(3), 120, 60, editions=RNG_ROWS).matrix.toarray()
    matrix = np.column_stack([matrix, np.zeros((120, 2), dtype=int)])
    matrix[60:90, 60] = 1
    matrix[100, 61], matrix[:2, 61] = 30, 1
    return counts_of(matrix, editions=RNG_ROWS, terms=[*(f"t{i:02}" for i in range(60)), "wide", "burst"])


def test_one_paragraph_that_repeats_a_word_does_not_make_it_key():
    table = score_keyness(planted(), LATER)
    wide, burst = row(table, "wide"), row(table, "burst")
    assert (wide["n_target"], burst["n_target"]) == (30, 30)
    assert wide["q"] < 1e-6
    assert wide["q_g2"] < 0.01
    assert burst["q_g2"] < 0.01  # what G² alone would say
    assert burst["q"] == 1
    assert burst["dispersion"] > 0.9 > wide["dispersion"]


def test_repeating_within_paragraphs_leaves_p_alone():
    counts = planted()
    thrice = counts_of(counts.matrix.toarray() * 3, editions=RNG_ROWS, terms=counts.terms)
    for term in ("wide", "t05"):
        here, there = (row(score_keyness(c, LATER), term) for c in (counts, thrice))
        assert there["p"] == pytest.approx(here["p"])
        assert there["g2"] == pytest.approx(3 * here["g2"])


def test_order_of_rows_and_names_of_terms_do_not_matter():
    counts = planted()
    table = score_keyness(counts, LATER)
    order = np.random.default_rng(0).permutation(120)
    names = counts.terms[::-1]
    shuffled = counts_of(counts.matrix.toarray()[order][:, ::-1], editions=[RNG_ROWS[i] for i in order], terms=names)
    other = score_keyness(shuffled, LATER)
    assert other["term"].to_list() == table["term"].to_list()
    for column in table.columns[1:]:
        np.testing.assert_allclose(other[column], table[column], atol=1e-9)


def test_swapping_the_groups_turns_the_table_round():
    counts = planted()
    here = score_keyness(counts, LATER).sort("term")
    there = score_keyness(counts, ~LATER).sort("term")
    for column in ("z", "g2", "chi2", "log_ratio"):
        np.testing.assert_allclose(here[column], -there[column], atol=1e-9)
    np.testing.assert_allclose(here["p"], there["p"])


def test_noise_is_rarely_key():
    """200 comparisons of noise: any key term at q <= 0.05 in at most 5 % (a full simulation: benchmarks/)."""
    rng = np.random.default_rng(4)
    false = [
        (score_keyness(noise(rng, 80, 60, editions=[2009] * 40 + [2021] * 40), LATER)["q"] <= 0.05).any()
        for _ in range(60)
    ]
    assert np.mean(false) <= 0.05


def test_groups_may_be_masks_or_lists_of_paragraphs():
    counts = planted()
    wanted = counts.rows.filter(LATER).sample(fraction=1, shuffle=True, seed=1)
    mask = counts.rows["edition"].to_numpy() == 2021
    tables = [score_keyness(counts, group) for group in (LATER, wanted, mask)]
    assert tables[0].equals(tables[1])
    assert tables[0].equals(tables[2])


def test_paragraphs_can_be_dropped():
    counts = planted()
    drop = pl.DataFrame({"edition": [2021] * 30, "lang": ["en"] * 30, "paragraph": list(range(1, 31))})
    assert "wide" not in score_keyness(counts, LATER, drop=drop)["term"]
    assert counts.matrix.shape == (120, 62)


def test_third_groups_are_in_the_prior_only():
    counts = counts_of([[4, 1], [1, 4], [50, 0]], editions=[2009, 2015, 2021], terms=("a", "b"))
    table = score_keyness(counts, pl.col("edition") == 2009, pl.col("edition") == 2015, min_paragraphs=1)
    assert row(table, "a")["n_reference"] == 1
    alpha = 20 * 55 / 60  # an average edition has 20 words; 55 of all 60 are a
    assert row(table, "a")["z"] == pytest.approx(
        (np.log((4 + alpha) / (25 - 4 - alpha)) - np.log((1 + alpha) / (25 - 1 - alpha)))
        / np.sqrt(1 / (4 + alpha) + 1 / (1 + alpha))
    )


def test_dispersion_by_hand():
    counts = counts_of([[2, 2], [2, 0], [0, 2]], terms=("a", "b"))
    # a: shares 1/2, 1/2, 0 where lengths say 1/2, 1/4, 1/4
    np.testing.assert_allclose(measure_dispersion(counts), [0.25, 0.25])
    even = counts_of([[2, 4], [1, 2], [3, 6]], terms=("a", "b"))
    np.testing.assert_allclose(measure_dispersion(even), 0, atol=1e-12)


def test_nothing_to_compare():
    assert score_keyness(counts_of([[0], [0]], editions=[2009, 2021]), LATER).height == 0
    assert score_keyness(TOY, LATER, min_paragraphs=9).height == 0
    with pytest.raises(ContractError, match="the target has no paragraph"):
        score_keyness(TOY, pl.col("edition") == 1999)
    with pytest.raises(ContractError, match="share 1 paragraphs"):
        find_groups(TOY, LATER, LATER)
    with pytest.raises(UnknownOptionError, match="unit"):
        score_keyness(TOY, LATER, unit="sentences")
    with pytest.raises(UnknownOptionError, match="alpha0"):
        score_keyness(TOY, LATER, alpha0=0)


def test_longer_paragraphs_of_bursty_text_are_not_key():
    """Words in bursts gain little from a paragraph's length; taking them for evenly spread would make many key."""
    rng = np.random.default_rng(5)
    for _ in range(5):
        short, long = (noise(rng, 60, 80, length=length).matrix.toarray() for length in (40, 160))
        counts = counts_of(np.concatenate([short, long]), editions=RNG_ROWS)
        assert score_keyness(counts, LATER)["q"].min() > 0.05


def in_sections(size):
    """Two words that all paragraphs have, and one that all of two later sections of six have."""
    matrix = np.tile([3, 5, 0], (120, 1))
    matrix[60:72, 2] = 2
    return counts_of(matrix, editions=RNG_ROWS, sections=[f"{i // size:03}" for i in range(120)], terms=("a", "b", "c"))


def test_a_word_of_two_sections_is_not_that_of_twelve_paragraphs():
    """Of twenty sections, ten of them later, two have it: 10/20 * 9/19 on each side; as paragraphs, far less."""
    whole = score_keyness(in_sections(6).by("edition", "lang", "section"), LATER, min_paragraphs=1, unit="paragraphs")
    assert (row(whole, "c")["paragraphs_target"], row(whole, "c")["n_target"]) == (2, 2)
    assert row(whole, "c")["p"] == pytest.approx(2 * 90 / 380)
    single = row(score_keyness(in_sections(1), LATER, unit="paragraphs"), "c")
    allowed = row(score_keyness(in_sections(6), LATER, unit="paragraphs"), "c")
    assert single["p"] == pytest.approx(stats.fisher_exact([[12, 0], [48, 60]]).pvalue)
    # all six of a section alike, and groups of whole sections: 6 (120 - 1) / (120 - 6) times the variance
    z = stats.norm.isf(single["p"] / 2) / np.sqrt(6 * 119 / 114)
    assert allowed["p"] == pytest.approx(2 * stats.norm.sf(z))
    assert {name: value for name, value in single.items() if name not in "pq"} == {
        name: value for name, value in allowed.items() if name not in "pq"
    }


def test_sections_alike_are_rarely_key():
    """Words shared out by sections of six: without the sections nearly every comparison has a key term."""
    rng = np.random.default_rng(6)
    alarms = {"section": 0, "none": 0}
    for _ in range(40):
        own = rng.gamma(np.tile(20 / np.arange(1, 61), (20, 1)) / 5) + 1e-9
        shares = np.repeat(own / own.sum(axis=1, keepdims=True), 6, axis=0)
        counts = counts_of(rng.multinomial(60, shares), RNG_ROWS, sections=[f"{i // 6:02}" for i in range(120)])
        alone = type(counts)(counts.matrix, counts.rows.drop("section"), counts.terms)
        for name, given in (("section", counts), ("none", alone)):
            alarms[name] += (score_keyness(given, LATER)["q"] <= 0.05).any()
    assert alarms["section"] <= 4
    assert alarms["none"] >= 30


def test_languages_are_compared_by_concepts():
    counts = planted()
    rows = counts.rows.with_columns(lang=pl.when(LATER).then(pl.lit("zh")).otherwise(pl.lit("en")))
    both = type(counts)(counts.matrix, rows, counts.terms)
    here = score_keyness(both, pl.col("lang") == "zh", unit="paragraphs")
    assert here.equals(score_keyness(counts, LATER, unit="paragraphs"))
