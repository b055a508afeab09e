"""Which paragraphs' text a page holds: a browser can't hold that of a large corpus."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from textmine.errors import OutputError, UnknownOptionError
from textmine.publish.study import Study

ALL, EVIDENCE, NONE = "all", "evidence", "none"
TEXTS = (ALL, EVIDENCE, NONE)
#: Paragraphs held for each point of a trend, where not all are.
PER_POINT = 10
#: Megabytes (10⁶ bytes) of a page that a browser on any machine still opens well.
MAX_MB = 50.0

_Key = tuple[int, str, int]


def choose_paragraphs(
    text: str, tags: Mapping[_Key, Iterable[tuple[int, int, int | None, int | None, str]]], recycled: Collection[_Key]
) -> set[tuple[int, int]] | None:
    """Return edition and number of the paragraphs whose text a page holds, in all languages; None for all of them.

    Parameters
    ----------
    text : {'all', 'evidence', 'none'}
        ``evidence``: for each edition, language and concept the first :data:`PER_POINT` that speak of it, those that
        are not recycled first.
    tags : mapping
        Of edition, language and number to tags that begin with scheme and concept.
    recycled : collection
        Edition, language and number of the recycled paragraphs.

    Examples
    --------
    >>> tags = {(2011, "en", number): [(0, 5, 0, 3, "text")] for number in range(1, 41)}
    >>> sorted(number for _, number in choose_paragraphs("evidence", tags, {(2011, "en", 2)}))
    [1, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    """
    check_text(text)
    if text == ALL:
        return None
    chosen: set[tuple[int, int]] = set()
    if text == NONE:
        return chosen
    points: defaultdict[tuple[int, str, int, int], list[tuple[bool, int]]] = defaultdict(list)
    for key, rows in tags.items():
        edition, lang, number = key
        for scheme, concept in {row[:2] for row in rows}:
            points[edition, lang, scheme, concept].append((key in recycled, number))
    for (edition, *_), places in points.items():
        chosen |= {(edition, number) for _, number in sorted(places)[:PER_POINT]}
    return chosen


def check_text(text: str) -> str:
    """Return what text a page is to hold, if it is one of :data:`TEXTS`."""
    if text not in TEXTS:
        raise UnknownOptionError("text of the page", text, TEXTS)
    return text


def check_texts_fit(study: Study, max_mb: float) -> None:
    """Refuse texts that alone are too large for a page, before any long work."""
    n_bytes = sum(len(paragraph.text.encode()) for report in study.reports for paragraph in report.paragraphs)
    check_size(n_bytes, ALL, max_mb, least="at least ")


def check_size(n_bytes: int, text: str, max_mb: float, *, least: str = "") -> None:
    """Refuse a page that is larger than what was allowed, and say how to make it smaller."""
    if n_bytes <= max_mb * 1e6:
        return
    smaller = TEXTS[TEXTS.index(text) + 1 :]
    hold = f"let it hold less text (--text {' or '.join(smaller)}), " if smaller else ""
    raise OutputError(
        f"the page would have {least}{n_bytes / 1e6:.1f} MB, more than {max_mb:g} MB: {hold}choose fewer reports, or "
        "allow more (--max-mb)"
    )
