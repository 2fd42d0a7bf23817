"""The contents of a document as a list that folds away at its start side; knows no document kind."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QTreeWidget, QTreeWidgetItem, QVBoxLayout

from desktop.kit import theme
from desktop.kit.reader.document import Line
from desktop.kit.text import Label
from i18n import t

WIDTH = 288
_LINE = Qt.ItemDataRole.UserRole


class ContentsDrawer(QFrame):
    """Signals: `chosen(Line)` when a person picks a line."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(theme.px(WIDTH))
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(16), theme.px(16), theme.px(8), 0)
        column.setSpacing(theme.px(8))
        self._head = Label(t("Contents"), "section")
        column.addWidget(self._head)
        self._tree = QTreeWidget()
        self._tree.setHeaderHidden(True)
        self._tree.setRootIsDecorated(False)
        self._tree.setItemsExpandable(False)
        self._tree.setIndentation(theme.px(14))
        self._tree.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._tree.setStyleSheet(
            f"QTreeView::item {{ padding: {theme.px(9)}px {theme.px(6)}px; border-radius: {theme.px(6)}px; }}"
            "QTreeView::item:selected { background: palette(alternate-base); color: palette(highlight); }"
            "QTreeView::item:hover { background: palette(alternate-base); }"
            "QTreeView { selection-background-color: transparent; show-decoration-selected: 0; }"
            "QTreeView::branch, QTreeView::branch:selected { background: palette(window); }"
        )
        column.addWidget(self._tree, 1)
        self._items: list[QTreeWidgetItem] = []
        self.retranslate()
        self._tree.itemClicked.connect(self._on_item_chosen)
        self._tree.itemActivated.connect(self._on_item_chosen)

    def retranslate(self) -> None:
        self._head.setText(t("Contents"))
        self._tree.setAccessibleName(t("Contents"))

    def show_lines(self, lines: tuple[Line, ...]) -> None:
        """Show `lines` in their levels."""
        self._tree.clear()
        self._items = []
        above: list[tuple[int, QTreeWidgetItem]] = []
        for line in lines:
            while above and above[-1][0] >= line.level:
                above.pop()
            item = QTreeWidgetItem([line.label])
            item.setData(0, _LINE, line)
            item.setToolTip(0, line.label)
            if above:
                above[-1][1].addChild(item)
            else:
                self._tree.addTopLevelItem(item)
            above.append((line.level, item))
            self._items.append(item)
        self._tree.expandAll()

    def labels(self) -> list[str]:
        return [item.text(0) for item in self._items]

    def mark(self, section: int) -> None:
        """Mark the line in whose stretch `section` lies, unless a line of that very section is marked already."""
        current = self._tree.currentItem()
        if current is not None and current.data(0, _LINE).section == section:
            return
        lines = [item for item in self._items if item.data(0, _LINE).section <= section]
        if lines:
            last = lines[-1].data(0, _LINE).section
            first = next(item for item in lines if item.data(0, _LINE).section == last)
            self._tree.setCurrentItem(first)

    def take_focus(self) -> None:
        self._tree.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(QTreeWidgetItem, int)
    def _on_item_chosen(self, item: QTreeWidgetItem, _column: int) -> None:
        self.chosen.emit(item.data(0, _LINE))
