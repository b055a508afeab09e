"""Offsets and terms, agreement of the languages, quantities, and cuts between words."""

import polars as pl

from textmine.annotate.segment import Segmenter
from textmine.annotate.sentences import split_sentences
from textmine.measure.agreement import measure_agreement
from textmine.measure.cut_score import CutText, load_cut_sentences, load_cut_words, score_cuts, trim_spans
from textmine.measure.disagreement import CAUSES, find_disagreements
from textmine.measure.exactness import check_exactness
from textmine.measure.quantity_score import score_twins, score_values
from textmine.publish.evaluation.ground import DEVELOPMENT, HELD_OUT, Finding, Ground, Part, bounded
from textmine.publish.evaluation.tags import SCHEMES
from textmine.reports.labels import load_labels
from textmine.schema import LANGUAGES

KAPPA_BAR = 0.85
RECALL_BAR, PRECISION_BAR = 0.95, 0.90
_UNNAMED = "vocabulary"  # words that keep segmentation whole; no shares are measured of them
_MOST = 6


def evaluate_exactness(ground: Ground) -> Part:
    """Check every span and every term of all texts."""
    findings = []
    for name, tables in (("sample, zh and en", ground.tables), ("2011 edition, zh", ground.official_tables)):
        if tables is None:
            continue
        found = check_exactness(tables, ground.matcher)
        whole = found.n_terms - found.n_divided
        findings += [
            Finding("terms kept whole", name, f"{whole:,} of {found.n_terms:,}", "all", found.n_divided == 0),
            Finding(
                "offsets exact",
                name,
                f"{found.n_spans - found.n_wrong:,} of {found.n_spans:,} spans",
                "all",
                found.n_wrong == 0,
            ),
        ]
    return Part(
        "Terms and offsets",
        findings,
        [
            "Spans: tokens, tags and quantities of all paragraphs. Terms: forms of the taxonomy, those that overlap "
            "joined."
        ],
    )


def evaluate_agreement(ground: Ground) -> Part:
    """Measure how far both languages get the same tags, and what the disagreements come from."""
    findings, causes = [], []
    taxonomy = ground.matcher.taxonomy
    for scheme in (item.name for item in taxonomy.schemes if item.name != _UNNAMED):
        labels = load_labels(f"sample.{scheme}", reader=None) if scheme in SCHEMES else None
        for period, _, rows in ground.periods():
            paragraphs, tags = ground.tables["paragraphs"].filter(rows), ground.text_tags.filter(rows)
            kappas = measure_agreement(paragraphs, tags, scheme=scheme, parents=taxonomy.scheme(scheme).parents)
            macro, n = kappas.row(-1, named=True), kappas.filter("in_macro").height
            if macro["kappa"] is None:
                findings.append(Finding(f"{scheme}, macro kappa", f"sample {period}", "no concept often enough"))
                continue
            figure = f"{bounded(macro['kappa'], macro['low'], macro['high'])} over {n} concepts"
            met = macro["kappa"] >= KAPPA_BAR
            findings.append(Finding(f"{scheme}, macro kappa", f"sample {period}", figure, f"at least {KAPPA_BAR}", met))
            found = find_disagreements(paragraphs, tags, ground.matcher, scheme=scheme, labels=labels)
            counts = dict(found.group_by("cause").len().iter_rows())
            shown = " | ".join(str(counts.get(cause, 0) or "·") for cause in CAUSES)
            common = found.group_by("concept").len().sort([-pl.col("len").cast(pl.Int64), "concept"]).head(_MOST)
            named = ", ".join(f"{concept} {n}" for concept, n in common.iter_rows())
            causes.append(f"| {scheme} | {period} | {found.height} | {shown} | {named} |")
    return Part(
        "Agreement of Chinese and English",
        findings,
        [
            "Cohen's kappa (1960) of the tags that the texts give, averaged over the concepts that at least one "
            "language tags in 5 paragraphs; intervals resample sections within editions. Disagreements, a paragraph "
            "and a concept each, by cause (`textmine agreement` lists them all):",
            "",
            f"| scheme | years | disagreements | {' | '.join(CAUSES)} | commonest concepts |",
            f"|---|---|---{'|---' * len(CAUSES)}|---|",
            *causes,
            "",
            *(f"- {cause}: {meaning}" for cause, meaning in CAUSES.items()),
        ],
    )


def evaluate_quantities(ground: Ground) -> Part:
    """Measure values found against lists made by hand, and in one language against the other."""
    findings = []
    needed = f"recall at least {RECALL_BAR}, precision at least {PRECISION_BAR}"
    if ground.official is not None:
        score = score_values([ground.official], load_labels("2011.zh.quantity"))
        met = score.recall >= RECALL_BAR and score.precision >= PRECISION_BAR
        figure = f"recall {score.recall:.3f}, precision {score.precision:.3f} ({score.n_gold} values)"
        findings.append(Finding("(paragraph, value)", "2011 edition, zh", figure, needed, met))
    labels = load_labels("sample.quantity")
    for period, reports, rows in ground.periods():
        for lang in LANGUAGES:
            score = score_values(reports, labels.filter(rows & (pl.col("lang") == lang)))
            figure = f"recall {score.recall:.3f}, precision {score.precision:.3f} ({score.n_gold} values)"
            findings.append(Finding("(paragraph, value)", f"sample {period}, {lang}", figure))
    for period, reports, _ in ground.periods():
        twins = score_twins(reports)
        figure = (
            f"{twins.n_same} of {twins.n_all} paragraphs; of those with figures {twins.n_same_with} of {twins.n_with}"
        )
        findings.append(
            Finding("same values in zh and en", f"sample {period}", figure, "all", twins.n_same == twins.n_all)
        )
    return Part(
        "Quantities",
        findings,
        [
            "The recall and precision bar is set for the 2011 edition. Beside other libraries: "
            "`benchmarks/quantities.md`."
        ],
    )


def evaluate_cuts(ground: Ground) -> Part:
    """Measure cuts between Chinese words and between sentences against a reader's."""
    segmenter = Segmenter(ground.matcher)

    def cut(text: str) -> list[tuple[int, int]]:
        return [(token.start, token.end) for token in segmenter.cut(text, lang="zh")]

    findings = []
    words, sentences = load_cut_words(), load_cut_sentences()
    for group, period in (("development", DEVELOPMENT), ("held-out", HELD_OUT)):
        mine = [item for item in words if item.group == group]
        findings.append(_score("word boundaries, F1", f"sample {period}, zh", mine, [cut(item.text) for item in mine]))
    for group in ("development", "held-out"):
        for lang in LANGUAGES:
            mine = [item for item in sentences if (item.group, item.lang) == (group, lang)]
            found = [trim_spans(item.text, split_sentences(item.text, lang=lang)) for item in mine]
            findings.append(_score("sentence boundaries, F1", f"texts of our own, {group}, {lang}", mine, found))
    return Part(
        "Words and sentences",
        findings,
        ["No bar is set but the one on terms above. Beside jieba and spaCy: `benchmarks/segmentation_gold.md`."],
    )


def _score(what: str, texts: str, items: list[CutText], found: list[list[tuple[int, int]]]) -> Finding:
    score = score_cuts([item.spans for item in items], found)
    return Finding(what, texts, f"{bounded(score.f1, score.low, score.high)} ({score.n_texts} texts)")
