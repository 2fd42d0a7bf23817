"""Looking for words inside the open document: a field, a count, next and previous; knows no document."""

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit

from desktop.kit import theme
from desktop.kit.buttons import icon_button
from desktop.kit.text import Label
from i18n import t

PAUSE_MS = 180


class FindBar(QFrame):
    """Signals: `wanted(str)` as one types; `stepped(1 or -1)`; `closed()`."""

    wanted = Signal(str)
    stepped = Signal(int)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(16), theme.px(8), theme.px(16), theme.px(8))
        row.setSpacing(theme.px(8))
        self.field = QLineEdit()
        self.field.setMaximumWidth(theme.px(360))
        self.field.setClearButtonEnabled(True)
        self.count = Label("", "muted")
        self.count.setMinimumWidth(theme.px(110))
        self._back = icon_button("arrow_up", t("Previous place found"), self.step_back)
        self._on = icon_button("arrow_down", t("Next place found"), self.step_on)
        self._close = icon_button("close", t("Close the search"), self.closed.emit)
        row.addStretch(1)
        row.addWidget(self.field, 3)
        row.addWidget(self.count)
        for widget in (self._back, self._on, self._close):
            row.addWidget(widget)
        row.addStretch(1)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._on_pause_over)
        self.field.textEdited.connect(self._pause.start)
        self.retranslate()
        self.show_found(0, 0)

    def retranslate(self) -> None:
        self.field.setPlaceholderText(t("Find in this document"))
        self.field.setAccessibleName(t("Find in this document"))
        for widget, words in (
            (self._back, t("Previous place found")),
            (self._on, t("Next place found")),
            (self._close, t("Close the search")),
        ):
            widget.setToolTip(words)
            widget.setAccessibleName(words)

    def begin(self, words: str = "") -> None:
        """Ready to type; `words` (a selection) are looked for at once."""
        if words:
            self.field.setText(words)
            self._pause.start()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def show_found(self, current: int, count: int) -> None:
        """`current` from 1; nothing is said before something was looked for."""
        if count:
            self.count.setText(t("{n} of {count}", n=current, count=count))
        else:
            self.count.setText(t("Not found") if self.field.text().strip() else "")
        self._back.setEnabled(count > 1)
        self._on.setEnabled(count > 1)

    def step_on(self) -> None:
        self.stepped.emit(1)

    def step_back(self) -> None:
        self.stepped.emit(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._pause.isActive():
                self._pause.stop()
                self._on_pause_over()
            else:
                self.stepped.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _on_pause_over(self) -> None:
        self.wanted.emit(self.field.text())
