"""A form added to the taxonomy of an exploration, and its texts tagged with that."""

from pathlib import Path

from textmine.annotate.annotate import annotate_on_demand
from textmine.annotate.match import Matcher
from textmine.annotate.taxonomy import load_taxonomy
from textmine.annotate.taxonomy_edit import add_form
from textmine.errors import ContractError, TaxonomyError
from textmine.publish.explore.exploration import Exploration
from textmine.publish.study import Study


def add_own_form(look: Exploration, concept: str, lang: str, form: str, *, folder: Path, taxonomy: Path | None) -> Path:
    """Add a form to a concept of the chosen scheme, in a folder of one's own, and return the file with it.

    Parameters
    ----------
    look : Exploration
    concept, lang, form : str
        See :func:`textmine.annotate.taxonomy_edit.add_form`.
    folder : Path
        Of one's own taxonomy.
    taxonomy : Path or None
        That the exploration was opened with.

    Raises
    ------
    TaxonomyError
        When the study has another taxonomy, or as ``add_form`` says.
    """
    if load_taxonomy(taxonomy).sha256 != look.study.taxonomy.sha256:
        raise TaxonomyError("this study has another taxonomy; say which: explore(..., taxonomy=FOLDER)")
    return add_form(f"{look.choice.scheme}:{concept}", lang, form, path=folder, taxonomy=taxonomy)


def retag(look: Exploration, taxonomy: Path) -> Exploration:
    """Return an exploration of the same texts with a taxonomy; choice and corrections stay with the old one.

    Parameters
    ----------
    look : Exploration
        Stays as it is.
    taxonomy : Path

    Raises
    ------
    ContractError
        For features, which hold no text to tag.
    """
    study = look.study
    if not study.reports:
        raise ContractError(f"{study.name} holds no text to tag with {taxonomy}")
    matcher = Matcher(load_taxonomy(taxonomy))
    tables = annotate_on_demand(study.reports, matcher=matcher)
    again = Study(tables, matcher.taxonomy, name=study.name, reports=study.reports)
    return Exploration(again, taxonomy=taxonomy)
