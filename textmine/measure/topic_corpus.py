"""Topics of a whole corpus: each language on its own and aligned, or both at once."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import polars as pl

from textmine.errors import ContractError, UnknownOptionError
from textmine.measure.counts import count_terms
from textmine.measure.prevalence import POOLED
from textmine.measure.topic_langs import align_topics, pair_languages
from textmine.measure.topic_shares import measure_topic_shares
from textmine.measure.topic_tables import Topics
from textmine.measure.topics import AUTO, TopicModel
from textmine.schema import LANGUAGES, empty_table


def find_topics(
    tables: Mapping[str, pl.DataFrame],
    *,
    langs: Sequence[str] | None = None,
    n_topics: int | str = AUTO,
    method: str = "nmf",
    ngrams: tuple[int, int] = (1, 1),
    min_paragraphs: int = 3,
    max_share: float = 0.5,
    drop: pl.DataFrame | None = None,
    seed: int = 0,
    progress: Callable[[str], None] | None = None,
) -> dict[str, Topics]:
    """Find the topics of each language of a corpus; see :class:`~textmine.measure.topics.TopicModel`.

    Parameters
    ----------
    tables : mapping of str to polars.DataFrame
        ``paragraphs`` and ``tokens``, from :func:`textmine.annotate.annotate.annotate_reports`.
    langs : sequence of {'zh', 'en', 'zh+en'}, optional
        ``zh+en`` is one model of both, on paragraphs paired by number. Default: each language that there is.
    n_topics, method, seed
        Of the model.
    ngrams : tuple of int
        Shortest and longest n-gram that counts as a term.
    min_paragraphs : int
        Leave out terms of fewer paragraphs.
    max_share : float
        Leave out terms of more than this share of the paragraphs.
    drop : polars.DataFrame, optional
        Paragraphs to leave out.
    progress : callable, optional
        Told what is being done.

    Returns
    -------
    dict of str to Topics
        By language.

    Raises
    ------
    ContractError
        When a language has too little text.
    UnknownOptionError
        For an unknown language or option.
    """
    present = [lang for lang in LANGUAGES if (tables["paragraphs"]["lang"] == lang).any()]
    chosen = list(langs) if langs is not None else present
    for lang in chosen:
        if lang not in (*LANGUAGES, POOLED):
            raise UnknownOptionError("language", lang, (*LANGUAGES, POOLED))
        if missing := [part for part in lang.split("+") if part not in present]:
            raise ContractError(f"there are no paragraphs in {' or '.join(missing)}")
    if not chosen:
        raise ContractError("there are no paragraphs to find topics in")
    counts = {
        lang: count_terms(tables["tokens"], tables["paragraphs"], lang=lang, ngrams=ngrams)
        .without(drop)
        .prune(min_rows=min_paragraphs, max_share=max_share)
        for lang in sorted({part for lang in chosen for part in lang.split("+")})
    }
    found = {}
    for lang in chosen:
        mine = pair_languages(*(counts[part] for part in LANGUAGES)) if lang == POOLED else counts[lang]
        say = partial(_say, progress, lang)
        found[lang] = TopicModel(n_topics, method=method, seed=seed).fit(mine, progress=say).topics_
    return found


def tabulate_topics(found: Mapping[str, Topics], *, seed: int = 0) -> dict[str, pl.DataFrame]:
    """Return all tables of some languages' topics, shares by year and, of ``zh`` and ``en``, their alignment.

    Parameters
    ----------
    found : mapping of str to Topics
        From :func:`find_topics`.
    seed : int
        Of intervals and permutations.
    """
    names = ("topics", "topic_terms", "topic_paragraphs", "topic_choice")
    tables = {
        name: pl.concat([empty_table(name), *(topics.tables()[name] for topics in found.values())]) for name in names
    }
    shares = [measure_topic_shares(topics, seed=seed) for topics in found.values()]
    tables["topic_shares"] = pl.concat([empty_table("topic_shares"), *shares])
    if all(lang in found for lang in LANGUAGES):
        tables["topic_alignment"] = align_topics(*(found[lang] for lang in LANGUAGES), seed=seed)
    return tables


def _say(progress: Callable[[str], None] | None, lang: str, what: str) -> None:
    if progress:
        progress(f"{lang}: {what}")
