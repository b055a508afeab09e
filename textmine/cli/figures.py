"""`textmine figures` and `textmine verify`: figures with their ledgers, and whether they still hold."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from textmine.cli.app import app
from textmine.cli.options import Corpus, TaxonomyPath
from textmine.cli.terminal import open_console, plain_text, show_progress
from textmine.errors import UnknownOptionError

_WIDTHS = {"one": "ONE_COLUMN", "two": "TWO_COLUMNS"}


@app.command()
def figures(
    names: Annotated[
        list[str] | None, typer.Argument(help="Figures to make; default: all.", show_default=False)
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the figures.")] = Path("textmine-out/figures"),
    corpus: Corpus = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="A parameter, such as --set n_resamples=500; repeatable.")
    ] = None,
    width: Annotated[str | None, typer.Option(help="Column width: one or two; default: the figure's own.")] = None,
    list_: Annotated[bool, typer.Option("--list", help="List the figures and their parameters.")] = False,
    taxonomy: TaxonomyPath = None,
) -> None:
    """Make figures, each with data, captions in both languages, and the ledger of its claims."""
    from textmine.atomic import check_folder
    from textmine.publish import figure as sizes
    from textmine.publish.gallery import choose_gallery
    from textmine.publish.produce import publish_figure
    from textmine.publish.recipe import find_recipe
    from textmine.publish.study import open_study

    console, chosen = open_console(), choose_gallery(names)
    if list_:
        for item in chosen:
            recipe = find_recipe(item.recipe)
            options = ", ".join(f"{key}={json.dumps(value)}" for key, value in recipe.complete(item.parameters).items())
            console.print(plain_text(f"{item.name} ({recipe.name}): {options}"))
        return
    if width is not None and width not in _WIDTHS:
        raise UnknownOptionError("width", width, _WIDTHS)
    parameters = dict(map(_parse_parameter, set_ or []))
    for item in chosen:
        find_recipe(item.recipe).complete(parameters)  # a wrong parameter stops the run before the work
    check_folder(out)
    studies: dict[str | None, Any] = {}
    with show_progress() as say:
        for item in chosen:
            if item.study not in studies:
                studies[item.study] = open_study(item.study or corpus, taxonomy=taxonomy, progress=say)
            say(f"drawing {item.name}")
            ledger = publish_figure(
                studies[item.study],
                item.recipe,
                out,
                name=item.name,
                parameters={**item.parameters, **parameters},
                width=getattr(sizes, _WIDTHS[width]) if width else None,
            )
            places = sum(len(claim.evidence) for claim in ledger.claims)
            console.print(plain_text(f"{out / item.name}: {len(ledger.claims)} claims, {places} places as evidence"))


@app.command()
def verify(
    folder: Annotated[Path, typer.Argument(help="Folder with figures, or the ledger of one.")] = Path("figures"),
    corpus: Corpus = None,
    taxonomy: TaxonomyPath = None,
    corrections: Annotated[
        Path | None, typer.Option(help="Verdicts on tags that `textmine run` was given.", show_default=False)
    ] = None,
) -> None:
    """Compute every claim of the figures again; name the first difference of each and fail if there is one."""
    from textmine.publish.verify import verify_figures

    verdicts = []
    with show_progress() as say:
        found = verify_figures(folder, corpus=corpus, taxonomy=taxonomy, corrections=corrections, progress=say)
        verdicts = list(found)
    console = open_console()
    for verdict in verdicts:
        state = f"{verdict.n_claims} claims hold" if verdict.difference is None else f"DIFFERS: {verdict.difference}"
        console.print(plain_text(f"{verdict.ledger.stem}: {state}"))
    wrong = sum(verdict.difference is not None for verdict in verdicts)
    console.print(f"{len(verdicts) - wrong} of {len(verdicts)} figures verified")
    if wrong:
        raise SystemExit(1)


def _parse_parameter(text: str) -> tuple[str, Any]:
    """Read NAME=VALUE; the value is JSON, or else a word or a list of words with commas."""
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UnknownOptionError("parameter", text, "NAME=VALUE")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value.split(",") if "," in value else value
