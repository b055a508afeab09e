"""What stands above the trend: corpus, languages, scheme, concepts, years, region, action line, reuse."""

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

from textmine.annotate.tag import ACTION_LINE
from textmine.measure.reuse import DROP, KEEP
from textmine.publish.explore.exploration import Exploration
from textmine.publish.explore.narrow import REGION
from textmine.publish.figures.concept_shares import figure_labels

#: Corpora that can be chosen beside the one that is open; see :func:`textmine.reports.corpus.corpus_files`.
CORPORA = ("sample", "official")
_WIDE = widgets.Layout(width="auto", min_width="17em")


class Controls:
    """The controls, with the values of an exploration's choice; ``also`` is a further corpus to choose."""

    def __init__(self, look: Exploration, *, also: str = "") -> None:
        self.look = look
        chosen, years, langs = look.choice, look.years, tuple(look.study.langs)
        names = list(dict.fromkeys([look.study.name, *filter(None, [also]), *CORPORA]))
        self.corpus = widgets.Dropdown(options=names, value=look.study.name, description="Corpus", layout=_WIDE)
        both = [("zh and en", chosen.langs)] if len(langs) > 1 else []
        alone = [(lang, (lang,)) for lang in langs]
        self.langs = widgets.Dropdown(options=both + alone, description="Texts", layout=_WIDE)
        self.langs.value = chosen.langs
        self.scheme = widgets.Dropdown(
            options=[(look.study.taxonomy.scheme(name).titles["en"], name) for name in look.schemes],
            value=chosen.scheme,
            description="Scheme",
            layout=_WIDE,
        )
        self.concepts = widgets.SelectMultiple(
            options=self._name_concepts(chosen.scheme),
            value=chosen.concepts,
            description="Concepts",
            rows=8,
            layout=widgets.Layout(width="auto", min_width="22em"),
        )
        self.first, self.last = (
            widgets.Dropdown(options=years, value=year, description=name, layout=_WIDE)
            for name, year in zip(("From", "to"), chosen.years, strict=True)
        )
        self.region = self._offer(REGION, "Region", chosen.region)
        self.action_line = self._offer(ACTION_LINE, "Action line", chosen.action_line)
        self.reuse = widgets.Checkbox(
            value=chosen.reuse == DROP,
            description="leave out recycled paragraphs",
            disabled=not look.study.reports,
            indent=False,
        )
        columns = (
            [self.corpus, self.langs, self.scheme],
            [self.concepts],
            [self.first, self.last, self.region, self.action_line, self.reuse],
        )
        wrap = widgets.Layout(flex_flow="row wrap")
        self.box = widgets.HBox([widgets.VBox(column) for column in columns], layout=wrap)

    def all(self) -> list[widgets.ValueWidget]:
        """Return the controls of a choice: all but that of the corpus."""
        fields = (self.langs, self.scheme, self.concepts, self.first, self.last)
        return [*fields, self.region, self.action_line, self.reuse]

    def follow(self, choose: Callable[[], object]) -> None:
        """Say what to do when a choice changes; a new scheme first offers its concepts, the most frequent chosen."""
        changing = False

        def change(event: dict[str, Any]) -> None:
            nonlocal changing
            if changing:  # the concepts, by the scheme: no further choice
                return
            if event["owner"] is self.scheme:
                changing = True
                try:
                    self.concepts.options = self._name_concepts(event["new"])
                    self.concepts.value = self.look.concepts(event["new"])[:1]
                finally:
                    changing = False
            choose()

        for control in self.all():
            control.observe(change, names="value")

    def chosen(self) -> dict[str, Any]:
        """Return the values as changes of a choice."""
        return {
            "langs": self.langs.value,
            "scheme": self.scheme.value,
            "concepts": self.concepts.value,
            "years": (self.first.value, self.last.value),
            "region": self.region.value or None,
            "action_line": self.action_line.value or None,
            "reuse": DROP if self.reuse.value else KEEP,
        }

    def _name_concepts(self, scheme: str) -> list[tuple[str, str]]:
        """Return label and id of each concept in both languages, the most frequent first."""
        found = self.look.study.taxonomy.scheme(scheme)
        en, zh = figure_labels(found, "en"), {concept.id: concept.labels["zh"] for concept in found.concepts}
        return [(f"{en[concept]} · {zh[concept]}", concept) for concept in self.look.concepts(scheme)]

    def _offer(self, scheme: str, name: str, value: str | None) -> widgets.Dropdown:
        options = [("any", "")]  # a Dropdown takes None for nothing chosen
        if scheme in self.look.schemes:
            labels = figure_labels(self.look.study.taxonomy.scheme(scheme), "en")
            options += [(label, concept) for concept, label in labels.items()]
        return widgets.Dropdown(options=options, value=value or "", description=name, layout=_WIDE)
