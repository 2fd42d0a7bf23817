"""Coming in: the phrase, or six figures where a session still runs; knows no window and no session's inside."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot

from desktop.kit.buttons import button
from desktop.kit.tasks import Job, Lane, Runner
from desktop.shell.people.ask import AskStep
from desktop.shell.people.names import shown_name
from desktop.shell.people.pin import LENGTH, Pin, figures
from desktop.shell.people.sheet import Sheet
from desktop.shell.people.tiles import Badge, initials
from i18n import t
from sync.errors import Failure, Locked
from sync.people import People

__all__ = ["Unlocking"]


class Unlocking(Sheet):
    """Signals: `opened(name, key)`, the key None when the PIN opened a session that runs; `forgotten(name)`."""

    opened = Signal(str, object)
    forgotten = Signal(str)

    def __init__(self, people: People, tasks: Runner, name: str, pin: Pin | None = None) -> None:
        """`pin` of a session that runs, if it has one."""
        super().__init__(t("Open the space of {name}", name=shown_name(name)))
        self.people, self.tasks, self.name, self._pin = people, tasks, name, pin
        self._phrase = ""
        if pin is not None:
            self.ask_pin()
        else:
            self.ask_phrase()

    def ask_phrase(self) -> None:
        """Ask for the phrase."""
        step = AskStep(shown_name(self.name), "", t("Your phrase"), t("Open"), badge=Badge(initials(shown_name(self.name))))
        step.answered.connect(self._on_phrase_answered)
        step.acts.addWidget(button(t("I forgot my phrase"), self._forgot, kind="quiet"))
        self.show_step(step)
        step.rest(self.people.wait(self.name))

    def ask_pin(self) -> None:
        """Ask for the six figures; the phrase stays a way in."""
        step = AskStep(shown_name(self.name), t("Your session is still open."), t("Your six figures"), t("Open"),
                       badge=Badge(initials(shown_name(self.name))), ltr=True)
        step.line.line.setMaxLength(LENGTH)
        step.answered.connect(self._on_pin_answered)
        step.line.written.connect(self._on_pin_written)
        step.acts.addWidget(button(t("Use my phrase"), self.ask_phrase, kind="quiet"))
        self.show_step(step)
        step.rest(self._pin.wait)

    def _forgot(self) -> None:
        self.forgotten.emit(self.name)

    @Slot(str)
    def _on_phrase_answered(self, phrase: str) -> None:
        self._phrase = phrase
        self.step.say(t("Opening…"), busy=True)
        self.tasks.run(Lane.FREE, self._open, self._on_opened, self._on_failed)

    def _open(self, _job: Job) -> bytes:
        return self.people.open(self.name, self._phrase)

    def _on_opened(self, key: bytes) -> None:
        self._phrase = ""
        self.opened.emit(self.name, key)

    def _on_failed(self, error: Exception) -> None:
        self._phrase = ""
        if isinstance(error, Locked):
            self.step.refuse(error.message, error.wait)
        elif isinstance(error, Failure):
            self.step.refuse(error.message)
        else:
            self.step.refuse(t("This did not work. Nothing was changed; try again."))
            raise error

    @Slot()
    def _on_pin_written(self) -> None:
        if len(figures(self.step.line.text())) == LENGTH:
            self.step.submit()

    @Slot(str)
    def _on_pin_answered(self, typed: str) -> None:
        if self._pin.is_it(typed):
            self.opened.emit(self.name, None)
        else:
            self.step.refuse(t("These are not your six figures."), self._pin.wait)
            self.step.line.clear()
            self.step.line.show_wrong(t("These are not your six figures."))
