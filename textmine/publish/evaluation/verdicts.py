"""Tags against the verdicts of a reader who corrected them."""

import polars as pl

from textmine.measure.verdicts import score_verdicts
from textmine.publish.evaluation.ground import SAMPLE, Finding, Judged, Part, bounded


def evaluate_verdicts(judged: Judged) -> Part:
    """Score the tagger against the verdicts, in each language and for each concept."""
    findings = [
        Finding("tags that the reader let stand", f"{judged.corpus}, {row['lang']}", _describe(row))
        for row in score_verdicts(judged.verdicts, judged.tags, by=("lang",)).iter_rows(named=True)
    ]
    lines = [
        "A verdict on a span is on the tag there, one on a paragraph as a whole on the concept in it. Precision: of "
        "the tags judged that the tagger makes, the part that was accepted, with Wilson's (1927) 95 % interval. "
        "Readers judge what catches their eye: it is the precision of these tags, and of all tags only where they "
        "were drawn at random. Missed: accepted, though the tagger doesn't make it; gone: rejected, and not made any "
        "more.",
        "",
        *_list_concepts(score_verdicts(judged.verdicts, judged.tags)),
    ]
    if judged.corpus == SAMPLE:
        lines += [
            "",
            "In the parts on readers' labels and on agreement, tags are scored as this reader corrected them.",
        ]
    return Part("Tags against a reader's corrections", findings, lines)


def _describe(row: dict[str, float]) -> str:
    precision = "none judged" if row["precision"] is None else bounded(row["precision"], row["low"], row["high"])
    of = f"{row['n_accepted']} of {row['n_judged']}: " if row["n_judged"] else ""
    return f"{of}{precision}; {row['n_missed']} missed, {row['n_gone']} gone"


def _list_concepts(table: pl.DataFrame) -> list[str]:
    rows = [
        f"| {row['scheme']} | {row['concept']} | {row['n_accepted']} | {row['n_judged'] - row['n_accepted']} | "
        f"{'-' if row['precision'] is None else bounded(row['precision'], row['low'], row['high'])} | "
        f"{row['n_missed']} | {row['n_gone']} |"
        for row in table.iter_rows(named=True)
    ]
    heads = ("scheme", "concept", "accepted", "rejected", "precision", "missed", "gone")
    return [f"| {' | '.join(heads)} |", f"|---|---{'|---' * (len(heads) - 2)}|", *rows]
