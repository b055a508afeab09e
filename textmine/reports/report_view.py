"""A report as its outline, with counts: what a terminal and a notebook show of it."""

from collections import Counter
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textmine.reports.model import Report


def describe_report(report: "Report") -> str:
    """Return one line: year, language, symbol, and how much there is of what."""
    edition = report.edition
    name = " ".join(filter(None, [str(edition.year), edition.lang, edition.symbol, edition.corpus]))
    counts = (
        f"{len(report.paragraphs)} paragraphs",
        f"{len(report.headings)} headings",
        f"{len(report.footnotes)} footnotes",
        f"{len(report.warnings)} warnings",
    )
    return f"Report({_show(name)}: {', '.join(counts)})"


def show_outline(report: "Report") -> str:
    """Return the headings as indented lines, each with the number of paragraphs below it, and the warnings."""
    below = _count_below(report)
    lines = [describe_report(report), _show(report.edition.title)]
    lines += [f"{'  ' * heading.level}{_show(str(heading))} ({below[heading.number]})" for heading in report.headings]
    return "\n".join(filter(None, [*lines, *(f"warning: {_show(str(item))}" for item in report.warnings)]))


def outline_html(report: "Report") -> str:
    """Return the outline as a table, all text escaped; indentation and level say the same."""
    below = _count_below(report)
    lang = escape(report.edition.lang, quote=True)
    rows = "".join(
        f"<tr><td>{heading.level}</td><td lang='{lang}' style='text-align:left;padding-left:{heading.level}em'>"
        f"<bdi>{_html(str(heading))}</bdi></td><td>{below[heading.number]}</td></tr>"
        for heading in report.headings
    )
    heads = "".join(f"<th scope='col'>{name}</th>" for name in ("level", "heading", "paragraphs"))
    warnings = "".join(f"<li>{_html(str(item))}</li>" for item in report.warnings)
    return (
        f"<table><caption>{_html(describe_report(report))} <bdi>{_html(report.edition.title)}</bdi></caption>"
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        + (f"<p>Warnings:</p><ul>{warnings}</ul>" if warnings else "")
    )


def _count_below(report: "Report") -> Counter[int]:
    """Count the paragraphs below each heading, those of its sub-headings too."""
    return Counter(heading.number for paragraph in report.paragraphs for heading in report.heading_path(paragraph))


def _show(text: str) -> str:
    """Return text with what doesn't print, such as direction and escape characters, made visible."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape", "surrogatepass").decode("ascii")
        for character in text
    )


def _html(text: str) -> str:
    return escape(_show(text), quote=True)
