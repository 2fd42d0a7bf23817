"""The library's page: which of its views is in sight, and what their buttons do; draws nothing itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.features.library import saving
from desktop.features.library.browse import Browse
from desktop.features.library.collection_view import CollectionView
from desktop.features.library.detail import Detail
from desktop.features.library.dossier import Dossier, read
from desktop.features.library.editor import NEW, Editor
from desktop.features.library.fetches import Bring, Fetches
from desktop.features.library.file_choice import dropped_file
from desktop.features.library.reading import Reading
from desktop.kit.cards import column
from desktop.kit.file_dialog import chosen_file
from desktop.kit.states import States
from desktop.kit.tasks import Job, Lane
from desktop.shell.feature import Context
from desktop.shell.spending import limits_in, rules_of
from i18n import Text, t
from i18n.values import size
from sync import exchange
from sync.events import Changed

__all__ = ["LibraryPage"]


class LibraryPage(QWidget):
    """List, detail, collection, form or reader, one at a time.

    Attributes: `browse`, `detail`, `collection`, `reading` (made when first asked for), `editor` (None when no form is open), `fetches`;
    `view` names what is in sight: "browse", "item", "collection", "editor" or "reading".
    """

    def __init__(self, context: Context, bring: Bring = exchange.fetch) -> None:
        super().__init__()
        self._context, self._ws = context, context.workspace
        self.view = "browse"
        self._trail: list[tuple[str, str]] = []  # records opened one from another: where "back" leads
        self._wanted = ("", "")
        self.editor: Editor | None = None
        self.setAcceptDrops(True)
        self._adopt(Fetches(self._ws, context.tasks, bring, rules=lambda: rules_of(limits_in(self._ws.folder).choices)))
        self.browse = Browse(context)
        self._reading: Reading | None = None
        self.detail, self.collection = Detail(self.fetches), CollectionView()
        self._shown = QStackedWidget()
        self._shown.addWidget(self.detail)
        self._shown.addWidget(self.collection)
        self.states = States(self._shown)
        self._stack = QStackedWidget()
        for part in (self.browse, self.states):
            self._stack.addWidget(part)
        column(self, gap=0).addWidget(self._stack)
        self._connect()
        context.events.records_changed.connect(self._on_records_changed)
        self.browse.load()

    @property
    def reading(self) -> Reading:
        """The reader, made when somebody first reads."""
        if self._reading is None:
            self._reading = Reading(self._context)
            self._reading.back_requested.connect(self._on_reading_back_requested)
            self._stack.addWidget(self._reading)
        return self._reading

    def open(self, kind: str, id: str) -> None:
        """Show an item or a collection; `new` is the form of a new one, with its draft."""
        if id == NEW:
            self.edit(kind, "")
        else:
            self._show_record(kind, id)

    def add(self) -> None:
        """Begin a new document."""
        self.edit("item", "")

    def edit(self, kind: str, id: str, path: Path | None = None, typed: dict[str, Any] | None = None) -> None:
        """Open the form of a record, or of a new one."""
        self._drop_editor()
        self.editor = Editor(self._context, kind, id, path, typed)
        self.editor.saved.connect(self._on_editor_saved)
        self.editor.left.connect(self._on_editor_left)
        self._stack.addWidget(self.editor)
        self._show("editor", self.editor)

    def state(self) -> dict[str, Any]:
        """Where one is, what is typed, and the fetches under way."""
        typed = self.editor.draft() if self.editor is not None else None
        form = (self.editor.kind.name, self.editor.id, typed) if self.editor is not None else None
        return {
            "browse": self.browse.state(), "view": self.view, "trail": list(self._trail), "wanted": self._wanted, "form": form,
            "reading": self._reading.id if self._reading is not None else "", "fetches": self.fetches,
        }

    def keep(self) -> None:
        """Keep the draft of the form that is open, and where one stopped reading."""
        if self.editor is not None:
            self.editor.keep()
        if self._reading is not None:
            self._reading.reader.keep_place()

    def restore(self, state: dict[str, Any]) -> None:
        self.fetches.changed.disconnect(self._on_fetches_changed)
        self._adopt(state["fetches"])
        self.detail._fetches = self.fetches
        self.browse.restore(state["browse"])
        self._trail = list(state["trail"])
        if state["form"]:
            self._wanted = state["wanted"]
            kind, id, typed = state["form"]
            self.edit(kind, id, typed=typed)
        elif state["view"] != "browse":
            self._trail = self._trail[:-1] if self._trail and self._trail[-1] == state["wanted"] else self._trail
            self._show_record(*state["wanted"])
            if state["view"] == "reading":
                self._on_read_requested(state["reading"])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.view != "editor" and event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped_file(event.mimeData())
        if path is None:
            self._context.notify(t("Drop a single file from this PC."))
        else:
            self.edit("item", "", path)
        event.acceptProposedAction()

    def _adopt(self, fetches: Fetches) -> None:
        self.fetches = fetches
        fetches.changed.connect(self._on_fetches_changed)

    def _connect(self) -> None:
        self.browse.opened.connect(self._on_opened)
        self.browse.add_requested.connect(self._on_add_requested)
        for view in (self.detail, self.collection):
            view.back_requested.connect(self.back)
            view.opened.connect(self._on_opened)
            view.edit_requested.connect(self._on_edit_requested)
            view.delete_requested.connect(self._on_delete_requested)
            view.history_requested.connect(self._on_history_requested)
        self.detail.read_requested.connect(self._on_read_requested)
        self.detail.fetch_requested.connect(self._on_fetch_requested)
        self.detail.stop_requested.connect(self._on_stop_requested)
        self.detail.remove_requested.connect(self._on_remove_requested)
        self.detail.attach_requested.connect(self._on_attach_requested)
        self.detail.settle_requested.connect(self._on_settle_requested)
        made = QShortcut(QKeySequence("Esc"), self.states, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        made.activated.connect(self.back)

    def _show(self, view: str, widget: QWidget) -> None:
        self.view = view
        self._stack.setCurrentWidget(widget)

    def _drop_editor(self) -> None:
        if self.editor is not None:
            self._stack.removeWidget(self.editor)
            self.editor.hide()
            self.editor.deleteLater()
            self.editor = None

    def _show_record(self, kind: str, id: str) -> None:
        """Show it once it is read; what is in sight stays until then."""
        self._wanted = (kind, id)
        if not self._trail or self._trail[-1] != self._wanted:
            self._trail.append(self._wanted)
        self.states.show_loading()
        self._show(kind, self.states)
        self._read_wanted()

    def _read_wanted(self) -> None:
        self._context.tasks.run(Lane.DATA, _Read(self._ws, *self._wanted), self._on_dossier, self._on_no_dossier)

    def _on_dossier(self, dossier: Dossier) -> None:
        if dossier.key != self._wanted:
            return
        view = self.detail if dossier.record.kind.name == "item" else self.collection
        view.show_dossier(dossier)
        self._shown.setCurrentWidget(view)
        self.states.show_content()

    def _on_no_dossier(self, error: Exception) -> None:
        self.states.show_failed(str(error), self.back, t("This is not here"))

    @Slot()
    def back(self) -> None:
        """To the record from which this one was opened, else to the list."""
        if self._trail:
            self._trail.pop()
        if self._trail:
            self._show_record(*self._trail[-1])
        else:
            self._wanted = ("", "")
            self._show("browse", self.browse)
            self.browse.grid.setFocus()

    @Slot(str, str)
    def _on_opened(self, kind: str, id: str) -> None:
        self._show_record(kind, id)

    @Slot(str)
    def _on_add_requested(self, kind: str) -> None:
        self.edit(kind, "")

    @Slot(str, str)
    def _on_edit_requested(self, kind: str, id: str) -> None:
        self.edit(kind, id)

    @Slot(str, str)
    def _on_editor_saved(self, kind: str, id: str) -> None:
        self._drop_editor()
        self._context.notify(t("Saved on this PC"))
        self._show_record(kind, id)

    @Slot()
    def _on_editor_left(self) -> None:
        self._drop_editor()
        if self._wanted[1]:
            self._show_record(*self._wanted)
        else:
            self._show("browse", self.browse)

    @Slot(str, str)
    def _on_delete_requested(self, kind: str, id: str) -> None:
        self._context.tasks.run(Lane.DATA, saving.Delete(self._ws, kind, id), _Told(self, kind, id).deleted, self._on_act_failed, owner=self)

    def restore_record(self, kind: str, id: str) -> None:
        """Take a deletion back."""
        self._context.tasks.run(Lane.DATA, saving.Restore(self._ws, kind, id), None, self._on_act_failed, owner=self)

    @Slot(str)
    def _on_read_requested(self, id: str) -> None:
        self._show("reading", self.reading)
        self.reading.open(id)

    @Slot()
    def _on_reading_back_requested(self) -> None:
        self.reading.close_document()
        self._show(self._wanted[0] or "browse", self.states if self._wanted[1] else self.browse)

    @Slot(str)
    def _on_fetch_requested(self, _id: str) -> None:
        file = self.detail.dossier.record["file"]
        self.fetches.begin(file["sha256"], file["size"])

    @Slot(str)
    def _on_stop_requested(self, _id: str) -> None:
        self.fetches.stop(self.detail.dossier.sha256)

    @Slot(str)
    def _on_fetches_changed(self, sha256: str) -> None:
        if self.fetches.of(sha256) is None:
            self.browse.load()  # the card says now that it is here
            if self.view in ("item", "collection"):
                self._read_wanted()
        elif self.detail.dossier is not None and self.detail.dossier.sha256 == sha256:
            self.detail.renew_file()

    @Slot(str)
    def _on_remove_requested(self, id: str) -> None:
        told = _Told(self, "item", id, self.detail.dossier.record["file"])
        self._context.tasks.run(Lane.DATA, saving.LetGo(self._ws, id), told.removed, self._on_act_failed, owner=self)

    def recover(self, sha256: str) -> None:
        """Bring back the copy that was just removed."""
        self._context.tasks.run(Lane.DATA, saving.Recover(self._ws, sha256), self._on_recovered, self._on_act_failed, owner=self)

    def _on_recovered(self, done: object) -> None:
        if not done:
            self._context.notify(t("The copy is gone already. It can be fetched again."))
        self.renew()

    def renew(self) -> None:
        """Read again what is in sight."""
        self.browse.load()
        if self._wanted[1] and self.view in ("item", "collection"):
            self._read_wanted()

    @Slot(str)
    def _on_attach_requested(self, id: str) -> None:
        found = chosen_file(self, t("Choose a file"))
        if found is not None:
            self.attach(id, found)

    def attach(self, id: str, path: Path) -> None:
        """Give an item that has none its file."""
        self._context.tasks.run(Lane.FREE, saving.Attach(self._ws, id, path), None, self._on_act_failed, owner=self)

    @Slot(str, str)
    def _on_history_requested(self, kind: str, id: str) -> None:
        self._context.navigate("history", kind, id)

    @Slot()
    def _on_settle_requested(self) -> None:
        self._context.navigate("sync_room", *self._wanted)

    def _on_act_failed(self, error: Exception) -> None:
        self._context.notify(str(error))
        self.renew()

    @Slot(object)
    def _on_records_changed(self, changed: Changed) -> None:
        self.browse.renew(changed)
        if self.view in ("item", "collection") and (not changed.ids or changed.kinds & {"item", "collection"}):
            self._read_wanted()

    def say(self, words: Text | str, act: Callable[[], None]) -> None:
        self._context.notify(words, t("Undo"), act)


class _Told:
    """Says what was done, and undoes it."""

    def __init__(self, page: LibraryPage, kind: str, id: str, file: dict[str, Any] | None = None) -> None:
        self._page, self._kind, self._id, self._file = page, kind, id, file

    def deleted(self, _outcome: object) -> None:
        self._page.back()
        self._page.browse.load()
        words = Text("The collection was deleted.") if self._kind == "collection" else Text("The document was deleted.")
        self._page.say(words, self._restore)

    def removed(self, _outcome: object) -> None:
        self._page.renew()
        self._page.say(t("Removed from this PC: {size} are free again.", size=size(self._file["size"])), self._recover)

    def _restore(self) -> None:
        self._page.restore_record(self._kind, self._id)

    def _recover(self) -> None:
        self._page.recover(self._file["sha256"])


class _Read:
    def __init__(self, ws: Any, kind: str, id: str) -> None:
        self._ws, self._kind, self._id = ws, kind, id

    def __call__(self, _job: Job) -> Dossier:
        return read(self._ws, self._kind, self._id)
