"""What one can do with an item's file: read it, fetch it with its cost in sight, stop, go on, remove the copy; fetches nothing itself."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from desktop.features.library import words
from desktop.features.library.dossier import Dossier
from desktop.features.library.fetches import Fetch
from desktop.kit import theme
from desktop.kit.buttons import button
from desktop.kit.cards import Card, IconLabel, row
from desktop.kit.text import Label, Paragraph
from i18n import t
from i18n.values import duration, size
from sync.errors import Failure, Offline

__all__ = ["FilePanel"]


class FilePanel(Card):
    """Signals: `read_requested()`, `fetch_requested()`, `stop_requested()`, `remove_requested()`, `attach_requested()`."""

    read_requested = Signal()
    fetch_requested = Signal()
    stop_requested = Signal()
    remove_requested = Signal()
    attach_requested = Signal()

    def __init__(self, dossier: Dossier) -> None:
        super().__init__(margin=16, gap=10)
        self.setAccessibleName(t("File"))
        self._dossier = dossier
        self._shown = ""
        self.bar: QProgressBar | None = None
        self._said: Label | None = None

    def show_fetch(self, fetch: Fetch | None, failure: Failure | None, now: float) -> None:
        """Show how the file stands: `fetch` under way, or the `failure` of the last one."""
        state = self._state(fetch, failure)
        if state != self._shown:
            self._shown = state
            self._clear()
            getattr(self, f"_show_{state.partition(':')[0]}")(failure)
        if fetch is not None and self.bar is not None:
            self._say_progress(fetch, now)

    def _state(self, fetch: Fetch | None, failure: Failure | None) -> str:
        dossier = self._dossier
        if dossier.here:
            return "here"
        if not dossier.sha256:
            return "none"
        if fetch is not None:
            return "moving"
        if dossier.guest or not dossier.reachable:
            return "away"
        return f"failed:{failure.code}" if failure is not None else "absent"

    def _clear(self) -> None:
        self.bar = self._said = None
        while self.body.count():
            item = self.body.takeAt(0)
            inner = item.layout()
            while inner is not None and inner.count():
                widget = inner.takeAt(0).widget()
                if widget is not None:
                    widget.hide()
                    widget.deleteLater()
            if item.widget() is not None:
                item.widget().hide()
                item.widget().deleteLater()

    def _show_here(self, _failure: Failure | None) -> None:
        dossier = self._dossier
        self._head("verified", "good", t("Comes with Dalil") if dossier.starter else t("On this PC"), t("Opens without a network."))
        self.body.addWidget(self._primary(t("Read"), "file_book", self.read_requested.emit))
        if dossier.starter:
            return
        if dossier.only_copy is None and not dossier.guest:
            remove = button(t("Remove from this PC"), self.remove_requested.emit, kind="quiet", icon="remove")
            remove.setToolTip(t("Frees {size}. It can be fetched again.", size=size(dossier.record["file"]["size"])))
            self.body.addWidget(remove)
        elif dossier.only_copy is not None:
            self.body.addWidget(Paragraph(dossier.only_copy, "small"))

    def _show_absent(self, _failure: Failure | None) -> None:
        dossier = self._dossier
        left = dossier.record["file"]["size"] - dossier.held
        if dossier.held:
            said = t("{left} of {size} are still missing.", left=size(left), size=size(left + dossier.held))
            self._head("receiving", "attention", t("Partly on this PC"), said)
        else:
            self._head("receiving", "muted", t("Not on this PC yet"), t("To fetch: {cost}.", cost=words.cost(left)))
        self.body.addWidget(self._primary(t("Fetch the rest") if dossier.held else t("Fetch it"), "download", self.fetch_requested.emit))

    def _show_failed(self, failure: Failure | None) -> None:
        if failure is not None and failure.code == "cap":
            left = self._dossier.record["file"]["size"] - self._dossier.held
            self._head("waiting", "attention", t("The month’s limit is reached"), t(
                "{cost} would pass it. The file can be fetched next month, or now if you wish.", cost=words.cost(left)))
            self.body.addWidget(self._primary(t("Fetch it all the same"), "download", self.fetch_requested.emit))
            return
        calm = isinstance(failure, Offline)
        title = t("You are offline") if calm else t("It could not be fetched")
        text = t("The file can be fetched when the server is reached again. Everything else here works without a network.") if calm else str(failure)
        self._head("offline" if calm else "warning", "muted" if calm else "attention", title, text)
        if self._dossier.held:
            self.body.addWidget(Label(t("{size} are already here and will not be fetched twice.", size=size(self._dossier.held)), "small", wrap=True))
        self.body.addWidget(self._primary(t("Try again"), "download", self.fetch_requested.emit))

    def _show_away(self, _failure: Failure | None) -> None:
        text = t("A guest reads what is already on this PC.") if self._dossier.guest else t("To fetch it, join the network from the Home page.")
        self._head("receiving", "muted", t("Not on this PC"), text)

    def _show_none(self, _failure: Failure | None) -> None:
        if self._dossier.refusal is None:
            self._head("attach", "muted", t("No file yet"), t("Only what is written here is known of it."))
            self.body.addWidget(button(t("Attach a file"), self.attach_requested.emit, icon="attach"))
        else:
            self._head("attach", "muted", t("No file"), t("Only what is written here is known of it."))

    def _show_moving(self, _failure: Failure | None) -> None:
        self._head("receiving", "accent", t("On its way"), "")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(t("Fetching"))
        self.bar.setRange(0, 1000)
        self.body.addWidget(self.bar)
        self._said = Label("", "small", wrap=True)
        self.body.addWidget(self._said)
        self.body.addWidget(button(t("Stop; keep what has arrived"), self.stop_requested.emit, icon="stop"))

    def _say_progress(self, fetch: Fetch, now: float) -> None:
        done = max(fetch.done, self._dossier.held if fetch.first < 0 else 0)
        self.bar.setValue(round(1000 * done / max(1, fetch.size)))
        left = fetch.seconds_left(now)
        said = t("{done} of {size}", done=size(done), size=size(fetch.size))
        if fetch.stopping:
            said = t("Stopping… what has arrived is kept.")
        elif left is not None:
            said = t("{done} · {time} left", done=said, time=duration(left))
        self._said.setText(said)
        self.bar.setAccessibleDescription(said)

    def _head(self, icon: str, tone: str, title: str, text: str) -> None:
        line = row(gap=10)
        line.addWidget(IconLabel(icon, tone))
        line.addWidget(Label(title, "label", wrap=True, anchor="middle"), 1)
        self.body.addLayout(line)
        if text:
            self.body.addWidget(Paragraph(text, "small"))

    def _primary(self, text: str, icon: str, act: object) -> QWidget:
        made = button(text, act, kind="primary", icon=icon, name=f"{text}: {self._dossier.record.title}")
        made.setMinimumHeight(theme.px(44))
        return made
