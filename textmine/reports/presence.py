"""Which editions are here: in the sample, and among the official texts."""

from pathlib import Path

import polars as pl

from textmine.reports.catalogue import document_name, find_edition, load_catalogue
from textmine.reports.corpus import OFFICIAL
from textmine.reports.kind import KINDS
from textmine.reports.manifest import Entry, has_file, load_manifest
from textmine.resources import resource_path
from textmine.schema import LANGUAGES


def find_present(folder: str | Path = OFFICIAL) -> pl.DataFrame:
    """Return what is here of each edition in the catalogue.

    Parameters
    ----------
    folder : str or Path
        Of the official texts; default ``corpus/official`` below the working directory. It need not exist.

    Returns
    -------
    polars.DataFrame
        One row per edition and language, sorted: ``year``, ``lang``, ``symbol``, ``verified``, ``sample`` (whether
        the built-in sample has that year), ``official`` (formats that are here as the manifest recorded them, such as
        ``pdf``) and ``doubtful`` (files of the edition's name that no manifest knows, or that were changed since).

    Raises
    ------
    SourceError
        When the manifest isn't one.

    Examples
    --------
    >>> find_present("no such folder").filter(pl.col("year") == 2011).select("lang", "sample", "official").rows()
    [('en', True, []), ('zh', True, [])]
    """
    manifest = load_manifest(folder)
    rows = []
    for year in load_catalogue()["year"]:
        for lang in sorted(LANGUAGES):
            edition = find_edition(year, lang)
            if edition is None:
                continue
            here = {kind: _state(Path(folder), document_name(edition, kind), manifest) for kind in KINDS}
            rows.append(
                {
                    "year": year,
                    "lang": lang,
                    "symbol": edition.symbol,
                    "verified": edition.verified,
                    "sample": resource_path("sample").joinpath(f"{year}.{lang}.md").is_file(),
                    "official": [kind for kind in KINDS if here[kind] == "recorded"],
                    "doubtful": [kind for kind in KINDS if here[kind] == "doubtful"],
                }
            )
    texts = pl.List(pl.String)
    return pl.DataFrame(rows).cast({"year": pl.Int32, "official": texts, "doubtful": texts})


def _state(folder: Path, name: str, manifest: dict[str, Entry]) -> str:
    entry = manifest.get(name)
    if entry is not None and has_file(folder, entry):
        return "recorded"
    return "doubtful" if (folder / name).is_file() else ""
