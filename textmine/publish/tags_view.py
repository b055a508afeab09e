"""Tags by concept, as a person reads them: how many paragraphs, which years, which words."""

from html import escape

import polars as pl

from textmine.publish.controls import show_controls
from textmine.schema import PARAGRAPH_KEY, check_table

#: Surfaces named for each concept, the most frequent first.
N_SURFACES = 5


class TagsByConcept:
    """What :func:`show_tags` returns: ``table`` has a row for each concept and language.

    Columns ``scheme``, ``concept``, ``lang``, ``paragraphs``, ``tags``, ``by_heading``, ``first``, ``last`` (editions)
    and ``surfaces``, sorted by scheme, number of paragraphs and concept.
    """

    def __init__(self, table: pl.DataFrame) -> None:
        self.table = table

    def __repr__(self) -> str:
        lines = []
        for (scheme,), part in self.table.partition_by("scheme", as_dict=True, maintain_order=True).items():
            lines.append(show_controls(str(scheme)))
            for row in part.iter_rows(named=True):
                words = ", ".join(f"{surface} {n}" for surface, n in row["surfaces"])
                lines.append(
                    f"  {show_controls(row['concept'])} [{row['lang']}]: {row['paragraphs']} paragraphs, "
                    f"{row['first']}-{row['last']}: {show_controls(words)}"
                )
        return "\n".join(lines) or "no tags"

    def _repr_html_(self) -> str:
        heads = (
            "scheme",
            "concept",
            "text",
            "paragraphs",
            "tags",
            "by heading",
            "first",
            "last",
            "most frequent words",
        )
        body = []
        for row in self.table.iter_rows(named=True):
            words = ", ".join(f"{_html(surface)}&nbsp;{n}" for surface, n in row["surfaces"])
            names = ("scheme", "concept", "lang", "paragraphs", "tags", "by_heading", "first", "last")
            cells = "".join(f"<td>{_html(str(row[name]))}</td>" for name in names)
            body.append(f"<tr>{cells}<td lang='{_html(row['lang'])}' style='text-align:left'>{words}</td></tr>")
        head = "".join(f"<th scope='col'>{name}</th>" for name in heads)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"


def show_tags(tags: pl.DataFrame) -> TagsByConcept:
    """Group tags by concept, to be read in a terminal or a notebook.

    Parameters
    ----------
    tags : polars.DataFrame
        Table ``tags``.

    Examples
    --------
    >>> from textmine.schema import make_table
    >>> place = {"edition": 2011, "lang": "zh", "paragraph": 3, "start": 0, "end": 3, "surface": "云计算"}
    >>> tag = {"scheme": "trend", "concept": "cloud", "evidence": "text", "score": 1.0}
    >>> show_tags(make_table("tags", [place | tag]))
    trend
      cloud [zh]: 1 paragraphs, 2011-2011: 云计算 1
    """
    check_table(tags, "tags")
    key = ["scheme", "concept", "lang"]
    counted = tags.group_by(key).agg(
        pl.struct(PARAGRAPH_KEY).n_unique().alias("paragraphs"),
        pl.len().alias("tags"),
        (pl.col("evidence") == "heading").sum().alias("by_heading"),
        pl.col("edition").min().alias("first"),
        pl.col("edition").max().alias("last"),
    )
    words = tags.filter(pl.col("start").is_not_null()).group_by(*key, "surface").len("n")
    words = words.sort(*key, "n", "surface", descending=[False, False, False, True, False])
    found: dict[tuple[str, ...], list[tuple[str, int]]] = {}
    for scheme, concept, lang, surface, n in words.iter_rows():
        listed = found.setdefault((scheme, concept, lang), [])
        if len(listed) < N_SURFACES:
            listed.append((surface, n))
    table = counted.sort("scheme", "paragraphs", "concept", "lang", descending=[False, True, False, False])
    surfaces = [found.get(row, []) for row in table.select(key).iter_rows()]
    return TagsByConcept(table.with_columns(pl.Series("surfaces", surfaces, dtype=pl.Object)))


def _html(text: str) -> str:
    return escape(show_controls(text), quote=True)
