"""Sums over the sections of each edition, in one language or in two side by side, whole or by group."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.counts import Counts
from textmine.measure.grams import is_word
from textmine.measure.subset import drop_paragraphs
from textmine.schema import LANGUAGES, PARAGRAPH_KEY, check_table

#: The value of ``by`` that groups by the code of the heading above; any other is a scheme.
SECTION = "section"

Floats = NDArray[np.float64]
Masks = list[tuple[str, NDArray[np.bool_]]]


class Stratum(NamedTuple):
    """A group of an edition's paragraphs, summed by section.

    ``tagged`` counts paragraphs, shape (n_concepts, n_languages); ``hits`` and ``sizes`` sum weights over the tagged
    and over all paragraphs of each section, shapes (n_sections, n_concepts, n_languages) and
    (n_sections, n_languages); ``n_paragraphs`` is that of one language, or the mean of two.
    """

    edition: int
    langs: tuple[str, ...]
    group: str
    n_paragraphs: int
    tagged: NDArray[np.int64]
    hits: Floats
    sizes: Floats


def iterate_strata(
    counts: Counts, weights: Floats, groups: Masks, concepts: Sequence[str], *, pooled: bool
) -> Iterator[Stratum]:
    """Yield the groups of each edition in order; those without paragraphs, or without weight, are passed over.

    Parameters
    ----------
    counts : Counts
        1 where a paragraph has a concept; rows with the column ``section``.
    weights : numpy.ndarray of float, shape (n_rows,)
    groups : list of (str, numpy.ndarray of bool)
        Which rows belong to each group.
    concepts : sequence of str
        Those that don't occur count nothing.
    pooled : bool
        Pair the paragraphs of the two languages by number.
    """
    column = {term: i for i, term in enumerate(counts.terms)}
    present = [column[concept] for concept in concepts if concept in column]
    place = np.flatnonzero([concept in column for concept in concepts])
    narrow = counts.matrix[:, present]
    sections = counts.rows["section"].to_numpy()
    for edition, langs, rows in _editions(counts.rows, pooled=pooled):
        for group, mask in groups:
            members = [part[mask[part]] for part in rows]
            if not all(weights[part].sum() > 0 for part in members):
                continue
            # The pair's section is that of the first language: both name the same heading.
            first = dict(zip(counts.rows["paragraph"].to_numpy()[rows[0]], sections[rows[0]], strict=True))
            codes = [[first[number] for number in counts.rows["paragraph"].to_numpy()[part]] for part in members]
            names = sorted({code for part in codes for code in part})
            at = {name: i for i, name in enumerate(names)}
            hits = np.zeros((len(names), len(concepts), len(langs)))
            sizes = np.zeros((len(names), len(langs)))
            tagged = np.zeros((len(concepts), len(langs)), dtype=np.int64)
            for k, part in enumerate(members):
                where = np.array([at[code] for code in codes[k]])
                merge = sparse.csr_array((weights[part], (where, np.arange(len(part)))), (len(names), len(part)))
                sizes[:, k] = merge.sum(axis=1)
                if present:
                    hits[:, place, k] = (merge @ narrow[part]).toarray()
                    tagged[place, k] = narrow[part].sum(axis=0)
            n = round(sum(map(len, members)) / len(members))
            yield Stratum(edition, langs, group, n, tagged, hits, sizes)


def group_rows(counts: Counts, tags: pl.DataFrame, by: str | None, depth: int) -> Masks:
    """Return the groups of paragraphs: all, by the first parts of the section's code, or by a scheme's concepts."""
    rows = counts.rows
    if by is None:
        return [("", np.ones(rows.height, dtype=bool))]
    if by == SECTION:
        codes = rows["section"].str.split(".").list.head(depth).list.join(".")
        return [(name, (codes == name).to_numpy()) for name in sorted(codes.unique())]
    chosen = tags.filter(pl.col("scheme") == by).select(*PARAGRAPH_KEY, "concept").unique()
    masks = []
    for name in sorted(chosen["concept"].unique()):
        inside = chosen.filter(pl.col("concept") == name).with_columns(inside=pl.lit(True))
        joined = rows.join(inside, on=PARAGRAPH_KEY, how="left", maintain_order="left")
        masks.append((name, joined["inside"].fill_null(value=False).to_numpy()))
    return masks


def count_words(tokens: pl.DataFrame | None, counts: Counts, drop: pl.DataFrame | None = None) -> Floats:
    """Return the number of words of each row's paragraph; punctuation and numbers are none."""
    if tokens is None:
        raise UnknownOptionError("tokens", None, "the table `tokens`, which unit='tokens' counts")
    check_table(tokens, "tokens", without=("text", "start", "end"))
    words = drop_paragraphs(tokens, drop).filter(is_word(pl.col("norm"))).group_by(PARAGRAPH_KEY).len("n")
    joined = counts.rows.select(PARAGRAPH_KEY).join(words, on=PARAGRAPH_KEY, how="left", maintain_order="left")
    return joined["n"].fill_null(0).cast(pl.Float64).to_numpy()


def _editions(rows: pl.DataFrame, *, pooled: bool) -> Iterator[tuple[int, tuple[str, ...], list[NDArray[np.int64]]]]:
    """Yield each edition, its languages, and the row numbers of each language's paragraphs."""
    numbered = rows.select(PARAGRAPH_KEY).with_row_index("row")
    if not pooled:
        parts = numbered.partition_by("edition", "lang", as_dict=True, maintain_order=True)
        for (edition, lang), part in parts.items():
            yield int(edition), (str(lang),), [part["row"].to_numpy().astype(np.int64)]
        return
    sides = [numbered.filter(pl.col("lang") == lang).drop("lang") for lang in LANGUAGES]
    pairs = sides[0].join(sides[1], on=["edition", "paragraph"], how="inner", suffix="_2").sort("edition", "paragraph")
    if rows.height and not pairs.height:
        raise ContractError(f"no edition has paragraphs of the same number in {' and '.join(LANGUAGES)} to pool")
    for (edition,), part in pairs.group_by(["edition"], maintain_order=True):
        columns = [part[name].to_numpy().astype(np.int64) for name in ("row", "row_2")]
        yield int(edition), LANGUAGES, columns
