"""One picture, whole at first, larger on demand; reads no file."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from desktop.kit.reader.document import Line
from desktop.kit.reader.place import Place
from desktop.kit.tokens import MARGIN


class _Sheet(QWidget):
    """Paints the picture over its whole area, scaled once per size."""

    def __init__(self) -> None:
        super().__init__()
        self.image = QImage()
        self._scaled = QPixmap()

    def show_image(self, image: QImage) -> None:
        self.image, self._scaled = image, QPixmap()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.image.isNull():
            return
        ratio = self.devicePixelRatioF()
        pixels = (self.size().toSizeF() * ratio).toSize()
        painter = QPainter(self)
        if pixels.width() > self.image.width():  # larger than the picture: no second copy of it
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self.rect(), self.image)
            return
        if self._scaled.size() != pixels:
            way = Qt.TransformationMode.SmoothTransformation
            self._scaled = QPixmap.fromImage(self.image.scaled(pixels, Qt.AspectRatioMode.IgnoreAspectRatio, way))
        painter.drawPixmap(self.rect(), self._scaled)


class PictureView(QScrollArea):
    """Signals: as ProseView; a picture is one section, and nothing is ever found in it."""

    moved = Signal(int, int)
    found = Signal(int, int)
    link_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._percent = 100
        self._sheet = _Sheet()
        self.setWidget(self._sheet)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def show_document(self, image: QImage, place: Place) -> None:
        self._percent = place.percent
        self._sheet.show_image(image)
        self._fit()
        self.moved.emit(0, 1)

    def contents(self) -> tuple[Line, ...]:
        return ()

    def place(self) -> Place:
        return Place(percent=self._percent)

    def go_to(self, _line: Line) -> None:
        """A picture has one place only."""

    def turn(self, _step: int) -> None:
        """A picture has one page only."""

    def set_percent(self, percent: int) -> None:
        """100 shows the picture whole."""
        self._percent = percent
        self._fit()

    def find(self, _wanted: str) -> None:
        self.found.emit(0, 0)

    def find_step(self, _step: int) -> None:
        """There are no hits to step through."""

    def release(self) -> None:
        self._sheet.show_image(QImage())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        image = self._sheet.image
        if image.isNull():
            return
        room = self.maximumViewportSize() - QSize(2 * MARGIN, 2 * MARGIN)
        whole = image.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        natural = image.size() / self.devicePixelRatioF()
        if whole.width() > natural.width() * 2:  # a small picture is not blown up into a blur
            whole = natural * 2
        self._sheet.resize((whole * (self._percent / 100)).expandedTo(QSize(1, 1)))
