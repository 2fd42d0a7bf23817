"""The page printed in the kit's README works as printed."""

from __future__ import annotations

import re
from pathlib import Path

from desktop.kit.tasks import InlineTasks
from desktop.shell.feature import Context, Events
from desktop.shell.preferences import Preferences

README = Path(__file__).parents[2] / "desktop" / "kit" / "README.md"


class Towns:
    def __init__(self, events: Events) -> None:
        self.events, self.kept = events, []

    def towns(self) -> list[dict]:
        return list(self.kept)

    def add_town(self, changed: dict) -> None:
        self.kept.append({"id": str(len(self.kept)), "name": {k.split(".")[1]: v for k, v in changed.items()}})
        self.events.records_changed.emit(("town",))


def page_class() -> type:
    source = re.search(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)[1]
    names: dict = {"__name__": "readme"}
    exec(compile(source, str(README), "exec"), names)
    return names["TownsPage"]


def make(qtbot, said: list[str]):
    events = Events()
    context = Context(
        workspace=Towns(events), tasks=InlineTasks(), navigate=lambda *a, **k: None,
        notify=lambda text, *a: said.append(str(text)), preferences=Preferences(None), events=events,
    )
    page = page_class()(context)
    qtbot.addWidget(page)
    page.resize(900, 700)
    page.show()
    return page, context


def test_the_page_of_the_readme_adds_a_town(qtbot):
    said: list[str] = []
    page, context = make(qtbot, said)
    assert page._states.showing == "empty"
    page._states.panel.action.click()
    form = page._stack.currentWidget()
    form._save.click()
    assert form.field("name").is_wrong
    form.field("name").editor.input_of("fr").setText("Obock")
    form._save.click()
    assert page._states.showing == "content"
    assert context.workspace.kept[0]["name"] == {"fr": "Obock"}
    assert len(said) == 1


def test_a_draft_survives_a_new_page(qtbot):
    page, context = make(qtbot, [])
    page._add()
    page._stack.currentWidget().field("name").editor.input_of("ar").setText("أوبوك")
    fresh = type(page)(context)
    qtbot.addWidget(fresh)
    fresh.restore(page.state())
    assert fresh._stack.currentWidget().changed() == {"name.ar": "أوبوك"}
