from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest
from scipy import stats

from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.prevalence import measure_prevalence
from textmine.measure.tagging_error import CORRECTED, correct_draws, correct_share, measure_tagging_error
from textmine.schema import check_table, make_table

from .corpora import make_paragraphs, make_tags


def make_labels(labelled: Sequence[tuple[int, str]], lang: str = "zh", reader: str = "settled") -> pl.DataFrame:
    key = {"edition": 2011, "lang": lang, "scheme": "trend", "reader": reader}
    return make_table("labels", [{**key, "paragraph": number, "concept": concept} for number, concept in labelled])


# Twenty paragraphs: 1-5 speak of cloud; 1-4 and 20 are tagged with it. 10 speaks of ai and is tagged.
LABELS = make_labels([*((n, "cloud" if n <= 5 else "ai" if n == 10 else "none") for n in range(1, 21))])
TAGS = make_tags([*((n, "cloud") for n in (1, 2, 3, 4, 20)), (10, "ai")])


def error_of(concept: str, error: pl.DataFrame) -> dict[str, float]:
    return error.row(by_predicate=pl.col("concept") == concept, named=True)


def test_error_by_hand() -> None:
    error = measure_tagging_error(TAGS, LABELS)
    check_table(error, "tagging_error")
    row = error_of("cloud", error)
    counted = [row[name] for name in ("n_present", "n_present_tagged", "n_absent", "n_absent_tagged")]
    assert counted == [5, 4, 15, 1]
    # All concepts: 5 of 6 found, 33 of 34 left alone; rates 5.5/7 and 33.5/35.
    assert (row["sensitivity_a"], row["sensitivity_b"]) == pytest.approx((4.5 + 2 * 5.5 / 7, 1.5 + 2 * 1.5 / 7))
    assert (row["specificity_a"], row["specificity_b"]) == pytest.approx((14.5 + 2 * 33.5 / 35, 1.5 + 2 * 1.5 / 35))
    assert row["sensitivity"] == pytest.approx((4.5 + 11 / 7) / 8)


def test_a_concept_that_no_reader_saw_borrows_from_the_others() -> None:
    row = error_of("5g", measure_tagging_error(TAGS, LABELS, concepts=["5g", "cloud"], prior_weight=1000))
    assert (row["n_present"], row["sensitivity"]) == (0, pytest.approx(4.5 / 6, abs=0.001))


def test_without_the_others_it_is_jeffreys_posterior() -> None:
    row = error_of("cloud", measure_tagging_error(TAGS, LABELS, prior_weight=0))
    assert (row["sensitivity_a"], row["sensitivity_b"]) == (4.5, 1.5)


def test_only_paragraphs_that_the_reader_looked_at_count() -> None:
    more = pl.concat([TAGS, make_tags([(21, "cloud"), (3, "cloud")], edition=2012)])
    assert measure_tagging_error(more, LABELS).equals(measure_tagging_error(TAGS, LABELS))


def test_languages_apart_or_together() -> None:
    labels = pl.concat([LABELS, make_labels([(1, "cloud"), (2, "none")], lang="en")])
    apart = measure_tagging_error(TAGS, labels)
    assert apart.filter(pl.col("concept") == "cloud").select("lang", "n_present", "n_absent").rows() == [
        ("en", 1, 1),
        ("zh", 5, 15),
    ]
    row = error_of("cloud", measure_tagging_error(TAGS, labels, by_lang=False))
    assert (row["lang"], row["n_present"], row["n_present_tagged"], row["n_absent"]) == ("any", 6, 4, 16)


def test_concepts_above_count_on_both_sides() -> None:
    error = measure_tagging_error(TAGS, LABELS, parents={"cloud": "services", "ai": "services"})
    row = error_of("services", error)
    assert [row[name] for name in ("n_present", "n_present_tagged", "n_absent_tagged")] == [6, 5, 1]


def test_labels_of_two_readers_are_refused() -> None:
    with pytest.raises(ContractError, match="one reader"):
        measure_tagging_error(TAGS, pl.concat([LABELS, make_labels([(1, "ai")], reader="b")]))
    with pytest.raises(UnknownOptionError, match="prior_weight"):
        measure_tagging_error(TAGS, LABELS, prior_weight=-1)


@pytest.mark.parametrize("truth", [0.0, 0.1, 0.5, 1.0])
def test_correction_undoes_the_error(truth: float) -> None:
    sens, spec = np.array(0.7), np.array(0.95)
    tagged = truth * sens + (1 - truth) * (1 - spec)
    assert correct_share(tagged, sens, spec) == pytest.approx(truth)


def test_correction_stays_a_share_and_says_nothing_at_chance() -> None:
    assert correct_share(np.array([0.0, 1.0]), np.array(0.7), np.array(0.9)).tolist() == [0, 1]
    assert np.isnan(correct_share(np.array(0.3), np.array(0.4), np.array(0.6)))
    anything = correct_draws(np.full(4000, 0.3), np.array(0.4), np.array(0.5))
    assert np.quantile(anything, [0.1, 0.9]) == pytest.approx([0.1, 0.9], abs=0.03)


# --- carried into shares

PARAGRAPHS = make_paragraphs({f"{s:02}": 4 for s in range(25)})
TAGGED = make_tags([(n, "cloud") for n in range(1, 101) if n % 5 == 0])


def one_error(sens: tuple[float, float], spec: tuple[float, float]) -> pl.DataFrame:
    counts = {"n_present": 0, "n_present_tagged": 0, "n_absent": 0, "n_absent_tagged": 0}
    beta = {"sensitivity_a": sens[0], "sensitivity_b": sens[1], "specificity_a": spec[0], "specificity_b": spec[1]}
    mean = {"sensitivity": sens[0] / sum(sens), "specificity": spec[0] / sum(spec)}
    return make_table(
        "tagging_error", [{"lang": "any", "scheme": "trend", "concept": "cloud", **counts, **beta, **mean}]
    )


def test_share_is_corrected_and_the_share_tagged_stays() -> None:
    known = one_error((8e6, 2e6), (9e6, 1e6))  # 80 % found, 10 % wrongly tagged, known exactly
    row = measure_prevalence(PARAGRAPHS, TAGGED, scheme="trend", error=known).row(0, named=True)
    plain = measure_prevalence(PARAGRAPHS, TAGGED, scheme="trend").row(0, named=True)
    assert (row["tagged"], row["share"]) == (0.2, pytest.approx(0.1 / 0.7))
    assert (row["low"], row["high"]) == pytest.approx([(plain[b] - 0.1) / 0.7 for b in ("low", "high")], abs=1e-3)
    assert CORRECTED in row["method"]


def test_an_uncertain_error_widens_the_interval() -> None:
    known = measure_prevalence(PARAGRAPHS, TAGGED, scheme="trend", error=one_error((8e6, 2e6), (9e6, 1e6)))
    guessed = measure_prevalence(PARAGRAPHS, TAGGED, scheme="trend", error=one_error((8, 2), (9, 1)))
    assert (guessed["high"] - guessed["low"])[0] > 1.3 * (known["high"] - known["low"])[0]


def test_a_concept_never_tagged_may_still_be_there() -> None:
    row = measure_prevalence(
        PARAGRAPHS, TAGGED.clear(), scheme="trend", concepts=["cloud"], error=one_error((8e6, 2e6), (1e9, 1.0))
    ).row(0, named=True)
    # Jeffreys' posterior of 0 of 100, each missed paragraph standing for 1/0.8.
    assert row["high"] == pytest.approx(stats.beta.ppf(0.975, 0.5, 100.5) / 0.8, rel=0.1)
    assert row["share"] == 0


def test_an_unknown_error_is_refused_with_the_next_step() -> None:
    with pytest.raises(ContractError, match=r"no tagging error known for ai in zh.*by_lang=False"):
        measure_prevalence(PARAGRAPHS, TAGGED, scheme="trend", concepts=["ai"], error=one_error((8, 2), (9, 1)))


def test_coverage_of_the_corrected_interval() -> None:
    rng, truth, n_repeats, covered = np.random.default_rng(5), 0.3, 80, 0
    for repeat in range(n_repeats):
        speaks = rng.random(100) < truth
        tagged = np.where(speaks, rng.random(100) < 0.8, rng.random(100) < 0.05)
        tags = make_tags([(int(n) + 1, "cloud") for n in np.flatnonzero(tagged)])
        found, wrong = rng.binomial(40, 0.8), rng.binomial(100, 0.05)  # a gold set of 140 paragraphs
        error = one_error((found + 0.5, 40.5 - found), (100.5 - wrong, wrong + 0.5))
        row = measure_prevalence(PARAGRAPHS, tags, scheme="trend", error=error, n_resamples=400, seed=repeat).row(
            0, named=True
        )
        covered += row["low"] <= truth <= row["high"]
    assert covered / n_repeats >= 0.88
