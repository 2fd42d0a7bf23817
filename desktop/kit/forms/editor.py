"""What every editor of a value offers to the form around it; knows no kind."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from desktop.kit import theme
from desktop.kit.text import is_rtl

__all__ = ["Editor", "follow_direction", "mark_wrong"]


class Editor(QWidget):
    """An editor of one value.

    Signals: `edited()` after each change by a person; `left()` when the focus leaves the whole editor.
    Subclasses offer `value()`, `set_value(value)` and `inputs()` (what can be focused, in order).
    """

    edited = Signal()
    left = Signal()

    def value(self) -> Any:
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        raise NotImplementedError

    def inputs(self) -> list[QWidget]:
        raise NotImplementedError

    def focus(self, part: str = "") -> None:
        """Put the cursor in; `part` names a piece of the value, such as a language."""
        self.input_of(part).setFocus(Qt.FocusReason.OtherFocusReason)

    def input_of(self, part: str) -> QWidget:
        """The input of a piece of the value; the first when there is no such piece."""
        return self.inputs()[0]

    def show_wrong(self, parts: set[str]) -> None:
        """Colour the inputs of these pieces as wrong ("" is the whole), the others as right."""
        wrong = {self.input_of(part) for part in parts}
        for widget in self.inputs():
            mark_wrong(widget, wrong=widget in wrong)

    def watch(self, *widgets: QWidget) -> None:
        """Count the focus of these widgets as being in this editor."""
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            now = QApplication.focusWidget()
            stays = now is not None and (now is self or self.isAncestorOf(now)) and now is not watched
            if not stays and event.reason() != Qt.FocusReason.PopupFocusReason:
                self.left.emit()
        return super().eventFilter(watched, event)


def mark_wrong(widget: QWidget, *, wrong: bool) -> None:
    """Colour one input as wrong or right."""
    if bool(widget.property("wrong")) != wrong:
        widget.setProperty("wrong", wrong)
        theme.restyle(widget)


def follow_direction(widget: QLineEdit | QPlainTextEdit, text: str) -> None:
    """Write in the direction of what is typed; without a letter yet, follow the page."""
    page = QApplication.layoutDirection()
    has_letters = any(letter.isalpha() for letter in text)
    rtl = is_rtl(text) if has_letters else page == Qt.LayoutDirection.RightToLeft
    widget.setLayoutDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
