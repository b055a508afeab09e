"""`textmine track`: what changed in how much is said of some concepts, since when, and how sure."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from textmine.cli.app import app
from textmine.cli.corpus_command import end_command, read_tables
from textmine.cli.options import Corpus, Reuse, TaxonomyPath, choose_matcher, choose_reader
from textmine.cli.terminal import open_console, plain_text, show_progress

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

#: Heights of a share between none and the series' largest.
BARS = "▁▂▃▄▅▆▇█"
NONE, MISSING = "·", " "
#: Columns that a table may take.
WIDE = 200


@app.command()
def track(
    concept: Annotated[str, typer.Option(help="Ids of the taxonomy, such as mobile-money,cloud,social-networks.")],
    corpus: Corpus = None,
    lang: Annotated[
        str | None, typer.Option(help="zh, en, zh+en (both together), or several, such as zh,en; default: all read.")
    ] = None,
    evidence: Annotated[str, typer.Option(help="any, text or heading: which tags count.")] = "any",
    reuse: Reuse = "keep",
    level: Annotated[
        float, typer.Option(min=1e-6, max=0.999, help="False-discovery rate of what is called a change.")
    ] = 0.05,
    power: Annotated[
        float, typer.Option(min=0.01, max=0.999, help="Share of shifts found of the smallest detectable one.")
    ] = 0.8,
    out: Annotated[Path, typer.Option(help="Folder for the tables.")] = Path("textmine-out"),
    csv: Annotated[bool, typer.Option("--csv", help="Write CSV beside Parquet.")] = False,
    taxonomy: TaxonomyPath = None,
) -> None:
    """Track concepts over the editions: shares, breaks, bursts, trends, lives, and what could show at all."""
    from textmine.measure.reuse import KEEP, check_reuse, choose_drop
    from textmine.measure.track import check_request, track_concepts
    from textmine.publish.tables import write_tables

    check_reuse(reuse)
    matcher = choose_matcher(taxonomy)
    concepts = [name.strip() for name in concept.split(",") if name.strip()]
    langs = [name.strip() for name in lang.split(",")] if lang else None
    check_request(concepts, taxonomy=matcher.taxonomy, langs=langs, evidence=evidence)
    with show_progress() as say:
        reports, tables, errors = read_tables(choose_reader(None, corpus), matcher, say, out=out)
        say("looking for recycled text")
        drop = choose_drop(tables["paragraphs"], reuse)
        say("tracking")
        tracks = track_concepts(
            tables,
            concepts,
            taxonomy=matcher.taxonomy,
            langs=langs,
            evidence=evidence,
            drop=drop,
            level=level,
            power=power,
        )
        ending = "" if reuse == KEEP else "-fresh"
        written = write_tables(
            {f"track-{name}{ending}": table for name, table in tracks.items()}, out / "tables", csv=csv
        )
    _print_tracks(tracks, level=level)
    end_command(reports, errors, f"{len(written)} tables in {out / 'tables'}", drop=drop)


def _print_tracks(tracks: "Mapping[str, pl.DataFrame]", *, level: float) -> None:
    """Print, for each language, the shares by year, and below what each concept's tests say."""
    from rich.table import Table

    from textmine.schema import SERIES_KEY

    console = open_console()
    console.width = max(console.width, WIDE)  # a narrow terminal wraps lines itself; rich would cut cells
    series = {name: table.partition_by(SERIES_KEY, as_dict=True, maintain_order=True) for name, table in tracks.items()}
    asked = list(series["prevalence"])
    for lang in dict.fromkeys(key[0] for key in asked):
        mine = [key for key in asked if key[0] == lang]
        years = [int(year) for key in mine for year in series["prevalence"][key]["edition"]]
        first, last = min(years), max(years)
        console.print(plain_text(f"{lang}, {first}-{last}: shares of paragraphs, each bar a year"), style="bold")
        grid = Table(box=None, pad_edge=False)
        for column in ("concept", "shares", "peak", "first", "half-life", "points a year", "would show, points"):
            grid.add_column(column, no_wrap=True)
        for key in mine:
            part = series["prevalence"][key]
            life, trend, shift = (
                series[name][key].row(0, named=True) for name in ("lifetimes", "trends", "detectable")
            )
            bars = draw_bars(dict(zip(part["edition"], part["share"], strict=True)), first, last)
            peak = f"{life['peak_share']:.1%} in {life['peak']}" if life["peak"] is not None else "none"
            half = (
                "" if life["peak"] is None else f"{life['half_life']} y" if life["half_life"] is not None else "not yet"
            )
            slope = (
                "" if trend["slope"] is None else f"{100 * trend['slope']:+.2f} (q {trend['q_autocorrelation']:.2g})"
            )
            up, down = (
                "none" if value is None else f"{sign}{100 * value:.1f}"
                for sign, value in (("+", shift["increase"]), ("-", shift["decrease"]))
            )
            cells = (key[2], bars, peak, life["first"], half, slope, f"{up} or {down} from {shift['edition']}")
            grid.add_row(*(plain_text("" if cell is None else str(cell)) for cell in cells))
        console.print(grid)
        for key in mine:
            for line in describe_changes(str(key[2]), {name: parts.get(key) for name, parts in series.items()}, level):
                console.print(plain_text(line))
        console.print()


def draw_bars(shares: "Mapping[int, float]", first: int, last: int) -> str:
    """Draw a character for each year: a bar by the share of the largest, a dot for none, a gap for no edition.

    Examples
    --------
    >>> draw_bars({2010: 0.0, 2011: 0.1, 2013: 0.4}, 2010, 2013)
    '·▂ █'
    """
    largest = max(shares.values())
    return "".join(
        MISSING
        if year not in shares
        else BARS[max(0, round(shares[year] / largest * len(BARS)) - 1)]
        if shares[year] > 0
        else NONE
        for year in range(first, last + 1)
    )


def describe_changes(concept: str, tables: "Mapping[str, pl.DataFrame | None]", level: float) -> list[str]:
    """Say what the tests of breaks and bursts found, and what chance may explain."""
    lines = []
    breaks, bursts, segmentations = (tables[name] for name in ("breaks", "bursts", "segmentations"))
    for row in breaks.iter_rows(named=True) if breaks is not None else ():
        years = row["likely"]
        span = f"{years[0]}-{years[-1]}" if years[0] < years[-1] else f"{years[0]}"
        lines.append(
            f"{concept}: break in {row['edition']} ({row['confidence']:.0%}: {span}), {row['share_before']:.1%} to "
            f"{row['share_after']:.1%}, q {row['q']:.2g}{_chance(row['q'], level)}"
        )
    if breaks is None and segmentations is not None:
        row = segmentations.row(0, named=True)
        kept = "no break worth its penalty" if row["q"] <= level else "no break"
        lines.append(f"{concept}: {kept}, q {row['q']:.2g}")
    for row in bursts.iter_rows(named=True) if bursts is not None else ():
        span = f"{row['first']}-{row['last']}" if row["first"] < row["last"] else f"{row['first']}"
        lines.append(
            f"{concept}: burst {span}, {row['share']:.1%} against {row['share_all']:.1%} in all, weight "
            f"{row['weight']:.1f}, q {row['q']:.2g}{_chance(row['q'], level)}"
        )
    return lines


def _chance(q: float, level: float) -> str:
    return "" if q <= level else "; chance may explain it"
