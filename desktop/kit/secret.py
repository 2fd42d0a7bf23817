"""A line for what nobody else should read: hidden while it is typed, shown when asked; knows no phrase."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.kit import icons
from desktop.kit.buttons import icon_button
from desktop.kit.cards import column, row
from desktop.kit.forms.editor import follow_direction, mark_wrong
from desktop.kit.text import Label, Paragraph
from i18n import Text, t

__all__ = ["SecretLine"]

_HINTS = Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText | Qt.InputMethodHint.ImhNoAutoUppercase


class SecretLine(QWidget):
    """A label, a line with an eye beside it, and room for what is wrong.

    Signals: `written()` after each change by a person; `entered()` when Enter is pressed in it. Attribute: `line`.
    """

    written = Signal()
    entered = Signal()

    def __init__(self, label: str | Text, *, hidden: bool = True) -> None:
        super().__init__()
        self._name = str(label)
        body = column(self, gap=4)
        body.addWidget(Label(label, "label"))
        both = row(gap=4)
        self.line = QLineEdit()
        self.line.setAccessibleName(self._name)
        self.line.setInputMethodHints(_HINTS)
        self.line.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.line.textEdited.connect(self._on_text_edited)
        self.line.returnPressed.connect(self.entered)
        both.addWidget(self.line, 1)
        self.eye = icon_button("eye", t("Show what is typed"), self._turn)
        both.addWidget(self.eye)
        body.addLayout(both)
        self._wrong = Paragraph("", "problem")
        self._wrong.hide()
        body.addWidget(self._wrong)
        self._hide_text(hidden)

    def text(self) -> str:
        """What is typed, as it is."""
        return self.line.text()

    def clear(self) -> None:
        """Forget what is typed; it cannot be undone back either."""
        self.line.setText("")
        self._hide_text(True)

    def take_keyboard(self) -> None:
        """Put the cursor in, with all that is there chosen."""
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.line.selectAll()

    def show_wrong(self, text: str | Text = "") -> None:
        """Say what is wrong under the line; "" says that nothing is."""
        mark_wrong(self.line, wrong=bool(str(text)))
        self._wrong.setText(str(text))
        self._wrong.setVisible(bool(str(text)))
        self.line.setAccessibleDescription(str(text))

    def _turn(self) -> None:
        self._hide_text(self.line.echoMode() == QLineEdit.EchoMode.Normal)
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _hide_text(self, hidden: bool) -> None:
        self.line.setEchoMode(QLineEdit.EchoMode.Password if hidden else QLineEdit.EchoMode.Normal)
        name = t("Show what is typed") if hidden else t("Hide what is typed")
        self.eye.setIcon(icons.icon("eye" if hidden else "hidden"))
        self.eye.setAccessibleName(f"{name}: {self._name}")
        self.eye.setToolTip(name)

    @Slot()
    def _on_text_edited(self) -> None:
        follow_direction(self.line, self.line.text())
        self.written.emit()
