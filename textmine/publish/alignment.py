"""A reused text with what was taken out and put in marked, for the terminal and for a page."""

from collections.abc import Iterable
from html import escape

from rich.text import Text

from textmine.measure.alignment import EQUAL, Step, align_texts
from textmine.publish.controls import show_controls

#: Marks around what was taken out and put in, so that it shows without colour too (those of ``git diff --word-diff``).
OUT, IN = ("[-", "-]"), ("{+", "+}")


def mark_changes(source: str, text: str) -> Text:
    """Return what became of a source, for the terminal; control characters are shown.

    Examples
    --------
    >>> mark_changes("Some 2 billion users.", "Some 3 billion new users.").plain
    'Some [-2-]{+3+} billion {+new +}users.'
    """
    marked = Text()
    for step, before, after in _stretches(source, text):
        if step.kind == EQUAL:
            marked.append(show_controls(after))
            continue
        if before:
            marked.append(OUT[0] + show_controls(before) + OUT[1], style="red")
        if after:
            marked.append(IN[0] + show_controls(after) + IN[1], style="green")
    return marked


def changes_html(source: str, text: str) -> str:
    """Return what became of a source as HTML: ``del`` and ``ins`` in a paragraph, all else escaped.

    Examples
    --------
    >>> changes_html("R & D", "R & E")
    '<p>R &amp; <del>D</del><ins>E</ins></p>'
    """
    parts = []
    for step, before, after in _stretches(source, text):
        if step.kind == EQUAL:
            parts.append(_safe(after))
            continue
        parts += [f"<del>{_safe(before)}</del>"] * bool(before) + [f"<ins>{_safe(after)}</ins>"] * bool(after)
    return f"<p>{''.join(parts)}</p>"


def changes_page(title: str, pairs: Iterable[tuple[str, str, str, str]]) -> str:
    """Return a page of alignments: language, caption, source and text of each."""
    parts = [
        f'<section lang="{_safe(lang)}"><h2>{_safe(caption)}</h2>\n{changes_html(source, text)}\n</section>'
        for lang, caption, source, text in pairs
    ]
    style = "del{background:#fdd}ins{background:#dfd}body{max-width:45em;margin:2em auto;font-family:sans-serif}"
    head = f'<meta charset="utf-8"><title>{_safe(title)}</title><style>{style}</style>'
    return (
        f"<!DOCTYPE html>\n<html><head>{head}</head>\n<body><h1>{_safe(title)}</h1>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def _stretches(source: str, text: str) -> list[tuple[Step, str, str]]:
    return [
        (step, source[step.source_start : step.source_end], text[step.start : step.end])
        for step in align_texts(source, text)
    ]


def _safe(text: str) -> str:
    return escape(show_controls(text))
