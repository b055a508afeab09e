"""The parts of a Word file, unpacked and parsed under limits on what they really hold, not on what they declare."""

import io
import posixpath
import zipfile
import zlib
from typing import Any

from lxml import etree

from textmine.errors import SourceError
from textmine.reports.kind import detect_kind

#: A report of the series has 1 MB of XML with 30,000 tags; these are bounds far beyond that.
MAX_PART_BYTES = 60_000_000
MAX_TAGS = 1_500_000
#: XML of real reports shrinks to a tenth or a thirtieth; what shrinks more than this was made to.
MAX_RATIO = 200
_SMALL = 1_000_000  # below this a ratio says nothing

_BOMB = "it was made to fill the memory of what opens it"
_KINDS = ("styles", "numbering", "footnotes", "endnotes", "settings", "header")


def tag_of(element: Any) -> str:
    """Return an element's name without its namespace (there are two, of the same meaning); comments have none."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def value_of(element: Any, name: str = "val") -> str | None:
    """Return an attribute by its name without namespace."""
    for key, value in element.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return None


def child_of(element: Any, *path: str) -> Any:
    """Return the first child of a name, or the first along a path of names, or None."""
    for name in path:
        element = next((child for child in element if tag_of(child) == name), None)
        if element is None:
            return None
    return element


class Package:
    """The XML parts of a Word file that a reader needs.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        What messages call it.

    Attributes
    ----------
    document : lxml element
        The body's part.
    parts : dict of str to list of lxml elements
        By kind: styles, numbering, footnotes, endnotes, settings, header.

    Raises
    ------
    SourceError
        When the file is damaged, encrypted, no Word file, or a bomb.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self._n_bytes = 0
        try:
            kind = detect_kind(data)
        except SourceError as error:
            raise SourceError(f"{name}: this is {error}") from error
        if kind != "docx":
            raise SourceError(f"{name}: not a Word file (DOCX) but a file of type {kind}")
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                self._archive = archive
                self._members = {info.filename: info for info in archive.infolist()}
                self._open()
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            RuntimeError,
            ValueError,
            OSError,
            KeyError,
        ) as error:
            raise SourceError(
                f"{name}: this Word file is damaged ({type(error).__name__}: {error}); fetch it again, or open it in a "
                "word processor that repairs it and save it anew"
            ) from error

    def _open(self) -> None:
        main = next((target for kind, target in self._links("") if kind == "officeDocument"), "word/document.xml")
        if main not in self._members:
            raise SourceError(f"{self.name}: a ZIP container that isn't a Word file (DOCX): it has no {main}")
        self.document = self._parse(main)
        self.parts: dict[str, list[Any]] = {kind: [] for kind in _KINDS}
        for kind, target in self._links(main):
            if kind in self.parts and target in self._members:
                self.parts[kind].append(self._parse(target))

    def part(self, kind: str) -> Any:
        """Return the part of a kind, or None."""
        return next(iter(self.parts[kind]), None)

    def _links(self, source: str) -> list[tuple[str, str]]:
        """Return kind and target of each relation of a part, or of the package; external targets are no part of it."""
        folder, base = posixpath.split(source)
        path = posixpath.join(folder, "_rels", f"{base}.rels")
        if path not in self._members:
            return []
        links = []
        for relation in self._parse(path):
            kind, target = value_of(relation, "Type") or "", value_of(relation, "Target") or ""
            if value_of(relation, "TargetMode") != "External":
                links.append((kind.rpartition("/")[2], posixpath.normpath(posixpath.join("/", folder, target))[1:]))
        return links

    def _parse(self, path: str) -> Any:
        data = self._unpack(path)
        if data.count(b"<") > MAX_TAGS:
            raise SourceError(f"{self.name}: {path} has more than {MAX_TAGS:,} tags, and a report has 30,000; {_BOMB}")
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            dtd_validation=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise SourceError(
                f"{self.name}: {path} isn't well-formed XML ({error}); open the file in a word processor that "
                "repairs it"
            ) from error
        if root.getroottree().docinfo.doctype:
            raise SourceError(f"{self.name}: {path} declares a document type, as no Word file does; it isn't read")
        return root

    def _unpack(self, path: str) -> bytes:
        info = self._members[path]
        if info.flag_bits & 1:
            raise SourceError(f"{self.name}: this file is encrypted; remove the password in a word processor first")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise SourceError(f"{self.name}: {path} is compressed in a way that Word doesn't use; it isn't read")
        room = MAX_PART_BYTES - self._n_bytes
        with self._archive.open(info) as stream:
            data = stream.read(room + 1)
        self._n_bytes += len(data)
        if len(data) > room:
            raise SourceError(
                f"{self.name}: its text unpacks to more than {MAX_PART_BYTES / 1e6:g} MB, and a report's to 1 MB; "
                f"{_BOMB}"
            )
        if len(data) > max(_SMALL, MAX_RATIO * info.compress_size):
            raise SourceError(f"{self.name}: {path} unpacks to more than {MAX_RATIO} times its size; {_BOMB}")
        return data
