"""spaCy components that find our terms and tags in any pipeline.

Installed with textmine, both components are known to spaCy by name: ``spacy.blank("zh").add_pipe("textmine_tags")``.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from spacy import util
from spacy.language import Language
from spacy.tokens import Doc

from textmine.annotate.match import Matcher
from textmine.annotate.scheme_colors import OTHER_COLOR, SCHEME_COLORS
from textmine.annotate.spacy_docs import (
    SPANS_KEY,
    exact_offsets,
    make_doc,
    merge_tokens,
    name_spans,
    put_spans,
    split_tokens,
)
from textmine.annotate.tag import Tagger
from textmine.annotate.taxonomy import load_taxonomy, parse_taxonomy, read_taxonomy
from textmine.errors import UnknownOptionError

__all__ = ["ALIGNMENTS", "SCHEME_COLORS", "TERM", "TextmineSpans", "displacy_colors", "exact_offsets", "make_doc"]

#: What happens where a span begins or ends inside one of spaCy's tokens.
ALIGNMENTS = ("split", "expand")
#: The label of a span that ``textmine_terms`` finds.
TERM = "term"


class TextmineSpans:
    """A component that puts what textmine finds into ``doc.spans``.

    A span's ``label_`` is the concept and its ``kb_id_`` is ``scheme:concept``. No span is lost where it begins or
    ends inside a token: with ``split`` that token is divided, so that every span has the exact offsets; with
    ``expand`` the tokens stay as they are and the span takes in the whole of them. Either way the exact offsets are
    in ``span.id_`` (:func:`exact_offsets`).

    The taxonomy is read when it is first needed, and ``to_disk`` puts its files into the pipeline's folder: a saved
    pipeline finds the same spans where the path in its config doesn't exist.

    Parameters
    ----------
    name : str
        Of the component in its pipeline.
    kind : {'terms', 'tags'}
        ``tags`` are the concepts named, as :class:`~textmine.annotate.tag.Tagger` finds them; ``terms`` are the spans
        that segmentation keeps whole (:meth:`~textmine.annotate.match.Matcher.find_terms`).
    taxonomy : str, optional
        Folder or file of a taxonomy of one's own; default: the one that ships with textmine.
    spans_key : str
        Name of the group in ``doc.spans``.
    align : {'split', 'expand'}
    merge : bool
        Make each span one token; spans must not overlap, so for ``terms`` only.

    Raises
    ------
    UnknownOptionError
        For an unknown alignment.
    """

    def __init__(
        self,
        name: str,
        *,
        kind: str,
        taxonomy: str | None = None,
        spans_key: str = SPANS_KEY,
        align: str = "split",
        merge: bool = False,
    ) -> None:
        if align not in ALIGNMENTS:
            raise UnknownOptionError("align", align, ALIGNMENTS)
        self.name, self.kind, self.taxonomy = name, kind, taxonomy
        self.spans_key, self.align, self.merge = spans_key, align, merge
        self._files: tuple[tuple[str, bytes], ...] | None = None
        self._tagger: Tagger | None = None

    @property
    def files(self) -> tuple[tuple[str, bytes], ...]:
        """Name and content of the taxonomy's files."""
        if self._files is None:
            path = Path(self.taxonomy) if self.taxonomy is not None else None
            self._files = tuple((file.name, data) for file, data in read_taxonomy(path))
        return self._files

    @property
    def tagger(self) -> Tagger:
        """The tagger of the component's taxonomy."""
        if self._tagger is None:
            self._tagger = Tagger(Matcher(parse_taxonomy(tuple((Path(name), data) for name, data in self.files))))
        return self._tagger

    def __call__(self, doc: Doc) -> Doc:
        """Find the spans of a document and put them into its group."""
        if self.kind == "terms":
            found = [(start, end, TERM, "") for start, end in self.tagger.matcher.find_terms(doc.text)]
        else:
            found = name_spans(self.tagger.tag_text(doc.text))
        if self.align == "split":
            split_tokens(doc, {offset for item in found for offset in item[:2]})
        if self.merge:
            merge_tokens(doc, found)
        put_spans(doc, self.spans_key, found)
        return doc

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Return the taxonomy's files as bytes."""
        packed = {name: data.decode("utf-8", "surrogateescape") for name, data in self.files}
        return bytes(util.to_bytes({"taxonomy": lambda: json.dumps(packed).encode()}, exclude))

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> "TextmineSpans":
        """Take the taxonomy from what :meth:`to_bytes` returned."""
        util.from_bytes(data, {"taxonomy": self._unpack}, exclude)
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write the taxonomy's files into a folder."""
        if "taxonomy" not in exclude:
            folder = Path(path)
            folder.mkdir(parents=True, exist_ok=True)
            for old in folder.glob("*.toml"):
                old.unlink()
            for name, data in self.files:
                (folder / name).write_bytes(data)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> "TextmineSpans":
        """Take the taxonomy from a folder that :meth:`to_disk` wrote."""
        if "taxonomy" not in exclude:
            self._take({file.name: data for file, data in read_taxonomy(Path(path))})
        return self

    def _unpack(self, packed: bytes) -> None:
        self._take({name: text.encode("utf-8", "surrogateescape") for name, text in json.loads(packed).items()})

    def _take(self, files: dict[str, bytes]) -> None:
        self._files, self._tagger = tuple(sorted(files.items())), None


@Language.factory(
    "textmine_terms",
    default_config={"taxonomy": None, "spans_key": "textmine_terms", "align": "split", "merge": False},
)
def make_terms(  # noqa: PLR0917 - so does the rest
    nlp: Language,  # noqa: ARG001 - spaCy passes it by name
    name: str,
    taxonomy: str | None,
    spans_key: str,
    align: str,
    merge: bool,
) -> TextmineSpans:
    """Make the component ``textmine_terms``: spans that no token should cut, or with ``merge`` tokens of their own."""
    return TextmineSpans(name, kind="terms", taxonomy=taxonomy, spans_key=spans_key, align=align, merge=merge)


@Language.factory("textmine_tags", default_config={"taxonomy": None, "spans_key": SPANS_KEY, "align": "split"})
def make_tags(
    nlp: Language,  # noqa: ARG001 - spaCy passes it by name
    name: str,
    taxonomy: str | None,
    spans_key: str,
    align: str,
) -> TextmineSpans:
    """Make the component ``textmine_tags``: the concepts that a text names."""
    return TextmineSpans(name, kind="tags", taxonomy=taxonomy, spans_key=spans_key, align=align)


def displacy_colors() -> dict[str, str]:
    """Return displaCy's colour for each concept of the shipped taxonomy: that of its scheme.

    A concept id that several schemes have takes the colour of the first.
    """
    colors: dict[str, str] = {TERM.upper(): OTHER_COLOR}
    for concept in load_taxonomy():
        colors.setdefault(concept.id.upper(), SCHEME_COLORS.get(concept.scheme, OTHER_COLOR))
    return colors
