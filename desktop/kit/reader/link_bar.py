"""An address outside the document, shown before anything opens it; opens nothing itself."""

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from desktop.kit import theme
from desktop.kit.buttons import button, icon_button
from desktop.kit.text import Label, keep_ltr
from i18n import t


class LinkBar(QFrame):
    """Signals: `agreed(address)` when the person opens it; `closed()`."""

    agreed = Signal(str)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._address = ""
        around = QHBoxLayout(self)
        around.setContentsMargins(theme.px(16), theme.px(8), theme.px(16), theme.px(8))
        banner = QFrame()
        banner.setProperty("part", "banner")
        around.addWidget(banner)
        row = QHBoxLayout(banner)
        row.setContentsMargins(theme.px(16), theme.px(6), theme.px(6), theme.px(6))
        self._words = Label("", wrap=True)
        self._open = button(t("Open it"), self._on_open, kind="quiet", icon="external")
        self._close = icon_button("close", t("Stay here"), self.closed.emit)
        row.addWidget(self._words, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._open)
        row.addWidget(self._close)
        self.hide()

    def ask(self, address: str) -> None:
        """Show the very address that would open, in its plain letters, so that none can pose as another."""
        self._address = bytes(QUrl(address).toEncoded().data()).decode("ascii")
        shown = self._address if len(self._address) <= 200 else self._address[:199] + "…"
        self._words.setText(t("This link leaves the document for {address}", address=keep_ltr(shown)))
        self._open.setText(t("Open it"))
        self.show()
        self._close.setFocus()

    def words(self) -> str:
        return self._words.text()

    def _on_open(self) -> None:
        self.hide()
        self.agreed.emit(self._address)
