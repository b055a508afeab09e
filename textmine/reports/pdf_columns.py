"""Lines in reading order: where the gutter between two columns is, and what goes across it."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from textmine.reports.pdf_glyphs import PageGlyphs
from textmine.reports.pdf_lines import PageLine, Run, find_rows, reading_place
from textmine.reports.pdf_spacing import Spacing, spell

#: Where the gutter is known, a gap of this many ems parts two columns.
_COLUMN_GAP = 0.6
_FEWEST_IN_COLUMN = 3


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
        whole = Run(sorted((glyph for run in row for glyph in run.glyphs), key=reading_place))
        line = PageLine(page, region, whole.x0, whole.x1, whole.y, whole.size, whole.glyphs)
        spell(line, spacing=spacing)
        if line.text:
            lines.append(line)
    return lines
