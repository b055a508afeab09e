"""The stand-alone page in a real browser: Debian's Chromium, driven by Playwright."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from page_texts import HOSTILE, RESAMPLES, sample_page, sample_study, write_hostile

from textmine.measure.rollup import lift_tags
from textmine.publish.explore.concordance import find_concordance
from textmine.publish.page import make_page
from textmine.publish.study import open_study

pytest.importorskip("vl_convert", reason="the page's plotting library isn't installed (extra `page`)")
sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright isn't installed (group `test`)")
CHROMIUM = shutil.which("chromium")
PHONE = {"width": 360, "height": 740}
CLOUD = '.panel[data-concept="cloud"]'


@pytest.fixture(scope="module")
def browser() -> Iterator["sync_api.Browser"]:
    if CHROMIUM is None:
        pytest.skip("no chromium on the path (Debian: apt-get install chromium)")
    with sync_api.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def sample_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("browser") / "样本 page.html"
    path.write_bytes(sample_page().encode())
    return path


class Visit:
    """A page in the browser, with all that it complained of and asked the network for."""

    def __init__(self, browser: "sync_api.Browser", file: Path, size: dict[str, int]) -> None:
        self.page = browser.new_page(viewport=size, reduced_motion="reduce")
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(file.as_uri())
        self.page.wait_for_selector("body[data-drawn]")
        self._own = file.as_uri()

    def draw(self, act: Callable[[], object]) -> None:
        """Do something after which the charts are drawn again, and wait for them."""
        before = self.page.evaluate("document.body.dataset.drawn")
        act()
        self.page.wait_for_function("before => document.body.dataset.drawn !== before", arg=before)

    def width(self) -> int:
        return int(self.page.evaluate("document.documentElement.scrollWidth"))

    def close(self) -> None:
        self.page.close()
        assert self.complaints == []
        assert self.requests == [self._own]


@pytest.fixture
def visit(browser: "sync_api.Browser", sample_file: Path) -> Iterator[Visit]:
    visit = Visit(browser, sample_file, {"width": 1280, "height": 900})
    yield visit
    visit.close()


def choose_cloud(page: "sync_api.Page") -> "sync_api.Locator":
    if page.locator("#fold > summary").is_visible():  # on a phone
        page.locator("#fold > summary").click()
    page.locator("#concept-filter").fill("cloud")
    page.locator("#concepts").get_by_label("Cloud computing").check()
    page.wait_for_selector(f'{CLOUD} path[tabindex="0"]')
    return page.locator(CLOUD)


def point_at(page: "sync_api.Page", panel: "sync_api.Locator", place: str) -> None:
    """Click where a reader would, as points overlap."""
    panel.locator(f'path[data-point="{place}"]').scroll_into_view_if_needed()
    box = panel.locator(f'path[data-point="{place}"]').bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def text_of(lang: str, number: int) -> str:
    report = next(item for item in sample_study().reports if (item.edition.year, item.edition.lang) == (2011, lang))
    return next(item.text for item in report.paragraphs if item.number == number)


def cloud_paragraphs(lang: str) -> list[int]:
    tags = sample_study().tables["tags"].rows(named=True)
    return sorted({t["paragraph"] for t in tags if (t["edition"], t["lang"], t["concept"]) == (2011, lang, "cloud")})


def test_choose_cloud_computing_and_read_2011(visit: Visit) -> None:
    page = visit.page
    point_at(page, choose_cloud(page), "2011.zh")
    pairs = page.locator("#reader-list .pair")
    assert [pair.get_attribute("data-place") for pair in pairs.all()] == [f"2011.{n}" for n in cloud_paragraphs("zh")]
    for lang in ("zh", "en"):
        side = pairs.first.locator(f'.side[data-lang="{lang}"]')
        shown = side.locator(".text").evaluate(
            "text => { const copy = text.cloneNode(true); copy.querySelectorAll('.ref').forEach(r => r.remove());"
            " return copy.textContent; }"
        )
        assert shown == text_of(lang, cloud_paragraphs("zh")[0])
        assert f"textmine sample 2011 [{lang}], para. " in side.locator(".cite").inner_text()
    assert "云计算" in pairs.first.locator("mark").all_inner_texts()
    assert page.locator(f"{CLOUD} path.chosen").count() == 1


def test_a_point_is_chosen_by_keyboard(visit: Visit) -> None:
    page = visit.page
    stop = choose_cloud(page).locator('.targets_marks path[tabindex="0"]')
    assert stop.count() == 1
    stop.focus()
    before = str(page.evaluate("document.activeElement.dataset.point"))
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    now = str(page.evaluate("document.activeElement.dataset.point"))
    assert (int(before[:4]) - 1, before[5:]) == (int(now[:4]), {"zh": "en", "en": "zh"}[now[5:]])
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "reader-title"
    assert now[:4] in page.locator("#reader-title").inner_text()


def test_recycled_paragraphs_leave_points_and_evidence(visit: Visit) -> None:
    page = visit.page
    visit.draw(lambda: page.locator("#scheme").select_option(label="Action lines"))
    counts = []
    for kind in ("Left out", "Kept"):
        visit.draw(page.get_by_label(kind, exact=True).check)
        panel = page.locator('.panel[data-concept="C7"]')
        point_at(page, panel, "2018.en")
        label = panel.locator('path[data-point="2018.en"]').get_attribute("aria-label")
        pairs = page.locator("#reader-list .pair").count()
        assert f"paragraphs ({pairs})" in str(label)
        counts.append(pairs)
    assert 0 < counts[0] < counts[1]
    assert "recycled from 20" in page.locator("#reader-list").inner_text()


def test_concordance_of_chinese_is_aligned_on_the_node(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("button", name="Search").first.click()
    page.locator("#query").fill("云计算")
    page.keyboard.press("Enter")
    texts = [p.text for r in sample_study().reports if r.edition.lang == "zh" for p in r.paragraphs]
    nodes = page.locator("#lines mark")
    assert nodes.count() == sum(text.count("云计算") for text in texts) > 3
    assert set(nodes.all_inner_texts()) == {"云计算"}
    assert len({round(node.bounding_box()["x"]) for node in nodes.all()[:10]}) == 1
    page.locator("#lines button").nth(1).click()
    assert page.locator("#close-list .side").count() == 2
    page.get_by_role("button", name="Close").click()
    assert page.evaluate("document.activeElement.closest('#lines') !== null")
    page.get_by_label("A concept", exact=True).check()
    page.locator("#find-concept").select_option(label="Cloud computing")
    page.locator("#find-as").get_by_label("Paragraphs").check()
    assert page.locator("#hits .pair").count() > 10
    page.locator("#hits button").first.click()
    assert page.locator("#close-list mark").count() >= 2


@pytest.mark.parametrize(
    ("query", "node"), [("雲計算", "云计算"), ("ＩＣＴ", "ict"), ("cloud computing", "cloud computing")]
)
def test_a_query_is_folded_as_in_the_widget(visit: Visit, query: str, node: str) -> None:
    page = visit.page
    page.get_by_role("button", name="Search").first.click()
    page.locator("#query").fill(query)
    page.keyboard.press("Enter")
    expected = find_concordance(sample_study().paragraphs, query, limit=None)
    assert expected.n > 3
    assert f"{expected.n} places" in page.locator("#found").inner_text()
    assert {shown.casefold() for shown in page.locator("#lines mark").all_inner_texts()} == {node}


def test_words_switch_and_the_sample_says_what_it_is(visit: Visit) -> None:
    page = visit.page
    assert "nothing about the United Nations" in page.locator("#statement").inner_text()
    page.get_by_role("button", name="中文").click()
    page.wait_for_function("document.documentElement.lang === 'zh-Hans'")
    assert "不反映联合国" in page.locator("#statement").inner_text()
    page.get_by_role("button", name="来源与方法").click()
    digests = [report.source.sha256 for report in sample_study().reports]
    assert page.locator("#reports td.hash").all_inner_texts() == digests


def test_a_phone_needs_no_sideways_scrolling(browser: "sync_api.Browser", sample_file: Path) -> None:
    visit = Visit(browser, sample_file, PHONE)
    page = visit.page
    assert page.locator("#concepts").is_hidden()
    assert page.locator(".panel").first.bounding_box()["y"] < PHONE["height"]
    point_at(page, choose_cloud(page), "2011.en")
    widths = [visit.width()]
    page.locator("#numbers summary").click()
    widths.append(visit.width())
    for name in ("search", "sources"):
        page.locator(f'#views [data-value="{name}"]').click()
        if name == "search":
            page.locator("#query").fill("宽带")
            page.keyboard.press("Enter")
            page.locator("#lines button").first.click()
        widths.append(visit.width())
    assert widths == [PHONE["width"]] * 4
    visit.close()


def test_a_hostile_report_is_shown_as_text(browser: "sync_api.Browser", tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    study = open_study(write_hostile(tmp_path / "corpus"))
    file = tmp_path / "hostile.html"
    file.write_bytes(make_page(study, n_resamples=RESAMPLES).encode())
    visit = Visit(browser, file, {"width": 1000, "height": 800})
    page = visit.page
    page.locator('#views [data-value="search"]').click()
    page.locator("#query").fill("</script>")
    page.keyboard.press("Enter")
    page.locator("#lines button").first.click()
    shown = page.locator("#close-list .text").first.text_content()
    assert HOSTILE.split()[0] in str(shown)
    assert page.locator("#close-list mark").all_inner_texts() == ["</script>"] * 4
    addresses = page.locator("#close-list .notes a").evaluate_all("links => links.map(link => link.protocol)")
    assert set(addresses) == {"http:"}
    page.locator("#query").fill("cloud computing")
    page.keyboard.press("Enter")
    assert page.locator("#lines mark").all_inner_texts() == ["cloud computing"] * 4
    page.locator('#views [data-value="sources"]').click()
    assert page.locator("#statement").is_hidden()
    assert page.locator("#share-note").is_visible()
    assert page.evaluate("window.hit") is None
    assert page.locator("img, b, u").count() == 0
    visit.close()


def test_a_page_of_evidence_says_what_it_leaves_out(
    browser: "sync_api.Browser", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("textmine.publish.page_text.PER_POINT", 1)
    study = sample_study()
    file = tmp_path / "evidence.html"
    file.write_bytes(make_page(study, text="evidence", n_resamples=RESAMPLES).encode())
    visit = Visit(browser, file, {"width": 1280, "height": 900})
    page = visit.page
    panel = page.locator('.panel[data-concept="digital-skills"]')
    point_at(page, panel, "2022.zh")
    label = str(panel.locator('path[data-point="2022.zh"]').get_attribute("aria-label"))
    parents = study.taxonomy.scheme("trend").parents
    tags = lift_tags(study.table("tags"), scheme="trend", evidence="any", parents=parents)
    n = tags.filter(edition=2022, lang="zh", concept="digital-skills")["paragraph"].n_unique()
    assert f"paragraphs ({n})" in label
    assert page.locator("#reader-title").inner_text().endswith(f": {n}")
    shown = page.locator("#reader-list .pair").count()
    assert 1 <= shown < n
    assert f"holds {shown} of them" in page.locator("#reader-list").inner_text()
    assert f"{study.paragraphs.height} numbered paragraphs" in page.locator("#subtitle").inner_text()
    page.locator('#views [data-value="search"]').click()
    assert f"of {study.paragraphs.height} paragraphs are in this page" in page.locator("#search-part").inner_text()
    visit.close()


def test_a_page_without_text_reads_the_numbers(browser: "sync_api.Browser", tmp_path: Path) -> None:
    file = tmp_path / "none.html"
    file.write_bytes(make_page(sample_study(), text="none", n_resamples=RESAMPLES).encode())
    visit = Visit(browser, file, {"width": 1280, "height": 900})
    page = visit.page
    point_at(page, choose_cloud(page), "2011.en")
    assert "holds no paragraphs" in page.locator("#reader-list").inner_text()
    assert page.locator("#reader-list .pair").count() == 0
    assert page.locator('#views [data-value="search"]').is_hidden()
    visit.close()


def test_many_paragraphs_of_a_point_come_in_turns(browser: "sync_api.Browser", tmp_path: Path) -> None:
    lines = "\n\n".join(f"{number}. Cloud computing, {number} times." for number in range(1, 121))
    head = "---\nkind: sample\nyear: 2011\nlang: en\ntitle: Many\n---\n\n# I. Part\n\n"
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "2011.en.md").write_text(head + lines + "\n", encoding="utf-8")
    file = tmp_path / "many.html"
    file.write_bytes(make_page(open_study(tmp_path / "corpus"), n_resamples=RESAMPLES).encode())
    visit = Visit(browser, file, {"width": 1280, "height": 900})
    page = visit.page
    point_at(page, page.locator(CLOUD), "2011.en")
    assert page.locator("#reader-title").inner_text().endswith(": 120")
    counts = [page.locator("#reader-list .pair").count()]
    while page.locator("#reader-list > button").count():
        page.locator("#reader-list > button").click()
        counts.append(page.locator("#reader-list .pair").count())
        assert page.evaluate("document.activeElement.closest('.pair') !== null")
    assert counts == [50, 100, 120]
    visit.close()
