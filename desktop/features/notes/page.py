"""The page of notes: the list, and the note that lies open beside it; reads and saves nothing itself."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QWidget

from desktop.features.notes.desk import Desk
from desktop.features.notes.filing import Filing
from desktop.features.notes.keeper import Keeper
from desktop.features.notes.list_pane import ListPane
from desktop.features.notes.reading import Reading
from desktop.features.notes.shelf import NOTE
from desktop.features.notes.work import Open, Paper
from desktop.kit import theme
from desktop.kit.cards import column, row, rule
from desktop.kit.forms.kinds import Deliver
from desktop.kit.states import States
from desktop.kit.tasks import Lane, Task
from desktop.shell.asking import AskOrganisations
from desktop.shell.feature import Context
from i18n import t
from sync.errors import NotFound
from sync.events import Changed
from sync.record import uuid7

__all__ = ["NEW", "NotesPage"]

NEW = "new"
SIDE_BY_SIDE = 760  # of the page: a window of 1024 less the narrow rail, up to a text size of 125 %
REST_MS = 60  # a key that is held walks the list; what it rests on is opened
_WIDEST = 16777215  # Qt's own word for "no limit"


class NotesPage(QWidget):
    """Attributes: `listing`, `desk`, `keeper`; `states` of the desk; `id` of the note that is open or on its way, or ""."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context, self._ws = context, context.workspace
        self._opening: Task | None = None
        self._asked = False  # where it is narrow, the note covers the list
        self._began = False  # where there is room, the first note is opened by itself, once
        self.id = ""
        self._build()
        self._rested = QTimer(self)
        self._rested.setSingleShot(True)
        self._rested.setInterval(REST_MS)
        self._rested.timeout.connect(self._on_rested_timeout)
        for keys, act in (("Ctrl+S", self.keeper.save), ("Alt+Left", self._go_back)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        context.events.records_changed.connect(self._on_records_changed)
        self.listing.refresh(None)

    def open(self, kind: str, id: str) -> None:
        """Show a note; `NEW` begins one, an organisation begins one about it."""
        self._asked = True
        self.reading.end()
        if kind != NOTE:
            self._show(self._new_id(), new=True, about=id, writing=True)
        elif id == NEW:
            self.begin()
        else:
            self._show(id, writing=True)

    @Slot()
    def begin(self) -> None:
        """A new sheet; one that lies there empty will do."""
        self._asked = True
        paper = self.desk.paper
        if paper is not None and paper.id == self.id and paper.fresh and self.desk.is_empty:
            self._arrange()
            self.desk.begin()
        else:
            self._show(self._new_id(), new=True, writing=True)

    def keep(self) -> None:
        """Keep what is typed in the person's file, here and now: the window is about to go."""
        self.keeper.keep()

    def state(self) -> dict[str, Any]:
        touched = self.desk.is_touched
        return {"id": self.desk.paper.id if touched else self.id, "typed": self.desk.values() if touched else None, "asked": self._asked,
                "search": self.listing.typed}

    def restore(self, state: dict[str, Any]) -> None:
        self.listing.search.setText(state["search"])
        self._asked = state["asked"]
        if state["id"]:
            self._show(state["id"], typed=state["typed"])
        self._arrange()

    @property
    def side_by_side(self) -> bool:
        return self.width() >= theme.px(SIDE_BY_SIDE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def hideEvent(self, event: QHideEvent) -> None:
        """Another page comes: the note is left, so it is saved. When the whole window goes (a lock), the draft is kept as it is."""
        super().hideEvent(event)
        self.reading.end()
        if self.parentWidget() is not None and self.parentWidget().isVisible():
            self.keeper.leave()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc that nothing inside wanted goes back to the list."""
        if event.key() == Qt.Key.Key_Escape:
            self._go_back()
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        self.front = QWidget()
        body = row(self.front, gap=0)
        self.listing = ListPane(self._context)
        self.listing.chosen.connect(self._on_chosen)
        self.listing.opened.connect(self._on_opened)
        self.listing.new_requested.connect(self.begin)
        self.listing.read.connect(self._on_read)
        body.addWidget(self.listing)
        self._between = rule(upright=True)
        body.addWidget(self._between)
        account = self._context.account
        self.desk = desk = Desk(self._find, account.lock if account is not None else "phrase")
        desk.back_requested.connect(self._go_back)
        desk.history_requested.connect(self._on_history_requested)
        desk.settle_requested.connect(self._on_settle_requested)
        desk.open_requested.connect(self._on_open_requested)
        self.keeper = Keeper(self._context, desk)
        self.keeper.kept.connect(self.listing.refresh)
        self.keeper.unsaved.connect(self._on_unsaved)
        self.keeper.deleted.connect(self._on_deleted)
        self.keeper.restored.connect(self._on_restored)
        self.keeper.forgotten.connect(self._on_forgotten)
        self.states = States(desk)
        body.addWidget(self.states, 1)
        self.filing = Filing(self._context, desk)
        self.reading = Reading(self._context, desk, self.front)
        both = column(self, gap=0)
        both.addWidget(self.front, 1)
        both.addWidget(self.reading, 1)

    def _arrange(self) -> None:
        """Which of list and note are in sight, and how wide."""
        wide, px = self.side_by_side, theme.px
        bare = self.listing.is_bare and not self.id  # no note at all: one thing to say, and room to say it
        self.listing.setHidden(bare or (not wide and self._asked))
        self._between.setHidden(bare or not wide)
        self.states.setHidden(not (bare or wide or self._asked))
        self.desk.back.setVisible(not wide)
        width = min(max(round(self.width() * 0.34), px(300)), px(420)) if wide else 0
        self.listing.setMaximumWidth(width or _WIDEST)
        self.listing.setMinimumWidth(width)
        if wide:
            self._open_first()

    def _open_first(self) -> None:
        """Beside a list there is a note from the beginning, the last that was written."""
        rows = self.listing.list.rows
        if not self._began and rows.rowCount() and not self.id:
            self._began = True
            self._show(rows.row_at(0).id)

    @property
    def _is_opening(self) -> bool:
        return self._opening is not None and self._opening.state == "waiting"

    def _new_id(self) -> str:
        return uuid7(self._ws.clock(), self._ws.random)

    def _show(self, id: str, *, new: bool = False, typed: dict[str, str] | None = None, about: str = "", writing: bool = False) -> None:
        """Let a note lie open; the one before it is saved first. `writing`: the cursor goes into it."""
        self.keeper.leave()
        if self.desk.is_touched:  # it could not be saved and lies open again
            return
        if self._opening is not None:
            self._opening.cancel()
        if id != self.id:  # a file that is read stays open when its own note was only read again
            self.reading.end()
        self.id, self._began = id, True
        shown = _Shown(self, typed, about, writing=writing)
        self._opening = self._context.tasks.run(Lane.DATA, Open(self._ws, id, new=new or typed is not None), shown.take, shown.fail, owner=self)

    def show_paper(self, paper: Paper, *, writing: bool) -> None:
        """The note has come."""
        lying = self.desk.paper
        if paper.id != self.id:  # one that could not be saved lies open again
            return
        if self.desk.is_touched and lying.id == paper.id:  # it was read again, and somebody typed meanwhile
            return
        self.keeper.leave()  # what was typed while this one was on its way
        self.desk.show_paper(paper)
        self.filing.renew()
        self.states.show_content()
        self.listing.light(paper.id)
        self._arrange()
        if writing:
            self.desk.begin()

    def show_failure(self, error: Exception) -> None:
        """The note could not be opened."""
        if isinstance(error, NotFound):
            self._close()
        else:
            self.states.show_failed(str(error), self._open_again)
        self._arrange()

    def _open_again(self) -> None:
        self._show(self.id)

    def _close(self) -> None:
        self.reading.end()
        self.id, self.desk.paper, self._asked = "", None, False
        self.listing.light("")
        self._say_nothing()

    def _say_nothing(self) -> None:
        if not self.listing.is_bare:
            self.states.show_empty(t("No note is open"), t("Choose one in the list, or begin another."), icon="note")
        else:
            text = t("What was said on the phone, what to do on Monday, a number to call back. Only you can read them, also without a network,"
                     " and they follow you to each computer where you open your space.")
            self.states.show_empty(t("Notes for yourself"), text, t("Write the first note"), self.begin, icon="note")

    @Slot()
    def _on_read(self) -> None:
        if not self.id:
            self._say_nothing()
        self._arrange()

    @Slot(object, str)
    def _on_unsaved(self, paper: Paper, said: str) -> None:
        if self.desk.is_touched and self.desk.paper.id != paper.id:  # somebody writes another one: the first is a draft in the list
            self._context.notify(said)
            return
        self.id = paper.id
        if self.desk.paper is not paper or not self.desk.is_touched:
            self.desk.show_paper(paper)
        self.states.show_content()
        self.listing.light(paper.id)
        self.desk.say_problem(said)
        self._arrange()

    @Slot(str)
    def _on_deleted(self, id: str) -> None:
        if id == self.id:
            self._close()
        self.listing.refresh(None)
        self._arrange()
        self.listing.list.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(str)
    def _on_restored(self, id: str) -> None:
        self._asked = True
        self._show(id)
        self.listing.refresh(None)

    @Slot(str)
    def _on_forgotten(self, id: str) -> None:
        if id == self.id:
            self._show(id)
        self.listing.refresh()

    def _find(self, text: str, deliver: Deliver) -> None:
        AskOrganisations(self, self._ws, text, deliver).run(self._context)

    @Slot(str)
    def _on_chosen(self, _id: str) -> None:
        self._rested.start()

    @Slot()
    def _on_rested_timeout(self) -> None:
        id = self.listing.list.chosen_id()
        if id and id != self.id and self.side_by_side:
            self._show(id)

    @Slot(str)
    def _on_opened(self, id: str) -> None:
        self._asked = True
        if id == self.id and not self._is_opening:
            self._arrange()
            self.desk.begin()
        else:
            self._show(id, writing=True)

    @Slot()
    def _go_back(self) -> None:
        self.keeper.leave()
        self._asked = False
        self._arrange()
        self.listing.list.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_history_requested(self) -> None:
        self._context.navigate("history", NOTE, self.id)

    @Slot()
    def _on_settle_requested(self) -> None:
        self._context.navigate("sync_room", NOTE, self.id)

    @Slot(str)
    def _on_open_requested(self, organisation: str) -> None:
        self._context.navigate("directory", "organisation", organisation)

    @Slot(object)
    def _on_records_changed(self, changed: Changed) -> None:
        if changed.ids and NOTE not in changed.kinds:
            return
        if self.id and not self._is_opening and not self.desk.is_touched and (not changed.ids or self.id in changed.ids):
            self._show(self.id, new=self.desk.paper is not None and self.desk.paper.fresh)
        self.listing.refresh(frozenset(changed.ids) or None)


class _Shown:
    """Takes a note that was opened, with what its page had typed of it."""

    def __init__(self, page: NotesPage, typed: dict[str, str] | None, about: str, *, writing: bool) -> None:
        self._page, self._typed, self._about, self._writing = page, typed, about, writing

    def take(self, paper: Paper) -> None:
        if self._typed is not None:
            paper.typed = self._typed
        if self._about:
            paper.typed = {**(paper.typed or paper.values), "about": self._about}
        self._page.show_paper(paper, writing=self._writing)

    def fail(self, error: Exception) -> None:
        self._page.show_failure(error)
