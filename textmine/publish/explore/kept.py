"""Tables of what was looked at last, kept by what each depends on, so that going back costs nothing."""

from dataclasses import replace
from functools import lru_cache

import polars as pl

from textmine.annotate.corrections import Correction
from textmine.measure.compare import compare_counts, count_languages
from textmine.measure.counts import Counts
from textmine.measure.prevalence import measure_shares
from textmine.measure.topic_corpus import find_topics
from textmine.measure.topic_tables import Topics
from textmine.on_demand import TablesOnDemand
from textmine.publish.explore.choice import Choice
from textmine.publish.explore.narrow import narrow_tables
from textmine.publish.study import Study

#: Tables kept, of each kind.
KEPT = 32


class KeptTables:
    """Tables of a study with some corrections, each measured once; none is for changing.

    ``narrow``, ``measure`` and ``compare`` are those of :mod:`textmine.measure` on the paragraphs of a choice.
    """

    def __init__(self, study: Study, corrections: tuple[Correction, ...]) -> None:
        self.study = study
        self.corrections = corrections
        # Kept by the instance, so that they go with it.
        self._narrow = lru_cache(maxsize=KEPT)(self._narrow_anew)
        self._measure = lru_cache(maxsize=KEPT)(self._measure_anew)
        self._count = lru_cache(maxsize=KEPT)(self._count_anew)
        self._compare = lru_cache(maxsize=KEPT)(self._compare_anew)
        self._topics = lru_cache(maxsize=KEPT)(self._topics_anew)

    def narrow(self, choice: Choice) -> TablesOnDemand:
        """Return the tables of the chosen paragraphs."""
        return self._narrow(choice.langs, choice.years, choice.region, choice.action_line, choice.reuse)

    def measure(self, choice: Choice) -> pl.DataFrame:
        """Return the table ``shares``: of all languages and years, measured once, the rows of those chosen.

        No edition's share or interval depends on another's.
        """
        self.narrow(choice)  # says so where no paragraph is left
        years = self.study.paragraphs["edition"].unique().sort()
        every = replace(choice, langs=tuple(self.study.langs), years=(int(years[0]), int(years[-1])))
        chosen = pl.col("lang").is_in(list(choice.langs)) & pl.col("edition").is_between(*choice.years)
        return self._measure(every).filter(chosen)

    def count(self, choice: Choice, by: str) -> dict[tuple[str, str], Counts]:
        """Return what is compared: counts of the chosen paragraphs, whatever the spans of years."""
        return self._count(_place(choice), by)

    def compare(self, choice: Choice, first: range, second: range, by: str) -> pl.DataFrame:
        """Return the table ``comparison``; the choice's concepts play no part."""
        return self._compare(_place(choice), first, second, by)

    def topics(self, choice: Choice, n_topics: int | str) -> dict[str, Topics]:
        """Return the topics by language; the choice's concepts play no part."""
        return self._topics(_place(choice), n_topics)

    def _narrow_anew(
        self, langs: tuple[str, ...], years: tuple[int, int], region: str | None, line: str | None, reuse: str
    ) -> TablesOnDemand:
        return narrow_tables(
            self.study,
            langs=langs,
            years=years,
            region=region,
            action_line=line,
            reuse=reuse,
            corrections=self.corrections,
        )

    def _measure_anew(self, choice: Choice) -> pl.DataFrame:
        tables = self.narrow(choice)
        return measure_shares(
            tables["paragraphs"],
            tables["tags"],
            scheme=choice.scheme,
            evidence=choice.evidence,
            concepts=list(choice.concepts),
            parents=self.study.taxonomy.scheme(choice.scheme).parents,
            confidence=choice.confidence,
            n_resamples=choice.n_resamples,
            seed=choice.seed,
        )

    def _count_anew(self, choice: Choice, by: str) -> dict[tuple[str, str], Counts]:
        parents = {scheme.name: scheme.parents for scheme in self.study.taxonomy.schemes}
        return count_languages(self.narrow(choice), by=by, parents=parents)

    def _compare_anew(self, choice: Choice, first: range, second: range, by: str) -> pl.DataFrame:
        return compare_counts(self.count(choice, by), first, second, by=by)

    def _topics_anew(self, choice: Choice, n_topics: int | str) -> dict[str, Topics]:
        return find_topics(self.narrow(choice), n_topics=n_topics)


def _place(choice: Choice) -> Choice:
    """Return the choice without what concerns the trend only."""
    return replace(choice, scheme="", concepts=(), evidence="any", confidence=0.0, n_resamples=0, seed=0)
