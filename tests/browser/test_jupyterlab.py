"""Notebook 00 in a real JupyterLab: run it, choose a concept, click a point, read, print the code, run the code."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("jupyterlab", reason="JupyterLab isn't installed (extra `lab`)")
pytest.importorskip("anywidget", reason="the widget isn't installed (extra `lab`)")
sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright isn't installed (group `test`)")
CHROMIUM = shutil.which("chromium")
ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = "00-start-here.ipynb"
TOKEN = "only-for-this-test"  # noqa: S105 - of a server that lives as long as the test
#: Milliseconds that a kernel has to run the whole notebook on a busy machine, and the page to answer.
PATIENCE, ANSWER = 200_000, 60_000
SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},  # cells out of sight stay in the page
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if CHROMIUM is None:
        pytest.skip("no chromium on the path (Debian: apt-get install chromium)")
    home = tmp_path_factory.mktemp("lab")
    (home / "work" / "notebooks").mkdir(parents=True)
    notebook = json.loads((ROOT / "notebooks" / NOTEBOOK).read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
    (home / "work" / "notebooks" / NOTEBOOK).write_text(json.dumps(notebook), encoding="utf-8")
    for name, settings in SETTINGS.items():
        path = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings), encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folders = {"CONFIG_DIR": "config", "RUNTIME_DIR": "runtime", "DATA_DIR": "data"}
    environment = {
        **os.environ,
        **{f"JUPYTER_{name}": str(home / folder) for name, folder in folders.items()},
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    options = ("--no-browser", "--allow-root", f"--port={port}", f"--IdentityProvider.token={TOKEN}", "--ip=127.0.0.1")
    more = ("--ServerApp.port_retries=0", "--LabApp.expose_app_in_browser=True")
    log = (home / "log.txt").open("w")
    server = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "jupyterlab", *options, *more],
        cwd=home / "work", env=environment, stdout=log, stderr=log,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/api?token={TOKEN}", server, home / "log.txt")
        yield address
    finally:
        server.terminate()
        server.wait(30)
        log.close()


def _wait_for(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(240):
        if server.poll() is not None:
            pytest.fail(f"JupyterLab ended: {log.read_text(encoding='utf-8')[-2000:]}")
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own server
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    pytest.fail("JupyterLab doesn't answer")


@pytest.fixture
def page(lab: str) -> Iterator["sync_api.Page"]:
    with sync_api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.set_default_timeout(ANSWER)
        page.goto(f"{lab}/lab/tree/notebooks/{NOTEBOOK}?token={TOKEN}")
        yield page
        if folder := os.environ.get("TEXTMINE_SCREENSHOTS"):
            page.screenshot(path=Path(folder) / "jupyterlab.png")
        browser.close()


def test_from_the_notebook_to_a_table_made_again(page: "sync_api.Page", tmp_path: Path) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    page.locator(".jp-NotebookPanel .jp-Cell").first.wait_for()
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()  # before that, running asks for a kernel
    page.evaluate("() => { void window.jupyterapp.commands.execute('notebook:run-all-cells') }")
    # The last cell has its number when all have run.
    last = page.locator(".jp-CodeCell").last.locator(".jp-InputPrompt")
    sync_api.expect(last).to_have_text(re.compile(r"\[\d+\]"), timeout=PATIENCE)
    concepts = page.locator("select[multiple]")
    concepts.select_option(label="Cloud computing · 云计算")
    point = page.locator('[data-concept="cloud"][data-lang="zh"][data-year="2011"]')
    point.click()
    passage = page.locator("table.passage").first
    passage.wait_for()
    assert "云计算" in passage.locator("td[lang=zh] mark").first.inner_text()
    assert passage.locator("td[lang=en] mark").first.inner_text() == "Cloud computing"
    assert "para. 11" in passage.inner_text()

    page.get_by_role("button", name="Code", exact=True).click()
    printed = page.locator(".jp-OutputArea-output pre").filter(has_text="textmine.measure_shares")
    printed.first.wait_for()
    code = printed.first.inner_text()
    labels = page.locator('[data-concept="cloud"]').evaluate_all("all => all.map(e => e.getAttribute('aria-label'))")
    page.locator(".textmine-trend").scroll_into_view_if_needed()
    assert [text for text in complaints if re.search("textmine|anywidget|widget", text)] == []
    assert sorted(labels) == sorted(run_in_a_fresh_kernel(code, tmp_path))
    assert len(labels) == 36


def run_in_a_fresh_kernel(code: str, folder: Path) -> list[str]:
    """Run the printed code and return what the points of its table are called."""
    from jupyter_client.manager import start_new_kernel

    name = "{row['edition']}: {row['share']:.1%} ({row['low']:.1%} to {row['high']:.1%})"
    counts = "{row['n_tagged']} of {row['n_paragraphs']} paragraphs"
    asked = (
        f"{code}\nfor row in table.to_dicts():\n    print(f\"Cloud computing, {{row['lang']}}, {name}, {counts}\")\n"
    )
    said: list[str] = []
    manager, client = start_new_kernel(cwd=str(folder))
    try:
        reply = client.execute_interactive(
            asked, timeout=300, output_hook=lambda message: said.append(message["content"].get("text", ""))
        )
        assert reply["content"]["status"] == "ok", reply["content"]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return "".join(said).splitlines()
