"""Official texts by their symbol from the UN's document service, checked, recorded, and resumable."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from textmine.atomic import check_folder
from textmine.errors import FetchError, SourceError, UnknownOptionError
from textmine.reports.archive import store_document
from textmine.reports.catalogue import SERVICE, document_name, document_urls, find_edition, load_catalogue
from textmine.reports.corpus import OFFICIAL
from textmine.reports.fetch_client import PoliteClient
from textmine.reports.fetch_pace import Clock, Sleep
from textmine.reports.fetch_settings import Answer, ClientSettings, UnavailableError
from textmine.reports.identify import Identity, identify_document
from textmine.reports.kind import detect_kind
from textmine.reports.manifest import Entry, draft_entry, has_file, load_manifest
from textmine.reports.model import Edition
from textmine.schema import LANGUAGES

#: Formats, and what the service calls them.
FORMATS = {"pdf": "pdf", "docx": "doc"}
#: The editions fetched by default: the forerunner of 2007 is another kind of report.
YEARS = range(2008, 2026)
#: So many documents in a row that the service didn't answer for end the job: it is down, or wants no more.
MAX_UNANSWERED = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document.

    ``status`` is ``fetched``, ``replaced`` (a differing file was there and is kept), ``present`` (verified, not asked
    for), ``unchanged`` (asked again, the same), ``failed`` or ``skipped`` (not asked for, because the job ended
    before); ``message`` says why, or what is doubtful.
    """

    file: str
    edition: Edition
    kind: str
    status: str
    message: str = ""

    @property
    def ok(self) -> bool:
        """Whether the document is there."""
        return self.status not in ("failed", "skipped")


@dataclass(slots=True)
class _Job:
    folder: Path
    client: PoliteClient
    service: str
    refresh: bool
    now: Callable[[], datetime]
    manifest: dict[str, Entry] = field(default_factory=dict)


def fetch_editions(
    *,
    years: Sequence[int] = YEARS,
    langs: Sequence[str] = LANGUAGES,
    formats: Sequence[str] = ("pdf",),
    folder: str | Path = OFFICIAL,
    refresh: bool = False,
    settings: ClientSettings | None = None,
    service: str = SERVICE,
    progress: Callable[[str], None] | None = None,
    clock: Clock = time.monotonic,
    sleep: Sleep = time.sleep,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> list[Outcome]:
    """Fetch editions of the series into the folder of official texts.

    A document is kept once its bytes are what was asked for: the format by its content, the edition and the language
    by its cover and text. It is written whole or not at all and recorded in ``manifest.json``; a job that was stopped
    goes on where it was, because what is recorded and unchanged isn't asked for again.

    Parameters
    ----------
    years : sequence of int
        Years in the catalogue.
    langs : sequence of {'zh', 'en'}
    formats : sequence of {'pdf', 'docx'}
    folder : str or Path
        Default ``corpus/official`` below the working directory.
    refresh : bool
        Ask again for what is there, by ETag and date where the server gave them; a changed document replaces the
        former one, which is kept in ``superseded/``.
    settings : ClientSettings, optional
        Hosts, pace, limits, proxy.
    service : str
        Template of the address, with ``{symbol}``, ``{lang}`` and ``{kind}``.
    progress : callable, optional
        Called with what is being done.
    clock, sleep, now : callable
        Monotonic seconds, waiting, and the time of day in UTC; for tests.

    Returns
    -------
    list of Outcome
        One per document, in the order of years, languages and formats. A document that can't be had is an outcome
        and no exception.

    Raises
    ------
    UnknownOptionError
        For a year, language or format that there isn't.
    OutputError
        When the folder can't be written to.
    """
    wanted = list(_plan(years, langs, formats))
    folder = check_folder(folder)
    say = progress or (lambda _: None)
    outcomes: list[Outcome] = []
    unanswered, stopped = 0, ""
    with PoliteClient(settings, clock=clock, sleep=sleep, now=now) as client:
        job = _Job(folder, client, service, refresh, now, load_manifest(folder))
        for edition, kind in wanted:
            name = document_name(edition, kind)
            if stopped and not _is_present(job, name):
                outcomes.append(Outcome(name, edition, kind, "skipped", f"not asked for: {stopped}"))
                continue
            say(f"fetching {name}")
            try:
                outcome = _fetch_one(job, edition, kind, name)
                unanswered = unanswered if outcome.status == "present" else 0
            except UnavailableError as error:
                outcome = Outcome(name, edition, kind, "failed", str(error))
                unanswered += 1
                if error.stop or unanswered >= MAX_UNANSWERED:
                    stopped = str(error) if error.stop else f"{unanswered} documents in a row weren't answered"
            outcomes.append(outcome)
    return outcomes


def _plan(years: Sequence[int], langs: Sequence[str], formats: Sequence[str]) -> Iterator[tuple[Edition, str]]:
    known = load_catalogue()["year"].to_list()
    for option, values, valid in (("year", years, known), ("language", langs, LANGUAGES), ("format", formats, FORMATS)):
        for value in values:
            if value not in valid:
                raise UnknownOptionError(option, value, valid)
    for year in sorted(set(years)):
        for lang in dict.fromkeys(langs):
            for kind in dict.fromkeys(formats):
                edition = find_edition(year, lang)
                if edition is not None:
                    yield edition, kind


def _is_present(job: _Job, name: str) -> bool:
    return not job.refresh and _recorded(job, name) is not None


def _recorded(job: _Job, name: str) -> Entry | None:
    """Return the entry of a file that is there with the bytes that were recorded, or None."""
    entry = job.manifest.get(name)
    return entry if entry is not None and has_file(job.folder, entry) else None


def _fetch_one(job: _Job, edition: Edition, kind: str, name: str) -> Outcome:
    """Try each address of a document until one brings it; an unanswered request ends the tries."""
    known = _recorded(job, name)
    if known is not None and not job.refresh:
        return Outcome(name, edition, kind, "present")
    urls = list(document_urls(edition, kind=FORMATS[kind], service=job.service))
    if known is not None and known.url in urls:  # where it came from last time comes first
        urls.sort(key=lambda url: url != known.url)
    reasons: dict[str, None] = {}
    for url in urls:
        try:
            answer = job.client.get(url, _conditions(known, url))
            if answer.status == 304 and known is not None:
                return Outcome(name, edition, kind, "unchanged")
            identity = check_document(answer.body, edition, kind)
        except UnavailableError:
            raise
        except FetchError as error:
            reasons[str(error)] = None
            continue
        return _store(job, Outcome(name, edition, kind, "fetched", identity.note), url, answer)
    doubt = "" if edition.verified else f"; the catalogue's symbol {edition.symbol} is not verified"
    return Outcome(name, edition, kind, "failed", "; ".join(reasons) + doubt)


def check_document(body: bytes, edition: Edition, kind: str) -> Identity:
    """Check that some bytes are an edition in its language and a format.

    Parameters
    ----------
    body : bytes
    edition : Edition
        Of the catalogue.
    kind : {'pdf', 'docx'}

    Raises
    ------
    FetchError
        When they are something else; the message says what came.
    """
    try:
        found = detect_kind(body)
    except SourceError as error:
        raise FetchError(f"what came is {error}") from error
    if found != kind:
        hint = f"; ask for it with --format {found}" if found in FORMATS else ""
        raise FetchError(f"what came is a file of type {found}, not {kind}{hint}")
    try:
        return identify_document(body, "what came", lang=edition.lang, year=edition.year)
    except SourceError as error:
        raise FetchError(str(error)) from error


def _conditions(entry: Entry | None, url: str) -> dict[str, str]:
    """Headers that let the server answer “not modified”; they hold for the address that gave them."""
    if entry is None or entry.url != url:
        return {}
    asked = {"if-none-match": entry.etag, "if-modified-since": entry.last_modified}
    return {name: value for name, value in asked.items() if value}


def _store(job: _Job, outcome: Outcome, url: str, answer: Answer) -> Outcome:
    validators = {"etag": answer.etag, "last_modified": answer.last_modified}
    entry = draft_entry(outcome.edition, outcome.kind, job.now(), url=url, note=outcome.message, **validators)
    stored = store_document(job.folder, entry, answer.body)
    status = {"new": "fetched", "replaced": "replaced", "same": "unchanged"}[stored.status]
    message = outcome.message
    if stored.kept is not None:
        message = f"the former file differs and is kept as {stored.kept}" + (f"; {message}" if message else "")
    return Outcome(outcome.file, outcome.edition, outcome.kind, status, message)
