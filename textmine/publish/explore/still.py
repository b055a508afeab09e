"""A still of an exploration: its trend as a picture, for where widgets don't run."""

import polars as pl

from textmine.annotate.tag import ACTION_LINE
from textmine.measure.reuse import DROP
from textmine.publish.explore.exploration import Exploration
from textmine.publish.explore.narrow import REGION
from textmine.publish.figures.concept_shares import figure_labels
from textmine.publish.plot import draw_share_trends
from textmine.publish.words import name_corpora

#: Concepts drawn, in one row; more would take longer than a reader waits for a widget.
DRAWN = 4


def draw_still(look: Exploration, shares: pl.DataFrame) -> bytes:
    """Return the trend of an exploration, of its first concepts, as PNG.

    Parameters
    ----------
    look : Exploration
    shares : polars.DataFrame
        Its trend; the same one gives the same bytes.

    Raises
    ------
    ContractError
        When the trend has nothing to draw.
    """
    drawn = look.choice.concepts[:DRAWN]
    scheme = look.study.taxonomy.scheme(look.choice.scheme)
    figure = draw_share_trends(
        shares.filter(pl.col("concept").is_in(drawn)),
        concepts=drawn,
        labels=figure_labels(scheme, "en"),
        title=_title(look, scheme.titles["en"]),
        n_columns=len(drawn),
    )
    figure.set_layout_engine("none")  # it is laid out already
    return figure._repr_png_()


def _title(look: Exploration, scheme: str) -> str:
    chosen, taxonomy = look.choice, look.study.taxonomy
    parts = [scheme]
    if len(chosen.concepts) > DRAWN:
        parts.append(f"the first {DRAWN} of {len(chosen.concepts)} chosen")
    for name, concept in ((REGION, chosen.region), (ACTION_LINE, chosen.action_line)):
        if concept is not None:
            parts.append(f"in paragraphs on {taxonomy.concept(name, concept).labels['en']}")
    if chosen.reuse == DROP:
        parts.append("recycled paragraphs left out")
    if look.corrections:
        parts.append(f"tags corrected by a reader in {len(look.corrections)} places")
    return "; ".join([*parts, *name_corpora(look.study.corpora, "en")])
