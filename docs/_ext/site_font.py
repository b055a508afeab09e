"""Faces for readers whose system lacks them, cut down to what the site uses: Noto Sans SC and STIX Two Math (OFL 1.1).

The site names faces of the reader's system first (``_static/site.css``).
"""

import hashlib
import json
import logging
from importlib.resources import files
from pathlib import Path

from fontTools.subset import Options, Subsetter, load_font, save_font
from sphinx.application import Sphinx
from sphinx.util.logging import getLogger

HAN = files("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf"
MATH = files("ziamath") / "fonts" / "STIXTwoMath-Regular.ttf"
#: Below this, any system's text faces have the characters.
FIRST_HAN = "\u2e80"
#: Latin, Greek, punctuation, arrows, operators, italics: what formulas are made of.
FORMULAS = ((0x20, 0x7E), (0xA0, 0xFF), (0x370, 0x3FF), (0x2010, 0x2062), (0x2190, 0x22FF), (0x1D434, 0x1D71B))


def cut_fonts(app: Sphinx, error: Exception | None) -> None:
    """Write ``_static/han.woff`` and ``math.woff``; they stay as they are where their characters do."""
    if error is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir)
    pages = [*folder.rglob("*.html"), folder / "searchindex.js"]
    han = {ord(character) for page in pages for character in page.read_text(encoding="utf-8") if character >= FIRST_HAN}
    formulas = {code for first, last in FORMULAS for code in range(first, last + 1)} | {ord("ℎ")}
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    record = Path(app.doctreedir) / "fonts.json"
    known = json.loads(record.read_text(encoding="utf-8")) if record.is_file() else {}
    done = {}
    for name, source, codes in (("han", Path(str(HAN)), han), ("math", Path(str(MATH)), formulas)):
        target = folder / "_static" / f"{name}.woff"
        if known.get(name) != [sorted(codes), _digest(target)]:
            lost = cut_font(source, codes, target)
            if lost and name == "han":
                getLogger(__name__).warning("%s has no glyph for %s", source.name, " ".join(map(chr, lost)))
        done[name] = [sorted(codes), _digest(target)]
    record.write_text(json.dumps(done), encoding="utf-8")


def cut_font(source: Path, codes: set[int], target: Path) -> list[int]:
    """Write the glyphs of some characters; return the characters that the face doesn't have."""
    options = Options(flavor="woff", notdef_outline=True, hinting=False, desubroutinize=True)
    options.layout_features = ["ssty"]  # glyphs for sub- and superscripts
    font = load_font(str(source), options)
    lost = sorted(codes - font.getBestCmap().keys())
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    save_font(font, str(target), options)
    return lost


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def setup(app: Sphinx) -> dict[str, bool]:
    """Cut the faces once all pages are written."""
    app.connect("build-finished", cut_fonts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
