"""What stands below the trend: paragraphs, search, comparison, topics, corrections, code. Values in, HTML out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from pathlib import Path

import ipywidgets as widgets

from textmine.annotate.corrections import VERDICTS, Correction
from textmine.publish.explore.exploration import Exploration
from textmine.publish.explore.passages import Passage
from textmine.schema import LANGUAGES

_TITLES = {"read": "Paragraphs", "search": "Search", "compare": "Compare", "topics": "Topics", "correct": "Correct"}
_WIDE = widgets.Layout(width="auto", min_width="14em")


class Panels:
    """Tabs and buttons of the widget; what they do is given to :meth:`bind`.

    Parameters
    ----------
    look : Exploration
        Whose years the spans are chosen from.
    corrections : Path
        File that verdicts go to.
    """

    def __init__(self, look: Exploration, corrections: Path) -> None:
        self.corrections = corrections
        self.shown = {name: widgets.HTML() for name in _TITLES}
        self.text = widgets.Text(placeholder="云计算, cloud…", description="Find", layout=_WIDE)
        self.regex = widgets.Checkbox(value=False, description="regular expression", indent=False)
        self.forms = widgets.Dropdown(options=[("the words typed", "")], description="or", layout=_WIDE)
        middle = len(look.years) // 2
        edges = (0, max(0, middle - 1), min(middle, len(look.years) - 1), len(look.years) - 1)
        names = ("First", "to", "Second", "to")
        self.edges = [
            widgets.Dropdown(options=look.years, value=look.years[at], description=name, layout=_WIDE)
            for at, name in zip(edges, names, strict=True)
        ]
        self.tag = widgets.Dropdown(options=[], description="Tag", layout=widgets.Layout(width="95%"))
        self.concept = widgets.Dropdown(options=[], description="Concept", layout=_WIDE)
        self.form_lang = widgets.Dropdown(options=LANGUAGES, description="Text", layout=_WIDE)
        self.form = widgets.Text(placeholder="a phrase that names it", description="New form", layout=_WIDE)
        self.taxonomy = widgets.Text(value="taxonomy", description="Taxonomy", layout=_WIDE)
        self.folder = widgets.Text(value="textmine-out", description="Folder", layout=_WIDE)
        self.buttons = {
            name: widgets.Button(description=label, tooltip=tip)
            for name, label, tip in (
                ("search", "Search", "List the places with their context"),
                ("compare", "Compare", "Terms that set the second span apart from the first"),
                ("topics", "Find topics", "Topics of the chosen paragraphs; takes seconds"),
                ("code", "Code", "Print the calls that make the table shown last"),
                ("save", "Save", "Write figure, data and ledger of the trend"),
                ("add", "Add form", "Add the form to the concept, in a taxonomy of your own in that folder"),
                *((verdict, verdict.capitalize(), f"{verdict.capitalize()} the tag") for verdict in VERDICTS),
            )
        }
        self.printed = widgets.Output()
        self.status, self.said = widgets.HTML(), ""
        form = [self.concept, self.form_lang, self.form, self.taxonomy, self.buttons["add"]]
        rows = {
            "read": [],
            "search": [self.text, self.regex, self.forms, self.buttons["search"]],
            "compare": [*self.edges, self.buttons["compare"]],
            "topics": [self.buttons["topics"]],
            "correct": [self.tag, *(self.buttons[verdict] for verdict in VERDICTS), *form],
        }
        self.shown["read"].value = "<p>Click a point of the trend, or press Enter on it, to read its paragraphs.</p>"
        wrap = widgets.Layout(flex_flow="row wrap")
        tabs = [widgets.VBox([widgets.HBox(row, layout=wrap), self.shown[name]]) for name, row in rows.items()]
        self.tabs = widgets.Tab(tabs, titles=list(_TITLES.values()))
        keep = widgets.HBox([self.buttons["code"], self.folder, self.buttons["save"]], layout=wrap)
        self.box = widgets.VBox([self.status, self.tabs, keep, self.printed])

    def bind(self, actions: Mapping[str, Callable[[], None]]) -> None:
        """Say what each button does."""
        for name, act in actions.items():
            self.buttons[name].on_click(lambda _, act=act: act())

    def show(self, name: str, html: str) -> None:
        """Show HTML, its text escaped already, in a tab."""
        self.shown[name].value = html

    def say(self, message: str) -> None:
        """Say what went wrong or was done; empty for nothing."""
        self.said = message
        ground = "background:#fff;color:#7a1f00;padding:2px 6px"
        self.status.value = f"<div role='alert' style='{ground}'>{escape(message)}</div>" if message else ""

    def print_code(self, text: str) -> None:
        """Print into the output area, in place of what is there."""
        self.printed.outputs = ({"output_type": "stream", "name": "stdout", "text": text},)

    def query(self) -> tuple[str, bool, str]:
        """Return the words, whether they are a regular expression, and the concept that is searched instead, or ''."""
        return self.text.value, bool(self.regex.value), str(self.forms.value or "")

    def spans(self) -> tuple[range, range]:
        """Return the two spans of years to compare."""
        first, last, start, stop = (int(edge.value) for edge in self.edges)
        return range(first, last + 1), range(start, stop + 1)

    def list_concepts(self, concepts: Sequence[str], labels: Mapping[str, str]) -> None:
        """Offer the chosen concepts: their forms to the search, themselves to a new form."""
        kept = self.concept.value
        self.concept.options = [(labels[item], item) for item in concepts]
        self.concept.value = kept if kept in concepts else next(iter(concepts), None)
        self.forms.options = [("the words typed", ""), *((f"forms of: {labels[item]}", item) for item in concepts)]

    def list_tags(
        self, passages: Iterable[Passage], point: tuple[int, str, str], corrections: Iterable[Correction]
    ) -> None:
        """Offer the tags of the passages of a point (edition, scheme, concept), and below them those rejected there.

        To accept a rejected tag takes that back.
        """
        _, scheme, concept = point
        rejected = [
            tag for tag in corrections if tag.verdict == "reject" and (tag.edition, tag.scheme, tag.concept) == point
        ]
        gone = {tag.spot for tag in rejected}
        options: list[tuple[str, Correction]] = []
        for passage in passages:
            for lang, text in passage.texts.items():
                places: list[tuple[int | None, int | None]] = list(text.spans) or [(None, None)]
                for start, end in places:
                    surface = "" if start is None else text.paragraph.text[start:end]
                    place = passage.edition, lang, passage.number
                    tag = Correction(*place, scheme, concept, "accept", start, end, surface)
                    if tag.spot not in gone:
                        options.append((_name_tag(tag) + ("" if text.is_evidence else " (not tagged)"), tag))
        self.tag.options = [*options, *((f"{_name_tag(tag)} (rejected)", tag) for tag in rejected)]


def _name_tag(tag: Correction) -> str:
    where = "the whole paragraph" if tag.start is None else f"“{tag.surface}” at {tag.start}"
    return f"{tag.edition} {tag.lang} {tag.paragraph}: {tag.concept}, {where}"
