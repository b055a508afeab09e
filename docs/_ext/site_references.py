"""References in docstrings: by the module an object lives in, or by its bare name; internals are named, not linked."""

import importlib
import pkgutil
from collections import defaultdict
from functools import cache

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

import textmine


@cache
def find_homes() -> dict[str, set[str]]:
    """Return the modules that have each top-level name of the package; the name of a module has none."""
    homes: dict[str, set[str]] = defaultdict(set)
    for info in pkgutil.walk_packages(textmine.__path__, "textmine."):
        if info.name.endswith(("__main__", "sandbox_child")):
            continue
        module = importlib.import_module(info.name)
        homes[info.name] = set()
        for name in vars(module):
            if not name.startswith("__"):
                homes[name].add(info.name)
    return dict(homes)


def resolve(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, contnode: nodes.TextElement
) -> nodes.reference | nodes.TextElement | None:
    """Resolve ``textmine.measure.keyness.score_keyness`` or ``score_keyness`` to the page that documents it.

    What exists but has no page stays as it is written; what doesn't exist stays unresolved, and fails the build.
    """
    if node.get("refdomain") != "py":
        return None
    target = node.get("reftarget", "")
    if find_homes().get(target) == set():
        return contnode  # a module
    path = target.split(".")
    for i, name in enumerate(path):
        homes = find_homes().get(name, set())
        if not homes or (i > 0 and ".".join(path[:i]) not in homes):
            continue
        for prefix in ("textmine", *sorted(homes)):
            full = ".".join([prefix, *path[i:]])
            if full in env.domains.python_domain.objects:
                return env.domains.python_domain.resolve_xref(
                    env, node["refdoc"], app.builder, "obj", full, node, contnode
                )
        return contnode
    return None


def skip_routing(app: Sphinx, what: str, name: str, member: object, skip: bool, options: object) -> bool | None:
    """Leave out what scikit-learn adds to every estimator for the routing of metadata."""
    return True if name.startswith("set_") and name.endswith("_request") else None


def setup(app: Sphinx) -> dict[str, bool]:
    """Look at references that Sphinx can't resolve."""
    app.connect("missing-reference", resolve)
    app.connect("autodoc-skip-member", skip_routing)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
