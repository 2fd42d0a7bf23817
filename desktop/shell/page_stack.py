"""The place of the pages in the window: a new one comes into sight whole, the one before stays until then; knows no feature."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.kit.slices import Slices, polish

__all__ = ["PageStack"]


class PageStack(QStackedWidget):
    """Pages, one in sight.

    Signals: `arrived()` when the page that was asked for is in sight. Attribute: `coming`, the page asked for last.
    """

    arrived = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.addWidget(QWidget())  # Qt shows the first that comes, made or not
        self.coming: QWidget | None = None
        self._slices = Slices(self)

    def bring(self, page: QWidget) -> None:
        """Let `page`, which stands here, come into sight: now if it has been or nobody looks, else some turns later."""
        self.coming = page
        self._slices.drop()
        if not self.isVisible() or page.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
            self._come_into_sight()
            return
        page.resize(self.size())
        polish(self._slices, page)
        self._slices.add(self._come_into_sight)

    def _come_into_sight(self) -> None:
        page, had = self.coming, self.window().focusWidget()
        turned = self.currentWidget() is not page
        wanted = page.focusWidget()  # what the page itself has chosen while it was out of sight
        self.setCurrentWidget(page)
        nowhere = had is not None and had.isAncestorOf(self)
        if nowhere or (turned and (had is None or self.isAncestorOf(had))):
            (wanted or page).setFocus(Qt.FocusReason.OtherFocusReason)  # Tab goes on in the page, not in the rail
        self.arrived.emit()
