"""The tables of a paper: the corpus, the trends, the agreement of the languages; as Markdown, LaTeX and CSV."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import polars as pl
from tabulate import tabulate

from textmine.atomic import write_bytes
from textmine.measure.agreement import MACRO, measure_agreement
from textmine.measure.track import track_concepts
from textmine.publish.figures.concept_shares import figure_labels
from textmine.publish.study import Study
from textmine.publish.tables import write_csv
from textmine.schema import LANGUAGES, SERIES_KEY

#: Formats of tabulate, and the endings of their files.
_FORMATS = {".md": "pipe", ".tex": "latex_booktabs"}


class PaperTable(NamedTuple):
    """A table as it is printed, with what it shows."""

    name: str
    caption: str
    frame: pl.DataFrame


def make_tables(study: Study, *, level: float = 0.05, seed: int = 0, n_draws: int = 1999) -> Iterable[PaperTable]:
    """Yield the tables of a paper on a study.

    Parameters
    ----------
    study : Study
    level : float
        False-discovery rate of what is called a change.
    seed, n_draws : int
        Of the tests.
    """
    yield _tabulate_corpus(study)
    yield _tabulate_trends(study, level=level, seed=seed, n_draws=n_draws)
    if set(LANGUAGES) <= set(study.langs):
        yield _tabulate_agreement(study, seed=seed)


def write_paper_table(table: PaperTable, folder: Path) -> list[Path]:
    """Write a table as Markdown, LaTeX (booktabs) and CSV; return the files."""
    rows = [["" if cell is None else str(cell) for cell in row] for row in table.frame.rows()]
    written = [write_csv(table.frame, folder / f"{table.name}.csv")]
    for ending, style in _FORMATS.items():
        text = tabulate(rows, headers=table.frame.columns, tablefmt=style, disable_numparse=True)
        note = f"\n\n{table.caption}\n" if ending == ".md" else f"\n% {table.caption}\n"
        written.append(write_bytes(folder / f"{table.name}{ending}", (text + note).encode()))
    return written


def _tabulate_corpus(study: Study) -> PaperTable:
    notes = study.tables["footnotes"].group_by("edition", "lang").len("footnotes")
    frame = (
        study.paragraphs.group_by("edition", "lang")
        .agg(
            symbol=pl.col("symbol").first(),
            paragraphs=pl.len(),
            characters=pl.col("n_chars").sum(),
            sha256=pl.col("source_sha256").first().str.slice(0, 12),
        )
        .join(notes, on=["edition", "lang"], how="left")
        .select("edition", "lang", "symbol", "paragraphs", "characters", pl.col("footnotes").fill_null(0), "sha256")
        .sort("edition", "lang")
    )
    return PaperTable("table-1-corpus", "Texts: numbered paragraphs, characters and footnotes of each edition.", frame)


def _tabulate_trends(study: Study, *, level: float, seed: int, n_draws: int) -> PaperTable:
    scheme = study.taxonomy.scheme("trend")
    present = set(study.table("tags").filter(scheme="trend")["concept"])
    concepts = [concept.id for concept in scheme.concepts if concept.id in present]
    tracks = {
        reuse: track_concepts(
            study.tables,
            concepts,
            taxonomy=study.taxonomy,
            drop=study.choose_drop(reuse),
            level=level,
            seed=seed,
            n_draws=n_draws,
        )
        for reuse in ("keep", "drop")
    }
    labels = figure_labels(scheme, "en")
    rows = [
        {
            "trend": labels[str(life["concept"])],
            "text": life["lang"],
            "first": life["first"],
            "peak": None if life["peak"] is None else f"{life['peak']} ({100 * life['peak_share']:.1f} %)",
            "slope (points a year)": _interval(_find(tracks["keep"]["trends"], life), "slope"),
            "q of trend": _number(_find(tracks["keep"]["trends"], life)["q_autocorrelation"]),
            "q of trend, new text": _number(_find(tracks["drop"]["trends"], life)["q_autocorrelation"]),
            "breaks": _breaks(tracks["keep"]["breaks"], life, level),
            "breaks, new text": _breaks(tracks["drop"]["breaks"], life, level),
            "would show (points)": _points(_find(tracks["keep"]["detectable"], life)["increase"]),
        }
        for life in tracks["keep"]["lifetimes"].iter_rows(named=True)
    ]
    caption = (
        "Trends: first edition, edition of the largest share, Sen's slope with interval, false-discovery rate of the "
        "trend (Mann-Kendall's S, lengths, clustering and autocorrelation allowed for), first editions of a new level "
        f"(exact segmentation, q at most {level:g}), the same without recycled "
        "paragraphs, and the smallest rise that such a series shows with 80 % power."
    )
    return PaperTable("table-2-trends", caption, pl.DataFrame(rows, infer_schema_length=None))


def _tabulate_agreement(study: Study, *, seed: int) -> PaperTable:
    rows = []
    for scheme in study.taxonomy.schemes:
        if scheme.name == "vocabulary" or scheme.name not in set(study.table("tags")["scheme"]):
            continue
        kappas = measure_agreement(
            study.paragraphs, study.table("tags"), scheme=scheme.name, parents=scheme.parents, seed=seed
        )
        macro = kappas.filter(concept=MACRO).row(0, named=True)
        least = kappas.filter(pl.col("in_macro")).sort("kappa", "concept", nulls_last=True)
        rows.append(
            {
                "scheme": scheme.name,
                "paragraphs": macro["n_paragraphs"],
                "concepts": least.height,
                "kappa": None if macro["kappa"] is None else f"{macro['kappa']:.3f}",
                "interval": None if macro["low"] is None else f"{macro['low']:.3f} to {macro['high']:.3f}",
                "least agreed on": f"{least['concept'][0]} ({least['kappa'][0]:.2f})" if least.height else None,
            }
        )
    caption = (
        "Agreement of the tags of the Chinese and the English text of the same paragraphs: Cohen's kappa, mean over "
        "the concepts tagged in at least five paragraphs, with 95 % interval (sections resampled)."
    )
    return PaperTable("table-3-agreement", caption, pl.DataFrame(rows, infer_schema_length=None))


def _find(table: pl.DataFrame, series: Mapping[str, object]) -> dict[str, object]:
    found = table.filter(*(pl.col(name) == series[name] for name in SERIES_KEY))
    return found.row(0, named=True)


def _breaks(breaks: pl.DataFrame, series: Mapping[str, object], level: float) -> str:
    found = breaks.filter(*(pl.col(name) == series[name] for name in SERIES_KEY), pl.col("q") <= level)
    return ", ".join(str(year) for year in found["edition"].sort())


def _interval(row: Mapping[str, object], name: str) -> str | None:
    numbers = [row[name], row["low"], row["high"]]
    if any(number is None for number in numbers):
        return None
    value, low, high = (100 * float(str(number)) for number in numbers)
    return f"{value:+.2f} ({low:+.2f} to {high:+.2f})"


def _number(value: object) -> str | None:
    return None if value is None else f"{float(str(value)):.3f}"


def _points(value: object) -> str | None:
    return None if value is None else f"{100 * float(str(value)):.1f}"
