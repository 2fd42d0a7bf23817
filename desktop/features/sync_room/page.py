"""The page of the sync room: it brings what was read to the widgets and what a person decides to the data lane."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from desktop.features.sync_room import acts
from desktop.features.sync_room.conflict_card import ConflictCard
from desktop.features.sync_room.deciding import Act, BringBack, SaveAgainLater
from desktop.features.sync_room.errand_card import RefusedCard, WaitingCard
from desktop.features.sync_room.lists import Lists
from desktop.features.sync_room.snapshot import Dispute, Errand, Room, read
from desktop.features.sync_room.standing import Standing
from desktop.features.sync_room.stick import Stick
from desktop.features.sync_room.tabs import TABS, Tabs
from desktop.kit import theme
from desktop.kit.cards import column, row
from desktop.kit.states import States
from desktop.kit.tasks import Job, Lane
from desktop.shell.feature import Context
from desktop.shell.join_form import JoinForm
from i18n import t
from sync.errors import Failure, Invalid

__all__ = ["SyncRoom"]

TOGETHER = 120  # ms in which several changes are read once
UNDO = 8_000  # ms in which throwing away can be undone
_HOMES = {"item": "library", "collection": "library", "note": "notes"}  # where a kind is shown; the others in the directory


class SyncRoom(QWidget):
    """What needs you, what waits, what became of your work.

    Attributes: `standing`, `lists`, `tabs`, `join_form`, `room` (what is shown, None before the first reading).
    """

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._ws = context.workspace
        self.room: Room | None = None
        self._reading = self._again = False
        self._wanted = ("", "")
        self._thrown: dict[str, QTimer] = {}
        self._join_form: JoinForm | None = None
        self._build()
        self._soon = QTimer(self, singleShot=True, interval=TOGETHER)
        self._soon.timeout.connect(self._load)
        context.events.records_changed.connect(self._on_records_changed)
        context.events.sync_changed.connect(self._on_sync_changed)
        if context.syncer is not None:
            context.syncer.changed.connect(self._on_syncer_changed)
            context.syncer.ended.connect(self._on_syncer_ended)
        self.lists.show_loading()
        self._load()

    def open(self, kind: str, id: str) -> None:
        """Show what is to be settled of that record."""
        self._wanted = (kind, id)
        self._choose("settle")
        self._go_to_wanted()

    def state(self) -> dict[str, Any]:
        """The list in sight, what has been begun in its cards, and in the form."""
        joining = self._join_form.form.values() if self._join_form is not None else None
        return {"tab": self.tabs.choice(), "join": joining, "thrown": list(self._thrown),
                "typed": {key: typed for key, cards in self.lists.cards.items() if (typed := cards.typed())}}

    def restore(self, state: dict[str, Any]) -> None:
        """Stand up again."""
        self._chosen = True
        self._choose(state["tab"])
        if state["join"] is not None:
            self.join_form.form.restore_draft(state["join"])
        for key, typed in state["typed"].items():
            self.lists.states(key)
            self.lists.cards[key].restore(typed)
        for change in state["thrown"]:
            self._throw(change)

    def _build(self) -> None:
        self._chosen = False
        whole = QWidget()
        body = column(whole, gap=16)
        self.standing = Standing(self._context)
        self.standing.sync_requested.connect(self._on_sync_requested)
        self.standing.stop_requested.connect(self._on_stop_requested)
        self.standing.nearby_requested.connect(self._context.navigate)
        body.addWidget(self.standing)
        self.stick = Stick(self._context)
        body.addWidget(self.stick)
        self._below = QStackedWidget()
        under = column(lists := QWidget(), gap=12)
        bar = row(gap=0)
        bar.setContentsMargins(theme.px(24), 0, theme.px(24), 0)
        self.tabs = Tabs("settle")
        self.tabs.chosen.connect(self._on_tabs_chosen)
        bar.addWidget(self.tabs)
        bar.addStretch(1)
        under.addLayout(bar)
        self.lists = Lists(self._make_dispute, self._make_waiting, self._make_refused)
        self.lists.deserted.connect(self._on_cards_deserted)
        self.lists.slices.ended.connect(self._go_to_wanted)
        self.lists.log_opened.connect(self._on_accepted_opened)
        under.addWidget(self.lists, 1)
        self._below.addWidget(lists)
        body.addWidget(self._below, 1)
        self.stick.takes_the_place_of(self._below)
        self._states = States(whole)
        column(self, gap=0).addWidget(self._states)

    @property
    def join_form(self) -> JoinForm:
        """The form of those who have not joined, made when it is first needed."""
        if self._join_form is None:
            self._join_form = JoinForm(self._context)
            self._join_form.form.hide_cancel()
            self._join_form.joined.connect(self._load)
            self._join_form.failed.connect(self._load)  # the code may have been taken before the connection was cut
            self._below.addWidget(self._join_form)
        return self._join_form

    # reading

    @Slot()
    def _load(self) -> None:
        if self._reading:
            self._again = True
            return
        self._reading = True
        self._context.tasks.run(Lane.DATA, self._read, self._on_read, self._on_read_failed)

    def _read(self, _job: Job) -> Room:
        return read(self._ws)

    def _on_read(self, room: Room) -> None:
        self._reading = False
        self.room = room
        self._show()
        if self._again:
            self._again = False
            self._soon.start()

    def _on_read_failed(self, error: Exception) -> None:
        self._reading = False
        if not isinstance(error, Failure):
            raise error
        self.lists.show_failed(str(error), self._load)

    def _show(self) -> None:
        room = self.room
        if room is None:
            return
        if room.guest:
            self._states.show_no_rights(
                t("A guest reads and leaves nothing behind, so there is nothing to exchange. Choose your name first to take part.")
            )
            return
        self._states.show_content()
        self._show_standing()
        self._below.setCurrentWidget(self._below.widget(0) if room.is_known else self.join_form)
        hidden = frozenset(self._thrown)
        self.lists.show_room(room, hidden)
        refused = sum(one.key not in hidden for one in room.refused)
        counts = {"settle": len(room.disputes), "waiting": len(room.waiting), "refused": refused}
        self.tabs.show_counts(counts)
        if not self._chosen:  # the first list that needs somebody
            self._chosen = True
            needs = counts | {"settle": room.mine_to_settle}
            self._choose(next((key for key in ("settle", "refused", "waiting") if needs[key]), "settle"))
        self._go_to_wanted()

    def _show_standing(self) -> None:
        if self.room is not None and not self.room.guest:
            self.standing.show_room(self.room, self._context.syncer)

    @Slot()
    def _go_to_wanted(self) -> None:
        _, id = self._wanted
        if id and "settle" in self.lists.cards and self.lists.cards["settle"].focus_key(id):
            self._wanted = ("", "")

    def _choose(self, key: str) -> None:
        self.tabs.choose(key if key in TABS else "settle")
        self.lists.choose(self.tabs.choice())

    # cards

    def _make_dispute(self, dispute: Dispute) -> ConflictCard:
        card = ConflictCard(dispute, self._ws.kinds[dispute.kind], self.room.now)
        card.keep_requested.connect(self._on_keep_requested)
        card.write_requested.connect(self._on_write_requested)
        card.open_requested.connect(self._on_open_requested)
        return card

    def _make_waiting(self, errand: Errand) -> WaitingCard:
        card = WaitingCard(errand, self.room.now)
        card.take_back_requested.connect(self._on_take_back_requested)
        card.open_requested.connect(self._on_open_requested)
        return card

    def _make_refused(self, errand: Errand) -> RefusedCard:
        card = RefusedCard(errand, self._ws.kinds[errand.kind], self.room.now)
        card.resend_requested.connect(self._on_resend_requested)
        card.throw_away_requested.connect(self._on_throw_away_requested)
        card.open_requested.connect(self._on_open_requested)
        return card

    # what a person decides

    @Slot(object, int)
    def _on_keep_requested(self, dispute: Dispute, place: int) -> None:
        voice = dispute.voices[place]
        if dispute.is_life:
            told = t("{name}: deleted.", name=dispute.title) if voice.value == "deleted" else t("{name}: kept.", name=dispute.title)
        else:
            told = t("{name}, {field}: kept “{value}”.", name=dispute.title, field=dispute.label, value=_short(voice.words))
        Act(self, acts.Settle(self._ws, dispute, place), told, self.sender()).run(self._context)

    @Slot(object, object)
    def _on_write_requested(self, dispute: Dispute, value: Any) -> None:
        told = t("{name}, {field}: what you wrote is kept.", name=dispute.title, field=dispute.label)
        Act(self, acts.Settle(self._ws, dispute, value=value), told, self.sender()).run(self._context)

    @Slot(object)
    def _on_take_back_requested(self, errand: Errand) -> None:
        Act(self, acts.TakeBack(self._ws, errand), t("Taken back: {name}.", name=errand.title), self.sender()).run(self._context)

    @Slot(object, object)
    def _on_resend_requested(self, errand: Errand, values: dict[str, Any]) -> None:
        told = t("{name} waits again and leaves with the next exchange.", name=errand.title)
        Act(self, acts.Resend(self._ws, errand, values), told, self.sender()).run(self._context)

    @Slot(object)
    def _on_throw_away_requested(self, errand: Errand) -> None:
        self._throw(errand.change)
        self._show()
        undo = BringBack(self, errand.change)
        self._context.notify(t("Thrown away: {name}.", name=errand.title), t("Undo"), undo)

    def _throw(self, change: str) -> None:
        """Forget it after a while: until then it is only out of sight, and a crash or Undo brings it back."""
        timer = QTimer(self, singleShot=True, interval=UNDO)
        timer.setObjectName(change)
        timer.timeout.connect(self._on_throw_due)
        self._thrown[change] = timer
        timer.start()

    def bring_back(self, change: str) -> None:
        """Undo a throwing away."""
        timer = self._thrown.pop(change, None)
        if timer is not None:
            timer.stop()
            timer.deleteLater()
            self._show()

    @Slot()
    def _on_throw_due(self) -> None:
        change = self.sender().objectName()
        if change in self._thrown:
            Act(self, acts.ThrowAway(self._ws, change), "", None).run(self._context)

    @Slot(str, str)
    def _on_open_requested(self, kind: str, id: str) -> None:
        self._context.navigate(_HOMES.get(kind, "directory"), kind, id)

    @Slot(str)
    def _on_accepted_opened(self, change: str) -> None:
        errand = next((one for one in self.room.accepted if one.key == change), None)
        if errand is not None and errand.here:
            self._on_open_requested(errand.kind, errand.id)

    # what happens elsewhere

    def told(self, act: Act, outcome: Any) -> None:
        """An act has succeeded."""
        if isinstance(outcome, acts.SaveAgain):
            self._context.notify(act.words, t("Undo"), SaveAgainLater(self, outcome))
        elif act.words:
            self._context.notify(act.words)
        if isinstance(act.work, acts.ThrowAway):
            self._thrown.pop(act.work.change, None)
        self._load()

    def refused(self, act: Act, error: Exception) -> None:
        """An act has failed: say so where it was begun."""
        if not isinstance(error, Failure):
            raise error
        card = act.card
        if isinstance(error, Invalid) and isinstance(card, RefusedCard):
            card.show_problems({one.path: str(one.message) for one in error.problems} or {"": str(error)})
        elif isinstance(card, RefusedCard):
            card.show_problems({"": str(error)})
        elif isinstance(card, ConflictCard):
            card.show_problem(str(error.problems[0].message) if isinstance(error, Invalid) and error.problems else str(error))
        if not isinstance(error, Invalid):
            self._context.notify(str(error))
        self._load()

    def save_again(self, work: acts.SaveAgain) -> None:
        """Undo a taking back."""
        Act(self, work, t("Saved again: {name}.", name=work.errand.title), None).run(self._context)

    @Slot(object)
    def _on_records_changed(self, _changed: object) -> None:
        self._soon.start()

    @Slot()
    def _on_sync_changed(self) -> None:
        self._soon.start()

    @Slot()
    def _on_syncer_changed(self) -> None:
        self._show_standing()
        if not self._context.syncer.running:
            self._soon.start()

    @Slot(object)
    def _on_syncer_ended(self, report: Any) -> None:
        self.standing.show_set_aside(report.set_aside)

    @Slot(str)
    def _on_tabs_chosen(self, key: str) -> None:
        self._chosen = True
        self._choose(key)

    @Slot()
    def _on_cards_deserted(self) -> None:
        now = QApplication.focusWidget()
        if now is None or not now.isVisible() or now is self:
            self.tabs.focus_chosen()

    @Slot()
    def _on_sync_requested(self) -> None:
        if self._context.syncer is not None:
            self._context.syncer.start()

    @Slot()
    def _on_stop_requested(self) -> None:
        if self._context.syncer is not None:
            self._context.syncer.stop()


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 48 else line[:46].rstrip() + "…"
