"""The states every page has beside its content: empty, loading, failed, no rights; each with one thing to do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.kit import theme
from desktop.kit.buttons import button
from desktop.kit.cards import IconLabel, column, row
from desktop.kit.skeleton import Skeleton
from desktop.kit.text import Label
from i18n import Text, t

__all__ = ["StatePanel", "States"]

SKELETON_AFTER_MS = 200


class StatePanel(QWidget):
    """A sentence in the middle of the page: icon, title, text, one action."""

    def __init__(
        self, icon: str, title: str | Text, text: str | Text = "", action: str | Text = "",
        on_action: Callable[[], None] | None = None, *, tone: str = "muted",
    ) -> None:
        super().__init__()
        self.setAccessibleName(str(title))
        self.setAccessibleDescription(str(text))
        body = column(self, margin=24, gap=8)
        body.addStretch(2)
        body.addWidget(IconLabel(icon, tone, 40), 0, Qt.AlignmentFlag.AlignHCenter)
        body.addSpacing(theme.px(4))
        head = Label(title, "title", wrap=True, anchor="centre")
        body.addWidget(head)
        if str(text):
            words = Label(text, "muted", wrap=True, anchor="centre")
            words.setMaximumWidth(theme.px(440))
            line = row()
            line.addStretch(1)
            line.addWidget(words, 1000)  # as wide as it may be, in the middle of what is left
            line.addStretch(1)
            body.addLayout(line)
        self.action = None
        if str(action):
            body.addSpacing(theme.px(8))
            self.action = button(action, on_action, kind="primary")
            body.addWidget(self.action, 0, Qt.AlignmentFlag.AlignHCenter)
        body.addStretch(3)


class States(QStackedWidget):
    """Holds a page's content and, when there is none to show, the panel that says why.

    Attributes: `showing` is "content", "loading", "empty", "failed" or "no_rights".
    """

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.showing = "content"
        self._content = content
        self.addWidget(content)
        self._skeleton = Skeleton()
        self.addWidget(self._skeleton)
        self._panel: StatePanel | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(SKELETON_AFTER_MS)
        self._later.timeout.connect(self._on_later_timeout)

    @property
    def panel(self) -> StatePanel | None:
        """The panel in sight, if one is."""
        return self._panel

    def show_content(self) -> None:
        """Show the content itself."""
        self._later.stop()
        self.showing = "content"
        self._drop_panel()
        self.setCurrentWidget(self._content)

    def show_loading(self) -> None:
        """Content is coming: what is in sight stays for 200 ms, then ghost rows stand there."""
        self.showing = "loading"
        self._later.start()

    def show_empty(
        self, title: str | Text, text: str | Text = "", action: str | Text = "",
        on_action: Callable[[], None] | None = None, *, icon: str = "empty",
    ) -> None:
        """There is nothing yet, or nothing matches: a sentence that says what to do first."""
        self._show("empty", StatePanel(icon, title, text, action, on_action))

    def show_failed(self, text: str | Text, on_retry: Callable[[], None], title: str | Text = "") -> None:
        """It went wrong: `text` says what and what to do, in plain words; one button tries again."""
        head = str(title) or t("This could not be shown")
        self._show("failed", StatePanel("problem", head, text, t("Try again"), on_retry, tone="attention"))

    def show_no_rights(
        self, text: str | Text, action: str | Text = "", on_action: Callable[[], None] | None = None
    ) -> None:
        """This person may not see or do this: `text` says who may."""
        self._show("no_rights", StatePanel("no_rights", t("This is kept for others"), text, action, on_action))

    def _show(self, showing: str, panel: StatePanel) -> None:
        self._later.stop()
        self._drop_panel()
        self.showing = showing
        self._panel = panel
        self.addWidget(panel)
        self.setCurrentWidget(panel)

    def _drop_panel(self) -> None:
        if self._panel is not None:
            self.removeWidget(self._panel)
            self._panel.deleteLater()
            self._panel = None

    @Slot()
    def _on_later_timeout(self) -> None:
        if self.showing == "loading":
            self._drop_panel()
            self.setCurrentWidget(self._skeleton)
