"""What becomes of what is typed: kept as a draft a moment after the last key, saved when one leaves it, deleted with a way back; draws nothing."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from desktop.features.notes.desk import Desk
from desktop.features.notes.shelf import NOTE
from desktop.features.notes.work import Delete, Forget, Keep, Paper, Restore, Save, draft_of
from desktop.kit.tasks import Lane
from desktop.shell.feature import Context
from i18n import t
from sync.errors import Failure

__all__ = ["Keeper"]


class Keeper(QObject):
    """Works for the note that lies on the desk.

    Signals: `kept()`: a draft came or went; `unsaved(paper)`: this one could not be saved and has to lie open again, its text in `paper.typed`;
    `deleted(id)`; `restored(id)`; `forgotten(id)`: its draft was thrown away.
    """

    kept = Signal()
    unsaved = Signal(object, str)
    deleted = Signal(str)
    restored = Signal(str)
    forgotten = Signal(str)

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__(desk)
        self._context, self._ws, self._desk = context, context.workspace, desk
        self._drafted: tuple[str, dict[str, str]] | None = None  # what could not be saved last, and is kept as a draft
        desk.typed.connect(self._on_typed)
        desk.delete_requested.connect(self.delete)
        desk.forget_requested.connect(self._on_forget_requested)

    @Slot()
    def save(self) -> None:
        """Save what was typed; nothing when nothing was. What cannot be saved stays typed, as a draft."""
        desk, paper = self._desk, self._desk.paper
        desk.stop_waiting()
        if not desk.is_touched:
            return
        typed = desk.values()
        desk.base = dict(typed)
        if paper.fresh and desk.is_empty:  # a sheet on which nothing is left
            self._run(Forget(self._ws, paper.id))
            return
        paper.typed = None
        attempt = _Attempt(self, paper, typed)
        self._context.tasks.run(Lane.DATA, Save(self._ws, paper, typed), self._on_saved, attempt.fail, owner=self)

    @Slot()
    def leave(self) -> None:
        """Somebody goes on to something else: save. What was tried so before, and is kept as a draft, holds nobody back a second time."""
        desk = self._desk
        if desk.is_touched and (desk.paper.id, desk.values()) == self._drafted:
            desk.stop_waiting()
            desk.base = desk.values()
        else:
            self.save()

    def keep(self) -> None:
        """Keep what is typed in the person's file, here and now: the window is about to go."""
        desk = self._desk
        desk.stop_waiting()
        if desk.is_touched and not (desk.paper.fresh and desk.is_empty):
            self._ws.keep_draft(NOTE, desk.paper.id, draft_of(desk.paper, desk.values()))

    @Slot()
    def delete(self) -> None:
        """Delete the note; the notice at the foot of the window brings it back."""
        desk = self._desk
        desk.stop_waiting()
        if desk.paper is not None:
            typed = desk.values() if desk.is_touched else None
            desk.base = desk.values()  # what lies there is not saved once more
            self._context.tasks.run(Lane.DATA, Delete(self._ws, desk.paper, typed), self._on_deleted, self._on_failed)

    def bring_back(self, paper: Paper, typed: dict[str, str] | None) -> None:
        """Undo a deletion."""
        self._context.tasks.run(Lane.DATA, Restore(self._ws, paper, typed), self.restored.emit, self._on_failed, owner=self)

    def take_unsaved(self, attempt: _Attempt, error: Exception) -> None:
        """A save has failed: what was typed is kept as a draft, as well as may be, and lies open again."""
        why = str(error) if isinstance(error, Failure) else t("This was not saved: {why}", why=str(error))
        paper, paper.typed = attempt.paper, attempt.typed
        self._context.tasks.run(Lane.DATA, Keep(self._ws, paper, attempt.typed), attempt.kept, self._on_kept, owner=self)
        self.unsaved.emit(paper, t("{what} What you typed is still here.", what=why))

    def take_drafted(self, attempt: _Attempt) -> None:
        """What could not be saved is kept at least."""
        self._drafted = attempt.paper.id, attempt.typed
        self.kept.emit()

    def _run(self, work: Keep | Forget) -> None:
        """A draft that cannot be kept (a full disk) stands on the screen still, and the next save says why."""
        self._context.tasks.run(Lane.DATA, work, self._on_kept, self._on_kept, owner=self)

    def _on_kept(self, _outcome: object) -> None:
        self.kept.emit()

    def _on_saved(self, paper: Paper) -> None:
        if self._desk.paper is not None and self._desk.paper.id == paper.id:
            self._desk.take_saved(paper)

    def _on_deleted(self, gone: tuple[Paper, dict[str, str] | None]) -> None:
        self._context.notify(t("The note is deleted."), t("Undo"), _Restoring(self, *gone))
        self.deleted.emit(gone[0].id)

    def _on_failed(self, error: Exception) -> None:
        self._context.notify(str(error))

    def _on_forgotten(self, id: str) -> None:
        self.forgotten.emit(id)

    @Slot()
    def _on_typed(self) -> None:
        desk = self._desk
        if desk.is_touched and not (desk.paper.fresh and desk.is_empty):
            self._run(Keep(self._ws, desk.paper, desk.values()))

    @Slot()
    def _on_forget_requested(self) -> None:
        self._desk.stop_waiting()
        self._desk.base = self._desk.values()  # nothing of it is saved by leaving it
        self._context.tasks.run(Lane.DATA, Forget(self._ws, self._desk.paper.id), self._on_forgotten, self._on_failed, owner=self)


class _Attempt:
    """A save under way."""

    def __init__(self, keeper: Keeper, paper: Paper, typed: dict[str, str]) -> None:
        self._keeper, self.paper, self.typed = keeper, paper, typed

    def fail(self, error: Exception) -> None:
        self._keeper.take_unsaved(self, error)

    def kept(self, _outcome: object) -> None:
        self._keeper.take_drafted(self)


class _Restoring:
    """Undoes a deletion when it is called."""

    def __init__(self, keeper: Keeper, paper: Paper, typed: dict[str, str] | None) -> None:
        self._keeper, self._gone = keeper, (paper, typed)

    def __call__(self) -> None:
        self._keeper.bring_back(*self._gone)
