"""One secret is asked, and a wrong one waits: a phrase, a recovery code, six figures; knows no vault."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot

from desktop.kit.forms.lines import keep_ltr_input
from desktop.kit.secret import SecretLine
from desktop.shell.people.countdown import Countdown
from desktop.shell.people.sheet import Step
from desktop.shell.people.tiles import Badge
from i18n import Text, t
from i18n.spans import duration

__all__ = ["AskStep"]


class AskStep(Step):
    """A line and a button. Signals: `answered(str)`. While a wait runs, the button rests and its seconds are counted down."""

    answered = Signal(str)

    def __init__(self, title: str | Text, text: str | Text, label: str | Text, go: str | Text, *, badge: Badge, hidden: bool = True,
                 ltr: bool = False) -> None:
        super().__init__(title, text, go, badge=badge)
        self.line = SecretLine(label, hidden=hidden)
        if ltr:
            keep_ltr_input(self.line.line)
        self.line.entered.connect(self.submit)
        self.line.written.connect(self._on_written)
        self.body.addWidget(self.line)
        self.countdown = Countdown(self)
        self.countdown.ticked.connect(self._on_countdown_ticked)
        self.countdown.over.connect(self._on_countdown_over)

    def submit(self) -> None:
        if self.is_busy or self.countdown.left:
            return
        if not self.line.text().strip():
            self.line.show_wrong(t("Nothing is written here yet."))
            self.line.take_keyboard()
            return
        self.answered.emit(self.line.text())

    def take_keyboard(self) -> None:
        self.line.take_keyboard()

    def refuse(self, why: str | Text, wait: float = 0) -> None:
        """It was not that: say so, and let `wait` seconds go by before the next try."""
        self.say()
        self.line.show_wrong(why)
        self.line.take_keyboard()
        self.rest(wait)

    def rest(self, wait: float) -> None:
        """Let `wait` seconds go by before the next try."""
        if wait > 0:
            self.countdown.begin(wait)

    @Slot()
    def _on_written(self) -> None:
        self.line.show_wrong()

    @Slot(int)
    def _on_countdown_ticked(self, left: int) -> None:
        self.go.setEnabled(False)
        self.say(t("You can try again in {time}.", time=duration(left)), busy=True)

    @Slot()
    def _on_countdown_over(self) -> None:
        self.say()
