"""How well a reader of figures does: against a list made by hand, and in one language against the other."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

import polars as pl

from textmine.annotate.quantities import find_quantities
from textmine.errors import ContractError
from textmine.reports.model import Report
from textmine.schema import LANGUAGES, check_table

#: Takes a text and its language, returns the values it finds.
QuantityReader = Callable[[str, str], list[float]]


class ValueScore(NamedTuple):
    """Values in the list, values found, and those of both."""

    n_gold: int
    n_found: int
    n_right: int

    @property
    def recall(self) -> float:
        """Share of the list that was found; NaN for an empty one."""
        return self.n_right / self.n_gold if self.n_gold else float("nan")

    @property
    def precision(self) -> float:
        """Share of what was found that is in the list; NaN where nothing was."""
        return self.n_right / self.n_found if self.n_found else float("nan")


class TwinScore(NamedTuple):
    """Paragraphs in both languages, those of them with the same values; the same of those with any value."""

    n_same: int
    n_all: int
    n_same_with: int
    n_with: int


def read_values(text: str, lang: str) -> list[float]:
    """Return the values that textmine finds.

    Examples
    --------
    >>> read_values("全球有 53 亿移动用户，占 90%。", "zh")
    [5300000000.0, 90.0]
    """
    return [quantity.value for quantity in find_quantities(text, lang=lang)]


def score_values(reports: Iterable[Report], labels: pl.DataFrame, read: QuantityReader = read_values) -> ValueScore:
    """Compare the values found in reports with those that a reader listed, as (paragraph, value) pairs.

    A value that stands twice in a paragraph counts twice where the list has it twice. Only paragraphs that the list
    names, with ``none`` for those without a value, count.

    Parameters
    ----------
    reports : iterable of Report
    labels : polars.DataFrame
        Table ``labels`` of the scheme ``quantity`` and one reader.
    read : callable

    Raises
    ------
    ContractError
        When the labels are of another scheme or several readers.
    """
    check_table(labels, "labels")
    if set(labels["scheme"]) != {"quantity"} or labels["reader"].n_unique() != 1:
        raise ContractError("score_values takes the labels of the scheme quantity and one reader; filter them first")
    key = ("edition", "lang", "paragraph")
    seen = set(labels.select(key).iter_rows())
    listed = labels.filter(pl.col("concept") != "none").select(*key, "concept")
    gold = Counter((*row[:3], _rounded(float(row[3]))) for row in listed.iter_rows())
    found = Counter(
        (*place, _rounded(value))
        for report in reports
        for paragraph in report.paragraphs
        if (place := (report.edition.year, report.edition.lang, paragraph.number)) in seen
        for value in read(paragraph.text, report.edition.lang)
    )
    return ValueScore(gold.total(), found.total(), (gold & found).total())


def score_twins(reports: Iterable[Report], read: QuantityReader = read_values) -> TwinScore:
    """Count the paragraphs whose values are the same in both languages."""
    found: dict[tuple[int, int], dict[str, Counter[float]]] = {}
    for report in reports:
        for paragraph in report.paragraphs:
            values = Counter(map(_rounded, read(paragraph.text, report.edition.lang)))
            found.setdefault((report.edition.year, paragraph.number), {})[report.edition.lang] = values
    pairs = [[twins[lang] for lang in LANGUAGES] for twins in found.values() if len(twins) == len(LANGUAGES)]
    same = [(one == two, bool(one or two)) for one, two in pairs]
    return TwinScore(
        n_same=sum(is_same for is_same, _ in same),
        n_all=len(same),
        n_same_with=sum(is_same and has_any for is_same, has_any in same),
        n_with=sum(has_any for _, has_any in same),
    )


def _rounded(value: float) -> float:
    return round(value, 4)
