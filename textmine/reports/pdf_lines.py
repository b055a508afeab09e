"""Characters on a page become runs: rows by baseline, gaps, superscripts; and what a line is."""

import bisect
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from textmine.reports.lines import Line
from textmine.reports.pdf_glyphs import Glyph, PageGlyphs

#: A gap of this many ems parts two runs of a row; the gutter between columns is wider.
_RUN_GAP = 1.0
#: Raised characters are this much smaller than their line.
SMALL = 0.85
_OPENING = frozenset("《〈（「『【〔“‘")


@dataclass(slots=True)
class Run:
    """Characters of one row without a wide gap between them."""

    glyphs: list[Glyph]
    x0: float = 0.0
    x1: float = 0.0
    y: float = 0.0
    size: float = 0.0

    def __post_init__(self) -> None:
        self.x0 = min(glyph.x0 for glyph in self.glyphs)
        self.x1 = max(glyph.x1 for glyph in self.glyphs)
        self.size = common_size(self.glyphs)
        self.y = median(glyph.y for glyph in self.glyphs if glyph.size >= self.size * SMALL)

    @property
    def text(self) -> str:
        """The characters without white space."""
        return "".join(glyph.text for glyph in self.glyphs if not glyph.text.isspace())


@dataclass(slots=True)
class PageLine:
    """A line: page and region (column or full width) it stands in, its extent, baseline, size and characters."""

    page: int
    region: int
    x0: float
    x1: float
    y: float
    size: float
    glyphs: list[Glyph]
    text: str = ""
    raised: list[tuple[int, int]] = field(default_factory=list)  # spans of raised digits in the text


@dataclass(slots=True)
class PlacedLine:
    """A line as the assembly reads it, as it is set, and where: left edge and width of its column, first of it or not.

    ``distinct`` is in another font than the body's, or larger.
    """

    line: Line
    origin: PageLine
    left: float
    width: float
    first: bool
    distinct: bool = False

    def without_last_marker(self) -> str:
        """Return the text without a raised number at its end."""
        text, raised = self.line.text, self.origin.raised
        return text[: raised[-1][0]] if raised and raised[-1][1] == len(text) else text


def common_size(glyphs: Iterable[Glyph]) -> float:
    """Return the size that most characters have, the larger one in a tie."""
    sizes = Counter(round(glyph.size * 4) / 4 for glyph in glyphs if not glyph.text.isspace())
    return max(sizes, key=lambda size: (sizes[size], size), default=0.0)


def find_runs(page: PageGlyphs) -> list[Run]:
    """Group a page's characters into rows by their baseline, and rows into runs by their gaps; attach superscripts."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(page.glyphs, key=lambda glyph: (-glyph.y, glyph.x0)):
        if rows and rows[-1][0].y - glyph.y <= 0.12 * max(glyph.size, rows[-1][0].size):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    runs = []
    for row in rows:
        row.sort(key=reading_place)
        start, reach = 0, row[0].x1
        for i, (before, glyph) in enumerate(pairwise(row), start=1):
            if glyph.x0 - reach > _RUN_GAP * max(before.size, glyph.size):
                runs.append(row[start:i])
                start = i
            reach = max(reach, glyph.x1)
        runs.append(row[start:])
    return _attach_small([Run(run) for run in runs if not all(glyph.text.isspace() for glyph in run)])


def _attach_small(runs: list[Run]) -> list[Run]:
    """Move raised and lowered runs into the larger run that they touch."""
    runs.sort(key=lambda run: -run.y)
    heights = [-run.y for run in runs]
    largest = max((run.size for run in runs), default=0.0)
    attached: dict[int, list[Glyph]] = {}
    taken = set()
    for i, run in enumerate(runs):
        low = bisect.bisect_left(heights, -run.y - 0.4 * largest)
        high = bisect.bisect_right(heights, -run.y + 0.8 * largest)
        hosts = [
            j
            for j in range(low, min(high, low + 200))
            if j != i and run.size < SMALL * runs[j].size and _touches(run, runs[j])
        ]
        if hosts:
            host = min(hosts, key=lambda j: (abs(run.y - runs[j].y), j))
            attached.setdefault(host, []).extend(run.glyphs)
            taken.add(i)
    kept = []
    for i, run in enumerate(runs):
        if i not in taken:
            extra = attached.get(i, [])
            kept.append(Run(sorted([*run.glyphs, *extra], key=reading_place)) if extra else run)
    return kept


def _touches(small: Run, large: Run) -> bool:
    near = 0.6 * large.size
    rise = (small.y - large.y) / large.size
    return -0.35 < rise < 0.75 and small.x0 <= large.x1 + near and small.x1 >= large.x0 - near


def reading_place(glyph: Glyph) -> float:
    """Where a character's ink begins: a wide opening mark stands in the right half of its box."""
    return glyph.x0 + 0.4 * (glyph.x1 - glyph.x0) if glyph.text in _OPENING else glyph.x0


def find_rows(runs: Iterable[Run], sign: int) -> list[list[Run]]:
    """Group runs into rows by their baseline, upwards (`sign` 1) or downwards (-1)."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: (sign * run.y, run.x0)):
        if rows and abs(rows[-1][0].y - run.y) <= 0.25 * min(run.size, rows[-1][0].size):
            rows[-1].append(run)
        else:
            rows.append([run])
    return [sorted(row, key=lambda run: run.x0) for row in rows]
