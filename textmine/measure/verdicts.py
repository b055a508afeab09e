"""The tagger against a reader's corrections: of the tags judged one by one, how many the reader let stand."""

from collections.abc import Iterable, Sequence

import polars as pl

from textmine.annotate.corrections import Correction, latest_corrections
from textmine.errors import UnknownOptionError
from textmine.measure.intervals import wilson_bounds
from textmine.measure.series import check_fractions
from textmine.schema import PARAGRAPH_KEY, TABLES, check_table

_WHOLE = [*PARAGRAPH_KEY, "scheme", "concept"]
_SPOT = [*_WHOLE, "start", "end"]
_APART = ("lang", "scheme", "concept")


def score_verdicts(
    corrections: Iterable[Correction],
    tags: pl.DataFrame,
    *,
    by: Sequence[str] = ("scheme", "concept"),
    confidence: float = 0.95,
) -> pl.DataFrame:
    """Score tags against the verdicts on them.

    A verdict on a span is on the tag there; one on a paragraph as a whole is on the concept in that paragraph, however
    many tags it has.

    Parameters
    ----------
    corrections : iterable of Correction
        Of several on the same spot the last counts.
    tags : polars.DataFrame
        Table ``tags`` as the tagger makes them, not corrected.
    by : sequence of {'lang', 'scheme', 'concept'}
        What to count apart; empty for one row over all.
    confidence : float
        Of the interval.

    Returns
    -------
    polars.DataFrame
        The columns of ``by``, sorted, and of the verdicts on what the tagger makes: ``n_judged``, ``n_accepted``,
        ``precision`` (their quotient) with Wilson's (1927) bounds ``low`` and ``high``, null where nothing was judged.
        ``n_missed`` were accepted though the tagger doesn't make them, ``n_gone`` rejected though it doesn't.

    Raises
    ------
    UnknownOptionError
        For a column that nothing is counted apart by, or a confidence not between 0 and 1.

    Examples
    --------
    >>> from textmine.schema import empty_table
    >>> no = Correction(2011, "en", 3, "trend", "cloud", "reject", 0, 5, "cloud")
    >>> score_verdicts([no], empty_table("tags"), by=()).select("n_judged", "precision", "n_gone").row(0)
    (0, None, 1)
    """
    check_table(tags, "tags", without=("surface",))
    check_fractions(confidence=confidence)
    for name in by:
        if name not in _APART:
            raise UnknownOptionError("by", name, _APART)
    schema = {name: TABLES["tags"][name] for name in _SPOT}
    rows = [(*item.spot, item.verdict == "accept") for item in latest_corrections(corrections)]
    verdicts = pl.DataFrame(rows, schema={**schema, "accepted": pl.Boolean}, orient="row")
    spans, whole = (verdicts.filter(pl.col("start").is_null() == null) for null in (False, True))
    made = pl.concat(
        [
            spans.join(tags.select(_SPOT).unique().with_columns(made=True), on=_SPOT, how="left"),
            whole.join(tags.select(_WHOLE).unique().with_columns(made=True), on=_WHOLE, how="left"),
        ]
    ).with_columns(pl.col("made").fill_null(value=False))
    accepted = pl.col("accepted")
    counts = {
        "n_judged": pl.col("made"),
        "n_accepted": pl.col("made") & accepted,
        "n_missed": ~pl.col("made") & accepted,
        "n_gone": ~pl.col("made") & ~accepted,
    }
    sums = [condition.sum().cast(pl.Int32).alias(name) for name, condition in counts.items()]
    table = made.group_by(by).agg(sums).sort(by) if by else made.select(sums)
    judged = pl.when(pl.col("n_judged") > 0)
    table = table.with_columns(precision=judged.then(pl.col("n_accepted") / pl.col("n_judged")))
    low, high = wilson_bounds(table["precision"].fill_null(0.0), table["n_judged"].clip(1), confidence)
    bounds = table.with_columns(low=pl.Series(low), high=pl.Series(high)).with_columns(
        judged.then(pl.col(name)).alias(name) for name in ("low", "high")
    )
    return bounds.select(*by, "n_judged", "n_accepted", "precision", "low", "high", "n_missed", "n_gone")
