"""How often the tagger misses a concept or sees one that isn't there, and shares with that taken out."""

from collections.abc import Mapping, Sequence
from zlib import crc32

import numpy as np
import polars as pl
from numpy.typing import NDArray

from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.rollup import tag_paragraphs
from textmine.schema import PARAGRAPH_KEY, check_table, make_table

CORRECTED = "tagging error taken out (Rogan and Gladen 1978, Beta posterior)"

Floats = NDArray[np.float64]


def measure_tagging_error(
    tags: pl.DataFrame,
    labels: pl.DataFrame,
    *,
    evidence: str = "any",
    concepts: Sequence[str] | None = None,
    parents: Mapping[str, str] | None = None,
    by_lang: bool = True,
    prior_weight: float = 2.0,
) -> pl.DataFrame:
    r"""Measure the tagger's sensitivity and specificity for each concept on paragraphs that a reader labelled.

    Sensitivity is the share of the paragraphs with the label that carry the tag; specificity, of those without that
    don't. What is known of each is a Beta distribution: the counts, Jeffreys' half a paragraph either way, and
    ``prior_weight`` paragraphs at the rate of all concepts together, :math:`(k + \tfrac12)/(n + 1)`, so that a
    concept with few labelled paragraphs borrows from the others (empirical Bayes; Carlin and Louis 2000), and none
    is taken for perfect.

    Parameters
    ----------
    tags : polars.DataFrame
        Table ``tags``.
    labels : polars.DataFrame
        Table ``labels`` of one scheme and one reader. Use editions that the taxonomy wasn't judged on.
    evidence : {'any', 'text', 'heading'}
        Which tags count.
    concepts : sequence of str, optional
        Default: all that occur in tags or labels.
    parents : mapping of str to str, optional
        Concepts above, for tags and labels alike.
    by_lang : bool
        Apart for each language, or one row with ``lang`` = ``any`` for both.
    prior_weight : float
        In paragraphs, from 0.

    Returns
    -------
    polars.DataFrame
        Table ``tagging_error``: counts, the Beta parameters (``*_a``, ``*_b``) and their means.

    Raises
    ------
    ContractError
        When the labels are of more than one scheme or reader.
    """
    check_table(tags, "tags", without=("surface",))
    check_table(labels, "labels")
    if labels.select("scheme", "reader").n_unique() != 1:
        raise ContractError("measure_tagging_error takes the labels of one scheme and one reader; filter them first")
    if not prior_weight >= 0:
        raise UnknownOptionError("prior_weight", prior_weight, "a number from 0")
    scheme = labels["scheme"][0]
    units = labels.select(PARAGRAPH_KEY).unique()
    found = tag_paragraphs(tags, scheme=scheme, evidence=evidence, parents=parents or {})
    found = found.join(units, on=PARAGRAPH_KEY, how="semi")
    present = labels.filter(pl.col("concept") != "none").with_columns(evidence=pl.lit("text"))
    present = tag_paragraphs(present, scheme=scheme, evidence="any", parents=parents or {})
    names = list(concepts) if concepts is not None else sorted({*found["concept"], *present["concept"]})
    if not by_lang:
        units, found, present = (_one_lang(frame) for frame in (units, found, present))
    hits = found.join(present, on=[*PARAGRAPH_KEY, "concept"], how="semi")
    rows = []
    for lang in sorted(units["lang"].unique()):
        n = units.filter(pl.col("lang") == lang).height
        count = {
            name: dict(frame.filter(pl.col("lang") == lang).group_by("concept").len().iter_rows())
            for name, frame in (("found", found), ("present", present), ("hits", hits))
        }
        cells = np.array(
            [[count[name].get(concept, 0) for name in ("hits", "present", "found")] for concept in names]
        ).reshape(-1, 3)
        tp, present_n, found_n = cells.T
        fp, absent_n = found_n - tp, n - present_n
        sensitivity = _posterior(tp, present_n, prior_weight)
        specificity = _posterior(absent_n - fp, absent_n, prior_weight)
        for i, concept in enumerate(names):
            (sens_a, sens_b), (spec_a, spec_b) = sensitivity[i], specificity[i]
            rows.append(
                {
                    "lang": lang,
                    "scheme": scheme,
                    "concept": concept,
                    "n_present": int(present_n[i]),
                    "n_present_tagged": int(tp[i]),
                    "n_absent": int(absent_n[i]),
                    "n_absent_tagged": int(fp[i]),
                    "sensitivity": sens_a / (sens_a + sens_b),
                    "sensitivity_a": sens_a,
                    "sensitivity_b": sens_b,
                    "specificity": spec_a / (spec_a + spec_b),
                    "specificity_a": spec_a,
                    "specificity_b": spec_b,
                }
            )
    return make_table("tagging_error", rows)


def correct_share(share: Floats, sensitivity: Floats, specificity: Floats) -> Floats:
    r"""Return the share that the paragraphs truly have, from the share tagged (Rogan and Gladen 1978).

    .. math:: \pi = \frac{p + \text{specificity} - 1}{\text{sensitivity} + \text{specificity} - 1}

    cut to 0..1. NaN where the tagger is no better than chance: its tags say nothing about the share.

    Examples
    --------
    A tagger that finds 80 % and wrongly tags 10 % has tagged 24 % of paragraphs of which 20 % speak of it.

    >>> round(float(correct_share(np.array(0.24), np.array(0.8), np.array(0.9))), 6)
    0.2
    """
    gain = np.asarray(sensitivity + specificity - 1)
    raw = np.divide(share + specificity - 1, gain, out=np.full(np.broadcast(share, gain).shape, np.nan), where=gain > 0)
    corrected: Floats = np.clip(raw, 0, 1)
    return corrected


def draw_errors(
    error: pl.DataFrame, lang: str, concepts: Sequence[str], *, scheme: str, n_draws: int, seed: int
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the mean sensitivity and specificity of each concept, and draws of both.

    Returns
    -------
    sensitivity, specificity : numpy.ndarray of float, shape (n_concepts,)
    drawn_sensitivity, drawn_specificity : numpy.ndarray of float, shape (n_draws, n_concepts)
        A concept's draws depend on the seed, language and concept alone.
    """
    check_table(error, "tagging_error")
    known = {
        (row["lang"], row["concept"]): row for row in error.filter(pl.col("scheme") == scheme).iter_rows(named=True)
    }
    means, draws = np.empty((2, len(concepts))), np.empty((2, n_draws, len(concepts)))
    for i, concept in enumerate(concepts):
        row = known.get((lang, concept)) or known.get(("any", concept))
        if row is None:
            raise ContractError(
                f"no tagging error known for {concept} in {lang}; "
                "measure it with measure_tagging_error(..., concepts=..., by_lang=False)"
            )
        rng = np.random.default_rng([seed, crc32(f"{lang} {scheme} {concept}".encode())])
        for k, name in enumerate(("sensitivity", "specificity")):
            means[k, i] = row[name]
            draws[k, :, i] = rng.beta(row[f"{name}_a"], row[f"{name}_b"], size=n_draws)
    return means[0], means[1], draws[0], draws[1]


def correct_draws(shares: Floats, sensitivity: Floats, specificity: Floats, *, seed: int = 0) -> Floats:
    """Correct drawn shares by drawn errors; where a draw is of a tagger no better than chance, any share goes."""
    corrected = correct_share(shares, sensitivity, specificity)
    anything = np.random.default_rng([seed, 1]).random(shares.shape)
    return np.where(np.isnan(corrected) & ~np.isnan(shares), anything, corrected)


def _posterior(k: NDArray[np.int64], n: NDArray[np.int64], weight: float) -> list[tuple[float, float]]:
    """Beta parameters of each rate k of n: Jeffreys' prior, and the pooled rate as ``weight`` cases."""
    pooled = (k.sum() + 0.5) / (n.sum() + 1)
    return [
        (float(hit + 0.5 + weight * pooled), float(of - hit + 0.5 + weight * (1 - pooled)))
        for hit, of in zip(k, n, strict=True)
    ]


def _one_lang(frame: pl.DataFrame) -> pl.DataFrame:
    """Keep languages' paragraphs apart under one name of language: the number is shifted for the second."""
    return frame.with_columns(
        paragraph=pl.col("paragraph") * 2 + (pl.col("lang") == "en").cast(pl.Int32), lang=pl.lit("any")
    )
