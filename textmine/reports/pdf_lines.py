"""Characters on a page become lines in reading order: rows, superscripts, columns, and the spaces between them."""

import bisect
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from textmine.reports.lines import Line
from textmine.reports.pdf_glyphs import Glyph, PageGlyphs

#: A gap of this many ems parts two runs of a row; the gutter between columns is wider.
_RUN_GAP = 1.0
#: Where the gutter is known, a gap of this many ems parts two columns.
_COLUMN_GAP = 0.6
#: A gap of this many ems between Latin characters is a space where the file has no space characters.
_WORD_GAP = 0.17
#: A gap of this many ems is a space wherever it stands, but between Han characters.
_TAB = 0.5
#: Han and Latin set apart by less than this touch.
_HAN_GAP = 0.12
#: Raised characters are this much smaller than their line.
SMALL = 0.85
_FEWEST_IN_COLUMN = 3
_OPENING = frozenset("《〈（「『【〔“‘")
_FIRST_WIDE = "\u2e80"
_WIDE = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]")


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


@dataclass(frozen=True, slots=True)
class Spacing:
    """Whether a document has space characters, and whether it writes one between Han and Latin or digits.

    Typesetters set Han and Latin a little apart whether a space is written or not, and some drop the written one.
    """

    characters: bool
    han: bool


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
        row.sort(key=_reading_place)
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
            kept.append(Run(sorted([*run.glyphs, *extra], key=_reading_place)) if extra else run)
    return kept


def _touches(small: Run, large: Run) -> bool:
    near = 0.6 * large.size
    rise = (small.y - large.y) / large.size
    return -0.35 < rise < 0.75 and small.x0 <= large.x1 + near and small.x1 >= large.x0 - near


def _reading_place(glyph: Glyph) -> float:
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


def find_gutter(pages: Sequence[PageGlyphs], runs: Sequence[list[Run]]) -> float | None:
    """Return the middle of the gap between two columns, or None where most pages have one column."""
    found = []
    n_pages = 0
    for page, present in zip(pages, runs, strict=True):
        if len(present) < 2 * _FEWEST_IN_COLUMN:
            continue
        n_pages += 1
        best: list[tuple[int, float]] = []
        for step in range(35, 66):
            x = page.width * step / 100
            crossing = sum(crosses(run, x) for run in present)
            left = sum(run.x1 <= x + 1 for run in present)
            right = len(present) - crossing - left
            if min(left, right) >= _FEWEST_IN_COLUMN and crossing < 0.5 * min(left, right):
                best.append((crossing, x))
        if best:
            least = min(best)[0]
            found.append(median(x for crossing, x in best if crossing == least))
    return median(found) if found and len(found) >= 0.5 * n_pages else None


def crosses(run: Run, gutter: float) -> bool:
    """Tell whether a run goes across the gutter."""
    return run.x0 < gutter - 2 and run.x1 > gutter + 2


def _split_at(run: Run, gutter: float) -> list[Run]:
    """Split a run in which two columns' lines have come close to each other."""
    if crosses(run, gutter):
        for i, (before, glyph) in enumerate(pairwise(run.glyphs), start=1):
            apart = glyph.x0 - before.x1 > _COLUMN_GAP * run.size
            if apart and before.x1 <= gutter + 2 and glyph.x0 >= gutter - 2:
                return [Run(run.glyphs[:i]), Run(run.glyphs[i:])]
    return [run]


def order_lines(page: PageGlyphs, runs: Sequence[Run], gutter: float | None, *, spacing: Spacing) -> list[PageLine]:
    """Return a page's lines in reading order: bands between full-width runs, in each the left column first."""
    if gutter is None:
        regions = [list(runs)]
    else:
        regions = [[]]
        runs = [part for run in runs for part in _split_at(run, gutter)]
        wide = sorted((run for run in runs if crosses(run, gutter)), key=lambda run: -run.y)
        narrow = sorted((run for run in runs if not crosses(run, gutter)), key=lambda run: -run.y)
        for run in [*wide, None]:
            band = [item for item in narrow if run is None or item.y > run.y + 0.5 * run.size]
            narrow = narrow[len(band) :]
            if band:
                regions += [
                    [item for item in band if item.x1 <= gutter + 2],
                    [item for item in band if item.x1 > gutter + 2],
                    [],
                ]
            if run is not None:
                regions[-1].append(run)
    lines = []
    for region, members in enumerate(regions):
        lines += _join_rows(page.number, region, members, spacing=spacing)
    return lines


def _join_rows(page: int, region: int, runs: Sequence[Run], *, spacing: Spacing) -> list[PageLine]:
    lines = []
    for row in find_rows(runs, -1):
        whole = Run(sorted((glyph for run in row for glyph in run.glyphs), key=_reading_place))
        line = PageLine(page, region, whole.x0, whole.x1, whole.y, whole.size, whole.glyphs)
        _spell(line, spacing=spacing)
        if line.text:
            lines.append(line)
    return lines


def _spell(line: PageLine, *, spacing: Spacing) -> None:
    """Set a line's text and the spans of its raised digits; a space is where the file has one or a gap shows one."""
    pieces: list[str] = []
    length, before, space = 0, None, False
    for glyph in line.glyphs:
        if glyph.text.isspace():
            space = True
            continue
        if before is not None and _parted(before, glyph, space=space, spacing=spacing):
            pieces.append(" ")
            length += 1
        text = glyph.text
        if _is_raised(glyph, line) and text.isdigit():
            joined = bool(line.raised) and line.raised[-1][1] == length
            if joined:
                line.raised[-1] = (line.raised[-1][0], length + len(text))
            else:
                line.raised.append((length, length + len(text)))
        pieces.append(text)
        length += len(text)
        before, space = glyph, False
    line.text = "".join(pieces)


def _is_raised(glyph: Glyph, line: PageLine) -> bool:
    return glyph.size < SMALL * line.size and glyph.y - line.y > 0.1 * line.size


def _parted(before: Glyph, glyph: Glyph, *, space: bool, spacing: Spacing) -> bool:
    """Tell whether a space stands between two characters; between two Han characters never, whatever the gap."""
    a, b = is_wide(before.text[-1:]), is_wide(glyph.text[:1])
    if a and b:
        return False
    if space:
        return True
    ems = (glyph.x0 - before.x1) / max(before.size, glyph.size)
    if a or b:
        other = glyph.text if a else before.text
        return ems > _TAB or (spacing.han and ems > _HAN_GAP and other[:1].isalnum())
    return ems > (_TAB if spacing.characters else _WORD_GAP)


def is_wide(text: str) -> bool:
    """Tell whether a character is Han, full-width or the like."""
    return text >= _FIRST_WIDE and _WIDE.match(text) is not None


def learn_spacing(pages: Sequence[PageGlyphs]) -> Spacing:
    """Learn how a document sets its spaces, from its characters in the order of the file."""
    n_glyphs = sum(len(page.glyphs) for page in pages)
    n_spaces = sum(glyph.text.isspace() for page in pages for glyph in page.glyphs)
    written = bare = 0
    for page in pages:
        for before, glyph in pairwise(page.glyphs):
            if is_wide(before.text) and before.text.isalpha() and abs(glyph.y - before.y) < 0.1 * glyph.size:
                written += glyph.text.isspace()
                bare += glyph.text.isalnum() and not is_wide(glyph.text)
    return Spacing(characters=n_spaces > 0.01 * n_glyphs, han=written > bare)
