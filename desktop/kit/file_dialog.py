"""The computer's own window for files, of which nothing is remembered: folders that one person visited are not shown to the next."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QFileDialog, QWidget

__all__ = ["chosen_file", "chosen_folder", "chosen_target"]


def chosen_file(parent: QWidget, title: str, kinds: str = "") -> Path | None:
    """A file that the person chooses, or None."""
    found, _ = QFileDialog.getOpenFileName(parent, title, "", kinds)
    forget()
    return Path(found) if found else None


def chosen_target(parent: QWidget, title: str, name: str, kinds: str = "") -> Path | None:
    """Where the person wants a file written; `name` is proposed. The window has asked before it names one that is there."""
    found, _ = QFileDialog.getSaveFileName(parent, title, name, kinds)
    forget()
    return Path(found) if found else None


def chosen_folder(parent: QWidget, title: str, begin: str = "") -> Path | None:
    """A folder that the person chooses, or None; `begin` is the one shown first."""
    found = QFileDialog.getExistingDirectory(parent, title, begin)
    forget()
    return Path(found) if found else None


def forget() -> None:
    """Qt keeps, for all programs of this account, which folders were visited last: take that away."""
    kept = QSettings(QSettings.Scope.UserScope, "QtProject")
    kept.remove("FileDialog")
    kept.sync()
