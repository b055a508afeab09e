"""Tags against readers' labels, and against a reader who judged them one by one."""

import polars as pl

from textmine.measure.judged import count_judgements, count_kinds
from textmine.measure.score import score_micro, score_tags
from textmine.publish.evaluation.ground import Finding, Ground, Part, bounded
from textmine.reports.judgements import load_judgements
from textmine.reports.labels import load_labels
from textmine.schema import LANGUAGES

F1_BAR = 0.95
SCHEMES = ("trend", "region", "organisation")
_WORST = 8


def evaluate_tags(ground: Ground) -> Part:
    """Score the tags that texts give, pooled over concepts, and list the concepts that fare worst."""
    findings = []
    needed = f"F1 at least {F1_BAR}"
    if ground.official_tables is not None:
        tags = ground.official_tables["tags"].filter(pl.col("evidence") == "text")
        score = score_micro(tags, load_labels("2011.zh.trend"))
        shown = bounded(score.f1, score.low, score.high)
        findings.append(Finding("trend, micro-F1", "2011 edition, zh", shown, needed, score.f1 >= F1_BAR))
    for scheme in SCHEMES:
        labels = load_labels(f"sample.{scheme}")
        for period, _, rows in ground.periods():
            for lang in LANGUAGES:
                mine = labels.filter(rows & (pl.col("lang") == lang))
                score = score_micro(ground.text_tags, mine)
                figure = (
                    f"{bounded(score.f1, score.low, score.high)}, precision {score.precision:.3f}, "
                    f"recall {score.recall:.3f}"
                )
                findings.append(Finding(f"{scheme}, micro-F1", f"sample {period}, {lang}", figure))
    worst = [
        f"- {period}, {lang}: {', '.join(_worst(ground, period_rows, lang))}"
        for period, _, period_rows in ground.periods()
        for lang in LANGUAGES
    ]
    return Part(
        "Tags against readers' labels",
        findings,
        [
            "The bar is set for the 2011 edition. Intervals resample paragraphs. Labels of the sample are provisional "
            "(`corpus/gold/GUIDE.md`): they were made with other questions in mind than the forms of the taxonomy, "
            "and hold what a text says in other words too.",
            "",
            "Trends with the most paragraphs wrong (tagged but not labelled + labelled but not tagged):",
            "",
            *worst,
        ],
    )


def _worst(ground: Ground, rows: pl.Expr, lang: str) -> list[str]:
    labels = load_labels("sample.trend").filter(rows & (pl.col("lang") == lang))
    scores = score_tags(ground.text_tags, labels).head(-1)
    hits = (pl.col("recall") * pl.col("n_labelled")).round().cast(pl.Int64)
    wrong = scores.select("concept", false=pl.col("n_tagged") - hits, missed=pl.col("n_labelled") - hits)
    order = wrong.sort([-(pl.col("false") + pl.col("missed")), "concept"]).head(_WORST)
    return [f"{concept} {false}+{missed}" for concept, false, missed in order.iter_rows()]


def evaluate_judged(ground: Ground) -> Part:
    """Count what a reader of tagged paragraphs agreed with."""
    judgements = load_judgements()
    counts = count_judgements(judgements, ground.tables["tags"])
    findings = [
        Finding(
            "tags that a reader agreed with",
            f"sample, {row['n_paragraphs']} paragraphs, {row['lang']}",
            f"{row['n_agreed']} of {row['n_tags']}: {bounded(row['share'], row['low'], row['high'])}; "
            f"{row['n_missed']} concepts missed; today {row['n_wrong_now']} of the wrong tags are still made and "
            f"{row['n_missed_now']} of the concepts still missed",
        )
        for row in counts.iter_rows(named=True)
    ]
    kinds = [f"| {kind} | {agreed} | {n} |" for kind, agreed, n in count_kinds(judgements).iter_rows()]
    return Part(
        "Tags that a reader judged",
        findings,
        [
            "Fifty tagged paragraphs of each language, drawn at random from all years; every tag with its place judged "
            "by one language model (`corpus/gold/judged.csv`, `corpus/gold/GUIDE.md`), at the taxonomy of that day. "
            "Forms were mended on what the years to 2018 showed only.",
            "",
            "| kind of disagreement | judged | tags |",
            "|---|---|---|",
            *kinds,
        ],
    )
