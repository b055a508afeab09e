"""The tables of the paragraphs that a reader chose: languages, years, region, action line, reuse or not."""

from collections.abc import Sequence
from functools import partial

import polars as pl

from textmine.annotate.corrections import Correction, apply_corrections
from textmine.annotate.tag import ACTION_LINE
from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.reuse import KEEP
from textmine.measure.rollup import tag_paragraphs
from textmine.measure.subset import drop_paragraphs
from textmine.on_demand import TablesOnDemand
from textmine.publish.study import Study
from textmine.schema import PARAGRAPH_KEY

#: Tables that hold rows of paragraphs, and are narrowed; ``footnotes`` and ``headings`` are not.
NARROWED = ("paragraphs", "tags", "tokens", "quantities")
REGION = "region"


def narrow_tables(
    study: Study,
    *,
    langs: Sequence[str] | None = None,
    years: tuple[int, int] | None = None,
    region: str | None = None,
    action_line: str | None = None,
    reuse: str = KEEP,
    corrections: Sequence[Correction] = (),
) -> TablesOnDemand:
    """Return a study's tables with the rows of some paragraphs only.

    Parameters
    ----------
    study : Study
    langs : sequence of {'zh', 'en'}, optional
        Default: all that there are.
    years : tuple of int, optional
        First and last edition.
    region, action_line : str, optional
        Concept of the scheme ``region`` or ``action_line``: only paragraphs tagged with it, or with one below it.
    reuse : {'keep', 'drop'}
        ``drop`` leaves out recycled paragraphs; see :func:`textmine.measure.reuse.choose_drop`.
    corrections : sequence of Correction
        Applied to the tags first; see :func:`textmine.annotate.corrections.apply_corrections`.

    Returns
    -------
    TablesOnDemand
        ``paragraphs``, ``tags`` and those of ``tokens`` and ``quantities`` that the study has; rows in their order.
        Each is narrowed when first asked for.

    Raises
    ------
    UnknownOptionError
        For a language, year or concept that the study doesn't have.
    ContractError
        When no paragraph is left.

    Examples
    --------
    >>> from textmine import open_study
    >>> narrowed = narrow_tables(open_study("features/2011.zh"), action_line="C11")
    >>> narrowed["paragraphs"]["section"].to_list()
    ['2.B.6.a.1', '2.B.6.a.11']
    """
    for lang in langs or ():
        if lang not in study.langs:
            raise UnknownOptionError(f"language of {study.name}", lang, study.langs)
    keep: list[pl.Expr] = []
    if langs is not None and set(langs) != set(study.langs):
        keep.append(pl.col("lang").is_in(list(langs)))
    if years is not None:
        span = pl.col("edition").is_between(*check_years(study, years))
        keep += [span] if study.paragraphs.select(~span.all()).item() else []
    tags = apply_corrections(study.tables["tags"], corrections) if corrections else study.tables["tags"]
    inside = [
        _inside(tags, study, scheme, concept)
        for scheme, concept in ((REGION, region), (ACTION_LINE, action_line))
        if concept is not None
    ]
    drop = study.choose_drop(reuse)

    def narrow(name: str) -> pl.DataFrame:
        frame = tags if name == "tags" else study.tables[name]
        frame = frame.filter(*keep) if keep else frame
        number = "paragraph" if "paragraph" in frame.columns else "number"
        for places in inside:
            key = (*PARAGRAPH_KEY[:2], number)
            frame = frame.join(places.rename({"paragraph": number}), on=key, how="semi", maintain_order="left")
        return drop_paragraphs(frame, drop)

    tables = TablesOnDemand({name: partial(narrow, name) for name in NARROWED if name in study.tables})
    if not tables["paragraphs"].height:
        raise ContractError(f"{study.name}: no paragraph is left; choose more years, another region or action line")
    return tables


def check_years(study: Study, years: tuple[int, int]) -> tuple[int, int]:
    """Return first and last year, or say which editions there are."""
    editions = study.paragraphs["edition"].unique().sort().to_list()
    first, last = years
    if not any(first <= year <= last for year in editions):
        raise UnknownOptionError(f"years of {study.name}", f"{first}-{last}", editions)
    return first, last


def _inside(tags: pl.DataFrame, study: Study, scheme: str, concept: str) -> pl.DataFrame:
    """Return the places of the paragraphs that have a concept, or one below it."""
    study.taxonomy.concept(scheme, concept)  # an unknown one raises
    tagged = tag_paragraphs(tags, scheme=scheme, evidence="any", parents=study.taxonomy.scheme(scheme).parents)
    return tagged.filter(pl.col("concept") == concept).select(PARAGRAPH_KEY)
