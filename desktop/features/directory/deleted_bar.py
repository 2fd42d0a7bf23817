"""Deleting a record, and the banner that says so and undoes it; knows no list and no detail."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from desktop.features.directory.work import Delete, Restore
from desktop.kit import theme
from desktop.kit.banner import Banner
from desktop.kit.cards import column
from desktop.kit.tasks import Lane
from desktop.shell.feature import Context
from i18n import t

__all__ = ["DeletedBar"]


class DeletedBar(QWidget):
    """Nobody is asked whether they are sure: the banner stays, with Undo, until one goes on to something else.

    Signals: `deleted(kind, id)`, `restored(kind, id)`. Attributes: `words` of what was deleted, or ""; `banner`.
    """

    deleted = Signal(str, str)
    restored = Signal(str, str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._gone = ("", "")
        self.words = ""
        self.banner: Banner | None = None
        self._body = column(self, gap=0)
        self._body.setContentsMargins(theme.px(16), 0, theme.px(16), theme.px(12))
        self.hide()

    @Slot(str, str)
    def delete(self, kind: str, id: str) -> None:
        """Delete that record."""
        self._context.tasks.run(Lane.DATA, Delete(self._context.workspace, kind, id), self._on_deleted, self._on_failed)

    def clear(self) -> None:
        """Take the banner away; what was deleted stays deleted."""
        self.words = ""
        if self.banner is not None:
            self._body.removeWidget(self.banner)
            self.banner.hide()
            self.banner.deleteLater()
            self.banner = None
        self.hide()

    def _on_deleted(self, gone: tuple[str, str, str, bool]) -> None:
        kind, id, title, final = gone
        words = t("“{name}” is deleted.", name=title)
        self._gone = (kind, id)
        self._tell(Banner(words, icon="delete") if final else Banner(words, icon="delete", action=t("Undo"), on_action=self._undo))
        self.words = words
        self.deleted.emit(kind, id)

    def _on_failed(self, error: Exception) -> None:
        self._tell(Banner(str(error), tone="problem"))

    def _undo(self) -> None:
        self._context.tasks.run(Lane.DATA, Restore(self._context.workspace, *self._gone), self._on_restored, self._on_failed)

    def _on_restored(self, back: tuple[str, str]) -> None:
        self.clear()
        self._context.notify(t("It is back"))
        self.restored.emit(*back)

    def _tell(self, banner: Banner) -> None:
        self.clear()
        self.banner = banner
        self._body.addWidget(banner)
        self.show()
