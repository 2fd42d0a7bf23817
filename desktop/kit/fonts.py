"""The typeface of the app, from a folder of TTFs or from the system; knows no theme and no widget."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase

__all__ = ["FAMILIES", "font_folders", "load", "tabular"]

# The first has Latin and Arabic in one face; the others stand in where it is missing.
FAMILIES = [
    "IBM Plex Sans Arabic", "Noto Sans", "Segoe UI", "Helvetica Neue", "DejaVu Sans",
    "Noto Sans Arabic", "Noto Naskh Arabic", "Geeza Pro",
]


def font_folders() -> list[Path]:
    """Where TTFs may lie: beside the frozen program, or in the source tree."""
    root = Path(getattr(sys, "_MEIPASS", Path(__file__).resolve().parents[2]))
    return [root / "third_party" / "fonts"]


def load(folders: list[Path] | None = None) -> list[str]:
    """Register every TTF of `folders`; answers the families that were added (none is no error)."""
    known = set(QFontDatabase.families())
    families: list[str] = []
    if folders is None and FAMILIES[0] in known:
        return families
    for folder in font_folders() if folders is None else folders:
        for path in sorted(folder.glob("*.ttf")):
            number = QFontDatabase.addApplicationFont(str(path))
            if number >= 0:
                families += QFontDatabase.applicationFontFamilies(number)
    return families


def base_font(pixels: int) -> QFont:
    """The font of running text at `pixels`."""
    font = QFont()
    known = set(QFontDatabase.families())
    font.setFamilies([family for family in FAMILIES if family in known] or [font.family()])
    font.setPixelSize(pixels)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def tabular(font: QFont) -> QFont:
    """A copy of `font` whose digits are all of one width, for numbers under one another."""
    copy = QFont(font)
    copy.setFeature(QFont.Tag("tnum"), 1)
    return copy
