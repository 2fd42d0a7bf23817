"""The file of a note, open in the reader: from memory, with a way back; fetches and keeps nothing."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from desktop.features.notes.desk import Desk
from desktop.kit import icons
from desktop.kit.buttons import icon_button
from desktop.kit.cards import column
from desktop.kit.reader import Reader
from desktop.shell.attached import source_of
from desktop.shell.feature import Context
from i18n import t

__all__ = ["Reading"]


class Reading(QWidget):
    """Stands in the place of the page while a file is read. Attribute: `reader`."""

    def __init__(self, context: Context, desk: Desk, front: QWidget) -> None:
        """`front` is what it covers."""
        super().__init__()
        self._ws, self._desk, self._front = context.workspace, desk, front
        self.reader = Reader(context.tasks)
        self.back = icon_button("back", t("Back to the note"), self.end)
        self.back.setToolTip(t("Back (Esc)"))
        self.reader.tools.layout().insertWidget(0, self.back)
        self.reader.opened.connect(self._point)
        self.reader.failed.connect(self._on_reader_failed)
        column(self, gap=0).addWidget(self.reader)
        escape = QShortcut(QKeySequence("Esc"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self._on_escape)
        desk.file.read_requested.connect(self.begin)
        self.hide()

    @Slot()
    def begin(self) -> None:
        """Open the file of the note on the desk."""
        value = self._desk.paper.file
        self._front.hide()
        self.show()
        source = source_of(self._ws, value)
        self.reader.open(source, str(value.get("type") or ""), None, source.stem)

    def end(self) -> None:
        """Close the file, and let go of what of it is in memory; the note lies there as it was."""
        if not self.isHidden():
            self.reader.close_document()
            self.hide()
            self._front.show()
            self._desk.file.link.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _point(self) -> None:
        """The bar runs the way of the document, icons the way of the app: where they differ, the arrow is the other one."""
        same = self.reader.is_right_to_left() == QApplication.isRightToLeft()
        self.back.setIcon(icons.icon("back" if same else "go"))

    @Slot()
    def _on_reader_failed(self) -> None:
        self._point()
        self.back.setFocus()

    @Slot()
    def _on_escape(self) -> None:
        if self.reader.find_bar.isVisible():
            self.reader.end_find()
        else:
            self.end()
