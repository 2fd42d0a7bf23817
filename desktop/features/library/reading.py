"""The open document: the kit's reader with a way back and a memory of where one stopped; knows no list."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from desktop.features.library.dossier import record_of
from desktop.kit import icons
from desktop.kit.buttons import icon_button
from desktop.kit.cards import column
from desktop.kit.reader import Place, Reader
from desktop.kit.tasks import Job, Lane
from desktop.shell.feature import Context
from i18n import t
from resources.remembered import recall, remember
from resources.starter import shelf

__all__ = ["Reading"]


class Reading(QWidget):
    """Signals: `back_requested()`; `opened(id)` when the document is in sight."""

    back_requested = Signal()
    opened = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context, self._ws = context, context.workspace
        self._names: dict[str, str] = {}  # path -> under which name its place is kept
        self._places: dict[str, Place] = {}
        self.id = ""
        self.reader = Reader(context.tasks, recall=self._places.get, remember=self._remember)
        self.back = icon_button("back", t("Back to the document’s page"), self.back_requested.emit)
        self.back.setToolTip(t("Back (Esc)"))
        self.reader.tools.layout().insertWidget(0, self.back)
        self.reader.opened.connect(self._on_reader_opened)
        self.reader.failed.connect(self._on_reader_failed)
        column(self, gap=0).addWidget(self.reader)
        for keys in ("Esc", "Alt+Up"):
            made = QShortcut(QKeySequence(keys), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            made.activated.connect(self._on_escape)

    def open(self, id: str) -> None:
        """Show the file of an item that is on this PC."""
        self.id = id
        self._context.tasks.run(Lane.DATA, _Find(self._ws, id), self._on_found, self._on_not_found)

    def close_document(self) -> None:
        """Let go of the file, keeping the place."""
        self.reader.close_document()
        self.id = ""

    def _on_found(self, found: tuple[str, Path, Any, str, str]) -> None:
        id, path, record, name, kept = found
        if id != self.id:
            return
        self._names[str(path)] = name
        place = _place(kept)
        if place is not None:
            self._places[str(path)] = place
        self.reader.open(path, record["file"]["type"], record["language"], record.title)

    def _on_not_found(self, error: Exception) -> None:
        self._context.notify(str(error))
        self.back_requested.emit()

    def _remember(self, key: str, place: Place) -> None:
        """On the data lane: a write waits for the disk."""
        self._places[key] = place
        name = self._names.get(key)
        if name is not None:
            self._context.tasks.run(Lane.DATA, _Keep(self._ws, name, json.dumps(asdict(place))), owner=None)

    @Slot(str)
    def _on_reader_opened(self, _title: str) -> None:
        self._point()
        self.opened.emit(self.id)

    @Slot(object)
    def _on_reader_failed(self, _text: object) -> None:
        self._point()
        self.back.setFocus()

    def _point(self) -> None:
        """The bar runs the way of the document, icons the way of the app: where they differ, the arrow is the other one."""
        same = self.reader.is_right_to_left() == QApplication.isRightToLeft()
        self.back.setIcon(icons.icon("back" if same else "go"))

    @Slot()
    def _on_escape(self) -> None:
        if self.reader.find_bar.isVisible():
            self.reader.end_find()
        else:
            self.back_requested.emit()


class _Find:
    """Reads what the reader needs: id, path, record, and the place where one stopped."""

    def __init__(self, ws: Any, id: str) -> None:
        self._ws, self._id = ws, id

    def __call__(self, _job: Job) -> tuple[str, Path, Any, str, str]:
        record = record_of(self._ws, "item", self._id)
        sha256 = record["file"]["sha256"]
        path = shelf.path_of(record) if shelf.is_starter(record) else self._ws.files.path(sha256)
        name = f"place {sha256}"
        return self._id, path, record, name, recall(self._ws, name)


class _Keep:
    def __init__(self, ws: Any, name: str, value: str) -> None:
        self._ws, self._name, self._value = ws, name, value

    def __call__(self, _job: Job) -> None:
        remember(self._ws, self._name, self._value)


def _place(kept: str) -> Place | None:
    """The place that was kept; None when there is none or it cannot be read."""
    try:
        found = json.loads(kept) if kept else None
        return Place(int(found["section"]), float(found["share"]), int(found["percent"])) if found else None
    except (ValueError, TypeError, KeyError):
        return None
