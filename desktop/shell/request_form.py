"""Asking to be let in without Internet: one's name, the organisation, and the request is made; knows no page around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from desktop.kit import theme
from desktop.kit.buttons import button
from desktop.kit.cards import column
from desktop.kit.flow import FlowLayout
from desktop.kit.forms import Field, Form, Line
from desktop.kit.tasks import Job, Lane
from desktop.kit.text import Label
from desktop.shell.feature import Context
from i18n import Text, t
from sync import applying
from sync.admission import MAX_WORDS
from sync.errors import Failure
from sync.workspace import Workspace

__all__ = ["OtherWays", "RequestForm"]


class OtherWays(QFrame):
    """The other ways in, under the form for those who have a code. Signals: `requested()` on paper; `second_requested()` from another PC.

    A PC that has no network yet may stand for one that broke: `restore` begins with a backup of that one, if it can be done here.
    """

    requested = Signal()
    second_requested = Signal()

    def __init__(self, restore: Callable[[], None] | None = None) -> None:
        super().__init__()
        self.setProperty("part", "bar")
        lines = column(self, gap=12)
        lines.setContentsMargins(theme.px(24), theme.px(16), theme.px(24), theme.px(16))
        lines.addWidget(Label(t("No Internet here, or no code?"), "muted"))
        ways = FlowLayout(spacing=theme.px(12))
        ways.addWidget(button(t("Ask to join on paper"), self.requested.emit, icon="print"))
        ways.addWidget(button(t("I have another PC"), self.second_requested.emit, name=t("I have a place on another PC already")))
        if restore is not None:
            self.restore = button(t("I have a backup of another PC"), restore)
            ways.addWidget(self.restore)
        lines.addLayout(ways)


class RequestForm(QWidget):
    """Two fields; a failure stands under them and what was typed stays. Signals: `requested()` once the request is made; `left()`."""

    requested = Signal()
    left = Signal()

    def __init__(self, context: Context, name: str = "") -> None:
        super().__init__()
        self._context = context
        intro = Text("This PC makes a request with a code. You give the code to the secretariat, on paper or by telephone, and the request travels"
                     " by stick or with the next person who syncs here. Meanwhile you can work: what you save waits.")
        fields = [
            Field("name", Text("Your name"), Line(), Text("The secretariat reads it. Carriers do not: the request is sealed."), required=True),
            Field("organisation", Text("Your organisation"), Line(), Text("The association or cooperative that you speak for, if there is one.")),
        ]
        self.form = Form(t("Ask to join on paper"), fields, check=_check, save=t("Make the request"), intro=intro)
        self.form.save_requested.connect(self._on_save_requested)
        self.form.cancel_requested.connect(self.left)
        column(self, gap=0).addWidget(self.form)
        for one in fields:
            for line in self.form.field(one.path).editor.inputs():
                line.returnPressed.connect(self.form.submit)
        self.form.restore_draft({"name": name} if name else {})

    def take_keyboard(self) -> None:
        """Put the cursor where one begins."""
        self.form.field("name").editor.focus()

    def _on_save_requested(self, _changed: dict[str, Any]) -> None:
        typed = self.form.values()
        self.form.set_saving(t("The request is being made…"))
        work = _Asking(self._context.workspace, typed["name"] or "", typed["organisation"] or "")
        self._context.tasks.run(Lane.DATA, work, self._on_made, self._on_failed)

    def _on_made(self, _code: str) -> None:
        self.form.set_saving("")
        self._context.notify(t("The request is made. Print its slip, and give the code to the secretariat."))
        self.requested.emit()
        self._context.navigate("sync_room")

    def _on_failed(self, error: Exception) -> None:
        self.form.set_saving("")
        if not isinstance(error, Failure):
            self.form.show_problems({"": t("This did not work. What you typed is still here.")})
            raise error
        self.form.show_problems({"": error.message})


def _check(values: dict[str, Any]) -> dict[str, Text]:
    found = {}
    if not (values["name"] or "").strip():
        found["name"] = Text("Write your name, as people know you.")
    for path in ("name", "organisation"):
        if len(values[path] or "") > MAX_WORDS:
            found[path] = Text("This text has {n} characters; {limit} is the most. Shorten it.", n=len(values[path]), limit=MAX_WORDS)
    return found


@dataclass(frozen=True)
class _Asking:
    ws: Workspace
    name: str
    organisation: str

    def __call__(self, _job: Job) -> str:
        return applying.apply(self.ws, self.name, self.organisation)
