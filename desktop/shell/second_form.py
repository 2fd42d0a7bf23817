"""On a new PC: the code that one's other PC made, and this one is the same person's; knows no page around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.kit.cards import column
from desktop.kit.forms import Field, Form, Line
from desktop.kit.tasks import Job, Lane
from desktop.shell.feature import Context
from i18n import Text, t
from sync import recovery_code, second_device
from sync.errors import Failure, Invalid
from sync.workspace import Workspace

__all__ = ["SecondForm"]


class SecondForm(QWidget):
    """One field; a failure stands under it and what was typed stays. Signals: `requested()` once this PC is theirs; `left()`."""

    requested = Signal()
    left = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        intro = Text("On your other PC: Preferences, then “Add another computer”. Copy to a stick there and read it here (page Exchanges), or let the"
                     " two meet nearby. Then type the code that stood there.")
        fields = [Field("code", Text("Code of the other PC"), Line("7K3MP-9QXAT-R2TBW-W6HN4-C8DEV", ltr=True),
                        Text("Five groups of five letters and figures; capitals and dashes do not matter."), required=True)]
        self.form = Form(t("I have a place on another PC already"), fields, check=_check, save=t("This PC is mine too"), intro=intro)
        self.form.save_requested.connect(self._on_save_requested)
        self.form.cancel_requested.connect(self.left)
        column(self, gap=0).addWidget(self.form)
        for line in self.form.field("code").editor.inputs():
            line.returnPressed.connect(self.form.submit)

    def take_keyboard(self) -> None:
        """Put the cursor where one begins."""
        self.form.field("code").editor.focus()

    def _on_save_requested(self, _changed: dict[str, Any]) -> None:
        self.form.set_saving(t("One moment…"))
        self._context.tasks.run(Lane.DATA, _Taking(self._context.workspace, self.form.values()["code"] or ""), self._on_taken, self._on_failed)

    def _on_taken(self, _nothing: None) -> None:
        self.form.set_saving("")
        self._context.notify(t("This PC is yours too."))
        self.requested.emit()
        self._context.navigate("sync_room")

    def _on_failed(self, error: Exception) -> None:
        self.form.set_saving("")
        if not isinstance(error, Failure):
            self.form.show_problems({"": t("This did not work. What you typed is still here.")})
            raise error
        self.form.show_problems({"code": error.message})


def _check(values: dict[str, Any]) -> dict[str, Text]:
    try:
        recovery_code.parse(values["code"] or "")
    except Invalid as error:
        return {"code": error.message if values["code"] else Text("Write the code that your other PC showed.")}
    return {}


@dataclass(frozen=True)
class _Taking:
    ws: Workspace
    code: str

    def __call__(self, _job: Job) -> None:
        second_device.take(self.ws, self.code)
