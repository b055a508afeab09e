"""`textmine evaluate`: annotation against every bar, in one report."""

from pathlib import Path
from typing import Annotated

import typer

from textmine.cli.app import app
from textmine.cli.options import Corpus
from textmine.cli.terminal import open_console, plain_text, show_progress
from textmine.errors import ContractError


@app.command()
def evaluate(
    out: Annotated[Path, typer.Option(help="The report to write, in Markdown.")] = Path("annotation.md"),
    official: Annotated[
        Path | None, typer.Option(help="The official Chinese text of 2011, where it is at hand.", show_default=False)
    ] = None,
    corrections: Annotated[
        Path | None,
        typer.Option(help="A reader's verdicts on tags, to score the tagger against.", show_default=False),
    ] = None,
    corpus: Corpus = None,
) -> None:
    """Measure tags, action lines, agreement, offsets, quantities and cuts against their bars.

    A bar that is missed is no error: the report says it. With --corrections the tagger is also scored against a
    reader's verdicts on the texts of --corpus; where that is the sample, its tags are scored as corrected.
    """
    from textmine.annotate.corrections import load_corrections
    from textmine.atomic import check_file
    from textmine.publish.evaluation.report import evaluate_annotation, list_bars, write_evaluation

    if corrections is not None:
        if not load_corrections(corrections):  # what is wrong with it, before long work
            raise ContractError(f"{corrections}: holds no verdict; those of the widget go to corrections.jsonl")
    elif corpus is not None:
        raise ContractError("--corpus says which texts corrections are on; name their file with --corrections")
    check_file(out)
    with show_progress() as say:
        parts = evaluate_annotation(official, corrections=corrections, corpus=corpus, progress=say)
        write_evaluation(parts, out, with_official=official is not None)
    console = open_console()
    bars = list_bars(parts)
    for finding in bars:
        verdict = "met   " if finding.met else "missed"
        console.print(plain_text(f"{verdict}  {finding.what}, {finding.texts}: {finding.figure} ({finding.needed})"))
    met = sum(finding.met is True for finding in bars)
    console.print(plain_text(f"{met} of {len(bars)} bars met; report in {out}"))
