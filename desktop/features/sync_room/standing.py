"""The head of the room: one calm sentence, three dated facts, one action; knows sentences and no record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from desktop.features.sync_room import moments, sentences
from desktop.features.sync_room.card_list import WIDEST
from desktop.features.sync_room.cost_card import CostCard
from desktop.features.sync_room.request_card import RequestCard
from desktop.features.sync_room.snapshot import Room
from desktop.kit import theme
from desktop.kit.banner import Banner
from desktop.kit.buttons import button
from desktop.kit.cards import Card, IconLabel, column, row, rule
from desktop.kit.text import Label
from desktop.shell.feature import Context
from i18n import t, tn

__all__ = ["Standing"]


class Standing(QWidget):
    """Where one's work stands. Signals: `sync_requested()`, `stop_requested()`, `nearby_requested(feature)`."""

    sync_requested = Signal()
    stop_requested = Signal()
    nearby_requested = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        inner = QWidget()
        inner.setMaximumWidth(theme.px(WIDEST))
        around = row(self)
        around.setContentsMargins(theme.px(24), theme.px(20), theme.px(24), 0)
        around.addWidget(inner, 1000)
        around.addStretch(1)
        body = column(inner, gap=14)
        head = row(gap=16)
        words = column(gap=4)
        self.headline = Label("", "page", wrap=True)
        self.meaning = Label("", "muted", wrap=True)
        words.addWidget(self.headline)
        words.addWidget(self.meaning)
        head.addLayout(words, 1)
        self.sync = button(t("Synchronise"), self.sync_requested.emit, kind="primary", icon="sync")
        self.stop = button(t("Stop"), self._stop, icon="stop", name=t("Stop; what is not sent yet waits"))
        self.stop.hide()
        self.nearby = button(t("Sync nearby"), self._go_nearby, icon="share")
        head.addWidget(self.nearby, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.sync, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.stop, 0, Qt.AlignmentFlag.AlignTop)
        body.addLayout(head)
        self._progress = QWidget()
        going = column(self._progress, gap=6)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(t("How far the exchange is"))
        self.moved = Label("", "small")
        going.addWidget(self._bar)
        going.addWidget(self.moved)
        self._progress.hide()
        body.addWidget(self._progress)
        self._card = Card(margin=0)
        line = row(gap=0)
        self.accepted = _Fact("accepted", t("Server last accepted my work"))
        self.received = _Fact("receiving", t("Last received the others’ work"))
        self.waiting = _Fact("waiting", t("Waits here"))
        for at, fact in enumerate((self.accepted, self.received, self.waiting)):
            if at:
                line.addWidget(rule(upright=True))
            line.addWidget(fact, 1)
        self._card.body.addLayout(line)
        body.addWidget(self._card)
        self.request = RequestCard(context)
        body.addWidget(self.request)
        self.cost = CostCard(context)
        body.addWidget(self.cost)
        self._aside: Banner | None = None
        self._body = body

    def show_set_aside(self, reasons: Sequence[object]) -> None:
        """Say why the server set something aside in the last sync; nothing takes the words away."""
        if self._aside is not None:
            self._aside.hide()
            self._aside.deleteLater()
            self._aside = None
        if reasons:
            self._aside = Banner("\n".join(dict.fromkeys(str(one) for one in reasons)), tone="attention")
            self._body.addWidget(self._aside)

    def show_room(self, room: Room, syncer: Any) -> None:
        """Say where things stand."""
        running = syncer is not None and syncer.running
        head, meaning = sentences.headline(room, syncer)
        self.headline.setText(head)
        self.meaning.setText(meaning)
        had_focus = self.sync.hasFocus() or self.stop.hasFocus()
        self.sync.setVisible(room.joined and not running)
        self.stop.setVisible(running)
        self.nearby.setVisible((room.joined or room.sealed or bool(room.status.role)) and not running)
        if running:
            self._show_progress(syncer.progress)
        else:
            self.stop.setEnabled(True)
            self.stop.setText(t("Stop"))
        self._progress.setVisible(running)
        if had_focus:
            (self.stop if running else self.sync).setFocus()
        self._card.setVisible(room.joined)
        self.cost.show_room(room)
        self.request.show_room(room)
        status, now = room.status, room.now
        self.accepted.show_moment(status.last_accepted, now, t("not yet"))
        self.received.show_moment(status.last_received, now, t("not yet"))
        waits = status.waiting
        said = tn("{n} change", "{n} changes", waits) if waits else t("nothing")
        self.waiting.show_words(said, t("Saved on this computer, not answered by the server yet"))

    def _show_progress(self, progress: Any) -> None:
        self.moved.setText(sentences.progress_said(progress))
        total = progress.total if progress is not None else 0
        # QProgressBar counts in 32 bits; a file may be larger
        self._bar.setRange(0, 1000 if total else 0)
        if total:
            self._bar.setValue(min(1000, progress.done * 1000 // total))

    def _go_nearby(self) -> None:
        self.nearby_requested.emit("nearby")

    def _stop(self) -> None:
        self.stop.setEnabled(False)
        self.stop.setText(t("Stopping…"))
        self.stop_requested.emit()


class _Fact(QWidget):
    """One fact: what it is, how it stands, the exact date on hover."""

    def __init__(self, icon: str, name: str) -> None:
        super().__init__()
        self._name = name
        line = row(self, gap=10)
        line.setContentsMargins(theme.px(16), theme.px(10), theme.px(12), theme.px(10))
        line.addWidget(IconLabel(icon, "muted"), 0, Qt.AlignmentFlag.AlignTop)
        words = column(gap=0)
        words.addWidget(Label(name, "small", wrap=True))
        self.value = Label("", "label")
        words.addWidget(self.value)
        words.addStretch(1)
        line.addLayout(words, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_moment(self, milliseconds: int | None, now: int, never: str) -> None:
        """A moment, or that it never came."""
        if milliseconds is None:
            self.show_words(never, "")
        else:
            self.show_words(moments.said(milliseconds, now), moments.exact(milliseconds))

    def show_words(self, words: str, exact: str) -> None:
        """Words, and more exact ones on hover."""
        self.value.setText(words)
        self.setToolTip(exact)
        self.setAccessibleName(", ".join(part for part in (self._name, words, exact) if part))
