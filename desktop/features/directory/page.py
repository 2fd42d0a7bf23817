"""The directory's page: filters over a list beside a detail, a form or the map; the one place where these meet."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.features.directory.detail import Detail
from desktop.features.directory.dossier import Dossier, concerns, read, refusal
from desktop.features.directory.drafts import NEW, Drafts
from desktop.features.directory.editor import Editor, Target
from desktop.features.directory.filters import FilterBar
from desktop.features.directory.listing_pane import ListingPane
from desktop.features.directory.map_pane import MapPane
from desktop.kit import theme
from desktop.kit.banner import Banner
from desktop.kit.buttons import Segments, button
from desktop.kit.cards import column, row, rule
from desktop.kit.states import States
from desktop.kit.tasks import Job, Lane, Task
from desktop.kit.text import Label
from desktop.kit.tokens import MARGIN, MARGIN_NARROW, NARROW
from desktop.shell.feature import Context
from i18n import Text, t, tn
from resources.listing import Left, Narrowed
from sync.errors import NotFound
from sync.events import Changed

__all__ = ["ACTION", "DirectoryPage", "VIEW"]

# What `open(kind, id)` takes besides kinds of records: a view ("list", "map") and an action ("edit").
VIEW, ACTION = "view", "action"
SIDE_BY_SIDE = 880  # of the page: a window of 1024 less the narrow rail


class DirectoryPage(QWidget):
    """List and side: the side shows a detail, a form or the map; alone, each in turn, where it is narrow."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._ws = context.workspace
        self._drafts = drafts_of(self._ws)
        self._editor: Editor | None = None
        self._task: Task | None = None
        self._open: tuple[str, str] = ("", "")  # the record in the detail
        self._side_asked = False  # a person asked for the side: where it is narrow, it covers the list
        self._banner: Banner | None = None
        self._deleted: tuple[str, str] = ("", "")

        self._build()
        self._bind_keys()
        context.events.records_changed.connect(self._on_records_changed)
        context.tasks.run(Lane.DATA, self._read_refusal, self._on_refusal_read)
        self.listing.show_list(self.filters.now, self.filters.sort)

    def open(self, kind: str, id: str) -> None:
        """Show a record; `NEW` an empty form of its kind; (VIEW, "map") the map; (ACTION, "edit") the form of what is shown."""
        if kind == VIEW:
            self._show_view(id)
        elif kind == ACTION:
            if self._open[1]:
                self._edit(Target(*self._open))
        elif id == NEW:
            self._edit(Target(kind))
        else:
            self._side_asked = True
            self._leave_editor()
            self._show_record(kind, id)

    def state(self) -> dict[str, Any]:
        editor = self._editor
        return {
            "narrowed": self.filters.now, "sort": self.filters.sort, "view": self.view.choice(), "open": self._open,
            "side": self._side_asked, "form": (editor.target, editor.draft()) if editor else None,
        }

    def restore(self, state: dict[str, Any]) -> None:
        self.filters.put(state["narrowed"], state["sort"])
        self._side_asked = state["side"]
        self._open = state["open"]
        self.view.choose(state["view"])
        self._show_view(state["view"])
        self.listing.show_list(self.filters.now, self.filters.sort, self._open[1])
        if self._open[1]:
            self._show_record(*self._open)
        if state["form"] is not None:
            self._edit(*state["form"])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    @property
    def side_by_side(self) -> bool:
        return self.width() >= theme.px(SIDE_BY_SIDE)

    def _build(self) -> None:
        body = column(self, gap=0)
        self._head = QWidget()
        self._head_body = column(self._head, gap=12)
        top = row(gap=12)
        top.addWidget(Label(t("Directory"), "page"))
        self._count = Label("", "muted")
        top.addWidget(self._count, 1)
        self.view = Segments([("list", t("List"), "list"), ("map", t("Map"), "map")], t("View"))
        self.view.chosen.connect(self._show_view)
        top.addWidget(self.view)
        self.add = button(t("Add an organisation"), self._add, kind="primary", icon="add")
        top.addWidget(self.add)
        self._head_body.addLayout(top)
        self.filters = FilterBar()
        self.filters.narrowed.connect(self._on_narrowed)
        self.filters.sorted_by.connect(self._on_sorted_by)
        self._head_body.addWidget(self.filters)
        body.addWidget(self._head)
        self._told = column(gap=0)
        body.addLayout(self._told)
        body.addWidget(rule())
        self._body = row(gap=0)
        body.addLayout(self._body, 1)
        self.listing = ListingPane(self._context)
        self.listing.counted.connect(self._on_counted)
        self.listing.chosen.connect(self._on_chosen)
        self.listing.opened.connect(self._on_opened)
        self.listing.add_requested.connect(self._add)
        self.listing.clear_requested.connect(self.filters.clear)
        self._body.addWidget(self.listing)
        self._between = rule(upright=True)
        self._body.addWidget(self._between)
        self._body.addWidget(self._make_side(), 1)

    def _make_side(self) -> QWidget:
        self._side = QWidget()
        body = column(self._side, gap=0)
        self._back_bar = QWidget()
        line = row(self._back_bar, margin=8)
        self.back = button(t("Back to the list"), self._go_back, kind="quiet", icon="back")
        line.addWidget(self.back)
        line.addStretch(1)
        body.addWidget(self._back_bar)
        self._stack = QStackedWidget()
        body.addWidget(self._stack, 1)
        self.detail = Detail()
        self.detail.edit_requested.connect(self._on_edit_requested)
        self.detail.add_requested.connect(self._on_add_requested)
        self.detail.delete_requested.connect(self._on_delete_requested)
        self.detail.settle_requested.connect(self._on_settle_requested)
        self.detail.copy_requested.connect(self._on_copy_requested)
        self._detail_states = States(self.detail)
        self._stack.addWidget(self._detail_states)
        self.map = MapPane(self._context)
        self.map.region_pressed.connect(self._on_region_pressed)
        self.map.place_pressed.connect(self._on_place_pressed)
        self._stack.addWidget(self.map)
        return self._side

    def _bind_keys(self) -> None:
        for keys, act in (("Ctrl+E", self._edit_shown), ("Alt+Left", self._go_back)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(act)

    def _arrange(self) -> None:
        """Which of list and side are in sight, and how wide."""
        wide = self.side_by_side
        mapped = self.view.choice() == "map"
        side = self._side_asked or self._editor is not None
        covered = not wide and side
        self._head.setHidden(covered)
        self.listing.setHidden(not wide and (side or mapped))
        self._side.setHidden(not wide and not (side or mapped))
        self._between.setHidden(not wide)
        self._back_bar.setHidden(not covered or self._editor is not None)
        if wide:
            self.listing.setMaximumWidth(min(max(round(self.width() * 0.38), theme.px(340)), theme.px(520)))
            self.listing.setMinimumWidth(self.listing.maximumWidth())
        else:
            self.listing.setMinimumWidth(0)
            self.listing.setMaximumWidth(16777215)
        margin = MARGIN if self.width() >= theme.px(NARROW - 208) else MARGIN_NARROW
        px = theme.px
        self._head_body.setContentsMargins(px(margin), px(16), px(margin), px(12))

    def _show_view(self, view: str) -> None:
        self.view.choose(view)
        if self._editor is None:
            self._show_side()
        if view == "map":
            self._side_asked = False
            self.map.refresh()
        self._arrange()

    def _show_side(self) -> None:
        """Let the side show what it should: form, map or detail."""
        if self._editor is not None:
            self._stack.setCurrentWidget(self._editor)
        elif self.view.choice() == "map" and not self._side_asked:
            self._stack.setCurrentWidget(self.map)
        else:
            self._stack.setCurrentWidget(self._detail_states)

    def _show_record(self, kind: str, id: str) -> None:
        if self._task is not None:
            self._task.cancel()
        self._open = (kind, id)
        self._detail_states.show_loading()
        self._show_side()
        self._arrange()
        self._task = self._context.tasks.run(Lane.DATA, _Read(self._ws, kind, id), self._on_dossier, self._on_dossier_failed)

    def _on_dossier(self, dossier: Dossier) -> None:
        kind, id = dossier.key
        self._open = (kind, id)
        self.detail.show_dossier(dossier)
        self._detail_states.show_content()
        if kind == "organisation":
            self.listing.list.choose(id)

    def _on_dossier_failed(self, error: Exception) -> None:
        if isinstance(error, NotFound):
            self._detail_states.show_empty(t("This record is no longer here"), t("It was deleted, here or elsewhere in the network."), icon="lost")
        else:
            self._detail_states.show_failed(str(error), self._read_again)

    def _read_again(self) -> None:
        self._show_record(*self._open)

    def _edit(self, target: Target, typed: dict[str, Any] | None = None) -> None:
        if self._editor is not None and self._editor.target == target:
            return
        self._leave_editor()
        self._drop_banner()
        self._editor = Editor(self._context, self._drafts, target, typed)
        self._editor.saved.connect(self._on_saved)
        self._editor.left.connect(self._on_editor_left)
        self._editor.open_requested.connect(self._on_open_requested)
        self._stack.addWidget(self._editor)
        self._show_side()
        self._arrange()

    def _leave_editor(self) -> None:
        editor, self._editor = self._editor, None
        if editor is not None:
            editor.keep()
            self._stack.removeWidget(editor)
            editor.hide()
            editor.deleteLater()

    def _close_editor(self) -> None:
        """The form is over: no draft is kept any more than it is."""
        editor, self._editor = self._editor, None
        if editor is not None:
            self._stack.removeWidget(editor)
            editor.hide()
            editor.deleteLater()
        self._show_side()
        self._arrange()

    def _add(self) -> None:
        self._edit(Target("organisation"))

    @Slot()
    def _edit_shown(self) -> None:
        self.open(ACTION, "edit")

    @Slot()
    def _go_back(self) -> None:
        if self._editor is None:
            self._side_asked = False
            self._show_side()
            self._arrange()
            self.listing.list.setFocus()

    def _read_refusal(self, _job: Job) -> Text | None:
        return refusal(self._ws, "organisation", "create")

    def _on_refusal_read(self, why: Text | None) -> None:
        self.add.setVisible(why is None)

    @Slot(object)
    def _on_counted(self, left: Left) -> None:
        self._count.setText(tn("{n} organisation", "{n} organisations", left.total))
        self.filters.show_left(left)
        self.map.show_counts(left.regions, self.filters.now.regions)
        if not self._open[1] and self.side_by_side and left.total:
            first = self.listing.first_id()
            if first and self._editor is None:
                self._show_record("organisation", first)
        elif not left.total and not self._open[1]:
            self._detail_states.show_empty(t("Nothing to show"), "", icon="detail")

    @Slot(object)
    def _on_narrowed(self, narrowed: Narrowed) -> None:
        self._drop_banner()
        self.listing.show_list(narrowed, self.filters.sort)

    @Slot(str)
    def _on_sorted_by(self, sort: str) -> None:
        self.listing.show_list(self.filters.now, sort)

    @Slot(str)
    def _on_chosen(self, id: str) -> None:
        if self.side_by_side and self._editor is None and self.view.choice() == "list":
            self._show_record("organisation", id)
        elif self.side_by_side:
            self._open = ("organisation", id)

    @Slot(str)
    def _on_opened(self, id: str) -> None:
        self._leave_editor()
        self._side_asked = True
        self.view.choose("list")
        self._show_record("organisation", id)

    @Slot(str, str)
    def _on_edit_requested(self, kind: str, id: str) -> None:
        self._edit(Target(kind, id))

    @Slot(str)
    def _on_add_requested(self, kind: str) -> None:
        self._edit(Target(kind, "", self._open[1]))

    @Slot(str, str)
    def _on_open_requested(self, kind: str, id: str) -> None:
        self.open(kind, id)

    @Slot(str)
    def _on_region_pressed(self, code: str) -> None:
        if code:
            self.filters.toggle("region", code)

    @Slot(str)
    def _on_place_pressed(self, id: str) -> None:
        self.open("place", id)

    @Slot()
    def _on_settle_requested(self) -> None:
        self._context.navigate("sync_room", *self._open)

    @Slot(str)
    def _on_copy_requested(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._context.notify(t("Copied: {text}", text=text))

    @Slot(str, str)
    def _on_saved(self, kind: str, id: str) -> None:
        self._close_editor()
        self._context.notify(t("Saved on this PC"))
        if kind in ("organisation", "place") and not (kind == "place" and self._open[0] == "organisation"):
            self._side_asked = True
            self._show_record(kind, id)
        elif self._open[1]:
            self._show_record(*self._open)

    @Slot()
    def _on_editor_left(self) -> None:
        self._close_editor()

    @Slot(str, str)
    def _on_delete_requested(self, kind: str, id: str) -> None:
        self._context.tasks.run(Lane.DATA, _Delete(self._ws, kind, id), self._on_deleted, self._on_delete_failed)

    def _on_deleted(self, gone: tuple[str, str, str, bool]) -> None:
        kind, id, title, final = gone
        self._deleted = (kind, id)
        words = t("“{name}” is deleted.", name=title)
        self._tell(Banner(words, icon="delete") if final else Banner(words, icon="delete", action=t("Undo"), on_action=self._undo))
        if (kind, id) == self._open:
            self._open = ("", "")
            self._side_asked = False
            self._detail_states.show_empty(words, icon="delete")
            self._show_side()
            self._arrange()

    def _on_delete_failed(self, error: Exception) -> None:
        self._tell(Banner(str(error), tone="problem"))

    def _undo(self) -> None:
        self._context.tasks.run(Lane.DATA, _Restore(self._ws, *self._deleted), self._on_restored, self._on_delete_failed)

    def _on_restored(self, back: tuple[str, str]) -> None:
        self._drop_banner()
        self._context.notify(t("It is back"))
        if back[0] == "organisation" or not self._open[1]:
            self._show_record(*back)

    def _tell(self, banner: Banner) -> None:
        self._drop_banner()
        self._banner = banner
        holder = QWidget()
        body = column(holder)
        body.setContentsMargins(theme.px(16), 0, theme.px(16), theme.px(12))
        body.addWidget(banner)
        self._told.addWidget(holder)

    def _drop_banner(self) -> None:
        if self._banner is not None:
            holder = self._banner.parentWidget()
            self._told.removeWidget(holder)
            holder.hide()
            holder.deleteLater()
            self._banner = None

    @Slot(object)
    def _on_records_changed(self, changed: Changed) -> None:
        self.listing.refresh(changed)
        if self.view.choice() == "map" and "place" in changed.kinds:
            self.map.refresh()
        if self.detail.dossier is not None and self.detail.dossier.key == self._open:
            self._context.tasks.run(Lane.DATA, _Again(self._ws, self.detail.dossier, changed), self._on_again, self._on_dossier_failed)

    def _on_again(self, dossier: Dossier | None) -> None:
        if dossier is not None and dossier.key == self._open:
            self.detail.show_dossier(dossier)
            self._detail_states.show_content()


class _Read:
    """Reads a record; a project or contact is shown with its organisation."""

    def __init__(self, ws: Any, kind: str, id: str) -> None:
        self._ws, self._kind, self._id = ws, kind, id

    def __call__(self, _job: Job) -> Dossier:
        if self._kind in ("project", "contact"):
            owner = self._ws.get(self._kind, self._id)["organisation"]
            if owner and self._ws.by_ids("organisation", [owner]):
                return read(self._ws, "organisation", owner)
        return read(self._ws, self._kind, self._id)


class _Again:
    """Reads what is shown once more if it is concerned by what changed."""

    def __init__(self, ws: Any, shown: Dossier, changed: Changed) -> None:
        self._ws, self._shown, self._changed = ws, shown, changed

    def __call__(self, _job: Job) -> Dossier | None:
        return read(self._ws, *self._shown.key) if concerns(self._ws, self._shown, self._changed) else None


class _Delete:
    def __init__(self, ws: Any, kind: str, id: str) -> None:
        self._ws, self._kind, self._id = ws, kind, id

    def __call__(self, _job: Job) -> tuple[str, str, str, bool]:
        record = self._ws.get(self._kind, self._id)
        self._ws.delete(self._kind, self._id)
        return self._kind, self._id, record.title, record.kind.final


class _Restore:
    def __init__(self, ws: Any, kind: str, id: str) -> None:
        self._ws, self._kind, self._id = ws, kind, id

    def __call__(self, _job: Job) -> tuple[str, str]:
        self._ws.restore(self._kind, self._id)
        return self._kind, self._id


_drafts: dict[int, tuple[Any, Drafts]] = {}


def drafts_of(workspace: Any) -> Drafts:
    """The drafts of a workspace: the same ones for every page that is made while the app runs."""
    known = _drafts.get(id(workspace))
    if known is None or known[0] is not workspace:
        known = _drafts[id(workspace)] = (workspace, Drafts(workspace))
    return known[1]


