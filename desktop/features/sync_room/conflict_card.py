"""The card of one conflict: the values side by side, who says each, and the choice between them; knows no workspace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.features.sync_room.card_list import Ago, WalkedCard
from desktop.features.sync_room.difference import LONG, Block, Run, compared, marked
from desktop.features.sync_room.inputs import inputs_of
from desktop.features.sync_room.marked import Marked
from desktop.features.sync_room.moments import said
from desktop.features.sync_room.rewriting import Rewriting
from desktop.features.sync_room.snapshot import Dispute, Voice
from desktop.kit import theme
from desktop.kit.buttons import button
from desktop.kit.cards import IconLabel, column, row
from desktop.kit.chips import Pill
from desktop.kit.text import ElidedLabel, Label
from i18n import Text, t
from sync.record import Kind

__all__ = ["ConflictCard"]

ASIDE = 520  # pixels at 100 %: below this width the values stand under each other


class ConflictCard(WalkedCard):
    """A dispute and its ways out.

    Signals: `keep_requested(Dispute, int)` with the place of the value; `write_requested(Dispute, value)`;
    `open_requested(kind, id)`.
    """

    keep_requested = Signal(object, int)
    write_requested = Signal(object, object)
    open_requested = Signal(str, str)

    def __init__(self, dispute: Dispute, kind: Kind, now: int) -> None:
        super().__init__(dispute)
        self._kind = kind
        self._rewriting: Rewriting | None = None
        self._whole = False
        self._voices = dispute.voices
        self.setAccessibleName(spoken(dispute, now))
        self.body.addLayout(self._head(dispute))
        self._now = now
        self._sides = _Sides()
        self.body.addWidget(self._sides)
        self._show_voices()
        self._foot = row(gap=4)
        self.body.addLayout(self._foot)
        self._fill_foot(dispute)

    def typed(self) -> Any:
        return self._rewriting.values() if self._rewriting else None

    def restore(self, typed: Mapping[str, Any]) -> None:
        self._write_another()
        if self._rewriting is not None:
            self._rewriting.restore(typed)

    def show_problem(self, text: str) -> None:
        """Say why a choice could not be kept."""
        if self._rewriting is not None:
            self._rewriting.show_problems({self.data.path: text})
        self._set_enabled(enabled=True)

    def choices(self) -> list[QPushButton]:
        """The buttons that keep a value, in the order of the values."""
        return self._sides.buttons

    def _head(self, dispute: Dispute) -> QVBoxLayout:
        head = column(gap=0)
        line = row(gap=12)
        line.addWidget(Label(dispute.title, "title", wrap=True, anchor="middle"), 1)
        line.addWidget(button(t("Open"), self._open, kind="quiet", name=t("Open {name}", name=dispute.title)), 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(line)
        if dispute.is_life:
            story = t("{kind}: one person deleted it, another changed it without knowing.", kind=dispute.kind_label)
            head.addWidget(Label(story, "muted", wrap=True))
            return head
        before = row(gap=8)
        before.addWidget(Label(dispute.label, "label"))
        old = ElidedLabel(t("before: {value}", value=" ".join(dispute.old.split())) if dispute.old else t("before: nothing"), "muted")
        before.addWidget(old, 1)
        head.addLayout(before)
        return head

    def _show_voices(self) -> None:
        voices = self._voices
        texts = [voice.words for voice in voices]
        self._is_long = len(voices) == 2 and max(map(len, texts)) > LONG and not self.data.is_life
        if self.data.is_life:
            blocks = [[Block((Run(line, differs=False),)) for line in text.split("\n")] for text in texts]
        elif self._is_long and not self._whole:
            blocks = list(compared(*texts))
        elif self.data.is_text:
            blocks = [[Block(runs)] for runs in marked(texts)]
        else:
            blocks = [[Block((Run(text, differs=False),))] for text in texts]
        keep = [t("Delete the record"), t("Keep the record")] if self.data.is_life else [t("Keep this one")] * len(voices)
        panels = [
            _VoicePanel(self, place, blocks[place], keep[place], self._now) for place in range(len(voices))
        ]
        self._sides.show_panels(panels)

    def _fill_foot(self, dispute: Dispute) -> None:
        if dispute.refusal:
            self._foot.addWidget(IconLabel("lock", "muted", 16))
            self._foot.addWidget(Label(dispute.refusal, "small", wrap=True), 1)
            return
        self._another = None
        if not dispute.is_life and inputs_of(self._kind, {dispute.path: None}):
            self._another = button(t("Write another"), self._write_another, kind="quiet", icon="edit",
                                   name=t("Write another value for {field}", field=dispute.label))
            self._foot.addWidget(self._another)
        if self._is_long:
            self._fold = button(t("Show the whole text"), self._toggle, kind="quiet", icon="detail")
            self._foot.addWidget(self._fold)
        self._foot.addStretch(1)

    def _set_enabled(self, *, enabled: bool) -> None:
        for one in self._sides.buttons:
            one.setEnabled(enabled)

    def _open(self) -> None:
        self.open_requested.emit(self.data.kind, self.data.id)

    def _toggle(self) -> None:
        self._whole = not self._whole
        self._show_voices()
        self.watch_keys()
        self._fold.setText(t("Show the differences alone") if self._whole else t("Show the whole text"))

    def _write_another(self) -> None:
        if self._rewriting is None and not self.data.refusal:
            first = next((voice.value for voice in self.data.voices if voice.value is not None), None)
            self._rewriting = Rewriting(inputs_of(self._kind, {self.data.path: first}), t("Keep what I wrote"))
            self._rewriting.send_requested.connect(self._on_rewriting_send_requested)
            self._rewriting.cancel_requested.connect(self._on_rewriting_cancel_requested)
            self.body.addWidget(self._rewriting)
            self.watch_keys()
            if self._another is not None:
                self._another.hide()
        if self._rewriting is not None:
            self._rewriting.focus()

    def keep(self, place: int) -> None:
        """Somebody pressed "keep this one"."""
        self._set_enabled(enabled=False)
        self.keep_requested.emit(self.data, place)

    @Slot(object)
    def _on_rewriting_send_requested(self, values: dict[str, Any]) -> None:
        self.write_requested.emit(self.data, values[self.data.path])

    @Slot()
    def _on_rewriting_cancel_requested(self) -> None:
        if self._rewriting is not None:
            self._rewriting.hide()
            self._rewriting.deleteLater()
            self._rewriting = None
            self._another.show()
            self._another.setFocus()


class _VoicePanel(QFrame):
    """One value: who, where, when, what, and the button that keeps it."""

    def __init__(self, card: ConflictCard, place: int, blocks: list[Block], keep: str, now: int) -> None:
        super().__init__()
        self._card, self._place = card, place
        voice: Voice = card.data.voices[place]
        dispute: Dispute = card.data
        body = column(self, margin=14, gap=8)
        head = row(gap=8)
        who = Label(voice.who, "label", wrap=True, anchor="middle")
        who.setMinimumHeight(theme.px(26))  # as high as a mark beside it, so that values stand at one height
        head.addWidget(who, 1)
        if voice.doubtful:
            pill = Pill(Text("doubtful date"), "attention", "clock")
            pill.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, on=False)
            pill.setToolTip(t("This date lies after the server’s own: the clock of that computer was wrong."))
            head.addWidget(pill)
        if voice.waits:
            head.addWidget(Pill(Text("not sent yet"), "attention", "waiting"))
        where = Label(voice.where, "small")
        where.setToolTip(t("Computer {code}", code=voice.device) if voice.device else "")
        beside = row(gap=6)
        beside.addWidget(where)
        beside.addWidget(Label("·", "small"))
        beside.addWidget(Ago(voice.time, now))
        beside.addStretch(1)
        top = column(gap=0)
        top.addLayout(head)
        top.addLayout(beside)
        body.addLayout(top)
        short = max(len(one.words) for one in dispute.voices) <= 60
        self._text = Marked(blocks, large=short)
        body.addWidget(self._text)
        body.addStretch(1)
        self.keep = button(keep, self._keep, icon="check", name=t("{act}: {value}, {who}", act=keep, value=voice.words, who=voice.who))
        if not dispute.refusal:
            body.addWidget(self.keep, 0, Qt.AlignmentFlag.AlignLeading)
        else:
            self.keep.hide()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.setBrush(theme.colour("base"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.px(8), theme.px(8))

    def _keep(self) -> None:
        self._card.keep(self._place)


class _Sides(QWidget):
    """The values beside each other, under each other where there is no room."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.px(12))
        self._panels: list[_VoicePanel] = []
        self._columns = 0
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def buttons(self) -> list[QPushButton]:
        return [panel.keep for panel in self._panels]

    def show_panels(self, panels: list[_VoicePanel]) -> None:
        """Show these instead of those before."""
        for old in self._panels:
            self._grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._panels, self._columns = panels, 0
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        columns = 1 if 0 < self.width() < theme.px(ASIDE) else min(len(self._panels), 2 if self.width() < theme.px(860) else 3)
        if columns == self._columns:
            return
        self._columns = columns
        for at, panel in enumerate(self._panels):
            self._grid.addWidget(panel, at // columns, at % columns)
        for at in range(3):
            self._grid.setColumnStretch(at, 1 if at < columns else 0)


def spoken(dispute: Dispute, now: int) -> str:
    """The whole card in one breath, for screen readers."""
    values = [t("{who}, {where}, {when}: {value}", who=one.who, where=one.where, when=said(one.time, now), value=one.words) for one in dispute.voices]
    what = [] if dispute.is_life else [dispute.label, t("before: {value}", value=dispute.old) if dispute.old else t("before: nothing")]
    return ". ".join((t("To settle"), dispute.title, *what, *values))
