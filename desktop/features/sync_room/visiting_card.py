"""The card by which one goes to another computer: who shares nearby, an address by hand, how far a visit is; knows no record."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QProgressBar, QWidget

from desktop.kit.banner import Banner
from desktop.kit.buttons import button
from desktop.kit.cards import Card, IconLabel, column, row
from desktop.kit.text import Label, Paragraph, keep_ltr
from desktop.shell.meeting import Meeting
from i18n import t, tn
from i18n.values import size
from sync.errors import Invalid
from sync.relay.local import Address, read_address
from sync.relay.nearby import Neighbour
from sync.relay.visiting import Step, Visited

__all__ = ["VisitingCard"]


class VisitingCard(Card):
    """Go to another computer. Signals: `look_requested()`, `visit_requested(address, name)`, `stop_requested()`."""

    look_requested = Signal()
    visit_requested = Signal(object, str)
    stop_requested = Signal()

    def __init__(self) -> None:
        super().__init__(t("Go to another computer"), icon="computer")
        self.look = button(t("Look around"), self.look_requested.emit, icon="search")
        self.body.addWidget(self.look, 0, Qt.AlignmentFlag.AlignLeading)
        self.seen = Paragraph("", "muted")
        self.body.addWidget(self.seen)
        self._list = QWidget()
        self._rows = column(self._list, gap=8)
        self.body.addWidget(self._list)
        self.go_buttons: list[QWidget] = []
        self._shown: list[Neighbour] | None = None
        self._typing = QWidget()
        typing = column(self._typing, gap=6)
        typing.addWidget(Label(t("Address that the other computer shows"), "label"))
        line = row(gap=12)
        self.typed = QLineEdit()
        self.typed.setAccessibleName(t("Address that the other computer shows"))
        self.typed.setPlaceholderText("192.168.1.20:47825")
        self.typed.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.typed.returnPressed.connect(self._go_to_typed)
        line.addWidget(self.typed, 1)
        self.go = button(t("Exchange"), self._go_to_typed, icon="sync")
        line.addWidget(self.go)
        typing.addLayout(line)
        self.wrong = Paragraph("", "problem")
        self.wrong.hide()
        typing.addWidget(self.wrong)
        self.body.addWidget(self._typing)
        self._going = QWidget()
        going = column(self._going, gap=6)
        self.headline = Label("", "label", wrap=True)
        going.addWidget(self.headline)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(t("How far the exchange with the other computer is"))
        going.addWidget(self.bar)
        foot = row(gap=12)
        self.moved = Label("", "small")
        foot.addWidget(self.moved, 1)
        self.stop = button(t("Stop"), self.stop_requested.emit, icon="stop", name=t("Stop; what is not sent yet waits"))
        foot.addWidget(self.stop)
        going.addLayout(foot)
        self.body.insertWidget(1, self._going)  # what goes on stands before what could be begun
        self._going.hide()
        self._told: Banner | None = None

    def show_meeting(self, meeting: Meeting) -> None:
        """Show how things stand."""
        busy = bool(meeting.visiting)
        self.look.setVisible(not meeting.looking)
        self._show_list(meeting)
        self._typing.setVisible(not busy)
        had_focus = self.isAncestorOf(self.window().focusWidget()) if self.window().focusWidget() is not None else False
        turned = self._going.isHidden() == busy
        self._going.setVisible(busy)
        if busy:
            self.headline.setText(t("Exchanging with {name}…", name=meeting.visiting))
            self._show_step(meeting.step)
        if had_focus and turned:
            (self.stop if busy else self.typed).setFocus(Qt.FocusReason.OtherFocusReason)
        self._tell(meeting)

    def _show_list(self, meeting: Meeting) -> None:
        found = meeting.neighbours()
        self.seen.setVisible(meeting.looking and not found)
        self.seen.setText(t("Nobody is seen yet. On the other computer, choose “Share here”; both must be on the same Wi-Fi or cable."))
        if found != self._shown:
            self._shown = found
            self.go_buttons = []
            while (item := self._rows.takeAt(0)) is not None:
                item.widget().hide()
                item.widget().deleteLater()
            for one in found:
                self._rows.addWidget(self._row(one, meeting.name_of(one)))
        self._list.setVisible(bool(found))
        for each in self.go_buttons:
            each.setEnabled(not meeting.visiting)

    def _row(self, one: Neighbour, name: str) -> QWidget:
        made = Card(margin=12)
        made.setAccessibleName(name)
        line = row(gap=12)
        line.addWidget(IconLabel("computer", "accent" if one.ours else "muted", 24))
        words = column(gap=0)
        words.addWidget(Label(name, "label", wrap=True))
        address = keep_ltr(one.address.url.removeprefix("http://"))
        words.addWidget(Label(address if one.ours else t("Of another network: nothing can be exchanged with it."), "small", wrap=True))
        line.addLayout(words, 1)
        if one.ours:
            go = button(t("Exchange"), _Go(self, one.address, name).call, icon="sync", name=t("Exchange with {name}", name=name))
            self.go_buttons.append(go)
            line.addWidget(go)
        made.body.addLayout(line)
        return made

    def _show_step(self, step: Step) -> None:
        done, total = (step.file_bytes, step.file_bytes_total) if step.file_bytes_total else (step.done, step.total)
        self.bar.setRange(0, 1000 if total else 0)
        if total:
            self.bar.setValue(min(1000, done * 1000 // total))
        said = t("files: {done} of {total}", done=size(done), total=size(total)) if step.file_bytes_total else t(
            "Records: {done} of {total}", done=done, total=total)
        self.moved.setText(said + " · " + t("{up} up, {down} down", up=size(step.bytes_up), down=size(step.bytes_down)))

    def _tell(self, meeting: Meeting) -> None:
        words, tone = "", "good"
        if meeting.failure is not None:
            words, tone = str(meeting.failure), "attention"
        elif meeting.met is not None:
            words = t("Done with {name}: {what}.", name=meeting.met.name, what=_what(meeting.met))
            if meeting.met.set_aside:
                words, tone = "\n".join([words, *map(str, meeting.met.set_aside)]), "attention"
        if self._told is not None and self._told.accessibleName() == words:
            return
        if self._told is not None:
            self._told.hide()
            self._told.deleteLater()
            self._told = None
        if words:
            self._told = Banner(words, tone=tone)
            self.body.insertWidget(1, self._told)

    def _go_to_typed(self) -> None:
        typed = self.typed.text()
        try:
            address = read_address(typed)
        except Invalid as failure:
            self.wrong.setText(str(failure))
            self.wrong.show()
            self.typed.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.wrong.hide()
        self.visit_requested.emit(address, address.url.removeprefix("http://"))


class _Go:
    """A visit to one of the list, as a button wants it."""

    def __init__(self, card: VisitingCard, address: Address, name: str) -> None:
        self._card, self._address, self._name = card, address, name

    def call(self) -> None:
        self._card.visit_requested.emit(self._address, self._name)


def _what(met: Visited) -> str:
    """What a visit did, in numbers."""
    parts = []
    if met.received:
        parts.append(tn("{n} change received", "{n} changes received", met.received))
    if met.sealed + met.parcels:
        parts.append(tn("{n} sealed piece taken along", "{n} sealed pieces taken along", met.sealed + met.parcels))
    if met.given:
        parts.append(tn("{n} piece given", "{n} pieces given", met.given))
    if met.files + met.files_given:
        parts.append(tn("{n} file moved", "{n} files moved", met.files + met.files_given))
    return ", ".join(parts) or t("nothing was new on either side")
