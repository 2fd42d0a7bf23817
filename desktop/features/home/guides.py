"""The guides that come with Dalil, offered to a first-time visitor; knows no reader."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, Slot
from PySide6.QtWidgets import QFrame, QWidget

from desktop.kit import theme
from desktop.kit.cards import column
from desktop.kit.lists import Row, RowList
from desktop.kit.text import Label
from desktop.kit.tokens import ROW
from i18n import t, tn
from resources.starter import shelf
from sync.record import Record

__all__ = ["Guides"]


class Guides(QWidget):
    """A few guides, each opened by a click or Enter. Attribute: `list`."""

    def __init__(self, guides: Sequence[Record], on_open: Callable[[str, str], None]) -> None:
        super().__init__()
        self._on_open = on_open
        body = column(self, gap=8)
        body.addWidget(Label(t("To begin with"), "title"))
        frame = QFrame()
        frame.setProperty("part", "card")
        inside = column(frame, margin=8, gap=0)
        self.list = RowList(t("Guides that come with Dalil"))
        self.list.setProperty("part", "results")
        self.list.rows.set_rows([_row(one) for one in guides])
        self.list.setFixedHeight(theme.px(ROW) * len(guides) - 1)  # without the line under the last
        self.list.opened.connect(self._on_list_opened)
        self.list.clicked.connect(self._on_list_clicked)
        inside.addWidget(self.list)
        body.addWidget(frame)

    @Slot(str)
    def _on_list_opened(self, id: str) -> None:
        self._on_open("item", id)

    @Slot(QModelIndex)
    def _on_list_clicked(self, index: QModelIndex) -> None:
        self._on_open("item", self.list.rows.row_at(index.row()).id)


def _row(guide: Record) -> Row:
    minutes = tn("{n} minute to read", "{n} minutes to read", shelf.minutes(guide))
    return Row(guide.id, guide.title, "", f"{minutes} · {guide.text('description')}", None, "guide")
