"""Fields to write in inside a card, with what sends them and what gives up; knows no record and no workspace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.features.sync_room.inputs import Input
from desktop.kit.buttons import button
from desktop.kit.cards import column, row
from desktop.kit.forms.field_row import FieldRow
from desktop.kit.text import Label
from i18n import Text, t

__all__ = ["Rewriting"]


class Rewriting(QWidget):
    """The fields. Signals: `send_requested(dict)` with values by path; `cancel_requested()`."""

    send_requested = Signal(object)
    cancel_requested = Signal()

    def __init__(self, inputs: Sequence[Input], send: str | Text, *, icon: str = "check") -> None:
        super().__init__()
        self._inputs = {one.field.path: one for one in inputs}
        self._rows = {path: FieldRow(one.field) for path, one in self._inputs.items()}
        body = column(self, gap=12)
        for path, line in self._rows.items():
            line.editor.set_value(self._inputs[path].value)
            body.addWidget(line)
        self._homeless = Label("", "problem", wrap=True)
        self._homeless.hide()
        body.addWidget(self._homeless)
        foot = row(gap=8)
        self.send = button(send, self._send, icon=icon)
        foot.addWidget(self.send)
        foot.addWidget(button(t("Leave without saving"), self.cancel_requested.emit, kind="quiet"))
        foot.addStretch(1)
        body.addLayout(foot)

    def values(self) -> dict[str, Any]:
        """What stands in each field, by the path of the field."""
        return {path: line.editor.value() for path, line in self._rows.items()}

    def restore(self, values: Mapping[str, Any]) -> None:
        """Put typed values back."""
        for path, value in values.items():
            if path in self._rows:
                self._rows[path].editor.set_value(value)

    def focus(self) -> None:
        """Put the cursor into the first field."""
        for line in self._rows.values():
            line.editor.focus()
            return

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Say what is wrong, under the field it concerns, otherwise at the foot; go to the first."""
        homeless = []
        for line in self._rows.values():
            line.show_messages({})
        for path, message in problems.items():
            home = self._rows.get(path) or self._rows.get(path.split("#")[0])
            if home is None:
                homeless.append(message)
            else:
                home.show_messages({"": message})
                home.editor.focus()
        self._homeless.setText("\n".join(homeless))
        self._homeless.setVisible(bool(homeless))

    def _send(self) -> None:
        found: dict[str, Any] = {}
        for path, value in self.values().items():
            found |= self._inputs[path].back(value)
        self.send_requested.emit(found)
