"""What the XML formats share: text that XML can hold, a schema that ships with textmine, files of the same bytes."""

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from textmine.atomic import write_bytes
from textmine.errors import ContractError

XML = "{http://www.w3.org/XML/1998/namespace}"
SCHEMAS = Path(__file__).parent / "schemas"

# What XML 1.0 allows (W3C 2008, section 2.2): no control characters but tab and line ends, no surrogates, no U+FFFE.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NO_NAME = re.compile(r"[^A-Za-z0-9_.-]")


class TextCleaner:
    r"""Replace what XML can't hold by U+FFFD, one character for one, so that offsets stay; count what was replaced.

    Examples
    --------
    >>> cleaner = TextCleaner()
    >>> cleaner("a\x01b"), dict(cleaner.replaced)
    ('a\ufffdb', {'\x01': 1})
    """

    def __init__(self) -> None:
        self.replaced: Counter[str] = Counter()

    def __call__(self, text: str) -> str:
        """Return the text as XML can hold it."""
        self.replaced.update(_ILLEGAL.findall(text))
        return _ILLEGAL.sub("\ufffd", text)


def make_name(*parts: str) -> str:
    """Return an XML name of an id, with other characters by their code.

    Examples
    --------
    >>> make_name("trend", "5g"), make_name("5g 网")
    ('trend.5g', '_5g_20__7f51_')
    """
    name = ".".join(_NO_NAME.sub(lambda match: f"_{ord(match[0]):x}_", part) for part in parts)
    return name if re.match("[A-Za-z_]", name) else f"_{name}"


def add_text(element: Any, text: str) -> None:
    """Add text behind what an element has already."""
    if not text:
        return
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


@cache
def load_schema(name: str) -> Any:
    """Return a RelaxNG schema of the folder ``schemas``."""
    return etree.RelaxNG(etree.parse(SCHEMAS / name))


def check_valid(root: Any, schema: str, *, ids: str) -> None:
    """Check a document against its schema, that no id occurs twice, and that every local link has a target.

    Parameters
    ----------
    root : lxml element
    schema : str
        File name in the folder ``schemas``.
    ids : str
        Attribute that holds ids.

    Raises
    ------
    ContractError
        With the first thing that is wrong.
    """
    validator = load_schema(schema)
    if not validator.validate(root):
        raise ContractError(f"not valid by {schema}: {validator.error_log[0].message}")
    known = Counter(element.get(ids) for element in root.iter() if element.get(ids) is not None)
    twice = sorted(name for name, n in known.items() if n > 1)
    if twice:
        raise ContractError(f"not valid by {schema}: the id {twice[0]!r} occurs {known[twice[0]]} times")
    for element in root.iter():
        for name in ("target", "ana", "corresp", "href", "refersTo", "source"):
            for link in (element.get(name) or "").split():
                found = re.fullmatch(r"#(?:string-range\(([^,]+),\d+,\d+\)|(.+))", link)
                if found and (found[1] or found[2]) not in known:
                    raise ContractError(f"not valid by {schema}: {link!r} leads nowhere")


def write_xml(root: Any, path: Path) -> Path:
    """Write a document whole or not at all; white space is text here, so nothing is indented."""
    data = etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"
    return write_bytes(path, data)
