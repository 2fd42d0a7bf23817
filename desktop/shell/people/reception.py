"""Which page of no session stands on the desk, and what follows from it; knows no session's inside."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot

from desktop.kit.tasks import Job, Lane
from desktop.shell.people.desk import Desk
from desktop.shell.people.entering import VISITOR, Entry
from desktop.shell.people.first_screen import FirstScreen
from desktop.shell.people.flows import Adding, Changing, Recovering
from desktop.shell.people.names import shown_name
from desktop.shell.people.reading_stick import ReadingStick
from desktop.shell.people.removing import Removing
from desktop.shell.people.restoring import Restoring
from desktop.shell.people.running import Running
from desktop.shell.people.unlocking import Unlocking
from desktop.shell.people.unopened import Unopened
from desktop.terminal import opening
from i18n import t
from sync import giving_up
from sync.errors import Failure
from sync.people import People

__all__ = ["Reception"]


class Reception(QObject):
    """Receives whoever comes to the desk. Attribute: `people`."""

    def __init__(self, desk: Desk, people: People, random: Callable[[int], bytes]) -> None:
        """`random`: n secret bytes."""
        super().__init__(desk)
        self.people, self._desk, self._random = people, desk, random
        self._leaving: Running | None = None  # who asked to be removed
        desk.first_wanted.connect(self.show_first)
        desk.unopened.connect(self.show_unopened)
        desk.account_wanted.connect(self._on_account_wanted)

    def begin(self, person: str | None = None, phrase: str | None = None) -> None:
        """Straight to the work of `person`, or of the only one here, where no phrase is needed; else the first screen or their lock.

        `phrase`: tried at the lock of `person`, as if it were typed there.
        """
        locks = self._locks()
        alone = next(iter(locks), opening.ONLY_PERSON) if len(locks) < 2 else None
        name = person or alone
        if name is not None and locks.get(name, "computer") == "computer":
            self._enter(name)
        elif person is not None:
            self.show_unlocking(person)
            if phrase is not None:
                self._desk.page.step.line.line.setText(phrase)
                self._desk.page.step.submit()
        else:
            self.show_first()

    @Slot(str)
    def show_first(self, name: str = "") -> None:
        """The first screen, with the tile of `name` lit."""
        self._desk.wear()
        page = FirstScreen(self.people.all(), self._desk.sessions.locked(), empty=not opening.has_network(self._desk.folder))
        page.guest_chosen.connect(self._on_guest_chosen)
        page.person_chosen.connect(self._on_person_chosen)
        page.add_chosen.connect(self.show_adding)
        page.stick_chosen.connect(self.show_reading_stick)
        page.restore_chosen.connect(self.show_restoring)
        page.language_chosen.connect(self._on_language_chosen)
        self._desk.show_page(page)
        page.take_keyboard(name)

    def show_unlocking(self, name: str) -> None:
        """Ask for the phrase of `name`, or for the figures where a session runs that has some."""
        self._desk.wear()
        running = self._desk.sessions.of(name)
        page = Unlocking(self.people, self._desk.tasks, name, running.pin if running else None)
        page.opened.connect(self._on_opened)
        page.forgotten.connect(self._on_forgotten)
        self._show(page)

    @Slot()
    def show_adding(self) -> None:
        """Somebody new; whoever was in sight goes behind their lock."""
        self._desk.put_away()
        self._desk.wear()
        page = Adding(self.people, self._desk.tasks, self._random)
        page.done.connect(self._on_opened)
        self._show(page)

    @Slot()
    def show_reading_stick(self) -> None:
        """A first copy from a stick, for whoever comes after."""
        self._desk.wear()
        page = ReadingStick(self._desk.folder, self._desk.tasks)
        page.done.connect(self._on_guest_chosen)
        self._show(page)

    @Slot(str, str)
    def show_unopened(self, name: str, why: str) -> None:
        """Nothing opens the place of `name` any more: say why, and the ways on."""
        self._desk.wear()
        page = Unopened(name, why)
        page.restore_wanted.connect(self.show_restoring)
        page.anew_wanted.connect(self._on_anew_wanted)
        self._show(page)

    @Slot(str)
    def _on_anew_wanted(self, name: str) -> None:
        try:
            giving_up.give_up(self.people, name)
        except Failure as failure:
            self._desk.notices.show(str(failure))
            return
        self.show_adding()

    @Slot()
    def show_restoring(self) -> None:
        """A backup is taken back. Whoever works without a phrase is at the desk alone: their session ends, so that their file is free."""
        one = self._desk.put_away()
        if one is not None and one.lock == "computer":
            self._desk.finish(one)
        self._desk.wear()
        page = Restoring(self._desk.folder, self.people, self._desk.tasks)
        page.done.connect(self._on_opened)
        self._show(page)

    def _show(self, page: Adding | Unlocking | Recovering | ReadingStick | Restoring | Unopened) -> None:
        page.left.connect(self._on_page_left)
        self._desk.show_page(page)
        page.step.take_keyboard()

    def _locks(self) -> dict[str, str]:
        return {one.name: one.lock for one in self.people.all()}

    def _enter(self, name: str) -> None:
        """Nothing but this computer keeps the file closed."""
        self._desk.open(Entry(name, "computer"))

    @Slot()
    def _on_page_left(self) -> None:
        self.show_first(getattr(self._desk.page, "name", ""))

    @Slot()
    def _on_guest_chosen(self) -> None:
        self._desk.open(VISITOR)

    @Slot(str)
    def _on_person_chosen(self, name: str) -> None:
        why = giving_up.trouble(self.people, name)
        if why is not None and self._desk.sessions.of(name) is None:
            self.show_unopened(name, str(why))
        elif self._locks().get(name) == "computer":
            self._enter(name)
        else:
            self.show_unlocking(name)

    @Slot(str)
    def _on_language_chosen(self, code: str) -> None:
        self._desk.preferences().choose(language=code)
        self.show_first()

    @Slot(str, object)
    def _on_opened(self, name: str, key: bytes | None) -> None:
        self._desk.open(Entry(name, "phrase", key))

    @Slot(str)
    def _on_forgotten(self, name: str) -> None:
        page = Recovering(self.people, self._desk.tasks, self._random, name)
        page.done.connect(self._on_opened)
        self._show(page)

    # what whoever works asks for their own account

    @Slot(str)
    def _on_account_wanted(self, what: str) -> None:
        if what in ("add", "restore"):
            (self.show_adding if what == "add" else self.show_restoring)()
            return
        one = self._desk.put_away()
        if what != "remove":
            page = Changing(self.people, self._desk.tasks, self._random, one.name, one.key, has_phrase=one.lock == "phrase",
                            only_code=what == "code")
            page.done.connect(self._on_changed)
        else:
            page = Removing(shown_name(one.name), one.session.workspace.status().waiting)
            page.remove_requested.connect(self._on_remove_requested)
            self._leaving = one
        page.left.connect(self._on_account_left)
        self._desk.show_page(page, one)
        page.step.take_keyboard()

    @Slot()
    def _on_account_left(self) -> None:
        self._desk.back()

    @Slot(str, object)
    def _on_changed(self, name: str, key: bytes) -> None:
        running = self._desk.sessions.of(name)
        running.key = key
        self._desk.back(lock="phrase")
        running.session.shell.notify(t("This is in force. Keep in mind what you chose, and the sheet far from here."))

    @Slot(bool)
    def _on_remove_requested(self, confirmed: bool) -> None:
        self._desk.finish(self._leaving)
        self._confirmed = confirmed
        self._desk.tasks.run(Lane.FREE, self._remove, self._on_removed, self._on_not_removed)

    def _remove(self, _job: Job) -> None:
        self.people.remove(self._leaving.name, self._leaving.key, unsent_too=self._confirmed)

    def _on_removed(self, _nothing: None) -> None:
        self.show_first()
        self._desk.notices.show(t("{name} is no longer on this PC.", name=shown_name(self._leaving.name)))
        self._leaving = None

    def _on_not_removed(self, error: Exception) -> None:
        self.show_first(self._leaving.name)
        self._desk.notices.show(str(error) if isinstance(error, Failure) else t("This did not work. Nothing was changed; try again."))
        self._leaving = None
        if not isinstance(error, Failure):
            raise error
