"""Pages that tests of two rooms look at: of the whole sample, and of a report that would like to be HTML."""

from functools import cache
from pathlib import Path

from textmine.publish.page import make_page
from textmine.publish.study import Study, open_study

#: What a hostile report holds: a script, an image that isn't there, the ends of elements, a line separator.
HOSTILE = (
    "</script><script>window.hit=1</script> <img src=x onerror=window.hit=2> <!-- <b>bold</b> &amp; {{script}} "
    "\u2028 宽带 𠮷 cafe\u0301 👩‍💻 broadband"
)
_HOSTILE_REPORT = """---
kind: official
year: {year}
lang: {lang}
title: "<script>window.hit=3</script>"
---

# I. <i>Trends</i>

1. A paragraph. {hostile}[^1]

2. 云计算 and cloud computing 👩‍💻 cloud computing.

[^1]: javascript:window.hit=4, http://example.org/a"onmouseover=window.hit=5 <u>x</u>
"""
RESAMPLES = 20  # the intervals aren't what is looked at


@cache
def sample_study() -> Study:
    return open_study("sample")


@cache
def sample_page() -> str:
    return make_page(sample_study(), n_resamples=RESAMPLES)


def write_hostile(folder: Path) -> Path:
    """Write a corpus of two hostile reports, and return its folder."""
    for lang in ("en", "zh"):
        text = _HOSTILE_REPORT.format(year=2011, lang=lang, hostile=HOSTILE)
        (folder / f"2011.{lang}.md").write_text(text, encoding="utf-8")
    return folder
