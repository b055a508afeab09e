"""Every measure on one corpus, written as tables: run as a program, by processes that pose as other machines.

``python tests/all_measures.py OUT [FIRST-LAST]`` reads the sample, of these years where they are given; the tables with
all their digits, which differ from machine to machine, are in ``OUT/all-digits``.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

import polars as pl

import textmine
from textmine.annotate.match import default_matcher
from textmine.measure.counts import Counts, count_concepts, count_terms
from textmine.publish.evidence import parse_years

LANGS = ("zh", "en")
CONCEPTS = ("mobile-access", "broadband", "cloud", "social-networks", "big-data", "ai", "C5", "C7.e-health", "africa")


def measure_all(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Return the tables of every measure, by a name of their own, of annotated reports of several editions."""
    paragraphs, tags = tables["paragraphs"], tables["tags"]
    matcher = default_matcher()
    parents = {scheme.name: scheme.parents for scheme in matcher.taxonomy.schemes}
    years = sorted(paragraphs["edition"].unique())
    early, late = range(years[0], years[len(years) // 3] + 1), range(years[-len(years) // 3], years[-1] + 1)
    labels = textmine.load_labels("sample.trend")
    error = textmine.measure_tagging_error(tags, labels, parents=parents["trend"])
    found: dict[str, pl.DataFrame] = {"tagging-error": error}
    for scheme, its_parents in parents.items():
        about = {"scheme": scheme, "parents": its_parents}
        found[f"shares-{scheme}"] = textmine.measure_shares(paragraphs, tags, **about)
        found[f"agreement-{scheme}"] = textmine.measure_agreement(paragraphs, tags, **about)
        found[f"disagreements-{scheme}"] = textmine.find_disagreements(paragraphs, tags, matcher, scheme=scheme)
    found["prevalence-corrected"] = textmine.measure_prevalence(
        paragraphs, tags, scheme="trend", parents=parents["trend"], pooled=True, error=error
    )
    tracks = textmine.track_concepts(tables, CONCEPTS)
    found |= {f"track-{name}": table for name, table in tracks.items()}
    found |= {
        f"track-tokens-{name}": table
        for name, table in textmine.track_concepts(tables, CONCEPTS, unit="tokens").items()
    }
    found["cooccurrence"] = textmine.measure_cooccurrence(tables, "trend", "action_line", parents=parents)
    found["cooccurrence-sections"] = textmine.measure_cooccurrence(
        tables, "organisation", "trend", parents=parents, unit="sections"
    )
    for by in ("terms", "concepts"):
        found[f"comparison-{by}"] = textmine.compare_years(tables, early, late, by=by, parents=parents)
    reuse = textmine.find_reuse(paragraphs)
    found |= {"reuse": reuse, "reuse-shares": textmine.measure_reuse(paragraphs, reuse)}
    for method in ("nmf", "lda"):
        topics = textmine.find_topics(tables, n_topics=5, method=method)
        found |= {f"{name}-{method}": table for name, table in textmine.tabulate_topics(topics).items()}
    for lang in LANGS:
        found |= {f"{name}-{lang}": table for name, table in _measure_terms(tables, lang, early, late).items()}
    return found


def _measure_terms(tables: Mapping[str, pl.DataFrame], lang: str, early: range, late: range) -> dict[str, pl.DataFrame]:
    """Return what is measured from the counts of one language's terms."""
    counts = count_terms(tables["tokens"], tables["paragraphs"], lang=lang, ngrams=(1, 2))
    years = counts.by("edition")
    is_late, is_early = (pl.col("edition").is_in(list(span)) for span in (late, early))
    return {
        "counts": _list_counts(counts),
        "concept-counts": _list_counts(count_concepts(tables["tags"], tables["paragraphs"], scheme="trend")),
        "keyness": textmine.score_keyness(counts, is_late, is_early),
        "emerging": textmine.find_emerging(counts),
        "divergence": textmine.measure_divergence(counts),
        "novelty": textmine.measure_novelty(
            textmine.smooth_distributions(years), editions=years.rows["edition"].to_list(), lang=lang, window=2
        ),
        "uncovered": textmine.find_uncovered(tables, lang=lang),
    }


def _list_counts(counts: Counts) -> pl.DataFrame:
    coo = counts.matrix.tocoo()
    return pl.DataFrame({"row": coo.row, "term": [counts.terms[i] for i in coo.col], "n": coo.data})


def main() -> None:
    out = Path(sys.argv[1])
    reports = textmine.load_corpus("sample")
    if len(sys.argv) > 2:
        wanted = parse_years(sys.argv[2])
        reports = [report for report in reports if report.edition.year in wanted]
    tables = textmine.annotate_reports(reports)
    found = {**tables, **measure_all(tables)}
    textmine.write_tables(found, out, csv=True)
    (out / "all-digits").mkdir()
    for name, table in found.items():
        table.write_parquet(out / "all-digits" / f"{name}.parquet")


if __name__ == "__main__":
    main()
