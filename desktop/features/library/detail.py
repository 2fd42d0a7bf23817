"""One item in full: titles, what it is, its file, its licence, what stands beside it; knows no list and no form."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.features.library import words
from desktop.features.library.dossier import Dossier
from desktop.features.library.fetches import Fetches
from desktop.features.library.file_panel import FilePanel
from desktop.features.library.frame import at_start, second_title
from desktop.features.library.links import LinkRow
from desktop.kit import theme
from desktop.kit.banner import Banner
from desktop.kit.buttons import button, icon_button
from desktop.kit.cards import Card, IconLabel, column, row, rule, scrolled
from desktop.kit.chips import Pill
from desktop.kit.flow import FlowLayout
from desktop.kit.text import Label, Paragraph
from desktop.kit.tokens import READING
from i18n import t, tn
from i18n.values import size
from resources import codes
from resources.kept_files import may_leave

__all__ = ["Detail"]

_SIDE = 304
_WIDEST = 1120


class Detail(QWidget):
    """An item's page.

    Signals: `back_requested()`, `edit_requested(kind, id)`, `delete_requested(kind, id)`, `opened(kind, id)` for another
    record; `read_requested(id)`, `fetch_requested(id)`, `stop_requested(id)`, `remove_requested(id)`, `attach_requested(id)`;
    `settle_requested()`, `history_requested(kind, id)`.
    """

    back_requested = Signal()
    edit_requested = Signal(str, str)
    delete_requested = Signal(str, str)
    opened = Signal(str, str)
    settle_requested = Signal()
    read_requested = Signal(str)
    fetch_requested = Signal(str)
    stop_requested = Signal(str)
    remove_requested = Signal(str)
    attach_requested = Signal(str)
    history_requested = Signal(str, str)

    def __init__(self, fetches: Fetches) -> None:
        super().__init__()
        self._fetches = fetches
        self._frame = column(self, gap=0)
        self._area: QScrollArea | None = None
        self.dossier: Dossier | None = None
        self.panel: FilePanel | None = None

    def show_dossier(self, dossier: Dossier) -> None:
        """Show this item."""
        again = self.dossier is not None and self.dossier.key == dossier.key
        at = self._area.verticalScrollBar().value() if again and self._area is not None else 0
        self.dossier = dossier
        old, self._area = self._area, self._made()
        self._frame.addWidget(self._area)
        self._area.show()  # now, not at the next turn of the loop: nothing blinks
        if old is not None:
            self._frame.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._area.verticalScrollBar().setValue(at)
        self.renew_file()

    def renew_file(self) -> None:
        """Show how the file stands now."""
        if self.dossier is not None and self.panel is not None:
            sha256 = self.dossier.sha256
            self.panel.show_fetch(self._fetches.of(sha256), self._fetches.failures.get(sha256), self._fetches.clock())

    def _made(self) -> QScrollArea:
        inner = QWidget()
        inner.setMaximumWidth(theme.px(_WIDEST))
        body = column(inner, margin=24, gap=12)
        back = button(t("Library"), self.back_requested.emit, kind="quiet", icon="back", name=t("Back to the library"))
        body.addLayout(at_start(back))
        across = row(gap=32)
        main, side = column(gap=16), column(gap=16)
        across.addLayout(main, 1)
        frame = QWidget()
        frame.setFixedWidth(theme.px(_SIDE))
        frame.setLayout(side)
        across.addWidget(frame)
        across.addStretch(0)
        body.addLayout(across, 1)
        self._main(main)
        self._side(side)
        holder = QWidget()
        around = row(holder, gap=0)
        around.addWidget(inner, 1000)
        around.addStretch(1)
        return scrolled(holder, name=self.dossier.record.title)

    def _main(self, body: QVBoxLayout) -> None:
        record = self.dossier.record
        line = row(gap=8)
        titles = column(gap=2)
        titles.addWidget(Label(record.title, "page", wrap=True, selectable=True))
        other = words.other_title(record)
        if other:
            titles.addWidget(second_title(other))
        line.addLayout(titles, 1)
        body.addLayout(line)
        self._marks(body)
        if record.text("description"):
            text = Paragraph(record.text("description"))
            text.setMaximumWidth(theme.px(READING))
            body.addWidget(text)
        self._facts(body)
        if self.dossier.others:
            body.addWidget(LinkRow(t("In other languages"), self.dossier.others, self._on_link, by_language=True))
        if self.dossier.collections:
            body.addWidget(LinkRow(t("In these collections"), self.dossier.collections, self._on_link))
        body.addStretch(1)

    def _marks(self, body: QVBoxLayout) -> None:
        record = self.dossier.record
        holder = QWidget()
        flow = FlowLayout(holder)
        for text, tone, icon in (
            (words.code_words(codes.ITEM_TYPES, record["type"]), "muted", words.icon_of(record)),
            (words.code_words(codes.LANGUAGES, record["language"]), "muted", "language"),
            (words.code_words(codes.LEVELS, record["level"]), "muted", ""),
            (words.length(record), "muted", "clock" if self.dossier.starter else ""),
            (t("Waits for the server") if record.pending else "", "attention", "waiting"),
        ):
            if text:
                flow.addWidget(Pill(text, tone, icon))
        body.addWidget(holder)
        if record.conflicts:
            body.addWidget(Banner(
                tn("{n} field was written differently by two people.", "{n} fields were written differently by two people.", record.conflicts),
                tone="attention", icon="settle", action=t("Settle"), on_action=self.settle_requested.emit,
            ))

    def _facts(self, body: QVBoxLayout) -> None:
        record, kind = self.dossier.record, self.dossier.record.kind
        file = record["file"]
        facts = [
            (kind.by_name["subjects"].label, words.said(kind.by_name["subjects"], record)),
            (kind.by_name["audience"].label, words.said(kind.by_name["audience"], record)),
            (kind.by_name["author"].label, record["author"] or ""),
            (kind.by_name["source"].label, record["source"] or ""),
            (kind.by_name["file"].label, " · ".join(part for part in (words.media_words(file["type"]), size(file["size"])) if part) if file else ""),
        ]
        facts = [(str(label), said) for label, said in facts if said]
        if not facts:
            return
        body.addWidget(rule())
        holder = QWidget()
        holder.setMaximumWidth(theme.px(READING))
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(20))
        grid.setVerticalSpacing(theme.px(10))
        for number, (label, said) in enumerate(facts):
            name = Label(label, "muted", anchor="top")
            value = Label(said, wrap=True, selectable=True)
            value.setAccessibleName(f"{label}: {said}")
            grid.addWidget(name, number, 0)
            grid.addWidget(value, number, 1)
        grid.setColumnStretch(1, 1)
        body.addWidget(holder)

    def _side(self, body: QVBoxLayout) -> None:
        dossier, record = self.dossier, self.dossier.record
        self.panel = FilePanel(dossier)
        self.panel.read_requested.connect(self._on_read)
        self.panel.fetch_requested.connect(self._on_fetch)
        self.panel.stop_requested.connect(self._on_stop)
        self.panel.remove_requested.connect(self._on_remove)
        self.panel.attach_requested.connect(self._on_attach)
        body.addWidget(self.panel)
        free = may_leave(record["licence"])
        licence = Card(margin=16, gap=6, tone="" if free else "attention")
        licence.setAccessibleName(t("Licence"))
        head = row(gap=10)
        head.addWidget(IconLabel("licence", "muted" if free else "attention"))
        head.addWidget(Label(words.licence_short(record), "label", wrap=True, anchor="middle"), 1)
        licence.body.addLayout(head)
        licence.body.addWidget(Paragraph(words.licence_sentence(record["licence"] if free else ""), "small"))
        body.addWidget(licence)
        if not dossier.starter:
            self._acts(body)
            self.history = button(t("History"), self._on_history, kind="quiet", icon="history", name=t("History of {name}", name=record.title))
            body.addLayout(at_start(self.history))
        body.addStretch(1)

    def _acts(self, body: QVBoxLayout) -> None:
        """What this person may do to the record, or why not."""
        dossier, title = self.dossier, self.dossier.record.title
        acts = row(gap=8)
        if dossier.refusal is None:
            self.edit = button(t("Edit"), self._on_edit, icon="edit", name=t("Edit {name}", name=title))
            acts.addWidget(self.edit, 1)
        else:
            acts.addWidget(Paragraph(dossier.refusal, "small"), 1)
        if dossier.deletable:
            self.delete = icon_button("delete", t("Delete {name}", name=title), self._on_delete)
            acts.addWidget(self.delete)
        body.addLayout(acts)

    def _on_link(self, kind: str, id: str) -> None:
        self.opened.emit(kind, id)

    def _on_edit(self) -> None:
        self.edit_requested.emit(*self.dossier.key)

    def _on_history(self) -> None:
        self.history_requested.emit(*self.dossier.key)

    def _on_delete(self) -> None:
        self.delete_requested.emit(*self.dossier.key)

    def _on_read(self) -> None:
        self.read_requested.emit(self.dossier.record.id)

    def _on_fetch(self) -> None:
        self.fetch_requested.emit(self.dossier.record.id)

    def _on_stop(self) -> None:
        self.stop_requested.emit(self.dossier.record.id)

    def _on_remove(self) -> None:
        self.remove_requested.emit(self.dossier.record.id)

    def _on_attach(self) -> None:
        self.attach_requested.emit(self.dossier.record.id)
