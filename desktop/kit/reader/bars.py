"""The two thin lines around the text: title and tools above, position below; knows no document."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from desktop.kit import icons, theme
from desktop.kit.buttons import icon_button
from desktop.kit.text import ElidedLabel, Label, turn
from i18n import t


class ToolBar(QFrame):
    """Signals: `contents_requested()`, `find_requested()`, `size_requested(1 or -1)`."""

    contents_requested = Signal()
    find_requested = Signal()
    size_requested = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumHeight(theme.px(48))  # the same with and without tools
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(8), theme.px(4), theme.px(8), theme.px(4))
        row.setSpacing(theme.px(4))
        self.contents = icon_button("contents", t("Contents"), self.contents_requested.emit)
        self.contents.setCheckable(True)
        self.title = ElidedLabel("", "label")
        self._find = icon_button("search", t("Find in this document"), self.find_requested.emit)
        self._smaller = icon_button("zoom_out", t("Smaller text"), self._on_smaller)
        self.percent = Label("100 %", "small")
        self.percent.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.percent.setMinimumWidth(theme.px(48))
        self._larger = icon_button("zoom_in", t("Larger text"), self._on_larger)
        row.addWidget(self.contents)
        row.addSpacing(theme.px(4))
        row.addWidget(self.title, 1)
        for widget in (self._find, self._smaller, self.percent, self._larger):
            row.addWidget(widget)
        self.retranslate()

    def retranslate(self) -> None:
        for widget, words, keys in (
            (self.contents, t("Contents"), "F9"),
            (self._find, t("Find in this document"), "Ctrl+F"),
            (self._smaller, t("Smaller text"), "Ctrl+-"),
            (self._larger, t("Larger text"), "Ctrl++"),
        ):
            widget.setAccessibleName(words)
            widget.setToolTip(f"{words} ({keys})")

    def show_percent(self, percent: int) -> None:
        self.percent.setText(f"{percent}\u00a0%")

    def allow(self, *, sizes: bool, finding: bool) -> None:
        """Which tools have something to act on."""
        self._find.setVisible(finding)
        for widget in (self._smaller, self.percent, self._larger):
            widget.setVisible(sizes)

    def _on_smaller(self) -> None:
        self.size_requested.emit(-1)

    def _on_larger(self) -> None:
        self.size_requested.emit(1)


class PositionBar(QFrame):
    """Signals: `turn_requested(1 or -1)`: on or back in reading order, whatever the direction."""

    turn_requested = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(8), theme.px(4), theme.px(8), theme.px(4))
        row.setSpacing(theme.px(8))
        self.position = Label("", "small")
        self._back = icon_button("arrow_back", t("Previous page"), self._on_back)
        self._on = icon_button("arrow_next", t("Next page"), self._on_next)
        self.position.setMinimumWidth(theme.px(72))
        row.addStretch(1)
        for widget in (self._back, self.position, self._on):
            row.addWidget(widget)
        row.addStretch(1)
        self._place = (0, 0)
        self.point(rtl=False, app_rtl=False)

    def point(self, *, rtl: bool, app_rtl: bool) -> None:
        """Lay the arrows out in the direction of the document; icons turn with the app, so they may swap."""
        turn(self, Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
        names = ("arrow_back", "arrow_next") if rtl == app_rtl else ("arrow_next", "arrow_back")
        words = (t("Previous page"), t("Next page"))
        for widget, name, word in zip((self._back, self._on), names, words, strict=True):
            widget.setIcon(icons.icon(name))
            widget.setToolTip(word)
            widget.setAccessibleName(word)
        self.position.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.show_place(*self._place)

    def show_place(self, section: int, count: int) -> None:
        """`section` from 0; a document of one section needs no arrows."""
        self._place = (section, count)
        self.position.setText(f"\u2066{section + 1} / {count}\u2069" if count else "")
        self.position.setAccessibleName(t("Page {n} of {count}", n=section + 1, count=count) if count else "")
        self._back.setEnabled(section > 0)
        self._on.setEnabled(section + 1 < count)
        self.setVisible(count > 1)

    def _on_back(self) -> None:
        self.turn_requested.emit(-1)

    def _on_next(self) -> None:
        self.turn_requested.emit(1)
