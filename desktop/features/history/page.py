"""The history page: every save of a record, filtered by field, each with its way back; draws no card itself."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.features.history import words
from desktop.features.history.device_pane import DevicePane
from desktop.features.history.dossier import Dossier
from desktop.features.history.saves import SavesPane
from desktop.features.history.work import Done, List, Read, Revert, Undo, UndoDevice
from desktop.kit.cards import column
from desktop.kit.states import States
from desktop.kit.tasks import Lane
from desktop.shell.feature import Context
from desktop.shell.finding import feature_of
from i18n import t, tn
from sync.events import Changed
from sync.undoing_since import Plan

__all__ = ["HistoryPage"]


class HistoryPage(QWidget):
    """The saves of one record, or the list of what undoing a device's work would do.

    Attributes: `saves`, `device`, `states`; `record` (kind, id).
    """

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context, self._ws = context, context.workspace
        self.record = ("", "")
        self.saves = SavesPane(context.workspace.clock)
        self.saves.back_requested.connect(self.back)
        self.saves.undo_requested.connect(self._on_undo_requested)
        self.saves.device_requested.connect(self._on_device_requested)
        self.device = DevicePane(context.workspace.kinds)
        self.device.back_requested.connect(self._on_device_back_requested)
        self.device.confirmed.connect(self._on_device_confirmed)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.saves)
        self._stack.addWidget(self.device)
        self.states = States(self._stack)
        column(self, gap=0).addWidget(self.states)
        QShortcut(QKeySequence("Alt+Left"), self).activated.connect(self.back)
        context.events.records_changed.connect(self._on_records_changed)
        self.states.show_empty(t("No record is chosen"), t("Open a record, then its history."), icon="history")

    def open(self, kind: str, id: str) -> None:
        """Show the past of a record."""
        self._show(kind, id, "")

    def _show(self, kind: str, id: str, field: str) -> None:
        self.record = (kind, id)
        self.saves.field = field
        self._stack.setCurrentWidget(self.saves)
        self.states.show_loading()
        self._read()

    def state(self) -> dict[str, Any]:
        return {"record": self.record, "field": self.saves.field}

    def restore(self, state: dict[str, Any]) -> None:
        if state["record"][1]:
            self._show(*state["record"], state["field"])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.back()
        else:
            super().keyPressEvent(event)

    @Slot()
    def back(self) -> None:
        """From the list to the history, from there to the record."""
        if self._stack.currentWidget() is self.device:
            self._on_device_back_requested()
        elif self.record[1]:
            dossier = self.saves.dossier
            gone = dossier is not None and dossier.form is None
            self._context.navigate(feature_of(self.record[0]), *(("", "") if gone else self.record))

    def _read(self) -> None:
        self._context.tasks.run(Lane.DATA, Read(self._ws, *self.record), self._on_read, self._on_not_read, owner=self)

    def _on_read(self, dossier: Dossier) -> None:
        if dossier.key == self.record:
            self.saves.show_dossier(dossier)
            self.states.show_content()

    def _on_not_read(self, error: Exception) -> None:
        self.states.show_failed(str(error), self._read, t("This is not here"))

    @Slot(str, str)
    def _on_undo_requested(self, change: str, field: str) -> None:
        form = self.saves.dossier.form
        self._context.tasks.run(Lane.DATA, Undo(self._ws, *self.record, change, field or None, form), self._on_undone, self._on_failed, owner=self)

    def _on_undone(self, done: Done) -> None:
        if not done.changes:
            self._context.notify(t("It reads like that already"))
        elif done.left:
            said = tn("Put back; {n} field stays as others wrote it since", "Put back; {n} fields stay as others wrote them since", done.left)
            self._context.notify(said, t("Undo"), _Reverting(self, done))
        else:
            self._context.notify(t("Put back on this PC"), t("Undo"), _Reverting(self, done))

    def revert(self, done: Done) -> None:
        """Undo what was just undone."""
        self._context.tasks.run(Lane.DATA, Revert(self._ws, done), self._on_reverted, self._on_failed, owner=self)

    def _on_reverted(self, _done: Done) -> None:
        self._context.notify(t("It is as before"))

    def _on_failed(self, error: Exception) -> None:
        self._context.notify(str(error))
        self._read()

    @Slot(str, int)
    def _on_device_requested(self, device: str, number: int) -> None:
        work = List(self._ws, device, number, self.saves.dossier.scope)
        self._context.tasks.run(Lane.DATA, work, self._on_listed, self._on_failed, owner=self)

    def _on_listed(self, found: tuple[Plan, dict[str, str]]) -> None:
        plan, titles = found
        about = next((save.about for save in self.saves.dossier.saves if save.foreign == plan.device), None)
        self.device.show_plan(plan, titles, words.who(about) if about is not None else t("A member of the network"))
        self._stack.setCurrentWidget(self.device)
        self.device.setFocus()

    @Slot(object)
    def _on_device_confirmed(self, plan: Plan) -> None:
        self._context.tasks.run(Lane.DATA, UndoDevice(self._ws, plan), self._on_device_undone, self._on_failed, owner=self)

    def _on_device_undone(self, done: Done) -> None:
        self._on_device_back_requested()
        said = tn("{n} record is as before", "{n} records are as before", len({id for _, id, _ in done.changes}))
        self._context.notify(said, t("Undo"), _Reverting(self, done))

    @Slot()
    def _on_device_back_requested(self) -> None:
        self._stack.setCurrentWidget(self.saves)

    @Slot(object)
    def _on_records_changed(self, changed: Changed) -> None:
        if self.record[1] and (not changed.ids or self.record[1] in changed.ids):
            self._read()


class _Reverting:
    """Undoes an undoing when it is called."""

    def __init__(self, page: HistoryPage, done: Done) -> None:
        self._page, self._done = page, done

    def __call__(self) -> None:
        self._page.revert(self._done)
