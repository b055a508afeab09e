"""The panel *Correct* of the widget: verdicts on tags, and forms for a taxonomy of the reader's own."""

from dataclasses import asdict, replace
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from textmine.publish.explore.aside import begin_aside
from textmine.publish.explore.retag import add_own_form, retag

if TYPE_CHECKING:
    from textmine.publish.explore.widget import Explorer


class Corrector:
    """What the buttons of the panel do to an explorer: its exploration, its files, what it shows."""

    def __init__(self, explorer: "Explorer") -> None:
        self.explorer = explorer
        self.tagging: Thread | None = None

    def judge(self, verdict: str) -> None:
        """Accept or reject the tag that is chosen, in the file of corrections and in what is shown."""
        explorer, panels = self.explorer, self.explorer.panels
        tag = panels.tag.value
        if tag is None:
            first = "Choose a tag first" if panels.tag.options else "Click a point first"
            panels.say(f"{first}; the tags of its paragraphs can then be judged.")
            return

        def correct() -> None:
            explorer.look.correct([replace(tag, verdict=verdict)]).save_corrections(panels.corrections)
            explorer.draw()
            explorer.read()

        if explorer.attempt(correct):
            panels.say(f"{verdict}ed; {len(explorer.look.corrections)} corrections in {panels.corrections}")

    def add_form(self) -> None:
        """Add a form in a taxonomy of the reader's own, then tag with it aside: it may take a while."""
        explorer, panels = self.explorer, self.explorer.panels
        form, concept, folder = panels.form.value, panels.concept.value, Path(panels.taxonomy.value)
        if concept is None:
            panels.say("Choose a concept first; a form can then be added to it.")
            return
        if not panels.taxonomy.value.strip():
            panels.say("Name the folder of your taxonomy first; files are written into it.")
            return

        def add() -> None:
            lang = panels.form_lang.value
            file = add_own_form(explorer.look, concept, lang, form, folder=folder, taxonomy=explorer.taxonomy)
            added.append(f"“{form}” added in {file}")

        added: list[str] = []
        if explorer.attempt(add):
            panels.say(f"{added[0]}; tagging with it…")
            panels.buttons["add"].disabled = True
            self.tagging = begin_aside(
                lambda: self._retag(folder, added[0]), lambda said: panels.say(f"{added[0]}. {said}")
            )

    def _retag(self, taxonomy: Path, added: str) -> None:
        """Tag the same texts with a taxonomy and show what is shown by then, with the verdicts given by then."""
        explorer, panels, before = self.explorer, self.explorer.panels, self.explorer.look

        def tag() -> None:
            look = retag(before, taxonomy)
            if explorer.look is not before:  # another corpus was opened meanwhile
                return
            if before.corrections:
                look.correct(before.corrections).save_corrections(panels.corrections)
            explorer.taxonomy = taxonomy
            explorer.look = explorer.controls.look = look.choose(**asdict(before.choice))
            explorer.draw()
            explorer.read()

        try:
            done = explorer.attempt(tag)
            panels.say(f"{added}; the texts are tagged with it" if done else f"{added}. {panels.said}")
        finally:
            panels.buttons["add"].disabled = False
