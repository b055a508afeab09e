"""A stand-alone page: trends, the paragraphs behind them and search, in one HTML file that needs no network."""

import base64
import hashlib
import html
import json
import re
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from textmine.atomic import write_bytes
from textmine.errors import UnknownOptionError
from textmine.publish.figures.concept_shares import PARAMETERS
from textmine.publish.page_chart import bundle_library, make_chart, name_library
from textmine.publish.page_data import collect_page_data
from textmine.publish.page_text import ALL, MAX_MB, check_size, check_text, check_texts_fit
from textmine.publish.page_words import PAGE_WORDS
from textmine.publish.study import Study
from textmine.schema import LANGUAGES

#: The page's own scripts in the order in which they run, below ``page_assets``.
SCRIPTS = ("start.js", "paragraphs.js", "trends.js", "evidence.js", "concordance.js", "sources.js", "main.js")
_SLOT = re.compile(r"\{\{(\w+)\}\}")
# What HTML would read inside a script, what older JavaScript took for the end of a line, what UTF-8 lacks.
_UNSAFE = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


def write_page(
    study: Study,
    path: str | Path,
    *,
    words: str = "en",
    text: str = ALL,
    max_mb: float = MAX_MB,
    n_resamples: int = PARAMETERS["n_resamples"],
    progress: Callable[[str], None] | None = None,
) -> Path:
    """Write the stand-alone page of a study.

    Parameters
    ----------
    study : Study
        With running text.
    path : str or Path
        The HTML file.
    words : {'en', 'zh'}
        Language in which the page opens; it switches between both.
    text : {'all', 'evidence', 'none'}
        Paragraphs that the page holds to read and search: all; a few behind each point of each trend; or none, for
        trends and their numbers only.
    max_mb : float
        Largest page, in megabytes.
    n_resamples : int
        Of the intervals.
    progress : callable, optional
        Called with what is being done.

    Returns
    -------
    Path
        The file. The same study gives the same bytes.

    Raises
    ------
    OutputError
        When the page would be larger; nothing is written then.
    """
    page = make_page(study, words=words, text=text, max_mb=max_mb, n_resamples=n_resamples, progress=progress)
    return write_bytes(path, page.encode())


def make_page(
    study: Study,
    *,
    words: str = "en",
    text: str = ALL,
    max_mb: float = MAX_MB,
    n_resamples: int = PARAMETERS["n_resamples"],
    progress: Callable[[str], None] | None = None,
) -> str:
    """Return the HTML of the page; see :func:`write_page`."""
    if words not in LANGUAGES:
        raise UnknownOptionError("language of the words", words, LANGUAGES)
    if check_text(text) == ALL:
        check_texts_fit(study, max_mb)
    say = progress or (lambda _: None)
    say("measuring shares")
    data = collect_page_data(study, n_resamples=n_resamples, text=text)
    editions = sorted({report["year"] for report in data["reports"]})
    say("bundling the plotting library")
    library = bundle_library()
    extra = {"start": words, "chart": make_chart(editions, data["langs"]), "library": name_library()}
    page = assemble_page(data | extra, library)
    check_size(len(page.encode()), text, max_mb)
    return page


def assemble_page(data: Mapping[str, Any], library: str) -> str:
    """Put data, scripts and style into the page, under a policy that lets only these scripts and this style run.

    Parameters
    ----------
    data : mapping
        What the page's scripts read; ``start`` is the language of its words.
    library : str
        The plotting library.
    """
    style = _read_asset("page.css")
    script = '"use strict";\n(() => {\n' + "\n".join(map(_read_asset, SCRIPTS)) + "\n})();\n"
    words = str(data["start"])
    slots = {
        "policy": html.escape(make_policy([library, script], [style])),
        "lang": {"zh": "zh-Hans", "en": "en"}[words],
        "title": html.escape(PAGE_WORDS["title"][words == "zh"]),
        "style": style,
        "data": dump_json(data),
        "library": library,
        "script": script,
    }
    return _SLOT.sub(lambda slot: slots[slot[1]], _read_asset("page.html"))  # once: nothing put in is read again


def make_policy(scripts: list[str], styles: list[str]) -> str:
    """Return a Content-Security-Policy that allows these inline scripts and styles by their hash, and nothing else.

    Examples
    --------
    >>> make_policy([""], [])
    "default-src 'none'; script-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; base-uri 'none'; \
form-action 'none'"
    """
    allowed = [("script-src", scripts), ("style-src", styles)]
    rules = [f"{name} {' '.join(map(_hash_source, texts))}" for name, texts in allowed if texts]
    return "; ".join(["default-src 'none'", *rules, "base-uri 'none'", "form-action 'none'"])


def dump_json(value: object) -> str:
    r"""Return JSON that can stand inside an HTML script element and be encoded as UTF-8.

    Examples
    --------
    >>> dump_json({"text": "</script><!--"})
    '{"text":"\\u003c/script\\u003e\\u003c!--"}'
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _hash_source(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _read_asset(name: str) -> str:
    asset = files("textmine.publish").joinpath("page_assets", name)
    return asset.read_text(encoding="utf-8").replace("\r\n", "\n")  # as HTML reads it, whatever the checkout did
