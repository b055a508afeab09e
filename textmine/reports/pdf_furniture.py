"""Running heads and feet of a PDF: what repeats at the edge of its pages, or has the form of a page number."""

import re
from collections import Counter
from collections.abc import Sequence

from textmine.reports.furniture import is_furniture
from textmine.reports.pdf_glyphs import PageGlyphs
from textmine.reports.pdf_lines import Run, find_rows

#: Running heads and feet stand within this share of the page's height from its edges.
_EDGE = 0.13
_DIGITS = re.compile(r"\d+")


def split_furniture(pages: Sequence[PageGlyphs], runs: Sequence[list[Run]]) -> list[list[Run]]:
    """Take running heads and feet out of the pages' runs and return them, page by page.

    From either edge of a page inwards, a row is one while it repeats on other pages at its height (digits count as
    equal, so page numbers repeat) or has the form of a document symbol, page number or job number.
    """
    edges = [_edge_rows(page, found) for page, found in zip(pages, runs, strict=True)]
    seen: Counter[tuple[str, int, int]] = Counter()
    for top, bottom in edges:
        seen.update({key for row in (*top, *bottom) for run in row for key in _keys(run)})
    least = min(3, max(2, len(pages)))
    furniture = []
    for found, sides in zip(runs, edges, strict=True):
        out: list[Run] = []
        for rows in sides:
            apart = False  # a gap parts running heads from the text; beyond it only the form of a row counts
            for i, row in enumerate(rows):
                text = " ".join("".join(glyph.text for glyph in run.glyphs).strip() for run in row)
                repeated = all(any(seen[key] >= least for key in _keys(run)) for run in row)
                if not is_furniture(text) and (apart or not repeated):
                    break
                out += row
                gap = abs(row[0].y - rows[i + 1][0].y) if i + 1 < len(rows) else 0
                apart = apart or gap > 1.8 * row[0].size
        furniture.append(out)
        gone = {id(run) for run in out}
        found[:] = [run for run in found if id(run) not in gone]
    return furniture


def _edge_rows(page: PageGlyphs, runs: Sequence[Run]) -> tuple[list[list[Run]], list[list[Run]]]:
    """Return the rows of runs near the top and near the bottom of a page, each from the edge inwards."""
    top = [run for run in runs if run.y > page.height * (1 - _EDGE)]
    bottom = [run for run in runs if run.y < page.height * _EDGE]
    return find_rows(top, -1), find_rows(bottom, 1)


def _keys(run: Run) -> list[tuple[str, int, int]]:
    text = _DIGITS.sub("0", run.text)
    return [(text, grid, int((run.y + 3 * grid) // 6)) for grid in (0, 1)]
