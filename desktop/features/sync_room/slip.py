"""The slip of a request to join, for the secretariat: name, organisation, code and its picture, as a page or a picture; keeps nothing."""

from __future__ import annotations

import segno
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from desktop.kit.tokens import LIGHT
from desktop.shell.mark import paint_sign
from desktop.shell.people.paper import WIDE, on_paper, say
from i18n import direction, language, t
from i18n.bidi import isolated, left_to_right
from sync.admission import Application, code_of, picture_of

__all__ = ["write_slip"]

_HIGH = 460.0  # units of the drawing
_SIDE = 200.0  # of the picture that a phone reads


def write_slip(path: str, asked: Application) -> None:
    """Write the slip to `path`, a picture when it ends in .png, else a PDF page. OSError when that cannot be."""
    on_paper(path, t("Request to join"), lambda painter: _draw(painter, asked), _HIGH)


def _draw(painter: QPainter, asked: Application) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(LIGHT.edge), 1.5, Qt.PenStyle.DashLine))
    painter.drawRoundedRect(QRectF(6, 6, WIDE - 12, _HIGH - 12), 14, 14)
    rtl = direction() == "rtl"
    paint_sign(painter, QRectF(WIDE - 84 if rtl else 36, 36, 48, 48), QColor(LIGHT.accent), QColor(LIGHT.on_accent))
    side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
    start = int((side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter).value)
    wrapped = int((side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap).value)
    painter.setLayoutDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
    say(painter, QRectF(100, 36, WIDE - 200, 48), t("Dalil: request to join"), 24, start, bold=True)
    words = WIDE - 72 - _SIDE - 24  # beside the picture
    left, picture = (36 + _SIDE + 24, 36.0) if rtl else (36.0, WIDE - 36 - _SIDE)
    say(painter, QRectF(left, 112, words, 32), isolated(asked.name, language()), 20, start, bold=True)
    if asked.organisation:
        say(painter, QRectF(left, 146, words, 30), isolated(asked.organisation, language()), 17, start)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(LIGHT.sunken))
    painter.drawRoundedRect(QRectF(left, 196, words, 104), 12, 12)
    centre = int(Qt.AlignmentFlag.AlignCenter.value)
    say(painter, QRectF(left, 204, words, 34), t("Code of the request"), 15, centre)
    say(painter, QRectF(left, 234, words, 56), left_to_right(code_of(asked.key)), 28, centre, bold=True)
    _picture(painter, QRectF(picture, 108, _SIDE, _SIDE), picture_of(asked.key))
    lines = (t("Give this slip to the secretariat, or read the code to it by telephone. It admits this code."),
             t("Nothing on this sheet is secret: nobody can write in your name with it."))
    for place, line in enumerate(lines):
        say(painter, QRectF(36, 330 + 56 * place, WIDE - 72, 54), line, 17, wrapped)


def _picture(painter: QPainter, box: QRectF, text: str) -> None:
    rows = [bytes(one) for one in segno.make(text, error="m", micro=False).matrix]
    module = box.width() / len(rows)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)  # or edges of modules blur
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(Qt.GlobalColor.black)
    for y, line in enumerate(rows):
        for x, dark in enumerate(line):
            if dark:
                painter.drawRect(QRectF(box.x() + x * module, box.y() + y * module, module, module))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
