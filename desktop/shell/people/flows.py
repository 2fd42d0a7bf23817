"""Adding oneself, a forgotten phrase, another phrase: steps that end with a recovery code; knows no window and no session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal, Slot

from desktop.kit.tasks import Job, Lane, Runner
from desktop.shell.people.ask import AskStep
from desktop.shell.people.names import refusal_of, shown_name
from desktop.shell.people.phrase_step import PhraseStep
from desktop.shell.people.sheet import Sheet, Step
from desktop.shell.people.steps import AgainStep, CodeStep, NameStep
from desktop.shell.people.tiles import Badge, initials
from i18n import Text, t
from sync import phrases, recovery_code
from sync.errors import Failure, Invalid, Locked
from sync.people import People

__all__ = ["Adding", "Changing", "Recovering"]


class _PhraseFlow(Sheet):
    """A phrase is chosen, written once more, put in force, and its recovery code is shown.

    Signals: `done(name, key)` when the code has been kept; `key` is the vault's.
    """

    done = Signal(str, object)

    def __init__(self, title: str | Text, people: People, tasks: Runner, random: Callable[[int], bytes], name: str = "") -> None:
        super().__init__(title)
        self.people, self.tasks, self.name = people, tasks, name
        self._random = random
        self._phrase = ""
        self._key = b""
        self._before: Callable[[], None] | None = None  # shows the step before the one in sight

    def go_back(self) -> None:
        if not self.back.isVisibleTo(self) or (self.step is not None and self.step.is_busy):
            return
        if self._before is not None:
            self._before()
        else:
            self.left.emit()

    def put_in_force(self) -> tuple[bytes, str]:
        """The vault's key, and the recovery code to print or ""; runs off the screen's thread."""
        raise NotImplementedError

    def _show(self, step: Step, before: Callable[[], None] | None = None, *, back: bool = True) -> None:
        self._before = before
        self.show_step(step, back=back)

    def _ask_phrase(self) -> None:
        step = PhraseStep(self._random)
        step.chosen.connect(self._on_phrase_chosen)
        self._show(step, self._begin if self._has_beginning else None)

    _has_beginning = True

    def _begin(self) -> None:
        raise NotImplementedError

    @Slot(str)
    def _on_phrase_chosen(self, phrase: str) -> None:
        self._phrase = phrase
        step = AgainStep(self._is_it)
        step.confirmed.connect(self._on_confirmed)
        self._show(step, self._ask_phrase)

    def _is_it(self, typed: str) -> bool:
        return phrases.meant(typed) == phrases.meant(self._phrase)

    @Slot()
    def _on_confirmed(self) -> None:
        self.step.say(t("One moment: the lock is being made. It is slow on purpose, for whoever would guess."), busy=True)
        self.tasks.run(Lane.FREE, self._work, self._on_made, self._on_failed)

    def _work(self, _job: Job) -> Any:
        return self.put_in_force()

    def _on_made(self, made: tuple[bytes, str]) -> None:
        self._key, code = made
        self._phrase = ""
        if not code:  # the sheet at home stays good
            self._on_kept()
            return
        step = CodeStep(shown_name(self.name), code)
        step.kept.connect(self._on_kept)
        self._show(step, back=False)

    def _on_failed(self, error: Exception) -> None:
        self._refuse(error)

    def _refuse(self, error: Exception) -> None:
        """Say under what was asked why it did not work; what is no Failure is raised after that."""
        words = error.message if isinstance(error, Failure) else Text("This did not work. Nothing was changed; try again.")
        self.step.refuse(words, error.wait if isinstance(error, Locked) else 0)
        if not isinstance(error, Failure):
            raise error

    @Slot()
    def _on_kept(self) -> None:
        key, self._key = self._key, b""
        self.done.emit(self.name, key)


class Adding(_PhraseFlow):
    """Somebody new: a name, then a phrase."""

    def __init__(self, people: People, tasks: Runner, random: Callable[[int], bytes]) -> None:
        super().__init__(t("Add me to this PC"), people, tasks, random)
        self._taken = [person.name for person in people.all()]
        self._begin()

    def put_in_force(self) -> tuple[bytes, str]:
        return self.people.add(self.name, self._phrase)

    def _begin(self) -> None:
        step = NameStep(self._refusal, self.name)
        step.chosen.connect(self._on_name_chosen)
        self._show(step)

    def _refusal(self, name: str) -> Text | None:
        return refusal_of(name, self._taken)

    @Slot(str)
    def _on_name_chosen(self, name: str) -> None:
        self.name = name
        self._ask_phrase()


class Recovering(_PhraseFlow):
    """The phrase is forgotten: the recovery code, then a new phrase, which makes a new code."""

    def __init__(self, people: People, tasks: Runner, random: Callable[[int], bytes], name: str) -> None:
        super().__init__(t("I forgot my phrase"), people, tasks, random, name)
        self._code = ""
        self._begin()

    def put_in_force(self) -> tuple[bytes, str]:
        return self.people.recover(self.name, self._code, self._phrase)

    def _begin(self) -> None:
        step = AskStep(t("I forgot my phrase"), t("Write the recovery code that you saved when you chose your phrase. No network is needed."),
                       t("Recovery code"), t("Go on"), badge=Badge(icon="help"), hidden=False, ltr=True)
        step.answered.connect(self._on_code_answered)
        self._show(step)

    @Slot(str)
    def _on_code_answered(self, code: str) -> None:
        try:
            self._code = recovery_code.parse(code)
        except Invalid as error:
            self.step.refuse(error.message)
        else:
            self._ask_phrase()

    def _on_failed(self, error: Exception) -> None:
        self._begin()  # the code was whole, but not of this person; the phrase that was chosen opens nothing
        self._refuse(error)


class Changing(_PhraseFlow):
    """Another phrase, or only another recovery code, for an open vault; whoever has a phrase writes it first, so that nobody changes it behind
    one's back."""

    def __init__(self, people: People, tasks: Runner, random: Callable[[int], bytes], name: str, key: bytes, *, has_phrase: bool,
                 only_code: bool = False) -> None:
        super().__init__(t("Recovery code") if only_code else t("Choose a phrase"), people, tasks, random, name)
        self._vault_key, self._only_code = key, only_code
        self._has_beginning = has_phrase
        if has_phrase:
            self._begin()
        else:
            self._ask_phrase()

    def put_in_force(self) -> tuple[bytes, str]:
        if self._only_code:
            return self._vault_key, self.people.renew_code(self.name, self._vault_key)
        return self._vault_key, self.people.change(self.name, self._vault_key, self._phrase)

    def _begin(self) -> None:
        title = t("Make a new recovery code") if self._only_code else t("Change my phrase")
        step = AskStep(title, t("First the phrase of today, so that nobody changes it behind your back."), t("Your phrase"), t("Go on"),
                       badge=Badge(initials(shown_name(self.name))))
        step.answered.connect(self._on_old_answered)
        self._show(step)

    @Slot(str)
    def _on_old_answered(self, phrase: str) -> None:
        self._phrase = phrase
        self.step.say(t("One moment…"), busy=True)
        self.tasks.run(Lane.FREE, self._look, self._on_looked, self._on_failed)

    def _look(self, _job: Job) -> None:
        self.people.open(self.name, self._phrase)

    def _on_looked(self, _nothing: None) -> None:
        if self._only_code:
            self.tasks.run(Lane.FREE, self._work, self._on_made, self._on_failed)
        else:
            self._ask_phrase()

