"""A sheet to write on: plain text without a frame, each paragraph running the way its own letters do; knows no record."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QTextBlockFormat, QTextCursor, QTextOption
from PySide6.QtWidgets import QApplication, QTextEdit

from desktop.kit import theme

__all__ = ["Sheet"]

SPACING = {"ltr": 100.0, "rtl": 106.0}  # of the face's own line, which is 1.5 em tall already


class Sheet(QTextEdit):
    """Lines of plain text. A paragraph without letters yet runs as the screen does."""

    def __init__(self, name: str, placeholder: str = "") -> None:
        super().__init__()
        self.setProperty("part", "sheet")
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(2)  # as much as a line of Qt's keeps, so that title and text begin under one another
        self._dress()

    def put_text(self, text: str) -> None:
        """Show this; what was typed before cannot be brought back by undoing."""
        self.setPlainText(text)
        self._dress()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """What is pasted is text, whatever it was where it was copied."""
        self.insertPlainText(source.text().replace("\t", "    "))

    def _dress(self) -> None:
        rtl = QApplication.isRightToLeft()
        option = QTextOption()
        # Qt asks each paragraph for its first strong letter; one without any follows the text's own default.
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        document = self.document()
        undoable = document.isUndoRedoEnabled()
        document.setUndoRedoEnabled(False)
        document.setDefaultTextOption(option)
        cursor = QTextCursor(document)
        cursor.select(QTextCursor.SelectionType.Document)
        shape = QTextBlockFormat()
        shape.setLineHeight(SPACING["rtl" if rtl else "ltr"], QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        shape.setBottomMargin(theme.px(4))
        cursor.mergeBlockFormat(shape)
        document.setUndoRedoEnabled(undoable)
