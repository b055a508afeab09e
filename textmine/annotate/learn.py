"""What a lexicon learns of corrections: spans that a reader added become forms of a taxonomy of one's own."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from textmine.annotate.corrections import Correction, latest_corrections
from textmine.annotate.match import Matcher
from textmine.annotate.taxonomy import load_taxonomy
from textmine.annotate.taxonomy_edit import add_form


class LearnedForm(NamedTuple):
    """A form that a concept of a scheme got."""

    scheme: str
    concept: str
    lang: str
    form: str


def learn_forms(
    corrections: Iterable[Correction], *, path: str | Path, taxonomy: Path | None = None
) -> list[LearnedForm]:
    """Add to a taxonomy of one's own the phrases that a reader tagged and the matcher doesn't find.

    A form is right everywhere or nowhere. So only accepted spans are learned from; a rejected one says nothing of the
    form elsewhere: it stays in the lexicon, and its tag is taken out where corrections are applied.

    Parameters
    ----------
    corrections : iterable of Correction
        Of several on the same spot the last counts. Those without ``surface`` teach nothing.
    path : str or Path
        Folder of one's own taxonomy; see :func:`textmine.annotate.taxonomy_edit.add_form`, which keeps a copy of each
        file before it is changed.
    taxonomy : Path, optional
        What is copied to `path` where it has no TOML file yet; default: the taxonomy that ships with textmine.

    Returns
    -------
    list of LearnedForm
        In the order of the corrections' places; none twice. The same corrections again teach nothing.

    Raises
    ------
    UnknownOptionError
        For a concept that the taxonomy doesn't have.
    TaxonomyError
        For a phrase that is a form of another concept of the scheme, or none that a taxonomy can have; what was learned
        before it stays.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> added = Correction(2011, "en", 3, "trend", "cloud", "accept", 0, 13, "sky computing")
    >>> with TemporaryDirectory() as folder:
    ...     learn_forms([added], path=folder), learn_forms([added], path=folder)
    ([LearnedForm(scheme='trend', concept='cloud', lang='en', form='sky computing')], [])
    """
    path = Path(path)
    own = path.is_file() or any(path.glob("*.toml"))
    matcher = Matcher(load_taxonomy(path if own else taxonomy))
    learned: list[LearnedForm] = []
    for item in latest_corrections(corrections):
        if item.verdict != "accept" or not item.surface:
            continue
        matcher.taxonomy.concept(item.scheme, item.concept)
        whole = (0, len(item.surface), item.scheme, item.concept)
        if whole in matcher.find(item.surface):
            continue
        add_form(f"{item.scheme}:{item.concept}", item.lang, item.surface, path=path, taxonomy=taxonomy)
        learned.append(LearnedForm(item.scheme, item.concept, item.lang, item.surface))
        matcher = Matcher(load_taxonomy(path))
    return learned
