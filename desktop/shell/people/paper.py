"""Sheets to print or to keep as a picture, and the one with a recovery code; keeps nothing."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable

from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter, QPen

from desktop.kit import fonts
from desktop.kit.tokens import LIGHT
from desktop.shell.mark import paint_sign
from i18n import direction, language, t
from i18n.bidi import isolated, left_to_right

__all__ = ["on_paper", "say", "write_paper"]

WIDE, _HIGH = 720.0, 440.0  # units of the drawing


def write_paper(path: str, name: str, code: str) -> None:
    """Write the sheet to `path`, a picture when it ends in .png, else a PDF page. OSError when that cannot be."""
    on_paper(path, t("Recovery code"), lambda painter: _draw(painter, name, code))


def on_paper(path: str, title: str, draw: Callable[[QPainter], None], high: float = _HIGH) -> None:
    """Write a drawing of `WIDE` by `high` units to `path`, a picture when it ends in .png, else a PDF page. OSError when that cannot be."""
    if path.lower().endswith(".png"):
        image = QImage(int(WIDE * 2), int(high * 2), QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        painter.scale(2, 2)
        draw(painter)
        painter.end()
        if not image.save(path, "PNG"):
            raise OSError(errno.EIO, os.strerror(errno.EIO), path)
        return
    with open(path, "wb"):  # QPdfWriter says nothing of why it cannot write
        pass
    writer = QPdfWriter(path)
    writer.setTitle(title)
    writer.setCreator("Dalil")
    writer.setPageLayout(QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF(20, 20, 20, 20),
                                     QPageLayout.Unit.Millimeter))
    painter = QPainter(writer)
    painter.scale(writer.width() / WIDE, writer.width() / WIDE)
    draw(painter)
    if not painter.end():
        raise OSError(errno.EIO, os.strerror(errno.EIO), path)


def _draw(painter: QPainter, name: str, code: str) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(LIGHT.edge), 1.5, Qt.PenStyle.DashLine))
    painter.drawRoundedRect(QRectF(6, 6, WIDE - 12, _HIGH - 12), 14, 14)
    rtl = direction() == "rtl"
    paint_sign(painter, QRectF(WIDE - 84 if rtl else 36, 36, 48, 48), QColor(LIGHT.accent), QColor(LIGHT.on_accent))
    side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
    start = int((side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter).value)
    painter.setLayoutDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
    say(painter, QRectF(100, 30, WIDE - 200, 34), t("Dalil: recovery code"), 24, start, bold=True)
    say(painter, QRectF(100, 62, WIDE - 200, 28), isolated(name, language()), 18, start)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(LIGHT.sunken))
    painter.drawRoundedRect(QRectF(36, 116, WIDE - 72, 120), 12, 12)
    centre = int((Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap).value)
    say(painter, QRectF(52, 116, WIDE - 104, 120), left_to_right(code), 28, centre, bold=True)
    wrapped = start & ~int(Qt.AlignmentFlag.AlignVCenter.value) | int((Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap).value)
    lines = (
        t("This code opens your space on the PC where it was made when you have forgotten your phrase."),
        t("On the first screen choose your name, then “I forgot my phrase”."),
        t("Keep this sheet far from the PC. Whoever has it can open your space."),
    )
    for place, line in enumerate(lines):
        say(painter, QRectF(36, 258 + 56 * place, WIDE - 72, 54), line, 17, wrapped)


def say(painter: QPainter, box: QRectF, words: str, size: int, flags: int, *, bold: bool = False) -> None:
    """Write words into a box of a sheet."""
    face = fonts.base_font(size)
    face.setBold(bold)
    painter.setFont(face)
    painter.setPen(QColor(LIGHT.text))
    painter.drawText(box, flags, words)
