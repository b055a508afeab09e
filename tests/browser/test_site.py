"""The site in a browser: links, console, requests, Chinese glyphs, formulas, a phone's width.

Uses docs/_build/html where it is newer than everything that it is made from, else builds it.
"""

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "docs" / "_build" / "html"
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
#: One page of each kind: prose, Chinese, formulas, pictures, tables, signatures, outputs.
PAGES = [
    "index.html",
    "guide.html",
    "guide.zh.html",
    "own-taxonomy.html",
    "how-to/cite.html",
    "methods/index.html",
    "methods/keyness.html",
    "methods/change.html",
    "generated/gallery.html",
    "generated/tables.html",
    "generated/api.html",
    "generated/formulas.html",
    "generated/api/textmine.measure_prevalence.html",
    "generated/api/textmine.TopicModel.html",
    "generated/notebooks/02-what-does-the-2011-report-talk-about.html",
    "changelog.html",
    "search.html",
]


def is_fresh() -> bool:
    """Tell whether the site was built after the last change of what it shows."""
    index = SITE / "searchindex.js"
    if not index.is_file():
        return False
    sources = [
        *(path for path in (ROOT / "docs").rglob("*") if not {"_build", "generated"} & set(path.parts)),
        *(ROOT / "textmine").rglob("*.py"),
        *(ROOT / "notebooks").glob("*.ipynb"),
        *(ROOT / "figures").glob("*.json"),
        ROOT / "CHANGELOG.md",
    ]
    return all(path.stat().st_mtime <= index.stat().st_mtime for path in sources if path.is_file())


@pytest.fixture(scope="module")
def site() -> Path:
    if not is_fresh():
        for name in ("sphinx", "furo", "myst_nb", "numpydoc", "ziamath"):
            if importlib.util.find_spec(name) is None:
                pytest.skip(f"{name} isn't installed; `nox -s docs` installs what the site needs")
        # Pages that stay the same keep an older navigation, so all are written.
        build = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-a", "-b", "html", "docs", str(SITE)]
        done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own
        assert done.returncode == 0, done.stderr[-3000:]
    return SITE


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api", reason="playwright isn't installed")
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with api.sync_playwright() as playwright:
        if program is None and not Path(playwright.chromium.executable_path).is_file():
            pytest.skip("no chromium here")
        running = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield running
        running.close()


class Links(HTMLParser):
    """What a page refers to, and the places in it that can be referred to."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.places: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.targets.append(value)
            if name == "id" and value:
                self.places.add(value)


def test_every_internal_link_leads_somewhere(site: Path) -> None:
    pages = {path: Links(path) for path in site.rglob("*.html")}
    assert len(pages) > 50
    broken = []
    for path, links in pages.items():
        for link in links.targets:
            if urlsplit(link).scheme or link.startswith("//"):
                continue
            file, place = urldefrag(link)
            target = (path.parent / unquote(urlsplit(file).path)).resolve() if file else path
            known = pages[target].places if target in pages else None
            if not target.is_file() or (place and known is not None and unquote(place) not in known):
                broken.append(f"{path.relative_to(site)}: {link}")
    assert broken == []


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for mark in ('src="http', 'src="//', '<link rel="stylesheet" type="text/css" href="http'):
            assert mark not in text, f"{path.name}: {mark}"


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_pages_show_without_errors_or_requests_and_fit(browser: Any, address: str, viewport: dict[str, int]) -> None:
    context = browser.new_context(viewport=viewport)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{page.url}: {message.type}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    page.on("request", lambda request: None if request.url.startswith((address, "data:")) else said.append(request.url))
    page.on("response", lambda answer: None if answer.ok or answer.status == 304 else said.append(answer.url))
    for name in PAGES if viewport is PHONE else PAGES[::4]:
        assert page.goto(urljoin(address, name)).ok, name
        page.evaluate("document.fonts.ready")
        wide = page.evaluate(
            """() => [...document.querySelectorAll('article *')].filter(e => {
                let box = e.getBoundingClientRect();
                if (box.right <= innerWidth + 1 || box.width === 0) return false;
                for (let p = e; p; p = p.parentElement)
                    if (['auto', 'scroll', 'hidden'].includes(getComputedStyle(p).overflowX)) return false;
                return true;
            }).map(e => e.tagName + ' ' + e.textContent.slice(0, 40))"""
        )
        assert wide == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    context.close()
    assert said == []


def fonts_of(page: Any, selector: str) -> dict[str, int]:
    """Return how many glyphs of each face the browser draws an element with."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    assert node, selector
    found = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    return {font["familyName"]: int(font["glyphCount"]) for font in found}


def test_chinese_is_drawn_by_a_face_that_has_it(browser: Any, address: str) -> None:
    """Also where the system has no such face: then the site's own is loaded. Boxes come from faces that lack it."""
    context = browser.new_context(viewport=DESK)
    page = context.new_page()
    page.goto(urljoin(address, "guide.zh.html"))
    page.evaluate("document.fonts.ready")
    for selector in (
        "article h1",
        "article h2",
        "article p",
        "article .highlight-console pre",
        ".sidebar-tree a[href='#']",
    ):
        text = page.inner_text(selector)
        han = sum("\u2e80" <= character <= "\uffef" for character in text)
        assert han, selector
        drawn = sum(n for face, n in fonts_of(page, selector).items() if any(mark in face for mark in HAN_FACES))
        assert drawn >= han, (selector, text, fonts_of(page, selector))
    # A box is as wide as the next box; two characters that look alike only as boxes have pixels of their own.
    assert page.evaluate(DIFFERENT) is True
    context.close()


HAN_FACES = ("Noto Sans SC", "Noto Sans CJK", "PingFang", "YaHei", "Source Han")
DIFFERENT = """() => {
    const family = getComputedStyle(document.querySelector('article p')).fontFamily;
    const draw = text => {
        const canvas = document.createElement('canvas'), pen = canvas.getContext('2d');
        canvas.width = canvas.height = 40; pen.font = '32px ' + family; pen.fillText(text, 2, 32);
        return canvas.toDataURL();
    };
    return new Set([...'十分钟上手'].map(draw)).size === 5;
}"""


def test_formulas_are_mathml_in_a_face_made_for_them(browser: Any, address: str) -> None:
    context = browser.new_context(viewport=DESK)
    page = context.new_page()
    page.goto(urljoin(address, "methods/keyness.html"))
    page.evaluate("document.fonts.ready")
    assert page.locator("article math").count() > 5
    assert page.locator("article math merror").count() == 0
    assert any("Math" in face for face in fonts_of(page, "div.math mi"))
    for box, inside in page.evaluate(
        "() => [...document.querySelectorAll('div.math')].map(e => [e.clientHeight, e.scrollHeight])"
    ):
        assert inside <= box, "a formula is cut off at its top or foot"
    context.close()


def test_the_search_finds_a_page(browser: Any, address: str) -> None:
    context = browser.new_context(viewport=DESK)
    page = context.new_page()
    page.goto(urljoin(address, "search.html?q=Kleinberg"))
    page.wait_for_selector("ul.search li", timeout=10_000)
    assert any("Breaks, bursts and trends" in text for text in page.locator("ul.search li").all_inner_texts())
    context.close()
