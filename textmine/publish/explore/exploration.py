"""An exploration without a screen: what is chosen, the tables of it, and the code that makes them again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from textmine.annotate.corrections import Correction, latest_corrections, load_corrections, save_corrections
from textmine.annotate.taxonomy import load_taxonomy
from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.reuse import KEEP
from textmine.measure.rollup import lift_tags
from textmine.measure.topic_tables import Topics
from textmine.on_demand import TablesOnDemand
from textmine.publish.corrected import read_verdicts
from textmine.publish.explore.choice import Choice, change_choice, first_choice, list_schemes, list_years, rank_concepts
from textmine.publish.explore.code import write_measure, write_narrowing, write_opening
from textmine.publish.explore.concordance import LIMIT, Concordance, find_concordance, list_concordance
from textmine.publish.explore.kept import KeptTables
from textmine.publish.explore.passages import Passage, PassageFinder
from textmine.publish.ledger import Ledger
from textmine.publish.produce import publish_figure
from textmine.publish.study import Study, open_study

RECIPE = "chosen-shares"


class Exploration:
    """Look at a study: choose, measure, read, search, compare, and keep it all as code.

    Parameters
    ----------
    source : Study, str or Path, optional
        A study, or what :func:`textmine.publish.study.open_study` takes. Default: the sample.
    taxonomy : Path, optional
        Of one's own; of a study, the one that it was tagged with.
    corrections : str or Path or sequence of Correction, optional
        Applied to the tags; a file's verdicts have to fit the text (:func:`textmine.publish.corrected.read_verdicts`).

    Attributes
    ----------
    study : Study
    choice : Choice
        What is looked at; :meth:`choose` changes it.

    Examples
    --------
    >>> look = Exploration("features/2011.zh").choose(concepts=["cloud", "broadband"])
    >>> look.trend().select("edition", "lang", "concept", "n_paragraphs").rows()
    [(2011, 'zh', 'cloud', 167), (2011, 'zh', 'broadband', 167)]
    """

    def __init__(
        self,
        source: Study | str | Path | None = None,
        *,
        taxonomy: Path | None = None,
        corrections: str | Path | Sequence[Correction] = (),
    ) -> None:
        named = not isinstance(source, Study)
        self.study = source if isinstance(source, Study) else open_study(source, taxonomy=taxonomy)
        self._taxonomy = taxonomy
        self._reopens = named or self._can_reopen()
        self._corrections_path = Path(corrections) if isinstance(corrections, str | Path) else None
        self.corrections: tuple[Correction, ...] = ()
        self._kept = KeptTables(self.study, ())
        if isinstance(corrections, str | Path):
            if "text" in self.study.paragraphs.columns:
                read_verdicts(self.study.tables, corrections, self.study.taxonomy)  # one that no longer fits raises
            corrections = load_corrections(corrections)
        self.correct(corrections)
        self.choice = first_choice(self.study)
        self._shown: tuple[str, Choice, dict[str, Any]] = ("trend", self.choice, {})

    def __repr__(self) -> str:
        chosen = self.choice
        years = "-".join(map(str, chosen.years))
        return f"Exploration({self.study.name!r}, {chosen.scheme}: {', '.join(chosen.concepts)}, {years})"

    @property
    def years(self) -> list[int]:
        """Editions of the study, sorted."""
        return list_years(self.study)

    @property
    def schemes(self) -> list[str]:
        """Schemes that some paragraph is tagged with, in the order of the taxonomy."""
        return list_schemes(self.study)

    def concepts(self, scheme: str) -> tuple[str, ...]:
        """Return the concepts of a scheme, those of most paragraphs first, ties by id."""
        return rank_concepts(self.study, scheme)

    def choose(self, **changes: Any) -> "Exploration":
        """Change what is looked at, by the fields of :class:`~textmine.publish.explore.choice.Choice`.

        Another scheme without concepts takes its most frequent one. What the study doesn't have raises and changes
        nothing.
        """
        self.choice = change_choice(self.choice, changes, self.study)
        self._shown = ("trend", self.choice, {})
        return self

    def correct(self, corrections: Iterable[Correction]) -> "Exploration":
        """Add corrections to those applied; a later one on the same tag counts."""
        self.corrections = tuple(latest_corrections([*self.corrections, *corrections]))
        self._kept = KeptTables(self.study, self.corrections)
        return self

    def save_corrections(self, path: str | Path) -> Path:
        """Write the corrections to a file, from which :meth:`code` reads them; what was there is kept as a copy."""
        self._corrections_path = save_corrections(self.corrections, path)
        return self._corrections_path

    def tables(self) -> TablesOnDemand:
        """Return the study's tables narrowed to what is chosen; see :func:`~textmine.publish.explore.narrow_tables`."""
        return self._kept.narrow(self.choice)

    def trend(self) -> pl.DataFrame:
        """Return the table ``shares`` of what is chosen, with intervals."""
        self._shown = ("trend", self.choice, {})
        return self._kept.measure(self.choice)

    def prepare(self) -> None:
        """Do what takes a while now: cut the words to compare, find what is recycled. Features have neither."""
        self.prepare_words()
        if self.study.waits_for("reuse"):
            _ = self.study.reuse

    def prepare_words(self) -> None:
        """Cut the words and count them, so that any two spans of years are compared at once."""
        if "tokens" in self.study.tables:
            self._kept.count(self._whole(), "terms")

    def paragraphs(self, concept: str, year: int) -> list[Passage]:
        """Return the paragraphs behind a point of the trend, each number in both languages.

        Parameters
        ----------
        concept : str
        year : int
        """
        scheme = self.study.taxonomy.scheme(self.choice.scheme)
        self.study.taxonomy.concept(scheme.name, concept)
        if year not in self.years:
            raise UnknownOptionError(f"year of {self.study.name}", year, self.years)
        tags = self.tables()["tags"].filter(edition=year)
        lifted = lift_tags(tags, scheme=scheme.name, evidence=self.choice.evidence, parents=scheme.parents)
        asked = lifted.filter(concept=concept)
        everything = replace(self._whole(), langs=tuple(self.study.langs), region=None, action_line=None, reuse=KEEP)
        shown = (
            self._kept.narrow(everything)["tags"]
            .filter(pl.col("edition") == year)
            .join(asked.select("paragraph").unique(), on="paragraph", how="semi", maintain_order="left")
        )
        return self._finder.find(asked, shown)

    def concordance(
        self,
        query: str = "",
        *,
        concept: str | None = None,
        regex: bool = False,
        window: Mapping[str, int] | None = None,
        limit: int | None = LIMIT,
    ) -> Concordance:
        """List the places of a query, or of a concept's forms, in the chosen paragraphs, with their context.

        Parameters
        ----------
        query : str
            See :func:`~textmine.publish.explore.concordance.find_concordance`.
        concept : str, optional
            Instead of a query: a concept of the chosen scheme.
        regex, window, limit
            As there.
        """
        options = {"query": query, "concept": concept, "regex": regex, "window": window, "limit": limit}
        choice, tables = self.choice, self.tables()
        if concept is None:
            found = find_concordance(tables["paragraphs"], query, regex=regex, window=window, limit=limit)
        else:
            self.study.taxonomy.concept(self.choice.scheme, concept)
            tags = tables["tags"].filter(scheme=self.choice.scheme, concept=concept)
            found = list_concordance(tables["paragraphs"], tags, window=window, limit=limit)
        self._shown = ("concordance", choice, options)
        return found

    def compare(self, first: range, second: range, *, by: str = "terms") -> pl.DataFrame:
        """Return the table ``comparison`` of two spans of years in the chosen paragraphs.

        The choice of years plays no part; see :func:`textmine.measure.compare.compare_years`.
        """
        choice = self._whole()
        table = self._kept.compare(choice, first, second, by)
        self._shown = ("compare", choice, {"first": first, "second": second, "by": by})
        return table

    def topics(self, *, n_topics: int | str = 12) -> dict[str, Topics]:
        """Return the topics of the chosen paragraphs by language; the first time takes seconds."""
        self.study.table("tokens")  # says so where there are none
        choice = self._whole()  # another may be made meanwhile
        found = self._kept.topics(choice, n_topics)
        self._shown = ("topics", choice, {"n_topics": n_topics})
        return found

    def code(self) -> str:
        """Return the calls of the public API that make the table shown last (``table``) again, exactly."""
        kind, choice, options = self._shown
        lines = write_opening(
            self.study.name if self._reopens else None,
            taxonomy=self._taxonomy,
            corrections=self._corrections_file() if self.corrections else None,
            unnamed="the Study that was handed to explore()",
        )
        lines += write_narrowing(choice, corrected=bool(self.corrections))
        return "\n".join([*lines, *write_measure(kind, choice, options)]) + "\n"

    def save(self, folder: str | Path, *, name: str = "exploration") -> Ledger:
        """Write the trend: figure in both languages, data, captions and ledger, and the code that made it.

        Returns
        -------
        Ledger
            As :func:`textmine.publish.produce.publish_figure` writes it.
        """
        chosen = asdict(self.choice)
        parameters = {key: list(value) if isinstance(value, tuple) else value for key, value in chosen.items()}
        parameters["corrections"] = [asdict(item) for item in self.corrections]
        return publish_figure(self.study, RECIPE, folder, name=name, parameters=parameters)

    def _whole(self) -> Choice:
        """Return the choice with all years."""
        return replace(self.choice, years=(self.years[0], self.years[-1]))

    def _can_reopen(self) -> bool:
        """Tell whether open_study finds the study by its name and taxonomy."""
        return bool(self.study.name) and self.study.taxonomy.sha256 == load_taxonomy(self._taxonomy).sha256

    def _corrections_file(self) -> Path:
        if self._corrections_path is None:
            raise ContractError(
                "these corrections are in no file yet; save_corrections first, so that code can read it"
            )
        return self._corrections_path

    @cached_property
    def _finder(self) -> PassageFinder:
        return PassageFinder(self.study)
