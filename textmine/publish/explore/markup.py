"""What the widget shows as HTML: passages, concordances, topics, comparisons. All text is escaped."""

from collections.abc import Iterable
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl

from textmine.measure.topic_view import show_html
from textmine.publish.controls import show_controls
from textmine.publish.explore.concordance import Concordance

if TYPE_CHECKING:
    from textmine.measure.topic_tables import Topics
    from textmine.publish.explore.passages import Passage, PassageText

#: Colours of our own on a ground of our own, so that contrast is the same in a dark theme (12:1 and more).
STYLE = (
    "<style>.tm{background:#fff;color:#1a1a1a;padding:4px 8px;line-height:1.5;overflow-wrap:anywhere}"
    ".tm table{border-collapse:collapse;width:100%}.tm .passage{table-layout:fixed}"
    ".tm td,.tm th{padding:3px 8px;vertical-align:top;text-align:left;"
    "color:#1a1a1a;background:#fff}.tm mark{background:#ffe08a;color:#1a1a1a;font-weight:bold;"
    "border-bottom:2px solid #7a4d00}.tm .quiet{color:#4d4d4d}.tm .right{text-align:right}.tm .node{font-weight:bold;"
    "white-space:nowrap}.tm h4{margin:8px 0 2px;color:#1a1a1a}.tm sup a{color:#0b4f8a}</style>"
)
#: Keys on each side of a comparison.
TOP = 12


def show_passages(passages: "Iterable[Passage]", title: str = "") -> str:
    """Return passages with spans marked, languages side by side, footnotes below, and what the marks mean."""
    passages = list(passages)
    legend = (
        "<p class='quiet'><mark>marked</mark>: where the text says so; other paragraphs have it from a heading.</p>"
    )
    head = f"<h4>{_text(title)}</h4>" if title else ""
    body = "".join(_passage(passage) for passage in passages) or "<p>No paragraph here.</p>"
    return f"{STYLE}<div class='tm' role='region' aria-label='Paragraphs'>{head}{legend}{body}</div>"


def show_kwic(found: Concordance) -> str:
    """Return a concordance as a table, left context right-aligned so that the nodes stand below each other."""
    rows = "".join(
        f"<tr><td>{row[0]} {row[1]} {row[2]}</td><td class='right' lang='{row[1]}'>{_text(row[5])}</td>"
        f"<td class='node'><mark>{_text(row[6])}</mark></td><td lang='{row[1]}'>{_text(row[7])}</td></tr>"
        for row in found.table.iter_rows()
    )
    shown = f"{found.n} places" + (f", the first {found.table.height} shown" if found.table.height < found.n else "")
    heads = "".join(f"<th scope='col'>{name}</th>" for name in ("paragraph", "left", "node", "right"))
    table = f"<table><caption>{shown}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    return f"{STYLE}<div class='tm'>{table}</div>"


def show_topics(found: "Iterable[Topics]") -> str:
    """Return the topics of each language as a table."""
    tables = "".join(show_html(item.topics, item.terms) for item in found)
    return f"{STYLE}<div class='tm'>{tables}</div>"


def show_comparison(table: pl.DataFrame, *, level: float = 0.05) -> str:
    """Return the strongest keys of both spans for each language, those of a false-discovery rate up to a level."""
    parts = []
    for (lang, by), part in table.partition_by("lang", "by", as_dict=True, maintain_order=True).items():
        key = part.filter(pl.col("q") <= level)
        sides = []
        for sign, name in ((1, "target"), (-1, "reference")):
            strongest = key.filter(sign * pl.col("z") > 0).sort(pl.col("z").abs(), "term", descending=[True, False])
            items = "".join(
                f"<li>{_text(row['term'])} <span class='quiet'>z {row['z']:.1f}; {row['n_target']} and "
                f"{row['n_reference']} times</span></li>"
                for row in strongest.head(TOP).iter_rows(named=True)
            )
            sides.append(f"<td lang='{lang}'><b>{_text(part[name][0])}</b><ol>{items or '<li>nothing</li>'}</ol></td>")
        parts.append(f"<h4>{lang}, {_text(by)}</h4><table><tr>{''.join(sides)}</tr></table>")
    return f"{STYLE}<div class='tm'>{''.join(parts) or '<p>Nothing to compare.</p>'}</div>"


def _passage(passage: "Passage") -> str:
    heads = "".join(f"<th scope='col'>{_head(text)}</th>" for text in passage.texts.values())
    cells = "".join(f"<td lang='{lang}'>{_body(text)}</td>" for lang, text in passage.texts.items())
    return f"<table class='passage'><thead><tr>{heads}</tr></thead><tbody><tr>{cells}</tr></tbody></table>"


def _head(text: "PassageText") -> str:
    says = "" if text.is_evidence else " (not tagged in this language)"
    above = " &gt; ".join(map(_text, text.headings))
    return f"{_text(text.citation)}{says}<br><span class='quiet'>{above}</span>"


def _body(text: "PassageText") -> str:
    """Return a paragraph's text: marks around spans, footnote numbers where their markers stood."""
    content = text.paragraph.text
    notes = {note.number: note for note in text.footnotes}
    edges = sorted({0, len(content), *(edge for span in text.spans for edge in span)})
    refs = sorted((ref.offset, ref.number) for ref in text.paragraph.refs)
    parts: list[str] = []
    for start, end in pairwise(edges):
        inside = any(first <= start and end <= last for first, last in text.spans)
        at, piece = start, ""
        for offset, number in refs:
            if start < offset <= end or (offset == 0 == start):
                said = escape(show_controls(notes[number].text), quote=True) if number in notes else "no such footnote"
                piece += _text(content[at:offset]) + f"<sup tabindex='0' title='{said}'>[{number}]</sup>"
                at = offset
        piece += _text(content[at:end])
        parts.append(f"<mark>{piece}</mark>" if inside else piece)
    below = "".join(f"<br><span class='quiet'>[{note.number}] {_text(note.text)}</span>" for note in text.footnotes)
    return "".join(parts) + below


def _text(text: str) -> str:
    return escape(show_controls(text), quote=True)
