"""What stands beside the list: a record's detail, a form, or the map; reads records, knows no filter and no list."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.features.directory.detail import Detail
from desktop.features.directory.dossier import Dossier
from desktop.features.directory.editor import Editor
from desktop.features.directory.map_pane import MapPane
from desktop.features.directory.saving import Target
from desktop.features.directory.work import Again, Read
from desktop.kit.buttons import button
from desktop.kit.cards import column, row
from desktop.kit.states import States
from desktop.kit.tasks import Lane, Task
from desktop.shell.feature import Context
from i18n import t
from sync.errors import NotFound
from sync.events import Changed

__all__ = ["Side"]


class Side(QWidget):
    """One of three at a time.

    Signals: `shown(kind, id)` when a record has come; `edited()` when a form opened or closed;
    `saved(kind, id)`; `back_requested()`; `open_requested(kind, id)`.
    Attributes: `detail`, `map`, `states` of the detail; `editor` or None; `record` (kind, id) in the detail.
    """

    shown = Signal(str, str)
    edited = Signal()
    saved = Signal(str, str)
    back_requested = Signal()
    open_requested = Signal(str, str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._ws = context.workspace
        self._task: Task | None = None
        self._mapped = False
        self.editor: Editor | None = None
        self.record = ("", "")
        body = column(self, gap=0)
        self._back_bar = QWidget()
        line = row(self._back_bar, margin=8)
        self.back = button(t("Back to the list"), self.back_requested.emit, kind="quiet", icon="back")
        line.addWidget(self.back)
        line.addStretch(1)
        body.addWidget(self._back_bar)
        self._stack = QStackedWidget()
        body.addWidget(self._stack, 1)
        self.detail = Detail()
        self.detail.edit_requested.connect(self._on_edit_requested)
        self.detail.add_requested.connect(self._on_add_requested)
        self.states = States(self.detail)
        self._stack.addWidget(self.states)
        self.map = MapPane(context)
        self._stack.addWidget(self.map)

    def show_back(self, *, shown: bool) -> None:
        """Whether the way back to the list is in sight."""
        self._back_bar.setVisible(shown)

    def show_map(self, *, shown: bool) -> None:
        """The map stands here instead of the detail; a form stays before both."""
        self._mapped = shown
        self._show()

    def show_record(self, kind: str, id: str) -> None:
        """Read a record and show it; a project or contact is shown with its organisation."""
        if self._task is not None:
            self._task.cancel()
        self.record = (kind, id)
        self.states.show_loading()
        self._task = self._context.tasks.run(Lane.DATA, Read(self._ws, kind, id), self._on_read, self._on_failed)

    def show_nothing(self, words: str, icon: str = "detail") -> None:
        """No record is shown: a sentence stands there."""
        self.record = ("", "")
        self.states.show_empty(words, icon=icon)

    def refresh(self, changed: Changed) -> None:
        """Read what is shown again if it is concerned by what changed."""
        shown = self.detail.dossier
        if shown is not None and shown.key == self.record:
            self._context.tasks.run(Lane.DATA, Again(self._ws, shown, changed), self._on_read_again, self._on_failed)
        if self._mapped and ("place" in changed.kinds or not changed.ids):
            self.map.refresh()

    def edit(self, target: Target, typed: dict[str, Any] | None = None) -> None:
        """Open a form; one that is open keeps its draft."""
        if self.editor is not None and self.editor.target == target:
            return
        self.leave_form()
        self.editor = Editor(self._context, target, typed)
        self.editor.saved.connect(self._on_saved)
        self.editor.left.connect(self.close_form)
        self.editor.open_requested.connect(self.open_requested)
        self._stack.addWidget(self.editor)
        self._show()
        self.edited.emit()

    def leave_form(self) -> None:
        """Go away from the form that is open, if one is; its draft is kept."""
        if self.editor is not None:
            self.editor.keep()
            self.close_form()

    @Slot()
    def close_form(self) -> None:
        """The form is over."""
        editor, self.editor = self.editor, None
        if editor is not None:
            if editor.isAncestorOf(self.window().focusWidget()):
                self.setFocus()  # or Qt looks for the next control, and finds the rail
            self._stack.removeWidget(editor)
            editor.hide()
            editor.deleteLater()
            self._show()
            self.edited.emit()

    def _show(self) -> None:
        self._stack.setCurrentWidget(self.editor or (self.map if self._mapped else self.states))

    def _on_read(self, dossier: Dossier) -> None:
        self.record = dossier.key
        self.detail.show_dossier(dossier)
        self.states.show_content()
        self.shown.emit(*dossier.key)

    def _on_read_again(self, dossier: Dossier | None) -> None:
        if dossier is not None and dossier.key == self.record:
            self.detail.show_dossier(dossier)
            self.states.show_content()

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, NotFound):
            self.states.show_empty(t("This record is no longer here"), t("It was deleted, here or elsewhere in the network."), icon="lost")
        else:
            self.states.show_failed(str(error), self._try_again)

    def _try_again(self) -> None:
        self.show_record(*self.record)

    @Slot(str, str)
    def _on_edit_requested(self, kind: str, id: str) -> None:
        self.edit(Target(kind, id))

    @Slot(str)
    def _on_add_requested(self, kind: str) -> None:
        self.edit(Target(kind, "", self.record[1]))

    @Slot(str, str)
    def _on_saved(self, kind: str, id: str) -> None:
        self.close_form()
        self.saved.emit(kind, id)
