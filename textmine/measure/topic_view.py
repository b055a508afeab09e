"""Topics as a person reads them: a row of terms each, in plain text or HTML."""

from html import escape

import polars as pl

#: Terms in a row.
N_SHOWN = 8


def show_plain(topics: pl.DataFrame, terms: pl.DataFrame) -> str:
    """Return a line for each topic: stable or not, share, recovery, terms."""
    lines = [describe(topics)]
    for row in topics.iter_rows(named=True):
        mark = "*" if row["stable"] else " "
        names = ", ".join(_names(terms, row["topic"]))
        lines.append(f"{mark}{row['topic']:>3}  {row['share']:>6.1%}  back {row['recovery']:>4.0%}  {names}")
    return "\n".join(lines)


def show_html(topics: pl.DataFrame, terms: pl.DataFrame) -> str:
    """Return a table with a row for each topic, all text escaped; topics that aren't stable are grey."""
    heads = ("topic", "share", "recovery", "p", "NPMI", "exclusivity", "terms")
    cells = "".join(f"<th>{head}</th>" for head in heads)
    body = []
    for row in topics.iter_rows(named=True):
        style = "" if row["stable"] else ' style="color:#888"'
        numbers = (
            f"{row['topic']}{'*' if row['stable'] else ''}",
            f"{row['share']:.1%}",
            f"{row['recovery']:.0%}",
            f"{row['p']:.2g}",
            f"{row['npmi']:.2f}",
            f"{row['exclusivity']:.2f}",
        )
        data = "".join(f"<td>{number}</td>" for number in numbers)
        names = escape(", ".join(_names(terms, row["topic"])))
        body.append(f'<tr{style}>{data}<td style="text-align:left">{names}</td></tr>')
    caption = f"<caption>{escape(describe(topics))}</caption>"
    return f"<table>{caption}<thead><tr>{cells}</tr></thead><tbody>{''.join(body)}</tbody></table>"


def describe(topics: pl.DataFrame) -> str:
    """Say in a line what the table holds."""
    n, stable = topics.height, int(topics["stable"].sum())
    first = topics.row(0, named=True)
    lang = f", {first['lang']}" if first["lang"] else ""
    return f"{n} topics ({first['method'].upper()}{lang}), {stable} of them stable (*)"


def _names(terms: pl.DataFrame, topic: int) -> list[str]:
    return terms.filter((pl.col("topic") == topic) & (pl.col("rank") <= N_SHOWN))["term"].to_list()
