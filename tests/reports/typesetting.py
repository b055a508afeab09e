"""A Report typeset as the UN sets its reports, so that a reader's result can be compared with what was set.

Cover with symbol, session, title and summary; running head with the symbol, page number at the foot; hyphenation and
justification; headings by weight and size; superscript footnote markers, footnotes at the foot of page or column.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst

from textmine.reports.catalogue import find_edition
from textmine.reports.model import Footnote, FootnoteRef, Report

FONTS = Path(pylopdf_fonts_zh_cn.__file__).parent
_ORGANS = {"en": "General Assembly · Economic and Social Council", "zh": "大会 · 经济及社会理事会"}
_AUTHOR = {"en": "Report of the Secretary-General", "zh": "秘书长的报告"}
_SUMMARY = {"en": "Summary", "zh": "内容提要"}
_UNITS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_SIZES = {1: 14, 2: 12, 3: 10.5, 4: 10.5, 5: 10.5, 6: 10.5}
_PREAMBLE = """
#set page(paper: "{paper}", margin: (x: {margin}cm, top: 2.6cm, bottom: 2.4cm), columns: {columns},
  header: context {{ let n = counter(page).get().first()
    if n > 1 {{ set text(size: 9pt, weight: "bold")
      align(if calc.odd(n) {{ right }} else {{ left }}, {symbol}) }} }},
  footer: context {{ let n = counter(page).get().first()
    set text(size: 8pt)
    let parts = ([#n], {job})
    grid(columns: (1fr, 1fr), align: (left, right), ..if calc.odd(n) {{ parts.rev() }} else {{ parts }}) }})
#set text(font: ("Libertinus Serif", "Noto Serif SC"), size: {size}pt, lang: "{lang}", hyphenate: true)
#set par(justify: true, leading: {leading}em, spacing: {spacing}em)
#set super(typographic: {typographic})
#set footnote.entry(separator: line(length: 4cm, stroke: 0.5pt), gap: 0.4em)
#show footnote.entry: set text(size: 8pt)
#let head(size, weight, style, indent, body) = block(above: 1.3em, below: 1em, sticky: true, inset: (left: indent),
  text(font: ("Libertinus Serif", "Noto Sans SC"), size: size * 1pt, weight: weight, style: style,
    hyphenate: false, par(justify: false, body)))
#let num(n) = box(width: {tab}em, n)
"""


@dataclass(frozen=True, slots=True)
class Setting:
    """How a report is set.

    ``typographic`` superscripts are glyphs of the font, others are digits made smaller and raised; ``weak_headings``
    have the body's size, and its weight where ``bold`` is off.
    """

    columns: int = 1
    size: float = 10.0
    paper: str = "a4"
    leading: float = 0.65
    tab: float = 2.4
    bold: bool = True
    weak_headings: bool = False
    typographic: bool = False


def typeset(report: Report, setting: Setting = Setting()) -> bytes:
    """Return the report as a PDF."""
    return compile_source(typst_source(report, setting))


def compile_source(source: str) -> bytes:
    """Return typst source as a PDF, with the two fonts that the project has."""
    return typst.compile(source.encode(), font_paths=[FONTS], ignore_system_fonts=True, timestamp=0)


def typst_source(report: Report, setting: Setting) -> str:
    """Return the report as typst source."""
    lang = report.edition.lang
    known = find_edition(report.edition.year, lang)
    symbol = (known.symbol if known else "") or "A/99/9"
    session = report.edition.session or report.edition.year - 1945
    pieces = [
        _PREAMBLE.format(
            paper=setting.paper,
            margin=1.8 if setting.columns > 1 else 2.8,
            columns=setting.columns,
            symbol=quote(symbol.replace("-E", "\u2013E")),
            job=quote(f"SAMPLE-{report.edition.year} ({lang})"),
            size=setting.size,
            lang=lang,
            leading=setting.leading,
            spacing=setting.leading + 0.55,
            tab=setting.tab,
            typographic="true" if setting.typographic else "false",
        ),
        _cover(report, symbol, session),
    ]
    notes = {note.number: note for note in report.footnotes}
    in_headings: dict[int, list[tuple[int, int]]] = {}
    for note in report.footnotes:
        if note.anchor.kind == "heading" and note.anchor.number is not None:
            in_headings.setdefault(note.anchor.number, []).append((note.number, note.anchor.offset or 0))
    printed = 0
    for paragraph in report.paragraphs:
        for heading in report.headings[printed : paragraph.heading or printed]:
            shift = len(str(heading)) - len(heading.title)
            marks = [FootnoteRef(number, offset + shift) for number, offset in in_headings.get(heading.number, ())]
            pieces.append(_heading(heading.level, _marked(str(heading), marks, notes), setting))
        printed = max(printed, paragraph.heading or 0)
        pieces.append(f"#num({quote(f'{paragraph.number}.')}){_marked(paragraph.text, paragraph.refs, notes)}\n\n")
    return "".join(pieces)


def quote(text: str) -> str:
    """Return a text as a typst string, in which nothing is markup."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _cover(report: Report, symbol: str, session: int) -> str:
    lang = report.edition.lang
    lines = [
        '#place(top + left, scope: "parent", float: true, clearance: 1.5em, block(width: 100%)[',
        f"#text(size: 9pt)[#{quote('United Nations' if lang == 'en' else '联合国')} #h(1fr) #{quote(symbol)}]\n\n",
        f'#text(size: 13pt, weight: "bold")[#{quote(_ORGANS[lang])}]\n\n',
        f"#{quote(_session(session, lang))}\n\n#v(1em)\n\n",
        f'#text(size: 14pt, weight: "bold")[#{quote(report.edition.title)}]\n\n',
        f'#text(size: 12pt, weight: "bold")[#{quote(_AUTHOR[lang])}]\n\n#v(1em)\n\n',
        f'#align(center)[#text(style: "italic")[#{quote(_SUMMARY[lang])}]]\n\n#{quote(report.summary)}])\n\n',
    ]
    return "".join(lines)


def _session(number: int, lang: str) -> str:
    tens, unit = divmod(number, 10)
    if lang == "zh":
        digits = "零一二三四五六七八九"
        return f"第{digits[tens]}十{digits[unit] if unit else ''}届会议"
    names = {6: ("Sixty", "Sixtieth"), 7: ("Seventy", "Seventieth"), 8: ("Eighty", "Eightieth")}
    return f"{names[tens][0]}-{_UNITS[unit]} session" if unit else f"{names[tens][1]} session"


def _heading(level: int, content: str, setting: Setting) -> str:
    weight = '"bold"' if setting.bold and (level <= 4 or level == 6) else '"regular"'
    style = '"italic"' if level == 5 else '"normal"'
    size = setting.size * (_SIZES[level] / 10 if not setting.weak_headings else 1)
    return f"#head({size:g}, {weight}, {style}, {0.4 * (level - 1):g}em, [{content}])\n\n"


def _marked(text: str, refs: Sequence[FootnoteRef], notes: dict[int, Footnote]) -> str:
    """Return a text as typst content, with its footnotes where their markers stand."""
    pieces, at = [], 0
    for ref in sorted(refs, key=lambda ref: (ref.offset, ref.number)):
        pieces.append(f"#{quote(text[at : ref.offset])}" if ref.offset > at else "")
        pieces.append(f"#footnote[#{quote(notes[ref.number].text)}]")
        at = ref.offset
    return "".join(pieces) + (f"#{quote(text[at:])}" if at < len(text) else "")


#: The layouts that readers are measured on.
LAYOUTS = {"one column": Setting(), "two columns": Setting(columns=2, size=9.5)}
