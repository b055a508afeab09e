"""Are the figures still what the corpus says? Every claim computed again, every file and paragraph compared."""

import csv
import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from textmine.errors import LedgerError, TextmineError
from textmine.publish.corrected import correct_tables
from textmine.publish.ledger import CLAIM_COLUMNS, Claim, Ledger, make_claims, read_ledger
from textmine.publish.produce import digest_file
from textmine.publish.recipe import find_recipe
from textmine.publish.study import Study, open_study

# Numbers are written to 12 significant digits; the last may round either way on another machine.
_RELATIVE, _ABSOLUTE = 1e-10, 1e-13


class Verdict(NamedTuple):
    """What the check of one figure came to: ``difference`` is the first found, None where there is none."""

    ledger: Path
    n_claims: int
    difference: str | None


def verify_figures(
    folder: str | Path,
    *,
    corpus: str | Path | None = None,
    taxonomy: Path | None = None,
    corrections: str | Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> Iterator[Verdict]:
    """Check each figure of a folder against its ledger, its data and the texts it was made on.

    Parameters
    ----------
    folder : str or Path
        With figures that :func:`textmine.publish.produce.publish_figure` made; or the ledger of one.
    corpus : str or Path, optional
        The texts, where they aren't found by the name in the ledger.
    taxonomy : Path, optional
        The taxonomy, where it was one of one's own.
    corrections : str or Path, optional
        The file of corrections that the figures were made with; see :func:`textmine.publish.run.run_analysis`.
    progress : callable, optional
        Called with what is being done.

    Yields
    ------
    Verdict
        One for each ledger, sorted by name.

    Raises
    ------
    LedgerError
        When the folder has no ledger.
    """
    say = progress or (lambda _: None)
    studies: dict[str, Study] = {}
    for path in list_ledgers(folder):
        say(f"verifying {path.stem}")
        n_claims = 0
        try:
            ledger = read_ledger(path)
            n_claims = len(ledger.claims)
            difference = next(_compare_files(ledger, path.parent), None)
            if difference is None:
                name = str(corpus or ledger.study)
                if name not in studies:
                    study = open_study(name, taxonomy=taxonomy, progress=say)
                    if corrections is not None:
                        tables = correct_tables(study.tables, corrections, study.taxonomy)
                        study = Study(tables, study.taxonomy, name=study.name, reports=study.reports)
                    studies[name] = study
                difference = next(_compare_study(ledger, studies[name]), None)
        except TextmineError as error:
            difference = str(error)
        yield Verdict(path, n_claims, difference)


def list_ledgers(folder: str | Path) -> list[Path]:
    """Return the ledgers of a folder, sorted; a ledger by itself stands for its folder."""
    folder = Path(folder)
    if folder.is_file():
        return [folder]
    found = sorted(path for path in folder.glob("*.json") if path.name != "datapackage.json")
    if not found:
        raise LedgerError(f"{folder}: no ledger here (NAME.json beside a figure); make figures with `textmine figures`")
    return found


def _compare_files(ledger: Ledger, folder: Path) -> Iterator[str]:
    """Yield how the figure's files differ from what the ledger says of them; the data by row and column."""
    data = folder / f"{ledger.figure}.csv"
    if data.name not in ledger.files:
        yield f"{data.name}: the ledger doesn't name it among the figure's files"
    for name, digest in ledger.files.items():
        path = folder / name
        if not path.is_file():
            yield f"{name}: missing"
        elif digest_file(path) != digest:
            if path == data:
                yield from _compare_data(ledger, path)
            yield f"{name}: not the file that the ledger was written for"


def _compare_data(ledger: Ledger, path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    if len(rows) != len(ledger.claims):
        yield f"{path.name}: {len(rows)} rows, the ledger has {len(ledger.claims)} claims"
    for line, (row, claim) in enumerate(zip(rows, ledger.claims, strict=False), start=2):
        for column in CLAIM_COLUMNS:
            expected, found = getattr(claim, column), row.get(column)
            if not _same_cell(found, expected):
                yield f"{path.name}, line {line}, {column} of {claim.name}: {found!r}, the ledger says {expected!r}"


def _same_cell(found: str | None, expected: object) -> bool:
    if expected is None or found is None:
        return expected is None and found == ""
    if isinstance(expected, str):
        return found.removeprefix("'") == expected
    try:
        return float(found) == expected
    except ValueError:
        return False


def _compare_study(ledger: Ledger, study: Study) -> Iterator[str]:
    """Yield how texts, taxonomy and what is computed from them differ from the ledger."""
    if study.taxonomy.sha256 != ledger.taxonomy_sha256:
        yield "the taxonomy isn't the one that the figure was made with; make the figure again"
    now = {(source.edition, source.lang): source for source in study.sources}
    for then in ledger.sources:
        name = f"{then.edition}.{then.lang}"
        found = now.pop((then.edition, then.lang), None)
        if found is None:
            yield f"{study.name} has no text {name}, which the figure draws from"
            continue
        for number in sorted(then.paragraphs.keys() | found.paragraphs.keys()):
            if then.paragraphs.get(number) != found.paragraphs.get(number):
                yield f"paragraph {name}.{number} isn't what it was when the figure was made"
        if then.sha256 != found.sha256:
            yield f"the file of {name} isn't the one that the figure was made from (SHA-256 {found.sha256[:12]}...)"
    if now:
        edition, lang = min(now)
        yield f"{study.name} has a text {edition}.{lang} that the figure doesn't know"
    recipe = find_recipe(ledger.recipe)
    again = make_claims(*recipe.run(study, recipe.complete(ledger.parameters)))
    yield from _compare_claims(ledger, {(claim.series, claim.x, claim.lang): claim for claim in again})


def _compare_claims(ledger: Ledger, again: Mapping[tuple[str, str, str], Claim]) -> Iterator[str]:
    left = dict(again)
    for claim in ledger.claims:
        other = left.pop((claim.series, claim.x, claim.lang), None)
        if other is None:
            yield f"claim {claim.name}: not found when computed again"
            continue
        for column in CLAIM_COLUMNS:
            said, found = getattr(claim, column), getattr(other, column)
            if said != found and not _close(said, found):
                yield f"claim {claim.name}: {column} is {said!r}, computed again {found!r}"
        if claim.evidence != other.evidence:
            wrong = sorted(set(map(str, claim.evidence)) - set(map(str, other.evidence)))
            lacking = sorted(set(map(str, other.evidence)) - set(map(str, claim.evidence)))
            parts = [f"{place} is no evidence" for place in wrong[:1]] + [
                f"{place} is missing" for place in lacking[:1]
            ]
            yield f"claim {claim.name}: {'; '.join(parts) or 'the evidence is in another order'}"
    if left:
        yield f"claim {next(iter(left.values())).name}: computed again, but the ledger doesn't have it"


def _close(said: object, found: object) -> bool:
    if not isinstance(said, float) or not isinstance(found, float):
        return False
    return math.isclose(said, found, rel_tol=_RELATIVE, abs_tol=_ABSOLUTE)
