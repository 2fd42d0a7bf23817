"""The page of backups: when the last one was made, and a new one to a stick or folder; knows what to ask for and no format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QProgressBar, QWidget

from desktop.kit.banner import Banner
from desktop.kit.buttons import button
from desktop.kit.cards import Card, column, reading_column, row
from desktop.kit.controls import CheckBox
from desktop.kit.file_dialog import chosen_folder
from desktop.kit.tasks import Lane, Task
from desktop.kit.text import Label, Paragraph
from desktop.shell import backup_work
from desktop.shell.feature import Context
from i18n import t, tn
from i18n.values import size
from sync import backup
from sync.backup import Plan, Written
from sync.errors import Failure
from sync.relay.courier import Progress

__all__ = ["BackupPage"]


class BackupPage(QWidget):
    """What a backup is for, and one card for what is under way.

    Attributes: `progress` (sync.relay.courier.Progress or None), `choose` the button that begins (None where a phrase is needed first).
    """

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context, self._ws = context, context.workspace
        self._account = context.account
        self._place = Path()
        self._task: Task | None = None
        self._stop_asked = False
        self._plan: Plan | None = None
        self._inner: QWidget | None = None
        self.progress: Progress | None = None
        self.choose: QWidget | None = None
        page = reading_column(self, t("Backup"))
        page.addWidget(Paragraph(t("A backup brings your place back when this PC breaks, burns or is stolen: your records, drafts, notes and what"
                                   " was not sent yet. It is encrypted: without your phrase or your recovery code it says nothing to anybody.")))
        self.card = Card(gap=12)
        page.addWidget(self.card)
        again = Card()
        line = row(gap=16)
        words = column(gap=2)
        words.addWidget(Label(t("Restore a backup"), "label"))
        words.addWidget(Paragraph(t("On this PC or another one. Nothing that is here is lost by it."), "small"))
        line.addLayout(words, 1)
        self.restore_door = button(t("Restore"), self._restore, icon="import", name=t("Restore a backup"))
        line.addWidget(self.restore_door)
        again.body.addLayout(line)
        again.setVisible(self._account is not None)
        page.addWidget(again)
        page.addStretch(1)
        self.show_rest()

    def show_rest(self) -> None:
        """Nothing is under way: the last date, and the way to begin."""
        inside = self._renew()
        if self._ws.guest or (self._account is not None and self._account.lock == "guest"):
            inside.addWidget(Paragraph(t("A guest has nothing here to back up.")))
            return
        self.last = Label(backup_work.last_said(backup.last(self._ws), self._ws.clock()), "title")
        inside.addWidget(self.last)
        if self._account is not None and self._account.lock == "computer":
            inside.addWidget(Paragraph(t("Your work opens here without a phrase. A backup leaves this PC, so it needs one: choose it first, then come"
                                         " back.")))
            inside.addLayout(_line(button(t("Choose a phrase"), self._choose_phrase, kind="primary", icon="lock")))
            return
        inside.addWidget(Paragraph(t("Once a week is a good habit. Keep the stick in another place than this PC."), "small"))
        self.choose = button(t("Choose the stick or folder"), self._on_choose_asked, kind="primary", icon="usb")
        inside.addLayout(_line(self.choose))

    def choose_place(self, place: Path) -> None:
        """Show what would be copied there."""
        self._place = place
        self._begin(backup_work.PlanBackup(self._ws, place), self._on_planned)

    def stopping(self) -> bool:
        """Whether a person asked to stop; asked from the lane's thread."""
        return self._stop_asked

    def write(self) -> None:
        """Write the backup that is shown."""
        files = self.box is not None and self.box.isChecked()
        self._begin(backup_work.WriteBackup(self._ws, self._place, files, self), self._on_written)

    def _begin(self, work: Any, done: Any) -> None:
        self._stop_asked, self.progress = False, None
        inside = self._renew()
        inside.addWidget(Label(str(self._place), "small", wrap=True))
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(t("How far the backup is"))
        self.words = Label(backup_work.progress_said(None), "small")
        self.stop = button(t("Stop"), self._on_stop_asked, icon="stop")
        inside.addWidget(self.bar)
        line = row(gap=8)
        line.addWidget(self.words, 1)
        line.addWidget(self.stop)
        inside.addLayout(line)
        self.stop.setFocus()
        self._task = self._context.tasks.run(Lane.FREE, work, done, self._on_failed, owner=self)
        self._task.progressed.connect(self._on_progressed)

    def _on_planned(self, plan: Plan) -> None:
        self._plan = plan
        inside = self._renew()
        inside.addWidget(Label(str(self._place), "small", wrap=True))
        self.sums = Paragraph("")
        inside.addWidget(self.sums)
        self.box: CheckBox | None = None
        if plan.other_files:
            total = size(sum(bytes for _, bytes in plan.other_files))
            self.box = CheckBox(tn("Take {n} document of the library along ({size})", "Take {n} documents of the library along ({size})",
                                   len(plan.other_files), size=total))
            self.box.toggled.connect(self._on_box_toggled)
            inside.addWidget(self.box)
        if plan.before is not None:
            inside.addWidget(Paragraph(t("Your backup of {day} is there; it stays until the new one is whole.", day=backup_work.day_of(plan.before)),
                                       "small"))
        self.go = button(t("Back up"), self.write, kind="primary", icon="usb")
        inside.addLayout(_line(self.go, button(t("Cancel"), self.show_rest)))
        self._on_box_toggled()
        self.go.setFocus()

    def _on_written(self, done: Written) -> None:
        lines = backup_work.written_said(done)
        self._say(lines, "good")
        self._context.events.sync_changed.emit()

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, Failure):
            self.show_rest()
            raise error
        self._say([str(error)], "attention")

    def _say(self, lines: list[str], tone: str) -> None:
        inside = self._renew()
        self.banner = Banner(lines[0], tone=tone)
        inside.addWidget(self.banner)
        if lines[1:]:
            inside.addWidget(Banner("\n".join(lines[1:]), tone="attention"))
        close = button(t("Close"), self.show_rest)
        inside.addLayout(_line(close))
        close.setFocus()

    def _renew(self) -> Any:
        if self._inner is not None:
            self._inner.hide()
            self._inner.deleteLater()
        self._inner = QWidget()
        self.card.body.addWidget(self._inner)
        return column(self._inner, gap=10)

    def _on_choose_asked(self) -> None:
        if found := chosen_folder(self, t("Choose the stick or folder")):
            self.choose_place(Path(found))

    def _choose_phrase(self) -> None:
        self._account.show("phrase")

    def _restore(self) -> None:
        self._account.show("restore")

    @Slot()
    def _on_box_toggled(self) -> None:
        files = self.box is not None and self.box.isChecked()
        self.sums.setText("\n".join(backup_work.plan_said(self._plan, files=files)))

    @Slot(object)
    def _on_progressed(self, _shown: object) -> None:
        if self.progress is not None and self.progress.total and self.bar is not None:
            self.words.setText(backup_work.progress_said(self.progress))
            self.bar.setRange(0, 1000)
            self.bar.setValue(self.progress.done * 1000 // self.progress.total)

    def _on_stop_asked(self) -> None:
        self._stop_asked = True
        self.stop.setEnabled(False)
        self.stop.setText(t("Stopping…"))


def _line(*buttons: QWidget) -> Any:
    made = row(gap=8)
    for one in buttons:
        made.addWidget(one)
    made.addStretch(1)
    return made
