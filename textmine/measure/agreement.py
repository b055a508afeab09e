"""Translation as a test: does the same paragraph get the same tags in Chinese and in English?"""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import stats

from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.intervals import percentile_bounds
from textmine.measure.rollup import tag_paragraphs
from textmine.measure.strata import SECTION
from textmine.measure.subset import drop_paragraphs
from textmine.schema import LANGUAGES, check_table, make_table

#: Name of the row that averages over the concepts of a scheme.
MACRO = "(macro)"
_PAIR = ["edition", "paragraph"]
_FEWEST_EDITIONS = 3  # a correlation of two points is always 1 or -1

Floats = NDArray[np.float64]


def measure_agreement(
    paragraphs: pl.DataFrame,
    tags: pl.DataFrame,
    *,
    scheme: str,
    evidence: str = "text",
    parents: Mapping[str, str] | None = None,
    drop: pl.DataFrame | None = None,
    min_tagged: int = 5,
    confidence: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> pl.DataFrame:
    r"""Measure how far the tags of both languages agree on each concept of a scheme.

    Each paragraph number that an edition has in both languages is one case, and each language one rater who says
    whether it carries the concept: Cohen's (1960) :math:`\kappa = (p_o - p_e) / (1 - p_e)`, with :math:`p_o` the share
    of cases on which both say the same and :math:`p_e` that expected from how often each says yes. The interval
    resamples sections within editions (percentile bootstrap). Beside it stands Spearman's (1904) correlation of the
    shares by edition, from three editions on: do both languages tell the same trend?

    Parameters
    ----------
    paragraphs, tags : polars.DataFrame
        Tables of those names, with editions in both languages.
    scheme : str
    evidence : {'text', 'any', 'heading'}
        Which tags count. Headings give all paragraphs below them the same tag in both languages, which flatters.
    parents : mapping of str to str, optional
        Parent of a concept: a tag counts for the concepts above it too.
    drop : polars.DataFrame, optional
        Paragraphs to leave out, as in :func:`textmine.measure.subset.drop_paragraphs`.
    min_tagged : int
        The macro row averages the concepts that at least one language tags in so many paragraphs: on fewer, one
        paragraph decides about kappa.
    confidence, n_resamples, seed
        Of the interval.

    Returns
    -------
    polars.DataFrame
        Table ``agreement``, a row for each concept and the macro average last. Kappa is null where a concept is in
        every paragraph or none in both languages; correlation is null where a language's shares don't vary.

    Raises
    ------
    ContractError
        When no edition is there in both languages.
    """
    pairs = pair_paragraphs(paragraphs, drop)
    chosen = tag_paragraphs(drop_paragraphs(tags, drop), scheme=scheme, evidence=evidence, parents=parents or {})
    if not 0 < confidence < 1:
        raise UnknownOptionError("confidence", confidence, "a number between 0 and 1")
    concepts = sorted(chosen["concept"].unique())
    said = {lang: _indicate(pairs, chosen.filter(pl.col("lang") == lang), concepts) for lang in LANGUAGES}
    kept = [i for i in range(len(concepts)) if any(said[lang][:, i].any() for lang in LANGUAGES)]
    zh, en = (said[lang][:, kept] for lang in LANGUAGES)
    # How often both, only the first, only the second, and neither say yes: the four cells of each concept's table.
    cells = np.stack([zh & en, zh & ~en, ~zh & en, ~zh & ~en], axis=-1).astype(np.float64)
    clusters = pairs.select(pl.struct("edition", SECTION).rank("dense").cast(pl.Int64) - 1).to_series().to_numpy()
    by_cluster = np.zeros((int(clusters.max()) + 1, *cells.shape[1:]))
    np.add.at(by_cluster, clusters, cells)
    draws = _draw_kappas(by_cluster, pairs, clusters, n_resamples=n_resamples, seed=seed)
    kappas = cohen_kappa(cells.sum(axis=0))
    often = np.maximum(zh.sum(axis=0), en.sum(axis=0)) >= min_tagged
    common = {"scheme": scheme, "evidence": evidence, "n_paragraphs": pairs.height, "confidence": confidence}
    rows: list[dict[str, object]] = []
    for j, i in enumerate(kept):
        low, high = _bounds(draws[:, j], confidence)
        counts = {"n_zh": int(zh[:, j].sum()), "n_en": int(en[:, j].sum()), "n_both": int((zh & en)[:, j].sum())}
        correlation, n_editions = _correlate(pairs["edition"].to_numpy(), zh[:, j], en[:, j])
        rows.append(
            {
                **common, "concept": concepts[i], **counts, "kappa": _number(kappas[j]), "low": low, "high": high,
                "correlation": correlation, "n_editions": n_editions, "in_macro": bool(often[j]),
            }
        )  # fmt: skip
    rows.append({**common, **_macro_row(kappas[often], draws[:, often], rows, confidence)})
    return make_table("agreement", rows)


def pair_paragraphs(paragraphs: pl.DataFrame, drop: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return the paragraphs that an edition has in both languages: ``edition``, ``paragraph``, ``section``, sorted.

    A pair is left out where either text is to be dropped.

    Raises
    ------
    ContractError
        When there is none.
    """
    check_table(paragraphs, "paragraphs", without=("text", "heading_path"))
    kept = drop_paragraphs(paragraphs, drop).select("edition", "lang", SECTION, paragraph="number")
    sides = [kept.filter(pl.col("lang") == lang) for lang in LANGUAGES]
    pairs = sides[0].join(sides[1].select(_PAIR), on=_PAIR, how="inner").select(*_PAIR, SECTION).sort(_PAIR)
    if pairs.height == 0:
        raise ContractError(f"no edition has paragraphs of the same number in {' and '.join(LANGUAGES)} to compare")
    return pairs


def cohen_kappa(cells: Floats) -> Floats:
    """Return Cohen's kappa of 2 x 2 tables; NaN where both raters always say the same thing.

    Parameters
    ----------
    cells : numpy.ndarray of float, shape (..., 4)
        Cases with both yes, first only, second only, neither.

    Examples
    --------
    >>> round(float(cohen_kappa(np.array([20.0, 5, 10, 15]))), 3)
    0.4
    """
    both, first, second, neither = np.moveaxis(cells, -1, 0)
    n = cells.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = (both + neither) / n
        expected = ((both + first) * (both + second) + (second + neither) * (first + neither)) / n**2
        kappa: Floats = np.where(expected < 1, (observed - expected) / (1 - expected), np.nan)
    return kappa


def _indicate(pairs: pl.DataFrame, tagged: pl.DataFrame, concepts: Sequence[str]) -> NDArray[np.bool_]:
    """Return which pair carries which concept, shape (n_pairs, n_concepts)."""
    found = np.zeros((pairs.height, len(concepts)), dtype=bool)
    at = pl.DataFrame({"concept": concepts}, schema={"concept": pl.String}).with_row_index("column")
    rows = tagged.join(pairs.with_row_index("row"), on=_PAIR, how="inner").join(at, on="concept", how="inner")
    found[rows["row"].to_numpy(), rows["column"].to_numpy()] = True
    return found


def _draw_kappas(
    by_cluster: Floats, pairs: pl.DataFrame, clusters: NDArray[np.int64], *, n_resamples: int, seed: int
) -> Floats:
    """Resample the sections of each edition; return kappas, shape (n_resamples, n_concepts)."""
    rng = np.random.default_rng(seed)
    edition_of = pl.DataFrame({"cluster": clusters, "edition": pairs["edition"]}).unique().sort("cluster")
    flat = by_cluster.reshape(len(by_cluster), -1)
    total = np.zeros((n_resamples, flat.shape[1]))
    for (_,), part in edition_of.group_by(["edition"], maintain_order=True):
        members = part["cluster"].to_numpy()
        weights = rng.multinomial(len(members), np.full(len(members), 1 / len(members)), size=n_resamples)
        total += weights.astype(np.float64) @ flat[members]
    return cohen_kappa(total.reshape(n_resamples, *by_cluster.shape[1:]))


def _bounds(draws: Floats, confidence: float) -> tuple[float | None, float | None]:
    if np.isnan(draws).all():
        return None, None
    low, high = percentile_bounds(draws[:, None], confidence)
    return float(low[0]), float(high[0])


def _macro_row(
    kappas: Floats, draws: Floats, rows: Sequence[Mapping[str, object]], confidence: float
) -> dict[str, object]:
    """Average the concepts that are tagged often enough; a concept without a kappa in a resample is passed over."""
    defined = ~np.isnan(kappas)
    usable = draws[:, defined]
    means = np.array([np.nanmean(row) if (~np.isnan(row)).any() else np.nan for row in usable])
    low, high = _bounds(means, confidence) if defined.any() else (None, None)
    correlations = [
        float(str(row["correlation"])) for row in rows if row["in_macro"] and row["correlation"] is not None
    ]
    return {
        "concept": MACRO,
        **{name: sum(int(str(row[name])) for row in rows) for name in ("n_zh", "n_en", "n_both")},
        "kappa": float(kappas[defined].mean()) if defined.any() else None,
        "low": low,
        "high": high,
        "correlation": float(np.mean(correlations)) if correlations else None,
        "n_editions": max((int(str(row["n_editions"])) for row in rows), default=0),
        "in_macro": False,
    }


def _correlate(editions: NDArray[np.int64], zh: NDArray[np.bool_], en: NDArray[np.bool_]) -> tuple[float | None, int]:
    """Return Spearman's correlation of both languages' shares by edition, and the number of editions."""
    years = np.unique(editions)
    shares = np.array([[said[editions == year].mean() for year in years] for said in (zh, en)])
    if len(years) < _FEWEST_EDITIONS or (np.ptp(shares, axis=1) == 0).any():
        return None, len(years)
    return float(stats.spearmanr(shares[0], shares[1]).statistic), len(years)


def _number(value: np.float64) -> float | None:
    return None if np.isnan(value) else float(value)
