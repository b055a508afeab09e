"""A study: the texts that figures are made on, annotated once, and what every figure of it can ask for."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from html import escape
from pathlib import Path

import polars as pl

from textmine.annotate.annotate import annotate_on_demand
from textmine.annotate.match import Matcher, default_matcher
from textmine.annotate.taxonomy import Taxonomy, load_taxonomy
from textmine.errors import ContractError, SourceError
from textmine.measure.reuse import DROP, check_reuse, find_reuse, list_recycled
from textmine.on_demand import TablesOnDemand
from textmine.publish.features import load_features
from textmine.publish.ledger import LedgerSource
from textmine.reports.corpus import choose_corpus, load_corpus
from textmine.reports.model import Report
from textmine.resources import resource_path

FEATURES = "features/"
#: Name of a study of files that are no corpus.
FILES = "files"
_DIGEST = 10  # hexadecimal digits: enough that a changed paragraph never keeps its digest by chance


class Study:
    """Reports with their tables, or features, under the name by which they can be found again.

    Parameters
    ----------
    tables : mapping of str to polars.DataFrame
        As :func:`textmine.annotate.annotate.annotate_on_demand`, :func:`~textmine.annotate.annotate.annotate_reports`
        or :func:`textmine.publish.features.load_features` returns them.
    taxonomy : Taxonomy
        Whose concepts the tags are.
    name : str
        What :func:`open_study` finds these texts by: ``sample``, ``official``, a path, or ``features/2011.zh``.
    reports : sequence of Report
        Empty where only features are at hand.
    """

    def __init__(
        self, tables: Mapping[str, pl.DataFrame], taxonomy: Taxonomy, *, name: str, reports: Sequence[Report] = ()
    ) -> None:
        self.tables = tables
        self.taxonomy = taxonomy
        self.name = name
        self.reports = tuple(reports)
        self._found = TablesOnDemand({"reuse": self._find_reuse})

    def __repr__(self) -> str:
        years = self.paragraphs["edition"].unique().sort()
        span = f"{years[0]}-{years[-1]}" if len(years) > 1 else f"{years[0]}"
        return f"Study({self.name!r}, {span}, {'+'.join(self.langs)}, {self.paragraphs.height} paragraphs)"

    def _repr_html_(self) -> str:
        counts = self.paragraphs.group_by("edition", "lang").len("n").sort("edition", "lang")
        table = counts.pivot(on="lang", index="edition", values="n", on_columns=self.langs)
        heads = "".join(f"<th scope='col'>{escape(name)}</th>" for name in table.columns)
        rows = "".join(
            "<tr>" + "".join(f"<td>{'' if cell is None else cell}</td>" for cell in row) + "</tr>"
            for row in table.iter_rows()
        )
        caption = f"{escape(repr(self))}; paragraphs by edition and language"
        return f"<table><caption>{caption}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"

    @property
    def paragraphs(self) -> pl.DataFrame:
        """Table ``paragraphs``; of features without ``text``."""
        return self.tables["paragraphs"]

    @property
    def langs(self) -> list[str]:
        """Languages of the texts, sorted."""
        return self.paragraphs["lang"].unique().sort().to_list()

    @property
    def corpora(self) -> list[str]:
        """Corpora that the texts say they are of, sorted."""
        return self.paragraphs["corpus"].unique().sort().to_list()

    def table(self, name: str) -> pl.DataFrame:
        """Return a table, or say that this study has none of it."""
        if name not in self.tables:
            raise ContractError(
                f"{self.name} has no table {name!r} (features hold no running text); use the texts themselves"
            )
        return self.tables[name]

    @property
    def reuse(self) -> pl.DataFrame:
        """Table ``reuse``: what each edition has from an earlier one; found when first asked for."""
        return self._found["reuse"]

    def waits_for(self, name: str) -> bool:
        """Tell whether a table, or ``reuse``, can be had but isn't there yet: it takes a while."""
        if name == "reuse":
            return "text" in self.paragraphs.columns and name not in self._found.made
        return name in self.tables and name not in getattr(self.tables, "made", self.tables)

    def _find_reuse(self) -> pl.DataFrame:
        if "text" not in self.paragraphs.columns:
            raise ContractError(f"{self.name} holds no running text, so nothing tells what is recycled")
        return find_reuse(self.paragraphs)

    def choose_drop(self, reuse: str) -> pl.DataFrame | None:
        """Return what measures take as ``drop=`` to keep recycled paragraphs, or to leave them out."""
        check_reuse(reuse)
        return list_recycled(self.reuse) if reuse == DROP else None

    @cached_property
    def sources(self) -> tuple[LedgerSource, ...]:
        """The reports, by edition and language, with a digest of each paragraph."""
        first = ("symbol", "corpus", "source_sha256")
        groups = self.paragraphs.group_by("edition", "lang").agg(pl.col(first).first()).sort("edition", "lang")
        digests: dict[tuple[int, str], dict[int, str]] = {}
        for edition, lang, number, content in self._contents():
            digest = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]
            digests.setdefault((edition, lang), {})[number] = digest
        return tuple(
            LedgerSource(edition, lang, symbol, corpus, sha256, digests[edition, lang])
            for edition, lang, symbol, corpus, sha256 in groups.iter_rows()
        )

    def _contents(self) -> Iterable[tuple[int, str, int, str]]:
        """Yield what identifies each paragraph: its section and text, or its section and all its features."""
        if "text" in self.paragraphs.columns:
            content = pl.concat_str("section", "text", separator="\n")
            yield from self.paragraphs.select("edition", "lang", "number", content).iter_rows()
            return
        rows: dict[tuple[int, str, int], list[str]] = {}
        for name in ("paragraphs", "tags", "quantities", "terms"):
            frame = self.tables[name].rename({"number": "paragraph"}, strict=False)
            for row in frame.iter_rows(named=True):
                key = row["edition"], row["lang"], row["paragraph"]
                rows.setdefault(key, []).append(f"{name} {sorted(row.items())}")
        for (edition, lang, number), lines in sorted(rows.items()):
            yield edition, lang, number, "\n".join(sorted(lines))


def open_study(
    name: str | Path | None = None,
    *,
    taxonomy: Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> Study:
    """Read and annotate a corpus, or load features, for figures.

    Parameters
    ----------
    name : str or Path, optional
        A corpus as in :func:`textmine.reports.corpus.corpus_files`, or ``features/YEAR.LANG``. Default: the
        environment variable ``TEXTMINE_CORPUS``, else ``sample``.
    taxonomy : Path, optional
        A taxonomy of one's own.
    progress : callable, optional
        Called with what is being done.

    Examples
    --------
    >>> open_study("features/2011.zh")
    Study('features/2011.zh', 2011, zh, 167 paragraphs)
    """
    say = progress or (lambda _: None)
    name = str(choose_corpus(name))
    if name == FILES:
        raise SourceError("these figures were made on files that are no corpus; name their folder with --corpus")
    if name.startswith(FEATURES):
        known = resource_path("features")
        if not (known / name.removeprefix(FEATURES)).is_dir():
            names = ", ".join(sorted(FEATURES + folder.name for folder in known.iterdir() if folder.is_dir()))
            raise SourceError(f"no features {name!r}; there are {names}")
        return Study(load_features(name.removeprefix(FEATURES)), load_taxonomy(taxonomy), name=name)
    matcher = Matcher(load_taxonomy(taxonomy)) if taxonomy else default_matcher()
    say(f"reading {name}")
    reports = load_corpus(name)
    tables = annotate_on_demand(reports, matcher=matcher, progress=lambda edition: say(f"annotating {edition}"))
    return Study(tables, matcher.taxonomy, name=name, reports=reports)
