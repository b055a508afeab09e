"""The classifiers of all languages, trained on a corpus, and the tags they give where headings and text say nothing."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from textmine.annotate.classify import ActionLineClassifier
from textmine.annotate.tag import ACTION_LINE, Tagger
from textmine.errors import ContractError
from textmine.reports.model import Report

#: Years to this one are for development; later ones are held out, and nothing is trained on them.
LAST_DEVELOPMENT_YEAR = 2018


class Example(NamedTuple):
    """A paragraph and the lines that its headings name: none of them where they name something else."""

    year: int
    lang: str
    number: int
    text: str
    lines: tuple[str, ...]


class TrainedOn(NamedTuple):
    """A report that the classifiers learnt from."""

    year: int
    lang: str
    sha256: str


@dataclass(frozen=True, slots=True)
class LineModel:
    """A classifier for each language, the taxonomy whose concepts they count, and what they were trained on."""

    classifiers: Mapping[str, ActionLineClassifier]
    taxonomy_sha256: str
    trained_on: tuple[TrainedOn, ...]

    @property
    def sha256(self) -> str:
        """SHA-256 of the model's file: which model it is."""
        from textmine.annotate.line_model_file import model_bytes

        return hashlib.sha256(model_bytes(self)).hexdigest()

    def add_tags(self, report: Report, rows: Sequence[dict[str, object]]) -> list[dict[str, object]]:
        """Return rows of the table ``tags`` of a report, with lines for paragraphs that have none.

        Such a tag has the evidence ``classifier``, its probability as score, and no place in the text. A paragraph on
        which the classifier abstains, or in a language it wasn't trained for, gets none.

        Parameters
        ----------
        report : Report
        rows : sequence of dict
            As from :meth:`textmine.annotate.tag.Tagger.tag_report`.
        """
        classifier = self.classifiers.get(report.edition.lang)
        tagged = {row["paragraph"] for row in rows if row["scheme"] == ACTION_LINE}
        blank = [paragraph for paragraph in report.paragraphs if paragraph.number not in tagged]
        if classifier is None or not blank:
            return list(rows)
        found = classifier.predict_scores([paragraph.text for paragraph in blank])
        added: list[dict[str, object]] = [
            {
                "edition": report.edition.year,
                "lang": report.edition.lang,
                "paragraph": paragraph.number,
                "scheme": ACTION_LINE,
                "concept": line,
                "start": None,
                "end": None,
                "surface": None,
                "evidence": "classifier",
                "score": round(score, 6),
            }
            for paragraph, lines in zip(blank, found, strict=True)
            for line, score in lines
        ]
        return sorted([*rows, *added], key=_order)


def collect_examples(reports: Iterable[Report], tagger: Tagger | None = None) -> list[Example]:
    """Return paragraphs with the action lines that the headings above them name.

    A sub-line counts as its line (``C7.e-health`` as ``C7``). A paragraph under headings that name no line is an
    example of ``none``; one under no heading at all is left out, and so is a report whose headings name no line.
    """
    tagger = tagger if tagger is not None else Tagger()
    taxonomy = tagger.matcher.taxonomy
    found: list[Example] = []
    for report in reports:
        named = {
            heading.number: [
                (span.concept, *taxonomy.ancestors(ACTION_LINE, span.concept))[-1]
                for span in tagger.tag_heading(heading)
                if span.scheme == ACTION_LINE
            ]
            for heading in report.headings
        }
        if not any(named.values()):
            continue
        for paragraph in report.paragraphs:
            path = report.heading_path(paragraph)
            if path:
                lines = dict.fromkeys(line for heading in path for line in named[heading.number])
                key = report.edition.year, report.edition.lang, paragraph.number
                found.append(Example(*key, paragraph.text, tuple(lines)))
    return found


def train_line_model(
    reports: Iterable[Report],
    *,
    last_year: int = LAST_DEVELOPMENT_YEAR,
    tagger: Tagger | None = None,
    progress: Callable[[str], None] | None = None,
) -> LineModel:
    """Train a classifier for each language of some reports, on paragraphs whose headings name their line.

    Parameters
    ----------
    reports : iterable of Report
    last_year : int
        Later editions are left out.
    tagger : Tagger, optional
        Of a taxonomy of one's own.
    progress : callable, optional
        Called with what is being done.

    Raises
    ------
    ContractError
        When no language has headings that name lines in at least two editions.
    """
    tagger = tagger if tagger is not None else Tagger()
    say = progress or (lambda _: None)
    chosen = [report for report in reports if report.edition.year <= last_year]
    say("collecting paragraphs")
    examples = collect_examples(chosen, tagger)
    classifiers: dict[str, ActionLineClassifier] = {}
    for lang in sorted({example.lang for example in examples}):
        mine = sorted(example for example in examples if example.lang == lang)
        if len({example.year for example in mine}) < 2:
            continue
        say(f"{lang}: finding features of {len(mine)} paragraphs")
        classifiers[lang] = ActionLineClassifier(lang=lang, tagger=tagger).fit(
            [example.text for example in mine],
            [example.lines for example in mine],
            groups=[example.year for example in mine],
            progress=lambda group, lang=lang: say(f"{lang}: {group}"),  # type: ignore[misc]
        )
    if not classifiers:
        raise ContractError(
            f"no two editions to {last_year} in one language have headings that name action lines; "
            "read more editions, or give a later last year"
        )
    used = {(example.year, example.lang) for example in examples if example.lang in classifiers}
    sources = sorted(
        TrainedOn(report.edition.year, report.edition.lang, report.source.sha256)
        for report in chosen
        if (report.edition.year, report.edition.lang) in used
    )
    return LineModel(classifiers, tagger.matcher.taxonomy.sha256, tuple(sources))


def _order(row: dict[str, object]) -> tuple[int, str, str, int, str]:
    start = -1 if row["start"] is None else int(str(row["start"]))
    return int(str(row["paragraph"])), str(row["scheme"]), str(row["evidence"]), start, str(row["concept"])
