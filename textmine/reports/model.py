"""What a report is once it has been read: frozen things that refer to each other by number."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from textmine.reports.report_view import describe_report, outline_html, show_outline


@dataclass(frozen=True, slots=True)
class Source:
    """The file a report was read from: its name, the SHA-256 of its bytes, how it was decoded."""

    name: str
    sha256: str
    encoding: str
    n_lines: int


@dataclass(frozen=True, slots=True)
class Cover:
    """What a text says of itself, nothing from the catalogue: symbols as printed, session and title; empty if not."""

    symbols: tuple[str, ...] = ()
    session: int | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """One annual report in one language.

    ``verified`` says whether the catalogue's symbol was read in a copy of the edition; ``corpus`` names where the
    text comes from (``official``, ``sample``, or the folder or file that was named); ``cover`` is what the text
    itself says, by which a document is recognised.
    """

    year: int
    lang: str
    ga_symbol: str = ""
    ecosoc_symbol: str = ""
    session: int | None = None
    items: tuple[str, ...] = ()
    title: str = ""
    issued: str = ""
    urls: tuple[str, ...] = ()
    sha256: str = ""
    verified: bool = False
    corpus: str = "official"
    cover: Cover = Cover()

    @property
    def symbol(self) -> str:
        """The joint symbol as printed on the cover, such as ``A/66/64-E/2011/77``."""
        return "-".join(part for part in (self.ga_symbol, self.ecosoc_symbol) if part)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: ``number`` is its place in the report, ``section`` its language-free code, ``line`` where it stands.

    ``level`` runs from 1 (part) to 6 (unnumbered sub-heading); ``label`` is the printed numbering without its
    punctuation (``一``, ``A``, ``1``, ``(a)``, ``(一)``) and empty where there is none.
    """

    number: int
    level: int
    label: str
    title: str
    section: str
    parent: int | None
    line: int

    def __str__(self) -> str:
        if not self.label:
            return self.title
        stop = "" if self.label.endswith(")") else "."
        return f"{self.label}{stop} {self.title}"


@dataclass(frozen=True, slots=True)
class FootnoteRef:
    """A footnote marker: ``offset`` is where it stood in the text from which it was removed."""

    number: int
    offset: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A numbered paragraph: its text (NFC, unwrapped, markers removed), heading and footnote markers."""

    number: int
    text: str
    heading: int | None
    refs: tuple[FootnoteRef, ...]
    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a footnote's marker stands: in paragraph or heading ``number`` at ``offset``, or nowhere (``none``)."""

    kind: str
    number: int | None = None
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote's text, the URLs in it, and the place of its marker."""

    number: int
    text: str
    urls: tuple[str, ...]
    anchor: Anchor
    line: int


@dataclass(frozen=True, slots=True)
class ReadWarning:
    """Something the reader could not place or had to decide: what, and at which lines of the source."""

    kind: str
    message: str
    first_line: int
    last_line: int

    def __str__(self) -> str:
        lines = f"line {self.first_line}"
        if self.last_line != self.first_line:
            lines = f"lines {self.first_line}-{self.last_line}"
        return f"{lines}: {self.message} [{self.kind}]"


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """One edition in one language, read.

    ``warnings`` lists what could not be placed; a line of the source that is in no other field is named there.
    """

    edition: Edition
    summary: str
    headings: tuple[Heading, ...]
    paragraphs: tuple[Paragraph, ...]
    footnotes: tuple[Footnote, ...]
    source: Source
    warnings: tuple[ReadWarning, ...] = field(default=())

    def __repr__(self) -> str:
        return describe_report(self)

    def __str__(self) -> str:
        return show_outline(self)

    def _repr_html_(self) -> str:
        return outline_html(self)

    def heading_path(self, paragraph: Paragraph) -> tuple[Heading, ...]:
        """Return the headings above a paragraph, outermost first."""
        return tuple(self._ancestors(paragraph.heading))[::-1]

    def _ancestors(self, number: int | None) -> Iterator[Heading]:
        while number is not None:
            heading = self.headings[number - 1]
            yield heading
            number = heading.parent
