"""A figure with all that belongs to it: pictures in both languages, data, captions, ledger."""

import hashlib
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
from matplotlib.figure import Figure

from textmine.atomic import write_bytes
from textmine.publish.figure import save_pictures
from textmine.publish.ledger import Ledger, make_claims, write_ledger
from textmine.publish.recipe import Recipe, View, find_recipe
from textmine.publish.study import Study
from textmine.publish.tables import write_csv
from textmine.publish.words import word
from textmine.schema import LANGUAGES


class ShownFigure(NamedTuple):
    """A published figure at hand: drawn in one language, its data as in ``NAME.csv``, its ledger."""

    figure: Figure
    data: pl.DataFrame
    ledger: Ledger


def publish_figure(
    study: Study,
    recipe: str | Recipe,
    folder: str | Path,
    *,
    name: str | None = None,
    parameters: Mapping[str, Any] | None = None,
    langs: Iterable[str] = LANGUAGES,
    width: float | None = None,
) -> Ledger:
    """Make a figure of a study and write it with data, captions and ledger.

    Parameters
    ----------
    study : Study
    recipe : str or Recipe
        Kind of figure: a key of :data:`textmine.publish.recipe.RECIPES`.
    folder : str or Path
    name : str, optional
        Of the figure's files; default: the recipe's.
    parameters : mapping, optional
        Over the recipe's defaults.
    langs : iterable of {'en', 'zh'}
        Languages of the figure's words, one set of pictures each.
    width : float, optional
        In inches; default: the recipe's.

    Returns
    -------
    Ledger
        As written to ``NAME.json``. Beside it: ``NAME.csv``, and for each language ``NAME-LANG.pdf``, ``.svg``,
        ``.png`` and the caption ``NAME-LANG.txt``.
    """
    return _publish(study, recipe, folder, name=name, parameters=parameters, langs=tuple(langs), width=width).ledger


def show_figure(
    study: Study,
    recipe: str | Recipe,
    folder: str | Path,
    *,
    name: str | None = None,
    lang: str = "en",
    parameters: Mapping[str, Any] | None = None,
    width: float | None = None,
) -> ShownFigure:
    """Publish a figure as :func:`publish_figure` does, in all languages, and return it as a notebook shows it.

    Parameters
    ----------
    study, recipe, folder, name, parameters, width
        As of :func:`publish_figure`.
    lang : {'en', 'zh'}
        Language of the words of the figure that is returned.

    Returns
    -------
    ShownFigure
        ``figure`` shows itself in a notebook; ``data`` has what ``NAME.csv`` has; ``ledger`` is as ``NAME.json``.
    """
    word("edition_axis", lang)  # an unknown language before long work
    shown = _publish(study, recipe, folder, name=name, parameters=parameters, langs=LANGUAGES, width=width)
    return ShownFigure(shown.figures[lang], shown.data, shown.ledger)


class _Published(NamedTuple):
    figures: dict[str, Figure]
    data: pl.DataFrame
    ledger: Ledger


def _publish(
    study: Study,
    recipe: str | Recipe,
    folder: str | Path,
    *,
    name: str | None,
    parameters: Mapping[str, Any] | None,
    langs: tuple[str, ...],
    width: float | None,
) -> _Published:
    recipe = find_recipe(recipe) if isinstance(recipe, str) else recipe
    name, folder = name or recipe.name, Path(folder)
    chosen = recipe.complete(parameters)
    data, evidence = recipe.run(study, chosen)
    claims = make_claims(data, evidence)
    views = {
        lang: View(lang, width or recipe.width, study.taxonomy, tuple(study.corpora), chosen)
        for lang in (*langs, "en")  # the ledger's method is in English
    }
    captions = {lang: caption_figure(recipe, data, view) for lang, view in views.items()}
    written = [write_csv(data, folder / f"{name}.csv")]
    figures = {lang: recipe.draw(data, views[lang]) for lang in langs}
    for lang, figure in figures.items():
        written += save_pictures(figure, folder / f"{name}-{lang}")
        written.append(write_bytes(folder / f"{name}-{lang}.txt", (captions[lang] + "\n").encode()))
    ledger = Ledger(
        figure=name,
        recipe=recipe.name,
        parameters=chosen,
        study=study.name,
        version=version("textmine"),
        taxonomy_sha256=study.taxonomy.sha256,
        method=captions["en"],
        sources=study.sources,
        files={path.name: digest_file(path) for path in sorted(written)},
        claims=claims,
    )
    write_ledger(ledger, folder / f"{name}.json")
    return _Published(figures, data, ledger)


def caption_figure(recipe: Recipe, data: Any, view: View) -> str:
    """Return a figure's caption: what it shows, the method, and which corpora it draws from."""
    stop = " {}." if view.lang == "en" else "{}。"
    source = view.name_corpora()
    return recipe.describe(data, view) + stop.format(source[:1].upper() + source[1:])


def digest_file(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
