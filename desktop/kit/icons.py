"""Named icons in the colour of a token, drawn from the Phosphor face that qtawesome ships.

Only the one face is read: importing qtawesome itself would load all twelve of its faces (0.4 s).
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPixmap, QRawFont, QTransform
from PySide6.QtWidgets import QApplication

from desktop.kit import theme
from desktop.kit.tokens import ICON

__all__ = ["MIRRORED", "NAMES", "icon", "paint", "pixmap"]

# Our word for a thing -> Phosphor's word for the drawing.
NAMES = {
    "home": "house", "directory": "address-book", "library": "books", "sync": "arrows-clockwise",
    "search": "magnifying-glass", "settings": "gear-six", "person": "user", "people": "users-three",
    "add": "plus", "edit": "pencil-simple", "delete": "trash", "undo": "arrow-u-up-left",
    "close": "x", "map": "map-trifold", "list": "list-bullets", "detail": "article",
    "more": "dots-three", "filter": "funnel-simple", "sort": "sort-ascending",
    "file": "file", "file_pdf": "file-pdf", "file_text": "file-text", "file_image": "image",
    "file_web": "file-search", "file_book": "book-open", "file_audio": "headphones",
    "file_video": "film-strip", "file_sheet": "table", "folder": "folder-simple",
    "collection": "stack", "guide": "notebook", "story": "book-bookmark", "course": "graduation-cap",
    "warning": "warning", "problem": "warning-circle", "info": "info", "check": "check",
    "verified": "check-circle", "unverified": "circle-dashed", "clock": "clock",
    "history": "clock-counter-clockwise", "calendar": "calendar-blank",
    "phone": "phone", "mail": "envelope-simple", "web": "globe-simple", "address": "map-pin-line",
    "place": "map-pin", "project": "flag-banner", "organisation": "users-four", "funder": "bank",
    "money": "coin", "call": "megaphone-simple", "training": "chalkboard-teacher",
    "digital_space": "desktop", "meeting": "chats-circle", "need": "hand-palm", "domain": "tag",
    "publics": "users", "languages": "translate", "language": "translate", "licence": "copyright",
    "arrow_next": "caret-right", "arrow_back": "caret-left", "arrow_up": "caret-up",
    "arrow_down": "caret-down", "go": "arrow-right", "back": "arrow-left", "external": "arrow-square-out",
    "first": "caret-double-left", "last": "caret-double-right",
    "download": "download-simple", "upload": "upload-simple", "share": "share-network",
    "print": "printer", "copy": "copy", "save": "floppy-disk", "attach": "paperclip",
    "import": "tray", "export": "export", "usb": "hard-drive", "computer": "desktop",
    "offline": "cloud-slash", "online": "cloud-check", "waiting": "hourglass-simple",
    "sending": "cloud-arrow-up", "receiving": "cloud-arrow-down", "stop": "stop-circle",
    "conflict": "git-diff", "refused": "prohibit", "accepted": "checks", "log": "list-dashes",
    "lock": "lock-simple", "unlock": "lock-simple-open", "eye": "eye", "hidden": "eye-slash",
    "zoom_in": "plus", "zoom_out": "minus", "fit": "corners-out", "text_size": "text-aa",
    "theme": "circle-half", "keyboard": "keyboard", "command": "command", "help": "question",
    "note": "note-pencil", "empty": "tray", "no_rights": "lock-key", "lost": "link-break", "star": "star", "idea": "lightbulb",
    "contents": "list-numbers", "dot": "circle", "remove": "minus-circle", "link": "link-simple",
    "settle": "scales", "question": "question", "quote": "quotes", "pause": "pause", "play": "play",
}

# Drawings that point along the line of reading turn round in Arabic; clocks and maps do not.
MIRRORED = frozenset({
    "arrow_next", "arrow_back", "go", "back", "first", "last", "undo", "list", "contents", "log",
    "external", "detail", "sort", "text_size", "file_text", "export", "share", "story", "guide",
})


@cache
def _face(pixels: int) -> QRawFont:
    folder = _folder()
    return QRawFont(str(folder / "phosphor-1.3.0.ttf"), pixels, QApplication.font().hintingPreference())


@cache
def _folder() -> Path:
    spec = find_spec("qtawesome")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("qtawesome, which ships the Phosphor icons, is not installed")
    return Path(spec.origin).parent / "fonts"


@cache
def _charmap() -> dict[str, str]:
    return json.loads((_folder() / "phosphor-charmap-1.3.0.json").read_text("ascii"))


@cache
def _outline(name: str) -> QPainterPath:
    """The drawing of `name` in a square of 64 by 64; KeyError for a name that is not in NAMES."""
    face = _face(64)
    glyph = face.glyphIndexesForString(chr(int(_charmap()[NAMES[name]], 16)))[0]
    path = face.pathForGlyph(glyph)
    return path.translated(0, face.ascent() - (face.ascent() + face.descent() - 64) / 2)


def paint(painter: QPainter, name: str, box: QRectF, ink: QColor) -> None:
    """Draw `name` into the square `box`, turned round when its kind is and the app is in RTL."""
    scale = box.width() / 64
    turned = name in MIRRORED and QApplication.isRightToLeft()
    move = QTransform.fromTranslate(box.x() + (box.width() if turned else 0), box.y())
    move.scale(-scale if turned else scale, scale)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillPath(move.map(_outline(name)), ink)
    painter.restore()


def pixmap(name: str, token: str = "text", size: int = ICON, ratio: float = 1.0, gap: int = 0) -> QPixmap:
    """`name` as a picture of `size` scaled pixels in the colour of `token`, and `gap` free ones after it."""
    pixels, free = theme.px(size), theme.px(gap)
    image = QPixmap(QSize(round((pixels + free) * ratio), round(pixels * ratio)))
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    paint(painter, name, QRectF(free if QApplication.isRightToLeft() else 0, 0, pixels, pixels), theme.colour(token))
    painter.end()
    return image


def icon(name: str, token: str = "text", size: int = ICON, gap: int = 0) -> QIcon:
    """`name` as a QIcon, sharp on ordinary and on dense screens, muted when disabled.

    `gap` pixels stay free between the drawing and the words after it, on whichever side they are.
    """
    return QIcon(_drawn(name, token, size, gap, theme.current(), QApplication.isRightToLeft()))


@lru_cache(512)
def _drawn(name: str, token: str, size: int, gap: int, _theme: theme.Theme, _turned: bool) -> QIcon:
    """An icon as it looks in a theme and a direction, drawn once: a page has the same few many times over."""
    made = QIcon()
    for ratio in (1.0, 2.0):
        made.addPixmap(pixmap(name, token, size, ratio, gap))
        made.addPixmap(pixmap(name, "muted", size, ratio, gap), QIcon.Mode.Disabled)
    return made
