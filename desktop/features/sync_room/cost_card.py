"""The card of cost in the head of the room: before an exchange, this month, and what waits with its one button; runs no sync itself."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from desktop.features.sync_room.cost_sentences import asked_said, held_said, known_said, month_said, parcel_said
from desktop.features.sync_room.costs import Costs, Parcel
from desktop.features.sync_room.snapshot import Room
from desktop.kit import theme
from desktop.kit.banner import Banner
from desktop.kit.buttons import button
from desktop.kit.cards import Card, IconLabel, column, row, rule
from desktop.kit.tasks import Job, Lane
from desktop.kit.text import Label, Paragraph
from desktop.shell.feature import Context
from i18n import t, tn
from i18n.values import size
from sync.exchange import Held, agree
from sync.spending import Occasion, file_waits

__all__ = ["CostCard"]

MOST = 3  # files that wait with a sentence of their own


class CostCard(Card):
    """Attributes: `ask`, `details` the buttons; `before`, `month` the sentences; `waiting` the banners, each with its `action`."""

    def __init__(self, context: Context) -> None:
        super().__init__(margin=0, gap=0)
        self._context = context
        self.setAccessibleName(t("What an exchange costs"))
        line = row(gap=0)
        self._known = Costs(0, 0, 0, ())
        self.before = Paragraph("")
        self.ask = button(t("Ask what would come"), self._ask, kind="quiet", name=t("Ask the server what an exchange would move"))
        line.addLayout(_half("sending", t("Before the next exchange"), self.before, self.ask), 3)
        line.addWidget(rule(upright=True))
        self.month = Label("", "label", wrap=True)
        self.details = button(t("Details and limits"), self._show_details, kind="quiet")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.bar.setFixedHeight(theme.px(6))
        self.bar.setAccessibleName(t("How much of the month’s limit is used"))
        line.addLayout(_half("money", t("What this computer used"), self.month, self.details, self.bar), 2)
        self.body.addLayout(line)
        self._waiting = column(gap=8)
        self._waiting.setContentsMargins(theme.px(12), 0, theme.px(12), 0)
        self.body.addLayout(self._waiting)
        self.waiting: list[Banner] = []
        self._said: list[tuple[str, str, str]] = []
        self._acts: list[QObject] = []

    def show_room(self, room: Room) -> None:
        """Say what is known now."""
        syncer = self._context.syncer
        self.setVisible(room.joined and syncer is not None)
        if syncer is None:
            return
        self._known = room.costs
        told, rules = syncer.estimate, syncer.rules
        self.before.setText(known_said(room.costs) if told is None else asked_said(told))
        self.ask.setEnabled(not syncer.running and not syncer.asking)
        self.ask.setText(t("Asking…") if syncer.asking else t("Ask what would come") if told is None else t("Ask again"))
        spent = room.costs.spent
        self.month.setText(month_said(spent, rules.cap))
        self.bar.setVisible(bool(rules.cap))
        if rules.cap:
            self.bar.setValue(min(1000, spent * 1000 // rules.cap))
        self._show_waiting([] if syncer.running else list(self._sentences(room.costs)))

    def _sentences(self, costs: Costs) -> list[tuple[str, str, str]]:
        """(sentence, words of its button, hash of a file or nothing) for what the rules hold back."""
        syncer = self._context.syncer
        found = []
        copies = [one for one in syncer.held if one.what == "records"]
        if not copies and syncer.kept_back is not None and syncer.kept_back.code == "cap":
            copies = [Held("records", "cap", 0)]
        found += [(held_said(one), t("Go on this once"), "") for one in copies]
        whys = {one.sha256: one.why for one in syncer.held if one.what == "file"}
        kept = [(one, why) for one in costs.parcels if (why := whys.get(one.sha256) or self._would_wait(one, costs.spent))]
        found += [(parcel_said(one, why), t("Go on this once") if why == "cap" else t("Send it too"), "" if why == "cap" else one.sha256)
                  for one, why in kept[:MOST]]
        rest = kept[MOST:]
        if rest:
            more = tn("and {n} more file of {size}", "and {n} more files of {size}", len(rest), size=size(sum(one.size for one, _ in rest)))
            found.append((more, t("Send all of it"), ""))
        return found

    def _would_wait(self, parcel: Parcel, spent: int) -> str:
        """Why a file would not leave with an exchange that a person asks for."""
        return file_waits(self._context.syncer.rules, Occasion.ASKED, parcel.size, spent, agreed=parcel.agreed)

    def _show_waiting(self, said: list[tuple[str, str, str]]) -> None:
        if said == self._said:
            return
        self._said = said
        for banner in self.waiting:
            banner.hide()
            banner.deleteLater()
        self.waiting, self._acts = [], []
        for sentence, action, sha256 in said:
            act = _Act(self, sha256)
            self._acts.append(act)
            banner = Banner(sentence, tone="attention", icon="waiting", action=action, on_action=act.run)
            banner.action.setAccessibleName(f"{action}: {sentence}")
            self.waiting.append(banner)
            self._waiting.addWidget(banner)
        self._waiting.setContentsMargins(theme.px(12), 0, theme.px(12), theme.px(12) if said else 0)

    def _ask(self) -> None:
        self._context.syncer.ask()

    def _show_details(self) -> None:
        self._context.navigate("spending")


class _Act(QObject):
    """One button: a yes for one file, or going on with everything."""

    def __init__(self, card: CostCard, sha256: str) -> None:
        super().__init__(card)
        self._context, self._sha256 = card._context, sha256

    def run(self) -> None:
        if self._sha256:
            self._context.tasks.run(Lane.DATA, self._agree, self._on_agreed, self._on_failed, owner=self)
        else:
            self._context.syncer.go_on()

    def _agree(self, _job: Job) -> None:
        agree(self._context.workspace, self._sha256)

    @Slot(object)
    def _on_agreed(self, _nothing: object) -> None:
        self._context.syncer.start()

    def _on_failed(self, error: Exception) -> None:
        self._context.notify(str(error))


def _half(icon: str, name: str, words: Label, action: QWidget, bar: QWidget | None = None) -> QVBoxLayout:
    """A fact: its name with an icon and a quiet button, beneath its words and a bar."""
    body = column(gap=0)
    body.setContentsMargins(theme.px(12), theme.px(2), theme.px(12), theme.px(10))
    head = row(gap=10)
    head.addWidget(IconLabel(icon, "muted"))
    head.addWidget(Label(name, "small"), 1)
    head.addWidget(action)
    body.addLayout(head)
    around = row(gap=0)
    around.addSpacing(theme.px(30))  # under the name; margins would not mirror
    said = column(gap=4)
    said.addWidget(words)
    if bar is not None:
        said.addWidget(bar)
    said.addStretch(1)
    around.addLayout(said)
    body.addLayout(around, 1)
    return body
