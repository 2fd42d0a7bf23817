"""Organisations already there under a name like the one being typed, offered under the name; knows no form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from desktop.features.directory.words import joined, other_name
from desktop.kit import theme
from desktop.kit.buttons import button
from desktop.kit.cards import Card, column, row
from desktop.kit.tasks import Job, Lane, Runner, Task
from desktop.kit.text import ElidedLabel, Label
from i18n import Text, t
from resources import codes
from resources.duplicates import Near, near

__all__ = ["NearNames"]

WAIT_MS = 250
SHOWN = 3


class NearNames(QWidget):
    """A card that appears when a like name is found, and goes at "not the same".

    Signals: `open_requested(id)`.
    """

    open_requested = Signal(str)

    def __init__(self, workspace: Any, tasks: Runner, own_id: str) -> None:
        super().__init__()
        self._ws, self._tasks, self._own = workspace, tasks, own_id
        self._values: dict[str, Any] = {}
        self._denied: set[str] = set()
        self._found: list[str] = []
        self._task: Task | None = None
        self._body = column(self, gap=0)
        self._body.setContentsMargins(0, theme.px(4), 0, 0)
        self._card: Card | None = None
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(WAIT_MS)
        self._wait.timeout.connect(self._on_wait_timeout)
        self.hide()

    @property
    def found(self) -> list[str]:
        """Ids of the organisations offered now."""
        return list(self._found)

    def look(self, values: dict[str, Any]) -> None:
        """Whole values typed so far: look for who is alike, a moment after the last key."""
        self._values = values
        self._wait.start()

    @Slot()
    def _on_wait_timeout(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._task = self._tasks.run(Lane.DATA, self._read, self._on_read)

    def _read(self, _job: Job) -> list[Near]:
        return near(self._ws, self._values, SHOWN + len(self._denied), self._own)

    def _on_read(self, found: Sequence[Near]) -> None:
        fresh = [one for one in found if one.record.id not in self._denied][:SHOWN]
        ids = [one.record.id for one in fresh]
        if ids != self._found:
            self._found = ids
            self._show(fresh)

    def _show(self, found: Sequence[Near]) -> None:
        if self._card is not None:
            self._body.removeWidget(self._card)
            self._card.hide()
            self._card.deleteLater()
            self._card = None
        self.setVisible(bool(found))
        if not found:
            return
        self._card = Card(tone="attention", margin=12, gap=8)
        self._card.setAccessibleName(t("Is it one of these?"))
        self._card.body.addWidget(Label(t("Is it one of these?"), "label"))
        for one in found:
            self._card.body.addLayout(self._line(one))
        foot = row()
        foot.addWidget(button(t("Not the same: go on"), self._deny))
        foot.addStretch(1)
        self._card.body.addLayout(foot)
        self._body.addWidget(self._card)

    def _line(self, one: Near):
        record = one.record
        line = row(gap=12)
        words = column(gap=0)
        words.addWidget(ElidedLabel(record.title))
        region = codes.REGIONS.get(record["region"] or "", "")
        words.addWidget(ElidedLabel(joined(str(one.why), str(region), other_name(record)), "small"))
        line.addLayout(words, 1)
        line.addWidget(button(Text("Open it"), _Opens(self, record.id), name=t("Open {name}", name=record.title)))
        return line

    def _deny(self) -> None:
        self._denied.update(self._found)
        self._found = []
        self._show([])


class _Opens:
    """Asks for one of the organisations offered."""

    def __init__(self, owner: NearNames, id: str) -> None:
        self._owner, self._id = owner, id

    def __call__(self) -> None:
        self._owner.open_requested.emit(self._id)
