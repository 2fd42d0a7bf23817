"""The form with which a PC joins the network: address, code, name; knows no page around it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from desktop.kit.cards import column
from desktop.kit.forms import Field, Form, Line
from desktop.kit.tasks import Job, Lane
from desktop.shell.feature import Context
from i18n import Text, t
from sync import exchange
from sync.errors import Failure, NotADalilServer, Offline

__all__ = ["Join", "Joining"]

Join = Callable[[Any, str, str, str], None]
_OF_THE_CODE = ("code_unknown", "code_used", "code_expired", "invalid", "bad_code")


class Joining(QWidget):
    """Signals: `joined()`; `left()`. Attribute: `form`."""

    joined = Signal()
    left = Signal()

    def __init__(self, context: Context, typed: dict[str, Any] | None = None, join: Join = exchange.join) -> None:
        super().__init__()
        self._context, self._join = context, join
        help_ = Text("The address and the code come from the secretariat or from your digital space, on paper or by message.")
        fields = [
            Field("url", Text("Address of the server"), Line("https://dalil.exemple.dj", ltr=True), required=True),
            Field("code", Text("Invitation code"), Line(ltr=True), Text("Capital or small letters, with or without spaces."), required=True),
            Field("name", Text("Your name"), Line(), Text("Members of the network see it beside what you write; guests never do."), required=True),
        ]
        self.form = Form(t("Join the network"), fields, typed or {}, check=self._check, save=t("Join"), intro=help_)
        self.form.save_requested.connect(self._on_save_requested)
        self.form.cancel_requested.connect(self.left)
        column(self, gap=0).addWidget(self.form)
        self.form.field("url").editor.focus()

    def _check(self, values: dict[str, Any]) -> dict[str, Text]:
        found = {}
        if not values["url"]:
            found["url"] = Text("Write the address that you were given.")
        if not values["code"]:
            found["code"] = Text("Write the code that you were given.")
        if not values["name"]:
            found["name"] = Text("Write your name, as people know you.")
        return found

    @Slot(dict)
    def _on_save_requested(self, _changed: dict[str, Any]) -> None:
        values = self.form.values()
        self.form.set_saving(t("Joining, and fetching a first copy… You may go on working."))
        work = _Work(self._join, self._context.workspace, values)
        self._context.tasks.run(Lane.FREE, work, self._on_joined, self._on_failed)

    def _on_joined(self, _outcome: object) -> None:
        self.form.set_saving("")
        self.joined.emit()

    def _on_failed(self, error: Exception) -> None:
        self.form.set_saving("")
        if not isinstance(error, Failure):
            self.form.show_problems({"": t("This did not work. What you typed is still here.")})
            raise error
        if isinstance(error, NotADalilServer | Offline):
            self.form.show_problems({"url": error.message})
        elif error.code in _OF_THE_CODE:
            self.form.show_problems({"code": error.message})
        else:
            self.form.show_problems({"": error.message})


class _Work:
    def __init__(self, join: Join, ws: Any, values: dict[str, Any]) -> None:
        self._join, self._ws, self._values = join, ws, values

    def __call__(self, _job: Job) -> None:
        self._join(self._ws, self._values["url"].strip(), self._values["code"].strip(), self._values["name"].strip())
