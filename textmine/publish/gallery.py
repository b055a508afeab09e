"""The figures that textmine makes of a corpus: names, kinds, parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from textmine.errors import UnknownOptionError


@dataclass(frozen=True, slots=True)
class GalleryFigure:
    """A figure of the gallery; ``study`` is None where it is made on whatever corpus is chosen."""

    name: str
    recipe: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    study: str | None = None


_LINES = {"scheme": "action_line", "evidence": "heading"}

GALLERY = (
    GalleryFigure("corpus", "corpus-sizes"),
    GalleryFigure("trends-2011", "edition-shares", study="features/2011.zh"),
    GalleryFigure("action-lines-2011", "edition-shares", _LINES, study="features/2011.zh"),
    GalleryFigure("trends", "share-trends"),
    GalleryFigure("action-lines", "share-trends", _LINES),
    GalleryFigure("action-line-map", "share-heat-map", _LINES),
    GalleryFigure("trend-stack", "mention-stack"),
    GalleryFigure("trend-ranks", "rank-bumps"),
    GalleryFigure("agreement-trends", "agreement-forest"),
    GalleryFigure("tagging-error", "tagging-error", {"first": 2019}),
    GalleryFigure("keyness", "keyness-dots"),
    GalleryFigure("reuse", "reuse-strip"),
    GalleryFigure("novelty", "novelty-lines"),
    GalleryFigure("who-does-what", "who-does-what"),
    GalleryFigure("topics", "topic-panels"),
    GalleryFigure("word-cuts", "word-cuts", study="sample"),
)


def choose_gallery(names: list[str] | None = None) -> list[GalleryFigure]:
    """Return the named figures of the gallery, or all.

    Examples
    --------
    >>> [figure.recipe for figure in choose_gallery(["trends"])]
    ['share-trends']
    """
    known = {figure.name: figure for figure in GALLERY}
    for name in names or ():
        if name not in known:
            raise UnknownOptionError("figure", name, sorted(known))
    return [known[name] for name in dict.fromkeys(names or known)]
