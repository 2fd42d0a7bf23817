"""The form by which a computer joins a network: address, code, name; a failure stands beside the field it concerns."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from desktop.kit import theme
from desktop.kit.buttons import button
from desktop.kit.cards import Card, IconLabel, column, row, scrolled
from desktop.kit.forms import Field, Line
from desktop.kit.forms.field_row import FieldRow
from desktop.kit.text import Label
from desktop.kit.tokens import READING
from i18n import Text, t
from sync import invitation
from sync.errors import Failure

__all__ = ["JoinForm", "place_of"]

_OF_CODE = frozenset({"code_unknown", "code_used", "code_expired", "too_many", "impostor"})


def place_of(failure: Failure) -> str:
    """The field that a failure concerns: "code" for what is wrong with the code, otherwise "url"."""
    return "code" if failure.code in _OF_CODE else "url"


class JoinForm(QWidget):
    """Three fields. Signals: `join_requested(url, code, name)`."""

    join_requested = Signal(str, str, str)

    def __init__(self) -> None:
        super().__init__()
        card = Card(t("Join the network"), icon="share", margin=24, gap=18)
        intro = t("The secretariat of the network gives you an address and a code. You need a connection once, for a minute.")
        card.body.addWidget(Label(intro, "muted", wrap=True))
        asked = (
            Field("url", Text("Address of the server"), Line("https://dalil.exemple.dj", ltr=True), required=True),
            Field("code", Text("Invitation code"), Line("7K3M-9QXA-R2TB-W6HN", ltr=True),
                  Text("Sixteen letters and figures; capitals and dashes do not matter."), required=True),
            Field("name", Text("Your name"), Line(), Text("The members of the network see it beside what you write."), required=True),
        )
        self.fields = {one.path: FieldRow(one) for one in asked}
        for line in self.fields.values():
            card.body.addWidget(line)
            line.editor.left.connect(self._on_editor_left)
            for widget in line.editor.inputs():
                widget.installEventFilter(self)
        foot = row(gap=12)
        self.join = button(t("Join"), self._join, kind="primary", icon="go")
        foot.addWidget(self.join)
        self._going = Label("", "muted", wrap=True)
        foot.addWidget(self._going, 1)
        card.body.addLayout(foot)
        safe = row(gap=8)
        safe.addWidget(IconLabel("lock", "muted", 16), 0, Qt.AlignmentFlag.AlignTop)
        safe.addWidget(Label(t("What you have saved here stays yours and leaves only after you have joined."), "small", wrap=True), 1)
        card.body.addLayout(safe)
        inner = QWidget()
        inner.setMaximumWidth(theme.px(READING))
        column(inner).addWidget(card)
        holder = QWidget()
        around = row(holder)
        around.setContentsMargins(theme.px(24), theme.px(4), theme.px(24), theme.px(24))
        around.addWidget(inner, 1000, Qt.AlignmentFlag.AlignTop)
        around.addStretch(1)
        column(self).addWidget(scrolled(holder, name=t("Join the network")))

    def values(self) -> dict[str, str]:
        """What was typed."""
        return {path: line.editor.value() or "" for path, line in self.fields.items()}

    def restore(self, values: Mapping[str, str]) -> None:
        """Put back what was typed."""
        for path, value in values.items():
            self.fields[path].editor.set_value(value)

    def show_going(self) -> None:
        """The server is being asked."""
        self.join.setEnabled(False)
        self._going.setText(t("Asking the server, then taking the first copy…"))

    def show_failure(self, failure: Failure) -> None:
        """Say what went wrong beside the field it concerns; everything typed stays."""
        self.join.setEnabled(True)
        self._going.setText("")
        self._show({place_of(failure): str(failure)})

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._join()
            return True
        return super().eventFilter(watched, event)

    def _join(self) -> None:
        problems = self._problems()
        self._show(problems)
        if not problems and self.join.isEnabled():
            typed = self.values()
            self.join_requested.emit(typed["url"], typed["code"], typed["name"])

    def _problems(self) -> dict[str, str]:
        typed = self.values()
        found: dict[str, str] = {}
        if not typed["url"]:
            found["url"] = t("Write the address that the secretariat gave you.")
        if not typed["code"]:
            found["code"] = t("Write the code that the secretariat gave you.")
        else:
            found |= _wrong_code(typed["code"])
        if not typed["name"]:
            found["name"] = t("Write your name as the others know it.")
        return found

    def _show(self, problems: Mapping[str, str]) -> None:
        for path, line in self.fields.items():
            line.show_messages({"": problems[path]} if path in problems else {})
        first = next((path for path in self.fields if path in problems), None)
        if first is not None:
            self.fields[first].editor.focus()

    def _on_editor_left(self) -> None:
        """A code is checked when it is left, an address or a name when it is needed."""
        code = self.values()["code"]
        if self.sender() is self.fields["code"].editor:
            problems = _wrong_code(code) if code else {}
            self.fields["code"].show_messages({"": problems["code"]} if problems else {})


def _wrong_code(code: str) -> dict[str, str]:
    try:
        invitation.parse(code)
    except Failure as failure:
        return {"code": str(failure)}
    return {}
