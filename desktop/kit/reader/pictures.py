"""Pictures decoded small enough for a modest PC, on whatever thread asks; knows no widget."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter
from PySide6.QtSvg import QSvgRenderer

from desktop.kit.reader import trouble
from desktop.kit.reader.svg import safe_svg
from desktop.kit.reader.trouble import Trouble
from i18n import Text

LONG_SIDE = 2560  # pixels: sharp at twice the width of any screen we meet
DECODED_BYTES = 256 << 20  # Qt's own default limit, asked before it refuses without a word


def picture_of(data: bytes, long_side: int) -> QImage | None:
    """The picture in `data`, at most `long_side` pixels; None when it is damaged or too large."""
    try:
        return picture_in(data, long_side)
    except Trouble:
        return None


def picture_file(path: Path, long_side: int = LONG_SIDE) -> QImage:
    """The first frame of a PNG, JPEG, WebP or GIF, turned as its camera says. Raises Trouble."""
    reader = QImageReader(str(path))
    reader.setDecideFormatFromContent(True)
    return _read(reader, long_side)


def picture_in(data: bytes, long_side: int = LONG_SIDE) -> QImage:
    """The same of bytes in memory. Raises Trouble."""
    device = QBuffer()
    device.setData(QByteArray(data))
    device.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(device)
    reader.setDecideFormatFromContent(True)
    return _read(reader, long_side)


def svg_file(data: bytes, long_side: int = LONG_SIDE) -> QImage:
    """The drawing in `data` on white, painted once. Raises Trouble."""
    renderer = QSvgRenderer(QByteArray(safe_svg(data)))
    box = renderer.viewBoxF() if renderer.isValid() else QRectF()
    size = box.size() if not box.isEmpty() else renderer.defaultSize().toSizeF()
    if not renderer.isValid() or size.isEmpty():
        raise trouble.damaged()
    pixels = size.scaled(long_side / 1.6, long_side / 1.6, Qt.AspectRatioMode.KeepAspectRatio).toSize()
    image = QImage(pixels.expandedTo(QSize(1, 1)), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)  # drawings are made for paper, in dark themes too
    painter = QPainter(image)
    renderer.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
    renderer.render(painter, QRectF(image.rect()))
    painter.end()
    return image


def _read(reader: QImageReader, long_side: int) -> QImage:
    if bytes(reader.format().data()) in {b"svg", b"svgz"}:  # these would bypass safe_svg
        raise trouble.damaged()
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid():
        if bytes(reader.format().data()) not in {b"jpeg", b"jpg"} and size.width() * size.height() * 4 > DECODED_BYTES:
            raise _too_wide(size)
        if max(size.width(), size.height()) > long_side:
            reader.setScaledSize(size.scaled(long_side, long_side, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        raise trouble.damaged()
    if max(image.width(), image.height()) > long_side:
        way = Qt.TransformationMode.SmoothTransformation
        image = image.scaled(long_side, long_side, Qt.AspectRatioMode.KeepAspectRatio, way)
    return image


def _too_wide(size: QSize) -> Trouble:
    return Trouble(
        Text(
            "The picture is too large for this computer: {width} × {height} pixels. Ask for a smaller copy.",
            width=size.width(),
            height=size.height(),
        )
    )
