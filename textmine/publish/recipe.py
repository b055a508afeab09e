"""A recipe makes one kind of figure: what it measures, how it is drawn, what its caption says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, NamedTuple

import polars as pl
from matplotlib.figure import Figure

from textmine.annotate.taxonomy import Taxonomy
from textmine.errors import UnknownOptionError
from textmine.publish.figure import TWO_COLUMNS
from textmine.publish.ledger import CLAIM_COLUMNS
from textmine.publish.study import Study
from textmine.publish.words import name_corpora

#: Module of each recipe below :mod:`textmine.publish.figures`; each has a ``RECIPE``.
RECIPES = {
    "agreement-forest": "agreement_forest",
    "chosen-shares": "chosen_shares",
    "corpus-sizes": "corpus_sizes",
    "edition-shares": "edition_shares",
    "keyness-dots": "keyness_dots",
    "mention-stack": "mention_stack",
    "novelty-lines": "novelty_lines",
    "rank-bumps": "rank_bumps",
    "reuse-strip": "reuse_strip",
    "share-heat-map": "share_heat_map",
    "share-trends": "share_trends",
    "tagging-error": "tagging_error",
    "topic-panels": "topic_panels",
    "who-does-what": "who_does_what",
    "word-cuts": "word_cuts",
}
# Floats of a figure's data are kept to this many significant digits, so that two machines write the same bytes.
_DIGITS = 12

EVIDENCE_SCHEMA = {
    "series": pl.String,
    "x": pl.String,
    "lang": pl.String,
    "edition": pl.Int32,
    "text_lang": pl.String,
    "paragraph": pl.Int32,
    "start": pl.Int32,
    "end": pl.Int32,
}


class Measured(NamedTuple):
    """What a recipe measured.

    ``data`` has a row for each mark of the figure: the columns of :data:`textmine.publish.ledger.CLAIM_COLUMNS` (a
    mark's ``series``, ``x`` and ``lang`` stand once) and whatever else the drawing needs. ``evidence`` has the places
    behind each mark: columns of :data:`EVIDENCE_SCHEMA`, start and end null for a whole paragraph.
    """

    data: pl.DataFrame
    evidence: pl.DataFrame


@dataclass(frozen=True, slots=True)
class View:
    """How a figure is shown: language of its words, width in inches, labels, corpora, and the recipe's parameters."""

    lang: str
    width: float
    taxonomy: Taxonomy
    corpora: tuple[str, ...]
    parameters: Mapping[str, Any]

    def name_corpora(self) -> str:
        """Say which corpora the figure draws from."""
        return (", " if self.lang == "en" else "，").join(name_corpora(self.corpora, self.lang))


@dataclass(frozen=True, slots=True)
class Recipe:
    """One kind of figure.

    ``parameters`` are its options with their defaults (JSON values); ``measure`` computes, ``draw`` draws data and
    computes nothing, ``describe`` returns title and method of the caption in the view's language.
    """

    name: str
    parameters: Mapping[str, Any]
    measure: Callable[[Study, Mapping[str, Any]], Measured]
    draw: Callable[[pl.DataFrame, View], Figure]
    describe: Callable[[pl.DataFrame, View], str]
    width: float = TWO_COLUMNS

    def complete(self, parameters: Mapping[str, Any] | None) -> dict[str, Any]:
        """Return all parameters, those given over the defaults; one that the recipe doesn't know raises."""
        for name in parameters or {}:
            if name not in self.parameters:
                raise UnknownOptionError(f"parameter of {self.name}", name, sorted(self.parameters))
        return {**self.parameters, **(parameters or {})}

    def run(self, study: Study, parameters: Mapping[str, Any]) -> Measured:
        """Measure, with floats rounded to what two machines agree on, rows and columns in a fixed order."""
        data, evidence = self.measure(study, parameters)
        floats = [name for name, dtype in data.schema.items() if dtype == pl.Float64]
        rounded = data.with_columns(pl.col(floats).fill_nan(None).round_sig_figs(_DIGITS))
        first = [pl.col(name).cast(dtype) for name, dtype in CLAIM_COLUMNS.items()]
        rest = [name for name in data.columns if name not in CLAIM_COLUMNS]
        places = [pl.col(name).cast(dtype) for name, dtype in EVIDENCE_SCHEMA.items()]
        return Measured(rounded.select(*first, *rest), evidence.select(places))


def find_recipe(name: str) -> Recipe:
    """Return a recipe by its name.

    Examples
    --------
    >>> find_recipe("share-trends").name
    'share-trends'
    """
    if name not in RECIPES:
        raise UnknownOptionError("figure", name, sorted(RECIPES))
    recipe: Recipe = import_module(f"textmine.publish.figures.{RECIPES[name]}").RECIPE
    return recipe
