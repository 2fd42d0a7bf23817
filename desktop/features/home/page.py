"""Home: first what needs a person, then what is new and how much there is; at the first start, where to begin."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.features.home import words
from desktop.features.home.facts import Facts, read
from desktop.features.home.guides import Guides
from desktop.features.home.mended import MendedCard
from desktop.features.home.needs import Acts, needs_of
from desktop.features.home.news import News
from desktop.features.home.numbers import Numbers
from desktop.kit.buttons import button
from desktop.kit.cards import ActionCard, Card, Door, IconLabel, column, row
from desktop.kit.states import States
from desktop.kit.tasks import Job, Lane, Task
from desktop.kit.text import Label, Paragraph
from desktop.kit.unfolding import Part, Unfolding
from desktop.shell.feature import Context
from desktop.shell.join_form import Join, JoinForm
from i18n import t, tn
from resources.starter import seeding
from sync import exchange
from sync.errors import Failure
from sync.events import Changed

__all__ = ["HomePage"]

WIDEST = 1040
_TOGETHER = 80  # ms in which several changes are one reading


class HomePage(QWidget):
    """Attributes: `facts` (None until read), `joining` (the form, or None), `states`."""

    def __init__(self, context: Context, join: Join = exchange.join) -> None:
        super().__init__()
        self._context, self._ws, self._join = context, context.workspace, join
        self.facts: Facts | None = None
        self.joining: JoinForm | None = None
        self._known = False
        self._task: Task | None = None
        self._since: int | None = None
        self._content = Unfolding(WIDEST, gap=20, share=1000)
        self._content.unfolded.connect(self._on_content_unfolded)
        self.states = States(self._content)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.states)
        column(self, gap=0).addWidget(self._stack)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_TOGETHER)
        self._soon.timeout.connect(self.load)
        context.events.records_changed.connect(self._on_records_changed)
        context.events.sync_changed.connect(self._on_sync_changed)
        self.load()

    def open(self, kind: str, _id: str) -> None:
        """`open("join", …)` shows the form with which one joins."""
        if kind == "join":
            self.begin_join()

    def state(self) -> dict[str, Any]:
        typed = self.joining.form.values() if self.joining is not None else None
        return {"known": self._known, "since": self._since, "joining": typed}

    def restore(self, state: dict[str, Any]) -> None:
        self._known, self._since = state["known"], state["since"]
        if state["joining"] is not None and not self._ws.vault.word("server"):  # it may have ended while nobody looked
            self.begin_join(state["joining"])
        self.load()

    @Slot()
    def load(self) -> None:
        """Read everything anew; what is in sight stays until it has come."""
        if self.facts is None:
            self.states.show_loading()
        if self._task is not None:
            self._task.cancel()  # what an older reading brings would speak of another visit
        self._task = self._context.tasks.run(Lane.DATA, self._read, self._on_read, self._on_failed)

    def _read(self, _job: Job) -> Facts:
        return read(self._ws, self._since, known=self._known)

    def _on_read(self, facts: Facts) -> None:
        if facts == self.facts:
            if self._content.is_whole:
                self.states.show_content()
            return
        fresh = self.facts is None or self.states.showing != "content"
        self._known, self._since = True, facts.since
        self.facts = facts
        parts = self._beginning() if facts.is_first_start else self._going_on()
        if self._ws.repaired:
            parts.insert(0, self._mended)
        if fresh:
            self._content.show_parts(t("Home"), [self._greeting, *parts], len(parts) + 1)
        else:
            self._content.change_parts(t("Home"), [self._greeting, *parts])

    @Slot()
    def _on_content_unfolded(self) -> None:
        self.states.show_content()

    def _on_failed(self, error: Exception) -> None:
        self.states.show_failed(str(error), self.load)

    def _greeting(self) -> QWidget:
        facts = self.facts
        name = facts.status.name
        holder = QWidget()
        lines = column(holder, gap=4)
        if facts.guest:
            title = t("Welcome")
        else:
            title = t("Hello, {name}", name=name) if name else t("Welcome to Dalil")
        lines.addWidget(Label(title, "page", wrap=True))
        if facts.is_first_start:
            text = t("Begin by opening the directory, or read a guide: everything here works without a network.")
            if not facts.totals["organisation"] and facts.missing:
                text = t("Begin with a guide, or fill the directory: everything here works without a network.")
            lines.addWidget(Paragraph(text, "muted"))
        else:
            lines.addLayout(self._age_line())
        return holder

    def _age_line(self) -> Any:
        facts = self.facts
        old = words.is_old(facts.status.last_received, facts.now)
        line = row(gap=8)
        said = words.copy_age(facts.status.last_received, facts.now)
        if facts.guest:
            said = t("You read as a guest: everything public that is on this PC.")
        elif not facts.status.server and not facts.status.role:
            said = t("This PC works alone: it has not joined a network.")
        if facts.status.waiting and facts.status.server:
            waiting = tn("{n} change waits to leave", "{n} changes wait to leave", facts.status.waiting)
            said = f"{said} · {waiting}"
        line.addWidget(IconLabel("clock" if facts.status.server else "eye" if facts.guest else "computer", "attention" if old else "muted", 18))
        self.age = Label(said, "muted", tone="attention" if old else "", wrap=True, anchor="middle")
        if facts.status.last_received:
            exact = t("Received on {date}", date=words.copy_date(facts.status.last_received))
            self.age.setToolTip(exact)
            self.age.setAccessibleDescription(exact)
        line.addWidget(self.age, 1)
        if not facts.status.server and not facts.guest:
            line.addWidget(button(t("Join the network"), self.begin_join, kind="quiet", icon="share"))
        return line

    def _beginning(self) -> list[Part]:
        parts: list[Part] = [self._first_doors, self._needs, self._offer]
        return [*parts, self._guides] if self.facts.guides else parts

    def _going_on(self) -> list[Part]:
        parts: list[Part] = [self._needs, self._numbers, self._offer]
        if self.facts.new:
            return [*parts, self._news]
        if self.facts.since is not None:
            parts.append(self._quiet)
        return [*parts, self._doors]

    def _mended(self) -> QWidget:
        card = MendedCard(self._ws.repaired, self._ws.clock())
        card.read.connect(self._on_mended_read)
        return card

    @Slot()
    def _on_mended_read(self) -> None:
        self._ws.repaired.clear()
        self.facts = None
        self.load()

    def _first_doors(self) -> QWidget:
        facts = self.facts
        holder = QWidget()
        doors = row(holder, gap=16)
        if facts.missing:
            count = facts.totals["item"]
            text = tn("{n} guide in French and Arabic is already here.", "{n} guides in French and Arabic are already here.", count)
        else:
            text = t("Read guides in French and Arabic.")
        doors.addWidget(Door("library", t("Read a guide"), text, self._to_library), 1)
        doors.addWidget(Door("directory", t("Open the directory"), t("Find an association, or add yours."), self._to_directory), 1)
        if not facts.guest:
            doors.addWidget(Door("share", t("Join the network"), t("With the code that the secretariat gave you."), self.begin_join), 1)
        return holder

    def _guides(self) -> QWidget:
        return Guides(self.facts.guides, self._open)

    def _numbers(self) -> QWidget:
        totals = self.facts.totals
        return Numbers(t("How much there is"), (
            (totals["organisation"], t("organisations"), self._to_directory),
            (totals["project"], t("projects"), self._to_directory),
            (totals["item"], t("documents"), self._to_library),
        ))

    def _news(self) -> QWidget:
        return News(self.facts.new, self._open)

    def _quiet(self) -> QWidget:
        quiet = Card(margin=16)
        line = row(gap=10)
        line.addWidget(IconLabel("verified", "good"))
        line.addWidget(Label(t("Nothing new since your last visit."), "muted", wrap=True, anchor="middle"), 1)
        quiet.body.addLayout(line)
        return quiet

    def _doors(self) -> QWidget:
        holder = QWidget()
        doors = row(holder, gap=16)
        doors.addWidget(Door("directory", t("Open the directory"), t("Find an association and its projects."), self._to_directory), 1)
        doors.addWidget(Door("library", t("Read a guide"), t("Without a network, in your language."), self._to_library), 1)
        return holder

    def _needs(self) -> QWidget | None:
        cards = needs_of(self.facts, Acts(self._go))
        if not cards:
            return None
        holder = QWidget()
        body = column(holder, gap=20)
        body.addWidget(Label(t("What needs you"), "title"))
        lines = column(gap=8)
        for card in cards:
            lines.addWidget(card)
        body.addLayout(lines)
        return holder

    def _offer(self) -> QWidget | None:
        if not self.facts.missing:
            return None
        title = tn("{n} association is known from public aid data", "{n} associations are known from public aid data", self.facts.missing)
        text = t("Their names and projects, as donors published them up to 2021. Add them here, then correct what you know better.")
        self.offer = ActionCard(title, text, t("Add them"), self._seed, icon="import")
        return self.offer

    def begin_join(self, typed: dict[str, Any] | None = None) -> None:
        """Show the form with which this PC joins the network."""
        self._leave_join()
        self.joining = JoinForm(self._context, self._join)
        account = self._context.account
        self.joining.form.restore_draft(typed or ({"name": account.name} if account is not None and account.name else {}))
        self.joining.joined.connect(self._on_joined)
        self.joining.left.connect(self._leave_join)
        self._stack.setCurrentIndex(self._stack.addWidget(self.joining))
        self.joining.form.field("url").editor.focus()

    @Slot()
    def _leave_join(self) -> None:
        if self.joining is not None:
            self._stack.removeWidget(self.joining)
            self.joining.hide()
            self.joining.deleteLater()
            self.joining = None

    @Slot()
    def _on_joined(self) -> None:
        self._leave_join()
        self.load()
        self._context.events.sync_changed.emit()

    def _seed(self) -> None:
        self._context.tasks.run(Lane.DATA, self._add_known, self._on_seeded, self._on_act_failed)

    def _add_known(self, _job: Job) -> list[str]:
        return seeding.seed(self._ws)

    def _on_seeded(self, changes: list[str]) -> None:
        self._context.notify(t("Added to the directory of this PC."), t("Undo"), _TakeBack(self, changes))
        self.load()

    def take_back(self, changes: list[str]) -> None:
        """Undo the adding of the known associations."""
        self._context.tasks.run(Lane.DATA, _Undo(self._ws, changes), self._on_taken_back, self._on_act_failed)

    def _on_taken_back(self, failure: Failure | None) -> None:
        if failure is not None:
            self._context.notify(str(failure))
        self.load()

    def _on_act_failed(self, error: Exception) -> None:
        self._context.notify(str(error))

    def _go(self, feature: str, kind: str = "", id: str = "") -> None:
        self._context.navigate(feature, kind, id)

    def _open(self, kind: str, id: str) -> None:
        self._context.navigate(words.FEATURE_OF[kind], kind, id)

    def _to_directory(self) -> None:
        self._context.navigate("directory")

    def _to_library(self) -> None:
        self._context.navigate("library")

    @Slot(object)
    def _on_records_changed(self, _changed: Changed) -> None:
        self._soon.start()

    @Slot()
    def _on_sync_changed(self) -> None:
        self._soon.start()


class _TakeBack:
    def __init__(self, page: HomePage, changes: list[str]) -> None:
        self._page, self._changes = page, changes

    def __call__(self) -> None:
        self._page.take_back(self._changes)


class _Undo:
    def __init__(self, ws: Any, changes: list[str]) -> None:
        self._ws, self._changes = ws, changes

    def __call__(self, _job: Job) -> Failure | None:
        return seeding.take_back(self._ws, self._changes)
