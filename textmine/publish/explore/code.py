"""The calls of the public API that make the table which an exploration shows."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from textmine.measure.reuse import KEEP
from textmine.publish.explore.choice import Choice
from textmine.publish.explore.concordance import LIMIT

#: Settings of a Choice that measures take, with what they take when nothing is said.
_MEASURE = {"evidence": "any", "confidence": 0.95, "n_resamples": 2000, "seed": None}


def write_opening(name: str | None, *, taxonomy: Path | None, corrections: Path | None, unnamed: str) -> list[str]:
    """Return the lines that open a study.

    Parameters
    ----------
    name : str or None
        What :func:`textmine.publish.study.open_study` takes; None where the study was made by hand.
    taxonomy, corrections : Path or None
    unnamed : str
        What to say of a study that has no name.
    """
    lines = ["import textmine", ""]
    if name is None:
        lines.append(f"# study: {unnamed}")
    else:
        lines.append(_call("study = textmine.open_study", name, taxonomy=None if taxonomy is None else str(taxonomy)))
    if corrections is not None:
        lines.append(f"corrections = textmine.load_corrections({str(corrections)!r})")
    return lines


def write_narrowing(choice: Choice, *, corrected: bool) -> list[str]:
    """Return the lines that narrow a study's tables to what is chosen."""
    options: dict[str, object] = {"langs": list(choice.langs), "years": choice.years}
    if choice.region is not None:
        options["region"] = choice.region
    if choice.action_line is not None:
        options["action_line"] = choice.action_line
    if choice.reuse != KEEP:
        options["reuse"] = choice.reuse
    lines = [f"    {name}={value!r}," for name, value in options.items()]
    lines += ["    corrections=corrections,"] if corrected else []
    return ["tables = textmine.narrow_tables(", "    study,", *lines, ")"]


def write_measure(kind: str, choice: Choice, options: Mapping[str, Any]) -> list[str]:
    """Return the lines that make a table from narrowed ones.

    Parameters
    ----------
    kind : {'trend', 'concordance', 'compare', 'topics'}
    choice : Choice
    options : mapping of str to object
        What the exploration was asked for beside the choice.
    """
    if kind == "trend":
        return _write_trend(choice)
    if kind == "concordance":
        return _write_concordance(choice, options)
    if kind == "compare":
        parents = "parents={scheme.name: scheme.parents for scheme in study.taxonomy.schemes}"
        spans = (f"range({span.start}, {span.stop})" for span in (options["first"], options["second"]))
        return _write_call("table = textmine.compare_years", "tables", *spans, parents, by=options["by"])
    found = _write_call("topics = textmine.find_topics", "tables", n_topics=options["n_topics"])
    return [*found, 'table = textmine.tabulate_topics(topics)["topics"]']


def _write_trend(choice: Choice) -> list[str]:
    options = {name: getattr(choice, name) for name, usual in _MEASURE.items() if getattr(choice, name) != usual}
    return [
        "table = textmine.measure_shares(",
        '    tables["paragraphs"],',
        '    tables["tags"],',
        f"    scheme={choice.scheme!r},",
        f"    concepts={list(choice.concepts)!r},",
        f"    parents=study.taxonomy.scheme({choice.scheme!r}).parents,",
        *(f"    {name}={value!r}," for name, value in options.items()),
        ")",
    ]


def _write_concordance(choice: Choice, options: Mapping[str, Any]) -> list[str]:
    rest = {"window": options["window"]} | ({"limit": options["limit"]} if options["limit"] != LIMIT else {})
    limit = ["limit=None"] if options["limit"] is None else []
    if options["concept"] is None:
        flags = {"regex": True} if options["regex"] else {}
        query = repr(options["query"])
        made = _write_call("table = textmine.find_concordance", 'tables["paragraphs"]', query, *limit, **flags, **rest)
    else:
        tags = f'tables["tags"].filter(scheme={choice.scheme!r}, concept={options["concept"]!r})'
        made = _write_call("table = textmine.list_concordance", 'tables["paragraphs"]', tags, *limit, **rest)
    return [*made[:-1], ").table"]


def _write_call(function: str, *arguments: str, **options: object) -> list[str]:
    """Return the lines of a call with arguments as they are and options by their values; None is left out."""
    lines = [f"    {argument}," for argument in arguments]
    lines += [f"    {name}={value!r}," for name, value in options.items() if value is not None]
    return [f"{function}(", *lines, ")"]


def _call(function: str, *arguments: object, **options: object) -> str:
    parts = [repr(argument) for argument in arguments]
    parts += [f"{name}={value!r}" for name, value in options.items() if value is not None]
    return f"{function}({', '.join(parts)})"
