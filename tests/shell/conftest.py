"""The shell's tests look like the app: theme, French, left to right; drawn offscreen."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import Qt

from desktop.kit import theme
from i18n import set_language


@pytest.fixture(autouse=True)
def look(qapp):
    set_language("fr")
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    theme.apply(qapp, theme.Theme())
    yield
    set_language("fr")
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
