"""The stick in the sync room: choose it, see what would move, move it, and be told; knows what to ask for and no format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from desktop.bundle import bundle, own_stick
from desktop.features.sync_room import stick_work
from desktop.features.sync_room.card_list import WIDEST
from desktop.features.sync_room.stick_choice import StickChoice
from desktop.features.sync_room.stick_work import Offer
from desktop.kit import theme
from desktop.kit.banner import Banner
from desktop.kit.buttons import button
from desktop.kit.cards import Card, column, row
from desktop.kit.file_dialog import chosen_folder
from desktop.kit.tasks import Lane, Task
from desktop.kit.text import Label, Paragraph
from desktop.shell.feature import Context
from i18n import t
from sync.errors import Failure
from sync.relay.courier import Progress, Seen

__all__ = ["Stick"]


class Stick(QWidget):
    """Two actions, and one card for whichever of them is under way.

    Attributes: `card` (None at rest), `progress` (sync.relay.courier.Progress or None). Signal: `ended()` after each act, however it ended.
    """

    ended = Signal()
    _folder = ""  # where a stick was found last; for this session only

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context, self._ws = context, context.workspace
        self._task: Task | None = None
        self._stop_asked = False
        self._place, self._trust = Path(), ""
        self.progress: Progress | None = None
        self.card: _Card | None = None
        inner = QWidget()
        inner.setMaximumWidth(theme.px(WIDEST))
        self._around = row(self)
        self._around.setContentsMargins(theme.px(24), 0, theme.px(24), 0)
        self._around.addWidget(inner, 1000)
        self._around.addStretch(1)
        self._body = column(inner, gap=12)
        line = row(gap=8)
        self.write = button(t("Copy to a stick"), self._on_write_asked, icon="usb")
        self.read = button(t("Read a stick"), self._on_read_asked, icon="import")
        line.addWidget(self.write)
        line.addWidget(self.read)
        line.addStretch(1)
        self._body.addLayout(line)
        self._body.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._instead: QWidget | None = None
        context.events.sync_changed.connect(self._on_sync_changed)
        self._on_sync_changed()

    def takes_the_place_of(self, widget: QWidget) -> None:
        """While a card is open, this stands back for it: a small screen has no room for both."""
        self._instead = widget

    def choose_for_writing(self, place: Path) -> None:
        """Show what would be copied to a stick."""
        self._place = place
        self._begin(t("Copy to a stick"), stick_work.PlanFor(self._ws, place), self._on_planned)

    def choose_for_reading(self, place: Path, trust: str = "") -> None:
        """Show what a stick carries; `trust` is the fingerprint of the network that a person has compared."""
        self._place, self._trust = place, trust
        self._begin(t("Read a stick"), stick_work.LookAt(self._ws, place, trust), self._on_looked)

    def stopping(self) -> bool:
        """Whether a person asked to stop; asked from the lane's thread."""
        return self._stop_asked

    def _on_write_asked(self) -> None:
        if place := self._chosen():
            self.choose_for_writing(place)

    def _on_read_asked(self) -> None:
        if place := self._chosen():
            self.choose_for_reading(place)

    def _chosen(self) -> Path | None:
        found = chosen_folder(self, t("Choose the stick"), Stick._folder or str(own_stick() or ""))
        if found is not None:
            Stick._folder = str(found)
        return found

    def _begin(self, title: str, work: Any, done: Any) -> None:
        self._stop_asked, self.progress = False, None
        self._show(_Card(title, str(self._place)))
        self.card.show_running(self._on_stop_asked)
        self._task = self._context.tasks.run(Lane.FREE, work, done, self._on_failed, owner=self)
        self._task.progressed.connect(self._on_progressed)

    def _on_planned(self, offer: Offer) -> None:
        self.card.show_offer(offer, self._on_copy_asked, self.close_card)
        self.ended.emit()

    def _on_copy_asked(self) -> None:
        files, program = self.card.files(), bundle() if self.card.takes_program() else None
        self._begin(t("Copy to a stick"), stick_work.WriteTo(self._ws, self._place, files, self, program), self._on_written)

    def _on_looked(self, seen: Seen) -> None:
        self.card.show_seen(seen, self.take, self.close_card)
        self.ended.emit()

    def take(self) -> None:
        """Read what was shown."""
        self._begin(t("Read a stick"), stick_work.ReadFrom(self._ws, self._place, self._trust, self), self._on_taken)

    def _on_written(self, done: Any) -> None:
        self._say(stick_work.written_said(done))

    def _on_taken(self, found: Any) -> None:
        self._say(stick_work.read_said(found))

    def _say(self, lines: list[str]) -> None:
        self.card.show_end(lines, self.close_card)
        self.ended.emit()

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, Failure):
            self.close_card()
            raise error
        network = str(error.message.args.get("network", "")) if error.code == "not_trusted" else ""
        self.card.show_failed(str(error), self._on_trusted if network else None, self.close_card)
        self._trust = network
        self.ended.emit()

    def _on_trusted(self) -> None:
        self.choose_for_reading(self._place, self._trust)

    @Slot(object)
    def _on_progressed(self, _shown: object) -> None:
        if self.card is not None:
            self.card.show_progress(self.progress)

    def _on_stop_asked(self) -> None:
        self._stop_asked = True
        self.card.stopping()

    def close_card(self) -> None:
        """Back to the two actions."""
        self._show(None)
        self.read.setFocus()

    def _show(self, card: _Card | None) -> None:
        if self.card is not None:
            self.card.hide()
            self.card.deleteLater()
        self.card = card
        if card is not None:
            self._body.insertWidget(1, card)
        if self._instead is not None:
            self._instead.setVisible(card is None)
            self._around.setContentsMargins(theme.px(24), 0, theme.px(24), theme.px(16) if card is not None else 0)
            self.parentWidget().layout().setStretchFactor(self, int(card is not None))  # or what stands above would grow
        self._on_sync_changed()

    @Slot()
    def _on_sync_changed(self) -> None:
        """Who has not joined has nothing to copy, and may start from a stick all the same."""
        syncer = self._context.syncer
        self.read.setVisible(self.card is None)
        self.write.setVisible(self.card is None and (syncer is None or bool(self._ws.vault.setting("authority"))))


class _Card(Card):
    """What is under way with a stick: what would move, how far it is, how it ended."""

    def __init__(self, title: str, place: str) -> None:
        super().__init__(title, icon="usb", margin=16, gap=10)
        self.body.addWidget(Label(place, "small", wrap=True))
        self._inner: QWidget | None = None
        self.choice: StickChoice | None = None
        self._offer: Offer | None = None

    def files(self) -> list[Any]:
        """The library's files that a person wants along."""
        return self.choice.files() if self.choice is not None else []

    def takes_program(self) -> bool:
        """Whether this program goes along."""
        return self.choice is not None and self.choice.takes_program()

    def show_running(self, on_stop: Any) -> None:
        """Something goes on: a bar, numbers, and a way to stop."""
        inside = self._renew()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(t("How far the stick is"))
        self.words = Label(stick_work.progress_said(None), "small")
        self.stop = button(t("Stop"), on_stop, icon="stop")
        inside.addWidget(self.bar)
        inside.addLayout(_line(self.words, self.stop))
        self.stop.setFocus()

    def show_progress(self, progress: Progress | None) -> None:
        """How far it is."""
        self.words.setText(stick_work.progress_said(progress))
        if progress is not None and progress.total:
            self.bar.setRange(0, 1000)
            self.bar.setValue(progress.done * 1000 // progress.total)

    def stopping(self) -> None:
        """Stop was asked for, and takes a moment."""
        self.stop.setEnabled(False)
        self.stop.setText(t("Stopping…"))

    def show_offer(self, offer: Offer, on_copy: Any, on_leave: Any) -> None:
        """What would be copied; ticks take files of the library along, and the program."""
        self._offer = offer
        inside = self._renew()
        self.sums = Paragraph("")
        inside.addWidget(self.sums)
        self.choice = StickChoice(offer)
        self.choice.changed.connect(self._on_choice_changed)
        inside.addWidget(self.choice)
        self.lacking = Label("", "label", tone="attention", wrap=True)
        inside.addWidget(self.lacking)
        self.go = button(t("Copy"), on_copy, kind="primary", icon="usb")
        inside.addLayout(_line(None, self.go, button(t("Cancel"), on_leave)))
        self._on_choice_changed()
        self.go.setFocus()

    def show_seen(self, seen: Seen, on_read: Any, on_leave: Any) -> None:
        """What a stick carries."""
        inside = self._renew()
        inside.addWidget(Paragraph("\n".join(stick_work.seen_said(seen))))
        go = button(t("Read"), on_read, kind="primary", icon="import")
        inside.addLayout(_line(None, go, button(t("Cancel"), on_leave)))
        go.setFocus()

    def show_end(self, lines: list[str], on_close: Any) -> None:
        """How it ended, and what was left out."""
        inside = self._renew()
        inside.addWidget(Banner(lines[0], tone="good"))
        if lines[1:]:
            inside.addWidget(Banner("\n".join(lines[1:]), tone="attention"))
        self._close(inside, on_close)

    def show_failed(self, words: str, on_trust: Any, on_close: Any) -> None:
        """Why not; with a way on when a person only has to vouch for the network."""
        inside = self._renew()
        inside.addWidget(Banner(words, tone="attention"))
        if on_trust is not None:
            inside.addLayout(_line(None, button(t("It is the same code: read the stick"), on_trust), button(t("Close"), on_close)))
        else:
            self._close(inside, on_close)

    def _close(self, inside: Any, on_close: Any) -> None:
        close = button(t("Close"), on_close)
        inside.addLayout(_line(None, close))
        close.setFocus()

    @Slot()
    def _on_choice_changed(self) -> None:
        files, program = self.files(), self.takes_program()
        self.sums.setText("\n".join(stick_work.plan_said(self._offer, files, program=program)))
        lacking = stick_work.lacking_said(self._offer, files, program=program)
        self.lacking.setText(lacking)
        self.lacking.setVisible(bool(lacking))
        self.go.setEnabled(not lacking)

    def _renew(self) -> Any:
        if self._inner is not None:
            self._inner.hide()
            self._inner.deleteLater()
        self._inner = QWidget()
        self.body.addWidget(self._inner)
        return column(self._inner, gap=10)


def _line(words: Label | None, *buttons: QWidget) -> Any:
    made = row(gap=8)
    if words is not None:
        made.addWidget(words, 1)
    for one in buttons:
        made.addWidget(one, 0, Qt.AlignmentFlag.AlignVCenter)
    if words is None:
        made.addStretch(1)
    return made
