"""Pages made from the repository before each build: notebooks, gallery, API, tables, commands; never committed."""

import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

import textmine
from textmine import schema

DOCS = Path(__file__).resolve().parents[1]
ROOT = DOCS.parent
MADE = DOCS / "generated"
ROOMS = {
    "reports": "Reports: a file becomes a report",
    "annotate": "Annotate: paragraphs get tokens, tags and quantities",
    "measure": "Measure: tables become shares, tests and topics, with their uncertainty",
    "publish": "Publish: figures, claims and the paragraphs behind them",
}
#: Modules whose docstrings hold the formulas that the method pages explain; their objects aren't public names.
FORMULAS = """
    agreement association breaks bursts contingency counts detectable factors intervals keyness lifetime presence
    segmentation similar subset tagging_error topic_choice topic_match topic_quality trend
"""


def make_pages(app: Sphinx, config: Config) -> None:
    """Write every page that is made, and take away what an earlier build made and this one doesn't."""
    pages = {
        "gallery.md": gallery(),
        "tables.md": tables(),
        "commands.md": commands(),
        "api.rst": public_api(),
        "formulas.rst": modules("Formulas", [f"measure.{name}" for name in FORMULAS.split()]),
        "model.rst": modules("Reports and errors", ["reports.model", "errors"]),
        "notebooks.md": notebooks(),
    }
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        # Jupyter's anchors keep capitals, the site's don't.
        text = re.sub(r"\]\(#[\w-]+\)", lambda link: link[0].lower(), path.read_text(encoding="utf-8"))
        pages[f"notebooks/{path.name}"] = text
    for path in [*MADE.glob("*.*"), *MADE.glob("notebooks/*")]:
        if path.relative_to(MADE).as_posix() not in pages:
            path.unlink()
    names = {f"textmine.{name}.rst" for name in textmine.__all__}
    for path in MADE.glob("api/*.rst"):
        if path.name not in names:
            path.unlink()
    for name, text in pages.items():
        target = MADE / name
        target.parent.mkdir(parents=True, exist_ok=True)
        # Pages that stay the same keep their time, so that Sphinx reads only what changed.
        if not target.is_file() or target.read_text(encoding="utf-8") != text:
            target.write_text(text, encoding="utf-8")


def notebooks() -> str:
    """List the notebooks; each is a page of its own, as committed."""
    names = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
    tree = "\n".join(f"notebooks/{name}" for name in names)
    return f"""# Notebooks

Each asks one question and answers it in its last cell, with data, method, robustness and limits in between. They are
shown as committed, with the outputs that `nox -s notebooks` compares with a fresh run; a parameter in the first cell
chooses corpus and language.

```{{toctree}}
:maxdepth: 1

{tree}
```
"""


def gallery() -> str:
    """Show each figure of ``figures/`` in both languages, with its caption and all its files."""
    parts = [
        "# Gallery\n\nEvery figure of the notebooks, in English and Chinese. The ledger beside each leads from any "
        "mark to the paragraphs behind it ([how](../how-to/cite.md)); `textmine verify figures` computes all of them "
        "again. `textmine figures --list` names the kinds of figure that textmine makes of a corpus.\n"
    ]
    for ledger in sorted((ROOT / "figures").glob("*.json")):
        name, files = ledger.stem, json.loads(ledger.read_text(encoding="utf-8"))["files"]
        if lost := [file for file in files if not (ledger.parent / file).is_file()]:
            raise FileNotFoundError(f"figures/{ledger.name} names {', '.join(lost)}, which isn't there")
        captions = {lang: (ledger.parent / f"{name}-{lang}.txt").read_text(encoding="utf-8") for lang in ("en", "zh")}
        parts.append(f"## {captions['en'].split(':')[0]} ({name})\n")
        for lang, caption in captions.items():
            parts.append(
                f"```{{figure}} ../../figures/{name}-{lang}.png\n:alt: {name}, {lang}\n\n{caption.strip()}\n```\n"
            )
        links = " · ".join(
            f"{{download}}`{file.removeprefix(name).lstrip('-.')} <../../figures/{file}>`" for file in sorted(files)
        )
        parts.append(f"Files: {links} · {{download}}`ledger <../../figures/{ledger.name}>`\n")
    return "\n".join(parts)


def tables() -> str:
    """List the columns of every table."""
    parts = [
        "# Tables\n\nWhat passes between the rooms, and what `textmine run` writes: tidy tables with these columns, as "
        "`textmine/schema.py` defines them. Offsets are code points, half-open, into the paragraph's text; shares are "
        "fractions of 1; `edition` is the year; `section` is the language-free code of the innermost heading.\n"
    ]
    for name, columns in schema.TABLES.items():
        rows = "\n".join(f"| `{column}` | `{dtype}` |" for column, dtype in columns.items())
        parts.append(f"## {name}\n\n| column | type |\n|---|---|\n{rows}\n")
    return "\n".join(parts)


def commands() -> str:
    """Describe every command as its ``--help`` does."""
    write = ("-m", "typer", "textmine.cli", "utils", "docs", "--name", "textmine", "--title", "Commands")
    done = subprocess.run([sys.executable, *write], check=True, capture_output=True, encoding="utf-8")  # noqa: S603
    return done.stdout


def public_api() -> str:
    """List every public name under its room; autosummary writes a page for each."""
    by_room: dict[str, list[str]] = defaultdict(list)
    for name in textmine.__all__:
        by_room[textmine._HOMES[name].split(".")[1]].append(name)
    parts = [
        _title("API", "="),
        "Everything public is an attribute of :mod:`textmine`. A room uses only rooms above it.\n",
        ".. module:: textmine\n",
    ]
    for room, title in ROOMS.items():
        names = "\n".join(f"   {name}" for name in sorted(by_room.pop(room)))
        parts.append(f"{_title(title, '-')}\n.. autosummary::\n   :toctree: api\n   :nosignatures:\n\n{names}\n")
    if by_room:
        raise ValueError(f"rooms without a title in {__file__}: {sorted(by_room)}")
    return "\n".join(parts)


def modules(title: str, names: list[str]) -> str:
    """Document whole modules, but for what is public and has a page already."""
    parts = [_title(title, "=")]
    for name in names:
        module = f"textmine.{name}"
        public = ", ".join(sorted(name for name, home in textmine._HOMES.items() if home == module))
        exclude = f"   :exclude-members: {public}\n" if public else ""
        parts.append(f"{_title(module, '-')}\n.. automodule:: {module}\n   :members:\n{exclude}")
    return "\n".join(parts)


def _title(text: str, line: str) -> str:
    return f"{text}\n{line * len(text)}\n"


def setup(app: Sphinx) -> dict[str, bool]:
    """Make the pages before Sphinx looks for sources."""
    app.connect("config-inited", make_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
