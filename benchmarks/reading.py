"""What comes back of the sample from PDF: `python benchmarks/reading.py [--years 2013,2021]`, a table in reading.md.

Each edition of the built-in sample is typeset with typst (tests/reports/typesetting.py) in one and in two columns and
read back by textmine's PDF reader; beside it, the text that pypdf, pdfplumber and pymupdf4llm give, read by textmine's
reader of plain text. A reader that isn't installed is left out and named. Times are of one process, readers in turn.
"""

import argparse
import io
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from reading_docx import Tally

import textmine
from textmine.errors import SourceError
from textmine.reports.model import Report
from textmine.reports.read_pdf import parse_pdf
from textmine.reports.read_text import parse_text
from textmine.reports.source import SourceText

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from reports.typesetting import LAYOUTS, typeset  # noqa: E402

_MARKUP = re.compile(r"^(?:#+|>) |\*\*|__|(?<![\w])_|_(?![\w])|<!--.*?-->|</?(?:sup|br|u)>", re.MULTILINE)


INTRODUCTION = """\
# Reading PDFs

Made by `python benchmarks/reading.py`. Editions of the built-in sample, typeset by us with typst in the manner of
the United Nations' documents (`tests/reports/typesetting.py`: cover, running heads, page numbers, justified and
hyphenated text, footnotes at the foot of page or column), read back and compared with what went in. No official PDF
was at hand, and the reader was made on these files: the figures are an upper bound for official ones.

`textmine` is its PDF reader; the others give text, which textmine's reader of plain text reads (told language and
year; of pymupdf4llm's Markdown the markup is taken out first). That reader expects footnotes set off as in
pdftotext's output, which counts against text without blank lines. A number is found where the paragraph behind it
begins with the right 20 characters; a heading path is right where level and text of every heading above the
paragraph are; a link where the footnote's marker stands behind the same text; texts are compared without white
space. `failed`: no report in it. `time`: processor time of extraction and reading against textmine's, median over
the same files in the same process. pymupdf4llm (AGPL) comes with pymupdf 2 and wants onnxruntime; neither is installed
with textmine.
""".splitlines()


def give_pypdf(data: bytes) -> str:
    """Return the text that pypdf gives."""
    pypdf = import_module("pypdf")
    return "\n\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def give_pypdf_layout(data: bytes) -> str:
    """Return the text that pypdf gives in its layout mode, with indents and blank lines."""
    pypdf = import_module("pypdf")
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    return "\n\n".join(page.extract_text(extraction_mode="layout") for page in pages)


def give_pdfplumber(data: bytes) -> str:
    """Return the text that pdfplumber gives."""
    with import_module("pdfplumber").open(io.BytesIO(data)) as document:
        return "\n\n".join(page.extract_text() for page in document.pages)


def give_pymupdf4llm(data: bytes) -> str:
    """Return the Markdown that pymupdf4llm gives, without its markup."""
    pymupdf4llm = import_module("pymupdf4llm")
    with import_module("pymupdf").open(stream=data, filetype="pdf") as document:
        markdown = pymupdf4llm.to_markdown(document, show_progress=False, use_ocr=False)
    return re.sub(r"\[(\d{1,3})\]", r"\1", _MARKUP.sub("", markdown))


#: Name in the table -> module, distribution that has its version, what gives the text.
GIVERS: dict[str, tuple[str, str, Callable[[bytes], str]]] = {
    "pypdf": ("pypdf", "pypdf", give_pypdf),
    "pypdf, layout mode,": ("pypdf", "pypdf", give_pypdf_layout),
    "pdfplumber": ("pdfplumber", "pdfplumber", give_pdfplumber),
    "pymupdf4llm": ("pymupdf4llm", "pymupdf", give_pymupdf4llm),
}


def read_given(give: Callable[[bytes], str], data: bytes, name: str, report: Report) -> Report:
    """Read what another library gives as plain text; language and year are told, so that no cover is needed."""
    text = give(data)
    return parse_text(SourceText(name, text, "0" * 64, "pdf"), lang=report.edition.lang, year=report.edition.year)


def readers() -> tuple[dict[str, Callable[[bytes, str, Report], Report]], list[str]]:
    """Return the readers that are installed, and which are not."""

    def read_here(data: bytes, name: str, report: Report) -> Report:
        return parse_pdf(data, name, lang=report.edition.lang, year=report.edition.year)

    found: dict[str, Callable[[bytes, str, Report], Report]] = {"textmine": read_here}
    missing = []
    for name, (module, package, give) in GIVERS.items():
        try:
            import_module(module)
        except ImportError:
            missing.append(name)
            continue

        def read(data: bytes, file: str, report: Report, give: Callable[[bytes], str] = give) -> Report:
            return read_given(give, data, file, report)

        found[f"{name} {version(package)}"] = read
    return found, missing


def main() -> None:
    """Measure and write the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--years", help="comma-separated; all where left out, and only then the tables are written")
    options.add_argument("--others", default="2011,2021", help="years on which the other readers are measured too")
    chosen = options.parse_args()
    others = chosen.others.split(",")
    reports = textmine.load_corpus("sample")
    reports = [r for r in reports if not chosen.years or str(r.edition.year) in chosen.years.split(",")]
    found, missing = readers()
    rooms = [(layout, lang) for layout in LAYOUTS for lang in ("en", "zh")]
    whole = {("textmine", *room): Tally() for room in rooms}
    beside = {(reader, *room): Tally() for room in rooms for reader in found}
    n_pages = 0
    for layout, setting in LAYOUTS.items():
        for report in reports:
            data = typeset(report, setting)
            room = (layout, report.edition.lang)
            for reader, read in found.items():
                compared = str(report.edition.year) in others
                if reader != "textmine" and not compared:
                    continue
                start = time.process_time()
                try:
                    back = read(data, f"{report.edition.year}.pdf", report)
                except SourceError:
                    back = None
                seconds = time.process_time() - start
                for tally in [beside[reader, *room]] * compared + [whole["textmine", *room]] * (reader == "textmine"):
                    tally.seconds.append(seconds)
                    tally.add(report, back)
                if reader == "textmine" and back is not None:
                    n_pages += pages_of(back)
    lines = [*INTRODUCTION, "", *write_table(whole), ""]
    seconds = sum(sum(tally.seconds) for tally in whole.values())
    lines += [f"{n_pages} pages, {1000 * seconds / n_pages:.0f} ms of processor time a page, in this process.", ""]
    if any(tally.seconds for tally in beside.values()):
        lines += [f"Beside other readers, editions {', '.join(others)}:", "", *write_table(beside)]
    if missing:
        lines += ["", f"Not installed, so not measured: {', '.join(missing)}."]
    print("\n".join(lines))
    if not chosen.years:
        Path(__file__).with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def pages_of(report: Report) -> int:
    """Return the number of pages that the reader says it read."""
    return next(int(w.message.split()[0]) for w in report.warnings if w.kind == "coverage")


def write_table(tallies: dict[tuple[str, str, str], Tally]) -> Iterator[str]:
    """Yield the lines of a table."""
    yield "| reader | layout | lang | files | number F1 | path | link F1 | text equal | footnote text | failed | time |"
    yield "|---|---|---|---|---|---|---|---|---|---|---|"
    for (reader, layout, lang), tally in tallies.items():
        own = tallies["textmine", layout, lang].seconds
        ratio = statistics.median(other / mine for other, mine in zip(tally.seconds, own, strict=True))
        row = [reader, layout, lang, str(len(tally.seconds)), *tally.cells(), f"{ratio:.1f}"]
        yield f"| {' | '.join(row)} |"


if __name__ == "__main__":
    main()
