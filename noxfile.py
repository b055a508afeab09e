"""The project's commands: `nox -s run` sets up and runs the main job, `nox -s test` checks everything."""

import json
import os
import sys
from pathlib import Path

import nox

nox.options.sessions = ["test"]
# Sessions share one environment, .venv, where an activated shell and an editor find it too.
nox.options.default_venv_backend = "none"

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
EMPTY = ROOT / ".nox" / "wheel"
# requirements.lock is a constraint file: it fixes every version and names no index, so any mirror serves.
LOCK = ROOT / "requirements.lock"


def uv(session: nox.Session, *arguments: str | Path) -> None:
    """Run uv, which nox[uv] installs beside nox."""
    session.run(sys.executable, "-m", "uv", *map(str, arguments), external=True)


def tool(session: nox.Session, name: str, *arguments: str | Path, venv: Path = VENV) -> None:
    """Run a program of an environment."""
    folder = venv / ("Scripts" if os.name == "nt" else "bin")
    session.run(str(folder / name), *map(str, arguments), external=True)


def install(session: nox.Session) -> None:
    """Install textmine and everything a developer needs, at the locked versions."""
    session.chdir(ROOT)
    uv(session, "venv", "--quiet", "--allow-existing", "--python", sys.executable, VENV)
    wanted = ("-e", ".[lab,page]", "--group", "dev")
    uv(session, "pip", "install", "--quiet", "--python", VENV, "-c", LOCK, *wanted, "--compile-bytecode")


@nox.session
def run(session: nox.Session) -> None:
    """Set up and run the main job; arguments after `--` go to `textmine run`."""
    install(session)
    tool(session, "textmine", "run", *session.posargs)


@nox.session
def test(session: nox.Session) -> None:
    """Run every check: style, types, rooms, unit tests, doctests, notebooks, wheel."""
    install(session)
    tool(session, "ruff", "check", ".")
    tool(session, "ruff", "format", "--check", ".")
    tool(session, "mypy")
    tool(session, "lint-imports")
    session.notify("wheel")
    session.notify("notebooks")
    tool(session, "pytest", "-p", "no:nbval", "-n", "auto", "--dist", "loadfile", *session.posargs)


@nox.session
def notebooks(session: nox.Session) -> None:
    """Run every notebook and compare its outputs with the committed ones; then compute every claim of a figure anew."""
    session.chdir(ROOT)
    tool(session, "pytest", "--nbval", "--nbval-sanitize-with", "notebooks/sanitize.cfg", "notebooks")
    tool(session, "textmine", "verify", "figures")


@nox.session
def docs(session: nox.Session) -> None:
    """Build the site into docs/_build/html, warnings as errors, without the network."""
    install(session)
    tool(
        session, "sphinx-build", "-W", "--keep-going", "-q", "-b", "html", "docs", "docs/_build/html", *session.posargs
    )


@nox.session
def execute(session: nox.Session) -> None:
    """Run the notebooks in place, with their figures: all, or those named after `--`."""
    session.chdir(ROOT)
    for path in map(Path, session.posargs or sorted((ROOT / "notebooks").glob("*.ipynb"))):
        tool(session, "jupyter", "execute", "--inplace", "--kernel_name=python3", path)
        clean(path)
    tool(session, "textmine", "verify", "figures")


def clean(path: Path) -> None:
    """Take out of a notebook what differs from run to run without being a result."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["metadata"] = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for number, cell in enumerate(notebook["cells"]):
        cell["id"], cell["metadata"] = f"cell-{number:02}", {}
        for output in cell.get("outputs", ()):
            if view := output.get("data", {}).get("application/vnd.jupyter.widget-view+json"):
                view["model_id"] = cell["id"]  # of a kernel that is gone
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_bytes(f"{text}\n".encode())


@nox.session
def wheel(session: nox.Session) -> None:
    """Build the wheel, install it alone in an empty environment, and run the main job there, away from the checkout."""
    session.chdir(ROOT)
    uv(session, "build", "--quiet", "--wheel", "--clear", "--out-dir", EMPTY / "dist")
    uv(session, "venv", "--quiet", "--clear", "--python", sys.executable, EMPTY / "venv")
    built = next((EMPTY / "dist").glob("*.whl"))
    uv(session, "pip", "install", "--quiet", "--python", EMPTY / "venv", "-c", LOCK, built)
    session.chdir(EMPTY)
    code = (
        "import textmine; from pathlib import Path; here = Path(textmine.__file__).resolve();"
        f"assert here.is_relative_to({str(EMPTY)!r}), here;"
        "assert textmine.load_features()['paragraphs'].height == 167; assert textmine.load_labels().height > 167"
    )
    tool(session, "python", "-c", code, venv=EMPTY / "venv")
    tool(session, "textmine", "run", "--out", EMPTY / "out", venv=EMPTY / "venv")


@nox.session
def lock(session: nox.Session) -> None:
    """Resolve the dependencies anew into requirements.lock (add `-- --upgrade` to move versions)."""
    session.chdir(ROOT)
    style = ("--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url", "--quiet")
    wanted = (
        "pyproject.toml",
        "--universal",
        "--python-version",
        "3.11",
        "--all-extras",
        "--group",
        "dev",
        "--group",
        "bench",
    )
    uv(session, "pip", "compile", *wanted, *style, "-o", LOCK, *session.posargs)
