"""A Chinese face for readers whose system has none: the characters that the site uses, of Noto Sans SC (OFL 1.1)."""

import hashlib
import json
import logging
from importlib.util import find_spec
from pathlib import Path

from fontTools.subset import Options, Subsetter, load_font, save_font
from sphinx.application import Sphinx
from sphinx.util.logging import getLogger

PACKAGE, FACE = "pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf"
#: Below this, the text faces of any system have the characters.
FIRST_HAN = "\u2e80"


def draw_characters(app: Sphinx, error: Exception | None) -> None:
    """Write ``_static/han.woff`` with the characters of all pages; as it is where they haven't changed."""
    if error is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir)
    used = {
        character
        for page in [*folder.rglob("*.html"), folder / "searchindex.js"]
        for character in page.read_text(encoding="utf-8")
        if character >= FIRST_HAN
    }
    target, record = folder / "_static" / "han.woff", Path(app.doctreedir) / "han.json"
    now = {"characters": "".join(sorted(used)), "sha256": _digest(target)}
    if record.is_file() and json.loads(record.read_text(encoding="utf-8")) == now:
        return
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"{PACKAGE}, which textmine depends on, isn't installed")
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    options = Options(flavor="woff", notdef_outline=True, hinting=False, desubroutinize=True)
    options.layout_features = []
    font = load_font(str(Path(spec.origin).parent / FACE), options)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[ord(character) for character in used])
    subsetter.subset(font)
    if lost := sorted(used - {chr(code) for code in font.getBestCmap()}):
        getLogger(__name__).warning("%s has no glyph for %s", FACE, " ".join(lost))
    save_font(font, str(target), options)
    now["sha256"] = _digest(target)
    record.write_text(json.dumps(now), encoding="utf-8")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def setup(app: Sphinx) -> dict[str, bool]:
    """Draw the characters once all pages are written."""
    app.connect("build-finished", draw_characters)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
