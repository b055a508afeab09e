"""The widget: an exploration with controls, a trend to click, and the paragraphs behind each point."""

from base64 import b64encode
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

import ipywidgets as widgets
import polars as pl

from textmine.annotate.corrections import VERDICTS
from textmine.errors import TextmineError
from textmine.measure.reuse import DROP
from textmine.publish.explore.aside import begin_aside
from textmine.publish.explore.chart import TrendChart
from textmine.publish.explore.controls import Controls
from textmine.publish.explore.corrector import Corrector
from textmine.publish.explore.exploration import Exploration
from textmine.publish.explore.markup import show_comparison, show_kwic, show_passages, show_topics
from textmine.publish.explore.panels import Panels
from textmine.publish.explore.still import draw_still
from textmine.publish.figures.concept_shares import figure_labels
from textmine.publish.study import Study

#: Passages shown at once: a browser holds a page of them, not the corpus.
PAGE = 25
TOPICS = 12
#: Up to so many paragraphs, what takes seconds is begun while the reader looks at the first trend.
PREPARED = 5000


class Explorer:
    """An :class:`~textmine.publish.explore.exploration.Exploration` with controls, for JupyterLab and its kin.

    Everything it shows can be had without it: ``look`` is the exploration, and the button *Code* prints the calls.
    ``code()`` and ``save()`` are those of the exploration.
    """

    def __init__(self, look: Exploration, *, corrections: Path, taxonomy: Path | None = None) -> None:
        self.box = widgets.VBox()
        self.taxonomy = taxonomy
        self._first = look.study.name
        self._corrections = corrections
        self._shares: pl.DataFrame | None = None
        self.preparing = self.waiting = Thread()
        self._build(look)

    def _build(self, look: Exploration) -> None:
        self.look = look
        self.chart = TrendChart()
        self.controls = Controls(look, also=self._first)
        self.panels = Panels(look, self._corrections_of(look.study.name))
        self.corrector = Corrector(self)
        self.controls.corpus.observe(self._open, names="value")
        self.controls.follow(self._choose)
        self.chart.observe(lambda _: self.read(), names="picked")
        self.panels.bind(
            {
                "search": self._search,
                "compare": self._compare,
                "topics": self._topics,
                "code": self._code,
                "save": self._save,
                "add": self.corrector.add_form,
                **{verdict: partial(self.corrector.judge, verdict) for verdict in VERDICTS},
            }
        )
        self.box.children = [self.controls.box, self.chart, self.panels.box]
        self.draw()

    def __repr__(self) -> str:
        return f"Explorer of {self.look!r}; a widget where widgets run"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        bundle = dict(self.box._repr_mimebundle_() or {}) | {"text/plain": repr(self)}
        if self._shares is None or not self._shares.height:
            return bundle
        return bundle | {"image/png": b64encode(draw_still(self.look, self._shares)).decode("ascii")}

    def code(self) -> str:
        """Return the calls that make the table shown last."""
        return self.look.code()

    def save(self, folder: str | Path, *, name: str = "exploration") -> Any:
        """Write figure, data and ledger of the trend; see :meth:`Exploration.save`."""
        return self.look.save(folder, name=name)

    def attempt(self, act: Callable[[], object]) -> bool:
        """Do what a control asks for; a mistake is said, not raised into nowhere."""
        try:
            act()
        except TextmineError as error:
            self.panels.say(str(error))
            return False
        self.panels.say("")
        return True

    def prepare(self) -> None:
        """Begin aside what takes seconds, where the corpus is small; what fails is said when it is asked for."""
        if self.look.study.paragraphs.height <= PREPARED:
            self.preparing = begin_aside(self.look.prepare, lambda _: None)

    def _corrections_of(self, corpus: str) -> Path:
        """Return the file of verdicts on a corpus: each has one of its own, as they say nothing of other texts."""
        path = self._corrections
        return path if corpus == self._first else path.with_stem(f"{path.stem}-{corpus}")

    def _open(self, change: dict[str, Any]) -> None:
        name = str(change["new"])

        def build() -> None:
            path = self._corrections_of(name)
            corrections = path if path.is_file() else ()
            self._build(Exploration(name, taxonomy=self.taxonomy, corrections=corrections))
            self.prepare()

        self.panels.say(f"Opening {name}…")
        if not self.attempt(build):
            self.controls.corpus.unobserve(self._open, names="value")
            self.controls.corpus.value = change["old"]
            self.controls.corpus.observe(self._open, names="value")

    def _choose(self) -> None:
        if self.attempt(lambda: self.look.choose(**self.controls.chosen())):
            self.draw()

    def _aside(self, wait: Callable[[], Any], then: Callable[[Any], object], *, tab: str = "") -> None:
        """Do aside what takes a while, so that the other controls answer, and then what needs it.

        Once another corpus is open, what was waited for is shown nowhere. ``tab`` is the one that says it waits.
        """
        panels = self.panels

        def act() -> None:
            found = wait()
            if self.panels is panels:
                panels.say("")
                then(found)

        def fail(message: str) -> None:
            if tab:
                panels.show(tab, "")
            panels.say(message)

        self.waiting = begin_aside(act, fail)

    def draw(self) -> None:
        """Show the trend of what is chosen."""
        look, study = self.look, self.look.study
        self._shares = None  # no still of another choice
        if look.choice.reuse == DROP and study.waits_for("reuse"):
            self.panels.say("Finding what is recycled; until then the trend is the one before…")
            self._aside(lambda: study.reuse, lambda _: self.draw())
            return

        def show() -> None:
            chosen = self.look.choice
            shares = self.look.trend()
            if self.look.choice is not chosen:  # chosen meanwhile, by the reader: that is drawn too
                return
            labels = figure_labels(self.look.study.taxonomy.scheme(chosen.scheme), "en")
            self.chart.draw(shares, labels, chosen.years)
            self.panels.list_concepts(chosen.concepts, labels)
            self._shares = shares

        self.attempt(show)

    def read(self) -> None:
        """Show the paragraphs of the point that was clicked."""
        picked = self.chart.picked
        if not picked:
            return

        def show() -> None:
            concept, year = str(picked["concept"]), int(picked["year"])
            passages = self.look.paragraphs(concept, year)
            more = f", the first {PAGE} shown" if len(passages) > PAGE else ""
            title = f"{concept}, {year}: {len(passages)} paragraphs{more}"
            self.panels.show("read", show_passages(passages[:PAGE], title))
            self.panels.list_tags(passages[:PAGE], (year, self.look.choice.scheme, concept), self.look.corrections)

        self.attempt(show)

    def _search(self) -> None:
        query, regex, concept = self.panels.query()
        options = {"concept": concept} if concept else {"query": query, "regex": regex}
        self.attempt(lambda: self.panels.show("search", show_kwic(self.look.concordance(limit=100, **options))))

    def _compare(self) -> None:
        def compare() -> None:
            self.panels.show("compare", show_comparison(self.look.compare(*self.panels.spans())))

        look = self.look
        if look.study.waits_for("tokens"):
            self.panels.show("compare", "<p role='status'>Cutting the words of all texts…</p>")
            self._aside(look.prepare_words, lambda _: compare(), tab="compare")
        else:
            self.attempt(compare)

    def _topics(self) -> None:
        look = self.look
        self.panels.show("topics", "<p role='status'>Looking for topics…</p>")
        self._aside(
            lambda: look.topics(n_topics=TOPICS),
            lambda found: self.panels.show("topics", show_topics(found.values())),
            tab="topics",
        )

    def _code(self) -> None:
        self.attempt(lambda: self.panels.print_code(self.look.code()))

    def _save(self) -> None:
        def save() -> None:
            folder = Path(self.panels.folder.value)
            ledger = self.look.save(folder)
            self.panels.print_code(f"# {len(ledger.files)} files and {ledger.figure}.json in {folder}\n")

        self.attempt(save)


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
        Of one's own; kept when another corpus is chosen, and replaced by one that a form is added to.
    corrections : str or Path
        File of verdicts on tags: applied where it is there, written by the panel *Correct*. Those on another corpus
        that is chosen go to a file with its name: ``corrections-official.jsonl``.
    **choice
        What to show first, such as ``concepts=["cloud"]``; see :class:`~textmine.publish.explore.choice.Choice`.

    Returns
    -------
    Explorer
    """
    path = Path(corrections)
    look = Exploration(source, taxonomy=taxonomy, corrections=path if path.is_file() else ())
    explorer = Explorer(look.choose(**choice), corrections=path, taxonomy=taxonomy)
    explorer.prepare()
    return explorer
