"""The directory's page: filters over a list, with a side for detail, form and map; the one place where these meet."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QWidget

from desktop.features.directory.deleted_bar import DeletedBar
from desktop.features.directory.drafts import NEW
from desktop.features.directory.filters import FilterBar
from desktop.features.directory.listing_pane import ListingPane
from desktop.features.directory.saving import Target
from desktop.features.directory.side import Side
from desktop.kit import theme
from desktop.kit.buttons import Segments, button
from desktop.kit.cards import column, row, rule
from desktop.kit.tasks import Job, Lane
from desktop.kit.text import Label
from desktop.kit.tokens import MARGIN, MARGIN_NARROW, NARROW
from desktop.shell.feature import Context
from i18n import Text, t, tn
from resources.listing import Left, Narrowed
from resources.rights import refusal
from sync.events import Changed

__all__ = ["ACTION", "VIEW", "DirectoryPage"]

# What `open(kind, id)` takes besides kinds of records: a view ("list", "map") and an action ("edit").
VIEW, ACTION = "view", "action"
SIDE_BY_SIDE = 880  # of the page: a window of 1024 less the narrow rail
REST_MS = 60
_WIDEST = 16777215  # Qt's own word for "no limit"


class DirectoryPage(QWidget):
    """List and side; where it is narrow, each in turn."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._side_asked = False  # a person asked for the side: where it is narrow, it covers the list
        self._nothing = False  # there is no organisation at all
        self._build()
        self._rested = QTimer(self)  # a key that is held walks the list; what it rests on is shown
        self._rested.setSingleShot(True)
        self._rested.setInterval(REST_MS)
        self._rested.timeout.connect(self._on_rested_timeout)
        for keys, act in (("Ctrl+E", self._edit_shown), ("Alt+Left", self._go_back)):
            QShortcut(QKeySequence(keys), self).activated.connect(act)
        context.events.records_changed.connect(self._on_records_changed)
        context.tasks.run(Lane.DATA, self._read_refusal, self._on_refusal_read)
        self.listing.show_list(self.filters.now, self.filters.sort)

    def open(self, kind: str, id: str) -> None:
        """Show a record; `NEW` an empty form of its kind; (VIEW, "map") the map; (ACTION, "edit") the form of what is shown."""
        if kind == VIEW:
            self._show_view(id)
        elif kind == ACTION:
            if self.side.record[1]:
                self.side.edit(Target(*self.side.record))
        elif id == NEW:
            self.side.edit(Target(kind))
        else:
            self.side.leave_form()
            self._show_record(kind, id)

    def state(self) -> dict[str, Any]:
        editor = self.side.editor
        return {
            "narrowed": self.filters.now, "sort": self.filters.sort, "view": self.view.choice(), "open": self.side.record,
            "side": self._side_asked, "form": (editor.target, editor.draft()) if editor else None,
        }

    def keep(self) -> None:
        """Keep the draft of the form that is open."""
        if self.side.editor is not None:
            self.side.editor.keep()

    def restore(self, state: dict[str, Any]) -> None:
        self.filters.put(state["narrowed"], state["sort"])
        self._show_view(state["view"])
        self.listing.show_list(self.filters.now, self.filters.sort, state["open"][1])
        if state["open"][1]:
            self.side.show_record(*state["open"])
        if state["form"] is not None:
            self.side.edit(*state["form"])
        self._side_asked = state["side"]
        self._arrange()

    @property
    def side_by_side(self) -> bool:
        return self.width() >= theme.px(SIDE_BY_SIDE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc that nothing inside wanted goes back to the list."""
        if event.key() == Qt.Key.Key_Escape:
            self._go_back()
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        body = column(self, gap=0)
        body.addWidget(self._make_head())
        self.deleted = DeletedBar(self._context)
        self.deleted.deleted.connect(self._on_deleted)
        self.deleted.restored.connect(self._on_restored)
        body.addWidget(self.deleted)
        body.addWidget(rule())
        both = row(gap=0)
        body.addLayout(both, 1)
        self.listing = ListingPane(self._context)
        self.listing.counted.connect(self._on_counted)
        self.listing.chosen.connect(self._on_chosen)
        self.listing.opened.connect(self._on_opened)
        self.listing.add_requested.connect(self._add)
        self.listing.clear_requested.connect(self.filters.clear)
        both.addWidget(self.listing)
        self._between = rule(upright=True)
        both.addWidget(self._between)
        both.addWidget(self._make_side(), 1)

    def _make_head(self) -> QWidget:
        self._head = QWidget()
        self._head_body = column(self._head, gap=12)
        top = row(gap=12)
        top.addWidget(Label(t("Directory"), "page"))
        self._count = Label("", "muted")
        top.addWidget(self._count)
        top.addStretch(1)
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
        return self._head

    def _make_side(self) -> Side:
        self.side = side = Side(self._context)
        side.shown.connect(self._on_shown)
        side.edited.connect(self._on_edited)
        side.saved.connect(self._on_saved)
        side.back_requested.connect(self._go_back)
        side.open_requested.connect(self.open)
        side.detail.delete_requested.connect(self.deleted.delete)
        side.detail.settle_requested.connect(self._on_settle_requested)
        side.detail.copy_requested.connect(self._on_copy_requested)
        side.detail.history_requested.connect(self._on_history_requested)
        side.map.region_pressed.connect(self._on_region_pressed)
        side.map.place_pressed.connect(self._on_place_pressed)
        return side

    def _arrange(self) -> None:
        """Which of list and side are in sight, and how wide."""
        wide, mapped, px = self.side_by_side, self.view.choice() == "map", theme.px
        editing = self.side.editor is not None
        asked = self._side_asked or editing
        bare = self._nothing and not asked  # an empty directory has one thing to say, and room to say it
        for part in (self.filters, self.view, self._count):
            part.setHidden(bare)
        self._head.setHidden(asked and not wide)
        self.listing.setHidden(not bare and not wide and (asked or mapped))
        self.side.setHidden(bare or not (wide or asked or mapped))
        self._between.setHidden(bare or not wide)
        self.side.show_back(shown=asked and not wide and not editing)
        self.side.show_map(shown=mapped and not self._side_asked)
        width = min(max(round(self.width() * 0.38), px(340)), px(520)) if wide and not bare else 0
        self.listing.setMaximumWidth(width or _WIDEST)
        self.listing.setMinimumWidth(width)
        margin = MARGIN if self.width() >= px(NARROW - 208) else MARGIN_NARROW
        self._head_body.setContentsMargins(px(margin), px(16), px(margin), px(12))
        if wide and not editing and not mapped:
            self._show_first()

    def _show_first(self) -> None:
        """Beside a list there is always a record, the first if nobody chose one."""
        first = self.listing.first_id()
        if first and not self.side.record[1] and not self.deleted.words:
            self.side.show_record("organisation", first)

    @Slot(str)
    def _show_view(self, view: str) -> None:
        self.view.choose(view)
        self._side_asked = False
        if view == "map":
            self.side.map.refresh()
        self._arrange()

    def _show_record(self, kind: str, id: str) -> None:
        """Show a record because a person asked for it."""
        self._side_asked = True
        self.view.choose("list")
        self.side.show_record(kind, id)
        self._arrange()

    def _add(self) -> None:
        self.side.edit(Target("organisation"))

    @Slot()
    def _edit_shown(self) -> None:
        self.open(ACTION, "edit")

    @Slot()
    def _go_back(self) -> None:
        if self.side.editor is None:
            self._side_asked = False
            self._arrange()
            self.listing.list.setFocus()

    def _read_refusal(self, _job: Job) -> Text | None:
        return refusal(self._context.workspace, "organisation", "create")

    def _on_refusal_read(self, why: Text | None) -> None:
        self.add.setVisible(why is None)

    @Slot(object)
    def _on_counted(self, left: Left) -> None:
        self._count.setText(tn("{n} organisation", "{n} organisations", left.total))
        self.filters.show_left(left)
        self.side.map.show_counts(left.regions, self.filters.now.regions)
        self._nothing = not left.total and self.filters.now.is_empty
        if not left.total and not self.side.record[1]:
            self.side.show_nothing(t("Nothing to show"))
        self._arrange()

    @Slot(object)
    def _on_narrowed(self, narrowed: Narrowed) -> None:
        self.deleted.clear()
        self.listing.show_list(narrowed, self.filters.sort)

    @Slot(str)
    def _on_sorted_by(self, sort: str) -> None:
        self.listing.show_list(self.filters.now, sort)

    @Slot(str)
    def _on_chosen(self, _id: str) -> None:
        self._rested.start()

    @Slot()
    def _on_rested_timeout(self) -> None:
        id = self.listing.list.chosen_id()
        if id and ("organisation", id) != self.side.record and self.side_by_side and self.side.editor is None and self.view.choice() == "list":
            self.side.show_record("organisation", id)

    @Slot(str)
    def _on_opened(self, id: str) -> None:
        self.side.leave_form()
        self._show_record("organisation", id)

    @Slot(str, str)
    def _on_shown(self, kind: str, id: str) -> None:
        if kind == "organisation":
            self.listing.list.choose(id)

    @Slot()
    def _on_edited(self) -> None:
        if self.side.editor is not None:
            self.deleted.clear()
        self._arrange()

    @Slot(str, str)
    def _on_saved(self, kind: str, id: str) -> None:
        self._context.notify(t("Saved on this PC"))
        beside = kind != "organisation" and self.side.record[0] == "organisation"
        if beside:  # what belongs to an organisation is shown with it
            self.side.show_record(*self.side.record)
        else:
            self._show_record(kind, id)

    @Slot(str)
    def _on_region_pressed(self, code: str) -> None:
        if code:
            self.filters.toggle("region", code)

    @Slot(str)
    def _on_place_pressed(self, id: str) -> None:
        self.open("place", id)

    @Slot()
    def _on_settle_requested(self) -> None:
        self._context.navigate("sync_room", *self.side.record)

    @Slot(str, str)
    def _on_history_requested(self, kind: str, id: str) -> None:
        self._context.navigate("history", kind, id)

    @Slot(str)
    def _on_copy_requested(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._context.notify(t("Copied: {text}", text=text))

    @Slot(str, str)
    def _on_deleted(self, kind: str, id: str) -> None:
        if (kind, id) == self.side.record:
            self._side_asked = False
            self.side.show_nothing(self.deleted.words, "delete")
            self._arrange()

    @Slot(str, str)
    def _on_restored(self, kind: str, id: str) -> None:
        if kind == "organisation" or not self.side.record[1]:
            self.side.show_record(kind, id)

    @Slot(object)
    def _on_records_changed(self, changed: Changed) -> None:
        self.listing.refresh(changed)
        self.side.refresh(changed)
        if not changed.ids:
            self._context.tasks.run(Lane.DATA, self._read_refusal, self._on_refusal_read)
