"""The widget: an exploration with controls, a trend to click, and the paragraphs behind each point."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

import ipywidgets as widgets

from textmine.annotate.corrections import VERDICTS
from textmine.annotate.taxonomy import load_taxonomy
from textmine.annotate.taxonomy_edit import add_form
from textmine.errors import TaxonomyError, TextmineError
from textmine.measure.topic_view import show_html
from textmine.publish.explore.chart import TrendChart, chart_series
from textmine.publish.explore.controls import Controls
from textmine.publish.explore.exploration import Exploration
from textmine.publish.explore.markup import STYLE, show_comparison, show_kwic, show_passages
from textmine.publish.explore.panels import Panels
from textmine.publish.figures.concept_shares import figure_labels
from textmine.publish.study import Study

#: Passages shown at once: a browser holds a page of them, not the corpus.
PAGE = 25
TOPICS = 12


class Explorer:
    """An :class:`~textmine.publish.explore.exploration.Exploration` with controls, for JupyterLab and its kin.

    Everything it shows can be had without it: ``look`` is the exploration, and the button *Code* prints the calls.
    ``code()`` and ``save()`` are those of the exploration.
    """

    def __init__(self, look: Exploration, *, corrections: Path, taxonomy: Path | None = None) -> None:
        self.box = widgets.VBox()
        self._taxonomy = taxonomy
        self._corrections = corrections
        self._build(look)

    def _build(self, look: Exploration) -> None:
        self.look = look
        self.chart = TrendChart()
        self.controls = Controls(look)
        self.panels = Panels(look, self._corrections)
        self._quiet = False
        self.controls.corpus.observe(self._open, names="value")
        for control in self.controls.all():
            control.observe(self._choose, names="value")
        self.chart.observe(self._read, names="picked")
        self.panels.bind(
            {
                "search": self._search,
                "compare": self._compare,
                "topics": self._topics,
                "code": self._code,
                "save": self._save,
                "add": self._add,
                **{verdict: partial(self._judge, verdict) for verdict in VERDICTS},
            }
        )
        self.box.children = [self.controls.box, self.chart, self.panels.box]
        self._draw()

    def __repr__(self) -> str:
        return f"Explorer of {self.look!r}; a widget where widgets run"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        bundle = dict(self.box._repr_mimebundle_() or {})
        return bundle | {"text/plain": repr(self)}

    def code(self) -> str:
        """Return the calls that make the table shown last."""
        return self.look.code()

    def save(self, folder: str | Path, *, name: str = "exploration") -> Any:
        """Write figure, data and ledger of the trend; see :meth:`Exploration.save`."""
        return self.look.save(folder, name=name)

    def _try(self, act: Callable[[], object]) -> bool:
        """Do what a control asks for; a mistake is said, not raised into nowhere."""
        try:
            act()
        except TextmineError as error:
            self.panels.say(str(error))
            return False
        self.panels.say("")
        return True

    def _open(self, change: dict[str, Any]) -> None:
        self.panels.say(f"Opening {change['new']}…")
        if not self._try(lambda: self._build(Exploration(str(change["new"])))):
            self.controls.corpus.unobserve(self._open, names="value")
            self.controls.corpus.value = change["old"]
            self.controls.corpus.observe(self._open, names="value")

    def _choose(self, change: dict[str, Any]) -> None:
        if self._quiet:
            return
        if change["owner"] is self.controls.scheme:
            self._quiet = True  # the new options change the value, which is no further choice
            try:
                self.controls.list_concepts(str(change["new"]))
            finally:
                self._quiet = False
        if self._try(lambda: self.look.choose(**self.controls.chosen())):
            self._draw()

    def _draw(self) -> None:
        def draw() -> None:
            shares = self.look.trend()
            chosen = self.look.choice
            with self.chart.hold_sync():
                labels = figure_labels(self.look.study.taxonomy.scheme(chosen.scheme), "en")
                self.chart.years = list(chosen.years)
                self.chart.title = (
                    f"Share of paragraphs, {len(chosen.concepts)} concepts; each point opens its paragraphs"
                )
                self.chart.series = chart_series(shares, labels)
            self.panels.list_concepts(chosen.concepts, labels)

        self._try(draw)

    def _read(self, change: dict[str, Any]) -> None:
        picked = change["new"]
        if not picked:
            return

        def read() -> None:
            concept, year = str(picked["concept"]), int(picked["year"])
            passages = self.look.paragraphs(concept, year)
            more = f", the first {PAGE} shown" if len(passages) > PAGE else ""
            title = f"{concept}, {year}: {len(passages)} paragraphs{more}"
            self.panels.show("read", show_passages(passages[:PAGE], title))
            self.panels.list_tags(passages[:PAGE], concept, self.look.choice.scheme)

        self._try(read)

    def _search(self) -> None:
        query, regex, concept = self.panels.query()
        options = {"concept": concept} if concept else {"query": query, "regex": regex}
        self._try(lambda: self.panels.show("search", show_kwic(self.look.concordance(limit=100, **options))))

    def _compare(self) -> None:
        self._try(lambda: self.panels.show("compare", show_comparison(self.look.compare(*self.panels.spans()))))

    def _topics(self) -> None:
        """Look for topics aside: it takes seconds, in which the other controls answer."""
        self.panels.show("topics", "<p role='status'>Looking for topics…</p>")

        def find() -> None:
            found = self.look.topics(n_topics=TOPICS)
            shown = "".join(show_html(item.topics, item.terms) for item in found.values())
            self.panels.show("topics", f"{STYLE}<div class='tm'>{shown}</div>")

        self.finding = Thread(target=self._try, args=(find,), daemon=True)
        self.finding.start()

    def _code(self) -> None:
        self._try(lambda: self.panels.print_code(self.look.code()))

    def _save(self) -> None:
        def save() -> None:
            folder = Path(self.panels.folder.value)
            ledger = self.look.save(folder)
            self.panels.print_code(f"# {len(ledger.files)} files and {ledger.figure}.json in {folder}\n")

        self._try(save)

    def _judge(self, verdict: str) -> None:
        tag = self.panels.tag.value
        if tag is None:
            self.panels.say("Click a point first; the tags of its paragraphs can then be judged.")
            return

        def judge() -> None:
            path = self.panels.corrections
            self.look.correct([replace(tag, verdict=verdict)]).save_corrections(path)
            self._draw()
            self._read({"new": self.chart.picked})

        if self._try(judge):
            self.panels.say(f"{verdict}ed; {len(self.look.corrections)} corrections in {self.panels.corrections}")

    def _add(self) -> None:
        """Add a form in a taxonomy of the reader's own; what is open keeps its tags until it is tagged again."""
        panels, taxonomy = self.panels, self.look.study.taxonomy
        form, folder = panels.form.value, Path(panels.taxonomy.value)
        if panels.concept.value is None:
            panels.say("Choose a concept first; a form can then be added to it.")
            return

        def add() -> None:
            if load_taxonomy(self._taxonomy).sha256 != taxonomy.sha256:
                raise TaxonomyError("this study has another taxonomy; say which: explore(..., taxonomy=FOLDER)")
            concept = f"{self.look.choice.scheme}:{panels.concept.value}"
            added.append(add_form(concept, panels.form_lang.value, form, path=folder, taxonomy=self._taxonomy))

        added: list[Path] = []
        if self._try(add):
            panels.say(f"“{form}” added in {added[0]}; explore(..., taxonomy=Path({str(folder)!r})) tags with it")


def explore(
    source: Study | str | Path | None = None,
    *,
    taxonomy: Path | None = None,
    corrections: str | Path = "corrections.jsonl",
    **choice: Any,
) -> Explorer:
    """Explore a corpus in a notebook: choose, click a point to read its paragraphs, search, compare, keep as code.

    Needs the extra ``lab`` (``pip install textmine[lab]``). Without a screen, use
    :class:`~textmine.publish.explore.exploration.Exploration`.

    Parameters
    ----------
    source : Study, str or Path, optional
        See :func:`textmine.publish.study.open_study`; default: the sample.
    taxonomy : Path, optional
    corrections : str or Path
        File of verdicts on tags: applied where it is there, written by the panel *Correct*.
    **choice
        What to show first, such as ``concepts=["cloud"]``; see :class:`~textmine.publish.explore.choice.Choice`.

    Returns
    -------
    Explorer
    """
    path = Path(corrections)
    look = Exploration(source, taxonomy=taxonomy, corrections=path if path.is_file() else ())
    return Explorer(look.choose(**choice), corrections=path, taxonomy=taxonomy)
