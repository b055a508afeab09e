"""Addresses (URLs) in running text."""

import re

# Printable ASCII without blanks, semicolons, quotation marks and angle brackets.
_URL = re.compile(r"(?:https?://|www\.)[!#-:=?-~]+", re.ASCII | re.IGNORECASE)
_BRACKETS = {")": "(", "]": "[", "}": "{"}


def find_urls(text: str) -> tuple[str, ...]:
    """Return the URLs in a text, without the punctuation after them; a bracket is kept where it was opened inside.

    Examples
    --------
    >>> find_urls("见 http://www.itu.int/wsis; www.wsis.org/stocktaking。")
    ('http://www.itu.int/wsis', 'www.wsis.org/stocktaking')
    >>> find_urls("(see http://a.org/x_(y)).")
    ('http://a.org/x_(y)',)
    """
    return tuple(_without_punctuation(match[0]) for match in _URL.finditer(text))


def _without_punctuation(url: str) -> str:
    extra = {close: url.count(close) - url.count(opening) for close, opening in _BRACKETS.items()}
    end = len(url)
    while end and (url[end - 1] in ".,'" or extra.get(url[end - 1], 0) > 0):
        end -= 1
        if url[end] in extra:
            extra[url[end]] -= 1
    return url[:end]
