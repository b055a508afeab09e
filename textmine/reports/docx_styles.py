"""What a Word paragraph looks like once its styles are taken into account: outline level, list, weight, alignment."""

import re
from collections.abc import Iterator
from typing import Any

from textmine.reports.docx_package import child_of, tag_of, value_of

#: Names of heading styles: Word's own, and those of the United Nations' templates (HCh, H1, H23, _ H_1_G, ...).
_HEADING = re.compile(r"(?:heading|titre|标题|標題)\s*\d?|_?\s*h[\s_]*(?:ch|m|\d+)(?:_\w+)?", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|目录|目錄)\s*(?:heading|\d)?", re.IGNORECASE)
_MAX_DEPTH = 20
_MAX_OUTLINE = 9
_OFF = ("0", "false", "off", "none")


def is_on(element: Any) -> bool:
    """Tell whether a switch such as ``w:b`` is on: it is there and not set to false."""
    return element is not None and value_of(element) not in _OFF


class Styles:
    """The styles of a document, each with those that it is based on.

    Parameters
    ----------
    root : lxml element, optional
        Of the styles part.
    """

    def __init__(self, root: Any = None) -> None:
        self._styles: dict[str, Any] = {}
        self._default = ""
        for style in root if root is not None else ():
            key = value_of(style, "styleId")
            if tag_of(style) != "style" or key is None:
                continue
            self._styles[key] = style
            if value_of(style, "type") == "paragraph" and value_of(style, "default") not in (None, *_OFF):
                self._default = key

    def chain(self, key: str | None) -> Iterator[Any]:
        """Yield a style and what it is based on, nearest first."""
        for _ in range(_MAX_DEPTH):
            style = self._styles.get(key or self._default)
            if style is None:
                return
            yield style
            based = child_of(style, "basedOn")
            key = value_of(based) if based is not None else None
            if key is None:
                return

    def names(self, key: str | None) -> list[str]:
        """Return the names of a style and of what it is based on."""
        found = (child_of(style, "name") for style in self.chain(key))
        return [value_of(name) or "" for name in found if name is not None]

    def find(self, properties: Any, *path: str) -> Any:
        """Return an element of a paragraph's properties, or of the nearest of its styles that has it."""
        if properties is not None and (own := child_of(properties, *path)) is not None:
            return own
        return next(
            (e for s in self.chain(style_key(properties)) if (e := child_of(s, "pPr", *path)) is not None), None
        )

    def outline(self, properties: Any) -> int | None:
        """Return the outline level of a paragraph, from 1, or None for body text."""
        element = self.find(properties, "outlineLvl")
        value = value_of(element) if element is not None else None
        if value is None or not value.isdecimal() or len(value) > 1 or int(value) >= _MAX_OUTLINE:
            return None
        return int(value) + 1

    def is_heading(self, properties: Any) -> bool:
        """Tell whether a paragraph is a heading by its outline level or the name of its style."""
        if self.outline(properties) is not None:
            return True
        return any(map(_HEADING.fullmatch, self.names(style_key(properties))))

    def is_contents(self, properties: Any) -> bool:
        """Tell whether a paragraph is an entry of the table of contents."""
        return any(map(_CONTENTS.fullmatch, self.names(style_key(properties))))

    def is_centred(self, properties: Any) -> bool:
        """Tell whether a paragraph is centred."""
        element = self.find(properties, "jc")
        return element is not None and value_of(element) == "center"

    def is_set_off(self, run: Any, properties: Any) -> bool:
        """Tell whether a run is bold, italic, underlined or in capitals, by itself or by its styles."""
        return any(self._run_switch(run, properties, name) for name in ("b", "i", "u", "caps"))

    def is_hidden(self, run: Any, properties: Any) -> bool:
        """Tell whether a run is hidden text."""
        return self._run_switch(run, properties, "vanish")

    def _run_switch(self, run: Any, properties: Any, name: str) -> bool:
        own = child_of(run, "rPr", name)
        if own is not None:
            return is_on(own)
        style = child_of(run, "rPr", "rStyle")
        keys = [value_of(style)] if style is not None else []
        for key in (*keys, style_key(properties)):
            for one in self.chain(key):
                element = child_of(one, "rPr", name)
                if element is not None:
                    return is_on(element)
        return False


def style_key(properties: Any) -> str | None:
    """Return the key of a paragraph's style, or None for the default one."""
    style = child_of(properties, "pStyle") if properties is not None else None
    return value_of(style) if style is not None else None
