"""Said inside the page, never in a window of its own: banners that stay, notices with an undo."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QFrame, QWidget

from desktop.kit import theme
from desktop.kit.buttons import button, icon_button
from desktop.kit.cards import IconLabel, row
from desktop.kit.text import Label, Paragraph
from i18n import Text, t

__all__ = ["Banner", "Notices"]

_ICONS = {"accent": "info", "attention": "warning", "problem": "problem", "good": "verified"}


class Banner(QFrame):
    """A sentence over the page's content with at most one action; stays until the page removes it.

    `tone`: accent (to know), attention (to do), problem (went wrong), good (done).
    """

    def __init__(
        self, text: str | Text, *, tone: str = "accent", icon: str = "",
        action: str | Text = "", on_action: Callable[[], None] | None = None,
    ) -> None:
        super().__init__()
        self.setProperty("part", "banner")
        self.setProperty("tone", tone)
        self.setAccessibleName(str(text))
        line = row(self, margin=0, gap=12)
        line.setContentsMargins(theme.px(14), theme.px(8), theme.px(14), theme.px(8))
        line.addWidget(IconLabel(icon or _ICONS[tone], tone))
        line.addWidget(Paragraph(text, anchor="middle"), 1)
        if str(action):
            self.action = button(action, on_action, kind="quiet")
            line.addWidget(self.action)
        self.setMinimumHeight(theme.px(48))


class _Notice(QFrame):
    def __init__(self, host: Notices, text: str, action: str, on_action: Callable[[], None] | None) -> None:
        super().__init__(host.parentWidget())
        self._on_action = on_action
        self._host = host
        self.setProperty("part", "notice")
        self.setAccessibleName(text)
        line = row(self, gap=8)
        line.setContentsMargins(theme.px(16), theme.px(4), theme.px(4), theme.px(4))
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            line.setContentsMargins(theme.px(4), theme.px(4), theme.px(16), theme.px(4))
        words = Label(text, wrap=True, anchor="middle")
        words.setMaximumWidth(theme.px(480))
        if words.sizeHint().width() < theme.px(480):
            words.setWordWrap(False)
        line.addWidget(words, 1)
        if action:
            line.addWidget(button(action, self._act))
        line.addWidget(icon_button("close", t("Close this notice"), host.clear, ink="base"))

    def _act(self) -> None:
        act = self._on_action
        self._host.clear()
        if act is not None:
            act()


class Notices(QObject):
    """One notice at a time at the foot of `host`, gone after a while unless the mouse or focus is on it."""

    def __init__(self, host: QWidget, stay_ms: int = 8000) -> None:
        super().__init__(host)
        self._host_widget = host
        self._notice: _Notice | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(stay_ms)
        self._timer.timeout.connect(self._on_timer_timeout)
        host.installEventFilter(self)

    def parentWidget(self) -> QWidget:
        return self._host_widget

    @property
    def current(self) -> QFrame | None:
        """The notice in sight."""
        return self._notice

    def show(self, text: str | Text, action: str | Text = "", on_action: Callable[[], None] | None = None) -> None:
        """Say `text`, with an action such as "Undo"; replaces the notice before it."""
        self.clear()
        self._notice = _Notice(self, str(text), str(action), on_action)
        self._place()
        self._notice.show()
        self._notice.raise_()
        self._timer.start()

    def clear(self) -> None:
        """Take the notice away."""
        self._timer.stop()
        if self._notice is not None:
            self._notice.hide()
            self._notice.deleteLater()
            self._notice = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self._notice is not None:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        host, notice = self._host_widget, self._notice
        notice.adjustSize()
        notice.setMaximumWidth(host.width() - 2 * theme.px(16))
        notice.adjustSize()
        notice.move((host.width() - notice.width()) // 2, host.height() - notice.height() - theme.px(16))

    @Slot()
    def _on_timer_timeout(self) -> None:
        notice = self._notice
        if notice is not None:
            focused = notice.window().focusWidget()
            if notice.underMouse() or (focused is not None and notice.isAncestorOf(focused)):
                self._timer.start()
                return
        self.clear()
