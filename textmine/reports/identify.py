"""Which edition a document is, by its bytes and by what its cover says; not by its name, nor by what was asked for."""

import re
import tempfile
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from textmine.errors import OutputError, SourceError, UnknownOptionError
from textmine.reports.catalogue import find_edition, find_year, load_catalogue
from textmine.reports.kind import detect_kind
from textmine.reports.model import Cover, Edition, Report
from textmine.reports.read import read_report
from textmine.schema import LANGUAGES

#: Titles of the series differ in a word or two (各级, 一级; 世界首脑会议, 世界峰会); another title is far from all.
TITLE_LIKENESS = 0.8

_HAN = re.compile(r"[\u4e00-\u9fff]")
_ENGLISH = re.compile(r"\b(?:the|of|and|to|in)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Identity:
    """What a document was recognised as: the catalogue's edition, or the text's own, its format, and any doubt."""

    edition: Edition
    kind: str
    note: str = ""


def tell_language(text: str) -> str | None:
    """Return the language of a text where its script and its commonest words leave no doubt, else None.

    At least 30 % Han among the letters is Chinese; under 5 % Han with at least every tenth word one of *the, of,
    and, to, in* is English. French, Russian or a bilingual text is neither.

    Examples
    --------
    >>> tell_language("本报告审视了进展情况。"), tell_language("The state of the world"), tell_language("Le rapport")
    ('zh', 'en', None)
    """
    n_letters = sum(letter.isalpha() for letter in text)
    if not n_letters:
        return None
    han = len(_HAN.findall(text)) / n_letters
    if han >= 0.3:
        return "zh"
    if han < 0.05 and len(_ENGLISH.findall(text)) >= 0.1 * len(text.split()):
        return "en"
    return None


def identify_document(
    data: bytes, name: str, *, symbol: str | None = None, lang: str | None = None, year: int | None = None
) -> Identity:
    """Recognise an edition of the series, or refuse and say which option settles it.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        What messages call it; it proves nothing.
    symbol : str, optional
        What the user says it is, such as ``A/66/64``: believed unless the cover contradicts it.
    lang : {'zh', 'en'}, optional
        What the user says; believed unless the text leaves no doubt that it is the other language.
    year : int, optional
        Year of the edition expected (a fetched document): the cover has to prove it, and the text its language.

    Returns
    -------
    Identity

    Raises
    ------
    SourceError
        When the file can't be read, isn't of the series, or leaves a doubt.
    """
    if lang is not None and lang not in LANGUAGES:
        raise UnknownOptionError("language", lang, LANGUAGES)
    try:
        kind = detect_kind(data)
    except SourceError as error:
        raise SourceError(f"{name}: this is {error}") from error
    said = find_year(symbol) if symbol else None
    report = _read(data, name, kind, lang=lang, year=year or said)
    told = tell_language(" ".join(paragraph.text for paragraph in report.paragraphs))
    if told is None and (lang is None or year is not None):
        advice = "" if year is not None else "; say which with --lang zh or --lang en"
        raise SourceError(f"{name}: the text is neither plainly Chinese nor plainly English{advice}")
    if told is not None and lang is not None and told != lang:
        raise SourceError(f"{name}: the text is in {told}, not {lang}")
    edition = find_edition(report.edition.year, lang or str(told))
    cover = report.edition.cover
    if symbol and said is None:
        return Identity(_edition_outside(report, symbol, lang or str(told), name), kind)
    sure = edition is not None and _proves(cover, edition)
    if edition is None or not (sure or symbol):
        raise SourceError(f"{name}: {_doubt(cover, edition, advise=year is None)}")
    other = _contradicts(cover, edition)
    if other:
        raise SourceError(f"{name}: {other}, and {edition.symbol} was expected; check that it is the right file")
    return Identity(edition, kind, _note(cover, edition))


def _read(data: bytes, name: str, kind: str, *, lang: str | None, year: int | None) -> Report:
    """Read a copy under a name that says nothing, so that only the content speaks."""
    with tempfile.TemporaryDirectory(prefix="textmine-") as folder:
        path = Path(folder) / f"document.{kind}"
        try:
            path.write_bytes(data)
        except OSError as error:
            raise OutputError(
                f"{folder}: can't be written to ({error.strerror or error}); make room there, or name another "
                "temporary folder in TMPDIR"
            ) from error
        try:
            return read_report(path, lang=lang, year=year)
        except SourceError as error:
            message = str(error).replace(str(path), name).replace(path.name, name)
            if "--year" in message:  # the reader asks for what the catalogue knows once the symbol is known
                message = f"{name}: the text doesn't say which edition it is; say it, for example --symbol A/66/64"
            raise SourceError(message) from error


def _edition_outside(report: Report, symbol: str, lang: str, name: str) -> Edition:
    """Return an edition that the catalogue doesn't have: the symbol that the user gives must stand on its cover."""
    wanted = symbol.replace("–", "-").upper().split("-")
    if not set(wanted) <= set(report.edition.cover.symbols):
        known = ", ".join(load_catalogue()["ga_symbol"].to_list()[-3:])
        raise SourceError(
            f"{name}: symbol {symbol} is neither on its cover nor in the catalogue (..., {known}); "
            "see textmine catalogue"
        )
    return Edition(
        year=report.edition.year,
        lang=lang,
        ga_symbol=next((half for half in wanted if half.startswith("A/")), ""),
        ecosoc_symbol=next((half for half in wanted if half.startswith("E/")), ""),
        session=report.edition.cover.session,
        title=report.edition.cover.title,
    )


def _halves(edition: Edition) -> set[str]:
    return {half for half in (edition.ga_symbol, edition.ecosoc_symbol) if half}


def _proves(cover: Cover, edition: Edition) -> bool:
    """Whether a cover leaves no doubt: its symbol, or session and title where no symbol can speak against them.

    Text extraction often loses the symbol in the page's corner; and where the catalogue's symbol was never verified,
    the document knows better.
    """
    if _halves(edition) & set(cover.symbols):
        return cover.session in (None, edition.session)
    free = not cover.symbols or not edition.verified
    return free and cover.session is not None and cover.session == edition.session and _is_series_title(cover.title)


def _is_series_title(title: str) -> bool:
    wanted = _letters(title)
    known = {_letters(known) for column in ("title_en", "title_zh") for known in load_catalogue()[column] if known}
    return any(SequenceMatcher(None, wanted, one, autojunk=False).ratio() >= TITLE_LIKENESS for one in sorted(known))


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text).casefold()[:500]


def _contradicts(cover: Cover, edition: Edition) -> str:
    """Say what on the cover speaks for another edition, or nothing."""
    if cover.session is not None and edition.session is not None and cover.session != edition.session:
        return f"its cover says session {cover.session} of the General Assembly"
    if not _halves(edition) & set(cover.symbols):
        for symbol in cover.symbols:
            if find_year(symbol) is not None:
                return f"its cover says {symbol}"
    return ""


def _doubt(cover: Cover, edition: Edition | None, *, advise: bool) -> str:
    says = []
    if cover.symbols:
        says.append(f"symbol {' '.join(cover.symbols[:2])}")
    if cover.session:
        says.append(f"session {cover.session}")
    if cover.title:
        says.append(f"title {cover.title[:60]!r}")
    found = f"its cover says {', '.join(says)}" if says else "its cover says neither symbol, session nor title"
    if edition is None:
        return f"{found}, which is no edition in the catalogue; if it is one, say so with --symbol SYMBOL"
    known = f"{edition.symbol}{'' if edition.verified else ' (not verified)'}"
    advice = f"; if that is it, say --symbol {min(_halves(edition))}" if advise else ""
    return f"{found}; the catalogue has {known} for {edition.year}{advice}"


def _note(cover: Cover, edition: Edition) -> str:
    if cover.symbols and not _halves(edition) & set(cover.symbols):
        basis = "" if edition.verified else " (not verified)"
        return f"its cover prints {' '.join(cover.symbols[:2])}; the catalogue has {edition.symbol}{basis}"
    return ""
