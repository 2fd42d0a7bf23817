"""Where a file is chosen or dropped, and what is said of it: its size, what it costs others, why it cannot be; copies nothing."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from PySide6.QtCore import QMimeData, QRectF, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from desktop.features.library.words import media_words
from desktop.kit import theme
from desktop.kit.buttons import button
from desktop.kit.cards import IconLabel, column, row
from desktop.kit.file_dialog import chosen_file
from desktop.kit.text import ElidedLabel, Paragraph
from i18n import t
from i18n.values import duration, size
from resources.kept_files import HEAVY, look_at, seconds
from sync.errors import Failure

__all__ = ["FileChoice", "dropped_file"]

_ENDINGS = "*.pdf *.epub *.md *.txt *.html *.htm *.png *.jpg *.jpeg *.gif *.webp *.svg"


def dropped_file(mime: QMimeData) -> Path | None:
    """The local file of a drop; None when it is something else, or several."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()] if mime.hasUrls() else []
    return paths[0] if len(paths) == 1 else None


class FileChoice(QWidget):
    """A strip with the file, or the place to drop one.

    Signals: `chosen(Path)`. Attributes: `path`, a file that can be attached, or None.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.path: Path | None = None
        self._over = False
        self.setAcceptDrops(True)
        self.setAccessibleName(t("File"))
        self._line = row(self, gap=12)
        self._line.setContentsMargins(*[theme.px(16)] * 4)
        self._icon: QWidget | None = None
        words = column(gap=2)
        self.title = ElidedLabel("", "label")
        self.said = Paragraph("", "small")
        words.addWidget(self.title)
        words.addWidget(self.said)
        self._line.addLayout(words, 1)
        self.pick = button(t("Choose a file"), self.ask, icon="folder")
        self._line.addWidget(self.pick)
        said = t("PDF, EPUB, Markdown, text, web pages and pictures open in Dalil. It is copied: yours stays where it is.")
        self._show(t("Drop a file here, or choose one"), said, "attach", "accent")

    def ask(self) -> None:
        """Let the person choose in the computer's own window for files."""
        kinds = f"{t('Documents that open in Dalil')} ({_ENDINGS});;{t('All files')} (*)"
        found = chosen_file(self, t("Choose a file"), kinds)
        if found:
            self.take(found)

    def take(self, path: Path) -> None:
        """This is the file: say what it weighs, or why it cannot be taken."""
        try:
            count = look_at(path)
        except Failure as failure:
            self.path = None
            self._show(path.name, str(failure), "problem", "problem")
            return
        self.path = path
        said = " · ".join(part for part in (media_words(_media(path)), size(count)) if part)
        if count >= HEAVY:
            heavy = t("Heavy: on a slow link it takes about {time} to send, and as long for everyone who fetches it.", time=duration(seconds(count)))
            hint = t("A smaller picture reads as well.") if _media(path).startswith("image/") else t("If you can, add a lighter version.")
            self._show(path.name, f"{said}. {heavy} {hint}", "warning", "attention")
        else:
            self._show(path.name, said, "verified", "good")
        self.pick.setText(t("Choose another"))
        self.chosen.emit(path)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            self._over = True
            self.update()
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._over = False
        self.update()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self._over = False
        path = dropped_file(event.mimeData())
        if path is None:
            self._show(t("One file at a time"), t("Drop a single file from this PC."), "warning", "attention")
        else:
            self.take(path)
        event.acceptProposedAction()
        self.update()

    def paintEvent(self, _event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(theme.colour("accent" if self._over else "edge"), 2 if self._over else 1)
        if self.path is None:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(theme.colour("accent_soft" if self._over else "raised"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.px(10), theme.px(10))

    def _show(self, title: str, said: str, icon: str, tone: str) -> None:
        if self._icon is not None:
            self._line.removeWidget(self._icon)
            self._icon.hide()
            self._icon.deleteLater()
        self._icon = IconLabel(icon, tone, 24)
        self._line.insertWidget(0, self._icon)
        self.title.setText(title)
        self.said.setText(said)
        self.setAccessibleDescription(f"{title}. {said}")
        self.update()


def _media(path: Path) -> str:
    return mimetypes.guess_type(path.name)[0] or ("text/markdown" if path.suffix.lower() == ".md" else "")
