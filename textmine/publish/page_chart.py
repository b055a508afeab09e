"""The page's chart: its specification, and the plotting library that goes into the file."""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any

from textmine.errors import ContractError
from textmine.publish.plot import SERIES

#: Name of the chart's data, and of the marks that a reader points at; the page's script knows both.
POINTS, TARGETS = "points", "targets"
_SHAPES = {"o": "circle", "s": "square"}
_DASHES = {"zh": [1, 0], "en": [4, 2]}
# The library becomes part of the page under a policy without `eval`: Vega-Embed's `ast` option makes Vega read its
# expressions with its own interpreter, which is in the bundle.
_SNIPPET = "window.vegaEmbed = vegaEmbed;"


@cache
def bundle_library() -> str:
    """Return Vega, Vega-Lite and Vega-Embed as one script that sets ``window.vegaEmbed``; bundled once a process."""
    altair, vl_convert = _load_libraries()
    return str(vl_convert.javascript_bundle(_SNIPPET, vl_version=_read_version(altair)))


def name_library() -> str:
    """Return name and version of the plotting library that :func:`bundle_library` returns."""
    altair, vl_convert = _load_libraries()
    return f"Vega {vl_convert.get_vega_version()}, Vega-Lite {_read_version(altair)}"


def make_chart(editions: Sequence[int], langs: Sequence[str]) -> dict[str, Any]:
    """Return the Vega specification of one concept's shares over the editions, without data and words.

    Parameters
    ----------
    editions : sequence of int
        Of the corpus; the time axis spans them.
    langs : sequence of {'zh', 'en'}
        Colour, shape and dash of each.

    Returns
    -------
    dict
        Its data ``points`` are rows of ``at`` (year, a little to the side where two languages share it), ``lang``,
        ``share``, ``low``, ``high`` and ``label``; its signal ``top`` is where the axis of shares ends.
    """
    alt, _ = _load_libraries()
    top = alt.param(name="top", value=1.0)
    first, last = min(editions) - 0.5, max(editions) + 0.5
    colours, shapes = zip(*(SERIES[lang] for lang in langs), strict=True)
    lang = {"field": "lang", "type": "nominal", "legend": None}
    base = alt.Chart(alt.NamedData(name=POINTS)).encode(
        x=alt.X(
            "at:Q",
            title=None,
            scale=alt.Scale(domain=[first, last], nice=False),
            axis=alt.Axis(format="d", values=sorted(set(editions)), grid=False, labelOverlap=True),
        ),
        color=alt.Color(**lang, scale=alt.Scale(domain=list(langs), range=list(colours))),
    )
    share = alt.Y(
        "share:Q",
        title=None,
        scale=alt.Scale(domainMin=0, domainMax=alt.ExprRef("top"), nice=False),
        axis=alt.Axis(format="~%", tickCount=4, domain=False, ticks=False, gridColor="#DDDDDD"),
    )
    symbols = alt.Shape(**lang, scale=alt.Scale(domain=list(langs), range=[_SHAPES[shape] for shape in shapes]))
    dashes = alt.StrokeDash(**lang, scale=alt.Scale(domain=list(langs), range=[_DASHES[name] for name in langs]))
    lines = base.mark_line(strokeWidth=1.5, aria=False).encode(y=share, strokeDash=dashes)
    bars = base.mark_rule(strokeWidth=1, opacity=0.6, aria=False).encode(y=alt.Y("low:Q", title=None), y2="high:Q")
    symbols_drawn = base.mark_point(size=34, filled=True, opacity=1, aria=False).encode(y=share, shape=symbols)
    # What is marked where the reader points, and takes the keyboard's focus.
    targets = base.mark_point(size=130, filled=True, opacity=0, shape="circle").encode(y=share, description="label:N")
    layers = [lines, bars, symbols_drawn, targets.properties(name=TARGETS)]
    chart = alt.layer(*layers).add_params(top).properties(width=320, height=150)
    chart = chart.configure(
        font="sans-serif",
        autosize=alt.AutoSizeParams(type="fit", contains="padding"),
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(labelColor="#333333", labelFontSize=11, domainColor="#666666", tickColor="#666666"),
    )
    spec: dict[str, Any] = chart.to_dict(format="vega")
    return spec


def _load_libraries() -> tuple[Any, Any]:
    """Return Altair and vl-convert, which an extra of the package installs."""
    try:
        return import_module("altair"), import_module("vl_convert")
    except ImportError as error:
        raise ContractError(f"the page needs a plotting library ({error}); pip install 'textmine[page]'") from error


def _read_version(altair: Any) -> str:
    """Return the release of Vega-Lite that Altair writes for, such as ``6.4``."""
    return ".".join(altair.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
