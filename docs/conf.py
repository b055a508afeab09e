"""How Sphinx builds the site: `nox -s docs` does it, warnings as errors, without the network."""

import sys
from importlib.metadata import version as version_of
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "_ext"))

project = "textmine"
author = "The textmine developers"
project_copyright = "The textmine developers, Apache License 2.0"
version = release = version_of("textmine")
language = "en"

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "myst_nb",
    "site_math",
    "site_pages",
    "site_references",
    "site_font",
]
templates_path = ["_templates"]
exclude_patterns = ["_build", "_ext", "examples"]
nitpicky = True
nitpick_ignore = [("py:attr", "rows")]  # of Counts, which the docstring explains where it stands
suppress_warnings = ["config.cache"]

# Notebooks are committed executed; the site shows those outputs and runs nothing.
nb_execution_mode = "off"
myst_enable_extensions = ["dollarmath", "colon_fence", "deflist"]
myst_heading_anchors = 3
html_math_renderer = "mathml"

autosummary_generate = True
autosummary_imported_members = False
autodoc_typehints = "none"  # numpydoc's sections say the types, in words
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False

# Site Han covers Han characters only (_static/site.css), so that it can stand first.
_TEXT = '"Site Han", "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
html_theme = "furo"
html_title = "textmine"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_favicon = "_static/favicon.svg"
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {
    "light_css_variables": {
        "font-stack": _TEXT,
        "font-stack--headings": _TEXT,
        "font-stack--monospace": '"Site Han", ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace',
    },
}
